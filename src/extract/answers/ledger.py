"""Which agency has published what: a list of agencies held against the documents of out/, one row an agency, stage and
year, with what is missing and since when.
"""

import csv
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

from extract.answers.answer import Answer, datasets_of
from extract.errors import InputError
from extract.messages import LANGUAGES, message
from extract.out.layout import files_of
from extract.out.parquet import opened
from extract.schemas.grammar import Schemas
from extract.text import compared

LISTED = ("agency", "former_names", "from_year", "to_year")  # the columns of a list of agencies
COLUMNS = (
    "agency",
    "fiscal_year",
    "stage",
    "printed_name",
    "status",
    "tables",
    "unknown_tables",
    "missing_tables",
    "missing_since",
    "listed",
    "source",
)
MISSING = "missing"  # the status of a report that is not there
BETWEEN = ";"  # stands between names, and between tables


class Agency(NamedTuple):
    """An agency that is to publish: its name, what it was called before, its first and last year if they are known."""

    name: str
    former: tuple[str, ...] = ()
    first: int | None = None
    last: int | None = None

    def is_called(self, name: str) -> bool:
        """Whether it has, or had, this name."""
        return compared(name) in {compared(one) for one in (self.name, *self.former)}


class _Report(NamedTuple):
    """A document of out/ that says whose it is and for what year, with the datasets of its tables."""

    agency: str
    year: int
    stage: str | None
    status: str
    source: str
    tables: frozenset[str]
    unknown: int  # tables of it that are not known


def read_agencies(path: Path) -> list[Agency]:
    """The agencies of a CSV file with the columns `LISTED`, in English or as `column_…` of messages.toml calls them;
    only the first is needed. Former names stand with `;` between.

    Raises InputError, with the line, if it has no such column or a year is none.
    """
    try:
        rows = list(csv.DictReader(StringIO(_text(path.read_bytes()))))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError("agencies_unreadable", path=path, reason=str(error)) from error
    names = {heading: name for name in LISTED for heading in (name, *_headings(name))}
    known = [
        {names[key.strip()]: (value or "").strip() for key, value in row.items() if key and key.strip() in names}
        for row in rows
    ]
    if not any("agency" in row for row in known):
        raise InputError("agencies_no_column", path=path, known=", ".join(LISTED))
    return [_agency(path, line, row) for line, row in enumerate(known, 2) if row.get("agency")]


def _text(written: bytes) -> str:
    """What a CSV file says: in UTF-8, or as Excel saves it in China."""
    try:
        return written.decode("utf-8-sig")
    except UnicodeDecodeError:
        return written.decode("gb18030")


def _headings(name: str) -> Iterator[str]:
    return (message(f"column_{name}", language) for language in LANGUAGES)


def _agency(path: Path, line: int, row: Mapping[str, str]) -> Agency:
    former = row.get("former_names", "").replace("；", BETWEEN).split(BETWEEN)
    years = [row.get(name, "") for name in ("from_year", "to_year")]
    if not all(year.isdecimal() for year in years if year):
        raise InputError("agencies_year", path=path, line=line, year=" ".join(years).strip())
    first, last = (int(year) if year else None for year in years)
    return Agency(row["agency"], tuple(name.strip() for name in former if name.strip()), first, last)


def template(out: Path, schemas: Schemas) -> Answer:
    """A list of the agencies of out/, to be completed: each name once, the first year that it has."""
    first: dict[str, int] = {}
    for report in _reports(out, schemas):
        first[report.agency] = min(report.year, first.get(report.agency, report.year))
    return Answer(LISTED, [(name, None, year, None) for name, year in first.items()])


