"""Tables without rulings, or with few: lists and forms that go on over pages, spaced letters, tight rows."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from drawing import HEIGHT, SIZE, Area, page
from hypothesis import given
from hypothesis import strategies as st

from extract.document.pipeline import Knowledge
from extract.model.page import Page
from extract.reading.grids import edges_below, grids
from extract.reading.joints import walls_at_joints
from extract.reading.page_text import page_text
from extract.reading.pieces import Piece, pieces_of
from extract.reading.unruled_headers import spelled
from extract.tables.assemble import Assembler
from extract.tables.fragments import fragments
from extract.tables.open_tables import OpenTable

Texts = list[tuple[str, float, float]]  # each with where it begins, across and down
CENTRES = (90.0, 200.0, 320.0, 460.0)


def printed(texts: Texts, strokes: list[tuple[float, float, float, float]] | None = None, spacing: float = 0.0) -> Page:
    """A page of texts, its letters so far apart, and these strokes only."""
    drawn = page([], [], [], texts)
    if spacing:
        moved = [place * spacing for text, *_ in texts for place in range(len(text.replace(" ", "")))]
        drawn = replace(drawn, boxes=drawn.boxes + np.array([[by, 0, by, 0] for by in moved], np.float32))
    rulings = np.array(strokes or [], np.float32).reshape(-1, 4)
    return replace(drawn, rulings=rulings, text=page_text(drawn.glyphs, drawn.boxes))


def in_middle(text: str, centre: float, top: float) -> tuple[str, float, float]:
    return text, centre - SIZE * len(text) / 2, top


def rows(drawn: Page, before: tuple[float, ...] = ()) -> list[list[str]]:
    """The texts of a page's table row by row; a cell over several rows is in the first of them."""
    (grid,) = grids(drawn, before).grids
    return [[cell.text for cell in grid.cells if cell.row == row] for row in range(len(grid.ys) - 1)]


def indicators(top: float) -> Texts:
    """Two levels over three rows, then one row."""
    items = ["养护里程", "巡查次数", "清运数量", "满意程度"]
    values = ["≥97公里", "≥3次", "约130吨", "≥91%"]
    texts = [in_middle(text, CENTRES[2], top + 24 * row) for row, text in enumerate(items)]
    texts += [in_middle(text, CENTRES[3], top + 24 * row) for row, text in enumerate(values)]
    for centre, label, last in ((CENTRES[0], "产出指标", "满意度"), (CENTRES[1], "数量指标", "服务对象")):
        texts += [in_middle(label, centre, top + 24), in_middle(last, centre, top + 72)]
    return texts


INDICATORS = [
    ["产出指标", "数量指标", "养护里程", "≥97公里"],
    ["巡查次数", "≥3次"],
    ["清运数量", "约130吨"],
    ["满意度", "服务对象", "满意程度", "≥91%"],
]


def test_a_list_goes_on_over_a_page_without_its_headings() -> None:
    title = in_middle("项目绩效目标表", 300.0, 50.0)
    before = (40.0, 140.0, 255.0, 385.0, 540.0)
    assert rows(printed([title, *indicators(100.0)]), before) == INDICATORS


def test_a_page_that_only_looks_like_a_list_is_none_where_no_table_is_before() -> None:
    assert grids(printed(indicators(100.0))).grids == ()


def test_headings_are_the_first_row_of_a_list_and_a_label_may_stand_beside_each_row() -> None:
    heads = [
        in_middle(text, centre, 100.0) for text, centre in zip(["一级", "二级", "三级", "指标值"], CENTRES, strict=True)
    ]
    beside = [in_middle("绩效", 30.0, 148.0), in_middle("绩效", 30.0, 196.0)]
    found = rows(printed([*heads, *beside, *indicators(124.0)]))
    assert found[1:] == [["绩效", *INDICATORS[0]], *INDICATORS[1:3], ["绩效", *INDICATORS[3]]]


