"""What is said of sums over tables of which some rows were not read."""

from dataclasses import replace
from decimal import Decimal

import pytest
from drawing import Area, page
from test_kinds import plain

from extract.checks.evidence import Evidence
from extract.checks.in_tables import check_tables
from extract.checks.lost_rows import without_lost_rows
from extract.document.pipeline import Knowledge, blank_report, report_of
from extract.model.report import Check, Report, Table, Unclaimed
from extract.reading.base import DEFAULT_READER, reader
from extract.reading.grids import grids
from extract.schemas.grammar import Schemas


@pytest.fixture
def accused(schemas: Schemas, sample_reports: dict[str, Report]) -> Report:
    """A sample whose table of expenditure lacks a row."""
    report = sample_reports["2026"]
    own = report.rows["expenditure"]
    codes = [str(row.values.get("exp_func_code") or "") for row in own]
    second = next(n for n, code in enumerate(codes) if len(code) == len(codes[n - 1]) == 7 and code[:5] in codes[n - 1])
    rows = {**report.rows, "expenditure": own[:second] + own[second + 1 :]}
    evidence = Evidence(schemas, rows, report.columns, report.fiscal_year)
    checks = tuple(check_tables(schemas.rules, evidence))
    assert "class-sum" in failing(replace(report, checks=checks))
    checks = tuple(check for check in checks if check.verdict != "fail" or check.rule == "class-sum")
    return replace(report, rows=rows, checks=checks, status="failed")


def failing(report: Report) -> set[str]:
    return {check.rule for check in report.checks if check.verdict == "fail"}


def last(report: Report) -> Table:
    return next(table for table in reversed(report.tables) if table.dataset == "expenditure")


def test_rows_that_were_read_accuse_the_document(accused: Report, schemas: Schemas) -> None:
    assert without_lost_rows(accused, schemas) == accused


def test_amounts_beside_the_table_or_in_cells_that_no_column_claims_are_lost_rows(
    accused: Report, schemas: Schemas
) -> None:
    table = last(accused)
    said = accused.checks[0].message
    beside = Check("text-beside-table", None, None, None, None, None, None, "no_evidence", said, table.last_page, ())
    number = accused.tables.index(table) + 1
    unclaimed = Unclaimed(number, 3, 2, "1,234.50", table.first_page, None)
    noted = unclaimed._replace(text="1,234.50注1")
    kept = [replace(accused, unclaimed=(one,)) for one in (unclaimed, noted)]
    for known in (replace(accused, checks=(*accused.checks, beside)), *kept):
        found = without_lost_rows(known, schemas)
        assert failing(found) == set()
        assert found.status == "unverified"
        assert {check.verdict for check in found.checks if check.rule == "class-sum"} >= {"no_evidence"}


def test_a_table_without_a_title_right_after_it_may_hold_its_rows(accused: Report, schemas: Schemas) -> None:
    table = last(accused)
    place = accused.tables.index(table) + 1
    unknown = replace(
        table, dataset=None, title=None, number=None, first_page=table.last_page + 1, last_page=table.last_page + 1
    )

    def with_next(other: Table) -> Report:
        return replace(accused, tables=(*accused.tables[:place], other, *accused.tables[place:]))

    assert failing(without_lost_rows(with_next(unknown), schemas)) == set()
    assert failing(without_lost_rows(with_next(replace(unknown, title="附表")), schemas)) == {"class-sum"}
    for same in (replace(unknown, title=table.title), replace(unknown, title="附表", number=table.number)):
        assert failing(without_lost_rows(with_next(same), schemas)) == set()
    for other in (
        replace(unknown, title="附表", number="附表99"),
        replace(unknown, number="附表99"),
        replace(unknown, first_page=table.last_page + 2, last_page=table.last_page + 2),
        replace(unknown, dataset="revenue"),
    ):
        assert failing(without_lost_rows(with_next(other), schemas)) == {"class-sum"}


def test_amounts_in_no_table_of_the_page_after_it_may_be_its_rows(accused: Report, schemas: Schemas) -> None:
    page = last(accused).last_page + 1
    said = accused.checks[0].message
    told = Check("text-beside-table", None, None, None, None, None, None, "no_evidence", said, page, ())

    def excused(check: Check) -> bool:
        report = replace(accused, checks=(*accused.checks, check))
        return failing(without_lost_rows(report, schemas)) == set()

    assert excused(told)
    assert not excused(told._replace(page=page + 1))


def test_what_heads_rows_of_which_some_are_lost_may_be_no_total(accused: Report, schemas: Schemas) -> None:
    said, page = accused.checks[0].message, last(accused).last_page + 1
    facts = ("expenditure:1:total", "revenue_and_expenditure:9:amount")
    fails = Check("expenditure-total-agrees", "expenditure", 1, "total", None, None, None, "fail", said, 1, facts)
    lost = Check("text-beside-table", None, None, None, None, None, None, "no_evidence", said, page, ())
    total, *others = accused.rows["expenditure"]
    nameless = total._replace(values={**total.values, "exp_func_name": None})
    report = replace(accused, checks=(fails, lost))
    assert failing(without_lost_rows(report, schemas)) == {fails.rule}
    headed = replace(report, rows={**report.rows, "expenditure": (nameless, *others)})
    assert failing(without_lost_rows(headed, schemas)) == set()
    assert failing(without_lost_rows(replace(headed, checks=(fails,)), schemas)) == {fails.rule}


