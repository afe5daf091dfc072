"""Which columns stand under which headings, on a page without rulings."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median_low
from typing import TYPE_CHECKING

import numpy as np

from extract.amounts import AMOUNT
from extract.reading.pieces import NUMBER, PIECE_GAP, SPACE, Piece

if TYPE_CHECKING:
    from extract.model.page import Boxes

TOUCH = 0.3  # of a character's height: so far a text may stand into the column beside it, cut by the edge of its cell
GAP = 0.25  # points: between two headings that all but touch there is more
Stretch = tuple[float, float]


def columns_of(pieces: Iterable[Piece]) -> list[Stretch]:
    """The stretches that pieces stand in, one above the other."""
    found: list[Stretch] = []
    ordered = sorted(pieces, key=lambda one: one.x0)
    touch = TOUCH * median_low([one.height for one in ordered]) if ordered else 0.0
    for one in ordered:
        if found and one.x0 + min(touch, (one.x1 - one.x0) / 2) < found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], one.x1)
        else:
            found.append((one.x0, one.x1))
    return found


def apart(lowest: Sequence[Piece], rows: Sequence[Sequence[Piece]], boxes: "Boxes") -> list[Piece] | None:
    """The lowest cells of a header, those that all but touch parted: numbers stand side by side below them. None where
    one stands over amounts side by side and cannot be parted: nobody can say which of them it names.
    """
    found: list[Piece] = []
    for one in lowest:
        below = [[piece for piece in row if _under(piece, one)] for row in rows]
        several = [piece for row in below if len(row) > 1 and any(map(_is_number, row)) for piece in row]
        if not several:
            found.append(one)
            continue
        columns = columns_of(several)
        cuts = [_cut(one, before, after, boxes) for before, after in pairwise(columns)]
        places = [place for place in cuts if place]
        if len(columns) < 2 or len(places) < len(cuts):
            if any(map(_is_amount, several)):
                return None
            found.append(one)  # the parts of a code
            continue
        edges = [(one.x0, one.x0), *places, (one.x1, one.x1)]
        found += [one._replace(x0=left[1], x1=right[0]) for left, right in pairwise(edges)]
    return found


def _under(piece: Piece, heading: Piece) -> bool:
    return heading.x0 < piece.centre < heading.x1


def _is_amount(piece: Piece) -> bool:
    return AMOUNT.fullmatch(piece.text) is not None


def _is_number(piece: Piece) -> bool:
    return NUMBER.fullmatch(piece.text) is not None


def _cut(heading: Piece, before: Stretch, after: Stretch, boxes: "Boxes") -> Stretch | None:
    """The widest gap between the characters of a heading that lies between two columns below it."""
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    own = boxes[
        (middle >= (heading.x0, heading.top)).all(axis=1) & (middle <= (heading.x1, heading.bottom)).all(axis=1)
    ]
    own = own[np.argsort(own[:, 0])]
    ends, starts = np.maximum.accumulate(own[:-1, 2]), own[1:, 0]
    gaps = starts - ends
    between = (starts > sum(before) / 2) & (ends < sum(after) / 2)
    if not between.any():
        return None
    place = int(np.argmax(np.where(between, gaps, -np.inf)))
    others = np.delete(gaps, place)
    wide = PIECE_GAP * (heading.bottom - heading.top)
    if gaps[place] < wide and gaps[place] - float(np.max(others, initial=0.0)) < GAP:
        return None
    return float(ends[place]), float(starts[place])


def headed(columns: Sequence[Stretch], lowest: Sequence[Piece], rows: Sequence[Sequence[Piece]]) -> list[Stretch]:
    """The columns with each that has no heading joined to the heading beside it that has nothing below: the names of a
    wide column begin at its left, its heading stands in its middle, as may names of sums. Amounts end at the right of
    their column, so their heading is not to the right of them.
    """
    found = list(columns)
    while joined := next((pair for place in range(len(found)) if (pair := _joined(found, place, lowest, rows))), None):
        first, last = joined
        found[first : last + 1] = [(found[first][0], found[last][1])]
    return found


def _joined(
    columns: Sequence[Stretch], place: int, lowest: Sequence[Piece], rows: Sequence[Sequence[Piece]]
) -> tuple[int, int] | None:
    """The places of a column that has no heading and of one beside it that is one with it."""
    column = columns[place]
    if _holds(column, lowest):
        return None
    body = [one for row in rows for one in row]
    amounts = all(_is_amount(one) for one in body if column[0] <= one.x0 and one.x1 <= column[1])
    beside = [
        (max(columns[one][0] - column[1], column[0] - columns[one][1]), one)
        for one in ((place - 1,) if amounts else (place - 1, place + 1))
        if 0 <= one < len(columns) and not _holds(columns[one], body)
    ]
    other = min(beside)[1] if beside else None if amounts else _one_with(columns, place, lowest, rows)
    return None if other is None else (min(place, other), max(place, other))


def _one_with(
    columns: Sequence[Stretch], place: int, lowest: Sequence[Piece], rows: Sequence[Sequence[Piece]]
) -> int | None:
    """The place of the headed column beside a column of texts that is one with it: where either is blank wherever the
    other is not, some names begin at the left and others stand in the middle; where a name follows a code at the
    distance of a space, one cell holds both.
    """
    for other in (place + 1, place - 1):
        if 0 <= other < len(columns) and _holds(columns[other], lowest):
            own, held = ([_held(columns[one], row) for row in rows] for one in (place, other))
            both = [(before, after) for before, after in zip(own, held, strict=True) if before and after]
            if both and other > place and all(_is_spelled_on(*one) for one in both):
                return other
            if not both and not any(row and all(map(_is_number, row)) for row in held):
                return other
    return None


def _is_spelled_on(before: Sequence[Piece], after: Sequence[Piece]) -> bool:
    """Whether what stands in a column of a row follows what stands in the column before as the next word does."""
    return min(one.x0 for one in after) - max(one.x1 for one in before) < SPACE * before[-1].height


def _held(column: Stretch, row: Sequence[Piece]) -> list[Piece]:
    return [one for one in row if _holds(column, [one])]


def _holds(column: Stretch, pieces: Iterable[Piece]) -> bool:
    return any(column[0] <= one.x0 and one.x1 <= column[1] for one in pieces)