def table(spread: float = 1.0) -> Texts:
    heads = [
        in_middle("名称", 100.0, 100.0),
        in_middle("合计", 260.0 * spread, 100.0),
        in_middle("结转", 380.0 * spread, 100.0),
    ]
    texts = [*heads]
    for row, (name, one, other) in enumerate([("教育支出", "1234.50", "2.00"), ("卫生支出", "9.00", "31.75")]):
        for text, end in ((one, 290.0 * spread), (other, 410.0 * spread)):
            texts.append((text, end - SIZE * len(text), 124.0 + 20 * row))
        texts.append((name, 60.0, 124.0 + 20 * row))
    return texts


def test_letters_that_stand_apart_are_those_of_one_number_where_all_do() -> None:
    spaced = printed(table(spread=1.3), spacing=3.0)
    assert [sorted(row) for row in rows(spaced)] == [sorted(row) for row in rows(printed(table()))]


def test_a_rule_parts_lines_that_stand_as_close_as_those_of_one_cell() -> None:
    names = [("教育支出", 60.0, 124.0), ("卫生支出", 60.0, 135.0), ("农林支出", 60.0, 146.0)]
    texts = [("名称", 70.0, 100.0), ("合计", 200.0, 100.0), ("1.50", 200.0, 124.0), ("2.00", 200.0, 135.0), *names]
    strokes = [(50.0, y, 250.0, y) for y in (134.5, 145.5, 157.5)]
    assert rows(printed([*texts, ("3.50", 200.0, 168.0), ("合计", 60.0, 168.0)], strokes))[1:] == [
        ["教育支出", "1.50"],
        ["卫生支出", "2.00"],
        ["农林支出"],
        ["合计", "3.50"],
    ]


def test_a_line_that_had_room_for_more_is_a_row_of_its_own() -> None:
    texts = [("名称", 90.0, 100.0), ("合计", 260.0, 100.0), ("结转", 360.0, 100.0)]
    for row, name in enumerate(["收入合计", "上年结转", "其他", "本年收入总计"]):
        texts.append((name, 60.0, 124.0 + 14 * row))
        texts += [("9.50", 260.0, 124.0 + 14 * row), ("9.50", 360.0, 124.0 + 14 * row)] if row in (0, 3) else []
    assert [row[0] for row in rows(printed(texts))[1:]] == ["收入合计", "上年结转", "其他", "本年收入总计"]


def test_names_at_the_left_and_sums_in_the_middle_are_one_column() -> None:
    texts = [in_middle("项目", 160.0, 100.0), in_middle("预算数", 320.0, 100.0)]
    for row, name in enumerate(["结转", "本年合计", "总计"]):
        texts.append((name, 50.0, 124.0) if not row else in_middle(name, 160.0, 124.0 + 20 * row))
        texts.append(("12.50", 300.0, 124.0 + 20 * row))
    assert rows(printed(texts))[1:] == [["结转", "12.50"], ["本年合计", "12.50"], ["总计", "12.50"]]


def coded(*names: tuple[str, ...]) -> Texts:
    """Rows of a code and a name at the distance of a space, the name in so many lines, with an amount."""
    texts = [in_middle("功能科目", 190.0, 100.0), in_middle("合计", 320.0, 100.0), in_middle("结转", 420.0, 100.0)]
    top = 124.0
    for number, lines in enumerate(names):
        code = f"20805{number + 1:02}"
        texts += [(code, 60.0, top), (lines[0], 60.0 + SIZE * len(code) + 0.4 * SIZE, top)]
        texts += [(line, 44.0, top + HEIGHT * place) for place, line in enumerate(lines[1:], 1)]
        middle = top + HEIGHT * (len(lines) - 1) / 2
        texts += [("12.50", 300.0, middle), ("2.00", 410.0, middle)]
        top += HEIGHT * len(lines) + 8.0
    return texts


def test_a_code_and_the_name_behind_it_are_one_cell_where_one_heading_stands_over_both() -> None:
    total = [("合计", 44.0, 200.0), ("37.50", 300.0, 200.0), ("6.00", 410.0, 200.0)]
    found = rows(printed([*coded(("养老支出",), ("年金支出",), ("抚恤支出",)), *total]))
    assert found[1:] == [
        ["2080501养老支出", "12.50", "2.00"],
        ["2080502年金支出", "12.50", "2.00"],
        ["2080503抚恤支出", "12.50", "2.00"],
        ["合计", "37.50", "6.00"],
    ]


