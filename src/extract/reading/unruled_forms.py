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
    last = columns[-1][-1]
    ys.append(max(last.top + last.bottom - ys[-1], *(one.bottom + MARGIN for one in below)))
    start = (max((one.bottom for one in above), default=top - 2 * MARGIN) + top) / 2
    first = len(xs) - 1 - len(heads)
    walls = [wall for one in range(first, len(xs) - 1) for wall in frame(xs[one], start, xs[one + 1], ys[0])]
    labelled = list(enumerate(columns, first))
    if len(beside) > 1 and all(abs(one.centre - beside[0].centre) < CENTRED for one in beside):
        labelled.append((0, beside))
    elif beside:
        walls += frame(left, start, xs[1], ys[-1])
    inner = _list_walls(sorted(labelled), xs, ys)
    return [*_lines(above, left, right, start), *walls, *inner] if inner else []


def laid_on(blocks: Sequence[Piece], before: Sequence[float]) -> list[Wall]:
    """The walls of a list that goes on from the page before, whose column edges are `before`; none where what stands
    here is not all in the middle of its columns, most of which begin and end where some did there.
    """
    levels = [sorted(other for other in blocks if abs(other.middle - one.middle) < MARGIN) for one in blocks]
    fullest = max(levels, key=len, default=[])
    if len(fullest) <= HEADINGS or not before:
        return []
    places = {one: _place(one, fullest) for one in blocks}
    top = min((level[0].top for level in levels if sum(places[one] is not None for one in level) > 1), default=0.0)
    below = [one for one in blocks if one.top > top - MARGIN]
    columns = [[one for one in below if places[one] == place] for place in range(len(fullest))]
    if not all(columns):
        return []
    inks = [(min(one.x0 for one in column), max(one.x1 for one in column)) for column in columns]
    known = [any(left[1] - MARGIN < edge < right[0] + MARGIN for edge in before) for left, right in pairwise(inks)]
    if sum(map(len, columns)) < len(below) or 2 * sum(known) < len(known):
        return []
    xs = [min(before[0], inks[0][0] - MARGIN), *midway(inks), max(before[-1], inks[-1][1] + MARGIN)]
    rows = [(one.top, one.bottom) for one in columns[-1]]
    inner = midway(rows) or [max(one.bottom for one in below) + MARGIN]
    ys = [sum(rows[0]) - inner[0], *inner, sum(rows[-1]) - inner[-1]] if len(rows) > 1 else [top - MARGIN, *inner]
    return _list_walls(list(enumerate(columns)), xs, ys)


def _place(block: Piece, level: Sequence[Piece]) -> int | None:
    """Which block of a level it stands in the middle of the column of."""
    near = (place for place, one in enumerate(level) if abs(block.centre - one.centre) < CENTRED)
    return next(near, None)


def _list_walls(columns: Sequence[tuple[int, Sequence[Piece]]], xs: Sequence[float], ys: Sequence[float]) -> list[Wall]:
    """The walls of the cells of a list, each column with its place, from left to right; none where a text is not in the
    middle of its cell, or where a cell goes over what parts the column before.
    """
    walls: list[Wall] = []
    parted: set[int] = set()
    for place, column in columns:
        turned = [Piece(one.top, one.x0, one.bottom, one.x1, one.text) for one in column]
        spans = shared(turned, range(len(ys) - 1), ys) if turned else [(0, len(ys) - 1)]
        if spans is None:
            return []
        for one, (begin, end) in zip(turned, spans, strict=False):
            if abs((one.x0 + one.x1) - (ys[begin] + ys[end])) > 2 * OFF or parted & set(range(begin + 1, end)):
                return []
        parted = {begin for begin, _ in spans}
        walls += [wall for begin, end in spans for wall in frame(xs[place], ys[begin], xs[place + 1], ys[end])]
    return walls


def _headings(blocks: Sequence[Piece]) -> list[Piece]:
    """The blocks side by side, from left to right, under which most of what is below stands, and least does not: the
    first of them, as the rows of the list stand as its headings do.
    """
    best: tuple[int, list[Piece]] = (0, [])
    levels = []
    for one in sorted(blocks, key=lambda one: one.top):
        level = sorted(other for other in blocks if abs(other.middle - one.middle) < MARGIN)
        levels.append(level)
        below = [other for other in blocks if other.top >= one.bottom]
        if len(level) < HEADINGS or len(below) <= len(level):
            continue
        under = sum(any(abs(other.centre - head.centre) < CENTRED for head in level) for other in below)
        if under > MOST * len(below) and under - 2 * (len(below) - under) > best[0]:
            best = under - 2 * (len(below) - under), level
    return next((level for level in levels if len(level) >= HEADINGS and _alike(level, best[1])), best[1])


def _alike(level: Sequence[Piece], row: Sequence[Piece]) -> bool:
    """Whether every block of a level stands as one of a row does."""
    return all(any(abs(one.centre - other.centre) < CENTRED for other in row) for one in level)


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
