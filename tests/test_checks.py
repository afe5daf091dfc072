"""The declared rules on rows made by hand, and the law that a changed number does not pass."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.checks.completeness import (
    Owned,
    check_identity,
    check_pages,
    check_rows,
    check_sums,
    check_table_numbers,
)
from extract.checks.evidence import Evidence
from extract.checks.in_tables import check_tables
from extract.checks.names import check_names
from extract.checks.precision import at_column_precision
from extract.checks.projects import check_projects
from extract.checks.trees import by_depth
from extract.model.page import Box, Line, PageReading
from extract.model.report import Check, Fact, Origin, Report, Row, Table
from extract.schemas.grammar import Schemas

HALF = Decimal("0.005")


def rows_of(schemas: Schemas, dataset: str, written: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Rows whose amounts are written as text, each a fact on page 1."""
    money = set(schemas.datasets[dataset].money())
    rows = []
    for number, values in enumerate(written, 1):
        typed = {name: Decimal(value) if name in money else value for name, value in values.items()}
        facts = {
            name: Fact(
                dataset,
                number,
                name,
                None,
                None,
                False,
                None,
                typed[name],
                HALF,
                "万元",
                Origin(number, Box(0, 0, 1, 1), str(values[name])),
            )
            for name in values
            if name in money
        }
        rows.append(Row(number, number, typed, facts))
    return rows


def as_printed(rows: Sequence[Row]) -> list[Row]:
    """The rows, each number standing for half a unit of its own last digit."""
    return [
        row._replace(
            facts={
                name: fact._replace(half=Decimal(5).scaleb(int(Decimal(fact.origin.printed).as_tuple().exponent) - 1))
                for name, fact in row.facts.items()
            }
        )
        for row in rows
    ]


def checked(
    schemas: Schemas,
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
    rule: str,
    columns: Mapping[str, set[str]] | None = None,
) -> list[Check]:
    rows = {name: rows_of(schemas, name, written) for name, written in tables.items()}
    printed = {name: {column for row in written for column in row} for name, written in tables.items()}
    printed |= dict(columns or {})
    return [
        check for check in check_tables(schemas.rules, Evidence(schemas, rows, printed, 2026)) if check.rule == rule
    ]


@pytest.mark.parametrize(
    ("total", "parts", "verdict"),
    [
        ("12.00", ("7.00", "5.00"), "exact"),
        ("12.01", ("7.00", "5.00"), "rounding"),
        ("12.02", ("7.00", "5.00"), "fail"),
    ],
)
def test_exact_rounding_and_fail_are_told_apart(
    schemas: Schemas, total: str, parts: tuple[str, str], verdict: str
) -> None:
    row = {"total": total, "basic": parts[0], "project": parts[1]}
    [check] = checked(schemas, {"expenditure": [row]}, "expenditure-row-total")
    assert (check.verdict, check.stated, check.computed, check.difference) == (
        verdict,
        Decimal(total),
        Decimal("12.00"),
        Decimal(total) - 12,
    )
    assert check.facts == ("expenditure:1:total", "expenditure:1:basic", "expenditure:1:project")


def test_a_total_without_parts_is_no_evidence_and_a_failing_one_names_what_is_blank(schemas: Schemas) -> None:
    rows = [{"total": "5.00"}, {"total": "6.00", "basic": "5.00"}]
    printed = {"expenditure": {"total", "basic", "project"}}
    bare, failing = checked(schemas, {"expenditure": rows}, "expenditure-row-total", printed)
    assert bare.verdict == "no_evidence"
    assert failing.verdict == "fail"
    assert "项目支出" in failing.message.zh


def test_a_blank_total_over_printed_parts_fails(schemas: Schemas) -> None:
    printed = {"expenditure": {"total", "basic", "project"}}
    tables = {"expenditure": [{"total": "9.00", "basic": "9.00"}, {"basic": "5.00", "project": "1.00"}]}
    _, check = checked(schemas, tables, "expenditure-row-total", printed)
    assert (check.verdict, check.stated, check.computed) == ("fail", None, Decimal("6.00"))
    tables = {"expenditure": tables["expenditure"][1:]}  # blank in every row: the table states no total
    assert not checked(schemas, tables, "expenditure-row-total", printed)


def test_rows_are_summed_by_the_depth_of_their_codes(schemas: Schemas) -> None:
    table = [
        {"exp_func_name": "合计", "total": "10.00"},
        {"exp_func_code": "208", "total": "6.00"},
        {"exp_func_code": "20805", "total": "6.00"},
        {"exp_func_code": "2080501", "total": "2.00"},
        {"exp_func_code": "2080502", "total": "3.00"},
        {"exp_func_code": "210", "total": "4.00"},
    ]
    found = {check.row: check.verdict for check in checked(schemas, {"revenue": table}, "class-sum")}
    assert found == {1: "exact", 2: "exact", 3: "fail"}


def test_a_class_that_stands_twice_sums_the_rows_below_each(schemas: Schemas) -> None:
    table = [
        {"dep_bgt_eco_name": "合计", "total": "10.00"},
        {"dep_bgt_eco_code": "301", "gov_bgt_eco_code": "501", "total": "6.00"},
        {"dep_bgt_eco_code": "30101", "gov_bgt_eco_code": "50101", "total": "6.00"},
        {"dep_bgt_eco_code": "301", "gov_bgt_eco_code": "505", "total": "4.00"},
        {"dep_bgt_eco_code": "30101", "gov_bgt_eco_code": "50501", "total": "4.00"},
    ]
    assert [c.verdict for c in checked(schemas, {"general_public_basic_expenditure": table}, "class-sum")] == [
        "exact"
    ] * 3


def test_named_lines_are_summed_on_their_side(schemas: Schemas) -> None:
    table = [
        {"side": "revenue", "item": "一、财政拨款收入", "amount": "5.00"},
        {"side": "revenue", "item": "一般公共预算收入", "amount": "5.00"},
        {"side": "revenue", "item": "五、其他收入", "amount": "1.00"},
        {"side": "revenue", "item": "本年收入合计", "amount": "6.00"},
        {"side": "revenue", "item": "上年结转", "amount": "2.00"},
        {"side": "revenue", "item": "收入总计", "amount": "8.00"},
        {"side": "expenditure", "item": "一、一般公共服务支出", "amount": "9.00"},
        {"side": "expenditure", "item": "支出总计", "amount": "9.00"},
    ]
    assert lines(schemas, table) == {
        "lines-current": ["exact"],
        "lines-sublines": ["exact"],
        "lines-grand-total": ["exact", "exact"],
        "total-balance": ["fail"],
    }


