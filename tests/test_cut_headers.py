"""The rows of a header before a page break, put above those on the next page."""

from extract.model.page import Box, Cell, Grid
from extract.tables.cut_headers import below_its_header, is_part_of_header


def grid(page: int, xs: tuple[float, ...], ys: tuple[float, ...], *cells: tuple[int, int, int, str]) -> Grid:
    """Cells by row, first column and the one after the last, with their texts."""
    return Grid(
        page,
        ys,
        xs,
        tuple(
            Cell(row, first, row + 1, end, text, Box(xs[first], ys[row], xs[end], ys[row + 1]))
            for row, first, end, text in cells
        ),
    )


HEAD = grid(3, (40.0, 140.0, 340.0), (700.0, 720.0, 740.0), (0, 0, 1, "科目"), (0, 1, 2, "财政拨款"), (1, 1, 2, "小计"))
BODY = grid(
    4, (40.5, 139.0, 240.0, 341.0), (60.0, 80.0, 100.0), (0, 1, 2, "基本"), (0, 2, 3, "项目"), (1, 1, 2, "1.00")
)


def test_the_rows_of_the_page_before_stand_above_in_the_columns_of_this_page() -> None:
    joined = below_its_header(HEAD, BODY)
    assert joined
    assert joined.page == 4
    assert joined.xs == BODY.xs
    assert joined.ys == (20.0, 40.0, 60.0, 80.0, 100.0)
    assert [(cell.row, cell.row_end, cell.col, cell.col_end, cell.text) for cell in joined.cells] == [
        (0, 1, 0, 1, "科目"),
        (0, 1, 1, 3, "财政拨款"),
        (1, 2, 1, 3, "小计"),
        (2, 3, 1, 2, "基本"),
        (2, 3, 2, 3, "项目"),
        (3, 4, 1, 2, "1.00"),
    ]


def test_a_grid_of_other_columns_or_of_another_page_has_another_header() -> None:
    moved = grid(4, (40.0, 150.0, 240.0, 341.0), (60.0, 80.0), (0, 1, 2, "1.00"))
    narrower = grid(4, (40.0, 140.0, 240.0), (60.0, 80.0), (0, 1, 2, "1.00"))
    later = grid(5, BODY.xs, BODY.ys, (0, 1, 2, "1.00"))
    wider = grid(4, (10.0, 40.0, 140.0, 340.0), (60.0, 80.0), (0, 1, 2, "1.00"))
    assert [below_its_header(HEAD, other) for other in (moved, narrower, later, wider)] == [None] * 4


def test_a_few_rows_without_amounts_may_be_part_of_a_header() -> None:
    assert is_part_of_header(HEAD)
    xs = (40.0, 140.0)
    assert is_part_of_header(grid(1, xs, (0.0, 20.0, 40.0, 60.0), (0, 0, 1, "科目")))
    assert not is_part_of_header(grid(1, xs, (0.0, 20.0, 40.0, 60.0, 80.0), (0, 0, 1, "科目")))
    assert not is_part_of_header(grid(1, xs, (0.0, 20.0), (0, 0, 1, "12.00")))
