"""The command `extract`: in this process, which is fast, with its documents in processes beside it, or started as users
do.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import pyarrow.parquet as pq
from click.testing import CliRunner
from conftest import SAMPLES
from engine import same_thread

from extract.cli import commands
from extract.runs import executors
from extract.runs.isolation import Children

GOOD, FAILING = str(SAMPLES[2]), str(SAMPLES[1])
ENGLISH = "en_US.UTF-8"


class Done(NamedTuple):
    """How a command ended."""

    returncode: int
    stdout: bytes
    stderr: bytes


class _Program:
    """What a CliRunner runs: the entry point, with what it makes of errors."""

    name = "extract"

    def main(self, args: list[str], **_: object) -> None:
        commands.main(args)


class _Kept(Children):
    """Processes that stay for the next command, and so are no copies of this one."""

    def fork(self, count: int) -> None:
        pass

    def close(self) -> None:
        pass


@lru_cache(maxsize=8)
def _children(_environment: frozenset[tuple[str, str]]) -> _Kept:
    """Processes that were started with this environment, as far as it matters to them."""
    return _Kept()


def _kept() -> _Kept:
    return _children(frozenset((name, value) for name, value in os.environ.items() if name.startswith("AWS_")))


def extract(
    *arguments: str, stdin: bytes = b"", language: str = ENGLISH, environment: Mapping[str, str] | None = None
) -> Done:
    """The command in this process, and so are documents read; what they give is remembered. No limit holds."""
    with patch.object(executors, "processes", lambda *_: same_thread()):
        return _invoked(arguments, stdin, language, environment)


def isolated(*arguments: str) -> Done:
    """The command in this process; documents are read in processes of their own, with their limits."""
    with patch.object(executors, "Children", _kept):
        return _invoked(arguments)


def _invoked(
    arguments: Sequence[str],
    stdin: bytes = b"",
    language: str = ENGLISH,
    environment: Mapping[str, str] | None = None,
) -> Done:
    runner = CliRunner(env={"LC_ALL": language, **(environment or {})})
    ended = runner.invoke(_Program(), arguments, input=stdin)  # type: ignore[arg-type]
    if ended.exception and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return Done(ended.exit_code, ended.stdout_bytes, ended.stderr_bytes)


def started(*arguments: str, stdin: bytes = b"", language: str = ENGLISH) -> Done:
    """The command in a process of its own."""
    environment = {**os.environ, "LC_ALL": language, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "extract", *arguments]
    ended = subprocess.run(command, input=stdin, capture_output=True, env=environment, check=False)
    return Done(ended.returncode, ended.stdout, ended.stderr)


def documents(out: Path) -> dict[str, tuple[str, str | None]]:
    """Status and error of the documents of out/, by file name."""
    table = pq.read_table(out / "parquet" / "documents.parquet").to_pylist()
    return {Path(row["source"]).name: (row["status"], row["error"]) for row in table}
