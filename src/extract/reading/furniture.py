"""Text that is printed over a table and is no part of it: running heads, page numbers and small watermarks of many
tiles. No single page tells it; that it stands on many pages, or many times on one, does.

What stands on most pages, or over most of a page, and lies across a wall or over other text somewhere, is taken out of
the characters of the page wherever it lies among the rulings; outside of them it is a line like others.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from extract.model.page import Box, Hidden, Page

if TYPE_CHECKING:
    from extract.model.page import Boxes

SAME_LINE = 0.2  # of a character's height: middles of one text are not farther apart
GAP = 1.0  # of a character's height: words of one text are not farther apart
BACK = 0.5  # of a character's height: the next character of one text does not begin farther left
WITHIN = 0.3  # of a text's height: what is farther inside its box lies across it
FEWEST = 4  # characters of a running head or a tile
LONGEST_NUMBER = 4  # digits of a page number
PAGES = 3  # that a running head or a page number stands on at least
TILES = 6  # times that a tile stands on a page at least


class _Text(NamedTuple):
    """Characters of a page that are painted one after the other, from `start` to `end`."""

    start: int
    end: int
    text: str
    box: Box

    @property
    def place(self) -> tuple[int, int]:
        return round(self.box.x0), round(self.box.top)


def without_furniture(pages: Sequence[Page]) -> list[Page]:
    """The pages without what is printed over their tables; it is among what they hide."""
    texts = [_texts(page) for page in pages]
    least = max(PAGES, len(pages) / 2)
    placed = Counter(
        (one.text, one.place) for own in texts for one in {(one.text, one.place): one for one in own}.values()
    )
    heads = {text for (text, _), count in placed.items() if count >= least and len(text) >= FEWEST}
    numbers = _counting(pages, texts, least)
    found = []
    for page, own in zip(pages, texts, strict=True):
        tiles = Counter(one.text for one in own if len(one.text) >= FEWEST)
        over = [one for one in own if one.text in heads and _lies_across(one, page)]
        over += [one for one in own if (page.number, one.start) in numbers and _among_rulings(one.box, page)]
        for text in (text for text, count in tiles.items() if count >= TILES):
            same = [one for one in own if one.text == text]
            if 2 * sum(_lies_across(one, page) for one in same) >= len(same):
                over += same
        found.append(_without(page, over))
    return found


def _texts(page: Page) -> list[_Text]:
    """The texts of a page as they are painted."""
    if not page.glyphs:
        return []
    boxes = page.boxes
    height, middle = boxes[1:, 3] - boxes[1:, 1], (boxes[:, 1] + boxes[:, 3]) / 2
    gap = boxes[1:, 0] - boxes[:-1, 2]
    parted = (np.abs(np.diff(middle)) > SAME_LINE * height) | (gap > GAP * height) | (gap < -BACK * height)
    starts = np.concatenate([[0], np.flatnonzero(parted) + 1])
    around = np.concatenate(
        [np.minimum.reduceat(boxes[:, :2], starts, axis=0), np.maximum.reduceat(boxes[:, 2:], starts, axis=0)], axis=1
    )
    ends = [*starts[1:].tolist(), len(boxes)]
    return [
        _Text(start, end, page.glyphs[start:end], Box(*box))
        for start, end, box in zip(starts.tolist(), ends, around.tolist(), strict=True)
    ]


def _counting(pages: Sequence[Page], texts: Sequence[Sequence[_Text]], least: float) -> set[tuple[int, int]]:
    """The numbers at one place of most pages that count up with them: the page, and where the text begins.

    One that stands on each page in a table, and nowhere across anything, numbers what the tables are about.
    """
    groups: dict[tuple[int, int, int], list[tuple[Page, _Text]]] = defaultdict(list)
    for page, own in zip(pages, texts, strict=True):
        for one in own:
            if len(one.text) <= LONGEST_NUMBER and one.text.isascii() and one.text.isdigit():
                middle = (one.box.x0 + one.box.x1) / 2
                groups[int(one.text) - page.number, round(middle / 4), round(one.box.top)].append((page, one))
    return {
        (page.number, one.start)
        for group in groups.values()
        if len(group) >= least
        and any(not _among_rulings(one.box, page) or _lies_across(one, page) for page, one in group)
        for page, one in group
    }


def _among_rulings(box: Box, page: Page) -> bool:
    if not len(page.rulings):
        return False
    x0, top = page.rulings[:, :2].min(axis=0).tolist()
    x1, bottom = page.rulings[:, 2:].max(axis=0).tolist()
    return bool(x0 < (box.x0 + box.x1) / 2 < x1 and top < (box.top + box.bottom) / 2 < bottom)


def _lies_across(one: _Text, page: Page) -> bool:
    """Whether a ruling goes through a text, or other characters stand in it."""
    x0, top, x1, bottom = one.box
    inside = WITHIN * (bottom - top)
    if _any_within(page.rulings, Box(x0 + inside, top + inside, x1 - inside, bottom - inside)):
        return True
    middle = np.delete((page.boxes[:, :2] + page.boxes[:, 2:]) / 2, slice(one.start, one.end), axis=0)
    return bool(((middle > (x0, top)) & (middle < (x1, bottom))).all(axis=1).any())


def _any_within(boxes: "Boxes", box: Box) -> bool:
    x0, top, x1, bottom = box
    return bool(((boxes[:, 0] < x1) & (boxes[:, 2] > x0) & (boxes[:, 1] < bottom) & (boxes[:, 3] > top)).any())


def _without(page: Page, over: Sequence[_Text]) -> Page:
    if not over:
        return page
    kept = np.ones(len(page.boxes), np.bool_)
    for one in over:
        kept[one.start : one.end] = False
    glyphs = "".join(glyph for glyph, stays in zip(page.glyphs, kept.tolist(), strict=True) if stays)
    hidden = (Hidden(one.text, one.box, "furniture") for one in over)
    return replace(page, text="", glyphs=glyphs, boxes=page.boxes[kept], hidden=(*page.hidden, *hidden))
