"""Printed forms: values that stand right of their labels, and a list below a header of its own."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from extract.model.page import Box, Cell, Grid
from extract.schemas.grammar import Column, Pattern
from extract.tables.printed_rows import Printed, RawRow, add_cell
from extract.tables.recognise import KnownForm
from extract.text import compared


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
    headings: tuple[str, ...] = ()  # what the header of the list says, one text a leaf
    rows: list[RawRow] = field(default_factory=list)
    unclaimed: list[Printed] = field(default_factory=list)


def read_form(form: OpenForm, grid: Grid) -> None:
    """Adds the labelled values and the list rows of one page of a form."""
    layout = form.known.form
    in_list = bool(form.leaves)
    list_row = _find_list_header(form, grid)
    top = list_row if list_row is not None else (0 if form.leaves else len(grid.ys))
    labels = [
        (cell, column)
        for cell in grid.cells
        if cell.row < top
        for column in layout.cells
        if column.header.fullmatch(compared(cell.text))
    ]
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
    # a cell in the first column is a label of the form, known or not; one right of it holds something
    form.unclaimed.extend(
        Printed(c.text, grid.page, c.box) for c in grid.cells if c.row < top and c not in used and c.col > 0
    )
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
            form.leaves = tuple(
                (grid.xs[found[index].col], grid.xs[found[index].col_end]) for index in range(len(columns))
            )
            form.headings = tuple(found[index].text for index in range(len(columns)))
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
            add_cell(rows, cell, place, fill, grid.page)
    ordered = [row for _, row in sorted(rows.items())]
    if (
        ordered
        and form.rows
        and form.rows[-1].page < grid.page
        and _is_rest(ordered[0], form.rows[-1], len(leaves), fill)
    ):
        for place, printed in ordered.pop(0).cells.items():
            before = form.rows[-1].cells[place]
            form.rows[-1].cells[place] = before._replace(text=before.text + printed.text)
    form.rows.extend(ordered)


def _is_rest(row: RawRow, before: RawRow, width: int, fill: Container[int]) -> bool:
    """Whether the first row of a page is only the rest of the row before: it lacks some of what every row has."""
    own = [place for place in range(width) if place not in fill]
    present = [place for place in own if place in row.cells]
    return (
        0 < len(present) < len(own)
        and row.cells.keys() <= before.cells.keys()
        and all(place in before.cells for place in own)
    )
