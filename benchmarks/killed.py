"""A run that is killed again and again, each time at another moment, and gone on with: does out/ end as if nothing had happened?

The documents are copies of the samples with changed bytes. The moments are drawn so that all the killed runs together take about as long as
an undisturbed one. The full size of the measure:

    python benchmarks/killed.py --documents 2000 --kills 20
"""

import argparse
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

import extract

SAMPLES = sorted((Path(__file__).resolve().parents[1] / "samples").glob("*.pdf"))


class Measured(NamedTuple):
    """Seconds of the undisturbed run; for each kill after how many seconds and how many documents were read by then; the files that differ."""

    seconds: float
    kills: list[tuple[float, int]]
    differing: list[str]


def measure(folder: Path, documents: int, kills: int, seed: int, options: Sequence[str] = ()) -> Measured:
    """Makes the documents in `folder` and runs over them."""
    make_documents(folder / "in", documents)
    started = time.monotonic()
    subprocess.run(_command(folder, "undisturbed", options), check=False, env=_environment())
    seconds = time.monotonic() - started
    random = Random(seed)
    moments = [_killed_after(random.uniform(0, 2 * seconds / kills), folder, options) for _ in range(kills)]
    subprocess.run(_command(folder, "killed", options), check=False, env=_environment())
    whole, killed = (contents(folder / name) for name in ("undisturbed", "killed"))
    return Measured(seconds, moments, sorted(name for name in whole.keys() | killed.keys() if whole.get(name) != killed.get(name)))


def make_documents(folder: Path, count: int) -> list[Path]:
    """Copies of the samples, no two of the same bytes."""
    folder.mkdir(parents=True)
    paths = [folder / f"{number:05}.pdf" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(SAMPLES[number % len(SAMPLES)].read_bytes() + f"\n%{number}\n".encode())
    return paths


def contents(out: Path) -> dict[str, str]:
    """Every file below a folder, by what it holds."""
    return {str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(out.rglob("*")) if path.is_file()}


def _killed_after(seconds: float, folder: Path, options: Sequence[str]) -> tuple[float, int]:
    process = subprocess.Popen(_command(folder, "killed", options), env=_environment())
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    return seconds, len(list((folder / "killed" / ".extract-journal").glob("*.piece")))


def _command(folder: Path, out: str, options: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "extract", str(folder / "in"), "-o", str(folder / out), *options]


def _environment() -> dict[str, str]:
    """Where this process found the package, its children find it too."""
    source = str(Path(extract.__file__).resolve().parents[1])
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [source, os.environ.get("PYTHONPATH")]))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options, passed_on = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), options.documents, options.kills, options.seed, passed_on)
    print(f"{options.documents} documents, undisturbed: {found.seconds:.1f} s, {options.documents / found.seconds:.1f}/s")
    for seconds, read in found.kills:
        print(f"killed after {seconds:6.1f} s; read and not yet written: {read}")
    print("byte for byte the same" if not found.differing else f"DIFFERENT: {', '.join(found.differing)}")
    sys.exit(bool(found.differing))


if __name__ == "__main__":
    main()
