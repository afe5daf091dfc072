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
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from extract.between import KINDS, check_between, relations
from extract.errors import OutputError
from extract.model import STDIN, Check, Outcome
from extract.schemas import Schemas
from extract.summary import Summary
from extract.writers.csv import write_csv
from extract.writers.datapackage import PACKAGE, dataset_titles, write_datapackage
from extract.writers.pieces import Piece, pack
from extract.writers.review.index import index_page
from extract.writers.state import STATE, read_state, write_state
from extract.writers.stored import known_documents, stored
from extract.writers.tables import arrow_schema, checks_table
from extract.writers.workbook.run import write_run_workbook

STAGING = ".extract-staging"
MARKER = "COMPLETE"
GOING = "GOING"  # the marker before all is there: the files of earlier runs that are to go, as JSON
DOCUMENT_FILES = {"xlsx": ".xlsx", "review": ".html"}  # folders with a file for each document
NAME_BYTES = 200  # of a document's name in the names of its files, of the 255 that file systems allow
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
RUN_FILES = ("全部", "index")  # names of files there that stand for all documents
OVERVIEW = "review/index.html"  # only where there is a page
RUN_WORKBOOK = "xlsx/全部.xlsx"  # only where there is more than one


def write_outcomes(out: Path, schemas: Schemas, outcomes: Iterable[Outcome]) -> dict[str, list[Check]]:
    """Adds the outcomes to out/, as `write_pieces` does."""
    return write_pieces(out, schemas, [Piece(pack(outcome, schemas, None)) for outcome in outcomes])


def write_pieces(out: Path, schemas: Schemas, pieces: Sequence[Piece]) -> dict[str, list[Check]]:
    """Adds the documents to out/. One already there is replaced, as is another content of the same source for the same agency and year.

    Returns the checks between documents, by the document that they are filed under.

    Raises OutputError if out/ cannot be written or holds datasets of other columns; it is then unchanged.
    """
    with writing(out):
        finish(out)
        with _staging(out) as staging:
            return _write(out, staging, schemas, pieces)


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
def alone(out: Path) -> Iterator[None]:
    """Keeps other runs out of out/ meanwhile, where the system has such locks. Raises OutputError if one is at work there."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    folder = os.open(out, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
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


def _check_foreign(staging: Path, out: Path, before: Mapping[str, str]) -> None:
    """Raises OutputError if a file for people would replace one that no earlier run has written there.

    Where somebody has deleted the datasets but not the state, it is not known any more which they were.
    """
    if not before and read_state(out):
        return
    ours = {name for stem in before.values() for name in _own_names(stem, None)}
    ours |= {RUN_WORKBOOK, OVERVIEW} if before else set()
    for folder in DOCUMENT_FILES:
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
            target.parent.mkdir(exist_ok=True)
            path.replace(target)
    for name in _going(staging / MARKER):
        (out / name).unlink(missing_ok=True)
    shutil.rmtree(staging)


def _going(marker: Path) -> list[str]:
    names: list[str] = json.loads(marker.read_bytes() or b"[]")
    return names


def _write(out: Path, staging: Path, schemas: Schemas, pieces: Sequence[Piece]) -> dict[str, list[Check]]:
    for folder in ("parquet", "csv", *DOCUMENT_FILES):
        (staging / folder).mkdir()
    latest = {piece.summary["document_id"]: piece for piece in pieces}
    whole = _whole(out, schemas, latest.values())
    between = _add_between(schemas, whole)
    for name, table in whole.items():
        pq.write_table(table, staging / "parquet" / f"{name}.parquet", compression="zstd")
        write_csv(table, staging / "csv" / f"{name}.csv")
    write_datapackage(schemas, staging / PACKAGE)
    if len(whole["documents"]) > 1:
        write_run_workbook(staging / RUN_WORKBOOK, schemas, whole)
    earlier = _earlier(out, schemas, "documents")
    _write_document_files(out, staging, earlier, whole["documents"], latest)
    if pages := _pages(out, staging, file_names(whole["documents"])):
        (staging / OVERVIEW).write_bytes(index_page(whole, pages, schemas))
    elif earlier is not None:
        (staging / GOING).write_text(json.dumps([*_going(staging / GOING), OVERVIEW]), encoding="utf-8")
    told = read_state(out) | {document: piece.summary for document, piece in latest.items()}
    _check_foreign(staging, out, {} if earlier is None else file_names(earlier))
    write_state(staging / STATE, [told[document] for document in whole["documents"]["document_id"].to_pylist() if document in told])
    return between


def _whole(out: Path, schemas: Schemas, pieces: Iterable[Piece]) -> dict[str, pa.Table]:
    """Every dataset with the rows of these pieces and of the documents that are kept."""
    fresh = _fresh(schemas, pieces)
    kept = _kept_documents(out, schemas, fresh["documents"])
    order = _order(pa.concat_tables([table for table in (kept, fresh["documents"]) if table is not None]))
    whole = {}
    for name, table in fresh.items():
        earlier = _earlier(out, schemas, name)
        if earlier is not None and kept is not None:
            table = pa.concat_tables([_only(earlier, kept["document_id"]), table])
        whole[name] = _in_order(table, order)
    return whole


def _fresh(schemas: Schemas, pieces: Iterable[Piece]) -> dict[str, pa.Table]:
    parts = {name: [arrow_schema(dataset).empty_table()] for name, dataset in schemas.datasets.items()}
    for piece in pieces:
        for name, table in piece.tables.items():
            parts[name].append(table)
    return {name: pa.concat_tables(some) for name, some in parts.items()}


def _add_between(schemas: Schemas, whole: dict[str, pa.Table]) -> dict[str, list[Check]]:
    """Makes the checks between documents anew, from what all of them say: each document's stand after its own."""
    codes = pa.array([rule.code for rule in schemas.rules if rule.kind in KINDS], pa.string())
    known = {document.document_id: document for document in known_documents(schemas, whole)}
    related = relations(schemas, list(known.values()))
    wanted = {name for one in related for name in (one.document, one.earlier, *one.units.values()) if name}
    found = check_between(schemas, related, stored(schemas, whole, [known[name] for name in known if name in wanted]))
    own = whole["checks"].filter(pc.invert(pc.is_in(whole["checks"]["rule"], codes)))
    order = {name: place for place, name in enumerate(whole["documents"]["document_id"].to_pylist())}
    whole["checks"] = _in_order(pa.concat_tables([own, checks_table(schemas, [(known[name], checks) for name, checks in found.items()])]), order)
    return found


