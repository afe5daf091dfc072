"""A table as it is printed, known or not, joined over its pages: the paths of its header and the texts of its rows."""

from collections.abc import Iterable
from typing import NamedTuple

from extract.model.page import Cell
from extract.model.report import GridPart, Table


class AsPrinted(NamedTuple):
    """`paths` are the texts above each column from the top down; a merged cell's text stands in its first box."""

    paths: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """One name a column; columns of the same name are told apart by a number."""
        seen: dict[str, int] = {}
        names = []
        for place, path in enumerate(self.paths, 1):
            name = "/".join(path) or str(place)
            seen[name] = seen.get(name, 0) + 1
            names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
        return tuple(names)


def as_printed(table: Table) -> AsPrinted:
    """A table by its rulings; by its columns, where its pages are ruled differently."""
    widths = {len(part.grid.xs) for part in table.parts}
    if len(widths) > 1 and len(table.listings) == 1:
        return _by_columns(table)
    if not table.parts:
        return AsPrinted((), ())
    width = max(widths) - 1
    first = table.parts[0]
    rows = [row for part in table.parts for row in _rows(part, width)]
    return AsPrinted(tuple(_paths(first, width)), tuple(rows))


def _rows(part: GridPart, width: int) -> Iterable[tuple[str, ...]]:
    """The rows below the header."""
    grid, head = part
    texts = [[""] * width for _ in range(len(grid.ys) - 1)]
    for cell in grid.cells:
        if cell.row >= head:
            texts[cell.row][cell.col] = cell.text
    return (tuple(row) for row in texts[head:] if any(row))


def _paths(part: GridPart, width: int) -> Iterable[tuple[str, ...]]:
    """The texts above each column; a title over the whole width is none of them."""
    columns: list[list[Cell]] = [[] for _ in range(width)]
    for cell in part.grid.cells:
        if cell.row < part.head and cell.col_end - cell.col < width:
            for column in columns[cell.col : cell.col_end]:
                column.append(cell)
    return (tuple(cell.text for cell in sorted(column, key=lambda one: one.row) if cell.text) for column in columns)


def _by_columns(table: Table) -> AsPrinted:
    """The rows of a known table by its columns; a cell that lies in none stands after them."""
    [listing] = table.listings
    width = len(listing.columns)
    loose = any(cell.column < 0 for row in listing.rows for cell in row)
    rows = []
    for row in listing.rows:
        texts = [""] * (width + loose)
        for cell in row:
            texts[cell.column if cell.column >= 0 else width] += cell.text
        rows.append(tuple(texts))
    return AsPrinted((*(column.path for column in listing.columns), *(((),) if loose else ())), tuple(rows))
