"""Small charts of what agencies print year after year, one for each agency and chart of measures.toml."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from extract.amounts import written
from extract.out.measures import measure_totals
from extract.out.parquet import Stored
from extract.schemas.grammar import Chart, Measure, Schemas

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
    """A measure as text: the alternative to its bars."""

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


def agencies(documents: Iterable[Mapping[str, Any]]) -> list[Agency]:
    """The agencies with documents of at least two years, in the order of the documents."""
    by_agency: dict[tuple[str, str | None], dict[int, list[str]]] = {}
    for row in documents:
        if row["agency_name"] and row["fiscal_year"] and row["tables_recognised"]:
            years = by_agency.setdefault((row["agency_name"], row["document_type"]), {})
            years.setdefault(row["fiscal_year"], []).append(row["document_id"])
    single = (
        (name, {year: named[0] for year, named in years.items() if len(named) == 1})
        for (name, _), years in by_agency.items()
    )
    return [Agency(name, years) for name, years in single if len(years) >= LEAST_YEARS]


def drawings(chosen: Sequence[Agency], datasets: Stored, schemas: Schemas) -> list[Drawing]:
    """The charts of these agencies; one without any number is left out."""
    documents = [
        {"document_id": document, "fiscal_year": year, "agency_name": agency.name}
        for agency in chosen
        for year, document in agency.documents.items()
    ]
    totals = measure_totals(schemas.measures, documents, datasets)
    measures = {measure.code: measure for measure in schemas.measures}
    charts = ((agency, chart) for agency in chosen for chart in schemas.charts)
    return [
        _drawing(agency, chart, [measures[code] for code in chart.measures], [totals[code] for code in chart.measures])
        for agency, chart in charts
        if any(document in totals[code] for code in chart.measures for document in agency.documents.values())
    ]


def _drawing(agency: Agency, chart: Chart, measures: Sequence[Measure], series: Sequence[_Numbers]) -> Drawing:
    years = sorted(agency.documents)
    amounts = [[numbers.get(agency.documents[year]) for year in years] for numbers in series]
    lines = tuple(
        Line(one.zh, one.en, tuple("–" if amount is None else written(amount) for amount in row))
        for one, row in zip(measures, amounts, strict=True)
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
