"""Running heads, page numbers and tiles over tables are in no cell; what tables print themselves stays."""

from collections.abc import Callable, Sequence

from drawing import Area, page

from extract.model.page import Page
from extract.reading.furniture import without_furniture
from extract.reading.grids import grids

XS = [50.0, 150.0, 250.0, 350.0]
TEXTS = [["项目", "预算数", "备注"], ["培训支出", "12.50", ""], ["会议支出", "3.40", ""]]
Extra = Sequence[tuple[str, float, float]]


def pages(extra: Callable[[int], Extra], count: int = 5, top: float = 100.0) -> list[Page]:
    areas = [Area(r, c, r + 1, c + 1, text) for r, row in enumerate(TEXTS) for c, text in enumerate(row)]
    ys = [top + 20 * row for row in range(len(TEXTS) + 1)]
    return [page(areas, XS, ys, extra(number), number) for number in range(1, count + 1)]


def cells(page: Page) -> list[str]:
    return [cell.text for grid in grids(page).grids for cell in grid.cells]


PLAIN = [text for row in TEXTS for text in row if text]


def test_a_running_head_in_the_header_of_tables_is_in_no_cell() -> None:
    found = without_furniture(pages(lambda _: [("某市预算公开文本资料", 60.0, 102.0)]))
    assert [cells(one) for one in found] == [PLAIN] * 5
    assert {one.reason for page in found for one in page.hidden} == {"furniture"}


def test_a_header_that_every_page_repeats_stays() -> None:
    assert [cells(one) for one in without_furniture(pages(lambda _: []))] == [PLAIN] * 5


def test_a_page_number_in_a_table_is_in_no_cell_if_some_page_has_it_outside() -> None:
    def number(page: int) -> Extra:
        return [(str(page + 3), 300.0, 125.0)]

    among = pages(number)
    elsewhere = pages(number, count=6, top=400.0)[5:]
    assert [cells(one) for one in without_furniture([*among, *elsewhere])] == [PLAIN] * 6
    assert [cells(one) for one in without_furniture(among)] == [cells(one) for one in among]


def test_small_tiles_over_the_whole_page_are_in_no_cell() -> None:
    tiles = [("内部资料请勿外传", x, y) for x in (20.0, 200.0) for y in (60.0, 104.0, 124.0, 144.0, 200.0)]
    (found,) = without_furniture(pages(lambda _: tiles, count=1))
    assert cells(found) == PLAIN


def test_a_name_that_reaches_out_of_its_cell_in_every_row_stays() -> None:
    names = [("某市城市绿道管理中心本级", 255.0, y) for y in (125.0, 145.0)] * 4
    (found,) = pages(lambda _: names, count=1)
    assert without_furniture([found]) == [found]