def test_the_second_line_of_a_name_may_begin_before_the_code_that_the_first_stands_behind() -> None:
    found = rows(printed(coded(("机关单位养老", "保险缴费"), ("年金支出",), ("抚恤支出",))))
    assert found[1:] == [
        ["2080501机关单位养老保险缴费", "12.50", "2.00"],
        ["2080502年金支出", "12.50", "2.00"],
        ["2080503抚恤支出", "12.50", "2.00"],
    ]


def test_a_header_of_two_rules_with_open_sides_is_whole_over_rows_without_any() -> None:
    texts = [in_middle("名称", 100.0, 105.0), in_middle("合计", 200.0, 105.0), in_middle("结转", 300.0, 105.0)]
    for row, name in enumerate(["教育支出", "卫生支出"]):
        texts += [(name, 70.0, 124.0 + 20 * row), ("1.50", 210.0, 124.0 + 20 * row), ("0.50", 310.0, 124.0 + 20 * row)]
    strokes = [(50.0, 100.0, 350.0, 100.0), (50.0, 120.0, 350.0, 120.0)]
    strokes += [(150.0, 100.0, 150.0, 120.0), (250.0, 100.0, 250.0, 120.0), (20.0, 30.0, 380.0, 30.0)]
    assert rows(printed(texts, strokes)) == [
        ["名称", "合计", "结转"],
        ["教育支出", "1.50", "0.50"],
        ["卫生支出", "1.50", "0.50"],
    ]


def test_a_heading_between_two_lower_ones_stands_over_them_where_nothing_else_can() -> None:
    heads = [in_middle("收入", 130.0, 60.0), in_middle("支出", 420.0, 60.0), in_middle("项目", 90.0, 90.0)]
    heads += [in_middle("预算数", 425.0, 80.0), in_middle("小计", 340.0, 100.0), in_middle("基金", 510.0, 100.0)]
    texts = [*heads, in_middle("合计", 200.0, 90.0)]
    for row in range(3):
        texts += [("1.50", end - 32, 124.0 + 20 * row) for end in (230.0, 375.0, 545.0)]
        texts.append(("教育支出", 60.0, 124.0 + 20 * row))
    (grid,) = grids(printed(texts)).grids
    spans = {cell.text: (cell.col, cell.col_end) for cell in grid.cells if cell.text in ("收入", "支出", "预算数")}
    assert spans == {"收入": (0, 2), "支出": (2, 4), "预算数": (2, 4)}


def test_a_heading_close_above_the_middle_one_of_its_columns_is_none_of_its_lines() -> None:
    centres = (90.0, 190.0, 290.0, 390.0, 490.0)
    heads = [in_middle("收入", 140.0, 60.0), in_middle("支出", 390.0, 60.0)]
    heads += [in_middle(name, x, 60.0 + 2 * HEIGHT) for name, x in zip(["项目", "金额", "科目"], centres, strict=False)]
    lines = (60.0 + 1.5 * HEIGHT, 60.0 + 2.9 * HEIGHT)
    heads += [in_middle(line, 390.0, y) for line, y in zip(["一般公", "共预算"], lines, strict=True)]
    heads += [in_middle(line, 490.0, y) for line, y in zip(["政府性", "基金"], lines, strict=True)]
    texts = [*heads]
    for row in range(4):
        top = 60.0 + (6 + 2 * row) * HEIGHT
        texts += [
            in_middle("教育", x, top) if place in (0, 2) else in_middle("1.50", x, top)
            for place, x in enumerate(centres)
        ]
    found = rows(printed(texts))
    assert found[:2] == [["收入", "支出"], ["项目", "金额", "科目", "一般公共预算", "政府性基金"]]


def test_a_triangle_apart_belongs_to_its_amount() -> None:
    texts = [*table(), ("农林支出", 60.0, 164.0), ("△", 232.0, 164.0), ("3.00", 258.0, 164.0)]
    assert rows(printed(texts))[-1] == ["农林支出", "△3.00"]


