"""Text that stands in columns without rulings → the walls that its cells would have.

Columns come from what stands above each other: the cells of the body and the lowest cells of the header. Rows come from
baselines: lines of one cell are closer to each other than rows are. A cell of the header stands in the middle of what
it spans. Where that does not give a table, nothing is laid.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from extract.model.page import Boxes

LINE_STEP = 0.45  # of a character's height: centres farther apart are on two lines
PIECE_GAP = 0.2  # of a character's height: a wider gap parts two pieces of a line
LINE_GAP = 0.45  # of a character's height: lines of one cell are not farther apart, where no rows tell
CLOSER = 0.5  # points: lines of one cell are so much closer than rows
WIDEST = 0.6  # of a character's height: the widest gap between lines of one cell
HEAD_GAP = 1.2  # of a character's height: what is farther above a header is its caption
HEAD_ROW = 30.0  # points: the rule above a row of a header is not farther from its text
LEVEL = 4.0  # points: tops of header cells nearer than this are one
MARGIN = 1.5  # points: from the text of the first and last column to the edge of the table
NOTES = 2  # sentences that may stand on the page of a table without rows
MOST = 0.8  # of the amounts of a page are in its table
FEWEST = 3  # amounts that stand in columns make a table
ACROSS = 0.8  # of a table's width: a rule so long is one of the table, not of a cell
NUMBER = re.compile(r"[-−△▲(（]?[\d,]+\.\d+[)）]?|\d{2,7}")
AMOUNT = re.compile(r"[-−△▲(（]?[\d,]+\.\d+[)）]?")
STANDING_ALONE = re.compile(r"(?<!\S)[-−△▲(（]?[\d,]+\.\d+[)）]?(?!\S)")
_SENTENCE = re.compile("[。；]")
_SAID = re.compile("[。；，：:]")
_HEADINGS = re.compile(r"^[^\s\d。，]{2,12}(?: [^\s\d。，]{2,12}){2,}$", re.MULTILINE)
_ITEM = re.compile(r"[(（]?[一二三四五六七八九十]{1,3}[)）、]")


class Piece(NamedTuple):
    """Characters that stand together: on one line, or on several of one cell."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


class Span(NamedTuple):
    """A cell of a header: its first column, the one after its last, its top and its bottom."""

    start: int
    end: int
    top: float
    bottom: float


def has_columns(text: str) -> bool:
    """Whether amounts stand alone on the lines of a text, as they do in a table, or short words beside each other."""
    return sum(1 for _ in STANDING_ALONE.finditer(text)) >= FEWEST or _HEADINGS.search(text) is not None


def laid(glyphs: str, boxes: "Boxes", rules: "Boxes") -> "Boxes":
    """The walls of the table that a page without closed cells prints; none if it prints none. `rules` are flat."""
    pieces = _pieces(glyphs, boxes)
    amounts = [piece for piece in pieces if AMOUNT.fullmatch(piece.text)]
    if 0 < len(amounts) < FEWEST:
        return _none()
    blocks = _blocks(pieces, _row_gap(pieces))
    first = min((piece.top for piece in amounts), default=None)
    if first is None:
        first = _foot_of_headings(blocks)
    head, body = _parts(blocks, first, rules)
    rows = _rows(body)
    rows = rows[: _end(rows)] if amounts else []
    lowest = _lowest(head) if head else []
    if _is_prose(pieces, lowest, rows):
        return _none()
    columns = _headed(_columns([*lowest, *(one for row in rows for one in row)]), lowest, rows)
    if len(columns) < 2 or _is_broken(rows):
        return _none()
    xs = [columns[0][0] - MARGIN]
    xs += [(left[1] + right[0]) / 2 for left, right in pairwise(columns)] + [columns[-1][1] + MARGIN]
    foot = max(one.bottom for one in head)
    ys = _edges(rows, foot) if rows else [foot + MARGIN]
    spans = _spans(head, lowest, columns, xs, ys[0])
    if spans is None:
        return _none()
    walls = [wall for span in spans for wall in _frame(xs[span.start], span.top, xs[span.end], span.bottom)]
    return _strokes([*walls, *_lattice(xs, ys)])


