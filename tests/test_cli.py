"""The command: its outputs, messages and exit codes."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pyarrow.parquet as pq
import pytest
from command import FAILING, GOOD, documents, extract, started
from conftest import SAMPLES
from engine import same_thread
from pdf_builders import encrypted
from rich.console import Console

from extract.cli import run as main_job
from extract.cli import terminal
from extract.cli.run import _work, recipe_of
from extract.runs import executors, jobs
from extract.schemas.load import load
from extract.schemas.source import builtin

EMPTY_PAGE = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj
trailer<</Root 1 0 R>>
"""


def test_the_main_job_is_silent_in_a_pipe_and_writes_the_datasets(tmp_path: Path) -> None:
    done = started(GOOD, "-o", str(tmp_path / "out"))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "parquet",
        "csv",
        "xlsx",
        "review",
        "datapackage.json",
        ".extract-state.jsonl",
        ".extract-lock",
    }
    assert [path.name for path in (tmp_path / "out" / "xlsx").iterdir()] == [f"{Path(GOOD).stem}.xlsx"]
    assert documents(tmp_path / "out") == {Path(GOOD).name: ("verified", None)}


def test_a_folder_and_json(tmp_path: Path) -> None:
    done = extract(str(SAMPLES[0].parent), "-o", str(tmp_path / "out"), "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 0
    assert [(d["fiscal_year"], d["status"]) for d in told["documents"]] == [
        (2024, "verified"),
        (2025, "failed"),
        (2026, "verified"),
    ]
    assert {f["page"] for f in told["documents"][1]["failures"]} == {14}


def test_standard_input(tmp_path: Path) -> None:
    done = started("-", "-o", str(tmp_path / "out"), stdin=Path(GOOD).read_bytes())
    assert done.returncode == 0
    assert documents(tmp_path / "out") == {"-": ("verified", None)}


def test_strict(tmp_path: Path) -> None:
    assert extract(GOOD, "-o", str(tmp_path / "out"), "--strict").returncode == 0
    done = extract(FAILING, "-o", str(tmp_path / "out"), "--strict")
    assert done.returncode == 9
    assert b"not verified" in done.stderr


@pytest.fixture
def bad_inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "text.pdf").write_text("this is no PDF")
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "truncated.pdf").write_bytes(Path(GOOD).read_bytes()[:100_000])
    (folder / "pageless.pdf").write_bytes(EMPTY_PAGE.replace(b"/Kids[3 0 R]/Count 1", b"/Kids[]/Count 0"))
    (folder / "textless.pdf").write_bytes(EMPTY_PAGE)
    content = b"BT /F 12 Tf 20 100 Td (nothing that is known) Tj ET"
    page = EMPTY_PAGE.replace(b"200 200]", b"200 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>")
    objects = (
        b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\n5 0 "
        b"obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer"
        % (
            len(content),
            content,
        )
    )
    (folder / "unknown.pdf").write_bytes(page.replace(b"trailer", objects))
    return folder


@pytest.mark.parametrize(
    ("name", "code", "status", "english", "chinese"),
    [
        ("text.pdf", 3, "unreadable", "Not a readable PDF", "不是可读的 PDF"),
        ("empty.pdf", 3, "unreadable", "Not a readable PDF", "不是可读的 PDF"),
        ("truncated.pdf", 3, "unreadable", "Not a readable PDF", "不是可读的 PDF"),
        ("pageless.pdf", 3, "unreadable", "Not a readable PDF|no pages", "不是可读的 PDF|没有任何页面"),
        ("textless.pdf", 5, "unreadable", "no text", "没有文字层|均无文字层"),
        ("unknown.pdf", 6, "unrecognised", "No table was found", "没有发现表"),
    ],
)
def test_bad_input_gets_one_message_its_code_and_its_row(
    bad_inputs: Path, tmp_path: Path, name: str, code: int, status: str, english: str, chinese: str
) -> None:
    path = bad_inputs / name
    done = extract(str(path), "-o", str(tmp_path / "out"))
    assert done.returncode == code
    assert len(done.stderr.splitlines()) == 1
    assert any(part in done.stderr.decode() for part in english.split("|"))
    assert documents(tmp_path / "out")[name][0] == status
    other = extract(str(path), "-o", str(tmp_path / "out"), language="zh_CN.UTF-8").stderr.decode()
    assert any(part in other for part in chinese.split("|"))


