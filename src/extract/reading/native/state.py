"""The graphics state of a page's content (ISO 32000-1, 8.4) and the limits of its interpretation.

Plain Python that Cython compiles as it is, with the types of `state.pxd`.
"""

from typing import Any

EVERYWHERE = 1e9  # points: farther than anything on a page
BLACK = (0.0, 0.0, 0.0)


class State:
    """What q remembers and Q brings back. Colours are (red, green, blue) from 0 to 1, None where they are not known.

    `fill_paint` and `stroke_paint` number the paints of `Painter.paints`, -1 where they have to be made again.
    """

    def __init__(self) -> None:
        self.a = self.d = 1.0
        self.b = self.c = self.e = self.f = 0.0
        self.clip_x0 = self.clip_y0 = -EVERYWHERE
        self.clip_x1 = self.clip_y1 = EVERYWHERE
        self.fill: object = BLACK
        self.stroke: object = BLACK
        self.fill_alpha = self.stroke_alpha = self.dim = 1.0
        self.masked = False  # a soft mask or a blend mode: nothing painted so hides what is below
        self.pen = 1.0
        self.font: Any = None
        self.size = 0.0
        self.char_space = self.word_space = self.leading = self.rise = 0.0
        self.stretch = 1.0
        self.mode = 0
        self.fill_paint = self.stroke_paint = -1

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
        other.fill_paint, other.stroke_paint = self.fill_paint, self.stroke_paint
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
        self.fill_paint = self.stroke_paint = -1
