"""The pages of a document with the words of some of them changed."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from slip_kinds import Pages

from extract.model.page import Grid, Line, PageReading


def reworded(
    pages: Pages, change: Callable[[str], str], numbers: Collection[int] | None = None
) -> Iterator[list[PageReading]]:
    """The pages with the texts of lines and cells changed on those of these numbers, if that changes any."""
    made = [_page_reworded(page, change) if numbers is None or page.number in numbers else page for page in pages]
    if any(one is not other for one, other in zip(pages, made, strict=True)):
        yield made


def _page_reworded(page: PageReading, change: Callable[[str], str]) -> PageReading:
    lines = [_line_reworded(line, change) for line in page.lines]
    grids = [_grid_reworded(grid, change) for grid in page.grids]
    before, after = [*page.lines, *page.grids], [*lines, *grids]
    if all(one is other for one, other in zip(before, after, strict=True)):
        return page
    return replace(page, lines=tuple(lines), grids=tuple(grids))


def _line_reworded(line: Line, change: Callable[[str], str]) -> Line:
    text = change(line.text)
    return line if text == line.text else Line(line.page, text, line.box, None)


def _grid_reworded(grid: Grid, change: Callable[[str], str]) -> Grid:
    texts = [change(cell.text) for cell in grid.cells]
    if texts == [cell.text for cell in grid.cells]:
        return grid
    return replace(grid, cells=tuple(cell._replace(text=text) for cell, text in zip(grid.cells, texts, strict=True)))
