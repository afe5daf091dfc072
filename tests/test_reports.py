"""Real disclosures against their truth, and against what was made of them before, where they are beside the project."""

import json
from collections import Counter
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import SHARED, ReadFile, needs_shared

from extract.digest import digest
from extract.model.report import Report, Table
from extract.text import compared

pytestmark = needs_shared

RENDERED = ["seed-calc", "seed-writer", *(f"invented-{number:02}" for number in range(10))]
TRUTHS = [*sorted((SHARED / "gold").glob("*/*.json")), *(SHARED / "corpus" / f"{name}.json" for name in RENDERED)]
READ_OUT_OF_TARGET = {"operator", "value", "target_unit"}
NOT_CELLS = {"document_id", "fiscal_year", "agency_name", "page", "parse"}


def pdf_of(truth: Path) -> Path:
    beside = truth.with_suffix(".pdf")
    return beside if beside.exists() else SHARED / "reports" / truth.parent.name / f"{truth.stem}.pdf"


def same(want: Any, got: Any) -> bool:
    """A list in a truth means that any of its values is right, `*` that the cell is not compared."""
    if want == "*":
        return True
    if isinstance(want, list):
        return any(same(one, got) for one in want)
    if want in (None, "") or got in (None, ""):
        return (want in (None, "")) == (got in (None, ""))
    try:
        return Decimal(str(want).replace(",", "")) == Decimal(str(got).replace(",", ""))
    except InvalidOperation:
        return compared(str(want)) == compared(str(got))


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda path: path.stem)
def test_every_cell_is_right_and_none_is_extra(truth: Path, read_file: ReadFile) -> None:
    want = json.loads(truth.read_text(encoding="utf-8"))
    report = read_file(pdf_of(truth))
    for dataset, rows in want["datasets"].items():
        got = [{**row.values, "row": row.number, "page": row.page} for row in report.rows.get(dataset, ())]
        assert len(got) == len(rows), dataset
        for expected, found in zip(rows, got, strict=True):
            left_out = NOT_CELLS | (READ_OUT_OF_TARGET if expected.get("parse") == "ambiguous" else set())
            wrong = {
                name: (value, found.get(name))
                for name, value in expected.items()
                if name not in left_out and not same(value, found.get(name))
            }
            assert not wrong, (dataset, expected.get("row"))
    assert all(table.dataset for table in report.tables)
    assert compared(report.agency_name or "") == compared(want["agency_name"])
    assert report.fiscal_year == want["fiscal_year"]


GOLD = [path for path in TRUTHS if path.parent.parent.name == "gold"]
COMPLETE = ("烟台", "苏州", "无锡")  # places whose truths list every table of a document with its caption


@pytest.mark.parametrize("truth", [path for path in GOLD if path.parent.name in COMPLETE], ids=lambda path: path.stem)
def test_tables_have_their_number_unit_pages_and_note(truth: Path, read_file: ReadFile) -> None:
    want = json.loads(truth.read_text(encoding="utf-8"))["tables"]
    found = [table for table in read_file(pdf_of(truth)).tables if table.dataset]

    def told(number: str | None, title: str, unit: str | None, first: int, last: int, rows: int) -> tuple[object, ...]:
        return compared(number or ""), compared(title), unit, first, last, rows

    got = [told(t.number, t.title or "", t.unit, t.first_page, t.last_page, t.rows) for t in found]
    expected = [told(t["number"], t["title"], t["unit"], t["first_page"], t["last_page"], t["rows"]) for t in want]
    for left, right in zip(got, expected, strict=True):
        assert left[:2] + left[3:] == right[:2] + right[3:]
        assert left[2] == right[2] or left[2] is None  # a form that prints no amount prints no unit
    assert [compared(t["note"] or "") for t in want] == [compared(t.note or "") for t in found]


@pytest.mark.parametrize("truth", GOLD, ids=lambda path: path.stem)
def test_every_table_of_the_truth_is_named_on_its_page(truth: Path, read_file: ReadFile) -> None:
    want = json.loads(truth.read_text(encoding="utf-8"))
    named = {
        (table.dataset, page) for table in read_file(pdf_of(truth)).tables if table.dataset for page in pages_of(table)
    }
    first_rows = {name: rows[0] for name, rows in want["datasets"].items() if rows}
    first_pages = {(name, row["page"]) for name, row in first_rows.items() if "page" in row}
    lists = {name for name, _ in first_pages if name.endswith(("_indicators", "_tasks"))}
    assert {(name, page) for name, page in first_pages if name not in lists} <= named


