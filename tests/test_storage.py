"""Documents and output folders in a store: against a server that speaks S3, where a run takes seconds, and in memory
where a test is about what holds for any store.
"""

import atexit
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import fsspec
import pytest
from click.testing import CliRunner, Result
from command import FAILING, GOOD, documents, extract
from conftest import LISTENING, SAMPLES
from store import ENVIRONMENT, Request, Store, files

from extract import open_folder, read
from extract.cli.app import cli
from extract.errors import InputError, OutputError
from extract.out import layout
from extract.runs.sources import find_sources
from extract.schemas.load import load
from extract.stores.client import StoredFolder
from extract.stores.working_copy import CLAIM, MARKER, UPLOAD, reading, writable

BUCKET = "budgets"
IN, OUT, S3_OUT = f"s3://{BUCKET}/in", "memory://out", f"s3://{BUCKET}/out"
VERIFIED = (SAMPLES[0], SAMPLES[2])
PLAIN = ("--no-review", "--no-workbooks", "--jobs", "1")
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")


@pytest.fixture(scope="module")
def server() -> Iterator[Store]:
    with closing(Store()) as store:
        yield store


@pytest.fixture
def store(server: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store with two verified samples in it, and a machine that has not yet seen it."""
    for name, value in {
        **ENVIRONMENT,
        "AWS_ENDPOINT_URL": server.url,
        "XDG_CACHE_HOME": new_cache(tmp_path / "cache"),
    }.items():
        monkeypatch.setenv(name, value)
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    in_memory().store.clear()
    in_memory().pseudo_dirs[:] = [""]
    server.empty(BUCKET)
    for path in VERIFIED:
        server.put(BUCKET, f"in/{path.name}", path.read_bytes())
    server.requests.clear()
    return server


@pytest.fixture(scope="module")
def kept() -> dict[str, bytes]:
    return {}


@pytest.fixture
def local_run(store: Store, tmp_path: Path, kept: dict[str, bytes]) -> dict[str, bytes]:
    """The files that a run over the store into a folder of this machine writes, without pictures."""
    if not kept:
        done(IN, "-o", str(tmp_path / "local"))
        kept.update(files(tmp_path / "local"))
        store.requests.clear()
    return kept


def done(*arguments: str) -> None:
    """The command without pictures, and without workbooks of several documents; it must succeed."""
    ended = extract(*arguments, *(PLAIN if IN in arguments else ["--no-review"]))
    assert (ended.returncode, ended.stderr) == (0, b"")


def told(*arguments: str) -> Result:
    """What a command that writes nothing tells, with the error that it raises."""
    return CliRunner().invoke(cli, arguments)


def in_memory() -> Any:
    return fsspec.filesystem("memory")


def held_in(url: str) -> dict[str, bytes]:
    """Every object below a folder in memory."""
    root = url.removeprefix("memory:/") + "/"
    return {name.removeprefix(root): in_memory().cat_file(name) for name in in_memory().find(root)}


def local_copy(folder: Path) -> Path:
    """What somebody gets who copies the output folder out of the store."""
    for name, held in held_in(OUT).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(held)
    return folder


@cache
def prepared() -> Path:
    """A user's cache in which there is nothing but the schemas."""
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        load()
    return folder


def new_cache(folder: Path) -> str:
    """The cache of a user whose machine has not seen the store."""
    return str(shutil.copytree(prepared(), folder))


def on_another_machine(tmp_path: Path, *arguments: str) -> int:
    """How the command ends where nothing of the store has been seen."""
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    return extract(*arguments, environment={"XDG_CACHE_HOME": new_cache(tmp_path / "other")}).returncode


# ---- input -----------------------------------------------------------------------------------------------------------


def test_objects_folders_and_patterns_are_searched_through(store: Store, tmp_path: Path) -> None:
    for name in ("a/deep/2.PDF", "a/1.pdf", "a/notes.txt", "b/3.pdf", "b/4.pdf", "c [1].pdf", "ab/5.pdf"):
        store.put(BUCKET, name, name.encode())
    (tmp_path / "local.pdf").touch()
    wanted = [
        f"s3://{BUCKET}/a",
        str(tmp_path / "local.pdf"),
        f"s3://{BUCKET}/b/*.pdf",
        f"s3://{BUCKET}/c [1].pdf",
        f"s3://{BUCKET}/**/3.pdf",
    ]
    found = find_sources(wanted).documents
    remote = [f"s3://{BUCKET}/{name}" for name in ("a/1.pdf", "a/deep/2.PDF", "b/3.pdf", "b/4.pdf", "c [1].pdf")]
    assert list(found) == [*remote[:2], str(tmp_path / "local.pdf"), *remote[2:]]
    assert all(found[url] for url in remote)


@pytest.mark.parametrize("name", ["nobucket/in", f"{BUCKET}/none.pdf", f"{BUCKET}/none/*.pdf"])
def test_what_is_not_there_is_told_as_for_local_names(store: Store, name: str) -> None:
    with pytest.raises(
        InputError, match=f"找不到 s3://{name.replace('*', '.')}|s3://{name.replace('*', '.')} does not exist"
    ):
        find_sources([f"s3://{name}"])


def test_documents_and_datasets_in_a_store_are_as_in_a_folder(store: Store, tmp_path: Path) -> None:
    local = extract(IN, GOOD, "-o", str(tmp_path / "out"), "--json", "--jobs", "2")
    remote = extract(IN, GOOD, "-o", S3_OUT, "--json", "--jobs", "2")
    assert (local.returncode, remote.returncode, remote.stderr) == (0, 0, b"")
    assert store.contents(BUCKET, "out") == files(tmp_path / "out")
    summary = json.loads(remote.stdout)
    assert summary == {**json.loads(local.stdout), "output": S3_OUT}
    assert [one["source"] for one in summary["documents"]] == [f"{IN}/{path.name}" for path in VERIFIED]
    assert summary["duplicates"] == [{"source": GOOD, "same_as": f"{IN}/{Path(GOOD).name}"}]


def test_many_documents_in_a_store_are_as_in_a_folder_and_what_did_not_change_stays(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "SINGLE", 0)
    for out in (OUT, str(tmp_path / "out")):
        done(IN, "-o", out)
    assert held_in(OUT) == files(tmp_path / "out")
    assert any(name.startswith("parquet/facts/bucket=") for name in files(tmp_path / "out"))
    before = in_memory().find("/out", detail=True)
    for out in (OUT, str(tmp_path / "out")):
        assert extract(FAILING, "-o", out, *PLAIN).returncode == 0
    assert held_in(OUT) == files(tmp_path / "out")
    now = in_memory().find("/out", detail=True)
    replaced = [name for name in {*before, *now} if before.get(name) != now.get(name)]
    assert any(name.startswith("/out/parquet/facts/") for name in replaced)
    assert not [name for name in replaced if f"bucket={layout.FIRST}" in name]  # without a document
    state = told("status", OUT)
    assert (state.exit_code, "3" in state.output) == (0, True)


def test_only_objects_that_are_new_or_changed_are_read(store: Store, tmp_path: Path) -> None:
    done(IN, "-o", OUT)
    before = held_in(OUT)
    store.requests.clear()
    done(IN, "-o", OUT)
    assert store.asked("GET", ending=".pdf") == []
    assert held_in(OUT) == before
    changed, added = f"in/{VERIFIED[0].name}", "in/new.pdf"
    store.put(BUCKET, changed, VERIFIED[0].read_bytes() + b"%changed\n")
    store.put(BUCKET, added, VERIFIED[1].read_bytes() + b"%added\n")
    store.requests.clear()
    done(IN, "-o", OUT)
    assert set(store.asked("GET", ending=".pdf")) == {f"{BUCKET}/{changed}", f"{BUCKET}/{added}"}
    assert on_another_machine(tmp_path, IN, "-o", OUT, *PLAIN) == 0
    assert store.asked("GET", ending=".pdf") == []
    done(IN, "-o", str(tmp_path / "fresh"))
    assert held_in(OUT) == files(tmp_path / "fresh")


def test_an_object_that_is_broken_or_may_not_be_read_harms_no_other(store: Store, tmp_path: Path) -> None:
    store.put(BUCKET, "in/no.pdf", b"this is no PDF")
    secret = VERIFIED[0].name
    with store.meeting(lambda request: request.name != f"{BUCKET}/in/{secret}"):
        ended = extract(IN, "-o", str(tmp_path / "out"), *PLAIN)
    assert (ended.returncode, len(ended.stderr.splitlines())) == (3, 2)
    assert b"the store denies access" in ended.stderr
    statuses = {name: status for name, (status, _) in documents(tmp_path / "out").items()}
    assert statuses == {"no.pdf": "unreadable", secret: "unreadable", Path(GOOD).name: "verified"}
    store.client.delete_object(Bucket=BUCKET, Key="in/no.pdf")
    done(IN, "-o", str(tmp_path / "out"))
    assert json.loads(told("status", str(tmp_path / "out"), "--json").stdout)["statuses"]["verified"] == 2


def test_the_workers_of_a_cluster_read_from_the_store(store: Store, local_run: dict[str, bytes]) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=True, dashboard_address=":0") as cluster:
        assert extract(IN, "-o", OUT, *PLAIN[:2], "--dask", cluster.scheduler_address).returncode == 0
    assert held_in(OUT) == local_run


