"""Tables printed in ways that rulings do not tell, read as a person reads them."""

import itertools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from drawing import HEIGHT, SIZE, Area, page
from hypothesis import given
from hypothesis import strategies as st

from extract.model.page import Box, Hidden, Page, Turn
from extract.reading.grids import grids
from extract.reading.native.turned import lean, turning
from extract.reading.page_text import page_text
from extract.reading.rulings import joined

XS, YS = [50.0, 200.0, 300.0, 400.0], [100.0, 120.0, 140.0, 160.0]
TEXTS = [["项目名称", "合计", "上年结转"], ["社会保障", "1,234.50", "0.50"], ["卫生健康", "9.00", "88,000.75"]]


def table(texts: list[list[str]] = TEXTS) -> Page:
    return page(cells_of(texts), XS, YS)


def cells_of(texts: list[list[str]]) -> list[Area]:
    return [Area(r, c, r + 1, c + 1, text) for r, row in enumerate(texts) for c, text in enumerate(row)]


def cells(drawn: Page) -> list[list[tuple[int, int, str]]]:
    return [[(cell.row, cell.col, cell.text) for cell in grid.cells] for grid in grids(drawn).grids]


def ruled(drawn: Page, strokes: list[tuple[float, float, float, float]]) -> Page:
    text = page_text(drawn.glyphs, drawn.boxes)
    return replace(drawn, rulings=np.array(strokes, np.float32).reshape(-1, 4), text=text)


def dots() -> list[tuple[float, float, float, float]]:
    across = [(x, y, x + 0.75, y + 0.75) for y in YS for x in np.arange(XS[0], XS[-1], 1.5)]
    return across + [(x, y, x + 0.75, y + 0.75) for x in XS for y in np.arange(YS[0], YS[-1], 1.5)]


def dashes() -> list[tuple[float, float, float, float]]:
    across = [(x, y, x + 4, y) for y in YS for x in np.arange(XS[0], XS[-1], 6.0)]
    return across + [(x, y, x, y + 4) for x in XS for y in np.arange(YS[0], YS[-1], 6.0)]


def open_sides() -> list[tuple[float, float, float, float]]:
    return [(XS[0], y, XS[-1], y) for y in YS] + [(x, YS[0], x, YS[-1]) for x in XS[1:-1]]


def open_bottom() -> list[tuple[float, float, float, float]]:
    return [(XS[0], y, XS[-1], y) for y in YS[:-1]] + [(x, YS[0], x, YS[-1]) for x in XS]


def open_top() -> list[tuple[float, float, float, float]]:
    return [(XS[0], y, XS[-1], y) for y in YS[1:]] + [(x, YS[0], x, YS[-1]) for x in XS]


def open_sides_of_the_body() -> list[tuple[float, float, float, float]]:
    return [*open_sides(), *((x, YS[0], x, YS[1]) for x in (XS[0], XS[-1]))]


def last_row_open_but_for_its_label() -> list[tuple[float, float, float, float]]:
    return [*open_bottom()[: len(YS) - 1], *((x, YS[0], x, YS[-2]) for x in XS), *frame(XS[0], YS[-2], XS[1], YS[-1])]


def frames() -> list[tuple[float, float, float, float]]:
    boxes = [(x0 + 2, y0 + 2, x1 - 2, y1 - 2) for x0, x1 in itertools.pairwise(XS) for y0, y1 in rows()]
    boxes.append((XS[0] - 2, YS[0] - 2, XS[-1] + 2, YS[-1] + 2))
    return [wall for box in boxes for wall in frame(*box)]


def rows() -> list[tuple[float, float]]:
    return list(itertools.pairwise(YS))


def frame(x0: float, y0: float, x1: float, y1: float) -> list[tuple[float, float, float, float]]:
    return [(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)]


def three_lines() -> list[tuple[float, float, float, float]]:
    return [(XS[0], y, XS[-1], y) for y in (YS[0], YS[1], YS[-1])]


def only_the_header() -> list[tuple[float, float, float, float]]:
    return [wall for x0, x1 in itertools.pairwise(XS) for wall in frame(x0, YS[0], x1, YS[1])]


def nothing() -> list[tuple[float, float, float, float]]:
    return []


@pytest.mark.parametrize(
    "strokes",
    [
        dots,
        dashes,
        open_sides,
        open_bottom,
        open_top,
        open_sides_of_the_body,
        last_row_open_but_for_its_label,
        frames,
        three_lines,
        only_the_header,
        nothing,
    ],
)
def test_a_table_is_read_the_same_however_it_is_ruled(
    strokes: Callable[[], list[tuple[float, float, float, float]]],
) -> None:
    drawn = table()
    assert cells(ruled(drawn, strokes())) == cells(drawn)


