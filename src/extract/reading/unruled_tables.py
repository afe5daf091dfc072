"""Where the tables of a page end that has several of them, of which each has three rules: above its header, below it,
and below its last row; or one between all of its rows.
"""

from bisect import bisect
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np

from extract.amounts import AMOUNT
from extract.reading.pieces import Piece
from extract.reading.unruled_headers import LEVEL

if TYPE_CHECKING:
    from extract.model.page import Boxes

OFF = 12.0  # points: a title is not farther off the middle of the rules
ACROSS = 0.8  # of the width of all rules: one so long is a rule of a table, not of a cell


def rules_across(rules: "Boxes") -> list[float]:
    """The heights of the rules across a page, from top to bottom; those of a rule in pieces count together."""
    if not len(rules):
        return []
    width = float(rules[:, 2].max() - rules[:, 0].min())
    middle = (rules[:, 1] + rules[:, 3]) / 2
    levels, level = np.unique((middle / LEVEL).round(), return_inverse=True)
    across = np.bincount(level, rules[:, 2] - rules[:, 0]) > ACROSS * width
    return [float(middle[level == place].mean()) for place in range(len(levels)) if across[place]]


def foot_of_header(ys: Sequence[float], pieces: Sequence[Piece], first: float) -> float | None:
    """The last rule across above the first amount, if it and the one above it have text between them; else None."""
    above = [y for y in ys if y < first]
    if len(above) < 2 or not any(above[-2] < one.middle < above[-1] for one in pieces):
        return None
    return above[-1]


def ends_of_tables(pieces: Sequence[Piece], rules: "Boxes") -> list[float]:
    """The heights at which a table ends and another one follows: at a rule between amounts and the caption of the next,
    a band without amounts that has several lines or the band of a header below it. Where rules are between all rows, a
    row may be such a band; the caption of a table is one that has a line of its own in the middle, the title.
    """
    ys = rules_across(rules)
    lines: defaultdict[int, defaultdict[int, list[Piece]]] = defaultdict(lambda: defaultdict(list))  # by their bands
    amounts: defaultdict[int, set[int]] = defaultdict(set)  # those of them that hold one
    for one in pieces:
        band, line = bisect(ys, one.middle), round(one.middle / LEVEL)
        lines[band][line].append(one)
        if AMOUNT.fullmatch(one.text):
            amounts[band].add(line)
    bare = lines.keys() - amounts.keys()
    if any(len(own) > 1 for own in amounts.values()):
        captions = {band for band in bare if len(lines[band]) > 1 or band + 1 in bare}
        return [y for above, y in enumerate(ys) if above in amounts and above + 1 in captions]
    middle = float(rules[:, 0].min() + rules[:, 2].max()) / 2
    captions = {band for band in bare if band + 1 in bare and _is_caption(lines[band].values(), middle)}
    return [y for above, y in enumerate(ys) if above and above + 1 in captions and above not in captions]


def _is_caption(lines: Collection[Sequence[Piece]], middle: float) -> bool:
    return len(lines) > 1 and any(len(line) == 1 and abs(line[0].centre - middle) < OFF for line in lines)
