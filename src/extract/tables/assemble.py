"""Grids of a document → printed tables, joined over their pages.

A fragment begins a table, goes on with the one before, or is known to no layout. What joins two fragments is the same title, the same header or, where
a page goes on without either, the same columns at the same places; never the number of columns alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from extract.model.page import Box, Cell, Grid, Line
from extract.schemas.grammar import Caption, Pattern
from extract.tables.forms import OpenForm, read_form
from extract.tables.printed_rows import RawRow, add_cell
from extract.tables.recognise import (
    Captured,
    Fragment,
    Header,
    KnownForm,
    KnownTable,
    Leaf,
    TitleMatch,
    Titles,
    find_header,
    head_texts,
)
from extract.text import compared

NEAR = 4.0  # points: edges of the same column on two pages
LINE_GAP = 1.2  # of a line's height: a note goes on in the next line if the gap is smaller


@dataclass(slots=True)
class OpenTable:
    """A list table while its fragments are gathered."""

    known: KnownTable
    leaves: tuple[Leaf, ...]
    title: str
    captured: Captured
    first_page: int
    last_page: int
    engine: str
    number: str | None = None
    unit: str | None = None
    owner: str | None = None
    rows: list[RawRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)  # indices of the first rows of the fragments after the first


@dataclass(slots=True)
class Unknown:
    """A grid, or a caption without a grid (no cells), that no layout claims."""

    page: int
    title: str | None
    engine: str
    cells: tuple[Cell, ...]
    lines: tuple[Line, ...] = ()


Assembled = OpenTable | OpenForm | Unknown


def fragments(grids: Sequence[Grid], lines: Sequence[Line], engine: str) -> list[Fragment]:
    """The grids of a page with the lines around each."""
    result = []
    placed = [line for line in lines if line.box is not None]
    for index, grid in enumerate(grids):
        start = grids[index - 1].box.bottom - NEAR if index else float("-inf")
        end = grids[index + 1].box.top + NEAR if index + 1 < len(grids) else float("inf")
        above = tuple(line for line in placed if line.box and start <= _middle(line.box) <= grid.box.top + NEAR)
        below = tuple(line for line in placed if line.box and grid.box.bottom - NEAR <= _middle(line.box) <= end)
        result.append(Fragment(grid, above, below, engine))
    return result


def _middle(box: Box) -> float:
    return (box.top + box.bottom) / 2


class Assembler:
    """Gathers the fragments of a document, given in order, into `tables`."""

    def __init__(self, titles: Titles) -> None:
        self._titles = titles
        self.tables: list[Assembled] = []

    def add(self, fragment: Fragment) -> None:
        named = self._names(fragment)
        if named:
            self._add_named(fragment, named)
        else:
            self._add_unnamed(fragment)

    def add_captions(self, lines: Sequence[Line], engine: str) -> None:
        """A number line with a title beside it on a page without grids: a table that is printed but cannot be read."""
        for line, following in pairwise(lines):
            if not self._titles.numbers(line.text):
                continue
            for named in self._titles.named(following.text):
                if named.known.layout.caption.number.fullmatch(compared(line.text)):
                    self.tables.append(Unknown(line.page, named.title, engine, (), (line,)))
                    break

    def _names(self, fragment: Fragment) -> tuple[TitleMatch, ...]:
        return next(filter(None, map(self._titles.named, head_texts(fragment))), ())

    def _add_named(self, fragment: Fragment, named: Sequence[TitleMatch]) -> None:
        for known, title, captured in self._latest_layout_first(named):
            if isinstance(known, KnownForm):
                if self._add_to_form(fragment, known, title):
                    return
                continue
            header = find_header(fragment.grid, known)
            if header:
                self._add_with_header(fragment, known, title, captured, header)
                return
        self.tables.append(Unknown(fragment.grid.page, named[0].title, fragment.engine, fragment.grid.cells))

    def _latest_layout_first(self, named: Sequence[TitleMatch]) -> list[TitleMatch]:
        """Places share titles: the layout of the table before is the likelier one."""
        last = self._open()
        layout = last.known.layout if last else None
        return sorted(named, key=lambda one: one.known.layout is not layout)

    def _open(self) -> OpenTable | OpenForm | None:
        last = self.tables[-1] if self.tables else None
        return None if isinstance(last, Unknown) else last

    def _add_unnamed(self, fragment: Fragment) -> None:
        last = self._open()
        if isinstance(last, OpenTable) and fragment.grid.page <= last.last_page + 1:
            header = find_header(fragment.grid, last.known)
            if header:
                return _extend(last, fragment, header)
            if _same_columns(last, fragment.grid):
                return _extend(last, fragment, Header(0, 0, last.leaves))
        if (
            isinstance(last, OpenForm)
            and fragment.grid.page <= last.last_page + 1
            and self._add_to_form(fragment, last.known, last.title)
        ):
            return None
        self.tables.append(Unknown(fragment.grid.page, None, fragment.engine, fragment.grid.cells))
        return None

    def _add_with_header(
        self, fragment: Fragment, known: KnownTable, title: str, captured: Captured, header: Header
    ) -> None:
        last = self._open()
        fresh = OpenTable(
            known, header.leaves, title, captured, fragment.grid.page, fragment.grid.page, fragment.engine
        )
        _read_caption(fresh, fragment, header)
        if isinstance(last, OpenTable) and last.known is known and _goes_on(last, fresh):
            _extend(last, fragment, header)
        else:
            _take_rows(fresh, fragment, header)
            self.tables.append(fresh)

    def _add_to_form(self, fragment: Fragment, known: KnownForm, title: str) -> bool:
        """Whether the fragment is one of this form: it begins one, or goes on with the one before."""
        last = self._open()
        begins = any(known.form.start.fullmatch(compared(cell.text)) for cell in fragment.grid.cells)
        if begins:
            form = OpenForm(known, title, fragment.grid.page, fragment.grid.page, fragment.engine, fragment.grid.box)
            read_form(form, fragment.grid)
            self.tables.append(form)
            return True
        if (
            isinstance(last, OpenForm)
            and last.known is known
            and _same_width(last.box, fragment.grid.box)
            and fragment.grid.page <= last.last_page + 1
        ):
            last.last_page = fragment.grid.page
            last.engine = _with_engine(last.engine, fragment.engine)
            read_form(last, fragment.grid)
            return True
        return False


# ---- list tables -------------------------------------------------------------------------------------------------------------------


def _goes_on(table: OpenTable, fresh: OpenTable) -> bool:
    """Whether a fragment with a caption of its own belongs to the table before: its next page, of the same owner and number."""
    return fresh.first_page <= table.last_page + 1 and (fresh.owner, fresh.number) in (
        (table.owner, table.number),
        (None, None),
    )


def _same_columns(table: OpenTable, grid: Grid) -> bool:
    """Whether a grid without a header has its column edges where the table has."""
    edges = sorted({edge for leaf in table.leaves for edge in (leaf.x0, leaf.x1)})
    near = all(min(abs(x - edge) for edge in edges) <= NEAR for x in grid.xs)
    return near and abs(grid.xs[0] - edges[0]) <= NEAR and abs(grid.xs[-1] - edges[-1]) <= NEAR


def _same_width(one: Box, other: Box) -> bool:
    return abs(one.x0 - other.x0) <= NEAR and abs(one.x1 - other.x1) <= NEAR


def _with_engine(engines: str, engine: str) -> str:
    """The engines of a table's pages, each once."""
    return " ".join(dict.fromkeys([*engines.split(), *engine.split()]))


