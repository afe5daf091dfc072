"""The reader of our own: pages from the interpreter of their content, seen as the eye sees them.

A page that holds what it does not know (a font without a known encoding, an operator of no standard) is read by
PDFium; so is a whole document that has to be repaired, of which two libraries may make two.
"""

import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pikepdf

from extract.errors import EncryptedError, UnreadableError
from extract.model.page import Box, Hidden, Page
from extract.reading.base import Document, PositionsWanted, reader
from extract.reading.cut import cut_words, drawn_in
from extract.reading.limits import check, largest
from extract.reading.native.content import Painter
from extract.reading.native.eye import second_prints
from extract.reading.native.kinds import CLIPPED, CUT, REASONS, SEEN, WATERMARK
from extract.reading.native.objects import entry, numbers
from extract.reading.native.resources import Form, Resources, Shared
from extract.reading.native.state import TooMuchError
from extract.reading.native.turned import lean, turning
from extract.reading.native.watermarks import is_behind, is_under
from extract.reading.page_text import page_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from extract.model.page import Boxes

LARGEST = 14_400  # points: of a page without a credible size, and half of how far off a page anything is kept
LETTER = (0.0, 0.0, 612.0, 792.0)
TIGHTEST = 1032  # times: how far deflate packs at most
PARENTS = 64  # from a page up the tree of pages
SHAPES = ("/Square", "/Circle", "/Polygon")  # annotations that may be filled
FILLS = {1: b"g", 3: b"rg", 4: b"k"}  # the operator that sets a colour of so many parts
UNSEEN_ANNOTATIONS = 2 | 32  # flags: hidden, no view (12.5.3)
HUGE = 2.5  # times the ordinary height of characters: faint lettering that is larger may be a watermark
FEW_RULINGS = 3  # make no cell
DAMAGE = frozenset(("font", "operands", "operator"))  # not understood, and in no page that is whole
_Matrix = tuple[float, float, float, float, float, float]


