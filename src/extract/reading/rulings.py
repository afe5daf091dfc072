"""Strokes of a page → the walls of its tables: dots and dashes joined, underlines left out, open sides closed, double
walls made one. What a plainly ruled page has passes as it is.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from extract.model.page import Boxes

    Floats = NDArray[np.floating[Any]]
    Flags = NDArray[np.bool_]
    Ints = NDArray[np.intp]

SNAP = 3.0  # points: strokes nearer than this are one wall
DASH = 6.0  # points: the longest stroke that may be one of a dashed line
SPACE = 4.0  # points: the widest space between two dashes
FEWEST = 3  # rules that reach an open side
OF_HEADER = 4  # rules of a header: of so many the first and the last may be all that reach a side
SERIES = 4  # dashes that make a line
ALIGNED = 0.6  # points: how far the dashes of a line stand off it
STRIP = 8.0  # points: what is narrower, and has no room for text, parts the borders of neighbouring cells
OPEN = 6.0  # points: how far rules reach beyond the last wall of a table that is open there
MEETS = 0.9  # points: a stroke that ends so near to a wall meets it
ROOM = 0.3  # points: how far a character may stand out of the strip that has room for it
PARTED = 30.0  # points: characters of one underlined text are not farther apart
UNDERLINED = 6  # texts of a page that are underlined: others may be too
UNDER = 3.0  # points: how far an underline stands from the foot of its text


def joined(rulings: "Boxes") -> "Boxes":
    """The strokes with dots and dashes that follow each other made one stroke; dots that do not are left out."""
    if not len(rulings):
        return rulings
    long = np.maximum(rulings[:, 2] - rulings[:, 0], rulings[:, 3] - rulings[:, 1])
    short = long <= DASH
    if not short.any():
        return rulings
    marks = rulings[short]
    wide = marks[:, 2] - marks[:, 0] >= (marks[:, 3] - marks[:, 1]) / 2
    high = marks[:, 3] - marks[:, 1] >= (marks[:, 2] - marks[:, 0]) / 2
    across, in_line = _series(marks, 0, wide & _has_neighbour(marks, 0))
    down, in_column = _series(marks, 1, high & _has_neighbour(marks, 1))
    rest = marks[~(in_line | in_column) & (long[short] > SNAP)]
    return np.concatenate([rulings[~short], across, down, rest])


def _series(marks: "Boxes", axis: int, fit: "Flags") -> "tuple[Boxes, Flags]":
    """The strokes that marks make along an axis (0 across, 1 down), and which marks are in one."""
    member = np.zeros(len(marks), np.bool_)
    chosen = np.flatnonzero(fit)
    if len(chosen) < SERIES:
        return marks[:0], member
    boxes = marks[chosen]
    middle = (boxes[:, 1 - axis] + boxes[:, 3 - axis]) / 2
    level = _levels(middle, ALIGNED)
    order = np.lexsort((boxes[:, axis], level))
    boxes, level = boxes[order], level[order]
    parted = (level[1:] != level[:-1]) | (boxes[1:, axis] - boxes[:-1, axis + 2] > SPACE)
    number = np.concatenate([[0], np.cumsum(parted)])
    first = np.flatnonzero(np.concatenate([[True], parted]))
    many = np.bincount(number) >= SERIES
    strokes = np.concatenate(
        [np.minimum.reduceat(boxes[:, :2], first, axis=0), np.maximum.reduceat(boxes[:, 2:], first, axis=0)], axis=1
    )
    member[chosen[order[many[number]]]] = True
    return strokes[many], member


def _has_neighbour(marks: "Boxes", axis: int) -> "Flags":
    """Which marks have another near them along an axis: the dots of lines across the page would else join all that the
    lines down it are made of, as they stand at every place from left to right.
    """
    middle = (marks[:, 1 - axis] + marks[:, 3 - axis]) / 2
    found = np.zeros(len(marks), np.bool_)
    for shift in (0.0, ALIGNED / 2):  # as marks at one level may fall on both sides of where strips of the page meet
        strip = np.floor((middle + shift) / ALIGNED)
        order = np.lexsort((marks[:, axis], strip))
        ordered, strip = marks[order], strip[order]
        near = (strip[1:] == strip[:-1]) & (ordered[1:, axis] - ordered[:-1, axis + 2] <= SPACE)
        found[order[1:][near]] = True
        found[order[:-1][near]] = True
    return found


def _levels(positions: "Floats", step: float) -> "Ints":
    """For each position the number of its group of positions that follow each other so closely."""
    order = np.argsort(positions, kind="stable")
    level = np.zeros(len(positions), np.intp)
    level[order[1:]] = np.cumsum(np.diff(positions[order]) > step)
    return level


def without_underlines(flat: "Boxes", upright: "Boxes", boxes: "Boxes") -> "Boxes":
    """The flat strokes without those that run from the first to the last character of a text just above them, and meet
    no wall; where there are several, also without others that stand as far below their text. Of strokes that go on each
    other all are that or none is: a rule may be drawn column by column.
    """
    walls = np.sort((upright[:, 0] + upright[:, 2]) / 2)
    meeting = _meets(flat[:, 0], walls) | _meets(flat[:, 2], walls)
    if meeting.all() or not len(boxes):
        return flat
    whole = _whole(flat)
    below = {place: apart for place in np.flatnonzero(~meeting).tolist() if (apart := _below_text(whole[place], boxes))}
    if len(below) >= UNDERLINED:
        usual = float(np.median(list(below.values())))
        for place in np.flatnonzero(meeting).tolist():
            apart = _below_text(flat[place], boxes)
            if apart and abs(apart - usual) < ALIGNED:
                below[place] = apart
    return np.delete(flat, list(below), axis=0)


def _whole(flat: "Boxes") -> "Boxes":
    """Each flat stroke as long as it is together with those that go on it end to end."""
    level = _levels((flat[:, 1] + flat[:, 3]) / 2, ALIGNED)
    order = np.lexsort((flat[:, 0], level))
    left, right, level = flat[order, 0], flat[order, 2], level[order]
    begins = np.concatenate([[True], (level[1:] != level[:-1]) | (left[1:] - right[:-1] > MEETS)])
    number, first = np.cumsum(begins) - 1, np.flatnonzero(begins)
    found = flat.copy()
    found[order, 0], found[order, 2] = left[first][number], np.maximum.reduceat(right, first)[number]
    return found


def _below_text(stroke: "Floats", boxes: "Boxes") -> float | None:
    """How far a stroke is from the middle of the text just above it if it runs from its first to its last character."""
    x0, top, x1, bottom = stroke.tolist()
    middle = (top + bottom) / 2
    own = boxes[(np.abs(boxes[:, 3] - middle) < UNDER) & (boxes[:, 2] > x0 + MEETS) & (boxes[:, 0] < x1 - MEETS)]
    if not len(own) or abs(own[:, 0].min() - x0) > 2 * MEETS or abs(own[:, 2].max() - x1) > 2 * MEETS:
        return None
    return None if _is_parted(own[:, 0], own[:, 2]) else middle - float(np.median(own[:, 1] + own[:, 3])) / 2


def _is_parted(left: "Floats", right: "Floats") -> bool:
    """Whether characters of a line stand too far apart for one text, as the captions at both ends of a table's top."""
    order = np.argsort(left)
    left, right = left[order], right[order]
    gap = left[1:] - np.maximum.accumulate(right)[:-1]
    return bool((gap > PARTED).any())


