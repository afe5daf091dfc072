"""Strokes of a page → the lattice of columns and rows that they make, its cells, and which table each belongs to.

A small box of the lattice belongs to the cell that its nearest walls on the four sides enclose, so merged cells need no
special case.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from extract.reading.limits import check
from extract.reading.rulings import SNAP, merged, turned, with_open_sides, without_underlines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from extract.model.page import Boxes

    Floats = NDArray[np.floating[Any]]
    Ints = NDArray[np.intp]

REACH = 3.0  # points: a wall goes on so far beyond a stroke of it, so a smaller gap leaves no hole


class Lattice(NamedTuple):
    """Column and row edges; for each box between them the number of its cell, -1 for none; for each cell its row,
    col, row_end, col_end.
    """

    xs: "Floats"
    ys: "Floats"
    labels: "Ints"
    spans: "Ints"


def lattice_of(rulings: "Boxes", boxes: "Boxes") -> Lattice | None:
    """The cells that the strokes of a page enclose; None if they enclose none."""
    width, height = rulings[:, 2] - rulings[:, 0], rulings[:, 3] - rulings[:, 1]
    flat, upright = rulings[(height <= width)], rulings[height > width]
    if len(flat) < 2 or len(upright) < 1:
        return None
    flat = without_underlines(flat, upright, boxes)
    if len(flat) < 2:
        return None
    upright, flat = with_open_sides(flat, upright), turned(with_open_sides(turned(upright), turned(flat)))
    ys, flat_at = merged(*_snapped((flat[:, 1] + flat[:, 3]) / 2), boxes[:, 1], boxes[:, 3])
    xs, upright_at = merged(*_snapped((upright[:, 0] + upright[:, 2]) / 2), boxes[:, 0], boxes[:, 2])
    if len(xs) < 2 or len(ys) < 2:
        return None
    check("cells", len(xs) * len(ys))
    floors = _walls(
        flat_at, len(ys), flat[:, 0], flat[:, 2], xs
    )  # [y, column]: a stroke along row edge y over that column
    sides = _walls(
        upright_at, len(xs), upright[:, 1], upright[:, 3], ys
    ).T  # [row, x]: a stroke along column edge x beside that row
    left, right = (edge.T for edge in _nearest(sides.T))
    ruled = floors.copy()
    _close_ends(floors, (left >= 0) & (right < len(xs)))
    top, bottom = _nearest(floors)
    enclosed = (top >= 0) & (left >= 0) & (bottom < len(ys)) & (right < len(xs))
    enclosed &= ~_is_gutter(ruled, top, bottom)
    if not enclosed.any():
        return None
    size = max(len(xs), len(ys)) + 1
    keys = ((top * size + left) * size + bottom) * size + right
    unique, inverse = np.unique(keys[enclosed], return_inverse=True)
    labels = np.full(keys.shape, -1, np.intp)
    labels[enclosed] = inverse
    return Lattice(
        xs,
        ys,
        labels,
        np.stack([unique // size**3, unique // size**2 % size, unique // size % size, unique % size], axis=1),
    )


def _close_ends(floors: "NDArray[np.bool_]", walled: "NDArray[np.bool_]") -> None:
    """Where the walls on both sides of a column begin or end, so does its cell, ruled or not: a cell that runs over the
    end of a page has no stroke there. `walled` says it for each box [row, column].
    """
    outside = np.zeros((1, walled.shape[1]), np.bool_)
    floors[:-1] |= walled & ~np.concatenate([outside, walled[:-1]])
    floors[1:] |= walled & ~np.concatenate([walled[1:], outside])


def _is_gutter(ruled: "NDArray[np.bool_]", top: "Ints", bottom: "Ints") -> "NDArray[np.bool_]":
    """For each box [row, column] whether no rule closes it above and below although there are rules beside it: it is
    the space between two tables. Outside of all that is closed it is a column whose cell goes through the whole page.
    """
    columns = top.shape[1]
    last = len(ruled) - 1
    column = np.arange(columns)
    closed = ruled[top.clip(0, last), column] | ruled[bottom.clip(0, last), column]
    count = np.concatenate([[0], np.cumsum(ruled.any(axis=1))])
    beside = count[(bottom + 1).clip(0, last + 1)] > count[top.clip(0, last)]
    left = np.logical_or.accumulate(closed, axis=1)
    right = np.logical_or.accumulate(closed[:, ::-1], axis=1)[:, ::-1]
    gutter: NDArray[np.bool_] = ~closed & beside & left & right
    return gutter


def _snapped(positions: "Floats") -> "tuple[Floats, Ints]":
    """The distinct positions, ascending, and for each given position which of them it is."""
    order = np.argsort(positions, kind="stable")
    ascending = positions[order]
    group = np.zeros(len(positions), np.intp)
    np.cumsum(ascending[1:] - ascending[:-1] > SNAP, out=group[1:])
    places = np.empty(len(positions), np.intp)
    places[order] = group
    return (np.bincount(group, ascending) / np.bincount(group)).astype(np.float32), places


def _walls(at: "Ints", count: int, start: "Floats", end: "Floats", edges: "Floats") -> "NDArray[np.bool_]":
    """[line, gap]: whether a stroke on that line covers the middle of that gap between two edges."""
    middles = (edges[1:] + edges[:-1]) / 2
    first, last = np.searchsorted(middles, start - REACH), np.searchsorted(middles, end + REACH)
    width = len(edges)
    steps = np.bincount(at * width + first, minlength=count * width) - np.bincount(
        at * width + last, minlength=count * width
    )
    covered: NDArray[np.bool_] = steps.reshape(count, width).cumsum(axis=1)[:, :-1] > 0
    return covered


def _nearest(walls: "NDArray[np.bool_]") -> "tuple[Ints, Ints]":
    """For walls [line, gap]: the nearest wall at or before and after each box [line, gap]; -1 and the number of lines
    where there is none.
    """
    count = len(walls)
    index = np.arange(count)[:, None]
    before = np.maximum.accumulate(np.where(walls, index, -1), axis=0)[:-1]
    after = np.minimum.accumulate(np.where(walls, index, count)[::-1], axis=0)[::-1][1:]
    return before, after


def bands(lattice: Lattice) -> "Ints":
    """Tables stand one below another, parted by rows without cells, or side by side, parted by columns without: for
    each cell the number of its table.
    """
    number = _runs_of(np.any(lattice.labels >= 0, axis=1))
    width = lattice.labels.shape[1]
    numbers, first = np.unique(
        lattice.labels, return_index=True
    )  # the first box of each cell: its walls may reach farther up
    first = first[numbers >= 0]
    found: Ints = number[first // width]
    beside = np.zeros(len(found), np.intp)
    for band in range(int(number.max()) + 1):
        used = np.any(lattice.labels[number == band] >= 0, axis=0)
        beside[found == band] = _runs_of(used)[first[found == band] % width]
    if beside.any():
        found = np.unique(found * width + beside, return_inverse=True)[1]
    return found


def _runs_of(used: "NDArray[np.bool_]") -> "Ints":
    """For each row or column that is used, and those after it that are not, the number of the run that it is in."""
    begins = used & ~np.concatenate([[False], used[:-1]])
    number: Ints = np.cumsum(begins) - 1
    return number
