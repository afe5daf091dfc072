"""A run that is killed again and again, each time at another moment, and gone on with: does out/ end as if nothing had
happened?

The documents are copies of the samples with changed bytes. The moments are drawn so that the runs that are killed while
reading take about as long together as an undisturbed one. The full size of the measure:

    python benchmarks/killed.py --documents 2000 --kills 20
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

import extract
from extract.out.replace import STAGING
from extract.runs.interrupted import FOLDER, PIECE

SAMPLES = sorted((Path(__file__).resolve().parents[1] / "samples").glob("*.pdf"))


class Undisturbed(NamedTuple):
    """Seconds of the whole run, and of writing at its end."""

    seconds: float
    writing: float


class Kill(NamedTuple):
    """After how many seconds of what, and how many documents were read and not yet written by then."""

    seconds: float
    of: str
    read: int


class Measured(NamedTuple):
    """The run that was left alone, each kill of the other, and the files that differ in the end."""

    undisturbed: Undisturbed
    kills: list[Kill]
    differing: list[str]


def measure(folder: Path, documents: int, kills: int, seed: int, options: Sequence[str] = ()) -> Measured:
    """Makes the documents in `folder` and runs over them: three quarters of the kills are meant for reading, the others
    for writing.
    """
    make_documents(folder / "in", documents)
    undisturbed = _undisturbed(folder, options)
    random = Random(seed)
    reading = kills - kills // 4
    told = [
        _kill_while_reading(random.uniform(0, 2 * undisturbed.seconds / reading), folder, options)
        for _ in range(reading)
    ]
    told += [
        _kill_while_writing(random.uniform(0, undisturbed.writing / 2), folder, options) for _ in range(kills - reading)
    ]
    _start(folder, "killed", options).wait()
    whole, killed = (contents(folder / name) for name in ("undisturbed", "killed"))
    return Measured(
        undisturbed, told, sorted(name for name in whole.keys() | killed.keys() if whole.get(name) != killed.get(name))
    )


def make_documents(folder: Path, count: int) -> list[Path]:
    """Copies of the samples, no two of the same bytes."""
    folder.mkdir(parents=True)
    paths = [folder / f"{number:05}.pdf" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(SAMPLES[number % len(SAMPLES)].read_bytes() + f"\n%{number}\n".encode())
    return paths


def contents(out: Path) -> dict[str, str]:
    """Every file below a folder, by what it holds."""
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def _undisturbed(folder: Path, options: Sequence[str]) -> Undisturbed:
    started = time.monotonic()
    process = _start(folder, "undisturbed", options)
    _wait_for_writing(process, folder / "undisturbed")
    writing = time.monotonic()
    process.wait()
    return Undisturbed(time.monotonic() - started, time.monotonic() - writing)


def _kill_while_reading(seconds: float, folder: Path, options: Sequence[str]) -> Kill:
    return _kill(_start(folder, "killed", options), seconds, "running", folder)


def _kill_while_writing(seconds: float, folder: Path, options: Sequence[str]) -> Kill:
    process = _start(folder, "killed", options)
    _wait_for_writing(process, folder / "killed")
    return _kill(process, seconds, "writing", folder)


def _wait_for_writing(process: "subprocess.Popen[bytes]", out: Path) -> None:
    while process.poll() is None and not (out / STAGING).exists():
        time.sleep(0.01)


def _kill(process: "subprocess.Popen[bytes]", seconds: float, of: str, folder: Path) -> Kill:
    time.sleep(seconds)
    process.kill()
    process.wait()
    return Kill(seconds, of, len(list((folder / "killed" / FOLDER).glob(f"*{PIECE}"))))


def _start(folder: Path, out: str, options: Sequence[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "extract", str(folder / "in"), "-o", str(folder / out), *options], env=_environment()
    )


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
    seconds, writing = found.undisturbed
    print(
        f"{options.documents} documents, undisturbed: {seconds:.1f} s, {options.documents / seconds:.1f}/s, "
        f"of which writing: {writing:.1f} s"
    )
    for kill in found.kills:
        print(f"killed after {kill.seconds:6.1f} s of {kill.of}; read and not yet written: {kill.read}")
    print("byte for byte the same" if not found.differing else f"DIFFERENT: {', '.join(found.differing)}")
    sys.exit(bool(found.differing))


if __name__ == "__main__":
    main()
