"""Who is timed: each contender reads the same pages, as a user of that library would have it do, and keeps nothing but
what it must.

Other libraries are imported only when their contender runs, so that one which is not installed is left out and not an
error.
"""

import ctypes
import functools
import gc
import inspect
import itertools
import logging
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from extract.document.pipeline import Knowledge, read_document, without_gc
from extract.model.page import Page
from extract.model.report import Report
from extract.out.arrow import tables
from extract.out.packed import PackedDocument
from extract.reading.base import DEFAULT_READER, reader
from extract.reading.pdfium import PdfiumReader
from extract.runs import jobs
from extract.runs.output import write_packed
from extract.schemas.load import load

WHOLE, DATASETS, TABLES = "extract", "extract --no-workbooks", "extract, Arrow tables"
BARE, NATIVE, READER, PLUMBER = "bare PDFium", "native reader", "our reader alone", "pdfplumber"
TABLERS, TABLERS_TEXT = "tablers, tables without text", "tablers, tables with text"
CAMELOT, CAMELOT_VECTOR, TABULA = "camelot lattice", "camelot lattice, vector", "tabula lattice"


class Document(NamedTuple):
    """A PDF and which of its pages to read, counted from 1."""

    path: Path
    pages: tuple[int, ...]


class Contender(NamedTuple):
    """A way to read documents; `needs` is the library it uses, `prepare` is called before each run and not timed."""

    name: str
    run: Callable[[Sequence[Document]], object]
    needs: str | None = None
    prepare: Callable[[], None] = lambda: None

    def installed(self) -> bool:
        return self.needs is None or find_spec(self.needs) is not None


def contenders() -> list[Contender]:
    """Those that are timed on whole documents."""
    job = Job()
    return [
        Contender(WHOLE, job.whole, prepare=job.forget),
        Contender(DATASETS, functools.partial(job.whole, files=()), prepare=job.forget),
        Contender(TABLES, job.tables, prepare=job.forget),
        Contender(BARE, bare),
        Contender(NATIVE, native_alone),
        Contender(READER, reader_alone),
        Contender(PLUMBER, plumber, "pdfplumber"),
        Contender(TABLERS, tablers_bare, "tablers"),
        Contender(TABLERS_TEXT, tablers_text, "tablers"),
    ]


def slow_contenders() -> list[Contender]:
    """Those that are timed on a sample of pages, with the two they are compared to on the same pages."""
    return [
        Contender(BARE, bare),
        Contender(PLUMBER, plumber, "pdfplumber"),
        Contender(CAMELOT, camelot_default, "camelot"),
        Contender(CAMELOT_VECTOR, camelot_vector, "camelot"),
        Contender(TABULA, tabula_lattice, "tabula"),
    ]


# ---- this project ----------------------------------------------------------------------------------------------------


class Job:
    """The whole job in this process: schemas loaded and modules imported before, nothing remembered of the
    documents.
    """

    def __init__(self) -> None:
        self._schemas = load()
        self._knowledge = Knowledge(self._schemas)
        self._reader = reader(DEFAULT_READER)
        self._folder = tempfile.TemporaryDirectory()  # removed with this object, not on the clock
        self._runs = itertools.count(1)

    def forget(self) -> None:
        """Empties what earlier runs have memorised, as the same documents would otherwise be read the faster for having
        been read before.
        """
        self._knowledge = Knowledge(self._schemas)
        for item in gc.get_objects():
            if isinstance(item, functools._lru_cache_wrapper) and item.__module__.startswith("extract."):
                item.cache_clear()

    def read(self, documents: Sequence[Document]) -> list[Report]:
        return [read_document(path.read_bytes(), str(path), self._reader, self._knowledge) for path, _ in documents]

    def tables(self, documents: Sequence[Document]) -> None:
        for document in documents:
            with without_gc():  # as a worker does
                tables(self._schemas, self.read([document]))

    def whole(self, documents: Sequence[Document], files: tuple[str, ...] = ("xlsx",)) -> None:
        recipe = jobs.Recipe(self._reader, self._schemas, files)
        pieces = [PackedDocument(jobs.work(jobs.Job(str(path), str(path), None, recipe))) for path, _ in documents]
        write_packed(Path(self._folder.name) / str(next(self._runs)), self._schemas, pieces, by_year=False)


