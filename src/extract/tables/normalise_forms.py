"""Forms of labelled cells → a row for each form, and the rows of the lists inside it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from extract.model.report import PrintedColumn, Table
from extract.schemas.grammar import Dataset
from extract.tables.cells import Read, read_amount
from extract.tables.document_rows import ONE, DocumentRows, Made, head_row, listing
from extract.tables.forms import OpenForm, OpenList
from extract.tables.printed_rows import RawRow
from extract.text import compared


class FormNormaliser:
    """Adds the forms of one document to its rows."""

    def __init__(self, rows: DocumentRows, place: str | None) -> None:
        self._rows = rows
        self._place = place
        self._form_unit: Decimal | None = None
        self._units = sorted(rows.schemas.conventions.units, key=len, reverse=True)  # 万元 before 元

    def add(self, opened: OpenForm, index: int) -> None:
        form = opened.form
        dataset = self._rows.schemas.datasets[form.dataset]
        money = [printed.text for name, printed in opened.values.items() if dataset.columns[name].type == "money"]
        unit_name = opened.unit or next(filter(None, map(self._unit_of, money)), None)
        unit = self._rows.schemas.conventions.units.get(unit_name or "")
        self._rows.result.columns.setdefault(form.dataset, set()).update(opened.values)
        values: dict[str, Any] = {}
        amounts: dict[str, Read] = {}
        for name, printed in opened.values.items():
            if dataset.columns[name].type != "money":
                if not self._rows.is_dash(compared(printed.text)):
                    values[name] = printed.text
                continue
            own = self._unit_of(printed.text)
            bare = printed._replace(text=printed.text.removesuffix(own)) if own == unit_name and own else printed
            read = read_amount(bare, unit, self._rows.is_dash)
            if read is None:
                self._rows.unclaim(printed, index, None, None)
            else:
                amounts[name] = read._replace(origin=read.origin._replace(printed=printed.text))
                values[name] = read.value
        if "target_type" in dataset.columns:
            values["target_type"] = "special_fund" if opened.special_fund else "project"
        target = self._rows.append(dataset, opened.first_page, values, amounts, unit_name)
        self._form_unit = unit
        for printed in opened.unclaimed:
            self._rows.unclaim(printed, index, None, None)
        head = RawRow(opened.first_page, dict(enumerate(opened.values.values())))
        labels = [PrintedColumn((dataset.columns[name].zh,), name) for name in opened.values]
        made = {(0, place): f"{dataset.name}:{target}:{name}" for place, name in enumerate(opened.values)}
        listings = [listing(form.dataset, labels, [head], made)]
        rows = 0
        for one in opened.lists:
            values_of = self._add_list(one, target, values.get("project_name"))
            headings = [PrintedColumn((text,), name) for text, name in zip(one.headings, one.fields, strict=True)]
            listings.append(listing(one.known.dataset, headings, one.rows, values_of))
            rows += len({place for place, _ in values_of})
        self._rows.result.tables.append(
            Table(
                form.dataset,
                self._place,
                opened.number,
                opened.title,
                unit_name,
                opened.first_page,
                opened.last_page,
                rows,
                None,
                opened.engine,
                tuple(listings),
                parts=tuple(opened.parts),
            )
        )

    def _unit_of(self, text: str) -> str | None:
        """The unit of money that is printed after an amount in its cell."""
        return next((unit for unit in self._units if text.endswith(unit)), None)

    def _add_list(self, opened: OpenList, target_row: int, project_name: str | None) -> Made:
        """Adds the rows of a list; for each cell, by the number of its row and the place of its column, the value made
        of it.
        """
        dataset = self._rows.schemas.datasets[opened.known.dataset]
        self._rows.result.columns.setdefault(dataset.name, set()).update(name for name in opened.fields if name)
        filled: dict[str, str] = {}
        made: Made = {}
        for index, raw in enumerate(opened.rows):
            texts = {opened.fields[place]: printed.text for place, printed in sorted(raw.cells.items())}
            if "target" in opened.fields:
                row = self._rows.add_indicator(dataset, raw.page, texts, filled, target_row, project_name)
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
            and (read := read_amount(printed, self._form_unit, self._rows.is_dash))
        }
        values: dict[str, Any] = {name: read.value for name, read in amounts.items()}
        for place, printed in raw.cells.items():
            kind = dataset.columns[fields[place]].type
            if kind == "decimal":
                percent = printed._replace(text=printed.text.rstrip("%％"))
                read = read_amount(percent, ONE, self._rows.is_dash)
                values[fields[place]] = read.value if read else None
            elif kind != "money":
                values[fields[place]] = printed.text
        if "project_name" in dataset.columns:
            values["project_name"] = project_name
        return self._rows.append(dataset, raw.page, {head_row(dataset): target_row, **values}, amounts, None)
