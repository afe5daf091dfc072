"""Runs the examples of docs/cookbook.md in an empty folder beside the samples, and writes what each prints beneath
it.
"""

import ast
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import chdir, redirect_stdout
from io import StringIO
from pathlib import Path

import extract

TARGET = Path(__file__).parent / "cookbook.md"
SAMPLES = Path(__file__).parents[1] / "samples"
_EXAMPLE = re.compile(
    r"^```(?P<language>sh|python|sql)\n(?P<code>.*?)^```\n(?:\n```text\n.*?^```\n)?", re.MULTILINE | re.DOTALL
)


def text(page: str) -> str:
    """The page with the examples run one after the other, each with what it prints."""
    runners = {"sh": _run_shell, "python": Interpreter().run, "sql": _run_sql}
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        Path("samples").symlink_to(SAMPLES)
        return _EXAMPLE.sub(
            lambda example: _with_output(example["language"], example["code"], runners[example["language"]]), page
        )


def _with_output(language: str, code: str, run: Callable[[str], str]) -> str:
    lines = "\n".join(line.rstrip() for line in run(code).splitlines())
    return f"```{language}\n{code}```\n" + (f"\n```text\n{lines}\n```\n" if lines else "")


class Interpreter:
    """Python as a notebook runs it: names stay from one example to the next, and the value of an expression is
    printed.
    """

    def __init__(self) -> None:
        self._names: dict[str, object] = {"__name__": "__main__"}

    def run(self, code: str) -> str:
        """Runs an example and returns what it prints."""
        printed = StringIO()
        with redirect_stdout(printed):
            for statement in ast.parse(code).body:
                exec(compile(ast.Interactive([statement]), "cookbook.md", "single"), self._names)
        return printed.getvalue()


def _run_shell(code: str) -> str:
    """Runs a command with this Python's programs and this very package."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    package = str(Path(extract.__file__).resolve().parents[1])
    return subprocess.run(
        code,
        shell=True,
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": path, "PYTHONPATH": package},
    ).stdout


def _run_sql(code: str) -> str:
    import duckdb

    return str(duckdb.sql(code))


if __name__ == "__main__":
    TARGET.write_text(text(TARGET.read_text(encoding="utf-8")), encoding="utf-8")
