"""The Parquet files of out/: each dataset one file or, if that is asked for, a folder with a file for every budget year (Hive's layout).

Both are written and read a part at a time, so that memory does not grow with what out/ holds.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as pa_dataset
import pyarrow.parquet as pq

from extract.errors import OutputError
from extract.schemas import Schemas
from extract.writers.tables import arrow_schema

FOLDER = "parquet"
YEAR = "fiscal_year"
NO_YEAR = "__HIVE_DEFAULT_PARTITION__"  # what DuckDB, Spark and Arrow read as null
ROW_GROUP = 122_880  # rows at least, but for the last: what DuckDB gives a thread at once, and some megabytes for Spark
AT_ONCE = 8192  # rows read at a time
_YEARS = pa_dataset.partitioning(pa.schema([pa.field(YEAR, pa.int16())]), flavor="hive")


def whole_file(name: str) -> str:
    """Where a dataset stands in out/ if it is one file."""
    return f"{FOLDER}/{name}.parquet"


def files_of(out: Path, name: str) -> list[Path]:
    """The files of a dataset: one, one a year, or none if it is not there."""
    whole = out / whole_file(name)
    return [whole] if whole.is_file() else sorted((out / FOLDER / name).glob(f"{YEAR}=*/*.parquet"))


def is_by_year(out: Path) -> bool | None:
    """Whether the datasets of out/ have a file for every year; None if there are no datasets."""
    files = files_of(out, "documents")
    return files != [out / whole_file("documents")] if files else None


def remove_empty_years(file: Path) -> None:
    """The folders that a file of one year has left empty."""
    if file.parent.name.startswith(f"{YEAR}="):
        for folder in (file.parent, file.parent.parent):
            with suppress(OSError):  # others stand in it
                folder.rmdir()


def opened(files: Sequence[Path], schema: pa.Schema | None = None) -> pa_dataset.Dataset:
    """A dataset's files as one; each row gets its year from the folder that it stands in. Without a schema the first file's columns are taken."""
    if schema is None:
        own = pq.read_schema(files[0])
        schema = own if YEAR in own.names else own.insert(1, _YEARS.schema.field(YEAR))
    return pa_dataset.dataset([str(file) for file in files], schema=schema, format="parquet", partitioning=_YEARS)


def ordered(documents: pa.Table) -> pa.Table:
    """Documents in the order of all datasets: by agency, year and identifier, whatever the order of runs."""
    return documents.sort_by([(name, "ascending") for name in ("agency_name", YEAR, "document_id")])


# ---- writing -----------------------------------------------------------------------------------------------------------------------


class DatasetFile:
    """One file, written in row groups. The same rows in the same parts make the same bytes."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")
        self._waiting: list[pa.Table] = []

    def write(self, table: pa.Table) -> None:
        self._waiting.append(table)
        if sum(map(len, self._waiting)) >= ROW_GROUP:
            self._flush()

    def close(self) -> None:
        try:
            self._flush()
        finally:
            self._writer.close()

    def _flush(self) -> None:
        if self._waiting:
            table = pa.concat_tables(self._waiting).combine_chunks()
            self._writer.write_table(table, row_group_size=max(len(table), 1))
            self._waiting = []


class DatasetFiles:
    """One file for every year; a dataset without rows is one empty file."""

    def __init__(self, out: Path, name: str, schema: pa.Schema) -> None:
        self._out, self._name, self._schema = out, name, schema
        self._rest = schema.remove(schema.get_field_index(YEAR))
        self._files: dict[int | None, DatasetFile] = {}

    def write(self, table: pa.Table) -> None:
        for year in pc.unique(table[YEAR]).to_pylist():
            if year not in self._files:
                path = self._out / FOLDER / self._name / f"{YEAR}={year or NO_YEAR}" / "part-0.parquet"
                self._files[year] = DatasetFile(path, self._rest)
            of_year = pc.equal(table[YEAR], year) if year else pc.is_null(table[YEAR])
            self._files[year].write(table.filter(of_year).drop_columns([YEAR]))

    def close(self) -> None:
        for file in self._files.values():
            file.close()
        if not self._files:
            DatasetFile(self._out / whole_file(self._name), self._schema).close()


def writer(out: Path, name: str, schema: pa.Schema, by_year: bool) -> DatasetFile | DatasetFiles:
    return DatasetFiles(out, name, schema) if by_year else DatasetFile(out / whole_file(name), schema)


# ---- reading -----------------------------------------------------------------------------------------------------------------------


def tables_of(file: Path, schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows of one file in parts, in the declared columns. Raises OutputError if it has others or is none of ours."""
    declared = schema
    if file.parent.name.startswith(f"{YEAR}="):
        declared = schema.remove(schema.get_field_index(YEAR))
    try:
        with pq.ParquetFile(file) as stored:
            if not stored.schema_arrow.equals(declared):
                raise OutputError("output_foreign", path=file, reason="columns differ from the schemas")
            for batch in stored.iter_batches(AT_ONCE):
                yield _with_year(pa.Table.from_batches([batch], declared), file, schema)
    except pa.ArrowException as error:
        raise OutputError("output_foreign", path=file, reason=str(error)) from error


def _with_year(table: pa.Table, file: Path, schema: pa.Schema) -> pa.Table:
    if table.schema is schema or YEAR in table.column_names:
        return table
    named = file.parent.name.removeprefix(f"{YEAR}=")
    year = pa.scalar(None if named == NO_YEAR else int(named), schema.field(YEAR).type)
    return table.add_column(schema.get_field_index(YEAR), schema.field(YEAR), pa.repeat(year, len(table)))


class Stored:
    """The datasets of a folder in the columns that the schemas declare; each must be there."""

    def __init__(self, out: Path, schemas: Schemas) -> None:
        self.out = out
        self._schemas = {name: arrow_schema(dataset) for name, dataset in schemas.datasets.items()}

    def count(self, name: str) -> int:
        """Rows of a dataset."""
        return sum(pq.read_metadata(file).num_rows for file in files_of(self.out, name))

    def parts(self, name: str, columns: Sequence[str] | None = None, where: Any = None) -> Iterator[pa.Table]:
        """The rows of a dataset that an expression of pyarrow.dataset takes, in order, few of them in memory at a time."""
        batches = self._opened(name).to_batches(columns=columns, filter=where, batch_size=AT_ONCE, batch_readahead=2, fragment_readahead=1)
        return (pa.Table.from_batches([batch]) for batch in batches)

    def table(self, name: str, columns: Sequence[str] | None = None, where: Any = None) -> pa.Table:
        """All these rows at once."""
        return self._opened(name).to_table(columns=columns, filter=where)

    def documents(self, columns: Sequence[str]) -> pa.Table:
        """The documents, in order."""
        return ordered(self.table("documents", columns))

    def of_documents(self, name: str, documents: Iterable[str], agencies: Iterable[str]) -> pa.Table:
        """The rows of these documents, all of these agencies. Files are in the order of agencies, so that only what may hold them is read."""
        ids = pa.array(documents, pa.string())
        near = reduce(or_, (pc.field("agency_name") == agency for agency in agencies))
        found = (
            fragment.subset(near, schema=self._schemas[name]).to_table(schema=self._schemas[name], filter=pc.field("document_id").isin(ids))
            for fragment in self._opened(name).get_fragments()
        )
        return pa.concat_tables([self._schemas[name].empty_table(), *found])

    def _opened(self, name: str) -> pa_dataset.Dataset:
        return opened(files_of(self.out, name), self._schemas[name])
