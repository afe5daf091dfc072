"""Grids of a document → printed tables, joined over their pages.

A piece begins a table, goes on with the one before, or is known to no layout. What joins two pieces is the same title, the same header or, where
a page goes on without either, the same columns at the same places; never the number of columns alone.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from extract.model import Box, Cell, Grid, Line
from extract.recognise import Captured, Header, KnownForm, KnownTable, Leaf, Named, Piece, Titles, find_header, head_texts
from extract.schemas import Caption, Column, Pattern
from extract.text import compared

NEAR = 4.0  # points: edges of the same column on two pages
LINE_GAP = 1.2  # of a line's height: a note goes on in the next line if the gap is smaller


class Printed(NamedTuple):
    """A printed text and where it stands."""

    text: str
    page: int
    box: Box


@dataclass(slots=True)
class RawRow:
    """A body row: the printed text of each column, by the column's place among the leaves."""

    page: int
    cells: dict[int, Printed]


@dataclass(slots=True)
class OpenTable:
    """A list table while its pieces are gathered."""

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
    breaks: list[int] = field(default_factory=list)  # indices of the first rows of the pieces after the first


@dataclass(slots=True)
class OpenForm:
    """A form while its pieces are gathered: values of its labelled cells by field, and the rows of its list."""

    known: KnownForm
    title: str
    first_page: int
    last_page: int
    engine: str
    box: Box
    unit: str | None = None
    values: dict[str, Printed] = field(default_factory=dict)
    lowest: str | None = None  # the field whose value stands lowest on the last page
    leaves: tuple[tuple[float, float], ...] = ()
    rows: list[RawRow] = field(default_factory=list)
    unclaimed: list[Printed] = field(default_factory=list)


@dataclass(slots=True)
class Unknown:
    """A grid, or a caption without a grid (no cells), that no layout claims."""

    page: int
    title: str | None
    engine: str
    cells: tuple[Cell, ...]
    lines: tuple[Line, ...] = ()


Assembled = OpenTable | OpenForm | Unknown


def pieces(grids: Sequence[Grid], lines: Sequence[Line], engine: str) -> list[Piece]:
    """The grids of a page with the lines around each."""
    result = []
    placed = [line for line in lines if line.box is not None]
    for index, grid in enumerate(grids):
        start = grids[index - 1].box.bottom - NEAR if index else float("-inf")
        end = grids[index + 1].box.top + NEAR if index + 1 < len(grids) else float("inf")
        above = tuple(line for line in placed if line.box and start <= _middle(line.box) <= grid.box.top + NEAR)
        below = tuple(line for line in placed if line.box and grid.box.bottom - NEAR <= _middle(line.box) <= end)
        result.append(Piece(grid, above, below, engine))
    return result


def _middle(box: Box) -> float:
    return (box.top + box.bottom) / 2


