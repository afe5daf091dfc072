"""Text that stands in columns without rulings → the walls that its cells would have.

Columns come from what stands above each other: the cells of the body and the lowest cells of the header. Rows come from
baselines: lines of one cell are closer to each other than rows are. A cell of the header stands in the middle of what
it spans. Where that does not give a table, nothing is laid.
"""

import re
from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import compress, pairwise
from typing import TYPE_CHECKING

import numpy as np

from extract.amounts import AMOUNT
from extract.reading.pieces import (
    CLOSER,
    ITEM,
    LINE_GAP,
    MANY,
    MARGIN,
    NOTE,
    WIDEST,
    Piece,
    Wall,
    blocks_of,
    frame,
    is_figure,
    midway,
    pieces_of,
    row_gap,
    rows_of,
    with_names,
)
from extract.reading.rulings import without_underlines
from extract.reading.unruled_columns import apart, columns_of, headed
from extract.reading.unruled_doubts import is_bridged, is_broken, is_numbering, is_over_several, runs_over
from extract.reading.unruled_forms import laid_form, laid_on
from extract.reading.unruled_headers import LEVEL, is_in_middle, lowest_of, spans_of, spelled
from extract.reading.unruled_rows import centred_rows
from extract.reading.unruled_tables import ACROSS, ends_of_tables, foot_of_header, rules_across

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from extract.model.page import Boxes

HEAD_GAP = 1.2  # of a character's height: what stands alone farther above a header is its caption
HEADS_GAP = 4.0  # of a character's height: cells of a header that stand beside each other are not farther above it
HEAD_ROWS = 1.5  # times how far rows are apart: so far are those of a header, at most
BLANK_ROWS = 2.0  # times how far rows are apart: a wider gap ends a table
HEAD_ROW = 30.0  # points: the rule above a row of a header is not farther from its text
ASIDE = 30.0  # points: a heading is not farther off the middle of columns whose edges only their texts tell
WIDE = 0.2  # of the width of wide ones: the same
NOTES = 2  # sentences that may stand on the page of a table without rows
MOST = 0.8  # of the amounts of a page are in its table
LISTED = 3  # words beside each other; more are a line of a list
FEWEST = 3  # amounts that stand in columns make a table
STANDING_ALONE = re.compile(rf"(?<!\S){AMOUNT.pattern}(?!\S)")
_SENTENCE = re.compile("[。；]")
_FOLIO = re.compile("[-—–－―]*[0-9]{1,4}[-—–－―]*|第[0-9]{1,4}页(?:[,，/]?共[0-9]{1,4}页)?")
_SAID = re.compile("[。；，]|(?<!其中)[：:]")
_WORD = r"(?:[^\s0-9A-Za-z。，]{2,12}|[一-鿿](?: [一-鿿]){1,3})"  # letters may be spaced
_HEADINGS = re.compile(rf"^{_WORD}(?: {_WORD}){{2,}}$", re.MULTILINE)


def has_columns(text: str) -> bool:
    """Whether amounts stand alone on the lines of a text, as they do in a table, or short words beside each other."""
    return sum(1 for _ in STANDING_ALONE.finditer(text)) >= FEWEST or _HEADINGS.search(text) is not None


def has_list(text: str) -> bool:
    """Whether lines of a text are short words beside each other, as a list that goes on from the page before prints."""
    return any(len(line.split()) > LISTED for line in text.split("\n"))


def laid_list(glyphs: str, boxes: "Boxes", before: Sequence[float]) -> "Boxes":
    """The walls of a list that goes on from the page before, whose column edges are `before`, on a page without closed
    cells; none if it prints none.
    """
    pieces = _without_folio(pieces_of(glyphs, boxes))
    return _strokes(laid_on(blocks_of(pieces, row_gap(pieces)), before)) if len(pieces) <= MANY else _none()


def laid(glyphs: str, boxes: "Boxes", rules: "Boxes", before: Sequence[float] = ()) -> "Boxes":
    """The walls of the tables that a page without closed cells prints; none if it prints none. `rules` are flat,
    `before` the column edges of the page before, on which its rows may go on.
    """
    ends = ends_of_tables(pieces_of(glyphs, boxes), without_underlines(rules, rules[:0], boxes)) if len(rules) else []
    walls = []
    for top, bottom in pairwise([float("-inf"), *ends, float("inf")]):
        own, held = _between(boxes, top, bottom), _between(rules, top - MARGIN, bottom + MARGIN)
        part = "".join(compress(glyphs, own)) if ends else glyphs
        walls.append(_laid(part, boxes[own], rules[held], before if top == float("-inf") else ()))
    return np.concatenate(walls)


