"""One document from bytes to report: read its pages, recognise and join its tables, type their rows, check them."""

import gc
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from extract.checks.completeness import (
    Owned,
    check_identity,
    check_pages,
    check_rows,
    check_second_tables,
    check_sums,
    check_table_numbers,
    numbered_pages,
)
from extract.checks.contents import check_contents
from extract.checks.decisions import with_decisions, with_unfitting
from extract.checks.evidence import Evidence
from extract.checks.hidden_text import check_hidden_text
from extract.checks.hypotheses import with_hypotheses
from extract.checks.in_prose import check_statements
from extract.checks.in_tables import check_tables
from extract.checks.lost_rows import without_lost_rows
from extract.checks.misnamed import check_misnamed
from extract.checks.money_units import check_units
from extract.checks.names import check_names
from extract.checks.of_reading import check_reading
from extract.checks.projects import check_counted_forms, check_projects, check_uncounted_forms
from extract.checks.running_text import check_running_text
from extract.checks.slips import check_slips
from extract.checks.status import PARTIAL, with_checks
from extract.checks.text_layer import blamed_numbers, with_doubted_text, with_misread_digits
from extract.checks.years import check_years
from extract.digest import digest, identifier
from extract.document.displayed import displayed
from extract.document.identity import identify
from extract.document.repeats import distinct_pages, distinct_tables
from extract.document.second_reading import reread_doubtful_pages, second_readings, with_ordinary_ideographs
from extract.errors import ExtractError, NoTextError, UnreadableError, UnrecognisedError
from extract.model.decision import Decision
from extract.model.page import Page, PageReading
from extract.model.report import Check, Report, Statement
from extract.prose.descriptions import glossary, overview
from extract.prose.sentences import Prose
from extract.prose.statements import StatementReader
from extract.reading.base import Reader, pages, scanned, scans_are_read, with_scanned_cells, without_password
from extract.reading.furniture import without_furniture
from extract.reading.grids import edges_below, grids
from extract.reading.limits import check_pages as check_page_count
from extract.reading.shapes import misread_pages
from extract.reading.unruled import has_columns, has_list
from extract.schemas.grammar import Place, Schemas
from extract.tables.assemble import Assembler, Readers
from extract.tables.captions import CaptionReader
from extract.tables.columns import ColumnReader
from extract.tables.contents import ContentReader
from extract.tables.forms import FormReader, OpenForm
from extract.tables.fragments import fragments
from extract.tables.headers import HEAD_ROWS
from extract.tables.normalise import Normaliser
from extract.tables.open_tables import Assembled, OpenTable
from extract.tables.shapes import ShapeReader
from extract.tables.targets import TargetParser
from extract.tables.titles import TABLE, TitleReader
from extract.tables.units import UnitReader
from extract.text import Ideographs, compared


class Knowledge:
    """The schemas with what is prepared from them once and used for every document."""

    def __init__(
        self, schemas: Schemas, titles: type[TitleReader] = TitleReader, columns: type[ColumnReader] = ColumnReader
    ) -> None:
        self.schemas = schemas
        title_reader = titles(schemas.vocabulary)
        captions = CaptionReader(schemas.vocabulary, schemas.conventions.units, title_reader)
        units = UnitReader(schemas.conventions.units, schemas.vocabulary.caption.units)
        self.columns = columns(schemas.vocabulary, title_reader, units)
        contents = ContentReader(schemas.vocabulary, schemas.codes)
        shapes = ShapeReader(schemas.vocabulary, schemas.datasets, self.columns, contents)
        self.readers = Readers(captions, shapes, FormReader(schemas.vocabulary, units))
        self.targets = TargetParser(schemas.conventions)
        self.ideographs = Ideographs(schemas.conventions.ideographs)
        self.statements = StatementReader(schemas.statements, schemas.conventions.units)


def read_document(
    content: bytes,
    source: str,
    reader: Reader,
    knowledge: Knowledge,
    password: str | None = None,
    decisions: Sequence[Decision] = (),
) -> Report:
    """Everything that one PDF says. A file that cannot be read gives a report with that status and its error."""
    try:
        return read_pdf(content, source, reader, knowledge, password, decisions)
    except ExtractError as error:
        return failed_report(digest(content), source, reader, error, decisions)


def read_pdf(
    content: bytes,
    source: str,
    reader: Reader,
    knowledge: Knowledge,
    password: str | None = None,
    decisions: Sequence[Decision] = (),
    pages: Collection[int] | None = None,
) -> Report:
    """Everything that one PDF says, checked with what people decided about it; or what some of its pages say, which
    nothing is checked of: what ties is seen in the whole.

    Raises UnreadableError, EncryptedError or NoTextError if it cannot be read, InputError if it has not such a page.
    """
    sha256 = digest(content)
    if password:
        content = without_password(content, password)
    with without_gc():
        readings = read_pages(content, reader, knowledge, pages)
        blank = replace(blank_report(sha256, source, reader), engines=_engines(readings, reader.name))

        def report_from(other: Sequence[PageReading]) -> Report:
            return report_of(blank, other, knowledge)

        report = report_from(readings)
        turns = {reading.number: reading.turn for reading in readings if reading.turn}
        if pages is not None:
            with reader.open(content) as document:
                return displayed(_as_part(report, document.page_count), turns)
        report = reread_doubtful_pages(
            report, readings, report_from, second_readings(content, reader.name, knowledge.ideographs)
        )
        if blamed := blamed_numbers(report):
            report = with_misread_digits(report, misread_pages(content, blamed))
        report = displayed(report, turns)
        report = with_decisions(report, decisions, knowledge.schemas, partial(_checks_of_rows, knowledge.schemas))
        report = without_lost_rows(report, knowledge.schemas)
        report = with_doubted_text(report, knowledge.schemas)
        if any(check.verdict == "fail" for check in report.checks):
            report = with_hypotheses(report, _evidence(report, knowledge.schemas))
        return report


