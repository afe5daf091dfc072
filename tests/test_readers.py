"""What every reader owes: the same tables out of the same page, whatever the PDF is like inside, and one clear error
for what is none.
"""

import gzip
import pickle
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, replace
from math import inf
from pathlib import Path

import numpy as np
import pdf_builders as build
import pytest
from conftest import SAMPLES, SHARED, ReadFile, needs_shared
from numpy.typing import NDArray

from extract.document.pipeline import Knowledge, read_document
from extract.errors import EncryptedError, ExtractError, UnreadableError
from extract.model.page import Box, Grid, Page
from extract.model.report import PrintedTable, Report, Row
from extract.reading.base import DEFAULT_READER, READERS, Reader, pages, reader
from extract.reading.grids import grids

NOWHERE = Box(0, 0, 0, 0)
NEAR = 3.0  # points: how far the boxes of two readers may lie apart
OTHERS = [name for name in READERS if name != DEFAULT_READER]
SMALLEST = sorted((SHARED / "reports" / "烟台").glob("*.pdf"), key=lambda path: path.stat().st_size)[:1]


@pytest.fixture(params=READERS)
def engine(request: pytest.FixtureRequest) -> Reader:
    return reader(request.param)


def all_pages(engine: Reader, content: bytes) -> list[Page]:
    with engine.open(content) as document:
        return list(pages(document, lambda _text: True))


def only_page(engine: Reader, content: bytes) -> Page:
    (page,) = all_pages(engine, content)
    return page


def only_grid(page: Page) -> Grid:
    (grid,) = grids(page).grids
    return grid


def texts(grid: Grid) -> dict[tuple[int, int], str]:
    return {(cell.row, cell.col): cell.text for cell in grid.cells}


def near(left: Box, right: Box) -> bool:
    return all(abs(a - b) <= NEAR for a, b in zip(left, right, strict=True))


def assert_the_table(page: Page) -> None:
    """The page of `pdf_builders` as it is displayed: its texts, each in its cell and each where it was drawn."""
    grid = only_grid(page)
    assert (page.width, page.height) == pytest.approx((build.WIDTH, build.HEIGHT))
    assert grid.xs == pytest.approx(build.XS, abs=1)
    assert grid.ys == pytest.approx([build.HEIGHT - y for y in build.YS], abs=1)
    assert texts(grid) == {(row, col): text for row, line in enumerate(build.TEXTS) for col, text in enumerate(line)}
    assert sorted(page.glyphs) == sorted("".join([build.HEADING, *(text for line in build.TEXTS for text in line)]))
    assert [line.text for line in grids(page).lines] == [build.HEADING]
    for cell in grid.cells:
        left, baseline = build.XS[cell.col] + 5, build.HEIGHT - build.YS[cell.row] + 20
        assert cell.box.x0 == pytest.approx(left, abs=1)
        assert (cell.box.top, cell.box.bottom) == pytest.approx((baseline - build.SIZE, baseline + 2), abs=NEAR)


class TestPages:
    """Small pages, each made in another way, that all display the same table."""

    @pytest.mark.parametrize("rulings", build.RULINGS.values(), ids=build.RULINGS)
    def test_a_table_is_found_however_its_rulings_are_drawn(self, engine: Reader, rulings: Callable[[], bytes]) -> None:
        assert_the_table(only_page(engine, build.page(rulings() + build.texts())))

    @pytest.mark.parametrize("rotate", [0, 90, 180, 270])
    @pytest.mark.parametrize(
        ("margins", "origin"), [(build.NO_MARGINS, (0, 0)), (build.NO_MARGINS, (-40, 25)), ((10, 20, 30, 40), (-15, 7))]
    )
    def test_coordinates_are_those_of_the_page_as_displayed(
        self, engine: Reader, rotate: int, margins: build.Margins, origin: tuple[int, int]
    ) -> None:
        assert_the_table(only_page(engine, build.page(build.table(), rotate, margins, origin)))

    def test_a_table_inside_a_form_is_found(self, engine: Reader) -> None:
        assert_the_table(only_page(engine, build.form(build.table())))

    @pytest.mark.parametrize("rulings", build.RULINGS.values(), ids=build.RULINGS)
    @pytest.mark.parametrize("scale", [0.1, 10])
    @pytest.mark.parametrize("name", READERS)
    def test_a_ruling_inside_a_form_is_as_thin_as_it_is_displayed(
        self, name: str, scale: float, rulings: Callable[[], bytes]
    ) -> None:
        assert_the_table(only_page(reader(name), build.form(rulings() + build.texts(), scale)))

    def test_a_filled_area_rules_nothing(self, engine: Reader) -> None:
        page = only_page(engine, build.page(build.backgrounds() + build.table()))
        assert_the_table(page)
        assert len(page.rulings) == len(build.XS) + len(build.YS)

    @pytest.mark.parametrize("name", READERS)
    def test_a_curve_rules_nothing(self, name: str) -> None:
        page = only_page(reader(name), build.page(build.circle() + build.table()))
        assert_the_table(page)
        assert len(page.rulings) == len(build.XS) + len(build.YS)

    def test_bold_text_that_is_printed_twice_is_read_once(self, engine: Reader) -> None:
        assert_the_table(only_page(engine, build.page(build.lines() + build.texts(bold=True))))

    @pytest.mark.parametrize("name", READERS)
    def test_a_hyphen_at_the_end_of_a_line_stays_a_hyphen(self, name: str) -> None:
        assert texts(only_grid(only_page(reader(name), build.page(build.hyphenated())))) == {(0, 0): "pre-paid"}

    def test_characters_without_meaning_are_counted(self, engine: Reader) -> None:
        assert only_page(engine, build.without_meaning()).garbled == 2
        assert only_page(engine, build.page(build.table())).garbled == 0

    def test_a_page_says_which_reader_read_it(self, engine: Reader) -> None:
        assert only_page(engine, build.page(b"")).engine == engine.name

    def test_an_empty_page_is_a_page(self, engine: Reader) -> None:
        page = only_page(engine, build.page(b""))
        assert (page.text, page.glyphs, page.boxes.shape, page.rulings.shape, page.garbled) == (
            "",
            "",
            (0, 4),
            (0, 4),
            0,
        )


