"""Which slip is told of failing checks: rows of a sample are changed as people do, and the words name it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.checks.evidence import Evidence
from extract.checks.hypotheses import digit_slip, with_hypotheses
from extract.checks.in_tables import check_tables
from extract.checks.text_layer import with_doubted_text
from extract.model.report import Fact, Report, Row
from extract.schemas.grammar import Schemas

Change = Callable[[Sequence[Row]], Sequence[Row]]


def told(schemas: Schemas, report: Report, dataset: str, change: Change) -> set[str]:
    """What the failing checks of a report with other rows say after what they say of numbers."""
    rows = {**report.rows, dataset: tuple(change(report.rows[dataset]))}
    evidence = Evidence(schemas, rows, report.columns, report.fiscal_year)
    changed = replace(report, rows=rows, checks=tuple(check_tables(schemas.rules, evidence)))
    assert [check for check in changed.checks if check.verdict == "fail"]
    explained = with_hypotheses(changed, evidence)
    return {
        after.message.en.removeprefix(before.message.en)
        for before, after in zip(changed.checks, explained.checks, strict=True)
        if before != after
    }


@pytest.fixture
def leaves(sample_reports: dict[str, Report]) -> tuple[int, int]:
    """The places of two rows of one class with the same columns and other amounts."""
    rows = sample_reports["2026"].rows["expenditure"]
    return next(
        (n, n + 1)
        for n, (one, other) in enumerate(pairwise(rows))
        if one.facts.keys() == other.facts.keys()
        and len(one.values.get("exp_func_code") or "") == len(other.values.get("exp_func_code") or "") == 7
        and one.facts["total"].amount != other.facts["total"].amount
    )


def with_amount(row: Row, amount: Callable[[Decimal], Decimal]) -> Row:
    def other(fact: Fact) -> Fact:
        return fact._replace(amount=amount(fact.amount or Decimal(0)))

    return row._replace(facts={name: other(fact) for name, fact in row.facts.items()})


def test_two_rows_with_each_others_amounts(
    schemas: Schemas, sample_reports: dict[str, Report], leaves: tuple[int, int]
) -> None:
    one, other = leaves

    def exchanged(rows: Sequence[Row]) -> list[Row]:
        found = list(rows)
        found[one] = rows[one]._replace(facts=rows[other].facts)
        found[other] = rows[other]._replace(facts=rows[one].facts)
        return found

    [said] = told(schemas, sample_reports["2026"], "expenditure", exchanged)
    assert "exchanged" in said
    assert f"(row {one + 1})" in said
    assert f"(row {other + 1})" in said


def test_a_row_printed_twice(schemas: Schemas, sample_reports: dict[str, Report], leaves: tuple[int, int]) -> None:
    def doubled(rows: Sequence[Row]) -> list[Row]:
        place, more = leaves[1] + 1, rows[leaves[1]]
        number = len(rows) + 1
        facts = {name: fact._replace(row=number) for name, fact in more.facts.items()}
        return [*rows[:place], more._replace(number=number, facts=facts), *rows[place:]]

    [said] = told(schemas, sample_reports["2026"], "expenditure", doubled)
    assert "printed twice" in said


def test_a_table_in_another_unit(schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    def in_yuan(rows: Sequence[Row]) -> list[Row]:
        return [with_amount(row, lambda amount: amount * 10000) for row in rows]

    [said] = told(schemas, sample_reports["2026"], "expenditure", in_yuan)
    assert "unit" in said


def test_a_document_with_one_failing_check_or_none_is_told_no_slip(
    schemas: Schemas, sample_reports: dict[str, Report]
) -> None:
    report = sample_reports["2026"]
    evidence = Evidence(schemas, report.rows, report.columns, report.fiscal_year)
    assert with_hypotheses(report, evidence) == report


@pytest.mark.parametrize(
    ("printed", "meant", "slip"),
    [
        ("510.10", "501.10", "slip_digits_exchanged"),
        ("889.51", "8894.51", "slip_digit_lost"),
        ("11136.23", "1136.23", "slip_digit_added"),
        ("510.10", "620.10", None),
    ],
)
def test_one_slip_of_digits(printed: str, meant: str, slip: str | None) -> None:
    assert digit_slip(Decimal(printed), Decimal(meant)) == slip


@given(st.integers(10, 10**9), st.integers(0, 8))
def test_a_digit_that_was_lost_is_seen_whatever_it_was(number: int, place: int) -> None:
    digits = str(number)
    left = digits[: place % len(digits)] + digits[place % len(digits) + 1 :]
    if left.startswith("0"):
        return
    printed = Decimal(left) / 100
    assert digit_slip(printed, Decimal(number) / 100) == "slip_digit_lost"
    assert digit_slip(Decimal(number) / 100, printed) == "slip_digit_added"


def test_where_the_text_of_the_page_is_in_doubt_it_may_be_to_blame(
    schemas: Schemas, sample_reports: dict[str, Report]
) -> None:
    report = sample_reports["2025"]
    accused = [check for check in report.checks if check.verdict == "fail" and check.cause == "document"]
    assert accused
    assert with_doubted_text(report, schemas) == report
    page = report.numbers()[accused[0].facts[0]].origin.page
    hidden = accused[0]._replace(rule="hidden-text", verdict="no_evidence", facts=(), page=page, cause=None)
    found = with_doubted_text(replace(report, checks=(*report.checks, hidden)), schemas)
    assert found.checks[report.checks.index(accused[0])].cause == "text_layer"


def test_a_blank_may_be_what_nobody_sees_on_a_page_of_its_table(
    schemas: Schemas, sample_reports: dict[str, Report]
) -> None:
    report = sample_reports["2025"]
    accused = next(check for check in report.checks if check.verdict == "fail" and check.cause == "document")
    table = next(table for table in report.tables if table.dataset == accused.dataset)
    hidden = accused._replace(rule="hidden-text", verdict="no_evidence", facts=(), page=table.last_page, cause=None)
    blank = accused._replace(stated=None, facts=())
    found = with_doubted_text(replace(report, checks=(blank, hidden)), schemas)
    assert found.checks[0].cause == "text_layer"
    stated = with_doubted_text(replace(report, checks=(blank._replace(stated=accused.stated), hidden)), schemas)
    assert stated.checks[0].cause == "document"
