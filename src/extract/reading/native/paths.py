"""Paths and what is painted of them (ISO 32000-1, 8.5): rulings, and filled rectangles behind text.

Plain Python that Cython compiles as it is, with the types of `paths.pxd`.
"""

from typing import Any

import numpy as np

from extract.reading.limits import BeyondLimitError
from extract.reading.native.eye import Sheet
from extract.reading.native.kinds import CLOSE, CURVE, LINE, MOVE, SEEN
from extract.reading.native.state import EVERYWHERE, Operands, State

THIN = 3.0  # points: a stroke or shape not thicker than this is a ruling
COVERING = 6.0  # points: a single line that is thicker covers text; a thinner one is a ruling
TALLEST = 40.0  # points: of outlined text; a higher shape with curves is drawn, as the part of a chart
STRAIGHT = 0.5  # points: a side that departs so far from an axis is upright or level all the same
POINTS = 1_000_000  # of one path
FEW = 64  # points: room for so many is made at first


class Path:
    """The current path, its points those of the page as displayed."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.points: Any = np.empty((FEW, 2), np.float64)
        self.at = self.points
        self.steps: Any = np.empty(FEW, np.uint8)
        self.kinds = self.steps
        self.count = 0
        self.clipping = False

    def point(self, x: float, y: float, kind: int, state: State) -> None:
        self.add(state.a * x + state.c * y + state.e, state.b * x + state.d * y + state.f, kind)

    def add(self, x: float, y: float, kind: int) -> None:
        at = self.count
        if at >= len(self.kinds):
            if at >= POINTS:
                raise BeyondLimitError("strokes")
            self.points = np.concatenate([self.points, self.points])
            self.steps = np.concatenate([self.steps, self.steps])
            self.at, self.kinds = self.points, self.steps
        self.at[at, 0], self.at[at, 1], self.kinds[at] = x, y, kind
        self.count = at + 1

    def move(self, x: float, y: float, state: State) -> None:
        self.drop_move()  # one move after the other: only the last begins something
        self.point(x, y, MOVE, state)

    def drop_move(self) -> None:
        if self.count and self.kinds[self.count - 1] == MOVE:
            self.count -= 1

    def curve(self, operands: Operands, state: State) -> None:
        """c, v and y: the points that a curve is drawn by hold it between them."""
        for back in range(operands.count, 1, -2):
            self.point(operands.number(back), operands.number(back - 1), CURVE, state)

    def close(self) -> None:
        if self.count:
            self.add(self.at[self.count - 1, 0], self.at[self.count - 1, 1], CLOSE)

    def rectangle(self, x: float, y: float, width: float, height: float, state: State) -> None:
        self.move(x, y, state)
        self.point(x + width, y, LINE, state)
        self.point(x + width, y + height, LINE, state)
        self.point(x, y + height, LINE, state)
        self.close()

    def paint(self, fill: bool, stroke: bool, off: bool, state: State) -> None:
        """Paints the path unless its layer is off, and clips by it what comes after (8.5.3, 8.5.4)."""
        self.drop_move()
        if self.count > 1 and (fill or stroke) and not off:
            self.add_path(fill, stroke, state)
        if self.clipping:
            self.clipping = False
            if self.count:
                self.clip(state)
            else:
                state.clip(EVERYWHERE, EVERYWHERE, -EVERYWHERE, -EVERYWHERE)
        self.count = 0

    def clip(self, state: State) -> None:
        """Clips by the box around the path."""
        x0, y0, x1, y1 = self.bounds(0, self.count)
        state.clip(x0, y0, x1, y1)

    def add_path(self, fill: bool, stroke: bool, state: State) -> None:
        """A thin path is one ruling; of any other the thin parts are, and the straight sides if it is stroked. Shapes,
        and lines that are thick enough to cover text, are kept as backgrounds.
        """
        x0, y0, x1, y1 = self.bounds(0, self.count)
        half = 0.0
        if stroke:
            half = state.pen * (abs(state.a * state.d - state.b * state.c) ** 0.5) / 2
        width, height = x1 - x0 + 2 * half, y1 - y0 + 2 * half
        if min(width, height) <= THIN:
            self.add_ruling(x0 - half, y0 - half, x1 + half, y1 + half, stroke, state)
            return
        shape = fill and self.count <= 6 and self.is_rectangle()
        if shape:
            self.sheet.add_shape(x0, y0, x1, y1, state.fill, state.fill_alpha, not state.masked, state)
        elif fill and height <= TALLEST and self.is_curved():
            self.sheet.add_picture(x0, y0, x1, y1, state.fill_alpha, state)
        if stroke or self.count > 5:
            self.add_parts(stroke, state)
        if stroke and 2 * half > COVERING and self.count == 2 and self.is_straight():
            self.add_bar(half, state)

    def is_straight(self) -> bool:
        """Whether the path begins with a line along an axis."""
        across, along = abs(self.at[1, 0] - self.at[0, 0]), abs(self.at[1, 1] - self.at[0, 1])
        return bool(self.kinds[1] == LINE) and min(across, along) <= STRAIGHT

    def add_bar(self, half: float, state: State) -> None:
        """A single line that is so thick that it covers text: what it fills on both sides of it."""
        x0, y0, x1, y1 = self.bounds(0, 2)
        level = x1 - x0 >= y1 - y0
        across, along = (0.0, half) if level else (half, 0.0)
        self.sheet.add_shape(
            x0 - across, y0 - along, x1 + across, y1 + along, state.stroke, state.stroke_alpha, not state.masked, state
        )

    def bounds(self, start: int, end: int) -> tuple[float, float, float, float]:
        x0 = x1 = self.at[start, 0]
        y0 = y1 = self.at[start, 1]
        for place in range(start + 1, end):
            x, y = self.at[place, 0], self.at[place, 1]
            if x < x0:
                x0 = x
            elif x > x1:
                x1 = x
            if y < y0:
                y0 = y
            elif y > y1:
                y1 = y
        return x0, y0, x1, y1

    def is_rectangle(self) -> bool:
        """Whether the path is one upright rectangle: of four or five points, each straight along an axis from the one
        before.
        """
        sides = 0
        for place in range(1, self.count):
            kind = self.kinds[place]
            if kind == CLOSE:
                break
            across = abs(self.at[place, 0] - self.at[place - 1, 0])
            along = abs(self.at[place, 1] - self.at[place - 1, 1])
            if kind != LINE or min(across, along) > STRAIGHT:
                return False
            sides += 1
        return sides in (3, 4)

    def is_curved(self) -> bool:
        """Whether some piece is a curve, as in the outline of a character."""
        found = False
        for place in range(self.count):
            found = found or self.kinds[place] == CURVE
        return found

    def add_parts(self, stroke: bool, state: State) -> None:
        start = 0
        while start < self.count:
            end = start + 1
            straight = True
            while end < self.count and self.kinds[end] != MOVE:
                straight = straight and self.kinds[end] != CURVE
                end += 1
            self.add_part(start, end, straight, stroke, state)
            start = end

    def add_part(self, start: int, end: int, straight: bool, stroke: bool, state: State) -> None:
        """One subpath: a ruling if it is thin, else its thin straight sides where it is stroked."""
        x0, y0, x1, y1 = self.bounds(start, end)
        if straight and min(x1 - x0, y1 - y0) <= THIN:
            self.add_ruling(x0, y0, x1, y1, stroke, state)
        elif stroke:
            for place in range(start + 1, end):
                kind = self.kinds[place]
                if kind == LINE:
                    self.add_side(place - 1, place, state)
                elif kind == CLOSE:
                    self.add_side(place, start, state)

    def add_side(self, one: int, other: int, state: State) -> None:
        """The side between two points of the path, if it is straight along an axis."""
        x0, x1 = min(self.at[one, 0], self.at[other, 0]), max(self.at[one, 0], self.at[other, 0])
        y0, y1 = min(self.at[one, 1], self.at[other, 1]), max(self.at[one, 1], self.at[other, 1])
        if min(x1 - x0, y1 - y0) <= THIN < max(x1 - x0, y1 - y0):
            self.add_ruling(x0, y0, x1, y1, True, state)

    def add_ruling(self, x0: float, y0: float, x1: float, y1: float, stroke: bool, state: State) -> None:
        """A ruling as far as it is not clipped away, if it is seen now."""
        x0, y0 = max(x0, state.clip_x0 - 1), max(y0, state.clip_y0 - 1)
        x1, y1 = min(x1, state.clip_x1 + 1), min(y1, state.clip_y1 + 1)
        if x0 > x1 or y0 > y1:
            return
        shade = state.stroke if stroke else state.fill
        alpha = state.stroke_alpha if stroke else state.fill_alpha
        if self.sheet.reason((x0 + x1) / 2, (y0 + y1) / 2, shade, alpha, False, state) == SEEN:
            self.sheet.strokes.add(0, x0, y0, x1, y1, SEEN)
