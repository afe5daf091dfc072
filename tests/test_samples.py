"""The samples, cell by cell: golden files for what is read, words for what is found."""

import json
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import SAMPLES

from extract.document.pipeline import Knowledge, blank_report, read_pages, report_of
from extract.model.report import Report
from extract.reading.base import DEFAULT_READER, reader

GOLDEN = Path(__file__).parent / "golden"
YEARS = ["2024", "2025", "2026"]


def told(report: Report) -> dict[str, Any]:
    """What a user finds about a document in out/, without positions."""
    return {
        "title": report.title,
        "document_type": report.document_type,
        "agency_name": report.agency_name,
        "fiscal_year": report.fiscal_year,
        "layout": report.layout,
        "pages": report.pages,
        "status": report.status,
        "tables": [
            [t.dataset, t.number, t.title, t.unit, t.first_page, t.last_page, t.rows, t.note] for t in report.tables
        ],
        "rows": {
            name: [
                {"row": row.number, "page": row.page, **{k: plain(v) for k, v in row.values.items() if v is not None}}
                for row in rows
            ]
            for name, rows in report.rows.items()
        },
        "statements": [
            f"{one.origin.page}: {one.kind} {one.item} {one.quantity} ± {one.half} {one.unit} {one.direction}"
            for one in report.statements
        ],
        "checks": [
            f"{rule}: {number} {verdict}"
            for (rule, verdict), number in sorted(Counter((one.rule, one.verdict) for one in report.checks).items())
        ],
    }


def plain(value: object) -> object:
    return str(value) if isinstance(value, Decimal) else value


@pytest.mark.parametrize("year", YEARS)
def test_a_sample_is_read_as_its_golden_file_says(
    year: str, sample_reports: dict[str, Report], pytestconfig: pytest.Config
) -> None:
    path = GOLDEN / f"{year}.json"
    report = told(sample_reports[year])
    if pytestconfig.getoption("--update-golden"):
        rows = {
            name: "\n".join(json.dumps(row, ensure_ascii=False) for row in kept)
            for name, kept in report["rows"].items()
        }
        path.write_text(
            json.dumps(
                {**report, "rows": {name: text.split("\n") for name, text in rows.items()}},
                ensure_ascii=False,
                indent=1,
            )
            + "\n",
            encoding="utf-8",
        )
    golden = json.loads(path.read_text(encoding="utf-8"))
    golden["rows"] = {name: [json.loads(row) for row in rows if row] for name, rows in golden["rows"].items()}
    assert report == golden


@pytest.mark.parametrize("year", ["2024", "2026"])
def test_a_sample_without_contradiction_is_verified(year: str, sample_reports: dict[str, Report]) -> None:
    report = sample_reports[year]
    assert report.status == "verified"
    assert "fail" not in {check.verdict for check in report.checks}
    assert {check.verdict for check in report.checks if check.dataset != "statements"} <= {
        "exact",
        "no_evidence",
        "not_applicable",
    }


def test_the_planted_contradiction_is_found_with_its_numbers_page_and_box(sample_reports: dict[str, Report]) -> None:
    report = sample_reports["2025"]
    assert report.status == "failed"
    failures = [
        (c.rule, c.dataset, c.row, c.column, c.stated, c.computed, c.page) for c in report.checks if c.verdict == "fail"
    ]
    assert failures == [
        ("expenditure-row-total", "general_public_expenditure", 27, "total", Decimal("501.10"), Decimal("510.10"), 14),
        ("class-sum", "general_public_expenditure", 24, "project", Decimal("649.50"), Decimal("658.50"), 14),
        ("class-sum", "general_public_expenditure", 27, "project", Decimal("510.10"), Decimal("501.10"), 14),
        (
            "general-public-project-within",
            "general_public_expenditure",
            27,
            "project",
            Decimal("510.10"),
            Decimal("501.10"),
            14,
        ),
    ]
    wrong = report.rows["general_public_expenditure"][26].facts["project"]
    assert (wrong.origin.printed, wrong.origin.page, wrong.code, wrong.level) == ("510.10", 14, "21203", 2)
    assert all("general_public_expenditure:27:project" in c.facts for c in report.checks if c.verdict == "fail")
    x0, top, x1, bottom = wrong.origin.box
    assert 0 < x1 - x0 < 60
    assert 0 < bottom - top < 20


@pytest.mark.parametrize("year", YEARS)
def test_every_table_of_a_sample_is_recognised_and_nothing_is_left_over(
    year: str, sample_reports: dict[str, Report]
) -> None:
    report = sample_reports[year]
    assert all(table.dataset for table in report.tables)
    assert report.unclaimed == ()


@pytest.mark.parametrize("year", YEARS)
def test_an_empty_table_is_kept_with_its_note(year: str, sample_reports: dict[str, Report]) -> None:
    empty = [table for table in sample_reports[year].tables if table.rows == 0]
    assert empty
    assert all(table.note and "注" in table.note[:2] for table in empty)


@pytest.mark.parametrize("year", YEARS)
def test_what_is_printed_leads_to_the_values_made_of_it(year: str, sample_reports: dict[str, Report]) -> None:
    """Every amount is a printed cell of its table, with the same text in the same place; labels and codes lead to their
    values too.
    """
    report = sample_reports[year]
    cells = [cell for table in report.tables for listing in table.listings for row in listing.rows for cell in row]
    printed = {(cell.value, cell.text, cell.page, cell.box) for cell in cells}
    facts = [fact for rows in report.rows.values() for row in rows for fact in row.facts.values()]
    assert {(fact.reference, fact.origin.printed, fact.origin.page, fact.origin.box) for fact in facts} <= printed
    assert all(cell.value for cell in cells)
    for cell in cells:
        dataset, number, column = (cell.value or "").split(":")
        value = report.rows[dataset][int(number) - 1].values.get(column)
        if isinstance(value, str):
            assert cell.text in value or value.endswith(cell.text)


def test_headings_are_the_printed_header_tree(sample_reports: dict[str, Report]) -> None:
    table = next(table for table in sample_reports["2026"].tables if table.dataset == "general_public_expenditure")
    [listing] = table.listings
    assert [heading.path for heading in listing.columns][:3] == [
        ("科目编码", "类"),
        ("科目编码", "款"),
        ("科目编码", "项"),
    ]
    assert [heading.field for heading in listing.columns] == [
        *3 * ["exp_func_code"],
        "exp_func_name",
        "total",
        "basic",
        "personnel",
        "office",
        "project",
    ]


def test_a_form_goes_on_beside_itself_where_a_sheet_shows_two_pages(knowledge: Knowledge) -> None:
    engine = reader(DEFAULT_READER)
    readings = read_pages(SAMPLES[2].read_bytes(), engine, knowledge, [27, 28])
    [first], [second] = (reading.grids for reading in readings)
    beside = replace(second, page=first.page, xs=tuple(x + 596 for x in second.xs))
    sheet = replace(readings[0], grids=(first, beside))
    apart, together = (
        report_of(blank_report("0" * 64, "sheet", engine), pages, knowledge) for pages in (readings, [sheet])
    )
    indicators = [row.values["level_3"] for row in apart.rows["performance_indicators"]]
    assert len(indicators) > 10
    assert [row.values["level_3"] for row in together.rows["performance_indicators"]] == indicators