def test_letters_that_fill_one_cell_are_not_taken_by_the_cell_before() -> None:
    xs, ys = [50.0, 130.0, 330.0], [100.0, 130.0, 160.0]
    drawn = page([Area(r, c, r + 1, c + 1, "") for r in range(2) for c in range(2)], xs, ys, [("项目", 60.0, 110.0)])
    letters = [("可持续影响指标", 52.0, 1.0), ("社区共管机制", 131.0, 30.0)]  # the first gaps of which are alike
    glyphs, boxes = drawn.glyphs, drawn.boxes.tolist()
    for text, x, gap in letters:
        for place, letter in enumerate(text):
            left = x + place * (SIZE + gap) + (4.0 if x > 100 and place else 0.0)
            glyphs += letter
            boxes.append([left, 140.0, left + SIZE, 140.0 + HEIGHT])
    found = grids(replace(drawn, glyphs=glyphs, boxes=np.array(boxes, np.float32))).grids[0]
    assert [cell.text for cell in found.cells if cell.row == 1] == ["可持续影响指标", "社区共管机制"]


def test_rules_between_all_rows_tell_the_rows_however_many_lines_their_names_have() -> None:
    """A rule across the table below the header and below each row, none upright."""
    columns = (60.0, 160.0, 300.0, 400.0)
    head = [in_middle(text, x, 100.0) for text, x in zip(("编码", "名称", "合计", "项目支出"), columns, strict=True)]
    texts = [*head]
    for top, name in ((130.0, ("甲市林", "务局下", "属苗圃", "管理站")), (190.0, ("乙市森", "林防火", "中心"))):
        texts += [in_middle(part, columns[1], top + 12 * place) for place, part in enumerate(name)]
        texts += [in_middle(text, x, top + 15) for text, x in (("101", 60.0), ("10.00", 300.0), ("2.00", 400.0))]
    strokes = [(40.0, y, 440.0, y) for y in (95.0, 120.0, 182.0, 240.0)]
    found = rows(printed(texts, strokes))
    assert [row[1] for row in found[-2:]] == ["甲市林务局下属苗圃管理站", "乙市森林防火中心"]
    assert [row[2:] for row in found[-2:]] == [["10.00", "2.00"], ["10.00", "2.00"]]


def test_rules_drawn_cell_by_cell_tell_the_columns_and_what_headings_stand_over() -> None:
    """No upright stroke: a rule all across above and below each row, one below a heading over two columns only."""
    xs = (40.0, 120.0, 240.0, 340.0, 440.0)
    columns = list(pairwise(xs))

    def centred(text: str, left: float, right: float, top: float) -> tuple[str, float, float]:
        return in_middle(text, (left + right) / 2, top)

    def table(top: float, caption: str) -> tuple[Texts, list[tuple[float, float, float, float]]]:
        """A caption and below it a table of two rows, its header of two levels."""
        texts = [in_middle(caption, 240.0, top - 20)]
        texts += [centred("编码", xs[0], xs[1], top + 12), centred("名称", xs[1], xs[2], top + 12)]
        texts += [centred("本年支出", xs[2], xs[4], top + 3)]
        texts += [centred("合计", xs[2], xs[3], top + 23), centred("项目支出", xs[3], xs[4], top + 23)]
        for place, name in enumerate(("甲科目", "乙科目")):
            for text, (left, right) in zip(("101", name, "10.00", "2.00"), columns, strict=True):
                texts.append(centred(text, left, right, top + 45 + 20 * place))
        strokes = [(left, y, right, y) for y in (top, top + 40, top + 60, top + 80) for left, right in columns]
        return texts, [*strokes, *((left, top + 20, right, top + 20) for left, right in columns[2:])]

    above, below = table(100.0, "甲局收入支出总表"), table(230.0, "乙局收入支出总表")
    grid, other = grids(printed([*above[0], *below[0]], [*above[1], *below[1]])).grids
    for one in (grid, other):
        cells = {(cell.text, cell.row, cell.col, cell.row_end, cell.col_end) for cell in one.cells}
        assert cells >= {
            ("编码", 0, 0, 2, 1),
            ("本年支出", 0, 2, 1, 4),
            ("项目支出", 1, 3, 2, 4),
            ("乙科目", 3, 1, 4, 2),
        }
        assert [cell.text for cell in one.cells if cell.row == 2] == ["101", "甲科目", "10.00", "2.00"]