def lines(schemas: Schemas, table: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    rules = ("lines-current", "lines-sublines", "lines-grand-total", "total-balance")
    return {rule: [c.verdict for c in checked(schemas, {"revenue_and_expenditure": table}, rule)] for rule in rules}


def side(*written: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"side": "revenue", "item": item, "amount": amount} for item, amount in written]


def test_lines_set_in_are_parts_where_they_add_up_and_else_it_is_told_that_nobody_knows(schemas: Schemas) -> None:
    def found(of_name: str, *amounts: str) -> list[str]:
        table = side(("项目支出", amounts[0]), (f"甲{of_name}", amounts[1]), (f"乙{of_name}", amounts[2]))
        rows = rows_of(schemas, "revenue_and_expenditure", table)
        rows = [row._replace(indent=indent) for row, indent in zip(rows, (0, 1, 1), strict=True)]
        evidence = Evidence(schemas, {"revenue_and_expenditure": rows}, {"revenue_and_expenditure": {"amount"}}, 2026)
        return [c.verdict for c in check_tables(schemas.rules, evidence) if c.rule == "lines-sublines"]

    assert found("项目", "5.00", "3.00", "2.00") == ["exact"]
    assert found("项目", "5.00", "3.00", "1.00") == ["no_evidence"]


def test_staff_and_office_are_all_of_the_basic_expenditure_above_them(schemas: Schemas) -> None:
    table = side(("一、基本支出", "5.00"), ("人员经费", "3.00"), ("公用经费", "1.00"), ("二、项目支出", "1.00"))
    assert lines(schemas, table)["lines-sublines"] == ["fail"]


def test_parts_of_which_are_no_lines_of_their_own(schemas: Schemas) -> None:
    table = side(("1、财政拨款", "5.00"), ("其中：专项资金", "4.00"), ("2、事业收入", "1.00"), ("本年收入合计", "6.00"))
    assert lines(schemas, table)["lines-current"] == ["exact"]


def test_a_total_may_stand_first_and_lines_below_the_total_of_the_year_are_added(schemas: Schemas) -> None:
    first = side(("合计", "6.00"), ("一、一般公共预算资金", "5.00"), ("二、其他收入资金", "1.00"))
    assert lines(schemas, first)["lines-grand-total"] == ["exact"]
    numbered = side(("一、财政拨款", "5.00"), ("本年收入合计", "5.00"), ("二、上年结转", "2.00"), ("收入总计", "7.00"))
    assert lines(schemas, numbered)["lines-grand-total"] == ["exact"]


def test_lines_whose_level_nothing_tells_are_not_added_up(schemas: Schemas) -> None:
    bare = side(("教育支出", "5.00"), ("职业教育", "5.00"), ("技校教育", "5.00"), ("本年支出合计", "5.00"))
    assert lines(schemas, bare)["lines-current"] == []


def test_a_part_that_is_not_printed_is_replaced_by_its_own_parts(schemas: Schemas) -> None:
    row = {"total": "10.00", "personnel": "4.00", "office": "1.00", "project": "5.00"}
    assert [c.verdict for c in checked(schemas, {"expenditure": [row]}, "expenditure-row-total")] == ["exact"]
    with_basic = row | {"basic": "5.00"}  # 人员 and 公用 are parts of it, not of the total
    assert [c.verdict for c in checked(schemas, {"expenditure": [with_basic]}, "expenditure-row-total")] == ["exact"]


def test_a_table_with_a_column_that_nothing_names_is_not_accused(schemas: Schemas) -> None:
    rows = {"expenditure": rows_of(schemas, "expenditure", [{"total": "10.00", "basic": "5.00", "project": "1.00"}])}
    printed = {"expenditure": {"total", "basic", "project"}}
    evidence = Evidence(schemas, rows, printed, 2026, unresolved={"expenditure": 1})
    verdicts = [c.verdict for c in check_tables(schemas.rules, evidence) if c.rule == "expenditure-row-total"]
    assert verdicts == ["not_applicable"]


def test_a_number_that_lost_its_decimals_is_held_to_those_of_its_column(schemas: Schemas) -> None:
    written = [
        {"total": "12.23", "basic": "7.00", "project": "5.23"},
        {"total": "8.50", "basic": "8.00", "project": "0.50"},
        {"total": "12.00", "basic": "7.00", "project": "5.23"},
    ]
    rows = rows_of(schemas, "expenditure", written)
    cut = rows[2].facts["total"]._replace(half=Decimal("0.5"))
    rows[2] = rows[2]._replace(facts={**rows[2].facts, "total": cut})
    evidence = Evidence(schemas, {"expenditure": rows}, {"expenditure": {"total", "basic", "project"}}, 2026)
    verdicts = [c.verdict for c in check_tables(schemas.rules, evidence) if c.rule == "expenditure-row-total"]
    assert verdicts == ["exact", "exact", "fail"]


def test_only_a_number_too_long_for_the_cells_of_a_column_that_drops_zeros_may_be_cut_off(schemas: Schemas) -> None:
    def verdicts(*totals: str) -> list[str]:
        written = [{"exp_func_name": "合计", "total": "943864999.96"}, *({"total": total} for total in totals)]
        rows = as_printed(rows_of(schemas, "general_public_expenditure", written))
        halves = {row.facts["total"].origin.printed: row.facts["total"].half for row in at_column_precision(rows)}
        return [str(halves[total]) for total in totals]

    fixed = ["1.25", "20.50", "1136"]
    assert verdicts(*fixed) == ["0.005", "0.005", "0.005"]  # 1136 has lost its decimals
    general = ["1.25", "20.55", "7.5", "3.2", "42", "9438649990", "9438649990.5"]
    assert verdicts(*general)[-4:] == ["0.005", "0.005", "0.5", "0.05"]


