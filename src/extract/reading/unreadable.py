"""Cells that are printed so that nobody can say what stands in them: a picture instead of text, text over text, or a
number of which a part is covered or cut off.

A picture under text, or with text in it, is a background, a seal or a logo beside a name.
"""

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from extract.model.page import Box, Page, Unreadable
from extract.reading.lattice import Lattice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from extract.model.page import Boxes

    Ints = NDArray[np.intp]

MOST = 0.5  # of the shorter of a picture and a cell, both ways: so far a picture lies in a cell
LEAST = 3.0  # points: of a smaller picture nothing can be read
EDGE = 1.0  # points: text that stands so far in a picture stands beside it
BESIDE = 0.5  # of their height: digits of one number are not farther apart
LEAST_BACK = 0.1  # of their height: so far one may stand before the character painted before it, as a point
_DIGIT = re.compile("[0-9]")
_IN_NUMBERS = np.array([ord(sign) for sign in "0123456789.,"], np.uint32)
OVER = 0.4  # of the smaller of two characters, both ways, where one is printed over the other
NEIGHBOURS = 4  # of a character in its cell, to the right: as many lines may stand above each other there


def unreadable_cells(lattice: Lattice, owner: "Ints", alone: "NDArray[Any]", page: Page) -> tuple[Unreadable, ...]:
    """The cells that cannot be read; `owner` is the cell of each character, -1 for none, `alone` which cells are frames
    and no tables.
    """
    if not page.glyphs:
        return ()
    told = (
        ("picture", _pictured(lattice, owner, page)),
        ("overprinted", np.union1d(_overprinted(owner, page.boxes), _backwards(owner, page))),
        ("covered", _covered(owner, page)),
    )
    return tuple(
        Unreadable(Box(*box), reason)
        for reason, cells in told
        for box in _boxes(lattice, cells[~alone[cells]]).round(2).tolist()
    )


def _boxes(lattice: Lattice, cells: "Ints") -> "NDArray[Any]":
    top, left, bottom, right = lattice.spans[cells].T
    return np.stack([lattice.xs[left], lattice.ys[top], lattice.xs[right], lattice.ys[bottom]], axis=1)


def _pictured(lattice: Lattice, owner: "Ints", page: Page) -> "Ints":
    """The blank cells that hold a picture or a part of one."""
    pictures = np.array(page.pictures, np.float32).reshape(-1, 4)
    pictures = pictures[(pictures[:, 2:] - pictures[:, :2] >= LEAST).all(axis=1)]
    if not len(pictures):
        return np.empty(0, np.intp)
    pictures = pictures[[not _has_text(picture, page.boxes) for picture in pictures]]
    blank = np.setdiff1d(np.arange(len(lattice.spans)), owner)
    cells = _boxes(lattice, blank)
    common = np.minimum(cells[:, None, 2:], pictures[:, 2:]) - np.maximum(cells[:, None, :2], pictures[:, :2])
    shorter = np.minimum(cells[:, None, 2:] - cells[:, None, :2], pictures[:, 2:] - pictures[:, :2])
    shows = (common >= MOST * shorter).all(axis=2).any(axis=1)
    found: Ints = blank[shows]
    return found


def _has_text(picture: "NDArray[np.float32]", boxes: "Boxes") -> bool:
    """Whether a character has its middle well inside of it."""
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    return bool(((middle > picture[:2] + EDGE) & (middle < picture[2:] - EDGE)).all(axis=1).any())


def _overprinted(owner: "Ints", boxes: "Boxes") -> "Ints":
    """The cells that hold characters printed over each other and not in one go: what is painted in one go is one text,
    however tight it is set.
    """
    held = np.flatnonzero(owner >= 0)
    order = held[np.lexsort((boxes[held, 0], owner[held]))]
    run = np.cumsum(np.diff(owner, prepend=-1) != 0)[order]
    cell, box = owner[order], boxes[order]
    found = []
    for step in range(1, NEIGHBOURS + 1):
        last = step + np.flatnonzero((cell[step:] == cell[:-step]) & (run[step:] != run[:-step]))
        one, other = box[last - step], box[last]
        common = np.minimum(one[:, 2:], other[:, 2:]) - np.maximum(one[:, :2], other[:, :2])
        size = np.minimum(one[:, 2:] - one[:, :2], other[:, 2:] - other[:, :2])
        found.append(cell[last][(common > OVER * size).all(axis=1)])
    return np.unique(np.concatenate(found))


def _backwards(owner: "Ints", page: Page) -> "Ints":
    """The cells that hold a number whose characters stand in another order than they are painted in, as those of a font
    with wrong widths: which order is right nobody can say.
    """
    codes = np.frombuffer(page.glyphs.encode("utf-32-le"), np.uint32)
    boxes, number = page.boxes, np.isin(codes, _IN_NUMBERS)
    middle, height = (boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 3] - boxes[:, 1]
    step, size = np.diff(middle, axis=0), np.minimum(height[1:], height[:-1])
    back = (step[:, 0] < -LEAST_BACK * size) & (step[:, 0] > -size) & (np.abs(step[:, 1]) < BESIDE * size)
    found: Ints = owner[1:][back & number[1:] & number[:-1] & (owner[1:] == owner[:-1]) & (owner[1:] >= 0)]
    return found


def _covered(owner: "Ints", page: Page) -> "Ints":
    """The cells that show digits beside digits that are covered or cut off, and nothing in their place: the rest of a
    number.
    """
    covers = [one.box for one in page.hidden if one.reason in ("covered", "clipped") and _DIGIT.search(one.text)]
    if not covers:
        return np.empty(0, np.intp)
    digits = np.flatnonzero((owner >= 0) & np.array([glyph.isdigit() for glyph in page.glyphs], np.bool_))
    boxes = page.boxes[digits]
    found = [np.empty(0, np.intp)]
    for x0, top, x1, bottom in covers:
        middle = (boxes[:, 1] + boxes[:, 3]) / 2
        on_line = (middle > top) & (middle < bottom)
        over = on_line & (boxes[:, 0] < x1 - LEAST) & (boxes[:, 2] > x0 + LEAST)
        gap = np.maximum(boxes[:, 0] - x1, x0 - boxes[:, 2])
        if not over.any():
            found.append(owner[digits[on_line & (gap < BESIDE * (bottom - top))]])
    return np.unique(np.concatenate(found))
