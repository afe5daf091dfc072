"""The slips of slips.py: each takes the pages of a document as the reader returned them and gives them back with one
thing wrong, as often as asked.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from random import Random

from extract.model.page import Cell, Grid, Line, PageReading

AMOUNT = re.compile(r"\d{1,3}(,?\d{3})*\.\d+")
NAME = re.compile(r"[^\d]*[一-龥]{3}[^\d]*")
CODE = re.compile(r"[12345]\d{2}(\d{2}){0,2}")
TITLE = re.compile(r"^(?![第注（]).{0,40}20\d\d年.*表$")
FORM = re.compile(r"^项目名称")
TARGET = re.compile(r"^([≥≤＝=>＞<＜]+\s*)(\d)(.*)$")
OWNER = re.compile(r"((?:编制|填报|公开|预算)?(?:单位|部门)(?:名称)?[：:]\s*)([一-龥]{4,})")
UNITS = {"万元": "元", "元": "万元"}
Pages = Sequence[PageReading]
Slip = Callable[[Pages, Random], Iterator[list[PageReading]]]
Mixing = Callable[[Pages, Pages, Random], Iterator[list[PageReading]]]  # with the pages of another document


def rows_with_amounts(grid: Grid) -> dict[int, list[Cell]]:
    """The rows of a grid that print amounts, each with the cells that stand in it alone."""
    rows: dict[int, list[Cell]] = defaultdict(list)
    for cell in grid.cells:
        if cell.row_end == cell.row + 1:
            rows[cell.row].append(cell)
    return {row: cells for row, cells in sorted(rows.items()) if any(AMOUNT.fullmatch(cell.text) for cell in cells)}


def _amounts(cells: Sequence[Cell]) -> dict[int, Cell]:
    return {cell.col: cell for cell in cells if AMOUNT.fullmatch(cell.text)}


def _grids(pages: Pages, random: Random) -> Iterator[tuple[int, int, Grid]]:
    """Every grid of the pages with its place, in an order of its own."""
    places = [(page, at, grid) for page, reading in enumerate(pages) for at, grid in enumerate(reading.grids)]
    random.shuffle(places)
    return iter(places)


def _with_grid(pages: Pages, page: int, at: int, grid: Grid) -> list[PageReading]:
    grids = list(pages[page].grids)
    grids[at] = grid
    return [*pages[:page], replace(pages[page], grids=tuple(grids)), *pages[page + 1 :]]


def _texts(grid: Grid, instead: dict[Cell, str]) -> Grid:
    return replace(grid, cells=tuple(cell._replace(text=instead.get(cell, cell.text)) for cell in grid.cells))


def _of_rows(change: Callable[[Grid, list[Cell], list[Cell]], Grid | None]) -> Slip:
    """A slip of two rows that follow each other in one grid."""

    def slip(pages: Pages, random: Random) -> Iterator[list[PageReading]]:
        for page, at, grid in _grids(pages, random):
            pairs = list(pairwise(rows_with_amounts(grid).values()))
            random.shuffle(pairs)
            for one, other in pairs[:2]:
                changed = change(grid, one, other)
                if changed is not None:
                    yield _with_grid(pages, page, at, changed)

    return slip


def _amounts_exchanged(grid: Grid, one: list[Cell], other: list[Cell]) -> Grid | None:
    here, there = _amounts(one), _amounts(other)
    if here.keys() != there.keys() or all(here[col].text == there[col].text for col in here):
        return None
    return _texts(
        grid,
        {here[col]: there[col].text for col in here} | {there[col]: here[col].text for col in here},
    )


def _names_exchanged(grid: Grid, one: list[Cell], other: list[Cell]) -> Grid | None:
    names = [next((cell for cell in cells if NAME.fullmatch(cell.text)), None) for cells in (one, other)]
    first, second = names
    if first is None or second is None or first.col != second.col or first.text == second.text:
        return None
    if [cell.text for cell in _amounts(one).values()] == [cell.text for cell in _amounts(other).values()]:
        return None
    return _texts(grid, {first: second.text, second: first.text})


def _one_down(grid: Grid, one: list[Cell], other: list[Cell]) -> Grid | None:
    """The amounts of a row on the row below it, and those of that row gone there."""
    here, there = _amounts(one), _amounts(other)
    if other[0].row != one[0].row + 1 or all(
        cell.text == there[col].text for col, cell in here.items() if col in there
    ):
        return None
    moved = [cell._replace(row=cell.row + 1, row_end=cell.row_end + 1) for cell in here.values()]
    kept = [cell for cell in grid.cells if cell not in here.values() and cell not in there.values()]
    return replace(grid, cells=tuple(sorted([*kept, *moved], key=lambda cell: (cell.row, cell.col))))


def _row_doubled(grid: Grid, one: list[Cell], other: list[Cell]) -> Grid | None:
    if not CODE.fullmatch("".join(cell.text for cell in one if cell.text.isdigit()) or "0"):
        return None
    row = one[0].row
    cells = [
        cell._replace(row=cell.row + (cell.row > row), row_end=cell.row_end + (cell.row_end > row + 1))
        for cell in grid.cells
    ]
    again = [cell._replace(row=row + 1, row_end=row + 2) for cell in one]
    ys = (*grid.ys[: row + 1], (grid.ys[row] + grid.ys[row + 1]) / 2, *grid.ys[row + 1 :])
    return replace(grid, ys=ys, cells=tuple(sorted([*cells, *again], key=lambda cell: (cell.row, cell.col))))


def _of_cells(pattern: re.Pattern[str], change: Callable[[str], str | None]) -> Slip:
    """A slip of one cell in a row that prints amounts."""

    def slip(pages: Pages, random: Random) -> Iterator[list[PageReading]]:
        for page, at, grid in _grids(pages, random):
            cells = [cell for row in rows_with_amounts(grid).values() for cell in row if pattern.fullmatch(cell.text)]
            random.shuffle(cells)
            for cell in cells[:2]:
                text = change(cell.text)
                if text:
                    yield _with_grid(pages, page, at, _texts(grid, {cell: text}))

    return slip


def _cut(text: str) -> str | None:
    whole, _, rest = text.partition(".")
    return whole if rest.strip("0") and len(whole) > 1 else None


def _other_code(text: str) -> str:
    return text[:-1] + str((int(text[-1]) + 3) % 10)


def _headers_exchanged(pages: Pages, random: Random) -> Iterator[list[PageReading]]:
    for page, at, grid in _grids(pages, random):
        rows = rows_with_amounts(grid)
        if not rows:
            continue
        first = min(rows)
        used = {col for cells in rows.values() for col in _amounts(cells)}
        heads = [
            cell for cell in grid.cells if cell.row_end == first and cell.col in used and cell.col_end == cell.col + 1
        ]
        for one, other in islice(((one, other) for one, other in pairwise(heads) if one.text != other.text), 1):
            here = [cells.get(one.col) for cells in map(_amounts, rows.values())]
            there = [cells.get(other.col) for cells in map(_amounts, rows.values())]
            if [cell and cell.text for cell in here] != [cell and cell.text for cell in there]:
                yield _with_grid(pages, page, at, _texts(grid, {one: other.text, other: one.text}))


def numbered(page: PageReading, number: int) -> PageReading:
    return replace(
        page,
        number=number,
        grids=tuple(replace(grid, page=number) for grid in page.grids),
        lines=tuple(line._replace(page=number) for line in page.lines),
    )


def _page_doubled(pages: Pages, random: Random) -> Iterator[list[PageReading]]:
    for page in random.sample(range(len(pages)), len(pages)):
        if any(rows_with_amounts(grid) for grid in pages[page].grids):
            yield [*pages, numbered(pages[page], len(pages) + 1)]


def _page_missing(pages: Pages, random: Random) -> Iterator[list[PageReading]]:
    for page in random.sample(range(len(pages)), len(pages)):
        if any(rows_with_amounts(grid) for grid in pages[page].grids):
            after = [numbered(one, one.number - 1) for one in pages[page + 1 :]]
            yield [*pages[:page], *after]


def _forms(pages: Pages, random: Random) -> Iterator[tuple[int, int, Grid]]:
    """Grids that are the form of one project, whole."""
    for page, at, grid in _grids(pages, random):
        texts = {cell.text for cell in grid.cells}
        if any(FORM.search(text) for text in texts) and any(TARGET.search(text) for text in texts):
            yield page, at, grid


def _form_doubled(pages: Pages, random: Random) -> Iterator[list[PageReading]]:
    """Once more on a page of its own, which has no printed number."""
    for page, at, _ in _forms(pages, random):
        again = replace(pages[page], grids=pages[page].grids[at : at + 1], lines=pages[page].lines[:1])
        yield [*pages, numbered(again, len(pages) + 1)]


def _form_missing(pages: Pages, random: Random) -> Iterator[list[PageReading]]:
    for page, at, _ in _forms(pages, random):
        grids = pages[page].grids
        yield [*pages[:page], replace(pages[page], grids=grids[:at] + grids[at + 1 :]), *pages[page + 1 :]]


def _target_changed(pages: Pages, random: Random) -> Iterator[list[PageReading]]:
    for page, at, grid in _forms(pages, random):
        targets = [cell for cell in grid.cells if TARGET.search(cell.text)]
        cell = random.choice(targets)
        text = TARGET.sub(lambda found: found[1] + str((int(found[2]) + 5) % 10) + found[3], cell.text, count=1)
        yield _with_grid(pages, page, at, _texts(grid, {cell: text}))


def _of_lines(change: Callable[[str], str | None]) -> Slip:
    def slip(pages: Pages, random: Random) -> Iterator[list[PageReading]]:
        places = [
            (page, at, text)
            for page, reading in enumerate(pages)
            if any(rows_with_amounts(grid) for grid in reading.grids)
            for at, line in enumerate(reading.lines)
            if (text := change(line.text))
        ]
        random.shuffle(places)
        for page, at, text in places:
            lines = list(pages[page].lines)
            lines[at] = Line(lines[at].page, text, lines[at].box, None)
            yield [*pages[:page], replace(pages[page], lines=tuple(lines)), *pages[page + 1 :]]

    return slip


def _other_year(text: str) -> str | None:
    if not TITLE.search(text):
        return None
    return re.sub(r"20\d\d(?=年)", lambda found: str(int(found.group()) - 1), text, count=1)


def _other_unit(text: str) -> str | None:
    found = re.search(r"单位[：:]\s*(万元|元)", text)
    return text[: found.start(1)] + UNITS[found.group(1)] + text[found.end(1) :] if found else None


def _row_missing(grid: Grid, one: list[Cell], other: list[Cell]) -> Grid | None:
    """Without the second row; what stands below it moves up. One that says the same as that before it is not missed."""
    here, there = ([cell.text for cell in _amounts(cells).values()] for cells in (one, other))
    if here == there or not any(text.strip("0.,") for text in there):
        return None
    row = other[0].row
    cells = [
        cell._replace(row=cell.row - (cell.row > row), row_end=cell.row_end - (cell.row_end > row))
        for cell in grid.cells
        if cell not in other
    ]
    ys = (*grid.ys[: row + 1], *(y - (grid.ys[row + 1] - grid.ys[row]) for y in grid.ys[row + 2 :]))
    return replace(grid, ys=ys, cells=tuple(cells))


def _table_again(pages: Pages, random: Random) -> Iterator[list[PageReading]]:
    """A page with the title of a table once more at the end, with one amount of the table changed."""
    for page in random.sample(range(len(pages)), len(pages)):
        titled = any(line.text.strip().endswith("表") for line in pages[page].lines)
        for at, grid in enumerate(pages[page].grids if titled else ()):
            amounts = [cell for cells in rows_with_amounts(grid).values() for cell in _amounts(cells).values()]
            amounts = [cell for cell in amounts if cell.text.strip("0.,")]
            if amounts:
                cell = random.choice(amounts)
                changed = _with_grid(pages, page, at, _texts(grid, {cell: _other_amount(cell.text)}))[page]
                yield [*pages, numbered(changed, len(pages) + 1)]
                break


def _other_amount(text: str) -> str:
    """With another first digit."""
    return ("1" if text[0] != "1" else "2") + text[1:]


def _amount_changed(text: str) -> str | None:
    return _other_amount(text) if text.strip("0.,") else None


def _other_owner(pages: Pages, other: Pages, random: Random) -> Iterator[list[PageReading]]:
    """One table with the name of another document's owner."""
    names = {found[2] for page in other for line in page.lines if (found := OWNER.search(line.text))}
    own = {found[2] for page in pages for line in page.lines if (found := OWNER.search(line.text))}
    foreign = sorted(names - own)
    if foreign:
        yield from _of_lines(
            lambda text: OWNER.sub(lambda found: found[1] + foreign[0], text) if OWNER.search(text) else None
        )(pages, random)