def test_a_page_of_a_table_that_is_not_known_beside_its_other_pages_may_hold_its_rows(
    accused: Report, schemas: Schemas
) -> None:
    table = last(accused)
    place = accused.tables.index(table)
    page = table.first_page - 1
    unread = replace(table, dataset=None, first_page=page, last_page=page)

    def with_one_before(other: Table, own: Table = table) -> set[str]:
        tables = (*accused.tables[:place], other, own, *accused.tables[place + 1 :])
        return failing(without_lost_rows(replace(accused, tables=tables), schemas))

    assert with_one_before(unread) == set()
    assert with_one_before(replace(unread, title="附表", number=None)) == {"class-sum"}
    assert with_one_before(replace(unread, title="附表"), replace(table, title=None, number=None)) == set()
    assert with_one_before(replace(unread, first_page=page - 1, last_page=page - 1)) == {"class-sum"}


def test_a_row_against_itself_needs_no_other_but_all_its_numbers(accused: Report, schemas: Schemas) -> None:
    table = last(accused)
    wrong = next(check for check in accused.checks if check.rule == "expenditure-row-total")._replace(
        verdict="fail", difference=Decimal(1)
    )
    known = replace(accused, checks=(*accused.checks, wrong))
    place = accused.tables.index(table) + 1
    unknown = replace(table, dataset=None, title=None, number=None, first_page=table.last_page)
    after = replace(known, tables=(*accused.tables[:place], unknown, *accused.tables[place:]))
    assert failing(without_lost_rows(after, schemas)) == {"expenditure-row-total"}
    blank = replace(known, unclaimed=(Unclaimed(place, 3, 2, "（5.00）", table.first_page, None),))
    assert failing(without_lost_rows(blank, schemas)) == set()


def test_of_a_table_with_a_picture_in_a_cell_nothing_is_said(accused: Report, schemas: Schemas) -> None:
    table = last(accused)
    said = accused.checks[0].message
    shows = Check("cell-picture", None, None, None, None, None, None, "no_evidence", said, table.first_page, ())
    found = without_lost_rows(replace(accused, checks=(*accused.checks, shows)), schemas)
    assert failing(found) == set()
    assert found.status == "unverified"


def test_lines_of_amounts_on_a_page_without_tables_are_told(knowledge: Knowledge) -> None:
    rows = [
        ("科目编码", "科目名称", "合计", "基本支出"),
        ("", "合计", "12.00", "7.00"),
        ("208", "社会保障", "12.00", "7.00"),
    ]
    table = plain("部门支出总表", rows)

    def told(*lines: str) -> list[int | None]:
        texts = [
            (text, 100.0 + 120 * column, 100.0 + 20 * place)
            for place, line in enumerate(lines)
            for column, text in enumerate(line.split())
        ]
        below = page([], [], [], texts, 2)
        readings = [grids(one) for one in (table, below)]
        report = report_of(blank_report("0" * 64, "drawn.pdf", reader(DEFAULT_READER)), readings, knowledge)
        return [check.page for check in report.checks if check.rule == "text-beside-table"]

    assert told("3.50 1.25", "210", "4.00") == [2]
    assert told("210 卫生健康 4.00") == [2]
    assert told("预算收入3.50万元。", "支出3.50万元。") == []
    assert told("表1.2026年收支预算总表", "表2.2026年收入预算总表") == []
    assert told("1.1111111111" * 30 + "x") == []  # in no time, though it may be parted in many ways


def test_a_number_right_beside_a_row_is_of_a_column_that_nothing_closes(knowledge: Knowledge) -> None:
    rows = [("科目编码", "科目名称", "合计", "基本支出"), ("208", "社会保障", "12.00", "7.00")]
    areas = [Area(r, c, r + 1, c + 1, text) for r, row in enumerate(rows) for c, text in enumerate(row)]
    captions = [("部门支出总表", 300.0, 80.0), ("单位：万元", 500.0, 120.0)]

    def told(text: str, x: float, top: float) -> list[str]:
        drawn = page(areas, [100.0, 200.0, 400.0, 500.0, 600.0], [150.0, 180.0, 210.0], [*captions, (text, x, top)])
        report = report_of(blank_report("0" * 64, "drawn.pdf", reader(DEFAULT_READER)), [grids(drawn)], knowledge)
        return [check.rule for check in report.checks if check.rule == "text-beside-table"]

    assert told("387,957", 603.0, 190.0)
    assert told("5.00", 62.0, 190.0)
    assert not told("5.00", 660.0, 190.0)  # too far from the table
    assert not told("387,957", 603.0, 240.0)  # beside no row
    assert not told("12%", 603.0, 190.0)
