"""Printed forms: values that stand right of their labels, and lists below headers of their own."""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from extract.model.page import Box, Cell, Grid
from extract.model.report import GridPart
from extract.schemas.vocabulary import Form, FormList, Vocabulary, normal
from extract.tables.printed_rows import Printed, RawRow, add_cell
from extract.tables.units import UnitReader
from extract.text import compared

_CODED = re.compile(r"[\[【(]?(?P<code>\d+)[\]】)]?[_\-]?(?P<rest>\D.*)")
PATH = "/"  # between a heading of a form and the label under it
IGNORED = ""  # the field of labels whose values are left out
SURE = 5  # labels and columns of a form on a page without a title, or labels alone where one is of these:
ABOUT = {"goal", "description"}


@dataclass(slots=True)
class OpenList:
    """A list of a form while it is gathered: its columns by place (edges, fields, texts of their
    headers) and its rows.
    """

    known: FormList
    leaves: tuple[tuple[float, float], ...]
    fields: tuple[str, ...]
    headings: tuple[str, ...]
    rows: list[RawRow] = field(default_factory=list)


@dataclass(slots=True)
class OpenForm:
    """A form while its fragments are gathered: values of its labelled cells by field, and its lists."""

    form: Form
    title: str | None
    first_page: int
    last_page: int
    engine: str
    box: Box
    special_fund: bool = False
    captions: tuple[str, ...] = ()  # texts of its first rows
    number: str | None = None
    unit: str | None = None
    values: dict[str, Printed] = field(default_factory=dict)
    lowest: str | None = None  # the field whose value stands lowest on the last page
    lists: list[OpenList] = field(default_factory=list)
    unclaimed: list[Printed] = field(default_factory=list)
    parts: list[GridPart] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _ListHeader:
    """The header of a list in a grid: its first row, the row after its last, and its cells by field."""

    known: FormList
    row: int
    end: int
    cells: Mapping[str, Cell]

    def is_right_of(self, cell: Cell) -> bool:
        """Whether a cell stands left of the list in the rows of its header: it is a heading of the form."""
        left = min(one.col for one in self.cells.values())
        return self.row <= cell.row < self.end and cell.col_end <= left


