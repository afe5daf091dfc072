"""What out/ holds, for the next run: one line of JSON a document, its summary with what read it."""

import json
from collections.abc import Container, Iterable
from pathlib import Path

from extract.document.summary import Summary, is_summary

STATE = ".extract-state.jsonl"
FOLDERS = {"xlsx": ".xlsx", "review": ".html"}  # with a file for each document, and how its name ends


def read_state(out: Path) -> dict[str, Summary]:
    """The summaries by document; none if there is no such file or it is not whole."""
    try:
        told = [json.loads(line) for line in (out / STATE).read_bytes().splitlines()]
    except (OSError, ValueError, RecursionError):
        return {}
    return {one["document_id"]: one for one in told} if all(map(is_told, told)) else {}


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
    path.write_text("".join(json.dumps(one) + "\n" for one in summaries), encoding="ascii")
