"""Runs over many documents: what is read again and what is not, what a run that ends too early leaves, and what is
told.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from command import FAILING, GOOD, documents, extract
from conftest import BOTH, LISTENING, SAMPLES, Runner
from engine import same_thread
from killed import contents, make_documents, measure

from extract.errors import OutputError
from extract.model.report import Outcome, Report
from extract.out.packed import PackedDocument, pack
from extract.out.replace import locked
from extract.out.state import STATE
from extract.reading.base import DEFAULT_READER, reader
from extract.runs.batch import Batch
from extract.runs.executors import processes
from extract.runs.interrupted import FOLDER
from extract.runs.isolation import Limits
from extract.runs.jobs import Recipe
from extract.runs.sources import Source, find_sources
from extract.schemas.grammar import Schemas

IN_PROCESSES = partial(processes, 2, Limits())


class Counted:
    """The progress of a run: how many documents it read. After `stop` of them Ctrl-C is pressed."""

    def __init__(self, stop: int = 0) -> None:
        self.read, self._stop = 0, stop

    def __call__(self, count: int, _total: int) -> None:
        self.read = count
        if count and count == self._stop:
            raise KeyboardInterrupt


def read_of(run: Runner, out: Path, *paths: Path, redo: bool = False) -> int:
    """How many documents a run reads."""
    counted = Counted()
    run(out, *paths, progress=counted, redo=redo)
    return counted.read


# ---- which documents -------------------------------------------------------------------------------------------------


def test_files_folders_and_patterns_are_searched_through(tmp_path: Path) -> None:
    for name in ("a/1.pdf", "a/deep/2.PDF", "a/notes.txt", "b/3.pdf", "b/4.pdf", "c [1].pdf"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    wanted = [str(tmp_path / name) for name in ("a", "b/*.pdf", "c [1].pdf", "**/3.pdf")]
    found = [Path(name).relative_to(tmp_path).as_posix() for name in find_sources(wanted).documents]
    assert found == ["a/1.pdf", "a/deep/2.PDF", "b/3.pdf", "b/4.pdf", "c [1].pdf"]


def test_a_pattern_that_matches_nothing_is_told(tmp_path: Path) -> None:
    done = extract(str(tmp_path / "*.pdf"), "-o", str(tmp_path / "out"))
    assert (done.returncode, b"*.pdf does not exist" in done.stderr) == (2, True)


def test_the_same_content_under_two_names_is_read_once_and_told(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        shutil.copy(GOOD, tmp_path / name)
    done = extract(str(tmp_path), FAILING, "-o", str(tmp_path / "out"), "--json")
    told = json.loads(done.stdout)
    assert told["duplicates"] == [{"source": str(tmp_path / "b.pdf"), "same_as": str(tmp_path / "a.pdf")}]
    assert set(documents(tmp_path / "out")) == {"a.pdf", Path(FAILING).name}


# ---- only what is new ------------------------------------------------------------------------------------------------


def test_only_what_is_new_or_changed_is_read(tmp_path: Path, run: Runner) -> None:
    paths = make_documents(tmp_path / "in", 3)
    out = tmp_path / "out"
    assert read_of(run, out, tmp_path / "in") == 3
    before = contents(out)
    assert read_of(run, out, tmp_path / "in") == 0
    assert contents(out) == before
    paths[1].write_bytes(paths[1].read_bytes() + b"%changed\n")
    shutil.copy(SAMPLES[0], tmp_path / "in" / "new.pdf")
    assert read_of(run, out, tmp_path / "in") == 2
    run(tmp_path / "fresh", tmp_path / "in")
    assert contents(out) == contents(tmp_path / "fresh")
    assert read_of(run, out, tmp_path / "in", redo=True) == 4
    assert contents(out) == contents(tmp_path / "fresh")


def test_other_schemas_another_reader_or_review_pages_read_again(tmp_path: Path, run: Runner) -> None:
    out, counted = tmp_path / "out", Counted()
    run(out, SAMPLES[0])
    run(out, SAMPLES[0], read=reader("pdfplumber"), progress=counted)
    assert counted.read == 1
    assert extract(str(SAMPLES[0]), "-o", str(out)).returncode == 0
    assert len(list((out / "review").glob("20*.html"))) == 1
    shutil.copytree(Path(__file__).parents[1] / "schemas", tmp_path / "schemas")
    with (tmp_path / "schemas" / "rules.toml").open("a") as stream:
        stream.write("# changed\n")
    before = json.loads((out / STATE).read_text(encoding="utf-8"))["edition"]
    assert extract(str(SAMPLES[0]), "-o", str(out), "--schemas", str(tmp_path / "schemas")).returncode == 0
    assert json.loads((out / STATE).read_text(encoding="utf-8"))["edition"] != before


def test_a_document_that_cannot_be_opened_for_once_stays_as_it_was_read(tmp_path: Path, run: Runner) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(SAMPLES[0].read_bytes())
    run(tmp_path / "out", path)
    before = contents(tmp_path / "out")
    lost = Source(str(path), None)
    path.rename(tmp_path / "elsewhere")
    [told] = Batch(tmp_path / "out", Recipe(reader(DEFAULT_READER), run.schemas, ("xlsx",)), same_thread, "").run(
        [lost], lambda *_: None
    )
    assert told["error"]["key"] == "input_unreadable"
    assert contents(tmp_path / "out") == before


@pytest.mark.parametrize("without_state", [False, True])
def test_a_document_that_a_run_loses_stays_as_it_was_read_before(
    tmp_path: Path, run: Runner, without_state: bool
) -> None:
    out = tmp_path / "out"
    run(out, SAMPLES[0])
    if without_state:
        (out / STATE).unlink()
    run(out, SAMPLES[0], redo=True, maker=partial(processes, 1, Limits(seconds=0.001)))
    assert pq.read_table(out / "parquet" / "documents.parquet")["status"].to_pylist() == ["verified"]


def test_where_the_state_is_gone_no_old_workbook_of_all_stays(tmp_path: Path, run: Runner) -> None:
    run(tmp_path / "whole", *SAMPLES, files=("xlsx",))
    run(tmp_path / "out", *SAMPLES[:2], files=("xlsx",))
    (tmp_path / "out" / STATE).unlink()
    run(tmp_path / "out", SAMPLES[2], files=("xlsx",))
    name = "xlsx/全部.xlsx"
    assert contents(tmp_path / "out")[name] == contents(tmp_path / "whole")[name]


def test_other_columns_in_out_are_told_before_anything_is_read(tmp_path: Path, run: Runner) -> None:
    run(tmp_path, SAMPLES[0])
    path = tmp_path / "parquet" / "revenue.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["row"]), path)
    counted = Counted()
    with pytest.raises(OutputError, match="revenue"):
        run(tmp_path, *SAMPLES, progress=counted)
    assert counted.read == 0


def test_without_workbooks_none_is_written_and_none_stays(tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = (str(SAMPLES[0]), str(SAMPLES[1]), "-o", str(out), "--no-review")
    assert extract(*command).returncode == 0
    assert len(list((out / "xlsx").iterdir())) == 3
    assert extract(*command, "--no-workbooks").returncode == 0
    assert list((out / "xlsx").iterdir()) == []
    assert extract(*command).returncode == 0
    assert len(list((out / "xlsx").iterdir())) == 3


def test_what_somebody_deleted_is_made_again(tmp_path: Path, run: Runner) -> None:
    out = tmp_path / "out"
    run(out, *SAMPLES)
    before = contents(out)
    (out / "csv" / "facts.csv").unlink()
    assert read_of(run, out, *SAMPLES) == 3
    assert contents(out) == before
    for name in ("csv", "parquet"):
        shutil.rmtree(out / name)
    (out / "datapackage.json").unlink()
    run(out, *SAMPLES)
    assert contents(out) == before


def test_a_run_with_nothing_new_tells_and_ends_as_the_one_before(tmp_path: Path) -> None:
    (tmp_path / "no.pdf").write_text("no PDF")
    arguments = (str(SAMPLES[0].parent), str(tmp_path / "no.pdf"), "-o", str(tmp_path / "out"), "--json")
    first, second = extract(*arguments), extract(*arguments)
    assert (first.returncode, second.returncode) == (3, 3)
    assert (second.stdout, second.stderr) == (first.stdout, first.stderr)
    assert len(json.loads(second.stdout)["between_documents"]) > 15


# ---- a run that ends too early ---------------------------------------------------------------------------------------


def test_ctrl_c_leaves_out_whole_and_the_next_run_goes_on(tmp_path: Path, run: Runner) -> None:
    make_documents(tmp_path / "in", 6)
    run(tmp_path / "undisturbed", tmp_path / "in")
    out = tmp_path / "out"
    run(out, tmp_path / "in" / "00000.pdf")
    before = contents(out)
    with pytest.raises(KeyboardInterrupt):
        run(out, tmp_path / "in", maker=IN_PROCESSES, progress=Counted(stop=4))
    assert {name: held for name, held in contents(out).items() if not name.startswith(FOLDER)} == before
    assert read_of(run, out, tmp_path / "in") == 1
    assert contents(out) == contents(tmp_path / "undisturbed")


def test_what_an_interrupted_run_has_read_outlives_another_run(tmp_path: Path, run: Runner) -> None:
    make_documents(tmp_path / "in", 4)
    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        run(out, tmp_path / "in", progress=Counted(stop=3))
    run(out, SAMPLES[0])
    assert read_of(run, out, tmp_path / "in") == 1
    assert not (out / FOLDER).exists()


def test_a_document_that_a_later_run_loses_keeps_what_was_read_before(tmp_path: Path, run: Runner) -> None:
    run(tmp_path / "out", Path(GOOD))
    before = contents(tmp_path / "out")
    [told] = run(tmp_path / "out", Path(GOOD), redo=True, maker=partial(processes, 1, Limits(seconds=0.001)))
    assert (told["status"], told["error"]["key"]) == ("unreadable", "time_limit")
    assert contents(tmp_path / "out") == before
    assert read_of(run, tmp_path / "out", Path(GOOD)) == 0


def test_files_that_cannot_be_opened_are_documents_of_their_own(tmp_path: Path, schemas: Schemas) -> None:
    (tmp_path / "out").mkdir()
    batch = Batch(tmp_path / "out", Recipe(reader(DEFAULT_READER), schemas, ("xlsx",)), same_thread, "")
    batch.run([Source(str(tmp_path / name), None) for name in ("a.pdf", "b.pdf")], lambda _count, _total: None)
    assert sorted(documents(tmp_path / "out")) == ["a.pdf", "b.pdf"]


def test_a_piece_with_a_flipped_bit_is_an_error_of_no_kind(schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    packed = pack(Outcome(sample_reports["2024"], {"xlsx": b"x"}), schemas, "edition")
    assert PackedDocument(packed).whole()
    for place in range(0, len(packed), max(1, len(packed) // 200)):
        damaged = bytearray(packed)
        damaged[place] ^= 1
        assert PackedDocument(bytes(damaged)).whole() in (True, False)  # never an error


def test_what_is_cut_off_or_no_longer_asked_for_is_not_taken(tmp_path: Path, run: Runner) -> None:
    paths = make_documents(tmp_path / "in", 4)
    run(tmp_path / "undisturbed", tmp_path / "in")
    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        run(out, tmp_path / "in", progress=Counted(stop=3))
    kept = sorted((out / FOLDER).glob("*.piece"))
    kept[0].write_bytes(kept[0].read_bytes()[:-1000])
    (out / FOLDER / "0.unfinished").write_bytes(b"half")
    content = paths[0].read_bytes()
    paths[0].write_bytes(content + b"%")
    with pytest.raises(KeyboardInterrupt):
        run(out, tmp_path / "in", progress=Counted(stop=1))
    paths[0].write_bytes(content)
    run(out, tmp_path / "in")
    assert contents(out) == contents(tmp_path / "undisturbed")


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_killed_at_random_moments_the_run_ends_with_the_same_bytes(tmp_path: Path) -> None:
    assert (
        measure(
            tmp_path, documents=4, kills=3, seed=1, options=["--jobs", "2", "--no-review", "--no-workbooks"]
        ).differing
        == []
    )


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_on_the_command_line(tmp_path: Path) -> None:
    make_documents(tmp_path / "in", 12)
    command = [sys.executable, "-m", "extract", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--lang", "en"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, preexec_fn=LISTENING)
    while process.poll() is None and len(list((tmp_path / "out" / FOLDER).glob("*.piece"))) < 2:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate()
    assert process.returncode == 130
    assert b"same command" in told
    assert len(told.splitlines()) == 1
    state = extract("status", str(tmp_path / "out")).stdout.decode()
    assert f"extract {tmp_path / 'in'} -o {tmp_path / 'out'}" in state
    assert "of 12" in state


def test_two_runs_into_one_folder_keep_apart(tmp_path: Path, run: Runner) -> None:
    run(tmp_path / "out", Path(GOOD))
    before = contents(tmp_path / "out")
    with locked(tmp_path / "out"):
        done = extract(FAILING, "-o", str(tmp_path / "out"))
    assert (done.returncode, len(done.stderr.splitlines())) == (7, 1)
    assert b"Another run" in done.stderr
    assert contents(tmp_path / "out") == before
    assert extract(FAILING, "-o", str(tmp_path / "out")).returncode == 0


# ---- a full disk -----------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk is not allowed")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)  # a reader of the disk may not have closed it yet


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path, small_disk: Path, run: Runner) -> None:
    make_documents(tmp_path / "in", 5)
    out = small_disk / "out"
    assert extract(GOOD, "-o", str(out)).returncode == 0
    before = contents(out)
    done = extract(str(tmp_path / "in"), GOOD, "-o", str(out))
    assert done.returncode == 7
    assert b"No space left" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert {name: held for name, held in contents(out).items() if not name.startswith(FOLDER)} == before
    subprocess.run(["mount", "-o", "remount,size=100m", str(small_disk)], check=True)
    extract(str(tmp_path / "in"), GOOD, "-o", str(out))
    as_deep = tmp_path / "roomy" / "out"  # pages lead to the documents
    as_deep.mkdir(parents=True)
    run(as_deep, tmp_path / "in", Path(GOOD), files=BOTH)
    assert contents(out) == contents(as_deep)


@pytest.mark.skipif(sys.platform == "win32", reason="RLIMIT_FSIZE")
def test_a_file_that_may_not_grow_is_told_and_loses_nothing(tmp_path: Path) -> None:
    import resource

    out = tmp_path / "out"
    assert extract(GOOD, "-o", str(out)).returncode == 0
    before = contents(out)
    command = [sys.executable, "-m", "extract", FAILING, "-o", str(out), "--lang", "en"]
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (60_000, 60_000))
    done = subprocess.run(command, preexec_fn=limit, capture_output=True, check=False)
    assert done.returncode == 7
    assert b"No space left for" in done.stderr
    assert {name: held for name, held in contents(out).items() if not name.startswith(FOLDER)} == before


# ---- what is told ----------------------------------------------------------------------------------------------------


def test_status_counts_and_tells_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "no.pdf").write_text("no PDF")
    extract(str(SAMPLES[0].parent), str(tmp_path / "no.pdf"), "-o", str(tmp_path / "out"))
    told = extract("status", str(tmp_path / "out")).stdout.decode()
    assert [line.split() for line in told.splitlines()[1:4]] == [
        ["2", "verified"],
        ["1", "failed"],
        ["1", "unreadable"],
    ]
    assert "no.pdf: Not a readable PDF" in told
    assert f"{FAILING}: failed, failing checks: 4" in told
    data = json.loads(extract("status", str(tmp_path / "out"), "--json").stdout)
    assert (data["documents"], data["statuses"], data["interrupted"]) == (
        4,
        {"verified": 2, "failed": 1, "unreadable": 1},
        None,
    )
    assert {(Path(one["source"]).name, one["status"], one["fail"]) for one in data["not_verified"]} == {
        ("no.pdf", "unreadable", 0),
        (Path(FAILING).name, "failed", 4),
    }
    nothing = extract("status", str(tmp_path))
    assert (nothing.returncode, str(tmp_path) in nothing.stderr.decode()) == (2, True)


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
def test_on_a_terminal_many_documents_are_counted_and_only_those_with_something_wrong_are_listed(
    tmp_path: Path,
) -> None:
    (tmp_path / "in").mkdir()
    for number in range(41):
        (tmp_path / "in" / f"{number}.pdf").write_text(f"no PDF {number}")
    shown = on_a_terminal(str(tmp_path / "in"), GOOD, "-o", str(tmp_path / "out"))
    assert "42/42" in shown
    assert "unreadable 41, verified 1" in shown
    assert "… and 1 more" in shown
    assert Path(GOOD).name not in shown


def on_a_terminal(*arguments: str) -> str:
    """What the command writes to a terminal, without its colours."""
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "extract", *arguments, "--lang", "en"]
    process = subprocess.Popen(command, stderr=theirs, env={**os.environ, "COLUMNS": "150", "TERM": "xterm"})
    os.close(theirs)
    shown = b""
    with (
        suppress(OSError),
        open(ours, "rb", buffering=0) as terminal,
    ):  # it ends with an error once the other end is closed
        while piece := terminal.read(65536):
            shown += piece
    process.wait()
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())


def test_jobs_and_dask_exclude_each_other(tmp_path: Path) -> None:
    done = extract(GOOD, "-o", str(tmp_path / "out"), "--jobs", "2", "--dask", "tcp://127.0.0.1:1")
    assert done.returncode == 2
    assert b"--jobs, --dask" in done.stderr