class Assembler:
    """Gathers the pieces of a document, given in order, into `tables`."""

    def __init__(self, titles: Titles) -> None:
        self._titles = titles
        self.tables: list[Assembled] = []

    def add(self, piece: Piece) -> None:
        named = self._names(piece)
        if named:
            self._add_named(piece, named)
        else:
            self._add_unnamed(piece)

    def add_captions(self, lines: Sequence[Line], engine: str) -> None:
        """A number line with a title beside it on a page without grids: a table that is printed but cannot be read."""
        for line, following in pairwise(lines):
            for named in self._titles.named(following.text):
                if named.known.layout.caption.number.fullmatch(compared(line.text)):
                    self.tables.append(Unknown(line.page, named.title, engine, (), (line,)))
                    break

    def _names(self, piece: Piece) -> tuple[Named, ...]:
        return next(filter(None, map(self._titles.named, head_texts(piece))), ())

    def _add_named(self, piece: Piece, named: Sequence[Named]) -> None:
        for known, title, captured in self._latest_layout_first(named):
            if isinstance(known, KnownForm):
                if self._add_to_form(piece, known, title):
                    return
                continue
            header = find_header(piece.grid, known)
            if header:
                self._add_with_header(piece, known, title, captured, header)
                return
        self.tables.append(Unknown(piece.grid.page, named[0].title, piece.engine, piece.grid.cells))

    def _latest_layout_first(self, named: Sequence[Named]) -> list[Named]:
        """Places share titles: the layout of the table before is the likelier one."""
        last = self._open()
        layout = last.known.layout if last else None
        return sorted(named, key=lambda one: one.known.layout is not layout)

    def _open(self) -> OpenTable | OpenForm | None:
        last = self.tables[-1] if self.tables else None
        return None if isinstance(last, Unknown) else last

    def _add_unnamed(self, piece: Piece) -> None:
        last = self._open()
        if isinstance(last, OpenTable) and piece.grid.page <= last.last_page + 1:
            header = find_header(piece.grid, last.known)
            if header:
                return _extend(last, piece, header)
            if _same_columns(last, piece.grid):
                return _extend(last, piece, Header(0, 0, last.leaves))
        if isinstance(last, OpenForm) and piece.grid.page <= last.last_page + 1 and self._add_to_form(piece, last.known, last.title):
            return None
        self.tables.append(Unknown(piece.grid.page, None, piece.engine, piece.grid.cells))
        return None

    def _add_with_header(self, piece: Piece, known: KnownTable, title: str, captured: Captured, header: Header) -> None:
        last = self._open()
        fresh = OpenTable(known, header.leaves, title, captured, piece.grid.page, piece.grid.page, piece.engine)
        _read_caption(fresh, piece, header)
        if isinstance(last, OpenTable) and last.known is known and _goes_on(last, fresh):
            _extend(last, piece, header)
        else:
            _take_rows(fresh, piece, header)
            self.tables.append(fresh)

    def _add_to_form(self, piece: Piece, known: KnownForm, title: str) -> bool:
        """Whether the piece is one of this form: it begins one, or goes on with the one before."""
        last = self._open()
        begins = any(known.form.start.fullmatch(compared(cell.text)) for cell in piece.grid.cells)
        if begins:
            form = OpenForm(known, title, piece.grid.page, piece.grid.page, piece.engine, piece.grid.box)
            _read_form(form, piece.grid)
            self.tables.append(form)
            return True
        if isinstance(last, OpenForm) and last.known is known and _same_width(last.box, piece.grid.box) and piece.grid.page <= last.last_page + 1:
            last.last_page = piece.grid.page
            _read_form(last, piece.grid)
            return True
        return False


# ---- list tables -------------------------------------------------------------------------------------------------------------------


def _goes_on(table: OpenTable, fresh: OpenTable) -> bool:
    """Whether a piece with a caption of its own belongs to the table before: its next page, of the same owner and number."""
    return fresh.first_page <= table.last_page + 1 and (fresh.owner, fresh.number) in ((table.owner, table.number), (None, None))


def _same_columns(table: OpenTable, grid: Grid) -> bool:
    """Whether a grid without a header has its column edges where the table has."""
    edges = sorted({edge for leaf in table.leaves for edge in (leaf.x0, leaf.x1)})
    near = all(min(abs(x - edge) for edge in edges) <= NEAR for x in grid.xs)
    return near and abs(grid.xs[0] - edges[0]) <= NEAR and abs(grid.xs[-1] - edges[-1]) <= NEAR


def _same_width(one: Box, other: Box) -> bool:
    return abs(one.x0 - other.x0) <= NEAR and abs(one.x1 - other.x1) <= NEAR


def _extend(table: OpenTable, piece: Piece, header: Header) -> None:
    table.last_page = piece.grid.page
    table.breaks.append(len(table.rows))
    _take_rows(table, piece, header)


