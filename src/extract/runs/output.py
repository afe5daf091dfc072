"""The folder out/: rows of earlier runs kept, and the datasets, workbooks and review pages of all documents written
anew together.
"""

import json
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from extract.document.summary import Summary
from extract.errors import FileMissingError, OutputError, reason
from extract.model.report import Outcome
from extract.out.arrow import arrow_schema
from extract.out.csv import CsvFile
from extract.out.datapackage import PACKAGE, headers_of, write_datapackage
from extract.out.document_files import file_names, own_files, review_pages, write_document_files
from extract.out.headers import headings
from extract.out.layout import files_of, files_of_years, is_by_year
from extract.out.merge import Plan, in_order, merged, plan
from extract.out.packed import PackedDocument, pack
from extract.out.parquet import DatasetFile, DatasetFiles, Stored, writer
from extract.out.read_back import BetweenDocuments
from extract.out.replace import GOING, finish, staged, writing
from extract.out.state import FOLDERS, STATE, read_state, write_state
from extract.schemas.grammar import Schemas

logger = logging.getLogger(__name__)
OVERVIEW = "review/index.html"
RUN_WORKBOOK = "xlsx/全部.xlsx"
CHECKS = "checks"
TOGETHER, TOGETHER_CHECKED = 25, 100  # documents put together at once; reading others back costs less for many


class Form(NamedTuple):
    """How out/ is written: a Parquet file for every year, every dataset in the workbook of all documents, the headers
    of the CSV files.
    """

    by_year: bool
    full_workbook: bool
    headers: str


def write_outcomes(out: Path, schemas: Schemas, outcomes: Iterable[Outcome]) -> None:
    """Adds the outcomes to out/, as `write_packed` does."""
    write_packed(
        out, schemas, [PackedDocument(pack(outcome, schemas, None)) for outcome in outcomes], bool(is_by_year(out))
    )


def write_packed(
    out: Path,
    schemas: Schemas,
    pieces: Iterable[PackedDocument],
    by_year: bool,
    full_workbook: bool = False,
    headers: str | None = None,
) -> None:
    """Adds the documents to out/, in memory that does not grow with the rows of either.

    One already there is replaced, as is another content of the same source for the same agency and year. The checks
    between documents are made anew. `by_year` gives the Parquet files a file for every year; a full workbook of all
    documents has every dataset; `headers`, one of `HEADERS`, says how the columns of the CSV files are called, None
    leaves that as it is. Raises OutputError if out/ cannot be written or holds datasets of other columns; it is then
    unchanged. Raises FileMissingError if a file for people that stands for all documents could not be made; everything
    else is then written.
    """
    missing: dict[str, str] = {}
    with writing(out):
        finish(out)
        with staged(out) as staging:
            form = Form(by_year, full_workbook, headers or headers_of(out / PACKAGE))
            _write(out, staging, schemas, pieces, form, missing)
    if missing:
        name, why = next(iter(missing.items()))
        raise FileMissingError("missing_for_all", path=out / name, reason=why)


@contextmanager
def _optional(name: str, staging: Path, missing: dict[str, str]) -> Iterator[None]:
    """Whatever goes wrong with a file for people is noted in `missing`, and the datasets are written without the file.

    Raises OSError and MemoryError, which are not the file's fault.
    """
    try:
        yield
    except (OSError, MemoryError):
        raise
    except Exception as error:
        if error.args and isinstance(error.args[0], OSError):  # as XlsxWriter tells of a full disk
            raise error.args[0] from error
        logger.warning("no %s", name, exc_info=True)
        (staging / name).unlink(missing_ok=True)
        missing[name] = reason(error)


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


def _write(
    out: Path,
    staging: Path,
    schemas: Schemas,
    pieces: Iterable[PackedDocument],
    form: Form,
    missing: dict[str, str],
) -> None:
    for folder in FOLDERS:
        (staging / folder).mkdir()
    planned, told = plan(out, schemas, pieces), read_state(out)
    summaries = told | {document: piece.summary for document, piece in planned.fresh.items()}
    here = [summaries[document] for document in planned.documents["document_id"].to_pylist() if document in summaries]
    _write_datasets(out, staging, schemas, planned, form)
    write_datapackage(schemas, staging / PACKAGE, form.headers)
    datasets = Stored(staging, schemas)
    if len(planned.documents) > 1 and any("xlsx" in one["files"] for one in here):
        with _optional(RUN_WORKBOOK, staging, missing):
            from extract.workbook.run import write_run_workbook

            write_run_workbook(staging / RUN_WORKBOOK, schemas, datasets, form.full_workbook)
    going = write_document_files(out, staging, planned, told)
    going |= _run_files(told.values()) if told or not len(planned.before) else {RUN_WORKBOOK, OVERVIEW}
    going |= {
        str(file.relative_to(out))
        for name in schemas.datasets
        for file in (*files_of(out, name), *files_of_years(out, name))
    }
    names = file_names(planned.documents)
    if pages := review_pages(out, staging, names, going):
        with _optional(OVERVIEW, staging, missing):
            from extract.review.index import Ways, index_page

            books = {one["document_id"]: f"{names[one['document_id']]}.xlsx" for one in here if "xlsx" in one["files"]}
            whole = Path(RUN_WORKBOOK).name if (staging / RUN_WORKBOOK).exists() else None
            (staging / OVERVIEW).write_bytes(index_page(datasets, Ways(pages, books, whole), schemas))
    _check_foreign(staging, out, file_names(planned.before), told)
    write_state(staging / STATE, here)
    stale = sorted(name for name in going if not (staging / name).exists())
    (staging / GOING).write_text(json.dumps(stale), encoding="utf-8")


def _write_datasets(out: Path, staging: Path, schemas: Schemas, planned: Plan, form: Form) -> None:
    """All but the checks first: those between documents are made of what is then there."""
    others = [name for name in schemas.datasets if name != CHECKS]
    with _opened(staging, schemas, others, form) as files:
        for _, tables in merged(out, schemas, planned, others, TOGETHER):
            for name, table in tables.items():
                files[name].write(table)
    between = BetweenDocuments(schemas, Stored(staging, schemas))
    with _opened(staging, schemas, [CHECKS], form) as files:
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
def _opened(staging: Path, schemas: Schemas, names: Iterable[str], form: Form) -> Iterator[dict[str, _Files]]:
    with ExitStack() as opened:
        files = {}
        for name in names:
            dataset = schemas.datasets[name]
            schema, named = arrow_schema(dataset), headings(dataset, form.headers)
            parquet = writer(staging, name, schema, form.by_year)
            csv = CsvFile(staging / "csv" / f"{name}.csv", schema, named)
            opened.callback(parquet.close)
            opened.callback(csv.close)
            files[name] = _Files(parquet, csv)
        yield files


# ---- what is there for the next run ----------------------------------------------------------------------------------


def current_summaries(out: Path, schemas: Schemas) -> dict[str, Summary]:
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
    """The files for people that stand for all documents: a workbook where several have their own, an overview where any
    has a page.
    """
    folders = {folder for one in told for folder in one["files"]}
    return ({RUN_WORKBOOK} if "xlsx" in folders and len(told) > 1 else set()) | (
        {OVERVIEW} if "review" in folders else set()
    )
