"""The folder out/: rows of earlier runs kept, and datasets, workbooks and review pages of all documents written anew,
or the datasets of those buckets that a run concerns.
"""

import json
import logging
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from extract.document.summary import Summary
from extract.errors import FileMissingError, OutputError, reason
from extract.out.buckets import (
    Before,
    buckets_anew,
    damaged,
    documents_files,
    holdings,
    manifest_of,
    old_datasets,
    old_states,
    write_package,
)
from extract.out.datapackage import PACKAGE, headers_of
from extract.out.datasets import Form, convert, write_datasets
from extract.out.document_files import file_names, own_files, review_pages, write_document_files
from extract.out.layout import (
    CSV,
    MANIFEST,
    Layout,
    files_of,
    layout_for,
    layout_of,
    whole_file,
)
from extract.out.manifest import read_manifest, write_manifest
from extract.out.merge import Plan, buckets_of, plan
from extract.out.packed import PackedDocument
from extract.out.parquet import Kept, Stored
from extract.out.read_back import Known
from extract.out.replace import GOING, finish, staged, writing
from extract.out.state import FOLDERS, read_state, state_file, write_state
from extract.schemas.grammar import Schemas

logger = logging.getLogger(__name__)
OVERVIEW = "review/index.html"
RUN_WORKBOOK = "xlsx/全部.xlsx"
EARLIER = "earlier"  # the folder in staging with what out/ holds, in another layout


class Wanted(NamedTuple):
    """How out/ is to be written: a Parquet file for every year, every dataset in the workbook of all documents, the
    headers of the CSV files.
    """

    by_year: bool
    full_workbook: bool
    headers: str