class NativeReader:
    """Reads with the interpreter of our own: some 0.6 ms a page where it is compiled."""

    name = "native"

    @contextmanager
    def open(self, content: bytes) -> Iterator["NativeDocument | RepairedDocument"]:
        pdf = _opened(content)
        if pdf is None:
            with reader("pdfium").open(content) as other, _repaired(content) as mended:
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
        broken = bool(pdf.get_warnings()) or pdf.Root.Pages.Count != len(pdf.pages) or not len(pdf.pages)
        broken = broken or bool(pdf.get_warnings())
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
    revisions, and that is told; so is another number of pages, and a page that is not whole there or has lost a part.
    """

    def __init__(self, document: Document, mended: "NativeDocument | None", revisions: int) -> None:
        self._revisions = revisions
        self._document = document
        self._mended = mended
        self._other_pages = mended is not None and mended.page_count != document.page_count
        self.page_count = document.page_count

    def page(self, number: int, positions: PositionsWanted) -> Page:
        page, other = self._document.page(number, positions), self._mended_page(number)
        if other is None or other.damaged:
            page = replace(page, damaged=True)
        differing, lost = self._differing(number, other)
        if lost:
            page = replace(page, damaged=True)
        if not differing and not (number == 1 and (self._revisions > 1 or self._other_pages)):
            return page
        return replace(page, hidden=(Hidden(" ".join(differing), Box(0, 0, page.width, page.height), "revision"),))

    def _mended_page(self, number: int) -> Page | None:
        """The page as the other repair has it, with its positions; None if that has no such page."""
        if self._mended is None or number > self._mended.page_count:
            return None
        with suppress(UnreadableError):
            return self._mended.page(number, lambda _text: True)
        return None

    def _differing(self, number: int, other: Page | None) -> tuple[list[str], bool]:
        """Words of a page that only the other repair has, and whether that lacks some."""
        page = self._document.page(number, lambda _text: True)
        if other is None or other.engine == page.engine:
            return [], False
        here, there = Counter(page.glyphs), Counter(other.glyphs + "".join(one.text for one in other.hidden))
        if here == there:
            return [], False
        said = set(page_text(page.glyphs, page.boxes).split())
        words = page_text(other.glyphs, other.boxes).split()
        return [word for word in words if word not in said], bool(here - there)


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
            found, damaged = _read_page(number, self._pages[number - 1], self._shared, positions)
        except (
            TooMuchError,
            pikepdf.PdfError,
            KeyError,
            ValueError,
            TypeError,
            AttributeError,
        ):  # a damaged page, or one of another kind
            found, damaged = None, True
        page = found or self._by_pdfium(number, positions)
        return replace(page, damaged=True) if damaged else page

    def _by_pdfium(self, number: int, positions: PositionsWanted) -> Page:
        if self._other is None:
            self._other = reader("pdfium").open(self._content)
            self._document = self._other.__enter__()
        if self._document.page_count != self.page_count:
            raise UnreadableError("page_damaged", page=number)
        return self._document.page(number, positions)  # type: ignore[no-any-return]

    def close(self) -> None:
        if self._other is not None:
            self._other.__exit__(None, None, None)


# ---- a page --------------------------------------------------------------------------------------------------------


def _read_page(number: int, page: Any, shared: Shared, positions: PositionsWanted) -> tuple[Page | None, bool]:
    """The page, None where it holds what is not known; and whether its content is damaged."""
    matrix, width, height = view(page)
    painter = _painted(page, shared, [matrix], width, height)
    turn = None
    if angle := lean(painter.text.turned, painter.sheet.characters.count):
        turn, width, height = turning(angle, width, height)
        painter = _painted(page, shared, [turn, matrix], width, height)
    lost = painter.text.garbled and painter.text.unmapped
    damaged = bool(lost) or painter.broken or not painter.unknown.isdisjoint(DAMAGE)
    if painter.unknown or painter.text.garbled:
        return None, damaged
    _, strokes, reasons = painter.sheet.strokes.taken()
    rulings = strokes[reasons == SEEN] if reasons.any() else strokes
    codes, boxes, hidden = _characters(painter, rulings)
    glyphs, text = str(codes.tobytes(), "utf-32-le"), ""
    if len(rulings) <= FEW_RULINGS:
        text = page_text(glyphs, boxes)
        if not positions(text):
            glyphs, boxes = "", boxes[:0]
    pictures = tuple(Box(*box) for box in painter.sheet.pictures)
    return Page(number, width, height, text, glyphs, boxes, rulings, 0, pictures, "native", hidden, turn=turn), damaged


def _painted(page: Any, shared: Shared, matrices: Sequence[_Matrix], width: float, height: float) -> Painter:
    """What the page paints when it is moved by these matrices, the last one first."""
    painter = Painter(largest())
    for matrix in matrices:
        painter.state.transform(*matrix)
    painter.state.clip(0.0, 0.0, width, height)
    names = Resources(inherited(page, "/Resources"), shared)
    painter.page(_contents(page), names)
    _annotations(page, painter, names)
    return painter


def _contents(page: Any) -> bytes:
    found = entry(page, "/Contents")
    if found is None:
        return b""
    if isinstance(found, pikepdf.Array):
        return b"\n".join(map(_decoded, found))  # raises AttributeError for what is no stream
    return _decoded(found)


def _decoded(stream: Any) -> bytes:
    """The bytes of a stream. What is packed so tightly that it may be beyond the limit is measured first."""
    packed = memoryview(stream.get_raw_stream_buffer())  # whose length older versions of the library do not tell
    most = largest().content
    if len(packed) * TIGHTEST > most and entry(stream, "/Filter") in ("/FlateDecode", "/Fl"):
        check("content", len(zlib.decompressobj().decompress(packed, most + 1)))
    content = bytes(stream.read_bytes())
    check("content", len(content))
    return content


def inherited(page: Any, key: str) -> Any:
    """An entry of a page, or of what is above it in the tree of pages (7.7.3.4)."""
    for _ in range(PARENTS):
        found = entry(page, key)
        if found is not None:
            return found
        page = entry(page, "/Parent")
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
    for annotation in entry(page, "/Annots", ()):
        if not isinstance(annotation, pikepdf.Dictionary) or int(entry(annotation, "/F", 0)) & UNSEEN_ANNOTATIONS:
            continue
        appearance = entry(entry(annotation, "/AP", {}), "/N")
        state = entry(annotation, "/AS") if appearance is not None else None
        if (
            isinstance(appearance, pikepdf.Dictionary)
            and state is not None
            and not isinstance(appearance, pikepdf.Stream)
        ):
            appearance = appearance.get(str(state))
        rectangle = _rectangle(entry(annotation, "/Rect"))
        off = names.shared.is_off(entry(annotation, "/OC"))
        if rectangle is None or off or entry(annotation, "/Subtype") == "/Popup":
            continue
        if isinstance(appearance, pikepdf.Stream):
            form = Form(appearance, names, off)
            painter.annotation(form, _fitted(form, rectangle))
        elif appearance is None and float(entry(annotation, "/CA", 1)) >= 1:
            painter.page(_filled(annotation, rectangle), names)


def _filled(annotation: Any, rectangle: tuple[float, float, float, float]) -> bytes:
    """What a viewer fills where it has to draw the annotation itself: a shape with its colour, a text field with
    paper, whose text no two viewers draw alike.
    """
    kind = entry(annotation, "/Subtype")
    inside = [1.0] if kind == "/FreeText" else entry(annotation, "/IC", ()) if kind in SHAPES else ()
    operator = FILLS.get(len(inside))
    if operator is None:
        return b""
    x0, y0, x1, y1 = rectangle
    colour = b" ".join(b"%f" % float(part) for part in inside)
    return b"q %s %s %f %f %f %f re f Q" % (colour, operator, x0, y0, x1 - x0, y1 - y0)


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


# ---- characters ----------------------------------------------------------------------------------------------------


def _characters(painter: Painter, rulings: "Boxes") -> "tuple[NDArray[np.uint32], Boxes, tuple[Hidden, ...]]":
    """Code points and boxes of the characters that are seen, and what is hidden. What has the colour of letters that
    stand on no line belongs to a seal.
    """
    codes, boxes, reasons = painter.sheet.characters.taken()
    for start, end, height, leaning in painter.text.faint:
        huge = height > HUGE * np.median(boxes[:, 3] - boxes[:, 1])
        under = is_under(codes[start:end], reasons[start:end])
        if under or (huge and (leaning or is_behind(boxes, rulings, start, end))):
            among = reasons[start:end]
            among[among == SEEN] = WATERMARK
    seals = {colour for _, _, colour, oblique in painter.text.coloured if oblique}
    for start, end, colour, _ in painter.text.coloured:
        if colour in seals:
            among = reasons[start:end]
            among[among == SEEN] = WATERMARK
    hidden: tuple[Hidden, ...] = ()
    if reasons.any():
        seen = reasons == SEEN
        cut = cut_words(codes, boxes, reasons == CLIPPED, seen)
        reasons[cut] = CUT
        hidden = _hidden(codes, boxes, reasons)
        codes, boxes = codes[seen | cut], drawn_in(boxes, cut, seen)[seen | cut]
    again = second_prints(codes, boxes)
    return (codes[again == 0], boxes[again == 0], hidden) if again.any() else (codes, boxes, hidden)


def _hidden(codes: "NDArray[np.uint32]", boxes: "Boxes", reasons: "NDArray[np.uint8]") -> tuple[Hidden, ...]:
    """Hidden characters of one reason that are painted one after the other on a line, together."""
    places = np.flatnonzero(reasons)
    before, after = boxes[places[:-1]], boxes[places[1:]]
    height = after[:, 3] - after[:, 1]
    parted = (
        (reasons[places[:-1]] != reasons[places[1:]])
        | (np.abs(after[:, 1] - before[:, 1]) > height / 2)
        | (np.abs(after[:, 0] - before[:, 2]) > height)
    )
    found = []
    for members in np.split(places, np.flatnonzero(parted) + 1):
        around = boxes[members]
        box = Box(*np.concatenate([around[:, :2].min(axis=0), around[:, 2:].max(axis=0)]).round(2).tolist())
        found.append(Hidden(str(codes[members].tobytes(), "utf-32-le"), box, REASONS[reasons[members[0]]]))
    return tuple(found)
