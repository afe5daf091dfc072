cimport cython
from extract.reading.native.signs cimport Font

cdef int OPERANDS
cdef double NO_NUMBER

@cython.final
cdef class Operands:
    cdef object room
    cdef double[::1] numbers
    cdef readonly int count
    cdef readonly list others
    cpdef int add_number(self, double value) except -1
    cpdef int add_other(self, object value) except -1
    cpdef int clear(self) except -1
    cpdef int expect(self, int count) except -1
    @cython.locals(value=cython.double)
    cpdef double number(self, int back) except? -1

@cython.final
cdef class Colour:
    cdef readonly double red, green, blue
    cdef readonly bint known

@cython.locals(count=cython.int, one=cython.double, two=cython.double, three=cython.double, light=cython.double)
cpdef Colour colour(Operands operands)

@cython.final
cdef class State:
    cdef public double a, b, c, d, e, f
    cdef public double clip_x0, clip_y0, clip_x1, clip_y1
    cdef public Colour fill, stroke
    cdef public double fill_alpha, stroke_alpha, dim
    cdef public bint masked
    cdef public double pen
    cdef public Font font
    cdef public double size, char_space, word_space, leading, rise, stretch
    cdef public int mode
    @cython.locals(other=State)
    cpdef State copy(self)
    @cython.locals(p=cython.double, q=cython.double, r=cython.double, s=cython.double)
    cpdef object transform(self, double a, double b, double c, double d, double e, double f)
    cpdef object clip(self, double x0, double y0, double x1, double y1)
