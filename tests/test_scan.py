"""Pages that are only pictures, read from them."""

from io import BytesIO

import numpy as np
import pdf_builders as build
import pikepdf
import pypdfium2
import pytest
from conftest import SAMPLES
from PIL import Image

from extract.document.pipeline import Knowledge, read_document, read_pages
from extract.model.page import PageReading
from extract.model.report import Report
from extract.reading.base import DEFAULT_READER, reader
from extract.text import compared

pytest.importorskip("rapidocr", reason="the extra `scan` is not installed")
TABLE = 6  # the page of a whole table of the sample
DPI = 200


def scan(*numbers: int, turned: float = 0, specks: int = 0, quality: int = 80, flat: float = 1) -> bytes:
    """Pages of the newest sample as a scanner gives them: pictures without text, turned on the glass by some degrees,
    with some dirt; or so much lower than they were.
    """
    document = pypdfium2.PdfDocument(SAMPLES[2])
    pictures = []
    for number in numbers:
        picture = document[number - 1].render(scale=DPI / 72, grayscale=True).to_pil()
        turned_picture = picture.rotate(turned, Image.Resampling.BICUBIC, fillcolor=255)
        pixels = np.array(turned_picture)
        random = np.random.default_rng(number)
        pixels[random.integers(0, pixels.shape[0], specks), random.integers(0, pixels.shape[1], specks)] = 0
        scanned = Image.fromarray(pixels)
        pictures.append(scanned.resize((scanned.width, int(scanned.height * flat))))
    written = BytesIO()
    pictures[0].save(written, "PDF", resolution=DPI, save_all=True, append_images=pictures[1:], quality=quality)
    return written.getvalue()


def cells(reading: PageReading) -> list[tuple[int, int, str]]:
    return [(cell.row, cell.col, compared(cell.text)) for grid in reading.grids for cell in grid.cells]


@pytest.mark.parametrize(("turned", "specks"), [(0, 0), (0.8, 0), (-1.5, 400)])
def test_a_scanned_table_has_the_cells_of_the_printed_one(knowledge: Knowledge, turned: float, specks: int) -> None:
    printed = read_pages(SAMPLES[2].read_bytes(), reader(DEFAULT_READER), knowledge)[TABLE - 1]
    [scanned] = read_pages(scan(TABLE, turned=turned, specks=specks), reader(DEFAULT_READER), knowledge)
    assert scanned.engine == "rapidocr"
    assert [len(grid.xs) for grid in scanned.grids] == [len(grid.xs) for grid in printed.grids]
    assert cells(scanned) == cells(printed)


def test_characters_that_are_drawn_twice_as_wide_as_high_are_read(knowledge: Knowledge) -> None:
    printed = read_pages(SAMPLES[2].read_bytes(), reader(DEFAULT_READER), knowledge)[TABLE - 1]
    [scanned] = read_pages(scan(TABLE, flat=0.5), reader(DEFAULT_READER), knowledge)
    assert cells(scanned) == cells(printed)


@pytest.fixture(scope="module")
def report(knowledge: Knowledge) -> Report:
    return read_document(scan(1, TABLE), "scan.pdf", reader(DEFAULT_READER), knowledge)


def test_a_scanned_document_is_never_verified_and_says_which_pages_were_recognised(report: Report) -> None:
    assert report.status == "unverified"
    assert "unread" in report.reasons
    assert {check.page for check in report.checks if check.rule == "page-from-picture"} == {1, 2}


def test_every_recognised_amount_tells_how_sure_it_is(report: Report) -> None:
    facts = list(report.facts())
    assert facts
    for fact in facts:
        confidence = report.confidence(fact.origin)
        assert confidence is not None
        assert 0.5 < confidence <= 1
    assert report.engines == ("rapidocr",)


def test_a_cell_that_shows_a_picture_of_an_amount_is_read_from_it(knowledge: Knowledge) -> None:
    """The amount of the last cell, as a picture over the second one."""
    drawn = pypdfium2.PdfDocument(build.page(build.table()))[0].render(scale=4, grayscale=True).to_pil()
    last = drawn.crop((4 * 202, 4 * 82, 4 * 288, 4 * 108))
    with pikepdf.open(BytesIO(build.page(build.table()))) as pdf:
        page = pdf.pages[0]
        name, size = pikepdf.Name, {"Width": last.width, "Height": last.height, "BitsPerComponent": 8}
        kind = {"Type": name.XObject, "Subtype": name.Image, "ColorSpace": name.DeviceGray}
        picture = pdf.make_stream(last.tobytes(), **kind, **size)
        page.Resources.XObject = pikepdf.Dictionary(Last=picture)
        page.contents_add(f"q 86 0 0 26 {build.XS[1] + 2} {build.YS[1] + 2} cm /Last Do Q".encode())
        content = build.saved(pdf)
    [reading] = read_pages(content, reader(DEFAULT_READER), knowledge)
    assert reading.unreadable == ()
    assert [cell.text for grid in reading.grids for cell in grid.cells][:3] == ["01", "88,000.75", "0.50"]
    assert [round(line.confidence) for line in reading.recognitions] == [1]
