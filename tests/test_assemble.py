"""Pages → tables: what joins, what stays apart, what is left over. Tables are drawn, no PDF is read."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from drawing import Area, page

from extract.document.pipeline import Knowledge
from extract.model.page import Page
from extract.reading.grids import grids
from extract.tables.assemble import Assembler
from extract.tables.document_rows import Normalised
from extract.tables.fragments import fragments
from extract.tables.normalise import Normaliser
from extract.tables.open_tables import OpenTable

XS = [40.0, 80.0, 120.0, 160.0, 400.0, 500.0, 600.0, 700.0, 800.0, 900.0]
HEAD = [
    Area(0, 0, 1, 3, "科目编码"),
    Area(0, 3, 2, 4, "科目名称"),
    Area(0, 4, 2, 5, "合计"),
    Area(0, 5, 1, 8, "基本支出"),
    Area(0, 8, 2, 9, "项目支出"),
    *(
        Area(1, col, 2, col + 1, text)
        for col, text in ((0, "类"), (1, "款"), (2, "项"), (5, "小计"), (6, "人员支出"), (7, "日常公用支出"))
    ),
]
TITLES = {"general": "一般公共预算支出情况表", "fund": "政府性基金预算支出情况表"}


def sheet(
    number: int,
    rows: Sequence[Sequence[str]],
    title: str | None,
    head: bool = True,
    owner: str | None = "甲局",
    table: int = 5,
    below: str = "",
) -> Page:
    """A page with 公开表5 as the agencies print it; a row is 类 款 项 名称 合计 小计 人员 公用 项目."""
    first = 2 if head else 0
    body = [Area(first + r, c, first + r + 1, c + 1, text) for r, row in enumerate(rows) for c, text in enumerate(row)]
    ys = [150.0 + 20 * r for r in range(first + len(rows) + 1)]
    lines = [(f"公开表{table}", 40.0, 60.0), (title, 400.0, 80.0), ("单位：万元", 800.0, 120.0)] if title else []
    if title and owner:
        lines.append((f"部门（单位）：{owner}", 40.0, 120.0))
    if below:
        lines.append((below, 40.0, ys[-1] + 8))
    return page([*(HEAD if head else []), *body], XS, ys, lines, number)


def read(knowledge: Knowledge, pages: Sequence[Page]) -> Normalised:
    assembler = Assembler(knowledge.readers)
    for one in pages:
        found = grids(one)
        for fragment in fragments(found.grids, found.lines, one.engine):
            assembler.add(fragment)
        if not found.grids:
            assembler.add_captions(found.lines, one.engine)
    normaliser = Normaliser(knowledge.schemas, knowledge.targets, knowledge.columns, 2026, None)
    for table in assembler.tables:
        normaliser.add(table)
    return normaliser.result


TOTAL = ["", "", "", "合 计", "12.00", "7.00", "6.00", "1.00", "5.00"]
CLASS = ["208", "", "", "社会保障和就业支出", "12.00", "7.00", "6.00", "1.00", "5.00"]
GROUP = ["", "05", "", "行政事业单位养老支出", "12.00", "7.00", "6.00", "1.00", "5.00"]
ITEM = ["", "", "01", "行政单位离退休", "12.00", "7.00", "6.00", "1.00", "5.00"]
NEXT = ["", "", "02", "事业单位离退休", "", "-", "", "", "0.00"]


def codes(result: Normalised, dataset: str = "general_public_expenditure") -> list[object]:
    return [row.values.get("exp_func_code") for row in result.rows[dataset]]


@pytest.mark.parametrize(
    ("title", "head"),
    [(TITLES["general"], True), (None, True), (None, False)],
    ids=["title and header", "header", "neither"],
)
def test_a_table_goes_on_over_the_page_and_its_sparse_codes_with_it(
    knowledge: Knowledge, title: str | None, head: bool
) -> None:
    result = read(knowledge, [sheet(7, [TOTAL, CLASS, GROUP, ITEM], TITLES["general"]), sheet(8, [NEXT], title, head)])
    assert codes(result) == [None, "208", "20805", "2080501", "2080502"]
    table = result.tables[0]
    assert (len(result.tables), table.first_page, table.last_page, table.rows, table.number, table.unit) == (
        1,
        7,
        8,
        5,
        "公开表5",
        "万元",
    )


def test_a_title_alone_at_the_end_of_a_page_is_that_of_the_table_on_the_next(knowledge: Knowledge) -> None:
    lines = [("公开表8", 40.0, 760.0), (TITLES["fund"], 400.0, 780.0), ("单位：万元", 800.0, 800.0)]
    result = read(knowledge, [page([], [], [], lines, 7), sheet(8, [TOTAL, CLASS], None)])
    assert codes(result, "government_fund_expenditure") == [None, "208"]
    (table,) = result.tables
    assert (table.number, table.unit) == ("公开表8", "万元")


def test_a_title_below_the_last_table_of_a_page_is_that_of_the_table_on_the_next(knowledge: Knowledge) -> None:
    caption = [("公开表8", 40.0, 760.0), (TITLES["fund"], 400.0, 780.0), ("单位：万元", 800.0, 800.0)]
    whole = [TOTAL, CLASS, GROUP, ITEM, NEXT]
    areas = [*HEAD, *(Area(2 + r, c, 3 + r, c + 1, text) for r, row in enumerate(whole) for c, text in enumerate(row))]
    ys = [150.0 + 20 * row for row in range(len(whole) + 3)]
    title = [(TITLES["general"], 400.0, 80.0), ("单位：万元", 800.0, 120.0)]
    result = read(knowledge, [page(areas, XS, ys, [*title, *caption], 7), sheet(8, [TOTAL, CLASS], None)])
    assert [(one.dataset, one.rows) for one in result.tables] == [
        ("general_public_expenditure", 5),
        ("government_fund_expenditure", 2),
    ]
    number = [("公开表8", 40.0, 780.0)]
    titled = page(
        [*HEAD, *(Area(2, c, 3, c + 1, text) for c, text in enumerate(TOTAL))],
        XS,
        [150.0, 170.0, 190.0, 210.0],
        [(TITLES["fund"], 400.0, 80.0), ("单位：万元", 800.0, 120.0)],
        8,
    )
    result = read(knowledge, [page(areas, XS, ys, [*title, *number], 7), titled])
    assert [(one.dataset, one.number) for one in result.tables][1:] == [("government_fund_expenditure", "公开表8")]
    said = [(f"{TITLES['fund']}没有数据。", 400.0, 780.0)]  # a sentence is no title
    result = read(knowledge, [page(areas, XS, ys, [*title, *said], 7), sheet(8, [NEXT], None, head=False)])
    assert [(one.dataset, one.rows) for one in result.tables] == [("general_public_expenditure", 6)]


def test_names_in_the_middle_of_their_column_have_no_level(knowledge: Knowledge) -> None:
    names = ["设备购置", "信息系统运行和维护", "培训", "办公用房维修改造"]
    head = [Area(0, 0, 1, 1, "项目名称"), Area(0, 1, 1, 2, "合计"), Area(0, 2, 1, 3, "一般公共预算")]
    rows = [
        Area(r, c, r + 1, c + 1, text)
        for r, name in enumerate(names, 1)
        for c, text in enumerate((name, "5.00", "5.00"))
    ]
    lines = [("公开表11", 40.0, 60.0), ("项目支出预算情况表", 400.0, 80.0), ("单位：万元", 800.0, 120.0)]
    drawn = page([*head, *rows], [40.0, 400.0, 600.0, 800.0], [150.0 + 20 * r for r in range(6)], lines, 7)
    found = read(knowledge, [drawn]).rows["project_expenditure"]
    assert [(row.values["project_name"], row.indent) for row in found] == [(name, None) for name in names]


@pytest.mark.parametrize(("aside", "wider", "tables"), [(9.0, 0.0, 1), (30.0, 0.0, 2), (9.0, 5.0, 2)])
def test_a_page_without_header_goes_on_where_its_columns_are_as_wide_and_little_aside(
    knowledge: Knowledge, aside: float, wider: float, tables: int
) -> None:
    second = sheet(8, [NEXT], None, head=False)
    moved = second.rulings + np.array([aside, 0, aside, 0], np.float32)
    inner = (second.rulings[:, 0] == second.rulings[:, 2]) & (second.rulings[:, 0] == XS[4])
    moved[inner] += np.array([wider, 0, wider, 0], np.float32)
    result = read(knowledge, [sheet(7, [TOTAL, CLASS], TITLES["general"]), replace(second, rulings=moved)])
    assert len(result.tables) == tables


def test_a_header_that_is_printed_again_between_rows_is_no_row(knowledge: Knowledge) -> None:
    whole = read(knowledge, [sheet(7, [TOTAL, CLASS, GROUP, ITEM, NEXT], TITLES["general"])])
    again = [area._replace(row=area.row + 5, row_end=area.row_end + 5) for area in HEAD]
    body = [(2, TOTAL), (3, CLASS), (4, GROUP), (7, ITEM), (8, NEXT)]
    areas = [Area(r, c, r + 1, c + 1, text) for r, row in body for c, text in enumerate(row)]
    lines = [(TITLES["general"], 400.0, 80.0), ("单位：万元", 800.0, 120.0)]
    twice = page([*HEAD, *again, *areas], XS, [150.0 + 20 * r for r in range(10)], lines, 7)
    assert codes(read(knowledge, [twice])) == codes(whole)


def test_two_tables_with_the_same_columns_are_never_glued(knowledge: Knowledge) -> None:
    result = read(knowledge, [sheet(7, [TOTAL], TITLES["general"]), sheet(8, [TOTAL], TITLES["fund"], table=8)])
    assert [(t.dataset, t.rows) for t in result.tables] == [
        ("general_public_expenditure", 1),
        ("government_fund_expenditure", 1),
    ]


def test_the_same_table_of_another_owner_is_another_table(knowledge: Knowledge) -> None:
    result = read(knowledge, [sheet(7, [TOTAL], TITLES["general"]), sheet(8, [TOTAL], TITLES["general"], owner="乙局")])
    assert [t.rows for t in result.tables] == [1, 1]
    assert [row.number for row in result.rows["general_public_expenditure"]] == [1, 2]


def test_a_blank_a_zero_and_a_dash_are_three_things(knowledge: Knowledge) -> None:
    row = read(knowledge, [sheet(7, [CLASS, GROUP, NEXT], TITLES["general"])]).rows["general_public_expenditure"][2]
    assert row.values.get("total") is None
    assert "total" not in row.facts
    assert row.values["project"] == Decimal(0)
    assert (row.values["basic"], row.facts["basic"].origin.printed) == (None, "-")


def test_a_total_has_its_name_as_printed_and_no_code(knowledge: Knowledge) -> None:
    row = read(knowledge, [sheet(7, [TOTAL], TITLES["general"])]).rows["general_public_expenditure"][0]
    assert (row.values["exp_func_name"], row.values.get("exp_func_code"), row.facts["total"].is_total) == (
        "合计",
        None,
        True,
    )


def test_an_empty_table_is_a_table_with_its_note(knowledge: Knowledge) -> None:
    blank = [""] * 9
    result = read(knowledge, [sheet(7, [blank], TITLES["fund"], table=8, below="（注：没有安排支出。）")])
    assert [(t.dataset, t.rows, t.note) for t in result.tables] == [
        ("government_fund_expenditure", 0, "（注：没有安排支出。）")
    ]
    assert result.rows == {"government_fund_expenditure": []}


def test_a_row_cut_by_the_page_break_is_joined(knowledge: Knowledge) -> None:
    cut = [["", "", "", "离退休", "", "", "", "", ""], ["", "", "03", "离退休人员管理机构", "1.00", "", "", "", "1.00"]]
    result = read(knowledge, [sheet(7, [CLASS, GROUP, ITEM], TITLES["general"]), sheet(8, cut, None, head=False)])
    assert [row.values["exp_func_name"] for row in result.rows["general_public_expenditure"]][2:] == [
        "行政单位离退休离退休",
        "离退休人员管理机构",
    ]


def test_a_table_goes_on_after_a_page_that_says_nothing_new(knowledge: Knowledge) -> None:
    assembler = Assembler(knowledge.readers)
    for drawn in (sheet(7, [CLASS, GROUP], TITLES["general"]), sheet(9, [ITEM], None, head=False)):
        if drawn.number == 9:
            assembler.pass_over(8)
        found = grids(drawn)
        for one in fragments(found.grids, found.lines, found.engine):
            assembler.add(one)
    assert [len(table.rows) for table in assembler.tables if isinstance(table, OpenTable)] == [3]


def test_a_numbered_item_is_no_rest_of_the_name_before_the_page_break(knowledge: Knowledge) -> None:
    names = ["十七、住房保障支出", "十八、粮油物资储备", "十九、灾害防治"]
    xs = [100.0, 180.0, 260.0, 260.0 + 8 * len(names[0]), 420.0]
    heads = [Area(0, 0, 1, 2, "收入"), Area(0, 2, 1, 4, "支出")]
    heads += [Area(1, col, 2, col + 1, text) for col, text in enumerate(["项目", "预算数"] * 2)]
    above = [("收支总体情况表", 220.0, 80.0), ("单位：万元", 340.0, 120.0)]

    def row(number: int, name: str, amount: str) -> list[Area]:
        texts = ("", "", name, amount)
        return [Area(number, col, number + 1, col + 1, text) for col, text in enumerate(texts)]

    one = page([*heads, *row(2, names[0], "9.00")], xs, [150.0, 170.0, 190.0, 210.0], above, 1)
    other = page([*row(0, names[1], ""), *row(1, names[2], "1.00")], xs, [50.0, 70.0, 90.0], [], 2)
    rows = read(knowledge, [one, other]).rows["revenue_and_expenditure"]
    assert [row.values["item"] for row in rows] == names


def test_an_amount_that_is_none_and_a_code_out_of_place_are_kept_and_not_guessed(knowledge: Knowledge) -> None:
    odd = ["", "", "01", "无类无款", "1.00", "1,2.0", "", "", ""]
    result = read(knowledge, [sheet(7, [odd], TITLES["general"])])
    row = result.rows["general_public_expenditure"][0]
    assert (row.values.get("exp_func_code"), row.values.get("basic")) == (None, None)
    assert {cell.text for cell in result.unclaimed} == {"01", "1,2.0"}


def test_a_table_without_a_unit_gives_no_amounts(knowledge: Knowledge) -> None:
    drawn = sheet(7, [CLASS], None)
    titled = page(
        [*HEAD, *(Area(2, c, 3, c + 1, t) for c, t in enumerate(CLASS))],
        XS,
        [150.0, 170.0, 190.0, 210.0],
        [(TITLES["general"], 400.0, 80.0)],
        7,
    )
    assert read(knowledge, [drawn]).tables[0].dataset is None
    result = read(knowledge, [titled])
    assert result.rows["general_public_expenditure"][0].values.get("total") is None
    assert "12.00" in {cell.text for cell in result.unclaimed}


def test_a_grid_that_is_not_known_is_kept_cell_by_cell(knowledge: Knowledge) -> None:
    areas = [Area(0, 0, 1, 1, "姓名"), Area(0, 1, 1, 2, "电话"), Area(1, 0, 2, 1, "某某"), Area(1, 1, 2, 2, "123")]
    result = read(knowledge, [page(areas, [50.0, 150.0, 250.0], [50.0, 70.0, 90.0], number=3)])
    assert [(t.dataset, t.first_page) for t in result.tables] == [(None, 3)]
    assert [(c.row, c.column, c.text) for c in result.unclaimed] == [
        (1, 1, "姓名"),
        (1, 2, "电话"),
        (2, 1, "某某"),
        (2, 2, "123"),
    ]


def test_a_title_whose_table_has_no_rulings_is_a_table_that_could_not_be_read(knowledge: Knowledge) -> None:
    lines = [("公开表5", 40.0, 60.0), (TITLES["general"], 400.0, 80.0), ("合计 12.00", 40.0, 120.0)]
    result = read(knowledge, [page([], [0.0], [0.0], lines, 9)])
    assert [(t.dataset, t.title, t.first_page) for t in result.tables] == [(None, TITLES["general"], 9)]


FORM_XS = [40.0, 90.0, 200.0, 350.0, 600.0, 760.0]


def form(number: int, rows: Sequence[tuple[str, str, str, str]], head: bool = True) -> Page:
    """A 绩效目标表; a row is 一级 二级 三级 指标值."""
    areas = [
        Area(0, 0, 1, 2, "项目名称"),
        Area(0, 2, 1, 5, "绿道养护"),
        Area(1, 0, 2, 2, "主管部门及代码"),
        Area(1, 2, 2, 3, "458_园林局"),
        Area(1, 3, 2, 4, "实施单位"),
        Area(1, 4, 2, 5, "绿道中心"),
        Area(2, 0, 3, 2, "项目资金（万元）"),
        Area(2, 2, 3, 4, "年度预算资金总额："),
        Area(2, 4, 3, 5, "1,203.50"),
        Area(3, 0, 4, 2, "总体目标"),
        Area(3, 2, 4, 5, "路面平整"),
        Area(4, 0, 5, 1, "指标"),
        *(Area(4, c, 5, c + 1, text) for c, text in ((1, "一级指标"), (2, "二级指标"), (3, "三级指标"), (4, "指标值"))),
    ]
    first = 5 if head else 0
    body = [
        Area(first + r, c + 1, first + r + 1, c + 2, text) for r, row in enumerate(rows) for c, text in enumerate(row)
    ]
    labels = [Area(first + r, 0, first + r + 1, 1, "绩效指标") for r in range(len(rows))]
    ys = [150.0 + 20 * r for r in range(first + len(rows) + 1)]
    return page(
        [*(areas if head else []), *labels, *body], FORM_XS, ys, [("政策和项目预算绩效目标表", 300.0, 80.0)], number
    )


def test_a_form_goes_on_over_the_page_and_its_labels_are_filled_down(knowledge: Knowledge) -> None:
    one = form(30, [("产出指标", "数量指标", "养护里程", "≥30公里"), ("", "", "巡查次数", "12次")])
    other = form(31, [("", "质量指标", "完好率", "≥95%"), ("效益指标", "社会效益指标", "市民满意", "提升")], head=False)
    result = read(knowledge, [one, other])
    target = result.rows["performance_targets"][0].values
    assert (target["project_name"], target["department_code"], target["department_name"]) == (
        "绿道养护",
        "458",
        "园林局",
    )
    assert (target["total"], target["goal"]) == (Decimal("1203.50"), "路面平整")
    indicators = [
        tuple(row.values.get(k) for k in ("level_1", "level_2", "level_3", "operator", "value", "target_unit"))
        for row in result.rows["performance_indicators"]
    ]
    assert indicators == [
        ("产出指标", "数量指标", "养护里程", ">=", Decimal(30), "公里"),
        ("产出指标", "数量指标", "巡查次数", None, Decimal(12), "次"),
        ("产出指标", "质量指标", "完好率", ">=", Decimal(95), "%"),
        ("效益指标", "社会效益指标", "市民满意", None, None, None),
    ]
    assert [(t.dataset, t.first_page, t.last_page, t.rows) for t in result.tables] == [
        ("performance_targets", 30, 31, 4)
    ]


def test_two_forms_are_two(knowledge: Knowledge) -> None:
    row = ("产出指标", "数量指标", "养护里程", "≥30公里")
    result = read(knowledge, [form(30, [row]), form(31, [row])])
    assert [r.values["target_row"] for r in result.rows["performance_indicators"]] == [1, 2]


def test_a_goal_on_several_rows_beside_one_label_is_one(knowledge: Knowledge) -> None:
    cells = [(0, 0, 1, 2, "项目名称"), (0, 2, 1, 5, "绿道养护"), (1, 0, 3, 2, "总体目标")]
    goals = [(1, 2, 2, 5, "目标1：路面平整。"), (2, 2, 3, 5, "目标2：环境整洁。")]
    title = [("政策和项目预算绩效目标表", 300.0, 80.0)]
    areas = [Area(*one) for one in (*cells, *goals)]
    result = read(knowledge, [page(areas, FORM_XS, [150.0, 170.0, 190.0, 210.0], title, 30)])
    assert [row.values["goal"] for row in result.rows["performance_targets"]] == [
        "目标1：路面平整。\n目标2：环境整洁。"
    ]
    assert result.unclaimed == []


def test_an_indicator_and_a_goal_cut_by_the_page_break_are_joined(knowledge: Knowledge) -> None:
    one = form(30, [("产出指标", "数量指标", "养护里程", "≥30公里"), ("", "", "巡查", "12次")])
    other = form(31, [("", "", "次数", ""), ("", "质量指标", "完好率", "≥95%")], head=False)
    rows = read(knowledge, [one, other]).rows["performance_indicators"]
    assert [row.values["level_3"] for row in rows] == ["养护里程", "巡查次数", "完好率"]

    head = page(
        [
            Area(0, 0, 1, 2, "项目名称"),
            Area(0, 2, 1, 5, "绿道养护"),
            Area(1, 0, 2, 2, "总体目标"),
            Area(1, 2, 2, 5, "路面平整，"),
        ],
        FORM_XS,
        [150.0, 170.0, 190.0],
        [("政策和项目预算绩效目标表", 300.0, 80.0)],
        30,
    )
    cells = [(1, "一级指标"), (2, "二级指标"), (3, "三级指标"), (4, "指标值")]
    texts = [(1, "产出指标"), (2, "数量指标"), (3, "养护里程"), (4, "≥30公里")]
    rest = page(
        [
            Area(0, 0, 1, 2, ""),
            Area(0, 2, 1, 5, "环境整洁。"),
            *(Area(r, c, r + 1, c + 1, text) for r, row in ((1, cells), (2, texts)) for c, text in row),
        ],
        FORM_XS,
        [150.0, 170.0, 190.0, 210.0],
        [("政策和项目预算绩效目标表", 300.0, 80.0)],
        31,
    )
    result = read(knowledge, [head, rest])
    assert result.rows["performance_targets"][0].values["goal"] == "路面平整，环境整洁。"
    assert [row.values["level_3"] for row in result.rows["performance_indicators"]] == ["养护里程"]
    assert result.unclaimed == []


@pytest.mark.parametrize("printed", ["5.00½", "1 5.00", "5.0000001", "123456789012345.00", "5.00㎡"])
def test_what_is_not_one_amount_that_can_be_kept_is_no_amount(knowledge: Knowledge, printed: str) -> None:
    result = read(knowledge, [sheet(7, [["208", "", "", "支出", printed, "", "", "", ""]], TITLES["general"])])
    assert result.rows["general_public_expenditure"][0].values.get("total") is None
    assert len(result.unclaimed) == 1


def test_two_pages_beside_each_other_on_a_sheet_are_one_table(knowledge: Knowledge) -> None:
    left, right = sheet(7, [TOTAL, CLASS, GROUP, ITEM], TITLES["general"]), sheet(7, [NEXT], TITLES["general"])
    aside = np.array([1000, 0, 1000, 0], np.float32)
    both = replace(
        left,
        width=2000.0,
        glyphs=left.glyphs + right.glyphs,
        boxes=np.concatenate([left.boxes, right.boxes + aside]),
        rulings=np.concatenate([left.rulings, right.rulings + aside]),
    )
    result = read(knowledge, [both])
    assert codes(result) == [None, "208", "20805", "2080501", "2080502"]
    assert len(result.tables) == 1
