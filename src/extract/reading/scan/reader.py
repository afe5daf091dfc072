"""Pages that are only pictures, as pages with characters and rulings."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pypdfium2

from extract.errors import UnreadableError
from extract.model.page import Box, Page, Recognition
from extract.reading.base import SCAN_ENGINE
from extract.reading.opened import pdfium_document
from extract.reading.scan.picture import DPI, Segment, Segmented, crop, segmented, shaped
from extract.reading.scan.recogniser import Recognised, recognised

if TYPE_CHECKING:
    from numpy.typing import NDArray

logger = logging.getLogger(__name__)
LARGEST = 6000  # pixels of the longer side, however large the page
POINT = 72  # a point is a 72nd of an inch
SAMPLES = 10  # lines that tell how wide the characters of a page stand
NARROW, WIDE = 0.6, 1.5  # times the usual width: so much the model reads well
HALF = 0.5  # of an ideograph's width: that of a digit
FULL, DIGIT = 0.92, 0.7  # of an ideograph's width: how high the ink is of a line with one, and of one with none


def scanned_pages(content: bytes, numbers: Iterable[int]) -> Iterator[Page]:
    """The pages of these numbers, each made of its picture alone. Raises UnreadableError if PDFium cannot open the
    document.
    """
    with closing(_opened(content)) as document:
        for number in numbers:
            yield _page(document[number - 1], number)
            logger.info("page %s read from its picture", number)


def with_pictured_cells(content: bytes, page: Page, cells: Sequence[Box]) -> Page:
    """The page with what its picture shows in these cells, among the characters. Raises UnreadableError if PDFium
    cannot open the document.
    """
    with closing(_opened(content)) as document:
        found, scale = _segmented(document[page.number - 1])
    within = [line for line in found.lines if any(_holds(cell, line, scale) for cell in cells)]
    texts = _texts(found._replace(lines=within))
    characters = [placed for line, text in texts for placed in _characters(line, text)]
    return replace(
        page,
        glyphs=page.glyphs + "".join(sign for sign, _ in characters),
        boxes=np.concatenate([page.boxes, _array([box for _, box in characters], scale)]),
        recognitions=_recognitions(texts, scale),
    )


def _holds(cell: Box, line: Segment, scale: float) -> bool:
    x, y = (line.x + line.width / 2) / scale, (line.y + line.height / 2) / scale
    return cell.x0 < x < cell.x1 and cell.top < y < cell.bottom


def _opened(content: bytes) -> pypdfium2.PdfDocument:
    try:
        return pdfium_document(content)
    except pypdfium2.PdfiumError as error:
        raise UnreadableError("not_a_pdf", reason=str(error)) from error


def _segmented(page: pypdfium2.PdfPage) -> tuple[Segmented, float]:
    """What stands where in the picture of a page, and how many pixels a point is."""
    scale = min(DPI / POINT, LARGEST / max(*page.get_size(), 1))
    drawn = page.render(scale=scale, grayscale=True)
    found = segmented(np.array(drawn.to_numpy()).reshape(drawn.height, drawn.width))
    drawn.close()
    return found, scale


def _page(page: pypdfium2.PdfPage, number: int) -> Page:
    width, height = page.get_size()
    found, scale = _segmented(page)
    page.close()
    texts = _texts(found)
    characters = [placed for line, text in texts for placed in _characters(line, text)]
    return Page(
        number=number,
        width=width,
        height=height,
        text="\n".join(text.characters for _, text in texts),
        glyphs="".join(sign for sign, _ in characters),
        boxes=_array([box for _, box in characters], scale),
        rulings=_array([_box(ruling) for ruling in found.rulings], scale),
        garbled=0,
        pictures=() if texts else (Box(0, 0, width, height),),
        engine=SCAN_ENGINE,
        recognitions=_recognitions(texts, scale),
    )


def _recognitions(texts: list[tuple[Segment, Recognised]], scale: float) -> tuple[Recognition, ...]:
    return tuple(Recognition(Box(*(edge / scale for edge in _box(line))), text.confidence) for line, text in texts)


def _texts(found: Segmented) -> list[tuple[Segment, Recognised]]:
    usual = int(np.median([line.height for line in found.lines])) if found.lines else 0
    pictures = [crop(found.cleaned, line, usual) for line in found.lines]
    read = _in_shape(found.lines, pictures)
    return [(line, text) for line, text in zip(found.lines, read, strict=True) if text.characters]


def _in_shape(lines: list[Segment], pictures: "list[NDArray[Any]]") -> list[Recognised]:
    """What stands in the pictures of lines. The model knows characters as they are printed: where a few lines tell that
    they are much too wide or too narrow on this page, all are given their usual shape.
    """
    some = range(0, len(lines), len(lines) // SAMPLES + 1)
    first = dict(zip(some, recognised([pictures[place] for place in some]), strict=True))
    wide = [stretch for place, text in first.items() if (stretch := _stretch(lines[place], text.characters))]
    if wide and not NARROW < (stretch := float(np.median(wide))) < WIDE:
        return recognised([shaped(picture, 1 / stretch) for picture in pictures])
    rest = [place for place in range(len(lines)) if place not in first]
    first |= zip(rest, recognised([pictures[place] for place in rest]), strict=True)
    return [first[place] for place in range(len(lines))]


def _stretch(line: Segment, text: str) -> float:
    """How many times as wide as usual the characters of a line stand."""
    widths = [HALF if sign.isascii() else 1.0 for sign in text]
    return line.width / line.height / (sum(widths) / (FULL if 1.0 in widths else DIGIT)) if text else 0.0


def _characters(line: Segment, text: Recognised) -> Iterator[tuple[str, Box]]:
    """Each character with a box as high as the line, up to half way to its neighbours."""
    middles = [line.x + share * line.width for share in text.middles]
    edges = [
        line.x,
        *((one + other) / 2 for one, other in pairwise(middles)),
        line.x + line.width,
    ]
    for sign, left, right in zip(text.characters, edges, edges[1:], strict=False):
        yield sign, Box(left, line.y, right, line.y + line.height)


def _box(one: Segment) -> Box:
    return Box(one.x, one.y, one.x + one.width, one.y + one.height)


def _array(boxes: list[Box], scale: float) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    return np.array(boxes, np.float32).reshape(-1, 4) / np.float32(scale)
