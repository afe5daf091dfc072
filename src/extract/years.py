"""A report against last year's of the same agency, where one run holds both."""

from collections.abc import Iterator, Sequence

from extract.evidence import Evidence, Sum, finding, judged, unmade
from extract.model import Check, Fact, Report, Statement
from extract.prose_checks import DATASET, signed
from extract.schemas import Rule, Schemas


def check_years(schemas: Schemas, reports: Sequence[Report]) -> list[tuple[Report, list[Check]]]:
    """Each report with what holds or fails between it and last year's, for those of which both are there.

    A budget is held against a budget only. What a check read of the earlier report is named `document_id/dataset:row:column`.
    """
    by_year: dict[tuple[str, str | None, int], list[Report]] = {}
    for report in reports:
        if report.rows and report.agency_name and report.fiscal_year:
            by_year.setdefault((report.agency_name, report.document_type, report.fiscal_year), []).append(report)
    found: list[tuple[Report, list[Check]]] = []
    for (agency, kind, year), group in by_year.items():
        earlier = by_year.get((agency, kind, year - 1), [])
        if len(earlier) == 1:  # of several nobody can tell which is meant
            found.extend((report, list(_checked(schemas, report, earlier[0]))) for report in group)
    return found


def _checked(schemas: Schemas, report: Report, earlier: Report) -> Iterator[Check]:
    now, before = (Evidence(schemas, one.rows, one.columns, one.fiscal_year) for one in (report, earlier))
    return (check for rule in schemas.rules if rule.kind == "years" for check in _apply(rule, report, now, earlier, before))


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
    return total._replace(numbers=tuple(number.of_document(report.document_id) for number in total.numbers if isinstance(number, Fact)))