# ---- what a store refuses --------------------------------------------------------------------------------------------


def test_a_store_that_cannot_be_reached_is_told(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    for arguments, code in (((IN, "-o", str(tmp_path / "out")), 2), ((GOOD, "-o", S3_OUT), 7), (("status", S3_OUT), 2)):
        ended = extract(*arguments)
        assert (ended.returncode, ended.stdout, len(ended.stderr.splitlines())) == (code, b"", 1)
        assert b"AWS_ENDPOINT_URL" in ended.stderr
    assert not (tmp_path / "out").exists()


def test_a_bucket_that_may_not_be_listed_or_written_is_told_before_anything_is_read(
    store: Store, tmp_path: Path
) -> None:
    with store.meeting(lambda request: request.name != BUCKET):
        ended = extract(IN, "-o", str(tmp_path / "out"))
    assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1)
    assert b"the store denies access" in ended.stderr
    store.requests.clear()
    with store.meeting(lambda request: request.method != "PUT"):
        ended = extract(IN, "-o", S3_OUT)
    assert (ended.returncode, len(ended.stderr.splitlines())) == (7, 1)
    assert b"the store denies access" in ended.stderr
    assert store.asked("GET", ending=".pdf") == []


def test_a_bucket_is_not_made(store: Store) -> None:
    ended = extract(GOOD, "-o", "s3://nobucket/out")
    assert ended.returncode == 7
    assert b"The bucket of s3://nobucket/out does not exist" in ended.stderr
    assert [one["Name"] for one in store.client.list_buckets()["Buckets"]] == [BUCKET]


