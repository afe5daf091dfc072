cimport cython

cdef unsigned int NO_TEXT

@cython.final
cdef class Sign:
    cdef readonly object text
    cdef readonly double width
    cdef readonly unsigned int point

@cython.final
cdef class Font:
    cdef readonly dict signs
    cdef readonly bint single, vertical, mapped
    cdef readonly object split
    cdef object _learn
    cpdef Sign sign(self, int code)
