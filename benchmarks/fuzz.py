"""Content streams, fonts' maps and whole pages of nonsense for the native reader: none may crash it, hang it or take
unbounded memory.

    python benchmarks/fuzz.py [--runs 100000] [--seed 1] [PDF …]

Takes the content of the pages of real files (the samples by default), cuts, repeats and swaps pieces of it, and
interprets that.
"""

import argparse
import random
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pikepdf

from extract.reading.limits import BeyondLimitError, Size
from extract.reading.native.cmaps import to_unicode
from extract.reading.native.content import Painter
from extract.reading.native.reader import inherited
from extract.reading.native.resources import Resources, Shared
from extract.reading.native.state import TooMuchError

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 4000  # bytes of a stream: short runs reach more states in the same time
SLOW = 2.0  # seconds: so long takes no short stream


def main() -> None:
    options = _options()
    chance = random.Random(options.seed)
    files = options.files or sorted((ROOT / "samples").glob("*.pdf"))
    opened = [pikepdf.open(path) for path in files]  # their objects are asked for as long as it runs
    seeds = [seed for pdf in opened for seed in _seeds(pdf)]
    started, slowest = time.perf_counter(), 0.0
    for _ in range(options.runs):
        data, names = chance.choice(seeds)
        begun = time.perf_counter()
        _run(_spoiled(data, chance), names)
        slowest = max(slowest, time.perf_counter() - begun)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{options.runs} runs, {time.perf_counter() - started:.0f} s, slowest {slowest:.3f} s, peak {peak} MiB")
    sys.exit(slowest > SLOW)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="PDF")
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _seeds(pdf: pikepdf.Pdf) -> list[tuple[bytes, Resources]]:
    shared = Shared(pdf)
    found = []
    for page in pdf.pages:
        names = Resources(inherited(page.obj, "/Resources"), shared)
        page.contents_coalesce()
        found.append((page.Contents.read_bytes(), names))
    return found


def _spoiled(data: bytes, chance: random.Random) -> bytes:
    """A piece of the stream with bytes changed, doubled, cut out or swapped."""
    start = chance.randrange(max(len(data), 1))
    piece = bytearray(data[start : start + chance.randrange(1, LONGEST)])
    for _ in range(chance.randrange(1, 12)):
        at = chance.randrange(len(piece) + 1)
        size = chance.randrange(1, 40)
        change = chance.randrange(4)
        if change == 0:
            piece[at : at + 1] = bytes((chance.randrange(256),))
        elif change == 1:
            del piece[at : at + size]
        elif change == 2:
            piece[at:at] = piece[at : at + size] * chance.randrange(1, 30)
        else:
            piece[at:at] = chance.choice(_PIECES)
    return bytes(piece)


_PIECES: Sequence[bytes] = (
    b"[",
    b"]",
    b"<<",
    b">>",
    b"(",
    b")",
    b"\\",
    b"%",
    b"q ",
    b"Q ",
    b"BI ",
    b" ID ",
    b" EI ",
    b"1e99 ",
    b"-",
)


def _run(data: bytes, names: Resources) -> None:
    to_unicode(b"1 beginbfrange " + data[:200] + b" endbfrange")
    try:
        Painter(Size()).run(data, names)
    except (TooMuchError, BeyondLimitError):
        return


if __name__ == "__main__":
    main()
