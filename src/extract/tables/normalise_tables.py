"""Tables with a header → typed rows with the facts behind their amounts."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from extract.amounts import amount
from extract.model.report import AMOUNTS, PrintedColumn, PrintedTable, Table
from extract.schemas.grammar import Dataset
from extract.tables.cells import Read, RowReader, RowValues, read_amount
from extract.tables.columns import FUNDS, MAIN_FUND, ColumnReader
from extract.tables.document_rows import DocumentRows, Made, listing
from extract.tables.leaves import Leaf, Preset
from extract.tables.long_amounts import add_amounts
from extract.tables.mended_rows import columns_needed, depths, join_cut_rows, join_labels_and_amounts
from extract.tables.open_tables import OpenTable
from extract.tables.printed_rows import RawRow
from extract.tables.projects import project_blocks
from extract.text import compared


class TableNormaliser:
    """Adds the tables of one document to its rows."""

    def __init__(self, rows: DocumentRows, columns: ColumnReader, fiscal_year: int | None, place: str | None) -> None:
        self._rows = rows
        self._columns = columns
        self._fiscal_year = fiscal_year
        self._place = place

    def add(self, table: OpenTable, index: int) -> None:
        kind = table.shape.kind
        assert kind
        dataset = self._rows.schemas.datasets[kind.dataset]
        join_cut_rows(table, columns_needed(dataset) | ({"target"} if kind.indicators else set()))
        join_labels_and_amounts(table)
        listed = kind.indicators if any(leaf.field == "level_3" for leaf in table.leaves) else None
        counted = listed or kind.dataset
        self._rows.result.rows.setdefault(kind.dataset, [])
        before = len(self._rows.result.rows.get(counted, []))
        printed = self._rows.result.columns.setdefault(kind.dataset, set())
        printed.update(name for leaf in table.leaves if leaf.field for name in (leaf.field, *dict(leaf.preset)))
        if table.shape.rows == "turned":
            values = self._add_turned(table, dataset, index)
        elif listed:
            values = self._add_projects(table, dataset, self._rows.schemas.datasets[listed], index)
        else:
            values = {}
            for number in dict.fromkeys(leaf.block for leaf in table.leaves):
                values |= self._add_block(table, dataset, index, number)
            self._rows.tell_leading_total(dataset, before)
        self._add_columnless(table, index)
        rows = len(self._rows.result.rows.get(counted, [])) - before
        headings = [PrintedColumn(leaf.path, leaf.field or None) for leaf in table.leaves]
        self._rows.result.tables.append(
            self._table(table, kind.dataset, rows, (listing(kind.dataset, headings, table.rows, values),))
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
            None if table.shape.kind and table.shape.kind.indicators else self._rows.worth(table.unit),
            table.shape.unknown,
        )

    def _empty_note(self, table: OpenTable) -> str | None:
        """The note that explains why a table is empty: it says so, and the table holds no amount but zero; or the one
        that says that rows are withheld.
        """
        withheld = [note for note in table.notes if self._rows.schemas.withheld.search(compared(note))]
        if withheld:
            return "".join(withheld)
        said = [note for note in table.notes if self._rows.schemas.conventions.text.empty.search(compared(note))]
        amounts = (amount(printed.text) for raw in table.rows for printed in raw.cells.values())
        return None if any(read and read.value for read in amounts) else "".join(said) or None

    def _add_block(self, table: OpenTable, dataset: Dataset, index: int, number: int) -> Made:
        """Adds the rows of one block; for each cell, by the number of its row and the place of its column, the value
        made of it.
        """
        mine = {place: leaf for place, leaf in enumerate(table.leaves) if leaf.block == number and leaf.field}
        dataset = dataset.as_printed({leaf.field or "" for leaf in mine.values()})
        shared = {place: leaf for place, leaf in mine.items() if not self._is_money(dataset, leaf)}
        presets = list(dict.fromkeys(leaf.preset for leaf in mine.values() if self._is_money(dataset, leaf))) or [()]
        unit = self._rows.schemas.conventions.units.get(table.unit or "")
        readers = []
        for preset in presets:
            leaves = {place: leaf for place, leaf in mine.items() if leaf.preset == preset or place in shared}
            constants = self._constants(table, dataset, [*shared.values()], preset)
            readers.append((constants, leaves, RowReader(dataset, leaves, unit, self._rows.is_dash, index)))
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
                    row = self._rows.append(dataset, raw.page, values, read.amounts, table.unit, depth_of.get(place))
                    made |= {(place, one): f"{dataset.name}:{row}:{leaf.field}" for one, leaf in leaves.items()}
        for *_, reader in readers:
            self._rows.result.unclaimed.extend(reader.unclaimed)
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
        named = table.title.words.intersection(FUNDS)
        if "fund" in dataset.columns and len(named) == 1 and MAIN_FUND not in named:
            given.setdefault("fund", *named)
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
        unit = self._rows.schemas.conventions.units.get(table.unit or "")
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
                self._rows.result.columns[dataset.name].add(found)
            else:
                for printed in raw.cells.values():
                    self._rows.unclaim(printed, index, number + 1, None)
        for place, leaf in enumerate(table.leaves):
            if leaf.field in (None, "", "item") or not lines:
                continue
            amounts = self._amounts_of_lines(lines, place, unit, index)
            values = {name: read.value for name, read in amounts.items()}
            constants = self._constants(table, dataset, [], leaf.preset)
            row = self._rows.append(dataset, lines[0][2].page, {**constants, **values}, amounts, table.unit)
            made |= {(number, place): f"{dataset.name}:{row}:{name}" for number, name, _ in lines}
        return made

    def _amounts_of_lines(
        self, lines: Sequence[tuple[int, str, RawRow]], place: int, unit: Decimal | None, index: int
    ) -> dict[str, Read]:
        """The amounts of one column by what their lines name: of lines of one name the first that has an amount counts,
        and another amount is of a part of it.
        """
        amounts: dict[str, Read] = {}
        for number, name, raw in lines:
            if place not in raw.cells:
                continue
            read = read_amount(raw.cells[place], unit, self._rows.is_dash)
            first = amounts.get(name)
            if read and (first is None or first.value is None):
                amounts[name] = read
            elif read is None or (first and read.value not in (None, first.value)):
                self._rows.unclaim(raw.cells[place], index, number + 1, place + 1)
        return amounts

    def _add_projects(self, table: OpenTable, targets: Dataset, indicators: Dataset, index: int) -> Made:
        """A list of projects, each with its indicators beside it."""
        unit = self._rows.schemas.conventions.units.get(table.unit or "")
        heads = {place: leaf for place, leaf in enumerate(table.leaves) if leaf.field in targets.columns}
        items = {place: leaf for place, leaf in enumerate(table.leaves) if leaf.field and place not in heads}
        head_reader = RowReader(targets, heads, unit, self._rows.is_dash, index)
        constants = self._constants(table, targets, [], ())
        made: Made = {}
        filled: dict[str, str] = {}
        for block in project_blocks(table.rows, heads, items):
            read = head_reader.read(block.head)
            values = {**constants, **read.values}
            target = self._rows.append(targets, block.head.page, values, read.amounts, table.unit)
            number = block.numbers[0]
            made |= {(number, place): f"{targets.name}:{target}:{leaf.field}" for place, leaf in heads.items()}
            for number in block.numbers:
                raw = table.rows[number]
                texts = {leaf.field or "": raw.cells[place].text for place, leaf in items.items() if place in raw.cells}
                row = self._rows.add_indicator(indicators, raw.page, texts, filled, target, values.get("project_name"))
                if row:
                    made |= {(number, place): f"{indicators.name}:{row}:{leaf.field}" for place, leaf in items.items()}
        self._rows.result.unclaimed.extend(head_reader.unclaimed)
        return made

    def _add_columnless(self, table: OpenTable, index: int) -> None:
        """Cells in columns that no field holds; their amounts are told in the long dataset, too. A rate is at home
        there: without it a row still has all of its amounts.
        """
        unnamed = [place for place, leaf in enumerate(table.leaves) if leaf.field is None and leaf.path]
        rates = {place for place in unnamed if table.leaves[place].is_rate}
        for number, raw in enumerate(table.rows, 1):
            taken = add_amounts(self._rows, table, raw, [place for place in unnamed if place in raw.cells])
            blank = {place for place, printed in raw.cells.items() if self._rows.is_dash(compared(printed.text))}
            for place, printed in raw.cells.items():
                if (place < 0 or table.leaves[place].field is None) and place not in rates & (taken | blank):
                    self._rows.unclaim(printed, index, number, place + 1)

    def add_homeless(self, table: OpenTable, index: int) -> None:
        """A table whose title and header are known, but that no dataset holds: its amounts go to the long one."""
        before = len(self._rows.result.rows.get(AMOUNTS, []))
        for number, raw in enumerate(table.rows, 1):
            taken = add_amounts(self._rows, table, raw, [place for place in raw.cells if place >= 0])
            for place, printed in raw.cells.items():
                if place not in taken:
                    self._rows.unclaim(printed, index, number, place + 1)
        rows = len(self._rows.result.rows.get(AMOUNTS, [])) - before
        self._rows.result.tables.append(self._table(table, AMOUNTS if rows else None, rows, ()))
