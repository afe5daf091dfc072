"""What a document may be called, from its checks and from what could not be read."""

from collections.abc import Sequence
from dataclasses import replace

from extract.model.decision import CORRECTED
from extract.model.report import AMOUNTS, MADE, Check, Report

REASONS = {
    "garbled-text": "unread",
    "unit-not-printed": "unread",
    "page-without-text": "unread",
    "page-damaged": "unread",
    "text-beside-table": "unread",
    "cell-picture": "unread",
    "cell-overprinted": "unread",
    "cell-covered": "unread",
    "page-from-picture": "unread",
    "table-missing": "incomplete",
    "row-missing": "incomplete",
    "amount-missing": "incomplete",
    "rows-not-summed": "incomplete",
    "page-number-gap": "incomplete",
    "table-number-gap": "incomplete",
    "part-missing": "incomplete",
    "cover-missing": "incomplete",
    "text-breaks-off": "incomplete",
    "heading-gap": "incomplete",
    "forms-fewer": "incomplete",
    "forms-not-counted": "incomplete",
    "page-number-back": "inconsistent",
    "table-number-twice": "inconsistent",
    "title-differs": "inconsistent",
    "budget-size": "inconsistent",
    "below-a-cent": "inconsistent",
    "hardly-anything": "inconsistent",
    "form-missing": "incomplete",
    "project-missing": "inconsistent",
    "page-repeated": "inconsistent",
    "table-repeated": "inconsistent",
    "row-repeated": "inconsistent",
    "second-table": "inconsistent",
    "year-differs": "inconsistent",
    "owner-differs": "inconsistent",
    "code-with-two-names": "inconsistent",
    "name-with-two-codes": "inconsistent",
    "name-of-another-code": "inconsistent",
    "class-without-line": "inconsistent",
    "name-differs": "inconsistent",
    "table-without-decimals": "inconsistent",
    "unit-among-rows": "inconsistent",
    "rows-exchanged": "inconsistent",
    "line-out-of-order": "inconsistent",
    "decimals-missing": "inconsistent",
    "figure-differs": "inconsistent",
    "unit-doubtful": "inconsistent",
    "hidden-text": "hidden_text",
}  # findings that are no contradiction of numbers, and why each keeps a document from being verified
READING_RULES = tuple(
    rule
    for rule in REASONS
    if rule
    not in ("hidden-text", "page-from-picture", "page-damaged", "cover-missing", "text-breaks-off", "heading-gap")
)  # another reader may settle these
WITHHELD = "withheld"  # rows that a note names: what is there may be verified
PARTIAL = "partial"  # only some pages were asked for
REASON_NAMES = (
    "unknown_tables",
    "unknown_columns",
    "unread",
    "incomplete",
    "inconsistent",
    "hidden_text",
    WITHHELD,
    CORRECTED,
    PARTIAL,
)


def status_of(report: Report, reasons: Sequence[str], checks: Sequence[Check]) -> str:
    """What a document with these checks may be called; `reasons` are those that keep it from being verified."""
    if not any(table.dataset for table in report.tables):
        return "unrecognised"
    verdicts = {check.verdict for check in checks}
    if "fail" in verdicts:
        return "failed"
    whole = not report.unclaimed and set(reasons) <= {WITHHELD}
    return "verified" if whole and verdicts.intersection(MADE) else "unverified"


def reasons_of(report: Report, withheld: bool, checks: Sequence[Check]) -> tuple[str, ...]:
    """Why a document is not verified although it may not contradict itself, each reason once, in the order of the
    closed list.
    """
    known = [table.dataset is not None for table in report.tables]
    columns = any(cell.table and known[cell.table - 1] for cell in report.unclaimed)
    columns = columns or any(row.facts for row in report.rows.get(AMOUNTS, ()))  # which no rule is about
    held = {"unknown_tables": not all(known), "unknown_columns": columns, WITHHELD: withheld}
    found = {REASONS[check.rule] for check in checks if check.rule in REASONS}
    found |= {name for name, holds in held.items() if holds}
    return tuple(name for name in REASON_NAMES if name in found)


def with_checks(report: Report, checks: Sequence[Check], withheld: bool) -> Report:
    """The report with its checks, and what it may be called with them: never verified by a person's numbers."""
    reasons = reasons_of(report, withheld, checks)
    if any(fact.corrected is not None for fact in report.facts()):
        reasons = (*reasons, CORRECTED)
    return replace(report, checks=tuple(checks), status=status_of(report, reasons, checks), reasons=reasons)
