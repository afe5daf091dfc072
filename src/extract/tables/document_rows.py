"""The rows of all datasets of one document while its tables are read, and the cells that no column claims."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from extract.model.page import Box
from extract.model.report import Fact, PrintedCell, PrintedColumn, PrintedTable, Row, Table, Unclaimed
from extract.schemas.grammar import Dataset, Schemas
from extract.tables.cells import Read, read_amount
from extract.tables.leaves import TARGET_SIGN
from extract.tables.printed_rows import Printed, RawRow
from extract.tables.targets import TargetParser
from extract.text import compared

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


class DocumentRows:
    """Adds rows and facts to `result`, numbered through the document for each dataset."""

    def __init__(self, schemas: Schemas, targets: TargetParser) -> None:
        self.schemas = schemas
        self._targets = targets
        self.is_dash = schemas.conventions.text.dash.fullmatch
        self.result = Normalised()

    def worth(self, unit: str | None) -> Decimal | None:
        """How many 万元 one printed unit is."""
        return self.schemas.conventions.units.get(unit or "")

    def append(
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
        is_total = any(map(self._is_total, _names(dataset, values)))
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

    def tell_leading_total(self, dataset: Dataset, start: int) -> None:
        """Of the rows of a table, from number `start` on, the first is the sum of the others where it alone has neither
        a code nor a name.
        """
        rows = self.result.rows[dataset.name][start:]
        if len(rows) < 2 or not dataset.code or not dataset.label:
            return
        first, others = rows[0], rows[1:]
        unnamed = first.values.get(dataset.code) is None and first.values.get(dataset.label) is None
        if unnamed and first.facts and all(row.values.get(dataset.code) for row in others):
            facts = {column: fact._replace(is_total=True) for column, fact in first.facts.items()}
            self.result.rows[dataset.name][start] = first._replace(facts=facts, is_total=True, level=None)

    def _is_total(self, name: object) -> bool:
        return name is not None and self.schemas.conventions.text.total.fullmatch(compared(str(name))) is not None

    def unclaim(self, printed: Printed, table: int, row: int | None, column: int | None) -> None:
        self.result.unclaimed.append(Unclaimed(table, row, column, printed.text, printed.page, printed.box))

    def add_indicator(
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
            name: text for name, text in texts.items() if name in dataset.columns and not self.is_dash(compared(text))
        }
        if not set(values) - set(LEVELS):
            return None
        for name in [one for one in values if dataset.columns[one].type == "decimal"]:
            read = read_amount(Printed(values.pop(name).rstrip("%％"), page, NOWHERE), ONE, self.is_dash)
            if read:
                values[name] = read.value
        values |= self._target(texts)
        if "project_name" in dataset.columns:
            values["project_name"] = project
        return self.append(dataset, page, {head_row(dataset): target_row, **filled, **values}, {}, None)

    def _target(self, texts: Mapping[str, str]) -> dict[str, Any]:
        """The target of an indicator, put together where its sign and unit stand in columns of their own."""
        sign, unit = texts.get(TARGET_SIGN, ""), texts.get("target_unit", "")
        value = texts.get("target", "")
        if not self._targets.is_sign(sign):
            sign = ""
        if self.is_dash(compared(unit)) or not self._targets.is_number(value):
            sign, unit = "", ""
        text = f"{sign}{value}{unit}"
        if not text or self.is_dash(compared(text)):
            return {"target_unit": None, "target": None}
        parsed = self._targets.parse(text)
        return {"target": text, "operator": parsed.operator, "value": parsed.value, "target_unit": parsed.unit}


def _names(dataset: Dataset, values: Mapping[str, Any]) -> Sequence[object]:
    """What a row is called: by its label; by its unit where the label is a year; by any of its texts where it has no
    label, as a 合计 may stand under the first column of several.
    """
    label = dataset.label or ""
    if label in dataset.columns and dataset.columns[label].type == "integer":
        return [values.get("unit_name")]
    if values.get(label) is not None:
        return [values[label]]
    return [value for name, value in values.items() if isinstance(value, str)]


def listing(
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


def head_row(dataset: Dataset) -> str:
    """The field of a list that holds the row of its form."""
    return next(name for name in dataset.columns if name.endswith("_row"))
