"""One document from bytes to report: read its pages, recognise and join its tables, type their rows, check them."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

from extract.checks.evidence import Evidence
from extract.checks.hidden_text import check_hidden_text
from extract.checks.in_prose import check_statements
from extract.checks.in_tables import check_tables
from extract.checks.of_reading import check_reading
from extract.checks.status import status_of
from extract.digest import digest
from extract.document.second_reading import reread_doubtful_pages, second_readings, with_ordinary_ideographs
from extract.errors import ExtractError, NoTextError, UnreadableError, UnrecognisedError
from extract.model.page import Line, PageReading
from extract.model.report import Report
from extract.prose.sentences import Prose
from extract.prose.statements import StatementReader, glossary, overview
from extract.reading.base import Reader, pages
from extract.reading.grids import grids
from extract.schemas.grammar import Pattern, Schemas
from extract.tables.assemble import Assembled, Assembler, OpenTable, Unknown, fragments
from extract.tables.normalise import Normaliser
from extract.tables.recognise import Titles
from extract.tables.targets import TargetParser
from extract.text import Ideographs, compared

TITLE_LINES = 80  # the title stands among the first lines of a document
TITLE_SPAN = 3  # lines that a title may be broken over


class Knowledge:
    """The schemas with what is prepared from them once and used for every document."""

    def __init__(self, schemas: Schemas) -> None:
        self.schemas = schemas
        self.titles = Titles(schemas)
        self.targets = TargetParser(schemas.conventions)
        self.ideographs = Ideographs(schemas.conventions.ideographs)
        self.statements = StatementReader(schemas.statements, schemas.conventions.units)


class Identity(NamedTuple):
    """What a document says it is."""

    title: str | None
    document_type: str | None
    fiscal_year: int | None
    agency_name: str | None


def read_document(content: bytes, source: str, reader: Reader, knowledge: Knowledge) -> Report:
    """Everything that one PDF says. A file that cannot be read gives a report with that status and its error."""
    try:
        return read_pdf(content, source, reader, knowledge)
    except ExtractError as error:
        return failed_report(digest(content), source, reader, error)


def read_pdf(content: bytes, source: str, reader: Reader, knowledge: Knowledge) -> Report:
    """Everything that one PDF says. Raises UnreadableError, EncryptedError or NoTextError if it cannot be read."""
    with without_gc():
        readings = _read_pages(content, reader, knowledge)
        blank = replace(_blank_report(digest(content), source, reader), engines=_engines(readings, reader.name))

        def report_of(other: Sequence[PageReading]) -> Report:
            return _report(blank, other, knowledge)

        return reread_doubtful_pages(
            report_of(readings), readings, report_of, second_readings(content, reader.name, knowledge.ideographs)
        )


def _engines(readings: Iterable[PageReading], first: str) -> tuple[str, ...]:
    """What read the pages: the reader that was asked for first, where it read any."""
    names = dict.fromkeys(reading.engine for reading in readings)
    return tuple(sorted(names, key=lambda name: name != first))


@contextmanager
def without_gc() -> Iterator[None]:
    """Work on a document makes many records that live on and hardly a cycle: walking them all for garbage again and again finds none."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def failed_report(sha256: str, source: str, reader: Reader, error: ExtractError) -> Report:
    """The report of a document that could not be read."""
    return replace(_blank_report(sha256, source, reader), error=error)


def _blank_report(sha256: str, source: str, reader: Reader) -> Report:
    return Report(
        document_id=sha256[:16],
        source=source,
        sha256=sha256,
        title=None,
        document_type=None,
        fiscal_year=None,
        agency_name=None,
        layout=None,
        pages=0,
        status="unreadable",
        error=None,
        engines=(reader.name,),
        tables=(),
        rows={},
        columns={},
        statements=(),
        glossary=(),
        functions=None,
        organisation=None,
        checks=(),
        unclaimed=(),
        read_again={},
        disagreements=(),
    )