@pytest.mark.parametrize(
    ("base", "rule"),
    [("previous_year", "change-from-budget"), ("previous_year_executed", "change-from-executed")],
)
def test_a_change_is_the_difference_of_two_years_where_most_rows_bear_it_out(
    schemas: Schemas, base: str, rule: str
) -> None:
    def found(*changes: str | None) -> list[str]:
        table = [{"total": "10.00", base: "8.00"} | ({"change": change} if change else {}) for change in changes]
        return [c.verdict for c in checked(schemas, {"general_public_expenditure": table}, rule)]

    assert found("2.00", "2.00", "3.00") == ["exact", "exact", "fail"]
    assert found("2.00", None, "-2.00") == ["exact", "fail"]  # where the change is blank, nothing is stated
    assert found("25.00", "25.00", "25.00") == []  # it is of something else


def test_a_sum_of_one_part_has_no_slack(schemas: Schemas) -> None:
    rows = [{"exp_func_code": "208", "total": "2.01"}, {"exp_func_code": "20805", "total": "2.00"}]
    assert [c.verdict for c in checked(schemas, {"revenue": rows}, "class-sum")] == ["fail"]


@pytest.mark.parametrize(("zero", "verdict"), [("0", "fail"), ("0.00", "rounding"), ("1", "rounding")])
def test_a_zero_without_decimals_is_no_part_that_was_rounded(schemas: Schemas, zero: str, verdict: str) -> None:
    """Where numbers have decimals nothing was rounded to it; 0.00 may be a little."""
    total = "2.01" if zero != "1" else "3.01"
    rows = [{"total": total, "basic": "2.00", "project": zero}]
    assert [c.verdict for c in checked(schemas, {"expenditure": rows}, "expenditure-row-total")] == [verdict]


def test_classes_of_units_are_summed_below_their_unit(schemas: Schemas) -> None:
    table = [
        {"exp_func_name": "合计", "total": "9.00"},
        {"exp_func_name": "甲中心", "total": "5.00"},
        {"exp_func_code": "2080501", "total": "5.00"},
        {"exp_func_name": "乙中心", "total": "4.00"},
        {"exp_func_code": "2080501", "total": "4.00"},
    ]
    found = {c.row: c.verdict for c in checked(schemas, {"expenditure": table}, "class-sum")}
    assert found == {1: "exact", 2: "exact", 4: "exact"}


def test_a_class_without_rows_below_repeated_by_its_only_one_is_a_sum(schemas: Schemas) -> None:
    table = [
        {"exp_func_code": "219", "exp_func_name": "援助其他地区支出", "total": "5.00"},
        {"exp_func_code": "219", "exp_func_name": "援助其他地区支出", "total": "5.00"},
    ]
    assert [c.verdict for c in checked(schemas, {"expenditure": table}, "class-sum")] == ["exact"]


def test_rows_stand_below_the_nearest_row_above_of_less_depth() -> None:
    assert by_depth([0, 1, 2, 2, 1, 2]) == [None, 0, 1, 1, 0, 4]
    assert by_depth([1, 2, 0]) == [2, 0, None]  # the total may be the last row
    assert by_depth([1, 2, 1]) == [None, 0, None]
    assert by_depth([0, 1, None, 2]) == [None, 0, None, 1]  # one that is left out parts nothing
    assert by_depth([0, 2, 1, 2]) == [None, 0, 0, 2]
    assert by_depth([0, 1, 0, 2]) == [None, 0, None, 0]  # a second total begins anew


@given(st.lists(st.integers(1, 4), min_size=1, max_size=12))
def test_below_what_a_row_stands_follows_from_the_depths_above_it(depths: list[int]) -> None:
    for place, parent in enumerate(by_depth([0, *depths])[1:], 1):
        above = [before for before in range(1, place) if depths[before - 1] < depths[place - 1]]
        assert parent == max(above, default=0)


def test_indentation_tells_the_levels_where_no_code_does(schemas: Schemas) -> None:
    written = [
        {"exp_func_name": "合计", "total": "5.00"},
        {"exp_func_name": "教育支出", "total": "5.00"},
        {"exp_func_name": "职业教育", "total": "3.00"},
        {"exp_func_name": "其他教育支出", "total": "1.00"},
    ]
    rows = rows_of(schemas, "expenditure", written)

    def found(*indents: int | None) -> dict[int | None, str]:
        indented = [row._replace(indent=indent) for row, indent in zip(rows, indents, strict=True)]
        evidence = Evidence(schemas, {"expenditure": indented}, {"expenditure": {"total", "exp_func_name"}}, 2026)
        return {c.row: c.verdict for c in check_tables(schemas.rules, evidence) if c.rule == "class-sum"}

    assert found(0, 0, 1, 1) == {1: "exact", 2: "fail"}
    assert found(0, 3, 1, 2) == {None: "not_applicable"}  # names that are set in without standing below anything
    assert found(None, None, None, None) == {None: "not_applicable"}


def test_projects_stand_below_the_unit_that_heads_them(schemas: Schemas) -> None:
    tables = {
        "revenue_by_unit": [{"unit_name": "合计", "total": "9.00"}, {"unit_name": "甲中心", "total": "9.00"}],
        "project_expenditure": [
            {"project_name": "合计", "total": "3.00"},
            {"project_name": "甲中心", "total": "3.00"},
            {"project_name": "养护", "total": "1.00"},
            {"project_name": "修缮", "total": "2.00"},
        ],
    }
    found = {c.row: c.verdict for c in checked(schemas, tables, "list-sum") if c.dataset == "project_expenditure"}
    assert found == {1: "exact", 2: "exact"}


def test_what_a_note_says_is_withheld_is_no_contradiction(schemas: Schemas) -> None:
    written = [{"project_name": "合计", "total": "5.00"}, {"project_name": "养护", "total": "1.00"}]
    rows = {"project_expenditure": rows_of(schemas, "project_expenditure", written)}
    printed = {"project_expenditure": {"project_name", "total"}}

    def verdicts(*notes: str) -> list[str]:
        evidence = Evidence(schemas, rows, printed, 2026, notes=notes)
        return [c.verdict for c in check_tables(schemas.rules, evidence) if c.rule == "list-sum"]

    assert verdicts() == ["fail"]
    assert verdicts("注：根据有关保密规定，部分具体项目信息公开时予以剔除。") == ["not_applicable"]


