"""The header of a table without rulings: which of its cells stand over a column, and what the others span."""

from collections.abc import Sequence
from itertools import pairwise
from math import inf
from typing import NamedTuple

from extract.reading.pieces import CLOSER, MARGIN, Piece, blocks_of, shared
from extract.reading.unruled_columns import columns_of

LEVEL = 4.0  # points: tops of header cells nearer than this are one
LEANING = 0.45  # of a line's height: so near to the middle of its header one of a whole column stands
OFF = 12.0  # points: a heading over several columns is not farther off their middle
FAR = 3.0  # of a character's height: letters of one word are not farther apart


class Span(NamedTuple):
    """A cell of a header: its first column, the one after its last, its top and its bottom."""

    start: int
    end: int
    top: float
    bottom: float


def lowest_of(head: Sequence[Piece], rows: Sequence[Sequence[Piece]]) -> list[Piece]:
    """The cells of a header that reach down to the body: nothing is below them, and their middles are below that of the
    header. About as high may be one of a whole column: it has the column of its own, or does not stand between two
    lower ones, as one that spans them does, and must where nothing else can.
    """
    middle = (min(one.top for one in head) + max(one.bottom for one in head)) / 2
    slack = LEANING * min(one.height for one in head)
    columns = columns_of(one for row in rows for one in row)
    found = []
    for one in head:
        if one.middle < middle - slack or any(
            other.top > one.middle and other.x0 < one.x1 and one.x0 < other.x1 for other in head
        ):
            continue
        lower = [other for other in head if other.top > one.bottom - CLOSER]
        level = [other for other in head if other is not one and other.bottom > one.middle]
        left = max((other for other in level if other.x1 <= one.x0), key=lambda other: other.x1, default=None)
        right = min((other for other in level if other.x0 >= one.x1), key=lambda other: other.x0, default=None)
        between = left in lower and right in lower
        if one.middle <= middle + slack and between and _heads(one, right, head):
            continue
        if one.middle > middle + slack or not between or _has_own(one, lower, columns):
            found.append(one)
    return found


def _heads(one: Piece, right: Piece | None, head: Sequence[Piece]) -> bool:
    """Whether nothing else in a header can stand over the lower cell to the right of one: no other cell that is higher
    than that has its middle farther right.
    """
    return right is not None and not any(
        other.centre > one.x1 and other.middle < right.top for other in head if other is not one
    )


def _has_own(heading: Piece, others: Sequence[Piece], columns: Sequence[tuple[float, float]]) -> bool:
    """Whether a heading is the only one over a column, or the nearest one to its middle."""
    for left, right in columns:
        over = [one for one in (heading, *others) if left < one.x1 and one.x0 < right]
        off = [abs(one.x0 + one.x1 - left - right) for one in others]
        if over == [heading] or all(abs(heading.x0 + heading.x1 - left - right) < one for one in off):
            return True
    return False


def spelled(head: Sequence[Piece], columns: Sequence[tuple[float, float]] | None = None) -> list[Piece]:
    """The cells of a header, single letters beside each other joined: a word of a cell over many columns, or over one
    of those below, which only one of the letters stands over.
    """
    found: list[Piece] = []
    for one in sorted(head, key=lambda one: (round(one.middle), one.x0)):
        last = found[-1] if found else None
        letters = last and len(one.text) == 1 and len(last.text) <= 2 and f"{last.text}{one.text}".isalpha()
        if last and letters and abs(last.middle - one.middle) < CLOSER and one.x0 - last.x1 < FAR * one.height:
            over = [left < each.x1 and each.x0 < right for each in (last, one) for left, right in columns or ()]
            if columns is None or sum(over) == 1:
                found[-1] = last._replace(x1=one.x1, text=last.text + one.text)
                continue
        found.append(one)
    return found


def spans_of(
    head: Sequence[Piece],
    lowest: Sequence[Piece],
    columns: Sequence[tuple[float, float]],
    xs: Sequence[float],
    bottom: float,
) -> list[Span] | None:
    """The cells of a header; None where its cells do not fit the columns.

    A cell that reaches down to the body stands in its middle, so it begins as far above that as its end is below.
    """
    top = min(one.top for one in head) - MARGIN
    foot = max(one.bottom for one in head)
    tops = [top] * len(columns)
    for one in lowest:
        place = next((place for place, (x0, x1) in enumerate(columns) if x0 <= one.x0 and one.x1 <= x1), None)
        if place is None:
            return None
        begins = 2 * one.middle - foot
        tops[place] = max(tops[place], begins) if begins > top + 2 * LEVEL else tops[place]
    spans: list[Span] = []
    upper = sorted((one for one in head if one not in lowest), key=lambda one: one.top)
    while upper:
        level = [one for one in upper if one.middle < upper[0].bottom]
        upper = [one for one in upper if one not in level]
        free = [place for place, begins in enumerate(tops) if begins > max(one.middle for one in level)]
        shares = shared(sorted(level), free, xs)
        if shares is None:
            return None
        for one, (start, end) in zip(sorted(level), shares, strict=True):
            inner = [other for other in upper if xs[start] < (other.x0 + other.x1) / 2 < xs[end]]
            below = (one.bottom + min(other.top for other in inner)) / 2 if inner else min(tops[start:end])
            begins = next((span.bottom for span in reversed(spans) if span.start <= start and end <= span.end), top)
            spans.append(Span(start, end, begins, below))
    for place, begins in enumerate(tops):
        above = [span.bottom for span in spans if span.start <= place < span.end]
        spans.append(Span(place, place + 1, max(above, default=top if begins == top else begins), bottom))
    return spans


def deep_headings(
    texts: Sequence[Piece], body: Sequence[Piece], columns: Sequence[float], bottom: float
) -> Sequence[Span]:
    """The headings of a table whose column edges are known and whose header, of several levels, ends at `bottom` and
    has no rule inside; none where they do not fit the columns, however far lines of one heading are apart. `body` is
    what stands below.
    """
    for widest in (None, inf):
        head = blocks_of(texts, widest, inf)
        lowest = lowest_of(head, [body]) if head else []
        spans = spans_of(head, lowest, list(pairwise(columns)), columns, bottom) if lowest else None
        if spans and _are_of_levels(spans) and all(is_in_middle(span, head, columns, OFF) for span in spans):
            return spans
    return ()


def _are_of_levels(spans: Sequence[Span]) -> bool:
    """Whether headings stand over several columns, and those of a single one over none, where they would be a line of
    it; and every column has one that begins where the header does, which would else be taken for a line of another.
    """
    top = min(span.top for span in spans)
    first = {place for span in spans if span.top == top for place in range(span.start, span.end)}
    single = [span.start for span in spans if span.end == span.start + 1]
    return (
        first == set(range(max(span.end for span in spans)))
        and len(set(single)) == len(single)
        and len(single) < len(spans)
    )


def is_in_middle(span: Span, head: Sequence[Piece], columns: Sequence[float], off: float) -> bool:
    """Whether the text of a heading stands in what it spans: in the middle of several columns, or not farther `off` it,
    and over the edges of none.
    """
    own = [one for one in head if span.top < one.middle < span.bottom and _spans(span, one, columns)]
    left, right = columns[span.start], columns[span.end]
    if span.end > span.start + 1:
        return all(abs(one.centre - (left + right) / 2) < off for one in own)
    return all(left < one.x0 + CLOSER and one.x1 < right + CLOSER for one in own)


def _spans(span: Span, piece: Piece, columns: Sequence[float]) -> bool:
    return columns[span.start] < piece.centre < columns[span.end]
