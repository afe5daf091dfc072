"""The reader of our own: pages from the interpreter of their content, seen as the eye sees them.

A page that holds what it does not know (a font without a known encoding, an operator of no standard) is read by
PDFium; so is a whole document that has to be repaired, of which two libraries may make two.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pikepdf

from extract.errors import EncryptedError, UnreadableError
from extract.model.page import Box, Hidden, Page
from extract.reading.base import PositionsWanted
from extract.reading.native.content import Painter, TooMuchError
from extract.reading.native.eye import (
    CLIPPED,
    INVISIBLE,
    OBLIQUE,
    REASONS,
    WATERMARK,
    Paints,
    Shapes,
    hidden_marks,
    second_prints,
)
from extract.reading.native.resources import Form, Resources, Shared, numbers
from extract.reading.native.turned import lean, turning
from extract.reading.page_text import page_text
from extract.reading.pdfium import PdfiumDocument, PdfiumReader

if TYPE_CHECKING:
    from extract.model.page import Boxes

LARGEST = 14_400  # points: of a page without a credible size, and half of how far off a page anything is kept
LETTER = (0.0, 0.0, 612.0, 792.0)
PARENTS = 64  # from a page up the tree of pages
UNSEEN_ANNOTATIONS = 2 | 32  # flags: hidden, no view (12.5.3)
FAINT = 0.55  # of full light: lettering lighter than this and larger than ordinary is a watermark
HUGE = 2.5  # times the ordinary size
SHEET = 1e6
_Matrix = tuple[float, float, float, float, float, float]


class NativeReader:
    """Reads with the interpreter of our own: some 0.6 ms a page where it is compiled."""

    name = "native"

    @contextmanager
    def open(self, content: bytes) -> Iterator["NativeDocument | RepairedDocument"]:
        pdf = _opened(content)
        if pdf is None:
            with PdfiumReader().open(content) as other, _repaired(content) as mended:
                yield RepairedDocument(other, mended, content.count(b"%%EOF"))
            return
        with pdf:
            document = NativeDocument(pdf, content)
            try:
                yield document
            finally:
                document.close()


def _opened(content: bytes) -> pikepdf.Pdf | None:
    """The document; None for one that has to be repaired. Raises EncryptedError and UnreadableError."""
    try:
        pdf = pikepdf.open(BytesIO(content), suppress_warnings=True, attempt_recovery=False)
    except pikepdf.PasswordError as error:
        raise EncryptedError("encrypted") from error
    except pikepdf.PdfError:
        return None
    try:
        broken = bool(pdf.get_warnings()) or not len(pdf.pages) or bool(pdf.get_warnings())
    except Exception:  # of the library where the tree of pages is broken
        broken = True
    if broken:
        pdf.close()
        return None
    return pdf


@contextmanager
def _repaired(content: bytes) -> Iterator["NativeDocument | None"]:
    """The document as pikepdf repairs it; None where it cannot."""
    try:
        pdf = pikepdf.open(BytesIO(content), suppress_warnings=True)
        document = NativeDocument(pdf, content)
    except Exception:  # of the library, of any kind where a file is damaged: there is nothing to compare
        yield None
        return
    with pdf:
        try:
            yield document
        finally:
            document.close()


class RepairedDocument:
    """A damaged file as PDFium repairs it. Where pikepdf's repair gives a page another text, the file holds two
    revisions, and that is told.
    """

    def __init__(self, document: PdfiumDocument, mended: "NativeDocument | None", revisions: int) -> None:
        self._revisions = revisions
        self._document = document
        self._mended = mended
        self.page_count = document.page_count

    def page(self, number: int, positions: PositionsWanted) -> Page:
        page = self._document.page(number, positions)
        differing = self._differing(number)
        if not differing and not (number == 1 and self._revisions > 1):
            return page
        return replace(page, hidden=(Hidden(" ".join(differing), Box(0, 0, page.width, page.height), "revision"),))

    def _differing(self, number: int) -> list[str]:
        """Words of a page that only the other repair has."""
        if self._mended is None or number > self._mended.page_count:
            return []
        other, page = (one.page(number, lambda _text: True) for one in (self._mended, self._document))
        if other.engine == page.engine or sorted(page.glyphs) == sorted(
            other.glyphs + "".join(one.text for one in other.hidden)
        ):
            return []
        said = set(page_text(page.glyphs, page.boxes).split())
        return [word for word in page_text(other.glyphs, other.boxes).split() if word not in said]


class NativeDocument:
    """An open PDF; see `base.Document`."""

    def __init__(self, pdf: pikepdf.Pdf, content: bytes) -> None:
        self._pages = [page.obj for page in pdf.pages]
        self._shared = Shared(pdf)
        self._content = content
        self._other: Any = None
        self.page_count = len(self._pages)

    def page(self, number: int, positions: PositionsWanted) -> Page:
        try:
            found = _read_page(number, self._pages[number - 1], self._shared, positions)
        except (
            TooMuchError,
            pikepdf.PdfError,
            KeyError,
            ValueError,
            TypeError,
            AttributeError,
        ):  # a damaged page, or one of another kind
            found = None
        return found or self._by_pdfium(number, positions)

    def _by_pdfium(self, number: int, positions: PositionsWanted) -> Page:
        if self._other is None:
            self._other = PdfiumReader().open(self._content)
            self._document = self._other.__enter__()
        if self._document.page_count != self.page_count:
            raise UnreadableError("page_damaged", page=number)
        return self._document.page(number, positions)  # type: ignore[no-any-return]

    def close(self) -> None:
        if self._other is not None:
            self._other.__exit__(None, None, None)


# ---- a page --------------------------------------------------------------------------------------------------------


def _read_page(number: int, page: Any, shared: Shared, positions: PositionsWanted) -> Page | None:
    """None where the page holds what is not known."""
    matrix, width, height = view(page)
    painter = _painted(page, shared, [matrix], width, height)
    runs = _runs(painter)
    turn = None
    if angle := lean(runs, painter.run_of):
        turn, width, height = turning(angle, width, height)
        painter = _painted(page, shared, [turn, matrix], width, height)
        runs = _runs(painter)
    if painter.unknown:
        return None
    paints = Paints.of(painter.paints)
    shapes = Shapes.of(painter.shapes, paints)
    rulings = _rulings(painter, paints, shapes)
    codes, boxes, hidden = _characters(painter, runs, paints, shapes)
    glyphs = str(codes.tobytes(), "utf-32-le")
    text = page_text(glyphs, boxes)
    if len(rulings) <= 3 and not positions(text):  # so few make no cell
        glyphs, boxes = "", boxes[:0]
    return Page(number, width, height, text, glyphs, boxes, rulings, 0, painter.images, "native", hidden, turn)


def _painted(page: Any, shared: Shared, matrices: Sequence[_Matrix], width: float, height: float) -> Painter:
    """What the page paints when it is moved by these matrices, the last one first."""
    painter = Painter()
    for matrix in matrices:
        painter.state.transform(*matrix)
    painter.state.clip(0.0, 0.0, width, height)
    names = Resources(inherited(page, "/Resources"), shared)
    painter.save([])
    painter.run(_contents(page), names)
    painter.restore([])  # annotations know nothing of what the page's content leaves behind
    _annotations(page, painter, names)
    return painter


def _runs(painter: Painter) -> "np.ndarray[Any, Any]":
    return np.array(painter.runs, np.float64).reshape(-1, 11)


def _contents(page: Any) -> bytes:
    found = page.get("/Contents")
    if found is None:
        return b""
    if isinstance(found, pikepdf.Array):
        return b"\n".join(stream.read_bytes() for stream in found if isinstance(stream, pikepdf.Stream))
    return bytes(found.read_bytes())


def inherited(page: Any, key: str) -> Any:
    """An entry of a page, or of what is above it in the tree of pages (7.7.3.4)."""
    for _ in range(PARENTS):
        found = page.get(key)
        if found is not None:
            return found
        page = page.get("/Parent")
        if page is None:
            return None
    return None


def view(page: Any) -> tuple[_Matrix, float, float]:
    """The matrix from the page's own coordinates to those of the page as displayed, and the size of that
    (7.7.3.3).
    """
    media = _rectangle(inherited(page, "/MediaBox")) or LETTER
    x0, y0, x1, y1 = _common(_rectangle(inherited(page, "/CropBox")) or media, media)
    turned = int(inherited(page, "/Rotate") or 0) % 360
    if turned == 90:
        return (0.0, 1.0, 1.0, 0.0, -y0, -x0), y1 - y0, x1 - x0
    if turned == 180:
        return (-1.0, 0.0, 0.0, 1.0, x1, -y0), x1 - x0, y1 - y0
    if turned == 270:
        return (0.0, -1.0, -1.0, 0.0, y1, x1), y1 - y0, x1 - x0
    return (1.0, 0.0, 0.0, -1.0, -x0, y1), x1 - x0, y1 - y0


def _rectangle(array: Any) -> tuple[float, float, float, float] | None:
    found = numbers(array, 4)
    if found is None:
        return None
    x0, y0, x1, y1 = min(found[0], found[2]), min(found[1], found[3]), max(found[0], found[2]), max(found[1], found[3])
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def _common(crop: tuple[float, ...], media: tuple[float, ...]) -> tuple[float, float, float, float]:
    """The crop box inside of the media box; one that shows nothing of it does not count."""
    x0, y0, x1, y1 = max(crop[0], media[0]), max(crop[1], media[1]), min(crop[2], media[2]), min(crop[3], media[3])
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else (media[0], media[1], media[2], media[3])


def _annotations(page: Any, painter: Painter, names: Resources) -> None:
    """Paints the appearances of annotations over the page, each fitted into its rectangle (12.5.5)."""
    for annotation in page.get("/Annots", ()):
        appearance = annotation.get("/AP", {}).get("/N") if isinstance(annotation, pikepdf.Dictionary) else None
        state = annotation.get("/AS") if appearance is not None else None
        if (
            isinstance(appearance, pikepdf.Dictionary)
            and state is not None
            and not isinstance(appearance, pikepdf.Stream)
        ):
            appearance = appearance.get(str(state))
        if not isinstance(appearance, pikepdf.Stream) or int(annotation.get("/F", 0)) & UNSEEN_ANNOTATIONS:
            continue
        rectangle = _rectangle(annotation.get("/Rect"))
        form = Form(appearance, names, names.shared.is_off(annotation.get("/OC")))
        if rectangle is None or form.off or annotation.get("/Subtype") == "/Popup":
            continue
        painter.save([])
        painter.concatenate(list(_fitted(form, rectangle)))
        painter.form(form)
        painter.restore([])


def _fitted(form: Form, rectangle: tuple[float, float, float, float]) -> _Matrix:
    """The matrix that takes the form's box, turned by its own matrix, to the rectangle."""
    a, b, c, d, e, f = form.matrix
    left, bottom, width, height = form.box
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (left, left + width) for y in (bottom, bottom + height)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    across, along = max(xs) - min(xs), max(ys) - min(ys)
    if not across or not along:
        return 1.0, 0.0, 0.0, 1.0, 0.0, 0.0
    wide, high = (rectangle[2] - rectangle[0]) / across, (rectangle[3] - rectangle[1]) / along
    return wide, 0.0, 0.0, high, rectangle[0] - min(xs) * wide, rectangle[1] - min(ys) * high


