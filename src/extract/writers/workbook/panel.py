"""Agencies over years: the key totals of every document, each with its change against the year before."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from extract.messages import message
from extract.schemas import Measure, Schemas, Source
from extract.text import compared
from extract.writers.workbook.wording import Field, Wording

IDENTITY = ("agency_name", "fiscal_year", "document_type", "status")
RATE_DIGITS = Decimal("0.000001")


class _Fact(NamedTuple):
    """A printed amount that may be a key total."""

    item: str | None
    is_total: bool
    amount: Decimal


_Printed = Mapping[tuple[str, str, str], Sequence[_Fact]]  # by document, dataset and column, in printed order


def panel_fields(schemas: Schemas, wording: Wording) -> list[Field]:
    """The columns of the panel: who and when, then every measure with its change and its rate of change."""
    named = (
        (measure.zh, message("workbook_change", "zh", measure=measure.zh), message("workbook_rate", "zh", measure=measure.zh))
        for measure in schemas.measures
    )
    numbers = [Field("", heading, kind, {}) for headings in named for heading, kind in zip(headings, ("money", "money", "rate"), strict=True)]
    return [*wording.fields(schemas.datasets["documents"], IDENTITY), *numbers]


def panel_rows(schemas: Schemas, documents: pa.Table, facts: pa.Table) -> Iterator[list[Any]]:
    """One row a document that prints a table. What is compared is the only document of the same agency and type of the year before."""
    printed = _printed(schemas.measures, facts)
    rows = documents.select(["document_id", *IDENTITY]).to_pylist()
    totals = {row["document_id"]: [_total(measure, row, printed) for measure in schemas.measures] for row in rows}
    by_year: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for row in rows:
        by_year[row["agency_name"], row["document_type"], row["fiscal_year"]].append(row["document_id"])
    for row in rows:
        now = totals[row["document_id"]]
        if all(total is None for total in now):
            continue
        earlier = by_year.get((row["agency_name"], row["document_type"], (row["fiscal_year"] or 0) - 1), []) if row["agency_name"] else []
        before = totals[earlier[0]] if len(earlier) == 1 else [None] * len(now)
        yield [*(row[name] for name in IDENTITY), *(value for pair in zip(now, before, strict=True) for value in _compared(*pair))]


def _printed(measures: Iterable[Measure], facts: pa.Table) -> _Printed:
    """The amounts of the datasets and columns that measures come from."""
    wanted = {(source.dataset, source.column) for measure in measures for source in measure.sources}
    datasets = pa.array(sorted({dataset for dataset, _ in wanted}), pa.string())
    chosen = facts.select(["document_id", "dataset", "column", "item", "is_total", "amount"]).filter(pc.is_in(facts["dataset"], datasets))
    found: dict[tuple[str, str, str], list[_Fact]] = defaultdict(list)
    for document, dataset, column, *fact in zip(*(chosen[name].to_pylist() for name in chosen.column_names), strict=True):
        if (dataset, column) in wanted and fact[-1] is not None:
            found[document, dataset, column].append(_Fact(*fact))
    return found


def _total(measure: Measure, document: Mapping[str, Any], printed: _Printed) -> Decimal | None:
    """The first number that a source means."""
    for source in measure.sources:
        means = _means(source, document["fiscal_year"])
        for fact in printed.get((document["document_id"], source.dataset, source.column), ()):
            if means(fact):
                return fact.amount
    return None


def _means(source: Source, fiscal_year: int | None) -> Callable[[_Fact], bool]:
    if source.rows == "total":
        return lambda fact: fact.is_total
    if source.rows == "@fiscal_year":
        return lambda fact: fact.item == str(fiscal_year)
    wanted = source.pattern()
    return lambda fact: wanted.fullmatch(compared(fact.item or "")) is not None


def _compared(now: Decimal | None, before: Decimal | None) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """A total, its change and its rate of change."""
    if now is None or before is None:
        return now, None, None
    return now, now - before, ((now - before) / before).quantize(RATE_DIGITS) if before else None
