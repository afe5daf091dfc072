"""Rows whose texts fill them from top to bottom, so that no gap parts them: each text stands in the middle of its row,
at the height of the figures.
"""

from collections.abc import Callable, Sequence
from statistics import fmean

from extract.amounts import AMOUNT
from extract.reading.pieces import Piece, is_figure
from extract.reading.unruled_columns import columns_of
from extract.reading.unruled_headers import LEVEL

OFF = 0.25  # of a character's height: so far the middle of a text may be off that of its row; a line too many is half


def centred_rows(lines: Sequence[Piece]) -> list[list[Piece]]:
    """The rows of the lines of a table's body, those of one text joined. None where a text does not stand in the middle
    of a row that has figures, or nothing tells whose it is. A code may begin the first line of a name; then only the
    amounts tell where the middle is.
    """
    return _around(lines, is_figure) or _around(lines, _is_amount)


def _is_amount(piece: Piece) -> bool:
    return AMOUNT.fullmatch(piece.text) is not None


def _around(lines: Sequence[Piece], in_middle: Callable[[Piece], bool]) -> list[list[Piece]]:
    rows = _levels([one for one in lines if in_middle(one)])
    heights = [fmean(one.middle for one in row) for row in rows]
    for left, right in columns_of(lines):
        texts = [one for one in lines if left <= one.x0 < right and not in_middle(one)]
        shares = _shared(_levels(texts), heights)
        if shares is None:
            return []
        for row, own in zip(rows, shares, strict=True):
            row += [_joined(own)] if own else []
    return rows


def _levels(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """The pieces of each line, from the top."""
    levels: list[list[Piece]] = []
    for one in sorted(pieces, key=lambda one: one.middle):
        if levels and one.middle - levels[-1][0].middle < LEVEL:
            levels[-1].append(one)
        else:
            levels.append([one])
    return levels


def _shared(lines: Sequence[Sequence[Piece]], heights: Sequence[float]) -> list[list[Piece]] | None:
    """Which of the lines of a column each row has; None where they do not come out even."""
    shares: list[list[Piece]] = []
    start = 0
    edges = [float("-inf"), *heights, float("inf")]
    for before, height, after in zip(edges, heights, edges[2:], strict=False):
        end = start  # a row may have no text in this column
        for last in range(start, len(lines)):
            if lines[start][0].middle <= before + LEVEL or lines[last][0].middle >= after - LEVEL:
                break  # what stands beside the figures of another row is that row's
            if _is_middle(lines[start : last + 1], height):
                end = last + 1
                break
        shares.append([one for line in lines[start:end] for one in line])
        start = end
    return shares if start == len(lines) else None


def _is_middle(lines: Sequence[Sequence[Piece]], height: float) -> bool:
    first, last = lines[0][0], lines[-1][0]
    return abs((first.middle + last.middle) / 2 - height) < OFF * first.height


def _joined(pieces: Sequence[Piece]) -> Piece:
    return Piece(
        min(one.x0 for one in pieces),
        min(one.top for one in pieces),
        max(one.x1 for one in pieces),
        max(one.bottom for one in pieces),
        "".join(one.text for line in _levels(pieces) for one in sorted(line)),
    )