def _extend(table: OpenTable, fragment: Fragment, header: Header) -> None:
    table.last_page = fragment.grid.page
    table.engine = _with_engine(table.engine, fragment.engine)
    table.breaks.append(len(table.rows))
    _take_rows(table, fragment, header)


def _read_caption(table: OpenTable, fragment: Fragment, header: Header) -> None:
    caption = table.known.layout.caption
    texts = [line.text for line in fragment.above] + [
        cell.text for cell in fragment.grid.cells if cell.row < header.first
    ]
    number = table.known.table.number or caption.number
    table.number = next((text for text in texts if number.fullmatch(compared(text))), None)
    table.unit = _captured(caption.unit, texts, "unit")
    table.owner = _captured(caption.owner, texts, "agency_name")


def _captured(wanted: Pattern, texts: Iterable[str], group: str) -> str | None:
    return next((found[group] for text in texts if (found := wanted.fullmatch(compared(text)))), None)


def _take_rows(table: OpenTable, fragment: Fragment, header: Header) -> None:
    """Adds the body rows and the note of a fragment."""
    caption = table.known.layout.caption
    places = _Places(table.leaves, header.leaves, fragment.grid)
    fill = {
        place for place, leaf in enumerate(table.leaves) if leaf.column and leaf.column.field in table.known.table.fill
    }
    rows: dict[int, RawRow] = {}
    for cell in fragment.grid.cells:
        if cell.row < header.end:
            continue
        if _is_note(cell, fragment.grid, caption):
            table.notes.append(cell.text)
            continue
        add_cell(rows, cell, places.of(cell), fill, fragment.grid.page)
    ordered = [row for _, row in sorted(rows.items())]
    if ordered and _is_index(ordered[0], table.known.table.index):
        del ordered[0]
    table.rows.extend(ordered)
    table.notes.extend(_notes(fragment.below, caption))


