"""Tables as ministries and provinces lay them out, drawn whole: every column is named, none wrongly."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from drawing import Area, page
from test_assemble import read
from test_kinds import plain, values

from extract.checks.evidence import Evidence
from extract.checks.in_tables import check_tables
from extract.document.pipeline import Knowledge
from extract.model.report import Row
from extract.reading.grids import grids
from extract.tables.assemble import Assembler
from extract.tables.fragments import fragments
from extract.tables.normalise import Normaliser
from extract.tables.open_tables import OpenTable

WIDTH = 130.0


def rows_of(
    knowledge: Knowledge,
    title: str,
    unit: str,
    head: Sequence[Area],
    rows: Sequence[Sequence[str]],
    dataset: str,
    unnamed: int = 0,
    unclaimed: Sequence[str] = (),
) -> dict[str, list[Row]]:
    """The rows of a drawn table by their dataset; every column of it must be named, but for so many, and every
    cell be claimed, but for these.
    """
    first = max(area.row_end for area in head)
    columns = max(area.col_end for area in head)
    body = [Area(first + r, c, first + r + 1, c + 1, text) for r, row in enumerate(rows) for c, text in enumerate(row)]
    xs = [20.0 + WIDTH * place for place in range(columns + 1)]
    ys = [150.0 + 24 * place for place in range(first + len(rows) + 1)]
    drawn = page([*head, *body], xs, ys, [(title, 300.0, 80.0), (f"单位：{unit}", 700.0, 120.0)])
    assembler = Assembler(knowledge.readers)
    for fragment in fragments(grids(drawn).grids, grids(drawn).lines, drawn.engine):
        assembler.add(fragment)
    normaliser = Normaliser(knowledge.schemas, knowledge.targets, knowledge.columns, 2024, None)
    for table in assembler.tables:
        normaliser.add(table)
    result = normaliser.result
    assert [(table.dataset, table.unresolved) for table in result.tables] == [(dataset, unnamed)]
    assert [one.text for one in result.unclaimed] == list(unclaimed)
    return result.rows


@pytest.mark.parametrize(
    ("executed", "budget", "compared"),
    [
        ("2023年执行数", "2024年预算数", "2024年预算数比2023年执行数"),
        ("上年执行数", "本年预算数", "本年预算数比上年执行数"),
    ],
)
def test_a_budget_beside_what_was_executed_the_year_before(
    knowledge: Knowledge, executed: str, budget: str, compared: str
) -> None:
    head = [
        Area(0, 0, 1, 2, "功能分类科目"),
        Area(1, 0, 2, 1, "科目编码"),
        Area(1, 1, 2, 2, "科目名称"),
        Area(0, 2, 2, 3, executed),
        Area(0, 3, 1, 6, budget),
        Area(1, 3, 2, 4, "小计"),
        Area(1, 4, 2, 5, "基本支出"),
        Area(1, 5, 2, 6, "项目支出"),
        Area(0, 6, 1, 8, compared),
        Area(1, 6, 2, 7, "增减额"),
        Area(1, 7, 2, 8, "增减%"),
    ]
    printed = [
        ("208", "社会保障和就业支出", "80.00", "100.00", "70.00", "30.00", "20.00", "25.00%"),
        ("", "合计", "80.00", "100.00", "70.00", "30.00", "20.00", "25.00%"),
    ]
    rows = rows_of(knowledge, "一般公共预算支出表", "万元", head, printed, "general_public_expenditure")
    values = rows["general_public_expenditure"][0].values
    assert (values["total"], values["basic"], values["project"]) == (100, 70, 30)
    assert (values["previous_year_executed"], values["change"], values["change_percent"]) == (80, 20, 25)
    assert "previous_year" not in values


def test_a_price_in_yuan_is_no_unit_of_a_list_of_purchases(knowledge: Knowledge) -> None:
    names = ["项目名称", "采购品目", "计量单位", "数量", "单价（元）", "采购金额", "面向中小企业预留资金"]
    head = [Area(0, place, 1, place + 1, name) for place, name in enumerate(names)]
    printed = [
        ("办公设备购置", "台式计算机", "台", "10", "5000", "5.00", "3.00"),
        ("合计", "", "", "", "", "5.00", "3.00"),
    ]
    rows = rows_of(knowledge, "部门政府采购预算表", "万元", head, printed, "government_procurement_items")
    values = rows["government_procurement_items"][0].values
    assert (values["quantity"], values["quantity_unit"], values["unit_price"]) == ("10", "台", "5000")
    assert (values["total"], values["procurement_sme"]) == (Decimal("5.00"), Decimal("3.00"))


def test_units_of_targets_are_told_by_what_their_column_holds(knowledge: Knowledge) -> None:
    names = ["项目名称", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值", "甲乙丙", "指标属性"]
    head = [Area(0, place, 1, place + 1, name) for place, name in enumerate(names)]
    printed = [
        ("道路养护", "保障通行", "产出指标", "数量指标", "养护里程", "20", "公里", "定量指标"),
        ("", "", "产出指标", "数量指标", "巡查次数", "12", "次", "定量指标"),
        ("", "", "产出指标", "质量指标", "合格率", "95", "%", "定量指标"),
    ]
    rows = rows_of(knowledge, "项目支出绩效目标表", "万元", head, printed, "performance_targets")
    told = [(row.values["target"], row.values["indicator_kind"]) for row in rows["performance_indicators"]]
    assert told == [("20公里", "定量指标"), ("12次", "定量指标"), ("95%", "定量指标")]


def test_education_fees_are_a_part_of_the_income_from_public_service(knowledge: Knowledge) -> None:
    head = [
        Area(0, 0, 2, 1, "科目编码"),
        Area(0, 1, 2, 2, "科目名称"),
        Area(0, 2, 2, 3, "本年收入合计"),
        Area(0, 3, 2, 4, "财政拨款收入"),
        Area(0, 4, 1, 6, "事业收入"),
        Area(1, 4, 2, 5, "小计"),
        Area(1, 5, 2, 6, "其中：教育收费"),
        Area(0, 6, 2, 7, "其他收入"),
    ]
    printed = [
        ("205", "教育支出", "100.00", "60.00", "30.00", "25.00", "10.00"),
        ("", "合计", "100.00", "60.00", "30.00", "25.00", "10.00"),
    ]
    values = rows_of(knowledge, "收入决算表", "万元", head, printed, "final_revenue")["final_revenue"][0].values
    assert (values["public_service"], values["public_service_education_fees"]) == (30, 25)


def test_a_budget_beside_a_final_account_is_not_taken_for_it(knowledge: Knowledge) -> None:
    head = [
        Area(0, 0, 1, 3, "收入"),
        Area(0, 3, 1, 6, "支出"),
        *(Area(1, place, 2, place + 1, text) for place, text in enumerate(["项目", "年初预算数", "决算数"] * 2)),
    ]
    lines = [["一、财政拨款收入", "10.00", "12.50", "一、教育支出", "10.00", "12.50"]]
    rows = rows_of(knowledge, "收入支出决算总表", "万元", head, lines, "final_revenue_and_expenditure")
    amounts = {
        (row.values["side"], row.values["initial_budget"], row.values["amount"])
        for row in rows["final_revenue_and_expenditure"]
    }
    assert amounts == {
        ("revenue", Decimal("10.00"), Decimal("12.50")),
        ("expenditure", Decimal("10.00"), Decimal("12.50")),
    }


def test_income_and_balances_of_a_final_account_by_kind_of_expenditure(knowledge: Knowledge) -> None:
    groups = ["年初结转和结余", "本年收入", "本年支出", "年末结转和结余"]
    kinds = ["基本支出结转", "项目支出结转和结余"], ["基本支出", "项目支出"], ["基本支出", "项目支出"]
    head = [Area(0, 0, 2, 1, "科目编码"), Area(0, 1, 2, 2, "科目名称")]
    for place, (group, below) in enumerate(zip(groups, [*kinds, kinds[0]], strict=True)):
        start = 2 + 3 * place
        head += [Area(0, start, 1, start + 3, group)]
        head += [Area(1, start + i, 2, start + i + 1, text) for i, text in enumerate(["合计", *below])]
    printed = [str(number) for number in range(1, 13)]
    rows = rows_of(
        knowledge,
        "一般公共预算财政拨款收入支出决算表",
        "万元",
        head,
        [["201", "一般公共服务支出", *(f"{one}.00" for one in printed)]],
        "final_general_public_expenditure",
    )
    (row,) = rows["final_general_public_expenditure"]
    order = [f"{name}{part}" for name in ("opening_balance", "revenue") for part in ("", "_basic", "_project")]
    order += ["total", "basic", "project", "closing_balance", "closing_balance_basic", "closing_balance_project"]
    assert [row.values[name] for name in order] == [Decimal(one) for one in printed]


def test_three_public_expenses_of_a_final_account_with_its_items_in_rows(knowledge: Knowledge) -> None:
    head = [Area(0, place, 1, place + 1, text) for place, text in enumerate(["项目", "年初预算数", "决算数"])]
    lines = [["合计", "3.00", "2.00"], ["1、因公出国（境）费用", "1.00", "0.50"], ["2、公务接待费", "2.00", "1.50"]]
    rows = rows_of(knowledge, "财政拨款“三公”经费支出决算表", "万元", head, lines, "final_three_public_expenses")
    told = {
        (row.values["measure"], row.values["total"], row.values["overseas_travel"], row.values["reception"])
        for row in rows["final_three_public_expenses"]
    }
    assert told == {
        ("budget", Decimal("3.00"), Decimal("1.00"), Decimal("2.00")),
        ("final", Decimal("2.00"), Decimal("0.50"), Decimal("1.50")),
    }


def test_kinds_of_one_fund_beside_other_funds_are_not_those_of_the_whole(knowledge: Knowledge) -> None:
    head = [
        Area(0, 0, 2, 1, "科目编码"),
        Area(0, 1, 2, 2, "科目名称"),
        Area(0, 2, 2, 3, "合计"),
        Area(0, 3, 1, 5, "一般公共预算"),
        Area(1, 3, 2, 4, "基本支出"),
        Area(1, 4, 2, 5, "项目支出"),
        Area(0, 5, 2, 6, "政府性基金预算"),
    ]
    line = ["201", "一般公共服务支出", "6.00", "1.00", "2.00", "3.00"]
    (row,) = rows_of(knowledge, "部门支出预算表", "万元", head, [line], "expenditure")["expenditure"]
    assert not {"basic", "project"} & row.values.keys()
    assert (row.values["general_public_basic"], row.values["government_fund"]) == (Decimal("1.00"), Decimal("3.00"))


def test_amounts_of_a_table_that_no_dataset_holds_are_told_one_by_one(knowledge: Knowledge) -> None:
    head = [
        Area(0, place, 1, place + 1, text)
        for place, text in enumerate(["科目编码", "科目名称", "合计", "教育收费", "其他收入"])
    ]
    line = ["205", "教育支出", "3.00", "1.00", "2.00"]
    rows = rows_of(knowledge, "财政专户管理资金收入表", "万元", head, [line], "amounts", unnamed=5)["amounts"]
    told = {(row.values["stub_name"], row.values["measure"], row.values["amount"]) for row in rows}
    assert told == {
        ("教育支出", "total", Decimal("3.00")),
        ("教育支出", "education_fees", Decimal("1.00")),
        ("教育支出", "other_revenue", Decimal("2.00")),
    }


def test_rates_of_change_of_items_in_rows_are_told_one_by_one_and_cost_nothing(knowledge: Knowledge) -> None:
    heads = ["项目", "2023年预算数", "2024年预算数", "增减额", "增减%"]
    head = [Area(0, place, 1, place + 1, text) for place, text in enumerate(heads)]
    lines = [
        ["合计", "4.00", "3.00", "-1.00", "-25.00%"],
        ["1、因公出国（境）费用", "1.00", "1.00", "-", "-"],
        ["2、公务接待费", "3.00", "2.00", "-1.00", "-33.33%"],
    ]
    rows = rows_of(knowledge, "“三公”经费支出表", "万元", head, lines, "three_public_expenses")
    told = [(row.values["stub_name"], row.values["change_percent"], row.facts) for row in rows["amounts"]]
    assert told == [("合计", Decimal("-25.00"), {}), ("2、公务接待费", Decimal("-33.33"), {})]
    assert [row.values["total"] for row in rows["three_public_expenses"]] == [4, 3, -1]


def test_three_public_expenses_from_another_fund_are_told_apart(knowledge: Knowledge) -> None:
    head = [
        Area(0, place, 1, place + 1, text)
        for place, text in enumerate(["合计", "因公出国（境）费", "公务用车购置及运行费", "公务接待费"])
    ]
    line = ["6.00", "1.00", "2.00", "3.00"]
    for title, fund in (("一般公共预算", None), ("政府性基金预算", "government_fund")):
        printed = f"{title}“三公”经费支出表"
        (row,) = rows_of(knowledge, printed, "万元", head, [line], "three_public_expenses")["three_public_expenses"]
        assert row.values.get("fund") == fund


def test_a_row_without_code_and_name_that_heads_a_table_is_its_total(knowledge: Knowledge) -> None:
    head = [
        Area(0, place, 1, place + 1, text) for place, text in enumerate(["单位名称", "科目编码", "科目名称", "合计"])
    ]
    lines = [
        ["澜州市林务局", "", "", "3.00"],
        ["", "201", "一般公共服务支出", "3.00"],
        ["", "20106", "财政事务", "3.00"],
    ]
    rows = rows_of(knowledge, "一般公共预算支出表", "万元", head, lines, "general_public_expenditure")
    assert [row.is_total for row in rows["general_public_expenditure"]] == [True, False, False]


def test_a_header_that_a_page_break_cuts_is_one(knowledge: Knowledge) -> None:
    xs = [20.0, 150.0, 280.0, 410.0, 540.0]
    end = page(
        [Area(0, 0, 1, 2, "收入"), Area(0, 2, 1, 4, "支出")],
        xs,
        [900.0, 924.0],
        [("财政拨款收支总表", 200.0, 850.0), ("单位：万元", 400.0, 880.0)],
        1,
    )
    lines = [["项目", "预算数", "项目", "预算数"], ["一、一般公共预算拨款", "3.00", "一、教育支出", "3.00"]]
    areas = [Area(r, c, r + 1, c + 1, text) for r, line in enumerate(lines) for c, text in enumerate(line)]
    after = page(areas, xs, [50.0, 74.0, 98.0], (), 2)
    assembler = Assembler(knowledge.readers)
    for drawn in (end, after):
        reading = grids(drawn)
        for fragment in fragments(reading.grids, reading.lines, drawn.engine):
            assembler.add(fragment)
    (table,) = assembler.tables
    assert isinstance(table, OpenTable)
    assert (table.dataset, table.first_page, table.last_page, table.unit) == ("fiscal_appropriation", 1, 2, "万元")
    assert [leaf.preset for leaf in table.leaves if leaf.field == "total"] == [
        (("side", "revenue"),),
        (("side", "expenditure"),),
    ]


def test_units_below_their_department_are_not_counted_twice(knowledge: Knowledge) -> None:
    texts = ["科目编码", "单位代码", "单位名称（科目）", "合计"]
    head = [Area(0, place, 1, place + 1, text) for place, text in enumerate(texts)]
    lines = [
        ["", "", "合计", "30.00"],
        ["", "101", "澜州市林务局", "30.00"],
        ["", "101001", "澜州市林务局本级", "20.00"],
        ["2130201", "101001", "行政运行", "20.00"],
        ["", "101002", "澜州市苗圃管理站", "10.00"],
        ["2130204", "101002", "事业机构", "10.00"],
    ]
    rows = rows_of(knowledge, "一般公共预算支出表", "万元", head, lines, "general_public_expenditure")
    given = {name: tuple(own) for name, own in rows.items()}
    columns = {"general_public_expenditure": frozenset(["exp_func_code", "exp_func_name", "unit_code", "total"])}
    evidence = Evidence(knowledge.schemas, given, columns, 2024, set(), {}, [], None)
    sums = [one for one in check_tables(knowledge.schemas.rules, evidence) if one.rule == "class-sum"]
    assert sorted((str(one.stated), one.verdict) for one in sums) == [
        ("10.00", "exact"),
        ("20.00", "exact"),
        ("30.00", "exact"),
        ("30.00", "exact"),
    ]


def test_of_lines_of_one_name_the_first_counts_and_a_part_of_it_is_told(knowledge: Knowledge) -> None:
    head = [Area(0, place, 1, place + 1, text) for place, text in enumerate(["项目", "决算数"])]
    lines = [["公务接待费", "3.00"], ["其中：国内接待费", "2.00"], ["因公出国（境）费", "1.00"]]
    title, dataset = "“三公”经费支出决算表", "final_three_public_expenses"
    rows = rows_of(knowledge, title, "万元", head, lines, dataset, unclaimed=["2.00"])
    assert rows["final_three_public_expenses"][0].values["reception"] == Decimal("3.00")


def test_values_below_labels_that_stand_side_by_side_in_a_form(knowledge: Knowledge) -> None:
    lines = [
        ["项目名称", "林区道路养护", "主管部门", "澜州市林务局"],
        ["年度总体目标", "预期目标", "实际完成情况", ""],
        ["", "养护一百公里", "已养护", ""],
        ["一级指标", "三级指标", "年度指标值", "实际完成值"],
        ["产出指标", "养护里程", "100公里", "100公里"],
    ]
    areas = [Area(r, c, r + 1, c + 1, text) for r, line in enumerate(lines) for c, text in enumerate(line)]
    (row,) = forms_of(knowledge, "项目支出绩效自评表", areas)["performance_evaluations"]
    assert (row.values["goal"], row.values["outcome"]) == ("养护一百公里", "已养护")


def test_a_goal_below_a_blank_amount_is_none_and_amounts_may_stand_below_their_labels(knowledge: Knowledge) -> None:
    indicators = [["一级指标", "二级指标", "三级指标", "指标值"], ["产出指标", "数量指标", "养护里程", "≥100公里"]]
    head = [["项目名称", "林区道路养护", "主管部门", "澜州市林务局"]]
    beside = [
        Area(1, 0, 3, 1, "项目资金（万元）"),
        *(Area(1, 1, 2, 2, "年度资金总额"), Area(1, 2, 2, 4, "12.50")),
        *(Area(2, 1, 3, 2, "其他资金"), Area(2, 2, 3, 4, "")),
        *(Area(3, 0, 4, 1, "年度总体目标"), Area(3, 1, 4, 4, "林区道路畅通")),
    ]
    below = [
        Area(1, 0, 3, 1, "资金情况（万元）"),
        *(Area(1, 1, 2, 2, "年度资金总额"), Area(1, 2, 2, 4, "其他资金")),
        *(Area(2, 1, 3, 2, "12.50"), Area(2, 2, 3, 4, "")),
        *(Area(3, 0, 4, 1, "年度总体目标"), Area(3, 1, 4, 4, "林区道路畅通")),
    ]
    for amounts in (beside, below):
        lines = [(0, head[0]), *((4 + number, line) for number, line in enumerate(indicators))]
        cells = [Area(r, c, r + 1, c + 1, text) for r, line in lines for c, text in enumerate(line)]
        (row,) = forms_of(knowledge, "项目支出绩效目标表", [*cells, *amounts])["performance_targets"]
        assert (row.values["total"], row.values.get("other_funds")) == (Decimal("12.50"), None)
        assert row.values["goal"] == "林区道路畅通"


def test_amounts_below_two_levels_of_headings_in_a_form(knowledge: Knowledge) -> None:
    areas = [
        *(Area(0, 0, 1, 1, "部门名称"), Area(0, 1, 1, 8, "澜州市林务局"), Area(1, 0, 4, 1, "总体资金情况（万元）")),
        *(Area(1, 1, 3, 2, "预算支出总额"), Area(1, 2, 2, 5, "财政拨款"), Area(1, 5, 2, 8, "其他资金")),
        *(Area(2, 2 + c, 3, 3 + c, name) for c, name in enumerate(["合计", "基本支出", "项目支出"] * 2)),
        *(Area(3, 1 + c, 4, 2 + c, text) for c, text in enumerate(["12", "9", "6", "3", "3", "2", "1"])),
        *(Area(4, 0, 5, 1, "整体绩效目标"), Area(4, 1, 5, 8, "林区道路畅通")),
    ]
    (row,) = forms_of(knowledge, "部门整体支出绩效目标表", areas)["department_performance"]
    named = ["total", "fiscal_appropriation", "fiscal_appropriation_basic", "fiscal_appropriation_project"]
    named += ["other_funds", "other_funds_basic", "other_funds_project"]
    assert [row.values[name] for name in named] == [Decimal(number) for number in (12, 9, 6, 3, 3, 2, 1)]
    assert (row.values["department_name"], row.values["goal"]) == ("澜州市林务局", "林区道路畅通")


@pytest.mark.parametrize(
    ("label", "printed", "amounts", "left"),
    [
        ("年度资金总额", ["12.50万元", "12.5万元"], [Decimal("12.5"), Decimal("12.5")], []),
        ("年度资金总额（万元）", ["12.50万元", "12.50"], [Decimal("12.5"), Decimal("12.5")], []),
        ("年度资金总额", ["125000元", "125000元"], [Decimal("12.5"), Decimal("12.5")], []),
        ("年度资金总额（万元）", ["12.50", "125000元"], [Decimal("12.5"), None], ["125000元"]),
    ],
)
def test_amounts_of_a_form_may_have_their_unit_in_the_cell(
    label: str, printed: Sequence[str], amounts: Sequence[Decimal | None], left: Sequence[str], knowledge: Knowledge
) -> None:
    lines = [
        ["项目名称", "林区道路养护", "主管部门", "澜州市林务局"],
        [label, printed[0], "财政拨款", printed[1]],
        ["一级指标", "二级指标", "三级指标", "指标值"],
        ["产出指标", "数量指标", "养护里程", "100公里"],
    ]
    areas = [Area(r, c, r + 1, c + 1, text) for r, line in enumerate(lines) for c, text in enumerate(line)]
    (row,) = forms_of(knowledge, "项目支出绩效目标表", areas, unit=None, unclaimed=left)["performance_targets"]
    assert [row.values.get(name) for name in ("total", "fiscal_appropriation")] == list(amounts)


def test_title_and_unit_inside_the_frame_are_no_headings(knowledge: Knowledge) -> None:
    head = [
        "预算单位代码",
        "预算单位名称",
        "预算项目名称",
        "金额",
        "功能分类科目代码",
        "功能分类科目名称",
        "资金性质",
        "备注",
    ]
    row = ["801", "澜州市林务局", "林区道路养护", "12.50", "2130205", "森林资源培育", "一般公共预算", "上年未完"]
    areas = [
        *(Area(0, 0, 1, 8, "部门预算财政拨款结转资金支出表"), Area(1, 6, 2, 8, "单位：万元")),
        *(Area(1, c, 2, c + 1, "") for c in range(6)),
        *(Area(2 + r, c, 3 + r, c + 1, text) for r, line in enumerate([head, row]) for c, text in enumerate(line)),
    ]
    (found,) = forms_of(knowledge, "", areas, unit=None)["carried_over_expenditure"]
    assert found.values["total"] == Decimal("12.5")


def department_list(indicators: Sequence[str], total: str = "12") -> list[Area]:
    """A form of a whole department whose values stand below its header, left of its indicators."""
    end = 2 + len(indicators)
    left = ["单位编码", "单位名称", "资金总额", "基本支出", "项目支出", "整体绩效目标"]
    values = ["801", "澜州市林务局", total, "7", "5", "林区道路畅通"]
    right = ["一级指标", "三级指标", "指标值类型", "指标值", "度量单位", "评（扣）分标准"]
    return [
        *(Area(0, c, 2, c + 1, text) for c, text in enumerate(left) if not 2 <= c < 5),
        *(Area(0, 2, 1, 5, "年度预算申请"), Area(0, 6, 1, 12, "部门整体支出年度绩效目标")),
        *(Area(1, c, 2, c + 1, text) for c, text in enumerate(left) if 2 <= c < 5),
        *(Area(1, 6 + c, 2, 7 + c, text) for c, text in enumerate(right)),
        *(Area(2, c, end, c + 1, text) for c, text in enumerate(values)),
        *(
            Area(2 + r, 6 + c, 3 + r, 7 + c, text)
            for r, name in enumerate(indicators)
            for c, text in enumerate(["产出指标", name, "≥", "9", "公里", "少一公里扣一分"])
        ),
    ]


def test_a_form_that_prints_its_head_on_every_page_is_one(knowledge: Knowledge) -> None:
    pages = [department_list(["养护里程", "修复里程"]), department_list(["巡查里程", "清障里程"])]
    rows = forms_of(knowledge, "部门整体支出绩效目标表", *pages)
    (head,) = rows["department_performance"]
    assert [head.values[name] for name in ("department_code", "department_name", "goal")] == [
        *("801", "澜州市林务局", "林区道路畅通")
    ]
    assert [head.values[name] for name in ("total", "basic", "project")] == [Decimal(12), Decimal(7), Decimal(5)]
    told = [
        [row.values[name] for name in ("target_row", "level_3", "target", "scoring_standard")]
        for row in rows["department_performance_indicators"]
    ]
    names = ["养护里程", "修复里程", "巡查里程", "清障里程"]
    assert told == [[1, name, "≥9公里", "少一公里扣一分"] for name in names]


@pytest.mark.parametrize("second", [department_list(["养护里程"]), department_list(["巡查里程"], total="13")])
def test_a_form_that_is_printed_twice_or_tells_something_else_is_another(
    second: list[Area], knowledge: Knowledge
) -> None:
    rows = forms_of(knowledge, "部门整体支出绩效目标表", department_list(["养护里程"]), second)
    assert len(rows["department_performance"]) == 2


LISTED = ["项目名称", "资金总额", "绩效目标", "一级指标", "二级指标", "三级指标", "指标值"]


def listed(*projects: tuple[str, str, str]) -> list[Area]:
    """A page of a list of projects, each with its name, total and goal merged over two indicators."""
    texts = ("产出指标", "数量指标", "养护里程", "≥9公里")
    return [
        *(Area(0, c, 1, c + 1, text) for c, text in enumerate(LISTED)),
        *(
            Area(1 + 2 * p, c, 3 + 2 * p, c + 1, text)
            for p, project in enumerate(projects)
            for c, text in enumerate(project)
            if text
        ),
        *(Area(1 + r, 3 + c, 2 + r, 4 + c, text) for r in range(2 * len(projects)) for c, text in enumerate(texts)),
    ]


def test_a_goal_that_a_page_break_cuts_is_one(knowledge: Knowledge) -> None:
    rows = forms_of(
        *(knowledge, "项目支出绩效目标表"),
        listed(("林区道路养护", "12", "道路"), ("", "", "防火带")),
        listed(("防火带清理", "5", "畅通"), ("苗圃扩建", "7", "苗木充足")),
    )
    told = [[row.values[name] for name in ("project_name", "total", "goal")] for row in rows["performance_targets"]]
    assert told == [
        ["林区道路养护", Decimal(12), "道路"],
        ["防火带清理", Decimal(5), "防火带畅通"],
        ["苗圃扩建", Decimal(7), "苗木充足"],
    ]
    assert [row.values["target_row"] for row in rows["performance_indicators"]] == [1, 1, 2, 2, 2, 2, 3, 3]


@pytest.mark.parametrize(
    ("name", "total", "names"),
    [
        ("清理及维护", "5", ["林区道路养护", "苗圃扩建", "防火带清理及维护", "种子采购"]),
        ("080104-管护", "5", ["林区道路养护", "苗圃扩建", "防火带", "管护", "种子采购"]),
        ("清理及维护", "", ["林区道路养护", "苗圃扩建", "防火带", "清理及维护", "种子采购"]),
    ],
)
def test_a_name_that_a_page_break_cuts_is_one_where_names_have_codes(
    name: str, total: str, names: Sequence[str], knowledge: Knowledge
) -> None:
    rows = forms_of(
        *(knowledge, "项目支出绩效目标表"),
        listed(("080101-林区道路养护", "12", "道路"), ("080102-苗圃扩建", "3", "苗木"), ("080103-防火带", "", "清理")),
        listed((name, total, "畅通"), ("080105-种子采购", "7", "种子充足")),
    )
    assert [row.values["project_name"] for row in rows["performance_targets"]] == names


def forms_of(
    knowledge: Knowledge,
    title: str,
    *pages: Sequence[Area],
    unit: str | None = "单位：万元",
    unclaimed: Sequence[str] = (),
) -> dict[str, list[Row]]:
    """The rows of a form that is drawn on these pages, by their dataset; nothing of it may be left over but this."""
    assembler = Assembler(knowledge.readers)
    for number, areas in enumerate(pages, 1):
        xs = [20.0 + WIDTH * place for place in range(max(area.col_end for area in areas) + 1)]
        ys = [150.0 + 24 * place for place in range(max(area.row_end for area in areas) + 1)]
        captions = [(title, 300.0, 80.0), *([(unit, 700.0, 120.0)] if unit else [])]
        drawn = page(areas, xs, ys, captions, number)
        reading = grids(drawn)
        for fragment in fragments(reading.grids, reading.lines, drawn.engine):
            assembler.add(fragment)
    normaliser = Normaliser(knowledge.schemas, knowledge.targets, knowledge.columns, 2024, None)
    for table in assembler.tables:
        normaliser.add(table)
    assert [one.text for one in normaliser.result.unclaimed] == list(unclaimed)
    return normaliser.result.rows


@pytest.mark.parametrize("printed", ["{0}{1}", "{0} {1}", "[{0}]{1}", "（{0}）{1}", "{0}-{1}"])
def test_a_code_may_stand_before_the_name_of_its_class(knowledge: Knowledge, printed: str) -> None:
    classes = [("208", "社会保障和就业支出"), ("20805", "行政事业单位养老支出")]
    rows = [("功能分类科目", "合计", "基本支出"), *((printed.format(*one), "3.00", "3.00") for one in classes)]
    result = read(knowledge, [plain("部门支出总表", rows)])
    assert values(result, "expenditure", "exp_func_code", "exp_func_name") == classes


def test_a_number_that_begins_a_name_is_no_code_of_a_class(knowledge: Knowledge) -> None:
    rows = [("功能分类科目", "合计", "基本支出"), ("2024年结转支出", "3.00", "3.00")]
    result = read(knowledge, [plain("部门支出总表", rows)])
    assert values(result, "expenditure", "exp_func_code", "exp_func_name") == [(None, "2024年结转支出")]


def test_classes_of_the_government_alone_are_a_tree(knowledge: Knowledge) -> None:
    rows = [
        ("政府预算支出经济分类科目编码", "政府预算支出经济分类科目名称", "合计", "人员经费", "公用经费"),
        ("", "合计", "9.00", "9.00", ""),
        ("501", "机关工资福利支出", "9.00", "9.00", ""),
        ("50101", "工资奖金津补贴", "7.00", "7.00", ""),
        ("50102", "社会保障缴费", "1.00", "1.00", ""),
    ]
    result = read(knowledge, [plain("一般公共预算基本支出表", rows)])
    columns = {name: frozenset(found) for name, found in result.columns.items()}
    evidence = Evidence(knowledge.schemas, {name: tuple(own) for name, own in result.rows.items()}, columns, 2026)
    failed = [check for check in check_tables(knowledge.schemas.rules, evidence) if check.verdict == "fail"]
    assert {(check.rule, check.difference) for check in failed} == {("class-sum", Decimal("1.00"))}


@pytest.mark.parametrize(("last", "made"), [("4.00", True), ("5.00", False)])
def test_a_list_by_name_alone_is_summed_if_it_ties_and_accuses_nobody(
    knowledge: Knowledge, last: str, made: bool
) -> None:
    rows = [
        ("功能分类科目", "合计", "基本支出"),
        ("合计", "7.00", "7.00"),
        ("行政运行", "3.00", "3.00"),
        ("购房补贴", last, last),
    ]
    result = read(knowledge, [plain("部门支出总表", rows)])
    columns = {name: frozenset(found) for name, found in result.columns.items()}
    evidence = Evidence(knowledge.schemas, {name: tuple(own) for name, own in result.rows.items()}, columns, 2026)
    verdicts = {check.verdict for check in check_tables(knowledge.schemas.rules, evidence) if check.rule == "class-sum"}
    assert verdicts == ({"exact"} if made else {"not_applicable"})


def test_a_total_under_the_first_of_several_names_sums_a_list(knowledge: Knowledge) -> None:
    rows = [
        ("单位名称", "项目名称", "合计", "一般公共预算"),
        ("合计", "", "7.00", "7.00"),
        ("澜州市林务局", "林区道路养护", "3.00", "3.00"),
        ("澜州市苗圃管理站", "苗木繁育补助", "3.00", "3.00"),
    ]
    result = read(knowledge, [plain("项目支出表", rows)])
    columns = {name: frozenset(found) for name, found in result.columns.items()}
    evidence = Evidence(knowledge.schemas, {name: tuple(own) for name, own in result.rows.items()}, columns, 2026)
    failed = {check.rule for check in check_tables(knowledge.schemas.rules, evidence) if check.verdict == "fail"}
    assert failed == {"list-sum"}