def test_a_line_is_held_against_the_class_of_its_name_whatever_its_ordinal(schemas: Schemas) -> None:
    tables = {
        "revenue_and_expenditure": [
            {"side": "expenditure", "item": "一、外交支出", "amount": "1.00"},
            {"side": "expenditure", "item": "九、卫生健康支出", "amount": "5.00"},
        ],
        "expenditure": [
            {"exp_func_code": "210", "exp_func_name": "卫生健康支出", "total": "4.00"},
            {"exp_func_code": "21011", "exp_func_name": "行政事业单位医疗", "total": "4.00"},
        ],
    }
    [check] = checked(schemas, tables, "expenditure-class-lines")
    assert (check.row, check.verdict) == (2, "fail")


def test_the_fund_of_a_budget_without_carry_over_lines_holds_what_is_carried_over_too(schemas: Schemas) -> None:
    def verdict(*more: dict[str, Any]) -> str:
        tables = {
            "revenue_and_expenditure": [*side(("一、一般公共预算资金", "7.00")), *more],
            "fiscal_appropriation": [
                {"side": "revenue", "item": "（一）一般公共预算资金", "total": "5.00"},
                {"side": "revenue", "item": "（一）一般公共预算拨款", "total": "2.00"},
            ],
        }
        [check] = checked(schemas, tables, "fund-lines")
        return check.verdict

    assert verdict() == "exact"
    assert verdict(*side(("上年结转", "2.00"))) == "fail"


def test_a_table_that_is_not_in_the_document_is_no_evidence(schemas: Schemas) -> None:
    [check] = checked(schemas, {"revenue": [{"exp_func_name": "合计", "total": "1.00"}]}, "revenue-total-agrees")
    assert check.verdict == "no_evidence"


def test_a_number_against_a_blank_of_a_table_that_was_read_fails(schemas: Schemas) -> None:
    line = {"side": "expenditure", "item": "本年支出合计", "government_fund": "5.00"}
    tables: dict[str, list[dict[str, Any]]] = {"fiscal_appropriation": [line], "government_fund_expenditure": []}
    printed = {"government_fund_expenditure": {"total"}}
    assert [c.verdict for c in checked(schemas, tables, "appropriation-government-fund", printed)] == ["fail"]
    line["government_fund"] = "0.00"
    assert [c.verdict for c in checked(schemas, tables, "appropriation-government-fund", printed)] == ["not_applicable"]


def test_a_column_that_is_not_printed_is_not_a_blank(schemas: Schemas) -> None:
    tables = {
        "fiscal_appropriation": [{"side": "expenditure", "item": "本年支出合计", "total": "5.00"}],
        "general_public_expenditure": [{"exp_func_name": "合计", "total": "5.00"}],
    }
    printed = {"fiscal_appropriation": {"side", "item", "total"}}
    assert [c.verdict for c in checked(schemas, tables, "appropriation-general-public", printed)] == ["not_applicable"]


def test_a_class_of_three_public_expenses_may_be_below_but_not_above(schemas: Schemas) -> None:
    def verdict(class_amount: str) -> str:
        tables: dict[str, list[dict[str, Any]]] = {
            "general_public_basic_expenditure": [
                {
                    "dep_bgt_eco_code": "30217",
                    "dep_bgt_eco_name": "公务接待费",
                    "gov_bgt_eco_code": "50206",
                    "total": class_amount,
                },
                {
                    "dep_bgt_eco_code": "30217",
                    "dep_bgt_eco_name": "公务接待费",
                    "gov_bgt_eco_code": "50502",
                    "total": "1.00",
                },
            ],
            "three_public_expenses": [
                {"budget_year": 2025, "reception": "1.00"},
                {"budget_year": 2026, "reception": "3.00"},
            ],
        }
        [check] = checked(schemas, tables, "reception-class")
        return check.verdict

    assert [verdict("1.00"), verdict("2.00"), verdict("2.50")] == ["exact", "exact", "fail"]


def test_a_project_printed_twice_is_held_against_each(schemas: Schemas) -> None:
    tables = {
        "performance_targets": [
            {"project_name": "养护", "total": "5.00"},
            {"project_name": "养护", "total": "7.00"},
            {"project_name": "养护", "total": "9.00"},
        ],
        "project_expenditure": [
            {"project_name": "养护", "total": "7.00"},
            {"project_name": "养护", "total": "5.00"},
            {"project_name": "养护", "total": "8.00"},
        ],
    }
    unknown = ["exact", "exact", "not_applicable"]  # where nothing tells what is carried over
    assert [c.verdict for c in checked(schemas, tables, "performance-project")] == unknown
    tables |= {
        "fiscal_appropriation": [{"item": "收入总计", "side": "revenue", "total": "20.00"}],
        "revenue_and_expenditure": [{"item": "收入总计", "side": "revenue", "amount": "20.00"}],
    }
    assert [c.verdict for c in checked(schemas, tables, "performance-project")] == ["exact", "exact", "fail"]


def test_a_row_with_rows_below_it_is_no_project(schemas: Schemas) -> None:
    projects = [("合计", "9.00", None), ("养护中心", "9.00", 0), ("养护", "5.00", 1), ("维修", "4.00", 1)]
    written = [{"project_name": name, "total": total} for name, total, _ in projects]
    indents = [indent for _, _, indent in projects]
    rows = {
        "project_expenditure": [
            row._replace(indent=indent)
            for row, indent in zip(rows_of(schemas, "project_expenditure", written), indents, strict=True)
        ],
        "performance_targets": rows_of(
            schemas,
            "performance_targets",
            [{"project_name": "养护中心", "total": "5.00"}, {"project_name": "养护", "total": "5.00"}],
        ),
    }
    printed = {name: {"project_name", "total"} for name in rows}
    found = check_tables(schemas.rules, Evidence(schemas, rows, printed, 2026))
    assert [check.verdict for check in found if check.rule == "performance-project"] == ["exact"]


