"""Runs the content of a page and remembers what it paints, in the order of painting (ISO 32000-1, 8 and 9).

It knows nothing of PDF objects: fonts, forms, images, layers come from a `Resources`. Coordinates are those of the
page as displayed, since the first matrix turns and shifts everything. Plain Python that Cython compiles as it is,
with the types of `content.pxd`.
"""

from typing import Any

from extract.reading.native.lexer import Lexer
from extract.reading.native.state import BLACK, State

THIN = 3.0  # points: a stroke or shape not thicker than this is a ruling
DESCENT = 0.12  # of the font size: a character's box reaches so far below its line, and a whole size up from there
EVERYWHERE = 1e9  # points: farther than anything on a page
OPERANDS = 4096  # of one operator; more are dropped
SAVED = 512  # states saved by q inside of each other
FORMS_DEEP = 16  # forms inside of each other
FORMS = 20_000  # forms that a page draws
CHARACTERS = 400_000  # of a page
POINTS = 1_000_000  # of one path
MOVE, LINE, CURVE, CLOSE = 0, 1, 2, 3


class TooMuchError(Exception):
    """A page beyond what any printed page holds."""


class Painter:
    """What a page paints, as flat lists that numpy takes.

    `paints`: (colour, alpha, clip box, switched off); `strokes`: boxes of rulings, four numbers each, with
    `stroke_paints` and `stroke_orders`; `shapes`: (box, paint, order, hides what is below) of filled rectangles and
    images; `runs`: (matrix, paint, order, mode) of shown strings; `run_of`, `spans` (start, end, foot in the run's
    own units), `heights` and `characters`, one a printed character.
    """

    def __init__(self) -> None:
        self.paints: list[tuple[Any, ...]] = []
        self.paint_numbers: dict[tuple[Any, ...], int] = {}
        self.strokes: list[float] = []
        self.stroke_paints: list[int] = []
        self.stroke_orders: list[int] = []
        self.shapes: list[tuple[Any, ...]] = []
        self.runs: list[tuple[Any, ...]] = []
        self.run_of: list[int] = []
        self.spans: list[float] = []
        self.characters: list[str] = []
        self.garbled = self.images = self.forms = self.order = 0
        self.unknown: set[str] = set()
        self.state = State()
        self.saved: list[State] = []
        self.marks: list[tuple[Any, ...]] = []
        self.off = 0
        self.resources: Any = None
        self.open_forms: list[Any] = []
        self.lexer = Lexer(b"")
        self.tolerant = 0
        self.clipping = False
        self.xs: list[float] = []
        self.ys: list[float] = []
        self.kinds: list[int] = []
        self.ta = self.td = self.la = self.ld = 1.0
        self.tb = self.tc = self.te = self.tf = self.lb = self.lc = self.le = self.lf = 0.0

    def run(self, data: bytes, resources: Any) -> None:
        """Interprets a content stream with the names that `resources` knows. Raises TooMuchError."""
        outer, self.resources = self.resources, resources
        reading, self.lexer = self.lexer, Lexer(data)
        depth, marks = len(self.saved), len(self.marks)
        lexer = self.lexer
        operands: list[Any] = []
        while True:
            value = lexer.next()
            if value is not None:
                if len(operands) < OPERANDS:
                    operands.append(value)
                continue
            if not lexer.operator:
                break
            self.perform(lexer.operator, operands, depth)
            operands.clear()
        while len(self.saved) > depth:
            self.state = self.saved.pop()
        while len(self.marks) > marks:
            self.end_mark([])
        self.resources, self.lexer = outer, reading

    def perform(self, operator: bytes, operands: list[Any], depth: int) -> None:
        handler = OPERATORS.get(operator)
        if handler is None:
            if not self.tolerant:
                self.unknown.add("operator")
            return
        if operator == b"Q" and len(self.saved) <= depth:
            return  # nothing to bring back that this stream saved
        try:
            handler(self, operands)
        except (
            IndexError,
            TypeError,
            ValueError,
            OverflowError,
        ):  # too few operands, or of another kind: it paints nothing
            self.unknown.add("operands")

    # ---- graphics state --------------------------------------------------------------------------------------------

    def save(self, operands: list[Any]) -> None:
        if len(self.saved) >= SAVED:
            raise TooMuchError
        self.saved.append(self.state.copy())

    def restore(self, operands: list[Any]) -> None:
        self.state = self.saved.pop()

    def concatenate(self, operands: list[Any]) -> None:
        a, b, c, d, e, f = operands[-6:]
        self.state.transform(a, b, c, d, e, f)

    def pen(self, operands: list[Any]) -> None:
        self.state.pen = operands[-1]

    def nothing(self, operands: list[Any]) -> None:
        """What changes neither where nor whether something is seen."""

    def parameters(self, operands: list[Any]) -> None:
        """gs: an entry of ExtGState (8.4.5)."""
        found = self.resources.parameters(operands[-1])
        state = self.state
        state.fill_alpha = found.get("ca", state.fill_alpha)
        state.stroke_alpha = found.get("CA", state.stroke_alpha)
        state.masked = found.get("masked", state.masked)
        state.pen = found.get("LW", state.pen)
        if "font" in found:
            state.font, state.size = found["font"]
        state.fill_paint = state.stroke_paint = -1

    # ---- colour ----------------------------------------------------------------------------------------------------

    def fill_colour(self, operands: list[Any]) -> None:
        self.state.fill, self.state.fill_paint = colour(operands), -1

    def stroke_colour(self, operands: list[Any]) -> None:
        self.state.stroke, self.state.stroke_paint = colour(operands), -1

    def fill_space(self, operands: list[Any]) -> None:
        self.state.fill, self.state.fill_paint = BLACK if self.resources.plain(operands[-1]) else None, -1

    def stroke_space(self, operands: list[Any]) -> None:
        self.state.stroke, self.state.stroke_paint = BLACK if self.resources.plain(operands[-1]) else None, -1

    def fill_in_space(self, operands: list[Any]) -> None:
        self.state.fill, self.state.fill_paint = colour(operands) if self.state.fill is not None else None, -1

    def stroke_in_space(self, operands: list[Any]) -> None:
        self.state.stroke, self.state.stroke_paint = colour(operands) if self.state.stroke is not None else None, -1

    def fill_number(self) -> int:
        """The number of the paint that fills now."""
        state = self.state
        if state.fill_paint < 0:
            state.fill_paint = self.paint_number(state.fill, state.fill_alpha)
        return state.fill_paint

    def stroke_number(self) -> int:
        state = self.state
        if state.stroke_paint < 0:
            state.stroke_paint = self.paint_number(state.stroke, state.stroke_alpha)
        return state.stroke_paint

    def paint_number(self, shade: object, alpha: float) -> int:
        state = self.state
        clip = (state.clip_x0, state.clip_y0, state.clip_x1, state.clip_y1)
        paint = (shade, alpha * state.dim, *clip, self.off > 0, state.masked)
        number = self.paint_numbers.get(paint)
        if number is None:
            number = self.paint_numbers[paint] = len(self.paints)
            self.paints.append(paint)
        return number

    # ---- paths -----------------------------------------------------------------------------------------------------

    def point(self, x: float, y: float, kind: int) -> None:
        state = self.state
        if len(self.kinds) >= POINTS:
            raise TooMuchError
        self.xs.append(state.a * x + state.c * y + state.e)
        self.ys.append(state.b * x + state.d * y + state.f)
        self.kinds.append(kind)

    def move(self, operands: list[Any]) -> None:
        if self.kinds and self.kinds[-1] == MOVE:  # one move after the other: only the last begins something
            self.xs.pop()
            self.ys.pop()
            self.kinds.pop()
        self.point(operands[-2], operands[-1], MOVE)

    def line(self, operands: list[Any]) -> None:
        self.point(operands[-2], operands[-1], LINE)

    def curve(self, operands: list[Any]) -> None:
        """c, v and y: the points that a curve is drawn by hold it between them."""
        for place in range(0, len(operands) - 1, 2):
            self.point(operands[place], operands[place + 1], CURVE)

    def close(self, operands: list[Any]) -> None:
        if self.kinds:
            self.xs.append(self.xs[-1])
            self.ys.append(self.ys[-1])
            self.kinds.append(CLOSE)

    def rectangle(self, operands: list[Any]) -> None:
        x, y, width, height = operands[-4:]
        self.move([x, y])
        self.point(x + width, y, LINE)
        self.point(x + width, y + height, LINE)
        self.point(x, y + height, LINE)
        self.close(operands)

    def paint_stroke(self, operands: list[Any]) -> None:
        self.paint(False, True)

    def paint_closed_stroke(self, operands: list[Any]) -> None:
        self.close(operands)
        self.paint(False, True)

    def paint_fill(self, operands: list[Any]) -> None:
        self.paint(True, False)

    def paint_both(self, operands: list[Any]) -> None:
        self.paint(True, True)

    def paint_closed_both(self, operands: list[Any]) -> None:
        self.close(operands)
        self.paint(True, True)

    def paint_none(self, operands: list[Any]) -> None:
        self.paint(False, False)

    def clip_path(self, operands: list[Any]) -> None:
        self.clipping = True

    def paint(self, fill: bool, stroke: bool) -> None:
        """Paints the path, and clips by it what comes after (8.5.3, 8.5.4)."""
        if self.kinds and self.kinds[-1] == MOVE:
            self.xs.pop()
            self.ys.pop()
            self.kinds.pop()
        count = len(self.kinds)
        if count > 1 and (fill or stroke):
            self.order += 1
            self.add_path(fill, stroke)
        if self.clipping:
            self.clipping = False
            if count:
                self.state.clip(min(self.xs), min(self.ys), max(self.xs), max(self.ys))
            else:
                self.state.clip(EVERYWHERE, EVERYWHERE, -EVERYWHERE, -EVERYWHERE)
        self.xs.clear()
        self.ys.clear()
        self.kinds.clear()

    def add_path(self, fill: bool, stroke: bool) -> None:
        """A thin path is one ruling; of any other the thin parts are, and the straight sides if it is stroked. Shapes
        are kept as backgrounds.
        """
        state = self.state
        x0, y0, x1, y1 = self.bounds(0, len(self.kinds))
        half = 0.0
        if stroke:
            half = state.pen * (abs(state.a * state.d - state.b * state.c) ** 0.5) / 2
        number = self.stroke_number() if stroke else self.fill_number()
        width, height = x1 - x0 + 2 * half, y1 - y0 + 2 * half
        if min(width, height) <= THIN:
            self.add_stroke(x0 - half, y0 - half, x1 + half, y1 + half, number)
            return
        if stroke or len(self.kinds) > 5:
            self.add_parts(stroke, number)
        if fill and len(self.kinds) <= 6 and self.is_rectangle():
            paint = self.fill_number()
            self.shapes.append((x0, y0, x1, y1, paint, self.order, not state.masked))

    def bounds(self, start: int, end: int) -> tuple[float, float, float, float]:
        x0 = x1 = self.xs[start]
        y0 = y1 = self.ys[start]
        for place in range(start + 1, end):
            x, y = self.xs[place], self.ys[place]
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
        for place in range(1, len(self.kinds)):
            kind = self.kinds[place]
            if kind == CLOSE:
                break
            across = abs(self.xs[place] - self.xs[place - 1])
            along = abs(self.ys[place] - self.ys[place - 1])
            if kind != LINE or min(across, along) > 0.5:
                return False
            sides += 1
        return sides in (3, 4)

    def add_parts(self, stroke: bool, number: int) -> None:
        start, count = 0, len(self.kinds)
        while start < count:
            end = start + 1
            straight = True
            while end < count and self.kinds[end] != MOVE:
                straight = straight and self.kinds[end] != CURVE
                end += 1
            self.add_part(start, end, straight, stroke, number)
            start = end

    def add_part(self, start: int, end: int, straight: bool, stroke: bool, number: int) -> None:
        """One subpath: a ruling if it is thin, else its thin straight sides where it is stroked."""
        x0, y0, x1, y1 = self.bounds(start, end)
        if straight and min(x1 - x0, y1 - y0) <= THIN:
            self.add_stroke(x0, y0, x1, y1, number)
        elif stroke:
            for place in range(start + 1, end):
                kind = self.kinds[place]
                if kind == LINE:
                    self.add_side(self.xs[place - 1], self.ys[place - 1], self.xs[place], self.ys[place], number)
                elif kind == CLOSE:
                    self.add_side(self.xs[place], self.ys[place], self.xs[start], self.ys[start], number)

    def add_side(self, x0: float, y0: float, x1: float, y1: float, number: int) -> None:
        across, along = abs(x1 - x0), abs(y1 - y0)
        if min(across, along) <= THIN < max(across, along):
            self.add_stroke(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), number)

    def add_stroke(self, x0: float, y0: float, x1: float, y1: float, number: int) -> None:
        strokes = self.strokes
        strokes.append(x0)
        strokes.append(y0)
        strokes.append(x1)
        strokes.append(y1)
        self.stroke_paints.append(number)
        self.stroke_orders.append(self.order)

    # ---- images, shadings, forms -----------------------------------------------------------------------------------

    def unit_square(self, opaque: bool) -> None:
        """An image lies in the unit square of its matrix (8.9.5)."""
        state = self.state
        self.order += 1
        self.images += 1
        across = sorted((state.e, state.e + state.a + state.c))
        along = sorted((state.f, state.f + state.b + state.d))
        upright = min(abs(state.a), abs(state.b)) < 0.01 * max(abs(state.a), abs(state.b), 1.0)
        paint = self.paint_number(None, state.fill_alpha)
        hides = opaque and upright and not state.masked
        self.shapes.append((across[0], along[0], across[1], along[1], paint, self.order, hides))

    def inline_image(self, operands: list[Any]) -> None:
        self.unit_square(not self.lexer.inline_image())

    def shading(self, operands: list[Any]) -> None:
        state = self.state
        self.order += 1
        paint = self.paint_number(None, state.fill_alpha)
        box = (state.clip_x0, state.clip_y0, state.clip_x1, state.clip_y1)
        self.shapes.append((*box, paint, self.order, False))

    def external(self, operands: list[Any]) -> None:
        """Do: an image, or a form with content of its own (8.10)."""
        found = self.resources.external(operands[-1])
        if found is None:
            return
        self.off += found.off
        if found.is_image:
            self.unit_square(found.opaque)
        else:
            self.form(found)
        self.off -= found.off

    def form(self, found: Any) -> None:
        """A form that calls itself, or one too deep, paints nothing there."""
        if found.key in self.open_forms or len(self.open_forms) >= FORMS_DEEP:
            return
        self.forms += 1
        if self.forms > FORMS:
            raise TooMuchError
        path = self.xs, self.ys, self.kinds
        text = (
            self.ta,
            self.tb,
            self.tc,
            self.td,
            self.te,
            self.tf,
            self.la,
            self.lb,
            self.lc,
            self.ld,
            self.le,
            self.lf,
        )
        outer = self.state
        state = self.state = outer.copy()
        if found.is_group:
            state.dim *= state.fill_alpha
            state.fill_alpha = state.stroke_alpha = 1.0
        self.concatenate(list(found.matrix))
        state.fill_paint = state.stroke_paint = -1
        self.xs, self.ys, self.kinds = [], [], []
        self.rectangle(found.box)
        state.clip(min(self.xs), min(self.ys), max(self.xs), max(self.ys))
        self.xs, self.ys, self.kinds = [], [], []
        self.open_forms.append(found.key)
        self.run(found.content(), found.resources)
        self.open_forms.pop()
        self.state = outer
        outer.fill_paint = outer.stroke_paint = -1
        self.xs, self.ys, self.kinds = path
        self.ta, self.tb, self.tc, self.td, self.te, self.tf, self.la, self.lb, self.lc, self.ld, self.le, self.lf = (
            text
        )

    # ---- marked content --------------------------------------------------------------------------------------------

    def begin_mark(self, operands: list[Any]) -> None:
        """BDC and BMC (14.6): a layer may be off (8.11), and a text may be given for characters that have none
        (14.9.4).
        """
        tag, properties = operands[0], operands[1] if len(operands) > 1 else None
        off = tag == "OC" and self.resources.is_off(properties)
        text = self.resources.actual_text(properties) if properties is not None else None
        self.off += off
        if off:
            self.state.fill_paint = self.state.stroke_paint = -1
        if len(self.marks) >= SAVED:
            raise TooMuchError
        self.marks.append((off, text, len(self.characters), self.garbled))

    def end_mark(self, operands: list[Any]) -> None:
        if not self.marks:
            return
        off, text, start, garbled = self.marks.pop()
        if off:
            self.off -= 1
            for state in (self.state, *self.saved):
                state.fill_paint = state.stroke_paint = -1
        end = len(self.characters)
        if text and self.garbled - garbled == end - start > 0:
            shares = [
                text[place * len(text) // (end - start) : (place + 1) * len(text) // (end - start)]
                for place in range(end - start)
            ]
            if len(text) == end - start:
                self.characters[start:end] = shares
                self.garbled = garbled
                self.unknown.discard("text")

    def begin_tolerance(self, operands: list[Any]) -> None:
        self.tolerant += 1

    def end_tolerance(self, operands: list[Any]) -> None:
        self.tolerant = max(self.tolerant - 1, 0)

    # ---- text ------------------------------------------------------------------------------------------------------

    def begin_text(self, operands: list[Any]) -> None:
        self.set_line(1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

    def set_line(self, a: float, b: float, c: float, d: float, e: float, f: float) -> None:
        self.ta, self.tb, self.tc, self.td, self.te, self.tf = a, b, c, d, e, f
        self.la, self.lb, self.lc, self.ld, self.le, self.lf = a, b, c, d, e, f

    def text_matrix(self, operands: list[Any]) -> None:
        a, b, c, d, e, f = operands[-6:]
        self.set_line(a, b, c, d, e, f)

    def next_line(self, x: float, y: float) -> None:
        e = self.la * x + self.lc * y + self.le
        f = self.lb * x + self.ld * y + self.lf
        self.set_line(self.la, self.lb, self.lc, self.ld, e, f)

    def text_move(self, operands: list[Any]) -> None:
        self.next_line(operands[-2], operands[-1])

    def text_move_leading(self, operands: list[Any]) -> None:
        self.state.leading = -operands[-1]
        self.next_line(operands[-2], operands[-1])

    def text_next_line(self, operands: list[Any]) -> None:
        self.next_line(0.0, -self.state.leading)

    def text_font(self, operands: list[Any]) -> None:
        self.state.size = operands[-1]
        self.state.font = self.resources.font(operands[-2])

    def text_char_space(self, operands: list[Any]) -> None:
        self.state.char_space = operands[-1]

    def text_word_space(self, operands: list[Any]) -> None:
        self.state.word_space = operands[-1]

    def text_stretch(self, operands: list[Any]) -> None:
        self.state.stretch = operands[-1] / 100

    def text_leading(self, operands: list[Any]) -> None:
        self.state.leading = operands[-1]

    def text_mode(self, operands: list[Any]) -> None:
        self.state.mode = int(operands[-1])

    def text_rise(self, operands: list[Any]) -> None:
        self.state.rise = operands[-1]

    def show_next_line(self, operands: list[Any]) -> None:
        self.text_next_line(operands)
        self.show([operands[-1]])

    def show_spaced(self, operands: list[Any]) -> None:
        self.state.word_space, self.state.char_space = operands[-3], operands[-2]
        self.show_next_line(operands)

    def show_string(self, operands: list[Any]) -> None:
        self.show(operands[-1:])

    def show_adjusted(self, operands: list[Any]) -> None:
        self.show(operands[-1])

    def show(self, parts: list[Any]) -> None:
        """Strings with numbers between them that move the next one (9.4.3)."""
        state = self.state
        font = state.font
        if font is None:
            self.unknown.add("font")
            return
        self.order += 1
        number = self.stroke_number() if state.mode % 4 == 1 else self.fill_number()
        a = self.ta * state.a + self.tb * state.c
        b = self.ta * state.b + self.tb * state.d
        c = self.tc * state.a + self.td * state.c
        d = self.tc * state.b + self.td * state.d
        e = self.te * state.a + self.tf * state.c + state.e
        f = self.te * state.b + self.tf * state.d + state.f
        self.runs.append((a, b, c, d, e, f, state.size, number, self.order, state.mode, font.vertical))
        along = 0.0
        unit = state.size / 1000.0 if font.vertical else state.size * state.stretch / 1000.0
        for part in parts:
            if isinstance(part, bytes):
                along = self.show_down(part, along) if font.vertical else self.show_along(part, along)
            else:
                along -= part * unit
        x, y = (0.0, along) if font.vertical else (along, 0.0)
        self.te += self.ta * x + self.tc * y
        self.tf += self.tb * x + self.td * y
        if len(self.characters) > CHARACTERS:
            raise TooMuchError

    def show_along(self, data: bytes, along: float) -> float:
        """Characters from left to right; where the next one begins (9.4.4)."""
        state = self.state
        font = state.font
        texts, widths = font.texts, font.widths
        default, size, stretch = font.default_width, state.size, state.stretch
        space, word_space = state.char_space, state.word_space if font.single else 0.0
        foot = state.rise - DESCENT * size
        run = len(self.runs) - 1
        for code in font.codes(data):
            width = widths.get(code, default) * size * stretch
            text = texts.get(code)
            if text is None:
                self.without_text()
                text = "\ufffd"
            if len(text) == 1:
                self.add_character(text, run, along, along + width, foot)
            elif text:
                self.add_characters(text, run, along, width, foot)
            along += width + space * stretch
            if code == 32:
                along += word_space * stretch
        return along

    def show_down(self, data: bytes, along: float) -> float:
        """Characters from top to bottom, each under the last, its middle on the line (9.7.4.3)."""
        state = self.state
        font = state.font
        run = len(self.runs) - 1
        for code in font.codes(data):
            text = font.texts.get(code)
            if text is None:
                self.without_text()
                text = "\ufffd"
            if text:
                self.add_characters(text, run, -state.size / 2, state.size, along - state.size)
            along -= font.advance_down * state.size - state.char_space
        return along

    def without_text(self) -> None:
        self.garbled += 1
        self.unknown.add("text")

    def add_character(self, text: str, run: int, start: float, end: float, foot: float) -> None:
        self.characters.append(text)
        self.run_of.append(run)
        spans = self.spans
        spans.append(start)
        spans.append(end)
        spans.append(foot)

    def add_characters(self, text: str, run: int, start: float, width: float, foot: float) -> None:
        """A sign that stands for several characters, which share its width."""
        share = width / len(text)
        for place, character in enumerate(text):
            self.add_character(character, run, start + place * share, start + (place + 1) * share, foot)


def colour(operands: list[Any]) -> tuple[float, float, float] | None:
    """Grey, RGB or CMYK by how many numbers there are (8.6.4); None for a pattern's name and for what is none of
    them.
    """
    count = len(operands)
    if any(not isinstance(one, float) for one in operands):
        return None
    if count == 1:
        return operands[0], operands[0], operands[0]
    if count == 3:
        return operands[0], operands[1], operands[2]
    if count == 4:
        light = 1.0 - operands[3]
        return (1.0 - operands[0]) * light, (1.0 - operands[1]) * light, (1.0 - operands[2]) * light
    return None


OPERATORS: dict[bytes, Any] = {
    b"q": Painter.save, b"Q": Painter.restore, b"cm": Painter.concatenate, b"w": Painter.pen, b"gs": Painter.parameters,
    b"J": Painter.nothing, b"j": Painter.nothing, b"M": Painter.nothing, b"d": Painter.nothing, b"ri": Painter.nothing,
    b"i": Painter.nothing, b"d0": Painter.nothing, b"d1": Painter.nothing, b"MP": Painter.nothing, b"DP":
    Painter.nothing, b"g": Painter.fill_colour, b"rg": Painter.fill_colour, b"k": Painter.fill_colour, b"G":
    Painter.stroke_colour, b"RG": Painter.stroke_colour, b"K": Painter.stroke_colour, b"cs": Painter.fill_space,
    b"CS": Painter.stroke_space, b"sc": Painter.fill_in_space, b"scn": Painter.fill_in_space, b"SC":
    Painter.stroke_in_space, b"SCN": Painter.stroke_in_space, b"m": Painter.move, b"l": Painter.line, b"c":
    Painter.curve, b"v": Painter.curve, b"y": Painter.curve, b"h": Painter.close, b"re": Painter.rectangle, b"S":
    Painter.paint_stroke, b"s": Painter.paint_closed_stroke, b"f": Painter.paint_fill, b"F": Painter.paint_fill,
    b"f*": Painter.paint_fill, b"B": Painter.paint_both, b"B*": Painter.paint_both, b"b": Painter.paint_closed_both,
    b"b*": Painter.paint_closed_both, b"n": Painter.paint_none, b"W": Painter.clip_path, b"W*": Painter.clip_path,
    b"BI": Painter.inline_image, b"sh": Painter.shading, b"Do": Painter.external, b"BDC": Painter.begin_mark, b"BMC":
    Painter.begin_mark, b"EMC": Painter.end_mark, b"BX": Painter.begin_tolerance, b"EX": Painter.end_tolerance, b"BT":
    Painter.begin_text, b"ET": Painter.nothing, b"Tm": Painter.text_matrix, b"Td": Painter.text_move, b"TD":
    Painter.text_move_leading, b"T*": Painter.text_next_line, b"Tf": Painter.text_font, b"Tc":
    Painter.text_char_space, b"Tw": Painter.text_word_space, b"Tz": Painter.text_stretch, b"TL": Painter.text_leading,
    b"Tr": Painter.text_mode, b"Ts": Painter.text_rise, b"Tj": Painter.show_string, b"TJ": Painter.show_adjusted,
    b"'": Painter.show_next_line, b'"': Painter.show_spaced, }  # fmt: skip
