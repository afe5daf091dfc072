"""Kinds of tables that places print: what headings, contents and labels tell. Tables are drawn, no PDF is read."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from drawing import Area, page
from test_assemble import read

from extract.document.pipeline import Knowledge, blank_report, report_of
from extract.model.page import Page
from extract.reading.base import DEFAULT_READER, reader
from extract.reading.grids import grids
from extract.tables.columns import Meaning
from extract.tables.document_rows import Normalised

WIDE = 160.0


def plain(title: str | None, rows: Sequence[Sequence[str]], number: int = 1) -> Page:
    """A table of single cells, its header in its first row; a blank text is a blank cell."""
    areas = [Area(r, c, r + 1, c + 1, text) for r, row in enumerate(rows) for c, text in enumerate(row)]
    xs = [40.0 + WIDE * column for column in range(len(rows[0]) + 1)]
    ys = [150.0 + 20 * row for row in range(len(rows) + 1)]
    lines = [(title, 300.0, 80.0), ("单位：万元", 700.0, 120.0)] if title else []
    return page(areas, xs, ys, lines, number)


def values(result: Normalised, dataset: str, *fields: str) -> list[tuple[object, ...]]:
    return [tuple(row.values.get(field) for field in fields) for row in result.rows[dataset]]


def meaning(knowledge: Knowledge, *path: str, concept: str = "expenditure") -> Meaning | None:
    concepts = {one.name: one for one in knowledge.schemas.vocabulary.concept}
    return knowledge.columns.read(path, concepts[concept])


def test_a_row_that_numbers_the_columns_is_no_row(knowledge: Knowledge) -> None:
    rows = [("科目编码", "科目名称", "合计", "基本支出"), ("**", "**", "1", "2"), ("208", "社会保障", "12.00", "7.00")]
    result = read(knowledge, [plain("部门支出总表", rows)])
    assert values(result, "expenditure", "exp_func_code", "basic") == [("208", Decimal("7.00"))]


def test_columns_are_numbered_on_the_page_after_their_header(knowledge: Knowledge) -> None:
    head = ("科目编码", "科目名称", "合计", "基本支出")
    rows = [("**", "**", "1", "2"), ("208", "社会保障", "12.00", "7.00"), ("210", "卫生健康", "3.00", "3.00")]
    result = read(knowledge, [plain("部门支出总表", [head]), plain(None, rows, 2)])
    assert values(result, "expenditure", "exp_func_code", "basic") == [
        ("208", Decimal("7.00")),
        ("210", Decimal("3.00")),
    ]


def test_lists_side_by_side_of_two_classifications_are_numbered_and_kept_apart(knowledge: Knowledge) -> None:
    head = ("科目编码", "科目名称", "预算数")
    groups = [Area(0, 0, 1, 3, "部门预算经济分类"), Area(0, 3, 1, 6, "政府预算经济分类")]
    rows = [
        (*head, *head),
        ("**", "**", "1", "**", "**", "1"),
        ("", "合计", "12.00", "", "合计", "12.00"),
        ("301", "工资福利支出", "7.00", "501", "机关工资福利支出", "12.00"),
        ("303", "对个人和家庭的补助", "5.00", "", "", ""),
    ]
    areas = [Area(r + 1, c, r + 2, c + 1, text) for r, row in enumerate(rows) for c, text in enumerate(row)]
    lines = [("一般公共预算基本支出表", 300.0, 80.0), ("单位：万元", 700.0, 120.0)]
    xs = [40.0 + WIDE * column for column in range(7)]
    drawn = page([*groups, *areas], xs, [150.0 + 20 * row for row in range(7)], lines)
    result = read(knowledge, [drawn])
    assert values(result, "general_public_basic_expenditure", "dep_bgt_eco_code", "gov_bgt_eco_code", "total") == [
        (None, None, Decimal("12.00")),
        ("301", None, Decimal("7.00")),
        ("303", None, Decimal("5.00")),
        (None, None, Decimal("12.00")),
        (None, "501", Decimal("12.00")),
    ]
    report = report_of(blank_report("0" * 64, "drawn.pdf", reader(DEFAULT_READER)), [grids(drawn)], knowledge)
    sums = [(one.row, one.verdict) for one in report.checks if one.rule == "class-sum"]
    assert sums == [(1, "exact"), (4, "exact")]


def test_a_change_in_lines_is_of_no_year_and_a_rate_is_no_money(knowledge: Knowledge) -> None:
    rows = [
        ("项目", "上年预算数", "2026年预算数", "2026年比2025年增减额", "增减%"),
        ("合计", "8.00", "5.00", "-3.00", "-37.50"),
        ("公务接待费", "8.00", "5.00", "-3.00", "-37.50"),
    ]
    result = read(knowledge, [plain("“三公”经费支出表", rows)])
    assert values(result, "three_public_expenses", "period", "budget_year", "total") == [
        ("上年预算数", None, Decimal("8.00")),
        ("2026年预算数", 2026, Decimal("5.00")),
        ("2026年比2025年增减额", None, Decimal("-3.00")),
    ]
    assert [(row.values["change_percent"], row.facts) for row in result.rows["amounts"]] == [
        (Decimal("-37.50"), {})
    ] * 2
    assert result.unclaimed == []


def test_a_total_in_the_last_row_of_the_header_hides_no_column(knowledge: Knowledge) -> None:
    """科目编码 and 科目名称 stand over a merged 合计, beside the parts of 本年支出, in an empty table."""
    areas = [
        Area(0, 0, 2, 1, "科目编码"),
        Area(0, 1, 2, 2, "科目名称"),
        Area(0, 2, 1, 5, "本年政府性基金预算支出"),
        Area(2, 0, 3, 2, "合计"),
        *(Area(1, c, 3, c + 1, text) for c, text in ((2, "小计"), (3, "基本支出"), (4, "项目支出"))),
    ]
    lines = [("政府性基金预算支出表", 300.0, 80.0), ("单位：万元", 700.0, 120.0)]
    xs = [40.0 + WIDE * column for column in range(6)]
    result = read(knowledge, [page(areas, xs, [150.0, 170.0, 190.0, 210.0, 230.0], lines)])
    [table] = result.tables
    assert (table.dataset, table.rows, table.unresolved) == ("government_fund_expenditure", 0, 0)


def test_three_public_expenses_may_stand_in_lines(knowledge: Knowledge) -> None:
    rows = [
        ("项目", "预算数"),
        ("合计", "5.00"),
        ("1、因公出国（境）费用", "1.00"),
        ("2、公务接待费", "0.50"),
        ("3、公务用车购置及运行费", "3.50"),
    ]
    result = read(knowledge, [plain("一般公共预算“三公”经费支出预算表", rows)])
    fields = ("total", "overseas_travel", "reception", "vehicles")
    assert values(result, "three_public_expenses", *fields) == [
        (Decimal("5.00"), Decimal("1.00"), Decimal("0.50"), Decimal("3.50"))
    ]


LIST = ("项目名称", "资金总额", "绩效目标", "三级指标", "指标值")


def test_a_list_of_projects_goes_on_over_the_page(knowledge: Knowledge) -> None:
    first = plain("项目支出绩效目标表", [LIST, ("绿道养护", "12.00", "路面平整", "里程", "≥30公里")])
    other = plain(
        None, [LIST, ("绿道养护", "12.00", "路面平整", "次数", "≥4次"), ("路灯", "3.00", "明亮", "盏数", "9盏")], 2
    )
    result = read(knowledge, [first, other])
    assert values(result, "performance_targets", "project_name", "total") == [
        ("绿道养护", Decimal("12.00")),
        ("路灯", Decimal("3.00")),
    ]
    rows = values(result, "performance_indicators", "target_row", "level_3", "target")
    assert rows == [(1, "里程", "≥30公里"), (1, "次数", "≥4次"), (2, "盏数", "9盏")]


def form(title: str, header: Sequence[str], row: Sequence[str]) -> Page:
    heads = [("项目名称", "绿道养护"), ("主管部门", "园林局"), ("实施单位", "绿道中心"), ("年度目标", "路面平整")]
    width = len(header)
    areas = [Area(r, 0, r + 1, 1, label) for r, (label, _) in enumerate(heads)]
    areas += [Area(r, 1, r + 1, width, value) for r, (_, value) in enumerate(heads)]
    areas += [Area(4 + r, c, 5 + r, c + 1, text) for r, line in enumerate((header, row)) for c, text in enumerate(line)]
    xs = [40.0 + 120.0 * column for column in range(width + 1)]
    return page(areas, xs, [150.0 + 20 * row for row in range(7)], [(title, 300.0, 80.0)])


def test_a_form_without_a_known_title_is_told_by_its_labels(knowledge: Knowledge) -> None:
    header = ("一级指标", "二级指标", "三级指标", "指标值")
    result = read(knowledge, [form("某某专项情况", header, ("产出指标", "数量指标", "里程", "≥30公里"))])
    assert values(result, "performance_targets", "project_name", "goal") == [("绿道养护", "路面平整")]
    assert values(result, "performance_indicators", "level_3", "target") == [("里程", "≥30公里")]


@pytest.mark.parametrize("title", ["项目支出绩效自评表", "某某专项情况"])
def test_an_evaluation_is_never_taken_for_a_target(knowledge: Knowledge, title: str) -> None:
    header = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分")
    row = ("产出指标", "数量指标", "里程", "≥30公里", "31公里", "50", "49.5")
    result = read(knowledge, [form(title, header, row)])
    assert "performance_targets" not in result.rows
    assert values(result, "performance_evaluations", "project_name", "implementing_unit") == [("绿道养护", "绿道中心")]
    fields = ("evaluation_row", "level_3", "target", "actual", "full_score", "score")
    assert values(result, "performance_evaluation_indicators", *fields) == [
        (1, "里程", "≥30公里", "31公里", Decimal(50), Decimal("49.5"))
    ]


def test_units_in_the_column_of_names_are_rows(knowledge: Knowledge) -> None:
    """Nobody knows 用途去向, but it is the only column of texts, and rows of such a table are named."""
    rows = [
        ("用途去向", "总计", "财政拨款"),
        ("甲局", "9.00", "9.00"),
        ("工资福利支出", "9.00", "9.00"),
        ("乙所", "1.00", "1.00"),
    ]
    result = read(knowledge, [plain("基本支出预算表", rows)])
    names = [name for (name,) in values(result, "basic_expenditure", "dep_bgt_eco_name")]
    assert names == ["甲局", "工资福利支出", "乙所"]


def test_lists_of_units_and_of_tables_are_told_by_their_headers(knowledge: Knowledge) -> None:
    units = plain(None, [("序号", "单位名称", "拟变动情况"), ("1", "甲局本级", "无"), ("2", "乙所", "")])
    tables = plain(
        None, [("报表", "报表名称", "是否空表"), ("表1", "部门收支总表", "否"), ("表2", "部门收入总表", "否")]
    )
    result = read(knowledge, [units, tables])
    assert values(result, "subordinate_units", "unit_name", "remark") == [("甲局本级", "无"), ("乙所", None)]
    assert values(result, "listed_tables", "table_number", "is_empty") == [("表1", "否"), ("表2", "否")]


@pytest.mark.parametrize(
    ("path", "stub", "measure"),
    [
        (("政府预算支出经济分类科目代码",), "gov_bgt_eco_code", None),
        (("支出功能科目名称",), "exp_func_name", None),
        (("基层预算单位编码",), "unit_code", None),
        (("人员经费安排数",), None, "personnel"),
        (("当年一般公共预算拨款资金（含补助）",), None, "general_public"),
        (("其它资金安排",), None, "other_funds"),
    ],
)
def test_a_heading_is_read_by_the_words_that_it_is_made_of(
    knowledge: Knowledge, path: tuple[str, ...], stub: str | None, measure: str | None
) -> None:
    found = meaning(knowledge, *path)
    assert found is not None
    assert (found.stub, found.measures[:1]) == (stub, (measure,) if measure else ())


@pytest.mark.parametrize(
    "heading",
    ["基本支出执行数", "项目支出增减额", "一般公共预算（上年结转）", "人员数量", "项目小计", "项目支出完成率"],
)
def test_a_heading_that_says_something_else_is_not_understood(knowledge: Knowledge, heading: str) -> None:
    found = meaning(knowledge, heading)
    assert found is None or not found.measures


def test_what_is_known_as_printed_goes_before_what_is_made_of_words(knowledge: Knowledge) -> None:
    rows = [
        ("科目编码", "科目名称", "合计", "基本支出经费数", "基本支出"),
        ("208", "社会保障", "12.00", "7.00", "5.00"),
    ]
    result = read(knowledge, [plain("部门支出总表", rows)])
    assert values(result, "expenditure", "total", "basic") == [(Decimal("12.00"), Decimal("5.00"))]
    assert [table.unresolved for table in result.tables] == [1]


def test_a_word_that_a_documents_titles_have_in_common_adds_nothing_there(knowledge: Knowledge) -> None:
    titles = knowledge.readers.captions.titles
    printed = [f"2026年部门统筹口径{subject}总表" for subject in ("收支", "收入", "支出", "财政拨款收支")]
    assert titles.read(printed[0]) is None
    found = titles.knowing(printed).read(printed[1])
    assert found is not None
    assert found.concept.name == "revenue"
    assert titles.knowing(printed[:2]).read(printed[1]) is None  # two are not enough
    executed = [text.replace("统筹口径", "执行口径") for text in printed]
    assert titles.knowing(executed).read(executed[1]) is None


def test_amounts_that_no_rule_is_about_keep_a_document_from_being_verified(knowledge: Knowledge) -> None:
    rows = [
        ("科目编码", "科目名称", "合计", "基本支出", "项目支出"),
        ("", "合计", "12.00", "7.00", "5.00"),
        ("208", "社会保障和就业支出", "12.00", "7.00", "5.00"),
    ]
    matrix = [
        ("科目编码", "科目名称", "合计", "工资福利支出", "商品和服务支出"),
        ("208", "社会保障和就业支出", "12.00", "7.00", "9.00"),
    ]

    def status(*pages: Page) -> tuple[str, tuple[str, ...]]:
        blank = blank_report("0" * 64, "drawn.pdf", reader(DEFAULT_READER))
        report = report_of(blank, [grids(one) for one in pages], knowledge)
        return report.status, report.reasons

    table = plain("部门支出总表", rows)
    assert status(table) == ("verified", ())
    assert status(table, plain("部门支出经济分类汇总表", matrix, 2)) == ("unverified", ("unknown_columns",))


def test_a_label_and_its_amount_in_lists_side_by_side_are_one_row(knowledge: Knowledge) -> None:
    """公用经费合计 stands in the second list, what it comes to in the third, as 商品和服务支出 goes on there."""
    head = ("科目编码", "科目名称", "决算数")
    rows = [
        head * 3,
        ("301", "工资福利支出", "7.00", "302", "商品和服务支出", "5.00", "30217", "公务接待费", "2.00"),
        ("30101", "基本工资", "7.00", "30201", "办公费", "3.00", "", "", ""),
        ("人员经费合计", "", "7.00", "公用经费合计", "", "", "", "", "5.00"),
    ]
    title = "一般公共预算财政拨款基本支出决算表"
    report = report_of(
        blank_report("0" * 64, "drawn.pdf", reader(DEFAULT_READER)), [grids(plain(title, rows))], knowledge
    )
    found = report.rows["final_general_public_basic_expenditure"]
    named = {str(row.values.get("dep_bgt_eco_name")): row.values.get("amount") for row in found}
    assert named["公用经费合计"] == named["商品和服务支出"] == Decimal("5.00")
    assert all(row.values.get("dep_bgt_eco_name") for row in found)
    assert [check.rule for check in report.checks if check.verdict == "fail"] == []