def native_alone(documents: Sequence[Document]) -> None:
    """What the native reader makes of each page."""
    for path, pages in documents:
        with without_gc(), reader("native").open(path.read_bytes()) as document:
            for number in pages:
                page_of(document, number)


def reader_alone(documents: Sequence[Document]) -> None:
    """What the project's reader makes of each page, and nothing made of that."""
    for path, pages in documents:
        with without_gc(), PdfiumReader().open(path.read_bytes()) as document:
            for number in pages:
                page_of(document, number)


def page_of(document: Any, number: int) -> Page:
    """A page without positions where no table needs them, whether or not `Document.page` asks about those."""
    asks = "positions" in inspect.signature(document.page).parameters
    page: Page = document.page(number, lambda _: False) if asks else document.page(number)
    return page


# ---- PDFium as its bindings offer it ---------------------------------------------------------------------------------


def bare(documents: Sequence[Document]) -> None:
    """The text, the loose box of every character and the bounds of every path, through pypdfium2's raw calls."""
    for path, pages in documents:
        document = pypdfium2.PdfDocument(path)
        for number in pages:
            _bare_page(document.raw, number - 1)
        document.close()


def _bare_page(document: Any, index: int) -> None:
    page = pdfium.FPDF_LoadPage(document, index)
    text_page = pdfium.FPDFText_LoadPage(page)
    count = pdfium.FPDFText_CountChars(text_page)
    buffer = (ctypes.c_ushort * (count + 1))()
    pdfium.FPDFText_GetText(text_page, 0, count, buffer)
    box = pdfium.FS_RECTF()
    for position in range(count):
        pdfium.FPDFText_GetLooseCharBox(text_page, position, box)
    _bare_paths(page)
    pdfium.FPDFText_ClosePage(text_page)
    pdfium.FPDF_ClosePage(page)


def _bare_paths(page: Any) -> None:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        item = pdfium.FPDFPage_GetObject(page, index)
        if pdfium.FPDFPageObj_GetType(item) == pdfium.FPDF_PAGEOBJ_PATH:
            pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top)


# ---- other libraries -------------------------------------------------------------------------------------------------


def plumber(documents: Sequence[Document]) -> None:
    """pdfplumber: the tables of each page, with their text."""
    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    for path, pages in documents:
        with pdfplumber.open(path) as pdf:
            for number in pages:
                page = pdf.pages[number - 1]
                page.extract_tables()
                page.close()


def tablers_bare(documents: Sequence[Document]) -> None:
    """tablers: the tables and cells of each page, without their text."""
    _tablers(documents, extract_text=False)


def tablers_text(documents: Sequence[Document]) -> None:
    """tablers: the same with the text of each cell."""
    _tablers(documents, extract_text=True)


def _tablers(documents: Sequence[Document], extract_text: bool) -> None:
    import tablers

    for path, pages in documents:
        with tablers.Document(path) as document:
            for number in pages:
                tablers.find_tables(document.get_page(number - 1), extract_text=extract_text)


def camelot_default(documents: Sequence[Document]) -> None:
    """Camelot 2: ruled tables, found in the picture of each page."""
    _camelot(documents)


def camelot_vector(documents: Sequence[Document]) -> None:
    """Camelot 2: ruled tables, found in the strokes that the PDF draws."""
    _camelot(documents, engine="vector")


def _camelot(documents: Sequence[Document], **options: str) -> None:
    import camelot

    for path, pages in documents:
        camelot.read_pdf(str(path), pages=",".join(map(str, pages)), flavor="lattice", suppress_stdout=True, **options)


def tabula_lattice(documents: Sequence[Document]) -> None:
    """tabula-java through tabula-py, which starts Java for each file."""
    import tabula

    for path, pages in documents:
        tabula.read_pdf(str(path), pages=list(pages), lattice=True, silent=True)
