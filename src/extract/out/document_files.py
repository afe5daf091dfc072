"""The files of out/ that are one document's own, its workbook and its review page: their names, and which of them
go.
"""

import re
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from extract.model.report import STDIN
from extract.out.layout import CSV, Layout, bucket_file, whole_file
from extract.out.merge import Plan
from extract.out.state import FOLDERS

NAME_BYTES = 200  # of a document's name in the names of its files, of the 255 that file systems allow
_TO_CSV = re.compile(rb'href="\.\./csv/(?P<name>\w+)(?:/bucket=[0-9a-f]{2})?\.csv"')  # as review pages say it
RUN_FILES = ("全部", "index")  # names of files there that stand for all documents


def file_names(documents: pa.Table) -> dict[str, str]:
    """The name of each document's own files, by document: its file's name, with the document's identifier where that is
    not its alone.
    """
    rows = documents.select(["document_id", "source"]).to_pylist()
    stems = {row["document_id"]: "stdin" if row["source"] == STDIN else Path(row["source"]).stem for row in rows}
    taken = Counter([*(stem.casefold() for stem in stems.values()), *RUN_FILES])
    short = {document: stem.encode("utf-8")[:NAME_BYTES].decode("utf-8", "ignore") for document, stem in stems.items()}
    alone = {document for document, stem in stems.items() if taken[stem.casefold()] == 1 and short[document] == stem}
    return {document: stem if document in alone else f"{stem}-{document[:8]}" for document, stem in short.items()}


def write_document_files(
    out: Path,
    staging: Path,
    planned: Plan,
    folders: Mapping[str, Sequence[str]],
    layout: Layout,
    before_in: Layout | None,
) -> set[str]:
    """The files of this run's documents, and those of kept ones whose name has changed, as another document has come by
    the same, or whose links to datasets lead elsewhere now.

    Returns the files of earlier runs that have no place any more, by their names in out/. `folders` are those in which
    earlier runs tell that a document has a file.
    """
    names, before = file_names(planned.documents), file_names(planned.before)
    buckets = planned.buckets() if layout is Layout.BUCKETS else {}
    moved = (layout is Layout.BUCKETS) is not (before_in is Layout.BUCKETS)
    for document, name in names.items():
        if document in planned.fresh:
            own = planned.fresh[document].files
        elif before[document] != name or moved:
            old = {folder: out / _path(folder, before[document]) for folder in FOLDERS}
            own = {folder: path.read_bytes() for folder, path in old.items() if path.exists()}
        else:
            continue
        for folder, content in own.items():
            links = folder == "review" and (moved or buckets)
            placed = _leading(content, buckets.get(document)) if links else content
            (staging / _path(folder, name)).write_bytes(placed)
    gone = (document for document, name in before.items() if document in planned.fresh or names.get(document) != name)
    return {path for document in gone for path in own_files(before[document], folders.get(document))}


def _leading(page: bytes, bucket: str | None) -> bytes:
    """A review page whose links lead to the CSV files of the bucket, or to the single ones."""

    def file(found: re.Match[bytes]) -> bytes:
        name = found["name"].decode()
        return f'href="../{whole_file(name, CSV) if bucket is None else bucket_file(name, bucket, CSV)}"'.encode()

    return _TO_CSV.sub(file, page)


def own_files(name: str, folders: Sequence[str] | None) -> list[str]:
    """The files of a document in these folders; every one that it may have where they are not known."""
    return [_path(folder, name) for folder in (FOLDERS if folders is None else folders)]


def review_pages(out: Path, staging: Path, names: Mapping[str, str], going: Container[str]) -> dict[str, str]:
    """The review pages that there will be, by document: those of this run and those that stay."""
    paths = {document: _path("review", name) for document, name in names.items()}
    here, new = _files_in(out / "review"), _files_in(staging / "review")
    return {
        document: Path(path).name
        for document, path in paths.items()
        if Path(path).name in new or (Path(path).name in here and path not in going)
    }


def _files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def _path(folder: str, name: str) -> str:
    return f"{folder}/{name}{FOLDERS[folder]}"
