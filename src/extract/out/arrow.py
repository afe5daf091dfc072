"""Reports → Arrow tables, one a dataset, in the declared columns and types."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import pyarrow as pa

from extract.checks.between import Identified
from extract.model.page import Box
from extract.model.report import VERDICTS, Check, Report
from extract.schemas.grammar import Dataset, FieldDefinition, Schemas
from extract.text import printable

Record = dict[str, Any]  # a row of a dataset by column
KEYS = ("document_id", "fiscal_year", "agency_name")  # what every row says of its document
MONEY = pa.decimal128(20, 6)
_TYPES = {
    "text": pa.string(),
    "code": pa.string(),
    "money": MONEY,
    "decimal": MONEY,
    "integer": pa.int32(),
    "float": pa.float64(),
    "boolean": pa.bool_(),
}


def arrow_type(name: str, field: FieldDefinition) -> pa.DataType:
    """The Arrow type of a column."""
    return pa.int16() if name == "fiscal_year" else _TYPES[field.type]


def arrow_schema(dataset: Dataset) -> pa.Schema:
    """The declared columns of a dataset."""
    columns = dataset.columns.items()
    return _schema(tuple((name, arrow_type(name, field), not field.required) for name, field in columns))


@lru_cache(maxsize=256)
def _schema(columns: tuple[tuple[str, pa.DataType, bool], ...]) -> pa.Schema:
    """Made once: every file that is opened or written asks for it."""
    return pa.schema([pa.field(*column) for column in columns])


def tables(schemas: Schemas, reports: Sequence[Report]) -> dict[str, pa.Table]:
    """Every declared dataset with the rows of these reports, in the order of the reports."""
    return {name: _table(dataset, reports) for name, dataset in schemas.datasets.items()}


def checks_table(schemas: Schemas, checks: Iterable[tuple[Identified, Sequence[Check]]]) -> pa.Table:
    """Checks of documents as rows of the dataset `checks`."""
    return _built(schemas.datasets["checks"], ((document, _check_records(own)) for document, own in checks))


def _table(dataset: Dataset, reports: Sequence[Report]) -> pa.Table:
    return _built(dataset, ((report, records(dataset, report)) for report in reports))


def _built(dataset: Dataset, documents: "Iterable[tuple[Identified | Report, Iterable[Record]]]") -> pa.Table:
    """A table of the records of each document."""
    schema = arrow_schema(dataset)
    found = [(document, list(own)) for document, own in documents]
    rows = [record for _, own in found for record in own]
    if not rows:
        return schema.empty_table()
    columns = (
        _repeated([(getattr(document, field.name), len(own)) for document, own in found], field.type)
        if field.name in KEYS
        else pa.array([record[field.name] for record in rows], field.type)
        for field in schema
    )
    return pa.table(list(columns), schema=schema)


def _repeated(values: Iterable[tuple[object, int]], kind: pa.DataType) -> pa.Array:
    """A column of values, each as often as it is said."""
    return pa.concat_arrays([pa.repeat(pa.scalar(value, kind), count) for value, count in values])


def records(dataset: Dataset, report: Report) -> Iterable[Record]:
    """The rows of a dataset by column, without the columns that every row has of its document."""
    if dataset.kind == "beside":
        return _BESIDE[dataset.name](report)
    nothing = dict.fromkeys(dataset.columns)
    rows = report.rows.get(dataset.name, ())
    if dataset.kind != "table":
        return ({**nothing, **row.values, "row": row.number, "page": row.page} for row in rows)
    return (
        {
            **nothing,
            **row.values,
            "row": row.number,
            "page": row.page,
            "is_total": row.is_total,
            "level": row.level,
        }
        for row in rows
    )


def _boxed(box: Box | None) -> Record:
    """The columns of a box; null for what was read without positions."""
    return box._asdict() if box else dict.fromkeys(Box._fields)


def _documents(report: Report) -> Iterator[Record]:
    verdicts = [check.verdict for check in report.checks]
    checked, cells = report.coverage()
    yield {
        "source": printable(report.source),
        "sha256": report.sha256,
        "title": report.title,
        "document_type": report.document_type,
        "layout": report.layout,
        "pages": report.pages,
        "status": report.status,
        "tables": len(report.tables),
        "tables_recognised": sum(table.dataset is not None for table in report.tables),
        "tables_partial": sum(table.dataset is not None and table.unresolved > 0 for table in report.tables),
        "tables_unknown": sum(table.dataset is None for table in report.tables),
        "cells": cells,
        "cells_checked": checked,
        **{f"checks_{verdict}": verdicts.count(verdict) for verdict in VERDICTS},
        "error": report.error and report.error.text("zh"),  # the same in every locale
        "engines": " ".join(report.engines),
        "reasons": " ".join(report.reasons) or None,
    }


def _tables(report: Report) -> Iterator[Record]:
    for table in report.tables:
        yield {
            "dataset": table.dataset,
            "number": table.number,
            "title": table.title or table.heading,
            "unit": table.unit,
            "first_page": table.first_page,
            "last_page": table.last_page,
            "rows": table.rows,
            "note": table.note,
            "layout": table.layout,
            "engine": table.engine,
        }


def _facts(report: Report) -> Iterator[Record]:
    disputed = {one.reference for one in report.disagreements if one.outcome == "disputed"}
    taken = {one.reference: one.engine for one in report.disagreements if one.outcome == "taken"}
    for fact in report.facts():
        page, box, printed = fact.origin
        reference = fact.reference
        yield {
            "dataset": fact.dataset,
            "row": fact.row,
            "column": fact.column,
            "item": fact.item,
            "code": fact.code,
            "is_total": fact.is_total,
            "level": fact.level,
            "amount": fact.amount,
            "printed": printed,
            "printed_unit": fact.printed_unit,
            "page": page,
            **_boxed(box),
            "engine": taken.get(reference) or report.read_again.get(page, report.engines[0]).split()[0],
            "disputed": reference in disputed,
            "corrected": fact.corrected,
            "confidence": report.confidence(fact.origin),
        }


def _statements(report: Report) -> Iterator[Record]:
    for one in report.statements:
        yield {
            "row": one.number,
            "kind": one.kind,
            "item": one.item,
            "amount": one.amount,
            "value": one.value,
            "unit": one.unit,
            "direction": one.direction,
            "text": one.text,
            "page": one.origin.page,
            **_boxed(one.origin.box),
        }


def _glossary(report: Report) -> Iterator[Record]:
    return (term._asdict() for term in report.glossary)


def _descriptions(report: Report) -> Iterator[Record]:
    told = {"functions": report.functions, "organisation": report.organisation}
    return ({"topic": topic, "text": text} for topic, text in told.items() if text)


def _checks(report: Report) -> Iterator[Record]:
    return _check_records(report.checks)


def _check_records(checks: Iterable[Check]) -> Iterator[Record]:
    for check in checks:
        yield {
            **check._asdict(),
            "message": check.message.zh,
            "message_en": check.message.en,
            "facts": " ".join(check.facts) or None,
            "decision": check.decision and check.decision.kind,
        }


def _readings(report: Report) -> Iterator[Record]:
    for one in report.disagreements:
        page, box, printed = one.origin
        yield {
            "dataset": one.dataset,
            "row": one.row,
            "column": one.column,
            "page": page,
            **_boxed(box),
            "printed": printed or None,
            "engine": one.engine,
            "other_printed": one.other_printed,
            "other_engine": one.other_engine,
            "outcome": one.outcome,
        }


def _unrecognised(report: Report) -> Iterator[Record]:
    for cell in report.unclaimed:
        yield {
            "page": cell.page,
            "table": cell.table,
            "row": cell.row,
            "column": cell.column,
            "text": cell.text,
            **_boxed(cell.box),
        }


def _printed_cells(report: Report) -> Iterator[Record]:
    read = {(fact.origin.page, fact.origin.box): fact.amount for fact in report.facts()}
    for number, table in enumerate(report.tables, 1):
        for cell in table.cells():
            place = cell.page, cell.box
            yield {
                "table": number,
                "row": cell.row,
                "column": cell.column,
                "row_end": cell.row_end,
                "column_end": cell.column_end,
                "is_header": cell.is_header,
                "text": cell.text,
                "amount": read.get(place, cell.amount),
                "page": cell.page,
                **cell.box._asdict(),
            }


_BESIDE: Mapping[str, Callable[[Report], Iterator[Record]]] = {
    "documents": _documents,
    "tables": _tables,
    "facts": _facts,
    "statements": _statements,
    "glossary": _glossary,
    "descriptions": _descriptions,
    "checks": _checks,
    "readings": _readings,
    "unrecognised": _unrecognised,
    "printed_cells": _printed_cells,
}
