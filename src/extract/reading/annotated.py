"""A copy of a PDF with notes on it: a coloured box round each number concerned, and what is said of it. Nothing that
the document paints is touched.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from extract.errors import EncryptedError, UnreadableError
from extract.model.page import Box
from extract.reading.native.reader import view

MARGIN = 1.5  # points between a number and the box round it
PRINTED = 4  # the flag of an annotation that is on paper too (12.5.3)


class Note(NamedTuple):
    """What is said of a place: the page from 1, a box in points from the top left corner of the page as displayed, and
    the colour of the frame as red, green and blue from 0 to 1.
    """

    page: int
    box: Box
    title: str
    text: str
    colour: tuple[float, float, float]


def annotated(content: bytes, notes: Iterable[Note]) -> bytes:
    """The PDF with these notes. Raises EncryptedError or UnreadableError if it cannot be opened."""
    try:
        document = pikepdf.open(BytesIO(content))
    except pikepdf.PasswordError as error:
        raise EncryptedError("encrypted") from error
    except pikepdf.PdfError as error:
        raise UnreadableError("not_a_pdf", reason=str(error)) from error
    with document:
        for note in notes:
            _add(document, document.pages[note.page - 1].obj, note)
        written = BytesIO()
        document.save(written, deterministic_id=True)
        return written.getvalue()


def _add(document: pikepdf.Pdf, page: Dictionary, note: Note) -> None:
    """A square with its text. The frame's own appearance is left to the viewer, as the standard allows."""
    square = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Square,
        Rect=Array(_own(page, note.box)),
        T=String(note.title),
        Contents=String(note.text),
        C=Array(note.colour),
        BS=Dictionary(W=1),
        F=PRINTED,
    )
    if "/Annots" not in page:
        page.Annots = Array()
    page.Annots.append(document.make_indirect(square))


def _own(page: Dictionary, box: Box) -> list[float]:
    """A box as displayed, in the page's own coordinates, which grow upwards and know neither /Rotate nor crop box."""
    a, b, c, d, e, f = view(page)[0]
    area = a * d - b * c
    corners = []
    for x, y in ((box.x0 - MARGIN, box.top - MARGIN), (box.x1 + MARGIN, box.bottom + MARGIN)):
        corners.append(((d * (x - e) - c * (y - f)) / area, (a * (y - f) - b * (x - e)) / area))
    xs, ys = zip(*corners, strict=True)
    return [round(edge, 2) for edge in (min(xs), min(ys), max(xs), max(ys))]
