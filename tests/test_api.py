"""The Python interface, and what importing it costs."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import SAMPLES
from pdf_builders import disclosure, encrypted
from stored import write

import extract
from extract.errors import InputError, UnreadableError
from extract.messages import choose_language
from extract.model.report import Report
from extract.out.replace import MARKER, STAGING
from extract.schemas.grammar import Schemas

COMMAND = "from extract.cli.commands import cli; cli(['{}'], standalone_mode=False)"


def test_a_report_gives_arrow_and_pandas() -> None:
    report = extract.read(SAMPLES[1])
    assert (report.status, len(report.failures)) == ("failed", 4)
    table = report.arrow("revenue")
    assert table.schema.field("total").type == pa.decimal128(20, 6)
    frame = report.pandas("revenue")
    assert frame["total"].iloc[0] == Decimal("3519.26")
    assert frame["exp_func_code"].isna().sum() == 1
    assert "government_procurement_items" not in report.datasets
    assert {"revenue", "facts", "checks", "documents"} <= set(report.datasets)


@pytest.mark.parametrize("dataset", ["expenditure", "general_public_expenditure", "basic_expenditure"])
def test_the_rows_of_one_level_add_up_to_the_total(dataset: str) -> None:
    frame = extract.read(SAMPLES[2]).pandas(dataset)
    classes = frame[~frame["is_total"].astype(bool) & (frame["level"] == 1)]
    [total] = frame.loc[frame["is_total"].astype(bool), "total"]
    assert len(classes) > 1
    assert classes["total"].sum() == total


def test_bytes_and_open_files_are_read_as_the_file_is() -> None:
    content = SAMPLES[2].read_bytes()
    with SAMPLES[2].open("rb") as stream:
        reports = [extract.read(SAMPLES[2]), extract.read(content), extract.read(stream)]
    assert len({report.report.document_id for report in reports}) == 1
    assert [report.report.source for report in reports] == [str(SAMPLES[2]), "-", str(SAMPLES[2])]


def test_a_password_opens_a_document_which_keeps_its_name() -> None:
    content = encrypted(SAMPLES[2].read_bytes(), "user", "owner")
    opened = extract.read(content, password="user")
    assert (opened.status, opened.report.sha256) == ("verified", sha256(content).hexdigest())
    for password in (None, "wrong"):
        with pytest.raises(extract.ExtractError):
            extract.read(content, password=password)


def test_an_unknown_dataset_is_told_with_those_there_are() -> None:
    with pytest.raises(KeyError, match=r"'revenues' is no dataset; there are .*expenditure"):
        extract.read(SAMPLES[2]).arrow("revenues")


def test_what_cannot_be_read_is_an_exception(tmp_path: "pytest.TempPathFactory") -> None:
    path = f"{tmp_path}/no.pdf"
    with open(path, "w", encoding="utf-8") as stream:
        stream.write("no PDF")
    with pytest.raises(UnreadableError):
        extract.read(path)
    with pytest.raises(FileNotFoundError):
        extract.read(f"{tmp_path}/nothing.pdf")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory, schemas: Schemas, sample_reports: dict[str, Report]) -> Path:
    """A folder with the datasets of the three samples."""
    path = tmp_path_factory.mktemp("api") / "out"
    write(path, schemas, sample_reports.values())
    return path


@pytest.fixture
def language() -> Iterator[Callable[[str | None], None]]:
    yield choose_language
    choose_language(None)


def test_a_folder_gives_the_datasets_of_all_its_documents(out: Path) -> None:
    folder = extract.open_folder(str(out))
    assert "government_procurement_items" not in folder.datasets
    assert {"revenue", "facts", "checks", "documents"} <= set(folder.datasets)
    assert folder.arrow("facts").equals(pq.read_table(out / "parquet" / "facts.parquet"))
    assert folder.documents["status"].to_list() == ["verified", "failed", "verified"]
    assert "3 documents" in repr(folder)


def test_frames_of_a_folder_keep_decimals_and_blanks(out: Path) -> None:
    folder = extract.open_folder(out)
    assert folder.arrow("revenue").schema.field("total").type == pa.decimal128(20, 6)
    frame = folder.pandas("three_public_expenses")
    assert frame["total"].dtype == pd.ArrowDtype(pa.decimal128(20, 6))
    assert frame["budget_year"].dtype == pd.ArrowDtype(pa.int32())
    assert all(isinstance(amount, Decimal) for amount in frame["total"].dropna())
    checks = folder.pandas("checks")
    assert checks.loc[checks["verdict"] == "fail", "stated"].to_list() == [
        Decimal("501.10"),
        Decimal("649.50"),
        Decimal("510.10"),
        Decimal("510.10"),
    ]
    assert folder.pandas("revenue")["government_fund"].isna().any()


def test_datasets_without_rows_have_their_columns_and_unknown_ones_are_told(out: Path) -> None:
    folder = extract.open_folder(out)
    assert "procurement_item" in folder.pandas("government_procurement_items").columns
    with pytest.raises(KeyError, match="revenues"):
        folder.arrow("revenues")
    with pytest.raises(KeyError, match="revenues"):
        extract.read(SAMPLES[0]).arrow("revenues")


def test_a_folder_that_does_not_hold_datasets_is_told_in_both_languages(
    tmp_path: Path, language: Callable[[str | None], None]
) -> None:
    with pytest.raises(InputError) as missing:
        extract.open_folder(tmp_path / "no")
    (tmp_path / "datapackage.json").write_text('{"name": "mine"}')
    with pytest.raises(InputError) as foreign:
        extract.open_folder(tmp_path)
    language("en")
    assert str(missing.value) == f"{tmp_path / 'no'} does not exist."
    assert str(foreign.value).startswith(f"{tmp_path} was not written by extract")
    language("zh")
    assert str(foreign.value).startswith(f"{tmp_path} 不是 extract 写出的文件夹")


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"PAR1")])
def test_a_damaged_folder_is_told(out: Path, tmp_path: Path, damage: Callable[[Path], object]) -> None:
    copy = tmp_path / "out"
    shutil.copytree(out, copy)
    damage(copy / "parquet" / "glossary.parquet")
    with pytest.raises(InputError, match=r"glossary\.parquet"):
        extract.open_folder(copy)


def test_a_folder_that_a_run_has_half_replaced_is_told(out: Path, tmp_path: Path) -> None:
    copy = tmp_path / "out"
    shutil.copytree(out, copy)
    (copy / STAGING).mkdir()
    extract.open_folder(copy)
    (copy / STAGING / MARKER).write_text("")
    with pytest.raises(InputError, match=r"not ended|尚未完成"):
        extract.open_folder(copy)


def shown(what: extract.Disclosure | extract.Folder) -> str:
    """What a notebook gets, without styles."""
    return re.sub(' style="[^"]*"', "", what._repr_html_())


def test_a_notebook_shows_a_report(language: Callable[[str | None], None]) -> None:
    report = extract.read(SAMPLES[1])
    language("en")
    html = shown(report)
    for part in (
        "澜州市城市绿道管理中心 · 2025",
        ">failed<",
        "<td>公开表11</td>",
        "<td>11–12</td>",
        "A row = the sum of the rows below it",
    ):
        assert part in html
    assert html.index("if the printed 510.10 were 501.10, 4 failing checks would hold") < html.index(
        "stated 501.10, computed 510.10"
    )
    language("zh")
    assert ">有不符<" in report._repr_html_()
    ElementTree.fromstring(html.replace("<details open>", "<details>"))


def test_a_notebook_shows_a_folder(out: Path, language: Callable[[str | None], None]) -> None:
    language("en")
    html = shown(extract.open_folder(out))
    for part in (
        str(out),
        f"<td>{SAMPLES[1].name}</td>",
        ">verified<",
        ">failed<",
        "<td>revenue</td><td>收入总体情况表</td><td>103</td>",
    ):
        assert part in html
    assert (
        f"<td>{SAMPLES[1].name}</td><td>14</td><td>general_public_expenditure 24 project</td><td>A row = the sum"
        in html
    )
    ElementTree.fromstring(html.replace("<details open>", "<details>"))


def test_what_a_document_says_is_text_in_a_notebook(schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    report = sample_reports["2024"]
    odd = replace(report, agency_name="<script>alert(1)</script>", tables=(replace(report.tables[0], title="<b>&"),))
    html = extract.Disclosure(odd, schemas)._repr_html_()
    assert "<script>" not in html
    assert "&lt;b&gt;&amp;" in html


def test_long_lists_are_cut_and_say_so(
    schemas: Schemas, sample_reports: dict[str, Report], language: Callable[[str | None], None]
) -> None:
    language("en")
    report = sample_reports["2025"]
    failing = next(check for check in report.checks if check.verdict == "fail")
    html = extract.Disclosure(replace(report, checks=(failing,) * 12, tables=report.tables * 2), schemas)._repr_html_()
    assert html.count("stated 501.10") == 10
    assert "… and 2 more" in html
    assert f"<details><summary>tables: {2 * len(report.tables)}</summary>" in html


@pytest.mark.parametrize("code", ["import extract", COMMAND.format("--help"), COMMAND.format("status")])
def test_importing_help_and_status_load_no_heavy_library(code: str, out: Path) -> None:
    heavy = [
        "pypdfium2",
        "pdfplumber",
        "pandas",
        "pyarrow",
        "numpy",
        "pydantic",
        "rich",
        "xlsxwriter",
        "jinja2",
        "PIL",
        "camelot",
    ]
    script = (
        f"{code}\nimport sys\nloaded = [name for name in {heavy!r} if name in sys.modules]\nassert not loaded, loaded"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, cwd=out.parent, check=False)
    assert done.returncode == 0, done.stderr


def test_some_pages_are_read_alone_and_nothing_is_checked_of_them() -> None:
    whole, part = extract.read(SAMPLES[2]), extract.read(SAMPLES[2], pages=range(7, 9))
    assert part.datasets[0] == "revenue"
    assert (
        part["revenue"]
        .drop(columns=["row", "agency_name", "fiscal_year"])
        .equals(whole["revenue"].drop(columns=["row", "agency_name", "fiscal_year"]))
    )
    assert set(part["facts"]["page"]) <= {7, 8}
    assert (part.status, part.report.reasons[-1], part.report.checks, part.report.pages) == (
        "unverified",
        "partial",
        (),
        whole.report.pages,
    )
    with pytest.raises(extract.ExtractError, match=r"There is no page 99|没有第 99 页"):
        extract.read(SAMPLES[2], pages=[99])


def test_a_folder_is_read_one_document_at_a_time_and_a_broken_one_stops_nothing(tmp_path: Path) -> None:
    for path in SAMPLES[1:]:
        shutil.copy(path, tmp_path)
    (tmp_path / "0.pdf").write_text("no PDF")
    reports = extract.read_folder(tmp_path)
    assert isinstance(next(reports).error, UnreadableError)
    assert [(report.status, report.error) for report in reports] == [("failed", None), ("verified", None)]
    with pytest.raises(InputError):
        extract.read_folder(tmp_path / "nothing")


def test_a_dataset_is_taken_by_its_name_and_a_wrong_one_is_told_what_is_meant(out: Path) -> None:
    for holder in (extract.read(SAMPLES[0]), extract.open_folder(out)):
        assert list(holder) == holder.datasets
        assert holder["revenue"].equals(holder.pandas("revenue"))
        with pytest.raises(KeyError, match="did you mean revenue"):
            holder["revenues"]


def test_a_page_is_a_picture_with_its_cells_and_what_does_not_tie() -> None:
    report = extract.read(SAMPLES[1])
    plain, marked = (report.page(number).to_image(72) for number in (1, 14))
    assert (plain.size, marked.size) == ((596, 842), (842, 596))
    red, blue = (204, 0, 0), (64, 128, 230)
    assert {red, blue} <= {colour for _, colour in marked.getcolors(1 << 24) or ()}
    assert red not in {colour for _, colour in plain.getcolors(1 << 24) or ()}
    with pytest.raises(IndexError, match=f"there are 1 to {report.report.pages}"):
        report.page(99)


def test_a_total_is_told_where_rows_are_named_by_their_units_and_not_by_their_label() -> None:
    captions = ("2026年甲县农业局部门预算", "“三公”经费支出表", "部门：甲县农业局    单位：万元")
    units = [("合计", "30.00", "30.00"), ("甲站", "20.00", "20.00"), ("乙站", "10.00", "10.00")]
    frame = extract.read(disclosure(captions, [("单位名称", "合计", "公务接待费"), *units]))["three_public_expenses"]
    assert frame["is_total"].to_list() == [True, False, False]
