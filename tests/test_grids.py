"""Rulings and characters → tables."""

from dataclasses import replace

import numpy as np
import pytest
from drawing import Area, page
from hypothesis import given
from hypothesis import strategies as st

from extract.reading.grids import grids


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Area], list[float], list[float]]:
    """A table cut into cells at random: a rectangle is split again and again, so cells span rows and columns as they
    like.
    """
    rows, cols = draw(st.integers(1, 6)), draw(st.integers(2, 6))
    xs = [50.0 + 90.0 * index for index in range(cols + 1)]
    ys = [80.0 + 20.0 * index for index in range(rows + 1)]
    areas: list[Area] = []
    open_areas = [(0, 0, rows, cols)]
    while open_areas:
        row, col, row_end, col_end = open_areas.pop()
        choices = [("row", cut) for cut in range(row + 1, row_end)] + [("col", cut) for cut in range(col + 1, col_end)]
        cut = (
            draw(st.sampled_from([*choices, None]))
            if choices and (areas or open_areas)
            else (choices[0] if choices else None)
        )
        if cut is None:
            text = draw(st.text("0123456789.,一二三合计支出收入", max_size=8))
            areas.append(Area(row, col, row_end, col_end, text))
        elif cut[0] == "row":
            open_areas += [(row, col, cut[1], col_end), (cut[1], col, row_end, col_end)]
        else:
            open_areas += [(row, col, row_end, cut[1]), (row, cut[1], row_end, col_end)]
    return areas, xs, ys


@given(tables())
def test_every_cell_is_found_where_it_is_drawn(table: tuple[list[Area], list[float], list[float]]) -> None:
    areas, xs, ys = table
    found = grids(page(areas, xs, ys)).grids
    assert len(found) == 1
    grid = found[0]
    drawn = {(xs[a.col], ys[a.row], xs[a.col_end], ys[a.row_end], a.text) for a in areas if a.text}
    read = {(grid.xs[c.col], grid.ys[c.row], grid.xs[c.col_end], grid.ys[c.row_end], c.text) for c in grid.cells}
    assert read == drawn


@given(tables(), st.lists(st.floats(-1.2, 1.2), min_size=200, max_size=200), st.randoms())
def test_strokes_that_miss_each_other_a_little_and_come_in_any_order_change_nothing(
    table: tuple[list[Area], list[float], list[float]], offsets: list[float], random: object
) -> None:
    drawn = page(*table)
    count = min(len(drawn.rulings), 50)
    shaken = drawn.rulings.copy()
    shaken[:count] += np.array(offsets[: 4 * count], np.float32).reshape(-1, 4)
    order = list(range(len(shaken)))
    random.shuffle(order)  # type: ignore[attr-defined]
    thin = np.minimum(shaken[:, 2] - shaken[:, 0], shaken[:, 3] - shaken[:, 1]) < 3
    assert thin.all()
    texts = [(c.row, c.col, c.text) for c in grids(replace(drawn, rulings=shaken[order])).grids[0].cells]
    assert texts == [(c.row, c.col, c.text) for c in grids(drawn).grids[0].cells]


def simple(texts: list[list[str]], widths: float = 100.0) -> tuple[list[Area], list[float], list[float]]:
    areas = [Area(r, c, r + 1, c + 1, text) for r, row in enumerate(texts) for c, text in enumerate(row)]
    return areas, [50 + widths * c for c in range(len(texts[0]) + 1)], [100.0 + 20 * r for r in range(len(texts) + 1)]


def test_text_run_together_over_a_wall_is_parted_there() -> None:
    areas, xs, ys = simple([["", ""], ["", ""]])
    drawn = page(areas, xs, ys, [("98972.44一、一般公共", 150 - 8 * 8, 105.0)])
    assert [c.text for c in grids(drawn).grids[0].cells] == ["98972.44", "一、一般公共"]


def test_a_number_whose_digits_lie_on_both_sides_of_a_wall_stays_whole() -> None:
    areas, xs, ys = simple([["", ""], ["", ""]])
    drawn = page(areas, xs, ys, [("191,194.79", 150 - 8 * 4, 105.0)])
    assert [(c.col, c.text) for c in grids(drawn).grids[0].cells] == [(1, "191,194.79")]


def test_wrapped_cells_are_whole_and_latin_words_keep_their_space() -> None:
    areas, xs, ys = simple([["", ""], ["", ""]])
    lines = [("机关事业", 60.0, 100.5), ("单位", 60.0, 110.0), ("GIS", 160.0, 105.0), ("system", 190.0, 105.0)]
    assert [c.text for c in grids(page(areas, xs, ys, lines)).grids[0].cells] == ["机关事业单位", "GIS system"]


