"""Forms with performance targets as offices draw them: labels and values, lists below, further pages."""

from collections.abc import Sequence

from drawing import Area, page
from test_assemble import read
from test_kinds import values

from extract.document.pipeline import Knowledge
from extract.model.page import Page

XS = tuple(40.0 + 100.0 * column for column in range(7))
TITLE = ("项目支出绩效目标表", 300.0, 80.0)
HEADER = ("一级指标", "二级指标", "三级指标", "指标值")
Row = Sequence[tuple[int, str]]  # texts, each with how many columns its cell spans


def sheet(rows: Sequence[Row], number: int = 1, title: bool = True, merged: Sequence[Area] = ()) -> Page:
    """A page with a grid of six columns; a span of no columns leaves room for a merged cell."""
    areas = [*merged]
    for row, texts in enumerate(rows):
        col = 0
        for span, text in texts:
            if text != "^":  # held by a merged cell
                areas.append(Area(row, col, row + 1, col + span, text))
            col += span
    ys = [150.0 + 20 * row for row in range(len(rows) + 1)]
    return page(areas, XS, ys, [TITLE, ("单位：万元", 500.0, 120.0)] if title else [], number)


HEAD: list[Row] = [
    [(1, "项目名称"), (2, "绿道养护"), (1, "项目编码"), (2, "101001")],
    [(1, "主管部门"), (2, "[101]甲市林务局"), (1, "实施单位"), (2, "甲站")],
    [(1, "资金总额"), (1, "12.50"), (1, "财政拨款"), (1, "10.00"), (1, "其他资金"), (1, "2.50")],
    [(1, "年度目标"), (5, "路面平整")],
]
LIST: list[Row] = [
    [(1, HEADER[0]), (1, HEADER[1]), (2, HEADER[2]), (2, HEADER[3])],
    [(1, "产出指标"), (1, "数量指标"), (2, "里程"), (2, "≥30公里")],
    [(1, "^"), (1, "^"), (2, "巡查"), (2, "≥3次")],
]
OVER_ROWS = [Area(5, 0, 7, 1, "产出指标"), Area(5, 1, 7, 2, "数量指标")]
BELOW = [LIST[0], [(1, "^"), (1, "^"), *LIST[1][2:]], LIST[2]]


def test_values_stand_right_of_their_labels(knowledge: Knowledge) -> None:
    result = read(knowledge, [sheet([*HEAD, *BELOW], merged=OVER_ROWS)])
    fields = ("project_name", "project_code", "department_name", "implementing_unit", "goal")
    assert values(result, "performance_targets", *fields) == [("绿道养护", "101001", "甲市林务局", "甲站", "路面平整")]
    assert values(result, "performance_targets", "department_code") == [("101",)]
    amounts = [
        str(one) for one in values(result, "performance_targets", "total", "fiscal_appropriation", "other_funds")[0]
    ]
    assert amounts == ["12.50", "10.00", "2.50"]
    assert values(result, "performance_indicators", "level_1", "level_2", "level_3", "target") == [
        ("产出指标", "数量指标", "里程", "≥30公里"),
        ("产出指标", "数量指标", "巡查", "≥3次"),
    ]
    assert not result.unclaimed


def test_a_label_without_a_value_takes_none_of_another(knowledge: Knowledge) -> None:
    head = [
        [(1, "项目名称"), (2, "绿道养护"), (1, "项目编码"), (2, "")],
        [(1, "主管部门"), (1, "实施单位"), (1, "资金总额"), (3, "12.50")],
        HEAD[3],
    ]
    result = read(knowledge, [sheet([*head, *LIST[:2]])])
    found = values(result, "performance_targets", "project_name", "project_code", "department_name", "total")
    assert [(*row[:3], str(row[3])) for row in found] == [("绿道养护", None, None, "12.50")]


def test_a_value_may_stand_below_its_label(knowledge: Knowledge) -> None:
    head = [
        [(1, "项目名称"), (5, "绿道养护")],
        [(2, "资金总额"), (2, "财政拨款"), (2, "其他资金")],
        [(2, "12.50"), (2, "10.00"), (2, "2.50")],
        [(6, "年度目标")],
        [(6, "路面平整")],
    ]
    result = read(knowledge, [sheet([*head, *LIST[:2]])])
    (found,) = values(result, "performance_targets", "goal", "total", "fiscal_appropriation", "other_funds")
    assert (found[0], *map(str, found[1:])) == ("路面平整", "12.50", "10.00", "2.50")


