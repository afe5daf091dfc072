"""Rules across a page, drawn cell by cell → the upright walls that their joints stand for: where the rule above a row
and the one below it begin anew at the same place, a column ends.

A rule of a table that is not ruled all across it stands below headings over several columns, which it tells from those
of a single one.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from extract.amounts import AMOUNT
from extract.reading.pieces import MANY, PIECE_GAP, Piece, Wall, frame, is_figure, pieces_of, shared
from extract.reading.unruled_columns import columns_of
from extract.reading.unruled_headers import deep_headings

if TYPE_CHECKING:
    from extract.model.page import Boxes

LEVEL = 4.0  # points: amounts of one row are no farther apart in height
NEAR = 1.0  # points: ends that are no farther apart are at one place
LEVELS = 3  # rules across a table tell its columns
INTO = 2.0  # points: a character that stands so far out on both sides of a place is on it
CLOSE = 12.0  # points: characters of one text that go on over a place are no farther from it


class _Rule(NamedTuple):
    """A rule at one height: the runs of strokes that touch, and where a stroke of them begins or ends."""

    y: float
    runs: tuple[tuple[float, float], ...]
    joints: tuple[float, ...]

    def covers(self, x: float) -> bool:
        """Whether it goes on over a place, or ends there."""
        return any(left - NEAR <= x <= right + NEAR for left, right in self.runs)

    def has(self, x: float) -> bool:
        return any(abs(x - joint) <= NEAR for joint in self.joints)


def walls_at_joints(rulings: "Boxes", glyphs: str, boxes: "Boxes") -> "Boxes":
    """The upright walls of the tables of a page that has rules across only; none where these are drawn in one stroke.
    Widths in points.
    """
    tables = [rules for rules in _tables(_rules(rulings)) if _columns(rules)]
    pieces = pieces_of(glyphs, boxes) if tables else []
    whole = _hold_amounts(tables, pieces) and all(_has_rows(rules, pieces) for rules in tables)
    if not whole or not 0 < len(pieces) <= MANY:
        return np.empty((0, 4), np.float32)
    walls = [wall for rules in tables for wall in _walls(rules, pieces, boxes)]
    return np.array(walls, np.float32).reshape(-1, 4)


def _rules(rulings: "Boxes") -> list[_Rule]:
    """The rules of a page from top to bottom."""
    flat = rulings[rulings[:, 2] - rulings[:, 0] > rulings[:, 3] - rulings[:, 1]]
    middle = (flat[:, 1] + flat[:, 3]) / 2
    order = np.argsort(middle, kind="stable")
    found = []
    for own in np.split(order, np.flatnonzero(np.diff(middle[order]) > NEAR) + 1):
        if not len(own):
            continue
        runs: list[tuple[float, float]] = []
        ends: list[float] = []
        for x0, x1 in sorted((float(one[0]), float(one[2])) for one in flat[own]):
            ends += [x0, x1]
            if runs and x0 <= runs[-1][1] + NEAR:
                runs[-1] = runs[-1][0], max(runs[-1][1], x1)
            else:
                runs.append((x0, x1))
        found.append(_Rule(float(middle[own].mean()), tuple(runs), _apart(sorted(ends))))
    return found


def _apart(places: Sequence[float]) -> tuple[float, ...]:
    """Places that are not near each other."""
    kept: list[float] = []
    for one in places:
        if not kept or one - kept[-1] > NEAR:
            kept.append(one)
    return tuple(kept)


def _tables(rules: Sequence[_Rule]) -> Iterator[list[_Rule]]:
    """The rules of each table: those that follow each other, within the ends of the first, each with the joints of the
    one before or fewer.
    """
    table: list[_Rule] = []
    for rule in rules:
        if table and not _belongs(rule, table):
            yield table
            table = []
        if table or len(rule.runs) == 1:
            table.append(rule)
    if table:
        yield table


def _belongs(rule: _Rule, table: Sequence[_Rule]) -> bool:
    (left, right), *_ = table[0].runs
    if rule.runs[0][0] < left - NEAR or rule.runs[-1][1] > right + NEAR:
        return False
    last = next((one for one in reversed(table) if _is_across(one, table)), table[0])
    return all(map(last.has, rule.joints)) or (_is_across(rule, table) and all(map(rule.has, last.joints)))


def _is_across(rule: _Rule, table: Sequence[_Rule]) -> bool:
    (left, right), *_ = table[0].runs
    return len(rule.runs) == 1 and rule.runs[0][0] <= left + NEAR and rule.runs[0][1] >= right - NEAR


def _columns(rules: Sequence[_Rule]) -> Sequence[float]:
    """The places where columns end; none of rules that tell none."""
    across = [rule.joints for rule in rules if _is_across(rule, rules)]
    most = max(across, key=len) if len(across) >= LEVELS else ()
    return most if len(most) >= LEVELS else ()


def _hold_amounts(tables: Sequence[Sequence[_Rule]], pieces: Sequence[Piece]) -> bool:
    """Whether every amount of a page stands within these tables."""
    return all(
        any(rules[0].y < one.middle < rules[-1].y for rules in tables) for one in pieces if AMOUNT.fullmatch(one.text)
    )


def _has_rows(rules: Sequence[_Rule], pieces: Sequence[Piece]) -> bool:
    """Whether the figures between two rules across a table are those of one row, or of one below each rule that goes on
    over them.
    """
    ys = [rule.y for rule in rules if _is_across(rule, rules)]
    levels: dict[tuple[float, int], list[float]] = defaultdict(list)
    for one in pieces:
        if is_figure(one) and ys[0] < one.middle < ys[-1]:
            top = max(y for y in ys if y < one.middle)
            row = sum(top < rule.y < one.middle and rule.covers(one.centre) for rule in rules)
            levels[top, row].append(one.middle)
    return all(max(own) - min(own) <= LEVEL for own in levels.values())


def _has_figures(pieces: Sequence[Piece], rules: Sequence[_Rule]) -> bool:
    """Whether a number stands between two rules."""
    ys = [rule.y for rule in rules]
    return any(is_figure(one) for one in pieces if min(ys) < one.middle < max(ys))


def _walls(rules: Sequence[_Rule], pieces: Sequence[Piece], boxes: "Boxes") -> Iterator[Wall]:
    """The walls between each two rules across a table."""
    columns = _columns(rules)
    across = [rule for rule in rules if _is_across(rule, rules)]
    heads = not _has_figures(pieces, across[1:3])  # whether a second row of headings stands below the first
    for place, (above, below) in enumerate(pairwise(across)):
        between = [rule for rule in rules if above.y < rule.y < below.y]
        texts = _within(pieces, above, below)
        ends = [x for x in columns if above.has(x) and below.has(x)]
        if between:
            yield from _walls_of_levels([above, *between, below], ends, texts, boxes, heading=not place)
            continue
        free = [x for x in ends if not _is_crossed(x, _held(boxes, above, below))]
        crossed = len(free) < len(ends)
        captioned = place and crossed and not any(AMOUNT.fullmatch(one.text) for one in texts)
        if captioned and not _is_labelled(texts, columns, (above.y + below.y) / 2):
            continue  # the caption of the next table
        if not place and (crossed or (heads and 2 * len(texts) < len(columns))):
            free = [columns[0], *_between_headings(below, texts, columns), columns[-1]]
            body = [one for one in pieces if one.middle > below.y]
            for span in deep_headings(texts, body, columns, below.y) if len(free) == 2 else ():
                yield from frame(columns[span.start], span.top, columns[span.end], span.bottom)
        yield from ((x, above.y, x, below.y) for x in free)


def _walls_of_levels(
    rules: Sequence[_Rule], ends: Sequence[float], pieces: Sequence[Piece], boxes: "Boxes", heading: bool
) -> Iterator[Wall]:
    """The walls between two rules across a table with others between that are not: below headings over several columns,
    or between rows beside a label, where a text alone is that of one cell.
    """
    above, *between, below = rules
    for x in ends:
        for high, low in pairwise([above, *(rule for rule in between if rule.covers(x)), below]):
            run = _run_over(x, high if low is below else low)
            texts = [one for one in _within(pieces, high, low) if run and run[0] < one.centre < run[1]]
            whole = run and (low is not below if heading else len(columns_of(texts)) == 1)
            if not whole and not _is_crossed(x, _held(boxes, high, low)):
                yield x, high.y, x, low.y
    for high, low in pairwise(rules[:-1]):
        headings = [Piece(x0, high.y, x1, low.y, "") for x0, x1 in columns_of(_within(pieces, high, low))]
        yield from ((x, high.y, x, low.y) for x in _between_headings(low, headings, ends))


def _within(pieces: Sequence[Piece], high: _Rule, low: _Rule) -> list[Piece]:
    return [one for one in pieces if high.y < one.middle < low.y]


def _held(boxes: "Boxes", high: _Rule, low: _Rule) -> "Boxes":
    """The characters between two rules."""
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    return boxes[(middle > high.y) & (middle < low.y)]


def _is_labelled(texts: Sequence[Piece], columns: Sequence[float], middle: float) -> bool:
    """Whether texts are those of a row: a label in the middle of its first cell, others that begin where cells do."""
    labels = [one for one in texts if one.x1 < columns[1]]
    begins = all(any(0 <= one.x0 - x < CLOSE for x in columns) for one in texts if one not in labels)
    return begins and bool(labels) and abs(labels[0].top + labels[-1].bottom - 2 * middle) < LEVEL


def _run_over(x: float, rule: _Rule) -> tuple[float, float] | None:
    """The run of a rule that goes on over a place; None if none does."""
    return next((run for run in rule.runs if run[0] + NEAR < x < run[1] - NEAR), None)


def _is_crossed(x: float, boxes: "Boxes") -> bool:
    """Whether a character stands on a place, or a text goes on over it."""
    if ((boxes[:, 0] < x - INTO) & (boxes[:, 2] > x + INTO)).any():
        return True
    centre = (boxes[:, 0] + boxes[:, 2]) / 2
    left, right = boxes[centre < x], boxes[centre >= x]
    near_left, near_right = left[left[:, 2] > x - CLOSE], right[right[:, 0] < x + CLOSE]
    for one in near_left:
        level = np.abs(near_right[:, 1] + near_right[:, 3] - one[1] - one[3]) < one[3] - one[1]
        if (level & (near_right[:, 0] - one[2] < PIECE_GAP * (one[3] - one[1]))).any():
            return True
    return False


def _between_headings(rule: _Rule, pieces: Sequence[Piece], columns: Sequence[float]) -> Iterator[float]:
    """Where headings beside each other that have one rule below them meet: each in the middle of its columns."""
    for left, right in rule.runs:
        xs = [x for x in columns if left - NEAR <= x <= right + NEAR]
        own = sorted(one for one in pieces if left < one.centre < right)
        shares = shared(own, range(len(xs) - 1), xs) if len(own) > 1 else None
        yield from (xs[start] for start, _ in (shares or ())[1:])
