"""The default reader, on PDFium through pypdfium2's raw bindings.

A page costs some two thousand calls into PDFium. Each goes through a prototype that converts no arguments and writes
its result straight into a numpy array, and is driven by `map`, since ctypes' own argument conversion would cost more
than the call.
PDFium is not thread-safe: one process, one thread.
"""

import ctypes
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise, repeat
from typing import TYPE_CHECKING, Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from extract.errors import EncryptedError, UnreadableError
from extract.model.page import Box, Page
from extract.reading.base import PositionsWanted
from extract.reading.opened import pdfium_document

if TYPE_CHECKING:
    from extract.model.page import Boxes

_LINE_END_HYPHENS = {0x02: "-", 0xFFFE: "-"}  # PDFium's own signs
THIN = 3.0  # points: a stroke or rectangle not thicker than this is a ruling
_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def _fast(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    """`function` of PDFium taking and giving plain integers, addresses for pointers.

    Without `arguments` ctypes checks and converts nothing: integers go as C ints, pointers must come from `_pointer`.
    """
    prototype = ctypes.PYFUNCTYPE(result, *arguments)
    return prototype(ctypes.cast(function, ctypes.c_void_p).value or 0)


_POINTER = ctypes.c_void_p
_INT = ctypes.c_int
_pointer = _POINTER.from_param
_loose_box = _fast(pdfium.FPDFText_GetLooseCharBox, _INT)
_map_error = _fast(pdfium.FPDFText_HasUnicodeMapError, _INT)
_page_object = _fast(pdfium.FPDFPage_GetObject, _POINTER)
_form_count = _fast(pdfium.FPDFFormObj_CountObjects, _INT, _POINTER)
_form_object = _fast(pdfium.FPDFFormObj_GetObject, _POINTER, _POINTER, _INT)
_object_type = _fast(pdfium.FPDFPageObj_GetType, _INT)
_object_matrix = _fast(pdfium.FPDFPageObj_GetMatrix, _INT, _POINTER, _POINTER)
_bounds = _fast(pdfium.FPDFPageObj_GetBounds, _INT)
_draw_mode = _fast(pdfium.FPDFPath_GetDrawMode, _INT, *(3 * (_POINTER,)))
_segment_count = _fast(pdfium.FPDFPath_CountSegments, _INT, _POINTER)
_segment = _fast(pdfium.FPDFPath_GetPathSegment, _POINTER, _POINTER, _INT)
_segment_point = _fast(pdfium.FPDFPathSegment_GetPoint, _INT, *(3 * (_POINTER,)))
_segment_type = _fast(pdfium.FPDFPathSegment_GetType, _INT, _POINTER)
_segment_closes = _fast(pdfium.FPDFPathSegment_GetClose, _INT, _POINTER)


def _address(handle: Any) -> int:
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def _drain(calls: "map[Any]") -> None:
    deque(calls, maxlen=0)


class _Boxes:
    """Room for PDFium to write boxes into, used again for every page, and pointers to the four sides of each box."""

    def __init__(self) -> None:
        self.room = np.empty((0, 4), np.float32)
        self.sides: list[list[Any]] = [[], [], [], []]

    def of(self, count: int) -> "Boxes":
        """The first `count` boxes."""
        if count > len(self.room):
            self.room = np.empty((2 * count, 4), np.float32)
            start = self.room.ctypes.data
            pointers = [_pointer(start + offset) for offset in range(0, self.room.nbytes, self.room.itemsize)]
            self.sides = [pointers[side::4] for side in range(4)]
        return self.room[:count]


_boxes = _Boxes()


class PdfiumReader:
    """Reads with PDFium: some 3 ms a page."""

    name = "pdfium"

    @contextmanager
    def open(self, content: bytes) -> Iterator["PdfiumDocument"]:
        try:
            document = pdfium_document(content)
        except pypdfium2.PdfiumError as error:
            # PDFium's last error may be of an earlier document: only an encrypted one can need a password
            asks = getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD
            if asks and b"/Encrypt" in content:
                raise EncryptedError("encrypted") from error
            raise UnreadableError("not_a_pdf", reason="PDFium: no pages" if asks else str(error)) from error
        try:
            yield PdfiumDocument(document)
        finally:
            document.close()


class PdfiumDocument:
    """An open PDF; see `readers.Document`."""

    def __init__(self, document: pypdfium2.PdfDocument) -> None:
        self._document = document
        self.page_count = len(document)

    def page(self, number: int, positions: PositionsWanted) -> Page:
        handle = pdfium.FPDF_LoadPage(self._document.raw, number - 1)
        if not handle:
            raise UnreadableError("page_damaged", page=number)
        try:
            text_page = pdfium.FPDFText_LoadPage(handle)
            try:
                return _read_page(number, handle, text_page, positions)
            finally:
                pdfium.FPDFText_ClosePage(text_page)
        finally:
            pdfium.FPDF_ClosePage(handle)


def _read_page(number: int, page: Any, text_page: Any, positions: PositionsWanted) -> Page:
    view = _View(page)
    strokes, images = _drawn(page)
    rulings = view.displayed(strokes)
    pictures = tuple(Box(*box) for box in view.displayed(images).tolist())
    count = pdfium.FPDFText_CountChars(text_page)
    text = _text(text_page, count)
    glyphs, boxes, garbled = "", np.empty((0, 4), np.float32), 0
    if len(rulings) > 3 or positions(text):  # fewer make no cell
        glyphs, boxes, garbled = _glyphs(text_page, count, text)
        boxes = view.displayed(boxes)
    return Page(
        number, view.width, view.height, text.replace("\r\n", "\n"), glyphs, boxes, rulings, garbled, pictures, "pdfium"
    )


class _View:
    """The page's box and rotation: turns PDF coordinates into displayed ones."""

    def __init__(self, page: Any) -> None:
        box = pdfium.FS_RECTF()
        pdfium.FPDF_GetPageBoundingBox(page, box)
        self.left, self.top, self.right, self.bottom = box.left, box.top, box.right, box.bottom
        self.rotation = pdfium.FPDFPage_GetRotation(page)
        self.width, self.height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)

    def displayed(self, boxes: "Boxes") -> "Boxes":
        """PDF boxes (left, bottom, right, top) as (x0, top, x1, bottom) of the page as displayed."""
        left, bottom, right, top = boxes.T
        if self.rotation == 0:
            sides = left - self.left, self.top - top, right - self.left, self.top - bottom
        elif self.rotation == 1:
            sides = bottom - self.bottom, left - self.left, top - self.bottom, right - self.left
        elif self.rotation == 2:
            sides = self.right - right, bottom - self.bottom, self.right - left, top - self.bottom
        else:
            sides = self.top - top, self.right - right, self.top - bottom, self.right - left
        return np.stack(sides, axis=1)


