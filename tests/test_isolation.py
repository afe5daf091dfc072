"""What a document does to the process that reads it costs that document alone, and the answers are the same wherever it
is read.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq
import pytest
from command import extract
from conftest import SAMPLES, Runner
from killed import contents
from misbehaving import DIES, EATS, HANGS, HANGS_HOLDING_THE_LOCK, NEVER_ENDS, MisbehavingReader, impatient
from pdf_builders import bomb, texts

from extract.document.summary import Summary
from extract.errors import ClusterError, LostError
from extract.reading.base import DEFAULT_READER, reader
from extract.runs import executors
from extract.runs.executors import Maker, dask, processes
from extract.runs.isolation import Children, Limits
from extract.runs.jobs import Job, Recipe, work
from extract.schemas.grammar import Schemas

LIMITS = Limits(memory=1 << 30)
VERIFIED = (SAMPLES[0], SAMPLES[2])


class Place(NamedTuple):
    """Where documents are read, and what kills one of its workers."""

    maker: Maker
    kill_a_worker: Callable[[], None]


@pytest.fixture(params=["processes", "dask"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    if request.param == "processes":
        yield Place(partial(processes, 2, LIMITS), lambda: None)  # a process that dies is what `DIES` does
        return
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster:
        yield Place(
            partial(dask, cluster.scheduler_address, LIMITS), lambda: os.kill(cluster.workers[0].pid, signal.SIGKILL)
        )


def copies(folder: Path, count: int) -> list[Path]:
    """Verified documents, no two of the same bytes."""
    folder.mkdir()
    paths = [folder / f"{number:02}.pdf" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(VERIFIED[number % 2].read_bytes() + f"\n%{number}\n".encode())
    return paths


def datasets(out: Path, documents: set[str]) -> dict[str, list[dict[str, Any]]]:
    """The rows of these documents in every dataset."""
    tables = {path.stem: pq.read_table(path) for path in sorted((out / "parquet").iterdir())}
    return {
        name: [row for row in table.to_pylist() if row["document_id"] in documents] for name, table in tables.items()
    }


class Alone(NamedTuple):
    """Four documents, how they end and what is written of them when nothing else is read; four that misbehave stand
    beside them.
    """

    folder: Path
    summaries: list[Summary]
    datasets: dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory, run: Runner) -> Alone:
    folder = tmp_path_factory.mktemp("four")
    good = copies(folder / "in", 4)
    summaries = run(folder / "alone", *good, read=MisbehavingReader())
    for name, misdeed in {"01": HANGS, "02": HANGS_HOLDING_THE_LOCK, "03": EATS, "05": DIES}.items():
        (folder / "in" / f"{name}-bad.pdf").write_bytes(SAMPLES[0].read_bytes() + misdeed)
    ids = {one["document_id"] for one in summaries}
    return Alone(folder / "in", summaries, datasets(folder / "alone", ids))


def test_of_four_and_four_that_misbehave_four_are_read_as_alone(
    tmp_path: Path, run: Runner, place: Place, four: Alone
) -> None:
    def killing(count: int, _total: int) -> None:
        if count == 3:
            place.kill_a_worker()

    told = run(tmp_path / "out", four.folder, read=MisbehavingReader(), maker=impatient(place.maker), progress=killing)
    reasons = {Path(one["source"]).name[:2]: one["error"]["key"] for one in told if one["status"] == "unreadable"}
    assert reasons == {"01": "time_limit", "02": "time_limit", "03": "memory_limit", "05": "process_died"}
    assert {one["status"] for one in four.summaries} == {"verified"}
    assert [one for one in told if one["status"] == "verified"] == four.summaries
    assert datasets(tmp_path / "out", {one["document_id"] for one in four.summaries}) == four.datasets


def test_real_files_that_never_end_or_fill_memory_are_unreadable_with_the_reason(tmp_path: Path, run: Runner) -> None:
    (good,) = copies(tmp_path / "in", 1)
    (tmp_path / "in" / "endless.pdf").write_bytes(bomb(texts()) + NEVER_ENDS)
    reasons = []
    for maker in (
        impatient(partial(processes, 2, Limits(memory=8 << 30))),
        partial(processes, 2, Limits(seconds=60, memory=1 << 29)),
    ):
        told = run(tmp_path / "out", tmp_path / "in", read=reader("pdfium"), maker=maker)
        assert {Path(one["source"]).name: one["status"] for one in told} == {
            good.name: "verified",
            "endless.pdf": "unreadable",
        }
        reasons += [one["error"]["key"] for one in told if one["error"]]
    assert reasons == ["time_limit", "memory_limit"]


def test_a_document_that_was_lost_is_tried_again_by_the_next_run(tmp_path: Path, run: Runner) -> None:
    path = tmp_path / "slow.pdf"
    path.write_bytes(VERIFIED[0].read_bytes())
    assert [
        one["status"] for one in run(tmp_path / "out", path, maker=partial(processes, 1, Limits(seconds=0.001)))
    ] == ["unreadable"]
    assert [one["status"] for one in run(tmp_path / "out", path)] == ["verified"]
    run(tmp_path / "undisturbed", path)
    assert contents(tmp_path / "out") == contents(tmp_path / "undisturbed")


def test_ctrl_c_waits_for_no_document(tmp_path: Path, run: Runner) -> None:
    copies(tmp_path / "in", 2)
    (tmp_path / "in" / "never.pdf").write_bytes(HANGS)

    def press(count: int, _total: int) -> None:
        if count == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(
            tmp_path / "out",
            tmp_path / "in",
            read=MisbehavingReader(),
            maker=partial(processes, 2, Limits(seconds=36_000)),
            progress=press,
        )


def test_what_is_lost_costs_the_next_work_nothing() -> None:
    children = Children()
    for misdeed in (_die, _fill_memory, sys.exit):
        assert children.run(LIMITS, len, "four") == 4
        with pytest.raises(LostError):
            children.run(LIMITS, misdeed, 9)
    children.close()


def _die(number: int) -> None:
    os.kill(os.getpid(), number)


def _fill_memory(step: int) -> None:
    filled = []
    while True:
        filled.append(bytearray(step << 20))


@pytest.mark.parametrize("begin", ["", "children.fork(1)"], ids=["started", "copied"])
def test_the_processes_end_with_the_one_that_started_them(begin: str) -> None:
    script = f"""