@pytest.mark.parametrize("arguments", [(IN, "-o", "out"), (GOOD, "-o", S3_OUT), ("status", S3_OUT)])
def test_without_the_extra_it_is_told_what_to_install(store: Store, arguments: tuple[str, ...]) -> None:
    script = (
        "import sys; sys.modules['fsspec'] = sys.modules['platformdirs'] = None; "
        "from extract.cli.commands import main; main()"
    )
    ended = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, check=False)
    assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1)
    assert b"pip install 'disclosure-extract[s3]'" in ended.stderr


# ---- output ----------------------------------------------------------------------------------------------------------


def test_an_output_folder_in_a_store_is_told_of_and_opened_as_one_on_a_disk(store: Store, tmp_path: Path) -> None:
    assert extract(FAILING, f"{IN}/{Path(GOOD).name}", "-o", OUT).returncode == 0
    local = local_copy(tmp_path / "out")
    for command in ("status", "coverage"):
        there, here = told(command, OUT), told(command, str(local))
        assert (there.exit_code, there.stdout) == (0, here.stdout.replace(str(local), OUT))
    page = Path(told("review", OUT).stdout.strip())
    assert files(page.parent) == files(local / "review")
    opened, as_local = open_folder(OUT), open_folder(local)
    assert (opened.datasets, opened.arrow("facts")) == (as_local.datasets, as_local.arrow("facts"))
    assert repr(opened) == repr(as_local).replace(str(local), OUT)
    assert read(f"{IN}/{Path(GOOD).name}").status == "verified"
    for command in ("status", "coverage", "review"):
        nothing = told(command, "memory://none").exception
        assert (isinstance(nothing, InputError), "memory://none" in str(nothing)) == (True, True)