class FormReader:
    """Reads forms with one vocabulary."""

    def __init__(self, vocabulary: Vocabulary, units: UnitReader) -> None:
        self._units = units
        self.forms = vocabulary.form
        self._before = tuple(sorted(normal(vocabulary.header.before), key=len, reverse=True))
        self._label = lru_cache(maxsize=65536)(self._label_of)
        self._labels = [_by_word(form.below) | _by_word({**form.labels, IGNORED: form.ignored}) for form in self.forms]
        self._below = [_by_word(form.below) for form in self.forms]
        stubs = vocabulary.header.stubs
        self._columns = {
            known.dataset: {name: [*stubs.get(name, ()), *words] for name, words in known.columns.items()}
            for form in self.forms
            for known in form.list
        }
        self._leaves = {path.partition(PATH)[2] for labels in self._labels for path in labels if PATH in path}

    def told_by_labels(self, grid: Grid) -> Form | None:
        """The form that a grid is, if its labels alone tell it."""
        for form, labels in zip(self.forms, self._labels, strict=True):
            found = {labels.get(self._label(cell.text)) for cell in grid.cells} - {None, IGNORED}
            if not found or not self.begins(form, grid):
                continue
            columns = max((len(one.cells) for one in self._list_headers(form, grid)), default=0)
            if (columns and len(found) + columns >= SURE) or (found & ABOUT and len(found) >= SURE):
                return form
        return None

    def titled(self, form: Form, text: str) -> str | None:
        """What a title such as `…项目绩效目标表` names."""
        key = "".join(text.split())
        end = next((one for one in sorted(form.title_ends, key=len, reverse=True) if key.endswith(one)), None)
        return key[: -len(end)] or None if end else None

    def begins(self, form: Form, grid: Grid) -> bool:
        """Whether a label stands in a grid that begins a form of this kind."""
        labels = {self._label(cell.text) for cell in grid.cells}
        return not labels.isdisjoint(normal(form.start)) and labels.isdisjoint(normal(form.never))

    def goes_on(self, before: OpenForm, after: OpenForm) -> bool:
        """Whether a form is the next page of the one before, which prints its head again: all that its labels tell is
        the same, and its lists are others.
        """
        told = [{name: printed.text for name, printed in form.values.items()} for form in (before, after)]
        listed = [
            [[(place, cell.text) for place, cell in row.cells.items()] for one in form.lists for row in one.rows]
            for form in (before, after)
        ]
        return (
            before.form is after.form
            and after.first_page == before.last_page + 1
            and len(told[0]) > 1
            and told[0] == told[1]
            and bool(listed[1])
            and listed[0] != listed[1]
        )

    def read(self, opened: OpenForm, grid: Grid) -> None:
        """Adds the labelled values and the list rows of one page of a form."""
        place = self.forms.index(opened.form)
        labels, below = self._labels[place], self._below[place]
        headers = self._list_headers(opened.form, grid)
        named = ((cell, self._name_of(cell, grid, labels)) for cell in grid.cells)
        columns = [cell for header in headers for cell in header.cells.values()]
        labelled = [(c, name) for c, name in named if name is not None and not any(c is cell for cell in columns)]
        going_on = opened.lists[-1] if opened.lists else None
        if going_on is not None:  # what stands beside all rows of a list that goes on labels the list, and no value
            labelled = [(cell, name) for cell, name in labelled if cell.row or not _is_beside_rows(cell, grid)]
        regions = _regions(headers, [cell for cell, _ in labelled], len(grid.ys), going_on is not None)
        head = [
            cell
            for cell in grid.cells
            if not any(start <= cell.row < end for start, end in regions)
            or any(one.is_right_of(cell) for one in headers)
        ]
        used: set[Cell] = set() if regions and regions[0][0] == 0 else set(_rest_of_value(opened, grid, labelled))
        used |= set(self._inside(opened, head, grid.page))
        headings = [cell for cell in grid.cells if any(one.row <= cell.row < one.end for one in headers)]
        labelled = [(cell, name) for cell, name in labelled if cell in head]
        self._take_values(opened, grid, labelled, headings, used, below)
        for cell in (*head, *headings):
            opened.unit = opened.unit or self._units.unit(compared(cell.text))
        # a cell in the first column is a label of the form, known or not; one right of it holds something
        opened.unclaimed.extend(
            Printed(cell.text, grid.page, cell.box)
            for cell in head
            if cell not in used and cell.col > 0 and not self._units.unit(compared(cell.text))
        )
        if going_on is not None and regions and regions[0][0] == 0 and not (headers and headers[0].row == 0):
            opened.unclaimed.extend(_take_rows(going_on, grid, *regions.pop(0), used))
        for header, (_, end) in zip(headers, regions, strict=True):
            self._take_list(opened, header, grid, end, used)

    def _take_values(
        self,
        opened: OpenForm,
        grid: Grid,
        labelled: Sequence[tuple[Cell, str]],
        headings: Sequence[Cell],
        used: set[Cell],
        below: Mapping[str, str],
    ) -> None:
        """The values right of their labels, or under them; right of a label in the header of a list stands the heading
        of another column.
        """
        at = {(cell.row, cell.col): cell for cell in grid.cells}
        for cell, name in labelled:
            used.add(cell)
            value = None if cell in headings else at.get((cell.row, cell.col_end))
            beside = value is not None and any(value is label for label, _ in labelled)
            if self._name_of(cell, grid, below) and (value is None or beside):
                under = at.get((cell.row_end, cell.col))
                value = under if under and under.col_end == cell.col_end else None  # wider: beside another label
            if value is None or any(value is label for label, _ in labelled):
                continue
            value, *more = _under(value, cell, grid) if name in ABOUT else [value]
            used |= {value, *more}
            if name == IGNORED:
                continue
            # the same label twice in a row: the year's value stands right of that of all years
            again = any(n == name and c.row == cell.row and c.col < cell.col for c, n in labelled)
            for one, text in _split(opened.form, name, "\n".join(cell.text for cell in (value, *more))):
                if again or one not in opened.values:
                    opened.values[one] = Printed(text, grid.page, value.box)
                opened.lowest = one

    def _inside(self, opened: OpenForm, cells: Sequence[Cell], page: int) -> Iterator[Cell]:
        """Cells that hold a label and its value."""
        for name, words in opened.form.inside.items():
            for cell in cells:
                label, colon, _ = compared(cell.text).partition(":")
                if colon and label in normal(words) and (text := cell.text[_after_colon(cell.text) :]):
                    opened.values.setdefault(name, Printed(text, page, cell.box))
                    yield cell

    def _name_of(self, cell: Cell, grid: Grid, labels: Mapping[str, str]) -> str | None:
        """The field that a cell is the label of. A label that means something under a heading only is a path."""
        label = self._label(cell.text)
        above = (one for one in grid.cells if one.row_end == cell.row and one.col <= cell.col < one.col_end)
        paths = (f"{self._label(one.text)}{PATH}{label}" for one in above) if label in self._leaves else ()
        return next((name for path in paths if (name := labels.get(path))), labels.get(label))

    def _label_of(self, text: str) -> str:
        """A label in the form in which it is compared: without unit, colon and what may stand before it."""
        key = self._units.without(compared(text)).rstrip(":")
        while before := next((word for word in self._before if key.startswith(word) and len(key) > len(word)), None):
            key = key[len(before) :]
        return key

    def _list_headers(self, form: Form, grid: Grid) -> list[_ListHeader]:
        """The headers of lists in a grid from top to bottom."""
        found = []
        for known in form.list:
            names = self._columns[known.dataset]
            columns = _by_word(names)
            rank = {word: place for words in names.values() for place, word in enumerate(normal(words))}
            named = [(cell, name) for cell in grid.cells if (name := columns.get(self._label(cell.text)))]
            named.sort(key=lambda one: rank[self._label(one[0].text)])  # a field's first words are the surest
            for row in sorted({cell.row for cell, _ in named}):
                beside = {name: cell for cell, name in reversed(named) if cell.row == row}
                if not set(known.needs) <= beside.keys():
                    continue
                end = max(beside[name].row_end for name in known.needs)
                cells = {name: cell for cell, name in reversed(named) if row <= cell.row < end}
                found.append(_ListHeader(known, row, end, cells))
                break
        return sorted(found, key=lambda one: one.row)

    def _take_list(self, opened: OpenForm, header: _ListHeader, grid: Grid, end: int, used: Container[Cell]) -> None:
        ordered = sorted(header.cells.items(), key=lambda one: one[1].col)
        after = [cell.col for _, cell in ordered[1:]] + [len(grid.xs) - 1]
        # a heading that is merged over the rows of its list, too, is that of the column beside it
        starts = [cell.col_end if cell.row_end > header.end else cell.col for _, cell in ordered]
        ends = [
            stop if cell.row_end > header.end else cell.col_end for (_, cell), stop in zip(ordered, after, strict=True)
        ]
        leaves = tuple((grid.xs[start], grid.xs[end]) for start, end in zip(starts, ends, strict=True))
        fields = tuple(name for name, _ in ordered)
        going_on = next((one for one in opened.lists if one.known is header.known), None)
        if going_on is None:
            going_on = OpenList(header.known, leaves, fields, tuple(cell.text for _, cell in ordered))
            opened.lists.append(going_on)
        elif set(fields) == set(going_on.fields):
            going_on.leaves = tuple(leaves[fields.index(name)] for name in going_on.fields)
        opened.unclaimed.extend(_take_rows(going_on, grid, header.end, end, used))
        for row in [one for one in going_on.rows if _is_total(one, header.known)]:
            going_on.rows.remove(row)
            for place, name in enumerate(going_on.fields):
                target = header.known.sums.get(name)
                if target and place in row.cells:
                    opened.values.setdefault(target, row.cells[place])


