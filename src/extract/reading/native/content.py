"""Runs the content of a page and paints what it says on a sheet, in the order of painting (ISO 32000-1, 8 and 9).

It knows nothing of PDF objects: fonts, forms, images, layers come from a `Resources`. Coordinates are those of the
page as displayed, since the first matrix turns and shifts everything. Plain Python that Cython compiles as it is,
with the types of `content.pxd`.
"""

from typing import Any

from extract.reading.limits import BeyondLimitError, Size
from extract.reading.native.eye import Sheet
from extract.reading.native.kinds import END, LINE, NUMBER, OBJECT
from extract.reading.native.lexer import Lexer, text_string
from extract.reading.native.paths import Path
from extract.reading.native.state import BLACK, EVERYWHERE, UNKNOWN, Operands, State, TooMuchError, colour
from extract.reading.native.text import Text

SAVED = 512  # states saved by q inside of each other
FORMS_DEEP = 16  # forms inside of each other
SQUARE = 0.8  # of one side to the other: a seal or a logo is about as wide as it is high


def code_of(operator: bytes) -> int:
    """An operator as the lexer gives it."""
    return int.from_bytes(operator, "big")


# fmt: off
SAVE, RESTORE, CONCATENATE, PEN, PARAMETERS = map(code_of, (b"q", b"Q", b"cm", b"w", b"gs"))
FILL_GREY, FILL_RGB, FILL_CMYK, STROKE_GREY, STROKE_RGB, STROKE_CMYK = map(
    code_of, (b"g", b"rg", b"k", b"G", b"RG", b"K"))
FILL_SPACE, STROKE_SPACE, FILL_SC, FILL_SCN, STROKE_SC, STROKE_SCN = map(
    code_of, (b"cs", b"CS", b"sc", b"scn", b"SC", b"SCN"))
MOVE_TO, LINE_TO, CURVE_TO, CURVE_V, CURVE_Y, CLOSE_PATH, RECTANGLE = map(
    code_of, (b"m", b"l", b"c", b"v", b"y", b"h", b"re"))
STROKE, CLOSE_STROKE, FILL, FILL_OLD, FILL_EVEN, BOTH, BOTH_EVEN, CLOSE_BOTH, CLOSE_BOTH_EVEN, NO_PAINT = map(
    code_of, (b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"n"))
CLIP, CLIP_EVEN = map(code_of, (b"W", b"W*"))
INLINE_IMAGE, SHADING, EXTERNAL = map(code_of, (b"BI", b"sh", b"Do"))
MARK_PROPERTIES, MARK, END_MARK, TOLERATE, TOLERATE_END = map(code_of, (b"BDC", b"BMC", b"EMC", b"BX", b"EX"))
BEGIN_TEXT, END_TEXT, MATRIX, TO_LINE, TO_LINE_LEADING, NEXT_LINE = map(
    code_of, (b"BT", b"ET", b"Tm", b"Td", b"TD", b"T*"))
FONT, CHAR_SPACE, WORD_SPACE, STRETCH, LEADING, MODE, RISE = map(
    code_of, (b"Tf", b"Tc", b"Tw", b"Tz", b"TL", b"Tr", b"Ts"))
SHOW, SHOW_ADJUSTED, SHOW_NEXT_LINE, SHOW_SPACED = map(code_of, (b"Tj", b"TJ", b"'", b'"'))
WITHOUT_EFFECT = frozenset(map(code_of, (  # what changes neither where nor whether something is seen
    b"J", b"j", b"M", b"d", b"ri", b"i", b"d0", b"d1", b"MP", b"DP")))
# fmt: on


