"""The overview of everything in out/: how its documents stand, what fails, and what agencies print over the years."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from extract.out.parquet import Stored
from extract.review import charts
from extract.review.failures import failures
from extract.review.html import page
from extract.schemas.grammar import Schemas

SHOWN_AGENCIES = 24
LISTED_DOCUMENTS = 5000
URGENCY = ("failed", "unreadable", "unrecognised", "unverified", "verified")
CHUNK = 4096  # documents made into Python values at a time


class Ways(NamedTuple):
    """Names of files that the overview leads to: the page and the workbook of each document that has one, and the
    workbook of all; and whether each dataset is a single file of CSV.
    """

    pages: Mapping[str, str]
    workbooks: Mapping[str, str]
    workbook: str | None
    single: bool


def index_page(datasets: Stored, ways: Ways, schemas: Schemas) -> bytes:
    """The overview of these datasets."""
    return page("index.html", **index_values(datasets, ways, schemas))


def index_values(datasets: Stored, ways: Ways, schemas: Schemas) -> dict[str, Any]:
    """What the overview shows.

    Documents that fail come first; of more documents than a browser lists well, the last are only counted.
    """
    documents = datasets.documents(columns(schemas))
    shown, failing = failures(documents, datasets, schemas)
    agencies = charts.agencies(_records(documents))
    listed = _listed(documents)
    statuses = Counter(documents["status"].to_pylist())
    return {
        "documents": listed.to_pylist(),
        "more_documents": len(documents) - len(listed),
        "ways": ways,
        "statuses": {status: statuses[status] for status in schemas.datasets["documents"].columns["status"].values},
        "failures": shown,
        "more_failures": failing - len(shown),
        "drawings": charts.drawings(agencies[:SHOWN_AGENCIES], datasets, schemas),
        "shown_agencies": SHOWN_AGENCIES,
        "more_agencies": max(len(agencies) - SHOWN_AGENCIES, 0),
        "size": (charts.WIDTH, charts.HEIGHT, charts.LABELS),
    }


def columns(schemas: Schemas) -> list[str]:
    """What the overview tells of a document."""
    return list(schemas.datasets["documents"].columns)


def _listed(documents: pa.Table) -> pa.Table:
    """What needs a person comes first, documents of one status in their order."""
    rank = pc.index_in(documents["status"], pa.array(URGENCY, pa.string()))
    return documents.take(pc.array_sort_indices(rank, order="ascending")[:LISTED_DOCUMENTS])


def _records(documents: pa.Table) -> Iterator[Mapping[str, Any]]:
    for batch in documents.to_batches(max_chunksize=CHUNK):
        yield from batch.to_pylist()