def test_bad_documents_do_not_harm_the_others(bad_inputs: Path, tmp_path: Path) -> None:
    done = extract(str(bad_inputs), GOOD, "-o", str(tmp_path / "out"))
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 6
    found = documents(tmp_path / "out")
    assert found[Path(GOOD).name] == ("verified", None)
    assert len([status for status, _ in found.values() if status == "unreadable"]) == 5


def test_a_path_that_is_not_there_and_a_folder_without_pdf(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.pdf", tmp_path):
        done = extract(str(path), "-o", str(tmp_path / "out"))
        assert done.returncode == 2
        assert str(path) in done.stderr.decode()
        assert not (tmp_path / "out").exists()


def test_an_output_that_cannot_be_written_is_told_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    done = extract(GOOD, "-o", str(tmp_path / "out"))
    assert done.returncode == 7
    assert "-o" in done.stderr.decode()
    assert (tmp_path / "out").read_text() == "a file"


def test_a_password_opens_a_document_and_is_kept_nowhere(tmp_path: Path) -> None:
    locked = tmp_path / "locked.pdf"
    locked.write_bytes(encrypted(Path(GOOD).read_bytes(), "s3cret", "owner"))
    out = tmp_path / "out"
    refused = extract(str(locked), "-o", str(out))
    assert (refused.returncode, b"--password" in refused.stderr) == (4, True)
    wrong = extract(str(locked), "-o", str(out), "--password", "wrong")
    assert (wrong.returncode, b"does not open" in wrong.stderr) == (4, True)
    assert extract(str(locked), "-o", str(out), "--password", "s3cret").returncode == 0
    assert documents(out) == {"locked.pdf": ("verified", None)}
    assert not any(b"s3cret" in path.read_bytes() for path in out.rglob("*") if path.is_file())


def test_faulty_schemas_are_told_before_any_work(tmp_path: Path) -> None:
    shutil.copytree(builtin(), tmp_path / "schemas")
    (tmp_path / "schemas" / "rules.toml").write_text("[[rule]]\ncode = 1\n")
    for arguments in (
        [GOOD, "-o", str(tmp_path / "out"), "--schemas", str(tmp_path / "schemas")],
        ["schemas", str(tmp_path / "schemas")],
    ):
        done = extract(*arguments)
        assert done.returncode == 8
        assert "rules.toml:1: rule 1: it does not say of which kind it is" in done.stderr.decode()
    assert not (tmp_path / "out").exists()


def test_a_folder_of_schemas_says_what_it_overrides_and_is_used(tmp_path: Path) -> None:
    (tmp_path / "measures.toml").write_text("[[measure]]\ncode = 'revenue'\nzh = '收入'\nen = 'Income'\nsources = []\n")
    assert "  measures.toml: measure revenue" in extract("schemas", str(tmp_path)).stdout.decode()
    out = tmp_path / "out"
    assert extract(GOOD, "-o", str(out), "--schemas", str(tmp_path)).returncode == 0
    assert json.loads((out / "datapackage.json").read_text(encoding="utf-8"))["schemas"] == load(tmp_path).digest


def test_schemas_are_listed() -> None:
    done = extract("schemas")
    assert done.returncode == 0
    assert all(word in done.stdout.decode() for word in ("yantai", "suzhou", "performance_targets", "revenue_by_unit"))


def test_help_teaches_the_main_job_and_every_exit_code() -> None:
    told = extract("--help").stdout.decode()
    assert "extract report.pdf -o out/" in told
    assert all(f"  {code}  " in told for code in range(10))
    assert extract("--nonsense").returncode == 2
    lines = [line.strip() for line in told.splitlines()]
    assert "extract report.pdf -o out/         one report" in lines
    assert b"Usage" in extract().stdout + extract().stderr


def test_help_is_in_the_language_of_the_run() -> None:
    english, chinese = (extract("--help", language=locale).stdout.decode() for locale in ("en_US.UTF-8", "zh_CN.UTF-8"))
    assert not re.search("[\u4e00-\u9fff]", english)
    assert "输出文件夹" in chinese
    assert all("--version" in told for told in (english, chinese))
    for way in ("--lang zh --help", "--help --lang zh", "--help --lang=zh", "-v --help --lang zh"):
        assert extract(*way.split()).stdout.decode() == chinese
    for way in ("--lang zh status --help", "status --lang zh --help", "status --help --lang zh"):
        assert "按状态统计" in extract(*way.split()).stdout.decode()


def test_the_language_may_be_named_anywhere(tmp_path: Path) -> None:
    assert "没有名为" in extract("statsu", "--lang", "zh").stderr.decode()
    assert "数据集" in extract("--lang", "zh", "status", str(tmp_path)).stderr.decode()
    assert extract("--help", "--lang", "zh").returncode == extract("--lang", "zh", "--version").returncode == 0
    assert b"'xx' is not one of" in extract("--lang", "xx", str(tmp_path)).stderr


def test_an_option_before_the_documents_is_no_command(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    told = extract("--schemas", str(tmp_path / "mine"), str(tmp_path / "no.pdf")).stderr.decode()
    assert told == f"{tmp_path / 'no.pdf'} does not exist.\n"


def test_usage_errors_speak_of_what_the_user_typed(tmp_path: Path) -> None:
    told = extract("--nonsense").stderr.decode()
    assert "extract [OPTIONS]" in told
    assert "extract run" not in told
    meant = extract("statsu", str(tmp_path))
    assert meant.returncode == 2
    assert b"Did you mean extract status?" in meant.stderr
    (tmp_path / "statsu").write_text("no PDF")
    assert extract(str(tmp_path / "statsu"), "-o", str(tmp_path / "out")).returncode == 3


def test_the_pages_of_the_documentation_come_with_the_program() -> None:
    listed = extract("help").stdout.decode()
    assert "vocabulary" in listed
    for line in listed.splitlines():
        assert extract("help", line.split()[0]).stdout.startswith(b"# ")
    assert extract("help", "nothing").returncode == 2


HOSTILE = "a\x1b]0;title\x07[red]\u202efdp.pdf"


@pytest.mark.skipif(sys.platform == "win32", reason="such names are not allowed")
def test_a_file_name_cannot_steer_the_terminal(tmp_path: Path) -> None:
    hostile = tmp_path / HOSTILE
    hostile.write_text("no PDF")
    out = str(tmp_path / "out")
    for done in (extract(str(hostile), "-o", out), extract("status", out), extract(str(hostile) + "x", "-o", out)):
        told = (done.stdout + done.stderr).decode()
        assert "\\x1b]0;title\\x07[red]\\u202efdp.pdf" in told
        assert not re.search("[\x1b\x07\u202e]", told)


def test_names_in_the_table_of_a_terminal_are_neither_markup_nor_steer_it(tmp_path: Path) -> None:
    hostile = tmp_path / HOSTILE
    hostile.write_text("no PDF")
    shown = io.StringIO()
    with patch.object(terminal, "stderr", lambda: Console(file=shown, width=200)):
        recipe = recipe_of(None, "pdfium", (), full_workbooks=False)
        done = _work(
            [str(hostile)], str(tmp_path / "out"), lambda _count, _recipe: same_thread, recipe, "extract", True, None
        )
        terminal.show_summary(done)
    assert "\\x1b]0;title\\x07[red]\\u202efdp.pdf" in shown.getvalue()


def test_a_fault_of_the_program_names_its_place_and_debug_shows_the_way_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by design")

    monkeypatch.setattr(main_job, "_tell", broken)
    command = (GOOD, "-o", str(tmp_path / "out"), "--no-review", "--no-workbooks")
    plain, debugged = extract(*command), extract(*command, "--debug")
    assert (plain.returncode, len(plain.stderr.splitlines())) == (1, 1)
    assert b"ZeroDivisionError: by design, run.py:" in plain.stderr
    assert b"Traceback" in debugged.stderr
    assert b"documents to write" in extract(*command, "-v").stderr


@pytest.mark.parametrize(("makes", "left"), [("workbook", "review"), ("review_page", "xlsx")])
def test_a_file_that_cannot_be_made_is_told_and_costs_no_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, makes: str, left: str
) -> None:
    def broken(*_: object) -> bytes:
        raise ZeroDivisionError("by design")

    monkeypatch.setattr(jobs, makes, broken)
    monkeypatch.setattr(executors, "processes", lambda *_: same_thread())
    out = tmp_path / "out"
    done = extract(GOOD, "-o", str(out))
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert b"could not be made (ZeroDivisionError: by design" in done.stderr
    assert documents(out) == {Path(GOOD).name: ("verified", None)}
    made = {path.parent.name for path in out.glob("[xr]*/*") if path.stem == Path(GOOD).stem}
    assert made == {left}
    assert b"could not be made" in extract("status", str(out)).stdout


@pytest.mark.parametrize(
    ("makes", "name"),
    [
        ("extract.workbook.run.write_run_workbook", "xlsx/全部.xlsx"),
        ("extract.review.index.index_page", "review/index.html"),
    ],
)
def test_a_file_for_all_documents_that_cannot_be_made_is_told_and_costs_no_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, makes: str, name: str
) -> None:
    def broken(*_: object) -> bytes:
        raise ZeroDivisionError("by design")

    monkeypatch.setattr(makes, broken)
    out = tmp_path / "out"
    done = extract(GOOD, FAILING, "-o", str(out))
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert f"{out / name} could not be made (ZeroDivisionError: by design" in done.stderr.decode()
    assert {status for status, _ in documents(out).values()} == {"verified", "failed"}
    assert not (out / name).exists()
    monkeypatch.undo()
    assert extract(GOOD, FAILING, "-o", str(out)).returncode == 0
    assert (out / name).exists()


