"""Text that leaves its cell: it stays with its run."""

from typing import TYPE_CHECKING, Any

import numpy as np

from extract.amounts import AMOUNT
from extract.reading.characters import Characters, lines_of
from extract.reading.lattice import Lattice
from extract.reading.page_text import LINE_STEP

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]
    Floats = NDArray[np.floating[Any]]
    Ints = NDArray[np.intp]

SPACED = 1.0  # of a character's height: letters that are spaced do not stand farther apart
JUSTIFIED = 4.0  # of a character's height: letters of a line that fills its cell do not stand farther apart
PRINTED_OVER = 0.4  # of a character's height: characters of one text do not reach farther over each other
LINE_PITCH = 1.5  # of a character's height: lines of one text are not farther apart
TOUCHING = 0.15  # of a character's height: characters of one text are not farther apart
APART = 0.05  # of a character's height: letters that are farther apart are spaced
EVEN = 0.02  # of a character's height: gaps between the letters of a spaced text do not differ more
ACROSS = 0.1  # of a character's width: one that stands so far on both sides of a wall is cut by it
MOST = 2 / 3  # of the letters of a word are in its cell
_IS_NUMBER = np.array([chr(code) in "0123456789.,-" for code in range(128)])


def keep_lines_whole(owner: "Ints", lattice: Lattice, characters: Characters) -> None:
    """Where the characters of one number or of one word, touching or evenly spaced, lie in two cells, or in one and
    beside the table, gives all of them to the cell that holds most.

    What is no amount with decimals may be two texts that all but touch: a wall goes through a character of one that is
    whole, or spaces tell it: letters of one word are spaced alike to its end.
    """
    codes, boxes, centre_x, centre_y, height = characters
    changes = np.flatnonzero(owner[1:] != owner[:-1])
    digit = _IS_NUMBER[np.minimum(codes, 127)]
    kind = np.where(digit, 1, np.where((codes >= ord("一")) & (codes <= ord("鿿")), 2, 0))
    changes = changes[(kind[changes] > 0) & (kind[changes] == kind[changes + 1])]
    if not len(changes):
        return
    gap = (boxes[1:, 0] - boxes[:-1, 2]) / np.maximum(height[1:], 1)
    even = np.abs(np.diff(gap)) < EVEN
    spaced = (gap > 0) & (gap < SPACED) & (np.concatenate([[False], even]) | np.concatenate([even, [False]]))
    follows = (kind[1:] == kind[:-1]) & ((np.abs(gap) < TOUCHING) | spaced)
    follows &= np.abs(centre_y[1:] - centre_y[:-1]) < TOUCHING * height[1:]
    apart = spaced & (gap > APART)
    near = (kind[1:] == kind[:-1]) & (gap < JUSTIFIED) & (np.abs(centre_y[1:] - centre_y[:-1]) < TOUCHING * height[1:])
    goes_on = near & (owner[1:] == owner[:-1])
    for change in changes[follows[changes]].tolist():
        start, end = change, change + 2
        while start > 0 and follows[start - 1]:
            start -= 1
        while end <= len(follows) and follows[end - 1]:
            end += 1
        held, counts = np.unique(owner[start:end], return_counts=True)
        held, counts = (held[1:], counts[1:]) if held[0] < 0 else (held, counts)
        if not len(held):  # given away before
            continue
        text = codes[start:end].tobytes().decode("utf-32-le")
        is_word = text.isdecimal() or (kind[change] == 2 and counts.max() >= MOST * len(text))
        beside = boxes[change : change + 2], centre_x[change : change + 2]
        whole = not goes_on[start - 1 : start].any() and not goes_on[end - 1 : end].any()  # others are spaced otherwise
        held_apart = (apart[change] and whole) or _is_cut(*beside, lattice.xs)
        if AMOUNT.fullmatch(text) or (is_word and counts.max() > 1 and held_apart):
            owner[start:end] = held[counts.argmax()]


def _is_cut(boxes: "Floats", centres: "Floats", xs: "Floats") -> bool:
    """Whether a wall between the centres of two characters goes through one of them."""
    walls = xs[(xs > centres[0]) & (xs < centres[1])]
    inside = ACROSS * (boxes[:, 2] - boxes[:, 0])
    return bool(((walls[:, None] > boxes[:, 0] + inside) & (walls[:, None] < boxes[:, 2] - inside)).any())


def keep_blocks_whole(owner: "Ints", lattice: Lattice, characters: Characters) -> None:
    """Where texts are printed over each other in a cell, gives each text that was painted in one go, line by line, to
    the cell that holds its middle: a text with too many lines for its row reaches into the rows above and below.
    """
    _, boxes, centre_x, centre_y, height = characters
    order, line = lines_of(owner, characters)
    before, after = order[:-1], order[1:]
    over = (line[1:] == line[:-1]) & (owner[after] >= 0) & (owner[before] == owner[after])
    over &= boxes[before, 2] - boxes[after, 0] > PRINTED_OVER * np.minimum(height[before], height[after])
    if not over.any():
        return
    columns = {tuple(lattice.spans[cell, [1, 3]].tolist()) for cell in owner[after[over]].tolist()}
    for column in columns:
        cells = np.flatnonzero((lattice.spans[:, [1, 3]] == column).all(axis=1))
        members = np.flatnonzero(np.isin(owner, cells))
        down = np.diff(centre_y[members]) / height[members[1:]]
        same_line = np.abs(down) < LINE_STEP
        next_line = (down > 0) & (down < LINE_PITCH) & (np.diff(centre_x[members]) < -LINE_STEP * height[members[1:]])
        parted = (np.diff(members) > 1) | ~(same_line | next_line)
        for run in np.split(members, np.flatnonzero(parted) + 1):
            middle = (boxes[run, 1].min() + boxes[run, 3].max()) / 2
            row, place = np.searchsorted(lattice.ys, middle) - 1, column[0]
            held = lattice.labels[row, place] if 0 <= row < len(lattice.labels) else -1
            if held >= 0:
                owner[run] = held
