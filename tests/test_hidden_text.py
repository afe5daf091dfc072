"""What a page's text holds and nobody sees is told where it could be taken for a printed number."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from extract.checks.hidden_text import LONGEST, check_hidden_text
from extract.model.page import Box, Cell, Grid, Hidden, Line, PageReading

CELL = Box(100.0, 50.0, 160.0, 70.0)
GRID = Grid(1, (50.0, 70.0), (100.0, 160.0), (Cell(0, 0, 1, 1, "1,234.50", CELL),))
PAGE = PageReading(3, "pdfium", (GRID,), (), 0, False)
NAMES = Grid(1, (50.0, 70.0), (100.0, 160.0), (Cell(0, 0, 1, 1, "教育支出", CELL),))


def told(*hidden: Hidden, grid: Grid = GRID) -> list[str]:
    checks = list(check_hidden_text([replace(PAGE, grids=(grid,), hidden=hidden)]))
    assert all((check.rule, check.verdict, check.page) == ("hidden-text", "no_evidence", 3) for check in checks)
    return [check.message.zh for check in checks]


def digit(x: float, y: float, text: str = "9", reason: str = "invisible") -> Hidden:
    """A digit, six points wide and ten high, whose middle is there."""
    return Hidden(text, Box(x - 3, y - 5, x + 3, y + 5), reason)


@pytest.mark.parametrize("text", ["1,234", "12.5", "合计 1234.00 万元"])
def test_an_amount_is_told_wherever_it_stands(text: str) -> None:
    (said,) = told(Hidden(text, Box(400.0, 400.0, 450.0, 410.0), "clipped"))
    assert text in said


@pytest.mark.parametrize("text", ["1234", "2026年", "教育支出", "1,23"])
def test_what_is_no_amount_and_in_no_cell_is_not(text: str) -> None:
    assert told(Hidden(text, Box(400.0, 400.0, 450.0, 410.0), "covered")) == []


def test_a_digit_at_or_over_a_number_of_a_cell_would_change_it() -> None:
    assert len(told(digit(130, 60))) == 1
    assert len(told(digit(95, 60))) == len(told(digit(165, 60))) == 1  # right before and behind it
    assert told(digit(93, 60)) == told(digit(167, 60)) == []
    assert told(digit(130, 49)) == told(digit(130, 50)) == told(digit(130, 70)) == told(digit(130, 71)) == []
    assert told(digit(130, 60), grid=NAMES) == []
    assert told(digit(130, 60, text="科")) == []
    assert told(digit(130, 60, reason="clipped")) == []  # at the edge of its cell the eye sees what is left of it


def beyond(text: str, x0: float, top: float, lines: Sequence[str] = ()) -> bool:
    """Whether a text of 20 by 10 points is told that is hidden there, on a page of 500 by 700."""
    hidden = Hidden(text, Box(x0, top, x0 + 20, top + 10), "clipped")
    printed = tuple(Line(2, line) for line in lines)
    pages = [replace(PAGE, number=2, lines=printed), replace(PAGE, grids=(), hidden=(hidden,), size=(500.0, 700.0))]
    return [check.page for check in check_hidden_text(pages)] == [3]


def test_what_goes_on_beyond_the_edge_of_the_page_is_told() -> None:
    """The next line goes on with another sentence."""
    for x0, top in ((495, 50), (505, 50), (-20, 50), (-30, 50), (300, 695), (300, 705), (300, -12), (300, -5)):
        assert beyond("减少", x0, top)
        assert not beyond("。", x0, top)
    for x0, top in ((300, 50), (520, 50), (-40, 50), (300, 720), (300, -30)):
        assert not beyond("减少", x0, top)


def test_lines_above_and_below_a_page_may_be_printed_on_another() -> None:
    assert not beyond("减少", 300, 705, ["预算减少了"])
    assert not beyond("1减少", 300, 705, ["1 减少"])
    assert beyond("减少", 300, 705, ["预算增加了"])
    assert beyond("减少", 505, 50, ["预算减少了"])  # the end of a line is printed nowhere else


def test_what_the_eye_sees_and_is_no_part_of_a_table_is_not_told() -> None:
    for reason in ("watermark", "mark", "furniture"):
        assert told(Hidden("1,234.50", CELL, reason)) == []


def test_what_somebody_has_changed_is_told_whatever_it_is() -> None:
    (said,) = told(Hidden("教育支出", CELL, "revision"))
    assert "教育支出" in said


def test_the_same_text_is_told_once_and_a_long_one_is_cut() -> None:
    assert len(told(*[Hidden("12.50", CELL, "covered")] * 2, Hidden("12.50", CELL, "invisible"))) == 2
    long = f"{Decimal('12.50')}" + "支" * LONGEST
    (said,) = told(Hidden(long, CELL, "covered"))
    assert long[:LONGEST] in said
    assert long not in said
