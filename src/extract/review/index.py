"""The overview of everything in out/: how its documents stand, what fails, and what agencies print over the years."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import groupby
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from markupsafe import Markup

from extract.amounts import written
from extract.model.report import VERDICTS
from extract.out.parquet import Stored, is_one_of
from extract.out.parquet import both as all_of
from extract.review import charts
from extract.review.findings import anchor_of, place_of
from extract.review.html import both, page
from extract.schemas.grammar import Schemas

SHOWN_FINDINGS = 300
SHOWN_AGENCIES = 24
LISTED_DOCUMENTS = 5000
URGENCY = ("failed", "unreadable", "unrecognised", "unverified", "verified")
CHUNK = 4096  # documents made into Python values at a time
_Row = tuple[Any, ...]
ROW = ("document_id", "dataset", "row")
_COUNTS = [f"checks_{verdict}" for verdict in VERDICTS]


class Failure(NamedTuple):
    """A check that fails, and where its document's page speaks of it."""

    document: Mapping[str, Any]
    anchor: str
    title: Markup
    place: Markup
    amounts: tuple[str, ...]
    page: int | None
    decision: str | None


class Ways(NamedTuple):
    """Names of files that the overview leads to: the page and the workbook of each document that has one, and the
    workbook of all.
    """

    pages: Mapping[str, str]
    workbooks: Mapping[str, str]
    workbook: str | None


def index_page(datasets: Stored, ways: Ways, schemas: Schemas) -> bytes:
    """The overview of these datasets.

    Those that fail come first; of more documents than a browser lists well, the last are only counted.
    """
    documents = datasets.documents(_columns(schemas))
    failures, failing = _failures(documents, datasets, schemas)
    agencies = charts.agencies(_records(documents))
    listed = _listed(documents)
    statuses = Counter(documents["status"].to_pylist())
    return page(
        "index.html",
        documents=listed.to_pylist(),
        more_documents=len(documents) - len(listed),
        ways=ways,
        statuses={status: statuses[status] for status in schemas.datasets["documents"].columns["status"].values},
        failures=failures,
        more_failures=failing - len(failures),
        drawings=charts.drawings(agencies[:SHOWN_AGENCIES], datasets, schemas),
        shown_agencies=SHOWN_AGENCIES,
        more_agencies=max(len(agencies) - SHOWN_AGENCIES, 0),
        size=(charts.WIDTH, charts.HEIGHT, charts.LABELS),
    )


def _columns(schemas: Schemas) -> list[str]:
    """What the overview tells of a document: not its prose."""
    return [name for name in schemas.datasets["documents"].columns if name not in ("functions", "organisation")]


def _listed(documents: pa.Table) -> pa.Table:
    """What needs a person comes first, documents of one status in their order."""
    rank = pc.index_in(documents["status"], pa.array(URGENCY, pa.string()))
    return documents.take(pc.array_sort_indices(rank, order="ascending")[:LISTED_DOCUMENTS])


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
    names = _row_names(shown, datasets)
    return [
        _failure(by_id[check["document_id"]], place, check, rules, names, schemas)
        for check, place in zip(shown, _places(ids, datasets), strict=False)
    ], count


def _row_names(checks: Sequence[Mapping[str, Any]], datasets: Stored) -> dict[_Row, str]:
    """What the row of each of these checks is called."""
    rows = {tuple(check[name] for name in ROW) for check in checks if check["row"] is not None}
    wanted = (is_one_of(name, {row[place] for row in rows}) for place, name in enumerate(ROW))
    facts = datasets.table("facts", [*ROW, "item"], reduce(all_of, wanted)) if rows else None
    told = facts.group_by([*ROW, "item"]).aggregate([]).to_pylist() if facts is not None else []
    return {tuple(fact[name] for name in ROW): fact["item"] or "" for fact in told}


def _places(documents: Sequence[str], datasets: Stored) -> Iterator[int]:
    """The place of each failing check of these documents among all checks of its document, from 1."""
    rows = datasets.table("checks", ["document_id", "verdict"], is_one_of("document_id", documents)).to_pylist()
    for _, own in groupby(rows, lambda row: row["document_id"]):
        yield from (place for place, row in enumerate(own, 1) if row["verdict"] == "fail")


def _failure(
    document: Mapping[str, Any],
    place: int,
    check: Mapping[str, Any],
    rules: Mapping[str, Markup],
    names: Mapping[_Row, str],
    schemas: Schemas,
) -> Failure:
    dataset = schemas.datasets.get(check["dataset"])
    column = dataset.columns.get(check["column"]) if dataset else None
    heading = both(column.zh, check["column"]) if column else None
    name = names.get(tuple(check[one] for one in ROW), "")
    is_own = place <= sum(
        document[count] for count in _COUNTS
    )  # those that hold it against other documents come after them
    return Failure(
        document,
        anchor_of(place) if is_own else "",
        rules.get(check["rule"]) or Markup("{}").format(check["rule"]),
        place_of(dataset, name, heading) if dataset else Markup(),
        tuple("–" if check[name] is None else written(check[name]) for name in ("stated", "computed", "difference")),
        check["page"],
        check["decision"],
    )