def test_tables_below_each_other_are_two_and_lines_between_them_are_outside() -> None:
    one, other = page(*simple([["甲", "乙"], ["1", "2"]])), page(*simple([["丙", "丁"], ["3", "4"]]))
    moved = [0.0, 200.0, 0.0, 200.0]
    line = page([], [0.0], [0.0], [("公开表2", 60.0, 200.0), ("单位：万元", 300.0, 200.0)])
    both = replace(
        one,
        glyphs=one.glyphs + line.glyphs + other.glyphs,
        boxes=np.concatenate([one.boxes, line.boxes, other.boxes + moved]),
        rulings=np.concatenate([one.rulings, other.rulings + moved]),
    )
    found = grids(both)
    assert [[c.text for c in grid.cells] for grid in found.grids] == [["甲", "乙", "1", "2"], ["丙", "丁", "3", "4"]]
    assert [line.text for line in found.lines] == ["公开表2", "单位：万元"]


def test_a_last_row_of_words_that_no_rule_closes_is_a_row_and_a_note_below_is_none() -> None:
    areas = [Area(row, col, row + 1, col + 1, f"指标{row}{col}") for row in range(2) for col in range(4)]
    xs, ys = [50.0, 150.0, 250.0, 350.0, 450.0], [80.0, 100.0, 120.0]
    row = [(text, x + 20, 125.0) for text, x in zip(("效益指标", "绿化覆盖率", "比例", "≥80"), xs, strict=False)]
    (grid,) = grids(page(areas, xs, ys, row)).grids
    assert [cell.text for cell in grid.cells if cell.row == 2] == ["效益指标", "绿化覆盖率", "比例", "≥80"]
    (grid,) = grids(page(areas, xs, ys, [("注：指标由各单位填报，下年的目标另行公布，以此为准", 50.0, 125.0)])).grids
    assert len(grid.ys) == 3


def test_merged_cells_at_the_side_that_go_through_the_whole_page_belong_to_its_table() -> None:
    areas = [Area(row, col, row + 1, col + 1, f"格{row}{col}") for row in range(3) for col in range(2, 4)]
    drawn = page(areas, [50.0, 150.0, 250.0, 350.0, 450.0], [80.0, 100.0, 120.0, 140.0], [("项目甲", 160.0, 105.0)])
    walls = np.array([(x, 80.0, x, 140.0) for x in (50.0, 150.0)], np.float32)
    (grid,) = grids(replace(drawn, rulings=np.concatenate([drawn.rulings, walls]))).grids
    assert grid.xs == (50.0, 150.0, 250.0, 350.0, 450.0)
    assert [tuple(cell[:5]) for cell in grid.cells if cell.col < 2] == [(0, 1, 3, 2, "项目甲")]


@pytest.mark.parametrize("edge", [50.0, 250.0])
def test_a_row_that_is_open_at_its_side_ends_where_the_rows_above_do(edge: float) -> None:
    drawn = page(*simple([["甲", "1.00"], ["乙", "2.00"], ["合计", "3.00"]]))
    last = max(drawn.rulings[:, 3])
    open_side = (drawn.rulings[:, 0] == edge) & (drawn.rulings[:, 2] == edge) & (drawn.rulings[:, 3] == last)
    assert open_side.any()
    (grid,) = grids(replace(drawn, rulings=drawn.rulings[~open_side])).grids
    assert [cell.text for cell in grid.cells] == ["甲", "1.00", "乙", "2.00", "合计", "3.00"]


def test_a_frame_around_text_is_no_table() -> None:
    drawn = page([Area(0, 0, 1, 1, "说明")], [50.0, 200.0], [50.0, 100.0])
    found = grids(drawn)
    assert found.grids == ()
    assert [line.text for line in found.lines] == ["说明"]


def test_a_page_without_rulings_has_its_lines() -> None:
    prose = replace(page([], [0.0], [0.0]), text="第一行\n\n第二行\n")
    assert [line.text for line in grids(prose).lines] == ["第一行", "第二行"]


def test_a_rule_below_captions_at_both_ends_is_the_top_of_a_table_that_is_open_at_its_sides() -> None:
    areas = [Area(row, col, row + 1, col + 1, f"格{row}{col}") for row in range(3) for col in range(2)]
    xs, ys = [50.0, 250.0, 450.0], [100.0, 120.0, 140.0, 160.0]
    drawn = page(areas, xs, ys, [("单位名称", 50.0, 89.0), ("单位万元", 418.0, 89.0)])
    inner = np.array([x0 == x1 and x0 in (50.0, 450.0) for x0, _, x1, _ in drawn.rulings.tolist()])
    (grid,) = grids(replace(drawn, rulings=drawn.rulings[~inner])).grids
    assert [cell.text for cell in grid.cells if cell.row == 0] == ["格00", "格01"]