def _regions(headers: Sequence[_ListHeader], labels: Sequence[Cell], rows: int, goes_on: bool) -> list[tuple[int, int]]:
    """The rows of each list, its header included: down to the next list or to a label that stands left of it.

    A list of the page before goes on from the first row if no label stands there.
    """
    starts = [(header.row, min(cell.col for cell in header.cells.values())) for header in headers]
    if goes_on and not (starts and starts[0][0] == 0) and not any(cell.row == 0 for cell in labels):
        starts.insert(0, (0, 1))
    regions = []
    for index, (row, col) in enumerate(starts):
        after = starts[index + 1][0] if index + 1 < len(starts) else rows
        stops = [cell.row for cell in labels if row < cell.row < after and cell.col < max(col, 1)]
        regions.append((row, min([after, *stops])))
    return regions


def _is_beside_rows(cell: Cell, grid: Grid) -> bool:
    """Whether several cells stand one below the other at the right of a cell."""
    return sum(one.col == cell.col_end and cell.row <= one.row < cell.row_end for one in grid.cells) > 1


def _under(value: Cell, label: Cell, grid: Grid) -> list[Cell]:
    """A text with those below it beside the same label: a text on several rows of the whole width."""
    more = [
        cell
        for cell in grid.cells
        if cell.col == value.col
        and cell.col_end == value.col_end == len(grid.xs) - 1
        and value.row_end <= cell.row
        and cell.row_end <= label.row_end
    ]
    return [value, *sorted(more, key=lambda cell: cell.row)]


