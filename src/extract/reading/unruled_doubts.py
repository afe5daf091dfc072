"""What shows that the rows or columns that text was laid in are not those of the table: it is better not read than
read so.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from extract.amounts import AMOUNT, TRIANGLES
from extract.reading.pieces import CLOSER, NUMBER, Piece, is_figure
from extract.reading.unruled_columns import columns_of
from extract.reading.unruled_headers import Span
from extract.reading.unruled_rows import OFF

FEWEST = 3  # numbers of columns
SEVERAL = 1.5  # of a character's height: what is higher has several lines
_AMOUNT = re.compile(rf"{AMOUNT.pattern}|0|[-—–－]+")
_CODED = re.compile("[0-9]+$|[0-9]{3,7}[^-0-9,.%]")  # a code, or one with the name behind it
_INDEX = re.compile("[*]+|[0-9]{1,2}|[A-Za-z]|[行栏]次")


def is_numbering(row: Sequence[Piece]) -> bool:
    """Whether a row numbers the columns."""
    return len(row) >= FEWEST and all(_INDEX.fullmatch(one.text) for one in row)


def is_broken(rows: Sequence[Sequence[Piece]]) -> bool:
    """Whether rows without a code and an amount stand in a table of codes, or many in one that has some: they are lines
    of a name, of a row that is not known.
    """
    rows = [row for row in rows if not is_numbering(row)]
    coded = sum(any(_CODED.match(one.text) for one in row) for row in rows)
    bare = sum(not any(NUMBER.fullmatch(one.text) for one in row) for row in rows)
    lost = bare > 0 and coded > 0 and (2 * coded > len(rows) or 3 * bare > len(rows))
    return lost or _is_parted(rows) or any(_is_twofold(row) or _is_off(row) for row in rows)


def _is_parted(rows: Sequence[Sequence[Piece]]) -> bool:
    """Whether a row with a code and without an amount is followed by one with an amount and without a code, where other
    rows have both: they are two lines of one.
    """
    held = [
        (any(_CODED.match(one.text) for one in row), any(_AMOUNT.fullmatch(one.text) for one in row)) for row in rows
    ]
    return (True, True) in held and ((True, False), (False, True)) in pairwise(held)


def _is_twofold(row: Sequence[Piece]) -> bool:
    """Whether figures stand above each other in a row, which are those of two: no cell may hold both."""
    figures = sorted(one for one in row if is_figure(one))
    return any(after.x0 < one.x1 - CLOSER for one, after in pairwise(figures))


def _is_off(row: Sequence[Piece]) -> bool:
    """Whether a text of several lines stands neither beside the figures of its row nor around them: a line of it is
    another row's, or one is missing.
    """
    figures = [one for one in row if is_figure(one)]
    if not figures:
        return False
    height = figures[0].height
    top, bottom = min(one.top for one in figures), max(one.bottom for one in figures)
    return any(
        one.height > SEVERAL * height
        and min(abs(one.top - top), abs(one.bottom - bottom), abs(one.top + one.bottom - top - bottom) / 2)
        > OFF * height
        for one in row
        if not is_figure(one)
    )


def is_bridged(rows: Sequence[Sequence[Piece]]) -> bool:
    """Whether a text stands over columns that hold something side by side in other rows, so that they seem one."""
    for place, row in enumerate(rows):
        others = [*rows[:place], *rows[place + 1 :]]
        columns = columns_of(one for other in others for one in other)
        if any(runs_over(one, columns, others) for one in row):
            return True
    return False


def runs_over(piece: Piece, columns: Sequence[tuple[float, float]], rows: Iterable[Sequence[Piece]]) -> bool:
    """Whether a text stands over several columns that hold something side by side in a row."""
    under = [(x0, x1) for x0, x1 in columns if x0 < piece.x1 - CLOSER and piece.x0 + CLOSER < x1]
    if len(under) < 2:
        return False
    left, right = under[0][0], under[-1][1]
    return any(sum(left <= one.x0 and one.x1 <= right for one in row) > 1 for row in rows)


def is_over_several(span: Span, xs: Sequence[float], rows: Iterable[Sequence[Piece]]) -> bool:
    """Whether the lowest cell of a header stands over numbers beside each other, or over one beside a text: nobody can
    say which of them it names, and no cell may hold both. The parts of a code may stand so, and a sign of its number.
    """
    left, right = xs[span.start], xs[span.end]
    for row in rows:
        held = sorted(one for one in row if left < one.centre < right and one.text not in TRIANGLES)
        parts = all(one.text.isdecimal() and one.text != "0" for one in held) and not is_numbering(row)
        if any(map(_is_number, held[1:])) and not parts:
            return True
    return False


def _is_number(piece: Piece) -> bool:
    return piece.text.isdecimal() or _AMOUNT.fullmatch(piece.text) is not None
