"""The checks of out/ that fail, each with the way to where its document's page speaks of it."""

from collections.abc import Collection, Mapping, Sequence
from functools import reduce
from itertools import groupby
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from markupsafe import Markup

from extract.amounts import written
from extract.model.report import VERDICTS
from extract.out.layout import bucket_of
from extract.out.parquet import Condition, Stored, is_one_of
from extract.out.parquet import both as all_of
from extract.review.findings import anchor_of, place_of
from extract.review.html import both
from extract.schemas.grammar import Schemas

SHOWN_FINDINGS = 300
_Row = tuple[Any, ...]
_Key = tuple[Any, ...]
KEY = ("document_id", "rule", "dataset", "row", "column", "message")
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


def failures(
    documents: pa.Table, datasets: Stored, schemas: Schemas, wanted: Condition | None = None
) -> tuple[list[Failure], int]:
    """The first failing checks, and how many there are, of those for which a condition holds, if one is given."""
    failing = is_one_of("verdict", ["fail"])
    meant = all_of(failing, wanted) if wanted else failing
    read = None if wanted else ["verdict"]
    count = sum(len(part) for part in datasets.parts("checks", read, meant))
    shown: list[Mapping[str, Any]] = []
    for part in datasets.parts("checks", where=meant):
        shown += part.slice(0, SHOWN_FINDINGS - len(shown)).to_pylist()
        if len(shown) == min(count, SHOWN_FINDINGS):
            break
    ids = [check["document_id"] for check in shown]
    near = {bucket_of(check["agency_name"], check["document_id"]) for check in shown}
    by_id = {
        row["document_id"]: row
        for row in documents.filter(pc.is_in(documents["document_id"], pa.array(ids, pa.string()))).to_pylist()
    }
    broken = {check["rule"] for check in shown}
    rules = {rule.code: both(rule.zh, rule.en) for rule in schemas.rules if rule.code in broken}
    names, places = _row_names(shown, datasets, near), _places(ids, datasets, near)
    return [
        _failure(by_id[check["document_id"]], places[_key(check)], check, rules, names, schemas) for check in shown
    ], count


def _row_names(checks: Sequence[Mapping[str, Any]], datasets: Stored, near: Collection[str]) -> dict[_Row, str]:
    """What the row of each of these checks is called."""
    rows = {tuple(check[name] for name in ROW) for check in checks if check["row"] is not None}
    wanted = (is_one_of(name, {row[place] for row in rows}) for place, name in enumerate(ROW))
    facts = datasets.table("facts", [*ROW, "item"], reduce(all_of, wanted), near) if rows else None
    told = facts.group_by([*ROW, "item"]).aggregate([]).to_pylist() if facts is not None else []
    return {tuple(fact[name] for name in ROW): fact["item"] or "" for fact in told}


def _places(documents: Sequence[str], datasets: Stored, near: Collection[str]) -> dict[_Key, int]:
    """The place of each failing check of these documents among all checks of its document, from 1."""
    rows = datasets.table("checks", [*KEY, "verdict"], is_one_of("document_id", documents), near).to_pylist()
    found: dict[_Key, int] = {}
    for _, own in groupby(rows, lambda row: row["document_id"]):
        for place, row in enumerate(own, 1):
            if row["verdict"] == "fail":
                found.setdefault(_key(row), place)
    return found


def _key(check: Mapping[str, Any]) -> _Key:
    return tuple(check[name] for name in KEY)


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
