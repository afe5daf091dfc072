"""Digits as they are drawn, against what the text layer says."""

import re
from io import BytesIO
from pathlib import Path

import pikepdf

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


def test_a_map_that_exchanges_two_digits_is_seen_through() -> None:
    assert misread_pages(_with_map({b"0030": b"0038", b"0038": b"0030"}), WHOLE) == {TABLE: "08"}
    assert misread_pages(_with_map({b"0036": b"0039", b"0039": b"0036"}), WHOLE) == {TABLE: "69"}


def test_a_file_that_cannot_be_drawn_tells_nothing() -> None:
    assert misread_pages(b"%PDF-1.4 broken", WHOLE) == {}
