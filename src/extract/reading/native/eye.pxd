cimport cython
from extract.reading.native.state cimport Colour, State

cdef int SEEN, CLIPPED, INVISIBLE, LAYER, OF_COLOUR, COVERED, FEW
cdef double EDGE, MARGIN, ALIKE, TWICE, FAR
cdef long long COMPARISONS

@cython.final
cdef class Marks:
    cdef object all_codes, all_boxes, all_reasons
    cdef unsigned int[::1] codes
    cdef float[:, ::1] boxes
    cdef unsigned char[::1] reasons
    cdef readonly Py_ssize_t count
    cdef Py_ssize_t size, most
    cdef str name
    cpdef object grow(self, Py_ssize_t size)
    @cython.locals(at=Py_ssize_t)
    cpdef int add(self, unsigned int code, double x0, double y0, double x1, double y1, int reason) except -1
    @cython.locals(at=Py_ssize_t, left=cython.double, right=cython.double, top=cython.double, bottom=cython.double,
                   quarter=cython.double)
    cpdef int cover(self, double x0, double y0, double x1, double y1) except -1
    @cython.locals(place=Py_ssize_t)
    cpdef object rename(self, Py_ssize_t start, str text)
    cpdef tuple taken(self)

@cython.final
cdef class Sheet:
    cdef readonly Marks characters, strokes
    cdef object grounds
    cdef double[:, ::1] places
    cdef list colours, shades
    cdef readonly list pictures
    cdef long long compared
    cpdef int reason(self, double x, double y, Colour shade, double alpha, bint off, State state) except -1
    @cython.locals(place=Py_ssize_t, found=cython.bint)
    cpdef bint may_vanish(self, Colour shade) except -1
    @cython.locals(at=Py_ssize_t, back=Py_ssize_t)
    cpdef bint is_behind(self, double x, double y, Colour shade) except -1
    cpdef int work(self, long long comparisons) except -1
    @cython.locals(at=Py_ssize_t, left=cython.double, right=cython.double, top=cython.double, bottom=cython.double)
    cpdef void add_shape(self, double x0, double y0, double x1, double y1, Colour shade, double alpha, bint hides,
                        State state) except *
    @cython.locals(left=cython.double, right=cython.double, top=cython.double, bottom=cython.double)
    cpdef void add_picture(self, double x0, double y0, double x1, double y1, double alpha, State state) except *
    @cython.locals(place=Py_ssize_t, one=Colour, found=cython.bint)
    cpdef bint is_shade(self, Colour shade) except -1

cdef bint alike(Colour one, Colour other) except -1

@cython.locals(count=Py_ssize_t, size=Py_ssize_t, marked=cython.uchar[::1], code_of=cython.uint[::1],
               box_of=cython.float[:, ::1], first=cython.int[::1], before=cython.int[::1], compared=cython.longlong,
               at=Py_ssize_t, x=cython.double, y=cython.double, code=cython.uint, column=cython.longlong,
               row=cython.longlong, beside=cython.longlong, below=cython.longlong, square=cython.int, other=cython.int,
               own=Py_ssize_t)
cpdef object second_prints(object codes, object boxes)

cdef Py_ssize_t slot(unsigned int code, long long column, long long row, Py_ssize_t size) except -1
cdef bint is_near(double across, double along, double width, double height) except -1
