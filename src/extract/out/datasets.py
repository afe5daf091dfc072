"""The datasets of out/, written: what earlier runs have left and what comes new, together and in the layout that is
wanted.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from extract.out.arrow import arrow_schema
from extract.out.csv import CsvFile
from extract.out.headers import headings
from extract.out.layout import CSV, FIRST, Layout, bucket_file, whole_file
from extract.out.merge import Plan, in_order, merged
from extract.out.parquet import DatasetFile, DatasetFiles, Kept, Stored, writer
from extract.out.read_back import BetweenDocuments, Known, known_documents
from extract.schemas.grammar import Schemas

CHECKS = "checks"
TOGETHER, TOGETHER_CHECKED = 25, 100  # documents put together at once; reading others back costs less for many


class Form(NamedTuple):
    """How the datasets are written: in which layout, and how the columns of the CSV files are called."""

    layout: Layout
    headers: str


class Written(NamedTuple):
    """The buckets whose datasets were written anew, those whose checks were (one of no name stands for everything), and
    what is known of all documents.
    """

    anew: Collection[str | None]
    checked: Collection[str | None]
    known: Sequence[Known]


def write_datasets(
    earlier: Path,
    staging: Path,
    schemas: Schemas,
    planned: Plan,
    form: Form,
    anew: Collection[str] | None,
    known: Sequence[Known],
) -> Written:
    """Writes all datasets, or those of the buckets that are to be written anew, from `earlier`, which is in the same
    layout, and this run's documents. `known` is what was known of the documents before.

    All but the checks come first: those between documents are made of what is then there, also for other buckets that
    a document of this run belongs to.
    """
    others = [name for name in schemas.datasets if name != CHECKS]
    parts: Sequence[str | None] = [None] if anew is None else sorted(anew)
    for part in parts:
        with _opened(staging, schemas, others, form, part) as files:
            for _, tables in merged(earlier, schemas, planned, others, TOGETHER, part):
                for name, table in tables.items():
                    files[name].write(table)
    datasets = Stored(staging, schemas, Kept(earlier, anew) if anew is not None else None)
    own = known_documents(schemas, Stored(staging, schemas))
    there = {*planned.documents["document_id"].to_pylist()} - {one.document_id for one in own}
    now = [*own, *(one for one in known if one.document_id in there)]
    between = BetweenDocuments(schemas, datasets, now)
    checked: Sequence[str | None] = parts
    if anew is not None:
        buckets = planned.buckets()
        checked = sorted({*anew, *(buckets[document] for document in between.changed(known, planned.fresh))})
    for part in checked:
        with _opened(staging, schemas, [CHECKS], form, part) as files:
            for documents, tables in merged(earlier, schemas, planned, [CHECKS], TOGETHER_CHECKED, part):
                files[CHECKS].write(in_order(pa.concat_tables([tables[CHECKS], between.checks(documents)]), documents))
    return Written(parts, checked, now)


def convert(out: Path, target: Path, schemas: Schemas, documents: pa.Table, layout: Layout) -> None:
    """Writes the Parquet files of out/ in another layout; `documents` are all of them, in order."""
    for name, dataset in schemas.datasets.items():
        file = writer(target, name, arrow_schema(dataset), layout)
        try:
            for table in _rows(out, schemas, documents, name):
                file.write(table)
        finally:
            file.close()


def write_single(out: Path, target: Path, schemas: Schemas, documents: pa.Table, headers: str) -> None:
    """Writes what out/ holds as one Parquet and one CSV file a dataset."""
    for name in schemas.datasets:
        with _opened(target, schemas, [name], Form(Layout.WHOLE, headers), None) as files:
            for table in _rows(out, schemas, documents, name):
                files[name].write(table)


def _rows(out: Path, schemas: Schemas, documents: pa.Table, name: str) -> Iterator[pa.Table]:
    """All rows of one dataset in the order of documents: one after the other, so that few files are open at once."""
    planned = Plan(documents, documents, {})
    return (tables[name] for _, tables in merged(out, schemas, planned, [name], TOGETHER, between=True))


class _Files:
    """The files of one dataset, being written. Those of a bucket are made when there are rows, but for the first: it
    always has them.
    """

    def __init__(self, staging: Path, schemas: Schemas, name: str, form: Form, bucket: str | None) -> None:
        dataset = schemas.datasets[name]
        self._open: tuple[DatasetFile | DatasetFiles, CsvFile] | None = None
        self._staging, self._form, self._bucket, self._name = staging, form, bucket, name
        self._schema, self._headings = arrow_schema(dataset), headings(dataset, form.headers)
        if bucket in (None, FIRST):
            self._open = self._opened()

    def _opened(self) -> tuple[DatasetFile | DatasetFiles, CsvFile]:
        name, bucket = self._name, self._bucket
        csv = whole_file(name, CSV) if bucket is None else bucket_file(name, bucket, CSV)
        if bucket is None:
            parquet = writer(self._staging, name, self._schema, self._form.layout)
        else:
            parquet = DatasetFile(self._staging / bucket_file(name, bucket), self._schema)
        return parquet, CsvFile(self._staging / csv, self._schema, self._headings)

    def write(self, table: pa.Table) -> None:
        if not len(table):
            return
        self._open = self._open or self._opened()
        for file in self._open:
            file.write(table)

    def close(self) -> None:
        with ExitStack() as closing:
            for file in self._open or ():
                closing.callback(file.close)


@contextmanager
def _opened(
    staging: Path, schemas: Schemas, names: Iterable[str], form: Form, bucket: str | None
) -> Iterator[Mapping[str, _Files]]:
    with ExitStack() as opened:
        files = {name: _Files(staging, schemas, name, form, bucket) for name in names}
        for file in files.values():
            opened.callback(file.close)
        yield files
