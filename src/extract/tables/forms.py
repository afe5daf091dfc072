"""Printed forms: values that stand right of their labels, and a list below a header of its own."""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from extract.model.page import Box, Cell, Grid
from extract.schemas.vocabulary import Form, Vocabulary, normal
from extract.tables.printed_rows import Printed, RawRow, add_cell
from extract.text import compared

_UNIT = re.compile(r"\((?:单位:|金额单位:)?(?P<unit>元|千元|万元|亿元)\)")
_CODED = re.compile(r"[\[【(]?(?P<code>\d+)[\]】)]?[_\-]?(?P<rest>\D.*)")
SURE = 3  # labels of a form on a page without a title


@dataclass(slots=True)
class OpenForm:
    """A form while its fragments are gathered: values of its labelled cells by field, and the rows of its list.

    `fields` are the fields of the columns of the list, by place; `headings` what their headers say.
    """

    form: Form
    title: str | None
    first_page: int
    last_page: int
    engine: str
    box: Box
    target_type: str = "project"
    owner: str | None = None  # the project that the title alone names
    unit: str | None = None
    values: dict[str, Printed] = field(default_factory=dict)
    lowest: str | None = None  # the field whose value stands lowest on the last page
    leaves: tuple[tuple[float, float], ...] = ()
    fields: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    rows: list[RawRow] = field(default_factory=list)
    unclaimed: list[Printed] = field(default_factory=list)