def _between(boxes: "Boxes", top: float, bottom: float) -> "NDArray[np.bool_]":
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    return (middle > top) & (middle < bottom)


def _laid(glyphs: str, boxes: "Boxes", rules: "Boxes", before: Sequence[float]) -> "Boxes":
    """The walls of one table."""
    pieces = _without_folio(pieces_of(glyphs, boxes))
    amounts = [piece for piece in pieces if AMOUNT.fullmatch(piece.text)]
    if (0 < len(amounts) < FEWEST and not before) or len(pieces) > MANY:
        return _none()
    ways = [pieces, named] if (named := with_names(pieces)) else [pieces]
    tries = (_laid_as(way, glyphs, boxes, rules, before, apart) for way in ways for apart in (WIDEST, LINE_GAP))
    return next((walls for walls in tries if len(walls)), _none())


def _laid_as(
    pieces: Sequence[Piece], glyphs: str, boxes: "Boxes", rules: "Boxes", before: Sequence[float], apart: float
) -> "Boxes":
    """The walls if lines of one heading are at most `apart`, in heights of a character."""
    amounts = [piece for piece in pieces if AMOUNT.fullmatch(piece.text)]
    first = min((piece.top for piece in amounts), default=None)
    flat = without_underlines(rules, rules[:0], boxes)
    bands = _bands(pieces, flat, first)
    blocks = blocks_of(
        [one for one in pieces if not _within(one, bands)],
        row_gap(pieces),
        float("-inf") if first is None else first,
        flat,
        apart,
    )
    ruled = [cells for band in bands if (cells := _cells([one for one in pieces if _within(one, [band])]))]
    blocks += [cell for cells in ruled for cell in cells]
    if first is None:
        first = _foot_of_headings(blocks)
    if form := laid_form(blocks) or (laid_on(blocks, before) if len(amounts) < FEWEST else []):
        return _strokes(form)
    head, body = _parts(blocks, first, rules)
    if before and amounts and not head:
        return _going_on(before, glyphs, boxes, len(amounts))
    if ruled:
        return _walls(pieces, head, ruled, boxes, [end for _, end in bands])
    foot = foot_of_header(rules_across(flat), pieces, first) or max((one.bottom for one in head), default=None)
    if foot is not None and len(walls := _around_figures(pieces, blocks, rules, boxes, foot)):
        return walls
    rows = rows_of(body)
    return _walls(pieces, head, rows[: _end(rows)] if amounts else [], boxes)


def _around_figures(
    pieces: Sequence[Piece], blocks: Sequence[Piece], rules: "Boxes", boxes: "Boxes", foot: float
) -> "Boxes":
    """The walls of a table whose header ends at `foot` and whose texts stand in the middle of their rows."""
    head, _ = _parts(blocks, foot, rules)
    lines = [one for one in pieces if one.middle > foot]
    first = min((one.middle for one in lines), default=0.0)
    numbering = [one for one in lines if one.middle - first < LEVEL]
    if is_numbering(numbering):
        head, lines = [*head, *numbering], [one for one in lines if one not in numbering]
    rows = centred_rows(lines)
    return _none() if not rows or is_bridged(rows) else _walls(pieces, head, rows, boxes)


