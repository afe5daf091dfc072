"""The folder out/: rows of earlier runs kept, everything replaced at once.

New files are written into a staging folder inside out/. When all are there, a marker is put beside them, and only then are they moved over the
old ones. A run that dies before the marker leaves out/ as it was; one that dies after it is finished by the next run. The marker names the
files of earlier runs that are to go.
"""

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from extract.errors import OutputError
from extract.model import Outcome
from extract.schemas import Schemas
from extract.summary import Summary
from extract.writers.csv import CsvFile
from extract.writers.datapackage import PACKAGE, dataset_titles, write_datapackage
from extract.writers.document_files import FOLDERS, file_names, own_files, review_pages, write_document_files
from extract.writers.merge import Plan, in_order, merged, plan
from extract.writers.parquet import DatasetFile, DatasetFiles, Stored, files_of, files_of_years, is_by_year, remove_empty_years, writer
from extract.writers.pieces import Piece, pack
from extract.writers.read_back import BetweenDocuments
from extract.writers.review.index import index_page
from extract.writers.state import STATE, read_state, write_state
from extract.writers.tables import arrow_schema
from extract.writers.workbook.run import write_run_workbook

STAGING = ".extract-staging"
MARKER = "COMPLETE"
GOING = "GOING"  # the marker before all is there: the files of earlier runs that are to go, as JSON
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
OVERVIEW = "review/index.html"
RUN_WORKBOOK = "xlsx/全部.xlsx"
CHECKS = "checks"
TOGETHER, TOGETHER_CHECKED = 25, 100  # documents put together at once; reading others back costs less for many


def write_outcomes(out: Path, schemas: Schemas, outcomes: Iterable[Outcome]) -> None:
    """Adds the outcomes to out/, as `write_pieces` does."""
    write_pieces(out, schemas, [Piece(pack(outcome, schemas, None)) for outcome in outcomes], bool(is_by_year(out)))


def write_pieces(out: Path, schemas: Schemas, pieces: Iterable[Piece], by_year: bool) -> None:
    """Adds the documents to out/, in memory that does not grow with the rows of either.

    One already there is replaced, as is another content of the same source for the same agency and year. The checks between documents are made
    anew. `by_year` gives the Parquet files a file for every year. Raises OutputError if out/ cannot be written or holds datasets of other
    columns; it is then unchanged.
    """
    with writing(out):
        finish(out)
        with _staging(out) as staging:
            _write(out, staging, schemas, pieces, by_year)


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """Raises OutputError for what the file system refuses."""
    try:
        yield
    except OSError as error:
        key = "disk_full" if error.errno in FULL else "output_unwritable"
        raise OutputError(key, path=out, reason=error.strerror or str(error)) from error


def check_writable(out: Path) -> None:
    """Raises OutputError, before any work is done, if out/ cannot be made or written."""
    taken = any((out / name).exists() for name in ("parquet", "csv", PACKAGE))
    if taken and dataset_titles(out / PACKAGE) is None and not (out / STAGING).exists():
        raise OutputError("output_foreign", path=out, reason=PACKAGE)
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass


@contextmanager
def alone(out: Path, wait: bool = False) -> Iterator[None]:
    """Keeps others out of out/ meanwhile, where the system has such locks. Raises OutputError if one is at work there, unless it is to wait."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    folder = os.open(out, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OutputError("output_busy", path=out) from error
        yield
    finally:
        os.close(folder)


def finish(out: Path) -> None:
    """Completes a replacement that an earlier run had decided on but not ended; drops one that it had not decided on."""
    staging = out / STAGING
    if is_half_replaced(out):
        _move(staging, out)
    elif staging.exists():
        shutil.rmtree(staging)


def is_half_replaced(out: Path) -> bool:
    """Whether a replacement is decided on but not ended, so that old and new files may stand side by side."""
    return (out / STAGING / MARKER).exists()


@contextmanager
def _staging(out: Path) -> Iterator[Path]:
    staging = out / STAGING
    staging.mkdir(parents=True)
    try:
        yield staging
        _check_targets(staging, out)
        for path in staging.rglob("*"):
            if path.is_file():
                _sync(path)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    (staging / GOING).rename(staging / MARKER)
    try:
        _move(staging, out)
    except KeyboardInterrupt:  # what was decided on is done
        _move(staging, out)
        raise


def _check_targets(staging: Path, out: Path) -> None:
    """Raises OutputError if a file stands where a folder of ours goes, or the other way round: before anything is moved."""
    for path in staging.rglob("*"):
        target = out / path.relative_to(staging)
        if target.exists() and target.is_dir() != path.is_dir():
            raise OutputError("output_foreign", path=target, reason="is a folder" if target.is_dir() else "is a file")


def _check_foreign(staging: Path, out: Path, before: Mapping[str, str], told: Mapping[str, Summary]) -> None:
    """Raises OutputError if a file for people would replace one that no earlier run has written there.

    Where somebody has deleted the datasets but not the state, it is not known any more which they were.
    """
    if told and not before:
        return
    ours = {path for document, name in before.items() for path in own_files(name, told.get(document))}
    ours |= _run_files(told.values()) if told else {RUN_WORKBOOK, OVERVIEW} if before else set()
    for folder in FOLDERS:
        for path in (staging / folder).iterdir():
            name = f"{folder}/{path.name}"
            if name not in ours and (out / name).exists():
                raise OutputError("output_foreign", path=out / name, reason="is a file of yours")


def _sync(path: Path) -> None:
    with path.open("r+b") as stream:
        os.fsync(stream.fileno())


def _move(staging: Path, out: Path) -> None:
    for path in sorted(staging.rglob("*")):
        if path.is_file() and path.name != MARKER:
            target = out / path.relative_to(staging)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
    going: list[str] = json.loads((staging / MARKER).read_bytes() or b"[]")
    for name in going:
        (out / name).unlink(missing_ok=True)
        remove_empty_years(out / name)
    shutil.rmtree(staging)


def _write(out: Path, staging: Path, schemas: Schemas, pieces: Iterable[Piece], by_year: bool) -> None:
    for folder in FOLDERS:
        (staging / folder).mkdir()
    planned, told = plan(out, schemas, pieces), read_state(out)
    summaries = told | {document: piece.summary for document, piece in planned.fresh.items()}
    here = [summaries[document] for document in planned.documents["document_id"].to_pylist() if document in summaries]
    _write_datasets(out, staging, schemas, planned, by_year)
    write_datapackage(schemas, staging / PACKAGE)
    datasets = Stored(staging, schemas)
    if len(planned.documents) > 1 and any("xlsx" in one["files"] for one in here):
        write_run_workbook(staging / RUN_WORKBOOK, schemas, datasets)
    going = write_document_files(out, staging, planned, told)
    going |= _run_files(told.values()) if told or not len(planned.before) else {RUN_WORKBOOK, OVERVIEW}
    going |= {str(file.relative_to(out)) for name in schemas.datasets for file in (*files_of(out, name), *files_of_years(out, name))}
    if pages := review_pages(out, staging, file_names(planned.documents), going):
        (staging / OVERVIEW).write_bytes(index_page(datasets, pages, schemas))
    _check_foreign(staging, out, file_names(planned.before), told)
    write_state(staging / STATE, here)
    stale = sorted(name for name in going if not (staging / name).exists())
    (staging / GOING).write_text(json.dumps(stale), encoding="utf-8")


def _write_datasets(out: Path, staging: Path, schemas: Schemas, planned: Plan, by_year: bool) -> None:
    """All but the checks first: those between documents are made of what is then there."""
    others = [name for name in schemas.datasets if name != CHECKS]
    with _opened(staging, schemas, others, by_year) as files:
        for _, tables in merged(out, schemas, planned, others, TOGETHER):
            for name, table in tables.items():
                files[name].write(table)
    between = BetweenDocuments(schemas, Stored(staging, schemas))
    with _opened(staging, schemas, [CHECKS], by_year) as files:
        for documents, tables in merged(out, schemas, planned, [CHECKS], TOGETHER_CHECKED):
            files[CHECKS].write(in_order(pa.concat_tables([tables[CHECKS], between.checks(documents)]), documents))


class _Files(NamedTuple):
    """The files of one dataset, being written."""

    parquet: DatasetFile | DatasetFiles
    csv: CsvFile

    def write(self, table: pa.Table) -> None:
        self.parquet.write(table)
        self.csv.write(table)


@contextmanager
def _opened(staging: Path, schemas: Schemas, names: Iterable[str], by_year: bool) -> Iterator[dict[str, _Files]]:
    with ExitStack() as opened:
        files = {}
        for name in names:
            schema = arrow_schema(schemas.datasets[name])
            parquet, csv = writer(staging, name, schema, by_year), CsvFile(staging / "csv" / f"{name}.csv", schema)
            opened.callback(parquet.close)
            opened.callback(csv.close)
            files[name] = _Files(parquet, csv)
        yield files


# ---- what is there for the next run -----------------------------------------------------------------------------------------------


def held(out: Path, schemas: Schemas) -> dict[str, Summary]:
    """The summaries of the documents that need not be written again: nothing that belongs to them has been deleted."""
    told = read_state(out)
    tables = all(files_of(out, name) and (out / "csv" / f"{name}.csv").exists() for name in schemas.datasets)
    if not tables or not all((out / name).exists() for name in (PACKAGE, *_run_files(told.values()))):
        return {}
    names = file_names(plan(out, schemas, ()).documents)
    return {
        document: one
        for document, one in told.items()
        if document in names and all((out / path).exists() for path in own_files(names[document], one))
    }


def _run_files(told: Collection[Summary]) -> set[str]:
    """The files for people that stand for all documents: a workbook where several have their own, an overview where any has a page."""
    folders = {folder for one in told for folder in one["files"]}
    return ({RUN_WORKBOOK} if "xlsx" in folders and len(told) > 1 else set()) | ({OVERVIEW} if "review" in folders else set())
