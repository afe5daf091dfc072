"""A reader on pdfplumber, asked about doubtful pages: pdfminer's own parser, fonts and coordinates, so that nothing of
it is shared with PDFium.

Some twenty times slower than the default reader. It is there to read the same page independently.
"""

import logging
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdffont import PDFFont
from pdfminer.pdfinterp import PDFResourceManager

from extract.errors import EncryptedError, ExtractError, UnreadableError
from extract.model.page import Box, Page
from extract.reading.base import PositionsWanted
from extract.reading.page_text import page_text

if TYPE_CHECKING:
    from extract.model.page import Boxes

    _Object = dict[str, Any]  # a character or path of pdfplumber
    _Sides = tuple[float, float, float, float]
    _Point = tuple[float, float]
    _Glyph = tuple[str, _Sides]

THIN = 3.0  # points: a stroke or rectangle not thicker than this is a ruling
TWICE = 1.0  # points: the same character printed again nearer than this is bold print, not a second character
CHINESE = (
    0.88,
    -0.12,
)  # of the font size: how far the characters of Chinese fonts reach above and below the line they stand on
_UNMAPPED = re.compile(
    r"\(cid:\d+\)|[\ud800-\udfff]"
)  # how pdfminer writes a character without meaning; half a surrogate pair has none either

for _library in ("pdfminer", "pdfplumber"):  # what they find odd in a PDF is no message to the user
    logging.getLogger(_library).addHandler(logging.NullHandler())


class PdfplumberReader:
    """Reads with pdfplumber: some 50 ms a page."""

    name = "pdfplumber"

    @contextmanager
    def open(self, content: bytes) -> Iterator["PdfplumberDocument"]:
        try:
            # An empty password opens what only an owner password protects. The library's own `close` would read all
            # pages again.
            pdf = pdfplumber.open(BytesIO(content))
            pdf.rsrcmgr = fonts = _Fonts()
            document = PdfplumberDocument(pdf.pages, fonts)
        except Exception as error:  # pdfminer lets errors of any kind through where a PDF is damaged
            raise _refusal(error) from error
        yield document


def _refusal(error: Exception) -> ExtractError:
    """Why a PDF cannot be opened; pdfplumber wraps pdfminer's error."""
    cause = next((inner for inner in error.args if isinstance(inner, Exception)), error)
    if isinstance(cause, PDFPasswordIncorrect):
        return EncryptedError("encrypted")
    return UnreadableError("not_a_pdf", reason=str(cause) or type(cause).__name__)


class _Fonts(PDFResourceManager):  # type: ignore[misc, unused-ignore]  # mypy may be told not to read pdfminer
    """Remembers how far each font reaches beyond pdfminer's character boxes, which are as high as the font size
    whatever the font is like.
    """

    def __init__(self) -> None:
        super().__init__()
        self._beyond: dict[str, tuple[float, float]] = {}

    def get_font(self, objid: object, spec: Mapping[str, object]) -> PDFFont:
        font = super().get_font(objid, spec)
        if not font.is_vertical():
            self._beyond[font.fontname] = _beyond(font.get_ascent(), font.get_descent())
        return font

    def beyond(self, name: str) -> tuple[float, float]:
        """How far above and below, in font sizes; negative where the font reaches less far than the box."""
        return self._beyond.get(name, (0.0, 0.0))


def _beyond(ascent: float, descent: float) -> tuple[float, float]:
    """A font that says nothing credible of itself is taken for an ordinary Chinese one."""
    up, down = (ascent, descent) if 0.5 < ascent - descent < 2.0 else CHINESE
    return up - (descent + 1), descent - down


class PdfplumberDocument:
    """An open PDF; see `readers.Document`."""

    def __init__(self, pages: Sequence[Any], fonts: _Fonts) -> None:
        self._pages = pages
        self._fonts = fonts
        self.page_count = len(pages)

    def page(self, number: int, positions: PositionsWanted) -> Page:
        page = self._pages[number - 1]
        try:
            return _read_page(number, page, self._fonts, positions)
        except Exception as error:  # as above
            raise UnreadableError("page_damaged", page=number) from error
        finally:
            page.close()  # frees the parsed objects, some megabytes a page


