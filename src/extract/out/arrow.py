"""Reports → Arrow tables, one a dataset, in the declared columns and types."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from extract.checks.between import Identified
from extract.model.report import VERDICTS, Check, Fact, Report
from extract.schemas.grammar import Dataset, FieldDefinition, Schemas
from extract.text import printable

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
    return pa.schema(
        [
            pa.field(name, arrow_type(name, field), nullable=not field.required)
            for name, field in dataset.columns.items()
        ]
    )


def tables(schemas: Schemas, reports: Sequence[Report]) -> dict[str, pa.Table]:
    """Every declared dataset with the rows of these reports, in the order of the reports."""
    return {name: _table(dataset, reports) for name, dataset in schemas.datasets.items()}


def checks_table(schemas: Schemas, checks: Iterable[tuple[Identified, Sequence[Check]]]) -> pa.Table:
    """Checks of documents as rows of the dataset `checks`."""
    return _built(schemas.datasets["checks"], ((document, _check_records(own)) for document, own in checks))


def _table(dataset: Dataset, reports: Sequence[Report]) -> pa.Table:
    return _built(dataset, ((report, records(dataset, report)) for report in reports))


def _built(dataset: Dataset, documents: "Iterable[tuple[Identified | Report, Iterable[Sequence[Any]]]]") -> pa.Table:
    """A table of the records of each document."""
    schema = arrow_schema(dataset)
    found: list[Sequence[Any]] = []
    owners: list[tuple[str, int | None, str | None]] = []
    for document, own in documents:
        found.extend(own)
        owners.extend([(document.document_id, document.fiscal_year, document.agency_name)] * (len(found) - len(owners)))
    if not found:
        return schema.empty_table()
    columns = [*zip(*owners, strict=True), *zip(*found, strict=True)]
    return pa.table(
        [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)], schema=schema
    )


def records(dataset: Dataset, report: Report) -> Iterable[Sequence[Any]]:
    """The values of each row after document_id, fiscal_year and agency_name, in the order of the declared columns."""
    if dataset.kind != "beside":
        names = list(dataset.columns)[5:]
        return ((row.number, row.page, *map(row.values.get, names)) for row in report.rows.get(dataset.name, ()))
    return _BESIDE[dataset.name](report)


def _documents(report: Report) -> Iterator[Sequence[Any]]:
    verdicts = [check.verdict for check in report.checks]
    checked, cells = report.coverage()
    yield (
        printable(report.source),
        report.sha256,
        report.title,
        report.document_type,
        report.layout,
        report.pages,
        report.status,
        len(report.tables),
        sum(table.dataset is not None for table in report.tables),
        cells,
        checked,
        *(verdicts.count(verdict) for verdict in VERDICTS),
        report.error and report.error.text("zh"),  # the same in every locale
        " ".join(report.engines),
        report.functions,
        report.organisation,
    )


def _tables(report: Report) -> Iterator[Sequence[Any]]:
    for table in report.tables:
        yield (
            table.dataset,
            table.number,
            table.title,
            table.unit,
            table.first_page,
            table.last_page,
            table.rows,
            table.note,
            table.layout,
            table.engine,
        )


def _fact_records(report: Report) -> Iterator[Sequence[Any]]:
    disputed = {one.reference for one in report.disagreements if one.outcome == "disputed"}
    taken = {one.reference: one.engine for one in report.disagreements if one.outcome == "taken"}
    for fact in report.facts():
        page, box, printed = fact.origin
        engine = taken.get(fact.reference) or report.read_again.get(page, report.engines[0]).split()[0]
        yield (
            *fact[: Fact._fields.index("half")],
            printed,
            fact.printed_unit,
            page,
            *box,
            engine,
            fact.reference in disputed,
        )


def _statements(report: Report) -> Iterator[Sequence[Any]]:
    for one in report.statements:
        box = one.origin.box or (None, None, None, None)
        yield (
            one.number,
            one.kind,
            one.item,
            one.amount,
            one.value,
            one.unit,
            one.direction,
            one.text,
            one.origin.page,
            *box,
        )


def _glossary(report: Report) -> Iterator[Sequence[Any]]:
    return iter(report.glossary)


def _checks(report: Report) -> Iterator[Sequence[Any]]:
    return _check_records(report.checks)


def _check_records(checks: Iterable[Check]) -> Iterator[Sequence[Any]]:
    return ((*check[:-2], " ".join(check.facts) or None, check.cause) for check in checks)


def _readings(report: Report) -> Iterator[Sequence[Any]]:
    for one in report.disagreements:
        page, box, printed = one.origin
        place = box or (None, None, None, None)
        yield (
            one.dataset,
            one.row,
            one.column,
            page,
            *place,
            printed or None,
            one.engine,
            one.other_printed,
            one.other_engine,
            one.outcome,
        )


def _unrecognised(report: Report) -> Iterator[Sequence[Any]]:
    for cell in report.unclaimed:
        yield (cell.page, cell.table, cell.row, cell.column, cell.text, *(cell.box or (None, None, None, None)))


_BESIDE = {
    "documents": _documents,
    "tables": _tables,
    "facts": _fact_records,
    "statements": _statements,
    "glossary": _glossary,
    "checks": _checks,
    "readings": _readings,
    "unrecognised": _unrecognised,
}