def _text(text_page: Any, count: int) -> str:
    """All characters, one a position: those that PDFium counts, so that index and box agree."""
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(text_page, 0, count, buffer)
    units = np.frombuffer(bytes(buffer), np.uint16)[: max(written - 1, 0)]
    if len(units) == count and not ((units >= 0xD800) & (units < 0xE000)).any():
        text = str(units.tobytes(), "utf-16-le")
    else:  # PDFium left something out or used surrogates: take the characters one by one
        text = _one_a_position([pdfium.FPDFText_GetUnicode(text_page, index) for index in range(count)])
    return text.translate(_LINE_END_HYPHENS)


def _one_a_position(codes: Sequence[int]) -> str:
    """A character for each code unit: a surrogate pair's stands at its first half, a blank at its second; what has no
    meaning is U+FFFD.
    """
    characters = [chr(code) if code and not 0xD800 <= code < 0xE000 else "\ufffd" for code in codes]
    for index, (high, low) in enumerate(pairwise(codes)):
        if 0xD800 <= high < 0xDC00 <= low < 0xE000:
            characters[index : index + 2] = [chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)), " "]
    return "".join(characters)


def _glyphs(text_page: Any, count: int, text: str) -> tuple[str, "Boxes", int]:
    """The printed characters, their boxes (left, bottom, right, top) and how many of them have no meaning."""
    boxes = _boxes.of(count)  # PDFium's FS_RECTF: left, top, right, bottom
    handle = _pointer(_address(text_page))
    _drain(map(_loose_box, repeat(handle), range(count), _boxes.sides[0]))
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    printed = np.flatnonzero((codes > 0x20) & (codes != 0xA0) & (codes != 0x3000))
    garbled = sum(map(_map_error, repeat(handle), range(count)))  # of those too that look like white space
    glyphs = codes[printed].tobytes().decode("utf-32-le")
    return glyphs, boxes[printed][:, [0, 3, 2, 1]], garbled + glyphs.count("�")