def test_one_document_what_somebody_deleted_and_all_again(store: Store, tmp_path: Path) -> None:
    command = (f"{IN}/{Path(GOOD).name}", "-o", OUT)
    done(*command)
    whole = held_in(OUT)
    in_memory().rm_file("/out/csv/facts.csv")
    done(*command)
    assert held_in(OUT) == whole
    store.requests.clear()
    done(*command, "--redo")
    assert len(store.asked("GET", ending=".pdf")) == 1  # what it holds is known, what it says is wanted
    assert held_in(OUT) == whole


def test_files_that_are_no_longer_called_so_go(store: Store, tmp_path: Path) -> None:
    store.put(BUCKET, "new/a [1].pdf", Path(GOOD).read_bytes())
    done(f"s3://{BUCKET}/new/a [1].pdf", "-o", OUT)
    store.put(BUCKET, "new/b.pdf", Path(GOOD).read_bytes())
    done(f"s3://{BUCKET}/new/b.pdf", "-o", OUT, "--by-year")
    by_year = "parquet/facts/fiscal_year=2026/part-0.parquet"
    assert {"xlsx/a [1].xlsx", "xlsx/b.xlsx", "parquet/facts.parquet", by_year} & set(held_in(OUT)) == {
        "xlsx/b.xlsx",
        by_year,
    }
    assert on_another_machine(tmp_path, f"s3://{BUCKET}/new/b.pdf", "-o", OUT, "--no-review", "--one-file") == 0
    before = held_in(OUT)
    done(f"s3://{BUCKET}/new/b.pdf", "-o", OUT)
    assert "parquet/facts.parquet" in before
    assert held_in(OUT) == before


def test_a_folder_that_was_copied_into_the_store_is_gone_on_with_and_a_foreign_one_is_not(
    store: Store, tmp_path: Path
) -> None:
    done(GOOD, "-o", str(tmp_path / "out"))
    for name, held in files(tmp_path / "out").items():
        in_memory().pipe_file(f"/out/{name}", held)
    done(str(SAMPLES[0]), "-o", OUT)
    done(str(SAMPLES[0]), "-o", str(tmp_path / "out"))
    assert held_in(OUT) == files(tmp_path / "out")
    in_memory().pipe_file("/other/csv/mine.csv", b"mine")
    ended = extract(GOOD, "-o", "memory://other")
    assert (ended.returncode, "memory://other" in ended.stderr.decode()) == (7, True)
    assert held_in("memory://other") == {"csv/mine.csv": b"mine"}


# ---- runs that end too early, and others at the same time ------------------------------------------------------------


