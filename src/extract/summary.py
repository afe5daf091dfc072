"""What is told about a document after a run, as plain data: printed as JSON, shown on a terminal, and kept in out/ for the next run to tell again."""

import os
from decimal import Decimal
from typing import Any

from extract.errors import ExtractError
from extract.messages import message
from extract.model import VERDICTS, Check, Report
from extract.suspects import Suspect, suspects

Summary = dict[str, Any]


def summary(report: Report, edition: str | None) -> Summary:
    """`edition` says what read the document, None if the run lost it."""
    verdicts = [check.verdict for check in report.checks]
    return {
        "source": printable(report.source),
        "document_id": report.document_id,
        "edition": edition,
        "status": report.status,
        "error": report.error and _error(report.error),
        "title": report.title,
        "document_type": report.document_type,
        "agency_name": report.agency_name,
        "fiscal_year": report.fiscal_year,
        "pages": report.pages,
        "tables": len(report.tables),
        "tables_recognised": sum(table.dataset is not None for table in report.tables),
        "rows": sum(map(len, report.rows.values())),
        "unrecognised_cells": len(report.unclaimed),
        "checks": {verdict: verdicts.count(verdict) for verdict in VERDICTS},
        "suspects": [_suspect(one) for one in suspects(report)],
        "failures": [finding(check) for check in report.checks if check.verdict == "fail"],
    }


def printable(source: str) -> str:
    """A path whose name is not valid text, with what is not shown escaped."""
    return os.fsencode(source).decode("utf-8", "backslashreplace")


def finding(check: Check) -> Summary:
    """A check that was made; its numbers as text, as JSON has no decimals."""
    place = {"rule": check.rule, "dataset": check.dataset, "row": check.row, "column": check.column, "page": check.page, "message": check.message}
    return place | {name: _number(getattr(check, name)) for name in ("stated", "computed", "difference")}


def error_text(told: Summary) -> str | None:
    """What is wrong with the document and what to do, in the language of this run."""
    return message(told["error"]["key"], **told["error"]["values"]) if told["error"] else None


def with_error_text(told: Summary) -> Summary:
    """The summary for people and other programs: the error as they read it."""
    return told | {"error": error_text(told)}


def _error(error: ExtractError) -> Summary:
    return {"key": error.key, "values": error.values, "exit_code": error.exit_code}


def _suspect(one: Suspect) -> Summary:
    fact = one.fact
    return {
        "dataset": fact.dataset,
        "row": fact.row,
        "column": fact.column,
        "page": fact.origin.page,
        "printed": fact.origin.printed,
        "would_be": str(one.would_be),
        "explains": len(one.explains),
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
