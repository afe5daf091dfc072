"""Grids of a document → printed tables, joined over their pages.

A fragment begins a table, goes on with the one before, or is not known. What joins two fragments is the same title, the
same header or, where a page goes on without either, the same columns at the same places; never the number of columns
alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from extract.model.page import Box, Cell, Grid, Line
from extract.model.report import GridPart
from extract.schemas.vocabulary import Form
from extract.tables.captions import Caption, CaptionReader
from extract.tables.forms import FormReader, OpenForm
from extract.tables.headers import HEAD_ROWS, likely_body, repeated
from extract.tables.printed_rows import Printed, RawRow, add_cell
from extract.tables.shapes import Leaf, Shape, ShapeReader
from extract.tables.titles import Title
from extract.text import compared

NEAR = 4.0  # points: edges of the same column on two pages
LINE_GAP = 1.2  # of a line's height: a note goes on in the next line if the gap is smaller
INDEX_ROWS = 2  # rows below a header that may only number the columns
CONTENTS = 4  # a grid that prints so many titles of tables is a contents page


class Fragment(NamedTuple):
    """A grid on one page with the lines above it (from the grid before) and below it (to the next grid), engine as of
    the page.
    """

    grid: Grid
    above: tuple[Line, ...]
    below: tuple[Line, ...]
    engine: str


@dataclass(slots=True)
class OpenTable:
    """A list table while its fragments are gathered."""

    title: Title
    shape: Shape
    leaves: tuple[Leaf, ...]
    first_page: int
    last_page: int
    engine: str
    number: str | None = None
    unit: str | None = None
    owner: str | None = None
    department: str | None = None
    captions: tuple[str, ...] = ()  # texts above the header, inside the frame and outside
    rows: list[RawRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)  # indices of the first rows of the fragments after the first
    parts: list[GridPart] = field(default_factory=list)

    @property
    def dataset(self) -> str | None:
        return self.shape.kind.dataset if self.shape.kind else None


@dataclass(slots=True)
class Unknown:
    """A grid, or a caption without a grid (no cells), that the vocabulary does not know.

    `heading` is what stands where a title would.
    """

    page: int
    title: str | None
    engine: str
    cells: tuple[Cell, ...]
    lines: tuple[Line, ...] = ()
    heading: str | None = None
    number: str | None = None
    unit: str | None = None
    notes: tuple[str, ...] = ()
    parts: tuple[GridPart, ...] = ()


Assembled = OpenTable | OpenForm | Unknown


def fragments(grids: Sequence[Grid], lines: Sequence[Line], engine: str) -> list[Fragment]:
    """The grids of a page with the lines around each; of grids side by side each has the lines at its own side."""
    result = []
    for grid in grids:
        others = [other.box for other in grids if other is not grid]
        beside = [box for box in others if box.top < grid.box.bottom - NEAR and grid.box.top < box.bottom - NEAR]
        placed = [line for line in lines if line.box is not None and _is_at_side(line.box, grid.box, beside)]
        start = max((box.bottom - NEAR for box in others if box.bottom <= grid.box.top + NEAR), default=float("-inf"))
        end = min((box.top + NEAR for box in others if box.top >= grid.box.bottom - NEAR), default=float("inf"))
        above = tuple(line for line in placed if line.box and start <= _middle(line.box) <= grid.box.top + NEAR)
        below = tuple(line for line in placed if line.box and grid.box.bottom - NEAR <= _middle(line.box) <= end)
        result.append(Fragment(grid, above, below, engine))
    return result


def _is_at_side(line: Box, grid: Box, beside: Sequence[Box]) -> bool:
    """Whether a line is nearer to a grid than to those that stand beside it."""
    x = (line.x0 + line.x1) / 2
    return all(max(grid.x0 - x, x - grid.x1) <= max(other.x0 - x, x - other.x1) for other in beside)


def _middle(box: Box) -> float:
    return (box.top + box.bottom) / 2


class Readers(NamedTuple):
    """What reads captions, headers and forms with one vocabulary."""

    captions: CaptionReader
    shapes: ShapeReader
    forms: FormReader


class Assembler:
    """Gathers the fragments of a document, given in order, into `tables`."""

    def __init__(self, readers: Readers) -> None:
        self._captions, self._shapes, self._forms = readers
        self.tables: list[Assembled] = []

    def add(self, fragment: Fragment) -> None:
        lines = [line.text for line in fragment.above]
        cells = [cell.text for cell in fragment.grid.cells if cell.row < HEAD_ROWS]
        titles = list(self._captions.titles_of(lines, cells))
        contents = sum(self._captions.titles.read(cell.text) is not None for cell in fragment.grid.cells)
        if contents < CONTENTS and (self._add_titled(fragment, titles, lines) or self._add_untitled(fragment)):
            return
        if contents >= CONTENTS and self._add_told_by_header(fragment):
            return
        if contents < CONTENTS and self._add_homeless(fragment, titles, lines):
            return
        self.tables.append(self._unknown(fragment, titles[0].text if titles and contents < CONTENTS else None))

    def _unknown(self, fragment: Fragment, title: str | None) -> Unknown:
        """A grid as it is printed, with what can be told of it all the same."""
        grid = fragment.grid
        head = likely_body(grid)
        cells = [cell.text for cell in grid.cells if cell.row < head]
        lines = [line.text for line in fragment.above]
        caption = self._captions.read(None, lines, cells)
        return Unknown(
            grid.page,
            title,
            fragment.engine,
            grid.cells,
            heading=title or self._captions.heading(lines, cells),
            number=caption.number,
            unit=caption.unit,
            notes=tuple(_notes(fragment.below, self._captions)),
            parts=(GridPart(grid, head),),
        )

    def add_captions(self, lines: Sequence[Line], engine: str) -> None:
        """A number line with a title beside it on a page without grids: a table that is printed but cannot be read."""
        for line, following in pairwise(lines):
            title = self._captions.titles.read(following.text)
            if title and self._captions.titles.number_of(line.text) and not title.number:
                self.tables.append(Unknown(line.page, title.text, engine, (), (line,)))

    def _add_titled(self, fragment: Fragment, titles: Sequence[Title], lines: Sequence[str]) -> bool:
        """Whether one of the titles is that of the fragment: a table with that header, or a form."""
        for title in titles:
            shape = self._shapes.best(fragment.grid, title)
            if shape and _is_understood(shape, title):
                texts = [cell.text for cell in fragment.grid.cells if cell.row < shape.first]
                self._add_with_header(fragment, self._captions.read(title, lines, texts), shape, (*lines, *texts))
                return True
            form = next((form for form in self._forms.forms if form.concept == title.concept.name), None)
            if form and self._add_to_form(fragment, form, title):
                return True
        return False

    def _add_homeless(self, fragment: Fragment, titles: Sequence[Title], lines: Sequence[str]) -> bool:
        """Whether the fragment is a table whose title and columns are known, but that no dataset holds."""
        for title in titles:
            shape = self._shapes.homeless(fragment.grid, title) if title.concept.rows != "form" else None
            if shape:
                texts = [cell.text for cell in fragment.grid.cells if cell.row < shape.first]
                self._add_with_header(fragment, self._captions.read(title, lines, texts), shape, (*lines, *texts))
                return True
        return False

    def _add_untitled(self, fragment: Fragment) -> bool:
        """Whether the fragment goes on with the table or form before, or is a form that its labels tell."""
        last = self.tables[-1] if self.tables else None
        if isinstance(last, OpenTable) and fragment.grid.page <= last.last_page + 1:
            shape = self._shapes.best(fragment.grid, last.title)
            if shape and shape.kind is last.shape.kind and _same_fields(shape.leaves, last.leaves):
                _extend(last, fragment, shape, self._captions)
                return True
            if self._add_told_by_header(fragment):
                return True
            if _same_columns(last, fragment.grid):
                _extend(last, fragment, None, self._captions)
                return True
        near = last is not None and not isinstance(last, Unknown) and fragment.grid.page <= last.last_page + 1
        if near and isinstance(last, OpenForm) and self._add_to_form(fragment, last.form, None):
            return True
        if self._add_told_by_header(fragment):
            return True
        form = self._forms.told_by_labels(fragment.grid)
        return form is not None and self._add_to_form(fragment, form, None)

    def _add_told_by_header(self, fragment: Fragment) -> bool:
        found = self._shapes.told_by_header(fragment.grid)
        if found is None:
            return False
        title, shape = found
        texts = [line.text for line in fragment.above]
        if title.concept.rows != "listed" and self._captions.heading(texts, []):
            return False  # it has a title, and that says something else or nothing that is known
        self._add_with_header(fragment, self._captions.read(title, texts, []), shape, tuple(texts))
        return True

    def _add_with_header(self, fragment: Fragment, caption: Caption, shape: Shape, texts: tuple[str, ...]) -> None:
        last = self.tables[-1] if self.tables else None
        page = fragment.grid.page
        assert caption.title
        fresh = OpenTable(
            caption.title,
            shape,
            shape.leaves,
            page,
            page,
            fragment.engine,
            caption.number,
            caption.unit or shape.unit,
            caption.owner,
            caption.department,
            texts,
        )
        if isinstance(last, OpenTable) and _goes_on(last, fresh, fragment.grid):
            _extend(last, fragment, shape, self._captions)
        else:
            _take_rows(fresh, fragment, shape, self._captions)
            self.tables.append(fresh)

    def _add_to_form(self, fragment: Fragment, form: Form, title: Title | None) -> bool:
        """Whether the fragment is one of this form: it begins one, or goes on with the one before."""
        last = self.tables[-1] if self.tables else None
        grid = fragment.grid
        if self._forms.begins(form, grid):
            heading = fragment.above[-1] if fragment.above else None
            text = title.text if title else heading.text if heading else None
            opened = OpenForm(form, text, grid.page, grid.page, fragment.engine, grid.box)
            opened.captions = tuple(cell.text for cell in grid.cells if cell.row < HEAD_ROWS)
            opened.parts.append(GridPart(grid, 0))
            opened.special_fund = title is not None and "special_fund" in title.words
            self._forms.read(opened, grid)
            self._complete_form(opened, fragment)
            self.tables.append(opened)
            return True
        if not isinstance(last, OpenForm) or last.form is not form:
            return False
        beside = _is_beside(last.parts[-1].grid, grid) and _as_wide(last.box, grid.box)
        if not beside and not _same_width(last.box, grid.box):
            return False
        if grid.page > last.last_page + 1:
            return False
        last.last_page = grid.page
        last.parts.append(GridPart(grid, 0))
        last.engine = _with_engine(last.engine, fragment.engine)
        self._forms.read(last, grid)
        return True

    def _complete_form(self, opened: OpenForm, fragment: Fragment) -> None:
        """What no label tells: the unit and the owner of the lines above, the project that the title alone names."""
        texts = [line.text for line in fragment.above]
        caption = self._captions.read(None, texts, [])
        opened.unit = opened.unit or caption.unit
        opened.number = caption.number
        line = fragment.above[-1] if fragment.above else None
        if opened.form.owner and caption.owner and opened.form.owner not in opened.values and line and line.box:
            opened.values[opened.form.owner] = Printed(caption.owner, fragment.grid.page, line.box)
        if not opened.form.titled or opened.form.titled in opened.values or not line or not line.box:
            return
        if name := self._forms.titled(opened.form, _last_paragraph(fragment.above)):
            opened.values[opened.form.titled] = Printed(name, fragment.grid.page, line.box)


# ---- list tables -----------------------------------------------------------------------------------------------------


def _last_paragraph(lines: Sequence[Line]) -> str:
    """The last lines above a grid that follow each other closely, as one text."""
    text, below = "", None
    for line in reversed(lines):
        if line.box is None or (below and below.top - line.box.bottom > LINE_GAP * (below.bottom - below.top)):
            break
        text, below = line.text + text, line.box
    return text


def _is_understood(shape: Shape, title: Title) -> bool:
    """Whether a header is one of such a table. A form has labels, too: a list of projects is known by the columns of
    its indicators or of its goals and amounts, or must be known whole.
    """
    if title.concept.rows == "form":
        return False
    if title.concept.name == "performance_targets":
        fields = {leaf.field for leaf in shape.leaves}
        listed = fields >= {"project_name", "level_3", "target"} or fields >= {"project_name", "goal", "total"}
        return "project_name" in fields and len(fields) > 2 and (shape.unknown == 0 or listed)
    return shape.known > shape.unknown and shape.known > 1


def _goes_on(table: OpenTable, fresh: OpenTable, grid: Grid) -> bool:
    """Whether a fragment with a caption of its own belongs to the table before: its next page, which may be printed
    beside it on one sheet, of the same owner, number and unit.
    """
    same = fresh.title.whose == table.title.whose and fresh.shape.kind is table.shape.kind
    same = same and (table.unit == fresh.unit or None in (table.unit, fresh.unit))
    near = table.last_page < fresh.first_page <= table.last_page + 1 or _is_beside(table.parts[-1].grid, grid)
    captions = ((table.owner, table.number), (None, None), (table.owner, None), (None, table.number))
    return same and near and (fresh.owner, fresh.number) in captions and _same_fields(fresh.leaves, table.leaves)


def _is_beside(left: Grid, right: Grid) -> bool:
    """Whether one grid stands at the right of the other on one page."""
    (_, top, x1, bottom), box = left.box, right.box
    return left.page == right.page and x1 <= box.x0 and box.top < bottom and top < box.bottom


def _same_fields(some: Sequence[Leaf], others: Sequence[Leaf]) -> bool:
    """Whether the columns of one header are among those of another."""
    return {leaf.identity for leaf in some if leaf.path} <= {leaf.identity for leaf in others}


def _same_columns(table: OpenTable, grid: Grid) -> bool:
    """Whether a grid without a header has its column edges where the table has; as many edges may each
    be a little off.
    """
    headed = [place for place, leaf in enumerate(table.leaves) if leaf.path]
    inner = table.leaves[headed[0] : headed[-1] + 1]  # a frame may be wider than its table, on some pages only
    return any(_same_edges(columns, grid.xs) for columns in (table.leaves, inner))


def _same_edges(columns: Sequence[Leaf], xs: Sequence[float]) -> bool:
    edges = sorted({edge for leaf in columns for edge in (leaf.x0, leaf.x1)})
    if abs(xs[0] - edges[0]) > NEAR or abs(xs[-1] - edges[-1]) > NEAR:
        return False
    if len(edges) == len(xs) and all(abs(x - edge) <= 2 * NEAR for x, edge in zip(xs, edges, strict=True)):
        return True
    return all(min(abs(x - edge) for edge in edges) <= NEAR for x in xs)


def _as_wide(one: Box, other: Box) -> bool:
    return abs((one.x1 - one.x0) - (other.x1 - other.x0)) <= NEAR


def _same_width(one: Box, other: Box) -> bool:
    return abs(one.x0 - other.x0) <= NEAR and abs(one.x1 - other.x1) <= NEAR


def _with_engine(engines: str, engine: str) -> str:
    """The engines of a table's pages, each once."""
    return " ".join(dict.fromkeys([*engines.split(), *engine.split()]))


