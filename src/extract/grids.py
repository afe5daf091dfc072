"""Rulings and characters of a page → its ruled tables with the text of every cell, and the lines of text outside of them.

The strokes are snapped to a lattice of columns and rows. A small box of the lattice belongs to the cell that its nearest walls on the four
sides enclose, so merged cells need no special case. Characters go to the cell that holds their centre, one by one: text that a PDF runs
together over a wall is parted there, and a number whose digits lie on both sides of a wall stays whole.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from extract.model import Box, Cell, Grid, Line, Page, Word

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from extract.model import Boxes

    Floats = NDArray[np.float32]
    Ints = NDArray[np.intp]

SNAP = 3.0  # points: strokes nearer than this are one wall
LINE_STEP = 0.45  # of a character's height: centres farther apart are on two lines
WORD_GAP = 0.25  # of a character's height: a wider gap parts two words
COLUMN_GAP = 2.0  # of a character's height: a wider gap outside of a table parts two lines that stand side by side
_AMOUNT = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d+")
_NUMBER_CODES = np.array([ord(character) for character in "0123456789.,-"], np.uint32)


class PageGrids(NamedTuple):
    """The ruled tables of a page from top to bottom, and the lines of text outside of them."""

    grids: tuple[Grid, ...]
    lines: tuple[Line, ...]


def grids(page: Page) -> PageGrids:
    """The ruled tables of a page. A lattice of a single cell is a frame, not a table: its text is among the lines."""
    lattice = _lattice(page.rulings)
    if lattice is None:
        return PageGrids((), _plain_lines(page))
    xs, ys, labels, spans = lattice
    centre_x = (page.boxes[:, 0] + page.boxes[:, 2]) / 2
    centre_y = (page.boxes[:, 1] + page.boxes[:, 3]) / 2
    codes = np.frombuffer(page.glyphs.encode("utf-32-le"), np.uint32)
    row, col = np.searchsorted(ys, centre_y) - 1, np.searchsorted(xs, centre_x) - 1
    inside = (row >= 0) & (row < len(ys) - 1) & (col >= 0) & (col < len(xs) - 1)
    owner = np.where(inside, labels[row.clip(0, len(ys) - 2), col.clip(0, len(xs) - 2)], -1)
    _keep_numbers_whole(owner, codes, page.boxes, centre_y)
    texts = _texts(owner, codes, page.boxes, centre_x, centre_y)
    cells = [Cell(*spans[label], text, box) for label, text, box in texts if label >= 0]
    found = tuple(_tables(page.number, xs, ys, spans, labels, cells))
    return PageGrids(found, tuple(_outside_lines(page, codes, owner)))


def words(page: Page) -> list[Word]:
    """The words of a page that was read with positions, line by line, each with its box."""
    centre_x = (page.boxes[:, 0] + page.boxes[:, 2]) / 2
    centre_y = (page.boxes[:, 1] + page.boxes[:, 3]) / 2
    codes = np.frombuffer(page.glyphs.encode("utf-32-le"), np.uint32)
    order, line = _lines(np.zeros(len(codes), np.intp), page.boxes, centre_x, centre_y)
    boxes = page.boxes[order]
    gap = boxes[1:, 0] - boxes[:-1, 2] > WORD_GAP * (boxes[1:, 3] - boxes[1:, 1])
    starts = np.flatnonzero(np.concatenate([[True], gap | (line[1:] != line[:-1])])) if len(order) else np.empty(0, np.intp)
    return [Word(text, box) for text, box in _runs(codes[order], boxes, starts)]


def _plain_lines(page: Page) -> tuple[Line, ...]:
    return tuple(Line(page.number, text, None) for text in page.text.split("\n") if text.strip())


# ---- the lattice -------------------------------------------------------------------------------------------------------------------


def _lattice(rulings: "Boxes") -> "tuple[Floats, Floats, Ints, list[tuple[int, int, int, int]]] | None":
    """Column edges, row edges, the cell number of every lattice box (-1 for none) and each cell's (row, col, row_end, col_end)."""
    width, height = rulings[:, 2] - rulings[:, 0], rulings[:, 3] - rulings[:, 1]
    flat, upright = rulings[(height <= width)], rulings[height > width]
    if len(flat) < 2 or len(upright) < 2:
        return None
    ys, flat_at = _snapped((flat[:, 1] + flat[:, 3]) / 2)
    xs, upright_at = _snapped((upright[:, 0] + upright[:, 2]) / 2)
    if len(xs) < 2 or len(ys) < 2:
        return None
    floors = _walls(flat_at, len(ys), flat[:, 0], flat[:, 2], xs)  # [y, column]: a stroke along row edge y over that column
    sides = _walls(upright_at, len(xs), upright[:, 1], upright[:, 3], ys).T  # [row, x]: a stroke along column edge x beside that row
    top, bottom = _nearest(floors)
    left, right = (edge.T for edge in _nearest(sides.T))
    enclosed = (top >= 0) & (left >= 0) & (bottom < len(ys)) & (right < len(xs))
    if not enclosed.any():
        return None
    size = max(len(xs), len(ys)) + 1
    keys = ((top * size + left) * size + bottom) * size + right
    unique, inverse = np.unique(keys[enclosed], return_inverse=True)
    labels = np.full(keys.shape, -1, np.intp)
    labels[enclosed] = inverse
    spans = [(key // size**3, key // size**2 % size, key // size % size, key % size) for key in unique.tolist()]
    return xs, ys, labels, spans


def _snapped(positions: "Floats") -> "tuple[Floats, Ints]":
    """The distinct positions, ascending, and for each given position which of them it is."""
    order = np.argsort(positions, kind="stable")
    ascending = positions[order]
    group = np.concatenate([[0], np.cumsum(np.diff(ascending) > SNAP)])
    places = np.empty(len(positions), np.intp)
    places[order] = group
    return (np.bincount(group, ascending) / np.bincount(group)).astype(np.float32), places


def _walls(at: "Ints", count: int, start: "Floats", end: "Floats", edges: "Floats") -> "NDArray[np.bool_]":
    """[line, gap]: whether a stroke on that line covers the middle of that gap between two edges."""
    middles = (edges[1:] + edges[:-1]) / 2
    first, last = np.searchsorted(middles, start), np.searchsorted(middles, end)
    width = len(edges)
    steps = np.bincount(at * width + first, minlength=count * width) - np.bincount(at * width + last, minlength=count * width)
    covered: NDArray[np.bool_] = steps.reshape(count, width).cumsum(axis=1)[:, :-1] > 0
    return covered


def _nearest(walls: "NDArray[np.bool_]") -> "tuple[Ints, Ints]":
    """For walls [line, gap]: the nearest wall at or before and after each box [line, gap]; -1 and the number of lines where there is none."""
    count = len(walls)
    index = np.arange(count)[:, None]
    before = np.maximum.accumulate(np.where(walls, index, -1), axis=0)[:-1]
    after = np.minimum.accumulate(np.where(walls, index, count)[::-1], axis=0)[::-1][1:]
    return before, after


def _tables(
    page: int,
    xs: "Floats",
    ys: "Floats",
    spans: Sequence[tuple[int, int, int, int]],
    labels: "Ints",
    cells: Sequence[Cell],
) -> list[Grid]:
    """Grids stand one below another: bands of rows that no cell crosses."""
    used = (labels >= 0).any(axis=1)
    joined = np.zeros(len(ys), bool)  # row edge inside a cell or between two rows of the same table
    joined[1:-1] = used[1:] & used[:-1]
    bands = np.flatnonzero(used & ~joined[:-1])
    ends = np.flatnonzero(used & ~joined[1:]) + 1
    tables = []
    for first, last in zip(bands.tolist(), ends.tolist(), strict=True):
        own = [span for span in spans if first <= span[0] < last]
        if len(own) < 2:
            continue
        columns = sorted({edge for span in own for edge in (span[1], span[3])})
        rows = sorted({edge for span in own for edge in (span[0], span[2])})
        place_x, place_y = _places(columns), _places(rows)
        inside = tuple(
            Cell(place_y[c.row], place_x[c.col], place_y[c.row_end], place_x[c.col_end], c.text, c.box)
            for c in cells
            if first <= c.row < last
        )
        tables.append(Grid(page, tuple(ys[rows].tolist()), tuple(xs[columns].tolist()), tuple(sorted(inside, key=lambda c: c[:2]))))
    return tables


def _places(edges: Sequence[int]) -> dict[int, int]:
    return {edge: place for place, edge in enumerate(edges)}


# ---- characters --------------------------------------------------------------------------------------------------------------------


def _keep_numbers_whole(owner: "Ints", codes: "NDArray[np.uint32]", boxes: "Boxes", centre_y: "Floats") -> None:
    """Where the touching digits of one well-formed amount lie in two cells, give all of them to the cell that holds most."""
    digit = np.isin(codes, _NUMBER_CODES)
    height = boxes[:, 3] - boxes[:, 1]
    follows = digit[1:] & digit[:-1] & (np.abs(boxes[1:, 0] - boxes[:-1, 2]) < 0.15 * height[1:])
    follows &= np.abs(centre_y[1:] - centre_y[:-1]) < 0.1 * height[1:]
    crossings = np.flatnonzero(follows & (owner[1:] != owner[:-1]))
    for crossing in crossings.tolist():
        start, end = crossing, crossing + 2
        while start > 0 and follows[start - 1]:
            start -= 1
        while end <= len(follows) and follows[end - 1]:
            end += 1
        if _AMOUNT.fullmatch(codes[start:end].tobytes().decode("utf-32-le")):
            held, counts = np.unique(owner[start:end], return_counts=True)
            owner[start:end] = held[counts.argmax()]


def _lines(owner: "Ints", boxes: "Boxes", centre_x: "Floats", centre_y: "Floats") -> "tuple[Ints, Ints]":
    """The characters' order by owner, line and position, and the line number of each in that order."""
    order = np.lexsort((centre_y, owner))
    step = np.diff(centre_y[order]) > LINE_STEP * (boxes[order, 3] - boxes[order, 1])[1:]
    step |= np.diff(owner[order]) != 0
    line = np.concatenate([[0], np.cumsum(step)]) if len(order) else np.empty(0, np.intp)
    inner = np.lexsort((centre_x[order], line))
    return order[inner], line[inner]


def _texts(
    owner: "Ints", codes: "NDArray[np.uint32]", boxes: "Boxes", centre_x: "Floats", centre_y: "Floats"
) -> list[tuple[int, str, Box]]:
    """(cell number, text, box around the text) of every cell that holds characters."""
    order, _ = _lines(owner, boxes, centre_x, centre_y)
    if not len(order):
        return []
    held = owner[order]
    starts = np.flatnonzero(np.concatenate([[True], held[1:] != held[:-1]]))
    runs = _runs(codes[order], boxes[order], starts)
    return [(label, text, box) for label, (text, box) in zip(held[starts].tolist(), runs, strict=True)]


def _runs(codes: "NDArray[np.uint32]", boxes: "Boxes", starts: "Ints") -> list[tuple[str, Box]]:
    """Text and surrounding box of the characters from each start to the next."""
    if not len(starts):
        return []
    text = codes.tobytes().decode("utf-32-le")
    ends = [*starts[1:].tolist(), len(codes)]
    sides = [
        function.reduceat(boxes[:, side], starts)
        for side, function in ((0, np.minimum), (1, np.minimum), (2, np.maximum), (3, np.maximum))
    ]
    rounded = np.stack(sides, axis=1).astype(np.float64).round(2).tolist()
    return [(text[start:end], Box(*box)) for start, end, box in zip(starts.tolist(), ends, rounded, strict=True)]


def _outside_lines(page: Page, codes: "NDArray[np.uint32]", owner: "Ints") -> list[Line]:
    outside = np.flatnonzero(owner < 0)
    boxes = page.boxes[outside]
    centre_x, centre_y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    order, line = _lines(np.zeros(len(outside), np.intp), boxes, centre_x, centre_y)
    starts = np.flatnonzero(np.concatenate([[True], line[1:] != line[:-1]])) if len(order) else np.empty(0, np.intp)
    return [Line(page.number, text, box) for text, box in _runs(codes[outside][order], boxes[order], starts)]
