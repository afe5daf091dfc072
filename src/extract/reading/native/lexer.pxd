cimport cython

cdef bytes KINDS
cdef int WHITE, DELIMITER, NUMERIC, NESTING, END, NUMBER, OBJECT, OPERATOR, LONG
cdef int ARRAY_ENDS, DICTIONARY_ENDS, IMAGE_DATA

@cython.final
cdef class Lexer:
    cdef readonly bytes data
    cdef readonly Py_ssize_t at, end
    cdef public double value
    cdef public object found
    cdef public int code

    @cython.locals(code=cython.int, kind=cython.int)
    cpdef int next(self, int depth=*) except -1
    @cython.locals(at=Py_ssize_t, code=cython.int)
    cpdef int skip(self) except -1
    @cython.locals(at=Py_ssize_t, code=cython.int, points=cython.int, value=cython.double, scale=cython.double, negative=cython.bint)
    cpdef double number(self) except? -1
    @cython.locals(start=Py_ssize_t, at=Py_ssize_t, kind=cython.int, code=cython.int, letter=cython.int)
    cpdef int word(self) except -1
    @cython.locals(kind=cython.int)
    cpdef int delimited(self, int code, int depth) except -1
    @cython.locals(start=Py_ssize_t, at=Py_ssize_t, kind=cython.int, code=cython.int, escaped=cython.bint)
    cpdef str name(self)
    @cython.locals(start=Py_ssize_t, at=Py_ssize_t, code=cython.int)
    cpdef bytes string(self)
    @cython.locals(code=cython.int, open_brackets=cython.int)
    cpdef bytes long_string(self)
    @cython.locals(code=cython.int, value=cython.int)
    cpdef object escape(self, bytearray found)
    cpdef bytes hexadecimal(self)
    cpdef object operand(self, int kind)
    @cython.locals(found=list, kind=cython.int)
    cpdef list array(self, int depth)
    @cython.locals(items=list, kind=cython.int)
    cpdef dict dictionary(self, int depth)
