"""What rules read of the tables of a document."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from test_checks import rows_of

from extract.checks.evidence import Evidence, Sum, judged, mostly, summed, total_rows
from extract.schemas.grammar import Schemas
from extract.schemas.rule_base import RowSelector

Tables = Mapping[str, Sequence[Mapping[str, Any]]]


def evidence(schemas: Schemas, tables: Tables, agency: str | None = None) -> Evidence:
    rows = {name: rows_of(schemas, name, written) for name, written in tables.items()}
    columns = {name: {column for row in written for column in row} for name, written in tables.items()}
    return Evidence(schemas, rows, columns, 2026, agency=agency)


def at(own: Evidence, dataset: str, rows: str, column: str = "total", **more: Any) -> list[int]:
    """The numbers of the rows that a place means."""
    return [row.number for row in own.at(RowSelector(dataset=dataset, column=column, rows=rows, **more))]


def test_rows_are_found_by_name_total_and_what_their_columns_say(schemas: Schemas) -> None:
    written = [
        {"exp_func_code": "205", "exp_func_name": "教育支出", "total": "7.00"},
        {"exp_func_code": "208", "exp_func_name": "社会保障 和就业支出", "total": "5.00"},
        {"exp_func_name": "合 计", "total": "12.00"},
        {"exp_func_name": "总计", "total": "12.00"},
    ]
    own = evidence(schemas, {"expenditure": written})
    assert at(own, "expenditure", "total") == [3]
    assert at(own, "expenditure", "each") == [1, 2, 3, 4]
    assert at(own, "expenditure", "社会保障和就业支出") == [2]
    assert at(own, "expenditure", ".*支出") == [1, 2]
    assert at(own, "expenditure", ".*支出", first=True) == [1]
    assert at(own, "expenditure", ".*支出", where={"exp_func_code": "208"}) == [2]
    assert at(own, "expenditure", "教育") == []
    assert at(own, "revenue", "each") == []


def test_the_total_of_a_side_is_that_of_the_year_where_one_is_printed(schemas: Schemas) -> None:
    def sides(*items: str) -> Evidence:
        written = [{"side": "revenue", "item": item, "amount": "1.00"} for item in items]
        written += [{"side": "expenditure", "item": "支出总计", "amount": "9.00"}]
        return evidence(schemas, {"revenue_and_expenditure": written})

    def found(own: Evidence, rows: str) -> list[int]:
        return at(own, "revenue_and_expenditure", rows, "amount", side="revenue")

    both = sides("一、财政拨款", "本年收入合计", "上年结转", "收入总计", "收入总计")
    assert found(both, "@current") == [2]
    assert found(both, "@grand") == [4]
    grand = sides("一、财政拨款", "收入总计")
    assert found(grand, "@current") == found(grand, "@grand") == [2]
    line = sides("一、本年收入", "二、上年结转", "收入总计")
    assert found(line, "@current") == [1]
    assert found(sides("一、财政拨款"), "@current") == []


def test_the_row_of_a_year_is_that_of_all_units_and_funds(schemas: Schemas) -> None:
    def found(*rows: Mapping[str, Any]) -> list[int]:
        own = evidence(schemas, {"three_public_expenses": [{"budget_year": 2026, **row} for row in rows]})
        return at(own, "three_public_expenses", "@fiscal_year")

    assert found({"total": "3.00"}) == [1]
    assert found({"unit_name": "甲中心", "total": "1.00"}, {"unit_name": "合计", "total": "3.00"}) == [2]
    assert found({"fund": "general_public", "total": "1.00"}, {"total": "3.00"}) == [2]
    assert found({"total": "3.00"}, {"total": "1.00"}, {"total": "2.00"}) == [1]  # the first is the sum of the others
    assert found({"total": "3.00"}, {"total": "1.00"}) == [1, 2]
    other = evidence(schemas, {"three_public_expenses": [{"budget_year": 2025, "total": "3.00"}]})
    assert at(other, "three_public_expenses", "@fiscal_year") == []
    assert at(other, "three_public_expenses", "@last_year") == [1]


def test_where_no_total_is_printed_a_row_without_code_or_the_only_one_is_it(schemas: Schemas) -> None:
    def totals(*rows: Mapping[str, Any], agency: str | None = None, indents: Sequence[int] | None = None) -> list[int]:
        own = evidence(schemas, {"expenditure": rows}, agency)
        held = [
            row._replace(indent=indents[place]) if indents else row for place, row in enumerate(own.rows["expenditure"])
        ]
        return [row.number for row in total_rows(held, schemas.datasets["expenditure"], own)]

    coded = ({"exp_func_code": "205", "total": "3.00"}, {"exp_func_code": "208", "total": "2.00"})
    assert totals({"exp_func_name": "甲局", "total": "5.00"}, *coded) == [1]
    assert totals(*coded) == []
    assert totals(coded[0]) == [1]
    assert totals() == []
    assert totals(coded[0], {"exp_func_name": "合计", "total": "3.00"}) == [2]
    names = ({"exp_func_name": "甲局", "total": "5.00"}, {"exp_func_name": "教育支出", "total": "5.00"})
    assert totals(*names, agency="甲局", indents=(0, 1)) == [1]
    assert totals(*names, agency="甲局", indents=(0, 0)) == []
    assert totals(*names, agency="乙局", indents=(0, 1)) == []


def test_a_table_that_is_not_there_and_a_column_that_is_not_printed_are_told_apart(schemas: Schemas) -> None:
    own = evidence(schemas, {"expenditure": [{"exp_func_name": "合计", "total": "1.00"}]})
    place = RowSelector(dataset="expenditure", column="total", rows="total")
    assert own.missing(place) is None
    assert own.missing(place, place.model_copy(update={"column": "basic"}))[0] == "not_applicable"  # type: ignore[index]
    assert own.missing(place, place.model_copy(update={"dataset": "revenue"}))[0] == "no_evidence"  # type: ignore[index]


def test_places_come_to_nothing_where_all_are_printed_and_none_has_a_number(schemas: Schemas) -> None:
    def nothing(*rows: Mapping[str, Any]) -> bool:
        own = evidence(schemas, {"government_fund_expenditure": rows})
        return own.comes_to_nothing([RowSelector(dataset="government_fund_expenditure", column="total", rows="total")])

    assert nothing()
    assert nothing({"exp_func_name": "合计", "total": "0.00"})
    assert not nothing({"exp_func_name": "合计", "total": "1.00"})
    assert not nothing(
        {"exp_func_name": "城乡社区支出", "total": "0.00"}, {"exp_func_name": "农林水支出", "total": "0.00"}
    )  # no total is printed
    absent = RowSelector(dataset="revenue", column="total", rows="total")
    assert not evidence(schemas, {}).comes_to_nothing([absent])


def test_the_units_that_a_document_lists(schemas: Schemas) -> None:
    listed = [{"unit_name": name, "total": "1.00"} for name in ("合计", "甲市林务局", "甲市林务局苗圃站", "乙中心")]
    own = evidence(schemas, {"revenue_by_unit": listed}, agency="甲市林务局")
    assert own.units() == {"甲市林务局", "甲市林务局苗圃站", "乙中心"}
    assert own.names_a_unit("乙中心收入预算3万元")
    assert not own.names_a_unit("甲市林务局收入预算3万元")
    assert not own.names_a_unit("甲市林务局苗圃站收入预算3万元")  # its name holds that of the agency
    assert not own.names_a_unit("丙中心收入预算3万元")
    assert own.is_agency("甲市林务局")
    assert not own.is_agency("乙中心")
    assert not evidence(schemas, {}).is_agency("")


@pytest.mark.parametrize(
    ("ties", "bear"),
    [
        *(("", False), ("+", True), ("-", False), ("+-", True), ("--", False), ("+--", False)),
        *(("+++-", True), ("++--", False), ("++++++--", True), ("+++++--", False)),
    ],
)
def test_sums_bear_out_what_indentation_says_where_most_tie(ties: str, bear: bool) -> None:
    assert mostly([sign == "+" for sign in ties]) is bear


def test_a_sum_holds_what_is_printed_and_tells_what_is_not(schemas: Schemas) -> None:
    facts = [row.facts["total"] for row in rows_of(schemas, "revenue", [{"total": "1.00"}, {"total": "2.50"}])]
    both = summed([facts[0], None, facts[1]], ["一", "二", "三"])
    assert (both.value, both.slack, both.numbers, both.absent) == (
        Decimal("3.50"),
        Decimal("0.010"),
        tuple(facts),
        ("二",),
    )
    less = both.minus(summed(facts[:1]))
    assert (less.value, less.slack, len(less.numbers)) == (Decimal("2.50"), Decimal("0.015"), 3)
    more = both.plus(summed(facts[:1]))
    assert (more.value, more.slack, len(more.numbers)) == (Decimal("4.50"), Decimal("0.015"), 3)


def test_one_sum_may_be_below_the_other_where_the_rule_allows_it() -> None:
    def verdict(stated: str, computed: str, **relation: Any) -> str:
        half = Decimal("0.005")
        return judged(Sum(Decimal(stated), half, ()), Sum(Decimal(computed), half, ()), **relation)

    assert verdict("1.00", "1.00") == "exact"
    assert verdict("1.01", "1.00") == "rounding"
    assert verdict("1.02", "1.00") == verdict("1.00", "1.02") == "fail"
    assert verdict("1.00", "1.02", relation="at_most") == "exact"
    assert verdict("1.02", "1.00", relation="at_most") == "fail"
    assert verdict("1.02", "1.00", relation="at_least") == "exact"
    assert verdict("1.00", "1.02", relation="at_least") == "fail"