def body_below(xs: Sequence[float], bottom: float, end: float, glyphs: str, boxes: "Boxes") -> "Boxes":
    """The walls of rows below a table that is ruled down to `bottom` with these column edges; none if none stand there
    before `end`.
    """
    inside = (boxes[:, 1] > bottom - MARGIN) & (boxes[:, 3] < end)
    chosen = np.flatnonzero(inside)
    text = "".join(glyphs[place] for place in chosen.tolist())
    if "." not in text:
        return _none()
    pieces = _pieces(text, boxes[chosen], xs)
    blocks = _blocks(pieces, _row_gap(pieces))
    rows = _rows(blocks)
    rows = rows[: _end(rows, xs)]
    while rows and not any(AMOUNT.fullmatch(one.text) for one in rows[-1]):
        rows.pop()
    if not rows or _is_broken(rows) or min(one.top for one in rows[0]) - bottom > 2 * rows[0][0].height:
        return _none()
    return _strokes(_lattice(xs, _edges(rows, bottom, bottom)))


# ---- pieces of text ------------------------------------------------------------------------------------------------


def _pieces(glyphs: str, boxes: "Boxes", xs: Sequence[float] = ()) -> list[Piece]:
    """The pieces of each line, parted by gaps and by the column edges that are known."""
    middle, height = (boxes[:, 1] + boxes[:, 3]) / 2, boxes[:, 3] - boxes[:, 1]
    down = np.argsort(middle, kind="stable")
    line = np.zeros(len(boxes), np.intp)
    line[down[1:]] = np.cumsum(np.diff(middle[down]) > LINE_STEP * np.maximum(height[down][1:], height[down][:-1]))
    order = np.lexsort((boxes[:, 0], line))
    column = np.searchsorted(np.array(xs), (boxes[:, 0] + boxes[:, 2]) / 2) if xs else np.zeros(len(boxes), np.intp)
    before, after = order[:-1], order[1:]
    gap = boxes[after, 0] - boxes[before, 2]
    parted = (line[before] != line[after]) | (gap > PIECE_GAP * height[after])
    parted |= (column[before] != column[after]) & (gap > 0)
    found = []
    for members in np.split(order, np.flatnonzero(parted) + 1):
        around = boxes[members]
        (x0, top), (x1, bottom) = around[:, :2].min(axis=0).tolist(), around[:, 2:].max(axis=0).tolist()
        found.append(Piece(x0, top, x1, bottom, "".join(glyphs[place] for place in members.tolist())))
    return found


def _row_gap(pieces: Iterable[Piece]) -> float | None:
    """The smallest gap between numbers, or numbered items, that stand above each other: rows are not closer."""
    edged = [(round(one.x1), one) for one in pieces if NUMBER.fullmatch(one.text)]
    edged += [(-round(one.x0), one) for one in pieces if _ITEM.match(one.text)]
    edged.sort(key=lambda one: (one[0], one[1].top))
    gaps = [
        low.top - high.bottom
        for (x, high), (other, low) in pairwise(edged)
        if abs(x - other) <= MARGIN and low.top > high.bottom
    ]
    return min(gaps, default=None)


def _blocks(pieces: Sequence[Piece], row_gap: float | None) -> list[Piece]:
    """The pieces with the lines of one cell joined."""
    blocks: list[Piece] = []
    for piece in sorted(pieces, key=lambda one: one.top):
        close = LINE_GAP * piece.height if row_gap is None else min(row_gap - CLOSER, WIDEST * piece.height)
        place = next(
            (
                place
                for place in range(len(blocks) - 1, -1, -1)
                if blocks[place].x0 < piece.x1
                and piece.x0 < blocks[place].x1
                and -CLOSER <= piece.top - blocks[place].bottom < close
                and not (
                    _ITEM.match(piece.text) or NUMBER.fullmatch(piece.text) or NUMBER.fullmatch(blocks[place].text)
                )
            ),
            None,
        )
        if place is None:
            blocks.append(piece)
        else:
            one = blocks[place]
            blocks[place] = Piece(
                min(one.x0, piece.x0), one.top, max(one.x1, piece.x1), piece.bottom, one.text + piece.text
            )
    return blocks


# ---- header and rows -----------------------------------------------------------------------------------------------


