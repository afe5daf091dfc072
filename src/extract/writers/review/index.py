"""The overview of everything in out/: how its documents stand, what fails, and what agencies print over the years."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from markupsafe import Markup

from extract.amounts import written
from extract.model import VERDICTS
from extract.schemas import Schemas
from extract.writers.review import charts
from extract.writers.review.findings import anchor_of
from extract.writers.review.html import both, page

SHOWN_FINDINGS = 300
SHOWN_AGENCIES = 24
_COUNTS = [f"checks_{verdict}" for verdict in VERDICTS]


class Failure(NamedTuple):
    """A check that fails, and where its document's page speaks of it."""

    document: Mapping[str, Any]
    anchor: str
    title: Markup
    place: Markup
    amounts: tuple[str, ...]
    page: int | None


def index_page(tables: Mapping[str, pa.Table], pages: Mapping[str, str], schemas: Schemas) -> bytes:
    """The overview of these datasets; `pages` names the page of each document that has one."""
    documents = tables["documents"].drop_columns(["functions", "organisation"]).to_pylist()
    failing = pc.indices_nonzero(pc.equal(tables["checks"]["verdict"], "fail")).to_pylist()
    agencies = charts.agencies(documents)
    statuses = schemas.datasets["documents"].columns["status"].values
    return page(
        "index.html",
        documents=documents,
        pages=pages,
        statuses={status: Counter(row["status"] for row in documents)[status] for status in statuses},
        failures=list(_failures(documents, tables["checks"], failing[:SHOWN_FINDINGS], schemas)),
        more_failures=max(len(failing) - SHOWN_FINDINGS, 0),
        drawings=charts.drawings(agencies[:SHOWN_AGENCIES], tables, schemas),
        shown_agencies=SHOWN_AGENCIES,
        more_agencies=max(len(agencies) - SHOWN_AGENCIES, 0),
        size=(charts.WIDTH, charts.HEIGHT, charts.LABELS),
    )


def _failures(documents: Sequence[Mapping[str, Any]], checks: pa.Table, failing: Sequence[int], schemas: Schemas) -> Iterator[Failure]:
    """The failing checks at these rows. The checks stand document by document, so their place in the document is their row less its first."""
    starts = accumulate((sum(row[count] for count in _COUNTS) for row in documents), initial=0)
    first = {row["document_id"]: start for row, start in zip(documents, starts, strict=False)}
    by_id = {row["document_id"]: row for row in documents}
    rules = {rule.code: both(rule.zh, rule.en) for rule in schemas.rules}
    for at, check in zip(failing, checks.take(pa.array(failing, pa.int64())).to_pylist(), strict=True):
        dataset = schemas.datasets.get(check["dataset"])
        yield Failure(
            by_id[check["document_id"]],
            anchor_of(at - first[check["document_id"]] + 1),
            rules.get(check["rule"]) or Markup("{}").format(check["rule"]),
            both(dataset.zh, dataset.name.replace("_", " ")) if dataset else Markup(),
            tuple("–" if check[name] is None else written(check[name]) for name in ("stated", "computed", "difference")),
            check["page"],
        )
