"""Rulings and characters of a page → its ruled tables with the text of every cell, and the lines of text outside of
them.

The strokes are snapped to a lattice of columns and rows. A small box of the lattice belongs to the cell that its
nearest walls on the four sides enclose, so merged cells need no special case. Characters go to the cell that holds
their centre, one by one:
text that a PDF runs together over a wall is parted there, and a number whose digits lie on both sides of a wall stays
whole.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from extract.model.page import Box, Cell, Doubt, Grid, Hidden, Line, Page, PageReading, Unreadable
from extract.reading.characters import Characters, Text, lines_of, texts_of, with_columns
from extract.reading.closing import closing_walls
from extract.reading.joints import walls_at_joints
from extract.reading.lattice import Lattice, bands, lattice_of
from extract.reading.limits import of_page
from extract.reading.marks import marks
from extract.reading.overflow import keep_blocks_whole, keep_lines_whole
from extract.reading.page_text import page_text
from extract.reading.rulings import SNAP, joined
from extract.reading.unreadable import unreadable_cells
from extract.reading.unruled import (
    FEWEST,
    STANDING_ALONE,
    body_below,
    has_columns,
    has_list,
    laid,
    laid_list,
    rows_inside,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from extract.model.page import Boxes

    Floats = NDArray[np.floating[Any]]
    Ints = NDArray[np.intp]

BELOW = 3.0  # of a character's height: the text of a row is not farther below the rule above it
POINT = ord(".")
NUMBERING = ord("、")
_LEADER = re.compile(r"(?<=[^.…·．])(?:…{3,}|[.·．]{6,})$")  # dots that lead from a name to its amount
_FOLIO = "[-—–－―][0-9]{1,4}[-—–－―]"
_FOLIO_FIRST, _FOLIO_LAST = re.compile(_FOLIO), re.compile(f"{_FOLIO}$")
LONGEST_FOLIO = 6
MOSTLY = 0.8  # of the height of a table: a side with so much of a rule has one
MARKED = 2.0  # of a character's height: a mark does not begin farther before the text that it marks


def grids(page: Page, before: Sequence[float] = ()) -> PageReading:
    """What a page holds. A lattice of a single cell is a frame, not a table: its text is among the lines. `before` are
    the column edges of the last table of the page before. Raises LostError for more cells than the limit.
    """
    with of_page(page.number):
        found, lines, noted, unreadable, doubt = _found(page, before)
    pictured = bool(page.pictures) and not page.text.strip() and not page.glyphs
    return PageReading(
        page.number,
        page.engine,
        found,
        lines,
        page.garbled,
        pictured,
        (*page.hidden, *noted),
        page.recognitions,
        page.turn,
        unreadable,
        page.damaged,
        doubt,
        (page.width, page.height),
    )


def edges_below(reading: PageReading) -> Sequence[float]:
    """The column edges of the last table of a page, on which rows may go on on the next page; none where amounts stand
    below it, which are of another table.
    """
    if not reading.grids:
        return ()
    last = reading.grids[-1]
    below = (line.text for line in reading.lines if line.box and line.box.top > last.ys[-1])
    return () if any(map(STANDING_ALONE.search, below)) else last.xs


def _found(
    page: Page, before: Sequence[float]
) -> tuple[tuple[Grid, ...], tuple[Line, ...], tuple[Hidden, ...], tuple[Unreadable, ...], Doubt | None]:
    """The tables of a page from top to bottom, the lines of text outside of them, marks left out of cells, the cells
    that cannot be read, and why the cells are in doubt.
    """
    characters = Characters.of(page)
    rulings = drawn = joined(page.rulings)
    lattice = lattice_of(rulings, page.boxes)
    if lattice is None and len(more := walls_at_joints(rulings, page.glyphs, page.boxes)):
        rulings = np.concatenate([rulings, more])
        lattice = lattice_of(rulings, page.boxes)
    inferred = lattice is None
    if inferred and page.glyphs:
        rulings = _laid(page, rulings, before)
        lattice = lattice_of(rulings, page.boxes) if len(rulings) else None
    if lattice is None:
        return (), _plain_lines(page), (), (), None
    band, owner = bands(lattice), _owners(lattice, characters)
    if len(more := closing_walls(lattice, band, owner, page.boxes)):
        rulings = np.concatenate([rulings, more])
        lattice = lattice_of(rulings, page.boxes) or lattice
        band, owner = bands(lattice), _owners(lattice, characters)
    if _goes_on(lattice, owner, characters) and len(more := _rows_below(lattice, band, page)):
        lattice = lattice_of(np.concatenate([rulings, more]), page.boxes) or lattice
        band, owner = bands(lattice), _owners(lattice, characters)
    if len(more := _rows_inside(lattice, owner, characters, page)):
        inferred = True
        lattice = lattice_of(np.concatenate([rulings, more]), page.boxes) or lattice
        band, owner = bands(lattice), _owners(lattice, characters)
    keep_lines_whole(owner, lattice, characters)
    alone = np.bincount(band, minlength=1)[band] == 1
    owner[(owner >= 0) & alone[owner]] = -1
    owner[_folio(page.glyphs)] = -1
    keep_blocks_whole(owner, lattice, characters)
    order, line = lines_of(owner, characters)
    noted = marks(order, line, owner, characters.codes, characters.boxes)
    texts = texts_of(owner[~noted], with_columns(owner, characters).where(~noted))
    inside = _begun_by(noted, owner, characters.boxes, [text for text in texts if text[0] >= 0])
    return (
        tuple(_tables(page.number, lattice, band, inside)),
        _placed_lines(page.number, texts),
        _told(noted, characters),
        unreadable_cells(lattice, np.where(noted, -1, owner), alone, page),
        "inferred" if inferred else "cut" if _is_cut(lattice, band, drawn) else None,
    )


def _is_cut(lattice: Lattice, band: "Ints", rulings: "Boxes") -> bool:
    """Whether a table has a rule at its left side and none at its right, where what printed it may have cut it off."""
    upright = rulings[(rulings[:, 3] - rulings[:, 1]) > (rulings[:, 2] - rulings[:, 0])]
    middle, height = (upright[:, 0] + upright[:, 2]) / 2, upright[:, 3] - upright[:, 1]
    for number in range(int(band.max()) + 1):
        own = lattice.spans[band == number]
        if len(own) < FEWEST:
            continue
        y0, y1 = lattice.ys[own[:, 0].min()], lattice.ys[own[:, 2].max()]
        within = (upright[:, 1] > y0 - SNAP) & (upright[:, 3] < y1 + SNAP)
        left, right = (
            height[within & (abs(middle - x) < SNAP)].sum() / (y1 - y0)
            for x in (lattice.xs[own[:, 1].min()], lattice.xs[own[:, 3].max()])
        )
        if left > MOSTLY and right < 1 - MOSTLY:
            return True
    return False


def _laid(page: Page, rulings: "Boxes", before: Sequence[float]) -> "Boxes":
    """The walls that the text of a page without closed cells would have."""
    text = page.text or page_text(page.glyphs, page.boxes)
    if has_columns(text):
        return laid(page.glyphs, page.boxes, rulings, before)
    return laid_list(page.glyphs, page.boxes, before) if before and has_list(text) else rulings[:0]


def _goes_on(lattice: Lattice, owner: "Ints", characters: "Characters") -> bool:
    """Whether amounts stand in no cell, or a numbered item or text in several columns close below the last rule."""
    outside = owner < 0
    if (characters.codes[outside] == POINT).any():
        return True
    below = characters.centre_y - lattice.ys[-1]
    close = outside & (below > 0) & (below < BELOW * characters.height)
    if (characters.codes[close] == NUMBERING).any():
        return True
    return len(np.unique(np.searchsorted(lattice.xs, characters.centre_x[close]))) >= FEWEST


def _rows_below(lattice: Lattice, band: "Ints", page: Page) -> "Boxes":
    """The walls of rows that stand below a table of the page and that its rulings do not close."""
    found = []
    for number in range(int(band.max()) + 1):
        own = lattice.spans[band == number]
        foot = own[:, 2].max()
        lower = lattice.spans[lattice.spans[:, 0] >= foot, 0]
        end = float(lattice.ys[lower.min()]) if len(lower) else page.height
        if len(own) > 1:
            xs = lattice.xs[np.unique(own[own[:, 2] == foot][:, [1, 3]])].tolist()  # of its last row
            below = body_below(xs, float(lattice.ys[foot]), end, page.glyphs, page.boxes)
            found += [below, _walls_of(lattice, own)] if len(below) else []
    return np.concatenate(found) if found else page.rulings[:0]


def _walls_of(lattice: Lattice, spans: "Ints") -> "Boxes":
    """All walls of cells, those of sides that are open among them."""
    top, left, bottom, right = spans.T
    x0, x1, y0, y1 = lattice.xs[left], lattice.xs[right], lattice.ys[top], lattice.ys[bottom]
    sides = [(x0, y0, x0, y1), (x1, y0, x1, y1), (x0, y0, x1, y0), (x0, y1, x1, y1)]
    return np.concatenate([np.stack(side, axis=1) for side in sides]).astype(np.float32)


def _rows_inside(lattice: Lattice, owner: "Ints", characters: Characters, page: Page) -> "Boxes":
    """The walls between rows that have none between them: cells side by side hold amounts above each other."""
    points = np.flatnonzero((characters.codes == POINT) & (owner >= 0))
    points = points[np.lexsort((characters.centre_y[points], owner[points]))]
    height, middle, held = characters.height[points], characters.centre_y[points], owner[points]
    stacked = (np.diff(held) == 0) & (np.diff(middle) > height[1:])
    found = []
    strips = {tuple(lattice.spans[cell, [0, 2]].tolist()) for cell in held[1:][stacked].tolist()}
    for top, bottom in sorted(strips):
        strip = lattice.spans[(lattice.spans[:, 0] == top) & (lattice.spans[:, 2] == bottom)]
        xs = lattice.xs[np.unique(strip[:, [1, 3]])].tolist()
        above, below = float(lattice.ys[top]), float(lattice.ys[bottom])
        found.append(rows_inside(xs, above, below, page.glyphs, page.boxes))
    return np.concatenate(found) if found else page.rulings[:0]


def _plain_lines(page: Page) -> tuple[Line, ...]:
    if not page.glyphs:
        return tuple(Line(page.number, text) for text in page.text.split("\n") if text.strip())
    characters = Characters.of(page)
    return _placed_lines(page.number, texts_of(np.full(len(characters.codes), -1, np.intp), characters))


def _placed_lines(page: int, texts: Sequence[Text]) -> tuple[Line, ...]:
    return tuple(Line(page, text, box, boxes) for label, text, box, boxes in texts if label < 0)


# ---- tables -------------------------------------------------------------------------------------------------------


def _tables(page: int, lattice: Lattice, band: "Ints", texts: "Sequence[Text]") -> list[Grid]:
    """The grids of a page, each with its own edges only."""
    found = []
    holder = band[[label for label, *_ in texts]] if texts else band[:0]
    for number in range(int(band.max()) + 1):
        own = lattice.spans[band == number]
        if len(own) < 2:
            continue
        rows, columns = np.unique(own[:, [0, 2]]), np.unique(own[:, [1, 3]])
        inside = [text for text, table in zip(texts, holder.tolist(), strict=True) if table == number]
        spans = lattice.spans[[label for label, *_ in inside]] if inside else own[:0]
        places = np.stack(
            [np.searchsorted(edges, spans[:, side]) for side, edges in enumerate((rows, columns, rows, columns))],
            axis=1,
        )
        cells = [
            Cell(row, col, row_end, col_end, _LEADER.sub("", text), box, float(first[0, 0]))
            for (row, col, row_end, col_end), (_, text, box, first) in zip(places.tolist(), inside, strict=True)
        ]
        found.append(
            Grid(
                page,
                tuple(lattice.ys[rows].tolist()),
                tuple(lattice.xs[columns].tolist()),
                tuple(sorted(cells, key=_row_and_col)),
            )
        )
    return found


def _row_and_col(cell: Cell) -> tuple[int, int]:
    return cell.row, cell.col


# ---- which cell a character belongs to -------------------------------------------------------------------------------


def _owners(lattice: Lattice, characters: Characters) -> "Ints":
    """The cell that holds each character's centre, -1 for none."""
    xs, ys, labels, _ = lattice
    row, col = np.searchsorted(ys, characters.centre_y) - 1, np.searchsorted(xs, characters.centre_x) - 1
    inside = (row >= 0) & (row < len(ys) - 1) & (col >= 0) & (col < len(xs) - 1)
    return np.where(inside, labels[row.clip(0, len(ys) - 2), col.clip(0, len(xs) - 2)], -1)


