"""The graphics state of a page's content (ISO 32000-1, 8.4) and the operands of its operators.

Plain Python that Cython compiles as it is, with the types of `state.pxd`.
"""

from typing import Any

import numpy as np

EVERYWHERE = 1e9  # points: farther than anything on a page
OPERANDS = 4096  # of one operator; more are dropped
NO_NUMBER = float("nan")  # stands among the numbers where another operand stands


class TooMuchError(Exception):
    """A page beyond what any printed page holds."""


class Operands:
    """What stands before an operator: the numbers, and apart from them all that are none, both in their order."""

    def __init__(self) -> None:
        self.room = np.empty(OPERANDS, np.float64)
        self.numbers = self.room
        self.count = 0
        self.others: list[Any] = []

    def add_number(self, value: float) -> None:
        if self.count < OPERANDS:
            self.numbers[self.count] = value
            self.count += 1

    def add_other(self, value: object) -> None:
        if self.count < OPERANDS:
            self.numbers[self.count] = NO_NUMBER
            self.count += 1
            self.others.append(value)

    def clear(self) -> None:
        self.count = 0
        if self.others:
            self.others.clear()

    def expect(self, count: int) -> None:
        """Raises ValueError unless there are so many: where some are too many, an operator before them is lost."""
        if self.count != count:
            raise ValueError("another number of operands")

    def number(self, back: int) -> float:
        """The operand that stands so far before the operator, 1 for the last. Raises ValueError if it is no number."""
        if back > self.count:
            raise ValueError("too few operands")
        value = self.numbers[self.count - back]
        if value != value:
            raise ValueError("no number")
        return value  # type: ignore[no-any-return]


class Colour:
    """Red, green and blue from 0 to 1; what is not known (a pattern, a spot colour) has `known` 0."""

    def __init__(self, red: float, green: float, blue: float, known: bool) -> None:
        self.red, self.green, self.blue, self.known = red, green, blue, known


BLACK = Colour(0.0, 0.0, 0.0, True)
UNKNOWN = Colour(-1.0, -1.0, -1.0, False)


def colour(operands: Operands) -> Colour:
    """Grey, RGB or CMYK by how many numbers there are (8.6.4)."""
    count = operands.count
    if operands.others or count not in (1, 3, 4):
        return UNKNOWN
    one = operands.number(count)
    if count == 1:
        return Colour(one, one, one, True)
    two, three = operands.number(count - 1), operands.number(count - 2)
    if count == 3:
        return Colour(one, two, three, True)
    light = 1.0 - operands.number(1)
    return Colour((1.0 - one) * light, (1.0 - two) * light, (1.0 - three) * light, True)


class State:
    """What q remembers and Q brings back."""

    def __init__(self) -> None:
        self.a = self.d = 1.0
        self.b = self.c = self.e = self.f = 0.0
        self.clip_x0 = self.clip_y0 = -EVERYWHERE
        self.clip_x1 = self.clip_y1 = EVERYWHERE
        self.fill = self.stroke = BLACK
        self.fill_alpha = self.stroke_alpha = self.dim = 1.0
        self.masked = False  # a soft mask or a blend mode: nothing painted so hides what is below
        self.pen = 1.0
        self.font: Any = None
        self.size = 0.0
        self.char_space = self.word_space = self.leading = self.rise = 0.0
        self.stretch = 1.0
        self.mode = 0

    def copy(self) -> "State":
        other = State.__new__(State)
        other.a, other.b, other.c, other.d, other.e, other.f = self.a, self.b, self.c, self.d, self.e, self.f
        other.clip_x0, other.clip_y0 = self.clip_x0, self.clip_y0
        other.clip_x1, other.clip_y1 = self.clip_x1, self.clip_y1
        other.fill, other.stroke = self.fill, self.stroke
        other.fill_alpha, other.stroke_alpha, other.dim = self.fill_alpha, self.stroke_alpha, self.dim
        other.masked, other.pen = self.masked, self.pen
        other.font, other.size = self.font, self.size
        other.char_space, other.word_space = self.char_space, self.word_space
        other.leading, other.rise, other.stretch, other.mode = self.leading, self.rise, self.stretch, self.mode
        return other

    def transform(self, a: float, b: float, c: float, d: float, e: float, f: float) -> None:
        """Puts a matrix before the current one (8.3.4)."""
        p, q, r, s = self.a, self.b, self.c, self.d
        self.e, self.f = e * p + f * r + self.e, e * q + f * s + self.f
        self.a, self.b, self.c, self.d = a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s

    def clip(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Cuts what is painted from now on to a box of the page."""
        self.clip_x0, self.clip_y0 = max(self.clip_x0, x0), max(self.clip_y0, y0)
        self.clip_x1, self.clip_y1 = min(self.clip_x1, x1), min(self.clip_y1, y1)
