"""Questions to out/ in SQL: what comes back, in which form, and that nothing can be changed by one."""

import csv
import json
import shutil
from pathlib import Path

import pytest
from command import GOOD, extract
from openpyxl import load_workbook

from extract.out.replace import MARKER, STAGING

CLASSES = (
    "SELECT fiscal_year, sum(total) AS total FROM expenditure WHERE level = 1 AND NOT is_total GROUP BY 1 ORDER BY 1"
)


@pytest.fixture(scope="module")
def out(reviewed: Path) -> Path:
    """The samples and a file that is no PDF, as a run writes them."""
    return reviewed.parent


def test_classes_of_three_years_add_up_to_what_is_printed(out: Path) -> None:
    done = extract("sql", str(out), CLASSES)
    assert done.stdout.decode().splitlines() == [
        "fiscal_year,total",
        "2024,2574.61",
        "2025,3519.26",
        "2026,4036.25",
    ]


def test_json_keeps_every_digit_and_a_table_is_for_people(out: Path) -> None:
    told = json.loads(extract("sql", str(out), CLASSES, "--format", "json").stdout)
    assert told[0] == {"fiscal_year": 2024, "total": "2574.610000"}
    table = extract("sql", str(out), CLASSES, "--format", "table").stdout.decode().splitlines()
    assert [line.split() for line in table[:2]] == [["fiscal_year", "total"], ["2024", "2,574.61"]]


def test_every_row_knows_its_document_and_every_number_its_words(out: Path) -> None:
    question = (
        "SELECT source, status, page, printed, dataset_title, column_title FROM numbers "
        "WHERE dataset = 'three_public_expenses' AND \"column\" = 'reception' AND item = '2026'"
    )
    [row] = csv.DictReader(extract("sql", str(out), question).stdout.decode().splitlines())
    assert (row["status"], row["page"], row["printed"]) == ("verified", "17", "0.90")
    assert (row["dataset_title"], row["column_title"]) == ("“三公”经费支出情况表", "公务接待费")
    assert "2026" in row["source"]


def test_without_a_question_the_views_are_listed(out: Path) -> None:
    rows = {row["name"]: row for row in csv.DictReader(extract("sql", str(out)).stdout.decode().splitlines())}
    assert (rows["documents"]["title"], rows["documents"]["rows"]) == ("文档", "4")
    assert {"is_total", "level", "status", "source"} <= set(rows["revenue"]["columns"].split())
    assert rows["numbers"]["rows"] == rows["facts"]["rows"]


def test_an_answer_is_written_for_excel(out: Path, tmp_path: Path) -> None:
    question = "SELECT DISTINCT target FROM performance_indicators WHERE target = '=100%'"
    target = tmp_path / "answer.csv"
    assert extract("sql", str(out), question, "-o", str(target)).stdout.decode() == f"Wrote {target}: 1 rows.\n"
    assert target.read_bytes() == b'\xef\xbb\xbf"target"\n"\'=100%"\n'
    book = tmp_path / "answer.xlsx"
    extract("sql", str(out), CLASSES, "-o", str(book))
    rows = list(load_workbook(book).active.iter_rows(values_only=True))
    assert rows[:2] == [("fiscal_year", "total"), (2024, 2574.61)]
    refused = extract("sql", str(out), CLASSES, "-o", str(tmp_path / "answer.doc"))
    assert (refused.returncode, b".csv, .xlsx" in refused.stderr) == (7, True)


@pytest.mark.parametrize(
    "question",
    [
        "COPY (SELECT 1) TO '{path}'",
        "ATTACH '{path}'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "SELECT nothing FROM facts",
        " ",
    ],
)
def test_a_question_changes_nothing_and_a_wrong_one_is_told_in_one_sentence(
    out: Path, tmp_path: Path, question: str
) -> None:
    path = tmp_path / "written"
    refused = extract("sql", str(out), question.format(path=path))
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert b"`extract sql FOLDER` lists the views" in refused.stderr
    assert not path.exists()


def test_years_in_files_of_their_own_are_asked_in_the_same_way(tmp_path: Path) -> None:
    extract(GOOD, "-o", str(tmp_path / "out"), "--by-year", "--no-review", "--no-workbooks")
    assert b"2026,4036.25" in extract("sql", str(tmp_path / "out"), CLASSES).stdout


def test_a_folder_that_is_not_ours_and_a_missing_library_are_told(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert b"holds no datasets" in extract("sql", str(tmp_path), "SELECT 1").stderr
    monkeypatch.setattr("extract.answers.sql.find_spec", lambda _name: None)
    done = extract("sql", str(out), "SELECT 1")
    assert (done.returncode, b"pip install 'disclosure-extract[sql]'" in done.stderr) == (2, True)


@pytest.mark.parametrize("command", [("sql",), ("ledger",), ("diff", ".")])
def test_a_folder_whose_last_run_has_not_ended_gives_no_answer(
    out: Path, tmp_path: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    half = tmp_path / "out"
    shutil.copytree(out / "parquet", half / "parquet")
    shutil.copy(out / "datapackage.json", half)
    (half / STAGING).mkdir()
    (half / STAGING / MARKER).touch()
    monkeypatch.chdir(half)
    done = extract(*command, str(half))
    assert (done.returncode, b"has not ended" in done.stderr) == (2, True)
