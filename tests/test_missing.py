"""A document of which something is missing is not verified, although no number contradicts another."""

import io
from collections.abc import Callable
from dataclasses import replace

import pikepdf
import pytest
from conftest import SAMPLES

from extract.checks.status import REASON_NAMES, reasons_of
from extract.document import pipeline
from extract.document.pipeline import Knowledge, blank_report, read_document, read_pages, report_of
from extract.messages import reasons_in_words
from extract.model.report import Report, Unclaimed
from extract.reading.base import DEFAULT_READER, READERS, reader

SAMPLE = SAMPLES[0]


def without(page: int) -> bytes:
    with pikepdf.open(SAMPLE) as pdf:
        del pdf.pages[page - 1]
        return saved(pdf)


def pictured(page: int) -> bytes:
    """The sample with a page that is only a picture, as a scanned page is."""
    with pikepdf.open(SAMPLE) as pdf:
        leaf = pdf.pages[page - 1]
        image = pikepdf.Stream(pdf, b"\x80")
        image.Type, image.Subtype, image.ColorSpace = pikepdf.Name.XObject, pikepdf.Name.Image, pikepdf.Name.DeviceGray
        image.Width, image.Height, image.BitsPerComponent = 1, 1, 8
        leaf.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=pdf.make_indirect(image)))
        leaf.Contents = pdf.make_stream(b"q 300 0 0 300 50 50 cm /Im Do Q")
        return saved(pdf)


def saved(pdf: pikepdf.Pdf) -> bytes:
    stream = io.BytesIO()
    pdf.save(stream)
    return stream.getvalue()


@pytest.fixture(autouse=True)
def no_recogniser(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is only a picture stays unread, also where the extra `scan` is installed (test_scan.py has it)."""
    monkeypatch.setattr(pipeline, "scans_are_read", lambda: False)


def rules(report: Report) -> set[str]:
    return {check.rule for check in report.checks if check.verdict == "no_evidence"}


def pages_of(report: Report, dataset: str) -> tuple[int, int]:
    return next((table.first_page, table.last_page) for table in report.tables if table.dataset == dataset)


@pytest.mark.parametrize("change", [without, pictured])
@pytest.mark.parametrize(
    ("dataset", "rule"),
    [
        ("project_expenditure", "table-missing"),
        ("government_procurement", "table-missing"),
        ("three_public_expenses", "table-missing"),
        ("revenue_and_expenditure", "row-missing"),
    ],
)
def test_a_table_or_its_end_that_is_missing_costs_verified(
    knowledge: Knowledge, sample_reports: dict[str, Report], change: Callable[[int], bytes], dataset: str, rule: str
) -> None:
    _, last = pages_of(sample_reports["2024"], dataset)
    report = read_document(change(last), "changed.pdf", reader("pdfium"), knowledge)
    assert report.status == "unverified"
    assert rule in rules(report)


@pytest.mark.parametrize("name", READERS)
def test_a_page_between_tables_that_is_only_a_picture_costs_verified(
    knowledge: Knowledge, sample_reports: dict[str, Report], name: str
) -> None:
    forms = [table.first_page for table in sample_reports["2024"].tables if table.dataset == "performance_targets"]
    report = read_document(pictured(forms[1]), "changed.pdf", reader(name), knowledge)
    assert report.status == "unverified"
    assert "page-without-text" in rules(report)


def test_every_page_of_a_list_table_counts(knowledge: Knowledge, sample_reports: dict[str, Report]) -> None:
    tables = [table for table in sample_reports["2024"].tables if table.dataset != "performance_targets"]
    engine = reader(DEFAULT_READER)
    readings = read_pages(SAMPLE.read_bytes(), engine, knowledge)
    blank = blank_report("0" * 64, SAMPLE.name, engine)
    assert report_of(blank, readings, knowledge).status == "verified"
    for page in sorted({page for table in tables for page in range(table.first_page, table.last_page + 1)}):
        left = [reading for reading in readings if reading.number != page]
        assert report_of(blank, left, knowledge).status != "verified", page


def test_every_reason_is_told_in_words() -> None:
    for name in REASON_NAMES:
        words = reasons_in_words([name])
        assert all(words)
    assert reasons_in_words(["incomplete", "unread"]).zh == "缺少表或行、绩效目标表、有内容未能读取"


def test_a_column_that_is_not_known_is_the_reason(sample_reports: dict[str, Report]) -> None:
    report = sample_reports["2024"]
    cell = Unclaimed(1, 2, 3, "12.00", 6, None)
    assert "unknown_columns" not in reasons_of(report, False, report.checks)
    assert "unknown_columns" in reasons_of(replace(report, unclaimed=(cell,)), False, report.checks)


@pytest.mark.parametrize("side", range(4))
def test_pages_cut_off_at_any_side_blame_no_document_and_no_number_is_lost_in_silence(
    knowledge: Knowledge, sample_reports: dict[str, Report], side: int
) -> None:
    with pikepdf.open(SAMPLES[2]) as pdf:
        for page in pdf.pages:
            box = [float(edge) for edge in page.mediabox]
            box[side] += 0.14 * (box[2 + side % 2] - box[side % 2]) * (1 if side < 2 else -1)
            page.MediaBox = pikepdf.Array(box)
        cut = saved(pdf)
    report = read_document(cut, "cut.pdf", reader(DEFAULT_READER), knowledge)
    assert "document" not in {check.cause for check in report.checks if check.verdict == "fail"}
    whole = sample_reports["2026"]
    lost = len(list(whole.facts())) + len(whole.statements) - len(list(report.facts())) - len(report.statements)
    assert report.status != "verified" or not lost