def _folio(glyphs: str) -> slice:
    """The characters of a page number between dashes, painted before or after all others: it is in no cell, wherever it
    stands.
    """
    if found := _FOLIO_FIRST.match(glyphs) or _FOLIO_LAST.search(glyphs, max(len(glyphs) - LONGEST_FOLIO, 0)):
        return slice(*found.span())
    return slice(0, 0)


def _begun_by(marks: "NDArray[np.bool_]", owner: "Ints", boxes: "Boxes", texts: list[Text]) -> list[Text]:
    """The texts of cells, of which one that a mark stands before begins with that."""
    if not marks.any():
        return texts
    left: dict[int, float] = {}
    for cell, x0 in zip(owner[marks].tolist(), boxes[marks, 0].tolist(), strict=True):
        left[cell] = min(x0, left.get(cell, x0))
    found = []
    for label, text, box, first in texts:
        x0, top, _, bottom = first[0].tolist()
        if label in left and 0 < x0 - left[label] < MARKED * (bottom - top):
            first = np.array([[left[label], *first[0, 1:]]], np.float32)
        found.append((label, text, box, first))
    return found


def _told(marks: "NDArray[np.bool_]", characters: Characters) -> tuple[Hidden, ...]:
    kept = characters.where(marks)
    return tuple(
        Hidden(chr(code), Box(*box), "mark") for code, box in zip(kept.codes.tolist(), kept.boxes.tolist(), strict=True)
    )
