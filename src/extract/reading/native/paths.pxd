cimport cython
from extract.reading.native.eye cimport Sheet
from extract.reading.native.state cimport Colour, Operands, State

cdef double THIN, TALLEST, STRAIGHT, EVERYWHERE
cdef int POINTS, FEW, MOVE, LINE, CURVE, CLOSE, SEEN

@cython.final
cdef class Path:
    cdef Sheet sheet
    cdef object points, steps
    cdef double[:, ::1] at
    cdef unsigned char[::1] kinds
    cdef public Py_ssize_t count
    cdef public bint clipping
    cpdef int point(self, double x, double y, int kind, State state) except -1
    @cython.locals(at=Py_ssize_t)
    cpdef int add(self, double x, double y, int kind) except -1
    cpdef int move(self, double x, double y, State state) except -1
    cpdef int drop_move(self) except -1
    @cython.locals(back=cython.int)
    cpdef int curve(self, Operands operands, State state) except -1
    cpdef int close(self) except -1
    cpdef int rectangle(self, double x, double y, double width, double height, State state) except -1
    cpdef int paint(self, bint fill, bint stroke, bint off, State state) except -1
    @cython.locals(x0=cython.double, y0=cython.double, x1=cython.double, y1=cython.double)
    cpdef int clip(self, State state) except -1
    @cython.locals(x0=cython.double, y0=cython.double, x1=cython.double, y1=cython.double, half=cython.double,
                   width=cython.double, height=cython.double, shape=cython.bint)
    cpdef void add_path(self, bint fill, bint stroke, State state) except *
    @cython.locals(across=cython.double, along=cython.double)
    cpdef bint is_straight(self) except -1
    @cython.locals(x0=cython.double, y0=cython.double, x1=cython.double, y1=cython.double, level=cython.bint,
                   across=cython.double, along=cython.double)
    cpdef void add_bar(self, double half, State state) except *
    @cython.locals(x0=cython.double, y0=cython.double, x1=cython.double, y1=cython.double, x=cython.double, y=cython.double,
                   place=Py_ssize_t)
    cdef (double, double, double, double) bounds(self, Py_ssize_t start, Py_ssize_t end) except *
    @cython.locals(sides=cython.int, kind=cython.int, across=cython.double, along=cython.double, place=Py_ssize_t)
    cpdef bint is_rectangle(self) except -1
    @cython.locals(place=Py_ssize_t, found=cython.bint)
    cpdef bint is_curved(self) except -1
    @cython.locals(start=Py_ssize_t, end=Py_ssize_t, straight=cython.bint)
    cpdef int add_parts(self, bint stroke, State state) except -1
    @cython.locals(x0=cython.double, y0=cython.double, x1=cython.double, y1=cython.double, place=Py_ssize_t, kind=cython.int)
    cpdef int add_part(self, Py_ssize_t start, Py_ssize_t end, bint straight, bint stroke, State state) except -1
    @cython.locals(x0=cython.double, y0=cython.double, x1=cython.double, y1=cython.double)
    cpdef int add_side(self, Py_ssize_t one, Py_ssize_t other, State state) except -1
    @cython.locals(shade=Colour, alpha=cython.double)
    cpdef void add_ruling(self, double x0, double y0, double x1, double y1, bint stroke, State state) except *
