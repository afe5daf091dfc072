"""Digits as they are drawn, against the digits that the text layer says: an eye that no map of a font can deceive.

Each digit is compared with the ten digits of plain fonts that PDFium brings along, drawn to one height: where many
samples of a digit are much more like another one, the map lies. In 85 real reports one sample in a thousand is so.
"""

import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pikepdf
import pypdfium2

from extract.errors import ExtractError
from extract.model.page import Box
from extract.reading.base import reader
from extract.reading.opened import pdfium_document

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

DIGITS = "0123456789"
FONTS = ("Helvetica", "Helvetica-Bold", "Times-Roman", "Times-Bold", "Courier", "Courier-Bold")
CELL, BASE = 50, 10  # points: a drawn digit of the plain fonts has such a square, and stands so far in it
SIZE = 24  # pixels of the height to which digits are brought
HEIGHT = 40  # pixels of a digit where it is drawn
LOWEST = 8  # pixels: what is drawn lower is no digit
WIDEST = 1.2  # of its height: what is wider is none
LONGEST = 6000  # pixels of a page's longer side
DARK = 0.3  # of black: what is lighter is paper
PAGES = 4  # of a document that are looked at for a first one
SAMPLES = 24  # of each digit of a page
FEWEST = 3  # samples that tell something
SHARE = 4  # and one in so many of a digit
CLEARLY = 0.8  # of the distance to what the text says: so near another digit is


def misread_pages(content: bytes, numbers: Mapping[int, Sequence[Box]]) -> dict[int, str]:
    """The pages on which digits within these boxes are drawn otherwise than the text says, each with those digits. What
    lies on one page is believed nowhere: of its digits one sample tells enough on the others.
    """
    found: dict[int, str] = {}
    drawn: dict[int, dict[str, list[bool]]] = {}
    try:
        with closing(pdfium_document(content)) as document, reader("native").open(content) as text:
            for place, page in enumerate(sorted(numbers)):
                if place >= PAGES and not found:
                    break
                read = text.page(page, lambda _text: True)
                if read.turn is None:
                    drawn[page] = _compared(document[page - 1], read.glyphs, read.boxes, numbers[page])
                    if digits := "".join(digit for digit, others in drawn[page].items() if _is_misread(others)):
                        found[page] = digits
    except (ExtractError, pypdfium2.PdfiumError):  # what cannot be drawn tells nothing
        return found
    lying = set("".join(found.values()))
    for page, samples in drawn.items():
        if digits := "".join(digit for digit, others in samples.items() if digit in lying and any(others)):
            found.setdefault(page, digits)
    return dict(sorted(found.items()))


def _compared(page: Any, glyphs: str, boxes: "NDArray[Any]", numbers: Sequence[Box]) -> dict[str, list[bool]]:
    """For each digit of a page whether its samples are drawn as another digit."""
    samples = _samples(glyphs, boxes, numbers)
    if not samples:
        return {}
    scale = min(HEIGHT / max(float(np.median(boxes[:, 3] - boxes[:, 1])), 1.0), LONGEST / max(page.get_size()))
    ink = _drawn(page, scale)
    shapes = {
        digit: [shape for place in places if (shape := _shape(_cut(ink, boxes[place] * scale))) is not None]
        for digit, places in sorted(samples.items())
    }
    return {digit: [_is_another(shape, int(digit)) for shape in seen] for digit, seen in shapes.items()}


def _is_misread(others: Sequence[bool]) -> bool:
    """Whether so many samples of a digit are drawn as another that its map lies."""
    return sum(others) >= FEWEST and SHARE * sum(others) >= len(others)