def _extend(table: OpenTable, fragment: Fragment, shape: Shape | None, captions: CaptionReader) -> None:
    table.last_page = fragment.grid.page
    table.engine = _with_engine(table.engine, fragment.engine)
    table.breaks.append(len(table.rows))
    _take_rows(table, fragment, shape, captions)


def _take_rows(table: OpenTable, fragment: Fragment, shape: Shape | None, captions: CaptionReader) -> None:
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
    if end:
        heads = [row for row in ordered[:INDEX_ROWS] if is_index(row)]
        ordered = [row for row in ordered if not any(row is head for head in heads)]
    for row in ordered:
        row.left = grid.xs[0]
    table.rows.extend(ordered)
    table.notes.extend(_notes(fragment.below, captions))


def _only_text(row: RawRow) -> str:
    """The text of a row of one cell."""
    texts = [printed.text for printed in row.cells.values()]
    return texts[0] if len(texts) == 1 else ""


def _is_note(cell: Cell, grid: Grid, captions: CaptionReader) -> bool:
    wide = cell.col_end - cell.col > (len(grid.xs) - 1) / 2
    return wide and captions.is_note(cell.text)


def is_index(row: RawRow) -> bool:
    """Whether a row only numbers the columns: 1, 2, 3 … in order, and beside them nothing but signs or a label such as
    栏次.
    """
    texts = [compared(printed.text) for _, printed in sorted(row.cells.items())]
    numbers = [text for text in texts if text.isdecimal()]
    others = [text for text in texts if not text.isdecimal()]
    if numbers != [str(number) for number in range(1, len(numbers) + 1)]:
        return False
    signs = [text for text in others if set(text) <= {"*", "-", "—"}]
    if len(signs) == len(others):
        return bool(signs) or len(numbers) > 1
    return len(numbers) > 1 and len(others) == 1 and len(others[0]) <= len("栏次")


def _notes(lines: Sequence[Line], captions: CaptionReader) -> list[str]:
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
        self._grid = grid
        self._known: dict[tuple[int, int], int] = {}

    def of(self, cell: Cell) -> int:
        """The leaf that the cell lies in; of a merged cell the leftmost that it covers. -1 if it lies in none."""
        key = cell.col, cell.col_end
        if key not in self._known:
            self._known[key] = _place(self._here, self._grid.xs[cell.col], self._grid.xs[cell.col_end])
        return self._known[key]


def _place(leaves: Iterable[tuple[float, float, int]], x0: float, x1: float) -> int:
    best, best_overlap = -1, 0.0
    for left, right, place in leaves:
        overlap = min(x1, right) - max(x0, left)
        if overlap > 0.5 * (right - left) and best_overlap <= NEAR:
            return place
        if overlap > best_overlap:
            best, best_overlap = place, overlap
    return best