def test_an_evenly_spaced_number_over_a_wall_stays_whole_and_neighbours_stay_apart() -> None:
    areas, xs, ys = simple([["", ""], ["", ""]])
    spaced = [(digit, 120.0 + 10 * place, 105.0) for place, digit in enumerate("239.43")]
    beside = [("100", 124.0, 125.0), ("12.50", 151.0, 125.0)]
    assert [c.text for c in grids(page(areas, xs, ys, [*spaced, *beside])).grids[0].cells] == ["239.43", "100", "12.50"]


def unruled(heads: list[tuple[str, float]], rows: list[list[tuple[str, float]]]) -> list[tuple[int, int, str]]:
    """The cells of a table without rulings: its headings, and its rows below them, each text at its x."""
    lines = [(text, x, 100.0) for text, x in heads]
    lines += [(text, x, 120.0 + 20 * row) for row, cells in enumerate(rows) for text, x in cells]
    found = grids(page([], [], [], lines)).grids
    return [(cell.row, cell.col, cell.text) for grid in found for cell in grid.cells]


NAMES = ("办公费", "会议费", "培训费", "差旅费")


def test_headings_without_rulings_that_all_but_touch_are_two() -> None:
    rows = [[(name, 20.0), ("18.40", 138.0), ("8.50", 196.0)] for name in NAMES]
    cells = unruled([("项目", 24.0), ("车辆购置经费", 130.0), ("车辆运行维护", 180.0)], rows)
    assert cells[:6] == [
        (0, 0, "项目"),
        (0, 1, "车辆购置经费"),
        (0, 2, "车辆运行维护"),
        (1, 0, "办公费"),
        (1, 1, "18.40"),
        (1, 2, "8.50"),
    ]


def test_one_heading_without_rulings_over_two_amounts_makes_no_table() -> None:
    rows = [[(name, 20.0), ("1.1", 129.0), ("2.2", 158.0)] for name in NAMES]
    assert unruled([("项目", 24.0), ("车辆购置运行", 130.0)], rows) == []


def test_an_amount_without_rulings_belongs_to_the_heading_at_its_left() -> None:
    rows = [[(name, 20.0), ("10.00", 160.0), ("7.00", 300.0)] for name in NAMES]
    cells = unruled([("项目", 24.0), ("小计", 140.0), ("购置费", 203.0), ("接待费", 305.0)], rows)
    amounts = [(col, text) for row, col, text in cells if row == 1 and "." in text]
    assert amounts == [(1, "10.00"), (3, "7.00")]


def test_a_table_without_rulings_in_yuan_with_a_note_and_a_folio() -> None:
    rows = [[(name, 20.0), ("1,996,000", 118.0), ("36,000", 220.0)] for name in NAMES]
    rows += [[("注：无", 20.0)], [], [], [("—", 150.0), ("7", 165.0), ("—", 180.0)]]
    cells = unruled([("项", 30.0), ("目", 48.0), ("基本支出", 118.0), ("项目支出", 210.0)], rows)
    assert cells[:3] == [(0, 0, "项目"), (0, 1, "基本支出"), (0, 2, "项目支出")]
    assert [text for row, col, text in cells if col == 2] == ["项目支出", *["36,000"] * 4]
    assert cells[-1] == (4, 2, "36,000")


def test_rows_that_only_upright_rules_part_are_rows() -> None:
    xs, ys = [10.0, 110.0, 210.0], [100.0, 120.0, 220.0]
    areas = [Area(0, 0, 1, 1, "项目"), Area(0, 1, 1, 2, "合计"), Area(1, 0, 2, 1, ""), Area(1, 1, 2, 2, "")]
    texts = [
        (text, x, 125.0 + 20 * row) for row, name in enumerate(NAMES) for text, x in ((name, 15.0), ("2.30", 180.0))
    ]
    (grid,) = grids(page(areas, xs, ys, texts)).grids
    assert [(c.row, c.col, c.text) for c in grid.cells][2:4] == [(1, 0, "办公费"), (1, 1, "2.30")]
    assert len(grid.ys) == 6


def test_a_code_and_a_word_whose_letters_are_spaced_over_a_wall_stay_whole() -> None:
    areas, xs, ys = simple([["", ""], ["", ""]])
    code = [(digit, xs[0] - 12.0 + 10 * place, 105.0) for place, digit in enumerate("20105")]
    word = [(letter, xs[1] - 14.0 + 14 * place, 105.0) for place, letter in enumerate("公共服务支出")]
    assert [c.text for c in grids(page(areas, xs, ys, [*code, *word])).grids[0].cells] == ["20105", "公共服务支出"]
