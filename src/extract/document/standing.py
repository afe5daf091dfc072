"""What is believed of a document that is read again, and how the readings of its pages compare: which texts stand in
which cells, and what stands in the place of a number.
"""

from bisect import bisect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from extract.checks.evidence import Number
from extract.model.page import Box, Cell, Grid, PageReading
from extract.model.report import Check, Report, Statement
from extract.text import compared


@dataclass(slots=True)
class Standing:
    """What is believed so far: the report, the readings that it is made of, and the readings of others that tell
    something, by engine and page.
    """

    report: Report
    readings: list[PageReading]
    asked: dict[str, dict[int, PageReading]]


def with_others(standing: Standing, others: Iterable[PageReading]) -> list[PageReading]:
    """The standing readings with others in their place; what is damaged is so whoever reads it."""
    instead = {}
    for other in others:
        reading = standing.readings[other.number - 1]
        instead[other.number] = replace(completed(other, reading), damaged=reading.damaged)
    return [instead.get(reading.number, reading) for reading in standing.readings]


def completed(other: PageReading, standing: PageReading) -> PageReading:
    """A reading of tables only, with what else stands on the page."""
    if other.lines:
        return other
    kept = (grid for grid in standing.grids if not any(_beside(grid.box, own.box) for own in other.grids))
    return replace(
        other,
        grids=tuple(sorted((*other.grids, *kept), key=lambda grid: grid.ys)),
        lines=standing.lines,
        garbled=standing.garbled,
        hidden=standing.hidden,
    )


def _beside(one: Box, other: Box) -> bool:
    """Whether two boxes stand at the same height."""
    return one.top < other.bottom and other.top < one.bottom


def same_texts(standing: Standing, other: PageReading) -> bool:
    """Whether a reading has the same texts as the standing one of its page."""
    reading = standing.readings[other.number - 1]
    return _texts(completed(other, reading)) == _texts(reading)


def same_cells(standing: Standing, other: PageReading) -> bool:
    """Whether a reading has the same texts in the same cells, so that nothing else can come of it."""
    reading = standing.readings[other.number - 1]
    return same_texts(standing, other) and _spans(completed(other, reading)) == _spans(reading)


def confirmed_pages(standing: Standing) -> set[int]:
    """Pages that a reader asked before reads the same: what fails there is not a mistake of reading."""
    return {
        number
        for readings in standing.asked.values()
        for number, other in readings.items()
        if same_cells(standing, other)
    }


def _spans(reading: PageReading) -> list[tuple[int, int, list[tuple[int, int, int, int]]]]:
    """How many rows and columns each table has, and which of them its cells span."""
    return [
        (len(grid.ys), len(grid.xs), [(cell.row, cell.col, cell.row_end, cell.col_end) for cell in grid.cells])
        for grid in reading.grids
    ]


def _texts(reading: PageReading) -> tuple[list[str], list[str]]:
    cells = [compared(cell.text) for grid in reading.grids for cell in grid.cells]
    return cells, sorted(compared(line.text) for line in reading.lines)


def identity_of(check: Check) -> tuple[object, ...]:
    """A check with its numbers: two readings that give it read the same."""
    return (*place_of(check), check.stated, check.computed)


def place_of(check: Check) -> tuple[object, ...]:
    """What says which check it is, whatever numbers it has."""
    return check.rule, check.dataset, check.row, check.column


def numbers_of(check: Check, numbers: Mapping[str, Number]) -> list[Number]:
    """The numbers that a check reads, in its order."""
    return [numbers[reference] for reference in check.facts if reference in numbers]


def sees(reading: PageReading, number: Number) -> bool | None:
    """Whether a reading has the same text in the place of a number of a table; None if it has no table there."""
    if isinstance(number, Statement):
        return None
    text = text_at(reading, number.origin.box)
    return None if text is None else compared(text) == compared(number.origin.printed)


def text_at(reading: PageReading, box: Box) -> str | None:
    """The text of the cell in the middle of a box, empty for a blank one; None where the reading has no table."""
    for grid in reading.grids:
        spot = spot_of(grid, box)
        if spot is not None:
            return next((cell.text for cell in grid.cells if covers(cell, spot)), "")
    return None


def spot_of(grid: Grid, box: Box) -> tuple[int, int] | None:
    """The row and column of the middle of a box, None if that is outside of the grid."""
    x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
    row, col = bisect(grid.ys, y) - 1, bisect(grid.xs, x) - 1
    return (row, col) if 0 <= row < len(grid.ys) - 1 and 0 <= col < len(grid.xs) - 1 else None


def covers(cell: Cell, spot: tuple[int, int]) -> bool:
    """Whether a cell spans that row and column."""
    return cell.row <= spot[0] < cell.row_end and cell.col <= spot[1] < cell.col_end
