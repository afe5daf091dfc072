"""Text that is printed over a table and is no part of it: running heads, page numbers and small watermarks of many
tiles. No single page tells it; that it stands on many pages, or many times on one, does.

What stands on most pages of a size, or again and again over a page, and lies across a wall or over other text
somewhere, is no cell's. It is taken out of the characters wherever it lies among rulings; outside of them it is a line
like others.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from extract.model.page import Box, Hidden, Page

SAME_LINE = 0.2  # of a character's height: middles of one text are not farther apart
GAP = 1.0  # of a character's height: words of one text are not farther apart
BACK = 0.5  # of a character's height: the next character of one text does not begin farther left
WITHIN = 0.2  # of a character's width and height: a ruling that is farther inside its box goes through it
FEWEST = 4  # characters of a running head or a tile
LONGEST_NUMBER = 4  # digits of a page number
PAGES = 3  # that a running head or a page number stands on at least
NEAR = 12.0  # points: page numbers of one place do not begin farther apart
TILES = 6  # times that a tile stands on a page at least
_Size = tuple[int, int]


class _Text(NamedTuple):
    """Characters of a page that are painted one after the other, from `start` to `end`."""

    start: int
    end: int
    text: str
    box: Box

    @property
    def height(self) -> int:
        return round(self.box.bottom - self.box.top)


def without_furniture(pages: Sequence[Page]) -> list[Page]:
    """The pages without what is printed over their tables; it is among what they hide."""
    texts = [_texts(page) for page in pages]
    sizes = Counter(_size(page) for page in pages)
    least = {size: max(PAGES, count / 2) for size, count in sizes.items()}
    heads, numbers = _running_heads(pages, texts, least), _page_numbers(pages, texts, least)
    found = []
    for page, own in zip(pages, texts, strict=True):
        over = [one for one in own if one.text in heads or (page.number, one.start) in numbers]
        over = [one for one in over if _among_rulings(one.box, page)]
        found.append(_without(page, [*over, *_tiles(page, own)]))
    return found


def _size(page: Page) -> _Size:
    return round(page.width), round(page.height)


def _running_heads(pages: Sequence[Page], texts: Sequence[Sequence[_Text]], least: Mapping[_Size, float]) -> set[str]:
    """What is printed at one place of most pages of a size, and across something on some of them."""
    placed: dict[tuple[str, _Size, int, int], list[tuple[Page, _Text]]] = defaultdict(list)
    for page, own in zip(pages, texts, strict=True):
        size = _size(page)
        for one in own:
            if one.end - one.start >= FEWEST:
                placed[one.text, size, round(one.box.x0), round(one.box.top)].append((page, one))
    return {
        text
        for (text, size, *_), group in placed.items()
        if len({page.number for page, _ in group}) >= least[size]
        and sum(_lies_across(one, page) for page, one in group) >= PAGES
    }


def _tiles(page: Page, own: Sequence[_Text]) -> list[_Text]:
    """The texts that are printed again and again, in several columns of a page, across its rulings and outside."""
    counts = Counter((one.text, one.height) for one in own if one.end - one.start >= FEWEST)
    found = []
    for tile, count in counts.items():
        if count < TILES:
            continue
        same = [one for one in own if (one.text, one.height) == tile or _is_cut(one, tile[0], page)]
        columns = Counter(round(one.box.x0) for one in same)
        if sum(count > 1 for count in columns.values()) < 2 or all(_among_rulings(one.box, page) for one in same):
            continue
        if sum(_lies_across(one, page) for one in same) >= PAGES:
            found += same
    return found


def _is_cut(one: _Text, tile: str, page: Page) -> bool:
    """Whether a text is the beginning of a tile that the edge of the page cuts."""
    height = one.box.bottom - one.box.top
    return one.box.x1 > page.width - height and tile.startswith(one.text)


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


def _page_numbers(
    pages: Sequence[Page], texts: Sequence[Sequence[_Text]], least: Mapping[_Size, float]
) -> set[tuple[int, int]]:
    """The numbers at one place of most pages of a size that count up with them: the page, and where the text begins.

    One that stands on each page in a table, and nowhere across anything, numbers what the tables are about.
    """
    groups: dict[tuple[int, _Size, int], list[tuple[Page, _Text]]] = defaultdict(list)
    for page, own in zip(pages, texts, strict=True):
        for one in own:
            if one.end - one.start <= LONGEST_NUMBER and one.text.isascii() and one.text.isdigit():
                groups[int(one.text) - page.number, _size(page), round(one.box.top)].append((page, one))
    found: set[tuple[int, int]] = set()
    for (_, size, _), group in groups.items():
        if len(group) < least[size]:
            continue
        usual = float(np.median([one.box.x0 for _, one in group]))
        at_place = [(page, one) for page, one in group if abs(one.box.x0 - usual) < NEAR]
        if len(at_place) >= least[size] and any(
            not _among_rulings(one.box, page) or _lies_across(one, page) for page, one in at_place
        ):
            found |= {(page.number, one.start) for page, one in at_place}
    return found


def _among_rulings(box: Box, page: Page) -> bool:
    if not len(page.rulings):
        return False
    x0, top = page.rulings[:, :2].min(axis=0).tolist()
    x1, bottom = page.rulings[:, 2:].max(axis=0).tolist()
    return bool(x0 < (box.x0 + box.x1) / 2 < x1 and top < (box.top + box.bottom) / 2 < bottom)


def _lies_across(one: _Text, page: Page) -> bool:
    """Whether a ruling goes through a character of a text, or other characters stand in it. Texts of two cells that are
    painted one after the other have the wall between them.
    """
    x0, top, x1, bottom = one.box
    left, upper, right, lower = page.rulings.T
    near = page.rulings[(left < x1) & (right > x0) & (upper < bottom) & (lower > top)]
    if len(near):
        own = page.boxes[one.start : one.end]
        inside = WITHIN * (own[:, 2:] - own[:, :2])
        first, last = own[:, None, :2] + inside[:, None], own[:, None, 2:] - inside[:, None]
        if ((near[:, :2] < last) & (near[:, 2:] > first)).all(axis=2).any():
            return True
    middle = (page.boxes[:, :2] + page.boxes[:, 2:]) / 2
    x, y = middle.T
    in_it = (x > x0) & (x < x1) & (y > top) & (y < bottom)
    return bool(in_it[: one.start].any() or in_it[one.end :].any())


def _without(page: Page, over: Sequence[_Text]) -> Page:
    if not over:
        return page
    kept = np.ones(len(page.boxes), np.bool_)
    for one in over:
        kept[one.start : one.end] = False
    glyphs = "".join(glyph for glyph, stays in zip(page.glyphs, kept.tolist(), strict=True) if stays)
    hidden = (Hidden(one.text, one.box, "furniture") for one in over)
    return replace(page, text="", glyphs=glyphs, boxes=page.boxes[kept], hidden=(*page.hidden, *hidden))