def _drawn(page: Any) -> "tuple[Boxes, Boxes]":
    """Strokes and images as boxes (left, bottom, right, top), forms included: of thin paths the whole, the straight
    pieces of compound or outlined ones.
    """
    handle, count = _pointer(_address(page)), pdfium.FPDFPage_CountObjects(page)
    strokes, images = [np.empty((0, 4), np.float32)], [np.empty((0, 4), np.float32)]
    _collect(list(map(_page_object, repeat(handle), range(count))), _IDENTITY, strokes, images)
    return np.concatenate(strokes), np.concatenate(images)


def _collect(objects: list[int], matrix: _Matrix, strokes: list["Boxes"], images: list["Boxes"]) -> None:
    """Adds the strokes and the images among the objects."""
    pointers = list(map(_pointer, objects))
    kinds = list(map(_object_type, pointers))
    shown = [place for place, kind in enumerate(kinds) if kind == pdfium.FPDF_PAGEOBJ_IMAGE]
    if shown:
        room = _boxes.of(len(shown))
        _drain(map(_bounds, [pointers[place] for place in shown], *_boxes.sides))
        images.append(_transformed(room, matrix).copy())
    paths = [place for place, kind in enumerate(kinds) if kind == pdfium.FPDF_PAGEOBJ_PATH]
    if paths:
        room = _boxes.of(len(paths))
        _drain(map(_bounds, [pointers[place] for place in paths], *_boxes.sides))
        boxes = _transformed(room, matrix)
        extent = boxes[:, 2:] - boxes[:, :2]
        thin = extent.min(axis=1) <= THIN
        strokes.append(boxes[thin & (extent.max(axis=1) > THIN)])
        for position in np.flatnonzero(~thin).tolist():
            pieces = _pieces(objects[paths[position]], matrix)
            if pieces:
                strokes.append(np.array(pieces, np.float32))
    for item, kind in zip(objects, kinds, strict=True):
        if kind == pdfium.FPDF_PAGEOBJ_FORM:
            children = list(map(_form_object, repeat(item), range(_form_count(item))))
            _collect(children, _times(_matrix(item), matrix), strokes, images)


def _pieces(path: int, matrix: _Matrix) -> list[tuple[float, float, float, float]]:
    """The rulings inside one path object that is not thin as a whole: thin outlines, and the straight pieces of
    stroked ones.
    """
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    _draw_mode(path, ctypes.addressof(fill), ctypes.addressof(stroke))
    count = _segment_count(path)
    if count < 6 and not stroke.value:
        return []  # one filled area: a background
    boxes: list[tuple[float, float, float, float]] = []
    for points, straight in _outlines(path, count, _times(_matrix(path), matrix)):
        box = _around(points)
        if _is_thin(box) and all(straight):
            boxes.append(box)
        elif stroke.value:
            sides = (_around(side) for side, is_line in zip(pairwise(points), straight, strict=True) if is_line)
            boxes.extend(filter(_is_thin, sides))
    return boxes


def _outlines(path: int, count: int, matrix: _Matrix) -> list[tuple[list[tuple[float, float]], list[bool]]]:
    """The points of each subpath and whether the way from each to the next is a line; a closed one ends where it
    began.
    """
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    outlines: list[tuple[list[tuple[float, float]], list[bool]]] = []
    for segment in map(_segment, repeat(path), range(count)):
        _segment_point(segment, ctypes.addressof(x), ctypes.addressof(y))
        point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        kind = _segment_type(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO or not outlines:
            outlines.append(([point], []))
        else:
            outlines[-1][0].append(point)
            outlines[-1][1].append(kind == pdfium.FPDF_SEGMENT_LINETO)
        if _segment_closes(segment):
            outlines[-1][0].append(outlines[-1][0][0])
            outlines[-1][1].append(True)
    return outlines


def _around(points: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _is_thin(box: tuple[float, float, float, float]) -> bool:
    width, height = box[2] - box[0], box[3] - box[1]
    return min(width, height) <= THIN < max(width, height)


def _matrix(item: int) -> _Matrix:
    matrix = pdfium.FS_MATRIX()
    _object_matrix(item, ctypes.addressof(matrix))
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _times(first: _Matrix, second: _Matrix) -> _Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _transformed(boxes: "Boxes", matrix: _Matrix) -> "Boxes":
    if matrix == _IDENTITY or not len(boxes):
        return boxes
    a, b, c, d, e, f = matrix
    left, bottom, right, top = boxes.T
    xs = np.stack([a * left + c * bottom + e, a * right + c * top + e])
    ys = np.stack([b * left + d * bottom + f, b * right + d * top + f])
    return np.stack([xs.min(0), ys.min(0), xs.max(0), ys.max(0)], axis=1).astype(np.float32)