def cell_by_cell(
    xs: tuple[float, ...], ys: tuple[float, ...], first: int = 0
) -> list[tuple[float, float, float, float]]:
    """Rules at these heights, drawn anew for each cell, from the column of that number on."""
    return [(left, y, right, y) for y in ys for left, right in list(pairwise(xs))[first:]]


def test_headings_stand_below_others_without_a_rule_between() -> None:
    xs = (40.0, 120.0, 200.0, 280.0, 360.0, 440.0)
    texts = [in_middle("合计", 80.0, 118.0), in_middle("公务接待费", 400.0, 118.0)]
    texts += [in_middle("公务用车购置及运行维护费", 240.0, 98.0), in_middle("小计", 160.0, 126.0)]
    texts += [in_middle(line, 240.0, 119.0 + 15 * place) for place, line in enumerate(["公务用车", "购置费"])]
    texts += [in_middle(line, 320.0, 119.0 + 15 * place) for place, line in enumerate(["公务用车", "运行费"])]
    texts += [in_middle("1.50", (left + right) / 2, 156.0) for left, right in pairwise(xs)]
    (grid,) = grids(printed(texts, cell_by_cell(xs, (92.0, 150.0, 170.0)))).grids
    cells = {(cell.text, cell.row, cell.col, cell.row_end, cell.col_end) for cell in grid.cells if cell.text != "1.50"}
    assert cells == {
        ("合计", 0, 0, 2, 1),
        ("公务用车购置及运行维护费", 0, 1, 1, 4),
        ("公务接待费", 0, 4, 2, 5),
        ("小计", 1, 1, 2, 2),
        ("公务用车购置费", 1, 2, 2, 3),
        ("公务用车运行费", 1, 3, 2, 4),
    }


def test_rows_of_a_form_are_parted_beside_their_label_only() -> None:
    """The label stands over the edge of a column; a text alone, or one over edges, is that of one cell."""
    xs = (40.0, 100.0, 160.0, 280.0, 400.0)
    texts = [("项目名称", 44.0, 105.0), ("造林", 104.0, 105.0), ("单位", 164.0, 105.0), ("林场", 284.0, 105.0)]
    texts += [("项目资金（万元）", 44.0, 145.0)]
    texts += [("资金总额", 164.0, 125.0), ("86.80", 284.0, 125.0)]
    texts += [("财政拨款", 164.0, 145.0), ("28", 284.0, 145.0), ("其他资金", 164.0, 165.0), ("58.80", 284.0, 165.0)]
    texts += [("总体目标", 44.0, 195.0), ("年度目标", 104.0, 185.0), ("加强林区道路养护保障防火通道畅通", 104.0, 205.0)]
    texts += [("备注", 44.0, 225.0), ("完成年度监测任务及时掌握资源动态", 104.0, 225.0)]
    strokes = cell_by_cell(xs, (100.0, 120.0, 180.0, 220.0, 240.0))
    strokes += [*cell_by_cell(xs, (140.0, 160.0), first=2), *cell_by_cell(xs, (200.0,), first=1)]
    (grid,) = grids(printed(texts, strokes)).grids
    cells = {(cell.text, cell.row, cell.row_end, cell.col_end) for cell in grid.cells if cell.row}
    assert cells == {
        ("项目资金（万元）", 1, 4, 2),
        ("资金总额", 1, 2, 3),
        ("86.80", 1, 2, 4),
        ("财政拨款", 2, 3, 3),
        ("28", 2, 3, 4),
        ("其他资金", 3, 4, 3),
        ("58.80", 3, 4, 4),
        ("总体目标", 4, 6, 1),
        ("年度目标", 4, 5, 4),
        ("加强林区道路养护保障防火通道畅通", 5, 6, 4),
        ("备注", 6, 7, 1),
        ("完成年度监测任务及时掌握资源动态", 6, 7, 3),
    }


