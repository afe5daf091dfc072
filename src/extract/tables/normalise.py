"""Printed tables → typed rows with the facts behind their amounts, and the cells that no column claims."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from extract.model.report import Fact, PrintedCell, PrintedColumn, PrintedTable, Row, Table, Unclaimed
from extract.schemas.grammar import Block, Dataset, Schemas
from extract.tables.assemble import Assembled, OpenTable, Unknown
from extract.tables.cells import Read, RowReader, read_amount
from extract.tables.forms import OpenForm
from extract.tables.printed_rows import Printed, RawRow
from extract.tables.recognise import Captured, Leaf
from extract.tables.targets import TargetParser
from extract.text import compared

PADDING = 6.0  # points: the most that a word processor leaves between text and ruling of itself


@dataclass(slots=True)
class Normalised:
    """What a document's tables say. `columns` are the columns that each dataset's tables print, blank or not."""

    tables: list[Table] = field(default_factory=list)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    columns: dict[str, set[str]] = field(default_factory=dict)
    unclaimed: list[Unclaimed] = field(default_factory=list)


class Normaliser:
    """Turns the tables of one document into rows, numbered through the document for each dataset."""

    def __init__(self, schemas: Schemas, targets: TargetParser, fiscal_year: int | None) -> None:
        self._schemas = schemas
        self._targets = targets
        self._fiscal_year = fiscal_year
        self._conventions = schemas.conventions
        self.result = Normalised()

    def add(self, table: Assembled) -> None:
        index = len(self.result.tables) + 1
        if isinstance(table, OpenTable):
            self._add_table(table, index)
        elif isinstance(table, OpenForm):
            self._add_form(table, index)
        else:
            self._add_unknown(table, index)

    # ---- list tables ----

    def _add_table(self, table: OpenTable, index: int) -> None:
        known = table.known.table
        dataset = self._schemas.datasets[known.dataset]
        _join_cut_rows(table, _needed(dataset))
        before = len(self.result.rows.setdefault(known.dataset, []))
        printed = self.result.columns.setdefault(known.dataset, set())
        printed.update(name for leaf in table.leaves if leaf.column for name in leaf.column.fields())
        values: dict[tuple[int, int], str] = {}
        for number, block in enumerate(known.blocks()):
            values |= self._add_block(table, dataset, index, number, block)
        self._add_columnless(table, index)
        self.result.tables.append(
            Table(
                known.dataset,
                table.known.layout.name,
                dict(table.captured).get("number") or table.number,
                table.title,
                table.unit,
                table.first_page,
                table.last_page,
                len(self.result.rows[known.dataset]) - before,
                "".join(table.notes) or None,
                table.engine,
                (
                    _listing(
                        known.dataset,
                        [PrintedColumn(leaf.path, _field(leaf)) for leaf in table.leaves],
                        table.rows,
                        values,
                    ),
                ),
            )
        )

    def _add_block(
        self, table: OpenTable, dataset: Dataset, index: int, number: int, block: Block
    ) -> dict[tuple[int, int], str]:
        """Adds the rows of one block; for each cell, by the number of its row and the place of its column, the value made of it."""
        mine = [(place, leaf) for place, leaf in enumerate(table.leaves) if leaf.block == number and leaf.column]
        constants = self._constants(block, table.captured, dataset)
        unit = self._conventions.units.get(table.unit or "")
        readers = []
        for captured in dict.fromkeys(leaf.captured for _, leaf in mine):
            leaves = {place: leaf for place, leaf in mine if leaf.captured == captured}
            preset = {**constants, **self._typed(dataset, captured)}
            fields = {place: name for place, leaf in leaves.items() if (name := _field(leaf))}
            readers.append(
                (preset, fields, RowReader(dataset, leaves, unit, self._conventions.text.dash.fullmatch, index))
            )
        filled: dict[str, Any] = {}
        made: dict[tuple[int, int], str] = {}
        for place, raw in enumerate(table.rows):
            for preset, fields, reader in readers:
                read = reader.read(raw)
                for name in table.known.table.fill:
                    filled[name] = read.values.get(name) or filled.get(name)
                if read.values:
                    row = self._append(dataset, raw.page, {**preset, **filled, **read.values}, read.amounts, table.unit)
                    made |= {(place, column): f"{dataset.name}:{row}:{name}" for column, name in fields.items()}
        for *_, reader in readers:
            self.result.unclaimed.extend(reader.unclaimed)
        return made

    def _constants(self, block: Block, captured: Captured, dataset: Dataset) -> dict[str, Any]:
        set_values = {
            name: self._fiscal_year if value == "@fiscal_year" else value for name, value in block.set.items()
        }
        return {**set_values, **self._typed(dataset, captured)}

    def _typed(self, dataset: Dataset, captured: Captured) -> dict[str, Any]:
        return {
            name: int(text) if dataset.columns[name].type == "integer" else text
            for name, text in captured
            if text is not None and name in dataset.columns
        }

    def _add_columnless(self, table: OpenTable, index: int) -> None:
        """Cells in columns that no header names."""
        headed = {place for place, leaf in enumerate(table.leaves) if leaf.column}
        for number, raw in enumerate(table.rows, 1):
            for place, printed in raw.cells.items():
                if place not in headed:
                    self._unclaim(printed, index, number, place + 1)

    # ---- forms ----

    def _add_form(self, form: OpenForm, index: int) -> None:
        declared = form.known.form
        dataset = self._schemas.datasets[declared.dataset]
        unit = self._conventions.units.get(form.unit or "")
        self.result.columns.setdefault(declared.dataset, set()).update(form.values)
        values: dict[str, Any] = {}
        amounts: dict[str, Read] = {}
        for name, printed in form.values.items():
            if dataset.columns[name].type != "money":
                if not self._conventions.text.dash.fullmatch(compared(printed.text)):
                    values[name] = printed.text
                continue
            read = read_amount(printed, unit, self._conventions.text.dash.fullmatch)
            if read is None:
                self._unclaim(printed, index, None, None)
            else:
                amounts[name] = read
                values[name] = read.value
        target = self._append(dataset, form.first_page, values, amounts, form.unit)
        lists = self._add_list(form, target, values.get("project_name"))
        for printed in form.unclaimed:
            self._unclaim(printed, index, None, None)
        head = RawRow(form.first_page, dict(enumerate(form.values.values())))
        labels = [PrintedColumn((dataset.columns[name].zh,), name) for name in form.values]
        made = {(0, place): f"{dataset.name}:{target}:{name}" for place, name in enumerate(form.values)}
        self.result.tables.append(
            Table(
                declared.dataset,
                form.known.layout.name,
                None,
                form.title,
                form.unit,
                form.first_page,
                form.last_page,
                len({place for place, _ in lists}),
                None,
                form.engine,
                (
                    _listing(declared.dataset, labels, [head], made),
                    _listing(declared.list.dataset, _list_headings(form), form.rows, lists),
                ),
            )
        )

    def _add_list(self, form: OpenForm, target_row: int, project_name: str | None) -> dict[tuple[int, int], str]:
        """Adds the rows of the list; for each cell, by the number of its row and the place of its column, the value made of it."""
        layout = form.known.form.list
        dataset = self._schemas.datasets[layout.dataset]
        names = [column.field or "" for column in layout.columns]
        filled: dict[str, str] = {}
        made: dict[tuple[int, int], str] = {}
        for index, raw in enumerate(form.rows):
            values: dict[str, Any] = {names[place]: printed.text for place, printed in sorted(raw.cells.items())}
            for depth, name in enumerate(layout.fill):
                if name in values:
                    filled = {key: filled[key] for key in layout.fill[:depth] if key in filled} | {name: values[name]}
            content = [name for name in values if name not in layout.fill]
            if not content:
                continue
            target = self._targets.parse(values["target"]) if values.get("target") else None
            if target:
                values |= {"operator": target.operator, "value": target.value, "target_unit": target.unit}
            row = self._append(
                dataset,
                raw.page,
                {"target_row": target_row, "project_name": project_name, **filled, **values},
                {},
                None,
            )
            made |= {(index, place): f"{dataset.name}:{row}:{name}" for place, name in enumerate(names)}
        return made

    # ---- what no layout knows ----

    def _add_unknown(self, table: Unknown, index: int) -> None:
        self.result.tables.append(
            Table(None, None, None, table.title, None, table.page, table.page, 0, None, table.engine)
        )
        for cell in table.cells:
            self.result.unclaimed.append(Unclaimed(index, cell.row + 1, cell.col + 1, cell.text, table.page, cell.box))
        for line in table.lines:
            self.result.unclaimed.append(Unclaimed(index, None, None, line.text, line.page, line.box))

    def _unclaim(self, printed: Printed, table: int, row: int | None, column: int | None) -> None:
        self.result.unclaimed.append(Unclaimed(table, row, column, printed.text, printed.page, printed.box))

    def _append(
        self, dataset: Dataset, page: int, values: Mapping[str, Any], amounts: Mapping[str, Read], unit: str | None
    ) -> int:
        """Adds a row and its facts; returns its number."""
        rows = self.result.rows.setdefault(dataset.name, [])
        number = len(rows) + 1
        label = values.get(dataset.label or "")
        item = None if label is None else str(label)
        code = values.get(dataset.code or "")
        is_total = item is not None and self._conventions.text.total.fullmatch(compared(item)) is not None
        level = _level(dataset, code)
        facts = {
            column: Fact(
                dataset.name,
                number,
                column,
                item,
                code,
                is_total,
                level,
                read.value,
                read.half,
                unit or "",
                read.origin,
            )
            for column, read in amounts.items()
        }
        rows.append(Row(number, page, values, facts))
        return number


def _field(leaf: Leaf) -> str | None:
    """The field that a column fills; of several in one text the first."""
    if leaf.column is None:
        return None
    return leaf.column.field or next(iter(leaf.column.split.groupindex if leaf.column.split else ()), None)


def _list_headings(form: OpenForm) -> list[PrintedColumn]:
    return [
        PrintedColumn((text,), column.field)
        for text, column in zip(form.headings, form.known.form.list.columns, strict=False)
    ]


def _listing(
    dataset: str, columns: Sequence[PrintedColumn], rows: Sequence[RawRow], values: Mapping[tuple[int, int], str]
) -> PrintedTable:
    """What is printed, with the value made of each cell by the number of its row and the place of its column."""
    body = (
        tuple(
            PrintedCell(place, cell.page, cell.box, cell.text, values.get((number, place)))
            for place, cell in sorted(raw.cells.items())
        )
        for number, raw in enumerate(rows)
    )
    return PrintedTable(dataset, tuple(columns), tuple(body))


def _level(dataset: Dataset, code: str | None) -> int | None:
    if code is None or dataset.code is None:
        return None
    levels = dataset.columns[dataset.code].levels
    return levels.index(len(code)) + 1 if len(code) in levels else None


def _needed(dataset: Dataset) -> set[str]:
    """The fields of which a row has at least one: its code and its amounts."""
    return {*dataset.money(), *([dataset.code] if dataset.code else [])}


def _join_cut_rows(table: OpenTable, needed: Container[str]) -> None:
    """Joins the first row of a page to the last of the page before, where it is only the rest of a row that the page break cut.

    A rest has no code and no amount. Where rows may be only a name, the text before the break must also have filled its column to the edge.
    """
    names_alone = any("side" in block.set for block in table.known.table.blocks())
    required = {
        place
        for place, leaf in enumerate(table.leaves)
        if leaf.column and any(name in needed for name in leaf.column.fields())
    }
    for start in reversed(table.breaks):
        if not 0 < start < len(table.rows):
            continue
        rest, before = table.rows[start], table.rows[start - 1]
        if rest.page == before.page or required & rest.cells.keys() or not rest.cells.keys() <= before.cells.keys():
            continue
        if names_alone and not all(
            _fills(before.cells[place], table.leaves[place], printed) for place, printed in rest.cells.items()
        ):
            continue
        for place, printed in rest.cells.items():
            before.cells[place] = before.cells[place]._replace(text=before.cells[place].text + printed.text)
        del table.rows[start]


def _fills(printed: Printed, leaf: Leaf, rest: Printed) -> bool:
    """Whether a text leaves no room in its column for the first character of the rest."""
    character = min((rest.box.x1 - rest.box.x0) / len(rest.text), rest.box.bottom - rest.box.top)
    padding = min(max(printed.box.x0 - leaf.x0, 0.0), PADDING)
    return leaf.x1 - printed.box.x1 - padding < character