def test_an_item_printed_on_several_rows_goes_on_below_its_group(schemas: Schemas) -> None:
    rows = [
        {"economic_item": "物业管理费", "total": "5.00"},
        {"procurement_item": "物业管理服务", "organization_form": "集中采购", "total": "3.00"},
        {"organization_form": "分散采购", "total": "2.00"},
    ]
    [check] = checked(schemas, {"government_procurement_items": rows}, "procurement-levels")
    assert check.verdict == "exact"


def test_a_heading_without_a_number_over_others_without_one_is_replaced_by_what_stands_below(schemas: Schemas) -> None:
    written = [("一、部门预算", None), ("1、财政拨款", None), ("（1）一般公共预算", "5.00"), ("2、其他收入", "2.00")]
    rows = [
        {"side": "revenue", "item": name} | ({"amount": amount} if amount else {})
        for name, amount in [*written, ("本年收入合计", "7.00")]
    ]
    [check] = checked(schemas, {"revenue_and_expenditure": rows}, "lines-current")
    assert check.verdict == "exact"


def test_where_both_tables_print_units_a_project_without_a_form_is_told_if_most_have_one(schemas: Schemas) -> None:
    def project(unit: str, name: str, total: str) -> dict[str, Any]:
        return {"unit_name": unit, "project_name": name, "total": total}

    tables = {
        "performance_targets": [
            {"implementing_unit": "甲中心", "project_name": "养护", "total": "5.00"},
            {"implementing_unit": "甲中心", "project_name": "巡查", "total": "1.00"},
        ],
        "project_expenditure": [
            {"project_name": "合计", "total": "8.00"},
            project("甲中心", "养护", "5.00"),
            project("甲中心", "巡查", "1.00"),
            project("乙中心", "养护", "2.00"),
        ],
    }
    *forms, whole = checked(schemas, tables, "performance-project")
    assert ([form.verdict for form in forms], whole.verdict, whole.row) == (["exact", "exact"], "fail", 1)
    few = tables | {"performance_targets": tables["performance_targets"][:1]}
    assert [check.verdict for check in checked(schemas, few, "performance-project")] == ["exact"]


@pytest.mark.parametrize(
    "dataset",
    ["revenue", "expenditure", "general_public_expenditure", "general_public_basic_expenditure", "basic_expenditure"],
)
def test_no_amount_of_a_sample_can_be_changed_unnoticed(
    schemas: Schemas, sample_reports: dict[str, Report], dataset: str
) -> None:
    """Every amount of these tables is 1.00 more in turn; each time some check fails."""
    report = sample_reports["2026"]
    own = [rule for rule in schemas.rules if dataset in rule.about()]
    rows = list(report.rows[dataset])
    for index, row in enumerate(rows):
        for name, fact in row.facts.items():
            if not fact.amount:
                continue
            changed = row._replace(facts={**row.facts, name: fact._replace(amount=fact.amount + 1)})
            evidence = Evidence(schemas, {dataset: [*rows[:index], changed, *rows[index + 1 :]]}, report.columns, 2026)
            found = check_tables(own, evidence)
            assert any(check.verdict == "fail" for check in found), (row.number, name)


def test_a_lost_class_and_a_class_without_rows_below_are_found(schemas: Schemas) -> None:
    def rows(*codes: str) -> dict[str, list[dict[str, Any]]]:
        return {"revenue": [{"exp_func_code": code, "total": "1.00"} for code in codes]}

    assert checked(schemas, rows("208", "20805", "2080501"), "class-nesting") == []
    assert checked(schemas, rows("208", "210"), "class-nesting") == []  # a table that goes no deeper
    [no_parent] = checked(schemas, rows("208", "20805", "2080501", "2100101"), "class-nesting")
    assert (no_parent.verdict, no_parent.row) == ("fail", 4)
    [no_child] = checked(schemas, rows("208", "20805", "2080501", "210"), "class-nesting")
    assert (no_child.verdict, no_child.row) == ("fail", 4)
    [elsewhere] = checked(
        schemas, rows("20805", "210", "21001", "208", "20806"), "class-nesting"
    )  # its class stands, but not above it
    assert (elsewhere.verdict, elsewhere.row) == ("fail", 1)


def test_a_row_that_the_other_table_ought_to_have_too_is_found(schemas: Schemas) -> None:
    row = {"exp_func_code": "2080501", "total": "3.00"}
    other = {"exp_func_code": "2080502", "total": "3.00"}
    tables = {"expenditure": [row, other], "revenue": [other]}
    verdicts = [check.verdict for check in checked(schemas, tables, "revenue-expenditure-classes")]
    assert verdicts == ["fail", "exact"]


def test_pages_rows_and_forms_that_stand_twice_are_told_and_forms_are_held_against_projects(schemas: Schemas) -> None:
    def told(tables: Mapping[str, Sequence[Mapping[str, Any]]], *notes: str) -> list[tuple[str, str | None]]:
        rows = {name: rows_of(schemas, name, written) for name, written in tables.items()}
        printed = {name: {column for row in written for column in row} for name, written in tables.items()}
        evidence = Evidence(schemas, rows, printed, 2026, notes=notes)
        return [(check.rule, check.dataset) for check in (*check_rows(evidence), *check_projects(evidence))]

    row = {"exp_func_code": "2080501", "exp_func_name": "行政单位离退休", "total": "5.00"}
    assert told({"expenditure": [row, row]}) == [("row-repeated", "expenditure")]
    assert told({"expenditure": [row, row | {"total": "4.00"}]}) == []
    form = {"project_name": "养护", "total": "5.00", "goal": "完好"}
    projects = [{"project_name": "养护", "total": "5.00"}, {"project_name": "修缮", "total": "2.00"}]
    tables = {"performance_targets": [form, {"project_name": "绿化", "total": "1.00"}], "project_expenditure": projects}
    assert told(tables) == [("form-missing", "performance_targets"), ("project-missing", "project_expenditure")]
    assert told(tables, "注：涉密内容不予公开。") == []


