"""Which buckets of out/ a run writes anew, which files of earlier runs have no place any more, and what the next run
has to know.
"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from extract.out.datapackage import PACKAGE, headers_of, write_datapackage
from extract.out.datasets import CHECKS, Form, Written
from extract.out.layout import CSV, FIRST, FOLDER, Layout, all_files, bucket_files, bucket_of
from extract.out.manifest import Held, Manifest, folders_of, read_manifest
from extract.out.merge import KEYS, Plan, buckets_of, documents_of, keys_table
from extract.out.parquet import ordered
from extract.out.state import read_state, state_file, state_files
from extract.schemas.grammar import Schemas


class Before(NamedTuple):
    """What out/ holds: its documents as the `KEYS`, the folders in which each is told to have a file of its own, and
    the manifest where the datasets stand in buckets and it fits them.
    """

    documents: pa.Table
    folders: Mapping[str, Sequence[str]]
    manifest: Manifest | None


def holdings(out: Path, schemas: Schemas) -> Before:
    """What out/ holds now. Raises OutputError if out/ holds datasets of other columns."""
    manifest = read_manifest(out, schemas)
    if manifest is None:
        told = read_state(out)
        folders = {document: one["files"] for document, one in told.items()}
        return Before(ordered(documents_of(out, schemas, KEYS)), folders, None)
    rows = [one._asdict() for one in manifest.documents]
    return Before(ordered(keys_table(schemas, rows)), folders_of(manifest.documents), manifest)


def buckets_anew(out: Path, schemas: Schemas, planned: Plan, before: Before, form: Form) -> set[str]:
    """The buckets that are written anew: those with a document that comes, goes or is replaced, and those of which
    something is missing; all of them where nothing tells what they hold, or where the form or the schemas are others.
    """
    earlier, now = buckets_of(before.documents), planned.buckets()
    manifest = before.manifest
    if manifest is None or manifest.schemas != schemas.digest or form.headers != headers_of(out / PACKAGE):
        return {FIRST, *earlier.values(), *now.values()}
    gone = {bucket for document, bucket in earlier.items() if document in planned.fresh or document not in now}
    return gone | {now[document] for document in planned.fresh} | damaged(out, schemas, manifest)


def damaged(out: Path, schemas: Schemas, manifest: Manifest) -> set[str]:
    """The buckets of which somebody has deleted files."""
    there = {
        (name, folder): bucket_files(out, name, folder).keys() for name in schemas.datasets for folder in (FOLDER, CSV)
    }
    return {
        bucket
        for bucket, names in manifest.datasets.items()
        for name in (schemas.datasets if bucket == FIRST else names)
        if any(bucket not in there.get((name, folder), ()) for folder in (FOLDER, CSV))
    }


def old_datasets(out: Path, schemas: Schemas, written: Written) -> set[str]:
    """The files of datasets that this run replaces or that have no place any more."""
    going = all_files(out, schemas.datasets)
    if None in written.anew:
        return going
    here = {bucket_of(one.agency_name, one.document_id) for one in written.known}
    stay = {
        file.relative_to(out).as_posix()
        for name in schemas.datasets
        for folder in (FOLDER, CSV)
        for bucket, file in bucket_files(out, name, folder).items()
        if bucket in {FIRST, *here} and bucket not in (written.checked if name == CHECKS else written.anew)
    }
    return going - stay


def old_states(out: Path, written: Written) -> set[str]:
    """The files of summaries that this run replaces or that have no place any more."""
    stay = {bucket_of(one.agency_name, one.document_id) for one in written.known} - {*written.anew}
    return {*state_files(out)} - ({*map(state_file, stay)} if None not in written.anew else set())


def write_package(out: Path, staging: Path, schemas: Schemas, form: Form, going: Collection[str]) -> None:
    """Describes the CSV files that there will be."""
    files = {}
    for name in schemas.datasets if form.layout is Layout.BUCKETS else ():
        there = {file.relative_to(out).as_posix() for file in bucket_files(out, name, CSV).values()} - {*going}
        new = {file.relative_to(staging).as_posix() for file in bucket_files(staging, name, CSV).values()}
        files[name] = sorted(there | new)
    write_datapackage(schemas, staging / PACKAGE, form.headers, files)


def manifest_of(
    staging: Path,
    schemas: Schemas,
    planned: Plan,
    written: Written,
    before: Before,
    folders: Mapping[str, Sequence[str]],
) -> Manifest:
    """What the next run has to know: of the buckets that were written anew from their datasets, of others as before."""
    earlier = before.manifest or Manifest("", (), {})
    buckets = planned.buckets()
    held = {one.document_id: one for one in earlier.documents}
    own = {row["document_id"]: row for row in documents_of(staging, schemas, [*KEYS, "status"]).to_pylist()}
    known = {one.document_id: one for one in written.known}
    documents = [
        Held(*known[document], own[document]["source"], own[document]["status"], folders.get(document))
        if document in own
        else held[document]
        for document in buckets
    ]
    staged = {name: bucket_files(staging, name).keys() for name in schemas.datasets}
    datasets = {}
    for bucket in sorted({FIRST, *buckets.values()}):
        written_now = {
            name for name in schemas.datasets if bucket in (written.checked if name == CHECKS else written.anew)
        }
        kept = {*earlier.datasets.get(bucket, ())} - written_now
        datasets[bucket] = sorted(kept | {name for name in written_now if bucket in staged[name]})
    return Manifest(schemas.digest, documents, datasets)


def documents_files(out: Path, staging: Path, manifest: Manifest, written: Written) -> dict[str, Path]:
    """The files of the dataset `documents` that there will be, by bucket."""
    stay = manifest.datasets.keys() - {*written.anew}
    kept = {bucket: file for bucket, file in bucket_files(out, "documents").items() if bucket in stay}
    return kept | bucket_files(staging, "documents")
