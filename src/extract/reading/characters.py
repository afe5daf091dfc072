"""Characters of a page → the texts that they make in cells and outside of them: line by line, or from top to bottom."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from extract.model.page import Box, Page
from extract.reading.page_text import LINE_STEP, WORD_GAP

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from extract.model.page import Boxes

    Floats = NDArray[np.floating[Any]]
    Ints = NDArray[np.intp]

SAME_PLACE = 0.12  # of a character's height: centres nearer than this are at one place
STACKED = 0.3  # of a character's height: characters whose middles are not farther apart stand one above the other
FEWEST = 3  # characters above each other beside which the last of a cell may be alone
SPACED = 1.0  # of a character's height: letters that are spaced do not stand farther apart
COLUMN_GAP = 2.0  # of a character's height: a wider gap outside of a table parts two lines that stand side by side
_IS_LATIN = np.array([chr(code).isalnum() for code in range(128)])
_IS_LATIN[127] = False  # stands for every code from 127 up
Text = tuple[
    int, str, Box, "Boxes"
]  # number of the cell, text, box around it, box of its first character; of a line -1, text, box, box of each character


class Characters(NamedTuple):
    """The printed characters of a page as columns: code points, boxes, centres and heights."""

    codes: "NDArray[np.uint32]"
    boxes: "Boxes"
    centre_x: "Floats"
    centre_y: "Floats"
    height: "Floats"

    @classmethod
    def of(cls, page: Page) -> "Characters":
        boxes = page.boxes
        codes = np.frombuffer(page.glyphs.encode("utf-32-le"), np.uint32)
        return cls(
            codes, boxes, (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2, boxes[:, 3] - boxes[:, 1]
        )

    def where(self, chosen: "NDArray[np.bool_]") -> "Characters":
        return Characters(
            self.codes[chosen], self.boxes[chosen], self.centre_x[chosen], self.centre_y[chosen], self.height[chosen]
        )


def with_columns(owner: "Ints", characters: Characters) -> Characters:
    """The characters with one place for all of a cell whose text runs from top to bottom, so that it is read in the
    order in which it is painted. Every character of such a cell stands above or below the one painted before or after;
    the last one may be alone in its column.
    """
    held, x, height = owner, characters.centre_x, characters.height
    together = (held[1:] == held[:-1]) & (held[1:] >= 0)
    stacked = together & (np.abs(x[1:] - x[:-1]) < STACKED * np.minimum(height[1:], height[:-1]))
    if not stacked.any():
        return characters
    in_column = np.concatenate([stacked, [False]]) | np.concatenate([[False], stacked])
    count = int(held.max()) + 1
    stands = np.bincount(held[in_column], minlength=count)
    lone = (held >= 0) & ~in_column & np.concatenate([held[1:] != held[:-1], [True]])
    lone &= stands[held] >= FEWEST
    whole = np.bincount(held[held >= 0], minlength=count) == stands + np.bincount(held[lone], minlength=count)
    upright = (held >= 0) & whole[held]
    if not upright.any():
        return characters
    centre_x, centre_y = characters.centre_x.copy(), characters.centre_y.copy()
    _, cell = np.unique(held[upright], return_inverse=True)
    for centre in (centre_x, centre_y):
        centre[upright] = (np.bincount(cell, centre[upright]) / np.bincount(cell))[cell]
    return characters._replace(centre_x=centre_x, centre_y=centre_y)


def lines_of(owner: "Ints", characters: Characters) -> "tuple[Ints, Ints]":
    """The characters' order by owner, line and position, and the line number of each in that order."""
    _, _, centre_x, centre_y, height = characters
    order = np.lexsort((centre_y, owner))
    middle, held = centre_y[order], owner[order]
    step = (middle[1:] - middle[:-1] > LINE_STEP * _larger(height[order])) | (held[1:] != held[:-1])
    line = np.zeros(len(order), np.intp)
    np.cumsum(step, out=line[1:])
    order = order[np.lexsort((centre_x[order], line))]
    # characters printed over each other are read in the order in which they are painted
    across = centre_x[order]
    place = np.zeros(len(order), np.intp)
    np.cumsum((across[1:] - across[:-1] > SAME_PLACE * _larger(height[order])) | (line[1:] != line[:-1]), out=place[1:])
    return order[np.lexsort((order, place))], line


