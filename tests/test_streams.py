"""Standard streams that are closed, full or of another encoding, and inputs without an end: one message and an exit
code, never a traceback, never a wait.
"""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from command import FAILING, GOOD, extract, started

from extract.cli.app import cli
from extract.cli.streams import QUIET, on_terminal
from extract.digest import digest
from extract.errors import InputError, OutputError
from extract.runs import sources

PATIENCE = 60  # seconds after which something has hung


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a shell runs it, `extract` standing for the program."""
    program = f'extract() {{ "{sys.executable}" -m extract "$@"; }}\n{command}'
    return subprocess.run(
        ["bash", "-c", program],
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8", **environment},
        timeout=PATIENCE,
        check=False,
    )


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("streams") / "out"
    assert extract(GOOD, "-o", str(folder), "--no-review", "--no-workbooks").returncode == 0
    return folder


@pytest.mark.parametrize(
    "command", ["status {out} > /dev/full", "status {out} --json > /dev/full", "--help > /dev/full"]
)
def test_an_answer_that_cannot_be_written_is_an_error(out: Path, command: str) -> None:
    done = shell(f"extract {command.format(out=out)} > /dev/full")
    assert done.returncode == OutputError.exit_code
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("close", [">&-", "2>&-", "<&-"])
def test_a_stream_that_is_closed_stops_only_what_needs_it(out: Path, close: str) -> None:
    done = shell(f"extract status {out} {close}")
    assert done.returncode == (OutputError.exit_code if close == ">&-" else 0)
    assert "Traceback" not in done.stderr
    assert "output is closed" in done.stderr if close == ">&-" else "verified" in done.stdout


def test_reading_from_a_closed_standard_input_is_refused(tmp_path: Path) -> None:
    done = shell(f"extract - -o {tmp_path / 'out'} <&-")
    assert done.returncode == InputError.exit_code
    assert "Standard input is closed" in done.stderr


def test_names_that_an_encoding_lacks_are_escaped_and_json_stays_json(out: Path, tmp_path: Path) -> None:
    named = tmp_path / "😀"
    named.symlink_to(out)
    told = shell(f"extract status {named}", PYTHONIOENCODING="gbk")
    assert (told.returncode, "\\U0001f600" in told.stdout) == (0, True)
    answer = shell(f"extract status {named} --json", PYTHONIOENCODING="gbk")
    assert json.loads(answer.stdout)["output"] == str(named)


@pytest.mark.parametrize("name", ["pipe.pdf", "/dev/zero"])
def test_a_pipe_or_device_is_refused_and_not_waited_for(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if not path.exists():
        os.mkfifo(path)
    done = extract(str(path), "-o", str(tmp_path / "out"))
    assert done.returncode == InputError.exit_code
    assert b"is no regular file" in done.stderr


def test_a_subfolder_that_cannot_be_read_is_told_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in" / "locked").mkdir(parents=True)
    (tmp_path / "in" / "good.pdf").symlink_to(GOOD)
    scan = os.scandir

    def guarded(path: str) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", guarded)
    done = extract(str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--no-review", "--no-workbooks")
    assert done.returncode == InputError.exit_code
    assert b"locked: The folder cannot be read (Permission denied)" in done.stderr
    assert (tmp_path / "out" / "csv" / "documents.csv").read_text(encoding="utf-8-sig").count("verified") >= 1


def test_a_log_file_gets_what_is_done_of_every_process_and_the_terminal_nothing(tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    done = started("--log-file", str(log), FAILING, "-o", str(tmp_path / "out"), "--no-review", "--debug")
    lines = log.read_text(encoding="utf-8").splitlines()
    assert done.returncode == 0
    assert any("INFO extract.runs.batch: 1 documents to write" in line for line in lines)
    assert any("DEBUG extract" in line for line in lines)
    started("schemas", "--log-file", str(log))
    assert log.read_text(encoding="utf-8").splitlines()[: len(lines)] == lines
    quiet = started(GOOD, "-o", str(tmp_path / "out"), "--redo", "--no-review", "--log-file", str(log))
    assert (quiet.stdout, quiet.stderr) == (b"", b"")


@pytest.mark.parametrize(("quiet", "told"), [(False, True), (True, False)])
def test_quiet_leaves_out_what_is_told_beside_the_answer(
    monkeypatch: pytest.MonkeyPatch, quiet: bool, told: bool
) -> None:
    monkeypatch.setattr("extract.cli.streams.sys", SimpleNamespace(stderr=SimpleNamespace(isatty=lambda: True)))
    with click.Context(cli) as context:
        context.meta[QUIET] = quiet
        assert on_terminal() is told


@pytest.mark.parametrize(
    ("limit", "code", "told"),
    [
        ("-v 90000", 1, "not enough memory"),
        ("-v 180000", 1, "not enough memory"),
        ("-v 450000", 1, "not enough memory"),
        ("-n 32", OutputError.exit_code, "Too many files are open"),
        ("-f 50", OutputError.exit_code, "No space left"),
    ],
)
def test_what_the_system_limits_is_told_for_what_it_is(tmp_path: Path, limit: str, code: int, told: str) -> None:
    """Memory, open files, and a file that grows too large, as on a full disk: what is read stays."""
    arguments = f"'{GOOD}' -o {tmp_path / 'out'} --no-review --no-workbooks"
    done = shell(f"ulimit {limit}; extract {arguments}")
    assert (done.returncode, told in done.stderr, done.stderr.count("\n")) == (code, True, 1), done.stderr
    assert extract(*shlex.split(arguments)).returncode == 0


def test_standard_input_without_an_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "LARGEST", 1000)
    done = extract("-", "-o", str(tmp_path / "out"), stdin=bytes(1001))
    assert done.returncode == InputError.exit_code
    assert b"Standard input holds more than" in done.stderr


def test_a_file_that_grows_while_it_is_read_is_called_by_what_was_read_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "grows.pdf"
    path.write_bytes(Path(GOOD).read_bytes())
    monkeypatch.setattr(os, "fstat", lambda _file: SimpleNamespace(st_size=1000))
    ((source,), _) = sources.identified([str(path)], {})
    assert source.sha256 is None
    monkeypatch.undo()
    ((source,), _) = sources.identified([str(path)], {})
    assert source.sha256 == digest(path.read_bytes())
