cimport cython
from extract.reading.native.eye cimport Sheet
from extract.reading.native.signs cimport Font, Sign
from extract.reading.native.state cimport Colour, State

cdef double COLOURED, STRAIGHT, DESCENT, OBLIQUE, LEANING, FAINT
cdef int CHARACTERS, PAINTED_BY_STROKE, NOT_PAINTED, CLIPPED, INVISIBLE, SEEN, WATERMARK
cdef unsigned int NO_TEXT

@cython.final
cdef class Text:
    cdef Sheet sheet
    cdef public Py_ssize_t garbled, unmapped
    cdef public list faint
    cdef public list turned
    cdef public list coloured
    cdef double a, b, c, d, e, f, line_e, line_f
    cdef double to_a, to_b, to_c, to_d, to_e, to_f, stretched, half_height, alpha
    cdef bint flat, off, oblique, leaning, pale
    cdef Colour shade
    cpdef int begin(self) except -1
    cpdef int set_line(self, double a, double b, double c, double d, double e, double f) except -1
    cpdef tuple place(self)
    cpdef int go_back(self, tuple place) except -1
    @cython.locals(e=cython.double, f=cython.double)
    cpdef int next_line(self, double x, double y) except -1
    @cython.locals(shade=Colour, vertical=cython.bint, start=Py_ssize_t, end=Py_ssize_t, along=cython.double, unit=cython.double,
                   amount=cython.double)
    cpdef int show(self, list parts, bint off, State state) except -1
    @cython.locals(a=cython.double, b=cython.double, c=cython.double, d=cython.double, by_stroke=cython.bint,
                   rise=cython.double, alpha=cython.double, light=cython.double)
    cpdef int aim(self, bint off, State state) except -1
    @cython.locals(font=Font, place=Py_ssize_t, code=cython.int)
    cpdef double string(self, bytes data, double along, State state) except? -1
    @cython.locals(sign=Sign, width=cython.double)
    cpdef double advance(self, int code, double along, bint parts_words, State state) except? -1
    @cython.locals(share=cython.double)
    cpdef int add(self, Sign sign, double start, double width, double foot, State state) except -1
    @cython.locals(across=cython.double, up=cython.double, x=cython.double, y=cython.double, half_length=cython.double,
                   half_x=cython.double, half_y=cython.double, reason=cython.int, left=cython.double, right=cython.double)
    cpdef int add_character(self, unsigned int point, double start, double end, double foot, State state) except -1

cdef bint is_coloured(Colour shade) except -1