def test_a_heading_over_several_columns_stands_over_them_without_any_ruling() -> None:
    areas = [Area(0, 0, 2, 1, "科目名称"), Area(0, 1, 1, 3, "财政拨款"), Area(1, 1, 2, 2, "小计")]
    areas += [Area(1, 2, 2, 3, "基金"), Area(2, 0, 3, 1, "合计"), Area(2, 1, 3, 2, "12.00"), Area(2, 2, 3, 3, "3.00")]
    drawn = page([*areas, Area(3, 1, 4, 2, "4.00")], XS, [*YS, 180.0])
    found = grids(ruled(drawn, [])).grids[0]
    assert [(c.row, c.col, c.row_end, c.col_end, c.text) for c in found.cells] == [
        (a.row, a.col, a.row_end, a.col_end, a.text) for a in [*areas, Area(3, 1, 4, 2, "4.00")]
    ]


def test_a_form_without_any_ruling_has_labels_over_the_rows_that_they_stand_in_the_middle_of() -> None:
    top = [Area(0, 0, 1, 1, "项目名称"), Area(0, 1, 1, 4, "设备购置")]
    for row, (label, amount) in enumerate(
        [("资金总额", "508.00"), ("其中：财政拨款", "500.00"), ("其他资金", "8.00")], 1
    ):
        top += [Area(row, 0, row + 1, 2, label), Area(row, 2, row + 1, 4, amount)]
    heads = [Area(4, col, 5, col + 1, text) for col, text in enumerate(["一级指标", "二级指标", "三级指标", "指标值"])]
    labels = [Area(5, 0, 8, 1, "产出指标"), Area(8, 0, 9, 1, "满意度"), Area(5, 1, 6, 2, "数量指标")]
    labels += [Area(6, 1, 8, 2, "质量指标"), Area(8, 1, 9, 2, "服务对象")]
    items = [Area(5 + n, 2, 6 + n, 3, text) for n, text in enumerate(["项目个数", "合格率", "完好率", "满意程度"])]
    values = [Area(5 + n, 3, 6 + n, 4, text) for n, text in enumerate(["≥697个", "=100%", "≥98.5%", "≥80%"])]
    drawn = page(
        [*top, *heads, *labels, *items, *values], [50.0, 150, 250, 350, 450], [100.0 + 20 * n for n in range(10)]
    )
    found = grids(ruled(drawn, [])).grids[0]
    spans = {cell.text: (cell.row_end - cell.row, cell.row) for cell in found.cells}
    assert spans["产出指标"] == (3, spans["≥697个"][1])
    assert spans["质量指标"] == (2, spans["=100%"][1])
    beside = {(cell.row, cell.col): cell.text for cell in found.cells}
    ends = {cell.text: (cell.row, cell.col_end) for cell in found.cells}
    assert beside[ends["其中：财政拨款"]] == "500.00"
    assert beside[ends["项目名称"]] == "设备购置"


def test_prose_with_amounts_is_no_table() -> None:
    lines = [(f"收入预算{number}.50万元，比上年增加。", 50.0, 100.0 + 20 * number) for number in range(6)]
    assert grids(ruled(page([], [0.0], [0.0], lines), [])).grids == ()


def test_underlines_are_no_rulings() -> None:
    drawn = table()
    under = [[box[0], box[3] + 1, box[2], box[3] + 1] for box in drawn.boxes[:4].tolist()]
    line = [under[0][0], under[0][1], under[-1][2], under[0][1]]
    assert cells(replace(drawn, rulings=np.concatenate([drawn.rulings, np.array([line], np.float32)]))) == cells(drawn)


def test_tables_side_by_side_are_two() -> None:
    one = table()
    moved = np.array([380.0, 0.0, 380.0, 0.0], np.float32)
    both = replace(
        one,
        glyphs=one.glyphs * 2,
        boxes=np.concatenate([one.boxes, one.boxes + moved]),
        rulings=np.concatenate([one.rulings, one.rulings + moved]),
    )
    assert cells(both) == cells(one) * 2


@given(st.floats(0.0, 1.0), st.sampled_from(["1,234.50", "88,000.75", "200428.90"]))
def test_letter_spaced_amounts_are_whole(spacing: float, amount: str) -> None:
    drawn = table([["项目", "合计", ""], ["", "", ""], ["", "", ""]])
    x, top = XS[1] + 2, YS[1] + 5
    step = SIZE * 0.5 + spacing * HEIGHT * 0.5
    boxes = np.array([(x + n * step, top, x + n * step + 4, top + HEIGHT) for n in range(len(amount))], np.float32)
    spaced = replace(drawn, glyphs=drawn.glyphs + amount, boxes=np.concatenate([drawn.boxes, boxes]))
    assert amount in [cell.text for cell in grids(spaced).grids[0].cells]