def _is_total(row: RawRow, known: FormList) -> bool:
    return any(compared(printed.text) in normal(known.totals) for printed in row.cells.values())


def _after_colon(text: str) -> int:
    return 1 + min(place for sign in ":：" if (place := text.find(sign)) >= 0)


def _by_word(words: Mapping[str, list[str]]) -> dict[str, str]:
    return {word: name for name, texts in words.items() for word in normal(texts)}


def _split(form: Form, name: str, text: str) -> list[tuple[str, str]]:
    found = _CODED.fullmatch(text) if name in form.split else None
    return [(form.split[name], found["code"]), (name, found["rest"])] if found else [(name, text)]


def _rest_of_value(opened: OpenForm, grid: Grid, labelled: Sequence[tuple[Cell, str]]) -> list[Cell]:
    """The cell at the top of a further page that goes on with the value that the page break cut; it is joined to that
    value.
    """
    before = opened.values.get(opened.lowest or "")
    top = [cell for cell in grid.cells if cell.row == 0 and not any(cell is label for label, _ in labelled)]
    if before is None or before.page >= grid.page or len(top) != 1 or any(cell.row == 0 for cell, _ in labelled):
        return []
    opened.values[opened.lowest or ""] = before._replace(text=before.text + top[0].text)
    return top


def _take_rows(opened: OpenList, grid: Grid, start: int, end: int, used: Container[Cell]) -> list[Printed]:
    """Adds rows of a grid to a list; gives what they hold that stands in none of its columns. What is merged over rows
    there is no part of one, and what stands in the first column labels them.
    """
    aside = _aside(opened, grid)
    leaves = [(x0 + aside, x1 + aside, place) for place, (x0, x1) in enumerate(opened.leaves)]
    fill = {place for place, name in enumerate(opened.fields) if name in opened.known.fill}
    rows: dict[int, RawRow] = {}
    beside: list[Cell] = []
    held = [cell for cell in grid.cells if start <= cell.row < end]
    for cell in held:
        # a cell merged over several columns stands in that of its middle, else in that of its left
        middles = (grid.xs[cell.col] + grid.xs[right] for right in (cell.col_end, cell.col + 1))
        place = next((place for x in middles for x0, x1, place in leaves if x0 < x / 2 < x1), None)
        if place is not None:
            add_cell(rows, cell, place, fill, grid.page)
        elif cell.col > 0 and cell.row_end == cell.row + 1 and cell.text and cell not in used:
            beside.append(cell)
    ordered = [row for _, row in sorted(rows.items())]
    before = opened.rows[-1] if opened.rows else None
    if ordered and before and before.page < grid.page and _is_rest(ordered[0], before, len(leaves), fill):
        for place, printed in ordered.pop(0).cells.items():
            cut = before.cells[place]
            before.cells[place] = cut._replace(text=cut.text + printed.text)
    opened.rows.extend(ordered)
    return [Printed(cell.text, grid.page, cell.box) for cell in (beside if rows else held)]


def _aside(opened: OpenList, grid: Grid) -> float:
    """How far a grid that goes on with a list stands to the right of it: the pages are beside each other on a sheet."""
    left, right = min(x0 for x0, _ in opened.leaves), max(x1 for _, x1 in opened.leaves)
    return grid.xs[-1] - right if grid.xs[0] >= right or grid.xs[-1] <= left else 0.0


def _is_rest(row: RawRow, before: RawRow, width: int, fill: Container[int]) -> bool:
    """Whether the first row of a page is only the rest of the row before: it lacks some of what every row has."""
    own = [place for place in range(width) if place not in fill]
    present = [place for place in own if place in row.cells]
    return (
        0 < len(present) < len(own)
        and row.cells.keys() <= before.cells.keys()
        and all(place in before.cells for place in own)
    )
