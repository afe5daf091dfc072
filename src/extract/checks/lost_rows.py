"""Sums over tables of which some rows were not read: that they do not tie says nothing about the document."""

import re
from collections.abc import Sequence
from dataclasses import replace

from extract.checks.evidence import unmade
from extract.checks.status import reasons_of, status_of
from extract.messages import sentence
from extract.model.report import Report, Table
from extract.schemas.grammar import Schemas

OVER_ROWS = ("tree", "list", "levels", "nesting", "lines", "class_lines", "forms")  # kinds of rules that need every row
BESIDE = "text-beside-table"
_AMOUNT = re.compile(r"\d\.\d")


def without_lost_rows(report: Report, schemas: Schemas) -> Report:
    """The report with `no_evidence` instead of `fail` where a rule needs rows that stand on the page, unread."""
    lost = lost_rows(report)
    over_rows = {rule.code: rule for rule in schemas.rules if rule.kind in OVER_ROWS}
    checks = tuple(
        unmade(over_rows[check.rule], check.dataset or own, "no_evidence", sentence("reason_lost_rows", page=lost[own]))
        if check.verdict == "fail" and check.rule in over_rows and (own := _first(check.facts, check.dataset, lost))
        else check
        for check in report.checks
    )
    if checks == report.checks:
        return report
    tables = report.tables
    return replace(
        report,
        checks=checks,
        status=status_of(any(table.dataset for table in tables), not report.unclaimed, checks),
        reasons=reasons_of(any(table.dataset is None for table in tables), "withheld" in report.reasons, checks),
    )


def _first(facts: Sequence[str], dataset: str | None, lost: dict[str, int]) -> str | None:
    concerned = [dataset, *(reference.partition(":")[0] for reference in facts)]
    return next((name for name in concerned if name in lost), None)


def lost_rows(report: Report) -> dict[str, int]:
    """The page, by dataset, where rows of its tables stand that were not read: amounts beside the table or in cells
    that no column claims, and a table without a title, which is not known, right after it.
    """
    beside = {check.page for check in report.checks if check.rule == BESIDE and check.page}
    unclaimed: dict[int, int] = {}
    for cell in report.unclaimed:
        if cell.table and _AMOUNT.search(cell.text):
            unclaimed.setdefault(cell.table, cell.page)
    lost: dict[str, int] = {}
    for number, table in enumerate(report.tables, 1):
        following = report.tables[number] if number < len(report.tables) else None
        pages = [page for page in range(table.first_page, table.last_page + 1) if page in beside]
        if table.dataset is None:
            continue
        if pages:
            lost[table.dataset] = pages[0]
        elif number in unclaimed:
            lost[table.dataset] = unclaimed[number]
        elif following and _goes_on(table, following):
            lost[table.dataset] = following.first_page
    return lost


def _goes_on(table: Table, following: Table) -> bool:
    """Whether a table of which nothing is known stands where the one before it may go on."""
    return (
        following.dataset is None
        and following.title is None
        and following.number is None
        and following.first_page in (table.last_page, table.last_page + 1)
    )