class Interrupting:
    """Sends a signal to a run when it asks for the `count`th of these things."""

    def __init__(self, sent: signal.Signals, count: int, method: str, within: str, copies: bool = False) -> None:
        self._sent, self._left, self._wanted = sent, count, (method, within, copies)
        self.process: subprocess.Popen[bytes] | None = None

    def __call__(self, request: Request) -> None:
        method, within, copies = self._wanted
        if self.process and (request.method, request.copies) == (method, copies) and within in request.name:
            self._left -= 1
            if self._left == 0:
                self.process.send_signal(self._sent)

    def run(self, store: Store, *arguments: str) -> tuple[int, bytes]:
        """Its exit code and what it told."""
        command = [sys.executable, "-m", "extract", *arguments, "--lang", "en"]
        with store.meeting(self), subprocess.Popen(command, stderr=subprocess.PIPE, preexec_fn=LISTENING) as process:
            self.process = process
            _, said = process.communicate()
            return process.returncode, said


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_upload_that_is_killed_is_made_again_or_completed(
    store: Store, tmp_path: Path, local_run: dict[str, bytes]
) -> None:
    command = (IN, "-o", S3_OUT, *PLAIN)
    done(f"{IN}/{Path(GOOD).name}", "-o", str(tmp_path / "before"))
    for name, held in files(tmp_path / "before").items():
        store.put(BUCKET, f"out/{name}", held)
    before = store.contents(BUCKET, "out")
    code, _ = Interrupting(signal.SIGKILL, 20, "PUT", UPLOAD).run(store, *command)
    assert code == -signal.SIGKILL
    assert {name: held for name, held in store.contents(BUCKET, "out").items() if not name.startswith(UPLOAD)} == before
    assert len(open_folder(S3_OUT).arrow("documents")) == 1
    store.requests.clear()
    code, _ = Interrupting(signal.SIGKILL, 20, "PUT", "out/", copies=True).run(store, *command)
    assert code == -signal.SIGKILL
    assert store.asked("GET", ending=".pdf") == []  # what was read is in the journal
    with pytest.raises(InputError, match=S3_OUT):
        open_folder(S3_OUT)
    assert isinstance(told("status", S3_OUT).exception, InputError)
    assert on_another_machine(tmp_path, *command) == 0
    assert store.asked("GET", ending=".pdf") == []
    assert store.contents(BUCKET, "out") == local_run


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("moment", ["reading", "copying"])
def test_ctrl_c_is_told_and_the_next_run_goes_on(store: Store, moment: str) -> None:
    for number in range(4):
        store.put(BUCKET, f"many/{number}.pdf", VERIFIED[0].read_bytes() + b"%%%d\n" % number)
    command = (f"s3://{BUCKET}/many", "-o", S3_OUT)
    wanted = (4 + 3, "GET", "many/") if moment == "reading" else (20, "PUT", "out/", True)
    code, said = Interrupting(signal.SIGINT, *wanted).run(store, *command, *PLAIN)
    assert (code, len(said.splitlines())) == (130, 1)
    assert S3_OUT.encode() in said
    if moment == "reading":
        assert json.loads(told("status", S3_OUT, "--json").stdout)["interrupted"]["documents"] == 4
        store.requests.clear()
        assert extract(*command, *PLAIN).returncode == 0
        assert 0 < len(store.asked("GET", ending=".pdf")) <= 3
    assert len(open_folder(S3_OUT).arrow("documents")) == 4  # what was decided on is done


def test_what_another_machine_has_written_meanwhile_is_not_replaced(store: Store, tmp_path: Path) -> None:
    done(str(VERIFIED[0]), "-o", str(tmp_path / "other"))
    put = StoredFolder.put

    def meanwhile(folder: StoredFolder, names: Sequence[str], copy: Path, under: str) -> None:
        put(folder, names, copy, under)
        for name, held in files(tmp_path / "other").items():
            in_memory().pipe_file(f"/out/{name}", held)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StoredFolder, "put", meanwhile)
        ended = extract(GOOD, "-o", OUT, *PLAIN)
    assert (ended.returncode, len(ended.stderr.splitlines())) == (7, 1)
    assert b"Another machine" in ended.stderr
    assert held_in(OUT) == files(tmp_path / "other")
    assert extract(GOOD, "-o", OUT, *PLAIN).returncode == 0
    assert {one["source"] for one in open_folder(OUT).arrow("documents").to_pylist()} == {str(VERIFIED[0]), GOOD}


def test_two_runs_of_one_machine_keep_apart(store: Store) -> None:
    with writable(OUT):
        ended = extract(GOOD, "-o", OUT)
    assert (ended.returncode, ended.stderr.decode().count(OUT)) == (7, 1)
    assert b"Another run" in ended.stderr


# ---- other stores ----------------------------------------------------------------------------------------------------


def test_a_folder_named_by_a_file_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", new_cache(tmp_path / "cache"))
    (tmp_path / "in").mkdir()
    shutil.copy(GOOD, tmp_path / "in" / "a [1].pdf")
    sources, out = (tmp_path / "in").as_uri(), (tmp_path / "out").as_uri()
    done(sources, "-o", out)
    done(sources, "-o", str(tmp_path / "plain"))
    assert {name: held for name, held in files(tmp_path / "out").items() if not name.startswith(UPLOAD)} == files(
        tmp_path / "plain"
    )


