"""Text state and the showing of strings (ISO 32000-1, 9.3 and 9.4): characters with their boxes.

Boxes are by convention, from origin, size and advance, never by the luck of a font's metrics. Plain Python that Cython
compiles as it is, with the types of `text.pxd`.
"""

from typing import Any

from extract.reading.native.eye import Sheet
from extract.reading.native.kinds import CLIPPED, INVISIBLE, NO_TEXT, SEEN, STRAIGHT, WATERMARK
from extract.reading.native.signs import Sign
from extract.reading.native.state import Colour, State

DESCENT = 0.12  # of the font size: a character's box reaches so far below its line, and a whole size up from there
OBLIQUE = 0.2  # of its length: lettering that rises more, and is not upright either, is no line of a table
LEANING = 0.02  # of its length: lettering that rises less stands on a line
COLOURED = 0.3  # of full light, between its red, green and blue: a colour, no grey
FAINT = 0.55  # of full light: letters lighter than this may be a watermark
PAINTED_BY_STROKE = 1  # render mode 1 of 0 to 3; 4 to 7 are the same and clip (9.3.6)
NOT_PAINTED = 3


class Text:
    """The text matrices, and what is shown with them. `garbled` counts codes without a meaning, `unmapped` those that
    their font should know. `faint` has first character, end, height and whether it leans
    of lettering that is a watermark if it is much larger than the rest of the page. `turned` has direction, y
    downwards, and number of characters of what does not run from left to right. `coloured` has first
    character, end, colour and whether it stands on no line, as letters of a seal, of what is neither black nor grey.
    """

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.garbled = 0
        self.unmapped = 0
        self.coloured: list[tuple[int, int, tuple[float, float, float], bool]] = []
        self.faint: list[tuple[int, int, float, bool]] = []
        self.turned: list[tuple[float, float, int]] = []
        self.begin()

    def begin(self) -> None:
        self.set_line(1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

    def set_line(self, a: float, b: float, c: float, d: float, e: float, f: float) -> None:
        self.a, self.b, self.c, self.d, self.e, self.f = a, b, c, d, e, f
        self.line_e, self.line_f = e, f

    def place(self) -> tuple[float, ...]:
        """Where text goes on, to come back to with `go_back` after a form."""
        return self.a, self.b, self.c, self.d, self.line_e, self.line_f, self.e, self.f

    def go_back(self, place: tuple[float, ...]) -> None:
        self.a, self.b, self.c, self.d, self.line_e, self.line_f, self.e, self.f = place

    def next_line(self, x: float, y: float) -> None:
        e = self.a * x + self.c * y + self.line_e
        f = self.b * x + self.d * y + self.line_f
        self.set_line(self.a, self.b, self.c, self.d, e, f)

    def show(self, parts: list[Any], off: bool, state: State) -> None:
        """Strings with numbers between them that move the next one (9.4.3)."""
        self.aim(off, state)
        vertical = state.font.vertical
        start = self.sheet.characters.count
        along = 0.0
        unit = state.size / 1000.0 if vertical else state.size * state.stretch / 1000.0
        for part in parts:
            if isinstance(part, bytes):
                along = self.string(part, along, state)
            else:
                amount = part
                along -= amount * unit
        if vertical:
            self.e += self.c * along
            self.f += self.d * along
        else:
            self.e += self.a * along
            self.f += self.b * along
        end = self.sheet.characters.count
        if self.to_a < 0 or abs(self.to_b) > STRAIGHT * abs(self.to_a):
            self.turned.append((self.to_a, self.to_b, end - start))
        shade = self.shade
        if shade.known and end > start and is_coloured(shade):
            self.coloured.append((start, end, (shade.red, shade.green, shade.blue), self.oblique))
        if self.pale and end > start:
            self.faint.append((start, end, 2 * self.half_height, self.leaning))

    def aim(self, off: bool, state: State) -> None:
        """Works out what the characters of one show operator have in common: the matrix from text to the page, paint,
        and whether they stand on a line.
        """
        a, b = self.a * state.a + self.b * state.c, self.a * state.b + self.b * state.d
        c, d = self.c * state.a + self.d * state.c, self.c * state.b + self.d * state.d
        self.to_a, self.to_b, self.to_c, self.to_d = a, b, c, d
        self.to_e = self.e * state.a + self.f * state.c + state.e
        self.to_f = self.e * state.b + self.f * state.d + state.f
        self.stretched = (a * a + b * b) ** 0.5
        self.half_height = (c * c + d * d) ** 0.5 * abs(state.size) / 2
        self.flat = abs(a) >= abs(b)
        self.off = off
        by_stroke = state.mode % 4 == PAINTED_BY_STROKE
        self.shade = state.stroke if by_stroke else state.fill
        self.alpha = state.stroke_alpha if by_stroke else state.fill_alpha
        rise = min(abs(a), abs(b)) / max(self.stretched, 1e-9)
        self.oblique = rise > OBLIQUE
        alpha = self.alpha * state.dim
        light = (self.shade.red + self.shade.green + self.shade.blue) / 3 * alpha + 1 - alpha
        self.leaning = rise > LEANING
        self.pale = rise <= OBLIQUE and light > FAINT

    def string(self, data: bytes, along: float, state: State) -> float:
        """One string; where the next one begins (9.4.4)."""
        font = state.font
        if font.split is not None:
            for known in font.split(data):
                along = self.advance(known, along, False, state)
        elif font.single:
            for place in range(len(data)):
                code = data[place]
                along = self.advance(code, along, code == 32, state)
        else:
            for place in range(1, len(data), 2):
                code = data[place - 1] << 8 | data[place]
                along = self.advance(code, along, False, state)
        return along

    def advance(self, code: int, along: float, parts_words: bool, state: State) -> float:
        """One code; where the next one begins. From top to bottom each stands under the last, its middle on the line
        (9.7.4.3).
        """
        sign = state.font.sign(code)
        if sign.point == NO_TEXT and state.font.mapped:
            self.unmapped += 1
        if state.font.vertical:
            self.add(sign, -state.size / 2, state.size, along - state.size, state)
            return along - state.size + state.char_space
        width = sign.width * state.size * state.stretch
        self.add(sign, along, width, state.rise - DESCENT * state.size, state)
        along += width + state.char_space * state.stretch
        if parts_words:
            along += state.word_space * state.stretch
        return along

    def add(self, sign: Sign, start: float, width: float, foot: float, state: State) -> None:
        """What a sign shows; several characters share its width."""
        if sign.point:
            if sign.point == NO_TEXT:
                self.garbled += 1
            self.add_character(sign.point, start, start + width, foot, state)
        elif sign.text:
            share = width / len(sign.text)
            for place, character in enumerate(sign.text):
                self.add_character(ord(character), start + place * share, start + (place + 1) * share, foot, state)

    def add_character(self, point: int, start: float, end: float, foot: float, state: State) -> None:
        """An upright box around the middle of a character, as long as it is along the axis that is nearest to its
        line.
        """
        across, up = (start + end) / 2, foot + state.size / 2
        x = self.to_a * across + self.to_c * up + self.to_e
        y = self.to_b * across + self.to_d * up + self.to_f
        half_length = self.stretched * abs(end - start) / 2
        half_x = half_length if self.flat else self.half_height
        half_y = self.half_height if self.flat else half_length
        reason = self.sheet.reason(x, y, self.shade, self.alpha, self.off, state)
        if state.mode % 4 == NOT_PAINTED and reason != CLIPPED:
            reason = INVISIBLE
        elif self.oblique and reason == SEEN:
            reason = WATERMARK
        left, right = x - half_x, x + half_x
        if reason == SEEN and x < state.clip_x0 < right:  # of a cell to its right, at whose edge it is cut
            left = state.clip_x0
        elif reason == SEEN and left < state.clip_x1 < x:
            right = state.clip_x1
        self.sheet.characters.add(point, left, y - half_y, right, y + half_y, reason)


def is_coloured(shade: Colour) -> bool:
    """Whether a colour is more than a grey."""
    return max(shade.red, shade.green, shade.blue) - min(shade.red, shade.green, shade.blue) > COLOURED
