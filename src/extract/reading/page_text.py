"""Characters with their boxes → the text of the page, line by line."""

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from extract.model.page import Boxes

    Floats = NDArray[np.floating[Any]]

LINE_STEP = 0.45  # of a character's height: centres farther apart are on two lines
WORD_GAP = 0.25  # of a character's height: a wider gap parts two words
SPACED = 0.06  # of a character's height: where most letters of a page stand farther apart, it is printed with spaces
WIDEST = 1.0  # of a character's height: letters of one word are not farther apart, however they are spaced


def page_text(glyphs: str, boxes: "Boxes") -> str:
    """The page line by line, by the middle of the characters: fonts of one line differ more in how high and low they
    reach.
    """
    if not glyphs:
        return ""
    middle, height = (boxes[:, 1] + boxes[:, 3]) / 2, boxes[:, 3] - boxes[:, 1]
    down = np.argsort(middle, kind="stable")
    larger = np.maximum(height[down][1:], height[down][:-1])  # marks above and below a line are smaller than it
    line = np.concatenate([[0], np.cumsum(np.diff(middle[down]) > LINE_STEP * larger)])
    order = np.lexsort((boxes[down, 0], line))
    line, down = line[order], down[order]
    gap = (boxes[down[1:], 0] - boxes[down[:-1], 2]) / np.maximum(height[down[1:]], 1)
    gap = gap - letter_spacing(gap[np.diff(line) == 0]) > WORD_GAP
    between = np.where(np.diff(line) > 0, "\n", np.where(gap, " ", "")).tolist()
    return "".join(before + glyphs[place] for before, place in zip(["", *between], down.tolist(), strict=True))


def letter_spacing(gaps: "Floats") -> float:
    """How far the letters of a page stand apart, of its gaps between characters of a line, in heights of a character; 0
    where most do not stand apart.
    """
    near = gaps[np.abs(gaps) < WIDEST]
    usual = float(np.median(near)) if len(near) else 0.0
    return usual if usual > SPACED else 0.0
