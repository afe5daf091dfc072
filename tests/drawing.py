"""Draws ruled tables as a reader would return them: rulings, characters and boxes of a page, without any PDF."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from extract.model.page import Page

SIZE = 8.0  # points: width of a character
HEIGHT = 10.0


class Area(NamedTuple):
    """A cell of a drawn table: rows and columns it spans (end exclusive) and its text."""

    row: int
    col: int
    row_end: int
    col_end: int
    text: str


Stroke = tuple[float, float, float, float]


def page(
    areas: Sequence[Area],
    xs: Sequence[float],
    ys: Sequence[float],
    extra: Sequence[tuple[str, float, float]] = (),
    number: int = 1,
) -> Page:
    """A page with one table whose cells are ruled on all sides, its texts in their middle, and extra lines of text at
    (x, top).
    """
    strokes: list[Stroke] = []
    glyphs: list[str] = []
    boxes: list[Stroke] = []
    for area in areas:
        x0, x1, top, bottom = xs[area.col], xs[area.col_end], ys[area.row], ys[area.row_end]
        strokes += [(x0, top, x1, top), (x0, bottom, x1, bottom), (x0, top, x0, bottom), (x1, top, x1, bottom)]
        width = SIZE * len(area.text)
        _write(area.text, (x0 + x1 - width) / 2, (top + bottom - HEIGHT) / 2, glyphs, boxes)
    for text, x, top in extra:
        _write(text, x, top, glyphs, boxes)
    return Page(
        number,
        1000.0,
        1000.0,
        "",
        "".join(glyphs),
        np.array(boxes, np.float32).reshape(-1, 4),
        np.array(strokes, np.float32).reshape(-1, 4),
        0,
        (),
        "drawn",
    )


def _write(text: str, x: float, top: float, glyphs: list[str], boxes: list[Stroke]) -> None:
    for index, character in enumerate(text):
        if character == " ":  # readers give no white space
            continue
        glyphs.append(character)
        boxes.append((x + index * SIZE, top, x + (index + 1) * SIZE, top + HEIGHT))