def _parts(blocks: Sequence[Piece], first: float, rules: "Boxes") -> tuple[list[Piece], list[Piece]]:
    """The blocks of the header and those of the body, of which the first amount is at `first`."""
    begin = min((one.top for one in blocks if one.bottom > first and one.top < first + one.height), default=first)
    above = sorted((one for one in blocks if one.bottom <= begin + CLOSER), key=lambda one: -one.bottom)
    while above and _ITEM.match(above[0].text):  # a row before the first that has an amount
        begin = above[0].top
        above = [one for one in above if one.bottom <= begin + CLOSER]
    body = [one for one in blocks if one.top >= begin - CLOSER]
    head: list[Piece] = []
    top = begin
    for one in above:
        between, over = _rules_within(rules, one.bottom, top), _rules_within(rules, one.top - HEAD_ROW, one.top)
        closed = bool(head) and _reaches_across(between, body) and not _reaches_across(over, body)
        if _SAID.search(one.text) or closed or top - one.bottom > HEAD_GAP * one.height:
            break
        head.append(one)
        top = min(top, one.top)
    return head, body


def _is_prose(pieces: Sequence[Piece], lowest: Sequence[Piece], rows: Sequence[Sequence[Piece]]) -> bool:
    """Whether what looks like a table stands in prose: most amounts of the page are outside of it, or it has no row and
    sentences around it. A note may be one.
    """
    if not lowest or any(_SENTENCE.search(one.text) for one in lowest):
        return True
    if not rows:
        return len(lowest) < FEWEST or sum(bool(_SENTENCE.search(one.text)) for one in pieces) > NOTES
    inside = sum(AMOUNT.fullmatch(one.text) is not None for row in rows for one in row)
    return inside < MOST * sum(AMOUNT.fullmatch(one.text) is not None for one in pieces)


def _foot_of_headings(blocks: Sequence[Piece]) -> float:
    """Where the header of a table without a row ends: below the lowest level that has many blocks."""
    foots = [
        one.bottom
        for one in blocks
        if sum(abs(one.middle - other.middle) < LEVEL for other in blocks) >= FEWEST and not _SAID.search(one.text)
    ]
    return max(foots, default=0.0) + CLOSER


def _lowest(head: Sequence[Piece]) -> list[Piece]:
    """The cells of a header that reach down to the body: nothing is below them, and their middles are not above that
    of the header.
    """
    middle = (min(one.top for one in head) + max(one.bottom for one in head)) / 2
    return [
        one
        for one in head
        if one.middle >= middle - CLOSER
        and not any(other.top > one.middle and other.x0 < one.x1 and one.x0 < other.x1 for other in head)
    ]


def _rules_within(rules: "Boxes", top: float, bottom: float) -> "Boxes":
    return rules[(rules[:, 1] > top - MARGIN) & (rules[:, 3] < bottom + MARGIN)] if len(rules) else rules


def _reaches_across(rules: "Boxes", body: Sequence[Piece]) -> bool:
    if not len(rules) or not body:
        return False
    width = max(one.x1 for one in body) - min(one.x0 for one in body)
    _, level = np.unique((rules[:, 1] / LEVEL).round(), return_inverse=True)
    covered = np.bincount(level, rules[:, 2] - rules[:, 0])
    return float(covered.max()) > ACROSS * width


def _rows(body: Sequence[Piece]) -> list[list[Piece]]:
    """Blocks that stand beside each other."""
    rows: list[list[Piece]] = []
    low = float("-inf")
    for one in sorted(body, key=lambda one: one.top):
        if not rows or one.top > low - CLOSER:
            rows.append([])
            low = one.bottom
        rows[-1].append(one)
        low = max(low, one.bottom)
    return rows


def _end(rows: Sequence[Sequence[Piece]], xs: Sequence[float] = ()) -> int:
    """How many of the rows belong to the table: up to a sentence, a text over several columns, or a wide gap."""
    usual = float(np.median([one.height for row in rows for one in row])) if rows else 0.0
    for number, row in enumerate(rows):
        if any(_SENTENCE.search(one.text) for one in row):
            return number
        columns = [] if xs else _columns(one for before in rows[:number] for one in before)
        if any(sum(x0 < one.x1 and one.x0 < x1 for x0, x1 in columns) > 1 for one in row):
            return number
        if any(one.x0 < x - MARGIN and x + MARGIN < one.x1 for one in row for x in xs):
            return number
        if xs and any(one.x1 < xs[0] or one.x0 > xs[-1] for one in row):
            return number
        if number and min(one.top for one in row) - max(one.bottom for one in rows[number - 1]) > 3 * usual:
            return number
    return len(rows)


