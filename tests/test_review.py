"""The review pages, looked at in a browser as a person would: what is shown where, by mouse and by keys."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from conftest import SAMPLES, needs_chromium
from PIL import Image, ImageChops
from playwright.sync_api import Locator, Page

from extract.checks.status import READING_RULES
from extract.document.pipeline import Knowledge, read_document
from extract.messages import message
from extract.model.report import Disagreement, PrintedColumn, Report, Unclaimed
from extract.reading.base import reader
from extract.reading.pictures import DPI, POINTS, pictures
from extract.review.document import document_page, shown_pages
from extract.review.sheets import HeaderCell, header
from extract.runs.jobs import review_page
from extract.schemas.grammar import Schemas

FAILING = SAMPLES[1]  # 2025, with a planted contradiction
STATED = "510.10"  # stated by the last of its failing checks
SLACK = 3.0  # points between a printed number and the frame around it
Place = tuple[float, float, float, float]


def page_of(folder: Path, path: Path) -> Path:
    return folder / f"{path.stem}.html"


# ---- the number of a finding is where its box is ---------------------------------------------------------------------


def as_it_is(page: pikepdf.Page) -> None:
    pass


def turned(page: pikepdf.Page) -> None:
    """Drawn lying down, and displayed upright by /Rotate 90."""
    _, _, width, height = map(float, page.mediabox)
    page.contents_add(f"q 0 1 -1 0 {height} 0 cm".encode(), prepend=True)
    page.contents_add(b"Q")
    page.MediaBox = pikepdf.Array([0, 0, height, width])
    page.Rotate = 90


def cropped(page: pikepdf.Page) -> None:
    _, _, width, height = map(float, page.mediabox)
    page.CropBox = pikepdf.Array([17, 11, width - 23, height - 31])


def turned_and_cropped(page: pikepdf.Page) -> None:
    turned(page)
    cropped(page)


def changed(path: Path, change: Callable[[pikepdf.Page], None]) -> bytes:
    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            change(page)
        buffer = BytesIO()
        pdf.save(buffer)
        return buffer.getvalue()


def printed_places(content: bytes, number: int, text: str) -> tuple[float, float, list[Place]]:
    """A page's width and height, and where a text stands on it as parts of these, as another reader than that of the
    report sees it.
    """
    with reader("pdfplumber").open(content) as document:
        page = document.page(number, lambda _: True)
    places = []
    start = page.glyphs.find(text)
    while start >= 0:
        boxes = page.boxes[start : start + len(text)]
        places.append(
            (float(boxes[:, 0].min()), float(boxes[:, 1].min()), float(boxes[:, 2].max()), float(boxes[:, 3].max()))
        )
        start = page.glyphs.find(text, start + 1)
    parts = [
        (x0 / page.width, top / page.height, x1 / page.width, bottom / page.height) for x0, top, x1, bottom in places
    ]
    return page.width, page.height, parts


def shown_place(box: Locator, picture: Locator) -> Place:
    """Where a box is on a picture, as parts of its width and height."""
    inner, outer = box.bounding_box(), picture.bounding_box()
    assert inner
    assert outer
    left, top = (inner["x"] - outer["x"]) / outer["width"], (inner["y"] - outer["y"]) / outer["height"]
    return left, top, left + inner["width"] / outer["width"], top + inner["height"] / outer["height"]


@needs_chromium
@pytest.mark.parametrize("change", [as_it_is, turned, cropped, turned_and_cropped])
def test_the_box_of_a_clicked_finding_is_where_its_number_is_printed(
    tmp_path: Path, knowledge: Knowledge, visit: Callable[..., Page], change: Callable[[pikepdf.Page], None]
) -> None:
    content = changed(FAILING, change)
    report = read_document(content, "changed.pdf", reader("pdfium"), knowledge)
    path = tmp_path / "changed.html"
    path.write_bytes(review_page(content, report, knowledge.schemas, full_pictures=False))
    page = visit(path)
    finding = page.locator("details.finding.fail").nth(-2)
    finding.locator("summary").click()
    assert finding.locator(".figure.stated").inner_text().endswith(STATED)
    assert finding.locator(".figure.computed").inner_text().endswith("501.10")
    picture = finding.locator(".evidence img")
    width, height = picture.evaluate(
        "async image => { await image.decode(); return [image.naturalWidth, image.naturalHeight]; }"
    )
    number = int(finding.locator(".evidence figure").get_attribute("data-page") or 0)
    found = shown_place(finding.locator(".evidence rect.stated"), picture)
    across, down, [printed] = printed_places(content, number, STATED)
    assert width / height == pytest.approx(across / down, rel=0.01)
    slack = (SLACK / across, SLACK / down) * 2
    assert all(abs(one - other) <= most for one, other, most in zip(found, printed, slack, strict=True))
    assert found[0] < printed[0] < printed[2] < found[2]
    assert ink(picture, found) > 0.05


def ink(picture: Locator, place: Place) -> float:
    """How much of a part of the picture is dark."""
    share = """(image, [x0, y0, x1, y1]) => {
        const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
        const context = canvas.getContext("2d");
        context.drawImage(image, 0, 0);
        const [w, h] = [image.naturalWidth, image.naturalHeight];
        const pixels = context.getImageData(x0 * w, y0 * h, (x1 - x0) * w, (y1 - y0) * h).data;
        return pixels.filter((value, at) => at % 4 === 0 && value < 128).length / (pixels.length / 4);
    }"""
    return float(picture.evaluate(share, list(place)))


@needs_chromium
def test_a_finding_shows_the_boxes_of_all_its_numbers_on_all_their_pages(
    reviewed: Path, visit: Callable[..., Page]
) -> None:
    page = visit(page_of(reviewed, FAILING))
    finding = page.locator("details.finding.cause")
    finding.locator("summary").click()
    assert [row.inner_text() for row in finding.locator(".numbers tbody td.number").all()] == [
        "510.10",
        "501.10",
        "649.50",
        "148.40",
        "501.10",
        "501.10",
    ]
    finding.locator("rect.suspect").wait_for()
    assert finding.locator("rect.part").count() == 5


# ---- tables beside their pages ---------------------------------------------------------------------------------------


@needs_chromium
def test_pointing_at_a_cell_lights_it_on_the_picture_and_the_other_way_round(
    reviewed: Path, visit: Callable[..., Page]
) -> None:
    page = visit(page_of(reviewed, FAILING))
    sheet = page.locator("#page-14")
    cell = sheet.locator("td.suspect")
    cell.hover()
    key = cell.get_attribute("data-mark")
    assert sheet.locator("rect.lit").get_attribute("data-mark") == key
    other = sheet.locator("td.failing", has_text="649.50")
    sheet.locator(f'rect[data-mark="{other.get_attribute("data-mark")}"]').click()
    assert sheet.locator("td.pinned").inner_text() == "649.50"
    assert sheet.locator("td.lit").inner_text() == "649.50"


@needs_chromium
def test_the_arrow_keys_go_through_the_cells_of_a_table(reviewed: Path, visit: Callable[..., Page]) -> None:
    page = visit(page_of(reviewed, FAILING))
    table = page.locator("#page-14 table.grid").first
    table.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    assert table.locator("td.pinned").inner_text() == "其他行政事业单位医疗支出"
    assert page.locator("#page-14 rect.lit").count() == 1


@needs_chromium
def test_a_table_is_shown_as_it_is_printed(
    reviewed: Path, visit: Callable[..., Page], sample_reports: dict[str, Report]
) -> None:
    page = visit(page_of(reviewed, FAILING))
    listing = sample_reports["2025"].tables[0].listings[0]
    shown = page.locator("#page-6 table.grid").first.locator("tbody tr").all()
    assert len(shown) == len(listing.rows)
    for row, printed in zip(shown, listing.rows, strict=True):
        assert [text for text in row.locator("td").all_text_contents() if text] == [cell.text for cell in printed]


@needs_chromium
def test_empty_failing_and_unrecognised_tables_are_marked(
    tmp_path: Path, reviewed: Path, visit: Callable[..., Page], schemas: Schemas, sample_reports: dict[str, Report]
) -> None:
    lines = visit(page_of(reviewed, FAILING), locale="en-US").locator("#tables tbody tr")
    assert "empty" in lines.filter(has_text="国有资本经营预算支出情况表").inner_text()
    assert "failing checks: 4" in lines.filter(has_text="公开表5").inner_text()
    report = sample_reports["2026"]
    unknown = [replace(report.tables[0], dataset=None, listings=()), *report.tables[1:]]
    cells = tuple(cell._replace(table=1) for cell in unclaimed(report))
    path = tmp_path / "unknown.html"
    path.write_bytes(document_page(replace(report, tables=tuple(unknown), unclaimed=cells), {}, schemas))
    page = visit(path, locale="en-US")
    assert "unrecognised" in page.locator("#tables tbody tr").first.inner_text()
    assert page.locator("#page-6 table.grid td").all_text_contents()[:2] == [cell.text for cell in cells[:2]]


@needs_chromium
def test_cells_that_no_column_claims_are_findings(
    tmp_path: Path, visit: Callable[..., Page], schemas: Schemas, sample_reports: dict[str, Report]
) -> None:
    report = sample_reports["2026"]
    first, second = report.tables[:2]
    cells = [
        *unclaimed(report),
        Unclaimed(2, 1, None, "12,3", second.first_page, report.rows["revenue"][0].facts["total"].origin.box),
    ]
    tables = (replace(first, dataset=None, listings=()), *report.tables[1:])
    pictures_of = pictures(SAMPLES[2].read_bytes(), [first.first_page, second.first_page])
    path = tmp_path / "unclaimed.html"
    path.write_bytes(document_page(replace(report, tables=tables, unclaimed=tuple(cells)), pictures_of, schemas))
    page = visit(path, locale="en-US")
    unknown, loose = page.locator("details.finding.unread").all()
    assert "Table not recognised" in unknown.inner_text()
    unknown.locator("summary").click()
    assert unknown.locator(".evidence figure").get_attribute("data-page") == str(first.first_page)
    loose.locator("summary").click()
    assert loose.locator(".numbers tbody").inner_text().split("\t")[1] == "12,3"
    loose.locator(".evidence rect.part").wait_for()


def unclaimed(report: Report) -> list[Unclaimed]:
    """The cells of the first table as if no column claimed them."""
    rows = report.tables[0].listings[0].rows
    return [
        Unclaimed(1, number, cell.column + 1, cell.text, cell.page, cell.box)
        for number, row in enumerate(rows, 1)
        for cell in row
    ]


def test_headers_are_joined_as_they_are_printed() -> None:
    paths = [("科目编码", "类"), ("科目编码", "款"), ("科目名称",), ("合计",)]
    assert header([PrintedColumn(path, None) for path in paths]) == (
        (HeaderCell("科目编码", 2, 1), HeaderCell("科目名称", 1, 2), HeaderCell("合计", 1, 2)),
        (HeaderCell("类", 1, 1), HeaderCell("款", 1, 1)),
    )


def test_only_pages_with_tables_and_findings_are_shown(sample_reports: dict[str, Report]) -> None:
    report = sample_reports["2025"]
    tables = {page for table in report.tables for page in range(table.first_page, table.last_page + 1)}
    assert set(shown_pages(report)) == tables
    prose = next(one for one in report.statements if one.origin.page not in tables)
    failing = report.checks[0]._replace(verdict="fail", facts=(prose.reference,), page=prose.origin.page)
    assert set(shown_pages(replace(report, checks=(failing,)))) == tables | {prose.origin.page}


# ---- keys, languages, narrow screens ---------------------------------------------------------------------------------


@needs_chromium
def test_findings_are_gone_through_with_keys(reviewed: Path, visit: Callable[..., Page]) -> None:
    page = visit(page_of(reviewed, FAILING))
    for key in ("j", "j", "Enter"):
        page.keyboard.press(key)
    opened = page.locator("details.finding[open]")
    assert opened.get_attribute("class") == "finding fail"
    first = opened.get_attribute("id")
    page.keyboard.press("j")
    assert opened.get_attribute("id") != first
    page.keyboard.press("k")
    assert opened.get_attribute("id") == first
    page.keyboard.press("Escape")
    assert opened.count() == 0
    assert page.locator(f"#{first} > summary").evaluate("summary => summary === document.activeElement")
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#help").is_visible()


@needs_chromium
def test_the_reader_chooses_the_language(reviewed: Path, visit: Callable[..., Page]) -> None:
    page = visit(page_of(reviewed, FAILING), locale="en-US")
    title = page.locator("#findings h2")
    assert title.inner_text() == message("review_findings", "en")
    page.locator("#language").click()
    assert title.inner_text() == message("review_findings", "zh")
    assert page.locator("html").get_attribute("lang") == "zh-CN"


@needs_chromium
@pytest.mark.parametrize("name", ["index", FAILING.stem])
def test_a_phone_needs_no_scrolling_aside(reviewed: Path, visit: Callable[..., Page], name: str) -> None:
    page = visit(reviewed / f"{name}.html", width=390)
    for finding in page.locator("details.finding").all():
        finding.locator("summary").click()
        finding.locator(".evidence figure").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@needs_chromium
def test_printing_shows_what_every_finding_is_about(reviewed: Path, visit: Callable[..., Page]) -> None:
    page = visit(page_of(reviewed, FAILING))
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert all(table.is_visible() for table in page.locator("details.finding .numbers").all())
    assert not page.locator(".bar").is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.finding[open]").count() == 0


# ---- what is printed is text -----------------------------------------------------------------------------------------


@needs_chromium
def test_what_a_document_prints_is_never_taken_for_markup(
    tmp_path: Path, visit: Callable[..., Page], schemas: Schemas, sample_reports: dict[str, Report]
) -> None:
    evil = "<script>document.title = 'run'</script><img src=x onerror=\"document.title = 'run'\">"
    report = sample_reports["2025"]
    form = next(table for table in report.tables if table.dataset == "performance_targets")
    head, indicators = form.listings
    rows = tuple(tuple(cell._replace(text=evil) for cell in row) for row in indicators.rows)
    tables = tuple(
        replace(table, title=evil, note=evil, listings=(head, indicators._replace(rows=rows)))
        if table is form
        else table
        for table in report.tables
    )
    path = tmp_path / "evil.html"
    path.write_bytes(document_page(replace(report, tables=tables, agency_name=evil, source=f"{evil}.pdf"), {}, schemas))
    page = visit(path)
    assert page.title() == report.title
    assert page.locator(f"#page-{form.first_page} table.grid").last.locator("tbody td").first.text_content() == evil


def test_every_rule_is_named_in_both_languages() -> None:
    for rule in READING_RULES:
        assert message(f"rule_{rule}", "zh") != message(f"rule_{rule}", "en")


def test_a_picture_shows_the_page_in_sixteen_greys_whatever_its_width() -> None:
    with pikepdf.open(SAMPLES[0]) as pdf:
        del pdf.pages[1:]
        narrow = BytesIO()
        pdf.pages[0].mediabox = (0, 0, 601.5, 700)  # an odd number of pixels
        pdf.save(narrow)
    for content in (SAMPLES[0].read_bytes(), narrow.getvalue()):
        drawn = pypdfium2.PdfDocument(content)[0].render(scale=DPI / POINTS, grayscale=True).to_pil()
        packed = Image.open(BytesIO(pictures(content, [1])[1].png)).convert("L")
        assert packed.size == drawn.size
        assert max(ImageChops.difference(packed, drawn).tobytes()) <= 16
        assert len(set(packed.tobytes())) <= 16


def test_a_file_that_only_the_other_reader_opens_has_no_pictures() -> None:
    assert pictures(b"this is no PDF", [1]) == {}


@needs_chromium
def test_a_finding_says_whose_mistake_it_is_and_disputed_amounts_are_marked(
    tmp_path: Path, reviewed: Path, visit: Callable[..., Page], schemas: Schemas, sample_reports: dict[str, Report]
) -> None:
    page = visit(page_of(reviewed, FAILING), locale="en-US")
    assert page.locator("details.finding.fail .badge.document").all_inner_texts() == 4 * [
        "other readers agree: the document itself does not tie"
    ]
    report = sample_reports["2025"]
    fact = report.rows["general_public_expenditure"][26].facts["total"]
    differing = Disagreement(
        fact.dataset, fact.row, fact.column, fact.origin, "pdfium", "501.70", "camelot", "disputed"
    )
    checks = tuple(check._replace(cause="disputed") if check.cause else check for check in report.checks)
    path = tmp_path / "disputed.html"
    path.write_bytes(document_page(replace(report, checks=checks, disagreements=(differing,)), {}, schemas))
    page = visit(path, locale="en-US")
    assert page.locator("details.finding.fail .badge.disputed").first.inner_text() == "readers differ: disputed"
    assert page.locator("td.disputed").all_text_contents() == [fact.origin.printed]  # not yet scrolled into sight