def write_packed(
    out: Path,
    schemas: Schemas,
    pieces: Iterable[PackedDocument],
    by_year: bool,
    full_workbook: bool = False,
    headers: str | None = None,
) -> None:
    """Adds the documents to out/, in memory that does not grow with the rows of either. More than `SINGLE` documents
    stand in buckets, of which only those are written that the documents concern.

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
            _write(
                out,
                staging,
                schemas,
                pieces,
                Wanted(by_year, full_workbook, headers or headers_of(out / PACKAGE)),
                missing,
            )
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


def _check_foreign(
    staging: Path, out: Path, before: Mapping[str, str], folders: Mapping[str, Sequence[str]], layout: Layout | None
) -> None:
    """Raises OutputError if a file for people would replace one that no earlier run has written there.

    Where somebody has deleted the datasets but not the state, it is not known any more which they were.
    """
    if folders and not before:
        return
    ours = {path for document, name in before.items() for path in own_files(name, folders.get(document))}
    ours |= _run_files(folders.values(), layout) if folders else {RUN_WORKBOOK, OVERVIEW} if before else set()
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
    wanted: Wanted,
    missing: dict[str, str],
) -> None:
    for folder in FOLDERS:
        (staging / folder).mkdir()
    before, there = holdings(out, schemas), layout_of(out)
    planned = plan(schemas, before.documents, pieces)
    form = Form(layout_for(len(planned.documents), wanted.by_year), wanted.headers)
    anew = buckets_anew(out, schemas, planned, before, form) if form.layout is Layout.BUCKETS else None
    earlier = out
    if there not in (None, form.layout) or (there is Layout.BUCKETS and before.manifest is None):
        earlier = staging / EARLIER
        convert(out, earlier, schemas, before.documents, form.layout)
    held = before.manifest.documents if before.manifest else ()
    written = write_datasets(earlier, staging, schemas, planned, form, anew, [Known(*one[:5]) for one in held])
    folders = {
        document: one for document, one in before.folders.items() if document not in planned.fresh
    } | _write_states(out, staging, planned, written.anew)
    datasets = Stored(staging, schemas, None if anew is None else Kept(earlier, anew))
    names = file_names(planned.documents)
    books = {document: f"{name}.xlsx" for document, name in names.items() if "xlsx" in folders.get(document, ())}
    if form.layout is not Layout.BUCKETS and len(names) > 1 and books:
        with _optional(RUN_WORKBOOK, staging, missing):
            from extract.workbook.run import write_run_workbook

            write_run_workbook(staging / RUN_WORKBOOK, schemas, datasets, wanted.full_workbook)
    going = write_document_files(out, staging, planned, before.folders, form.layout, there)
    known = before.folders or not len(before.documents)
    going |= _run_files(before.folders.values(), there) if known else {RUN_WORKBOOK, OVERVIEW}
    if pages := review_pages(out, staging, names, going):
        with _optional(OVERVIEW, staging, missing):
            from extract.review.index import Ways, index_page

            whole = Path(RUN_WORKBOOK).name if (staging / RUN_WORKBOOK).exists() else None
            (staging / OVERVIEW).write_bytes(
                index_page(datasets, Ways(pages, books, whole, form.layout is not Layout.BUCKETS), schemas)
            )
    _check_foreign(staging, out, file_names(before.documents), before.folders, there)
    shutil.rmtree(staging / EARLIER, ignore_errors=True)
    going |= old_datasets(out, schemas, written) | old_states(out, written)
    write_package(out, staging, schemas, form, going)
    if form.layout is Layout.BUCKETS:
        told = manifest_of(staging, schemas, planned, written, before, folders)
        write_manifest(staging / MANIFEST, told, schemas, documents_files(out, staging, told, written))
    going |= {MANIFEST} if (out / MANIFEST).is_file() else set()
    stale = sorted(name for name in going if not (staging / name).exists())
    (staging / GOING).write_text(json.dumps(stale), encoding="utf-8")


def _write_states(out: Path, staging: Path, planned: Plan, parts: Iterable[str | None]) -> dict[str, Sequence[str]]:
    """Writes what is told of the documents of these buckets, or of all; returns the folders in which those of this run
    have a file.
    """
    folders: dict[str, Sequence[str]] = {}
    whole = None if layout_of(out) is Layout.BUCKETS else read_state(out)
    for part in parts:
        told = read_state(out, [part] if part else None) if whole is None else whole
        own = planned.of_bucket(part)
        fresh = {document: planned.fresh[document].summary for document in own if document in planned.fresh}
        folders |= {document: one["files"] for document, one in fresh.items()}
        told = told | fresh
        if own or part is None:
            write_state(staging / state_file(part), (told[document] for document in own if document in told))
    return folders


# ---- what is there for the next run ----------------------------------------------------------------------------------


def current_summaries(out: Path, schemas: Schemas, wanted: Collection[str] | None = None) -> dict[str, Summary]:
    """The summaries of the documents that need not be written again, or of those of them that are wanted: nothing that
    belongs to them has been deleted.
    """
    before = holdings(out, schemas)
    if not _is_complete(out, schemas, before):
        return {}
    if before.manifest:
        buckets = buckets_of(before.documents)
        near = {bucket for document, bucket in buckets.items() if wanted is None or document in wanted}
        near -= damaged(out, schemas, before.manifest)
        told = read_state(out, near)
    else:
        told = read_state(out)
    names = file_names(before.documents)
    return {
        document: one
        for document, one in told.items()
        if document in names and all((out / path).exists() for path in own_files(names[document], one["files"]))
    }


def readable(out: Path, schemas: Schemas) -> dict[str, str]:
    """The documents of out/ that could be read, with their sources."""
    if manifest := read_manifest(out, schemas):
        return {one.document_id: one.source for one in manifest.documents if one.status != "unreadable"}
    rows = Stored(out, schemas).table("documents", ["document_id", "source", "status"]).to_pylist()
    return {row["document_id"]: row["source"] for row in rows if row["status"] != "unreadable"}


def _is_complete(out: Path, schemas: Schemas, before: Before) -> bool:
    """Whether the files that stand for all documents are there."""
    layout = layout_of(out)
    if layout is Layout.BUCKETS:
        tables = before.manifest is not None
    else:
        tables = all(files_of(out, name) and (out / whole_file(name, CSV)).exists() for name in schemas.datasets)
    return tables and all((out / name).exists() for name in (PACKAGE, *_run_files(before.folders.values(), layout)))


def _run_files(told: Collection[Sequence[str]], layout: Layout | None) -> set[str]:
    """The files for people that stand for all documents: a workbook where several have their own and they are not kept
    in buckets, an overview where any has a page.
    """
    folders = {folder for own in told for folder in own}
    several = len(told) > 1 and layout is not Layout.BUCKETS
    return ({RUN_WORKBOOK} if "xlsx" in folders and several else set()) | ({OVERVIEW} if "review" in folders else set())
