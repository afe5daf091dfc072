"""Walls that a table lacks inside its outline: where a row has text and no wall beside or below it, the outline closes
it, and the columns of the row beside it part it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from extract.reading.lattice import Lattice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from extract.model.page import Boxes

    Ints = NDArray[np.intp]

FEWEST = 2  # cells of a table
INTO = 1.0  # points: a character that stands so far into the column beside it crosses the wall between them


def closing_walls(lattice: Lattice, band: "Ints", owner: "Ints", boxes: "Boxes") -> "Boxes":
    """The walls that tables lack within their outlines, as strokes. `band` is the table of each cell, `owner` the cell
    of each character, -1 for none; tables without text outside of their cells lack none.
    """
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    outside = np.flatnonzero(owner < 0)
    col, row = (
        np.searchsorted(edges, centre[outside, side]) - 1 for side, edges in enumerate((lattice.xs, lattice.ys))
    )
    found: list[Sequence[float]] = []
    for number in range(int(band.max()) + 1):
        own = lattice.spans[band == number]
        if len(own) < FEWEST:
            continue
        (top, left), (bottom, right) = own[:, :2].min(axis=0).tolist(), own[:, 2:].max(axis=0).tolist()
        inside = (row >= top) & (row < bottom) & (col >= left) & (col < right)
        if not inside.any():
            continue
        x0, x1, y0, y1 = (float(edge) for edge in (*lattice.xs[[left, right]], *lattice.ys[[top, bottom]]))
        found += [(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)]
        for open_row in np.unique(row[inside]).tolist():
            beside = open_row - 1 if open_row > top else open_row + 1
            if beside < bottom:
                texts = boxes[outside[inside & (row == open_row)]]
                found += _parting(lattice, open_row, beside, range(left + 1, right), texts)
    return np.array(found, np.float32).reshape(-1, 4)


def _parting(
    lattice: Lattice, row: int, beside: int, edges: Sequence[int], texts: "Boxes"
) -> list[tuple[float, float, float, float]]:
    """The walls of a row that has none, where the row beside it has one and no text crosses it."""
    found = []
    for edge in edges:
        x, (before, after) = float(lattice.xs[edge]), lattice.labels[beside, edge - 1 : edge + 1]
        free = (lattice.labels[row, edge - 1 : edge + 1] < 0).all()
        if free and before != after and not ((texts[:, 0] < x - INTO) & (texts[:, 2] > x + INTO)).any():
            found.append((x, float(lattice.ys[row]), x, float(lattice.ys[row + 1])))
    return found
