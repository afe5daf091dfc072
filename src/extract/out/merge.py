"""The documents of earlier runs and of this one as one: which stay, in which order, and their rows as a stream.

Both sides are in the same order, by agency, year and identifier, so they are merged a few documents at a time and
memory does not grow with them.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from extract.checks.between import codes_between
from extract.digest import is_identifier
from extract.errors import OutputError
from extract.model.report import STDIN
from extract.out.arrow import arrow_schema
from extract.out.layout import bucket_of, files_of
from extract.out.packed import PackedDocument
from extract.out.parquet import Condition, is_one_of, ordered, tables_of
from extract.schemas.grammar import Schemas

KEYS = ["document_id", "source", "agency_name", "fiscal_year"]


class Plan(NamedTuple):
    """The documents that out/ holds now and those that it will hold, each as the `KEYS`, and this run's by their
    pieces.
    """

    before: pa.Table
    documents: pa.Table
    fresh: Mapping[str, PackedDocument]

    def of_bucket(self, bucket: str | None) -> list[str]:
        """The documents that out/ will hold in a bucket, in order; all of them if none is named."""
        own = self.buckets()
        return [document for document in own if bucket is None or own[document] == bucket]

    def buckets(self) -> dict[str, str]:
        """The bucket of each document that out/ will hold, in their order."""
        return buckets_of(self.documents)


def buckets_of(documents: pa.Table) -> dict[str, str]:
    """The bucket of each of these documents, in their order."""
    names = zip(documents["document_id"].to_pylist(), documents["agency_name"].to_pylist(), strict=True)
    return {document: bucket_of(agency, document) for document, agency in names}


def documents_of(out: Path, schemas: Schemas, wanted: Sequence[str]) -> pa.Table:
    """These columns of the documents that the datasets of out/ hold, among them the `KEYS`.

    Raises OutputError if out/ holds datasets of other columns.
    """
    schema = arrow_schema(schemas.datasets["documents"])
    files = files_of(out, "documents")
    before = pa.concat_tables(
        [
            pa.schema([schema.field(name) for name in wanted]).empty_table(),
            *(table for file in files for table in tables_of(file, schema, wanted)),
        ]
    )
    if any(before[name].null_count for name in KEYS[:2]) or not all(
        map(is_identifier, before["document_id"].to_pylist())
    ):
        raise OutputError("output_foreign", path=out, reason="documents")
    return before


def keys_table(schemas: Schemas, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Documents that are told otherwise, as the `KEYS`."""
    schema = arrow_schema(schemas.datasets["documents"])
    return pa.Table.from_pylist(
        [{name: row[name] for name in KEYS} for row in rows], pa.schema([schema.field(name) for name in KEYS])
    )


def plan(schemas: Schemas, before: pa.Table, pieces: Iterable[PackedDocument]) -> Plan:
    """What becomes of the documents of out/, given as the `KEYS`. A document of this run takes the place of the same
    content, of another content of the same source for the same agency and year, and of one of the same source that
    tells neither.
    """
    fresh, keys = {}, {}
    for piece in pieces:
        summary = piece.summary
        fresh[summary["document_id"]] = piece
        keys[summary["document_id"]] = {name: summary[name] for name in KEYS}
    new = keys_table(schemas, list(keys.values()))
    return Plan(before, ordered(pa.concat_tables([_staying(before, new), new])), fresh)


def _staying(before: pa.Table, new: pa.Table) -> pa.Table:
    same_content = set(new["document_id"].to_pylist())
    disclosures = {key for key in _rows_of(new, KEYS[1:]) if key[0] != STDIN}
    disclosures |= {
        (source, None, None) for source, *_ in disclosures
    }  # one that could not be read gives way to any other content
    keep = [document not in same_content and tuple(key) not in disclosures for document, *key in _rows_of(before, KEYS)]
    return before.filter(pa.array(keep, pa.bool_()))


