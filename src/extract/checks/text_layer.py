"""Failing checks for which the file's text layer may be to blame, and not what people see printed."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from extract.checks.lost_rows import OVER_ROWS
from extract.checks.status import REASON_NAMES, REASONS
from extract.messages import sentence
from extract.model.page import Box
from extract.model.report import Check, Report, Table
from extract.schemas.grammar import Schemas
from extract.schemas.rules import Rule

GARBLED = "garbled-text"
DOUBTED = ("hidden-text", GARBLED)  # findings that speak against the text of their page


def blamed_numbers(report: Report) -> dict[int, list[Box]]:
    """Where the numbers stand for which the document itself is blamed, by page."""
    numbers = report.numbers()
    found: dict[int, list[Box]] = defaultdict(list)
    for check in report.checks:
        if check.verdict == "fail" and check.cause == "document":
            for origin in (numbers[name].origin for name in check.facts if name in numbers):
                if origin.box:
                    found[origin.page].append(origin.box)
    return found


def with_misread_digits(report: Report, pages: Mapping[int, str]) -> Report:
    """The report with a finding for each page on which some digits are drawn otherwise than its text says."""
    if not pages:
        return report
    told = (
        Check(
            GARBLED,
            *(None,) * 6,
            "no_evidence",
            sentence("digits_otherwise", page=page, digits=digits),
            page,
            (),
        )
        for page, digits in pages.items()
    )
    reasons = {*report.reasons, REASONS[GARBLED]}
    return replace(
        report,
        checks=(*report.checks, *told),
        reasons=tuple(name for name in REASON_NAMES if name in reasons),
    )


def with_doubted_text(report: Report, schemas: Schemas) -> Report:
    """The report with the cause `text_layer` where readers agree on numbers of a page whose text is in doubt: they all
    read the same text layer. What a check misses may be what nobody sees: of a table that gave it no number, or of one
    of whose rows it needs every one.
    """
    doubted = {check.page for check in report.checks if check.rule in DOUBTED and check.page}
    if not doubted:
        return report
    numbers = report.numbers()
    rules = {rule.code: rule for rule in schemas.rules}

    def judged(check: Check) -> Check:
        if check.verdict != "fail" or check.cause != "document":
            return check
        read = {numbers[name].origin.page for name in check.facts if name in numbers} & doubted
        tables = _missed(check, rules.get(check.rule))
        missed = {page for table in report.tables if table.dataset in tables for page in _pages(table)} & doubted
        if not read | missed:
            return check
        said = sentence("check_text_layer", check=check.message, page=min(read or missed))
        return check._replace(cause="text_layer", message=said)

    return replace(report, checks=tuple(map(judged, report.checks)))


def _missed(check: Check, rule: Rule | None) -> set[str]:
    """The tables that gave a check no number, and the one of whose rows it needs every one."""
    asked = {place.dataset for place in rule.places()} if rule else set()
    missed = asked - {reference.partition(":")[0] for reference in check.facts}
    needed = check.stated is None or (rule is not None and rule.kind in OVER_ROWS)
    return missed | {check.dataset} if check.dataset and needed else missed


def _pages(table: Table) -> range:
    """The pages of a table, and the one after it: its last rows may stand there."""
    return range(table.first_page, table.last_page + 2)