def _is_broken(rows: Sequence[Sequence[Piece]]) -> bool:
    """Whether rows without a code and an amount stand in a table of codes: they are lines of a name, of a row that is
    not known.
    """
    coded = sum(any(one.text.isdecimal() for one in row) for row in rows)
    bare = sum(not any(NUMBER.fullmatch(one.text) for one in row) for row in rows)
    return bare > 0 and 2 * coded > len(rows)


def _columns(pieces: Iterable[Piece]) -> list[tuple[float, float]]:
    """The stretches that pieces stand in, one above the other."""
    found: list[tuple[float, float]] = []
    for one in sorted(pieces, key=lambda one: one.x0):
        if found and one.x0 < found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], one.x1)
        else:
            found.append((one.x0, one.x1))
    return found


def _headed(
    columns: Sequence[tuple[float, float]], lowest: Sequence[Piece], rows: Sequence[Sequence[Piece]]
) -> list[tuple[float, float]]:
    """The columns with each that has no heading joined to the heading beside it that has nothing below: the names of a
    wide column begin at its left, its heading stands in its middle.
    """
    body = [one for row in rows for one in row]
    found = list(columns)
    for column in columns:
        if _holds(column, lowest) or column not in found:
            continue
        place = found.index(column)
        beside = [
            (max(found[one][0] - column[1], column[0] - found[one][1]), one)
            for one in (place - 1, place + 1)
            if 0 <= one < len(found) and not _holds(found[one], body)
        ]
        if beside:
            first, last = sorted((place, min(beside)[1]))
            found[first : last + 1] = [(found[first][0], found[last][1])]
    return found


def _holds(column: tuple[float, float], pieces: Iterable[Piece]) -> bool:
    return any(column[0] <= one.x0 and one.x1 <= column[1] for one in pieces)


def _edges(rows: Sequence[Sequence[Piece]], above: float, top: float | None = None) -> list[float]:
    """The edges of rows, in the middle between them."""
    starts = [min(one.top for one in row) for row in rows]
    ends = [max(one.bottom for one in row) for row in rows]
    first = (above + starts[0]) / 2 if top is None else top
    inner = [(end + start) / 2 for end, start in zip(ends, starts[1:], strict=False)]
    return [first, *inner, ends[-1] + MARGIN]


def _spans(
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
        shares = _shared(sorted(level), free, xs)
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


def _shared(cells: Sequence[Piece], free: Sequence[int], xs: Sequence[float]) -> list[tuple[int, int]] | None:
    """The columns that each cell of a level of a header spans, from left to right: those without a cell of their own at
    that height, so that each cell stands as nearly as possible in the middle of its columns.
    """
    runs: list[list[int]] = []
    for place in free:
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    found: list[tuple[int, int]] = []
    for run in runs:
        own = [one for one in cells if xs[run[0]] < (one.x0 + one.x1) / 2 < xs[run[-1] + 1]]
        if not own:
            continue
        if len(own) > len(run):
            return None
        found += _split(own, run[0], run[-1] + 1, xs)[1]
    return found if len(found) == len(cells) else None


def _split(cells: Sequence[Piece], start: int, end: int, xs: Sequence[float]) -> tuple[float, list[tuple[int, int]]]:
    """How far the cells are off the middle of their columns in the best way to share the columns, and that way."""
    if len(cells) == 1:
        return abs(cells[0].x0 + cells[0].x1 - xs[start] - xs[end]), [(start, end)]
    options = []
    for cut in range(start + 1, end - len(cells) + 2):
        off = abs(cells[0].x0 + cells[0].x1 - xs[start] - xs[cut])
        rest, shares = _split(cells[1:], cut, end, xs)
        options.append((off + rest, [(start, cut), *shares]))
    return min(options)


# ---- walls ---------------------------------------------------------------------------------------------------------

_Wall = tuple[float, float, float, float]


def _frame(x0: float, top: float, x1: float, bottom: float) -> list[_Wall]:
    return [(x0, top, x1, top), (x0, bottom, x1, bottom), (x0, top, x0, bottom), (x1, top, x1, bottom)]


def _lattice(xs: Sequence[float], ys: Sequence[float]) -> list[_Wall]:
    return [*((xs[0], y, xs[-1], y) for y in ys), *((x, ys[0], x, ys[-1]) for x in xs)]


def _strokes(walls: Sequence[_Wall]) -> "Boxes":
    return np.array(walls, np.float32).reshape(-1, 4)


def _none() -> "Boxes":
    return np.empty((0, 4), np.float32)
