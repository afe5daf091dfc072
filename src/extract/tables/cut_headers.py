"""A header that a page break cuts: its first rows stand alone at the end of a page, the others on top of the next."""

from collections.abc import Sequence
from dataclasses import replace

from extract.amounts import amount
from extract.model.page import Grid
from extract.tables.fragments import NEAR

ROWS = 3  # of a header that stand before a page break


def is_part_of_header(grid: Grid) -> bool:
    """Whether a grid may be no more than the first rows of a header."""
    return len(grid.ys) - 1 <= ROWS and not any(amount(cell.text) for cell in grid.cells)


def below_its_header(head: Grid, grid: Grid) -> Grid | None:
    """A grid with the rows of `head` above its own, None if the columns of both do not stand at the same places."""
    places = [_nearest(grid.xs, x) for x in head.xs]
    if head.page + 1 != grid.page or places[0] != 0 or places[-1] != len(grid.xs) - 1:
        return None
    if any(abs(grid.xs[place] - x) > NEAR for place, x in zip(places, head.xs, strict=True)):
        return None
    rows = len(head.ys) - 1
    above = (cell._replace(col=places[cell.col], col_end=places[cell.col_end]) for cell in head.cells)
    below = (cell._replace(row=cell.row + rows, row_end=cell.row_end + rows) for cell in grid.cells)
    ys = (*(grid.ys[0] - head.ys[-1] + y for y in head.ys[:-1]), *grid.ys)
    return replace(grid, ys=ys, cells=(*above, *below))


def _nearest(edges: Sequence[float], x: float) -> int:
    return min(range(len(edges)), key=lambda place: abs(edges[place] - x))