class Painter:
    """Paints a page on its `sheet`. `unknown` names kinds of what was not understood: such a page is another
    reader's. `broken` says that what is opened in a stream is not closed there, or the other way round, or that
    something is named that is not there: a part is lost.
    """

    def __init__(self, size: Size) -> None:
        self.sheet = Sheet(size.characters, size.strokes)
        self.path = Path(self.sheet)
        self.text = Text(self.sheet)
        self.state = State()
        self.operands = Operands()
        self.lexer = Lexer(b"")
        self.resources: Any = None
        self.fonts: dict[str, Any] = {}
        self.states: dict[str, Any] = {}
        self.saved: list[State] = []
        self.marks: list[tuple[Any, ...]] = []
        self.open_forms: list[Any] = []
        self.unknown: set[str] = set()
        self.forms = self.off = self.tolerant = 0
        self.in_text = 0  # text objects begun and not ended
        self.broken = False
        self.most_forms = size.forms

    def page(self, data: bytes, resources: Any) -> None:
        """The content of a page. Annotations, which are painted after it, know nothing of what it leaves behind."""
        outer = self.state
        self.state = outer.copy()
        self.run(data, resources)
        self.state = outer

    def run(self, data: bytes, resources: Any) -> None:
        """Interprets a content stream with the names that `resources` knows.

        Raises TooMuchError and BeyondLimitError.
        """
        outer, self.resources = self.resources, resources
        fonts, self.fonts = self.fonts, resources.fonts
        states, self.states = self.states, resources.states
        reading, self.lexer = self.lexer, Lexer(data)
        depth, marks = len(self.saved), len(self.marks)
        in_text, self.in_text = self.in_text, 0
        lexer, operands = self.lexer, self.operands
        operands.clear()
        while True:
            kind = lexer.next()
            if kind == NUMBER:
                operands.add_number(lexer.value)
            elif kind == OBJECT:
                operands.add_other(lexer.found)
            elif kind == END:
                break
            else:
                self.perform(lexer.code, depth)
                operands.clear()
        if self.in_text or operands.count or len(self.saved) > depth or len(self.marks) > marks:
            self.broken = True
        self.in_text = in_text
        while len(self.saved) > depth:
            self.state = self.saved.pop()
        while len(self.marks) > marks:
            self.end_mark()
        self.resources, self.fonts, self.states, self.lexer = outer, fonts, states, reading

    def perform(self, code: int, depth: int) -> None:
        """One operator. What has another number of operands than it takes, or some of another kind, paints nothing."""
        try:
            known = (
                self.do_text(code)
                or self.do_path(code)
                or self.do_state(code, depth)
                or self.do_rest(code)
                or code in WITHOUT_EFFECT
            )
        except (IndexError, TypeError, ValueError, OverflowError):
            self.unknown.add("operands")
            return
        if not known and not self.tolerant:
            self.unknown.add("operator")

    # ---- text ------------------------------------------------------------------------------------------------------

    def do_text(self, code: int) -> bool:
        """Whether it is an operator that places or shows text."""
        operands, text = self.operands, self.text
        if code in (SHOW, SHOW_ADJUSTED):
            operands.expect(1)
            self.show(operands.others[-1])
        elif code == FONT:
            operands.expect(2)
            self.choose_font(operands.others[-1], operands.number(1))
        elif code == MATRIX:
            operands.expect(6)
            text.set_line(
                operands.number(6),
                operands.number(5),
                operands.number(4),
                operands.number(3),
                operands.number(2),
                operands.number(1),
            )
        elif code == TO_LINE:
            operands.expect(2)
            text.next_line(operands.number(2), operands.number(1))
        elif code == BEGIN_TEXT:
            self.in_text += 1
            text.begin()
        elif code == END_TEXT:
            self.end_text()
        elif code == NEXT_LINE:
            text.next_line(0.0, -self.state.leading)
        elif code == TO_LINE_LEADING:
            operands.expect(2)
            self.state.leading = -operands.number(1)
            text.next_line(operands.number(2), operands.number(1))
        else:
            return self.do_text_state(code)
        return True

    def do_text_state(self, code: int) -> bool:
        operands, state = self.operands, self.state
        if code == CHAR_SPACE:
            state.char_space = operands.number(1)
        elif code == WORD_SPACE:
            state.word_space = operands.number(1)
        elif code == STRETCH:
            state.stretch = operands.number(1) / 100
        elif code == LEADING:
            state.leading = operands.number(1)
        elif code == MODE:
            state.mode = int(operands.number(1))
        elif code == RISE:
            state.rise = operands.number(1)
        elif code in (SHOW_NEXT_LINE, SHOW_SPACED):
            if code == SHOW_SPACED:
                state.word_space, state.char_space = operands.number(3), operands.number(2)
            self.text.next_line(0.0, -state.leading)
            self.show(operands.others[-1])
        else:
            return False
        return True

    def end_text(self) -> None:
        if self.in_text:
            self.in_text -= 1
        else:
            self.broken = True

    def choose_font(self, name: str, size: float) -> None:
        known = self.fonts.get(name)
        self.state.font = self.resources.font(name) if known is None else known
        self.state.size = size

    def show(self, shown: Any) -> None:
        if not self.in_text:
            self.broken = True
        if self.state.font is None:
            self.unknown.add("font")
        else:
            self.text.show(shown if isinstance(shown, list) else [shown], self.off > 0, self.state)

    # ---- paths -----------------------------------------------------------------------------------------------------

    def do_path(self, code: int) -> bool:
        """Whether it is an operator that makes or paints a path."""
        operands, path, state = self.operands, self.path, self.state
        if code == RECTANGLE:
            operands.expect(4)
            path.rectangle(operands.number(4), operands.number(3), operands.number(2), operands.number(1), state)
        elif code == MOVE_TO:
            operands.expect(2)
            path.move(operands.number(2), operands.number(1), state)
        elif code == LINE_TO:
            operands.expect(2)
            path.point(operands.number(2), operands.number(1), LINE, state)
        elif code in (CURVE_TO, CURVE_V, CURVE_Y):
            path.curve(operands, state)
        elif code == CLOSE_PATH:
            path.close()
        elif code in (CLIP, CLIP_EVEN):
            path.clipping = True
        else:
            return self.paint_path(code)
        return True

    def paint_path(self, code: int) -> bool:
        path, off, state = self.path, self.off > 0, self.state
        if code in (FILL, FILL_EVEN, FILL_OLD):
            path.paint(True, False, off, state)
        elif code == NO_PAINT:
            path.paint(False, False, off, state)
        elif code == STROKE:
            path.paint(False, True, off, state)
        elif code in (BOTH, BOTH_EVEN):
            path.paint(True, True, off, state)
        elif code == CLOSE_STROKE:
            path.close()
            path.paint(False, True, off, state)
        elif code in (CLOSE_BOTH, CLOSE_BOTH_EVEN):
            path.close()
            path.paint(True, True, off, state)
        else:
            return False
        return True

    # ---- graphics state --------------------------------------------------------------------------------------------

    def do_state(self, code: int, depth: int) -> bool:
        """Whether it is an operator of the graphics state."""
        operands = self.operands
        if code == SAVE:
            self.save()
        elif code == RESTORE:
            if len(self.saved) > depth:
                self.state = self.saved.pop()
            else:  # there is nothing to bring back that this stream saved
                self.broken = True
        elif code == CONCATENATE:
            operands.expect(6)
            self.state.transform(
                operands.number(6),
                operands.number(5),
                operands.number(4),
                operands.number(3),
                operands.number(2),
                operands.number(1),
            )
        elif code == PEN:
            self.state.pen = operands.number(1)
        elif code == PARAMETERS:
            self.set_parameters(operands.others[-1])
        else:
            return self.do_colour(code)
        return True

    def save(self) -> None:
        if len(self.saved) >= SAVED:
            raise TooMuchError
        self.saved.append(self.state.copy())

    def set_parameters(self, name: str) -> None:
        """gs: an entry of ExtGState (8.4.5)."""
        state, known = self.state, self.states.get(name)
        found: dict[str, Any] = self.resources.parameters(name) if known is None else known
        for key, value in found.items():
            if key == "ca":
                state.fill_alpha = value
            elif key == "CA":
                state.stroke_alpha = value
            elif key == "masked":
                state.masked = value
            elif key == "LW":
                state.pen = value
            else:
                state.font, state.size = value

    def do_colour(self, code: int) -> bool:
        operands, state = self.operands, self.state
        if code in (FILL_GREY, FILL_RGB, FILL_CMYK):
            state.fill = colour(operands)
        elif code in (STROKE_GREY, STROKE_RGB, STROKE_CMYK):
            state.stroke = colour(operands)
        elif code in (FILL_SC, FILL_SCN):
            state.fill = colour(operands) if state.fill.known else UNKNOWN
        elif code in (STROKE_SC, STROKE_SCN):
            state.stroke = colour(operands) if state.stroke.known else UNKNOWN
        elif code == FILL_SPACE:
            state.fill = BLACK if self.resources.plain(operands.others[-1]) else UNKNOWN
        elif code == STROKE_SPACE:
            state.stroke = BLACK if self.resources.plain(operands.others[-1]) else UNKNOWN
        else:
            return False
        return True

    # ---- images, shadings, forms, marked content -------------------------------------------------------------------

    def do_rest(self, code: int) -> bool:
        operands = self.operands
        if code in (MARK, MARK_PROPERTIES):
            self.begin_mark(operands.others[0], operands.others[1] if len(operands.others) > 1 else None)
        elif code == END_MARK:
            self.end_mark()
        elif code == EXTERNAL:
            self.external(self.resources.external(operands.others[-1]))
        elif code == INLINE_IMAGE:
            self.image(not self.lexer.inline_image())
        elif code == SHADING:
            self.shading()
        elif code == TOLERATE:
            self.tolerant += 1
        elif code == TOLERATE_END:
            self.tolerant = max(self.tolerant - 1, 0)
        else:
            return False
        return True

    def image(self, opaque: bool) -> None:
        """An image lies in the unit square of its matrix (8.9.5)."""
        state = self.state
        if self.off:
            return
        across, along = state.e + state.a + state.c, state.f + state.b + state.d
        upright = min(abs(state.a), abs(state.b)) < 0.01 * max(abs(state.a), abs(state.b), 1.0)
        hides = opaque and upright and not state.masked
        x0, x1 = min(state.e, across), max(state.e, across)
        y0, y1 = min(state.f, along), max(state.f, along)
        self.sheet.add_shape(x0, y0, x1, y1, UNKNOWN, state.fill_alpha, hides, state)
        if hides or not SQUARE < (x1 - x0) / max(y1 - y0, 1e-9) < 1 / SQUARE:  # else it is a seal or a logo
            self.sheet.add_picture(x0, y0, x1, y1, state.fill_alpha, state)

    def shading(self) -> None:
        state = self.state
        if not self.off:
            self.sheet.add_shape(
                -EVERYWHERE, -EVERYWHERE, EVERYWHERE, EVERYWHERE, UNKNOWN, state.fill_alpha, False, state
            )

    def external(self, found: Any) -> None:
        """Do: an image, or a form with content of its own (8.10)."""
        if found is None:
            self.broken = True
            return
        self.off += found.off
        if found.is_image:
            self.image(found.opaque)
        else:
            self.form(found)
        self.off -= found.off

    def form(self, found: Any) -> None:
        """A form that calls itself, or one too deep, paints nothing there."""
        if found.key in self.open_forms or len(self.open_forms) >= FORMS_DEEP:
            return
        self.forms += 1
        if self.forms > self.most_forms:
            raise BeyondLimitError("forms")
        path, place, outer = self.path, self.text.place(), self.state
        state = self.state = outer.copy()
        if found.is_group:
            state.dim *= state.fill_alpha
            state.fill_alpha = state.stroke_alpha = 1.0
        a, b, c, d, e, f = found.matrix
        state.transform(a, b, c, d, e, f)
        self.path = Path(self.sheet)
        x, y, width, height = found.box
        self.path.rectangle(x, y, width, height, state)
        self.path.clip(state)
        self.path.count = 0
        self.open_forms.append(found.key)
        self.run(found.content(), found.resources)
        self.open_forms.pop()
        self.path, self.state = path, outer
        self.text.go_back(place)

    def annotation(self, appearance: Any, matrix: tuple[float, ...]) -> None:
        """The appearance of an annotation, over the page (12.5.5)."""
        outer = self.state
        self.state = outer.copy()
        a, b, c, d, e, f = matrix
        self.state.transform(a, b, c, d, e, f)
        self.form(appearance)
        self.state = outer

    def begin_mark(self, tag: object, properties: object) -> None:
        """BDC and BMC (14.6): a layer may be off (8.11), and a text may be given for characters that have none
        (14.9.4).
        """
        if len(self.marks) >= SAVED:
            raise TooMuchError
        off, text = False, None
        if isinstance(properties, str):
            off, text = self.resources.properties(properties)
            off = off and tag == "OC"
        elif isinstance(properties, dict) and isinstance(properties.get("ActualText"), bytes):
            text = text_string(properties["ActualText"])
        self.off += off
        self.marks.append((off, text, self.sheet.characters.count, self.text.garbled))

    def end_mark(self) -> None:
        if not self.marks:
            return
        off, text, start, garbled = self.marks.pop()
        self.off -= off
        count = self.sheet.characters.count - start
        if text and count > 0 and self.text.garbled - garbled == count == len(text):
            self.sheet.characters.rename(start, text)
            self.text.garbled = garbled
