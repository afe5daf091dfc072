"""Which cell is to blame for several failing checks."""

from dataclasses import replace
from decimal import Decimal

from extract.checks.evidence import Evidence
from extract.checks.in_tables import check_tables
from extract.checks.suspects import suspects
from extract.model.report import Report
from extract.schemas.grammar import Schemas


def test_the_planted_contradiction_is_blamed_on_the_one_cell_that_is_wrong(sample_reports: dict[str, Report]) -> None:
    [suspect] = suspects(sample_reports["2025"])
    assert suspect.fact.reference == "general_public_expenditure:27:project"
    assert (suspect.fact.origin.printed, suspect.would_be, len(suspect.explains)) == ("510.10", Decimal("501.10"), 4)


def test_a_document_that_ties_has_no_suspects(sample_reports: dict[str, Report]) -> None:
    assert suspects(sample_reports["2026"]) == []


def test_a_wrong_leaf_is_blamed_and_not_the_sums_above_it(schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    report = sample_reports["2026"]
    rows = list(report.rows["revenue"])
    leaf = next(index for index, row in enumerate(rows) if row.facts["total"].level == 3)
    fact = rows[leaf].facts["total"]
    assert fact.amount is not None
    rows[leaf] = rows[leaf]._replace(facts={**rows[leaf].facts, "total": fact._replace(amount=fact.amount + 9)})
    evidence = Evidence(schemas, {**report.rows, "revenue": tuple(rows)}, report.columns, 2026)
    changed = replace(
        report, rows={**report.rows, "revenue": tuple(rows)}, checks=tuple(check_tables(schemas.rules, evidence))
    )
    [suspect] = suspects(changed)
    assert (suspect.fact.reference, suspect.would_be) == (fact.reference, fact.amount)


def test_the_numbers_of_a_report_are_never_changed(sample_reports: dict[str, Report]) -> None:
    before = sample_reports["2025"].rows["general_public_expenditure"][26].facts["project"].amount
    suspects(sample_reports["2025"])
    assert (
        sample_reports["2025"].rows["general_public_expenditure"][26].facts["project"].amount
        == before
        == Decimal("510.10")
    )


def test_checks_of_another_form_than_a_sum_blame_nobody(sample_reports: dict[str, Report]) -> None:
    """Two stated numbers against one: which of them is to change by how much is not told by the check."""
    report = sample_reports["2026"]
    total, other, third = list(report.facts())[:3]
    amounts = [fact.amount or Decimal(0) for fact in (total, other, third)]
    check = report.checks[0]._replace(
        verdict="fail",
        stated=amounts[0] + amounts[1],
        computed=amounts[2],
        difference=Decimal(5),
        facts=tuple(fact.reference for fact in (total, other, third)),
    )
    assert suspects(replace(report, checks=(check, check._replace(rule="another")))) == []
