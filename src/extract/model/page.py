"""What a page holds: what a reader saw on it, and the tables and lines made of that. Immutable, like every record that
the parts pass on.

Coordinates are points from the top left corner of the page as it is displayed (after /Rotate and the crop box), y grows
downwards. Page numbers count from 1, the first page of the file.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Boxes = NDArray[np.float32]


class Box(NamedTuple):
    """A rectangle on a page, in points."""

    x0: float
    top: float
    x1: float
    bottom: float


def overlap(one: Box, other: Box) -> bool:
    """Whether two rectangles have some area in common."""
    return one.x0 < other.x1 and other.x0 < one.x1 and one.top < other.bottom and other.top < one.bottom


class Turn(NamedTuple):
    """How a page was turned to be read: the matrix (as in PDF) from the page as it is displayed to the page as it is
    read.
    """

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def back(self, box: Box) -> Box:
        """Where a box of the page as it is read stands on the page as it is displayed."""
        across, along = (box.x0 + box.x1) / 2 - self.e, (box.top + box.bottom) / 2 - self.f
        x, y = self.a * across + self.b * along, self.c * across + self.d * along
        wide, high = (box.x1 - box.x0) / 2, (box.bottom - box.top) / 2
        if abs(self.b) > abs(self.a):
            wide, high = high, wide
        return Box(*(round(side, 2) for side in (x - wide, y - high, x + wide, y + high)))


class Hidden(NamedTuple):
    """Text of a page that is in no cell and no line, and why: the eye does not see it, as it is clipped, invisible, on
    a layer that is off, of the colour of what is behind it, or covered; or it is a watermark, a mark that refers to a
    note, or furniture of the page (a running head, a page number) that is printed over a table. Only what is `cut`, the
    rest of a word that the edge of its cell cuts off, is read with that word.
    """

    text: str
    box: Box
    reason: str


class Unreadable(NamedTuple):
    """A cell that is printed and cannot be read, and why: it shows a `picture` instead of text, it is `overprinted`,
    with text over other text, or a part of its number is `covered`.
    """

    box: Box
    reason: str


class Recognition(NamedTuple):
    """A line that was recognised in a picture, and how sure its reader is of it, from 0 to 1."""

    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class Page:
    """What a reader saw on one page.

    `text` is the whole page, a line break after each printed line; where `glyphs` say it, a reader may leave it empty.
    `glyphs` are the printed characters one by one, without white space, and `boxes` their loose boxes, an (n, 4) array
    of x0, top, x1, bottom with one row a character; a reader may leave both empty on a page without rulings, where only
    `text` is used. `rulings` is an (m, 4) array in the same order, each row a thin horizontal or vertical stroke.
    `garbled` counts characters that the font gives no meaning for, whose text cannot be trusted. `pictures` is what is
    painted and is neither text nor ruling: images and, of readers that tell, filled outlines. `hidden` is what the text
    holds and the eye does not see; it is in nothing else. `recognitions` are the lines of a page that was read from its
    picture.
    `turn` is set where the page was turned to be read; all places are those of the turned page. `damaged` says that
    the content of the page is not whole, so that more may have been printed.
    """

    number: int
    width: float
    height: float
    text: str
    glyphs: str
    boxes: "Boxes"
    rulings: "Boxes"
    garbled: int
    pictures: tuple[Box, ...]
    engine: str
    hidden: tuple[Hidden, ...] = ()
    recognitions: tuple[Recognition, ...] = ()
    turn: Turn | None = None
    damaged: bool = False


class Cell(NamedTuple):
    """A printed cell that is not empty: rows and columns it spans in its grid (end exclusive), its text and the box
    around that text. `begins` is the left edge of its first character, if that is known: a name that is set in and
    goes on over a second line begins further right than its box.
    """

    row: int
    col: int
    row_end: int
    col_end: int
    text: str
    box: Box
    begins: float | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table as it stands on one page: the edges of its rows and columns and its non-empty cells in reading
    order.
    """

    page: int
    ys: tuple[float, ...]
    xs: tuple[float, ...]
    cells: tuple[Cell, ...]

    @property
    def box(self) -> Box:
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])


class Line(NamedTuple):
    """A line of text outside of any grid; `box` and `boxes`, one a character, are None where the page was read without
    positions.
    """

    page: int
    text: str
    box: Box | None = None
    boxes: "Boxes | None" = None


# Why every engine may have the cells of a page wrong alike: they are inferred from where the text stands, or columns of
# a table that is open at its right side may have been cut off.
Doubt = Literal["inferred", "cut"]


@dataclass(frozen=True, slots=True)
class PageReading:
    """What one engine made of a page: its ruled tables from top to bottom, the lines of text outside of them, how many
    characters have no meaning, whether the page is only a picture that was not read, what is hidden on it, the lines
    that were recognised in its picture, how it was turned, the cells of its tables that cannot be read, whether its
    content is damaged, why its cells are in doubt, and how wide and high it is, in points, if that is known.
    """

    number: int
    engine: str
    grids: tuple[Grid, ...]
    lines: tuple[Line, ...]
    garbled: int
    pictured: bool
    hidden: tuple[Hidden, ...] = ()
    recognitions: tuple[Recognition, ...] = ()
    turn: Turn | None = None
    unreadable: tuple[Unreadable, ...] = ()
    damaged: bool = False
    doubt: Doubt | None = None
    size: tuple[float, float] | None = None
