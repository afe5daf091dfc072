cimport cython

cdef bytes KINDS
cdef int WHITE, DELIMITER, NUMERIC, NESTING

cdef class Lexer:
    cdef readonly bytes data
    cdef readonly Py_ssize_t at, end
    cdef public bytes operator

    @cython.locals(code=cython.int, kind=cython.int)
    cpdef object next(self, int depth=*)
    @cython.locals(at=Py_ssize_t, code=cython.int)
    cpdef object skip(self)
    @cython.locals(at=Py_ssize_t, code=cython.int, points=cython.int, value=cython.double, scale=cython.double, negative=cython.bint)
    cpdef double number(self) except? -1
    @cython.locals(start=Py_ssize_t, at=Py_ssize_t, kind=cython.int, word=bytes)
    cpdef object word(self)
    cpdef object delimited(self, int code, int depth)
    @cython.locals(start=Py_ssize_t, at=Py_ssize_t, kind=cython.int, code=cython.int, escaped=cython.bint)
    cpdef object name(self)
    @cython.locals(start=Py_ssize_t, at=Py_ssize_t, code=cython.int)
    cpdef object string(self)
    @cython.locals(code=cython.int, open_brackets=cython.int)
    cpdef object long_string(self)
    @cython.locals(code=cython.int, value=cython.int)
    cpdef object escape(self, bytearray found)
    cpdef object hexadecimal(self)
    @cython.locals(found=list)
    cpdef object array(self, int depth)
    cpdef object dictionary(self, int depth)
