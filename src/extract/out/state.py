"""What out/ holds, for the next run: one line of JSON a document, its summary with what read it."""

import json
from collections.abc import Iterable
from pathlib import Path

from extract.document.summary import Summary

STATE = ".extract-state.jsonl"
FOLDERS = {"xlsx": ".xlsx", "review": ".html"}  # with a file for each document, and how its name ends


def read_state(out: Path) -> dict[str, Summary]:
    """The summaries by document; none if there is no such file or it is not whole."""
    try:
        told = [json.loads(line) for line in (out / STATE).read_bytes().splitlines()]
        return {one["document_id"]: one for one in told if set(one["files"]) <= set(FOLDERS)}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def write_state(path: Path, summaries: Iterable[Summary]) -> None:
    path.write_text("".join(json.dumps(one) + "\n" for one in summaries), encoding="ascii")
