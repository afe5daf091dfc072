"""What a document costs as a run grows: time for each, the most memory of any process, and the bytes that are written. See README.md.

The first table is of real runs of the command over copies of the samples with changed bytes. The second is a simulation of writing alone: the
outcomes of the samples under other names of agencies, put together by one process as a run does at its end.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from killed import SAMPLES, make_documents
from processes import peak_of_call, peak_of_run

from extract.model import Outcome, Report
from extract.pipeline import Knowledge, digest, read_document
from extract.readers import reader
from extract.schema_files import load
from extract.writers.folder import write_pieces
from extract.writers.pieces import Piece, pack

MEBIBYTE = 1 << 20


class Measured(NamedTuple):
    """A run over so many documents: seconds, the peak resident bytes of its largest process, the bytes of out/ by folder."""

    documents: int
    seconds: float
    peak: float
    written: dict[str, int]


def run(documents: int, options: Sequence[str]) -> Measured:
    """The command over so many documents that it has not seen."""
    with tempfile.TemporaryDirectory() as folder:
        make_documents(Path(folder, "in"), documents)
        out = Path(folder, "out")
        seconds, peak = peak_of_run([str(Path(folder, "in")), "-o", str(out), *options])
        return Measured(documents, seconds, peak, sizes(out))


def simulate(documents: int) -> Measured:
    """Writing alone. Every three documents are three years of an agency of their own."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out")
        started = time.perf_counter()
        prepared = _prepare(Path(folder, "pieces"), documents)
        preparing = time.perf_counter() - started
        out.mkdir()
        seconds, peak = peak_of_call("growth", "write", str(prepared), str(out))
        again, most = peak_of_call("growth", "write", str(prepared), str(out), "1")
        print(f"  (made ready in {preparing:.0f} s; one document more: {again:.2f} s, {most / MEBIBYTE:.0f} MiB)", flush=True)
        return Measured(documents, seconds, peak, sizes(out))


def write(pieces: str, out: str, count: str = "") -> None:
    """Writes the first `count` documents or all. Called in a process of its own, so that the memory is that of writing."""
    paths = sorted(Path(pieces).iterdir())[: int(count) if count else None]
    write_pieces(Path(out), load(), [Piece(path) for path in paths], by_year=False)


def _prepare(folder: Path, documents: int) -> Path:
    schemas = load()
    knowledge = Knowledge(schemas)
    reports = [read_document(path.read_bytes(), str(path), reader("pdfium"), knowledge) for path in SAMPLES]
    folder.mkdir()
    for number, report in enumerate(_renamed(reports, documents)):
        (folder / f"{number:07}").write_bytes(pack(Outcome(report, {}), schemas, None))
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
    """A line a run: the bytes are KiB a document."""
    folders = ("parquet", "csv", "xlsx", "review")
    yield f"{'documents':>10} {'s':>9} {'ms each':>9} {'peak MiB':>9}" + "".join(f"{name + ' KiB':>13}" for name in folders)
    for one in measured:
        each = "".join(f"{one.written.get(name, 0) / 1024 / one.documents:>13.1f}" for name in folders)
        yield f"{one.documents:>10} {one.seconds:>9.2f} {1000 * one.seconds / one.documents:>9.1f} {one.peak / MEBIBYTE:>9.0f}" + each


def _show(title: str, counts: Iterable[int], measure: Callable[[int], Measured]) -> None:
    print(title)
    for line in table(map(measure, counts)):
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
    parser.add_argument("--documents", type=int, nargs="*", default=[1, 10, 100, 1000], metavar="N", help="sizes of real runs")
    parser.add_argument("--simulated", type=int, nargs="*", default=[1000, 10_000], metavar="N", help="sizes of simulated ones")
    parser.add_argument("--workers", type=int, default=0, metavar="N", help="do the real runs on a dask cluster of so many local workers, too")
    options, passed_on = parser.parse_known_args()
    if options.documents:
        _show("The whole job", options.documents, lambda count: run(count, passed_on))
    if options.documents and options.workers:
        with _cluster(options.workers) as address:
            _show(f"The same on dask, {options.workers} workers", options.documents, lambda count: run(count, [*passed_on, "--dask", address]))
    if options.simulated:
        _show("Writing alone, simulated", options.simulated, simulate)


if __name__ == "__main__":
    main()
