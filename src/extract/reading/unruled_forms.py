"""A form without rulings, with a list below it → the walls that its cells would have.

In the list every text stands in the middle of its cell: columns from the middles of the headings, rows from the last
column, and a label over several rows from its middle. Above it each line has cells of its own.
"""

from collections.abc import Sequence
from itertools import pairwise

from extract.amounts import AMOUNT
from extract.reading.pieces import MARGIN, Piece, Wall, frame, midway, rows_of, shared

CENTRED = 4.0  # points: middles of cells of one column are not farther apart
HEADINGS = 3  # of a list, at least
MOST = 0.6  # of what stands below the headings stands under one of them
OFF = 4.0  # points: a label is not farther off the middle of its rows


def laid_form(blocks: Sequence[Piece]) -> list[Wall]:
    """The walls of a form; none where its list is not as it has to be."""
    heads = _headings(blocks)
    if not heads:
        return []
    top, foot = min(one.top for one in heads), max(one.bottom for one in heads)
    below = [one for one in blocks if one.top >= foot]
    columns = [[one for one in below if abs(one.centre - head.centre) < CENTRED] for head in heads]
    beside = [one for one in below if not any(one in column for column in columns)]
    inks = [
        (min(one.x0 for one in (head, *column)), max(one.x1 for one in (head, *column)))
        for head, column in zip(heads, columns, strict=True)
    ]
    amounts = sum(AMOUNT.fullmatch(one.text) is not None for one in columns[-1])
    if not columns[-1] or 2 * amounts > len(columns[-1]) or any(one.x1 > inks[0][0] for one in beside):
        return []
    above = [one for one in blocks if one.bottom <= top + MARGIN]
    left, right = min(one.x0 for one in blocks) - MARGIN, max(one.x1 for one in blocks) + MARGIN
    xs = [left, *([(max(one.x1 for one in beside) + inks[0][0]) / 2] if beside else []), *midway(inks), right]
    ys = [(foot + columns[-1][0].top) / 2, *midway([(one.top, one.bottom) for one in columns[-1]])]
    ys.append(max(one.bottom for one in below) + MARGIN)
    start = (max((one.bottom for one in above), default=top - 2 * MARGIN) + top) / 2
    first = len(xs) - 1 - len(heads)
    walls = [wall for one in range(first, len(xs) - 1) for wall in frame(xs[one], start, xs[one + 1], ys[0])]
    if beside:
        walls += frame(left, start, xs[1], ys[-1])
    for place, column in enumerate(columns, first):
        turned = [Piece(one.top, one.x0, one.bottom, one.x1, one.text) for one in column]
        spans = shared(turned, range(len(ys) - 1), ys) if turned else [(0, len(ys) - 1)]
        if spans is None:
            return []
        for one, (begin, end) in zip(turned, spans, strict=False):
            if abs((one.x0 + one.x1) - (ys[begin] + ys[end])) > 2 * OFF:
                return []
        walls += [wall for begin, end in spans for wall in frame(xs[place], ys[begin], xs[place + 1], ys[end])]
    return [*_lines(above, left, right, start), *walls]


def _headings(blocks: Sequence[Piece]) -> list[Piece]:
    """The blocks side by side, from left to right, under which most of what is below stands, and least does not."""
    best: tuple[int, list[Piece]] = (0, [])
    for one in sorted(blocks, key=lambda one: one.top):
        level = sorted(other for other in blocks if abs(other.middle - one.middle) < MARGIN)
        below = [other for other in blocks if other.top >= one.bottom]
        if len(level) < HEADINGS or len(below) <= len(level):
            continue
        under = sum(any(abs(other.centre - head.centre) < CENTRED for head in level) for other in below)
        if under > MOST * len(below) and under - 2 * (len(below) - under) > best[0]:
            best = under - 2 * (len(below) - under), level
    return best[1]


def _lines(above: Sequence[Piece], left: float, right: float, bottom: float) -> list[Wall]:
    """The cells of the lines above a list, each line with edges of its own."""
    rows = rows_of(above)
    if not rows:
        return []
    extents = [(min(one.top for one in row), max(one.bottom for one in row)) for row in rows]
    ys = [extents[0][0] - MARGIN, *midway(extents), bottom]
    walls: list[Wall] = []
    for row, (top, foot) in zip(rows, pairwise(ys), strict=True):
        xs = [left, *midway([(one.x0, one.x1) for one in sorted(row)]), right]
        walls += [wall for x0, x1 in pairwise(xs) for wall in frame(x0, top, x1, foot)]
    return walls