def test_a_project_without_a_form_amid_those_with_one_is_told_and_a_form_too_many(
    schemas: Schemas,
) -> None:
    def told(projects: Sequence[str], forms: Sequence[tuple[str, str]]) -> list[str]:
        tables = {
            "project_expenditure": [{"project_name": name, "total": "5.00"} for name in projects],
            "performance_targets": [
                {"project_name": name, "target_type": kind, "total": "5.00"} for name, kind in forms
            ],
        }
        rows = {name: rows_of(schemas, name, written) for name, written in tables.items()}
        printed = {name: {"project_name", "total"} for name in tables}
        return [check.rule for check in check_projects(Evidence(schemas, rows, printed, 2026))]

    first, rest = [f"道路养护{place:02}" for place in range(12)], [f"校舍修缮{place:02}" for place in range(20)]
    forms = [(name, "project") for name in first]
    assert told([*first, *rest], forms) == []  # the forms are those of the first unit
    assert told([*first, *rest], [*forms[:4], *forms[5:]]) == ["form-missing"]
    assert told([*first, *rest], [*forms, forms[3]]) == ["project-missing"]
    assert told([*first, *rest], [*forms, (first[3], "special_fund")]) == []  # one as a fund, one as a project


def test_the_only_row_without_an_amount_is_told(schemas: Schemas) -> None:
    def told(*amounts: str | None) -> list[str]:
        written = [
            {"project_name": f"养护{place}"} | ({"total": amount} if amount else {})
            for place, amount in enumerate(amounts)
        ]
        rows = {"project_expenditure": rows_of(schemas, "project_expenditure", written)}
        printed = {"project_expenditure": {"project_name", "total"}}
        return [check.rule for check in check_rows(Evidence(schemas, rows, printed, 2026))]

    assert told("1.00", "2.00", None, "4.00", "5.00", "6.00") == ["amount-missing"]
    assert told("1.00", "2.00", None, "4.00", None, "6.00") == []  # a table that leaves amounts out
    assert told("1.00", None) == []


def test_units_of_one_list_of_targets_are_the_sums_of_their_projects_where_most_are(schemas: Schemas) -> None:
    def verdicts(*written: tuple[str, str, bool]) -> list[str]:
        rows = [
            {"project_name": name, "total": amount} | ({"goal": "完好"} if has_goal else {})
            for name, amount, has_goal in written
        ]
        return [check.verdict for check in checked(schemas, {"performance_targets": rows}, "performance-levels")]

    first = [("甲中心", "5.00", False), ("养护", "3.00", True), ("修缮", "2.00", True)]
    second = [("乙中心", "4.00", False), ("绿化", "4.00", True)]
    assert verdicts(*first, *second) == ["exact", "exact"]
    assert verdicts(*first, *second[:1], ("绿化", "3.00", True)) == ["exact", "fail"]
    assert verdicts(("合计", "9.00", False), *first, *second) == ["exact", "exact", "exact"]
    assert verdicts(("管理费", "9.00", False), *first[1:]) == []  # a project whose goal is not printed


def test_a_units_revenue_is_its_basic_and_project_expenditure(schemas: Schemas) -> None:
    def verdicts(*units: tuple[str, str]) -> list[str]:
        tables = {
            "revenue_by_unit": [{"unit_name": name, "total": amount} for name, amount in units],
            "basic_expenditure": [
                {"dep_bgt_eco_name": name, "total": amount}
                for name, amount in [("合计", "6.00"), ("甲局", "4.00"), ("工资福利支出", "4.00"), ("乙中心", "2.00")]
            ],
            "project_expenditure": [
                {"project_name": name, "total": amount}
                for name, amount in [("合计", "4.00"), ("甲局", "1.00"), ("乙中心", "3.00")]
            ],
        }
        return [check.verdict for check in checked(schemas, tables, "unit-revenue-and-expenditure")]

    assert verdicts(("合计", "10.00"), ("甲局", "5.00"), ("乙中心", "5.00")) == ["exact"] * 3
    assert verdicts(("合计", "10.00"), ("甲局", "6.00"), ("乙中心", "4.00")) == ["exact", "fail", "fail"]
    assert verdicts(("合计", "12.00"), ("甲局", "7.00"), ("乙中心", "5.00")) == ["exact"] * 3  # other expenditure too
    assert verdicts(("合计", "10.00"), ("甲局", "5.00"), ("乙中心（本级）", "5.00")) == ["exact", "exact"]


def test_a_class_that_stands_twice_above_its_rows_is_told_and_one_without_rows_is_its_own(schemas: Schemas) -> None:
    def repeated(*codes: str) -> list[str]:
        written = [{"exp_func_code": code, "exp_func_name": "支出", "total": "5.00"} for code in codes]
        rows = {"revenue": rows_of(schemas, "revenue", written)}
        evidence = Evidence(schemas, rows, {"revenue": {"total", "exp_func_code", "exp_func_name"}}, 2026)
        return [check.rule for check in check_rows(evidence)]

    assert repeated("208", "208", "20805", "2080501") == ["row-repeated"]
    assert repeated("219", "219", "221") == []
    written = [{"dep_bgt_eco_code": code, "total": "5.00"} for code in ("301", "302", "302", "303")]
    rows = {"general_public_basic_expenditure": rows_of(schemas, "general_public_basic_expenditure", written)}
    [check] = check_rows(Evidence(schemas, rows, {"general_public_basic_expenditure": {"total"}}, 2026))
    assert check.rule == "row-repeated"  # no economic class is its own only part


@pytest.mark.parametrize(
    ("feet", "gaps"),
    [
        ((("— 1 — — 2 —",), ("— 3 — — 4 —",)), []),
        ((("— 1 —", "— 2 —"), ("— 3 —", "— 4 —")), []),
        ((("9", "10"), ("13", "14")), [2]),
    ],
)
def test_two_pages_on_a_sheet_have_two_numbers(
    schemas: Schemas, feet: tuple[tuple[str, ...], ...], gaps: list[int]
) -> None:
    pages = [
        PageReading(number, "pdfium", (), tuple(Line(number, text) for text in ("一", "二", *foot)), 0, False)
        for number, foot in enumerate(feet, 1)
    ]
    assert [check.page for check in check_pages(schemas, pages, [])] == gaps


