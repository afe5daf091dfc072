"""Pieces of text on a page without rulings: what stands together on a line or in a cell, what stands beside each other,
and what stands in the middle of what.
"""

import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from extract.amounts import AMOUNT, TRIANGLES
from extract.reading.page_text import LINE_STEP, letter_spacing
from extract.text import Ideographs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from extract.model.page import Boxes

    Flags = NDArray[np.bool_]
    Floats = NDArray[np.floating[Any]]
    Ints = NDArray[np.intp]

SPACE = 0.6  # of a character's height: a name stands no farther from its code, where one cell holds both
EVEN = 0.1  # of a character's height: spaces do not differ more
PIECE_GAP = 0.2  # of a character's height: a wider gap parts two pieces of a line
SPACED = 1.2  # of a character's height: letters of a spaced word do not stand farther apart
TOUCHING = 0.05  # of a character's height: amounts that all but touch are so much farther apart than their digits
LINE_GAP = 0.45  # of a character's height: lines of one cell are not farther apart, where no rows tell
CLOSER = 0.5  # points: lines of one cell are so much closer than rows
WIDEST = 0.6  # of a character's height: the widest gap between lines of one cell
CHAINED = 0.7  # of a character's height: middles of one line are not farther apart
OTHER_TYPE = 0.15  # of a character's height: lines that differ so much are in different types
TIGHT = 0.3  # of a character's height: lines of one cell that stand beside two rows of numbers are closer
FAR = 2.0  # of a character's height: rows that are nowhere closer do not tell how far lines are apart
MARGIN = 1.5  # points: from the text of the first and last column to the edge of the table
NUMBER = re.compile(rf"{AMOUNT.pattern}|\d{{2,7}}|[-—–－]+")  # a dash stands for none
_ALONE = re.compile(rf"{NUMBER.pattern}|\*+")  # what no line of a cell goes on with
_TOTAL = re.compile("(?:[本当]年)?(?:收入|支出)[合总]计|[合总]计")
_CODE = re.compile("[0-9]{3,7}")
_ONLY_AMOUNTS = re.compile(r"[-0-9,.]+")
ITEM = re.compile(r"[(（]?[一二三四五六七八九十]{1,3}[)）、]")
NOTE = re.compile("备?注[:：0-9]|说明[:：]")
_SAID = re.compile("[。：:]")
_STAND_INS = Ideographs({})  # numerals among them: ⼀ for 一
MANY = 3000  # pieces of a page; more are no table
Wall = tuple[float, float, float, float]


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
    def centre(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def is_figure(piece: Piece) -> bool:
    """Whether a piece is a number, that of a column among them."""
    return piece.text.isdecimal() or NUMBER.fullmatch(piece.text) is not None


def pieces_of(glyphs: str, boxes: "Boxes", xs: Sequence[float] = ()) -> list[Piece]:
    """The pieces of each line, parted by gaps and by the column edges that are known."""
    height = boxes[:, 3] - boxes[:, 1]
    spacing = _spacing(boxes)
    line = _lines(boxes, spacing)
    order = np.lexsort((boxes[:, 0], line))
    column = np.searchsorted(np.array(xs), (boxes[:, 0] + boxes[:, 2]) / 2) if xs else np.zeros(len(boxes), np.intp)
    before, after = order[:-1], order[1:]
    gap = boxes[after, 0] - boxes[before, 2] - spacing * height[after]
    same_line = line[before] == line[after]
    parted = ~same_line | (gap > PIECE_GAP * height[after])
    parted |= (column[before] != column[after]) & (gap > 0)
    parted &= ~(same_line & _spaced(glyphs, order, parted, gap / height[after]))
    triangle = np.array([glyph in TRIANGLES for glyph in glyphs], np.bool_)[before]
    parted &= ~(triangle & same_line & (gap < SPACED * height[after]))
    found = []
    for members in np.split(order, np.flatnonzero(parted) + 1):
        text = "".join(glyphs[place] for place in members.tolist())
        for start, end in _amounts(text, boxes[members]):
            around = boxes[members[start:end]]
            (x0, top), (x1, bottom) = around[:, :2].min(axis=0).tolist(), around[:, 2:].max(axis=0).tolist()
            found.append(Piece(x0, top, x1, bottom, _STAND_INS.ordinary(text[start:end])))
    return found


def with_names(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with the name behind each code joined to it, if every code is followed by one at the same distance,
    that of a space: one cell holds both. None of them if not so.
    """
    ordered = sorted(pieces, key=lambda one: (one.x0, one.top))
    codes = [one for one in ordered if _CODE.fullmatch(one.text)]
    names = [next((one for one in ordered if _is_spelled_on(code, one)), None) for code in codes]
    gaps = [(name.x0 - code.x1) / code.height for code, name in zip(codes, names, strict=True) if name]
    if len(gaps) < 2 or len(gaps) < len(codes) or max(gaps) - min(gaps) > EVEN:
        return []
    joined = [
        Piece(code.x0, min(code.top, name.top), name.x1, max(code.bottom, name.bottom), code.text + name.text)
        for code, name in zip(codes, names, strict=True)
        if name
    ]
    parts = {*codes, *names}
    return joined + [one for one in pieces if one not in parts]


def _is_spelled_on(code: Piece, name: Piece) -> bool:
    """Whether a text follows a code as the next word does."""
    level = abs(name.middle - code.middle) < LINE_STEP * code.height
    return level and 0 < name.x0 - code.x1 < SPACE * code.height and not NUMBER.fullmatch(name.text)


def _spacing(boxes: "Boxes") -> float:
    """How far the letters of a page stand apart, in heights of a character."""
    line = _levels(boxes)
    order = np.lexsort((boxes[:, 0], line))
    before, after = order[:-1], order[1:]
    gap = (boxes[after, 0] - boxes[before, 2]) / np.maximum(boxes[after, 3] - boxes[after, 1], 1)
    return letter_spacing(gap[line[before] == line[after]])


def _lines(boxes: "Boxes", spacing: float) -> "Ints":
    """The number of each character's line. Where lines of cells side by side do not stand level, each follows the next
    so closely that they seem one; then the lines of each cell are told apart.
    """
    line = _levels(boxes)
    middle, height = (boxes[:, 1] + boxes[:, 3]) / 2, boxes[:, 3] - boxes[:, 1]
    order = np.argsort(line, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(line[order])) + 1):
        if np.ptp(middle[members]) <= CHAINED * height[members].max():
            continue
        across = members[np.argsort(boxes[members, 0], kind="stable")]
        gap = boxes[across[1:], 0] - np.maximum.accumulate(boxes[across[:-1], 2])
        for cell in np.split(across, np.flatnonzero(gap > (PIECE_GAP + spacing) * height[across[1:]]) + 1):
            line[cell] = line.max() + 1 + _levels(boxes[cell])
    return line


def _levels(boxes: "Boxes") -> "Ints":
    """The number of each character's line, from its height on the page."""
    middle, height = (boxes[:, 1] + boxes[:, 3]) / 2, boxes[:, 3] - boxes[:, 1]
    down = np.argsort(middle, kind="stable")
    level = np.zeros(len(boxes), np.intp)
    level[down[1:]] = np.cumsum(np.diff(middle[down]) > LINE_STEP * np.maximum(height[down][1:], height[down][:-1]))
    return level


def _amounts(text: str, boxes: "Boxes") -> list[tuple[int, int]]:
    """Where each amount of a text begins and ends if it is nothing but amounts that all but touch; else its own ends.
    Between two of them is more space than between the characters of any.
    """
    whole = [(0, len(text))]
    if text.count(".") < 2 or not _ONLY_AMOUNTS.fullmatch(text):
        return whole
    gaps = (boxes[1:, 0] - boxes[:-1, 2]) / (boxes[1:, 3] - boxes[1:, 1])
    cuts = np.sort(np.argsort(gaps)[-(text.count(".") - 1) :])
    if gaps[cuts].min() - np.max(np.delete(gaps, cuts), initial=-1.0) < TOUCHING:
        return whole
    ends = [0, *(cuts + 1).tolist(), len(text)]
    parts = list(pairwise(ends))
    return parts if all(AMOUNT.fullmatch(text[start:end]) for start, end in parts) else whole


def _spaced(glyphs: str, order: "Ints", parted: "Flags", gap: "Floats") -> "Flags":
    """Which gaps lie between two ideographs that both stand alone and near each other: letters of a spaced word."""
    ideograph = np.array(["\u4e00" <= glyph <= "\u9fff" for glyph in glyphs], np.bool_)[order]
    ends = np.concatenate([[True], parted, [True]])
    alone = ideograph & ends[:-1] & ends[1:]
    spaced: Flags = alone[:-1] & alone[1:] & (gap > 0) & (gap < SPACED)
    return spaced


def row_gap(pieces: Iterable[Piece]) -> float | None:
    """The smallest gap between numbers, or numbered items, that stand above each other: rows are not closer."""
    edged = [(round(one.x1), one) for one in pieces if NUMBER.fullmatch(one.text)]
    edged += [(-round(one.x0), one) for one in pieces if ITEM.match(one.text)]
    edged.sort(key=lambda one: (one[0], one[1].top))
    gaps = [
        low.top - high.bottom
        for (x, high), (other, low) in pairwise(edged)
        if abs(x - other) <= MARGIN and low.top > high.bottom
    ]
    return min(gaps, default=None)


def blocks_of(
    pieces: Sequence[Piece],
    least: float | None,
    first: float = float("-inf"),
    rules: "Boxes | None" = None,
    apart: float = WIDEST,
) -> list[Piece]:
    """The pieces with the lines of one cell joined. A line in a larger or smaller type is another's, so is one below
    a rule. Above `first` are no rows to tell how far the lines of a cell are apart: at most `apart`, in heights of a
    character.
    """
    levels = sorted(one.middle for one in pieces if NUMBER.fullmatch(one.text))
    between = [(high + low) / 2 for high, low in pairwise(levels) if low - high > CLOSER]
    parted = _parted_levels([one for one in pieces if one.bottom > first and not _SAID.search(one.text)])
    blocks: list[Piece] = []
    last: list[Piece] = []  # of the lines of each
    for piece in sorted(pieces, key=lambda one: one.top):
        close = (LINE_GAP if least is None else apart if piece.bottom <= first else WIDEST) * piece.height
        if least is not None and piece.bottom > first:
            close = min(close, least - CLOSER)
        row = bisect(between, piece.middle)
        alone = ITEM.match(piece.text) or NOTE.match(piece.text) or _ALONE.fullmatch(piece.text)
        alone = alone or (_TOTAL.fullmatch(piece.text) if piece.bottom > first else None)
        place = next(
            (
                place
                for place in range(len(blocks) - 1, -1, -1)
                if not alone
                and blocks[place].x0 < piece.x1
                and piece.x0 < blocks[place].x1
                and -CLOSER <= piece.top - blocks[place].bottom < close
                and abs(last[place].height - piece.height) < OTHER_TYPE * piece.height
                and not _ALONE.fullmatch(blocks[place].text)
                and not (blocks[place].bottom > first and _TOTAL.fullmatch(blocks[place].text))
                and (
                    row == bisect(between, last[place].middle)
                    or piece.top - blocks[place].bottom < TIGHT * piece.height
                    or _are_far_from(levels, last[place], piece)
                )
                and not (
                    (least is None or least > FAR * piece.height or row != bisect(between, last[place].middle))
                    and (round(last[place].middle), round(piece.middle)) in parted
                )
                and not _is_ruled_off(last[place], piece, rules)
            ),
            None,
        )
        if place is None:
            blocks.append(piece)
            last.append(piece)
        else:
            one = blocks[place]
            blocks[place] = Piece(
                min(one.x0, piece.x0), one.top, max(one.x1, piece.x1), piece.bottom, one.text + piece.text
            )
            last[place] = piece
    return blocks


def _are_far_from(levels: Sequence[float], line: Piece, below: Piece) -> bool:
    """Whether two lines are nearer to each other than to any number: they are those of a row that has none."""
    step = below.middle - line.middle + CLOSER
    return all(abs(level - one.middle) > step for level in levels for one in (line, below))


def _parted_levels(pieces: Iterable[Piece]) -> set[tuple[int, int]]:
    """The levels of two lines of which one, beginning where the other does, had room for the first letter of that: they
    are no lines of one cell, in which the upper one would have gone on.
    """
    beginning: dict[int, list[Piece]] = defaultdict(list)
    for one in pieces:
        beginning[round(one.x0)].append(one)
    found = set()
    for column in beginning.values():
        widest = max(one.x1 - one.x0 for one in column)
        for line, below in pairwise(sorted(column, key=lambda one: one.top)):
            if line.x1 - line.x0 + below.height <= widest:
                found.add((round(line.middle), round(below.middle)))
    return found


def _is_ruled_off(line: Piece, below: Piece, rules: "Boxes | None") -> bool:
    """Whether a rule parts a line from the one below it."""
    if rules is None or not len(rules):
        return False
    middle = (rules[:, 1] + rules[:, 3]) / 2
    across = (rules[:, 0] < below.centre) & (rules[:, 2] > below.centre)
    return bool((across & (middle > line.middle) & (middle < below.middle)).any())


def rows_of(body: Sequence[Piece]) -> list[list[Piece]]:
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


def shared(cells: Sequence[Piece], free: Sequence[int], xs: Sequence[float]) -> list[tuple[int, int]] | None:
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
        found += _split(own, run[0], run[-1] + 1, xs)
    return found if len(found) == len(cells) else None


def _split(cells: Sequence[Piece], start: int, end: int, xs: Sequence[float]) -> list[tuple[int, int]]:
    """The way to share the columns among the cells that leaves them least off the middle of their columns."""
    best = {
        end: (0.0, list[tuple[int, int]]())
    }  # from each column on: how far off the cells are that are shared already
    for left in range(len(cells) - 1, -1, -1):
        cell, after = cells[left], best
        best = {}
        for begin in range(start + left, end) if left else (start,):
            ways = [
                (abs(cell.x0 + cell.x1 - xs[begin] - xs[cut]) + off, [(begin, cut), *shares])
                for cut, (off, shares) in after.items()
                if cut > begin
            ]
            if ways:
                best[begin] = min(ways)
    return best[start][1]


def midway(stretches: Sequence[tuple[float, float]]) -> list[float]:
    """The middle of the space between each stretch and the next."""
    return [(before[1] + after[0]) / 2 for before, after in pairwise(stretches)]


def frame(x0: float, top: float, x1: float, bottom: float) -> list[Wall]:
    return [(x0, top, x1, top), (x0, bottom, x1, bottom), (x0, top, x0, bottom), (x1, top, x1, bottom)]