def ledger(out: Path, schemas: Schemas, agencies: Sequence[Agency] | None) -> Answer:
    """One row an agency, stage and year, and one for each document where there are several; the documents of agencies
    that are not listed come last. Without a list every agency of out/ is on it.

    A table is missing that the agency prints in another year, or that every disclosure of its place prints; in brackets
    stands the first of the years in a row without it. Raises InputError if no document says whose it is.
    """
    reports = _reports(out, schemas)
    if not reports:
        raise InputError("no_datasets", path=out)
    listed = list(agencies) if agencies is not None else []
    groups: dict[Agency, list[_Report]] = {agency: [] for agency in listed}
    for report in reports:
        named = next((agency for agency in groups if agency.is_called(report.agency)), Agency(report.agency))
        groups.setdefault(named, []).append(report)
    years = range(min(one.year for one in reports), max(one.year for one in reports) + 1)
    is_listed = set(listed if agencies is not None else groups)
    rows: list[tuple[Any, ...]] = []
    for agency, own in groups.items():
        rows += sorted(_rows(agency, own, years, agency in is_listed, schemas), key=lambda row: row[1])
    return Answer(COLUMNS, rows)


def _rows(
    agency: Agency, reports: Sequence[_Report], years: range, listed: bool, schemas: Schemas
) -> Iterator[tuple[Any, ...]]:
    expected = range(agency.first or years.start, (agency.last or years[-1]) + 1) if listed else range(0)
    for stage in dict.fromkeys([one.stage for one in reports] or [None]):
        own: dict[int, list[_Report]] = defaultdict(list)
        for one in reports:
            if one.stage == stage:
                own[one.year].append(one)
        lacking = _lacking(agency, own, schemas)
        without_report = {year for year in expected if year not in own}
        for year in sorted(without_report):
            since = _since(year, without_report, expected)
            yield agency.name, year, stage, None, MISSING, None, None, None, since, listed, None
        for year in sorted(own):
            missing = _told(lacking, year, own, schemas)
            for one in own[year]:
                name = None if compared(one.agency) == compared(agency.name) else one.agency
                counts = len(one.tables), one.unknown
                yield agency.name, year, stage, name, one.status, *counts, missing, None, listed, one.source


def _lacking(agency: Agency, own: Mapping[int, Sequence[_Report]], schemas: Schemas) -> dict[str, set[int]]:
    """The datasets that are to be expected, each with the years whose reports do not print it."""
    place = next((one for one in schemas.places if agency.name.startswith(tuple(one.agencies))), None)
    printed = {year: {name for one in reports for name in one.tables} for year, reports in own.items()}
    expected = {name for names in printed.values() for name in names} | {*(place.complete if place else ())}
    return {
        name: {year for year, names in printed.items() if name not in names}
        for name in schemas.datasets
        if name in expected
    }


def _told(
    lacking: Mapping[str, Collection[int]], year: int, own: Mapping[int, Sequence[_Report]], schemas: Schemas
) -> str | None:
    """The tables that a year lacks, each with the year since when."""
    told = [
        f"{schemas.datasets[name].zh} ({_since(year, without, own)})"
        for name, without in lacking.items()
        if year in without
    ]
    return f"{BETWEEN} ".join(told) or None


def _since(year: int, missing: Collection[int], years: Iterable[int]) -> int:
    """The first of the years in a row, up to this one, in which it is missing; only `years` count."""
    first = year
    for other in sorted((one for one in years if one <= year), reverse=True):
        if other not in missing:
            break
        first = other
    return first


def _reports(out: Path, schemas: Schemas) -> list[_Report]:
    """Raises InputError if out/ was not written by this program, or not to its end."""
    datasets_of(out)
    tables = defaultdict(list)
    for row in _table(out, "tables", ["document_id", "dataset"]):
        tables[row["document_id"]].append(row["dataset"])
    columns = ["document_id", "agency_name", "fiscal_year", "document_type", "status", "source"]
    return [
        _Report(
            row["agency_name"],
            row["fiscal_year"],
            _stage(row["document_type"], schemas),
            row["status"],
            row["source"],
            frozenset(name for name in tables[row["document_id"]] if name),
            tables[row["document_id"]].count(None),
        )
        for row in _table(out, "documents", columns)
        if row["agency_name"] and row["fiscal_year"]
    ]


def _table(out: Path, name: str, columns: Sequence[str]) -> Iterable[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = opened(files_of(out, name)).to_table(columns=columns).to_pylist()
    return found


def _stage(document_type: str | None, schemas: Schemas) -> str | None:
    """Budget or final account, as the kind of the document says."""
    stages = schemas.conventions.document.stages
    return next((stage for stage in stages if stage in (document_type or "")), document_type)