def _is_note(cell: Cell, grid: Grid, caption: Caption) -> bool:
    whole_width = cell.col == 0 and cell.col_end == len(grid.xs) - 1
    return whole_width and caption.note.fullmatch(compared(cell.text)) is not None


def _is_index(row: RawRow, label: Pattern | None) -> bool:
    """Whether a row only numbers the columns: 1, 2, 3 … in order, and beside them nothing but the label that the layout declares."""
    if label is None:
        return False
    texts = [compared(printed.text) for _, printed in sorted(row.cells.items())]
    numbers = [text for text in texts if not label.fullmatch(text)]
    return len(numbers) > 1 and numbers == [str(number) for number in range(1, len(numbers) + 1)]


def _notes(lines: Sequence[Line], caption: Caption) -> list[str]:
    """Notes below a table, each with the lines that it goes on over."""
    notes: list[str] = []
    last: Box | None = None
    for line in lines:
        if line.box is None:
            continue
        if caption.note.fullmatch(compared(line.text)):
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
    """Which leaf of a table a cell of one of its fragments belongs to: by place on the page, as pages may rule fewer or wider columns.

    `leaves` are the table's; `here` are the same columns where this fragment has them.
    """

    def __init__(self, leaves: Sequence[Leaf], here: Sequence[Leaf], grid: Grid) -> None:
        places = {leaf.identity: place for place, leaf in enumerate(leaves)}
        self._here = [(leaf.x0, leaf.x1, places.get(leaf.identity, -1)) for leaf in here]
        self._grid = grid
        self._known: dict[tuple[int, int], int] = {}

    def of(self, cell: Cell) -> int:
        """The leaf that the cell lies in; of a merged cell the leftmost that it covers. -1 if it lies in none."""
        key = cell.col, cell.col_end
        if key not in self._known:
            self._known[key] = _place(self._here, self._grid.xs[cell.col], self._grid.xs[cell.col_end])
        return self._known[key]


def _place(leaves: Sequence[tuple[float, float, int]], x0: float, x1: float) -> int:
    best, best_overlap = -1, 0.0
    for left, right, place in leaves:
        overlap = min(x1, right) - max(x0, left)
        if overlap > 0.5 * (right - left) and best_overlap <= NEAR:
            return place
        if overlap > best_overlap:
            best, best_overlap = place, overlap
    return best
