"""Documents that were doctored, cut short or put together of several: told, and right ones left alone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from test_checks import checked, rows_of

from extract.checks.completeness import check_identity, check_pages, check_sums, check_table_numbers
from extract.checks.contents import check_contents
from extract.checks.evidence import Evidence
from extract.checks.in_tables import check_tables
from extract.checks.money_units import check_units
from extract.checks.projects import check_counted_forms, check_uncounted_forms
from extract.checks.running_text import check_running_text
from extract.checks.years import check_years
from extract.model.page import Line, PageReading
from extract.model.report import Check, Row, Spot, Statement, Table
from extract.schemas.grammar import Schemas


def evidence_of(schemas: Schemas, tables: Mapping[str, Sequence[Mapping[str, Any]]], agency: str = "甲局") -> Evidence:
    rows = {name: rows_of(schemas, name, written) for name, written in tables.items()}
    printed = {name: {column for row in written for column in row} for name, written in tables.items()}
    return Evidence(schemas, rows, printed, 2026, agency=agency)


def lines(*pages: Sequence[str]) -> list[Line]:
    return [Line(number, text) for number, texts in enumerate(pages, 1) for text in texts]


def verdicts(checks: Sequence[Check]) -> list[str]:
    return [check.verdict for check in checks]


# ---- classes -------------------------------------------------------------------------------------------------------


def test_a_class_of_one_budget_that_the_table_of_all_expenditure_lacks_is_a_contradiction(schemas: Schemas) -> None:
    def found(*codes: str) -> list[str]:
        part = [{"exp_func_code": code, "total": "3.00"} for code in ("2080501", "2080502")]
        whole = [{"exp_func_code": code, "total": "5.00"} for code in codes]
        tables = {"general_public_expenditure": part, "expenditure": whole}
        return verdicts(checked(schemas, tables, "general-public-classes-in-expenditure"))

    assert found("2080501", "2080502", "2080505") == ["exact", "exact"]
    assert found("2080501", "2080599") == ["exact", "fail"]
    assert found("20805") == []  # it prints no class so deep


def test_a_class_without_money_need_not_stand_in_the_other_table(schemas: Schemas) -> None:
    part = [{"exp_func_code": "2080501", "total": "3.00"}, {"exp_func_code": "2080502", "total": "0.00"}]
    tables = {"general_public_expenditure": part, "expenditure": part[:1]}
    assert verdicts(checked(schemas, tables, "general-public-classes-in-expenditure")) == ["exact"]


def test_procurement_beyond_the_whole_budget_is_a_contradiction(schemas: Schemas) -> None:
    def found(procurement: str) -> list[str]:
        overview = [
            {"side": "revenue", "item": "收入总计", "amount": "50.00"},
            {"side": "expenditure", "item": "支出总计", "amount": "50.00"},
        ]
        bought = [{"purchase_category": "合计", "item": "合计", "total": procurement}]
        tables = {"revenue_and_expenditure": overview, "government_procurement_by_category": bought}
        return verdicts(checked(schemas, tables, "procurement-categories-within-budget"))

    assert found("50.00") == ["exact"]
    assert found("50.10") == ["fail"]


def test_the_agencys_own_row_that_heads_a_list_is_its_total(schemas: Schemas) -> None:
    def found(head: str, *indents: int) -> list[int]:
        projects = [("道路", "3.00"), ("校舍", "2.00")]
        written = [{"project_name": name, "total": amount} for name, amount in ((head, "5.00"), *projects)]
        rows: dict[str, Sequence[Row]] = {
            "project_expenditure": [
                row._replace(indent=indent)
                for row, indent in zip(rows_of(schemas, "project_expenditure", written), indents, strict=True)
            ],
            "expenditure": rows_of(
                schemas, "expenditure", [{"exp_func_name": "合计", "total": "9.00", "project": "5.00"}]
            ),
        }
        printed = {"project_expenditure": {"total"}, "expenditure": {"total", "project"}}
        evidence = Evidence(schemas, rows, printed, 2026, agency="甲局")
        rule = next(rule for rule in schemas.rules if rule.code == "project-total-agrees")
        return [row.number for row in evidence.at(rule.places()[0])]

    assert found("甲局", 0, 1, 1) == [1]
    assert found("甲局", 0, 0, 0) == []  # nothing tells that it heads the others
    assert found("道路养护", 0, 1, 1) == []


def test_a_table_that_was_emptied_does_not_bear_out_the_lines_of_the_overview(schemas: Schemas) -> None:
    overview = [{"side": "expenditure_use", "item": "一、基本支出", "amount": "30.00"}]
    columns = {"expenditure_totals": {"total", "basic", "project"}}
    written = {"revenue_and_expenditure": overview, "expenditure_totals": [{"total": "30.00", "basic": "30.00"}]}
    assert verdicts(checked(schemas, written, "use-lines", columns)) == ["exact"]
    assert verdicts(checked(schemas, written | {"expenditure_totals": []}, "use-lines", columns)) == ["fail"]


def test_a_list_set_in_below_units_with_codes_is_summed_where_its_sums_bear_that_out(schemas: Schemas) -> None:
    def found(last: str) -> list[str]:
        listed = [("合计", None, "9.00", 0), ("甲局", "201", "9.00", 0), ("甲中心", "201001", "5.00", 1)]
        listed += [("养护", None, "5.00", 2), ("乙中心", "201002", "4.00", 1), ("修缮", None, last, 2)]
        written = [{"project_name": name, "unit_code": code, "total": amount} for name, code, amount, _ in listed]
        rows = rows_of(schemas, "project_expenditure", written)
        rows = [row._replace(indent=indent) for row, (*_, indent) in zip(rows, listed, strict=True)]
        evidence = Evidence(schemas, {"project_expenditure": rows}, {"project_expenditure": {"total"}}, 2026)
        rules = [rule for rule in schemas.rules if rule.code == "list-sum"]
        return verdicts(list(check_tables(rules, evidence)))

    assert found("4.00") == ["exact"] * 4
    assert found("3.00") == ["exact"] * 3 + ["fail"]


def test_that_nothing_is_carried_over_is_not_known_of_a_table_without_a_total(schemas: Schemas) -> None:
    def found(*names: str) -> list[str]:
        funds = {
            "total": "5.00",
            "general_public": "5.00",
            "carried_over": "0.00",
            "carried_over_general_public": "0.00",
        }
        lists = [{"total": "3.00", "general_public": "3.00"}, {"total": "3.00", "general_public": "3.00"}]
        tables = {
            "revenue_by_unit": [{"unit_name": name, **funds} for name in names],
            "basic_expenditure": [{"dep_bgt_eco_name": "甲局", **lists[0]}],
            "project_expenditure": [{"project_name": "甲局", **lists[1]}],
        }
        return verdicts(checked(schemas, tables, "unit-general-public"))

    assert found("合计", "甲局") == ["fail"]
    assert found("甲局", "乙中心") == []


# ---- years, owners, parts, pages, numbers of tables ----------------------------------------------------------------


def test_a_cover_of_another_year_than_the_headings_is_told(schemas: Schemas) -> None:
    def told(year: int, *texts: str) -> list[str]:
        return [check.rule for check in check_years(schemas, lines(texts), {}, year, ())]

    headings = ("2026年度收支总表", "2026年度收入总表", "2025年度部门预算公开")
    assert told(2026, *headings) == []
    assert set(told(2025, *headings)) == {"year-differs"}
    assert told(2026, *headings, "2025年支出总表") == ["year-differs"]  # over a page that a table goes on
    assert told(2026, "2025年，本部门安排支出5万元。", "2025年，安排收入5万元，比上年增加") == []  # sentences


@pytest.mark.parametrize(
    ("years", "told"),
    [((2026,), 0), ((2025, 2026), 0), ((None, 2025, 2026), 0), ((2024, 2026), 1), ((2024, 2025), 1), ((2025,), 1)],
)
def test_rows_for_years_that_are_not_the_documents_are_told(
    schemas: Schemas, years: Sequence[int | None], told: int
) -> None:
    rows = rows_of(schemas, "three_public_expenses", [{"budget_year": year, "total": "5.00"} for year in years])
    assert len(list(check_years(schemas, [], {"three_public_expenses": rows}, 2026, ()))) == told


def test_a_title_with_the_name_of_another_agency_is_told(schemas: Schemas) -> None:
    def told(entitled: str | None, agency: str = "甲市教育局") -> list[str]:
        return [check.rule for check in check_identity(schemas, [], [], [], 2026, agency, entitled)]

    assert told("甲市教育局") == told(None) == told("甲市教育局(本级)") == []
    assert told("中共甲市委宣传部", "中国共产党甲市委员会宣传部") == []
    assert told("甲市水利局") == ["title-differs"]


CONTENTS = ["甲市教育局2026年部门预算", "目 录", "第一部分 概况....1", "一、主要职能....1", "二、单位机构设置....2"]
CONTENTS += ["第二部分 预算表....3", "第三部分 名词解释....9", "第四部分 其他情况说明"]
BODY = [
    ("第一部分", "部门概况", "一、职能"),
    ("一、主要职能", "管教育。"),
    ("甲市教育局（单位）机构设置",),
    ("预算表",),
]
BODY += [("第三部分", "名词解释"), ("2026年其他情况", "说明")]


def test_what_the_contents_list_and_no_heading_says_is_told(schemas: Schemas) -> None:
    def told(*pages: Sequence[str]) -> list[str]:
        return [check.message.zh for check in check_contents(schemas, lines(CONTENTS, *pages))]

    assert told(*BODY) == []
    assert told(*BODY[:4], BODY[5]) == ["目录（第1页）所列的“第三部分名词解释”在正文中没有"]
    assert told(*BODY[:2], *BODY[3:]) == ["目录（第1页）所列的“二、单位机构设置”在正文中没有"]
    assert told(*BODY[:2], ("二、内设科室",), *BODY[3:]) == []  # another wording of the same number
    assert told(("管教育。",), ("预算表",)) == []  # its parts have no headings


def test_a_document_that_begins_with_its_contents_has_lost_its_cover(schemas: Schemas) -> None:
    def told(*first: str) -> list[str]:
        return [check.rule for check in check_contents(schemas, lines((*first, *CONTENTS[1:]), *BODY))]

    assert told() == ["cover-missing"]
    assert told("甲市教育局") == []


PROSE = ("甲市教育局负责全市教育工作，组织实施全市教育改革与发展，指", "导各级各类学校。") * 3


def running(schemas: Schemas, *pages: Sequence[str]) -> list[tuple[str, int | None]]:
    readings = [
        PageReading(at, "pdfium", (), tuple(Line(at, text) for text in page), 0, False)
        for at, page in enumerate(pages, 1)
    ]
    return [(check.rule, check.page) for check in check_running_text(schemas, readings)]


def test_a_sentence_that_the_next_page_does_not_go_on_with_is_told(schemas: Schemas) -> None:
    full = "负责全市学校体育卫生与艺术教育工作，组织全市语言文字工作，监"
    open_page = (*PROSE, full, full)
    assert running(schemas, open_page, ("督执行。", *PROSE)) == []
    assert running(schemas, open_page, ("二、机构设置", *PROSE)) == [("text-breaks-off", 1)]
    assert running(schemas, open_page) == [("text-breaks-off", 1)]
    assert running(schemas, (*PROSE, full, full + "。")) == []
    assert running(schemas, (*PROSE, "甲市教育局2026年预算报表"), ("一、收支总表",)) == []


def test_a_heading_whose_number_does_not_follow_from_the_page_before_is_told(schemas: Schemas) -> None:
    first, second = ("一、职能", *PROSE, "（三）管学校。"), ("（五）管教师。", *PROSE)
    assert running(schemas, first, second) == [("heading-gap", 2)]
    assert running(schemas, (*first, "管人事。（四）管经费。"), second) == []  # its number stands inside of a line
    assert running(schemas, first, ("（一）管教师。", *PROSE)) == []
    assert running(schemas, (*PROSE, "1.管教师。"), ("5.管学校。", *PROSE)) == [("heading-gap", 2)]


def test_printed_page_numbers_that_go_back_are_told_unless_they_begin_anew(schemas: Schemas) -> None:
    def told(*numbers: int) -> list[tuple[str, int | None]]:
        pages = [
            PageReading(at, "pdfium", (), (Line(at, "一"), Line(at, "二"), Line(at, f"— {number} —")), 0, False)
            for at, number in enumerate(numbers, 1)
        ]
        return [(check.rule, check.page) for check in check_pages(schemas, pages, [])]

    assert told(1, 2, 3) == told(7, 8, 1, 2) == []
    assert told(7, 8, 6, 7) == [("page-number-back", 3)]


def test_tables_that_end_before_the_last_of_their_place_are_told(schemas: Schemas) -> None:
    tables = [Table(None, None, f"表{number}", "表", "万元", 7, 7, 3, None, "pdfium") for number in (1, 2, 3)]
    [gap] = check_table_numbers(schemas, tables, last=4)
    assert gap.message.zh == "表的编号到4为止，缺第4号，可能缺表"
    assert [*check_table_numbers(schemas, tables, last=3)] == []
    unnumbered = [replace(table, number=None) for table in tables]
    assert [*check_table_numbers(schemas, unnumbered, last=4)] == []


def test_a_number_that_tables_of_two_kinds_have_is_told(schemas: Schemas) -> None:
    def told(*numbered: tuple[str, str]) -> list[str]:
        tables = [Table(kind, None, number, "表", "万元", 7, 7, 3, None, "pdfium") for kind, number in numbered]
        return [check.rule for check in check_table_numbers(schemas, tables)]

    assert told(("revenue", "表1"), ("expenditure", "表2")) == []
    assert told(("revenue", "表1"), ("expenditure", "表1")) == ["table-number-twice"]
    assert told(("performance_targets", "表14"), ("performance_targets", "表14")) == []
    assert told(("revenue", "表1"), ("expenditure", "附表1")) == []


def test_fewer_forms_than_the_projects_that_the_text_counts_are_told(schemas: Schemas) -> None:
    def told(count: int, listed: int, forms: int) -> list[str]:
        projects = [{"project_name": f"项目{place}", "total": "5.00"} for place in range(listed)]
        targets = [{"project_name": f"项目{place}", "total": "5.00"} for place in range(forms)]
        said = Statement(
            1,
            "performance_project_count",
            None,
            None,
            Decimal(count),
            Decimal(0),
            "个",
            None,
            "",
            Spot(9, None, f"{count}个"),
        )
        tables = {"project_expenditure": projects, "performance_targets": targets}
        found = check_counted_forms(evidence_of(schemas, {name: own for name, own in tables.items() if own}), [said])
        return [check.rule for check in found]

    assert told(4, 4, 4) == []
    assert told(4, 4, 2) == ["forms-fewer"]
    assert told(4, 9, 2) == []  # it counts some of them
    assert told(4, 0, 3) == ["forms-fewer"]
    assert told(4, 4, 0) == []  # a document that prints no forms


def test_forms_of_which_nothing_tells_how_many_there_are_are_told(schemas: Schemas) -> None:
    forms = [{"project_name": name, "total": "5.00"} for name in ("甲", "乙")]

    def told(numbered: Sequence[int] = (), **tables: Sequence[Mapping[str, Any]]) -> list[str]:
        evidence = evidence_of(schemas, {"performance_targets": forms, **tables})
        return [check.rule for check in check_uncounted_forms(evidence, [], numbered)]

    assert told() == ["forms-not-counted"]
    assert told(numbered=[1]) == ["forms-not-counted"]
    assert told(numbered=[1, 2]) == []  # a page that is lacking would leave a gap
    assert told(project_expenditure=[{"project_name": name, "total": "5.00"} for name in ("甲", "乙")]) == []
    assert told(expenditure=[{"exp_func_name": "合计", "total": "30.00", "project": "10.00"}]) == []
    assert told(expenditure=[{"exp_func_name": "合计", "total": "30.00", "project": "20.00"}]) == ["forms-not-counted"]


def test_a_total_of_which_no_line_is_left_is_told(schemas: Schemas) -> None:
    left = [
        {"side": "revenue", "item": "一、本年收入", "total": "12.00"},
        {"side": "revenue", "item": "收入总计", "total": "12.00"},
        {"side": "expenditure", "item": "22、其他支出"},
        {"side": "expenditure", "item": "支出总计", "total": "12.00"},
    ]
    whole = [*left, {"side": "expenditure", "item": "1、教育支出", "total": "12.00"}]
    told = [
        [check.rule for check in check_sums(evidence_of(schemas, {"fiscal_appropriation": rows}), [])]
        for rows in (left, whole)
    ]
    assert told == [["rows-not-summed"], []]


# ---- units ---------------------------------------------------------------------------------------------------------


def in_unit(schemas: Schemas, unit: str, worth: str, name: str, written: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Rows whose amounts are printed in a unit that is worth so many 万元."""
    rows = rows_of(schemas, name, written)
    return [
        row._replace(
            facts={
                column: fact._replace(amount=fact.amount * Decimal(worth), printed_unit=unit)
                for column, fact in row.facts.items()
                if fact.amount is not None
            }
        )
        for row in rows
    ]