class TestErrors:
    """What cannot be read ends as one kind of error, whichever reader meets it."""

    @pytest.mark.parametrize(
        "content",
        [b"", b"Not a PDF at all.\n" * 50, b"<html><body>404</body></html>", b"%PDF-1.7\n%%EOF\n", bytes(5000)],
    )
    def test_what_is_no_pdf_is_unreadable(self, engine: Reader, content: bytes) -> None:
        assert failure(engine, content) == (UnreadableError, "not_a_pdf")

    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
    def test_a_truncated_pdf_is_unreadable(self, engine: Reader, share: float) -> None:
        content = SAMPLES[0].read_bytes()
        assert failure(engine, content[: int(len(content) * share)]) == (UnreadableError, "not_a_pdf")

    def test_a_pdf_that_needs_a_password_is_encrypted(self, engine: Reader) -> None:
        assert failure(engine, build.encrypted(build.page(build.table()), "user", "owner")) == (
            EncryptedError,
            "encrypted",
        )

    def test_a_pdf_that_only_its_owner_may_change_reads_like_an_open_one(self, engine: Reader) -> None:
        assert_the_table(only_page(engine, build.encrypted(build.page(build.table()), "", "owner")))

    @pytest.mark.parametrize("name", READERS)
    def test_a_pdf_without_pages_is_unreadable_whatever_was_opened_before(
        self, name: str, knowledge: Knowledge
    ) -> None:
        assert failure(reader(name), build.encrypted(build.page(b""), "user", "owner")) == (EncryptedError, "encrypted")
        report = read_document(build.no_pages(), "none.pdf", reader(name), knowledge)
        assert (report.status, type(report.error), report.pages) == ("unreadable", UnreadableError, 0)
        assert report.error

    def test_a_reader_that_is_not_known_is_named_with_those_that_are(self) -> None:
        with pytest.raises(ExtractError, match=", ".join(READERS)):
            reader("acrobat")


def failure(engine: Reader, content: bytes) -> tuple[type[ExtractError], str]:
    with pytest.raises(ExtractError) as caught, engine.open(content):
        pass
    assert str(caught.value)
    return caught.type, caught.value.key


def assert_same_report(left: Report, right: Report) -> None:
    """Equal in everything that is read; what was read at places near each other; only the name of the reader may
    differ.
    """
    one, other = said(left), said(right)
    for field in fields(Report):
        assert getattr(one, field.name) == getattr(other, field.name), field.name
    for box, other_box in zip(places(left), places(right), strict=True):
        assert (box is None) == (other_box is None)
        assert not box or not other_box or near(box, other_box), (box, other_box)


def said(report: Report) -> Report:
    """A report without the name of its reader and the places on the pages."""
    return replace(
        report,
        engines=(),
        tables=tuple(
            replace(table, engine="", listings=tuple(map(listing_said, table.listings))) for table in report.tables
        ),
        rows={name: tuple(map(row_said, rows)) for name, rows in report.rows.items()},
        statements=tuple(
            statement._replace(origin=statement.origin._replace(box=None)) for statement in report.statements
        ),
        checks=tuple(
            check._replace(message=check.message._replace(zh=check.message.zh.split("；经")[0], en=""))
            for check in report.checks
        ),  # who read it again
        unclaimed=tuple(cell._replace(box=None) for cell in report.unclaimed),
    )


