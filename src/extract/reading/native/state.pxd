cimport cython

cdef class State:
    cdef public double a, b, c, d, e, f
    cdef public double clip_x0, clip_y0, clip_x1, clip_y1
    cdef public object fill, stroke
    cdef public double fill_alpha, stroke_alpha, dim
    cdef public bint masked
    cdef public double pen
    cdef public object font
    cdef public double size, char_space, word_space, leading, rise, stretch
    cdef public int mode
    cdef public int fill_paint, stroke_paint
    @cython.locals(other=State)
    cpdef State copy(self)
    @cython.locals(p=cython.double, q=cython.double, r=cython.double, s=cython.double)
    cpdef object transform(self, double a, double b, double c, double d, double e, double f)
    cpdef object clip(self, double x0, double y0, double x1, double y1)