import os, signal
from extract.runs.isolation import Children, Limits
children = Children()
{begin}
print(children.run(Limits(), eval, "__import__('os').getpid()"), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, check=False)
    orphan = int(done.stdout)
    for _ in range(100):
        if not Path(f"/proc/{orphan}").exists():
            break
        time.sleep(0.1)
    assert not Path(f"/proc/{orphan}").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only")
def test_a_copy_of_this_process_knows_what_it_has_loaded_holds_none_of_its_locks_and_is_told_from_it(
    tmp_path: Path,
) -> None:
    script = """
import fcntl, os, signal, sys, threading
from extract.errors import LostError
from extract.runs.isolation import Children, Limits
import wave
children, limits = Children(), Limits(seconds=60)
lock = open(sys.argv[1], "w")
fcntl.flock(lock, fcntl.LOCK_EX)
children.fork(2)
print(children.run(limits, eval, "'wave' in __import__('sys').modules"))
print(children.run(limits, eval, "print('no answer') or __import__('os').getppid()") == os.getpid())
lock.close()
signal.alarm(30)  # the second copy may be about to let go of what it has inherited
fcntl.flock(open(sys.argv[1]), fcntl.LOCK_EX)
signal.alarm(0)
dies = "__import__('os').kill(__import__('os').getpid(), 9)"
for misdeed in (dies, "[bytearray(9 << 20) for _ in range(999)]", "exit(3)"):
    try:
        children.run(Limits(memory=1 << 30), eval, misdeed)
    except LostError as error:
        print(error.key)
print(children.run(limits, eval, "'wave' in __import__('sys').modules"))
children.close()
other = Children()
waiting = threading.Thread(target=threading.Event().wait, daemon=True)
waiting.start()
other.fork(1)
print(other.run(limits, eval, "'wave' in __import__('sys').modules"))
other.close()
"""
    told = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "lock")],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    lost = ["process_died", "memory_limit", "process_died"]
    assert told.stdout.split() == ["True", "True", *lost, "False", "False"]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux")
def test_what_the_program_itself_holds_is_no_memory_that_a_document_takes() -> None:
    script = """
from extract.errors import LostError
from extract.runs.isolation import Children, Limits
held, children, limits = b"1" * (300 << 20), Children(), Limits(seconds=60, memory=1 << 28)
children.fork(3)
print(children.run(limits, eval, "len(bytearray(99 << 20)) >> 20"))
dies = "__import__('os').kill(__import__('os').getpid(), 9)"
takes_much = "[bytearray(9 << 20) for _ in range(24)] and __import__('os').abort()"
for misdeed in (dies, takes_much, "exit()", dies, takes_much):  # the last two begin from nothing
    try:
        children.run(limits, eval, misdeed)
    except LostError as error:
        print(error.key)
    if misdeed == "exit()":
        held = None
children.close()
"""
    told = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, check=True, text=True)
    assert told.stdout.split() == [
        "99",
        *("process_died", "memory_limit", "process_died"),
        "process_died",
        "memory_limit",
    ]


def test_a_worker_with_another_version_ends_the_run(schemas: Schemas) -> None:
    job = Job("report.pdf", str(VERIFIED[0]), None, Recipe(reader(DEFAULT_READER), schemas, (), version="0.0.1"))
    with pytest.raises(ClusterError, match=r"0\.0\.1"):
        Children().run(LIMITS, work, job)


def test_a_cluster_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "PATIENCE", 1)
    done = extract(str(VERIFIED[0]), "-o", str(tmp_path / "out"), "--dask", "tcp://127.0.0.1:1")
    assert done.returncode == 2
    assert b"tcp://127.0.0.1:1" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_cluster_without_workers_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(executors, "PATIENCE", 1)
    with (
        distributed.LocalCluster(n_workers=0, processes=True, dashboard_address=":0") as cluster,
        pytest.raises(ClusterError, match="dask worker"),
        dask(cluster.scheduler_address, LIMITS),
    ):
        pass
