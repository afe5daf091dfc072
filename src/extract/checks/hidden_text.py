"""Amounts that a page's text holds and nobody sees: clipped, covered, without ink. They are in no dataset, but they
are told.
"""

import re
from collections.abc import Iterable, Iterator

from extract.messages import Sentence, sentence
from extract.model.page import Grid, Hidden, PageReading
from extract.model.report import Check

RULE = "hidden-text"
SEEN = ("watermark", "mark", "furniture")  # reasons of what the eye does see, and reads as no part of a table
LONGEST = 40  # characters of a hidden text that are told
NEAR = 1.5  # of a character's height: a line that the edge of a page cuts goes on so near to it
_AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})+|\d+\.\d+", re.ASCII)
_WORD = re.compile(r"\w")
_DIGIT = re.compile(r"[\d.,]", re.ASCII)


def check_hidden_text(readings: Iterable[PageReading]) -> Iterator[Check]:
    """A finding for each hidden text that is not printed visibly on its page as well: with an amount, with a digit
    inside of a cell, or of a line of prose that goes on beyond the edge of the page.
    """
    for page in readings:
        told = [hidden for hidden in page.hidden if hidden.reason not in SEEN and _matters(hidden, page)]
        for text, reason in dict.fromkeys((hidden.text[:LONGEST], hidden.reason) for hidden in told):
            said = _said(page.number, text, reason)
            yield Check(RULE, None, None, None, None, None, None, "no_evidence", said, page.number, ())


def _said(page: int, text: str, reason: str) -> Sentence:
    if reason == "revision":
        return sentence("hidden_revision", page=page, text=text)
    why = sentence(f"hidden_{reason}")
    return sentence("hidden_text_told", page=page, text=text, reason=why)


def _matters(hidden: Hidden, page: PageReading) -> bool:
    if hidden.reason == "revision" or _AMOUNT.search(hidden.text):
        return True
    if hidden.reason == "clipped" and not page.grids and _WORD.search(hidden.text) and _is_at_edge(hidden, page):
        return True  # who reads on in the next line reads another sentence
    return (
        hidden.reason != "clipped"
        and bool(_DIGIT.fullmatch(hidden.text))
        and any(_touches(hidden, grid) for grid in page.grids)
    )


def _is_at_edge(hidden: Hidden, page: PageReading) -> bool:
    """Whether a text begins or ends where the page does."""
    x0, top, x1, bottom = hidden.box
    return page.width is not None and min(abs(x1), abs(page.width - x0)) < NEAR * (bottom - top)


def _touches(hidden: Hidden, grid: Grid) -> bool:
    """Whether a hidden digit stands at or over an amount that is printed in a cell."""
    x0, top, x1, bottom = hidden.box
    return any(
        _DIGIT.search(cell.text)
        and cell.box.x0 - (x1 - x0) <= (x0 + x1) / 2 <= cell.box.x1 + (x1 - x0)
        and cell.box.top < (top + bottom) / 2 < cell.box.bottom
        for cell in grid.cells
    )
