"""What a run has to know of all documents of out/ where they stand in buckets, in one file: so that a run reads and
writes no other buckets than those that it concerns. It is put in place last.

It is a copy of what the datasets say and is believed only as long as it fits them: without it, or where it does not
fit, the datasets are read.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from extract.digest import is_identifier
from extract.out.arrow import arrow_schema
from extract.out.layout import MANIFEST, Layout, bucket_files, bucket_of, buckets, layout_of
from extract.out.state import FOLDERS, is_list_of
from extract.schemas.grammar import Schemas


class Held(NamedTuple):
    """A document of out/: as `Known` in read_back, with its source, its status, and the folders of out/ that hold a
    file of its own; None if no run tells which.
    """

    document_id: str
    agency_name: str | None
    document_type: str | None
    fiscal_year: int | None
    units: Sequence[str]
    source: str
    status: str
    files: Sequence[str] | None


class Manifest(NamedTuple):
    """The documents, and the datasets that each bucket has rows of.

    `schemas` is the digest of those that the checks between documents were made with.
    """

    schemas: str
    documents: Sequence[Held]
    datasets: Mapping[str, Sequence[str]]


_KINDS: Mapping[str, Any] = {"agency_name": str | None, "document_type": str | None, "fiscal_year": int | None}


def columns_digest(schemas: Schemas) -> str:
    """What tells whether datasets have the columns that the schemas declare."""
    told = ((name, str(arrow_schema(dataset))) for name, dataset in schemas.datasets.items())
    return sha256(json.dumps([*told]).encode()).hexdigest()


def write_manifest(path: Path, manifest: Manifest, schemas: Schemas, files: Mapping[str, Path]) -> None:
    """Writes it as one line a document; `files` are those of the dataset `documents`, by bucket."""
    head = {
        "columns": columns_digest(schemas),
        "schemas": manifest.schemas,
        "digests": _digests(manifest.documents, files),
        "datasets": manifest.datasets,
    }
    path.write_text("".join(json.dumps(one) + "\n" for one in (head, *manifest.documents)), encoding="ascii")


def read_manifest(out: Path, schemas: Schemas) -> Manifest | None:
    """The manifest if out/ stands in buckets and it fits what they hold; None else."""
    if layout_of(out) is not Layout.BUCKETS:
        return None
    try:
        head, *rows = (json.loads(line) for line in (out / MANIFEST).read_bytes().splitlines())
        manifest = Manifest(head["schemas"], [Held(*row) for row in rows], head["datasets"])
        fits = head["columns"] == columns_digest(schemas) and _is_sound(manifest)
        return (
            manifest
            if fits and head["digests"] == _digests(manifest.documents, bucket_files(out, "documents"))
            else None
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _digests(documents: Sequence[Held], files: Mapping[str, Path]) -> dict[str, str]:
    """By bucket, what tells whether these are its documents as its file of `documents` has them."""
    told = {bucket: sha256(file.read_bytes()) for bucket, file in files.items()}
    for one in documents:
        told[bucket_of(one.agency_name, one.document_id)].update(json.dumps(one).encode())
    return {bucket: told[bucket].hexdigest() for bucket in sorted(told)}


def _is_sound(manifest: Manifest) -> bool:
    """Whether a manifest has the form of one that a run writes."""
    known = isinstance(manifest.schemas, str) and {*manifest.datasets} <= {*buckets()}
    listed = all(_is_names(names) for names in manifest.datasets.values())
    return known and listed and all(map(_is_held, manifest.documents))


def _is_held(one: Held) -> bool:
    named = is_identifier(one.document_id) and isinstance(one.source, str) and isinstance(one.status, str)
    typed = all(isinstance(getattr(one, name), kind) for name, kind in _KINDS.items())
    return named and typed and _is_names(one.units) and (one.files is None or is_list_of(one.files, FOLDERS))


def _is_names(names: Any) -> bool:
    return isinstance(names, list) and all(isinstance(name, str) for name in names)


def folders_of(documents: Collection[Held]) -> dict[str, Sequence[str]]:
    """The folders with a file of each document, of those of which it is known."""
    return {one.document_id: one.files for one in documents if one.files is not None}