def _meets(ends: "Floats", walls: "Floats") -> "Flags":
    if not len(walls):
        return np.zeros(len(ends), np.bool_)
    place = np.searchsorted(walls, ends)
    before, after = walls[np.maximum(place - 1, 0)], walls[np.minimum(place, len(walls) - 1)]
    met: Flags = np.minimum(np.abs(ends - before), np.abs(ends - after)) <= MEETS
    return met


def with_open_sides(flat: "Boxes", upright: "Boxes") -> "Boxes":
    """The upright strokes with one at each side where the rules of a table reach beyond its last wall; with the two
    `turned`, the same for its top and bottom.
    """
    middles = (upright[:, 0] + upright[:, 2]) / 2
    found = [upright]
    level = (flat[:, 1] + flat[:, 3]) / 2  # a rule far above or below is none of these walls
    beside = flat[(level > upright[:, 1].min() - SNAP) & (level < upright[:, 3].max() + SNAP)]
    flat = beside if len(beside) > 1 else flat
    for edge, open_by in (
        (float(flat[:, 0].min()), float(middles.min() - flat[:, 0].min())),
        (float(flat[:, 2].max()), float(flat[:, 2].max() - middles.max())),
    ):
        if open_by > OPEN:
            found.append(_side(edge, flat, upright))
    return np.concatenate(found) if len(found) > 1 else upright


def turned(strokes: "Boxes") -> "Boxes":
    """Across for down."""
    return strokes[:, [1, 0, 3, 2]]


def _side(edge: float, flat: "Boxes", upright: "Boxes") -> "Boxes":
    """Strokes down an edge between the rules that reach it, beside rows that have walls; most rules of a table do, or
    the first and the last and some between.
    """
    level = (flat[:, 1] + flat[:, 3]) / 2
    reaching = (flat[:, 0] <= edge + SNAP) & (flat[:, 2] >= edge - SNAP)
    lines, levels = _distinct(level[reaching]), _distinct(level)
    if len(lines) < 2:
        return flat[:0]
    around = lines[0] - levels[0] < SNAP and levels[-1] - lines[-1] < SNAP
    few = len(lines) < (FEWEST if len(levels) > OF_HEADER else 2)
    if few or (not around and (len(lines) < FEWEST or 2 * len(lines) < len(levels))):
        return flat[:0]
    middle = (lines[1:] + lines[:-1]) / 2
    walled = ((upright[:, 1] <= middle[:, None]) & (upright[:, 3] >= middle[:, None])).any(axis=1)
    top, bottom = lines[:-1][walled], lines[1:][walled]
    side = np.full(len(top), edge)
    return np.stack([side, top, side, bottom], axis=1).astype(np.float32)


def _distinct(positions: "Floats") -> "Floats":
    level = _levels(positions, SNAP)
    means: Floats = np.bincount(level, positions) / np.bincount(level)
    return means


def merged(edges: "Floats", places: "Ints", starts: "Floats", ends: "Floats") -> "tuple[Floats, Ints]":
    """The edges with those made one that only a strip parts in which no character has room, and the place of each
    stroke among them. `starts` and `ends` are those of the characters.
    """
    near = np.flatnonzero(np.diff(edges) < STRIP)
    if not len(near):
        return edges, places
    joins = np.zeros(len(edges), np.bool_)
    first = -1.0
    for place in near.tolist():
        first = first if joins[place] else float(edges[place])
        left, right = float(edges[place]) - ROOM, float(edges[place + 1]) + ROOM
        joins[place + 1] = right - first < STRIP and not ((starts >= left) & (ends <= right)).any()
    if not joins.any():
        return edges, places
    group = np.cumsum(~joins) - 1
    means = np.bincount(group, edges) / np.bincount(group)
    return means.astype(np.float32), group[places]
