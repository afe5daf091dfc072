"""Key totals of documents: the numbers that are compared over years."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import reduce
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import pyarrow.compute as pc

from extract.out.layout import bucket_of
from extract.out.parquet import Stored, is_one_of
from extract.schemas.grammar import Measure, MeasureSource
from extract.text import compared


class _Fact(NamedTuple):
    """A printed amount that may be a key total."""

    item: str | None
    is_total: bool
    amount: Decimal


_Printed = Mapping[tuple[str, str], Sequence[_Fact]]  # of one document, by dataset and column, in printed order


def measure_totals(
    measures: Sequence[Measure], documents: Iterable[Mapping[str, Any]], datasets: Stored
) -> dict[str, dict[str, Decimal]]:
    """By the code of each measure, the total of each document that prints one; `documents` are rows with `document_id`,
    `agency_name` and `fiscal_year`.
    """
    documents = list(documents)
    near = {bucket_of(row["agency_name"], row["document_id"]) for row in documents}
    years = {row["document_id"]: row["fiscal_year"] for row in documents}
    totals: dict[str, dict[str, Decimal]] = {measure.code: {} for measure in measures}
    for document, printed in _documents(measures, datasets, years, near):
        for measure in measures:
            total = _total(measure, years[document], printed)
            if total is not None:
                totals[measure.code][document] = total
    return totals


def _documents(
    measures: Iterable[Measure], datasets: Stored, wanted: Iterable[str], near: Collection[str]
) -> Iterator[tuple[str, _Printed]]:
    """The amounts of each document, all in these buckets, in the datasets and columns that measures come from."""
    sources = {(source.dataset, source.column) for measure in measures for source in measure.sources}
    here = (
        is_one_of("dataset", {dataset for dataset, _ in sources}),
        is_one_of("column", {column for _, column in sources}),
    )
    conditions = (is_one_of("document_id", wanted), *here)
    columns = ["document_id", "dataset", "column", "item", "is_total", "amount"]
    parts = datasets.parts(
        "facts", columns, lambda table: reduce(pc.and_, (holds(table) for holds in conditions)), near
    )
    rows = (row for part in parts for row in zip(*(part[name].to_pylist() for name in columns), strict=True))
    for document, own in groupby(rows, itemgetter(0)):
        printed: dict[tuple[str, str], list[_Fact]] = defaultdict(list)
        for _, dataset, column, *fact in own:
            if (dataset, column) in sources and fact[-1] is not None:
                printed[dataset, column].append(_Fact(*fact))
        yield document, printed


def _total(measure: Measure, fiscal_year: int | None, printed: _Printed) -> Decimal | None:
    """The first number that a source means."""
    for source in measure.sources:
        means = _means(source, fiscal_year)
        for fact in printed.get((source.dataset, source.column), ()):
            if means(fact):
                return fact.amount
    return None


def _means(source: MeasureSource, fiscal_year: int | None) -> Callable[[_Fact], bool]:
    if source.rows == "total":
        return lambda fact: fact.is_total
    if source.rows == "@fiscal_year":
        return lambda fact: fact.item == str(fiscal_year)
    wanted = source.pattern()
    return lambda fact: wanted.fullmatch(compared(fact.item or "")) is not None
