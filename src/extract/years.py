"""A report against last year's of the same agency, where one run holds both."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from extract.evidence import Evidence, Sum, finding, judged, unmade
from extract.model import Check, Report, Statement
from extract.prose_checks import DATASET, signed
from extract.schemas import Rule, Schemas
from extract.status import status_with


def with_years(schemas: Schemas, reports: Sequence[Report]) -> list[Report]:
    """The reports with the checks between years added to the later one of each pair, and their status accordingly.

    What a check read of the earlier report is named `document_id/dataset:row:column`.
    """
    by_year = {(report.agency_name, report.fiscal_year): report for report in reports if report.rows and report.agency_name and report.fiscal_year}
    return [
        _checked(schemas, report, by_year.get((report.agency_name, report.fiscal_year - 1)) if report.agency_name and report.fiscal_year else None)
        for report in reports
    ]


def _checked(schemas: Schemas, report: Report, earlier: Report | None) -> Report:
    if earlier is None or not report.rows:
        return report
    now, before = (Evidence(schemas, one.rows, one.columns, one.fiscal_year) for one in (report, earlier))
    found = [check for rule in schemas.rules if rule.kind == "years" for check in _apply(rule, report, now, earlier, before)]
    return replace(report, checks=(*report.checks, *found), status=status_with(report.status, found))


def _apply(rule: Rule, report: Report, now: Evidence, earlier: Report, before: Evidence) -> Iterator[Check]:
    if rule.right is None or rule.earlier is None:
        return
    dataset = DATASET if rule.stated else rule.right.dataset
    missing = now.missing(rule.right) or before.missing(rule.earlier)
    if missing:
        yield unmade(rule, dataset, *missing)
        return
    here, there = now.sum_at(rule.right), _foreign(before.sum_at(rule.earlier), earlier)
    if rule.stated:
        for statement in report.statements:
            if statement.kind == rule.stated and statement.quantity is not None:
                yield _change(rule, statement, here, there)
    elif here.numbers or there.numbers:
        rows = now.at(rule.right)
        yield finding(rule, dataset, rows[0].number if rows else None, rule.right.column, here, there, judged(rule, here, there))


def _change(rule: Rule, statement: Statement, here: Sum, there: Sum) -> Check:
    stated, difference = signed([statement]), here.minus(there)
    return finding(rule, DATASET, statement.number, "amount", stated, difference, judged(rule, stated, difference))


def _foreign(total: Sum, report: Report) -> Sum:
    """The same sum, its numbers named with the document that they stand in."""
    return total._replace(numbers=tuple(number.of_document(report.document_id) for number in total.numbers))