def test_rules_left_over_from_the_page_before_do_not_hide_where_cells_end() -> None:
    xs = (40.0, 140.0, 240.0, 340.0)
    texts = [in_middle("收入支出总表", 190.0, 80.0)]
    texts += [in_middle(name, x, 105.0) for name, x in (("名称", 90.0), ("合计", 190.0), ("结转", 290.0))]
    for row in (0, 1):
        texts += [(text, x + 4, 125.0 + 20 * row) for text, x in zip(("支出", "1.50", "0"), xs, strict=False)]
    strokes = [*cell_by_cell((40.0, 190.0, 340.0), (30.0, 45.0)), *cell_by_cell(xs, (100.0, 120.0, 140.0, 160.0))]
    assert rows(printed(texts, strokes)) == [["名称", "合计", "结转"], ["支出", "1.50", "0"], ["支出", "1.50", "0"]]


def test_a_dash_is_a_figure_and_a_total_no_line_of_the_name_above_it() -> None:
    """A name of two lines, the numbers of its row in the middle; numerals are written as radicals, as browsers do."""
    texts = [("（⼆）政府性基金", 60.0, 100.0), ("（三）国有资本", 60.0, 120.0), ("经营预算", 60.0, 133.0)]
    texts += [("-", x, y) for x in (200.0, 300.0, 400.0) for y in (100.0, 126.5)]
    texts += [("收入总计", 60.0, 152.0), ("39.50", 200.0, 152.0), ("38.50", 300.0, 152.0), ("1.00", 400.0, 152.0)]
    assert rows(printed(texts), (55.0, 180.0, 260.0, 360.0, 450.0)) == [
        ["（⼆）政府性基金", "-", "-", "-"],
        ["（三）国有资本经营预算", "-", "-", "-"],
        ["收入总计", "39.50", "38.50", "1.00"],
    ]


def three_rules(
    top: float, names: list[tuple[str, ...]], apart: float = 20.0
) -> tuple[Texts, list[tuple[float, float, float, float]]]:
    """A caption of two lines and below it a table of three rules, whose names in lines of 12 points stand in the middle
    of their rows, `apart` points high at least.
    """
    columns = (60.0, 160.0, 300.0, 400.0)
    texts = [in_middle("附表", 60.0, top - 40), in_middle("收入支出总表", 240.0, top - 24)]
    texts += [
        in_middle(text, x, top + 5) for text, x in zip(("编码", "名称", "合计", "项目支出"), columns, strict=True)
    ]
    at = top + 25.0
    for name in names:
        height = max(apart, 12.0 * len(name))
        first = at + (height - 12.0 * len(name)) / 2
        texts += [in_middle(part, columns[1], first + 12 * place) for place, part in enumerate(name)]
        middle = at + (height - 12.0) / 2
        texts += [in_middle(text, x, middle) for text, x in (("101", 60.0), ("10.00", 300.0), ("2.00", 400.0))]
        at += height
    return texts, [(30.0, y, 440.0, y) for y in (top, top + 20, at + 4)]


LONG = [("甲市林", "务局下", "属苗圃", "管理站"), ("乙市森", "林防火", "中心"), ("丙中心",)]


def test_two_tables_of_three_rules_stand_on_one_page() -> None:
    above, below = three_rules(100.0, LONG[2:] * 3), three_rules(300.0, LONG[2:] * 2)
    found = grids(printed([*above[0], *below[0]], [*above[1], *below[1]])).grids
    assert [[cell.text for cell in one.cells if cell.row == 0] for one in found] == [
        ["编码", "名称", "合计", "项目支出"]
    ] * 2
    assert [max(cell.row for cell in one.cells) for one in found] == [3, 2]
    assert all(
        [cell.text for cell in one.cells if cell.row == 1] == ["101", "丙中心", "10.00", "2.00"] for one in found
    )


def ruled_rows(top: float, rows: int, title: str) -> tuple[Texts, list[tuple[float, float, float, float]]]:
    """A table with a rule above its header, below it and below each of its rows."""
    texts = [in_middle(title, 235.0, top - 32), ("单位：元", 384.0, top - 14)]
    texts += [in_middle(text, x, top + 5) for text, x in (("编码", 60.0), ("名称", 170.0), ("合计", 300.0))]
    for row in range(rows):
        at = top + 25 + 20 * row
        texts += [in_middle(text, x, at) for text, x in (("101", 60.0), ("丙中心", 170.0), ("10.00", 300.0))]
    return texts, [(30.0, top + 20 * place, 440.0, top + 20 * place) for place in range(rows + 2)]


