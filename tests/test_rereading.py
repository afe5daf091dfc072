"""Whose mistake is it? A reader that misreads on purpose, and the other readers that are asked then."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import numpy as np
import pdf_builders as build
import pikepdf
import pytest
from conftest import SAMPLES

from extract.document import second_reading as rereading
from extract.document.pipeline import Knowledge, read_document
from extract.model.page import Page, PageReading
from extract.model.report import Report
from extract.out.arrow import tables
from extract.reading.base import SECOND_READERS, Document, PositionsWanted, Reader, SecondReader, reader, second_reader
from extract.reading.grids import grids
from extract.reading.page_text import page_text
from extract.reading.whole import PagesAgain
from extract.schemas.load import load

WITH_CONTRADICTION, VERIFIED = SAMPLES[1].read_bytes(), SAMPLES[2].read_bytes()
Spoil = Callable[[Page], Page]


class Misreader:
    """Reads like another reader, but for what `spoil` does to a page."""

    def __init__(self, engine: Reader, spoil: Spoil) -> None:
        self.name = engine.name
        self._engine = engine
        self._spoil = spoil

    @contextmanager
    def _open(self, content: bytes) -> Iterator[Document]:
        with self._engine.open(content) as document:
            yield _Misread(document, self._spoil)

    def open(self, content: bytes) -> AbstractContextManager[Document]:
        return self._open(content)


class _Misread:
    def __init__(self, document: Document, spoil: Spoil) -> None:
        self._document = document
        self._spoil = spoil
        self.page_count = document.page_count

    def page(self, number: int, positions: PositionsWanted) -> Page:
        return self._spoil(self._document.page(number, positions))


def misprint(number: int, printed: str, other: str) -> Spoil:
    """Takes the first of these texts on a page for another one."""

    def spoil(page: Page) -> Page:
        return replace(page, glyphs=page.glyphs.replace(printed, other, 1)) if page.number == number else page

    return spoil


def without_table(number: int) -> Spoil:
    """Sees neither rulings nor where anything stands on a page."""

    def spoil(page: Page) -> Page:
        nothing = np.empty((0, 4), np.float32)
        if page.number != number:
            return page
        return replace(page, text=page_text(page.glyphs, page.boxes), glyphs="", boxes=nothing, rulings=nothing)

    return spoil


def read(content: bytes, knowledge: Knowledge, *spoils: Spoil) -> Report:
    engine = reader("pdfium")
    for spoil in spoils:
        engine = Misreader(engine, spoil)
    return read_document(content, "report.pdf", engine, knowledge)


def values(report: Report) -> dict[str, list[dict[str, object]]]:
    return {name: [dict(row.values) for row in rows] for name, rows in report.rows.items()}


def engines(report: Report) -> list[str]:
    """The engine of every fact, as `facts` tells it."""
    return list(map(str, tables(load(), [report])["facts"]["engine"].to_pylist()))


def causes(report: Report) -> set[str | None]:
    return {check.cause for check in report.checks if check.verdict == "fail"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[int]]]:
    """Which readers were asked for which pages, in order."""
    calls: list[tuple[str, list[int]]] = []

    def watched(name: str) -> SecondReader:
        return _Watched(second_reader(name), calls)

    monkeypatch.setattr(rereading, "second_reader", watched)
    return calls


class _Watched:
    def __init__(self, engine: SecondReader, calls: list[tuple[str, list[int]]]) -> None:
        self.name = engine.name
        self._engine = engine
        self._calls = calls

    def read(self, content: bytes, first: Sequence[PageReading]) -> dict[int, PageReading]:
        self._calls.append((self.name, [page.number for page in first]))
        return self._engine.read(content, first)


def test_a_document_that_verifies_is_read_once(knowledge: Knowledge, asked: list[tuple[str, list[int]]]) -> None:
    report = read(VERIFIED, knowledge)
    assert (report.status, report.engines, asked) == ("verified", ("pdfium",), [])


def test_readers_that_agree_show_that_the_document_does_not_tie(
    knowledge: Knowledge, asked: list[tuple[str, list[int]]]
) -> None:
    report = read(WITH_CONTRADICTION, knowledge)
    assert asked == [("pdfplumber", [10, 14])]
    assert report.status == "failed"
    assert causes(report) == {"document"}
    assert report.engines == ("pdfium", "pdfplumber")
    assert not report.disagreements
    assert all("文档自身不符" in check.message.zh for check in report.checks if check.verdict == "fail")


def content(pdf: bytes) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as opened:
        return bytes(opened.pages[0].obj.Contents.read_bytes())


def without_walls(ruled: bytes, drawn: Callable[[re.Match[bytes]], bytes]) -> bytes:
    """The document with what `drawn` makes of each box of its first page."""
    with pikepdf.open(BytesIO(ruled)) as pdf:
        stream = pdf.pages[0].obj.Contents
        stream.write(re.sub(rb"([0-9]+) ([0-9]+) ([0-9]+) ([0-9]+) re S", drawn, stream.read_bytes()))
        return build.saved(pdf)


def ruled_table() -> bytes:
    """A table whose rows do not tie."""
    head = ("科目编码", "科目名称", "合计", "基本支出", "项目支出")
    rows = [
        (f"2010{n}", name, "12.50", "5.10", "6.20") for n, name in enumerate(("教育支出", "培训支出", "其他支出"), 1)
    ]
    return build.disclosure(["测试市测试局2025年单位预算", "支出总体情况表", "单位：万元"], [head, *rows])


def test_readers_that_all_infer_the_cells_blame_no_document(knowledge: Knowledge) -> None:
    """A table that does not tie, with rulings and without: without them all readers lay the same cells."""
    ruled = ruled_table()
    assert causes(read(ruled, knowledge)) == {"document"}
    report = read(without_walls(ruled, lambda box: b""), knowledge)
    assert values(report) == values(read(ruled, knowledge))
    assert causes(report) == {None}
    assert all("没有表格线" in check.message.zh for check in report.checks if check.verdict == "fail")


def test_where_columns_may_be_cut_off_at_the_right_the_sum_of_a_row_blames_no_document(knowledge: Knowledge) -> None:
    ruled = ruled_table()
    edge = max(int(x) + int(width) for x, width in re.findall(rb"([0-9]+) [0-9]+ ([0-9]+) [0-9]+ re S", content(ruled)))

    def open_at_right(box: re.Match[bytes]) -> bytes:
        x, y, width, height = map(int, box.groups())
        if x + width < edge:
            return box[0]
        ends = [(x + width, y, x, y), (x, y, x, y + height), (x, y + height, x + width, y + height)]
        return b" ".join(b"%d %d m %d %d l S" % line for line in ends)

    report = read(without_walls(ruled, open_at_right), knowledge)
    assert values(report) == values(read(ruled, knowledge))
    assert causes(report) == {None}
    assert all("可能有列被页边截去" in check.message.zh for check in report.checks if check.verdict == "fail")


def test_a_reading_with_which_the_checks_hold_is_taken(
    knowledge: Knowledge, asked: list[tuple[str, list[int]]]
) -> None:
    report = read(VERIFIED, knowledge, misprint(13, "1,790.05", "1,190.05"))
    assert report.status == "verified"
    assert values(report) == values(read(VERIFIED, knowledge))
    assert [name for name, _ in asked] == ["pdfplumber"]
    assert report.read_again == {13: "pdfium pdfplumber"}
    [one] = report.disagreements
    assert (one.origin.printed, one.engine, one.other_printed, one.other_engine, one.outcome) == (
        "1,790.05",
        "pdfplumber",
        "1,190.05",
        "pdfium",
        "taken",
    )
    assert {table.engine for table in report.tables if table.first_page <= 13 <= table.last_page} == {
        "pdfium pdfplumber"
    }
    assert Counter(engines(report)) == Counter({"pdfium": len(list(report.facts())) - 1, "pdfplumber": 1})


def test_the_third_reader_is_taken_where_the_first_two_misread(
    knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def second(name: str) -> SecondReader:
        if name != "pdfplumber":
            return second_reader(name)
        return PagesAgain(Misreader(reader(name), misprint(13, "864.80", "834.80")))

    monkeypatch.setattr(rereading, "second_reader", second)
    report = read(VERIFIED, knowledge, misprint(13, "864.80", "894.80"))
    assert values(report) == values(read(VERIFIED, knowledge))
    assert report.read_again == {13: "pdfium camelot"}


def test_a_misreading_does_not_hide_the_contradiction_of_the_document(knowledge: Knowledge) -> None:
    report = read(WITH_CONTRADICTION, knowledge, misprint(9, "1,750.66", "1,150.66"))
    plain = read(WITH_CONTRADICTION, knowledge)
    assert values(report) == values(plain)
    assert [check for check in report.checks if check.verdict == "fail"] == [
        check for check in plain.checks if check.verdict == "fail"
    ]
    assert causes(report) == {"document"}
    assert [one.outcome for one in report.disagreements] == ["taken"]


def test_amounts_are_disputed_where_readers_differ_and_neither_ties(knowledge: Knowledge) -> None:
    report = read(WITH_CONTRADICTION, knowledge, misprint(14, "510.10", "519.10"))
    assert report.status == "failed"
    assert "disputed" in causes(report)
    disputed = {
        (one.dataset, one.row, one.column, one.origin.printed, one.other_printed) for one in report.disagreements
    }
    assert disputed == {("general_public_expenditure", 27, "project", "519.10", "510.10")}
    assert {one.other_engine for one in report.disagreements} == {"pdfplumber", "camelot"}
    assert report.rows["general_public_expenditure"][26].values["project"] == Decimal("519.10")


def test_a_table_that_the_first_reader_does_not_see_is_read_by_another(
    knowledge: Knowledge, asked: list[tuple[str, list[int]]]
) -> None:
    report = read(VERIFIED, knowledge, without_table(22))
    assert asked
    assert report.read_again == {22: "pdfplumber"}
    assert report.status == "verified"
    assert values(report) == values(read(VERIFIED, knowledge))


def test_a_page_of_a_form_that_no_reader_makes_a_form_of_costs_verified(
    knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All readers see the page without its rulings, and each line of its list farther aside."""

    def spoil(page: Page) -> Page:
        if page.number != 28:
            return page
        aside = page.boxes[:, 1:2] * np.array([0.3, 0, 0.3, 0], np.float32)
        return replace(page, boxes=page.boxes + aside, rulings=page.rulings[:0])

    other = PagesAgain(Misreader(reader("pdfplumber"), spoil))
    monkeypatch.setattr(rereading, "second_reader", lambda name: other)
    report = read(VERIFIED, knowledge, spoil)
    assert report.status == "unverified"
    assert report.reasons == ("unknown_tables",)