def _checks_of_rows(schemas: Schemas, report: Report) -> list[Check]:
    """The checks of a report that is made that come of its rows and statements alone."""
    evidence = _evidence(report, schemas)
    return [
        *_checks_of_numbers(schemas, report.statements, evidence),
        *_checks_of_names(report.statements, evidence),
    ]


def _checks_of_numbers(schemas: Schemas, statements: Sequence[Statement], evidence: Evidence) -> list[Check]:
    prose = check_statements(schemas, statements, evidence) if evidence.rows else ()
    return [*check_tables(schemas.rules, evidence), *prose]


def _checks_of_names(statements: Sequence[Statement], evidence: Evidence) -> list[Check]:
    return [
        *check_rows(evidence),
        *check_projects(evidence),
        *check_counted_forms(evidence, statements),
        *check_names(evidence),
        *check_misnamed(evidence),
        *check_slips(evidence),
        *check_units(evidence),
    ]


def _as_part(report: Report, page_count: int) -> Report:
    """The report of some of the pages, none of whose checks tells anything of the document."""
    status = report.status if report.status == "unrecognised" else "unverified"
    return replace(report, pages=page_count, status=status, checks=(), reasons=(*report.reasons, PARTIAL))


def _engines(readings: Iterable[PageReading], first: str) -> tuple[str, ...]:
    """What read the pages: the reader that was asked for first, where it read any."""
    names = dict.fromkeys(reading.engine for reading in readings)
    return tuple(sorted(names, key=lambda name: name != first))