def units(schemas: Schemas, **tables: Sequence[Row]) -> list[str]:
    return [check.rule for check in check_units(Evidence(schemas, tables, {name: set() for name in tables}, 2026))]


def test_a_budget_of_no_agency_is_told(schemas: Schemas) -> None:
    overview = [
        {"side": side, "item": item, "amount": "20,000.50".replace(",", "")}
        for side, item in (("revenue", "收入总计"), ("expenditure", "支出总计"))
    ]

    def told(unit: str, worth: str) -> list[str]:
        return units(
            schemas, revenue_and_expenditure=in_unit(schemas, unit, worth, "revenue_and_expenditure", overview)
        )

    assert told("万元", "1") == []
    assert told("元", "0.0001") == ["budget-size"]
    assert told("亿元", "10000") == ["budget-size"]


def test_less_than_a_cent_is_told(schemas: Schemas) -> None:
    written = [{"exp_func_name": "合计", "total": "2000.123456"}]
    assert units(schemas, revenue=in_unit(schemas, "元", "0.0001", "revenue", written)) == ["below-a-cent"]
    assert units(schemas, revenue=in_unit(schemas, "万元", "1", "revenue", written)) == []
    written = [{"exp_func_name": "合计", "total": "2000.120000"}]
    assert units(schemas, revenue=in_unit(schemas, "元", "0.0001", "revenue", written)) == []


