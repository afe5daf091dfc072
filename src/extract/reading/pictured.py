"""Cells that show a picture of text instead of text: nobody can say what stands in them.

What lies under text, or has text in it, is a background, a seal or a logo beside a name.
"""

from typing import TYPE_CHECKING

import numpy as np

from extract.model.page import Box, Page
from extract.reading.lattice import Lattice

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST = 0.5  # of the shorter of a picture and a cell, both ways: so far a picture lies in a cell
LEAST = 3.0  # points: of a smaller picture nothing can be read
EDGE = 1.0  # points: text that stands so far in a picture stands beside it


def pictured_cells(lattice: Lattice, filled: "NDArray[np.intp]", page: Page) -> tuple[Box, ...]:
    """The cells that are not among the `filled` ones and hold a picture or a part of it."""
    pictures = np.array(page.pictures, np.float32).reshape(-1, 4)
    pictures = pictures[(pictures[:, 2:] - pictures[:, :2] >= LEAST).all(axis=1)]
    pictures = pictures[~_with_text(pictures, page)]
    if not len(pictures):
        return ()
    blank = np.setdiff1d(np.arange(len(lattice.spans)), filled)
    top, left, bottom, right = lattice.spans[blank].T
    cells = np.stack([lattice.xs[left], lattice.ys[top], lattice.xs[right], lattice.ys[bottom]], axis=1)
    common = np.minimum(cells[:, None, 2:], pictures[:, 2:]) - np.maximum(cells[:, None, :2], pictures[:, :2])
    shorter = np.minimum(cells[:, None, 2:] - cells[:, None, :2], pictures[:, 2:] - pictures[:, :2])
    shows = (common >= MOST * shorter).all(axis=2).any(axis=1)
    return tuple(Box(*cell) for cell in cells[shows].round(2).tolist())


def _with_text(pictures: "NDArray[np.float32]", page: Page) -> "NDArray[np.bool_]":
    """For each picture whether a character has its middle well inside of it."""
    found = np.zeros(len(pictures), np.bool_)
    middle = (page.boxes[:, :2] + page.boxes[:, 2:]) / 2
    for place, picture in enumerate(pictures):
        found[place] = ((middle > picture[:2] + EDGE) & (middle < picture[2:] - EDGE)).all(axis=1).any()
    return found
