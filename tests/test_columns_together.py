"""What columns mean beside each other."""

import pytest

from extract.document.pipeline import Knowledge
from extract.schemas.vocabulary import Concept
from extract.tables.columns import Meaning
from extract.tables.columns_together import (
    column_blocks,
    is_final,
    rows_kind,
    sides_of_blocks,
    with_periods,
    with_plain_names,
    with_previous_year,
)

TOTAL = Meaning(measures=("total",))
NAME = Meaning(stub="exp_func_name")
ITEM = Meaning(stub="item")


def concept(knowledge: Knowledge, name: str) -> Concept:
    return next(one for one in knowledge.schemas.vocabulary.concept if one.name == name)


def test_lists_side_by_side_begin_with_a_stub_after_amounts() -> None:
    assert column_blocks([ITEM, TOTAL, ITEM, TOTAL, TOTAL], "sides") == [0, 0, 1, 1, 1]
    assert column_blocks([ITEM, ITEM, TOTAL, None, ITEM, TOTAL], "sides") == [0, 0, 0, 0, 1, 1]
    code = Meaning(stub="exp_func_code")
    assert column_blocks([code, NAME, TOTAL, code, NAME, TOTAL], "function") == [0, 0, 0, 1, 1, 1]
    assert column_blocks([code, NAME, TOTAL, Meaning(stub="remark")], "function") == [0, 0, 0, 0]
    government, department = Meaning(stub="gov_bgt_eco_name"), Meaning(stub="dep_bgt_eco_name")
    assert column_blocks([department, TOTAL, government, TOTAL], "economy") == [0, 0, 1, 1]
    assert column_blocks([department, TOTAL, government], "economy") == [0, 0, 0]  # it says the same of each row again


def test_of_two_lists_the_left_is_revenue_and_the_right_expenditure() -> None:
    revenue, expenditure = Meaning(stub="item", side="revenue"), Meaning(stub="item", side="expenditure")
    assert sides_of_blocks([ITEM, TOTAL, ITEM, TOTAL], [0, 0, 1, 1]) == {0: "revenue", 1: "expenditure"}
    assert sides_of_blocks([revenue, TOTAL, ITEM, TOTAL], [0, 0, 1, 1]) == {0: "revenue", 1: "expenditure"}
    assert sides_of_blocks([ITEM, TOTAL, expenditure, TOTAL], [0, 0, 1, 1]) == {0: "revenue", 1: "expenditure"}
    assert sides_of_blocks([expenditure, TOTAL, revenue, TOTAL], [0, 0, 1, 1]) == {0: "expenditure", 1: "revenue"}
    assert sides_of_blocks([revenue, None, NAME, TOTAL], [0, 0, 1, 1]) == {0: "revenue", 1: "expenditure"}


def test_three_lists_have_the_sides_that_their_headings_say() -> None:
    by_economy = Meaning(stub="dep_bgt_eco_name", side="expenditure")
    sides = sides_of_blocks([Meaning(stub="item", side="revenue"), NAME, by_economy], [0, 1, 2])
    assert sides == {0: "revenue", 1: "expenditure", 2: "expenditure_by_department_economy"}
    use = Meaning(stub="item", side="expenditure_use")
    assert sides_of_blocks([use, NAME], [0, 1]) == {0: "expenditure_use", 1: "expenditure"}
    assert sides_of_blocks([Meaning(stub="item", side="revenue"), use], [0, 1]) == {0: "revenue", 1: "expenditure"}


def test_names_are_those_of_what_the_codes_beside_them_are_of() -> None:
    def stubs(*names: str) -> list[str | None]:
        return [one and one.stub for one in with_plain_names([Meaning(stub=name) for name in names])]

    assert stubs("code", "row_name") == ["code", "name"]
    assert stubs("unit_code", "row_name") == ["unit_code", "unit_name"]
    assert stubs("row_name") == ["row_name"]
    assert stubs("code", "name", "row_name") == ["code", "name", "row_name"]
    assert stubs("unit_code", "unit_name", "row_name") == ["unit_code", "unit_name", "row_name"]


def test_a_period_that_all_amounts_have_tells_none_from_another() -> None:
    def periods(*given: Meaning) -> list[str | None]:
        return [one and one.period for one in with_periods(given)]

    this, last = TOTAL._replace(period="2026年"), TOTAL._replace(period="2025年")
    assert periods(this, this) == [None, None]
    assert periods(this, last) == ["2026年", "2025年"]
    assert periods(this, TOTAL) == ["2026年", None]
    assert periods(NAME, this) == [None, None]
    assert periods(this._replace(year=2026), last._replace(year=2026)) == [None, None]


def test_totals_of_the_year_before_are_columns_of_their_own(knowledge: Knowledge) -> None:
    def measures(name: str, *given: Meaning) -> list[tuple[str, ...]]:
        return [one.measures for one in with_previous_year(given, concept(knowledge, name)) if one]

    this, last = TOTAL._replace(year=2026), TOTAL._replace(year=2025)
    basic = Meaning(measures=("basic",), year=2025)
    assert measures("expenditure", this, last) == [("total",), ("previous_year",)]
    assert measures("expenditure", last, this) == [("previous_year",), ("total",)]
    assert measures("expenditure", this, basic) == [("total",), ()]
    assert measures("expenditure", last, last) == [("total",), ("total",)]
    assert measures("three_public_expenses", this, last) == [("total",), ("total",)]


def test_a_table_is_one_of_final_accounts_if_an_undated_column_is() -> None:
    final = TOTAL._replace(stage="final")
    assert is_final([NAME, final])
    assert not is_final([NAME, TOTAL])
    assert not is_final([final, TOTAL._replace(year=2025)])
    assert not is_final([final, TOTAL._replace(period="2025年")])
    assert not is_final([NAME._replace(stage="final"), TOTAL])


@pytest.mark.parametrize(
    ("name", "stubs", "kind"),
    [
        ("revenue_and_expenditure", ["item"], "sides"),
        ("revenue_and_expenditure", ["exp_func_code", "exp_func_name"], "function"),
        ("expenditure", ["exp_func_name"], "function"),
        ("expenditure", ["exp_func_name", "dep_bgt_eco_name"], "function_and_economy"),
        ("expenditure", ["dep_bgt_eco_name"], "economy"),
        ("expenditure", ["unit_name"], "unit"),
        ("expenditure", ["unit_name", "exp_func_code"], "function"),
        ("expenditure", ["item"], "item"),
        ("expenditure", ["remark"], "none"),
        ("expenditure", ["level_1_name", "exp_func_name"], "levels"),
        ("three_public_expenses", ["item"], "turned"),
        ("three_public_expenses", ["unit_name"], "none"),
        ("project_expenditure", ["project_name"], "project"),
        ("project_expenditure", ["project_name", "dep_bgt_eco_name"], "lines"),
        ("project_expenditure", ["dep_bgt_eco_name"], "economy"),
        ("government_procurement", ["procurement_item"], "procurement_item"),
        ("government_procurement", ["procurement_category"], "category"),
    ],
)
def test_what_the_rows_of_a_table_are(knowledge: Knowledge, name: str, stubs: list[str], kind: str) -> None:
    assert rows_kind([*(Meaning(stub=stub) for stub in stubs), TOTAL], concept(knowledge, name)) == kind
