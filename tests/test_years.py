"""A report against last year's of the same agency."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from extract.model import Report, Row
from extract.schemas import Schemas
from extract.years import with_years


def edited(report: Report, dataset: str, number: int, edit: Callable[[Row], Row]) -> Report:
    rows = tuple(edit(row) if row.number == number else row for row in report.rows[dataset])
    return replace(report, rows={**report.rows, dataset: rows})


def more(column: str, by: str) -> Callable[[Row], Row]:
    def edit(row: Row) -> Row:
        fact = row.facts[column]
        assert fact.amount is not None
        return row._replace(facts={**row.facts, column: fact._replace(amount=fact.amount + Decimal(by))})

    return edit


def between(reports: list[Report]) -> dict[str, str]:
    return {check.rule: check.verdict for check in reports[-1].checks if check.rule.startswith("years-")}


def test_two_years_of_one_agency_agree(schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    reports = with_years(schemas, [sample_reports["2025"], sample_reports["2026"]])
    verdicts = between(reports)
    assert len(verdicts) >= 10
    assert set(verdicts.values()) <= {"exact", "not_applicable"}
    assert reports[-1].status == "verified"


def test_a_restatement_of_last_year_is_found_and_names_both_documents(schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    restated = edited(sample_reports["2026"], "three_public_expenses", 1, more("reception", "0.50"))
    reports = with_years(schemas, [restated, sample_reports["2025"]])
    [failure] = [check for check in reports[0].checks if check.verdict == "fail"]
    assert (failure.rule, failure.difference) == ("years-three-public-reception", Decimal("0.50"))
    assert failure.facts == ("three_public_expenses:1:reception", f"{reports[1].document_id}/three_public_expenses:2:reception")
    assert reports[0].status == "failed"


def test_a_stated_change_that_is_not_the_difference_of_the_years_is_found(schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    other = edited(sample_reports["2025"], "revenue_and_expenditure", 14, more("amount", "-10"))
    reports = with_years(schemas, [other, sample_reports["2026"]])
    assert between(reports)["years-budget-change"] == "fail"


def test_other_agencies_and_other_years_are_not_compared(schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    stranger = replace(sample_reports["2025"], agency_name="另一中心")
    for reports in ([stranger, sample_reports["2026"]], [sample_reports["2024"], sample_reports["2026"]], [sample_reports["2026"]]):
        assert between(with_years(schemas, reports)) == {}
