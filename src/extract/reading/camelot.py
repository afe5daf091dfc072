"""A second reader of single pages, on camelot: tables with their cells, found by its own parser in the page's drawn
lines.

It gives tables only, no lines of text outside of them. It drops tables that are nearly empty and misses the place
where a page's coordinates are scaled: a table whose frame is not that of one that the first reader saw is left out.
"""

import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import camelot

from extract.model.page import Box, Cell, Grid, Line, PageReading, overlap

# points: frames of one table by two readers differ by less, and text nearer above a frame may be taken for its first
# row's
NEAR = 4.0
AS_READ = ("cut", "revision")  # hidden text that is read with its cell, or that the file as it stands does not hold


class CamelotReader:
    """See `readers.SecondReader`. Some 30 ms a page."""

    name = "camelot"

    def read(self, content: bytes, first: Sequence[PageReading]) -> dict[int, PageReading]:
        ruled = {page.number: page for page in first if page.grids and not _hides(page)}
        found: dict[int, list[Grid]] = {}
        for table in _tables(content, list(ruled)):
            page = ruled[table.page]
            frame = _frame(table, [grid.box for grid in page.grids])
            if frame:
                found.setdefault(page.number, []).append(_grid(table, page.number, frame, page.lines))
        return {number: PageReading(number, self.name, tuple(grids), (), 0, False) for number, grids in found.items()}


def _hides(page: PageReading) -> bool:
    """Whether a table of the page holds text that is not read with its cells: camelot cannot tell it from the rest."""
    hidden = (one.box for one in page.hidden if one.reason not in AS_READ)
    return any(overlap(box, grid.box) for box in hidden for grid in page.grids)


def _tables(content: bytes, numbers: Sequence[int]) -> list[Any]:
    if not numbers:
        return []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of every page without a table
        try:
            return list(
                camelot.read_pdf(
                    content, pages=",".join(map(str, numbers)), flavor="lattice", engine="vector", split_text=True
                )
            )
        except Exception:  # it lets errors of any kind through; what it cannot read it does not confirm
            return []


def _frame(table: Any, frames: Sequence[Box]) -> Box | None:
    """The first reader's frame of a table: the one of its size, and of several the nearest to its place on the page
    from the left.
    """
    left, bottom, right, top = table._bbox
    alike = [
        box
        for box in frames
        if abs(box.x1 - box.x0 - (right - left)) <= NEAR and abs(box.bottom - box.top - (top - bottom)) <= NEAR
    ]
    return min(alike, key=lambda box: abs(box.x0 - left), default=None)


def _grid(table: Any, page: int, frame: Box, lines: Sequence[Line]) -> Grid:
    """The table in the coordinates of the page as displayed: camelot counts from the bottom, and whatever the crop
    box cuts off.
    """
    left, top = table._bbox[0], table._bbox[3]
    xs = tuple(frame.x0 + x - left for x in [table.cols[0][0], *(end for _, end in table.cols)])
    ys = tuple(frame.top + top - y for y in [table.rows[0][0], *(end for _, end in table.rows)])
    above = [
        line.text for line in lines if line.box and line.box.top < frame.top and line.box.bottom > frame.top - NEAR
    ]
    cells = []
    for row, col, row_end, col_end, parts in _merged(table.cells):
        text = "".join("".join(part.split()) for part in (_without(parts, above) if row == 0 else parts))
        if text:
            cells.append(Cell(row, col, row_end, col_end, text, Box(xs[col], ys[row], xs[col_end], ys[row_end])))
    return Grid(page, ys, xs, tuple(cells))


def _without(parts: Sequence[str], above: Sequence[str]) -> list[str]:
    """The lines of a cell without pieces of the lines just above the table."""
    return [part for part in parts if not any("".join(part.split()) in "".join(text.split()) for text in above)]


def _merged(cells: Sequence[Sequence[Any]]) -> Iterator[tuple[int, int, int, int, list[str]]]:
    """Row, column, their ends and the lines of text of every cell: boxes without a wall between them are one."""
    height, width = len(cells), len(cells[0])
    taken: set[tuple[int, int]] = set()
    for row in range(height):
        for col in range(width):
            if (row, col) in taken:
                continue
            row_end, col_end = row + 1, col + 1
            while col_end < width and not (
                cells[row][col_end - 1].right or cells[row][col_end].left or (row, col_end) in taken
            ):
                col_end += 1
            while row_end < height and not any(
                cells[row_end - 1][at].bottom or cells[row_end][at].top for at in range(col, col_end)
            ):
                row_end += 1
            inside = [(down, at) for down in range(row, row_end) for at in range(col, col_end)]
            taken.update(inside)
            yield (
                row,
                col,
                row_end,
                col_end,
                [line for down, at in inside for line in cells[down][at].text.splitlines()],
            )
