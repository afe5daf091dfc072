"""Seeing why: tables of a made-up place, two words of which nobody knows, and the words that make them known."""

import json
from pathlib import Path
from types import SimpleNamespace

import pdf_builders as build
import pytest
from command import extract as command
from openpyxl import load_workbook

import extract
from extract.cli.explaining import _cells

CAPTIONS = ("2026年甲县农业局部门预算", "表2", "2026年部门收入总盘子表", "部门：甲县农业局    单位：万元")
ROWS = (
    ("单位名称", "合计", "一般公共预算拨款", "乡村振兴统筹款", "代管往来款"),
    ("合计", "300.00", "200.00", "60.00", "40.00"),
    ("甲县农业局", "300.00", "200.00", "60.00", "40.00"),
)
WORDS = """
[title]
nothing = ["盘子"]
[header.measures]
special_account = ["乡村振兴统筹款"]
other_revenue = ["代管往来款"]
"""


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "made.pdf"
    path.write_bytes(build.disclosure(CAPTIONS, ROWS))
    return path


def test_explain_tells_the_words_that_are_not_known(pdf: Path) -> None:
    told = command("explain", str(pdf)).stdout.decode()
    assert "? table 1, page 1: 2026年部门收入总盘子表" in told
    assert "合计 [total]" in told
    assert "乡村振兴统筹款 [?]" in told
    for word in ("盘子", "乡村振兴统筹款", "代管往来款"):
        assert "! " in told
        assert f"“{word}”" in told


def test_a_draft_changes_nothing_until_it_is_completed(pdf: Path, tmp_path: Path) -> None:
    draft = tmp_path / "mine" / "vocabulary.toml"
    assert command("explain", str(pdf), "--draft", str(draft)).returncode == 0
    assert "0 gains, 0 losses" in command("schemas", "test", str(draft.parent), str(pdf)).stdout.decode()
    text = draft.read_text(encoding="utf-8").replace("# nothing", "nothing")
    text = text.replace('# ? = ["乡', 'special_account = ["乡').replace('# ? = ["代', 'other_revenue = ["代')
    draft.write_text(text, encoding="utf-8")
    told = command("schemas", "test", str(draft.parent), str(pdf)).stdout.decode()
    assert "? → revenue_by_unit" in told
    assert "0 losses" in told


def test_amounts_that_find_a_dataset_of_their_own_are_no_loss() -> None:
    before, after = (
        SimpleNamespace(rows={name: [SimpleNamespace(values=dict.fromkeys(range(count)))] for name, count in counts})
        for counts in ([("amounts", 9)], [("amounts", 3), ("revenue", 4)])
    )
    gained = [(mark, told.split(":")[0]) for mark, told in _cells(before, after)]  # type: ignore[arg-type]
    lost = [mark for mark, _ in _cells(before, SimpleNamespace(rows={}))]  # type: ignore[arg-type]
    assert (gained, lost) == ([("+", "revenue")], ["-"])


@pytest.mark.parametrize(
    "arguments",
    [("explain",), ("tables",), ("annotate", "-o", "copy.pdf"), ("schemas", "test", ".")],
)
def test_what_is_no_pdf_is_told_by_every_command_in_one_sentence(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("README.md").write_text("no PDF")
    done = command(*arguments, "README.md")
    assert (done.returncode, done.stdout) == (3, b"")
    assert done.stderr.startswith(b"README.md: Not a readable PDF (")
    assert b".)" not in done.stderr


def test_every_command_that_reads_a_document_takes_a_password_and_schemas(pdf: Path, tmp_path: Path) -> None:
    locked, copy, mine = tmp_path / "locked.pdf", tmp_path / "copy.pdf", tmp_path / "mine"
    locked.write_bytes(build.encrypted(pdf.read_bytes(), "s3cret", "owner"))
    mine.mkdir()
    (mine / "vocabulary.toml").write_text(WORDS, encoding="utf-8")
    for arguments in (("explain",), ("tables",), ("annotate", "-o", str(copy))):
        assert command(*arguments, str(locked)).returncode == 4
        assert command(*arguments, str(locked), "--password", "s3cret", "--schemas", str(mine)).returncode == 0
    [table] = json.loads(command("tables", str(pdf), "--format", "json", "--schemas", str(mine)).stdout)
    assert table["dataset"] == "revenue_by_unit"
    assert extract.read(copy, schemas=mine).status == extract.read(pdf, schemas=mine).status


def test_a_table_that_is_not_there_is_told(pdf: Path) -> None:
    done = command("tables", str(pdf), "--table", "99")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"There is no table 99: the document has 1." in done.stderr


def test_words_that_hide_a_table_are_a_loss(pdf: Path, tmp_path: Path) -> None:
    known = tmp_path / "known.pdf"
    rows = [("单位名称", "合计", "一般公共预算拨款"), ("甲县农业局", "200.00", "200.00")]
    known.write_bytes(build.disclosure(("2026年甲县农业局部门预算", "部门收入总表", "单位：万元"), rows))
    (tmp_path / "vocabulary.toml").write_text('[title.words]\nnot_a_budget = ["收入"]\n', encoding="utf-8")
    told = command("schemas", "test", str(tmp_path), str(known)).stdout.decode()
    assert "- page 1" in told
    assert "revenue_by_unit → ?" in told


def test_a_completed_overlay_makes_the_columns_known(pdf: Path, tmp_path: Path) -> None:
    (tmp_path / "vocabulary.toml").write_text(WORDS, encoding="utf-8")
    report = extract.read(pdf, schemas=tmp_path)
    [total, unit] = report.arrow("revenue_by_unit").to_pylist()
    assert (unit["unit_name"], str(unit["special_account"]), str(unit["other_revenue"])) == (
        "甲县农业局",
        "60.000000",
        "40.000000",
    )
    assert total["total"] == unit["total"]


def test_a_table_that_is_not_known_is_printed_as_it_is(pdf: Path) -> None:
    [table] = json.loads(command("tables", str(pdf), "--format", "json").stdout)
    assert (table["title"], table["dataset"], table["unit"]) == ("2026年部门收入总盘子表", None, "万元")
    assert table["columns"] == list(ROWS[0])
    assert table["rows"] == [list(row) for row in ROWS[1:]]
    assert command("tables", str(pdf), "--table", "1").stdout.decode().splitlines()[1] == ",".join(ROWS[1])
    assert "| 甲县农业局 | 300.00 |" in command("tables", str(pdf), "--format", "markdown").stdout.decode()


def test_a_printed_table_is_a_data_frame(pdf: Path) -> None:
    [table] = extract.read(pdf).tables
    assert list(table.df.columns) == list(ROWS[0])
    assert table.df.iloc[1, 4] == "40.00"


def test_a_table_that_is_not_known_has_its_sheet(pdf: Path, tmp_path: Path) -> None:
    command(str(pdf), "-o", str(tmp_path / "out"), "--no-review")
    [path] = (tmp_path / "out" / "xlsx").glob("*.xlsx")
    sheet = load_workbook(path)["2026年部门收入总盘子表"]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert list(ROWS[2]) in [row[: len(ROWS[2])] for row in cells]
