"""Printed tables → typed rows with the facts behind their amounts, and the cells that no column claims."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from extract.amounts import amount
from extract.model.page import Box
from extract.model.report import Fact, PrintedCell, PrintedColumn, PrintedTable, Row, Table, Unclaimed
from extract.schemas.grammar import Dataset, Schemas
from extract.tables.assemble import Assembled, OpenTable, Unknown
from extract.tables.cells import Read, RowReader, RowValues, read_amount
from extract.tables.columns import ColumnReader
from extract.tables.forms import OpenForm, OpenList
from extract.tables.mended_rows import columns_needed, depths, join_cut_rows, return_amounts
from extract.tables.printed_rows import Printed, RawRow
from extract.tables.projects import project_blocks
from extract.tables.shapes import TARGET_SIGN, Leaf, Preset
from extract.tables.targets import TargetParser
from extract.text import compared

AMOUNTS = "amounts"  # the long dataset of amounts that no other holds
LEVELS = ("level_1", "level_2")  # merged labels of indicators, filled down
ONE = Decimal(1)
NOWHERE = Box(0.0, 0.0, 0.0, 0.0)

Made = dict[tuple[int, int], str]  # (number of the printed row, place of the column) → the value made of the cell


@dataclass(slots=True)
class Normalised:
    """What a document's tables say. `columns` are the columns that each dataset's tables print, blank or not."""

    tables: list[Table] = field(default_factory=list)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    columns: dict[str, set[str]] = field(default_factory=dict)
    unclaimed: list[Unclaimed] = field(default_factory=list)


class Normaliser:
    """Turns the tables of one document into rows, numbered through the document for each dataset."""

    def __init__(
        self,
        schemas: Schemas,
        targets: TargetParser,
        columns: ColumnReader,
        fiscal_year: int | None,
        place: str | None,
    ) -> None:
        self._schemas = schemas
        self._targets = targets
        self._columns = columns
        self._fiscal_year = fiscal_year
        self._place = place
        self._is_dash = schemas.conventions.text.dash.fullmatch
        self._form_unit: Decimal | None = None
        self.result = Normalised()

    def add(self, table: Assembled) -> None:
        index = len(self.result.tables) + 1
        if isinstance(table, OpenTable) and table.shape.kind:
            self._add_table(table, index)
        elif isinstance(table, OpenForm):
            self._add_form(table, index)
        elif isinstance(table, Unknown):
            self._add_unknown(table, index)
        else:
            self._add_homeless(table, index)

    # ---- list tables ----

    def _add_table(self, table: OpenTable, index: int) -> None:
        kind = table.shape.kind
        assert kind
        dataset = self._schemas.datasets[kind.dataset]
        join_cut_rows(table, columns_needed(dataset) | ({"target"} if kind.indicators else set()))
        if table.shape.rows == "sides":
            return_amounts(table)
        listed = kind.indicators if any(leaf.field == "level_3" for leaf in table.leaves) else None
        counted = listed or kind.dataset
        self.result.rows.setdefault(kind.dataset, [])
        before = len(self.result.rows.get(counted, []))
        printed = self.result.columns.setdefault(kind.dataset, set())
        printed.update(name for leaf in table.leaves if leaf.field for name in (leaf.field, *dict(leaf.preset)))
        if table.shape.rows == "turned":
            values = self._add_turned(table, dataset, index)
        elif listed:
            values = self._add_projects(table, dataset, self._schemas.datasets[listed], index)
        else:
            values = {}
            for number in dict.fromkeys(leaf.block for leaf in table.leaves):
                values |= self._add_block(table, dataset, index, number)
        self._add_columnless(table, index)
        rows = len(self.result.rows.get(counted, [])) - before
        headings = [PrintedColumn(leaf.path, leaf.field or None) for leaf in table.leaves]
        self.result.tables.append(
            self._table(table, kind.dataset, rows, (_listing(kind.dataset, headings, table.rows, values),))
        )

    def _table(self, table: OpenTable, dataset: str | None, rows: int, listings: tuple[PrintedTable, ...]) -> Table:
        return Table(
            dataset,
            self._place if dataset else None,
            table.number,
            table.title.text or None,
            table.unit,
            table.first_page,
            table.last_page,
            rows,
            self._empty_note(table),
            table.engine,
            listings,
            tuple(table.notes),
            tuple(table.parts),
            None if table.shape.kind and table.shape.kind.indicators else self._worth(table.unit),
            table.shape.unknown,
        )

    def _worth(self, unit: str | None) -> Decimal | None:
        """How many 万元 one printed unit is."""
        return self._schemas.conventions.units.get(unit or "")

    def _empty_note(self, table: OpenTable) -> str | None:
        """The note that explains why a table is empty: it says so, and the table holds no amount but zero; or the one
        that says that rows are withheld.
        """
        withheld = [note for note in table.notes if self._schemas.withheld.search(compared(note))]
        if withheld:
            return "".join(withheld)
        said = [note for note in table.notes if self._schemas.conventions.text.empty.search(compared(note))]
        amounts = (amount(printed.text) for raw in table.rows for printed in raw.cells.values())
        return None if any(read and read.value for read in amounts) else "".join(said) or None

    def _add_block(self, table: OpenTable, dataset: Dataset, index: int, number: int) -> Made:
        """Adds the rows of one block; for each cell, by the number of its row and the place of its column, the value
        made of it.
        """
        mine = {place: leaf for place, leaf in enumerate(table.leaves) if leaf.block == number and leaf.field}
        shared = {place: leaf for place, leaf in mine.items() if not self._is_money(dataset, leaf)}
        presets = list(dict.fromkeys(leaf.preset for leaf in mine.values() if self._is_money(dataset, leaf))) or [()]
        unit = self._schemas.conventions.units.get(table.unit or "")
        readers = []
        for preset in presets:
            leaves = {place: leaf for place, leaf in mine.items() if leaf.preset == preset or place in shared}
            constants = self._constants(table, dataset, [*shared.values()], preset)
            readers.append((constants, leaves, RowReader(dataset, leaves, unit, self._is_dash, index)))
        fill = table.shape.kind.fill if table.shape.kind else []
        filled: dict[str, Any] = {}
        made: Made = {}
        places = [place for place, leaf in mine.items() if leaf.field == dataset.label]
        depth_of = depths(table.rows, places[0]) if places else {}
        for place, raw in enumerate(table.rows):
            for constants, leaves, reader in readers:
                read = self._completed(reader.read(raw), constants, dataset)
                for name in fill:
                    filled[name] = read.values.get(name) or filled.get(name)
                years = len(presets) > 1 and not any(one in raw.cells for one in shared)
                if read.values or (years and raw.cells):
                    values = {**constants, **{k: v for k, v in filled.items() if v}, **read.values}
                    row = self._append(dataset, raw.page, values, read.amounts, table.unit, depth_of.get(place))
                    made |= {(place, one): f"{dataset.name}:{row}:{leaf.field}" for one, leaf in leaves.items()}
        for *_, reader in readers:
            self.result.unclaimed.extend(reader.unclaimed)
        return made

    def _is_money(self, dataset: Dataset, leaf: Leaf) -> bool:
        return leaf.field in dataset.columns and dataset.columns[leaf.field or ""].type == "money"

    def _constants(self, table: OpenTable, dataset: Dataset, stubs: Sequence[Leaf], preset: Preset) -> dict[str, Any]:
        """What every row of a block says that no cell of it does: what its header says, and the year that the table is
        for.
        """
        given: dict[str, Any] = {name: int(text) if name == "budget_year" else text for name, text in preset}
        given |= dict(leaf_preset for leaf in stubs for leaf_preset in leaf.preset)
        if "budget_year" in dataset.columns and "period" not in given:
            given.setdefault("budget_year", table.title.fiscal_year or self._fiscal_year)
        if "target_type" in dataset.columns:
            given["target_type"] = "special_fund" if "special_fund" in table.title.words else "project"
        if "department_name" in dataset.columns and table.department:
            given["department_name"] = table.department
        return given

    def _completed(self, read: RowValues, constants: Mapping[str, Any], dataset: Dataset) -> RowValues:
        """A row whose period stands in a cell of its own is for the year that it names, if it names one."""
        period = read.values.get("period")
        if period and "budget_year" in dataset.columns:
            digits = "".join(character for character in compared(period) if character.isdecimal())
            year = {"budget_year": int(digits) if len(digits) == len("2026") else None}
            return read._replace(values={**year, **read.values})
        if "category" in dataset.columns and read.values.get("category") and "item" not in read.values:
            values = {**read.values, "item": read.values["category"]}
            del values["category"]
            return read._replace(values=values)
        return read

    def _add_turned(self, table: OpenTable, dataset: Dataset, index: int) -> Made:
        """A table whose lines name what columns name elsewhere: each column of amounts is one row of the dataset."""
        stub = next(place for place, leaf in enumerate(table.leaves) if leaf.field == "item")
        unit = self._schemas.conventions.units.get(table.unit or "")
        concept = table.title.concept
        rename = dict(table.shape.kind.columns) if table.shape.kind else {}
        made: Made = {}
        lines: list[tuple[int, str, RawRow]] = []
        for number, raw in enumerate(table.rows):
            name = raw.cells.get(stub)
            meaning = self._columns.read((name.text,), concept) if name else None
            options = [rename.get(one, one) for one in meaning.measures] if meaning else []
            found = next((one for one in options if one in dataset.columns), None)
            if found:
                lines.append((number, found, raw))
                self.result.columns[dataset.name].add(found)
            else:
                for printed in raw.cells.values():
                    self._unclaim(printed, index, number + 1, None)
        for place, leaf in enumerate(table.leaves):
            if leaf.field in (None, "", "item") or not lines:
                continue
            amounts = {
                name: read
                for _, name, raw in lines
                if place in raw.cells and (read := read_amount(raw.cells[place], unit, self._is_dash))
            }
            values = {name: read.value for name, read in amounts.items()}
            constants = self._constants(table, dataset, [], leaf.preset)
            row = self._append(dataset, lines[0][2].page, {**constants, **values}, amounts, table.unit)
            made |= {(number, place): f"{dataset.name}:{row}:{name}" for number, name, _ in lines}
            for number, found, raw in lines:
                if place in raw.cells and found not in amounts:
                    self._unclaim(raw.cells[place], index, number + 1, place + 1)
        return made

    def _add_projects(self, table: OpenTable, targets: Dataset, indicators: Dataset, index: int) -> Made:
        """A list of projects, each with its indicators beside it."""
        unit = self._schemas.conventions.units.get(table.unit or "")
        heads = {place: leaf for place, leaf in enumerate(table.leaves) if leaf.field in targets.columns}
        items = {place: leaf for place, leaf in enumerate(table.leaves) if leaf.field and place not in heads}
        head_reader = RowReader(targets, heads, unit, self._is_dash, index)
        constants = self._constants(table, targets, [], ())
        made: Made = {}
        filled: dict[str, str] = {}
        for block in project_blocks(table.rows, heads, items):
            read = head_reader.read(block.head)
            values = {**constants, **read.values}
            target = self._append(targets, block.head.page, values, read.amounts, table.unit)
            number = block.numbers[0]
            made |= {(number, place): f"{targets.name}:{target}:{leaf.field}" for place, leaf in heads.items()}
            for number in block.numbers:
                raw = table.rows[number]
                texts = {leaf.field or "": raw.cells[place].text for place, leaf in items.items() if place in raw.cells}
                row = self._add_indicator(indicators, raw.page, texts, filled, target, values.get("project_name"))
                if row:
                    made |= {(number, place): f"{indicators.name}:{row}:{leaf.field}" for place, leaf in items.items()}
        self.result.unclaimed.extend(head_reader.unclaimed)
        return made

    def _add_indicator(
        self,
        dataset: Dataset,
        page: int,
        texts: Mapping[str, str],
        filled: dict[str, str],
        target_row: int,
        project: str | None,
    ) -> int | None:
        """Adds an indicator; merged labels above it are kept in `filled`. None if there is none in the row."""
        for depth, name in enumerate(LEVELS):
            if name in texts:
                for deeper in LEVELS[depth:]:
                    filled.pop(deeper, None)
                filled[name] = texts[name]
        values: dict[str, Any] = {
            name: text for name, text in texts.items() if name in dataset.columns and not self._is_dash(compared(text))
        }
        if not set(values) - set(LEVELS):
            return None
        for name in [one for one in values if dataset.columns[one].type == "decimal"]:
            read = read_amount(Printed(values.pop(name).rstrip("%％"), page, NOWHERE), ONE, self._is_dash)
            if read:
                values[name] = read.value
        values |= self._target(texts)
        if "project_name" in dataset.columns:
            values["project_name"] = project
        return self._append(dataset, page, {_head_row(dataset): target_row, **filled, **values}, {}, None)

    def _target(self, texts: Mapping[str, str]) -> dict[str, Any]:
        """The target of an indicator, put together where its sign and unit stand in columns of their own."""
        sign, unit = texts.get(TARGET_SIGN, ""), texts.get("target_unit", "")
        value = texts.get("target", "")
        if not self._targets.is_sign(sign):
            sign = ""
        if self._is_dash(compared(unit)) or not self._targets.is_number(value):
            sign, unit = "", ""
        text = f"{sign}{value}{unit}"
        if not text or self._is_dash(compared(text)):
            return {"target_unit": None, "target": None}
        parsed = self._targets.parse(text)
        return {"target": text, "operator": parsed.operator, "value": parsed.value, "target_unit": parsed.unit}

    def _add_columnless(self, table: OpenTable, index: int) -> None:
        """Cells in columns that nothing names; their amounts are told in the long dataset, too."""
        unnamed = [place for place, leaf in enumerate(table.leaves) if leaf.field is None and leaf.path]
        for number, raw in enumerate(table.rows, 1):
            self._add_amounts(table, raw, [place for place in unnamed if place in raw.cells])
            for place, printed in raw.cells.items():
                if place < 0 or table.leaves[place].field is None:
                    self._unclaim(printed, index, number, place + 1)

    # ---- forms ----

    def _add_form(self, opened: OpenForm, index: int) -> None:
        form = opened.form
        dataset = self._schemas.datasets[form.dataset]
        unit = self._schemas.conventions.units.get(opened.unit or "")
        self.result.columns.setdefault(form.dataset, set()).update(opened.values)
        values: dict[str, Any] = {}
        amounts: dict[str, Read] = {}
        for name, printed in opened.values.items():
            if dataset.columns[name].type != "money":
                if not self._is_dash(compared(printed.text)):
                    values[name] = printed.text
                continue
            read = read_amount(printed, unit, self._is_dash)
            if read is None:
                self._unclaim(printed, index, None, None)
            else:
                amounts[name] = read
                values[name] = read.value
        if "target_type" in dataset.columns:
            values["target_type"] = "special_fund" if opened.special_fund else "project"
        target = self._append(dataset, opened.first_page, values, amounts, opened.unit)
        self._form_unit = unit
        for printed in opened.unclaimed:
            self._unclaim(printed, index, None, None)
        head = RawRow(opened.first_page, dict(enumerate(opened.values.values())))
        labels = [PrintedColumn((dataset.columns[name].zh,), name) for name in opened.values]
        made = {(0, place): f"{dataset.name}:{target}:{name}" for place, name in enumerate(opened.values)}
        listings = [_listing(form.dataset, labels, [head], made)]
        rows = 0
        for one in opened.lists:
            values_of = self._add_list(one, target, values.get("project_name"))
            headings = [PrintedColumn((text,), name) for text, name in zip(one.headings, one.fields, strict=True)]
            listings.append(_listing(one.known.dataset, headings, one.rows, values_of))
            rows += len({place for place, _ in values_of})
        self.result.tables.append(
            Table(
                form.dataset,
                self._place,
                opened.number,
                opened.title,
                opened.unit,
                opened.first_page,
                opened.last_page,
                rows,
                None,
                opened.engine,
                tuple(listings),
                parts=tuple(opened.parts),
            )
        )

    def _add_list(self, opened: OpenList, target_row: int, project_name: str | None) -> Made:
        """Adds the rows of a list; for each cell, by the number of its row and the place of its column, the value made
        of it.
        """
        dataset = self._schemas.datasets[opened.known.dataset]
        self.result.columns.setdefault(dataset.name, set()).update(name for name in opened.fields if name)
        filled: dict[str, str] = {}
        made: Made = {}
        for index, raw in enumerate(opened.rows):
            texts = {opened.fields[place]: printed.text for place, printed in sorted(raw.cells.items())}
            if "target" in opened.fields:
                row = self._add_indicator(dataset, raw.page, texts, filled, target_row, project_name)
            else:
                row = self._add_plain(dataset, raw, opened.fields, target_row, project_name)
            if row:
                made |= {(index, place): f"{dataset.name}:{row}:{name}" for place, name in enumerate(opened.fields)}
        return made

    def _add_plain(
        self, dataset: Dataset, raw: RawRow, fields: Sequence[str], target_row: int, project_name: str | None
    ) -> int:
        """Adds a row of a list that states no targets; its amounts are in the unit of the form."""
        amounts = {
            fields[place]: read
            for place, printed in raw.cells.items()
            if dataset.columns[fields[place]].type == "money"
            and (read := read_amount(printed, self._form_unit, self._is_dash))
        }
        values: dict[str, Any] = {name: read.value for name, read in amounts.items()}
        for place, printed in raw.cells.items():
            kind = dataset.columns[fields[place]].type
            if kind == "decimal":
                percent = printed._replace(text=printed.text.rstrip("%％"))
                read = read_amount(percent, ONE, self._is_dash)
                values[fields[place]] = read.value if read else None
            elif kind != "money":
                values[fields[place]] = printed.text
        if "project_name" in dataset.columns:
            values["project_name"] = project_name
        return self._append(dataset, raw.page, {_head_row(dataset): target_row, **values}, amounts, None)

    # ---- what is not known ----

    def _add_homeless(self, table: OpenTable, index: int) -> None:
        """A table whose title and header are known, but that no dataset holds: its amounts go to the long one."""
        before = len(self.result.rows.get(AMOUNTS, []))
        for number, raw in enumerate(table.rows, 1):
            taken = self._add_amounts(table, raw, [place for place in raw.cells if place >= 0])
            for place, printed in raw.cells.items():
                if place not in taken:
                    self._unclaim(printed, index, number, place + 1)
        rows = len(self.result.rows.get(AMOUNTS, [])) - before
        self.result.tables.append(self._table(table, AMOUNTS if rows else None, rows, ()))

    def _add_amounts(self, table: OpenTable, raw: RawRow, places: Sequence[int]) -> set[int]:
        """Adds the amounts that stand in these columns of a row to the long dataset; the cells that are told there."""
        dataset = self._schemas.datasets[AMOUNTS]
        unit = self._schemas.conventions.units.get(table.unit or "")
        stubs = {
            place: leaf.meaning.stub
            for place, leaf in enumerate(table.leaves)
            if place in raw.cells and leaf.meaning and leaf.meaning.stub
        }
        code = next((raw.cells[place].text for place, stub in stubs.items() if stub.endswith("code")), None)
        name = next((raw.cells[place].text for place, stub in stubs.items() if not stub.endswith("code")), None)
        told: set[int] = set()
        for place in places:
            leaf = table.leaves[place]
            read = read_amount(raw.cells[place], unit, self._is_dash) if place not in stubs else None
            if read is None or not leaf.path:
                continue
            meaning = leaf.meaning
            values = {
                "concept": table.title.concept.name,
                "stub_code": code,
                "stub_name": name,
                "measure": meaning.measures[0] if meaning and meaning.measures else None,
                "fund": meaning.fund if meaning else None,
                "period": meaning.period if meaning else None,
                "side": meaning.side if meaning else None,
                "stage": "final" if table.title.final else "budget",
                "header": "/".join(leaf.path),
                "amount": read.value,
            }
            self._append(dataset, raw.page, values, {"amount": read}, table.unit)
            told.add(place)
        return told | (stubs.keys() if told else set())

    def _add_unknown(self, table: Unknown, index: int) -> None:
        self.result.tables.append(
            Table(
                None,
                None,
                table.number,
                table.title,
                table.unit,
                table.page,
                table.page,
                0,
                "".join(table.notes) or None,
                table.engine,
                notes=table.notes,
                parts=table.parts,
                worth=self._worth(table.unit),
                heading=table.heading,
            )
        )
        for cell in table.cells:
            self.result.unclaimed.append(Unclaimed(index, cell.row + 1, cell.col + 1, cell.text, table.page, cell.box))
        for line in table.lines:
            self.result.unclaimed.append(Unclaimed(index, None, None, line.text, line.page, line.box))

    def _unclaim(self, printed: Printed, table: int, row: int | None, column: int | None) -> None:
        self.result.unclaimed.append(Unclaimed(table, row, column, printed.text, printed.page, printed.box))

    def _append(
        self,
        dataset: Dataset,
        page: int,
        values: Mapping[str, Any],
        amounts: Mapping[str, Read],
        unit: str | None,
        depth: int | None = None,
    ) -> int:
        """Adds a row and its facts; returns its number."""
        rows = self.result.rows.setdefault(dataset.name, [])
        number = len(rows) + 1
        label = values.get(dataset.label or "")
        item = None if label is None else str(label)
        code = values.get(dataset.code or "")
        is_total = self._is_total(_called(dataset, values))
        level = dataset.level(code)
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
        by_indent = None if is_total or depth is None else depth + 1
        rows.append(Row(number, page, values, facts, depth, is_total, level or by_indent))
        return number

    def _is_total(self, name: object) -> bool:
        return name is not None and self._schemas.conventions.text.total.fullmatch(compared(str(name))) is not None


def _called(dataset: Dataset, values: Mapping[str, Any]) -> Any:
    """What a row is called: by its label, or by its unit where the label is a year."""
    label = dataset.label or ""
    is_year = label in dataset.columns and dataset.columns[label].type == "integer"
    return values.get("unit_name" if is_year else label)


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


def _head_row(dataset: Dataset) -> str:
    """The field of a list that holds the row of its form."""
    return next(name for name in dataset.columns if name.endswith("_row"))
