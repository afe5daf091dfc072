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

from extract.amounts import AMOUNT
from extract.model.page import Box, Cell, Grid, Hidden, Line, Page, PageReading, Unreadable
from extract.reading.characters import Characters, Text, lines_of, texts_of, with_columns
from extract.reading.closing import closing_walls
from extract.reading.lattice import Lattice, bands, lattice_of
from extract.reading.limits import of_page
from extract.reading.marks import marks
from extract.reading.page_text import LINE_STEP, page_text
from extract.reading.rulings import joined
from extract.reading.unreadable import unreadable_cells
from extract.reading.unruled import FEWEST, body_below, has_columns, laid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from extract.model.page import Boxes

    Floats = NDArray[np.floating[Any]]
    Ints = NDArray[np.intp]

SPACED = 1.0  # of a character's height: letters that are spaced do not stand farther apart
PRINTED_OVER = 0.4  # of a character's height: characters of one text do not reach farther over each other
LINE_PITCH = 1.5  # of a character's height: lines of one text are not farther apart
BELOW = 3.0  # of a character's height: the text of a row is not farther below the rule above it
POINT = ord(".")
NUMBERING = ord("、")
TOUCHING = 0.15  # of a character's height: digits of one number are not farther apart
EVEN = 0.02  # of a character's height: gaps between the letters of a spaced text do not differ more
_LEADER = re.compile(r"(?<=[^.…·．])(?:…{3,}|[.·．]{6,})$")  # dots that lead from a name to its amount
_FOLIO = "[-—–－―][0-9]{1,4}[-—–－―]"
_FOLIO_FIRST, _FOLIO_LAST = re.compile(_FOLIO), re.compile(f"{_FOLIO}$")
LONGEST_FOLIO = 6
_IS_NUMBER = np.array([chr(code) in "0123456789.,-" for code in range(128)])


def grids(page: Page, before: Sequence[float] = ()) -> PageReading:
    """What a page holds. A lattice of a single cell is a frame, not a table: its text is among the lines. `before` are
    the column edges of the last table of the page before. Raises LostError for more cells than the limit.
    """
    with of_page(page.number):
        found, lines, noted, unreadable = _found(page, before)
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
    )


def _found(
    page: Page, before: Sequence[float]
) -> tuple[tuple[Grid, ...], tuple[Line, ...], tuple[Hidden, ...], tuple[Unreadable, ...]]:
    """The ruled tables of a page from top to bottom, the lines of text outside of them, marks left out of cells, and
    the cells that cannot be read.
    """
    characters = Characters.of(page)
    rulings = joined(page.rulings)
    lattice = lattice_of(rulings, page.boxes)
    if lattice is None and page.glyphs and has_columns(page.text or page_text(page.glyphs, page.boxes)):
        walls = laid(page.glyphs, page.boxes, rulings, before)
        lattice = lattice_of(walls, page.boxes) if len(walls) else None
    if lattice is None:
        return (), _plain_lines(page), (), ()
    band, owner = bands(lattice), _owners(lattice, characters)
    if len(more := closing_walls(lattice, band, owner, page.boxes)):
        rulings = np.concatenate([rulings, more])
        lattice = lattice_of(rulings, page.boxes) or lattice
        band, owner = bands(lattice), _owners(lattice, characters)
    if _goes_on(lattice, owner, characters) and len(more := _rows_below(lattice, band, page)):
        lattice = lattice_of(np.concatenate([rulings, more]), page.boxes) or lattice
        band, owner = bands(lattice), _owners(lattice, characters)
    _keep_numbers_whole(owner, characters)
    alone = np.bincount(band, minlength=1)[band] == 1
    owner[(owner >= 0) & alone[owner]] = -1
    owner[_folio(page.glyphs)] = -1
    _keep_overflow_together(owner, lattice, characters)
    order, line = lines_of(owner, characters)
    noted = marks(order, line, owner, characters.codes, characters.boxes)
    texts = texts_of(owner[~noted], with_columns(owner, characters).where(~noted))
    inside = [text for text in texts if text[0] >= 0]
    return (
        tuple(_tables(page.number, lattice, band, inside)),
        _placed_lines(page.number, texts),
        _told(noted, characters),
        unreadable_cells(lattice, np.where(noted, -1, owner), alone, page),
    )


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
            found.append(body_below(xs, float(lattice.ys[foot]), end, page.glyphs, page.boxes))
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


def _keep_overflow_together(owner: "Ints", lattice: Lattice, characters: Characters) -> None:
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


def _folio(glyphs: str) -> slice:
    """The characters of a page number between dashes, painted before or after all others: it is in no cell, wherever it
    stands.
    """
    if found := _FOLIO_FIRST.match(glyphs) or _FOLIO_LAST.search(glyphs, max(len(glyphs) - LONGEST_FOLIO, 0)):
        return slice(*found.span())
    return slice(0, 0)


def _told(marks: "NDArray[np.bool_]", characters: Characters) -> tuple[Hidden, ...]:
    kept = characters.where(marks)
    return tuple(
        Hidden(chr(code), Box(*box), "mark") for code, box in zip(kept.codes.tolist(), kept.boxes.tolist(), strict=True)
    )


def _keep_numbers_whole(owner: "Ints", characters: Characters) -> None:
    """Where the digits of one well-formed amount, touching or evenly spaced, lie in two cells, gives all of them to the
    cell that holds most.
    """
    codes, boxes, _, centre_y, height = characters
    changes = np.flatnonzero(owner[1:] != owner[:-1])
    digit = _IS_NUMBER[np.minimum(codes, 127)]
    changes = changes[digit[changes] & digit[changes + 1]]
    if not len(changes):
        return
    gap = (boxes[1:, 0] - boxes[:-1, 2]) / np.maximum(height[1:], 1)
    even = np.abs(np.diff(gap)) < EVEN
    spaced = (gap > 0) & (gap < SPACED) & (np.concatenate([[False], even]) | np.concatenate([even, [False]]))
    follows = digit[1:] & digit[:-1] & ((np.abs(gap) < TOUCHING) | spaced)
    follows &= np.abs(centre_y[1:] - centre_y[:-1]) < TOUCHING * height[1:]
    for change in changes[follows[changes]].tolist():
        start, end = change, change + 2
        while start > 0 and follows[start - 1]:
            start -= 1
        while end <= len(follows) and follows[end - 1]:
            end += 1
        if AMOUNT.fullmatch(codes[start:end].tobytes().decode("utf-32-le")):
            held, counts = np.unique(owner[start:end], return_counts=True)
            owner[start:end] = held[counts.argmax()]