def test_names_that_lead_out_of_the_folder_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", new_cache(tmp_path / "cache"))
    memory = fsspec.filesystem("memory")
    memory.pipe_file("/prepared/csv/one.csv", b"one")
    memory.pipe_file(f"/prepared/{MARKER}", json.dumps([f"{UPLOAD}/x", ["csv/../../victim.csv"], []]).encode())
    memory.pipe_file(f"/prepared/{UPLOAD}/x/csv/../../victim.csv", b"not mine")
    with pytest.raises(OutputError, match="victim"), writable("memory://prepared"):
        pass
    assert not memory.exists("/victim.csv")
    memory.pipe_file("/prepared/csv/a/../../../b.csv", b"b")
    with pytest.raises(InputError, match=r"outside|指向"), reading("memory://prepared", "csv"):
        pass


def test_a_folder_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", new_cache(tmp_path / "cache"))
    memory = fsspec.filesystem("memory")
    memory.pipe_file("/in/a.pdf", Path(GOOD).read_bytes())
    assert read("memory://in/a.pdf").status == "verified"
    for held in ("one", "two"):
        with writable("memory://out") as (out, publish):
            (out / "csv").mkdir(exist_ok=True)
            (out / "csv" / f"{held}.csv").write_text(held)
            (out / "csv" / "one.csv").write_text(held)
            publish()
    assert {name: memory.cat_file(name) for name in memory.find("/out")} == {
        "/out/csv/one.csv": b"two",
        "/out/csv/two.csv": b"two",
    }
    memory.pipe_file(f"/out/{MARKER}", json.dumps([f"{UPLOAD}/x", ["csv/one.csv"], ["csv/two.csv"]]).encode())
    memory.pipe_file(f"/out/{UPLOAD}/x/csv/one.csv", b"three")
    with writable("memory://out") as (out, _):
        assert files(out) == {"csv/one.csv": b"three"}
    with writable("memory://out") as (out, publish):
        (out / "csv" / "one.csv").write_text("four")
        memory.pipe_file("/out/csv/one.csv", b"mine")
        with pytest.raises(OutputError):
            publish()
    assert memory.cat_file("/out/csv/one.csv") == b"mine"


def test_what_another_machine_has_claimed_is_not_replaced_and_the_way_out_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", new_cache(tmp_path / "cache"))
    memory = fsspec.filesystem("memory")
    memory.pipe_file("/claimed/csv/one.csv", b"before")
    memory.pipe_file(f"/claimed/{CLAIM}", b"another machine")
    with writable("memory://claimed") as (out, publish):
        (out / "csv" / "one.csv").write_text("after")
        with pytest.raises(OutputError, match=CLAIM):
            publish()
        assert {name: memory.cat_file(name) for name in memory.find("/claimed")} == {
            "/claimed/csv/one.csv": b"before",
            f"/claimed/{CLAIM}": b"another machine",
        }
        memory.rm_file(f"/claimed/{CLAIM}")
        publish()
    assert {name: memory.cat_file(name) for name in memory.find("/claimed")} == {"/claimed/csv/one.csv": b"after"}


def test_many_may_look_at_one_folder_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", new_cache(tmp_path / "cache"))
    memory = fsspec.filesystem("memory")
    memory.pipe_file("/looked/csv/one.csv", b"one")

    def look(_: int) -> bytes:
        with reading("memory://looked", "csv") as out:
            return (out / "csv" / "one.csv").read_bytes()

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(look, range(80))) == {b"one"}


def test_decisions_in_a_store_count_and_stay(store: Store) -> None:
    extract(IN, "-o", OUT, *PLAIN)
    [first, *_] = [json.loads(line) for line in held_in(OUT)[".extract-state.jsonl"].splitlines()]
    line = f"document_id,page,printed,kind,name\n{first['document_id']},1,7.77,seen,x\n".encode()
    in_memory().pipe_file("/out/decisions.csv", line)
    done = extract(IN, "-o", OUT, *PLAIN)
    assert (done.returncode, b"1 decisions fit nothing" in done.stderr) == (0, True)
    assert held_in(OUT)["decisions.csv"] == line
