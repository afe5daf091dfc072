"""Which documents a run takes: files, folders and patterns, here or in a store, each content once."""

import glob
import hashlib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

from extract.errors import InputError
from extract.model.report import STDIN
from extract.stores.client import documents, is_url
from extract.text import printable

LARGEST = 1 << 30  # bytes of a document that comes through standard input
PART = 1 << 20


class Source(NamedTuple):
    """A document by name; its sha256, None if the file cannot be read; its content if it comes from standard input.

    `path` is where its file is, if that is not its name.
    """

    name: str
    sha256: str | None
    content: bytes | None = None
    path: str | None = None


class Duplicate(NamedTuple):
    """A document that is not read, and the one of the same content that is."""

    source: str
    same_as: str

    def told(self) -> dict[str, str]:
        return {name: printable(path) for name, path in self._asdict().items()}


class Found(NamedTuple):
    """The documents that a run is given, by name, those of a store with the version that it tells; and the folders that
    cannot be looked into, with the reason.
    """

    documents: dict[str, str | None]
    unreadable: dict[str, str]


def find_sources(paths: Iterable[str]) -> Found:
    """The PDF files meant by files, folders (searched through, names sorted), patterns and `-`, each once, in the order
    given.

    Files, folders and patterns may be URLs; such a document has its version as the store tells it, others have None.
    Raises InputError for what does not exist, cannot be reached or is no file, or if there is no PDF at all.
    """
    named = list(paths)
    found = Found({}, {})
    for name in named:
        found.documents.update(documents(name) if is_url(name) else dict.fromkeys(_files(name, found.unreadable)))
    if not found.documents and not found.unreadable:
        raise InputError("no_inputs", paths=", ".join(named))
    return found


def _files(name: str, unreadable: dict[str, str]) -> Iterator[str]:
    for path in _matches(name):
        if os.path.isdir(path):
            yield from _inside(path, unreadable)
        elif path == STDIN or os.path.isfile(path):
            yield path
        else:  # a pipe or a device, which may have no end
            raise InputError("input_no_file", path=path)


def _matches(path: str) -> Sequence[str]:
    if path == STDIN or os.path.exists(path):
        return [path]
    matches = sorted(glob.glob(path, recursive=True)) if glob.has_magic(path) else []
    if not matches:
        raise InputError("input_missing", path=path)
    return matches


def _inside(folder: str, unreadable: dict[str, str]) -> list[str]:
    """The PDF files of a folder and of those inside it; links to folders are not followed."""

    def refused(error: OSError) -> None:
        unreadable[str(error.filename)] = error.strerror or str(error)

    inside = (Path(where, name) for where, _, names in os.walk(folder, onerror=refused) for name in names)
    return [str(path) for path in sorted(inside) if path.suffix.lower() == ".pdf" and path.is_file()]


def identified(names: Iterable[str], digests: Mapping[str, str]) -> tuple[list[Source], list[Duplicate]]:
    """The sources by content.

    Of several with the same one the first is taken. `digests` has the sha256 of those in a store.
    """
    taken: dict[str, Source] = {}
    duplicates = []
    for name in names:
        source = Source(name, digests.get(name)) if is_url(name) else _source(name)
        first = taken.setdefault(source.sha256 or name, source)
        if first is not source:
            duplicates.append(Duplicate(name, first.name))
    return list(taken.values()), duplicates


def _source(name: str) -> Source:
    if name == STDIN:
        if sys.stdin is None:
            raise InputError("stdin_closed")
        content = sys.stdin.buffer.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise InputError("stdin_large", gigabytes=LARGEST >> 30)
        return Source(name, hashlib.sha256(content).hexdigest(), content)
    try:
        with open(name, "rb") as stream:
            return Source(name, _digest(stream))
    except OSError:  # told when it is read
        return Source(name, None)


def _digest(stream: IO[bytes]) -> str | None:
    """The sha256 of a file; None of one that grows meanwhile, which may have no end."""
    size, hashed = os.fstat(stream.fileno()).st_size, hashlib.sha256()
    while part := stream.read(PART):
        hashed.update(part)
        if stream.tell() > size:
            return None
    return hashed.hexdigest()
