"""What a document may be called, and which failing checks the text of the file may be to blame for."""

from dataclasses import replace

import pytest

from extract.checks.status import REASON_NAMES, REASONS, WITHHELD, status_of, with_checks
from extract.checks.text_layer import blamed_numbers, with_doubted_text, with_misread_digits
from extract.messages import sentence
from extract.model.report import Check, Report, Unclaimed
from extract.schemas.grammar import Schemas


def check(rule: str, verdict: str, dataset: str | None = None, page: int | None = None) -> Check:
    return Check(
        rule, dataset, None, None, None, None, None, verdict, sentence("garbled_text", page=1, count=1), page, ()
    )


EXACT = check("row-total", "exact", "revenue")
ROUNDED = check("row-total", "rounding", "revenue")
FAIL = check("row-total", "fail", "revenue")


@pytest.fixture
def report(sample_reports: dict[str, Report]) -> Report:
    """A document whose tables are all known, without checks."""
    return replace(sample_reports["2026"], checks=(), reasons=(), unclaimed=())


def called(report: Report, *checks: Check, withheld: bool = False) -> tuple[str, tuple[str, ...]]:
    found = with_checks(report, checks, withheld)
    return found.status, found.reasons


def test_only_what_a_check_has_borne_out_is_verified(report: Report) -> None:
    assert called(report, EXACT) == called(report, ROUNDED) == ("verified", ())
    assert called(report) == ("unverified", ())
    assert called(report, check("row-total", "no_evidence")) == ("unverified", ())
    assert called(report, check("row-total", "not_applicable")) == ("unverified", ())
    assert called(report, EXACT, FAIL) == ("failed", ())


@pytest.mark.parametrize("rule", REASONS)
def test_every_finding_costs_verified_and_says_why(report: Report, rule: str) -> None:
    assert called(report, EXACT, check(rule, "no_evidence")) == ("unverified", (REASONS[rule],))
    assert REASONS[rule] in REASON_NAMES


def test_what_was_not_understood_costs_verified(report: Report) -> None:
    first, *others = report.tables
    assert called(replace(report, tables=(replace(first, dataset=None), *others)), EXACT) == (
        "unverified",
        ("unknown_tables",),
    )
    unknown = tuple(replace(table, dataset=None) for table in report.tables)
    assert called(replace(report, tables=unknown), EXACT)[0] == "unrecognised"
    assert called(replace(report, tables=()), FAIL)[0] == "unrecognised"
    unclaimed = Unclaimed(1, 1, 1, "1.00", 1, None)
    assert called(replace(report, unclaimed=(unclaimed,)), EXACT) == ("unverified", ("unknown_columns",))
    nowhere = unclaimed._replace(table=None)
    assert called(replace(report, unclaimed=(nowhere,)), EXACT) == ("unverified", ())


def test_rows_that_a_note_withholds_leave_the_others_verified(report: Report) -> None:
    assert called(report, EXACT, withheld=True) == ("verified", (WITHHELD,))
    assert status_of(report, (WITHHELD, "unread"), [EXACT]) == "unverified"


def test_reasons_are_told_once_in_the_order_of_the_list(report: Report) -> None:
    found = [check(rule, "no_evidence") for rule in ("hidden-text", "title-differs", "page-damaged", "year-differs")]
    assert called(report, EXACT, *found)[1] == ("unread", "inconsistent", "hidden_text")


def test_the_numbers_that_the_document_is_blamed_for_are_those_of_its_failing_checks(report: Report) -> None:
    fact = report.rows["revenue"][0].facts["total"]
    blamed = FAIL._replace(cause="document", facts=(fact.reference, "revenue:999:total"))
    assert blamed_numbers(replace(report, checks=(blamed,))) == {fact.origin.page: [fact.origin.box]}
    for other in (blamed._replace(verdict="exact"), blamed._replace(cause="text_layer"), blamed._replace(cause=None)):
        assert not blamed_numbers(replace(report, checks=(other,)))


def test_digits_drawn_otherwise_than_the_text_says_are_told_page_by_page(report: Report) -> None:
    assert with_misread_digits(report, {}) is report
    found = with_misread_digits(replace(report, reasons=("hidden_text",)), {3: "6", 4: "8"})
    assert [(one.rule, one.verdict, one.page) for one in found.checks] == [
        ("garbled-text", "no_evidence", 3),
        ("garbled-text", "no_evidence", 4),
    ]
    assert found.reasons == ("unread", "hidden_text")


def test_the_text_is_to_blame_where_it_is_in_doubt_on_the_page_of_a_number(report: Report, schemas: Schemas) -> None:
    fact = report.rows["revenue"][0].facts["total"]
    page = fact.origin.page
    blamed = FAIL._replace(cause="document", facts=(fact.reference,), stated=fact.amount)

    def causes(blamed: Check, rule: str = "hidden-text", page: int | None = page) -> list[str | None]:
        doubt = check(rule, "no_evidence", page=page)
        return [one.cause for one in with_doubted_text(replace(report, checks=(blamed, doubt)), schemas).checks]

    assert causes(blamed) == causes(blamed, "garbled-text") == ["text_layer", None]
    assert (
        causes(blamed, page=page + 50)
        == causes(blamed, page=None)
        == causes(blamed, "row-missing")
        == ["document", None]
    )
    assert causes(blamed._replace(cause="disputed")) == ["disputed", None]
    assert causes(blamed._replace(verdict="exact", cause=None)) == [None, None]
    table = next(table for table in report.tables if table.dataset == "revenue")
    missing = FAIL._replace(cause="document", stated=None)
    assert causes(missing, page=table.last_page) == ["text_layer", None]
    assert causes(missing, page=table.last_page + 1) == ["text_layer", None]  # where its last rows may stand
    assert causes(missing, page=table.last_page + 2) == ["document", None]
    assert causes(missing._replace(stated=fact.amount), page=table.last_page) == ["document", None]
    held = next(one for one in report.tables if one.dataset == "expenditure")
    between = missing._replace(rule="expenditure-revenue-classes", facts=(fact.reference,), stated=fact.amount)
    assert causes(between, page=held.last_page) == ["text_layer", None]  # it looked for a class there
    other = f"expenditure:{report.rows['expenditure'][0].number}:total"
    last = held.last_page if held.last_page != held.first_page else held.last_page + 50
    assert causes(between._replace(facts=(fact.reference, other)), page=last) == ["document", None]
    later = next(row.facts["total"] for row in report.rows["expenditure"] if row.page == held.first_page)
    summed = missing._replace(rule="class-sum", dataset="expenditure", facts=(later.reference,), stated=later.amount)
    assert causes(summed, page=held.last_page) == ["text_layer", None]  # a row may be lost there
    assert causes(summed._replace(rule="expenditure-row-total"), page=last) == ["document", None]