def _walls(
    pieces: Sequence[Piece],
    head: Sequence[Piece],
    rows: Sequence[Sequence[Piece]],
    boxes: "Boxes",
    ends: Sequence[float] = (),
) -> "Boxes":
    """The walls of a header and rows, which end at `ends` where that is known; none if they make no table."""
    last = max((one.middle for one in head), default=0.0)
    numbering = [one for one in head if last - one.middle < LEVEL]
    if rows and not ends and is_numbering(numbering):  # it stands in the columns as a row does, not in their middle
        head, rows = [one for one in head if one not in numbering], [numbering, *rows]
    lowest = lowest_of(head, rows) if head else []
    if _is_prose(pieces, lowest, rows):
        return _none()
    upper = spelled([one for one in head if one not in lowest])
    parted = apart(spelled(lowest, columns_of(one for row in rows for one in row)), rows, boxes)
    if parted is None:
        return _none()
    head, lowest = [*upper, *parted], parted
    columns = headed(columns_of([*lowest, *(one for row in rows for one in row)]), lowest, rows)
    if len(columns) < 2 or (not ends and is_broken(rows)):
        return _none()
    xs = [columns[0][0] - MARGIN]
    xs += [*midway(columns), columns[-1][1] + MARGIN]
    foot = max(one.bottom for one in head)
    ys = _edges(rows, foot) if rows else [foot + MARGIN]
    if ends:
        ys = [ys[0], *(next(end for end in ends if end > row[0].middle) for row in rows)]
    spans = spans_of(head, lowest, columns, xs, ys[0])
    if spans is None or any(is_over_several(span, xs, rows) for span in spans if span.bottom >= ys[0]):
        return _none()
    if not all(is_in_middle(span, head, xs, max(ASIDE, WIDE * (xs[span.end] - xs[span.start]))) for span in spans):
        return _none()
    walls = [wall for span in spans for wall in frame(xs[span.start], span.top, xs[span.end], span.bottom)]
    return _strokes([*walls, *_lattice(xs, ys)])


def body_below(xs: Sequence[float], bottom: float, end: float, glyphs: str, boxes: "Boxes") -> "Boxes":
    """The walls of rows below a table that is ruled down to `bottom` with these column edges; none if none stand there
    before `end`.
    """
    inside = (boxes[:, 1] > bottom - MARGIN) & (boxes[:, 3] < end)
    chosen = np.flatnonzero(inside)
    if not len(chosen):
        return _none()
    text = "".join(glyphs[place] for place in chosen.tolist())
    pieces = pieces_of(text, boxes[chosen], xs)
    if len(pieces) > MANY:
        return _none()
    blocks = blocks_of(pieces, row_gap(pieces))
    rows = rows_of(blocks)
    rows = rows[: _end(rows, xs)]
    while rows and not _is_row(rows[-1], xs):
        rows.pop()
    if not rows or is_broken(rows) or min(one.top for one in rows[0]) - bottom > 2 * rows[0][0].height:
        return _none()
    return _strokes(_lattice(xs, _edges(rows, bottom, bottom)))


def rows_inside(xs: Sequence[float], top: float, bottom: float, glyphs: str, boxes: "Boxes") -> "Boxes":
    """The walls between the rows of a strip of cells that have no rules between; none if a column of it holds anything
    beside amounts, or no column holds several.
    """
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    centre = (boxes[:, 0] + boxes[:, 2]) / 2
    chosen = np.flatnonzero((middle > top) & (middle < bottom) & (centre > xs[0]) & (centre < xs[-1]))
    pieces = pieces_of("".join(glyphs[place] for place in chosen.tolist()), boxes[chosen], xs)
    held = [[one for one in pieces if left < one.centre < right] for left, right in pairwise(xs)]
    if not any(len(column) > 1 and all(AMOUNT.fullmatch(one.text) for one in column) for column in held):
        return _none()
    rows = rows_of(blocks_of(pieces, row_gap(pieces)))
    if len(rows) < 2 or is_broken(rows):
        return _none()
    return _strokes([(xs[0], y, xs[-1], y) for y in _edges(rows, top, top)[1:-1]])


def _is_row(row: Sequence[Piece], xs: Sequence[float]) -> bool:
    """Whether a line below a table is a row of it: it has an amount or a numbered item, or text in most columns."""
    if any(AMOUNT.fullmatch(one.text) or ITEM.match(one.text) for one in row):
        return True
    filled = {bisect(xs, one.centre) for one in row}
    return len(filled) >= FEWEST and 2 * len(filled) >= len(xs) - 1


def _speaks(row: Sequence[Piece]) -> bool:
    """Whether a line is one of a note: it has no amount, and runs on over the edges of columns."""
    if not any(_SAID.search(one.text) for one in row) or any(AMOUNT.fullmatch(one.text) for one in row):
        return False
    return any(0 <= after.x0 - before.x1 < after.height / 2 for before, after in pairwise(sorted(row)))