def _page_of_another(pages: Pages, other: Pages, random: Random) -> Iterator[list[PageReading]]:
    """A page with a table exchanged for the other document's page with the table of the same title."""
    titles = {_title(page): page for page in other if _title(page)}
    for page in random.sample(range(len(pages)), len(pages)):
        found = titles.get(_title(pages[page]))
        if found and [grid.cells for grid in found.grids] != [grid.cells for grid in pages[page].grids]:
            yield [*pages[:page], numbered(found, page + 1), *pages[page + 1 :]]


def _title(page: PageReading) -> str:
    """What stands above the only table of a page with amounts."""
    if len(page.grids) != 1 or not rows_with_amounts(page.grids[0]):
        return ""
    return next((re.sub(r"[\s\d年度]", "", line.text) for line in page.lines if line.text.strip().endswith("表")), "")


def _page_of_another_behind(pages: Pages, other: Pages, random: Random) -> Iterator[list[PageReading]]:
    """The other document's page behind that with the table of the same title."""
    titles = {_title(page): page for page in other if _title(page)}
    for page in random.sample(range(len(pages)), len(pages)):
        found = titles.get(_title(pages[page]))
        if found:
            after = [numbered(one, one.number + 1) for one in pages[page + 1 :]]
            yield [*pages[: page + 1], numbered(found, page + 2), *after]


