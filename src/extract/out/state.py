"""What out/ holds, for the next run: one line of JSON a document, its summary with what read it. Documents in buckets
have a file for each bucket.
"""

import json
from collections.abc import Collection, Container, Iterable, Iterator
from pathlib import Path

from extract.document.summary import Summary, is_summary
from extract.out.layout import buckets

STATE = ".extract-state.jsonl"
STATES = ".extract-state"  # the folder with those of buckets
FOLDERS = {"xlsx": ".xlsx", "review": ".html"}  # with a file for each document, and how its name ends


def state_file(bucket: str | None) -> str:
    """Where the summaries of a bucket stand in out/, or those of all documents."""
    return STATE if bucket is None else f"{STATES}/bucket={bucket}.jsonl"


def state_files(out: Path) -> list[str]:
    """Those that there are."""
    return [name for name in map(state_file, (None, *buckets())) if (out / name).is_file()]


def read_state(out: Path, only: Collection[str] | None = None) -> dict[str, Summary]:
    """The summaries by document; with `only` no others of several buckets. A file that is not there or not whole tells
    none.
    """
    if (out / STATE).is_file():
        return dict(_read(out / STATE))
    files = (out / state_file(bucket) for bucket in (buckets() if only is None else sorted(only)))
    return {document: one for file in files if file.is_file() for document, one in _read(file)}


def _read(file: Path) -> Iterator[tuple[str, Summary]]:
    try:
        told = [json.loads(line) for line in file.read_bytes().splitlines()]
    except (OSError, ValueError, RecursionError):
        return
    if all(map(is_told, told)):
        yield from ((one["document_id"], one) for one in told)


def is_told(one: object) -> bool:
    """Whether this is what a run tells of a document and of the files that are its own."""
    if not is_summary(one) or not is_list_of(one.get("files"), FOLDERS):
        return False
    missing = one.get("files_missing", {})
    return isinstance(missing, dict) and is_list_of([*missing], FOLDERS) and all(map(_is_text, missing.values()))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def is_list_of(names: object, known: Container[str]) -> bool:
    """Whether these are some of the names that are known."""
    return isinstance(names, list) and all(isinstance(name, str) and name in known for name in names)


def write_state(path: Path, summaries: Iterable[Summary]) -> None:
    """Writes them in this order."""
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(one) + "\n" for one in summaries), encoding="ascii")
