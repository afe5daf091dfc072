"""Pictures of pages for people to look at: grey, as small as stays legible on a screen.

PDFium draws one page after the other, as it is not thread-safe; PNG is written beside it in threads.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pypdfium2
from PIL import Image

from extract.model.report import Picture
from extract.reading.opened import pdfium_document

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Greys = NDArray[np.uint8]

DPI = 100
POINTS = 72  # of an inch
LONGEST = 2000  # pixels of the longer side, however large the page
BITS = 4  # sixteen greys: with fewer, thin strokes are lost
COMPRESSION = 1  # of 9: more takes longer than it saves
_PALETTE = [level * 255 // ((1 << BITS) - 1) for level in range(1 << BITS) for _ in "RGB"]
_Drawn = tuple[float, float, "Greys"]


def pictures(content: bytes, numbers: Sequence[int]) -> dict[int, Picture]:
    """A picture of each of these pages, as displayed, by page number. There are none of a file that only the other
    reader can open.
    """
    if not numbers:
        return {}
    try:
        document = pdfium_document(content)
    except pypdfium2.PdfiumError:
        return {}
    try:
        with ThreadPoolExecutor() as threads:
            return dict(zip(numbers, threads.map(_picture, _drawn(document, numbers)), strict=True))
    finally:
        document.close()


def picture(content: bytes, number: int, dpi: float) -> Image.Image:
    """A page as displayed, in colour. Raises PdfiumError if PDFium cannot open the document."""
    document = pdfium_document(content)
    try:
        drawn: Image.Image = document[number - 1].render(scale=dpi / POINTS).to_pil().convert("RGB")
        return drawn
    finally:
        document.close()


def _drawn(document: pypdfium2.PdfDocument, numbers: Sequence[int]) -> Iterator[_Drawn]:
    for number in numbers:
        page = document[number - 1]
        width, height = page.get_size()
        if not width or not height:  # a crop box outside of the page counts as none
            page.set_cropbox(*page.get_mediabox())
            width, height = page.get_size()
        bitmap = page.render(scale=min(DPI / POINTS, LONGEST / max(width, height)), grayscale=True)
        yield width, height, bitmap.to_numpy().copy()
        bitmap.close()
        page.close()


def _picture(drawn: _Drawn) -> Picture:
    width, height, greys = drawn
    levels = np.ascontiguousarray(greys >> BITS)
    image = Image.frombytes("P", (levels.shape[1], levels.shape[0]), levels.tobytes())
    image.putpalette(_PALETTE)
    buffer = BytesIO()
    image.save(buffer, "PNG", bits=BITS, compress_level=COMPRESSION)
    return Picture(width, height, buffer.getvalue())
