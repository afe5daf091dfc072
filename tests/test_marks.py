"""Signs that refer to a note are no part of the amount or the name they stand at."""

from dataclasses import replace

import numpy as np
import pytest
from drawing import Area, page

from extract.model.page import Page
from extract.reading.grids import grids

XS, YS = [50.0, 200.0, 300.0], [100.0, 130.0, 160.0]
NAME, AMOUNT = "社会保障", "1234.50"
Sign = tuple[str, float, float, float, float]  # a character and its box


def with_signs(signs: list[Sign], name: str = NAME, amount: str = AMOUNT) -> Page:
    """Two rows: a header, and a name (from 109 to 141 across, 140 to 150 down) beside an amount that ends at 278."""
    texts = [["项目", "合计"], [name, amount]]
    drawn = page([Area(r, c, r + 1, c + 1, text) for r, row in enumerate(texts) for c, text in enumerate(row)], XS, YS)
    boxes = np.array([box for _, *box in signs], np.float32).reshape(-1, 4)
    glyphs = drawn.glyphs + "".join(sign for sign, *_ in signs)
    return replace(drawn, glyphs=glyphs, boxes=np.concatenate([drawn.boxes, boxes]))


def read(drawn: Page) -> tuple[list[str], list[str]]:
    """The texts of the second row, and what is told as marks."""
    found = grids(drawn)
    texts = [cell.text for cell in found.grids[0].cells if cell.row == 1]
    return texts, [hidden.text for hidden in found.hidden if hidden.reason == "mark"]


@pytest.mark.parametrize("sign", ["1", "①", "*", "a", "¹"])
@pytest.mark.parametrize("size", [4.5, 6.0, 8.3])
def test_raised_signs_are_marks(sign: str, size: float) -> None:
    raised = [(sign, 278.0, 139.0, 278.0 + size / 2, 139.0 + size), (sign, 142.0, 139.0, 146.0, 139.0 + size)]
    assert read(with_signs(raised)) == ([NAME, AMOUNT], [sign, sign])


def test_a_raised_word_with_a_number_is_a_mark() -> None:
    raised = [("注", 278.0, 139.0, 284.0, 145.0), ("1", 284.0, 139.0, 287.0, 145.0)]
    assert read(with_signs(raised)) == ([NAME, AMOUNT], ["注", "1"])


def test_lowered_digits_are_marks() -> None:
    assert read(with_signs([("1", 278.0, 145.0, 281.0, 151.0)])) == ([NAME, AMOUNT], ["1"])


@pytest.mark.parametrize("sign", ["①", "*", "※"])
def test_a_sign_of_full_size_that_ends_a_text_is_a_mark(sign: str) -> None:
    assert read(with_signs([], NAME + sign, AMOUNT + sign)) == ([NAME, AMOUNT], [sign, sign])


def test_a_mark_that_is_broken_off_its_name_is_one() -> None:
    assert read(with_signs([("2", 120.0, 151.0, 123.0, 157.0)])) == ([NAME, AMOUNT], ["2"])


def test_a_number_on_its_side_at_the_end_of_a_name_is_none() -> None:
    side = [(sign, 120.0, 151.0 + 3 * n, 127.0, 154.0 + 3 * n) for n, sign in enumerate("20")]
    assert read(with_signs(side)) == ([NAME + "20", AMOUNT], [])


def test_exponents_and_figures_of_formulas_stay() -> None:
    exponent = [("2", 142.0, 139.0, 145.0, 145.0)]
    assert read(with_signs(exponent, "绿地km")) == (["绿地km2", AMOUNT], [])
    formula = [(sign, 142.0 + 3 * n, 145.0, 145.0 + 3 * n, 151.0) for n, sign in enumerate("2.5")]
    assert read(with_signs(formula, "社会PM")) == (["社会PM2.5", AMOUNT], [])


def test_circled_figures_that_begin_or_name_what_follows_stay() -> None:
    assert read(with_signs([], "①社会②保障")) == (["①社会②保障", AMOUNT], [])
    assert read(with_signs([], "③=①+②")) == (["③=①+②", AMOUNT], [])


def test_digits_of_a_font_with_damaged_metrics_leave_the_others_of_the_number_in_it() -> None:
    """As high as the descriptor of their font says, which is damaged, upwards and downwards or downwards alone."""
    for top in (131.0, 140.0):
        drawn = with_signs([])
        boxes = drawn.boxes.copy()
        tall = [place for place, sign in enumerate(drawn.glyphs) if sign in "250"]
        boxes[tall, 1], boxes[tall, 3] = top, 159.0
        assert read(replace(drawn, boxes=boxes)) == ([NAME, AMOUNT], [])


@pytest.mark.parametrize("mark", ["[1]", "[12]", "［3］", "【2】"])
def test_figures_in_square_brackets_at_the_end_are_marks(mark: str) -> None:
    assert read(with_signs([], NAME + mark, AMOUNT + mark))[0] == [NAME, AMOUNT]


def test_figures_in_square_brackets_elsewhere_are_none() -> None:
    assert read(with_signs([], "办发[2026]号", "[5]"))[0] == ["办发[2026]号", "[5]"]


def test_a_sign_after_a_full_stop_is_a_mark() -> None:
    assert read(with_signs([], "全年开放。*"))[0] == ["全年开放。", AMOUNT]


def test_a_name_begins_where_the_mark_before_it_does() -> None:
    raised = [("1", 104.0, 139.0, 107.0, 145.0)]
    begins = [cell.begins for cell in grids(with_signs(raised)).grids[0].cells if cell.text == NAME]
    assert begins == [104.0]
