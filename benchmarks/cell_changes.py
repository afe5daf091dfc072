"""Changes to the amount cells of a document, one at a time."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from random import Random

from held_documents import Change, Document, Spot
from outcomes import BLANKED, DROPPED, MOVED
from rewriting import WRITERS

from extract.amounts import amount
from extract.model.page import Box, Cell, Grid
from extract.tables.fragments import Fragment
from extract.tables.open_tables import OpenTable


def changes(document: Document, every: int = 1) -> Iterator[Change]:
    """Every kind of change to every cell, or to each `every`th; a row is dropped once."""
    dropped: set[tuple[int, int]] = set()
    for spot in document.spots[::every]:
        random = Random(f"{document.name} {spot.fact.reference}")
        yield from _rewritten(document, spot, random)
        yield from filter(None, (_moved(document, spot), _blanked(document, spot)))
        if (spot.step, spot.cell.row) not in dropped:
            dropped.add((spot.step, spot.cell.row))
            yield _dropped(document, spot)


def _rewritten(document: Document, spot: Spot, random: Random) -> Iterator[Change]:
    """The number written otherwise in its place."""
    fragment, cell = document.fragment(spot.step), spot.cell
    printed = spot.fact.origin.printed if spot.fact.origin.printed in cell.text else cell.text
    old = amount(printed)
    for kind, write in WRITERS.items():
        text = write(printed, random)
        new = amount(text) if text else None
        if text is None or old is None or (new and new.value == old.value):
            continue
        before, _, after = cell.text.rpartition(printed)
        effects = ((spot.fact.reference, _worth(spot, new.value - old.value if new else old.value)),)
        yield Change(
            kind, spot, _with_cells(fragment, {cell: cell._replace(text=before + text + after)}), text, effects
        )


def _worth(spot: Spot, printed: Decimal) -> Decimal:
    """A printed difference in 万元."""
    old = amount(spot.fact.origin.printed)
    unit = spot.fact.half / old.half if old else Decimal(1)
    return abs(printed) * unit


def _moved(document: Document, spot: Spot) -> Change | None:
    """The text in the next amount column of its row, or where that holds another, the two exchanged."""
    there = _neighbour(document, spot)
    if there is None or there == spot.cell or there.text == spot.cell.text:
        return None
    fragment, amount_here = document.fragment(spot.step), spot.fact.amount or Decimal(0)
    other = document.by_cell.get((spot.step, there))
    by = abs(amount_here - ((other.fact.amount if other else None) or Decimal(0)))
    if other and not by:
        return None
    effects = ((spot.fact.reference, by), *(((other.fact.reference, by),) if other else ()))
    filled = there._replace(text=spot.cell.text)
    if there.text:
        return Change(
            MOVED,
            spot,
            _with_cells(fragment, {spot.cell: spot.cell._replace(text=there.text), there: filled}),
            there.text,
            effects,
        )
    return Change(MOVED, spot, _with_cells(fragment, {spot.cell: None}, filled), "", effects)


def _neighbour(document: Document, spot: Spot) -> Cell | None:
    """The cell of the next amount column, of the last column that before it; one without text where nothing is
    printed.
    """
    table, grid, cell = document.table(spot.step), document.fragment(spot.step).grid, spot.cell
    if not isinstance(table, OpenTable) or table.dataset is None:
        beside = [
            other.cell
            for other in document.spots
            if other.step == spot.step and other.cell.row == cell.row and other.cell.col > cell.col
        ]
        return min(beside, key=lambda other: other.col, default=None)
    money = set(document.knowledge.schemas.datasets[table.dataset].money())
    middles = sorted((leaf.x0 + leaf.x1) / 2 for leaf in table.leaves if leaf.field in money)
    if len(middles) < 2:
        return None
    here = (grid.xs[cell.col] + grid.xs[cell.col_end]) / 2
    at = min(range(len(middles)), key=lambda place: abs(middles[place] - here))
    middle = middles[at + 1 if at + 1 < len(middles) else at - 1]
    col = min(max(bisect_right(grid.xs, middle) - 1, 0), len(grid.xs) - 2)
    blank = Cell(
        cell.row, col, cell.row + 1, col + 1, "", Box(grid.xs[col], cell.box.top, grid.xs[col + 1], cell.box.bottom)
    )
    return next(
        (other for other in grid.cells if other.row <= cell.row < other.row_end and other.col <= col < other.col_end),
        blank,
    )


def _blanked(document: Document, spot: Spot) -> Change:
    fragment, cell = document.fragment(spot.step), spot.cell
    before, _, after = cell.text.rpartition(spot.fact.origin.printed)
    rest = cell._replace(text=before + after) if before or after else None
    return Change(BLANKED, spot, _with_cells(fragment, {cell: rest}), "", _lost([spot]))


def _dropped(document: Document, spot: Spot) -> Change:
    """The grid without the row: what spans it and others spans those."""
    fragment, row = document.fragment(spot.step), spot.cell.row
    grid = fragment.grid
    cells = tuple(
        cell._replace(row=cell.row - (cell.row > row), row_end=cell.row_end - (cell.row_end > row))
        for cell in grid.cells
        if (cell.row, cell.row_end) != (row, row + 1)
    )
    edge = row + 1 if row + 2 < len(grid.ys) else row
    changed = Grid(grid.page, grid.ys[:edge] + grid.ys[edge + 1 :], grid.xs, cells)
    gone = [other for other in document.spots if other.step == spot.step and other.cell.row == row]
    return Change(DROPPED, spot, fragment._replace(grid=changed), "", _lost(gone))


def _lost(spots: Iterable[Spot]) -> tuple[tuple[str, Decimal], ...]:
    return tuple((spot.fact.reference, abs(spot.fact.amount or Decimal(0))) for spot in spots)


def _with_cells(fragment: Fragment, instead: dict[Cell, Cell | None], *added: Cell) -> Fragment:
    """The fragment with other cells in the place of some, or none, and cells added."""
    cells = [*filter(None, (instead.get(cell, cell) for cell in fragment.grid.cells)), *added]
    return fragment._replace(
        grid=replace(fragment.grid, cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.col))))
    )
