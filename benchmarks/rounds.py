"""Rounds over all contenders, one after the other in the same process, and what their times amount to."""

import gc
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from contenders import BARE, PLUMBER, Contender, Document


@dataclass
class Timing:
    """The times of one contender, one a round: seconds of the clock and of this process's own computing."""

    name: str
    pages: int
    seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    skipped: str | None = None

    @property
    def ms_a_page(self) -> float:
        return 1000 * statistics.median(self.seconds) / self.pages

    @property
    def cpu_ms_a_page(self) -> float:
        return 1000 * statistics.median(self.cpu_seconds) / self.pages

    @property
    def fastest_ms_a_page(self) -> float:
        return 1000 * min(self.seconds) / self.pages

    @property
    def pages_a_second(self) -> float:
        return 1000 / self.ms_a_page

    @property
    def spread(self) -> float:
        """How far apart the slowest and the fastest round are, as a part of the median."""
        return (max(self.seconds) - min(self.seconds)) / statistics.median(self.seconds)

    def ratio(self, other: "Timing | None") -> float | None:
        """How many times as fast as another contender."""
        return other.ms_a_page / self.ms_a_page if other and other.seconds and self.seconds else None


def run_rounds(contenders: Sequence[Contender], documents: Sequence[Document], rounds: int) -> list[Timing]:
    """Every contender once a round, in turn: what else the machine does hits all alike.

    One that fails is left out from then on.
    """
    pages = sum(len(document.pages) for document in documents)
    timings = [
        Timing(contender.name, pages, skipped=None if contender.installed() else "not installed")
        for contender in contenders
    ]
    pairs = list(zip(contenders, timings, strict=True))
    for contender, timing in pairs:
        _attempt(contender, timing, [_shortest(documents)], keep=False)  # imports and first calls, not counted
    for number in range(1, rounds + 1):
        for contender, timing in pairs:
            _progress(f"round {number} of {rounds}: {contender.name}")
            _attempt(contender, timing, documents, keep=True)
    _progress("")
    return timings


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{text:<60}\r", end="", file=sys.stderr, flush=True)


def _shortest(documents: Sequence[Document]) -> Document:
    return min(documents, key=lambda document: len(document.pages))


def _attempt(contender: Contender, timing: Timing, documents: Sequence[Document], keep: bool) -> None:
    if timing.skipped:
        return
    contender.prepare()
    gc.collect()
    start, cpu_start = time.perf_counter(), time.process_time()
    try:
        contender.run(documents)
    except Exception as error:
        timing.skipped = f"failed: {type(error).__name__}: {error}"
        return
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu_start
    if keep:
        timing.seconds.append(seconds)
        timing.cpu_seconds.append(cpu_seconds)


def table(timings: Sequence[Timing]) -> list[str]:
    """The lines of a text table with the ratios to bare PDFium and pdfplumber."""
    bare, plumber = named(timings, BARE), named(timings, PLUMBER)
    lines = [
        f"{'':30} {'pages/s':>9} {'ms/page':>9} {'fastest':>8} {'spread':>7} {'x bare PDFium':>14} {'x pdfplumber':>13}"
    ]
    for timing in timings:
        if timing.skipped:
            lines.append(f"{timing.name:30} skipped: {timing.skipped}")
        elif timing.seconds:
            times = f"{timing.pages_a_second:>9.1f} {timing.ms_a_page:>9.2f} {timing.fastest_ms_a_page:>8.2f}"
            figures = f"{times} {timing.spread:>7.0%}"
            lines.append(
                f"{timing.name:30} {figures} {_shown(timing.ratio(bare)):>14} {_shown(timing.ratio(plumber)):>13}"
            )
    return lines


def record(timings: Sequence[Timing]) -> list[dict[str, object]]:
    """The same as plain data."""
    bare, plumber = named(timings, BARE), named(timings, PLUMBER)
    return [asdict(timing) | (_figures(timing, bare, plumber) if timing.seconds else {}) for timing in timings]


def _figures(timing: Timing, bare: Timing | None, plumber: Timing | None) -> dict[str, object]:
    return {
        "pages_a_second": timing.pages_a_second,
        "ms_a_page": timing.ms_a_page,
        "fastest_ms_a_page": timing.fastest_ms_a_page,
        "cpu_ms_a_page": timing.cpu_ms_a_page,
        "times_bare_pdfium": timing.ratio(bare),
        "times_pdfplumber": timing.ratio(plumber),
    }


def named(timings: Sequence[Timing], name: str) -> Timing | None:
    return next((timing for timing in timings if timing.name == name), None)


def _shown(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.2f}"