def test_a_jump_of_the_printed_page_numbers_and_titles_of_another_year_are_told(schemas: Schemas) -> None:
    def page(number: int, *texts: str) -> PageReading:
        return PageReading(number, "pdfium", (), tuple(Line(number, text) for text in texts), 0, False)

    pages = [page(1, "封面"), page(2, "一", "— 1 —"), page(3, "二", "— 3 —"), page(4, "三", "— 4 —")]
    assert [(check.rule, check.page) for check in check_pages(schemas, pages, [])] == [("page-number-gap", 3)]
    table = Table("revenue", None, "公开表2", "2025年收入总表", "万元", 7, 7, 3, None, "pdfium")
    named = table.__class__("revenue", None, "公开表2", "2026年收入总表", "万元", 7, 7, 3, None, "pdfium")
    found = list(check_identity(schemas, [table, named], [], [], 2026, "甲局", None))
    assert [(check.rule, check.page) for check in found] == [("year-differs", 7)]
    assert found[0].verdict == "no_evidence"


def test_a_table_of_another_is_told_whatever_names_end_in_where_most_name_the_agency(schemas: Schemas) -> None:
    def told(owners: Sequence[str], departments: Sequence[str] = ()) -> list[int | None]:
        own, in_charge = ([Owned(name, page) for page, name in enumerate(names, 1)] for names in (owners, departments))
        return [check.page for check in check_identity(schemas, [], own, in_charge, 2026, "甲市试验场", None)]

    assert told(["甲市试验场", "甲市试验", "甲市试验场（本级）"]) == []
    assert told(["甲市试验场", "甲市试验场", "乙市花木场"]) == [3]
    assert told(["甲市试验场", "乙市花木场", "乙市花木场"]) == []  # the agency's name is not sure
    assert told([], ["甲市试验场", "甲市试验场", "乙市农业局"]) == [3]
    assert told([], ["甲市试验场", "甲市试验场", "甲试场"]) == []  # an abbreviation
    assert told([], ["乙市农业局", "乙市农业局"]) == []  # a unit's projects are in the charge of its department


def test_a_gap_in_the_numbers_of_tables_is_told_where_they_make_a_series(schemas: Schemas) -> None:
    def told(*numbers: str | None) -> list[str]:
        tables = [Table("revenue", None, number, "收入总表", "万元", 7, 7, 3, None, "pdfium") for number in numbers]
        return [check.message.en.partition(", and ")[2] for check in check_table_numbers(schemas, tables)]

    assert told("公开01表", "公开02表", "公开04表", "公开06表") == ["3, 5 is lacking: tables may be missing"]
    assert told("表二", "表三", "表十") == ["1, 4, 5, 6, 7, 8, 9 is lacking: tables may be missing"]
    assert told("预算01表", "预算02表", "预算表3", None, "预算04表") == []  # one of them is written otherwise
    assert told("表1", "表2-1", "表2-2", "表3", "表4") == []
    assert told("表1", "表2", "附表3", "表4") == []
    assert told("一、", "三、", "五、", "七、") == []  # headings are numbered so, with tables or without
    assert told("附件1", "附件3", "附件4") == []
    assert told("表1", "表14") == []


def test_a_table_of_classes_that_no_sum_was_made_of_is_told(schemas: Schemas) -> None:
    def told(*names: tuple[str, str]) -> list[tuple[str, str | None]]:
        written = [{"exp_func_name": name, "total": amount} for name, amount in names]
        rows = {"revenue": rows_of(schemas, "revenue", written)}
        evidence = Evidence(schemas, rows, {"revenue": {"total", "exp_func_name"}}, 2026)
        found = check_sums(evidence, list(check_tables(schemas.rules, evidence)))
        return [(check.rule, check.dataset) for check in found]

    loose = [("基本工资", "3.00"), ("津贴补贴", "2.00"), ("奖金", "1.00"), ("办公费", "4.00")]
    assert told(*loose) == [("rows-not-summed", "revenue")]
    assert told(*loose[:2]) == []  # so few rows may stand beside each other


def test_a_list_of_projects_without_a_total_is_told(schemas: Schemas) -> None:
    def told(*names: str, notes: Sequence[str] = ()) -> list[str]:
        written = [{"project_name": name, "total": "1.00"} for name in names]
        rows = {"project_expenditure": rows_of(schemas, "project_expenditure", written)}
        printed = {"project_expenditure": {"total", "project_name"}}
        evidence = Evidence(schemas, rows, printed, 2026, notes=notes)
        return [check.rule for check in check_sums(evidence, list(check_tables(schemas.rules, evidence)))]

    projects = ("养护", "修缮", "培训", "宣传")
    assert told(*projects) == ["rows-not-summed"]
    assert told("合计", *projects) == []
    assert told(*projects, notes=["注：涉密项目已剔除"]) == []


def test_the_row_of_the_agency_that_all_projects_are_set_in_below_is_their_sum(schemas: Schemas) -> None:
    def verdicts_of(total: str) -> list[str]:
        written = [{"project_name": "甲局", "total": total}, *({"project_name": n, "total": "1.00"} for n in "乙丙丁")]
        rows = [
            row._replace(indent=min(place, 1))
            for place, row in enumerate(rows_of(schemas, "project_expenditure", written))
        ]
        printed = {"project_expenditure": {"total", "project_name"}}
        evidence = Evidence(schemas, {"project_expenditure": rows}, printed, 2026, agency="甲局")
        return [check.verdict for check in check_tables(schemas.rules, evidence) if check.rule == "list-sum"]

    assert verdicts_of("3.00") == ["exact"]
    assert verdicts_of("4.00") == ["fail"]


