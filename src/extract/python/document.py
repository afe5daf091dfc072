"""The Python interface to one document: read a PDF and take its tables as Arrow tables or data frames."""

from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from extract.checks.suspects import suspects
from extract.digest import digest
from extract.document.pipeline import Knowledge, failed_report, read_pdf
from extract.document.printed import as_printed
from extract.errors import ExtractError, InputError
from extract.model.report import STDIN, Check, Report, Table
from extract.python.datasets import Datasets, unknown_dataset
from extract.python.notebook import document_html
from extract.python.page import Page
from extract.reading.base import DEFAULT_READER, Reader, without_password
from extract.reading.base import reader as reader_named
from extract.runs.sources import find_sources
from extract.schemas.grammar import Schemas
from extract.schemas.load import load
from extract.stores.client import content as stored_content
from extract.stores.client import is_url

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


class PrintedTable:
    """A printed table, known or not, joined over its pages: its texts as they are printed."""

    def __init__(self, table: Table) -> None:
        self.title, self.number, self.unit = table.title or table.heading, table.number, table.unit
        self.dataset = table.dataset
        self.pages = (table.first_page, table.last_page)
        self._table = table

    @property
    def df(self) -> "pd.DataFrame":
        """The table as a data frame of texts; a column is named by the texts above it, with `/` between."""
        import pandas as pd

        printed = as_printed(self._table)
        return pd.DataFrame(list(printed.rows), columns=list(printed.names), dtype="str")

    def __repr__(self) -> str:
        return f"<PrintedTable {self.title}: {self.dataset}, pages {self.pages[0]} to {self.pages[1]}>"


class Disclosure(Datasets):
    """What one document says."""

    def __init__(self, report: Report, schemas: Schemas, content: bytes = b"") -> None:
        self.report = report
        self._schemas = schemas
        self._content = content  # as it needs no password
        self._tables: dict[str, Any] = {}

    @property
    def status(self) -> str:
        """`verified`, `failed`, `unverified` or `unrecognised`; of a document that `read_folder` could not read
        `unreadable`.
        """
        return self.report.status

    @property
    def error(self) -> ExtractError | None:
        """Why it could not be read, or why nothing of it is known."""
        return self.report.error

    @property
    def failures(self) -> list[Check]:
        """The checks that fail."""
        return [check for check in self.report.checks if check.verdict == "fail"]

    @property
    def tables(self) -> list[PrintedTable]:
        """Every printed table in printed order, known or not."""
        return [PrintedTable(table) for table in self.report.tables]

    def page(self, number: int) -> Page:
        """A page by its number from 1. Raises IndexError if there is none."""
        if not 1 <= number <= self.report.pages:
            raise IndexError(f"no page {number}; there are 1 to {self.report.pages}")
        return Page(self.report, self._content, number)

    @property
    def datasets(self) -> list[str]:
        return [name for name in self._schemas.datasets if len(self.arrow(name))]

    def arrow(self, dataset: str) -> "pa.Table":
        from extract.out.arrow import tables

        if not self._tables:
            self._tables = tables(self._schemas, [self.report])
        if dataset not in self._tables:
            raise unknown_dataset(dataset, self._tables)
        return self._tables[dataset]

    def __repr__(self) -> str:
        return (
            f"<Disclosure {self.report.agency_name} {self.report.fiscal_year}: {self.status}, "
            f"{len(self.report.tables)} tables>"
        )

    def _repr_html_(self) -> str:
        [document] = self.arrow("documents").to_pylist()
        failures = [check._asdict() for check in self.failures]
        return document_html(
            document, self.arrow("tables").to_pylist(), failures, suspects(self.report), self._schemas.rules
        )


def read(
    pdf: "str | PathLike[str] | bytes | BinaryIO",
    *,
    password: str | None = None,
    pages: Iterable[int] | None = None,
    reader: str = DEFAULT_READER,
    schemas: "str | PathLike[str] | None" = None,
) -> Disclosure:
    """Reads one PDF: a path, a URL, its bytes, or a file that is open for reading bytes.

    `pages` are the numbers of those to read, from 1; nothing is checked of a part, so it is `unverified`. `reader` is
    one of `extract.reading.base.READERS`, `schemas` a folder of schema files laid over the built-in ones. Raises
    OSError if the file cannot be opened, InputError if one in a store cannot or there is no such page, EncryptedError
    if it needs another password, ExtractError if it is not a readable PDF, SchemaError if schema files are faulty.
    """
    knowledge = Knowledge(load(Path(schemas) if schemas is not None else None))
    content, name = _content(pdf)
    wanted = None if pages is None else frozenset(pages)
    report = read_pdf(content, name, reader_named(reader), knowledge, password, pages=wanted)
    return Disclosure(report, knowledge.schemas, without_password(content, password) if password else content)


def read_folder(
    folder: "str | PathLike[str]",
    *,
    password: str | None = None,
    reader: str = DEFAULT_READER,
    schemas: "str | PathLike[str] | None" = None,
) -> Iterator[Disclosure]:
    """Reads the PDFs of a folder and of those inside it, or of a pattern, one after the other, each when it is asked
    for. One that cannot be read has the status `unreadable` and its `error`, and the others follow.

    Raises InputError if there is no such folder or no PDF in it, SchemaError if schema files are faulty.
    """
    names = find_sources([str(folder)]).documents
    knowledge = Knowledge(load(Path(schemas) if schemas is not None else None))
    return (_read_one(name, password, reader_named(reader), knowledge) for name in names)


def _read_one(name: str, password: str | None, reader: Reader, knowledge: Knowledge) -> Disclosure:
    content = b""
    try:
        content, _ = _content(name)
        report = read_pdf(content, name, reader, knowledge, password)
        content = without_password(content, password) if password else content
    except OSError as error:
        told = InputError("input_unreadable", reason=error.strerror or str(error))
        report = failed_report(digest(name.encode()), name, reader, told)
    except ExtractError as error:
        report = failed_report(digest(content), name, reader, error)
    return Disclosure(report, knowledge.schemas, content)


def _content(pdf: "str | PathLike[str] | bytes | BinaryIO") -> tuple[bytes, str]:
    """The bytes of a document and what it is called."""
    if isinstance(pdf, bytes):
        return pdf, STDIN
    if not isinstance(pdf, str | PathLike):
        return pdf.read(), str(getattr(pdf, "name", STDIN))
    name = str(pdf)
    return stored_content(name) if is_url(name) else Path(name).read_bytes(), name
