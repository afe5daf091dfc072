"""Characters with their boxes → the text of the page, line by line."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from extract.model.page import Boxes

LINE_STEP = 0.45  # of a character's height: centres farther apart are on two lines
WORD_GAP = 0.25  # of a character's height: a wider gap parts two words


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
    gap = boxes[down[1:], 0] - boxes[down[:-1], 2] > WORD_GAP * height[down[1:]]
    between = np.where(np.diff(line) > 0, "\n", np.where(gap, " ", "")).tolist()
    return "".join(before + glyphs[place] for before, place in zip(["", *between], down.tolist(), strict=True))
