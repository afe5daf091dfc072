"""The Parquet files of out/, in whichever layout they stand.

Both are written and read a part at a time, so that memory does not grow with what out/ holds.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from extract.errors import OutputError
from extract.out.arrow import arrow_schema
from extract.out.layout import (
    FIRST,
    FOLDER,
    NO_YEAR,
    PART,
    YEAR,
    Layout,
    bucket_file,
    bucket_of,
    buckets,
    files_of,
    whole_file,
)
from extract.schemas.grammar import Schemas

if TYPE_CHECKING:
    from pyarrow.dataset import Dataset

# rows at least, but for the last: fewer make DuckDB and Spark slow, more take memory, as all datasets are written at
# once
ROW_GROUP = 61_440
AT_ONCE = 8192  # rows read at a time

Columns = Sequence[str] | None  # None stands for all
Condition = Callable[[pa.Table], Any]  # of a table's columns → for each row whether it is meant


def is_one_of(column: str, values: Iterable[str | int]) -> Condition:
    """Whether a column holds one of the values.

    Costs what the distinct values of a table do, however many are looked for.
    """
    known = set(values)

    def condition(table: pa.Table) -> Any:
        here = [value for value in pc.unique(table[column]).to_pylist() if value in known]
        return pc.is_in(table[column], pa.array(here, table[column].type))

    return condition


def both(first: Condition, second: Condition) -> Condition:
    """Whether two conditions hold."""
    return lambda table: pc.and_(first(table), second(table))


def _every(table: pa.Table) -> Any:
    return pa.repeat(True, len(table))


def ordered(documents: pa.Table) -> pa.Table:
    """Documents in the order of all datasets: by agency, year and identifier, whatever the order of runs."""
    return documents.sort_by([(name, "ascending") for name in ("agency_name", YEAR, "document_id")])


# ---- writing ---------------------------------------------------------------------------------------------------------


class DatasetFile:
    """One file, written in row groups of the same size. The same rows make the same bytes, in whatever parts they
    come.
    """

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._schema = path, schema
        self._writer: pq.ParquetWriter | None = None
        self._waiting: list[pa.Table] = []
        self._rows = 0

    def write(self, table: pa.Table) -> None:
        if len(table):
            self._waiting.append(table)
            self._rows += len(table)
        while self._rows >= ROW_GROUP:
            self._flush(ROW_GROUP)

    def close(self) -> None:
        try:
            if self._rows:
                self._flush(self._rows)
        finally:
            if self._writer:
                self._writer.close()
            else:
                self._path.write_bytes(_without_rows(self._schema))

    def _flush(self, rows: int) -> None:
        waiting = pa.concat_tables(self._waiting)
        table, rest = waiting.slice(0, rows).combine_chunks(), waiting.slice(rows)
        self._writer = self._writer or _writer(self._path, self._schema)
        self._writer.write_table(table, row_group_size=rows)
        self._waiting, self._rows = [rest] if len(rest) else [], len(rest)


def _writer(file: "Path | pa.NativeFile", schema: pa.Schema) -> pq.ParquetWriter:
    return pq.ParquetWriter(file, schema, compression="zstd")


@lru_cache(maxsize=256)
def _without_rows(schema: pa.Schema) -> bytes:
    """A file without rows, as most datasets of a document are."""
    file = pa.BufferOutputStream()
    _writer(file, schema).close()
    content: bytes = file.getvalue().to_pybytes()
    return content


def _is_without_rows(file: Path, schema: pa.Schema) -> bool:
    """Whether a file has no rows, told by its bytes, which takes less than opening it does."""
    content = _without_rows(schema)
    return file.stat().st_size == len(content) and file.read_bytes() == content


class DatasetFiles:
    """One file for every year, or for every bucket. A dataset without rows is one empty file: of the whole, or of the
    first bucket, which is always there.
    """

    def __init__(self, out: Path, name: str, schema: pa.Schema, layout: Layout) -> None:
        self._out, self._name, self._schema = out, name, schema
        self._split = _years if layout is Layout.YEARS else _buckets
        self._always = None if layout is Layout.YEARS else out / bucket_file(name, FIRST)
        self._files: dict[Path, DatasetFile] = {}

    def write(self, table: pa.Table) -> None:
        for path, part in self._split(self._out, self._name, table):
            if path not in self._files:
                self._files[path] = DatasetFile(path, part.schema)
            self._files[path].write(part)

    def close(self) -> None:
        for file in self._files.values():
            file.close()
        if not self._files or (self._always and self._always not in self._files):
            DatasetFile(self._always or self._out / whole_file(self._name), self._schema).close()


def _years(out: Path, name: str, table: pa.Table) -> Iterator[tuple[Path, pa.Table]]:
    for year in pc.unique(table[YEAR]).to_pylist():
        of_year = pc.equal(table[YEAR], year) if year else pc.is_null(table[YEAR])
        path = out / FOLDER / name / f"{YEAR}={year or NO_YEAR}" / PART
        yield path, table.filter(of_year).drop_columns([YEAR])


def _buckets(out: Path, name: str, table: pa.Table) -> Iterator[tuple[Path, pa.Table]]:
    rows = table.select(["agency_name", "document_id"]).group_by(["agency_name", "document_id"]).aggregate([])
    own: dict[str, list[str]] = {}
    for row in rows.to_pylist():
        own.setdefault(bucket_of(row["agency_name"], row["document_id"]), []).append(row["document_id"])
    for bucket, documents in own.items():
        yield out / bucket_file(name, bucket), table.filter(is_one_of("document_id", documents)(table))


def writer(out: Path, name: str, schema: pa.Schema, layout: Layout) -> DatasetFile | DatasetFiles:
    """What writes a dataset in this layout."""
    if layout is Layout.WHOLE:
        return DatasetFile(out / whole_file(name), schema)
    return DatasetFiles(out, name, schema, layout)


# ---- reading ---------------------------------------------------------------------------------------------------------


def opened(files: Sequence[Path]) -> "Dataset":
    """A dataset's files as one, in the columns of the first; each row gets its year from the folder that it stands
    in.
    """
    from pyarrow import dataset  # slow to import, and a run has no need of it

    own, year = pq.read_schema(files[0]), pa.field(YEAR, pa.int16())
    schema = own if YEAR in own.names else own.insert(1, year)
    years = dataset.partitioning(pa.schema([year]), flavor="hive")
    return dataset.dataset([str(file) for file in files], schema=schema, format="parquet", partitioning=years)


def tables_of(
    file: Path, schema: pa.Schema, wanted: Columns = None, agencies: Sequence[str] | None = None
) -> Iterator[pa.Table]:
    """The rows of one file in parts, in the declared columns or those of them that are wanted; with `agencies` only
    parts that may hold theirs.

    Raises OutputError if the file has other columns or is none of ours.
    """
    of_one_year = file.parent.name.startswith(f"{YEAR}=")
    declared = schema.remove(schema.get_field_index(YEAR)) if of_one_year else schema
    try:
        if _is_without_rows(file, declared):
            return
        with pq.ParquetFile(file) as stored:
            if not stored.schema_arrow.equals(declared):
                raise OutputError("output_other_columns", path=file)
            groups = range(stored.num_row_groups) if agencies is None else _groups(stored, agencies)
            names = wanted and [name for name in wanted if name in declared.names]
            threads = stored.metadata.num_rows > AT_ONCE  # for few rows they take longer to start than to read
            for batch in stored.iter_batches(AT_ONCE, groups, names, use_threads=threads):
                table = pa.Table.from_batches([batch])
                yield (_with_year(table, file, schema) if of_one_year else table).select(wanted or schema.names)
    except pa.ArrowException as error:
        raise OutputError("output_foreign", path=file, reason=str(error)) from error


def _groups(stored: pq.ParquetFile, agencies: Sequence[str]) -> list[int]:
    """The row groups that may hold rows of these agencies, as their statistics tell."""
    column = stored.schema_arrow.get_field_index("agency_name")
    told = (stored.metadata.row_group(number).column(column).statistics for number in range(stored.num_row_groups))
    return [
        number
        for number, one in enumerate(told)
        if one is None or not one.has_min_max or any(one.min <= agency <= one.max for agency in agencies)
    ]


def _with_year(table: pa.Table, file: Path, schema: pa.Schema) -> pa.Table:
    named = file.parent.name.removeprefix(f"{YEAR}=")
    if named != NO_YEAR and not named.isdecimal():
        raise OutputError("output_foreign", path=file, reason="its folder names no year")
    year = pa.scalar(None if named == NO_YEAR else int(named), schema.field(YEAR).type)
    return table.add_column(0, schema.field(YEAR), pa.repeat(year, len(table)))


def check_columns(out: Path, schemas: Schemas, only: Collection[str] | None = None) -> None:
    """Raises OutputError if a dataset that is there has not the declared columns; `only` names the buckets to be looked
    at.
    """
    for name, dataset in schemas.datasets.items():
        for file in files_of(out, name, only):
            next(tables_of(file, arrow_schema(dataset), agencies=()), None)


class Kept(NamedTuple):
    """A folder of which buckets are taken as they stand: all but those that are written anew."""

    out: Path
    anew: Collection[str]


class Stored:
    """The datasets of a folder in the columns that the schemas declare, with the buckets that stay in another; each
    must be there.
    """

    def __init__(self, out: Path, schemas: Schemas, kept: Kept | None = None) -> None:
        self.out = out
        self._kept = kept
        self._schemas = {name: arrow_schema(dataset) for name, dataset in schemas.datasets.items()}

    def _files(self, name: str, only: Collection[str] | None = None) -> list[Path]:
        own = files_of(self.out, name, only)
        if self._kept is None:
            return own
        stay = [bucket for bucket in buckets() if bucket not in self._kept.anew and (only is None or bucket in only)]
        return sorted([*own, *files_of(self._kept.out, name, stay)], key=lambda file: file.name)

    def count(self, name: str) -> int:
        """Rows of a dataset."""
        return sum(pq.read_metadata(file).num_rows for file in self._files(name))

    def parts(
        self, name: str, columns: Columns = None, where: Condition = _every, only: Collection[str] | None = None
    ) -> Iterator[pa.Table]:
        """The rows of a dataset of which a condition holds, in order, few of them in memory at a time; with `only`
        those of these buckets, if it stands in buckets.
        """
        for file in self._files(name, only):
            for table in tables_of(file, self._schemas[name], columns):
                yield table.filter(where(table))

    def table(
        self, name: str, columns: Columns = None, where: Condition = _every, only: Collection[str] | None = None
    ) -> pa.Table:
        """All these rows at once."""
        return self._together(name, columns, self.parts(name, columns, where, only))

    def documents(self, columns: Sequence[str]) -> pa.Table:
        """The documents, in order."""
        return ordered(self.table("documents", columns))

    def of_documents(
        self, name: str, documents: Iterable[str], agencies: Sequence[str], where: Condition = _every
    ) -> pa.Table:
        """The rows of these documents, all of these agencies, of which a condition holds.

        Files are in the order of agencies, so that only what may hold them is read.
        """
        wanted = both(is_one_of("document_id", documents), where)
        near = (
            table
            for file in self._files(name, {bucket_of(agency, "") for agency in agencies})
            for table in tables_of(file, self._schemas[name], None, agencies)
        )
        return self._together(name, None, (table.filter(wanted(table)) for table in near))

    def _together(self, name: str, columns: Columns, tables: Iterable[pa.Table]) -> pa.Table:
        empty = self._schemas[name].empty_table()
        return pa.concat_tables([empty.select(columns or empty.column_names), *tables])