def test_of_a_label_twice_in_a_row_the_right_one_is_the_years(knowledge: Knowledge) -> None:
    head = [HEAD[0], [(1, "资金总额"), (2, "90.00"), (1, "资金总额"), (2, "12.50")], HEAD[3]]
    result = read(knowledge, [sheet([*head, *LIST[:2]])])
    assert [str(row[0]) for row in values(result, "performance_targets", "total")] == ["12.50"]


def test_a_value_may_stand_in_the_cell_of_its_label(knowledge: Knowledge) -> None:
    for said in ("主要政策任务：修建:绿道", "主要政策任务:修建:绿道"):
        result = read(knowledge, [sheet([*HEAD, [(6, said)], *LIST[:2]])])
        assert values(result, "performance_targets", "policy_task") == [("修建:绿道",)]


def test_what_no_label_claims_is_told(knowledge: Knowledge) -> None:
    head = [*HEAD[:2], [(1, "风险等级"), (2, "二级"), (1, "资金总额"), (2, "12.50")], HEAD[3]]
    result = read(knowledge, [sheet([*head, *LIST[:2]])])
    assert [one.text for one in result.unclaimed] == ["二级"]


def test_a_list_goes_on_on_the_next_page_and_the_row_that_the_break_cuts_is_one(knowledge: Knowledge) -> None:
    first = [*HEAD, LIST[0], [(1, "产出指标"), (1, "数量指标"), (2, "里程"), (2, "≥30公里")]]
    whole = [[(1, "产出指标"), (1, "质量指标"), (2, "平整"), (2, "良好")]]
    rest = [[(1, ""), (1, ""), (2, "长度"), (2, "")], *whole]
    listed = ("level_1", "level_2", "level_3", "target")
    for further, names in ((whole, ["里程", "平整"]), (rest, ["里程长度", "平整"])):
        result = read(knowledge, [sheet(first), sheet(further, 2, title=False)])
        assert [row[2] for row in values(result, "performance_indicators", *listed)] == names
        assert len(result.rows["performance_targets"]) == 1


def test_a_value_that_the_break_cuts_goes_on_at_the_top_of_the_next_page(knowledge: Knowledge) -> None:
    first = [*HEAD[:3], [(1, "年度目标"), (5, "路面平整，")]]
    second = [[(6, "沿线清洁")], *LIST[:2]]
    result = read(knowledge, [sheet(first), sheet(second, 2, title=False)])
    assert values(result, "performance_targets", "project_name", "goal") == [("绿道养护", "路面平整，沿线清洁")]
    assert values(result, "performance_indicators", "level_3") == [("里程",)]


def test_a_form_that_begins_anew_is_another(knowledge: Knowledge) -> None:
    other = [[(1, "项目名称"), (5, "古树保护")], HEAD[3], *LIST[:2]]
    result = read(knowledge, [sheet([*HEAD, *LIST[:2]]), sheet(other, 2, title=False)])
    assert values(result, "performance_targets", "project_name") == [("绿道养护",), ("古树保护",)]
    assert values(result, "performance_indicators", "level_3") == [("里程",), ("里程",)]


def test_a_page_that_prints_the_head_again_goes_on_with_the_form(knowledge: Knowledge) -> None:
    more = [[(1, "效益指标"), (1, "社会效益"), (2, "投诉"), (2, "≤2次")]]
    again = read(knowledge, [sheet([*HEAD, *LIST[:2]]), sheet([*HEAD, LIST[0], *more], 2)])
    assert values(again, "performance_targets", "project_name") == [("绿道养护",)]
    assert values(again, "performance_indicators", "level_3") == [("里程",), ("投诉",)]
    same = read(knowledge, [sheet([*HEAD, *LIST[:2]]), sheet([*HEAD, *LIST[:2]], 2)])
    assert len(values(same, "performance_targets", "project_name")) == 2  # a copy, of which others tell
