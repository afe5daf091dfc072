"""Digits as they are drawn, against what the text layer says."""

import re
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from extract.model.page import Box
from extract.reading.shapes import misread_pages

SAMPLE = next((Path(__file__).parent.parent / "samples").glob("2026*.pdf"))
TABLE = 6
WHOLE = {TABLE: [Box(0, 0, 2000, 2000)]}


def _with_map(exchanged: dict[bytes, bytes]) -> bytes:
    """The sample with texts exchanged in the maps of its fonts."""
    content = BytesIO()
    with pikepdf.open(SAMPLE) as pdf:
        for one in pdf.objects:
            if isinstance(one, pikepdf.Dictionary) and "/ToUnicode" in one:
                stream = one["/ToUnicode"]
                data = re.sub(
                    rb"(<\w+>\s*)<(00\d\d)>",
                    lambda found: found[1] + b"<%s>" % exchanged.get(found[2], found[2]),
                    stream.read_bytes(),
                )
                stream.write(data)
        pdf.save(content)
    return content.getvalue()


def test_digits_that_are_drawn_as_the_text_says_are_believed() -> None:
    assert misread_pages(SAMPLE.read_bytes(), WHOLE) == {}


@pytest.mark.parametrize("pair", ["08", "69", "17", "25", "35", "38", "56"])
def test_a_map_that_exchanges_two_digits_is_seen_through(pair: str) -> None:
    one, other = (b"003%c" % ord(digit) for digit in pair)
    found = misread_pages(_with_map({one: other, other: one}), WHOLE)
    assert set(found) == {TABLE}
    assert set(found[TABLE]) & set(pair)
    assert set(found[TABLE]) <= set(pair)


def test_a_map_that_makes_one_digit_of_two_is_seen_through() -> None:
    assert misread_pages(_with_map({b"0037": b"0031"}), WHOLE) == {TABLE: "1"}


def test_a_file_that_cannot_be_drawn_tells_nothing() -> None:
    assert misread_pages(b"%PDF-1.4 broken", WHOLE) == {}
