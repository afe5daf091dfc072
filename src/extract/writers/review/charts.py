"""Small charts of what agencies print year after year, one for each agency and chart of charts.toml."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from extract.amounts import written
from extract.schemas import Chart, Dataset, Place, Schemas
from extract.text import compared

WIDTH, HEIGHT = 400, 84
LABELS = WIDTH / 4  # beside the bars: the width of the first column of the table below them
LEAST_YEARS = 2
_Numbers = Mapping[str, Decimal]  # by document


class Bar(NamedTuple):
    """A bar of a chart, in its own units."""

    series: int
    x: float
    y: float
    width: float
    height: float


class Line(NamedTuple):
    """A series as text: the alternative to its bars."""

    zh: str
    en: str
    amounts: tuple[str, ...]


class Drawing(NamedTuple):
    """A chart of one agency."""

    agency: str
    zh: str
    en: str
    years: tuple[int, ...]
    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]


class Agency(NamedTuple):
    """An agency's documents of one type, by year; a year with several has none, as nobody can tell which is meant."""

    name: str
    documents: Mapping[int, str]


def agencies(documents: Sequence[Mapping[str, Any]]) -> list[Agency]:
    """The agencies with documents of at least two years, in the order of the documents."""
    by_agency: dict[tuple[str, str | None], dict[int, list[str]]] = {}
    for row in documents:
        if row["agency_name"] and row["fiscal_year"] and row["tables_recognised"]:
            years = by_agency.setdefault((row["agency_name"], row["document_type"]), {})
            years.setdefault(row["fiscal_year"], []).append(row["document_id"])
    single = ((name, {year: named[0] for year, named in years.items() if len(named) == 1}) for (name, _), years in by_agency.items())
    return [Agency(name, years) for name, years in single if len(years) >= LEAST_YEARS]


def drawings(chosen: Sequence[Agency], tables: Mapping[str, pa.Table], schemas: Schemas) -> list[Drawing]:
    """The charts of these agencies; one without any number is left out."""
    wanted = pa.array([document for agency in chosen for document in agency.documents.values()], pa.string())
    found = []
    for chart in schemas.charts:
        series = [_numbers(one.place, tables[one.place.dataset], wanted, schemas.datasets[one.place.dataset]) for one in chart.series]
        found += [_drawing(agency, chart, series) for agency in chosen if _spoken(agency, series)]
    return sorted(found, key=lambda drawing: [agency.name for agency in chosen].index(drawing.agency))


def _spoken(agency: Agency, series: Sequence[_Numbers]) -> bool:
    return any(document in numbers for numbers in series for document in agency.documents.values())


def _numbers(place: Place, table: pa.Table, documents: pa.Array, dataset: Dataset) -> _Numbers:
    """The number at a place of each document that has exactly one."""
    rows = table.filter(pc.is_in(table["document_id"], documents)).to_pylist()
    found: dict[str, list[Decimal]] = {}
    for row in rows:
        if row[place.column] is not None and _at(place, row, str(row[dataset.label or ""])):
            found.setdefault(row["document_id"], []).append(row[place.column])
    return {document: amounts[0] for document, amounts in found.items() if len(amounts) == 1}


def _at(place: Place, row: Mapping[str, Any], label: str) -> bool:
    if any(row[name] != value for name, value in place.where.items()) or place.side not in (None, row.get("side")):
        return False
    return label == str(row["fiscal_year"]) if place.rows == "@fiscal_year" else bool(place.pattern().fullmatch(compared(label)))


def _drawing(agency: Agency, chart: Chart, series: Sequence[_Numbers]) -> Drawing:
    years = sorted(agency.documents)
    amounts = [[numbers.get(agency.documents[year]) for year in years] for numbers in series]
    lines = tuple(
        Line(one.zh, one.en, tuple("–" if amount is None else written(amount) for amount in row))
        for one, row in zip(chart.series, amounts, strict=True)
    )
    return Drawing(agency.name, chart.zh, chart.en, tuple(years), tuple(_bars(amounts)), lines)


def _bars(amounts: Sequence[Sequence[Decimal | None]]) -> list[Bar]:
    """Bars from zero up to the largest amount, the series of a year side by side."""
    top = max((amount for row in amounts for amount in row if amount is not None), default=Decimal(0))
    if top <= 0:
        return []
    step = (WIDTH - LABELS) / len(amounts[0])
    width = min(step * 0.7 / len(amounts), 26.0)
    return [
        Bar(
            series,
            round(LABELS + step * (year + 0.5) + width * (series - 1 - len(amounts) / 2), 2),
            round(HEIGHT - height, 2),
            width,
            round(height, 2),
        )
        for series, row in enumerate(amounts, 1)
        for year, amount in enumerate(row)
        if amount is not None and (height := float(amount / top) * HEIGHT) > 0
    ]
