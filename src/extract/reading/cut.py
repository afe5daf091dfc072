"""Words that the edge of a cell cuts off, as spreadsheets print them: the rest of a word that is seen in part is read
with it. No digit is: what a number says is what the eye sees.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from extract.model.page import Boxes

    Flags = NDArray[np.bool_]

GAP = 0.5  # of a character's height: letters of a word are not farther apart
WORDS = "（）()、“”《》—"  # what stands in words beside ideographs


def cut_words(codes: "NDArray[Any]", boxes: "Boxes", clipped: "Flags", seen: "Flags") -> "Flags":
    """Which of the clipped characters, in the order of painting, go on a word of which a part is seen."""
    found = np.zeros(len(codes), np.bool_)
    for start, end in _runs(clipped, boxes):
        text = str(codes[start:end].astype(np.uint32).tobytes(), "utf-32-le")
        if all("\u4e00" <= sign <= "\u9fff" or sign in WORDS for sign in text):
            found[start:end] = _seen_part(start, end, boxes, seen) is not None
    return found


def drawn_in(boxes: "Boxes", cut: "Flags", seen: "Flags") -> "Boxes":
    """Boxes with those of cut characters, narrow, in the outer half of the seen one beside them: within its cell."""
    found = boxes.copy() if cut.any() else boxes
    for start, end in _runs(cut, boxes):
        near = _seen_part(start, end, boxes, seen)
        if near is None:
            continue
        x0, top, x1, bottom = boxes[near]
        middle, step = (x0 + x1) / 2, (x1 - x0) / 4 / (end - start + 1)
        if near < start:
            edges = middle + step * np.arange(end - start + 1)
            found[near, 2] = middle
        else:
            edges = middle - step * np.arange(end - start, -1, -1)
            found[near, 0] = middle
        found[start:end] = np.stack([edges[:-1], np.full(end - start, top), edges[1:], np.full(end - start, bottom)], 1)
    return found


def _seen_part(start: int, end: int, boxes: "Boxes", seen: "Flags") -> int | None:
    """The seen character before or after these that is of their word: the one that follows more exactly, as one word is
    painted.
    """
    sides = [(start - 1, start - 1, start), (end, end - 1, end)]
    gaps = [
        (abs(float(boxes[right, 0] - boxes[left, 2])), near)
        for near, left, right in sides
        if 0 <= near < len(boxes) and seen[near] and _beside(boxes[left], boxes[right])
    ]
    return min(gaps)[1] if gaps else None


def _runs(flags: "Flags", boxes: "Boxes") -> Iterator[tuple[int, int]]:
    """The characters of these that are painted one after the other and stand so, together."""
    places = np.flatnonzero(flags).tolist()
    parted = [after > before + 1 or not _beside(boxes[before], boxes[after]) for before, after in pairwise(places)]
    cuts = [0, *(at for at, apart in enumerate(parted, 1) if apart), len(places)]
    return ((places[start], places[end - 1] + 1) for start, end in pairwise(cuts) if start < end)


def _beside(before: "NDArray[np.float32]", after: "NDArray[np.float32]") -> bool:
    """Whether a character stands after another on its line, letters of one word."""
    height = float(after[3] - after[1])
    return abs(float(after[1] - before[1])) < height / 4 and abs(float(after[0] - before[2])) < GAP * height
