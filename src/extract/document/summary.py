"""What is told about a document after a run, as plain data: printed as JSON, shown on a terminal, and kept in out/ for
the next run to tell again.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeGuard

from extract.checks.suspects import suspects
from extract.digest import is_identifier
from extract.errors import ExtractError
from extract.messages import message
from extract.model.decision import Decision
from extract.model.report import VERDICTS, Check, Fact, Reference, Report, Statement
from extract.text import printable

Summary = dict[str, Any]


def summary(report: Report, edition: str | None, decisions: str | None = None) -> Summary:
    """`edition` says what read the document, None if the run lost it, `decisions` which of people it was read with."""
    verdicts = [check.verdict for check in report.checks]
    numbers = report.numbers()
    return {
        "source": printable(report.source),
        "document_id": report.document_id,
        "edition": edition,
        "status": report.status,
        "reasons": list(report.reasons),
        "error": report.error and _error(report.error),
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
        "suspects": [
            {**_number(one.fact), "would_be": str(one.would_be), "explains": len(one.explains)}
            for one in suspects(report)
        ],
        "decisions": {
            "digest": decisions,
            "corrected": sum(fact.corrected is not None for fact in report.facts()),
            "unfitting": [decided(one.decision) for one in report.decisions if not one.fits],
        },
        "failures": [_failure(check, numbers) for check in report.checks if check.verdict == "fail"],
    }


def decided(decision: Decision) -> Summary:
    """A decision that fits nothing any more, as people know it again."""
    return {name: getattr(decision, name) for name in DECIDED}


DECIDED = ("rule", "page", "printed", "kind", "name", "time", "reason")
_KINDS: Mapping[str, Any] = {
    "source": str,
    "document_id": str,
    "edition": str | None,
    "status": str,
    "reasons": list,
    "error": dict | None,
    "title": str | None,
    "agency_name": str | None,
    "fiscal_year": int | None,
    "pages": int,
    "engines": list,
    "tables": int,
    "tables_recognised": int,
    "rows": int,
    "unrecognised_cells": int,
    "checks": dict,
    "suspects": list,
    "decisions": dict,
    "failures": list,
}


def is_summary(told: object) -> TypeGuard[Summary]:
    """Whether this, read from a file, is a summary as `summary` makes it, which others can take as such."""
    if not isinstance(told, dict) or not all(name in told and _is(told[name], _KINDS[name]) for name in _KINDS):
        return False
    counted = all(_is(told["checks"].get(verdict), int) for verdict in VERDICTS)
    named = is_identifier(told["document_id"]) and _is_said(f"status_{told['status']}", {})
    error = told["error"] or {"key": "status_verified", "values": {}, "exit_code": 0}
    failed = _is(error.get("exit_code"), int) and _is_said(error.get("key"), error.get("values"))
    reasoned = all(_is_said(f"unverified_{name}", {}) for name in told["reasons"])
    return counted and named and failed and reasoned and _tells_decisions(told["decisions"])


def _tells_decisions(told: Summary) -> bool:
    unfitting = told.get("unfitting")
    if not isinstance(unfitting, list) or "digest" not in told or not _is(told.get("corrected"), int):
        return False
    return all(isinstance(one, dict) and one.keys() == {*DECIDED} for one in unfitting)


def _is(value: object, kind: Any) -> bool:
    """Whether a value of a JSON file is of this kind; true and false are no numbers."""
    return isinstance(value, kind) and not isinstance(value, bool)


def _is_said(key: object, values: object) -> bool:
    """Whether there is a message of this name that can be filled in with these values."""
    try:
        return isinstance(values, dict) and bool(message(str(key), **values))
    except (KeyError, ValueError, TypeError, IndexError, AttributeError):
        return False


def error_text(told: Summary) -> str | None:
    """What is wrong with the document and what to do, in the language of this run."""
    return message(told["error"]["key"], **told["error"]["values"]) if told["error"] else None


def with_error_text(told: Summary) -> Summary:
    """The summary for people and other programs: the error as they read it."""
    return told | {"error": error_text(told)}


def _error(error: ExtractError) -> Summary:
    return {"key": error.key, "values": error.values, "exit_code": error.exit_code}


def _failure(check: Check, numbers: Mapping[str, Fact | Statement]) -> Summary:
    """A failing check with every number that it read."""
    place = {
        "rule": check.rule,
        "dataset": check.dataset,
        "row": check.row,
        "column": check.column,
        "page": check.page,
        "message": check.message.zh,
        "message_en": check.message.en,
    }
    compared = {"stated": _text(check.stated), "computed": _text(check.computed), "difference": _text(check.difference)}
    return (
        place
        | compared
        | {"cause": check.cause, "numbers": [_number(numbers[name]) for name in check.facts if name in numbers]}
    )


def _number(number: Fact | Statement) -> Summary:
    dataset, row, column, _ = Reference.parse(number.reference)
    page, box, printed = number.origin
    return {
        "dataset": dataset,
        "row": row,
        "column": column,
        "page": page,
        "printed": printed,
        "box": box and list(box),
    }


def _text(value: Decimal | None) -> str | None:
    """JSON has no decimals."""
    return None if value is None else str(value)


def told(decision: Decision, in_language: str | None = None) -> str:
    """A decision in words, in a language, the chosen one if none is named."""
    return message(
        "decision_told",
        in_language,
        kind=message(f"decision_{decision.kind}", in_language),
        about=decision.corrected or decision.printed,
        name=decision.name,
        time=decision.time or "–",
        reason=decision.reason,
    )