def _read_caption(table: OpenTable, piece: Piece, header: Header) -> None:
    caption = table.known.layout.caption
    texts = [line.text for line in piece.above] + [cell.text for cell in piece.grid.cells if cell.row < header.first]
    number = table.known.table.number or caption.number
    table.number = next((text for text in texts if number.fullmatch(compared(text))), None)
    table.unit = _captured(caption.unit, texts, "unit")
    table.owner = _captured(caption.owner, texts, "agency_name")


def _captured(wanted: Pattern, texts: Iterable[str], group: str) -> str | None:
    return next((found[group] for text in texts if (found := wanted.fullmatch(compared(text)))), None)


def _take_rows(table: OpenTable, piece: Piece, header: Header) -> None:
    """Adds the body rows and the note of a piece."""
    caption = table.known.layout.caption
    places = _Places(table.leaves, header.leaves, piece.grid)
    fill = {place for place, leaf in enumerate(table.leaves) if leaf.column and leaf.column.field in table.known.table.fill}
    rows: dict[int, RawRow] = {}
    for cell in piece.grid.cells:
        if cell.row < header.end:
            continue
        if _is_note(cell, piece.grid, caption):
            table.notes.append(cell.text)
            continue
        _put(rows, cell, places.of(cell), fill, piece.grid.page)
    ordered = [row for _, row in sorted(rows.items())]
    if ordered and _is_index(ordered[0], table.known.table.index):
        del ordered[0]
    table.rows.extend(ordered)
    table.notes.extend(_notes(piece.below, caption))


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


def _put(rows: dict[int, RawRow], cell: Cell, place: int, fill: Container[int], page: int) -> None:
    """Puts a cell into its row; a merged label of a column to fill into every row that it spans.

    Cells that the header does not part are one text.
    """
    printed = Printed(cell.text, page, cell.box)
    for number in range(cell.row, cell.row_end if place in fill else cell.row + 1):
        row = rows.setdefault(number, RawRow(page, {}))
        before = row.cells.get(place)
        row.cells[place] = printed if before is None else before._replace(text=before.text + printed.text)


def _notes(lines: Sequence[Line], caption: Caption) -> list[str]:
    """Notes below a table, each with the lines that it goes on over."""
    notes: list[str] = []
    last: Box | None = None
    for line in lines:
        if line.box is None:
            continue
        if caption.note.fullmatch(compared(line.text)):
            notes.append(line.text)
        elif last is not None and notes and line.box.top - last.bottom < LINE_GAP * (last.bottom - last.top) and not _is_folio(line.text):
            notes[-1] += line.text
        else:
            last = None
            continue
        last = line.box
    return notes


def _is_folio(text: str) -> bool:
    return compared(text).strip("-—–―·.第页共/").isdigit()


