"""Which table is this? Decided by what stands on the page: the title above or inside the grid and the tree of its header."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from extract.model.page import Cell, Grid, Line
from extract.schemas.grammar import Column, FormLayout, Layout, Schemas, TableLayout
from extract.text import compared

HEAD_ROWS = 6  # a title, number and owner line inside the frame take a few rows before the header


class Fragment(NamedTuple):
    """A grid on one page with the lines above it (from the grid before) and below it (to the next grid), engine as of the page."""

    grid: Grid
    above: tuple[Line, ...]
    below: tuple[Line, ...]
    engine: str


class Leaf(NamedTuple):
    """A column of a printed table: its edges, its block and place there, the declared column, what its header captured and its texts.

    A column without a header has no declared column; its place is negative.
    """

    x0: float
    x1: float
    block: int
    place: int
    column: Column | None
    captured: "Captured"
    path: tuple[str, ...]

    @property
    def identity(self) -> "ColumnKey":
        """The same for the same column on every page of a table."""
        return self.block, self.place, self.captured


class Header(NamedTuple):
    """A header as found: its first row and the row after its last, and the columns it makes."""

    first: int
    end: int
    leaves: tuple[Leaf, ...]


Captured = tuple[tuple[str, str], ...]  # what the named groups of a pattern caught
ColumnKey = tuple[int, int, Captured]  # block, column in it, what its header captured


class KnownTable:
    """A declared table, ready to be matched: remembers which header paths it has seen."""

    def __init__(self, layout: Layout, table: TableLayout) -> None:
        self.layout = layout
        self.table = table
        self.blocks = [block.declared() for block in table.blocks()]
        self.required = {
            (b, i) for b, columns in enumerate(self.blocks) for i, column in enumerate(columns) if not column.optional
        }
        self.claims = lru_cache(maxsize=4096)(self._claims)

    def _claims(self, path: str) -> tuple[ColumnKey, ...]:
        """The columns that a header path may stand for, as declared."""
        text = compared(path)
        return tuple(
            (b, i, tuple(found.groupdict().items()))
            for b, columns in enumerate(self.blocks)
            for i, column in enumerate(columns)
            if (found := column.header.fullmatch(text))
        )


@dataclass(frozen=True)
class KnownForm:
    """A declared form."""

    layout: Layout
    form: FormLayout


class TitleMatch(NamedTuple):
    """A declared table or form whose title was found, the title as printed and what its pattern captured."""

    known: KnownTable | KnownForm
    title: str
    captured: Captured


class Titles:
    """Finds the declared titles among lines."""

    def __init__(self, schemas: Schemas) -> None:
        self.tables = [KnownTable(layout, table) for layout in schemas.layouts for table in layout.table]
        self.forms = [KnownForm(layout, form) for layout in schemas.layouts for form in layout.form]
        self.named = lru_cache(maxsize=65536)(self._named)
        self._numbers = {layout.caption.number for layout in schemas.layouts}

    def numbers(self, text: str) -> bool:
        """Whether a line of text is the number of a table in any layout."""
        key = compared(text)
        return any(number.fullmatch(key) for number in self._numbers)

    def _named(self, text: str) -> tuple[TitleMatch, ...]:
        """Every declared table or form that a line of text is the title of."""
        key = compared(text)
        titles = [(known, known.table.title) for known in self.tables] + [
            (known, known.form.title) for known in self.forms
        ]
        matches = ((known, title.fullmatch(key)) for known, title in titles) if key else ()
        return tuple(TitleMatch(known, text, tuple(found.groupdict().items())) for known, found in matches if found)


def head_texts(fragment: Fragment) -> list[str]:
    """The texts that may name a fragment: lines above from the nearest up, then the cells of its first rows."""
    cells = [cell.text for cell in fragment.grid.cells if cell.row < HEAD_ROWS]
    return [line.text for line in reversed(fragment.above)] + cells


def find_header(grid: Grid, known: KnownTable) -> Header | None:
    """The header of a declared table in the first rows of a grid: every column of it claimed, and none missing that may not be absent."""
    owners = _owners(grid)
    for first in range(min(HEAD_ROWS, len(owners))):
        for end in _ends(owners, first):
            leaves = _leaves(grid, owners[first:end], known)
            if leaves:
                return Header(first, end, leaves)
    return None


def _leaves(grid: Grid, rows: Sequence[Sequence[Cell | None]], known: KnownTable) -> tuple[Leaf, ...] | None:
    used: set[ColumnKey] = set()
    leaves: list[Leaf] = []
    for start, end, stack in _stacks(rows):
        x0, x1 = grid.xs[start], grid.xs[end]
        if not stack:
            leaves.append(Leaf(x0, x1, 0, -1 - len(leaves), None, (), ()))
            continue
        path = tuple(cell.text for cell in stack)
        claim = next((claim for claim in known.claims("/".join(path)) if claim not in used), None)
        if claim is None:
            return None
        used.add(claim)
        block, index, captured = claim
        leaves.append(Leaf(x0, x1, block, index, known.blocks[block][index], captured, path))
    claimed = {(block, index) for block, index, _ in used}
    return tuple(leaves) if claimed and known.required <= claimed else None


def _owners(grid: Grid) -> list[list[Cell | None]]:
    """[row][column]: the cell that covers each box of the grid's first rows."""
    count, width = min(len(grid.ys) - 1, 2 * HEAD_ROWS), len(grid.xs) - 1
    owners: list[list[Cell | None]] = [[None] * width for _ in range(count)]
    for cell in grid.cells:
        if cell.row >= count:
            break
        for row in range(cell.row, min(cell.row_end, count)):
            owners[row][cell.col : cell.col_end] = [cell] * (cell.col_end - cell.col)
    return owners


def _ends(owners: Sequence[Sequence[Cell | None]], first: int) -> Iterator[int]:
    """Where a header that begins at row `first` may end: after rows that no cell of it crosses."""
    for end in range(first + 1, min(len(owners), first + HEAD_ROWS) + 1):
        if all(
            cell is None or (first <= cell.row and cell.row_end <= end) for row in owners[first:end] for cell in row
        ):
            yield end


def _stacks(rows: Sequence[Sequence[Cell | None]]) -> Iterator[tuple[int, int, tuple[Cell, ...]]]:
    """(first column, end column, cells from top to bottom) of the runs of columns that stand under the same cells."""
    columns = [tuple(dict.fromkeys(cell for cell in column if cell is not None)) for column in zip(*rows, strict=True)]
    start = 0
    for index in range(1, len(columns) + 1):
        if index == len(columns) or columns[index] != columns[start]:
            yield start, index, columns[start]
            start = index