# ---- rulings and characters ----------------------------------------------------------------------------------------


def _rulings(painter: Painter, paints: Paints, shapes: Shapes) -> "Boxes":
    """The strokes that are seen, as far as they are not clipped away."""
    boxes = np.array(painter.strokes, np.float32).reshape(-1, 4)
    paint = np.array(painter.stroke_paints, np.intp)
    clips = paints.clips[paint]
    cut = np.concatenate(
        [np.maximum(boxes[:, :2], clips[:, :2] - 1), np.minimum(boxes[:, 2:], clips[:, 2:] + 1)], axis=1
    )
    seen = (cut[:, 0] <= cut[:, 2]) & (cut[:, 1] <= cut[:, 3])
    cut, paint, orders = cut[seen].astype(np.float32), paint[seen], np.array(painter.stroke_orders, np.intp)[seen]
    visible: Boxes = cut[hidden_marks(cut, paint, orders, paints, shapes) == 0]
    return visible


def _characters(
    painter: Painter, runs: "np.ndarray[Any, Any]", paints: Paints, shapes: Shapes
) -> "tuple[np.ndarray[Any, Any], Boxes, tuple[Hidden, ...]]":
    """Code points and boxes of the characters that are seen, and what is hidden. A box reaches from DESCENT below the
    line a whole size up.
    """
    codes = np.frombuffer("".join(painter.characters).encode("utf-32-le", "replace"), np.uint32)
    if not len(codes):
        return codes, np.empty((0, 4), np.float32), ()
    which = np.array(painter.run_of, np.intp)
    boxes = _boxes(np.array(painter.spans, np.float64).reshape(-1, 3), runs[which])
    paint, orders = runs[:, 7].astype(np.intp), runs[:, 8].astype(np.intp)
    marks = hidden_marks(boxes, paint[which], orders[which], paints, shapes)
    mode = runs[which, 9].astype(np.intp)
    marks[(marks != CLIPPED) & (mode % 4 == 3)] = INVISIBLE
    marks[(marks == 0) & _is_watermark(runs, paints, which)] = WATERMARK
    marks[~np.isfinite(boxes).all(axis=1)] = CLIPPED
    hidden = _hidden(codes, boxes, marks) if marks.any() else ()
    seen = marks == 0
    codes, boxes = codes[seen], boxes[seen]
    once = ~second_prints(codes, boxes)
    return codes[once], boxes[once], hidden


