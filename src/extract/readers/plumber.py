"""The second reader, on pdfplumber: pdfminer's own parser, fonts and coordinates, so that nothing of it is shared with PDFium.

Some 25 times slower than the default reader. It is there to read a page independently, and for machines without PDFium's binaries.
"""

import logging
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect

from extract.errors import EncryptedError, ExtractError, UnreadableError
from extract.model import Page

if TYPE_CHECKING:
    from extract.model import Boxes

    _Object = dict[str, Any]  # a character or path of pdfplumber
    _Sides = tuple[float, float, float, float]
    _Point = tuple[float, float]

THIN = 3.0  # points: a stroke or rectangle not thicker than this is a ruling
TWICE = 2.0  # points: the same character printed again nearer than this is bold print, not a second character
_UNMAPPED = re.compile(r"\(cid:\d+\)|[\ud800-\udfff]")  # how pdfminer writes a character without meaning; half a surrogate pair has none either

for _library in ("pdfminer", "pdfplumber"):  # what they find odd in a PDF is no message to the user
    logging.getLogger(_library).addHandler(logging.NullHandler())


class PdfplumberReader:
    """Reads with pdfplumber: some 75 ms a page."""

    name = "pdfplumber"

    @contextmanager
    def open(self, content: bytes) -> Iterator["PdfplumberDocument"]:
        try:
            # An empty password opens what only an owner password protects. The library's own `close` would read all pages again.
            document = PdfplumberDocument(pdfplumber.open(BytesIO(content)).pages)
        except Exception as error:  # pdfminer lets errors of any kind through where a PDF is damaged
            raise _refusal(error) from error
        yield document


def _refusal(error: Exception) -> ExtractError:
    """Why a PDF cannot be opened; pdfplumber wraps pdfminer's error."""
    cause = next((inner for inner in error.args if isinstance(inner, Exception)), error)
    if isinstance(cause, PDFPasswordIncorrect):
        return EncryptedError("encrypted")
    return UnreadableError("not_a_pdf", reason=str(cause) or type(cause).__name__)


class PdfplumberDocument:
    """An open PDF; see `readers.Document`."""

    def __init__(self, pages: Sequence[Any]) -> None:
        self._pages = pages
        self.page_count = len(pages)

    def page(self, number: int) -> Page:
        page = self._pages[number - 1]
        try:
            return _read_page(number, page)
        except Exception as error:  # as above
            raise UnreadableError("page_damaged", page=number) from error
        finally:
            page.close()  # frees the parsed objects, some 10 MB a page


def _read_page(number: int, page: Any) -> Page:
    view = _view(page)
    rulings = _array(_rulings((*page.lines, *page.rects, *page.curves))) - view.shift
    chars = _single(_known(page.chars))
    text = pdfplumber.utils.extract_text(chars)
    glyphs, boxes = "", _array([])
    if len(rulings) > 3:  # fewer make no cell: a prose page needs no positions
        printed = [glyph for char in chars for glyph in _glyphs(char)]
        glyphs, boxes = "".join(character for character, _ in printed), _array([sides for _, sides in printed]) - view.shift
    return Page(number, view.width, view.height, text, glyphs, boxes, rulings, glyphs.count("\ufffd"), "pdfplumber")


def _array(boxes: Iterable["_Sides"]) -> "Boxes":
    return np.array(list(boxes), np.float32).reshape(-1, 4)


class _View(NamedTuple):
    """The part of a page that is displayed: its size, and where its top left corner stands in pdfplumber's coordinates, twice."""

    width: float
    height: float
    shift: "Boxes"


def _view(page: Any) -> _View:
    """Pdfplumber turns a page by its /Rotate but keeps the media box: what the crop box cuts off is left to its reader."""
    media, crop = page.page_obj.mediabox, _common(page.page_obj.cropbox, page.page_obj.mediabox)
    left, bottom, right, top = (abs(cut - edge) for cut, edge in zip(crop, media, strict=True))  # what is cut off on each side
    cut = {0: (left, top), 90: (bottom, left), 180: (right, bottom), 270: (top, right)}[page.rotation]
    width, height = crop[2] - crop[0], crop[3] - crop[1]
    if page.rotation in (90, 270):
        width, height = height, width
    corner = page.mediabox[0] + cut[0], page.mediabox[1] + cut[1]
    return _View(width, height, np.array([*corner, *corner], np.float32))


def _common(crop: "_Sides", media: "_Sides") -> "_Sides":
    """The crop box inside of the media box; one that shows nothing of it does not count."""
    left, bottom, right, top = max(crop[0], media[0]), max(crop[1], media[1]), min(crop[2], media[2]), min(crop[3], media[3])
    return (left, bottom, right, top) if left < right and bottom < top else media


# ---- characters --------------------------------------------------------------------------------------------------------------------


def _known(chars: Iterable["_Object"]) -> Iterator["_Object"]:
    """The characters, a replacement character where the font gives no meaning."""
    for char in chars:
        yield {**char, "text": _UNMAPPED.sub("\ufffd", char["text"])}


def _single(chars: Iterable["_Object"]) -> list["_Object"]:
    """The characters without those that are printed a second time over themselves, as bold print is made where there is no bold font."""
    seen: dict[tuple[str, int, int], list[_Object]] = {}
    kept = []
    for char in chars:
        text, column, row = char["text"], math.floor(char["x0"] / TWICE), math.floor(char["top"] / TWICE)
        near = (seen.get((text, column + right, row + down), ()) for right in (-1, 0, 1) for down in (-1, 0, 1))
        if not any(_over(char, other) for others in near for other in others):
            seen.setdefault((text, column, row), []).append(char)
            kept.append(char)
    return kept


def _over(char: "_Object", other: "_Object") -> bool:
    """Whether one covers the other by more than half: neighbouring characters never do."""
    aside, below = abs(char["x0"] - other["x0"]), abs(char["top"] - other["top"])
    return bool(aside <= min(TWICE, char["width"] / 2) and below <= min(TWICE, char["height"] / 2))


def _glyphs(char: "_Object") -> Iterator[tuple[str, "_Sides"]]:
    """Each printed character with its box: a ligature stands for several, which share its width."""
    text, left = char["text"], char["x0"]
    width = (char["x1"] - left) / max(len(text), 1)
    for place, character in enumerate(text):
        if character > " " and not character.isspace():
            yield character, (left + place * width, char["top"], left + (place + 1) * width, char["bottom"])


# ---- rulings -----------------------------------------------------------------------------------------------------------------------


def _rulings(paths: Iterable["_Object"]) -> Iterator["_Sides"]:
    """Strokes: thin paths whole, the straight pieces of outlined ones. A path that is only filled and not thin is a background."""
    for path in paths:
        box = path["x0"], path["top"], path["x1"], path["bottom"]
        if _is_thin(box):
            yield box
        elif path["stroke"]:
            yield from filter(_is_thin, _pieces(path["path"]))


def _pieces(path: Sequence[Any]) -> Iterator["_Sides"]:
    """The box of every piece of a path, given as drawing commands with their points; for a curve it holds the control points too."""
    start = at = path[0][1]
    for _command, *points in path[1:]:
        points = points or [start]  # the closing command goes back without naming a point
        yield _around([at, *points])
        at = points[-1]


def _around(points: Sequence["_Point"]) -> "_Sides":
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _is_thin(box: "_Sides") -> bool:
    width, height = box[2] - box[0], box[3] - box[1]
    return min(width, height) <= THIN < max(width, height)
