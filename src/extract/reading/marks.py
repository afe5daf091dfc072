"""Which characters of cells refer to a note: raised, lowered or circled ones are no part of a number or a name."""

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from extract.model.page import Boxes

    Flags = NDArray[np.bool_]
    Floats = NDArray[np.floating[Any]]
    Ints = NDArray[np.intp]

SMALL = 0.87  # of the height of the line's characters: a mark is smaller
RAISED = 0.2  # of that height: the foot of a raised mark stands so much above theirs
UPPER = 0.1  # of that height: so much more above theirs than its top stands below theirs
LOWERED = 0.3  # of that height: the top of a lowered mark stands so much below theirs
IN_BRACKETS = 3  # characters after the bracket that opens: one or two figures and the bracket that closes
LONGEST = 4  # characters of a mark that stands on a line of its own
_CIRCLED = range(0x2460, 0x2474)
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_SIGNS = "*※†‡"


def _codes(*signs: str) -> "NDArray[np.uint32]":
    return np.array([ord(sign) for sign in "".join(signs)], np.uint32)


_CIRCLES = "".join(map(chr, _CIRCLED))
_FIGURES = _codes("0123456789.", _RAISED)
_DIGITS, _ALWAYS, _LAST = _codes("0123456789"), _codes(_RAISED), _codes(_SIGNS, _CIRCLES)
_SMALL = _codes("0123456789abcdefghi#[]()（）,，、注", _RAISED, _SIGNS, _CIRCLES)
_OPENING, _CLOSING = _codes("[［【"), _codes("]］】")
_IS_LETTER = np.array([chr(code).isalpha() for code in range(127)] + [False])


def marks(order: "Ints", line: "Ints", owner: "Ints", codes: "NDArray[np.uint32]", boxes: "Boxes") -> "Flags":
    """A flag for each character of a page that is a mark in a cell. `order` are the characters line by line, `line` the
    number of the line of each in that order, `owner` the cell of each character, -1 for none.

    One after a Latin letter is an exponent (m²) or counts atoms (CO₂), and stays.
    """
    found = np.zeros(len(owner), np.bool_)
    if not len(order):
        return found
    held, codes, boxes = owner[order], codes[order], boxes[order]
    sized = np.isin(codes, _SMALL) & (_out_of_line(codes, boxes, line) | _on_own_line(codes, boxes, line, held))
    found[order] = (
        (held >= 0)
        & ~_after_letter(codes, line)
        & (sized | np.isin(codes, _ALWAYS) | _last(codes, held) | _bracketed(codes, held))
    )
    return found


def _out_of_line(codes: "NDArray[np.uint32]", boxes: "Boxes", line: "Ints") -> "Flags":
    """The characters that are smaller than those of their line and stand higher, or of digits lower. Boxes of a font
    whose metrics are damaged are too high and no wider: a digit as wide as the others is one of them.
    """
    first = np.flatnonzero(np.concatenate([[True], line[1:] != line[:-1]]))
    top, bottom = boxes[:, 1], boxes[:, 3]
    height = bottom - top
    tallest = np.maximum.reduceat(height, first)[line]
    highest, lowest = np.minimum.reduceat(top, first)[line], np.maximum.reduceat(bottom, first)[line]
    digit, small, width = np.isin(codes, _DIGITS), height < SMALL * tallest, boxes[:, 2] - boxes[:, 0]
    widest = np.maximum.reduceat(np.where(digit & ~small, width, 0), first)[line]
    small &= ~digit | (widest == 0) | (width < SMALL * widest)
    above, below = lowest - bottom, top - highest
    raised = (above > RAISED * tallest) & (above - below > UPPER * tallest)
    lowered = digit & (below > LOWERED * tallest) & (bottom >= lowest)
    found: Flags = small & (raised | lowered)
    return found


def _on_own_line(codes: "NDArray[np.uint32]", boxes: "Boxes", line: "Ints", held: "Ints") -> "Flags":
    """The characters of the last line of a cell if that is nothing but a mark, broken off what it belongs to: they are
    smaller than the characters of their cell, and than digits are on the page, and do not lie on their side.
    """
    first = np.flatnonzero(np.concatenate([[True], line[1:] != line[:-1]]))
    height = boxes[:, 3] - boxes[:, 1]
    tallest, count = np.maximum.reduceat(height, first), np.diff(np.append(first, len(line)))
    cell = held[first]
    signs = np.isin(codes, _SMALL) & (height >= boxes[:, 2] - boxes[:, 0])
    alone = np.logical_and.reduceat(signs, first) & (count <= LONGEST) & (cell >= 0)
    alone &= np.concatenate([[False], cell[1:] == cell[:-1]]) & np.concatenate([cell[1:] != cell[:-1], [True]])
    digits = np.isin(codes, _DIGITS)
    if not alone.any() or not digits.any():
        return np.zeros(len(line), np.bool_)
    of_cell = np.zeros(int(cell.max()) + 1, np.float32)
    np.maximum.at(of_cell, cell[cell >= 0], tallest[cell >= 0])
    alone &= (tallest < SMALL * of_cell[cell]) & (tallest < SMALL * np.median(height[digits]))
    flags: Flags = alone[line]
    return flags


def _last(codes: "NDArray[np.uint32]", held: "Ints") -> "Flags":
    """The signs and circled figures that end the text of a cell after a letter or a digit."""
    sign = np.isin(codes, _LAST)
    ends = np.concatenate([held[1:] != held[:-1], [True]])
    last = sign & ends
    before = np.concatenate([[False], (held[1:] == held[:-1]) & _belongs(codes[:-1])])
    flags: Flags = last & before
    return flags


def _bracketed(codes: "NDArray[np.uint32]", held: "Ints") -> "Flags":
    """The figures in square brackets that end the text of a cell after a letter or a digit."""
    found = np.zeros(len(codes), np.bool_)
    for start in np.flatnonzero(np.isin(codes, _OPENING)).tolist():
        inside = slice(start + 1, start + 1 + IN_BRACKETS)
        closing = np.flatnonzero(np.isin(codes[inside], _CLOSING))
        end = start + 1 + int(closing[0]) if len(closing) else start
        ends = end + 1 == len(codes) or held[end + 1] != held[end]
        figures = end > start + 1 and np.isin(codes[start + 1 : end], _DIGITS).all()
        after = start > 0 and bool(_belongs(codes[start - 1 : start])[0])
        if figures and ends and after and (held[start - 1 : end + 1] == held[start]).all():
            found[start : end + 1] = True
    return found


def _belongs(codes: "NDArray[np.uint32]") -> "Flags":
    """The characters that a mark may follow: ideographs, digits, full stops, signs of per cent, brackets that close."""
    flags: Flags = (
        ((codes >= ord("一")) & (codes <= ord("鿿"))) | np.isin(codes, _DIGITS) | np.isin(codes, _codes(")）%％‰。"))
    )
    return flags


def _after_letter(codes: "NDArray[np.uint32]", line: "Ints") -> "Flags":
    """The characters before which on their line, but for figures and points, a Latin letter stands (PM2.5)."""
    other = np.where(np.isin(codes, _FIGURES), -1, np.arange(len(codes)))
    before = np.concatenate([[-1], np.maximum.accumulate(other)[:-1]])
    flags: Flags = (before >= 0) & (line[before] == line) & _IS_LETTER[np.minimum(codes[before], 127)]
    return flags
