"""The overview of everything in out/: how its documents stand, what fails, and what agencies print over the years."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from markupsafe import Markup

from extract.amounts import written
from extract.model.report import VERDICTS
from extract.out.parquet import Stored, is_one_of
from extract.review import charts
from extract.review.findings import anchor_of
from extract.review.html import both, page
from extract.schemas.grammar import Schemas

SHOWN_FINDINGS = 300
SHOWN_AGENCIES = 24
LISTED_DOCUMENTS = 5000
CHUNK = 4096  # documents made into Python values at a time
_COUNTS = [f"checks_{verdict}" for verdict in VERDICTS]


class Failure(NamedTuple):
    """A check that fails, and where its document's page speaks of it."""

    document: Mapping[str, Any]
    anchor: str
    title: Markup
    place: Markup
    amounts: tuple[str, ...]
    page: int | None


def index_page(datasets: Stored, pages: Mapping[str, str], schemas: Schemas) -> bytes:
    """The overview of these datasets; `pages` names the page of each document that has one.

    Of more documents than a browser lists well, those that are not verified come first and the rest is only counted.
    """
    documents = datasets.documents(list(schemas.datasets["documents"].columns))
    failures, failing = _failures(documents, datasets, schemas)
    agencies = charts.agencies(_records(documents))
    listed = _listed(documents)
    statuses = Counter(documents["status"].to_pylist())
    return page(
        "index.html",
        documents=listed.to_pylist(),
        more_documents=len(documents) - len(listed),
        pages=pages,
        statuses={status: statuses[status] for status in schemas.datasets["documents"].columns["status"].values},
        failures=failures,
        more_failures=failing - len(failures),
        drawings=charts.drawings(agencies[:SHOWN_AGENCIES], datasets, schemas),
        shown_agencies=SHOWN_AGENCIES,
        more_agencies=max(len(agencies) - SHOWN_AGENCIES, 0),
        size=(charts.WIDTH, charts.HEIGHT, charts.LABELS),
    )


def _listed(documents: pa.Table) -> pa.Table:
    if len(documents) <= LISTED_DOCUMENTS:
        return documents
    verified = pc.equal(documents["status"], "verified")
    first = pa.concat_arrays([pc.indices_nonzero(pc.invert(verified)), pc.indices_nonzero(verified)])
    return documents.take(first[:LISTED_DOCUMENTS])


def _records(documents: pa.Table) -> Iterator[Mapping[str, Any]]:
    for batch in documents.to_batches(max_chunksize=CHUNK):
        yield from batch.to_pylist()


def _failures(documents: pa.Table, datasets: Stored, schemas: Schemas) -> tuple[list[Failure], int]:
    """The first failing checks, and how many there are."""
    shown: list[Mapping[str, Any]] = []
    count = 0
    for part in datasets.parts("checks", where=is_one_of("verdict", ["fail"])):
        count += len(part)
        shown += part.slice(0, SHOWN_FINDINGS - len(shown)).to_pylist()
    ids = [check["document_id"] for check in shown]
    by_id = {
        row["document_id"]: row
        for row in documents.filter(pc.is_in(documents["document_id"], pa.array(ids, pa.string()))).to_pylist()
    }
    rules = {rule.code: both(rule.zh, rule.en) for rule in schemas.rules}
    places = _places(ids, datasets)
    return [
        _failure(by_id[check["document_id"]], place, check, rules, schemas)
        for check, place in zip(shown, places, strict=False)
    ], count


def _places(documents: Sequence[str], datasets: Stored) -> Iterator[int]:
    """The place of each failing check of these documents among all checks of its document, from 1."""
    rows = datasets.table("checks", ["document_id", "verdict"], is_one_of("document_id", documents)).to_pylist()
    for _, own in groupby(rows, lambda row: row["document_id"]):
        yield from (place for place, row in enumerate(own, 1) if row["verdict"] == "fail")


def _failure(
    document: Mapping[str, Any], place: int, check: Mapping[str, Any], rules: Mapping[str, Markup], schemas: Schemas
) -> Failure:
    dataset = schemas.datasets.get(check["dataset"])
    is_own = place <= sum(
        document[count] for count in _COUNTS
    )  # those that hold it against other documents come after them
    return Failure(
        document,
        anchor_of(place) if is_own else "",
        rules.get(check["rule"]) or Markup("{}").format(check["rule"]),
        both(dataset.zh, dataset.name.replace("_", " ")) if dataset else Markup(),
        tuple("–" if check[name] is None else written(check[name]) for name in ("stated", "computed", "difference")),
        check["page"],
    )
