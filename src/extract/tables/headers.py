"""Where the header of a grid is, and what stands above each of its columns."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from extract.amounts import AMOUNT
from extract.model.page import Cell, Grid
from extract.text import compared

HEAD_ROWS = 8  # a title, number and owner line inside the frame take a few rows before the header
DEEPEST = 6  # rows of a header
_DATA = re.compile(rf"{AMOUNT.pattern}|(?!20\d\d$)\d{{3,}}")  # an amount or a code


class HeaderColumn(NamedTuple):
    """A column of a header: its edges in points, and the texts above it from the top down; no text where nothing stands
    above it.
    """

    x0: float
    x1: float
    path: tuple[str, ...]


class Header(NamedTuple):
    """A part of a grid that may be its header: its first row, the row after its last, its columns.

    `body` is where the rows below begin; it is before `end` where the first of them shares a ruled row with the header.
    """

    first: int
    end: int
    body: int
    columns: tuple[HeaderColumn, ...]


def headers(grid: Grid) -> Iterator[Header]:
    """What may be the header of a grid: from each of its first rows down to each row that no cell crosses, and no
    further than the first amount below.
    """
    owners = _owners(grid)
    with_amounts = sorted({cell.row for cell in grid.cells if AMOUNT.fullmatch(cell.text)})
    for first in range(min(HEAD_ROWS, len(owners))):
        if all(cell is None for cell in owners[first]):
            continue
        amount = next((row for row in with_amounts if row > first), len(grid.ys))
        for end in _ends(owners, first):
            body = min(end, amount)
            columns = tuple(
                HeaderColumn(grid.xs[start], grid.xs[stop], tuple(cell.text for cell in stack if cell.row < body))
                for start, stop, stack in _stacks(
                    [[cell if cell and cell.row < body else None for cell in row] for row in owners[first:end]]
                )
            )
            yield Header(first, end, body, columns)
            if end >= amount:  # what ends further down has the same columns
                break


def repeated(grid: Grid, first: int, end: int) -> frozenset[int]:
    """The rows of a grid in which its header, the rows from `first` to `end`, is printed again: parts of a table that
    were put together.
    """
    lines: dict[int, list[tuple[int, int, int, str]]] = {}
    for cell in grid.cells:
        lines.setdefault(cell.row, []).append((cell.row_end - cell.row, cell.col, cell.col_end, compared(cell.text)))
    head = [lines.get(row) for row in range(first, end)]
    again = (
        row
        for row in range(end, len(grid.ys) - len(head))
        if [lines.get(row + step) for step in range(len(head))] == head
    )
    return frozenset(row + step for row in again for step in range(len(head))) if any(head) else frozenset()


def likely_body(grid: Grid) -> int:
    """Where the rows below the header begin, as far as the cells alone tell: at the first amount or code, else below
    the first row.
    """
    data = next((cell.row for cell in grid.cells if cell.row and _DATA.fullmatch(cell.text)), None)
    if data is not None:
        return data if data <= HEAD_ROWS else 0
    return max((cell.row_end for cell in grid.cells if not cell.row), default=0) if len(grid.ys) > 2 else 0


def _owners(grid: Grid) -> list[list[Cell | None]]:
    """[row][column]: the cell that covers each box of the grid's first rows."""
    count, width = min(len(grid.ys) - 1, HEAD_ROWS + DEEPEST), len(grid.xs) - 1
    owners: list[list[Cell | None]] = [[None] * width for _ in range(count)]
    for cell in grid.cells:
        if cell.row >= count:
            break
        for row in range(cell.row, min(cell.row_end, count)):
            owners[row][cell.col : cell.col_end] = [cell] * (cell.col_end - cell.col)
    return owners


def _ends(owners: Sequence[Sequence[Cell | None]], first: int) -> Iterator[int]:
    """Where a header that begins at row `first` may end: after rows that no cell of it crosses."""
    for end in range(first + 1, min(len(owners), first + DEEPEST) + 1):
        if all(
            cell is None or (first <= cell.row and cell.row_end <= end) for row in owners[first:end] for cell in row
        ):
            yield end


def _stacks(rows: Sequence[Sequence[Cell | None]]) -> Iterator[tuple[int, int, tuple[Cell, ...]]]:
    """(first column, end column, cells from top to bottom) of the runs of columns that stand under the same cells."""
    columns = [_distinct(column) for column in zip(*rows, strict=True)]
    start = 0
    for index in range(1, len(columns) + 1):
        if index == len(columns) or columns[index] != columns[start]:
            yield start, index, columns[start]
            start = index


def _distinct(column: Iterable[Cell | None]) -> tuple[Cell, ...]:
    """The cells of a column from top to bottom, each of which stands in rows that follow each other."""
    found: list[Cell] = []
    for cell in column:
        if cell is not None and (not found or found[-1] is not cell):
            found.append(cell)
    return tuple(found)