def _read_pages(content: bytes, reader: Reader, knowledge: Knowledge) -> list[PageReading]:
    with reader.open(content) as document:
        if not document.page_count:
            raise UnreadableError("no_pages")
        readings = [
            grids(with_ordinary_ideographs(page, knowledge.ideographs))
            for page in pages(document, knowledge.statements.states_figures)
        ]
    if not any(reading.lines or reading.grids for reading in readings):
        raise NoTextError("no_text", pages=len(readings))
    return readings


def _assembled(readings: Iterable[PageReading], knowledge: Knowledge) -> list[Assembled]:
    assembler = Assembler(knowledge.titles)
    for reading in readings:
        if reading.grids:
            for fragment in fragments(reading.grids, reading.lines, reading.engine):
                assembler.add(fragment)
        else:
            assembler.add_captions(reading.lines, reading.engine)
    return assembler.tables


def _report(blank: Report, readings: Sequence[PageReading], knowledge: Knowledge) -> Report:
    schemas = knowledge.schemas
    tables = _assembled(readings, knowledge)
    lines = [line for reading in readings for line in reading.lines]
    identity = identify(lines, tables, schemas)
    normaliser = Normaliser(schemas, knowledge.targets, identity.fiscal_year)
    for table in tables:
        normaliser.add(table)
    result = normaliser.result
    prose = Prose(lines, schemas.statements)
    statements = knowledge.statements.statements(prose, identity.fiscal_year)
    layouts = [table.known.layout for table in tables if not isinstance(table, Unknown)]
    expected = {table.dataset for layout in layouts for table in layout.table}
    evidence = Evidence(schemas, result.rows, result.columns, identity.fiscal_year, expected)
    checks = [
        *check_tables(schemas.rules, evidence),
        *(check_statements(schemas, statements, evidence) if result.rows else ()),
        *check_reading(schemas, tables, result, readings),
        *check_hidden_text(readings),
    ]
    names = [layout.name for layout in layouts]
    report = replace(
        blank,
        title=identity.title,
        document_type=identity.document_type,
        fiscal_year=identity.fiscal_year,
        agency_name=identity.agency_name,
        layout=max(names, key=names.count) if names else None,
        pages=len(readings),
        status=status_of(any(table.dataset for table in result.tables), not result.unclaimed, checks),
        tables=tuple(result.tables),
        rows={name: tuple(rows) for name, rows in result.rows.items()},
        columns={name: frozenset(columns) for name, columns in result.columns.items()},
        statements=tuple(statements),
        glossary=tuple(glossary(prose, schemas.statements)),
        functions=overview(prose, schemas.statements.functions),
        organisation=overview(prose, schemas.statements.organisation),
        checks=tuple(checks),
        unclaimed=tuple(result.unclaimed),
    )
    if report.status == "unrecognised":
        error = (
            UnrecognisedError("no_known_table", tables=len(report.tables))
            if report.tables
            else UnrecognisedError("no_table")
        )
        report = replace(report, error=error)
    return report


def identify(lines: Sequence[Line], tables: Sequence[Assembled], schemas: Schemas) -> Identity:
    """Title, year and agency: the owner line of the tables before the name in the title."""
    conventions = schemas.conventions.document
    texts = [
        text for line in lines[:TITLE_LINES] if not schemas.statements.folio.fullmatch(text := compared(line.text))
    ]
    spans = [
        "".join(texts[start : start + length]) for start in range(len(texts)) for length in range(1, TITLE_SPAN + 1)
    ]
    title, named = _first(conventions.titles, spans)
    if not named.get("fiscal_year"):
        _, year = _first(conventions.years, (compared(line.text) for line in lines))
        named = {**named, **year}
    owner = next((table.owner for table in tables if isinstance(table, OpenTable) and table.owner), None)
    year_text = named.get("fiscal_year")
    return Identity(
        title, named.get("document_type"), int(year_text) if year_text else None, owner or named.get("agency_name")
    )


def _first(patterns: Sequence[Pattern], texts: Iterable[str]) -> tuple[str | None, dict[str, str]]:
    for text in texts:
        for wanted in patterns:
            found = wanted.fullmatch(text)
            if found:
                return text, {name: value for name, value in found.groupdict().items() if value}
    return None, {}