def _samples(glyphs: str, boxes: "NDArray[Any]", numbers: Iterable[Box]) -> dict[str, list[int]]:
    """Where each digit stands within the boxes, a few times."""
    found: dict[str, list[int]] = defaultdict(list)
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    for box in numbers:
        for place in np.flatnonzero(((middle >= box[:2]) & (middle <= box[2:])).all(axis=1)).tolist():
            if glyphs[place] in DIGITS and len(found[glyphs[place]]) < SAMPLES:
                found[glyphs[place]].append(place)
    return found


def _is_another(shape: "Floats", digit: int) -> bool:
    """Whether a shape is clearly nearer to another digit than to this one."""
    plain = _plain_digits()
    apart = np.abs(plain - shape).sum(axis=(2, 3)) / (plain.sum(axis=(2, 3)) + shape.sum())
    nearest = apart.min(axis=0)
    return bool(np.delete(nearest, digit).min() < CLEARLY * nearest[digit])


@lru_cache(maxsize=1)
def _plain_digits() -> "Floats":
    """The shapes of the ten digits in each plain font: [font, digit, row, column]."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(CELL * len(DIGITS), CELL * len(FONTS)))
    fonts = {
        f"/F{number}": pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name(f"/{name}")
        )
        for number, name in enumerate(FONTS)
    }
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(fonts))
    shown = [
        f"BT /F{font} {HEIGHT} Tf {CELL * digit + BASE} {CELL * (len(FONTS) - 1 - font) + BASE} Td ({digit}) Tj ET"
        for font in range(len(FONTS))
        for digit in range(len(DIGITS))
    ]
    page.Contents = pdf.make_stream("\n".join(shown).encode())
    packed = io.BytesIO()
    pdf.save(packed)
    with closing(pypdfium2.PdfDocument(packed.getvalue())) as document:
        ink = _drawn(document[0], 1.0)
    squares = [np.array_split(row, len(DIGITS), axis=1) for row in np.array_split(ink, len(FONTS))]
    return np.array([[_shape(square) for square in row] for row in squares])


def _drawn(page: Any, scale: float) -> "Floats":
    """How dark each pixel of a page is, 1 for black."""
    bitmap = page.render(scale=scale, grayscale=True)
    ink: Floats = 1 - bitmap.to_numpy().reshape(bitmap.height, bitmap.width) / np.float32(255)
    bitmap.close()
    return ink


def _cut(ink: "Floats", box: "NDArray[Any]") -> "Floats":
    x0, y0, x1, y1 = box.round().astype(int).clip(0).tolist()
    return ink[y0:y1, x0:x1]


def _shape(ink: "Floats") -> "Floats | None":
    """What is drawn, brought to one height in the middle of a square, a little blurred; None where that is no digit."""
    rows, columns = (np.flatnonzero((ink > DARK).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return None
    inner = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    high, wide = inner.shape
    if high < LOWEST or wide > WIDEST * high:
        return None
    step, below = high / SIZE, np.pad(inner, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    edges = np.arange(SIZE + 1) * step
    above = _between(below, edges, (edges - (high - wide) / 2).clip(0, wide))
    area = np.pad((above[1:, 1:] - above[:-1, 1:] - above[1:, :-1] + above[:-1, :-1]) / step**2, 1)
    beside = area[:-2, 1:-1] + area[2:, 1:-1] + area[1:-1, :-2] + area[1:-1, 2:]
    shape: Floats = (beside + 2 * area[1:-1, 1:-1]) / 6
    return shape


def _between(table: "Floats", rows: "Floats", columns: "Floats") -> "Floats":
    """The values of a table between its rows and columns."""
    down, across = (
        np.minimum(edges.astype(int), size - 2) for edges, size in zip((rows, columns), table.shape, strict=True)
    )
    y, x = (rows - down)[:, None], (columns - across)[None]
    corner = [table[np.ix_(down + i, across + j)] for i in (0, 1) for j in (0, 1)]
    value: Floats = (
        corner[0] * (1 - y) * (1 - x) + corner[1] * (1 - y) * x + corner[2] * y * (1 - x) + corner[3] * y * x
    )
    return value
