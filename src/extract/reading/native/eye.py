"""What of a painted page the eye sees: not what is clipped away, off the page, without ink, on a layer that is off,
of the colour of what is behind it, or covered later. Arrays in, arrays out; boxes are those of the page as displayed.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from extract.model.page import Boxes

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.intp]

REASONS = ("", "clipped", "invisible", "layer", "colour", "covered", "watermark")  # numbered; 0 is seen
CLIPPED, INVISIBLE, LAYER, COLOUR, COVERED, WATERMARK = range(1, 7)
INK = (1, 3, 7)  # render modes that do not fill (9.3.6); of 3 and 7 nothing is seen
MARGIN = 0.5  # points: what reaches so far over an edge may still be seen
ALIKE = 0.02  # of full light: colours nearer than this are one
WHITE = (1.0, 1.0, 1.0)
TWICE = 1.0  # points: the same character nearer than this to another is bold print or a shadow
OBLIQUE = 0.2  # of its length: lettering that rises more, and is not upright either, is no line of a table
BATCH = 2_000_000  # comparisons at a time


class Paints(NamedTuple):
    """Paints of a page by number: their colour with -1 for one that is not known, alpha, clip box, whether their
    layer is off.
    """

    colours: "NDArray[np.float64]"
    alpha: "NDArray[np.float64]"
    clips: "NDArray[np.float64]"
    off: "Flags"

    @classmethod
    def of(cls, paints: Sequence[tuple[Any, ...]]) -> "Paints":
        colours = [paint[0] or (-1.0, -1.0, -1.0) for paint in paints]
        rest = np.array([paint[1:7] for paint in paints], np.float64).reshape(-1, 6)
        return cls(np.array(colours, np.float64).reshape(-1, 3), rest[:, 0], rest[:, 1:5], rest[:, 5] > 0)


class Shapes(NamedTuple):
    """Filled rectangles and images that can be seen, in the order of painting: boxes within their clips, colours, and
    whether they hide.
    """

    boxes: "NDArray[np.float64]"
    colours: "NDArray[np.float64]"
    orders: "Ints"
    hides: "Flags"

    @classmethod
    def of(cls, shapes: Sequence[tuple[Any, ...]], paints: Paints) -> "Shapes":
        rows = np.array(shapes, np.float64).reshape(-1, 7)
        paint = rows[:, 4].astype(np.intp)
        clips = paints.clips[paint]
        boxes = np.concatenate([np.maximum(rows[:, :2], clips[:, :2]), np.minimum(rows[:, 2:4], clips[:, 2:])], axis=1)
        seen = (
            (paints.alpha[paint] > 0) & ~paints.off[paint] & (boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])
        )
        hides = (rows[:, 6] > 0) & (paints.alpha[paint] >= 1)
        return cls(boxes[seen], paints.colours[paint][seen], rows[seen, 5].astype(np.intp), hides[seen])


def hidden_marks(boxes: "Boxes", paint: "Ints", orders: "Ints", paints: Paints, shapes: Shapes) -> "Ints":
    """For each box that is painted so why it is not seen, by number of REASONS."""
    found = np.zeros(len(boxes), np.intp)
    if not len(boxes):
        return found
    centres = np.stack([boxes[:, 0] + boxes[:, 2], boxes[:, 1] + boxes[:, 3]], axis=1) / 2
    _mark_covered(found, boxes, centres, orders, shapes)
    _mark_of_one_colour(found, centres, paint, orders, paints, shapes)
    clips = paints.clips[paint]
    outside = (centres < clips[:, :2] - MARGIN) | (centres > clips[:, 2:] + MARGIN)
    found[outside.any(axis=1)] = CLIPPED
    found[paints.alpha[paint] <= 0] = INVISIBLE
    found[paints.off[paint]] = LAYER
    return found


def _mark_covered(
    found: "Ints", boxes: "Boxes", centres: "NDArray[np.floating[Any]]", orders: "Ints", shapes: Shapes
) -> None:
    """What a shape that hides is painted over: the middle of it and more than half on every side."""
    later = np.flatnonzero(shapes.hides & (shapes.orders > orders.min()))
    half = (boxes[:, 2:] - boxes[:, :2]) / 4
    inner = np.concatenate([centres - half, centres + half], axis=1)
    for part in _parts(later, len(boxes)):
        cover = shapes.boxes[part][:, None, :]
        over = (cover[..., :2] <= inner[None, :, :2]) & (cover[..., 2:] >= inner[None, :, 2:])
        covered = over.all(axis=2) & (shapes.orders[part][:, None] > orders)
        found[covered.any(axis=0)] = COVERED


def _mark_of_one_colour(
    found: "Ints", centres: "NDArray[np.floating[Any]]", paint: "Ints", orders: "Ints", paints: Paints, shapes: Shapes
) -> None:
    """What has the colour of the last shape painted before it at its place; of the paper where there is none."""
    grounds = np.concatenate([[WHITE], shapes.colours])
    usual = (
        _distance(paints.colours[:, None, :], grounds[None, :, :]).min(axis=1) <= ALIKE if len(paints.colours) else None
    )
    doubtful = np.flatnonzero(usual[paint]) if usual is not None else centres[:0]
    if not len(doubtful):
        return
    behind = np.zeros(len(doubtful), np.intp)
    for part in _parts(np.arange(len(shapes.boxes)), len(doubtful)):
        cover, at = shapes.boxes[part][:, None, :], centres[doubtful][None]
        under = ((cover[..., :2] <= at) & (cover[..., 2:] >= at)).all(axis=2) & (
            shapes.orders[part][:, None] < orders[doubtful]
        )
        behind = np.maximum(behind, (under * (part[:, None] + 1)).max(axis=0))
    same = _distance(paints.colours[paint[doubtful]], grounds[behind]) <= ALIKE
    found[doubtful[same]] = COLOUR


def _distance(one: "NDArray[np.float64]", other: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """The greatest difference of two colours; an unknown one is like none."""
    unknown = (one[..., 0] < 0) | (other[..., 0] < 0)
    return np.where(unknown, 9.0, np.abs(one - other).max(axis=-1))


def _parts(which: "Ints", others: int) -> list["Ints"]:
    step = max(BATCH // max(others, 1), 1)
    return [which[start : start + step] for start in range(0, len(which), step)]


def second_prints(codes: "NDArray[np.uint32]", boxes: "Boxes") -> "Flags":
    """Characters that are printed again where the same one stands already: fake bold, a shadow, content that is
    painted twice.
    """
    again = np.zeros(len(codes), bool)
    corner = boxes[:, :2].astype(np.float64)
    for shift in (
        (0.0, 0.0),
        (TWICE, 0.0),
        (0.0, TWICE),
        (TWICE, TWICE),
    ):  # two that are near share a square of one of these nets
        net = np.floor((corner + shift) / (2 * TWICE)).astype(np.int64)
        keys = (codes.astype(np.int64) << 40) + ((net[:, 1] & 0xFFFFF) << 20) + (net[:, 0] & 0xFFFFF)
        ascending = np.sort(keys)
        if (ascending[1:] == ascending[:-1]).any():
            order = np.argsort(keys, kind="stable")
            first, second = order[:-1], order[1:]
            near = np.abs(corner[first] - corner[second]) <= np.minimum(
                TWICE, (boxes[first, 2:] - boxes[first, :2]) / 2
            )
            again[second[(keys[first] == keys[second]) & near.all(axis=1)]] = True
    return again
