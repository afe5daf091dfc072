"""What one reader knows to be hidden is hidden from another that cannot tell."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from extract.model.page import Hidden, Page
from extract.reading.cut import drawn_in


def seen(page: Page, hidden: Sequence[Hidden]) -> Page:
    """The page without the characters of hidden texts that stand where those do."""
    if not hidden or page.hidden or not page.glyphs:
        return page
    middle = (page.boxes[:, :2] + page.boxes[:, 2:]) / 2
    kept = np.ones(len(page.boxes), bool)
    glyphs = np.array(list(page.glyphs))
    cut = np.zeros(len(page.boxes), bool)
    for text, box, reason in (one for one in hidden if one.reason != "revision"):
        within = ((middle >= box[:2]) & (middle <= box[2:])).all(axis=1) & np.isin(glyphs, list(text))
        within = _only(text, within, glyphs)
        if reason == "cut":
            cut |= within
        else:
            kept &= ~within
    boxes = drawn_in(page.boxes, cut, kept & ~cut)[kept]
    return replace(page, glyphs="".join(glyphs[kept].tolist()), boxes=boxes, hidden=tuple(hidden))


def _only(text: str, within: np.ndarray, glyphs: np.ndarray) -> np.ndarray:
    """Of the characters within a hidden text's box those that spell it, the first in the order of painting: what is
    printed over them may have the same characters. All of them, if another reader spells it in another order.
    """
    places = iter(np.flatnonzero(within).tolist())
    spelling = [next((place for place in places if glyphs[place] == char), -1) for char in text if not char.isspace()]
    return within if -1 in spelling else np.isin(np.arange(len(glyphs)), spelling)
