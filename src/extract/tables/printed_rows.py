"""Rows as they are printed, before anything is made of them."""

from collections.abc import Container
from dataclasses import dataclass
from typing import NamedTuple

from extract.model.page import Box, Cell


class Printed(NamedTuple):
    """A printed text and where it stands; `begins` is the left edge of its first character, if that is known."""

    text: str
    page: int
    box: Box
    begins: float | None = None


@dataclass(slots=True)
class RawRow:
    """A body row: the printed text of each column, by the column's place among the leaves; `left` is where the table
    begins on its page, in points.
    """

    page: int
    cells: dict[int, Printed]
    left: float = 0.0


def add_cell(rows: dict[int, RawRow], cell: Cell, place: int, fill: Container[int], page: int) -> None:
    """Puts a cell into its row; a merged label of a column to fill into every row that it spans.

    Cells that the header does not part are one text.
    """
    printed = Printed(cell.text, page, cell.box, cell.begins)
    for number in range(cell.row, cell.row_end if place in fill else cell.row + 1):
        if number not in rows:
            rows[number] = RawRow(page, {})
        cells = rows[number].cells
        before = cells.get(place)
        cells[place] = printed if before is None else before._replace(text=before.text + printed.text)
