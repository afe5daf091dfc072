"""Key totals of documents: the numbers that are compared over years."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from extract.schemas import Measure, Source
from extract.text import compared
from extract.writers.parquet import Stored


class _Fact(NamedTuple):
    """A printed amount that may be a key total."""

    item: str | None
    is_total: bool
    amount: Decimal


_Printed = Mapping[tuple[str, str, str], Sequence[_Fact]]  # by document, dataset and column, in printed order


def measure_totals(measures: Sequence[Measure], documents: Iterable[Mapping[str, Any]], datasets: Stored) -> dict[str, dict[str, Decimal]]:
    """By the code of each measure, the total of each document that prints one; `documents` are rows with `document_id` and `fiscal_year`."""
    rows = list(documents)
    printed = _printed(measures, datasets, [row["document_id"] for row in rows])
    return {measure.code: {row["document_id"]: total for row in rows if (total := _total(measure, row, printed)) is not None} for measure in measures}


def _printed(measures: Iterable[Measure], datasets: Stored, documents: Iterable[str]) -> _Printed:
    """The amounts of the datasets and columns that measures come from."""
    wanted = {(source.dataset, source.column) for measure in measures for source in measure.sources}
    here = pc.field("dataset").isin(sorted({dataset for dataset, _ in wanted})) & pc.field("column").isin(sorted({column for _, column in wanted}))
    of_documents = pc.field("document_id").isin(pa.array(documents, pa.string()))
    columns = ["document_id", "dataset", "column", "item", "is_total", "amount"]
    chosen = datasets.table("facts", columns, here & of_documents)
    found: dict[tuple[str, str, str], list[_Fact]] = defaultdict(list)
    for document, dataset, column, *fact in zip(*(chosen[name].to_pylist() for name in columns), strict=True):
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
