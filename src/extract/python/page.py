"""A page of a document as a picture, with the cells of its tables and what does not tie drawn on."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from extract.model.page import Box, Grid
from extract.model.report import Report
from extract.reading.annotated import MARGIN
from extract.review.annotations import notes

if TYPE_CHECKING:
    from PIL.Image import Image

CELLS = (0.25, 0.5, 0.9)  # the colour of frames, red, green and blue from 0 to 1
POINTS = 72  # of an inch
SLACK = 3.0  # points that a text may stand out of its cell


class Page:
    """A page of a document, by its number from 1."""

    def __init__(self, report: Report, content: bytes, number: int) -> None:
        self.number = number
        self._report, self._content = report, content

    def to_image(self, resolution: float = 150) -> "Image":
        """The page as displayed, as a picture of Pillow with so many dots an inch. Cells have blue frames, numbers that
        a failing check reads red ones, and orange those that would explain it.
        """
        from PIL import ImageDraw

        from extract.reading.pictures import picture

        image = picture(self._content, self.number, resolution)
        pen, scale = ImageDraw.Draw(image), resolution / POINTS
        for box in self._cells():
            pen.rectangle([edge * scale for edge in box], outline=_rgb(CELLS))
        for note in notes(self._report):
            if note.page == self.number:
                x0, top, x1, bottom = note.box
                frame = (x0 - MARGIN, top - MARGIN, x1 + MARGIN, bottom + MARGIN)
                pen.rectangle([edge * scale for edge in frame], outline=_rgb(note.colour), width=round(scale) + 1)
        return image

    def _cells(self) -> Iterator[Box]:
        for table in self._report.tables:
            for grid, _ in table.parts:
                if grid.page == self.number:
                    yield from _frames(grid)

    def __repr__(self) -> str:
        return f"<Page {self.number} of {self._report.pages}>"


def _frames(grid: Grid) -> list[Box]:
    """The walls of the cells and of the whole; of a page that was turned to be read, whose walls stand elsewhere, the
    boxes of the texts.
    """
    walls = [
        Box(grid.xs[cell.col], grid.ys[cell.row], grid.xs[cell.col_end], grid.ys[cell.row_end]) for cell in grid.cells
    ]
    texts = [cell.box for cell in grid.cells]
    inside = sum(_holds(wall, text) for wall, text in zip(walls, texts, strict=True))
    return [*walls, grid.box] if 2 * inside >= len(walls) else texts


def _holds(wall: Box, text: Box) -> bool:
    return wall.x0 - SLACK <= text.x0 <= wall.x1 + SLACK and wall.top - SLACK <= text.top <= wall.bottom + SLACK


def _rgb(colour: tuple[float, float, float]) -> tuple[int, ...]:
    return tuple(round(255 * part) for part in colour)
