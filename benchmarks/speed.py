"""How fast the whole job is beside bare PDFium and other libraries, on the same files in the same run.

See README.md beside this file.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pypdfium2
from contenders import Document, contenders, page_of, slow_contenders
from processes import Pair, cold, memory, two_over_one
from rounds import Timing, record, run_rounds, table
from stages import profile
from stages import table as stage_table

from extract.reading.grids import grids
from extract.reading.pdfium import PdfiumReader

ROOT = Path(__file__).resolve().parents[1]
DEFAULTS = (ROOT.parent / "shared" / "reports" / "烟台", ROOT / "samples")
LIBRARIES = ("pypdfium2", "pdfplumber", "pdfminer.six", "camelot-py", "tablers", "numpy", "pyarrow")
COLD_PAGES = 40  # the cold process does the report with the nearest number of pages
LEAST_REPEATS = 3  # of the cold processes and of the passes by stage, however few rounds are asked for
SLOW_FILES = 3  # the slow contenders read a few pages of as many files


def main() -> None:
    options = _options()
    documents = documents_of(options.inputs)
    if not documents:
        sys.exit("no PDF that can be opened")
    result: dict[str, object] = {"environment": _environment(), "inputs": _inputs(documents)}
    print("\n".join(_heading(documents)))
    repeats = max(options.rounds, LEAST_REPEATS)
    if options.profile:  # before other libraries are loaded: they lengthen this process's garbage collections
        result["profile"] = _profile(documents, repeats)
    if options.cold:
        result["cold"] = _cold(documents, repeats)
    if options.memory:
        result["memory"] = _memory(documents)
    if options.cores:
        result["cores"] = _cores(documents, repeats)
    if options.rounds:
        result["rounds"] = _speed(documents, options.rounds, options.only)
    if options.slow_pages:
        result["slow"] = _slow(documents, options.slow_pages)
    result["load_after"] = _load()
    print(f"\nload at the end: {_load()}")
    if options.json:
        options.json.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "inputs", nargs="*", type=Path, metavar="PDF or folder", help="default: the reports of 烟台, else the samples"
    )
    parser.add_argument(
        "--rounds", type=int, default=3, metavar="N", help="rounds over all contenders (default 3; 0 for none)"
    )
    parser.add_argument("--only", nargs="+", metavar="WORD", help="only contenders whose name has one of these words")
    parser.add_argument(
        "--slow-pages",
        type=int,
        default=2,
        metavar="N",
        help=f"pages of each of {SLOW_FILES} files for camelot (default 2; 0 for none)",
    )
    parser.add_argument("--cold", action="store_true", help="time of a fresh process on one file")
    parser.add_argument("--memory", action="store_true", help="peak memory of a fresh process on the largest file")
    parser.add_argument("--cores", action="store_true", help="how many times as fast two processes are as one")
    parser.add_argument("--profile", action="store_true", help="where the time of the whole job goes")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every figure there")
    return parser.parse_args()


# ---- inputs ----------------------------------------------------------------------------------------------------------


def documents_of(inputs: Sequence[Path]) -> list[Document]:
    """Every PDF of the inputs with all its pages; one that PDFium cannot open is named and left out."""
    documents = []
    for path in _paths(inputs or [next(folder for folder in DEFAULTS if folder.is_dir())]):
        try:
            with PdfiumReader().open(path.read_bytes()) as opened:
                documents.append(Document(path, tuple(range(1, opened.page_count + 1))))
        except Exception as error:
            print(f"left out: {path.name}: {error}", file=sys.stderr)
    return documents


def _paths(inputs: Iterable[Path]) -> list[Path]:
    return [path for given in inputs for path in (sorted(given.rglob("*.pdf")) if given.is_dir() else [given])]


def _table_pages(documents: Sequence[Document], count: int) -> list[Document]:
    """The first pages with a ruled table of a few files, spread over the inputs."""
    step = max(len(documents) // SLOW_FILES, 1)
    return [sampled for path, _ in documents[::step][:SLOW_FILES] if (sampled := _sample(path, count)).pages]


def _sample(path: Path, count: int) -> Document:
    with PdfiumReader().open(path.read_bytes()) as opened:
        numbers = (number for number in range(1, opened.page_count + 1) if grids(page_of(opened, number)).grids)
        return Document(path, tuple(number for number, _ in zip(numbers, range(count), strict=False)))


# ---- what is measured ------------------------------------------------------------------------------------------------


def _speed(documents: Sequence[Document], rounds: int, only: Sequence[str] | None) -> list[dict[str, object]]:
    chosen = [one for one in contenders() if not only or any(word in one.name for word in only)]
    timings = run_rounds(chosen, documents, rounds)
    _print(f"Speed, median of {rounds} round(s)", table(timings))
    return record(timings)


def _slow(documents: Sequence[Document], count: int) -> list[dict[str, object]]:
    sample = _table_pages(documents, count)
    timings: list[Timing] = run_rounds(slow_contenders(), sample, 1) if sample else []
    pages = sum(len(document.pages) for document in sample)
    _print(
        f"Slow contenders, on a sample only: {pages} table pages of {len(sample)} file(s), one round; opening "
        f"the files included",
        table(timings),
    )
    return record(timings)


def _cold(documents: Sequence[Document], rounds: int) -> dict[str, object]:
    document = min(documents, key=lambda one: abs(len(one.pages) - COLD_PAGES))
    pair = cold(document.path, rounds)
    lines = [f"{pair.command}: {pair.ours:.2f} s"]
    if pair.plumber is not None:
        lines.append(f"pdfplumber: {pair.plumber:.2f} s, {pair.ratio:.1f} times as long")
    _print(f"A fresh process, {len(document.pages)} pages, median of {rounds}", lines)
    return _paired(document, pair)


def _memory(documents: Sequence[Document]) -> dict[str, object]:
    document = max(documents, key=lambda one: one.path.stat().st_size)
    pair = memory(document.path)
    lines = [f"{pair.command}: {pair.ours / 2**20:.0f} MiB"]
    if pair.plumber is not None:
        lines.append(f"pdfplumber: {pair.plumber / 2**20:.0f} MiB, {pair.ratio:.1f} times as much")
    _print(
        f"Peak memory of a fresh process, {document.path.stat().st_size / 2**20:.1f} MiB, {len(document.pages)} pages",
        lines,
    )
    return _paired(document, pair)


def _cores(documents: Sequence[Document], rounds: int) -> dict[str, object]:
    found = two_over_one([document.path for document in documents], rounds)
    lines = [
        f"{name:36} {cores.one:7.2f} s {cores.two:7.2f} s {cores.ratio:6.2f} times as fast"
        for name, cores in found.items()
    ]
    _print(f"One process and two, starting and ending included, median of {rounds}", lines)
    return {name: {**cores._asdict(), "ratio": cores.ratio} for name, cores in found.items()}


def _paired(document: Document, pair: Pair) -> dict[str, object]:
    return {"input": document.path.name, "pages": len(document.pages), **pair._asdict(), "ratio": pair.ratio}


def _profile(documents: Sequence[Document], rounds: int) -> dict[str, object]:
    found = profile(documents, rounds)
    _print(f"Where the time goes, by stage, the fastest of {rounds} passes", stage_table(found, _pages(documents)))
    _print("Where the time goes, by function (under the profiler, which slows Python down)", [found.functions])
    return {"seconds": found.seconds, "missing": found.missing, "functions": found.functions}


# ---- what is said about it -------------------------------------------------------------------------------------------


def _print(title: str, lines: Iterable[str]) -> None:
    print("\n".join(["", title, "-" * len(title), *lines]), flush=True)


def _heading(documents: Sequence[Document]) -> list[str]:
    environment = _environment()
    return [
        f"{len(documents)} file(s), {_pages(documents)} pages",
        f"Python {environment['python']}, {environment['processors']} processor(s), load at the start: {_load()}",
        ", ".join(f"{name} {number}" for name, number in _versions().items()) + f"; PDFium {pypdfium2.PDFIUM_INFO}",
    ]


def _environment() -> dict[str, object]:
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "processors": os.cpu_count(),
        "load": _load(),
        "libraries": _versions(),
        "pdfium": str(pypdfium2.PDFIUM_INFO),
    }


def _versions() -> dict[str, str]:
    versions = {}
    for name in LIBRARIES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions


def _inputs(documents: Sequence[Document]) -> list[dict[str, object]]:
    return [
        {"name": document.path.name, "pages": len(document.pages), "bytes": document.path.stat().st_size}
        for document in documents
    ]


def _pages(documents: Sequence[Document]) -> int:
    return sum(len(document.pages) for document in documents)


def _load() -> str:
    return " ".join(f"{average:.2f}" for average in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"


if __name__ == "__main__":
    main()