class _Places:
    """Which leaf of a table a cell of one of its pieces belongs to: by place on the page, as pages may rule fewer or wider columns.

    `leaves` are the table's; `here` are the same columns where this piece has them.
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


# ---- forms -------------------------------------------------------------------------------------------------------------------------


def _read_form(form: OpenForm, grid: Grid) -> None:
    """Adds the labelled values and the list rows of one page of a form."""
    layout = form.known.form
    in_list = bool(form.leaves)
    list_row = _find_list_header(form, grid)
    top = list_row if list_row is not None else (0 if form.leaves else len(grid.ys))
    labels = [(cell, column) for cell in grid.cells if cell.row < top for column in layout.cells if column.header.fullmatch(compared(cell.text))]
    at = {(cell.row, cell.col): cell for cell in grid.cells}
    used: set[Cell] = set() if in_list or list_row == 0 else set(_rest_of_value(form, grid, labels))
    for cell, column in labels:
        used.add(cell)
        found = column.header.fullmatch(compared(cell.text))
        inside = found.groupdict() if found else {}
        for name, text in inside.items():
            form.values.setdefault(name, Printed(text, grid.page, cell.box))
        value = at.get((cell.row, cell.col_end))
        if inside or value is None or any(value is label for label, _ in labels):
            continue
        used.add(value)
        for name, text in _fields(column.field, column.split, value.text):
            form.values.setdefault(name, Printed(text, grid.page, value.box))
            form.lowest = name
    _read_form_unit(form, grid, top, used)
    form.unclaimed.extend(Printed(c.text, grid.page, c.box) for c in grid.cells if c.row < top and c not in used and _has_label_left(c, grid))
    if form.leaves:
        _take_list_rows(form, grid, top + 1 if list_row is not None else 0)


def _rest_of_value(form: OpenForm, grid: Grid, labels: Sequence[tuple[Cell, Column]]) -> list[Cell]:
    """The cell at the top of a further page that goes on with the value that the page break cut; it is joined to that value."""
    before = form.values.get(form.lowest or "")
    top = [cell for cell in grid.cells if cell.row == 0 and not any(cell is label for label, _ in labels)]
    if before is None or before.page >= grid.page or len(top) != 1:
        return []
    form.values[form.lowest or ""] = before._replace(text=before.text + top[0].text)
    return top


def _has_label_left(cell: Cell, grid: Grid) -> bool:
    """A cell in the first column is a label of the form, known or not; one right of it holds something."""
    return cell.col > 0


def _fields(field_name: str | None, split: Pattern | None, text: str) -> list[tuple[str, str]]:
    if field_name:
        return [(field_name, text)]
    found = split.fullmatch(text) if split else None
    return [(name, part) for name, part in found.groupdict().items() if part] if found else []


def _read_form_unit(form: OpenForm, grid: Grid, top: int, used: set[Cell]) -> None:
    wanted = form.known.form.unit
    for cell in grid.cells:
        if wanted and cell.row < top and (found := wanted.fullmatch(compared(cell.text))):
            form.unit = form.unit or found["unit"]
            used.add(cell)


def _find_list_header(form: OpenForm, grid: Grid) -> int | None:
    """The row with the header of the list; notes where its columns are."""
    columns = form.known.form.list.columns
    by_row: dict[int, dict[int, Cell]] = {}
    for cell in grid.cells:
        for index, column in enumerate(columns):
            if column.header.fullmatch(compared(cell.text)):
                by_row.setdefault(cell.row, {})[index] = cell
    for row, found in sorted(by_row.items()):
        if len(found) == len(columns):
            form.leaves = tuple((grid.xs[found[index].col], grid.xs[found[index].col_end]) for index in range(len(columns)))
            return row
    return None


def _take_list_rows(form: OpenForm, grid: Grid, start: int) -> None:
    layout = form.known.form.list
    leaves = [(x0, x1, place) for place, (x0, x1) in enumerate(form.leaves)]
    fill = {place for place, column in enumerate(layout.columns) if column.field in layout.fill}
    rows: dict[int, RawRow] = {}
    for cell in grid.cells:
        middle = (grid.xs[cell.col] + grid.xs[cell.col_end]) / 2
        place = next((place for x0, x1, place in leaves if x0 < middle < x1), None)
        if cell.row >= start and place is not None:
            _put(rows, cell, place, fill, grid.page)
    ordered = [row for _, row in sorted(rows.items())]
    if ordered and form.rows and form.rows[-1].page < grid.page and _is_rest(ordered[0], form.rows[-1], len(leaves), fill):
        for place, printed in ordered.pop(0).cells.items():
            before = form.rows[-1].cells[place]
            form.rows[-1].cells[place] = before._replace(text=before.text + printed.text)
    form.rows.extend(ordered)


def _is_rest(row: RawRow, before: RawRow, width: int, fill: Container[int]) -> bool:
    """Whether the first row of a page is only the rest of the row before: it lacks some of what every row has."""
    own = [place for place in range(width) if place not in fill]
    present = [place for place in own if place in row.cells]
    return 0 < len(present) < len(own) and row.cells.keys() <= before.cells.keys() and all(place in before.cells for place in own)
