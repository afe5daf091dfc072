cimport cython
from extract.reading.native.eye cimport Sheet
from extract.reading.native.lexer cimport Lexer
from extract.reading.native.paths cimport Path
from extract.reading.native.state cimport Colour, Operands, State, colour
from extract.reading.native.text cimport Text

cdef double EVERYWHERE, SQUARE
cdef Colour BLACK, UNKNOWN
cdef int SAVED, FORMS_DEEP, END, NUMBER, OBJECT, LINE
cdef int SAVE, RESTORE, CONCATENATE, PEN, PARAMETERS
cdef int FILL_GREY, FILL_RGB, FILL_CMYK, STROKE_GREY, STROKE_RGB, STROKE_CMYK
cdef int FILL_SPACE, STROKE_SPACE, FILL_SC, FILL_SCN, STROKE_SC, STROKE_SCN
cdef int MOVE_TO, LINE_TO, CURVE_TO, CURVE_V, CURVE_Y, CLOSE_PATH, RECTANGLE
cdef int STROKE, CLOSE_STROKE, FILL, FILL_OLD, FILL_EVEN, BOTH, BOTH_EVEN, CLOSE_BOTH, CLOSE_BOTH_EVEN, NO_PAINT
cdef int CLIP, CLIP_EVEN, INLINE_IMAGE, SHADING, EXTERNAL
cdef int MARK_PROPERTIES, MARK, END_MARK, TOLERATE, TOLERATE_END
cdef int BEGIN_TEXT, END_TEXT, MATRIX, TO_LINE, TO_LINE_LEADING, NEXT_LINE
cdef int FONT, CHAR_SPACE, WORD_SPACE, STRETCH, LEADING, MODE, RISE
cdef int SHOW, SHOW_ADJUSTED, SHOW_NEXT_LINE, SHOW_SPACED

@cython.final
cdef class Painter:
    cdef readonly Sheet sheet
    cdef Path path
    cdef readonly Text text
    cdef readonly State state
    cdef Operands operands
    cdef Lexer lexer
    cdef object resources
    cdef dict fonts, states
    cdef list saved, marks, open_forms
    cdef readonly set unknown
    cdef int forms, most_forms, off, tolerant
    cdef int in_text
    cdef readonly bint broken
    @cython.locals(outer=State)
    cpdef object page(self, bytes data, object resources)
    @cython.locals(lexer=Lexer, operands=Operands, kind=cython.int, in_text=cython.int)
    cpdef object run(self, bytes data, object resources)
    @cython.locals(known=cython.bint)
    cpdef void perform(self, int code, int depth) except *
    @cython.locals(operands=Operands, text=Text)
    cpdef bint do_text(self, int code) except -1
    @cython.locals(operands=Operands, state=State)
    cpdef bint do_text_state(self, int code) except -1
    cpdef int end_text(self) except -1
    cpdef int choose_font(self, str name, double size) except -1
    cpdef int show(self, object shown) except -1
    @cython.locals(operands=Operands, path=Path, state=State)
    cpdef bint do_path(self, int code) except -1
    @cython.locals(off=cython.bint, path=Path, state=State)
    cpdef bint paint_path(self, int code) except -1
    @cython.locals(operands=Operands)
    cpdef bint do_state(self, int code, int depth) except -1
    cpdef int save(self) except -1
    @cython.locals(state=State, found=dict)
    cpdef int set_parameters(self, str name) except -1
    @cython.locals(operands=Operands, state=State)
    cpdef bint do_colour(self, int code) except -1
    @cython.locals(operands=Operands)
    cpdef bint do_rest(self, int code) except -1
    @cython.locals(state=State, across=cython.double, along=cython.double, upright=cython.bint, hides=cython.bint,
                   x0=cython.double, x1=cython.double, y0=cython.double, y1=cython.double)
    cpdef void image(self, bint opaque) except *
    @cython.locals(state=State)
    cpdef int shading(self) except -1
    cpdef void external(self, object found) except *
    @cython.locals(path=Path, place=tuple, outer=State, state=State)
    cpdef void form(self, object found) except *
    @cython.locals(outer=State)
    cpdef int annotation(self, object appearance, object matrix) except -1
    @cython.locals(off=cython.bint)
    cpdef int begin_mark(self, object tag, object properties) except -1
    @cython.locals(off=cython.bint, start=Py_ssize_t, garbled=Py_ssize_t, count=Py_ssize_t)
    cpdef void end_mark(self) except *