def test_two_tables_with_a_rule_below_every_row_stand_on_one_page() -> None:
    """The caption of the second stands where a row of the first would."""
    above, below = ruled_rows(100.0, 3, "收入决算表"), ruled_rows(240.0, 4, "支出决算表")
    found = grids(printed([*above[0], *below[0]], [*above[1], *below[1]])).grids
    assert [max(cell.row for cell in one.cells) for one in found] == [3, 4]
    assert all([cell.text for cell in one.cells if cell.row == 0] == ["编码", "名称", "合计"] for one in found)


def test_a_row_of_two_lines_without_amounts_parts_no_table() -> None:
    texts, strokes = ruled_rows(100.0, 6, "收入决算表")
    held = [one for one in texts if one[2] not in (165.0, 185.0)]
    held += [("丁中心", 130.0, 162.0), ("本级", 130.0, 172.0), ("戊中心", 130.0, 185.0)]
    (found,) = grids(printed(held, strokes)).grids
    assert [cell.text for cell in found.cells if cell.col == 1] == [
        "名称",
        "丙中心",
        "丙中心",
        "丁中心本级",
        "戊中心",
        "丙中心",
        "丙中心",
    ]


def continued(name: str) -> Texts:
    """Rows without a header, in the columns of `table`."""
    figures = [("1234.50", 290.0), ("2.00", 410.0)]
    return [
        one
        for top in (60.0, 80.0)
        for one in ((name, 60.0, top), *((text, end - SIZE * len(text), top) for text, end in figures))
    ]


def test_an_edge_that_only_texts_tell_gives_way_to_a_longer_one_on_the_next_page(knowledge: Knowledge) -> None:
    name = "国有土地使用权出让收入安排的支出"
    captions = [in_middle("政府性基金预算支出情况表", 240.0, 60.0), ("单位：万元", 370.0, 80.0)]
    heads = [in_middle(text, x, 100.0) for text, x in (("科目名称", 100.0), ("合计", 260.0), ("项目支出", 380.0))]
    first = printed([*captions, *heads, *table()[3:]])
    before = edges_below(grids(first))
    assert before[1] < 60.0 + SIZE * len(name)
    second = printed(continued(name))
    assert rows(second, tuple(before)) == [[name, "1234.50", "2.00"]] * 2
    assembler = Assembler(knowledge.readers)
    for found in (grids(first), grids(replace(second, number=2), before)):
        for fragment in fragments(found.grids, found.lines, "drawn", found.doubt == "inferred"):
            assembler.add(fragment)
    (joined,) = assembler.tables
    assert isinstance(joined, OpenTable)
    assert [[cell.text for cell in raw.cells.values()] for raw in joined.rows[2:]] == [[name, "1234.50", "2.00"]] * 2


def test_a_rule_drawn_column_by_column_underlines_no_caption_above_its_last_piece() -> None:
    texts, strokes = three_rules(100.0, LONG[2:] * 3)
    pieces = [(x0, y, x1, y) for _, y, *_ in strokes for x0, x1 in pairwise((30.0, 120.0, 250.0, 384.0, 416.0))]
    found = rows(printed([*texts, ("单位：元", 384.0, 90.0)], pieces))
    assert found == [["编码", "名称", "合计", "项目支出"], *[["101", "丙中心", "10.00", "2.00"]] * 3]


def test_names_that_fill_their_rows_belong_to_the_figures_in_their_middle() -> None:
    """No gap tells where a row ends."""
    found = rows(printed(*three_rules(100.0, LONG, apart=12.0)))
    assert found[-3:] == [["101", "".join(name), "10.00", "2.00"] for name in LONG]


def test_of_names_that_stand_in_the_middle_of_no_row_none_is_guessed() -> None:
    texts, strokes = three_rules(100.0, LONG, apart=12.0)
    moved = [(text, x, y + 5 if text in "".join(map("".join, LONG)) else y) for text, x, y in texts]
    assert grids(printed(moved, strokes)).grids == ()


