cimport cython
from extract.reading.native.lexer cimport Lexer
from extract.reading.native.state cimport State

cdef double THIN, DESCENT, EVERYWHERE
cdef int OPERANDS, SAVED, FORMS_DEEP, FORMS, CHARACTERS, POINTS, MOVE, LINE, CURVE, CLOSE
cdef dict OPERATORS

cdef class Painter:
    cdef public list paints
    cdef public dict paint_numbers
    cdef public list strokes, stroke_paints, stroke_orders, shapes, runs, run_of, spans, characters
    cdef public int garbled, images, forms, order
    cdef public set unknown
    cdef public State state
    cdef public list saved, marks
    cdef public int off, tolerant
    cdef public object resources
    cdef public list open_forms
    cdef public Lexer lexer
    cdef public bint clipping
    cdef public list xs, ys, kinds
    cdef public double ta, tb, tc, td, te, tf, la, lb, lc, ld, le, lf

    @cython.locals(lexer=Lexer, operands=list)
    cpdef object run(self, bytes data, object resources)
    cpdef object perform(self, bytes operator, list operands, int depth)
    @cython.locals(state=State)
    cpdef int fill_number(self) except? -1
    @cython.locals(state=State)
    cpdef int stroke_number(self) except? -1
    @cython.locals(state=State)
    cpdef int paint_number(self, object shade, double alpha) except? -1
    @cython.locals(state=State)
    cpdef object point(self, double x, double y, int kind)
    cpdef object paint(self, bint fill, bint stroke)
    @cython.locals(state=State, x0=cython.double, y0=cython.double, x1=cython.double, y1=cython.double, half=cython.double,
                   width=cython.double, height=cython.double, number=cython.int)
    cpdef object add_path(self, bint fill, bint stroke)
    @cython.locals(x0=cython.double, y0=cython.double, x1=cython.double, y1=cython.double, x=cython.double, y=cython.double,
                   place=Py_ssize_t)
    cpdef tuple bounds(self, Py_ssize_t start, Py_ssize_t end)
    @cython.locals(sides=cython.int, kind=cython.int, across=cython.double, along=cython.double, place=Py_ssize_t)
    cpdef bint is_rectangle(self) except? -1
    @cython.locals(start=Py_ssize_t, end=Py_ssize_t, count=Py_ssize_t, straight=cython.bint)
    cpdef object add_parts(self, bint stroke, int number)
    @cython.locals(x0=cython.double, y0=cython.double, x1=cython.double, y1=cython.double, place=Py_ssize_t, kind=cython.int)
    cpdef object add_part(self, Py_ssize_t start, Py_ssize_t end, bint straight, bint stroke, int number)
    @cython.locals(across=cython.double, along=cython.double)
    cpdef object add_side(self, double x0, double y0, double x1, double y1, int number)
    @cython.locals(strokes=list)
    cpdef object add_stroke(self, double x0, double y0, double x1, double y1, int number)
    cpdef object set_line(self, double a, double b, double c, double d, double e, double f)
    @cython.locals(e=cython.double, f=cython.double)
    cpdef object next_line(self, double x, double y)
    @cython.locals(state=State, number=cython.int, a=cython.double, b=cython.double, c=cython.double, d=cython.double,
                   e=cython.double, f=cython.double, along=cython.double, unit=cython.double, x=cython.double, y=cython.double)
    cpdef object show(self, list parts)
    @cython.locals(state=State, texts=dict, widths=dict, default=cython.double, size=cython.double, stretch=cython.double,
                   space=cython.double, word_space=cython.double, foot=cython.double, run=cython.int, code=cython.int,
                   width=cython.double, text=str)
    cpdef double show_along(self, bytes data, double along) except? -1
    @cython.locals(state=State, run=cython.int)
    cpdef double show_down(self, bytes data, double along) except? -1
    @cython.locals(spans=list)
    cpdef object add_character(self, str text, int run, double start, double end, double foot)
    cpdef object add_characters(self, str text, int run, double start, double width, double foot)
