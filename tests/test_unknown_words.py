"""Tables of which some word is not known, as those of a place that nobody has tried: what they lack is told, and no sum
is held against them. Tables are drawn, no PDF is read.
"""

from dataclasses import replace
from decimal import Decimal

import pytest
from drawing import Area, page
from test_assemble import FORM_XS, read
from test_kinds import meaning, plain, values

from extract.checks.completeness import check_second_tables
from extract.checks.lost_rows import without_lost_rows
from extract.checks.status import with_checks
from extract.document.pipeline import Knowledge
from extract.model.report import Report, Table, Unclaimed
from extract.schemas.grammar import Schemas

FAILING = "general_public_expenditure"  # of the sample of 2025 a sum in it fails
LINES = [("一、一般公共预算收入", "12.00", "一、教育支出", "12.00"), ("收入总计", "12.00", "支出总计", "12.00")]


def test_of_two_lists_side_by_side_the_left_is_revenue(knowledge: Knowledge) -> None:
    result = read(knowledge, [plain("收支总表", [("项目", "预算数", "项目", "预算数"), *LINES])])
    assert values(result, "revenue_and_expenditure", "side", "item") == [
        ("revenue", "一、一般公共预算收入"),
        ("revenue", "收入总计"),
        ("expenditure", "一、教育支出"),
        ("expenditure", "支出总计"),
    ]


def test_of_three_lists_without_sides_none_is_of_a_side(knowledge: Knowledge) -> None:
    rows = [("项目", "预算数") * 3, *([*line, "基本支出", "12.00"] for line in LINES)]
    result = read(knowledge, [plain("收支总表", rows)])
    assert [(table.dataset, table.rows) for table in result.tables] == [("amounts", 6)]


@pytest.mark.parametrize("header", [True, False])
def test_what_stands_under_a_title_of_its_own_goes_on_with_no_table(knowledge: Knowledge, header: bool) -> None:
    head = ("科目编码", "科目名称", "合计", "基本支出")
    first = plain("部门支出总表", [head, ("201", "一般公共服务支出", "12.00", "7.00")])
    rows = [*([head] if header else []), ("208", "社会保障和就业支出", "3.00", "3.00")]
    titled = plain("某某情况的另一种表", rows, 2)
    result = read(knowledge, [first, titled])
    assert values(result, "expenditure", "total") == [(Decimal("12.00"),)]
    assert [table.dataset for table in result.tables] == ["expenditure", None]
    for going_on in (plain(None, rows, 2), plain("续上表", rows, 2)):
        both = read(knowledge, [first, going_on])
        assert values(both, "expenditure", "total") == [(Decimal("12.00"),), (Decimal("3.00"),)]


def test_a_running_head_that_looks_like_a_title_parts_no_table(knowledge: Knowledge) -> None:
    head = ("科目编码", "科目名称", "合计", "基本支出")
    lines = [("201", "一般公共服务支出", "12.00", "7.00"), ("208", "社会保障和就业支出", "3.00", "3.00")]
    pages = []
    for number, rows in enumerate(([head, lines[0]], [lines[1]]), 1):
        areas = [Area(r, c, r + 1, c + 1, text) for r, row in enumerate(rows) for c, text in enumerate(row)]
        titles = [("部门支出总表", 300.0, 80.0), ("单位：万元", 700.0, 120.0)] if number == 1 else []
        ys = [150.0 + 20 * n for n in range(len(rows) + 1)]
        pages.append(page(areas, FORM_XS[:5], ys, [("澜州市公开报表", 300.0, 20.0), *titles], number))
    result = read(knowledge, pages)
    assert values(result, "expenditure", "total") == [(Decimal("12.00"),), (Decimal("3.00"),)]


