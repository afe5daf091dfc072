"""What of a page the eye sees, told as it is painted: not what is clipped away, off the page, without ink, on a layer
that is off, of the colour of what is behind it, or covered later. Boxes are those of the page as displayed.

Plain Python that Cython compiles as it is, with the types of `eye.pxd`.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from extract.reading.limits import BeyondLimitError
from extract.reading.native.kinds import CLIPPED, COVERED, INVISIBLE, LAYER, OF_COLOUR, SEEN
from extract.reading.native.state import Colour, State, TooMuchError

if TYPE_CHECKING:
    from numpy.typing import NDArray

MARGIN = 0.5  # points: what reaches so far over an edge may still be seen
EDGE = 0.1  # points: what stands so near to the edge of a shape stands on it, however either is rounded
ALIKE = 0.02  # of full light: colours nearer than this are one
TWICE = 1.0  # points: the same character nearer than this to another is bold print or a shadow
FEW = 256  # characters, strokes or shapes: room for so many is made at first
FAR = 1e6  # points: nobody sees whether what begins so far away is printed twice
COMPARISONS = 200_000_000  # of what is painted on one page with what is painted before


class Marks:
    """Characters or strokes in the order of painting: code points (0 of strokes), boxes, and why the eye does not see
    them, by number of REASONS. `most` is the limit called `name`.
    """

    def __init__(self, name: str, most: int) -> None:
        self.name, self.most = name, most
        self.count = 0
        self.all_codes: Any = np.empty(0, np.uint32)
        self.all_boxes: Any = np.empty((0, 4), np.float32)
        self.all_reasons: Any = np.empty(0, np.uint8)
        self.grow(FEW)

    def grow(self, size: int) -> None:
        """Makes room for so many."""
        codes, boxes, reasons = np.empty(size, np.uint32), np.empty((size, 4), np.float32), np.empty(size, np.uint8)
        count = self.count
        codes[:count], boxes[:count], reasons[:count] = (
            self.all_codes[:count],
            self.all_boxes[:count],
            self.all_reasons[:count],
        )
        self.all_codes, self.all_boxes, self.all_reasons = codes, boxes, reasons
        self.codes, self.boxes, self.reasons = codes, boxes, reasons
        self.size = size

    def add(self, code: int, x0: float, y0: float, x1: float, y1: float, reason: int) -> None:
        if self.count >= self.size:
            if self.size >= self.most:
                raise BeyondLimitError(self.name)
            self.grow(min(2 * self.size, self.most))
        at = self.count
        self.codes[at] = code
        self.boxes[at, 0] = x0
        self.boxes[at, 1] = y0
        self.boxes[at, 2] = x1
        self.boxes[at, 3] = y1
        self.reasons[at] = reason
        self.count = at + 1

    def rename(self, start: int, text: str) -> None:
        """Gives the characters from `start` on another text, one character each."""
        for place, character in enumerate(text):
            self.codes[start + place] = ord(character)

    def cover(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Marks what lies under a box: the middle of it and more than half on every side."""
        for at in range(self.count):
            left, right = self.boxes[at, 0], self.boxes[at, 2]
            quarter = (right - left) / 4
            if left + quarter < x0 or right - quarter > x1:
                continue
            top, bottom = self.boxes[at, 1], self.boxes[at, 3]
            quarter = (bottom - top) / 4
            if top + quarter >= y0 and bottom - quarter <= y1 and self.reasons[at] == SEEN:
                self.reasons[at] = COVERED

    def taken(self) -> "tuple[NDArray[np.uint32], NDArray[np.float32], NDArray[np.uint8]]":
        """Code points, boxes and reasons as arrays."""
        count = self.count
        return self.all_codes[:count], self.all_boxes[:count], self.all_reasons[:count]