def _going_on(before: Sequence[float], glyphs: str, boxes: "Boxes", amounts: int) -> "Boxes":
    """The walls of rows that begin at the top of a page, in the columns of the page before; none unless most amounts of
    the page are in them.
    """
    xs = _beside(before, columns_of(pieces_of(glyphs, boxes)))
    walls = body_below(xs, float(boxes[:, 1].min()), float(boxes[:, 3].max()) + MARGIN, glyphs, boxes)
    if not len(walls):
        return walls
    foot = float(walls[:, 3].max())
    held = sum(AMOUNT.fullmatch(one.text) is not None and one.bottom < foot for one in pieces_of(glyphs, boxes))
    return walls if held >= MOST * amounts else _none()


def _beside(edges: Sequence[float], columns: Sequence[tuple[float, float]]) -> list[float]:
    """The edges of columns, of which no text of this page tells where they are, moved to the middle of the nearest gap
    between its columns where they would part one.
    """
    moved = list(edges)
    gaps = midway(columns)
    for place, edge in list(enumerate(edges))[1:-1]:
        if any(left + MARGIN < edge < right - MARGIN for left, right in columns):
            nearest = min(gaps, key=lambda gap: abs(gap - edge), default=edge)
            moved[place] = nearest if moved[place - 1] < nearest < edges[place + 1] else edge
    return moved


