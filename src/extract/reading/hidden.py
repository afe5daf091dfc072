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
        if reason == "cut":
            cut |= within
        else:
            kept &= ~within
    boxes = drawn_in(page.boxes, cut, kept & ~cut)[kept]
    return replace(page, glyphs="".join(glyphs[kept].tolist()), boxes=boxes, hidden=tuple(hidden))