class Sheet:
    """The paper of a page, the shapes painted on it so far, and the characters and strokes over them."""

    def __init__(self, characters: int, strokes: int) -> None:
        self.characters = Marks("characters", characters)
        self.strokes = Marks("strokes", strokes)
        self.grounds: Any = np.empty((FEW, 4), np.float64)
        self.places = self.grounds
        self.colours: list[Colour] = []  # of each shape
        self.shades: list[Colour] = [Colour(1.0, 1.0, 1.0, True)]  # all that there are: what is not of them is seen
        self.pictures: list[tuple[float, float, float, float]] = []  # what is painted and is neither text nor ruling
        self.compared = 0

    def reason(self, x: float, y: float, shade: Colour, alpha: float, off: bool, state: State) -> int:
        """Why the eye does not see what is painted so around this middle."""
        if off:
            return LAYER
        if alpha * state.dim <= 0:
            return INVISIBLE
        if not (
            state.clip_x0 - MARGIN <= x <= state.clip_x1 + MARGIN
            and state.clip_y0 - MARGIN <= y <= state.clip_y1 + MARGIN
        ):
            return CLIPPED
        if shade.known and self.may_vanish(shade) and self.is_behind(x, y, shade):
            return OF_COLOUR
        return SEEN

    def may_vanish(self, shade: Colour) -> bool:
        """Whether there is anything of that colour."""
        self.work(len(self.shades))
        found = False
        for place in range(len(self.shades)):
            found = found or alike(self.shades[place], shade)
        return found

    def is_behind(self, x: float, y: float, shade: Colour) -> bool:
        """Whether the last shape painted at that point has that colour; the paper where there is none."""
        self.work(len(self.colours))
        for back in range(len(self.colours)):
            at = len(self.colours) - 1 - back
            if (
                self.places[at, 0] - EDGE <= x <= self.places[at, 2] + EDGE
                and self.places[at, 1] - EDGE <= y <= self.places[at, 3] + EDGE
            ):
                return alike(self.colours[at], shade)
        return alike(self.shades[0], shade)

    def work(self, comparisons: int) -> None:
        self.compared += comparisons
        if self.compared > COMPARISONS:
            raise TooMuchError

    def add_shape(
        self, x0: float, y0: float, x1: float, y1: float, shade: Colour, alpha: float, hides: bool, state: State
    ) -> None:
        """A filled rectangle or an image, as far as it is not clipped away; it covers what is painted before."""
        left, top = max(x0, state.clip_x0), max(y0, state.clip_y0)
        right, bottom = min(x1, state.clip_x1), min(y1, state.clip_y1)
        if alpha * state.dim <= 0 or left >= right or top >= bottom:
            return
        if hides and alpha * state.dim >= 1:
            self.work(self.characters.count + self.strokes.count)
            self.characters.cover(left, top, right, bottom)
            self.strokes.cover(left, top, right, bottom)
        at = len(self.colours)
        if at >= len(self.places):
            self.grounds = np.concatenate([self.grounds, np.empty_like(self.grounds)])
            self.places = self.grounds
        self.places[at, 0], self.places[at, 1], self.places[at, 2], self.places[at, 3] = left, top, right, bottom
        self.colours.append(shade)
        if shade.known and not self.is_shade(shade):
            self.shades.append(shade)

    def add_picture(self, x0: float, y0: float, x1: float, y1: float, alpha: float, state: State) -> None:
        """An image, or a shape that may be the outline of a character, as far as it is not clipped away."""
        left, top = max(x0, state.clip_x0), max(y0, state.clip_y0)
        right, bottom = min(x1, state.clip_x1), min(y1, state.clip_y1)
        if alpha * state.dim > 0 and left < right and top < bottom:
            self.pictures.append((left, top, right, bottom))

    def is_shade(self, shade: Colour) -> bool:
        """Whether a shape has exactly that colour."""
        self.work(len(self.shades))
        found = False
        for place in range(len(self.shades)):
            one = self.shades[place]
            found = found or (one.red == shade.red and one.green == shade.green and one.blue == shade.blue)
        return found


def alike(one: Colour, other: Colour) -> bool:
    """An unknown colour is like none."""
    return (
        one.known
        and other.known
        and abs(one.red - other.red) <= ALIKE
        and abs(one.green - other.green) <= ALIKE
        and abs(one.blue - other.blue) <= ALIKE
    )


def second_prints(codes: "NDArray[np.uint32]", boxes: "NDArray[np.float32]") -> "NDArray[np.uint8]":
    """For each character 1 if it is printed where the same one of its size stands already: fake bold, a shadow, content
    that is painted twice. Characters of one code are found by the square of twice TWICE in which they begin.
    """
    count = len(codes)
    again: Any = np.zeros(count, np.uint8)
    if not count:
        return again  # type: ignore[no-any-return]
    size = 1 << (2 * count).bit_length()
    marked, code_of, box_of = again, codes, boxes
    first: Any = np.full(size, -1, np.int32)
    before: Any = np.empty(count, np.int32)
    compared = 0
    for at in range(count):
        x, y, code = box_of[at, 0], box_of[at, 1], code_of[at]
        before[at] = -1
        if not (-FAR < x < FAR and -FAR < y < FAR):
            continue
        column, row = int(x // (2 * TWICE)), int(y // (2 * TWICE))
        beside = column + 1 if x - column * 2 * TWICE >= TWICE else column - 1
        below = row + 1 if y - row * 2 * TWICE >= TWICE else row - 1
        for square in range(4):
            other = first[slot(code, beside if square & 1 else column, below if square & 2 else row, size)]
            while other >= 0:
                compared += 1
                if compared > COMPARISONS:
                    raise TooMuchError
                wide, high = box_of[other, 2] - box_of[other, 0], box_of[other, 3] - box_of[other, 1]
                if (
                    code_of[other] == code
                    and is_near(x - box_of[other, 0], y - box_of[other, 1], wide, high)
                    and is_near(box_of[at, 2] - box_of[other, 2], box_of[at, 3] - box_of[other, 3], wide, high)
                ):
                    marked[at] = 1
                    break
                other = before[other]
        own = slot(code, column, row, size)
        before[at] = first[own]
        first[own] = at
    return again  # type: ignore[no-any-return]


def slot(code: int, column: int, row: int, size: int) -> int:
    """Where a character of that code in that square is looked for, among `size` places, a power of two."""
    return (code * 0x9E3B + column * 0x6A09 + row * 0x3C6F) & (size - 1)


def is_near(across: float, along: float, width: float, height: float) -> bool:
    return abs(across) <= min(TWICE, width / 2) and abs(along) <= min(TWICE, height / 2)
