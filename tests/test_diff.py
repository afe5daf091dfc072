"""`extract diff`: what changed between two editions of a document and between two output folders."""

import csv
from pathlib import Path

import pdf_builders as build
import pytest
from command import FAILING, GOOD, Done, extract
from conftest import SAMPLES

CAPTIONS = ("2026年甲县农业局部门预算", "部门收入总表", "部门：甲县农业局    单位：万元")
HEADER = ("单位名称", "合计", "一般公共预算拨款")


def edition(path: Path, *rows: tuple[str, str, str]) -> str:
    path.write_bytes(build.disclosure(CAPTIONS, [HEADER, *rows]))
    return str(path)


def rows(done: Done) -> list[dict[str, str]]:
    return list(csv.DictReader(done.stdout.decode().splitlines()))


def test_the_same_document_has_no_difference() -> None:
    done = extract("diff", GOOD, GOOD, "--format", "table")
    assert (done.returncode, done.stdout.decode()) == (0, "No difference.\n")


def test_a_changed_cell_an_added_row_and_a_failing_check_are_told(tmp_path: Path) -> None:
    first = edition(tmp_path / "a.pdf", ("合计", "300.00", "300.00"), ("甲县农业局", "300.00", "300.00"))
    second = edition(
        tmp_path / "b.pdf", ("合计", "300.00", "300.00"), ("乙站", "20.00", "20.00"), ("甲县农业局", "290.00", "290.00")
    )
    done = extract("diff", first, second)
    found = [(one["kind"], one["column"], one["was"], one["now"]) for one in rows(done)]
    assert done.returncode == 1
    assert ("row", "", "", "乙站") in found
    assert ("cell", "total", "300.00", "290.00") in found
    assert ("document", "status", "verified", "failed") in found
    assert [one[3] for one in found if one[0] == "verdict"][:1] == ["fail"]
    lines = extract("diff", first, second, "--format", "table").stdout.decode().splitlines()
    assert lines[0] == second
    assert "  cell p1 revenue_by_unit 甲县农业局 · total: 300.00 → 290.00" in lines
    assert lines[-1] == f"{len(found)} differences."


def test_a_row_that_only_moved_is_no_difference_of_its_cells(tmp_path: Path) -> None:
    units = [("甲站", "10.00", "10.00"), ("乙站", "20.00", "20.00")]
    first = edition(tmp_path / "a.pdf", ("合计", "30.00", "30.00"), *units)
    second = edition(tmp_path / "b.pdf", ("合计", "30.00", "30.00"), *reversed(units))
    assert {one["kind"] for one in rows(extract("diff", first, second))} <= {"row"}


def test_two_folders_are_compared_document_by_document(tmp_path: Path) -> None:
    old, new = str(tmp_path / "old"), str(tmp_path / "new")
    options = ("--no-review", "--no-workbooks")
    words = tmp_path / "mine" / "vocabulary.toml"
    words.parent.mkdir()
    words.write_text('[title.words]\nnot_a_budget = ["财政拨款支出"]\n', encoding="utf-8")
    extract(GOOD, FAILING, "-o", old, *options)
    extract(GOOD, str(SAMPLES[0]), "-o", new, *options, "--schemas", str(words.parent))
    done = extract("diff", old, new)
    whole = {(Path(one["document"]).name, one["was"], one["now"]) for one in rows(done) if one["kind"] == "document"}
    assert {(Path(FAILING).name, "failed", "")} <= whole
    assert any(name == SAMPLES[0].name and not was for name, was, _ in whole)
    assert extract("diff", old, old).returncode == 0
    target = tmp_path / "changes.xlsx"
    assert extract("diff", old, new, "-o", str(target)).returncode == 1
    assert target.exists()


@pytest.mark.parametrize("arguments", [(GOOD, "."), (GOOD, "nothing.pdf"), (".", ".")])
def test_what_cannot_be_compared_is_told_and_is_no_difference(
    arguments: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = extract("diff", *arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr
