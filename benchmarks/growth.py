"""What a document costs as a run grows: time for each, the most memory of any process, and the bytes that are written.
See README.md.

The first table is of real runs of the command over copies of the samples with changed bytes. The second is a simulation
of writing alone: the outcomes of the samples under other names of agencies, put together by one process as a run does
at its end; and then of one document more. Each has a workbook and a review page of no size, so that all that a run
writes for all documents is written.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from killed import SAMPLES, make_documents
from processes import Cost, cost_of_call, cost_of_run

import extract
from extract.digest import digest
from extract.document.pipeline import Knowledge, read_document
from extract.model.report import Outcome, Report
from extract.out.packed import PackedDocument, pack
from extract.out.state import FOLDERS
from extract.reading.base import reader
from extract.runs.output import write_packed
from extract.schemas.load import load

MEBIBYTE = 1 << 20
_Size = TypeVar("_Size")


class Measured(NamedTuple):
    """A run over so many documents of so many pages, the bytes of out/ by folder, and what one document more cost."""

    documents: int
    pages: int
    cost: Cost
    written: dict[str, int]
    more: Cost | None = None


def run(documents: int, options: Sequence[str]) -> Measured:
    """The command over so many documents that it has not seen."""
    with tempfile.TemporaryDirectory() as folder:
        make_documents(Path(folder, "in"), documents)
        return run_over(Path(folder, "in"), options)


def run_over(given: Path, options: Sequence[str]) -> Measured:
    """The command over a folder."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out")
        return _measured(out, cost_of_run([str(given), "-o", str(out), *options]))


def simulate(documents: int) -> Measured:
    """Writing alone. Every three documents are three years of an agency of their own."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out")
        prepared = _prepare(Path(folder, "pieces"), documents + 1)
        out.mkdir()
        cost = cost_of_call("growth", "write", str(prepared), str(out), "0", str(documents))
        measured = _measured(out, cost)
        return measured._replace(more=cost_of_call("growth", "write", str(prepared), str(out), str(documents)))


def _measured(out: Path, cost: Cost) -> Measured:
    pages = extract.open_folder(out).arrow("documents")["pages"].to_pylist()
    return Measured(len(pages), sum(filter(None, pages)), cost, sizes(out))


def write(pieces: str, out: str, first: str = "0", end: str = "") -> None:
    """Writes the documents from one number up to another, or to the last.

    Called in a process of its own, so that the memory is that of writing.
    """
    paths = sorted(Path(pieces).iterdir())[int(first) : int(end) if end else None]
    write_packed(Path(out), load(), [PackedDocument(path) for path in paths], by_year=False)


def _prepare(folder: Path, documents: int) -> Path:
    schemas = load()
    knowledge = Knowledge(schemas)
    reports = [read_document(path.read_bytes(), str(path), reader("pdfium"), knowledge) for path in SAMPLES]
    folder.mkdir()
    for number, report in enumerate(_renamed(reports, documents)):
        (folder / f"{number:07}").write_bytes(pack(Outcome(report, dict.fromkeys(FOLDERS, b"")), schemas, None))
    return folder


def _renamed(reports: Sequence[Report], documents: int) -> Iterator[Report]:
    for number in range(documents):
        report = reports[number % len(reports)]
        yield replace(
            report,
            document_id=digest(str(number).encode())[:16],
            source=f"{number}.pdf",
            agency_name=f"{number // len(reports):06}号单位",
        )


def sizes(out: Path) -> dict[str, int]:
    """Bytes by folder of out/."""
    found: dict[str, int] = {}
    for path in out.rglob("*"):
        if path.is_file():
            name = path.relative_to(out).parts[0]
            found[name] = found.get(name, 0) + path.stat().st_size
    return found


def table(measured: Iterable[Measured]) -> Iterator[str]:
    """A line a run. Computing and bytes are for 1,000 pages, the last three of one document more."""
    folders = ("parquet", "csv", "xlsx", "review")
    heads = ("documents", "pages", "s", "ms each", "peak MiB", "CPU s/1000", *(f"{name} MiB" for name in folders))
    heads = (*heads, "1 more s", "1 more CPU", "1 more MiB")
    yield "".join(f"{head:>12}" for head in heads)
    for one in measured:
        thousands = one.pages / 1000
        bytes_each = (one.written.get(name, 0) / MEBIBYTE / thousands for name in folders)
        numbers = (
            one.cost.seconds,
            1000 * one.cost.seconds / one.documents,
            one.cost.peak / MEBIBYTE,
            one.cost.cpu_seconds / thousands,
            *bytes_each,
        )
        more = (one.more.seconds, one.more.cpu_seconds, one.more.peak / MEBIBYTE) if one.more else ()
        yield f"{one.documents:>12}{one.pages:>12}" + "".join(f"{number:>12.2f}" for number in (*numbers, *more))


def _show(title: str, sizes: "Iterable[_Size]", measure: "Callable[[_Size], Measured]") -> None:
    print(title)
    for line in table(map(measure, sizes)):
        print(line, flush=True)


@contextmanager
def _cluster(workers: int) -> Iterator[str]:
    """The address of a scheduler with workers of one thread each."""
    from distributed import LocalCluster

    cluster: Any = LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)  # type: ignore[no-untyped-call]
    with cluster:
        yield cluster.scheduler_address


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--documents", type=int, nargs="*", default=[1, 10, 100, 1000], metavar="N", help="sizes of real runs"
    )
    parser.add_argument(
        "--simulated", type=int, nargs="*", default=[1000, 10_000], metavar="N", help="sizes of simulated ones"
    )
    parser.add_argument(
        "--workers",
        type=int,
        default=0,
        metavar="N",
        help="do the real runs on a dask cluster of so many local workers, too",
    )
    parser.add_argument(
        "--over", type=Path, nargs="*", default=[], metavar="FOLDER", help="real runs over these folders"
    )
    options, passed_on = parser.parse_known_args()
    if options.over:
        _show(
            "The whole job, over " + ", ".join(map(str, options.over)),
            options.over,
            lambda folder: run_over(folder, passed_on),
        )
    if options.documents:
        _show("The whole job", options.documents, lambda count: run(count, passed_on))
    if options.documents and options.workers:
        with _cluster(options.workers) as address:
            _show(
                f"The same on dask, {options.workers} workers",
                options.documents,
                lambda count: run(count, [*passed_on, "--dask", address]),
            )
    if options.simulated:
        _show("Writing alone, simulated", options.simulated, simulate)


if __name__ == "__main__":
    main()
