"""The rows and notes of a fragment → the table that it belongs to."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from extract.model.page import Box, Cell, Grid, Line
from extract.model.report import GridPart
from extract.tables.captions import CaptionReader
from extract.tables.fragments import NEAR, Fragment
from extract.tables.headers import repeated
from extract.tables.leaves import Leaf, Shape
from extract.tables.open_tables import OpenTable
from extract.tables.printed_rows import RawRow, add_cell
from extract.text import compared

LINE_GAP = 1.2  # of a line's height: a note goes on in the next line if the gap is smaller
INDEX_ROWS = 2  # rows below a header that may only number the columns


def with_engine(engines: str, engine: str) -> str:
    """The engines of a table's pages, each once."""
    return " ".join(dict.fromkeys([*engines.split(), *engine.split()]))


def extend(table: OpenTable, fragment: Fragment, shape: Shape | None, captions: CaptionReader) -> None:
    table.last_page = fragment.grid.page
    table.engine = with_engine(table.engine, fragment.engine)
    table.breaks.append(len(table.rows))
    take_rows(table, fragment, shape, captions)


def take_rows(table: OpenTable, fragment: Fragment, shape: Shape | None, captions: CaptionReader) -> None:
    """Adds the body rows and the note of a fragment, whose header is `shape`, None if it has none."""
    grid, end = fragment.grid, shape.body if shape else 0
    table.parts.append(GridPart(grid, end))
    places = _Places(table.leaves, shape.leaves if shape else table.leaves, grid)
    fill = {place for place, leaf in enumerate(table.leaves) if leaf.field in table.shape.filled}
    rows: dict[int, RawRow] = {}
    again = repeated(grid, shape.first, shape.body) if shape else ()
    for cell in grid.cells:
        if cell.row < end or cell.row in again:
            continue
        if _is_note(cell, grid, captions):
            table.notes.append(cell.text)
            continue
        add_cell(rows, cell, places.of(cell), fill, grid.page)
    ordered = [row for _, row in sorted(rows.items()) if not captions.says_nothing(_only_text(row))]
    if end or not table.rows:  # the header may stand alone on the page before
        heads = [row for row in ordered[:INDEX_ROWS] if is_index(row)]
        ordered = [row for row in ordered if not any(row is head for head in heads)]
    for row in ordered:
        row.left = grid.xs[0]
    table.rows.extend(ordered)
    table.notes.extend(notes_below(fragment.below, captions))


def _only_text(row: RawRow) -> str:
    """The text of a row of one cell."""
    texts = [printed.text for printed in row.cells.values()]
    return texts[0] if len(texts) == 1 else ""


def _is_note(cell: Cell, grid: Grid, captions: CaptionReader) -> bool:
    wide = cell.col_end - cell.col > (len(grid.xs) - 1) / 2
    return wide and captions.is_note(cell.text)


def is_index(row: RawRow) -> bool:
    """Whether a row only numbers the columns: 1, 2, 3 … in order, each list of several side by side from 1, and beside
    them nothing but signs or a label such as 栏次.
    """
    texts = [compared(printed.text) for _, printed in sorted(row.cells.items())]
    numbers = [text for text in texts if text.isdecimal()]
    others = [text for text in texts if not text.isdecimal()]
    signs = [text for text in others if set(text) <= {"*", "-", "—"}]
    lists = [list(own) for is_number, own in groupby(texts, str.isdecimal) if is_number]
    stars = all(set(text) == {"*"} for text in others)
    if not _counts(numbers) and not (stars and all(map(_counts, lists))):
        return False
    if len(signs) == len(others):
        return bool(signs) or len(numbers) > 1
    return len(numbers) > 1 and len(others) == 1 and len(others[0]) <= len("栏次")


def _counts(numbers: Sequence[str]) -> bool:
    """Whether numbers count from 1."""
    return numbers == [str(number) for number in range(1, len(numbers) + 1)]


def notes_below(lines: Sequence[Line], captions: CaptionReader) -> list[str]:
    """Notes below a table, each with the lines that it goes on over."""
    notes: list[str] = []
    last: Box | None = None
    for line in lines:
        if line.box is None:
            continue
        if captions.is_note(line.text):
            notes.append(line.text)
        elif (
            last is not None
            and notes
            and line.box.top - last.bottom < LINE_GAP * (last.bottom - last.top)
            and not _is_folio(line.text)
        ):
            notes[-1] += line.text
        else:
            last = None
            continue
        last = line.box
    return notes


def _is_folio(text: str) -> bool:
    return compared(text).strip("-—–―·.第页共/").isdigit()


class _Places:
    """Which leaf of a table a cell of one of its fragments belongs to: by place on the page, as pages may rule fewer or
    wider columns.

    `leaves` are the table's; `here` are the same columns where this fragment has them.

    """

    def __init__(self, leaves: Sequence[Leaf], here: Sequence[Leaf], grid: Grid) -> None:
        places = {leaf.identity: place for place, leaf in enumerate(leaves)}
        self._here = [(leaf.x0, leaf.x1, places.get(leaf.identity, -1)) for leaf in here]
        self._grid, self._leaves = grid, here
        self._known: dict[tuple[int, int], int] = {}

    def of(self, cell: Cell) -> int:
        """The leaf that the cell lies in; of a merged cell the leftmost that it covers. -1 if it lies in none."""
        key = cell.col, cell.col_end
        if key not in self._known:
            x0, x1 = self._grid.xs[cell.col], self._grid.xs[cell.col_end]
            self._known[key] = _place(self._here[self._first(x0, x1) :], x0, x1)
        return self._known[key]

    def _first(self, x0: float, x1: float) -> int:
        """The first leaf that counts: where a name covers columns of several lists of the same side by side, it is that
        of the last of them, whose amount follows it.
        """
        covered = [place for place, leaf in enumerate(self._leaves) if x0 <= (leaf.x0 + leaf.x1) / 2 <= x1]
        last = self._leaves[covered[-1]] if covered else None
        if last is None or not (last.meaning and last.meaning.stub) or last.preset != self._leaves[covered[0]].preset:
            return 0
        return next(place for place in covered if self._leaves[place].block == last.block)


def _place(leaves: Iterable[tuple[float, float, int]], x0: float, x1: float) -> int:
    best, best_overlap = -1, 0.0
    for left, right, place in leaves:
        overlap = min(x1, right) - max(x0, left)
        if overlap > 0.5 * (right - left) and best_overlap <= NEAR:
            return place
        if overlap > best_overlap:
            best, best_overlap = place, overlap
    return best
