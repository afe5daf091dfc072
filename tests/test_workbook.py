"""Workbooks, read back: every amount, code and link where a reader looks for it, and nothing in them that runs."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from itertools import takewhile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from command import extract
from conftest import SAMPLES, SHARED, ReadFile, needs_shared
from openpyxl import Workbook, load_workbook
from pdf_builders import disclosure
from stored import write

from extract.messages import Sentence
from extract.model.page import Box
from extract.model.report import PrintedCell, Report, Table, Unclaimed
from extract.out.parquet import Stored
from extract.schemas.grammar import Schemas
from extract.workbook.book import CUT, TEXT_UNITS
from extract.workbook.document import document_workbook
from extract.workbook.printed import header_areas
from extract.workbook.run import write_run_workbook

TOP = 4  # the row that the header of a table begins in
REAL = sorted((SHARED / "reports").glob("[烟苏无]*/*.pdf"))[::3]
YEARS = ["2024", "2025", "2026"]
HOSTILE = [
    '=HYPERLINK("http://x","y")',
    "@SUM(1)",
    "+1",
    "-2+3",
    "\tafter a tab",
    "two\nlines",
    "<r><t>&</t></r>",
    "=100%",
    "http://x.example/",
]
needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


def opened(report: Report, schemas: Schemas, full: bool = False) -> Workbook:
    return load_workbook(BytesIO(document_workbook(report, schemas, full=full)))


def facts_of(report: Report) -> dict[str, Any]:
    return {fact.reference: fact for rows in report.rows.values() for row in rows for fact in row.facts.values()}


def cells_of(book: Workbook) -> Iterator[Any]:
    return (cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)


def records(sheet: Any) -> list[dict[str, Any]]:
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def number(value: object) -> Decimal | None:
    """A number of a sheet as it was meant: a spreadsheet shows its shortest decimal."""
    return None if value is None else Decimal(repr(value)) if isinstance(value, int | float) else Decimal(str(value))


def printed_tables(report: Report, schemas: Schemas) -> list[Table]:
    return [table for table in report.tables if table.dataset and schemas.datasets[table.dataset].kind == "table"]


def assert_shows(book: Workbook, report: Report, schemas: Schemas) -> int:
    """That the workbook shows every printed cell of the report in its place, and every amount as a number; returns how
    many amounts.
    """
    facts = facts_of(report)
    shown = printed_tables(report, schemas)
    amounts = 0
    for table, sheet in zip(shown, book.worksheets[2 : 2 + len(shown)], strict=True):
        [listing] = table.listings
        first = TOP + max((len(heading.path) for heading in listing.columns), default=1)
        for row, cells in enumerate(listing.rows, first):
            printed = {cell.column: cell for cell in cells}
            for column in range(len(listing.columns)):
                value, cell = sheet.cell(row, column + 1).value, printed.get(column)
                fact = facts.get((cell.value if cell else None) or "")
                if cell is None:
                    assert value is None
                elif fact is not None and fact.amount is not None:
                    assert number(value) == fact.amount
                    amounts += 1
                else:
                    assert value == cell.text
            assert sheet.cell(row, len(listing.columns) + 1).value == min(cell.page for cell in cells)
    assert not [cell.coordinate for cell in cells_of(book) if cell.data_type == "f"]
    return amounts


def assert_lists(book: Workbook, report: Report) -> None:
    """That a full workbook lists every amount and every check."""
    facts, listed = facts_of(report), records(book["明细"])
    assert [(number(one["预算数"]), one["原文"], one["页"], one["编码"]) for one in listed] == [
        (fact.amount, fact.origin.printed, fact.origin.page, fact.code) for fact in facts.values()
    ]
    checks = Counter(line["结论"] for line in records(book["校验"]) if line["结论"] != "疑点")
    assert sorted(checks.values()) == sorted(Counter(check.verdict for check in report.checks).values())


@pytest.mark.parametrize("year", YEARS)
def test_a_workbook_shows_what_is_printed(year: str, schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    """Amounts as numbers, codes as text."""
    report = sample_reports[year]
    book = opened(report, schemas, full=True)
    assert assert_shows(book, report, schemas) > 500
    assert_lists(book, report)
    codes = [one["编码"] for one in records(book["明细"]) if one["编码"] is not None]
    assert codes
    assert all(isinstance(code, str) for code in codes)


@needs_shared
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_a_workbook_of_a_real_report_shows_what_is_printed(path: Path, schemas: Schemas, read_file: ReadFile) -> None:
    report = read_file(path)
    book = opened(report, schemas)
    assert assert_shows(book, report, schemas) > 100
    failures = [check for check in report.checks if check.verdict == "fail"]
    lines = [one for one in records(book["校验"]) if one["结论"] == "不符"]
    assert len(lines) == len(failures)
    assert all(target(book, one["定位"]).comment for one in lines)


def test_the_sheets_stand_in_the_order_of_the_document_under_names_a_reader_knows(
    schemas: Schemas, sample_reports: dict[str, Report]
) -> None:
    names, full = (opened(sample_reports["2026"], schemas, full=full).sheetnames for full in (False, True))
    assert names[:4] == ["说明", "校验", "1 收支总体", "2 收入总体"]
    assert names[-3:] == ["绩效目标表", "绩效指标", "文字数据"]
    assert full == [*names, "明细"]
    assert all(len(name) <= 31 for name in full)


def test_a_table_that_is_printed_twice_has_two_sheets(schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    report = sample_reports["2026"]
    names = opened(replace(report, tables=(report.tables[0], *report.tables)), schemas).sheetnames
    assert names[2:4] == ["1 收支总体", "1 收支总体 (2)"]


def test_a_title_that_is_no_name_for_a_sheet_becomes_one(schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    report = sample_reports["2026"]
    odd = replace(report.tables[0], number=None, title="'[a]:b*c?d/e\\f#'" + "表" * 40)
    book = opened(replace(report, tables=(odd,)), schemas)
    assert book.sheetnames[2] == "a  b c d e f#'" + "表" * 17
    [link] = [cell for cell in book["说明"]["A"] if cell.value == book.sheetnames[2]]
    assert target(book, link.hyperlink.location).parent.title == book.sheetnames[2]


def test_the_header_tree_is_merged_as_on_paper(schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    sheet = opened(sample_reports["2026"], schemas)["5 一般公共预算支出"]
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A4:C4", "D4:D5", "E4:E5", "F4:H4", "I4:I5", "J4:J5"}
    assert [sheet[place].value for place in ("A1", "A4", "A5", "B5", "D4", "F4", "G5", "J4")] == [
        "公开表5 一般公共预算支出情况表",
        "科目编码",
        "类",
        "款",
        "科目名称",
        "基本支出",
        "人员支出",
        "页",
    ]
    assert sheet.freeze_panes == "E6"
    assert sheet.auto_filter.ref.startswith("A5:J")


def test_groups_within_groups_are_merged_each_on_its_level() -> None:
    paths = [("收入",), ("支出", "预算数", "总计"), ("支出", "预算数", "其中"), ("支出", "决算数"), ()]
    assert [(area.levels, area.columns, area.text) for area in header_areas(paths, 3)] == [
        ((0, 2), (0, 0), "收入"),
        ((0, 0), (1, 3), "支出"),
        ((0, 2), (4, 4), ""),
        ((1, 1), (1, 2), "预算数"),
        ((1, 2), (3, 3), "决算数"),
        ((2, 2), (1, 1), "总计"),
        ((2, 2), (2, 2), "其中"),
    ]


def test_an_empty_table_is_a_sheet_with_its_note(schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    report = sample_reports["2025"]
    [empty] = [table for table in printed_tables(report, schemas) if not table.rows]
    sheet = opened(report, schemas)["9 国有资本经营预算支出"]
    assert empty.note in [cell.value for row in sheet.iter_rows() for cell in row]


def test_the_first_sheet_says_which_document_this_is_and_leads_to_every_sheet(
    schemas: Schemas, sample_reports: dict[str, Report]
) -> None:
    book = opened(sample_reports["2025"], schemas)
    cover = book["说明"]
    told = {row[0].value: row[1].value for row in cover.iter_rows(max_row=25)}
    assert (told["单位名称"], told["预算年度"], told["不符"]) == (sample_reports["2025"].agency_name, 2025, 4)
    assert told["状态"].startswith("有不符：")
    assert [cell.value for cell in cover["A"] if cell.hyperlink] == book.sheetnames[1:]
    for cell in (cell for cell in cover["A"] if cell.hyperlink):
        assert target(book, cell.hyperlink.location).parent.title == cell.value


# ---- checks ----------------------------------------------------------------------------------------------------------


def target(book: Workbook, location: str) -> Any:
    """The cell that a link leads to."""
    found = re.fullmatch(r"(?:'(?P<quoted>.+)'|(?P<plain>[^']+))!(?P<cell>[A-Z]+\d+)", location)
    assert found
    return book[(found["quoted"] or found["plain"]).replace("''", "'")][found["cell"]]


def test_checks_begin_with_what_fails_and_lead_to_its_cell(schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    report = sample_reports["2025"]
    book = opened(report, schemas)
    lines = records(book["校验"])
    verdicts = [line["结论"] for line in lines]
    assert verdicts[:5] == ["疑点", "不符", "不符", "不符", "不符"]
    assert verdicts[5:] == sorted(verdicts[5:], key=["尾差", "无依据", "不适用", "一致"].index)
    assert len([verdict for verdict in verdicts if verdict != "一致"]) == 1 + len(
        [check for check in report.checks if check.verdict != "exact"]
    )
    told = {line["规则"]: line["说明"] for line in lines if line["结论"] == "一致"}
    held = Counter(check.rule for check in report.checks if check.verdict == "exact")
    made = Counter(check.rule for check in report.checks)
    assert told == {rule: f"{made[rule]} 次校验，{count} 次一致" for rule, count in held.items()}
    assert lines[0]["说明"] == "若所印 510.10 为 501.10，则 4 处不符全部相符"
    for line in lines[:5]:
        assert target(book, line["定位"]).value == line["所列数"]
        assert line["页"] == 14
    links = {cell.value: cell.hyperlink.location for cell in book["校验"]["B"] if cell.hyperlink}
    assert all(name == location for name, location in links.items())
    assert all(target(book, location) for location in links.values())


def test_cells_that_fail_are_coloured_and_say_why(schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    book = opened(sample_reports["2025"], schemas)
    commented = {
        (sheet.title, cell.coordinate): cell
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }
    assert len(commented) == 3
    assert {sheet for sheet, _ in commented} == {"5 一般公共预算支出"}
    told = {cell.value: (cell.comment.text, cell.fill.fgColor.rgb) for cell in commented.values()}
    assert all(fill != "00000000" for _, fill in told.values())
    assert told[510.1][1] != told[649.5][1]
    assert told[510.1][0].startswith("若所印 510.10 为 501.10")
    assert "所列649.50，计算658.50，相差-9.00" in told[649.5][0]
    assert "class-sum" in told[649.5][0]
    assert "第 14 页" in told[649.5][0]


def test_a_blank_cell_that_fails_is_coloured_where_its_number_should_stand(
    schemas: Schemas, sample_reports: dict[str, Report]
) -> None:
    report = sample_reports["2025"]
    failing = next(check for check in report.checks if check.verdict == "fail")
    cells = {
        cell.value for table in report.tables for listing in table.listings for row in listing.rows for cell in row
    }
    row = next(
        row.number
        for row in report.rows["revenue_and_expenditure"]
        if f"revenue_and_expenditure:{row.number}:amount" not in cells and row.values["side"] == "expenditure"
    )
    blank = failing._replace(dataset="revenue_and_expenditure", row=row, column="amount")
    sheet = opened(replace(report, checks=(blank,)), schemas)["1 收支总体"]
    [cell] = [cell for line in sheet.iter_rows() for cell in line if cell.comment]
    assert (cell.value, cell.column_letter) == (None, "D")
    assert sheet.cell(cell.row, 3).value == report.rows["revenue_and_expenditure"][row - 1].values["item"]


def test_a_figure_of_the_prose_that_fails_is_coloured_too(schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    report = sample_reports["2026"]
    check = next(check for check in report.checks if check.dataset == "statements" and check.row)
    book = opened(replace(report, checks=(check._replace(verdict="fail"),)), schemas)
    [line] = records(book["校验"])
    cell = target(book, line["定位"])
    assert cell.parent.title == "文字数据"
    assert cell.comment
    assert number(cell.value) == check.stated


def test_cells_that_no_column_claims_are_in_a_sheet_with_their_page(
    schemas: Schemas, sample_reports: dict[str, Report]
) -> None:
    cell = Unclaimed(1, 2, 3, "=1+1", 7, Box(1.0, 2.0, 3.0, 4.0))
    bare = replace(
        sample_reports["2026"],
        tables=(),
        rows={},
        columns={},
        checks=(),
        statements=(),
        unclaimed=(cell,),
        status="unrecognised",
    )
    book = opened(bare, schemas)
    assert book.sheetnames == ["说明", "校验", "未识别"]
    [line] = records(book["未识别"])
    assert (line["文本"], line["页"]) == ("=1+1", 7)


# ---- what spreadsheets do to values ----------------------------------------------------------------------------------


def changed(report: Report, texts: list[str], amounts: list[Decimal]) -> Report:
    """The report whose second table prints these names, and these amounts in its column of totals, one a row."""
    table = report.tables[1]
    [listing] = table.listings
    rows = list(report.rows["revenue"])
    for index, amount in enumerate(amounts):
        facts = rows[index].facts
        rows[index] = rows[index]._replace(
            facts={**facts, "total": facts["total"]._replace(amount=amount, item=texts[index % len(texts)])}
        )

    def renamed(cell: PrintedCell, text: str) -> PrintedCell:
        return cell._replace(text=text) if cell.value and cell.value.endswith(":exp_func_name") else cell

    lines = [tuple(renamed(cell, text) for cell in line) for line, text in zip(listing.rows, texts, strict=False)]
    odd = replace(
        table, title=texts[0], note=texts[-1], listings=(listing._replace(rows=(*lines, *listing.rows[len(lines) :])),)
    )
    indicators = zip(report.rows["performance_indicators"], texts, strict=False)
    names = tuple(
        row._replace(values={**row.values, "level_3": text, "project_name": text}) for row, text in indicators
    )
    statements = tuple(one._replace(text=text) for one, text in zip(report.statements, texts, strict=False))
    failing = tuple(
        check._replace(message=Sentence(text, text), verdict="fail")
        for check, text in zip(report.checks, texts, strict=False)
    )
    return replace(
        report,
        title=texts[0],
        tables=(report.tables[0], odd, *report.tables[2:]),
        rows={**report.rows, "revenue": tuple(rows), "performance_indicators": names},
        statements=statements,
        checks=failing,
    )


def test_no_text_becomes_a_formula_a_link_or_markup(schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    book = opened(changed(sample_reports["2026"], HOSTILE, []), schemas)
    cells = list(cells_of(book))
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert not [cell for cell in cells if cell.hyperlink and cell.hyperlink.target]
    for sheet, column in ((book.worksheets[3], 4), (book["绩效指标"], 4), (book["绩效指标"], 7)):
        shown = [cell.value for row in sheet.iter_rows(min_col=column, max_col=column) for cell in row]
        assert [text for text in shown if isinstance(text, str) and text.rstrip(" ") in HOSTILE] == [
            f"{text} " if text.startswith("<r>") else text for text in HOSTILE
        ]


@needs_office
def test_no_text_becomes_a_formula_in_libreoffice_either(
    tmp_path: Path, schemas: Schemas, sample_reports: dict[str, Report]
) -> None:
    (tmp_path / "odd.xlsx").write_bytes(document_workbook(changed(sample_reports["2026"], HOSTILE, []), schemas))
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command: list[str | Path] = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        every_sheet,
        "--outdir",
        tmp_path,
        tmp_path / "odd.xlsx",
    ]
    subprocess.run(command, check=True, capture_output=True)
    [indicators] = tmp_path.glob("*绩效指标.csv")
    text = indicators.read_text(encoding="utf-8").replace('""', '"')
    assert all(hostile in text for hostile in HOSTILE)
    assert len(list(tmp_path.glob("*.csv"))) == len(opened(sample_reports["2026"], schemas).sheetnames)


def test_amounts_keep_every_digit(schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    """Up to 15 significant digits as numbers, whatever their size; more as text, as a spreadsheet would round them."""
    numbers = [
        "0.000001",
        "9.95",
        "1.05",
        "0.1",
        "123456789.123456",
        "999999999.999999",
        "-0.3",
        "99999999999999",
        "1234567.8",
        "8.41",
        "0",
    ]
    texts = ["1234567890.123456", "99999999999999.999999"]
    amounts = [Decimal(one) for one in (*numbers, *texts)]
    report = changed(sample_reports["2026"], ["名称"], amounts)
    alone = replace(report, tables=report.tables[1:2])
    book = opened(alone, schemas)
    assert assert_shows(book, alone, schemas) > len(numbers)
    sheet = book.worksheets[2]
    shown = [sheet.cell(row, 5) for row in range(TOP + 2, TOP + 2 + len(amounts))]
    assert [cell.data_type for cell in shown] == ["n"] * len(numbers) + ["s"] * len(texts)
    assert [number(cell.value) for cell in shown] == amounts
    assert shown[0].number_format == "#,##0.00####"


def test_a_dash_is_kept_as_printed(schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    report = sample_reports["2026"]
    [listing] = report.tables[1].listings
    cell = next(cell for cell in listing.rows[0] if cell.value == "revenue:1:total")
    dashed = tuple(one._replace(text="—") if one is cell else one for one in listing.rows[0])
    row = report.rows["revenue"][0]
    fact = row.facts["total"]
    dash = fact._replace(amount=None, origin=fact.origin._replace(printed="—"))
    rows = (row._replace(facts={**row.facts, "total": dash}), *report.rows["revenue"][1:])
    table = replace(report.tables[1], listings=(listing._replace(rows=(dashed, *listing.rows[1:])),))
    sheet = opened(replace(report, tables=(table,), rows={**report.rows, "revenue": rows}), schemas).worksheets[2]
    assert sheet.cell(TOP + 2, cell.column + 1).value == "—"


def test_amounts_of_a_table_in_another_unit_are_told_to_be_converted(
    schemas: Schemas, sample_reports: dict[str, Report]
) -> None:
    report = sample_reports["2026"]
    book = opened(replace(report, tables=(replace(report.tables[1], unit="元"), report.tables[2])), schemas)
    assert "金额单位：万元（原表单位：元）" in book.worksheets[2]["A2"].value
    assert "原表" not in book.worksheets[3]["A2"].value


def test_a_text_too_long_for_a_cell_says_that_it_is_cut(schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    book = opened(changed(sample_reports["2026"], ["长" * 40_000], []), schemas)
    text = book.worksheets[3].cell(TOP + 2, 4).value
    assert len(text) == TEXT_UNITS
    assert text.endswith(CUT)


def test_characters_that_no_file_of_this_kind_may_hold_harm_nothing(
    schemas: Schemas, sample_reports: dict[str, Report]
) -> None:
    book = opened(changed(sample_reports["2026"], ["a\uffffb\ud800c"], []), schemas)
    assert book.worksheets[3].cell(TOP + 2, 4).value == "a\ufffdb\ufffdc"


def test_the_same_document_gives_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    """Also where Python orders its sets otherwise."""
    for seed in ("1", "2"):
        command = [sys.executable, "-m", "extract", *map(str, SAMPLES[1:]), "-o", str(tmp_path / seed), "--no-review"]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed})
    one, other = (
        {path.name: path.read_bytes() for path in (tmp_path / seed / "xlsx").iterdir()} for seed in ("1", "2")
    )
    assert len(one) == 3
    assert one == other


def test_a_run_that_is_asked_for_full_workbooks_makes_them_anew(tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    for options, listed in ([], False), (["--full-workbooks"], True), ([], False):
        assert extract(str(SAMPLES[0]), "-o", out, "--no-review", *options).returncode == 0
        for path in (tmp_path / "out" / "xlsx").iterdir():
            assert ("明细" in load_workbook(path, read_only=True).sheetnames) == listed


# ---- the workbook of all documents -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, schemas: Schemas, sample_reports: dict[str, Report]) -> Path:
    """out/ with all samples."""
    out = tmp_path_factory.mktemp("whole")
    write(out, schemas, [sample_reports[year] for year in YEARS], xlsx=b"")
    return out


def test_all_documents_have_a_workbook_without_what_only_a_full_one_lists(whole: Path, schemas: Schemas) -> None:
    names = set(load_workbook(whole / "xlsx" / "全部.xlsx").sheetnames)
    there = {
        dataset.zh
        for name, dataset in schemas.datasets.items()
        if len(pq.read_table(whole / "parquet" / f"{name}.parquet"))
    }
    assert there - names == {schemas.datasets[name].zh for name in ("facts", "checks", "printed_cells")}
    assert names - there == {"说明", "分年对比"}


def test_a_full_workbook_of_all_documents_has_every_dataset(
    tmp_path: Path, schemas: Schemas, sample_reports: dict[str, Report]
) -> None:
    write(tmp_path, schemas, [sample_reports["2025"]])
    write_run_workbook(tmp_path / "full.xlsx", schemas, Stored(tmp_path, schemas), full=True)
    book = load_workbook(tmp_path / "full.xlsx")
    assert not [cell for cell in cells_of(book) if cell.data_type == "f"]
    for name, dataset in schemas.datasets.items():
        table = pq.read_table(tmp_path / "parquet" / f"{name}.parquet")
        if not len(table):
            assert dataset.zh not in book.sheetnames
            continue
        rows = records(book[dataset.zh])
        assert len(rows) == len(table)
        assert len(rows[0]) == len(dataset.columns)
        for column, field in dataset.columns.items():
            if field.type == "money":
                values = [next(value for heading, value in row.items() if heading.startswith(field.zh)) for row in rows]
                assert list(map(number, values)) == table[column].to_pylist(), (name, column)
            if field.type == "code":
                assert [row[field.zh] for row in rows] == table[column].to_pylist()


def test_agencies_are_compared_over_years(whole: Path, sample_reports: dict[str, Report]) -> None:
    first, second, third = records(load_workbook(whole / "xlsx" / "全部.xlsx")["分年对比"])
    assert [row["预算年度"] for row in (first, second, third)] == [2024, 2025, 2026]
    assert [row["状态"] for row in (first, second, third)] == ["已核验", "有不符", "已核验"]
    assert (first["收入增减额"], first["收入增减率"]) == (None, None)
    totals = {year: report.rows["expenditure"][0].values for year, report in sample_reports.items()}
    for row, year in ((first, "2024"), (second, "2025"), (third, "2026")):
        assert number(row["基本支出"]) == totals[year]["basic"]
        assert number(row["项目支出"]) == totals[year]["project"]
        assert number(row["“三公”经费"]) == sample_reports[year].rows["three_public_expenses"][1].values["total"]
    now, before = totals["2026"]["basic"], totals["2025"]["basic"]
    assert number(third["基本支出增减额"]) == now - before
    assert number(third["基本支出增减率"]) == round((now - before) / before, 6)


def test_of_two_documents_of_last_year_neither_is_compared_with(
    tmp_path: Path, schemas: Schemas, sample_reports: dict[str, Report]
) -> None:
    twin = replace(sample_reports["2024"], document_id="f" * 16, source="twin.pdf")
    write(tmp_path, schemas, [sample_reports["2024"], twin, sample_reports["2025"]], xlsx=b"")
    rows = records(load_workbook(tmp_path / "xlsx" / "全部.xlsx")["分年对比"])
    assert [row["预算年度"] for row in rows] == [2024, 2024, 2025]
    assert [row["收入增减额"] for row in rows] == [None, None, None]


def test_a_dataset_that_no_room_is_left_for_is_left_out_and_said_to_be(
    whole: Path, tmp_path: Path, schemas: Schemas
) -> None:
    datasets = Stored(whole, schemas)
    before = takewhile(lambda dataset: dataset.name != "facts", schemas.datasets.values())
    cells = sum(datasets.count(dataset.name) * len(dataset.columns) for dataset in before)
    path = tmp_path / "all.xlsx"
    write_run_workbook(path, schemas, datasets, True, cells + 1000)
    book = load_workbook(path)
    assert "明细" not in book.sheetnames
    assert {"收支总体情况表", "分年对比"} < set(book.sheetnames)
    [line] = [row for row in book["说明"].iter_rows(values_only=True) if row[0] == "明细"]
    assert line[1] == datasets.count("facts")
    assert "csv/facts.csv" in line[2]


def test_one_document_alone_has_no_workbook_for_all(
    tmp_path: Path, schemas: Schemas, sample_reports: dict[str, Report]
) -> None:
    """Nor does one stay from when there were two."""
    one, other = sample_reports["2024"], replace(sample_reports["2025"], source="other.pdf")
    write(tmp_path, schemas, [one], xlsx=b"")
    assert not (tmp_path / "xlsx" / "全部.xlsx").exists()
    write(tmp_path, schemas, [other], xlsx=b"")
    assert (tmp_path / "xlsx" / "全部.xlsx").exists()
    moved = replace(one, source="other.pdf", agency_name=other.agency_name, fiscal_year=other.fiscal_year)
    write(tmp_path, schemas, [moved], xlsx=b"")
    assert not (tmp_path / "xlsx" / "全部.xlsx").exists()


def test_a_table_printed_line_by_line_and_one_with_a_blank_header_have_their_sheets(tmp_path: Path) -> None:
    lines = [
        ("项目", "合计", "一般公共预算", "政府性基金预算"),
        ("“三公”经费", "30.00", "30.00", "0.00"),
        ("其中：（一）因公出国（境）支出", "10.00", "10.00", "0.00"),
        ("（二）公务接待费支出", "20.00", "20.00", "0.00"),
    ]
    sources = [("项目名称", "", "金额"), ("收入总计", "", "30.00"), ("一般公共预算资金", "小计", "30.00")]
    for name, title, rows in (("a", "“三公”经费预算表", lines), ("b", "收入预算总表", sources)):
        captions = ("2026年甲县农业局部门预算", title, "部门：甲县农业局    单位：万元")
        (tmp_path / f"{name}.pdf").write_bytes(disclosure(captions, rows))
    done = extract(str(tmp_path), "-o", str(tmp_path / "out"), "--no-review", "--json")
    told = json.loads(done.stdout)
    assert [(one["tables_recognised"], one["files_missing"]) for one in told["documents"]] == [(1, {})] * 2
