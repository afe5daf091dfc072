"""A report against last year's of the same agency."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from extract.model import Check, Report, Row
from extract.schemas import Schemas
from extract.years import check_years


def edited(report: Report, dataset: str, number: int, edit: Callable[[Row], Row]) -> Report:
    rows = tuple(edit(row) if row.number == number else row for row in report.rows[dataset])
    return replace(report, rows={**report.rows, dataset: rows})


def more(column: str, by: str) -> Callable[[Row], Row]:
    def edit(row: Row) -> Row:
        fact = row.facts[column]
        assert fact.amount is not None
        return row._replace(facts={**row.facts, column: fact._replace(amount=fact.amount + Decimal(by))})

    return edit


def between(schemas: Schemas, *reports: Report) -> list[Check]:
    return [check for _, checks in check_years(schemas, reports) for check in checks]


def test_two_years_of_one_agency_agree(schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    found = between(schemas, sample_reports["2025"], sample_reports["2026"])
    assert len(found) >= 10
    assert {check.verdict for check in found} <= {"exact", "not_applicable"}


def test_a_restatement_of_last_year_is_found_and_names_both_documents(schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    earlier = sample_reports["2025"]
    restated = edited(sample_reports["2026"], "three_public_expenses", 1, more("reception", "0.50"))
    [failure] = [check for check in between(schemas, restated, earlier) if check.verdict == "fail"]
    assert (failure.rule, failure.difference) == ("years-three-public-reception", Decimal("0.50"))
    assert failure.facts == ("three_public_expenses:1:reception", f"{earlier.document_id}/three_public_expenses:2:reception")


def test_a_stated_change_that_is_not_the_difference_of_the_years_is_found(schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    other = edited(sample_reports["2025"], "revenue_and_expenditure", 14, more("amount", "-10"))
    assert "years-budget-change" in {check.rule for check in between(schemas, other, sample_reports["2026"]) if check.verdict == "fail"}


def test_other_agencies_other_years_and_other_kinds_of_documents_are_not_compared(schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    last, now = sample_reports["2025"], sample_reports["2026"]
    assert not between(schemas, replace(last, agency_name="另一中心"), now)
    assert not between(schemas, replace(last, document_type="单位决算"), now)
    assert not between(schemas, last, replace(last, document_id="0" * 16), now)
    assert not between(schemas, sample_reports["2024"], now)
    assert not between(schemas, now)