def test_the_last_character_of_an_upright_label_may_stand_in_a_column_of_its_own() -> None:
    drawn = page([Area(0, 0, 4, 1, ""), Area(0, 1, 4, 2, "数量指标")], XS[:3], [*YS, 180.0])
    boxes = [(80.0, 110.0 + n * HEIGHT, 88.0, 120.0 + n * HEIGHT) for n in range(4)] + [(68.0, 110.0, 76.0, 120.0)]
    upright = np.concatenate([drawn.boxes, np.array(boxes, np.float32)])
    assert "经济分类科" in [
        cell.text for cell in grids(replace(drawn, glyphs=drawn.glyphs + "经济分类科", boxes=upright)).grids[0].cells
    ]


def test_names_without_amounts_below_a_table_that_is_not_closed_are_rows_of_it() -> None:
    texts = [["项目", "合计"], ["一、教育支出", "1,234.50"], ["二、科学技术支出", ""]]
    drawn = page(cells_of(texts), XS[:3], YS)
    strokes = [(XS[0], y, XS[2], y) for y in YS[:-1]] + [(x, YS[0], x, YS[-2]) for x in XS[:3]]
    assert cells(ruled(drawn, strokes)) == cells(drawn)


@pytest.mark.parametrize("step", [HEIGHT, 0.1, -0.1])
def test_labels_from_top_to_bottom_are_read_in_the_order_of_painting(step: float) -> None:
    """Also where they are printed over each other, as a font without heights makes them."""
    drawn = page([Area(0, 0, 4, 1, ""), Area(0, 1, 4, 2, "数量指标")], XS[:3], [*YS, 180.0])
    label = "产出指标"
    boxes = [(80.0, 120.0 + n * step, 88.0, 130.0 + n * step) for n in range(len(label))]
    stacked = replace(
        drawn, glyphs=drawn.glyphs + label, boxes=np.concatenate([drawn.boxes, np.array(boxes, np.float32)])
    )
    assert "产出指标" in [cell.text for cell in grids(stacked).grids[0].cells]


@given(st.floats(-2.0, 2.0), st.sampled_from([0, 90, 180, 270]))
def test_a_page_is_turned_back_by_the_angle_at_which_its_text_runs(tilt: float, quarter: int) -> None:
    angle = np.radians(quarter + tilt)
    turned_text = [(float(np.cos(angle)), float(np.sin(angle)), 30)]
    (a, b, c, d, e, f), width, height = turning(lean(turned_text, 30), 600.0, 800.0)
    x, y = np.cos(angle), np.sin(angle)
    assert abs(b * x + d * y) < 0.001
    assert a * x + c * y > 0.99
    middle = a * 300 + c * 400 + e, b * 300 + d * 400 + f
    assert middle == pytest.approx((width / 2, height / 2))
    turned = a * 100 + c * 200 + e, b * 100 + d * 200 + f
    back = Turn(a, b, c, d, e, f).back(Box(turned[0] - 5, turned[1] - 2, turned[0] + 5, turned[1] + 2))
    assert ((back.x0 + back.x1) / 2, (back.top + back.bottom) / 2) == pytest.approx((100, 200), abs=0.01)
    assert back.x1 - back.x0 == pytest.approx(4 if quarter % 180 else 10, abs=0.02)


def test_a_text_with_too_many_lines_for_its_row_is_one() -> None:
    drawn = page(
        [Area(r, c, r + 1, c + 1, "") for r in range(4) for c in range(2)], XS[:3], [100.0, 112, 124, 136, 148]
    )
    painted = [("甲甲甲", 60.0, 101.0), ("1", 220.0, 101.0), ("乙乙乙", 60.0, 103.0), ("丙丙丙", 60.0, 113.0)]
    painted += [("丁", 60.0, 123.0), ("2", 220.0, 113.0), ("戊戊", 60.0, 125.0), ("3", 220.0, 125.0)]
    lines = page([], [0.0], [0.0], painted)
    over = replace(drawn, glyphs=lines.glyphs, boxes=lines.boxes)
    assert [cell.text for cell in grids(over).grids[0].cells] == ["甲甲甲", "1", "乙乙乙丙丙丙丁", "2", "戊戊", "3"]


def test_a_page_number_over_a_cell_is_none_of_its_text() -> None:
    drawn = table()
    number = page([], [0.0], [0.0], [("-7-", 215.0, 125.0)])
    over = replace(drawn, glyphs=drawn.glyphs + number.glyphs, boxes=np.concatenate([drawn.boxes, number.boxes]))
    assert cells(over) == cells(drawn)
    assert "-7-" in [line.text for line in grids(over).lines]


