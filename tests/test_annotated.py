"""Notes on a copy of a PDF: on the numbers of failing checks, where they are printed, and nothing else changed."""

from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from command import FAILING, GOOD, extract
from conftest import SAMPLES

from extract.model.page import Box
from extract.reading.annotated import Note, annotated
from extract.reading.base import reader

SIGN = "预"
PAGE = 6  # of the sample, with a table


def below(content: bytes, number: int) -> list[str]:
    """What a page prints inside the frames of its notes."""
    with pikepdf.open(BytesIO(content)) as document:
        frames = [[float(edge) for edge in note.Rect] for note in document.pages[number - 1].obj.get("/Annots", ())]
    text = pypdfium2.PdfDocument(content)[number - 1].get_textpage()
    return [str(text.get_text_bounded(*frame)).strip() for frame in frames]


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_frame_lies_round_its_number_however_the_page_is_turned(turned: int) -> None:
    with pikepdf.open(SAMPLES[2]) as document:
        document.pages[PAGE - 1].obj.Rotate = turned
        document.pages[PAGE - 1].obj.CropBox = [10, 20, 560, 800]
        written = BytesIO()
        document.save(written)
    content = written.getvalue()
    with reader("pdfium").open(content) as opened:
        page = opened.page(PAGE, lambda _text: True)
    box = Box(*map(float, page.boxes[page.glyphs.index(SIGN)]))
    marked = annotated(content, [Note(PAGE, box, "title", "text", (1, 0, 0))])
    [text] = below(marked, PAGE)
    assert SIGN in text
    assert len("".join(text.split())) <= 3  # itself, and neighbours that touch the frame


def test_numbers_of_failing_checks_are_marked_and_the_pages_are_as_they_were(tmp_path: Path) -> None:
    target = tmp_path / "marked.pdf"
    done = extract("annotate", FAILING, "-o", str(target))
    assert (done.returncode, done.stdout.decode()) == (0, f"Wrote {target}: 7 notes.\n")
    with pikepdf.open(FAILING) as before, pikepdf.open(target) as after:
        notes = [note for page in after.pages for note in page.obj.get("/Annots", ())]
        assert any("stated 501.10, computed 510.10" in str(note.Contents) for note in notes)
        for one, other in zip(before.pages, after.pages, strict=True):
            assert one.Contents.read_bytes() == other.Contents.read_bytes()


def test_a_document_that_ties_gets_no_note_and_its_original_is_not_overwritten(tmp_path: Path) -> None:
    copy = tmp_path / "report.pdf"
    copy.write_bytes(Path(GOOD).read_bytes())
    assert extract("annotate", str(copy), "-o", str(tmp_path / "marked.pdf")).stdout.endswith(b"marked.pdf: 0 notes.\n")
    refused = extract("annotate", str(copy), "-o", str(copy))
    assert (refused.returncode, b"is the document itself" in refused.stderr) == (7, True)
    assert copy.read_bytes() == Path(GOOD).read_bytes()
