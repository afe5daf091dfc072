"""Datasets of out/ → documents that can be held against each other: their rows with the facts behind them, and their statements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from extract.amounts import in_unit, last_half
from extract.between import KINDS, units_of
from extract.model import Box, Fact, Origin, Place, Row, Statement
from extract.schemas import Schemas

Whole = Mapping[str, pa.Table]


class Known(NamedTuple):
    """A document as other documents find it; see `between.Identified`."""

    document_id: str
    agency_name: str | None
    document_type: str | None
    fiscal_year: int | None
    units: Sequence[str]


class Stored(NamedTuple):
    """A document read back; see `between.Compared`. A column is taken for printed where it holds an amount."""

    document_id: str
    agency_name: str | None
    document_type: str | None
    fiscal_year: int | None
    units: Sequence[str]
    rows: Mapping[str, Sequence[Row]]
    columns: Mapping[str, frozenset[str]]
    statements: Sequence[Statement]


def known_documents(schemas: Schemas, whole: Whole) -> list[Known]:
    """Every document of out/ that says whose it is and for what year."""
    named = defaultdict(list)
    listing = schemas.conventions.document.unit_table
    dataset = schemas.datasets[listing]
    for row in whole[listing].select(["document_id", dataset.code, dataset.label]).to_pylist():
        named[row["document_id"]].append((row[dataset.code or ""], row[dataset.label or ""]))
    columns = ["document_id", "agency_name", "document_type", "fiscal_year", "organisation"]
    return [
        Known(
            row["document_id"],
            row["agency_name"],
            row["document_type"],
            row["fiscal_year"],
            units_of(schemas, row["organisation"], named[row["document_id"]]),
        )
        for row in whole["documents"].select(columns).to_pylist()
        if row["agency_name"] and row["fiscal_year"]
    ]


def stored(schemas: Schemas, whole: Whole, wanted: Iterable[Known]) -> dict[str, Stored]:
    """These documents as far as rules between documents read them."""
    documents = {known.document_id: known for known in wanted}
    ids = pa.array(list(documents), pa.string())
    places = [place for rule in schemas.rules if rule.kind in KINDS for place in (rule.left, rule.right, rule.earlier) if place]
    names = list(dict.fromkeys(place.dataset for place in places))
    facts = _facts(schemas, _of(whole["facts"], ids, names))
    rows: dict[str, dict[str, list[Row]]] = defaultdict(dict)
    for name in names:
        for row in _of(whole[name], ids).to_pylist():
            own = facts.get((row["document_id"], name, row["row"]), {})
            rows[row["document_id"]].setdefault(name, []).append(Row(row["row"], row["page"], row, own))
    statements = _statements(schemas, _of(whole["statements"], ids))
    return {
        document: Stored(*known, rows[document], {name: _printed(found) for name, found in rows[document].items()}, statements.get(document, ()))
        for document, known in documents.items()
    }


def checks_between(out: Path, schemas: Schemas, documents: Iterable[str]) -> list[dict[str, Any]]:
    """The rows of `checks` in out/ that hold one of these documents against another."""
    codes = pa.array([rule.code for rule in schemas.rules if rule.kind in KINDS], pa.string())
    wanted = pc.is_in(pc.field("rule"), codes) & pc.is_in(pc.field("document_id"), pa.array(documents, pa.string()))
    found: list[dict[str, Any]] = pq.read_table(out / "parquet" / "checks.parquet", filters=wanted).to_pylist()
    return found


def _of(table: pa.Table, documents: pa.Array, datasets: Sequence[str] | None = None) -> pa.Table:
    kept = pc.is_in(table["document_id"], documents)
    if datasets is not None:
        kept = pc.and_(kept, pc.is_in(table["dataset"], pa.array(datasets, pa.string())))
    return table.filter(kept)


def _printed(rows: Sequence[Row]) -> frozenset[str]:
    return frozenset(column for row in rows for column in row.facts)


def _facts(schemas: Schemas, table: pa.Table) -> dict[tuple[str, str, int], dict[str, Fact]]:
    """The facts of each row, by document, dataset and number."""
    found: dict[tuple[str, str, int], dict[str, Fact]] = defaultdict(dict)
    for row in table.to_pylist():
        origin = Origin(row["page"], Box(row["x0"], row["top"], row["x1"], row["bottom"]), row["printed"])
        half = _half(schemas, row["printed"], row["printed_unit"])
        named = (row["dataset"], row["row"], row["column"], row["item"], row["code"], row["is_total"], row["level"])
        found[row["document_id"], row["dataset"], row["row"]][row["column"]] = Fact(*named, row["amount"], half, row["printed_unit"], origin)
    return found


def _half(schemas: Schemas, printed: str, unit: str) -> Decimal:
    """Half a unit of the last printed digit, in 万元."""
    read = in_unit(printed, schemas.conventions.units[unit]) if unit in schemas.conventions.units else None
    return read.half if read else Decimal(0)


def _statements(schemas: Schemas, table: pa.Table) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = defaultdict(list)
    for row in table.to_pylist():
        found[row["document_id"]].append(_statement(schemas, row))
    return found


def _statement(schemas: Schemas, row: Mapping[str, Any]) -> Statement:
    worth = schemas.conventions.units.get(row["unit"] or "", Decimal(1))
    quantity = row["value"] if row["amount"] is None else (row["amount"] / worth).normalize()
    half = Decimal(0) if quantity is None else last_half(quantity, schemas.statements.decimals.get(row["unit"] or "", 0)) * worth
    origin = Place(row["page"], None, "")
    return Statement(row["row"], row["kind"], row["item"], row["amount"], row["value"], half, row["unit"], row["direction"], row["text"], origin)