def _boxes(spans: "np.ndarray[Any, Any]", runs: "np.ndarray[Any, Any]") -> "Boxes":
    """Upright boxes around the middles of the characters, as long as they are along the axis that is nearest to their
    line.
    """
    a, b, c, d, e, f, size = runs[:, :7].T
    across, up = (spans[:, 0] + spans[:, 1]) / 2, spans[:, 2] + size / 2
    x, y = a * across + c * up + e, b * across + d * up + f
    long = np.hypot(a, b) * np.abs(spans[:, 1] - spans[:, 0]) / 2
    high = np.hypot(c, d) * np.abs(size) / 2
    flat = np.abs(a) >= np.abs(b)
    half_x, half_y = np.where(flat, long, high), np.where(flat, high, long)
    boxes: Boxes = np.stack([x - half_x, y - half_y, x + half_x, y + half_y], axis=1).astype(np.float32)
    return boxes


def _is_watermark(
    runs: "np.ndarray[Any, Any]", paints: Paints, which: "np.ndarray[Any, Any]"
) -> "np.ndarray[Any, Any]":
    """Which characters belong to lettering across the page, or to faint lettering much larger than the rest."""
    a, b, c, d, size = runs[:, 0], runs[:, 1], runs[:, 2], runs[:, 3], runs[:, 6]
    rise = np.minimum(np.abs(a), np.abs(b)) / np.maximum(np.hypot(a, b), 1e-9)
    height = np.hypot(c, d) * np.abs(size)
    paint = runs[:, 7].astype(np.intp)
    light = paints.colours[paint].mean(axis=1) * paints.alpha[paint] + 1 - paints.alpha[paint]
    usual = np.median(height[which])
    found = (rise > OBLIQUE) | ((light > FAINT) & (height > HUGE * usual) & (rise > 0.02))
    return found[which]  # type: ignore[no-any-return]


def _hidden(codes: Any, boxes: "Boxes", marks: Any) -> tuple[Hidden, ...]:
    """Hidden characters of one reason that are painted one after the other on a line, together."""
    places = np.flatnonzero(marks)
    before, after = boxes[places[:-1]], boxes[places[1:]]
    height = after[:, 3] - after[:, 1]
    parted = (
        (marks[places[:-1]] != marks[places[1:]])
        | (np.abs(after[:, 1] - before[:, 1]) > height / 2)
        | (np.abs(after[:, 0] - before[:, 2]) > height)
    )
    found = []
    for members in np.split(places, np.flatnonzero(parted) + 1):
        around = boxes[members]
        box = Box(*np.concatenate([around[:, :2].min(axis=0), around[:, 2:].max(axis=0)]).round(2).tolist())
        found.append(Hidden(str(codes[members].tobytes(), "utf-32-le"), box, REASONS[marks[members[0]]]))
    return tuple(found)
