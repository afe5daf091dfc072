"""The CSV files in a spreadsheet and in programs: texts come through whole, nothing is computed, amounts are
numbers.
"""

import csv
import re
import shutil
import subprocess
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command import GOOD, extract
from conftest import SAMPLES
from stored import write

from extract.model.report import Report
from extract.out.csv import CsvFile
from extract.schemas.grammar import Schemas

AS_IT_IS = [
    "=",
    "-",
    "≥95%",
    "100%",
    "1年",
    "2080109",
    "270.10",
    "0",
    "收入总计",
    '带"引号",和逗号',
    "第一行\n第二行",
    "一\t二",
]
GUARDED = [
    '=HYPERLINK("http://x","y")',
    "=100%",
    "@SUM(1)",
    "+1",
    "-2+3",
    "-0.40",
    "＝1+1",
    "\t=1+1",
    "\n=1+1",
    "\r=1+1",
    " =1+1",
    "'024001",
    "024001",
    "00",
    "12345678901234567890",
    "123456789012e345",
    "1E5",
    "2-3",
    "2026/01/02",
    "1:3",
]
TEXTS = AS_IT_IS + GUARDED
needs_libreoffice = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with every text, an amount beside each, and a row of nulls."""
    path = tmp_path_factory.mktemp("csv") / "texts.csv"
    amounts = pa.array([*(Decimal(number) for number in range(len(TEXTS))), None], pa.decimal128(20, 6))
    table = pa.table({"text": pa.array([*TEXTS, None]), "amount": amounts})
    with closing(CsvFile(path, table.schema)) as file:
        file.write(table)
    return path


def in_libreoffice(path: Path) -> list[tuple[Any, ...]]:
    """The cells below the header as LibreOffice opens the file."""
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--infilter=CSV:44,34,UTF8",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(path.parent),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return list(openpyxl.load_workbook(path.with_suffix(".xlsx")).active.iter_rows(min_row=2))


@pytest.fixture(scope="module")
def opened(written: Path) -> list[tuple[str, str, float]]:
    """What LibreOffice makes of the file: type and value of each text, and the amount."""
    return [(text.data_type, text.value, amount.value) for text, amount in in_libreoffice(written)]


@needs_libreoffice
def test_libreoffice_computes_no_text(opened: list[tuple[str, str, float]]) -> None:
    assert "f" not in {kind for kind, _, _ in opened}
    assert [value for _, value, _ in opened[len(AS_IT_IS) : len(TEXTS)]] == [
        f"'{text}".replace("\r", "\n") for text in GUARDED
    ]


@needs_libreoffice
def test_libreoffice_shows_other_texts_as_they_are_and_amounts_as_numbers(opened: list[tuple[str, str, float]]) -> None:
    shown = {text: value for text, (kind, value, _) in zip(AS_IT_IS, opened, strict=False) if kind == "s"}
    assert shown == {text: text for text in shown}
    assert set(AS_IT_IS) - set(shown) == {"100%", "2080109", "270.10", "0"}  # numbers, and the same numbers
    assert [amount for _, _, amount in opened[: len(TEXTS)]] == list(range(len(TEXTS)))


@needs_libreoffice
def test_names_of_projects_and_indicators_stay_texts_in_libreoffice(
    tmp_path: Path, schemas: Schemas, sample_reports: dict[str, Report]
) -> None:
    report = sample_reports["2026"]
    names = [*GUARDED[:5], "一\t二\n三"]
    rows = tuple(
        row._replace(values={**row.values, "level_3": name})
        for row, name in zip(report.rows["performance_indicators"], names, strict=False)
    )
    write(tmp_path, schemas, [replace(report, rows={"performance_indicators": rows})])
    shown = in_libreoffice(tmp_path / "csv" / "performance_indicators.csv")
    column = list(schemas.datasets["performance_indicators"].columns).index("level_3")
    assert [(row[column].data_type, row[column].value) for row in shown] == [
        ("s", f"'{name}") for name in GUARDED[:5]
    ] + [("s", names[-1])]


def test_an_apostrophe_taken_away_gives_every_text_back(written: Path) -> None:
    with written.open(encoding="utf-8-sig", newline="") as stream:
        cells = [row["text"] for row in csv.DictReader(stream)]
    assert cells[: len(AS_IT_IS)] == AS_IT_IS
    assert [re.sub("^'", "", cell) for cell in cells] == [*TEXTS, ""]


def test_pandas_and_duckdb_read_the_same_texts(written: Path) -> None:
    frame = pd.read_csv(written, dtype={"text": str}, keep_default_na=False, na_values=[""], lineterminator="\n")
    rows = duckdb.execute(
        "select regexp_replace(text, '^''', '') from read_csv(?, types = {'text': 'VARCHAR'})", [str(written)]
    ).fetchall()
    assert [None if pd.isna(text) else re.sub("^'", "", text) for text in frame["text"]] == [*TEXTS, None]
    assert [text for (text,) in rows] == [*TEXTS, None]


def test_columns_are_called_in_chinese_where_that_is_asked_for_and_stay_so(tmp_path: Path, schemas: Schemas) -> None:
    out = tmp_path / "out"
    options = ("-o", str(out), "--no-review", "--no-workbooks")

    def header(name: str) -> list[str]:
        return next(csv.reader([(out / "csv" / f"{name}.csv").read_text(encoding="utf-8-sig").split("\n")[0]]))

    extract(GOOD, *options)
    english = header("revenue_by_unit")
    assert english == list(schemas.datasets["revenue_by_unit"].columns)
    extract(GOOD, *options, "--headers", "zh")
    chinese = header("revenue_by_unit")
    assert (chinese[0], "单位名称 agency_name" in chinese, "单位名称 unit_name" in chinese) == ("文档标识", True, True)
    assert all(len(set(header(name))) == len(header(name)) for name in schemas.datasets)
    assert pq.read_schema(out / "parquet" / "revenue_by_unit.parquet").names == english
    assert frictionless.validate(str(out / "datapackage.json")).valid
    extract(str(SAMPLES[0]), *options)
    assert header("revenue_by_unit") == chinese
    assert (
        b"2026" in extract("sql", str(out), "SELECT max(fiscal_year) FROM numbers WHERE column_title = '合计'").stdout
    )
    extract(GOOD, *options, "--headers", "en")
    assert header("revenue_by_unit") == english


def test_no_cell_of_the_list_of_documents_holds_pages_of_prose(tmp_path: Path) -> None:
    out = tmp_path / "out"
    extract(GOOD, "-o", str(out), "--no-review", "--no-workbooks")
    documents, told = (
        list(csv.DictReader(StringIO((out / "csv" / f"{name}.csv").read_text(encoding="utf-8-sig"))))
        for name in ("documents", "descriptions")
    )
    assert max(map(len, documents[0].values())) < 200
    assert [one["topic"] for one in told] == ["functions", "organisation"]