def _rows_of(table: pa.Table, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    return zip(*(table[name].to_pylist() for name in names), strict=True)


def merged(
    out: Path,
    schemas: Schemas,
    planned: Plan,
    names: Sequence[str],
    together: int,
    bucket: str | None = None,
    between: bool = False,
) -> Iterator[tuple[Sequence[str], dict[str, pa.Table]]]:
    """The rows of these datasets, of all documents or those of a bucket: `together` documents at a time, in order, and
    their rows of each.

    Checks between documents of earlier runs are left out unless `between` asks for them. Raises OutputError if what is
    in out/ is not in order, or if a bucket holds documents that are none of its own.
    """
    order = planned.of_bucket(bucket)
    kept = is_one_of("document_id", (document for document in order if document not in planned.fresh))
    files = {name: files_of(out, name, None if bucket is None else [bucket]) for name in names}
    known = None if bucket is None else {one for one, own in buckets_of(planned.before).items() if own == bucket}
    earlier = {name: [_Front(file, schemas, name, kept, between, known) for file in files[name]] for name in names}
    for documents in _in_parts(order, together):
        pieces = {document: planned.fresh[document] for document in documents if document in planned.fresh}
        fresh = [_own_tables(out, schemas, piece, document, names) for document, piece in pieces.items()]
        yield documents, {name: _rows(schemas, name, documents, fresh, earlier[name]) for name in names}
    for name in names:
        if any(front.take(pa.array(order, pa.string())) for front in earlier[name]):
            raise OutputError(
                "output_foreign", path=out, reason=f"{name}: rows are not in the order in which they were written"
            )


def _own_tables(
    out: Path, schemas: Schemas, piece: PackedDocument, document: str, names: Iterable[str]
) -> Mapping[str, pa.Table]:
    """The rows of a piece. Raises OutputError if it has other columns, or rows of another document."""
    tables = piece.tables(names)
    for name, table in tables.items():
        if not table.schema.equals(arrow_schema(schemas.datasets[name])):
            raise OutputError("output_other_columns", path=out)
        if set(table["document_id"].unique().to_pylist()) - {document}:
            raise OutputError("output_foreign", path=out, reason=f"{name}: rows of another document")
    return tables


def _in_parts(documents: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (documents[start : start + size] for start in range(0, len(documents), size))


def _rows(
    schemas: Schemas,
    name: str,
    documents: Sequence[str],
    fresh: Iterable[Mapping[str, pa.Table]],
    earlier: "Iterable[_Front]",
) -> pa.Table:
    wanted = pa.array(documents, pa.string())
    old = chain.from_iterable(front.take(wanted) for front in earlier)
    parts = [*old, *(tables[name] for tables in fresh if name in tables)]
    return in_order(pa.concat_tables(parts), documents) if parts else arrow_schema(schemas.datasets[name]).empty_table()


def in_order(table: pa.Table, documents: Sequence[str]) -> pa.Table:
    """The rows in the order of the documents; those of one document keep theirs."""
    place = pc.index_in(table["document_id"], pa.array(documents, pa.string()))
    numbered = pa.table({"place": place, "row": pa.array(range(len(table)), pa.int64())})
    return table.take(pc.sort_indices(numbered, [("place", "ascending"), ("row", "ascending")]))


class _Front:
    """What is left of a file of an earlier run, without the documents that go, taken from its front."""

    def __init__(
        self, file: Path, schemas: Schemas, name: str, kept: Condition, between: bool, known: Container[str] | None
    ) -> None:
        """`known` are the documents that the file may hold; None stands for any."""
        found = tables_of(file, arrow_schema(schemas.datasets[name]))
        self._tables = (table.filter(kept(table)) for table in (found if known is None else _of(known, file, found)))
        if name == "checks" and not between:
            self._tables = (own_checks(table, schemas) for table in self._tables)
        self._next: pa.Table | None = None

    def take(self, documents: pa.Array) -> list[pa.Table]:
        """The rows up to the first one of another document."""
        taken = []
        while (table := next(self._tables, None) if self._next is None else self._next) is not None:
            end = pc.index(pc.is_in(table["document_id"], documents), False).as_py()
            self._next = None if end < 0 else table.slice(end)
            if len(table) and end:
                taken.append(table if end < 0 else table.slice(0, end))
            if self._next is not None:
                break
        return taken


def _of(known: Container[str], file: Path, tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The tables. Raises OutputError for one with rows of other documents, which would be lost."""
    for table in tables:
        if not all(document in known for document in table["document_id"].unique().to_pylist()):
            raise OutputError("output_foreign", path=file, reason="rows of other documents")
        yield table


def own_checks(table: pa.Table, schemas: Schemas) -> pa.Table:
    """The checks that hold a document against itself."""
    return table.filter(pc.invert(is_one_of("rule", codes_between(schemas))(table)))
