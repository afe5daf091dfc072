"""Amounts that a page's text holds and nobody sees: clipped, covered, without ink. They are in no dataset, but they
are told.
"""

import re
from collections.abc import Iterator, Sequence

from extract.messages import Sentence, sentence
from extract.model.page import Grid, Hidden, PageReading
from extract.model.report import Check
from extract.text import compared

RULE = "hidden-text"
SEEN = ("watermark", "mark", "furniture")  # reasons of what the eye does see, and reads as no part of a table
LONGEST = 40  # characters of a hidden text that are told
NEAR = 1.5  # of a character's height: a line that the edge of a page cuts goes on so near to it
_AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})+|\d+\.\d+", re.ASCII)
_WORD = re.compile(r"\w")
_DIGIT = re.compile(r"[\d.,]", re.ASCII)


def check_hidden_text(readings: Sequence[PageReading]) -> Iterator[Check]:
    """A finding for each hidden text that is not printed visibly on its page as well: with an amount, with a digit
    inside of a cell, or of what goes on beyond the edge of the page and is printed on no other.
    """
    seen = "\n".join(compared(text) for page in readings for text in _texts(page))
    for page in readings:
        told = [hidden for hidden in page.hidden if hidden.reason not in SEEN and _matters(hidden, page, seen)]
        for text, reason in dict.fromkeys((hidden.text[:LONGEST], hidden.reason) for hidden in told):
            said = _said(page.number, text, reason)
            yield Check(RULE, None, None, None, None, None, None, "no_evidence", said, page.number, ())


def _texts(page: PageReading) -> Iterator[str]:
    yield from (line.text for line in page.lines)
    yield from (cell.text for grid in page.grids for cell in grid.cells)


def _said(page: int, text: str, reason: str) -> Sentence:
    if reason == "revision":
        return sentence("hidden_revision", page=page, text=text)
    why = sentence(f"hidden_{reason}")
    return sentence("hidden_text_told", page=page, text=text, reason=why)


def _matters(hidden: Hidden, page: PageReading, seen: str) -> bool:
    if hidden.reason == "revision" or _AMOUNT.search(hidden.text):
        return True
    if hidden.reason == "clipped":
        return _goes_on(hidden, page, seen)
    return bool(_DIGIT.fullmatch(hidden.text)) and any(_touches(hidden, grid) for grid in page.grids)


def _goes_on(hidden: Hidden, page: PageReading, seen: str) -> bool:
    """Whether a text goes on with what the edge of the page cuts off: a line at its side, or the next line below the
    last or above the first, which is not printed elsewhere. Who reads on in the next line reads another sentence.
    """
    if page.size is None or not _WORD.search(hidden.text):
        return False
    (x0, top, x1, bottom), (width, height) = hidden.box, page.size
    near = NEAR * (bottom - top)
    if min(abs(x1), abs(width - x0)) < near:
        return True
    return min(abs(bottom), abs(height - top)) < near and compared(hidden.text) not in seen


def _touches(hidden: Hidden, grid: Grid) -> bool:
    """Whether a hidden digit stands at or over an amount that is printed in a cell."""
    x0, top, x1, bottom = hidden.box
    return any(
        _DIGIT.search(cell.text)
        and cell.box.x0 - (x1 - x0) <= (x0 + x1) / 2 <= cell.box.x1 + (x1 - x0)
        and cell.box.top < (top + bottom) / 2 < cell.box.bottom
        for cell in grid.cells
    )