def test_a_heading_of_a_list_is_no_value_of_the_label_beside_it(knowledge: Knowledge) -> None:
    """A list of projects of which one heading is not known, and so its amounts are not read."""
    heads = ("项目名称", "某种金额", "年度目标", "三级指标", "指标值")
    rows = [heads, ("绿道养护", "12.00", "路面平整", "里程", "≥30公里"), ("路灯", "3.00", "明亮", "盏数", "9盏")]
    result = read(knowledge, [plain("某某项目绩效情况", rows)])
    assert "某种金额" not in [row.values.get("project_name") for row in result.rows.get("performance_targets", ())]
    assert result.unclaimed or [table.dataset for table in result.tables] == [None]


def test_cells_of_a_list_in_a_form_that_no_column_takes_are_told(knowledge: Knowledge) -> None:
    heads = [(0, 0, 1, 2, "项目名称"), (0, 2, 1, 5, "绿道养护"), (1, 0, 2, 2, "主管部门"), (1, 2, 2, 5, "园林局")]
    columns = ("一级指标", "二级指标", "三级指标", "指标值", "某种数额")
    row = ("产出指标", "数量指标", "里程", "≥30公里", "55.00")
    listed = [(2 + r, c, 3 + r, c + 1, text) for r, line in enumerate((columns, row)) for c, text in enumerate(line)]
    areas = [Area(*one) for one in (*heads, *listed)]
    titles = [("项目支出绩效目标表", 300.0, 80.0)]
    result = read(knowledge, [page(areas, [*FORM_XS[:5], FORM_XS[-1]], [150.0 + 20 * n for n in range(5)], titles)])
    assert values(result, "performance_indicators", "level_3", "target") == [("里程", "≥30公里")]
    assert "55.00" in [one.text for one in result.unclaimed]


# ---- what is said of the sums ----------------------------------------------------------------------------------------


def test_a_second_table_of_a_kind_is_told_and_excuses_the_sums_of_both(
    schemas: Schemas, sample_reports: dict[str, Report]
) -> None:
    report = sample_reports["2025"]
    [table] = [one for one in report.tables if one.dataset == FAILING]
    second = replace(table, title="另一张支出表", first_page=30, last_page=30)
    [told] = check_second_tables(schemas, [*report.tables, second])
    assert (told.rule, told.dataset, told.page) == ("second-table", FAILING, 30)
    assert "另一张支出表" in told.message.zh
    assert not list(check_second_tables(schemas, report.tables))
    doubled = with_checks(report, (*report.checks, told), withheld=False)
    about = {check.rule for check in report.checks if check.verdict == "fail" and check.dataset == FAILING}
    excused = without_lost_rows(doubled, schemas)
    assert about
    assert not about & {check.rule for check in excused.checks if check.verdict == "fail" and check.dataset == FAILING}
    assert "inconsistent" in excused.reasons


def test_a_text_that_no_column_claims_excuses_the_sums_of_its_table_only(
    schemas: Schemas, sample_reports: dict[str, Report]
) -> None:
    report = sample_reports["2025"]

    def failing(one: Report) -> set[str | None]:
        return {check.dataset for check in without_lost_rows(one, schemas).checks if check.verdict == "fail"}

    def lacking(table: Table) -> Report:
        cell = Unclaimed(report.tables.index(table) + 1, 3, 2, "某处", table.first_page, None)
        return replace(report, unclaimed=(cell,))

    tables = {table.dataset: table for table in report.tables}
    assert FAILING in failing(report)
    assert FAILING not in failing(lacking(tables[FAILING]))
    assert FAILING in failing(lacking(tables["three_public_expenses"]))
    assert failing(lacking(tables["performance_targets"])) == failing(report)  # beside a form it tells nothing of sums


@pytest.mark.parametrize(
    ("text", "is_total"), [("全部支出", True), ("部门支出", True), ("部分支出", False), ("其他部门支出", False)]
)
def test_a_column_of_a_part_is_no_total(knowledge: Knowledge, text: str, is_total: bool) -> None:
    found = meaning(knowledge, text)
    assert (found is not None and "total" in found.measures) == is_total
