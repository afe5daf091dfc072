"""Texts as known words."""

from hypothesis import given
from hypothesis import strategies as st

from extract.tables.wording import made_of, unknown_parts

WORDS = {"一般", "公共", "预算", "公共预算", "支出", "表"}


def test_as_few_words_as_possible() -> None:
    assert made_of("一般公共预算支出表", WORDS, 4) == ("一般", "公共预算", "支出", "表")
    assert made_of("一般公共预算支出表", WORDS, 2) == ("一般", "公共", "预算", "支出", "表")  # no longer ones are tried
    assert made_of("", WORDS, 4) == ()
    assert made_of("一般公共账户", WORDS, 4) is None
    assert made_of("表一", WORDS, 4) is None


def test_the_shortest_piece_that_is_not_known_goes_first() -> None:
    def pieces(text: str) -> list[str]:
        return [text[start:end] for start, end in unknown_parts(text, WORDS, 4)]

    assert pieces("一般债务支出表")[0] == "债务"
    assert pieces("债务支出表")[0] == "债务"
    assert pieces("一般支出债务")[0] == "债务"
    assert "债务支出" in pieces("一般债务支出表")
    assert "一般债务" in pieces("一般债务支出表")
    assert pieces("债务") == ["债务"]


LETTERS = st.text("甲乙丙", max_size=8)


@given(LETTERS, st.sets(st.text("甲乙丙", min_size=1, max_size=3), max_size=5))
def test_words_give_the_text_back_and_pieces_leave_known_words(text: str, words: set[str]) -> None:
    longest = max(map(len, words), default=0)
    found = made_of(text, words, longest)
    if found is not None:
        assert "".join(found) == text
        assert set(found) <= words
    for start, end in unknown_parts(text, words, longest):
        assert start < end
        assert made_of(text[:start], words, longest) is not None
        assert made_of(text[end:], words, longest) is not None