@contextmanager
def without_gc() -> Iterator[None]:
    """Work on a document makes many records that live on and hardly a cycle: walking them all for garbage again and
    again finds none.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def failed_report(
    sha256: str, source: str, reader: Reader, error: ExtractError, decisions: Sequence[Decision] = ()
) -> Report:
    """The report of a document that could not be read."""
    return with_unfitting(replace(blank_report(sha256, source, reader), error=error), decisions)


def blank_report(sha256: str, source: str, reader: Reader) -> Report:
    return Report(
        document_id=identifier(sha256),
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


def read_pages(
    content: bytes, reader: Reader, knowledge: Knowledge, wanted: Collection[int] | None = None
) -> list[PageReading]:
    """The pages of a PDF, or those of them that are wanted, by number from 1."""
    with reader.open(content) as document:
        if not document.page_count:
            raise UnreadableError("no_pages")
        check_page_count(document.page_count)
        readings: list[PageReading] = []
        for page in without_furniture(list(pages(document, partial(_has_figures, knowledge), wanted))):
            before = edges_below(readings[-1]) if readings else ()
            readings.append(_reading(content, page, knowledge, before))
    if scans_are_read() and (pictured := [reading.number for reading in readings if reading.pictured]):
        places = {reading.number: place for place, reading in enumerate(readings)}
        for page in scanned(content, pictured):
            readings[places[page.number]] = grids(with_ordinary_ideographs(page, knowledge.ideographs))
    if not any(reading.lines or reading.grids for reading in readings):
        raise NoTextError("nothing_recognised" if scans_are_read() else "no_text", pages=len(readings))
    return readings


def _reading(content: bytes, page: Page, knowledge: Knowledge, before: Sequence[float]) -> PageReading:
    """What stands on a page. Cells that show a picture instead of text are read from it, where scans are."""
    found = grids(with_ordinary_ideographs(page, knowledge.ideographs), before)
    pictured = [cell.box for cell in found.unreadable if cell.reason == "picture"]
    if not pictured or page.turn or not scans_are_read():
        return found
    return grids(with_ordinary_ideographs(with_scanned_cells(content, page, pictured), knowledge.ideographs), before)


def _has_figures(knowledge: Knowledge, text: str) -> bool:
    return knowledge.statements.states_figures(text) or has_columns(text) or has_list(text)


def _texts_that_may_be_titles(reading: PageReading) -> Iterator[str]:
    yield from (line.text for line in reading.lines if TABLE in line.text)
    for grid in reading.grids:
        yield from (cell.text for cell in grid.cells if cell.row < HEAD_ROWS and TABLE in cell.text)


def _assembled(readings: Sequence[PageReading], passed_over: Collection[int], knowledge: Knowledge) -> list[Assembled]:
    """The tables of pages; `passed_over` are the numbers of those between them that say nothing new."""
    readers = knowledge.readers
    texts = [text for reading in readings for text in _texts_that_may_be_titles(reading)]
    assembler = Assembler(
        readers._replace(captions=readers.captions.with_titles(readers.captions.titles.knowing(texts)))
    )
    for reading in readings:
        before = reading.number - 1
        while before in passed_over:
            before -= 1
        for page in range(before + 1, reading.number):
            assembler.pass_over(page)
        if reading.grids:
            for fragment in fragments(reading.grids, reading.lines, reading.engine, reading.doubt == "inferred"):
                assembler.add(fragment)
        else:
            assembler.add_captions(reading.lines, reading.engine)
    return assembler.tables


def report_of(blank: Report, readings: Sequence[PageReading], knowledge: Knowledge) -> Report:
    schemas = knowledge.schemas
    pages, repeated_pages = distinct_pages(readings)
    passed_over = {repeat.page for repeat in repeated_pages}
    tables, repeated_tables = distinct_tables(_assembled(pages, passed_over, knowledge))
    lines = [line for reading in pages for line in reading.lines]
    identity = identify(lines, tables, schemas)
    place = _place(schemas, identity.agency_name)
    normaliser = Normaliser(
        schemas, knowledge.targets, knowledge.columns, identity.fiscal_year, place.name if place else None
    )
    for table in tables:
        normaliser.add(table)
    result = normaliser.result
    prose = Prose(lines, schemas.statements)
    unchecked = replace(
        blank,
        title=identity.title,
        document_type=identity.document_type,
        fiscal_year=identity.fiscal_year,
        agency_name=identity.agency_name,
        layout=place.name if place else None,
        pages=len(readings),
        tables=tuple(result.tables),
        rows={name: tuple(rows) for name, rows in result.rows.items()},
        columns={name: frozenset(columns) for name, columns in result.columns.items()},
        statements=tuple(
            knowledge.statements.statements(
                prose,
                identity.fiscal_year,
                identity.agency_name,
                final=identity.document_type in schemas.conventions.document.budget_types,
            )
        ),
        glossary=tuple(glossary(prose, schemas.statements)),
        functions=overview(prose, schemas.statements.functions, schemas.statements),
        organisation=overview(prose, schemas.statements.organisation, schemas.statements),
        unclaimed=tuple(result.unclaimed),
        read_again={one.number: one.engine for one in readings if one.engine != blank.engines[0]},
        recognitions={one.number: one.recognitions for one in readings if one.recognitions},
    )
    evidence = _evidence(unchecked, schemas)
    checks = [
        *_checks_of_numbers(schemas, unchecked.statements, evidence),
        *check_reading(schemas, place, knowledge.readers.captions.titles, tables, result, readings),
        *check_pages(schemas, readings, [*repeated_pages, *repeated_tables]),
        *check_uncounted_forms(evidence, unchecked.statements, numbered_pages(schemas, readings)),
        *check_table_numbers(schemas, result.tables, place.last_number(identity.fiscal_year) if place else 0),
        *check_second_tables(schemas, result.tables),
        *check_identity(
            schemas,
            result.tables,
            [Owned(table.owner, table.first_page) for table in tables if isinstance(table, OpenTable) and table.owner],
            [one for one in _in_charge(tables) if compared(one.owner) not in evidence.units()],
            identity.fiscal_year,
            identity.agency_name,
            identity.entitled,
        ),
        *check_years(schemas, lines, result.rows, identity.fiscal_year, result.tables),
        *check_contents(schemas, lines),
        *check_running_text(schemas, readings),
        *_checks_of_names(unchecked.statements, evidence),
        *check_hidden_text(readings),
    ]
    checks += check_sums(evidence, checks)
    report = with_checks(unchecked, checks, evidence.withheld)
    if report.status == "unrecognised":
        error = (
            UnrecognisedError("no_known_table", tables=len(report.tables))
            if report.tables
            else UnrecognisedError("no_table")
        )
        report = replace(report, error=error)
    return report


def _evidence(report: Report, schemas: Schemas) -> Evidence:
    """What the rules read of a report."""
    place = _place(schemas, report.agency_name)
    unresolved: Counter[str] = Counter()
    for table in report.tables:
        if table.dataset:
            unresolved[table.dataset] += table.unresolved
    notes = [note for table in report.tables for note in table.notes]
    expected = set(place.complete) if place else set()
    return Evidence(
        schemas, report.rows, report.columns, report.fiscal_year, expected, unresolved, notes, report.agency_name
    )


def _in_charge(tables: Iterable[Assembled]) -> Iterator[Owned]:
    """The departments that tables and forms of projects name."""
    for table in tables:
        if isinstance(table, OpenTable) and table.department:
            yield Owned(table.department, table.first_page)
        elif isinstance(table, OpenForm) and (department := table.values.get("department_name")):
            yield Owned(department.text, table.first_page)


def _place(schemas: Schemas, agency: str | None) -> Place | None:
    """The place of an agency, if there is a file about it."""
    return next((one for one in schemas.places if agency and agency.startswith(tuple(one.agencies))), None)