def test_a_reading_that_breaks_off_on_a_page_is_not_believed(
    knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has nothing that contradicts, as it has less."""

    def broken_off(page: Page) -> Page:
        end = page.glyphs.find("0.00总体目标") if page.number == 29 else -1
        if end < 0:
            return page
        boxes = page.boxes[:end]
        return replace(page, text=page_text(page.glyphs[:end], boxes), glyphs=page.glyphs[:end], boxes=boxes)

    other = PagesAgain(Misreader(reader("pdfplumber"), broken_off))
    monkeypatch.setattr(rereading, "second_reader", lambda name: other)
    report = read(VERIFIED, knowledge, misprint(29, "0.00总", "o.oo总"))
    assert report.status == "unverified"


def test_only_pages_that_something_is_wrong_with_are_read_again(
    knowledge: Knowledge, asked: list[tuple[str, list[int]]]
) -> None:
    read(VERIFIED, knowledge, misprint(13, "1,790.05", "1,190.05"))
    [(_, pages)] = asked
    assert 13 in pages
    assert len(pages) < 10


def without(number: int, printed: str) -> Spoil:
    """Sees nothing where a page first prints this text."""

    def spoil(page: Page) -> Page:
        start = page.glyphs.find(printed)
        if page.number != number or start < 0:
            return page
        kept = np.r_[0:start, start + len(printed) : len(page.glyphs)]
        return replace(page, glyphs=page.glyphs[:start] + page.glyphs[start + len(printed) :], boxes=page.boxes[kept])

    return spoil


def test_a_number_that_the_first_reader_does_not_see_is_taken_where_the_checks_hold_with_it(
    knowledge: Knowledge,
) -> None:
    report = read(VERIFIED, knowledge, without(13, "1,790.05"))
    assert report.status == "verified"
    assert values(report) == values(read(VERIFIED, knowledge))


def test_a_number_that_only_the_others_see_is_disputed_where_the_checks_fail_with_it_too(knowledge: Knowledge) -> None:
    report = read(WITH_CONTRADICTION, knowledge, without(14, "510.10"))
    row = [
        check
        for check in report.checks
        if check.verdict == "fail" and (check.dataset, check.row) == ("general_public_expenditure", 27)
    ]
    assert {check.cause for check in row} == {"disputed"}
    [seen] = {
        (one.reference, one.origin.printed, one.engine, one.other_printed)
        for one in report.disagreements
        if one.outcome == "disputed"
    }
    assert seen == ("general_public_expenditure:27:project", "", "pdfium", "510.10")


def test_what_no_check_speaks_for_stays_as_the_first_reader_has_it(
    knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second reader has the amount right and a name of the same page wrong."""
    spoil = misprint(13, "教育支出", "救育支出")
    monkeypatch.setattr(rereading, "second_reader", lambda name: PagesAgain(Misreader(reader("pdfplumber"), spoil)))
    report = read(VERIFIED, knowledge, misprint(13, "1,790.05", "1,190.05"))
    assert values(report) == values(read(VERIFIED, knowledge))


def test_a_check_of_which_another_reader_saw_only_a_part_has_no_cause(
    knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Partial(PagesAgain):
        def read(self, content: bytes, first: Sequence[PageReading]) -> dict[int, PageReading]:
            return {number: page for number, page in super().read(content, first).items() if number != 13}

    monkeypatch.setattr(rereading, "second_reader", lambda name: Partial(reader("pdfplumber")))
    report = read(VERIFIED, knowledge, misprint(13, "1,790.05", "1,190.05"))
    assert report.status == "failed"
    assert causes(report) == {None}


def test_a_figure_of_the_prose_that_the_first_reader_misreads_is_taken_from_another(knowledge: Knowledge) -> None:
    plain = read(VERIFIED, knowledge)
    figure = next(one for one in plain.statements if one.kind == "expenditure_total")
    wrong = figure.origin.printed.replace("4", "9", 1)
    report = read(VERIFIED, knowledge, misprint(figure.origin.page, figure.origin.printed, wrong))
    assert report.status == "verified"
    assert [one.amount for one in report.statements] == [one.amount for one in plain.statements]


def test_a_reader_that_breaks_is_not_asked_further(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    class Breaking:
        name = "breaking"

        def read(self, content: bytes, first: Sequence[PageReading]) -> dict[int, PageReading]:
            raise ZeroDivisionError

    monkeypatch.setattr(
        rereading, "second_reader", lambda name: Breaking() if name == "camelot" else second_reader(name)
    )
    report = read(WITH_CONTRADICTION, knowledge)
    assert (report.status, report.engines, causes(report)) == ("failed", ("pdfium", "pdfplumber"), {"document"})


def test_a_second_reader_that_can_read_nothing_leaves_the_cause_open(
    knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Blind:
        name = "blind"

        def read(self, content: bytes, first: Sequence[PageReading]) -> dict[int, PageReading]:
            return {}

    monkeypatch.setattr(rereading, "second_reader", lambda _name: Blind())
    report = read(WITH_CONTRADICTION, knowledge)
    assert (report.status, report.engines, causes(report)) == ("failed", ("pdfium",), {None})


class TestSecondReaders:
    """What every second reader owes: the cells of a table where they are displayed, and nothing for what is no PDF."""

    @pytest.fixture(params=SECOND_READERS)
    def second(self, request: pytest.FixtureRequest) -> SecondReader:
        return second_reader(request.param)

    @pytest.mark.parametrize("rotate", [0, 90])
    @pytest.mark.parametrize("margins", [build.NO_MARGINS, (10, 20, 30, 40)])
    def test_cells_and_their_places(self, second: SecondReader, rotate: int, margins: build.Margins) -> None:
        content = build.page(build.table(), rotate, margins)
        with reader("pdfium").open(content) as document:
            first = grids(document.page(1, lambda _text: True))
        [grid] = second.read(content, [first])[1].grids
        assert {(cell.row, cell.col): cell.text for cell in grid.cells} == {
            (cell.row, cell.col): cell.text for cell in first.grids[0].cells
        }
        assert grid.xs == pytest.approx(first.grids[0].xs, abs=2)
        assert grid.ys == pytest.approx(first.grids[0].ys, abs=2)

    def test_what_is_no_pdf_is_not_confirmed(self, second: SecondReader) -> None:
        with reader("pdfium").open(build.page(build.table())) as document:
            first = grids(document.page(1, lambda _text: True))
        assert second.read(b"no PDF", [first]) == {}