def test_both_readers_can_be_asked_for(tmp_path: Path) -> None:
    assert extract(GOOD, "-o", str(tmp_path / "out"), "--reader", "pdfplumber").returncode == 0
    assert documents(tmp_path / "out") == {Path(GOOD).name: ("verified", None)}


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes on Linux only")
def test_a_name_that_is_no_text_is_written_escaped_and_harms_no_other(tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"\xb1\xa8\xb8\xe6.pdf")
    shutil.copy(GOOD, odd)
    done = subprocess.run(
        [sys.executable, "-m", "extract", odd, FAILING, "-o", str(tmp_path / "out"), "--json"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert json.loads(done.stdout.decode("utf-8"))["documents"][0]["source"].endswith("\\xb1\\xa8\\xb8\\xe6.pdf")
    assert len(documents(tmp_path / "out")) == 2


def test_the_language_of_messages_changes_nothing_that_is_written(bad_inputs: Path, tmp_path: Path) -> None:
    path, out = bad_inputs / "text.pdf", tmp_path / "out"
    extract(str(path), "-o", str(out))
    before = {file.name: file.read_bytes() for file in out.rglob("*.csv")}
    extract(str(path), "-o", str(out), "--lang", "zh")
    assert {file.name: file.read_bytes() for file in out.rglob("*.csv")} == before


def test_years_of_one_agency_are_compared_in_the_summary(tmp_path: Path) -> None:
    told = json.loads(extract(str(SAMPLES[0].parent), "-o", str(tmp_path / "out"), "--json").stdout)
    assert len(told["between_documents"]) > 15
    assert {one["verdict"] for one in told["between_documents"]} <= {"exact", "not_applicable"}


def test_coverage_of_an_output_folder_and_the_amounts_that_no_check_reads(tmp_path: Path) -> None:
    assert extract("coverage", str(tmp_path)).returncode == 2
    extract(GOOD, "-o", str(tmp_path / "out"))
    plain = extract("coverage", str(tmp_path / "out")).stdout.decode().splitlines()
    table = pq.read_table(tmp_path / "out" / "parquet" / "documents.parquet").to_pylist()[0]
    share = plain[0].split()[0]
    cells = pq.read_table(tmp_path / "out" / "parquet" / "facts.parquet", columns=["amount"])["amount"]
    assert share == f"{table['cells_checked']}/{len(cells) - cells.null_count}"
    assert any(line.endswith("revenue") and "100.0 %" in line for line in plain)
    listed = extract("coverage", str(tmp_path / "out"), "--uncovered").stdout.decode().splitlines()
    checked, total = map(int, share.split("/"))
    assert len(listed) - len(plain) == total - checked


@pytest.mark.parametrize(
    ("words", "there", "absent"),
    [
        ("extract an", {"plain,annotate", "file,an"}, {"plain,status"}),
        ("extract --wo", {"plain,--workbooks"}, set()),
        ("extract annotate --pa", {"plain,--password"}, set()),
        ("extract rep", {"file,rep"}, set()),
    ],
)
def test_a_shell_completes_commands_options_and_files(words: str, there: set[str], absent: set[str]) -> None:
    asked = {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1), "_EXTRACT_COMPLETE": "bash_complete"}
    found = set(extract(environment=asked).stdout.decode().split("\n"))
    assert there <= found
    assert not absent & found


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_given_what_completes_the_command(shell: str) -> None:
    assert b"_EXTRACT_COMPLETE=" + shell.encode() in extract("completion", shell).stdout


def test_a_folder_called_like_a_command_is_told_how_to_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(SAMPLES[0].parent, tmp_path / "diff", ignore=lambda _folder, names: set(names) - {SAMPLES[0].name})
    refused = extract("diff", "-o", "out")
    assert (refused.returncode, b"of that name is ./diff." in refused.stderr) == (2, True)
    assert extract("./diff", "-o", "out", "--no-review", "--no-workbooks").returncode == 0
