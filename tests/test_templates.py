"""Tables as ministries and provinces lay them out, drawn whole: every column is named, none wrongly."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from drawing import Area, page

from extract.document.pipeline import Knowledge
from extract.model.report import Row
from extract.reading.grids import grids
from extract.tables.assemble import Assembler
from extract.tables.fragments import fragments
from extract.tables.normalise import Normaliser

WIDTH = 130.0


def rows_of(
    knowledge: Knowledge, title: str, unit: str, head: Sequence[Area], rows: Sequence[Sequence[str]], dataset: str
) -> dict[str, list[Row]]:
    """The rows of a drawn table by their dataset; every column of it must be named."""
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
    assert [(table.dataset, table.unresolved) for table in result.tables] == [(dataset, 0)]
    assert not result.unclaimed
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
