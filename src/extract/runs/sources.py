"""Which documents a run takes: files, folders and patterns, here or in a store, each content once."""

import glob
import hashlib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from extract.errors import InputError
from extract.model.report import STDIN
from extract.stores.client import documents, is_url
from extract.text import printable


class Source(NamedTuple):
    """A document by name; its sha256, None if the file cannot be read; its content if it comes from standard input."""

    name: str
    sha256: str | None
    content: bytes | None = None


class Duplicate(NamedTuple):
    """A document that is not read, and the one of the same content that is."""

    source: str
    same_as: str

    def told(self) -> dict[str, str]:
        return {name: printable(path) for name, path in self._asdict().items()}


def find_sources(paths: Iterable[str]) -> dict[str, str | None]:
    """The PDF files meant by files, folders (searched through, names sorted), patterns and `-`, each once, in the order
    given.

    Files, folders and patterns may be URLs; such a document has its version as the store tells it, others have None.
    Raises InputError for what does not exist or cannot be reached, or if there is no PDF at all.
    """
    named = list(paths)
    found: dict[str, str | None] = {}
    for name in named:
        found.update(documents(name) if is_url(name) else dict.fromkeys(_files(name)))
    if not found:
        raise InputError("no_inputs", paths=", ".join(named))
    return found


def _files(name: str) -> Iterator[str]:
    for path in _matches(name):
        yield from _inside(path) if os.path.isdir(path) else [path]


def _matches(path: str) -> Sequence[str]:
    if path == STDIN or os.path.exists(path):
        return [path]
    matches = sorted(glob.glob(path, recursive=True)) if glob.has_magic(path) else []
    if not matches:
        raise InputError("input_missing", path=path)
    return matches


def _inside(folder: str) -> Iterator[str]:
    return (str(path) for path in sorted(Path(folder).rglob("*")) if path.suffix.lower() == ".pdf" and path.is_file())


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
        content = sys.stdin.buffer.read()
        return Source(name, hashlib.sha256(content).hexdigest(), content)
    try:
        with open(name, "rb") as stream:
            return Source(name, hashlib.file_digest(stream, "sha256").hexdigest())
    except OSError:  # told when it is read
        return Source(name, None)
