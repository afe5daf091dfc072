"""Kept text and compared text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.schemas.grammar import Schemas
from extract.text import Ideographs, compared, half_width, pattern


def test_stand_ins_are_written_as_ordinary_characters_and_nothing_else_changes(schemas: Schemas) -> None:
    ideographs = Ideographs(schemas.conventions.ideographs)
    assert ideographs.ordinary("⼀般公共⽀出（⻓期）㎡ ％") == "一般公共支出（长期）㎡ ％"


@given(st.text())
def test_writing_ordinary_characters_keeps_positions(schemas: Schemas, text: str) -> None:
    assert len(Ideographs(schemas.conventions.ideographs).ordinary(text)) == len(text)


@given(st.text())
def test_half_width_keeps_positions(text: str) -> None:
    assert len(half_width(text)) == len(text)


PRINTED = st.one_of(
    st.characters(min_codepoint=0x20, max_codepoint=0x7E),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5),
    st.characters(min_codepoint=0xFF01, max_codepoint=0xFF5E),
)


@given(st.text(PRINTED))
def test_comparing_is_settled_after_one_step(text: str) -> None:
    assert compared(compared(text)) == compared(text)


@pytest.mark.parametrize(
    ("printed", "same_as"),
    [
        ("收 入 总 计", "收入总计"),
        ("一般公共预算“三公”经费", "一般公共预算三公经费"),
        ("（注：无）", "(注:无)"),
        ("１２", "12"),
    ],
)
def test_width_space_and_quotes_do_not_decide(printed: str, same_as: str) -> None:
    assert compared(printed) == same_as


def test_full_width_brackets_in_a_pattern_are_printed_ones() -> None:
    assert pattern("因公出国（境）(经)?费").fullmatch(compared("因公出国（境）经费"))
    assert pattern("因公出国（境）(经)?费").fullmatch(compared("因公出国(境)费"))
    assert not pattern("因公出国（境）费").fullmatch("因公出国境费")


def test_signs_of_upright_text_are_written_as_the_ordinary_ones(schemas: Schemas) -> None:
    upright = "三︑事业收入︵不含教育收费︶︽表︾"
    assert Ideographs(schemas.conventions.ideographs).ordinary(upright) == "三、事业收入（不含教育收费）《表》"