def _without_folio(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces without those of the last line, if that is the number of the page."""
    foot = max((one.middle for one in pieces), default=0.0)
    last = sorted(one for one in pieces if foot - one.middle < LEVEL)
    if not _FOLIO.fullmatch("".join(one.text for one in last)):
        return list(pieces)
    return [one for one in pieces if one not in last]


# ---- rows with a rule between each of them and the next ---


def _bands(pieces: Sequence[Piece], flat: "Boxes", first: float | None) -> list[tuple[float, float]]:
    """Top and bottom of each row below `first` of a table that has a rule across it between all of its rows, so that
    the figures between two rules are level; none if it has not.
    """
    if first is None or len(flat) < 2:
        return []
    ys = rules_across(flat)
    bands = [(top, bottom) for top, bottom in pairwise(ys) if bottom > first]
    for band in bands:
        own = [one.middle for one in pieces if is_figure(one) and _within(one, [band])]
        if own and max(own) - min(own) > LEVEL:
            return []
    amounts = [one for one in pieces if AMOUNT.fullmatch(one.text)]
    above_header = bool(bands) and bands[0][0] > ys[0]  # else the first rule may be that above the header
    return bands if above_header and all(_within(one, bands) for one in amounts) else []


def _within(piece: Piece, bands: Iterable[tuple[float, float]]) -> bool:
    return any(top < piece.middle < bottom for top, bottom in bands)


def _cells(pieces: Iterable[Piece]) -> list[Piece]:
    """The cells of a row from left to right: what stands above each other is of one."""
    cells: list[list[Piece]] = []
    for one in sorted(pieces):
        if cells and one.x0 < max(other.x1 for other in cells[-1]) - CLOSER:
            cells[-1].append(one)
        else:
            cells.append([one])
    return [
        Piece(
            min(one.x0 for one in cell),
            min(one.top for one in cell),
            max(one.x1 for one in cell),
            max(one.bottom for one in cell),
            "".join(one.text for one in sorted(cell, key=lambda one: (one.middle, one.x0))),
        )
        for cell in cells
    ]


# ---- header and rows -----------------------------------------------------------------------------------------------


def _parts(blocks: Sequence[Piece], first: float, rules: "Boxes") -> tuple[list[Piece], list[Piece]]:
    """The blocks of the header and those of the body, of which the first amount is at `first`."""
    begin = min((one.top for one in blocks if one.bottom > first and one.top < first + one.height), default=first)
    above = sorted((one for one in blocks if one.bottom <= begin + CLOSER), key=lambda one: -one.bottom)
    while above and ITEM.match(above[0].text):  # a row before the first that has an amount
        begin = above[0].top
        above = [one for one in above if one.bottom <= begin + CLOSER]
    body = [one for one in blocks if one.top >= begin - CLOSER]
    head: list[Piece] = []
    top = begin
    rows = rows_of(body)
    space = _pitch(rows)
    first_row = min(one.top for one in rows[1]) - min(one.top for one in rows[0]) if len(rows) > FEWEST else 0.0
    for one in above:
        between, over = _rules_within(rules, one.bottom, top), _rules_within(rules, one.top - HEAD_ROW, one.top)
        closed = bool(head) and _reaches_across(between, body) and not _reaches_across(over, body)
        pitch = HEAD_ROWS * space if head else max(HEAD_ROWS * space, first_row)
        level = [other for other in above if abs(other.middle - one.middle) < LEVEL]
        near = (HEAD_GAP if len(level) == 1 else HEADS_GAP) * one.height  # captions stand alone or say something
        if (
            any(_SAID.search(other.text) for other in level)
            or closed
            or top - one.bottom > max(near, pitch - one.height)
        ):
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


def _rules_within(rules: "Boxes", top: float, bottom: float) -> "Boxes":
    return rules[(rules[:, 1] > top - MARGIN) & (rules[:, 3] < bottom + MARGIN)] if len(rules) else rules


def _reaches_across(rules: "Boxes", body: Sequence[Piece]) -> bool:
    if not len(rules) or not body:
        return False
    width = max(one.x1 for one in body) - min(one.x0 for one in body)
    _, level = np.unique((rules[:, 1] / LEVEL).round(), return_inverse=True)
    covered = np.bincount(level, rules[:, 2] - rules[:, 0])
    return float(covered.max()) > ACROSS * width


def _end(rows: Sequence[Sequence[Piece]], xs: Sequence[float] = ()) -> int:
    """How many of the rows belong to the table: up to a sentence, a text over several columns, or a wide gap."""
    usual = float(np.median([one.height for row in rows for one in row])) if rows else 0.0
    for number, row in enumerate(rows):
        if any(_SENTENCE.search(one.text) or NOTE.match(one.text) for one in row):
            return number
        columns = [] if xs else columns_of(one for before in rows[:number] for one in before)
        if any(runs_over(one, columns, rows[:number]) for one in row):
            return number
        if any(one.x0 < x - MARGIN and x + MARGIN < one.x1 for one in row for x in xs):
            return number
        if xs and (any(one.x1 < xs[0] or one.x0 > xs[-1] for one in row) or _speaks(row)):
            return number
        far = max(3 * usual, BLANK_ROWS * _pitch(rows[:number]))
        below = min(one.top for one in row) - max(one.bottom for one in rows[number - 1]) if number else 0.0
        if below > far and not _ends_alike(row, rows[:number]):
            return number
    return len(rows)


def _ends_alike(row: Sequence[Piece], rows: Sequence[Sequence[Piece]]) -> bool:
    """Whether the amounts of a line, several, all end where amounts of rows above it do: blank rows are between."""
    own = [one.x1 for one in row if AMOUNT.fullmatch(one.text)]
    above = [one.x1 for other in rows for one in other if AMOUNT.fullmatch(one.text)]
    return len(own) > 1 and all(any(abs(end - other) < MARGIN for other in above) for end in own)


def _pitch(rows: Sequence[Sequence[Piece]]) -> float:
    """How far rows are usually apart, from top to top."""
    tops = [min(one.top for one in row) for row in rows]
    return float(np.median(np.diff(tops))) if len(tops) > FEWEST else 0.0


def _edges(rows: Sequence[Sequence[Piece]], above: float, top: float | None = None) -> list[float]:
    """The edges of rows, in the middle between them."""
    starts = [min(one.top for one in row) for row in rows]
    ends = [max(one.bottom for one in row) for row in rows]
    first = (above + starts[0]) / 2 if top is None else top
    inner = [(end + start) / 2 for end, start in zip(ends, starts[1:], strict=False)]
    return [first, *inner, ends[-1] + MARGIN]


def _lattice(xs: Sequence[float], ys: Sequence[float]) -> list[Wall]:
    return [*((xs[0], y, xs[-1], y) for y in ys), *((x, ys[0], x, ys[-1]) for x in xs)]


def _strokes(walls: Sequence[Wall]) -> "Boxes":
    return np.array(walls, np.float32).reshape(-1, 4)


def _none() -> "Boxes":
    return np.empty((0, 4), np.float32)