# ---- what is there for the next run -----------------------------------------------------------------------------------------------


def held(out: Path, schemas: Schemas) -> dict[str, Summary]:
    """The summaries of the documents that need not be written again: nothing that belongs to them has been deleted."""
    datasets = (out / folder / f"{name}.{folder}" for folder in ("parquet", "csv") for name in schemas.datasets)
    documents = _earlier(out, schemas, "documents")
    told = read_state(out)
    if documents is None or not all(path.exists() for path in (*_run_files(out, told), *datasets)):
        return {}
    names = file_names(documents)
    return {document: one for document, one in told.items() if document in names and _has_files(out, names[document], one)}


def _run_files(out: Path, told: Mapping[str, Summary]) -> list[Path]:
    workbook = [RUN_WORKBOOK] if len(told) > 1 else []
    overview = [OVERVIEW] if any("review" in one["files"] for one in told.values()) else []
    return [out / name for name in (PACKAGE, *workbook, *overview)]


def _has_files(out: Path, name: str, told: Summary) -> bool:
    return all((out / folder / f"{name}{DOCUMENT_FILES[folder]}").exists() for folder in told["files"])


# ---- files of one document ---------------------------------------------------------------------------------------------------------


def file_names(documents: pa.Table) -> dict[str, str]:
    """The name of each document's own files, by document: its file's name, with the document's identifier where that is not its alone."""
    rows = documents.select(["document_id", "source"]).to_pylist()
    stems = {row["document_id"]: "stdin" if row["source"] == STDIN else Path(row["source"]).stem for row in rows}
    taken = Counter([*(stem.casefold() for stem in stems.values()), *RUN_FILES])
    short = {document: stem.encode("utf-8")[:NAME_BYTES].decode("utf-8", "ignore") for document, stem in stems.items()}
    alone = {document for document, stem in stems.items() if taken[stem.casefold()] == 1 and short[document] == stem}
    return {document: stem if document in alone else f"{stem}-{document[:8]}" for document, stem in short.items()}