def _larger(heights: "Floats") -> "Floats":
    """Of each two characters that follow each other the larger height: marks above and below a line are smaller than
    it.
    """
    return np.maximum(heights[1:], heights[:-1])


def texts_of(owner: "Ints", characters: Characters) -> list[Text]:
    """The text of every cell that holds characters, and of every line outside.

    Lines of a cell are joined. Latin letters and digits that stand apart on a line keep a space between them.
    """
    if not len(owner):
        return []
    order, line = lines_of(owner, characters)
    held, codes, boxes = owner[order], characters.codes[order], characters.boxes[order]
    same_line = line[1:] == line[:-1]
    gaps = _gaps(boxes)
    starts = _starts(held[1:] != held[:-1], (held[1:] < 0) & (~same_line | (gaps > COLUMN_GAP)), len(order))
    latin = _IS_LATIN[np.minimum(codes, 127)]
    wide = latin[1:] & latin[:-1] & same_line & (gaps > WORD_GAP)
    if wide.any():
        wide &= gaps - _letter_spacing(gaps, line) > WORD_GAP
    spaces = np.flatnonzero(wide) + 1
    labels = held[starts].tolist()
    if len(spaces):
        codes, boxes = np.insert(codes, spaces, 0x20), np.insert(boxes, spaces, boxes[spaces], axis=0)
        starts = starts + np.searchsorted(spaces, starts)
    ends = [*starts[1:].tolist(), len(codes)]
    runs = zip(labels, _runs(codes, boxes, starts), starts.tolist(), ends, strict=True)
    return [
        (label, text, box, boxes[start : end if label < 0 else start + 1]) for label, (text, box), start, end in runs
    ]


def _gaps(boxes: "Boxes") -> "Floats":
    """The gap before each character but the first, in heights of a character."""
    gaps: Floats = (boxes[1:, 0] - boxes[:-1, 2]) / np.maximum(boxes[1:, 3] - boxes[1:, 1], 1)
    return gaps


def _letter_spacing(gaps: "Floats", line: "Ints") -> "Floats":
    """For each gap how far all characters of its line stand apart, in heights of a character; of a line of two
    characters as on most lines of the page.
    """
    same = line[1:] == line[:-1]
    count = int(line[-1]) + 1
    least = np.full(count, np.inf)
    np.minimum.at(least, line[1:][same], gaps[same])
    several = np.bincount(line[1:][same], minlength=count) > 1
    usual = float(np.median(least[several])) if several.any() else 0.0
    spacing: Floats = np.where(several, least, usual).clip(0, SPACED)[line[1:]]
    return spacing


def _starts(one: "NDArray[np.bool_]", other: "NDArray[np.bool_]", count: int) -> "Ints":
    """Where runs begin: at the first character and after each break of either kind."""
    return np.flatnonzero(np.concatenate([np.ones(min(count, 1), bool), one | other]))


def _runs(codes: "NDArray[np.uint32]", boxes: "Boxes", starts: "Ints") -> list[tuple[str, Box]]:
    """Text and surrounding box of the characters from each start to the next."""
    if not len(starts):
        return []
    text = codes.tobytes().decode("utf-32-le")
    ends = [*starts[1:].tolist(), len(codes)]
    around = np.empty((len(starts), 4), np.float64)
    np.minimum.reduceat(boxes[:, :2], starts, axis=0, out=around[:, :2])
    np.maximum.reduceat(boxes[:, 2:], starts, axis=0, out=around[:, 2:])
    return [
        (text[start:end], Box(*box))
        for start, end, box in zip(starts.tolist(), ends, around.round(2).tolist(), strict=True)
    ]
