"""What a fresh process costs: its time from start to end, and the most memory it holds."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import extract

_PLUMBER = """
import logging, sys
import pdfplumber
logging.getLogger("pdfminer").setLevel(logging.ERROR)
with pdfplumber.open(sys.argv[1]) as pdf:
    for page in pdf.pages:
        page.extract_tables()
        page.close()
"""
# A process inherits the high-water mark of the one that starts it: a small one stands between, so that ours does not
# count.
_MEASURE = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, used.ru_maxrss, used.ru_utime + used.ru_stime)
"""
_CALL = "import importlib, sys; getattr(importlib.import_module(sys.argv[1]), sys.argv[2])(*sys.argv[3:])"
_BARE = """
import sys
from pathlib import Path
from contenders import Document, bare
import pypdfium2
for _ in range(3):  # so that starting counts for little
    for path in sys.argv[1:]:
        try:
            with pypdfium2.PdfDocument(path) as pdf:
                pages = tuple(range(1, len(pdf) + 1))
        except pypdfium2.PdfiumError:
            continue
        bare([Document(Path(path), pages)])
"""
COMMAND = "python -m extract FILE -o OUT"
DATASETS_ONLY = ("--no-review", "--no-workbooks")
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes


class Pair(NamedTuple):
    """The same measure of the whole job and of pdfplumber (None where it is not installed), in seconds or bytes."""

    command: str
    ours: float
    plumber: float | None

    @property
    def ratio(self) -> float | None:
        return self.plumber / self.ours if self.plumber is not None else None


def cold(path: Path, rounds: int) -> Pair:
    """The median time of a process that does one file and ends, the two taking turns."""
    ours, theirs = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            ours.append(_seconds(_job(path, Path(folder) / "out")))
        if find_spec("pdfplumber"):
            theirs.append(_seconds(_plumber(path)))
    return Pair(COMMAND, statistics.median(ours), statistics.median(theirs) if theirs else None)


def memory(path: Path) -> Pair:
    """The peak resident size of a process that does one file; of its largest process where it starts several."""
    with tempfile.TemporaryDirectory() as folder:
        ours = _peak(_job(path, Path(folder) / "out"))
    return Pair(COMMAND, ours, _peak(_plumber(path)) if find_spec("pdfplumber") else None)


def _job(path: Path, out: Path) -> list[str]:
    return [sys.executable, "-m", "extract", str(path), "-o", str(out)]


def _plumber(path: Path) -> list[str]:
    return [sys.executable, "-c", _PLUMBER, str(path)]


def _environment() -> dict[str, str]:
    """Where this process found the package, its children find it too."""
    source = str(Path(extract.__file__).resolve().parents[1])
    here = str(Path(__file__).resolve().parent)
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [source, here, os.environ.get("PYTHONPATH")]))}


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=_environment())
    return time.perf_counter() - start


class Cores(NamedTuple):
    """Median seconds with one process and with two."""

    one: float
    two: float

    @property
    def ratio(self) -> float:
        return self.one / self.two


def two_over_one(paths: Sequence[Path], rounds: int) -> dict[str, Cores]:
    """A run of the command with `--jobs 1` and `--jobs 2`, and bare PDFium over the same files in one process and in
    two, all taking turns.
    """
    seconds: dict[tuple[str, int], list[float]] = {}
    for _ in range(rounds):
        for count in (1, 2):
            shares = [paths[first::count] for first in range(count)]
            seconds.setdefault(("bare PDFium", count), []).append(_together([_bare(share) for share in shares]))
            with tempfile.TemporaryDirectory() as folder:
                command = [
                    sys.executable,
                    "-m",
                    "extract",
                    *map(str, paths),
                    "-o",
                    f"{folder}/out",
                    "--jobs",
                    str(count),
                    *DATASETS_ONLY,
                ]
                seconds.setdefault(("extract --no-review --no-workbooks", count), []).append(_together([command]))
    names = dict.fromkeys(name for name, _ in seconds)
    return {name: Cores(*(statistics.median(seconds[name, count]) for count in (1, 2))) for name in names}


def _bare(paths: Sequence[Path]) -> list[str]:
    return [sys.executable, "-c", _BARE, *map(str, paths)]


def _together(commands: Sequence[list[str]]) -> float:
    """Seconds until all of these processes have ended, whatever they could not read."""
    start = time.perf_counter()
    started = [
        subprocess.Popen(command, env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for command in commands
    ]
    for process in started:
        process.wait()
    return time.perf_counter() - start


class Cost(NamedTuple):
    """What a process took with all that it started: seconds by the clock and of computing, the peak resident bytes of
    the largest process.
    """

    seconds: float
    cpu_seconds: float
    peak: float


def cost_of_run(arguments: Sequence[str]) -> Cost:
    """The command with these arguments; documents that cannot be read are no failure of it."""
    return _cost([sys.executable, "-m", "extract", *arguments], may_fail=True)


def cost_of_call(module: str, function: str, *arguments: str) -> Cost:
    """A function of these benchmarks, in a process of its own."""
    return _cost([sys.executable, "-c", _CALL, module, function, *arguments])


def _cost(command: list[str], may_fail: bool = False) -> Cost:
    start = time.perf_counter()
    measured = subprocess.run(
        [sys.executable, "-c", _MEASURE, *command], check=True, stdout=subprocess.PIPE, text=True, env=_environment()
    )
    code, peak, cpu = measured.stdout.split()
    if int(code) and not may_fail:
        raise RuntimeError(f"the measured process ended with exit code {code}")
    return Cost(time.perf_counter() - start, float(cpu), float(peak) * _RSS_UNIT)


def _peak(command: list[str]) -> float:
    return _cost(command).peak
