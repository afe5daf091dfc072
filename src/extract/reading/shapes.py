"""Digits as they are drawn, against the digits that the text layer says: an eye that no map of a font can deceive.

Nothing is recognised. A digit encloses no area, one that is low, high or tall, or two above each other: where most
samples of a digit enclose what it never does, the map lies.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

import numpy as np
import pypdfium2

from extract.errors import ExtractError
from extract.model.page import Box
from extract.reading.base import reader
from extract.reading.opened import pdfium_document

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bitmap = NDArray[np.bool_]

HEIGHT = 40  # pixels of a digit: fine enough for the smallest hole
LONGEST = 6000  # pixels of a page's longer side
DARK = 128  # of 255: ink is darker
PAGES = 4  # of a document that are looked at for a first one
SAMPLES = 12  # of each digit of a page
FEWEST = 3  # samples that tell something
SMALLEST_HOLE = 0.02  # of the box around a digit
_NONE, _LOW, _HIGH, _TWO, _TALL = "none", "low", "high", "two", "tall"
# What no printing makes of a digit. A small hole may be filled with ink, so that one is missing says nothing.
IMPOSSIBLE = {
    "0": {_TWO},
    "1": {_LOW, _HIGH, _TALL, _TWO},
    "2": {_LOW, _HIGH, _TALL, _TWO},
    "3": {_LOW, _HIGH, _TALL, _TWO},
    "4": {_TWO},
    "5": {_LOW, _HIGH, _TALL, _TWO},
    "6": {_HIGH, _TWO},
    "7": {_LOW, _HIGH, _TALL, _TWO},
    "8": {_TALL},
    "9": {_LOW, _TWO},
}


def misread_pages(content: bytes, numbers: Mapping[int, Sequence[Box]]) -> dict[int, str]:
    """The pages on which digits within these boxes are drawn otherwise than the text says, each with those digits."""
    found: dict[int, str] = {}
    try:
        with closing(pdfium_document(content)) as document, reader("native").open(content) as text:
            for place, page in enumerate(sorted(numbers)):
                if place >= PAGES and not found:
                    break
                read = text.page(page, lambda _text: True)
                if read.turn is None and (
                    digits := _misread(document[page - 1], read.glyphs, read.boxes, numbers[page])
                ):
                    found[page] = digits
    except (ExtractError, pypdfium2.PdfiumError):  # what cannot be drawn tells nothing
        return found
    return found


def _misread(page: Any, glyphs: str, boxes: "NDArray[Any]", numbers: Sequence[Box]) -> str:
    """The digits of a page that most of their samples speak against."""
    samples = _samples(glyphs, boxes, numbers)
    if not samples:
        return ""
    picture, scale = _drawn(page, float(np.median(boxes[:, 3] - boxes[:, 1])))
    against = []
    for digit, places in sorted(samples.items()):
        seen = [shape for place in places if (shape := _enclosed(_cut(picture, boxes[place] * scale)))]
        if len(seen) >= FEWEST and 2 * sum(shape in IMPOSSIBLE[digit] for shape in seen) > len(seen):
            against.append(digit)
    return "".join(against)


def _samples(glyphs: str, boxes: "NDArray[Any]", numbers: Iterable[Box]) -> dict[str, list[int]]:
    """Where each digit stands within the boxes, a few times."""
    found: dict[str, list[int]] = defaultdict(list)
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    for box in numbers:
        for place in np.flatnonzero(((middle >= box[:2]) & (middle <= box[2:])).all(axis=1)).tolist():
            if glyphs[place] in IMPOSSIBLE and len(found[glyphs[place]]) < SAMPLES:
                found[glyphs[place]].append(place)
    return found


def _drawn(page: Any, height: float) -> "tuple[Bitmap, float]":
    """Where a page has ink, and how many pixels a point is."""
    scale = min(HEIGHT / max(height, 1.0), LONGEST / max(page.get_size()))
    bitmap = page.render(scale=scale, grayscale=True)
    picture = bitmap.to_numpy().reshape(bitmap.height, bitmap.width) < DARK
    bitmap.close()
    return picture, scale


def _cut(picture: "Bitmap", box: "NDArray[Any]") -> "Bitmap":
    x0, y0, x1, y1 = box.round().astype(int).clip(0).tolist()
    return picture[y0:y1, x0:x1]


def _enclosed(digit: "Bitmap") -> str:
    """What the largest piece of ink encloses; empty where that is no digit."""
    pieces = sorted(_pieces(digit), key=len)
    if not pieces:
        return ""
    rows, columns = np.array(pieces[-1]).T
    top, left = int(rows.min()), int(columns.min())
    high, wide = int(rows.max()) - top + 1, int(columns.max()) - left + 1
    if high < HEIGHT / 4 or wide > high:  # a rule or a stroke, not a digit
        return ""
    ink = np.zeros((high + 2, wide + 2), np.bool_)
    ink[rows - top + 1, columns - left + 1] = True
    holes = [hole for hole in _pieces(~ink) if (0, 0) not in hole and len(hole) >= SMALLEST_HOLE * high * wide]
    if len(holes) != 1:
        above = sorted((min(row for row, _ in hole), max(row for row, _ in hole)) for hole in holes)
        return _NONE if not holes else _TWO if len(holes) == 2 and above[0][1] < above[1][0] else ""
    depths = [row for row, _ in holes[0]]
    middle = (high + 1) / 2
    if min(depths) < 0.4 * high and max(depths) > 0.6 * high:
        return _TALL
    return _LOW if sum(depths) / len(depths) > middle else _HIGH


def _pieces(bitmap: "Bitmap") -> Iterator[list[tuple[int, int]]]:
    """The pixels of each piece that hangs together, by sides."""
    free = set(zip(*(axis.tolist() for axis in np.nonzero(bitmap)), strict=True))
    while free:
        piece = [free.pop()]
        for row, column in piece:
            for other in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
                if other in free:
                    free.remove(other)
                    piece.append(other)
        yield piece