def _form_of_another(pages: Pages, other: Pages, random: Random) -> Iterator[list[PageReading]]:
    """A form with the page of its own exchanged for one of the other document."""
    foreign = [page for page, at, grid in _forms(other, random) if len(other[page].grids) == 1]
    own = [page for page, at, grid in _forms(pages, random) if len(pages[page].grids) == 1]
    for page, there in zip(own, foreign, strict=False):
        yield [*pages[:page], numbered(other[there], page + 1), *pages[page + 1 :]]


SLIPS: dict[str, Slip] = {
    "amounts of two rows exchanged": _of_rows(_amounts_exchanged),
    "names of two rows exchanged": _of_rows(_names_exchanged),
    "a line one down": _of_rows(_one_down),
    "a row doubled": _of_rows(_row_doubled),
    "a row missing": _of_rows(_row_missing),
    "two headers exchanged": _headers_exchanged,
    "a table again, otherwise": _table_again,
    "a page doubled": _page_doubled,
    "a page missing": _page_missing,
    "a form doubled": _form_doubled,
    "a form missing": _form_missing,
    "an indicator's target changed": _target_changed,
    "a digit changed": _of_cells(AMOUNT, _amount_changed),
    "digits cut off": _of_cells(AMOUNT, _cut),
    "a code changed": _of_cells(CODE, _other_code),
    "the year of a title": _of_lines(_other_year),
    "the unit of a page": _of_lines(_other_unit),
}
MIXING: dict[str, Mixing] = {
    "the owner of a table": _other_owner,
    "a page of another": _page_of_another,
    "a page of another more": _page_of_another_behind,
    "a form of another": _form_of_another,
}