def _read_page(number: int, page: Any, fonts: _Fonts, positions: PositionsWanted) -> Page:
    view = _view(page)
    rulings = _array(_rulings((*page.lines, *page.rects, *page.curves))) - view.shift
    printed = _single(glyph for char in page.chars for glyph in _glyphs(char, fonts))
    glyphs, boxes = "".join(character for character, _ in printed), _array(sides for _, sides in printed) - view.shift
    text = page_text(glyphs, boxes)
    if len(rulings) <= 3 and not positions(text):  # so few make no cell
        glyphs, boxes = "", _array([])
    return Page(
        number,
        view.width,
        view.height,
        text,
        glyphs,
        boxes,
        rulings,
        glyphs.count("\ufffd"),
        tuple(Box(*sides) for sides in (_array(map(_sides, page.images)) - view.shift).tolist()),
        "pdfplumber",
    )


def _array(boxes: Iterable["_Sides"]) -> "Boxes":
    return np.array(list(boxes), np.float32).reshape(-1, 4)


def _sides(found: "_Object") -> "_Sides":
    return found["x0"], found["top"], found["x1"], found["bottom"]


class _View(NamedTuple):
    """The part of a page that is displayed: its size, and where its top left corner stands in pdfplumber's
    coordinates, twice.
    """

    width: float
    height: float
    shift: "Boxes"


def _view(page: Any) -> _View:
    """What is left to do: pdfplumber turns a page by its /Rotate, but places everything in the media box, whatever
    the crop box cuts off.
    """
    media = page.page_obj.mediabox
    crop = _common(page.page_obj.cropbox, media)
    left, bottom, right, top = (
        abs(inner - outer) for inner, outer in zip(crop, media, strict=True)
    )  # cut off on each side
    cut = {0: (left, top), 90: (bottom, left), 180: (right, bottom), 270: (top, right)}[page.rotation]
    width, height = crop[2] - crop[0], crop[3] - crop[1]
    if page.rotation in (90, 270):
        width, height = height, width
    corner = page.mediabox[0] + cut[0], page.mediabox[1] + cut[1]
    return _View(width, height, np.array([*corner, *corner], np.float32))


def _common(crop: "_Sides", media: "_Sides") -> "_Sides":
    """The crop box inside of the media box; one that shows nothing of it does not count."""
    left, bottom, right, top = (
        max(crop[0], media[0]),
        max(crop[1], media[1]),
        min(crop[2], media[2]),
        min(crop[3], media[3]),
    )
    return (left, bottom, right, top) if left < right and bottom < top else media


# ---- characters
# ----------------------------------------------------------------------------------------------------------------------


def _glyphs(char: "_Object", fonts: _Fonts) -> Iterator["_Glyph"]:
    """Each printed character with its loose box: a ligature stands for several, which share its width."""
    text = _UNMAPPED.sub("\ufffd", char["text"])
    above, below = fonts.beyond(char["fontname"]) if char["upright"] and char["matrix"][3] > 0 else (0.0, 0.0)
    left, top, bottom = char["x0"], char["top"] - above * char["height"], char["bottom"] + below * char["height"]
    width = char["width"] / max(len(text), 1)
    for place, character in enumerate(text):
        if character > " " and not character.isspace():
            yield character, (left + place * width, top, left + (place + 1) * width, bottom)


def _single(glyphs: Iterable["_Glyph"]) -> list["_Glyph"]:
    """The characters without those that are printed a second time over themselves, as bold print is made where there
    is no bold font.
    """
    seen: dict[tuple[str, int, int], list[_Sides]] = {}
    kept = []
    for character, box in glyphs:
        column, row = math.floor(box[0] / TWICE), math.floor(box[1] / TWICE)
        near = (seen.get((character, column + aside, row + below), ()) for aside in (-1, 0, 1) for below in (-1, 0, 1))
        if not any(_over(box, other) for others in near for other in others):
            seen.setdefault((character, column, row), []).append(box)
            kept.append((character, box))
    return kept


def _over(box: "_Sides", other: "_Sides") -> bool:
    """Whether one covers the other by more than half: neighbouring characters never do."""
    aside, below = abs(box[0] - other[0]), abs(box[1] - other[1])
    return aside <= min(TWICE, (box[2] - box[0]) / 2) and below <= min(TWICE, (box[3] - box[1]) / 2)


# ---- rulings
# ----------------------------------------------------------------------------------------------------------------------


def _rulings(paths: Iterable["_Object"]) -> Iterator["_Sides"]:
    """Strokes: thin paths whole, the straight pieces of outlined ones. A path that is only filled and not thin is a
    background.
    """
    for path in paths:
        box = path["x0"], path["top"], path["x1"], path["bottom"]
        if _is_thin(box):
            yield box
        elif path["stroke"]:
            yield from filter(_is_thin, _pieces(path["path"]))


def _pieces(path: Sequence[Any]) -> Iterator["_Sides"]:
    """The box of every piece of a path, given as drawing commands with their points; for a curve it holds the control
    points too.
    """
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
