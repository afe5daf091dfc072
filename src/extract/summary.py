"""What a run ends with, for other programs: the documents, what fails in them with every number, and what holds between them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from extract.model import VERDICTS, Check, Fact, Report, Statement
from extract.schemas import Schemas
from extract.suspects import suspects
from extract.text import printable


class Run(NamedTuple):
    """A run that is done: its reports in the order of their sources, and the checks between documents by the document they are filed under."""

    output: str
    schemas: Schemas
    reports: Sequence[Report]
    between: Mapping[str, Sequence[Check]]

    def between_documents(self) -> Iterator[tuple[Report, Check]]:
        """Each check between documents with the report of this run that it is filed under."""
        return ((report, check) for report in self.reports for check in self.between.get(report.document_id, ()))


def as_data(run: Run) -> dict[str, Any]:
    """The run as plain data."""
    return {
        "output": run.output,
        "documents": [_document(report) for report in run.reports],
        "between_documents": [
            {"source": printable(report.source), "verdict": check.verdict, **_finding(check)} for report, check in run.between_documents()
        ],
    }


def _document(report: Report) -> dict[str, Any]:
    verdicts = [check.verdict for check in report.checks]
    numbers = report.numbers()
    return {
        "source": printable(report.source),
        "document_id": report.document_id,
        "status": report.status,
        "error": report.error and str(report.error),
        "title": report.title,
        "agency_name": report.agency_name,
        "fiscal_year": report.fiscal_year,
        "pages": report.pages,
        "engines": list(report.engines),
        "tables": len(report.tables),
        "tables_recognised": sum(table.dataset is not None for table in report.tables),
        "rows": sum(map(len, report.rows.values())),
        "unrecognised_cells": len(report.unclaimed),
        "checks": {verdict: verdicts.count(verdict) for verdict in VERDICTS},
        "suspects": [{**_number(one.fact), "would_be": str(one.would_be), "explains": len(one.explains)} for one in suspects(report)],
        "failures": [
            {**_finding(check), "cause": check.cause, "numbers": [_number(numbers[name]) for name in check.facts if name in numbers]}
            for check in report.checks
            if check.verdict == "fail"
        ],
    }


def _finding(check: Check) -> dict[str, Any]:
    return {"rule": check.rule, "dataset": check.dataset, "row": check.row, "column": check.column, "page": check.page, "message": check.message}


def _number(number: Fact | Statement) -> dict[str, Any]:
    dataset, row, column = number.reference.split(":")
    page, box, printed = number.origin
    return {"dataset": dataset, "row": int(row), "column": column, "page": page, "printed": printed, "box": box and list(box)}