def test_a_table_in_yuan_that_comes_to_hardly_anything_among_others_in_ten_thousands_is_told(schemas: Schemas) -> None:
    def told(total: str) -> list[str]:
        others = {
            name: in_unit(schemas, "万元", "1", name, [{"total": amount}])
            for name, amount in (("revenue", "900"), ("expenditure", "800"), ("general_public_expenditure", "700"))
        }
        bought = in_unit(schemas, "元", "0.0001", "government_procurement", [{"total": total}])
        return units(schemas, **others, government_procurement=bought)

    assert told("192.13") == ["hardly-anything"]
    assert told("1921300.00") == []


def test_a_table_whose_total_is_that_of_another_in_another_unit_is_told(schemas: Schemas) -> None:
    def printed(sources: str, *others: str) -> list[str]:
        tables: dict[str, list[dict[str, str]]] = {"revenue_sources": [{"source": "合计", "amount": sources}]}
        for dataset, amount in zip(("expenditure", "general_public_expenditure"), others, strict=False):
            tables[dataset] = [{"exp_func_name": "合计", "total": amount}]
        return [check.rule for check in check_units(evidence_of(schemas, tables))]

    assert printed("0.123456", "1234.56") == ["unit-doubtful"] * 2  # either may be the one that is wrong
    assert printed("0.123456", "1234.56", "1234.56") == ["unit-doubtful"]
    assert printed("1234.56", "1234.56") == []
    assert printed("0.1235", "1234.56") == []
    assert printed("0.001", "10.00") == []  # too few figures to be the same number
