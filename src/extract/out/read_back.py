"""Datasets of out/ → documents that can be held against each other: their rows with the facts behind them, and their
statements.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from extract.amounts import in_unit, last_half
from extract.checks.between import KINDS, Relation, check_between, codes_between, relations, units_of
from extract.model.page import Box
from extract.model.report import Fact, Origin, Row, Spot, Statement
from extract.out.arrow import checks_table
from extract.out.layout import bucket_of
from extract.out.parquet import Condition, Stored, both, is_one_of
from extract.schemas.grammar import Schemas


class Known(NamedTuple):
    """A document as other documents find it; see `between.Identified`."""

    document_id: str
    agency_name: str | None
    document_type: str | None
    fiscal_year: int | None
    units: Sequence[str]


class ReadBack(NamedTuple):
    """A document read back; see `between.Compared`. A column is taken for printed where it holds an amount."""

    document_id: str
    agency_name: str | None
    document_type: str | None
    fiscal_year: int | None
    units: Sequence[str]
    rows: Mapping[str, Sequence[Row]]
    columns: Mapping[str, frozenset[str]]
    statements: Sequence[Statement]


def known_documents(schemas: Schemas, datasets: Stored) -> list[Known]:
    """Every document of these datasets."""
    named = defaultdict(list)
    listing = schemas.conventions.document.unit_table
    dataset = schemas.datasets[listing]
    for row in datasets.table(listing, ["document_id", dataset.code or "", dataset.label or ""]).to_pylist():
        named[row["document_id"]].append((row[dataset.code or ""], row[dataset.label or ""]))
    organised = datasets.parts("descriptions", ["document_id", "topic", "text"], is_one_of("topic", ["organisation"]))
    units = {
        row["document_id"]: units_of(schemas, row["text"], named[row["document_id"]])
        for table in organised
        for row in table.to_pylist()
    }
    columns = ["document_id", "agency_name", "document_type", "fiscal_year"]
    return [
        Known(
            row["document_id"],
            row["agency_name"],
            row["document_type"],
            row["fiscal_year"],
            units.get(row["document_id"]) or units_of(schemas, None, named[row["document_id"]]),
        )
        for table in datasets.parts("documents", columns)
        for row in table.to_pylist()
    ]


def _read_back(schemas: Schemas, datasets: Stored, wanted: Iterable[Known]) -> dict[str, ReadBack]:
    """These documents as far as rules between documents read them."""
    documents = {known.document_id: known for known in wanted}
    agencies = sorted({known.agency_name for known in documents.values() if known.agency_name})
    if not agencies:
        return {}

    def rows_of(name: str, *where: Condition) -> pa.Table:
        return datasets.of_documents(name, documents, agencies, *where)

    rules = [rule for rule in schemas.rules if rule.kind in KINDS]
    places = [place for rule in rules for place in rule.places()]
    names = list(dict.fromkeys(place.dataset for place in places))
    read = both(is_one_of("dataset", names), is_one_of("column", {place.column for place in places}))
    facts = _facts(schemas, rows_of("facts", read))
    rows: dict[str, dict[str, list[Row]]] = defaultdict(dict)
    for name in names:
        for row in rows_of(name).to_pylist():
            own = facts.get((row["document_id"], name, row["row"]), {})
            rows[row["document_id"]].setdefault(name, []).append(
                Row(row["row"], row["page"], row, own, None, row["is_total"])
            )
    statements = _statements(
        schemas, rows_of("statements", is_one_of("kind", [kind for rule in rules for kind in rule.statements()]))
    )
    return {
        document: ReadBack(
            *known,
            rows[document],
            {name: _printed(found) for name, found in rows[document].items()},
            statements.get(document, ()),
        )
        for document, known in documents.items()
    }


class BetweenDocuments:
    """The checks that hold documents of `datasets` against each other, made anew from what all of them say. `known` are
    those documents.
    """

    def __init__(self, schemas: Schemas, datasets: Stored, known: Iterable[Known]) -> None:
        self._schemas, self._datasets = schemas, datasets
        self._known = {one.document_id: one for one in known}
        self._related = related(schemas, self._known.values())

    def changed(self, before: Iterable[Known], fresh: Container[str]) -> list[str]:
        """The documents that belong to others than before, or to a fresh one."""
        earlier = related(self._schemas, before)
        return [
            document
            for document in self._known
            if self._related.get(document) != earlier.get(document)
            or any(name in fresh for name in _members(self._related.get(document)))
        ]

    def checks(self, documents: Iterable[str]) -> pa.Table:
        """Those that are filed under these documents, as rows of `checks`."""
        related = [self._related[document] for document in documents if document in self._related]
        wanted = {name: None for one in related for name in (one.document, *_members(one))}
        found = check_between(
            self._schemas, related, _read_back(self._schemas, self._datasets, map(self._known.__getitem__, wanted))
        )
        return checks_table(self._schemas, [(self._known[document], checks) for document, checks in found.items()])


def related(schemas: Schemas, known: Iterable[Known]) -> dict[str, Relation]:
    """What belongs to each document that others belong to."""
    return {one.document: one for one in relations(schemas, list(known))}


def _members(relation: Relation | None) -> list[str]:
    return [name for name in (relation.earlier, relation.budget, *relation.units.values()) if name] if relation else []


def checks_between(out: Path, schemas: Schemas, documents: Mapping[str, str | None]) -> list[dict[str, Any]]:
    """The rows of `checks` in out/ that hold one of these documents, given with their agencies, against another."""
    wanted = both(is_one_of("rule", codes_between(schemas)), is_one_of("document_id", documents))
    near = {bucket_of(agency, document) for document, agency in documents.items()}
    found: list[dict[str, Any]] = Stored(out, schemas).table("checks", where=wanted, only=near).to_pylist()
    return found


def _printed(rows: Sequence[Row]) -> frozenset[str]:
    return frozenset(column for row in rows for column in row.facts)


def _facts(schemas: Schemas, table: pa.Table) -> dict[tuple[str, str, int], dict[str, Fact]]:
    """The facts of each row, by document, dataset and number."""
    found: dict[tuple[str, str, int], dict[str, Fact]] = defaultdict(dict)
    for row in table.to_pylist():
        origin = Origin(row["page"], Box(row["x0"], row["top"], row["x1"], row["bottom"]), row["printed"])
        half = _half(schemas, row["printed"], row["printed_unit"])
        named = (row["dataset"], row["row"], row["column"], row["item"], row["code"], row["is_total"], row["level"])
        found[row["document_id"], row["dataset"], row["row"]][row["column"]] = Fact(
            *named, row["amount"], half, row["printed_unit"], origin, row["corrected"]
        )
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
    half = (
        Decimal(0)
        if quantity is None
        else last_half(quantity, schemas.statements.decimals.get(row["unit"] or "", 0)) * worth
    )
    origin = Spot(row["page"], None, "")
    return Statement(
        row["row"],
        row["kind"],
        row["item"],
        row["amount"],
        row["value"],
        half,
        row["unit"],
        row["direction"],
        row["text"],
        origin,
    )
