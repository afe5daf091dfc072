"""The grids of a page, each with the lines of text around it."""

from collections.abc import Sequence
from typing import NamedTuple

from extract.model.page import Box, Grid, Line

NEAR = 4.0  # points: edges of the same column on two pages


class Fragment(NamedTuple):
    """A grid on one page with the lines above it (from the grid before) and below it (to the next grid), engine as of
    the page, and whether the edges of its columns are those that its texts would have.
    """

    grid: Grid
    above: tuple[Line, ...]
    below: tuple[Line, ...]
    engine: str
    inferred: bool = False


def fragments(grids: Sequence[Grid], lines: Sequence[Line], engine: str, inferred: bool = False) -> list[Fragment]:
    """The grids of a page with the lines around each; of grids side by side each has the lines at its own side."""
    result = []
    for grid in grids:
        others = [other.box for other in grids if other is not grid]
        beside = [box for box in others if box.top < grid.box.bottom - NEAR and grid.box.top < box.bottom - NEAR]
        placed = [line for line in lines if line.box is not None and _is_at_side(line.box, grid.box, beside)]
        start = max((box.bottom - NEAR for box in others if box.bottom <= grid.box.top + NEAR), default=float("-inf"))
        end = min((box.top + NEAR for box in others if box.top >= grid.box.bottom - NEAR), default=float("inf"))
        above = tuple(line for line in placed if line.box and start <= _middle(line.box) <= grid.box.top + NEAR)
        below = tuple(line for line in placed if line.box and grid.box.bottom - NEAR <= _middle(line.box) <= end)
        result.append(Fragment(grid, above, below, engine, inferred))
    return result


def _is_at_side(line: Box, grid: Box, beside: Sequence[Box]) -> bool:
    """Whether a line is nearer to a grid than to those that stand beside it."""
    x = (line.x0 + line.x1) / 2
    return all(max(grid.x0 - x, x - grid.x1) <= max(other.x0 - x, x - other.x1) for other in beside)


def _middle(box: Box) -> float:
    return (box.top + box.bottom) / 2
