"""`extract ledger`: which agency has which year and tables, what is missing and since when."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from command import Done, extract
from openpyxl import load_workbook
from stored import write

from extract.model.report import Report
from extract.schemas.grammar import Schemas


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory, schemas: Schemas, sample_reports: dict[str, Report]) -> Path:
    """The samples of 2024, 2025 and 2026; that of 2024 under the agency's former name, that of 2026 lacking a table."""
    first, second, third = (sample_reports[year] for year in ("2024", "2025", "2026"))
    renamed = replace(first, agency_name="澜州市园林绿化站")
    tables = tuple(table for table in third.tables if table.dataset != "government_procurement")
    path = tmp_path_factory.mktemp("ledger") / "out"
    write(path, schemas, [renamed, second, replace(third, tables=tables)])
    return path


def rows(done: Done) -> list[tuple[str, ...]]:
    assert done.returncode == 0, done.stderr
    return [
        (one["agency"], one["fiscal_year"], one["printed_name"], one["status"], one["missing_since"])
        for one in csv.DictReader(done.stdout.decode().splitlines())
    ]


def test_a_renamed_agency_is_one_and_a_year_that_is_not_there_is_missing(out: Path, tmp_path: Path) -> None:
    listed = tmp_path / "agencies.csv"
    listed.write_text(
        "单位,曾用名,起始年度,截止年度\n澜州市城市绿道管理中心,澜州市园林绿化站,2022,\n丙局,,2025,\n",
        encoding="gb18030",
    )
    name = "澜州市城市绿道管理中心"
    assert rows(extract("ledger", str(out), str(listed))) == [
        (name, "2022", "", "missing", "2022"),
        (name, "2023", "", "missing", "2022"),
        (name, "2024", "澜州市园林绿化站", "verified", ""),
        (name, "2025", "", "failed", ""),
        (name, "2026", "", "verified", ""),
        ("丙局", "2025", "", "missing", "2025"),
        ("丙局", "2026", "", "missing", "2025"),
    ]


def test_a_table_that_other_years_print_is_missing_since_its_first_year(out: Path, tmp_path: Path) -> None:
    listed = tmp_path / "agencies.csv"
    listed.write_text("agency\n澜州市城市绿道管理中心\n", encoding="utf-8")
    told = list(csv.DictReader(extract("ledger", str(out), str(listed)).stdout.decode().splitlines()))
    assert {one["fiscal_year"]: one["missing_tables"] for one in told if one["status"] != "missing"} == {
        "2024": "",
        "2025": "",
        "2026": "政府采购预算情况表 (2026)",
    }
    assert [(one["agency"], one["listed"]) for one in told if one["fiscal_year"] == "2024"] == [
        ("澜州市城市绿道管理中心", "true"),
        ("澜州市园林绿化站", "false"),
    ]


def test_the_template_is_a_list_and_the_ledger_opens_in_excel(out: Path, tmp_path: Path) -> None:
    listed, book = tmp_path / "agencies.csv", tmp_path / "ledger.xlsx"
    extract("ledger", str(out), "--template", "-o", str(listed), language="zh_CN.UTF-8")
    assert listed.read_text(encoding="utf-8-sig").splitlines()[0] == '"单位","曾用名","起始年度","截止年度"'
    extract("ledger", str(out), str(listed), "-o", str(book), language="zh_CN.UTF-8")
    header, first, *_ = load_workbook(book).active.iter_rows(values_only=True)
    assert header[:3] == ("单位", "年度", "阶段")
    assert first[1:3] == (2024, "预算")


@pytest.mark.parametrize(
    ("written", "told"),
    [("name\n甲局\n", "has no column agency"), ("agency,from_year\n甲局,两千\n", "line 2: a year is no number (两千)")],
)
def test_a_list_that_is_none_is_told(out: Path, tmp_path: Path, written: str, told: str) -> None:
    listed = tmp_path / "agencies.csv"
    listed.write_text(written, encoding="utf-8")
    done = extract("ledger", str(out), str(listed))
    assert (done.returncode, told in done.stderr.decode()) == (2, True)