def test_classes_of_basic_expenditure_are_within_those_of_all_expenditure(schemas: Schemas) -> None:
    def verdicts_of(basic: str) -> list[str]:
        codes = [("301", "5.00"), ("302", "2.00")]
        whole = [{"dep_bgt_eco_code": code, "total": amount} for code, amount in codes]
        part = [{"dep_bgt_eco_code": "301", "total": basic}]
        tables = {"general_public_expenditure_by_economy": whole, "general_public_basic_expenditure": part}
        rows = {name: rows_of(schemas, name, written) for name, written in tables.items()}
        evidence = Evidence(schemas, rows, {name: {"dep_bgt_eco_code", "total"} for name in tables}, 2026)
        checks = check_tables(schemas.rules, evidence)
        return [check.verdict for check in checks if check.rule == "general-public-economy-classes"]

    assert verdicts_of("5.00") == verdicts_of("4.00") == ["exact"]
    assert verdicts_of("5.50") == ["fail"]


def test_exchanged_names_and_a_code_with_two_names_are_told(schemas: Schemas) -> None:
    def told(*named: tuple[str, str]) -> list[tuple[str, int | None]]:
        written = [{"dep_bgt_eco_code": code, "dep_bgt_eco_name": name} for code, name in named]
        rows = {"general_public_basic_expenditure": rows_of(schemas, "general_public_basic_expenditure", written)}
        found = check_names(Evidence(schemas, rows, {"general_public_basic_expenditure": set()}, 2026))
        return [(check.rule, check.page) for check in found]

    assert told(("30205", "水费"), ("30206", "电费")) == []
    exchanged = [("name-of-another-code", 1), ("name-of-another-code", 2)]
    assert told(("30205", "电费"), ("30206", "水费")) == exchanged
    assert told(("30299", "其他商品和服务支出"), ("30299", "其他商品和服务")) == []
    assert told(("30299", "其他商品和服务支出"), ("30299", "租赁费")) == [("code-with-two-names", 2)]
    assert told(("30199", "从未见过的名称")) == []  # names change over the years
    assert told(("30205", "水费"), ("30208", "水费")) == [("name-with-two-codes", 2)]
    assert told(("30290", "水费")) == [("name-of-another-code", 1)]
    assert told(("30290", "其他商品和服务支出")) == [("name-of-another-code", 1)]
    written = [{"exp_func_code": "2050190", "exp_func_name": "其他教育管理事务支出"}]
    rows = {"expenditure": rows_of(schemas, "expenditure", written)}  # it had other codes in other years
    assert list(check_names(Evidence(schemas, rows, {"expenditure": set()}, 2026))) == []


def test_a_row_of_which_is_no_part_of_a_sum(schemas: Schemas) -> None:
    classes = [
        {"exp_func_name": "合计", "total": "10.00"},
        {"exp_func_code": "208", "exp_func_name": "社会保障和就业支出", "total": "10.00"},
        {"exp_func_code": "20805", "exp_func_name": "行政事业单位养老支出", "total": "10.00"},
        {"exp_func_name": "其中：专项经费", "total": "3.00"},
        {"exp_func_name": "一般经费", "total": "2.00"},
        {"exp_func_code": "20899", "exp_func_name": "其他社会保障和就业支出"},
    ]
    assert {check.verdict for check in checked(schemas, {"revenue": classes}, "class-sum")} == {"exact"}
    projects = [
        {"project_name": "合计", "total": "9.00"},
        {"project_name": "养护", "total": "9.00"},
        {"project_name": "其中：道路", "total": "4.00"},
    ]
    assert not checked(schemas, {"project_expenditure": projects}, "list-sum")


def test_a_sum_over_tables_needs_the_total_of_each(schemas: Schemas) -> None:
    tables = {
        "fiscal_appropriation": [{"item": "本年支出合计", "side": "expenditure", "total": "9.00"}],
        "general_public_expenditure": [
            {"exp_func_code": "20805", "total": "3.00"},
            {"exp_func_code": "21201", "total": "5.00"},
        ],
        "government_fund_expenditure": [{"exp_func_name": "合计", "total": "1.00"}],
        "state_capital_expenditure": [],
    }
    printed = {name: {"total"} for name in tables}
    [check] = checked(schemas, tables, "appropriation-expenditure-sum", printed)
    assert check.verdict == "no_evidence"


def test_a_class_that_one_table_does_not_print_is_the_sum_of_its_rows_there(schemas: Schemas) -> None:
    def verdict(whole: str) -> list[str]:
        tables = {
            "fiscal_appropriation": [{"item": "城乡社区支出", "side": "expenditure", "total": whole}],
            "general_public_expenditure": [
                {"exp_func_code": "2120101", "exp_func_name": "行政运行", "total": "3.00"},
                {"exp_func_code": "2120199", "exp_func_name": "其他", "total": "2.00"},
            ],
            "government_fund_expenditure": [{"exp_func_code": "212", "exp_func_name": "城乡社区支出", "total": "4.00"}],
            "state_capital_expenditure": [],
        }
        printed = {name: {"total"} for name in tables}
        return [check.verdict for check in checked(schemas, tables, "appropriation-class-lines", printed)]

    assert [verdict("9.00"), verdict("4.00")] == [["exact"], ["fail"]]


def test_amounts_that_were_rounded_before_tie_only_so_far(schemas: Schemas) -> None:
    def verdict(last: str) -> str:
        rows = [
            {"total": "3.330000", "basic": "1.670000", "project": "1.660000"},
            {"total": "9.120000", "basic": "4.560000", "project": "4.560000"},
            {"total": "5.550000", "basic": "2.220000", "project": last},
        ]
        printed = {"expenditure": as_printed(rows_of(schemas, "expenditure", rows))}
        evidence = Evidence(schemas, printed, {"expenditure": {"total", "basic", "project"}}, 2026)
        return [c.verdict for c in check_tables(schemas.rules, evidence) if c.rule == "expenditure-row-total"][-1]

    assert [verdict("3.340000"), verdict("3.331100")] == ["rounding", "fail"]


def test_levels_that_a_table_hardly_prints_are_not_asked_for(schemas: Schemas) -> None:
    table = [
        {"exp_func_code": "208"},
        {"exp_func_code": "20805"},
        {"exp_func_code": "21001"},
        {"exp_func_code": "21201"},
        {"exp_func_code": "22101"},
    ]
    assert not checked(schemas, {"revenue": table}, "class-nesting")
    alone = [{"exp_func_code": code} for code in ("208", "20805", "210", "21001", "227")]
    assert not checked(schemas, {"revenue": alone}, "class-nesting")