def test_a_few_slanted_words_do_not_turn_a_page() -> None:
    assert lean([(0.9, 0.4, 8)], 30) == 0


def test_a_cell_that_shows_a_picture_instead_of_text_is_told() -> None:
    blank = [row[:] for row in TEXTS]
    blank[2][1] = ""
    amount = Box(310.0, 122.0, 340.0, 130.0)  # over 9.00 of the table as it is with text
    low = Box(220.0, 142.0, 260.0, 152.0)
    assert [cell.box[:2] for cell in grids(replace(table(blank), pictures=(low,))).unreadable] == [(XS[1], YS[2])]
    column = Box(XS[1] - 5, YS[2] - 2, XS[2] + 5, YS[3] + 2)
    assert len(grids(replace(table(blank), pictures=(column,))).unreadable) == 1
    assert not grids(replace(table(), pictures=(amount, low))).unreadable


def test_a_seal_a_background_and_a_bullet_are_no_pictures_of_text() -> None:
    blank = [row[:] for row in TEXTS]
    blank[2][1] = ""
    seal, bullet = Box(150.0, 110.0, 320.0, 170.0), Box(220.0, 148.0, 222.0, 150.0)
    beside = Box(20.0, 90.0, 48.0, 160.0)
    whole = Box(0.0, 0.0, 1000.0, 1000.0)
    assert not grids(replace(table(blank), pictures=(seal, bullet, beside, whole))).unreadable


def test_text_over_other_text_is_told_and_tight_text_is_not() -> None:
    drawn = page(cells_of(TEXTS), XS, YS, extra=[("已公开", 112.0, 126.0)])
    assert [(cell.reason, cell.box.top) for cell in grids(drawn).unreadable] == [("overprinted", YS[1])]
    tight = table()
    boxes = tight.boxes.copy()
    boxes[:4, [0, 2]] = boxes[0, [0, 2]]  # as where a font has no widths
    assert not grids(replace(tight, boxes=boxes)).unreadable


def test_a_number_painted_in_another_order_than_it_stands_is_told() -> None:
    """As where the widths of its font are wrong."""
    drawn = table()
    boxes = drawn.boxes.copy()
    last = drawn.glyphs.index("9.00") + 3
    boxes[last, [0, 2]] = boxes[last - 1, [0, 2]] - 3
    assert [cell.reason for cell in grids(replace(drawn, boxes=boxes)).unreadable] == ["overprinted"]


def test_a_number_of_which_a_part_is_covered_is_told() -> None:
    drawn = table()
    beside = Hidden("88,", Box(302.0, 145.0, 326.0, 155.0), "covered")
    rest = [row[:] for row in TEXTS]
    rest[2][2] = "000.75"
    found = grids(replace(table(rest), hidden=(beside,))).unreadable
    assert [(cell.reason, cell.box[:2]) for cell in found] == [("covered", (XS[2], YS[2]))]
    under = Hidden("99,000.75", Box(314.0, 145.0, 386.0, 155.0), "covered")  # another number in its place
    assert not grids(replace(drawn, hidden=(under,))).unreadable


def test_dots_that_lead_to_an_amount_are_no_part_of_a_name() -> None:
    dotted = [row[:] for row in TEXTS]
    dotted[1][0], dotted[2][0] = "社会保障………", "卫生健康等……"
    assert [text for _, col, text in cells(table(dotted))[0] if col == 0] == ["项目名称", "社会保障", "卫生健康等……"]


def test_dots_of_many_columns_are_lines_of_their_own_whatever_the_dots_of_rows() -> None:
    """Two tables of dotted lines one above the other, whose columns stand at other places: the dots of the lines across
    stand everywhere from left to right.
    """
    rulings = []
    for xs, ys in (((40.0, 101.1, 210.6, 300.0), (100.0, 120.0, 140.0)), ((40.5, 60.3, 171.9, 300.0), (160.0, 180.0))):
        for y in ys:
            rulings += [(x, y, x + 0.6, y + 0.6) for x in np.arange(xs[0], xs[-1], 1.0)]
        for x in xs:
            rulings += [(x, y, x + 0.6, y + 0.6) for y in np.arange(ys[0], ys[-1], 1.2)]
    strokes = joined(np.array(rulings, np.float32))
    upright = strokes[strokes[:, 3] - strokes[:, 1] > 10]
    middles = (upright[:, 0] + upright[:, 2]) / 2
    wanted = (40.3, 101.4, 210.9, 300.3, 40.8, 60.6, 172.2, 300.3)
    assert sorted(middles.tolist()) == pytest.approx(sorted(wanted), abs=1)