def _write_document_files(out: Path, staging: Path, earlier: pa.Table | None, documents: pa.Table, latest: Mapping[str, Piece]) -> None:
    """The files of the documents of this run; those of kept documents move where another has come by the same name, and no stale one stays."""
    names, told = file_names(documents), read_state(out)
    before = {} if earlier is None else file_names(earlier)
    for folder, ending in DOCUMENT_FILES.items():
        for document, name in names.items():
            target, old = staging / folder / f"{name}{ending}", out / folder / f"{before.get(document)}{ending}"
            if document in latest:
                if folder in (files := latest[document].files):
                    target.write_bytes(files[folder])
            elif before.get(document) != name and old.exists():
                shutil.copyfile(old, target)
    gone = (document for document, name in before.items() if document in latest or names.get(document) != name)
    own = {name for document in gone for name in _own_names(before[document], told.get(document))}
    stale = sorted(name for name in {*own, *([RUN_WORKBOOK] if len(before) > 1 else [])} if not (staging / name).exists())
    (staging / GOING).write_text(json.dumps(stale), encoding="utf-8")


def _own_names(name: str, told: Summary | None) -> list[str]:
    """The files of a document, as its summary tells; every one that it may have where there is none."""
    folders = DOCUMENT_FILES if told is None else told["files"]
    return [f"{folder}/{name}{DOCUMENT_FILES[folder]}" for folder in folders]


def _pages(out: Path, staging: Path, names: Mapping[str, str]) -> dict[str, str]:
    """The review pages that there will be, by document: those of this run and those that stay."""
    going = _going(staging / GOING)
    named = {document: f"{name}{DOCUMENT_FILES['review']}" for document, name in names.items()}
    staying = {document for document, page in named.items() if (out / "review" / page).exists() and f"review/{page}" not in going}
    return {document: page for document, page in named.items() if document in staying or (staging / "review" / page).exists()}


# ---- rows of earlier runs ----------------------------------------------------------------------------------------------------------


def _earlier(out: Path, schemas: Schemas, name: str) -> pa.Table | None:
    path = out / "parquet" / f"{name}.parquet"
    if not path.exists():
        return None
    try:
        table = pq.read_table(path)
    except pa.ArrowException as error:
        raise OutputError("output_foreign", path=path, reason=str(error)) from error
    if not table.schema.equals(arrow_schema(schemas.datasets[name])):
        raise OutputError("output_foreign", path=path, reason="columns differ from the schemas")
    return table


def _kept_documents(out: Path, schemas: Schemas, fresh: pa.Table) -> pa.Table | None:
    """The documents of earlier runs that none of the fresh ones replaces."""
    earlier = _earlier(out, schemas, "documents")
    if earlier is None:
        return None
    keys = ["source", "agency_name", "fiscal_year"]
    same_content = set(fresh["document_id"].to_pylist())
    same_disclosure = {tuple(row.values()) for row in fresh.select(keys).to_pylist() if row["source"] != STDIN}
    keep = [
        row.pop("document_id") not in same_content and tuple(row.values()) not in same_disclosure
        for row in earlier.select(["document_id", *keys]).to_pylist()
    ]
    return earlier.filter(pa.array(keep, pa.bool_()))


def _only(table: pa.Table, documents: pa.ChunkedArray) -> pa.Table:
    return table.filter(pc.is_in(table["document_id"], documents))


def _order(documents: pa.Table) -> dict[str, int]:
    """The place of each document: by agency, year and identifier, whatever the order of runs."""
    ordered = documents.sort_by([("agency_name", "ascending"), ("fiscal_year", "ascending"), ("document_id", "ascending")])
    return {document: place for place, document in enumerate(ordered["document_id"].to_pylist())}


def _in_order(table: pa.Table, order: dict[str, int]) -> pa.Table:
    """The rows document by document; those of one document keep their order."""
    documents = pa.array(list(order), pa.string())
    place = pc.index_in(table["document_id"], documents)
    numbered = pa.table({"place": place, "row": pa.array(range(len(table)), pa.int64())})
    return table.take(pc.sort_indices(numbered, [("place", "ascending"), ("row", "ascending")])).combine_chunks()