def listing_said(listing: PrintedTable) -> PrintedTable:
    return listing._replace(rows=tuple(tuple(cell._replace(box=NOWHERE) for cell in row) for row in listing.rows))


def row_said(row: Row) -> Row:
    return row._replace(
        facts={column: fact._replace(origin=fact.origin._replace(box=NOWHERE)) for column, fact in row.facts.items()}
    )


def places(report: Report) -> list[Box | None]:
    """Where everything in the report was printed, in the order of the report."""
    facts = [fact.origin.box for rows in report.rows.values() for row in rows for fact in row.facts.values()]
    return [
        *facts,
        *(statement.origin.box for statement in report.statements),
        *(cell.box for cell in report.unclaimed),
    ]


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_reader_gives_the_same_report_of_a_sample(name: str, path: Path, read_file: ReadFile) -> None:
    report = read_file(path, name)
    assert_same_report(report, read_file(path))
    assert report.rows
    assert report.engines[0] == name


@pytest.mark.parametrize("name", OTHERS)
def test_every_reader_gives_the_same_pages_of_a_sample(name: str) -> None:
    content = min(SAMPLES, key=lambda path: path.stat().st_size).read_bytes()
    own, others = all_pages(reader(name), content), all_pages(reader(DEFAULT_READER), content)
    for one, other in zip(own, others, strict=True):
        assert one.number == other.number
        assert (one.width, one.height) == pytest.approx((other.width, other.height), abs=0.01)
        shown, shown_by_other = (sorted(page.glyphs or "".join(page.text.split())) for page in (one, other))
        assert shown == shown_by_other  # which cell of a line comes first is left to a reader
        for character in set(one.glyphs) if other.glyphs else ():
            assert distance(prints(one, character), prints(other, character)) <= 0.5, character
        assert distance(one.rulings, other.rulings) <= 1
        assert printed(one) == printed(other)


def prints(page: Page, character: str) -> NDArray[np.float32]:
    """Left and half the bottom of each print of a character: PDFium widens a box to hold the ink, and gives the bottom
    only to within a point.
    """
    found: NDArray[np.float32] = page.boxes[[glyph == character for glyph in page.glyphs]][:, [0, 3]]
    found[:, 1] /= 2
    return found


def distance(some: NDArray[np.float32], others: NDArray[np.float32]) -> float:
    """How far the one of either that is farthest from all of the other is from the nearest."""
    if not len(some) or not len(others):
        return 0.0 if len(some) == len(others) else inf
    apart = np.abs(some[:, None] - others[None]).max(axis=2)
    return float(max(apart.min(axis=0).max(), apart.min(axis=1).max()))


def printed(page: Page) -> list[list[tuple[int, int, int, int, str]]]:
    """The cells of each table of a page."""
    tables = grids(page).grids
    return [[(cell.row, cell.col, cell.row_end, cell.col_end, cell.text) for cell in table.cells] for table in tables]


@needs_shared
class TestRealReports:
    """A real disclosure that is soon read, where they are beside the project."""

    @pytest.mark.parametrize("name", OTHERS)
    @pytest.mark.parametrize("path", SMALLEST, ids=lambda path: path.stem)
    def test_every_reader_gives_the_same_report(self, name: str, path: Path, read_file: ReadFile) -> None:
        report = read_file(path, name)
        assert_same_report(report, read_file(path))
        assert report.rows


def test_a_character_of_two_code_units_stands_at_its_first() -> None:
    from extract.reading.pdfium import _one_a_position

    assert _one_a_position([0x41, 0xD840, 0xDC00, 0x42, 0xD800, 0]) == "A\U00020000 B\ufffd\ufffd"


def test_a_font_cannot_make_a_reader_run_code(tmp_path: Path) -> None:
    """Old versions of pdfminer.six unpickle the file that a font's /Encoding names."""
    victim, evil = tmp_path / "victim", tmp_path / "evil"
    with gzip.open(f"{evil}.pickle.gz", "wb") as stream:
        stream.write(pickle.dumps(_Evil(str(victim))))
    content = build.without_meaning(encoding=str(evil))
    for name in READERS:
        with suppress(ExtractError), reader(name).open(content) as document:
            document.page(1, lambda _text: True)
    assert not victim.exists()


class _Evil:
    def __init__(self, victim: str) -> None:
        self._victim = victim

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (Path(self._victim),)