def test_a_code_may_begin_the_first_line_of_a_name_whose_amounts_stand_in_its_middle() -> None:
    texts = [in_middle(text, x, 105.0) for text, x in (("科目", 120.0), ("合计", 300.0), ("项目支出", 400.0))]
    names = [("2080505 机关事", "业单位基本养老保险缴", "费支出"), ("2101101 行政单", "位医疗"), ("合计",)]
    at = 125.0
    for name in names:
        texts += [(part, 60.0, at + 12 * place) for place, part in enumerate(name)]
        middle = at + 6.0 * (len(name) - 1)
        texts += [in_middle(text, x, middle) for text, x in (("10.00", 300.0), ("2.00", 400.0))]
        at += 12.0 * len(name)
    found = rows(printed(texts, [(30.0, y, 440.0, y) for y in (100.0, 120.0, at + 4)]))
    assert found[-3:] == [["".join(name).replace(" ", ""), "10.00", "2.00"] for name in names]


def texts_of(drawn: Page) -> set[str]:
    return {cell.text for grid in grids(drawn).grids for cell in grid.cells}


def test_a_label_of_a_sum_over_two_columns_does_not_make_them_one() -> None:
    texts, strokes = three_rules(100.0, LONG, apart=12.0)
    texts += [in_middle("人员经费公用经费合计", 110.0, 222.0)]
    texts += [in_middle(text, x, 222.0) for text, x in (("30.00", 300.0), ("6.00", 400.0))]
    found = texts_of(printed(texts, [*strokes[:2], (30.0, 240.0, 440.0, 240.0)]))
    assert not [text for text in found if text.startswith("101") and text != "101"]


def test_a_heading_over_two_amounts_makes_no_table() -> None:
    texts, strokes = three_rules(100.0, LONG, apart=12.0)
    wide = [(text, x - 20.0 if text == "合计" else x, y) for text, x, y in texts if text != "项目支出"]
    joined = [("合计及项目支出", x, y) if text == "合计" else (text, x, y) for text, x, y in wide]
    moved = [(text, x - 50.0 if text == "2.00" else x, y) for text, x, y in joined]
    assert not [text for text in texts_of(printed(moved, strokes)) if text.count(".") > 1]


def test_rows_go_on_on_the_next_page_only_if_no_amounts_stand_below_the_table() -> None:
    """They are of a table that could not be read, and so may be the rows on the next page."""
    whole = grids(printed(table()))
    assert edges_below(whole) == whole.grids[0].xs
    assert (
        edges_below(grids(printed([*table(), in_middle("附表", 60.0, 380.0), in_middle("7.00", 260.0, 400.0)]))) == ()
    )


def test_letters_of_two_lines_are_no_word() -> None:
    """One ends where the next begins, a line further down."""
    drawn = printed([("疗", 60.0, 100.0), ("公", 68.1, 113.0), ("务员", 60.0, 126.0)])
    assert [one.text for one in pieces_of(drawn.glyphs, drawn.boxes)] == ["疗", "公", "务员"]


def test_numbers_of_columns_are_no_letters_of_a_word() -> None:
    heads = [
        Piece(x, 100.0, x + 8.0, 110.0, text) for x, text in ((60.0, "人"), (76.0, "员"), (100.0, "1"), (116.0, "2"))
    ]
    assert [one.text for one in spelled(heads)] == ["人员", "1", "2"]


EDGES = st.floats(0, 500, width=32)


@given(st.lists(st.tuples(EDGES, EDGES, st.floats(0, 300, width=32), st.floats(0, 2, width=32)), max_size=30))
def test_any_strokes_give_upright_walls_or_none(strokes: list[tuple[float, float, float, float]]) -> None:
    rulings = np.array([(x, y, x + wide, y + high) for x, y, wide, high in strokes], np.float32).reshape(-1, 4)
    drawn = page([], [], [], [("甲乙丙", 100.0, 100.0), ("1.00", 200.0, 100.0)])
    walls = walls_at_joints(rulings, drawn.glyphs, drawn.boxes)
    assert (walls[:, 0] == walls[:, 2]).all()
    assert (walls[:, 1] <= walls[:, 3]).all()