class FormReader:
    """Reads forms with one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.forms = vocabulary.form
        self._before = tuple(sorted(normal(vocabulary.header.before), key=len, reverse=True))
        self._labels = [_by_word(form.labels) for form in self.forms]
        self._columns = [_by_word(form.list.columns) for form in self.forms]

    def told_by_labels(self, grid: Grid) -> Form | None:
        """The form that a grid is, if its labels alone tell it."""
        for form, labels in zip(self.forms, self._labels, strict=True):
            found = {labels.get(self._label(cell.text)) for cell in grid.cells} - {None}
            if len(found) >= SURE and self.begins(form, grid) and self._list_header(form, grid):
                return form
        return None

    def begins(self, form: Form, grid: Grid) -> bool:
        """Whether a label stands in a grid that begins a form of this kind."""
        start = set(normal(form.start))
        return any(self._label(cell.text) in start for cell in grid.cells)

    def read(self, opened: OpenForm, grid: Grid) -> None:
        """Adds the labelled values and the list rows of one page of a form."""
        labels = self._labels[self.forms.index(opened.form)]
        in_list = bool(opened.leaves)
        header = self._list_header(opened.form, grid)
        list_row = self._take_list_header(opened, grid, header) if header else None
        top = list_row if list_row is not None else (0 if in_list else len(grid.ys))
        head = [cell for cell in grid.cells if cell.row < top]
        labelled = [(cell, name) for cell in head if (name := labels.get(self._label(cell.text)))]
        used: set[Cell] = set() if in_list or list_row == 0 else set(_rest_of_value(opened, grid, labelled))
        used |= set(self._inside(opened, head, grid.page))
        at = {(cell.row, cell.col): cell for cell in grid.cells}
        for cell, name in labelled:
            used.add(cell)
            value = at.get((cell.row, cell.col_end))
            if value is None or any(value is label for label, _ in labelled):
                continue
            used.add(value)
            for one, text in _split(opened.form, name, value.text):
                opened.values.setdefault(one, Printed(text, grid.page, value.box))
                opened.lowest = one
        for cell in head:
            if found := _UNIT.search(compared(cell.text)):
                opened.unit = opened.unit or found["unit"]
        # a cell in the first column is a label of the form, known or not; one right of it holds something
        opened.unclaimed.extend(
            Printed(c.text, grid.page, c.box) for c in head if c not in used and c.col > 0 and not _UNIT.search(compared(c.text))
        )
        if opened.leaves:
            _take_list_rows(opened, grid, top + 1 if list_row is not None else 0)

    def _inside(self, opened: OpenForm, cells: Sequence[Cell], page: int) -> Iterator[Cell]:
        """Cells that hold a label and its value."""
        for name, words in opened.form.inside.items():
            for cell in cells:
                label, colon, _ = compared(cell.text).partition(":")
                if colon and label in normal(words) and (text := cell.text[_after_colon(cell.text) :]):
                    opened.values.setdefault(name, Printed(text, page, cell.box))
                    yield cell

    def _label(self, text: str) -> str:
        """A label in the form in which it is compared: without unit, colon and what may stand before it."""
        key = _UNIT.sub("", compared(text)).rstrip(":")
        while before := next((word for word in self._before if key.startswith(word) and len(key) > len(word)), None):
            key = key[len(before) :]
        return key

    def _list_header(self, form: Form, grid: Grid) -> tuple[int, dict[str, Cell]] | None:
        """The row with the header of the list, and its cells by field."""
        columns = self._columns[self.forms.index(form)]
        by_row: dict[int, dict[str, Cell]] = {}
        for cell in grid.cells:
            name = columns.get(self._label(cell.text))
            if name:
                by_row.setdefault(cell.row, {}).setdefault(name, cell)
        rows = ((row, found) for row, found in sorted(by_row.items()) if found.keys() >= set(form.list.needs))
        return next(rows, None)

    def _take_list_header(self, opened: OpenForm, grid: Grid, header: tuple[int, dict[str, Cell]]) -> int:
        row, found = header
        ordered = sorted(found.items(), key=lambda one: one[1].col)
        opened.fields = tuple(name for name, _ in ordered)
        opened.leaves = tuple((grid.xs[cell.col], grid.xs[cell.col_end]) for _, cell in ordered)
        opened.headings = tuple(cell.text for _, cell in ordered)
        return row


def _after_colon(text: str) -> int:
    return 1 + min(place for sign in ":：" if (place := text.find(sign)) >= 0)


def _by_word(words: Mapping[str, list[str]]) -> dict[str, str]:
    return {word: name for name, texts in words.items() for word in normal(texts)}


def _split(form: Form, name: str, text: str) -> list[tuple[str, str]]:
    found = _CODED.fullmatch(text) if name in form.split else None
    return [(form.split[name], found["code"]), (name, found["rest"])] if found else [(name, text)]


def _rest_of_value(opened: OpenForm, grid: Grid, labelled: Sequence[tuple[Cell, str]]) -> list[Cell]:
    """The cell at the top of a further page that goes on with the value that the page break cut; it is joined to that value."""
    before = opened.values.get(opened.lowest or "")
    top = [cell for cell in grid.cells if cell.row == 0 and not any(cell is label for label, _ in labelled)]
    if before is None or before.page >= grid.page or len(top) != 1:
        return []
    opened.values[opened.lowest or ""] = before._replace(text=before.text + top[0].text)
    return top


def _take_list_rows(opened: OpenForm, grid: Grid, start: int) -> None:
    leaves = [(x0, x1, place) for place, (x0, x1) in enumerate(opened.leaves)]
    fill = {place for place, name in enumerate(opened.fields) if name in opened.form.list.fill}
    rows: dict[int, RawRow] = {}
    for cell in grid.cells:
        middle = (grid.xs[cell.col] + grid.xs[cell.col_end]) / 2
        place = next((place for x0, x1, place in leaves if x0 < middle < x1), None)
        if cell.row >= start and place is not None:
            add_cell(rows, cell, place, fill, grid.page)
    ordered = [row for _, row in sorted(rows.items())]
    before = opened.rows[-1] if opened.rows else None
    if ordered and before and before.page < grid.page and _is_rest(ordered[0], before, len(leaves), fill):
        for place, printed in ordered.pop(0).cells.items():
            cut = before.cells[place]
            before.cells[place] = cut._replace(text=cut.text + printed.text)
    opened.rows.extend(ordered)


def _is_rest(row: RawRow, before: RawRow, width: int, fill: Container[int]) -> bool:
    """Whether the first row of a page is only the rest of the row before: it lacks some of what every row has."""
    own = [place for place in range(width) if place not in fill]
    present = [place for place in own if place in row.cells]
    return (
        0 < len(present) < len(own)
        and row.cells.keys() <= before.cells.keys()
        and all(place in before.cells for place in own)
    )
