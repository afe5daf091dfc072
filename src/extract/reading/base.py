"""Readers turn a PDF into pages of characters and rulings; nothing after them touches a file or a PDF library."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.util import find_spec
from pkgutil import resolve_name
from typing import Protocol, cast

from extract.errors import ExtractError, InputError
from extract.model.page import Box, Page, PageReading
from extract.reading.limits import check, of_page

PositionsWanted = Callable[[str], bool]


class Document(Protocol):
    """An open PDF."""

    @property
    def page_count(self) -> int: ...

    def page(self, number: int, positions: PositionsWanted) -> Page:
        """Page `number` from 1. A page that rulings make no table on needs positions only if its text is
        `positions`.
        """
        ...


class Reader(Protocol):
    """A way to read PDFs. `open` raises UnreadableError or EncryptedError for what cannot be read."""

    @property
    def name(self) -> str: ...

    def open(self, content: bytes) -> AbstractContextManager[Document]: ...


class SecondReader(Protocol):
    """Reads pages again that something is wrong with, without anything of the first reader."""

    name: str

    def read(self, content: bytes, first: Sequence[PageReading]) -> dict[int, PageReading]:
        """Those of the pages that it can read, by number. Raises nothing: what cannot be read is not confirmed."""
        ...


READERS = ("native", "pdfium", "pdfplumber")
SECOND_READERS = ("pdfium", "pdfplumber", "camelot")  # in the order in which they are asked


def native_is_compiled() -> bool:
    """Whether the native reader's interpreter was compiled as it was installed: uncompiled it is slower than PDFium."""
    found = find_spec("extract.reading.native.content")
    return found is not None and not str(found.origin).endswith(".py")


SCAN_ENGINE = "rapidocr"  # what reads pages that are only pictures, where the extra `scan` is installed


def scans_are_read() -> bool:
    """Whether pages that are only pictures can be read: the extra `scan` is installed."""
    return all(map(find_spec, (SCAN_ENGINE, "onnxruntime")))


DEFAULT_READER = "native" if native_is_compiled() else "pdfium"


_CLASSES = {
    "native": "extract.reading.native.reader:NativeReader",
    "pdfium": "extract.reading.pdfium:PdfiumReader",
    "pdfplumber": "extract.reading.pdfplumber:PdfplumberReader",
}


@dataclass(frozen=True)
class NamedReader:
    """The reader called `name`, its library imported only when it opens something."""

    name: str

    def open(self, content: bytes) -> AbstractContextManager[Document]:
        return cast(Reader, resolve_name(_CLASSES[self.name])()).open(content)


def reader(name: str) -> Reader:
    """The reader called `name`."""
    if name not in READERS:
        raise ExtractError("reader_unknown", name=name, known=", ".join(READERS))
    return NamedReader(name)


def load_reader(name: str) -> None:
    """Imports the library of a reader before it opens something."""
    resolve_name(_CLASSES[name])


def second_reader(name: str) -> SecondReader:
    """The second reader called `name`, its library imported only now."""
    if name == "camelot":
        from extract.reading.camelot import CamelotReader

        return CamelotReader()
    from extract.reading.whole import PagesAgain

    return PagesAgain(reader(name))


def pages(document: Document, positions: PositionsWanted, wanted: Collection[int] | None = None) -> Iterator[Page]:
    """Every page of an open document, or those that are wanted, one at a time in their order.

    Raises InputError if the document has not such a page.
    """
    there = range(1, document.page_count + 1)
    numbers = there if wanted is None else sorted(set(wanted))
    for number in numbers:
        if number not in there:
            raise InputError("page_missing", page=number, count=len(there))
    return (_checked(document, number, positions) for number in numbers)


def _checked(document: Document, number: int, positions: PositionsWanted) -> Page:
    """Raises LostError for a page beyond the limits, whichever reader reads it."""
    with of_page(number):
        page = document.page(number, positions)
        check("characters", max(len(page.glyphs), len(page.text)))
        check("strokes", len(page.rulings))
        return page


def without_password(content: bytes, password: str) -> bytes:
    """The document as one that needs no password. Raises EncryptedError if the password is wrong."""
    from extract.reading.unlocked import unlocked

    return unlocked(content, password)


def scanned(content: bytes, numbers: Sequence[int]) -> Iterator[Page]:
    """Pages that are only pictures, read from them; the libraries are imported only now."""
    from extract.reading.scan.reader import scanned_pages

    return scanned_pages(content, numbers)


def with_scanned_cells(content: bytes, page: Page, cells: Sequence[Box]) -> Page:
    """The page with what its picture shows in these cells; the libraries are imported only now."""
    from extract.reading.scan.reader import with_pictured_cells

    return with_pictured_cells(content, page, cells)