def pages_of(table: Table) -> range:
    return range(table.first_page, table.last_page + 1)


LISTED = SHARED / "gold" / "contradictions.json"
CONTRADICTIONS = json.loads(LISTED.read_text(encoding="utf-8")) if LISTED.exists() else []
OPEN = {
    "杭州市交通运输局"
}  # the level of a wrapped name is read from its second line: one sum of lines is told wrongly


def source_of(one: Any) -> Path:
    return by_digest()[one["sha256"]]


@cache
def by_digest() -> dict[str, Path]:
    """The reports by what they hold."""
    return {digest(path.read_bytes()): path for path in (SHARED / "reports").glob("*/*.pdf")}


@pytest.mark.parametrize("one", CONTRADICTIONS, ids=lambda one: Path(one["source"]).stem)
def test_the_contradictions_between_tables_are_those_of_the_truth_and_no_others(one: Any, read_file: ReadFile) -> None:
    report = read_file(source_of(one))
    alarms = [check for check in report.checks if check.verdict == "fail" and check.dataset != "statements"]
    causes = {name: set(cells) for name, cells in (one["real"] or {}).items()}
    touched = [{f"{check.dataset}:{check.row}:{check.column}", *map(str, check.facts)} for check in alarms]
    found = {name for name, cells in causes.items() if any(cells & own for own in touched)}
    false = [
        check.rule for check, own in zip(alarms, touched, strict=True) if not any(own & c for c in causes.values())
    ]
    assert found == set(causes)
    assert not false or report.agency_name in OPEN
    assert all(check.page for check in alarms)


OUTCOMES = Path(__file__).parent / "golden" / "reports"


def outcome(report: Report) -> dict[str, Any]:
    """What is made of a document: its tables, checks and doubts one by one or counted, its cells as digests."""
    checks = Counter(f"{one.rule} {one.dataset} {one.verdict} {one.cause or ''}".strip() for one in report.checks)
    found = [f"{one.page} {one.rule} {one.row} {one.column} {one.message.zh}" for one in report.checks if one.page]
    statements = [f"{one.kind} {one.item} {one.quantity} {one.origin.page}" for one in report.statements]
    return {
        "status": report.status,
        "reasons": list(report.reasons),
        "document_type": report.document_type,
        "tables": [f"{t.first_page}-{t.last_page} {t.dataset} {t.number} {t.unit} {t.rows}" for t in report.tables],
        "rows": {
            name: digest(repr([sorted(row.values.items()) for row in rows]).encode())
            for name, rows in report.rows.items()
            if rows
        },
        "unclaimed": len(report.unclaimed),
        "checks": dict(sorted(checks.items())),
        "told": digest("\n".join(found).encode()),
        "statements": digest("\n".join(statements).encode()),
    }


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda path: path.stem)
def test_what_is_made_of_a_report_is_what_was_made_of_it_before(
    truth: Path, read_file: ReadFile, pytestconfig: pytest.Config
) -> None:
    """A change that is meant is looked at with `extract diff` before the golden file is written anew."""
    report = read_file(pdf_of(truth))
    golden = OUTCOMES / f"{report.document_id}.json"
    if pytestconfig.getoption("--update-golden"):
        OUTCOMES.mkdir(exist_ok=True)
        golden.write_text(json.dumps(outcome(report), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert outcome(report) == json.loads(golden.read_text(encoding="utf-8"))


def test_the_contradictions_of_the_seed_are_found_and_no_others(read_file: ReadFile) -> None:
    for name in ("seed-calc", "seed-writer"):
        report = read_file(SHARED / "corpus" / f"{name}.pdf")
        found = {(c.rule, c.stated, c.computed) for c in report.checks if c.verdict == "fail"}
        assert found == {
            ("prose-three-public-total-change", Decimal(0), Decimal("2.50")),
            ("prose-three-public-reception-change", Decimal(0), Decimal("2.50")),
        }


@pytest.mark.parametrize("truth", sorted((SHARED / "gold" / "烟台").glob("*.json")), ids=lambda path: path.stem)
def test_every_figure_of_the_prose_that_the_truth_lists_is_a_statement(truth: Path, read_file: ReadFile) -> None:
    report = read_file(pdf_of(truth))
    found = {(one.kind, one.quantity, one.origin.page) for one in report.statements}
    for one in json.loads(truth.read_text(encoding="utf-8"))["statements"]:
        pages = {one["page"], one["page"] + 1}  # the truth names the page of the sentence, we that of the figure
        assert any((one["kind"], Decimal(one["amount"]), page) in found for page in pages), one
