"""What one reader knows to be hidden is hidden from another that cannot tell."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from extract.model.page import Hidden, Page


def seen(page: Page, hidden: Sequence[Hidden]) -> Page:
    """The page without the characters of hidden texts that stand where those do."""
    if not hidden or page.hidden or not page.glyphs:
        return page
    middle = (page.boxes[:, :2] + page.boxes[:, 2:]) / 2
    kept = np.ones(len(page.boxes), bool)
    glyphs = np.array(list(page.glyphs))
    for text, box, _ in (one for one in hidden if one.reason != "revision"):
        within = ((middle >= box[:2]) & (middle <= box[2:])).all(axis=1)
        kept &= ~(within & np.isin(glyphs, list(text)))
    return replace(page, glyphs="".join(glyphs[kept].tolist()), boxes=page.boxes[kept], hidden=tuple(hidden))
