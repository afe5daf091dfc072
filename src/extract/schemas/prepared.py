"""Schemas that were read and checked before, kept in the user's cache by the content of their files."""

import io
import json
import pickle
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from extract import cache
from extract.schemas.source import Folder

if TYPE_CHECKING:
    from extract.schemas.grammar import Schemas

_ELSEWHERE = {("re", "_compile"), ("decimal", "Decimal")}  # what schemas are made of that is not declared here


class Listing(NamedTuple):
    """What is declared, without its content: places by name, Chinese and English title, datasets by name, number of
    columns, Chinese and English title, and the number of rules.
    """

    digest: str
    places: Sequence[tuple[str, str, str]]
    datasets: Sequence[tuple[str, int, str, str]]
    rules: int


def listing(over: Path | None = None) -> Listing:
    """What the built-in schemas, with those of `over` laid over them, declare. Raises SchemaError as `load` does."""
    name = _name(Folder.of(over), "listing")
    if name and (kept := cache.kept(name)):
        return Listing(**json.loads(kept))
    from extract.schemas.load import load

    schemas = load(over)
    made = Listing(
        schemas.digest,
        [(place.name, place.zh, place.en) for place in schemas.places],
        [(dataset.name, len(dataset.columns), dataset.zh, dataset.en) for dataset in schemas.datasets.values()],
        len(schemas.rules),
    )
    if name:
        cache.keep(name, json.dumps(made._asdict()).encode())
    return made


def kept(folder: Folder) -> "Schemas | None":
    """The schemas of a folder, if they were kept."""
    name = _name(folder, "schemas")
    content = cache.kept(name) if name else None
    return None if content is None else _unpickled(content)


@lru_cache(maxsize=4)
def _unpickled(content: bytes) -> "Schemas | None":
    """Once in a process: who reads document after document asks for the same schemas each time."""
    try:
        schemas: Schemas = _Unpickler(io.BytesIO(content)).load()
    except Exception:  # of an entry that another version of a library has made
        return None
    return schemas


def keep(folder: Folder, schemas: "Schemas") -> None:
    if name := _name(folder, "schemas"):
        cache.keep(name, pickle.dumps(schemas))


class _Unpickler(pickle.Unpickler):
    """Makes schemas and nothing else."""

    def find_class(self, module: str, name: str) -> object:
        if (module, name) in _ELSEWHERE or (module.startswith(f"{__package__}.") and name.isidentifier()):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


def _name(folder: Folder, what: str) -> str | None:
    """By the content of the files and of the modules that check them; None where a file cannot be read, which `load`
    tells.
    """
    try:
        code = [path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))]
        return cache.key(what.encode(), folder.digest().encode(), *code)
    except OSError:
        return None
