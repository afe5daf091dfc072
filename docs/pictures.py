"""Draws the pictures of README.md from the samples: a terminal after a run, a review page, a workbook.

Needs Chromium and LibreOffice.
"""

import subprocess
from contextlib import chdir
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2
from PIL import Image
from playwright.sync_api import sync_playwright
from rich.console import Console

from extract.cli import terminal as console
from extract.messages import choose_language
from extract.reading.base import DEFAULT_READER, reader
from extract.runs.batch import Batch, Run
from extract.runs.executors import processes
from extract.runs.isolation import Limits
from extract.runs.jobs import Recipe
from extract.runs.sources import find_sources, identified
from extract.schemas.load import load

HERE = Path(__file__).parent
SAMPLES = HERE.parent / "samples"
YEAR = "2025"  # the sample with a contradiction
SHEET = "公开表5"
WIDTH, HEIGHT = 1280, 760


def main() -> None:
    """Writes the pictures beside this file."""
    schemas = load()
    with TemporaryDirectory() as folder, chdir(folder):
        out = Path("out").absolute()
        out.mkdir()
        Path("samples").symlink_to(SAMPLES)
        sources, duplicates = identified(find_sources(["samples"]).documents, {})
        batch = Batch(
            out,
            Recipe(reader(DEFAULT_READER), schemas, ("xlsx", "review")),
            partial(processes, 1, Limits()),
            "",
        )
        documents = batch.run(sources, lambda _count, _total: None)
        draw_summary(Run("out/", out, schemas, documents, duplicates, {}))
        [page] = (out / "review").glob(f"{YEAR}*.html")
        draw_review(page)
        [workbook] = (out / "xlsx").glob(f"{YEAR}*.xlsx")
        draw_workbook(workbook)


def draw_summary(run: Run) -> None:
    choose_language("en")
    recorder = Console(record=True, width=150, file=Path("/dev/null").open("w"))  # noqa: SIM115
    console.stderr = lambda: recorder
    console.show_summary(run)
    recorder.save_svg(str(HERE / "summary.svg"), title="extract samples -o out/")


def draw_review(page: Path) -> None:
    """The first finding opened."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        view = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, locale="en-US", color_scheme="light")
        view.goto(page.as_uri())
        view.locator("details.finding summary").first.click()
        view.locator(".evidence rect").first.wait_for()
        view.screenshot(path=HERE / "review.png")
        browser.close()


def draw_workbook(workbook: Path) -> None:
    """The sheet with the wrong amount, as it is printed."""
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(workbook.parent), str(workbook)]
    subprocess.run(command, check=True, capture_output=True)
    document = pypdfium2.PdfDocument(workbook.with_suffix(".pdf"))
    texts = [page.get_textpage().get_text_range() for page in document]
    page = document[next(number for number, text in enumerate(texts) if SHEET in text and "←" in text)]
    picture = page.render(scale=1.6).to_pil().quantize(64, dither=Image.Dither.NONE)
    picture.save(HERE / "workbook.png", optimize=True)


if __name__ == "__main__":
    main()
