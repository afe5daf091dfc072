"""How many slips keep a document from being called `verified`: rows, names and headers exchanged, a line one down, rows
and pages doubled, a year, a unit or a code changed, digits cut off.

The slips are made in what the reader returned, each alone; the whole way after it is gone again. Only documents that
are `verified` as they stand are changed, of each place as many as asked for.
"""

import argparse
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path
from random import Random

from extract.digest import digest
from extract.document.pipeline import Knowledge, blank_report, read_pages, report_of
from extract.errors import ExtractError
from extract.model.page import Cell, Grid, Line, PageReading
from extract.model.report import Report
from extract.reading.base import DEFAULT_READER, reader
from extract.schemas.load import load

REPORTS = Path(__file__).resolve().parents[2] / "shared" / "reports"
AMOUNT = re.compile(r"\d{1,3}(,?\d{3})*\.\d+")
NAME = re.compile(r"[^\d]*[一-龥]{3}[^\d]*")
CODE = re.compile(r"[12345]\d{2}(\d{2}){0,2}")
TITLE = re.compile(r"^(?![第注（]).{0,40}20\d\d年.*表$")
FORM = re.compile(r"^项目名称")
TARGET = re.compile(r"^([≥≤＝=>＞<＜]+\s*)(\d)(.*)$")
UNITS = {"万元": "元", "元": "万元"}
Pages = Sequence[PageReading]
Slip = Callable[[Pages, Random], Iterator[list[PageReading]]]


def _rows(grid: Grid) -> dict[int, list[Cell]]:
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
            pairs = list(pairwise(_rows(grid).values()))
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
    if all(cell.text == there[col].text for col, cell in here.items() if col in there):
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
            cells = [cell for row in _rows(grid).values() for cell in row if pattern.fullmatch(cell.text)]
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
        rows = _rows(grid)
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


def _numbered(page: PageReading, number: int) -> PageReading:
    return replace(
        page,
        number=number,
        grids=tuple(replace(grid, page=number) for grid in page.grids),
        lines=tuple(line._replace(page=number) for line in page.lines),
    )


def _page_doubled(pages: Pages, random: Random) -> Iterator[list[PageReading]]:
    for page in random.sample(range(len(pages)), len(pages)):
        if any(_rows(grid) for grid in pages[page].grids):
            yield [*pages, _numbered(pages[page], len(pages) + 1)]


def _page_missing(pages: Pages, random: Random) -> Iterator[list[PageReading]]:
    for page in random.sample(range(len(pages)), len(pages)):
        if any(_rows(grid) for grid in pages[page].grids):
            after = [_numbered(one, one.number - 1) for one in pages[page + 1 :]]
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
        yield [*pages, _numbered(again, len(pages) + 1)]


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
            if any(_rows(grid) for grid in reading.grids)
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


SLIPS: dict[str, Slip] = {
    "amounts of two rows exchanged": _of_rows(_amounts_exchanged),
    "names of two rows exchanged": _of_rows(_names_exchanged),
    "a line one down": _of_rows(_one_down),
    "a row doubled": _of_rows(_row_doubled),
    "two headers exchanged": _headers_exchanged,
    "a page doubled": _page_doubled,
    "a page missing": _page_missing,
    "a form doubled": _form_doubled,
    "a form missing": _form_missing,
    "an indicator's target changed": _target_changed,
    "digits cut off": _of_cells(AMOUNT, _cut),
    "a code changed": _of_cells(CODE, _other_code),
    "the year of a title": _of_lines(_other_year),
    "the unit of a page": _of_lines(_other_unit),
}
OF_ROWS = ("amounts of two rows exchanged", "names of two rows exchanged", "a line one down")
HARMLESS = ("two headers exchanged", "the unit of a page")  # where the words mean the same, or all amounts are zero


def main() -> None:
    options = _options()
    knowledge = Knowledge(load())
    caught: dict[str, Counter[str]] = {kind: Counter() for kind in SLIPS}
    documents = 0
    for folder in options.inputs:
        done = 0
        for path in sorted(folder.rglob("*.pdf")) if folder.is_dir() else [folder]:
            if done == options.documents:
                break
            found = _measured(path, knowledge, options, caught)
            done, documents = done + found, documents + found
    print(f"{documents} documents")
    for kind, counts in caught.items():
        noticed, told = counts["check"] + counts["finding"], counts.total() - counts["printed once"]
        shares = (100 * noticed / max(number, 1) for number in (counts.total(), told))
        print(
            f"{kind:<32}{counts.total():>6}{counts['check']:>8}{counts['finding']:>8}{counts['printed once']:>8}",
            *(f"{share:>8.1f} %" for share in shares),
        )


def _measured(path: Path, knowledge: Knowledge, options: argparse.Namespace, caught: dict[str, Counter[str]]) -> bool:
    """Whether the document is verified, so that slips were made in it."""
    content, own = path.read_bytes(), reader(DEFAULT_READER)
    try:
        pages = read_pages(content, own, knowledge)
    except ExtractError:
        return False
    blank = blank_report(digest(content), path.name, own)
    unchanged = report_of(blank, pages, knowledge)
    if unchanged.status != "verified":
        return False
    for kind, slip in SLIPS.items():
        for changed in islice(slip(pages, Random(f"{path.name} {kind}")), options.slips):
            report = report_of(blank, changed, knowledge)
            fails = any(check.verdict == "fail" for check in report.checks)
            outcome = "check" if fails else "finding" if report.status != "verified" else "missed"
            if outcome == "missed" and kind in HARMLESS and _values(report) == _values(unchanged):
                continue
            if outcome == "missed" and kind in OF_ROWS and _printed_once(pages, changed):
                outcome = "printed once"
            caught[kind][outcome] += 1
            if outcome == "missed" and options.show:
                print(f"missed: {kind}: {path.name}: {_difference(pages, changed)}", file=sys.stderr)
    return True


def _printed_once(pages: Pages, changed: Pages) -> bool:
    """Whether neither of the rows that a slip is in stands anywhere else with its name and one of its amounts, so that
    only a sum can tell.
    """
    page, at = next(
        (page, at)
        for page, (before, after) in enumerate(zip(pages, changed, strict=False))
        for at, (one, other) in enumerate(zip(before.grids, after.grids, strict=False))
        if one is not other
    )
    grid = pages[page].grids[at]
    slipped = {cell.row for cell in set(grid.cells) ^ set(changed[page].grids[at].cells)}
    rows = [cells for row, cells in _rows(grid).items() if row in slipped]
    others = [
        {cell.text for cell in cells}
        for reading in pages
        for other in reading.grids
        if other is not grid
        for cells in _rows(other).values()
    ]
    prose = [line.text for reading in pages for line in reading.lines]

    def elsewhere(cells: Sequence[Cell]) -> bool:
        names = {cell.text for cell in cells if NAME.fullmatch(cell.text) or CODE.fullmatch(cell.text)}
        amounts = {cell.text for cell in cells if AMOUNT.fullmatch(cell.text) and cell.text.strip("0.")}
        return any(names & texts and amounts & texts for texts in others) or any(
            name in line and amount in line for line in prose for name in names for amount in amounts
        )

    return not any(map(elsewhere, rows))


def _values(report: Report) -> dict[str, list[Mapping[str, object]]]:
    return {name: [row.values for row in rows] for name, rows in report.rows.items()}


def _difference(pages: Pages, changed: Pages) -> str:
    for before, after in zip(pages, changed, strict=False):
        if before is not after:
            texts = [{cell.text for grid in one.grids for cell in grid.cells} for one in (before, after)]
            lines = [{line.text for line in one.lines} for one in (before, after)]
            cells = [
                (one.row, one.text)
                for here, there in zip(before.grids, after.grids, strict=True)
                for one in set(there.cells) - set(here.cells)
            ]
            return f"page {before.number} {sorted(cells)[:6]} {texts[1] ^ texts[0] or ''} {lines[1] - lines[0] or ''}"
    return "a page more"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    folders = sorted(REPORTS.iterdir()) if REPORTS.is_dir() else []
    parser.add_argument("inputs", nargs="*", type=Path, default=folders, help="default: the places beside the checkout")
    parser.add_argument("--documents", type=int, default=2, help="verified documents of each folder (default 2)")
    parser.add_argument("--slips", type=int, default=3, help="slips of each kind in each document (default 3)")
    parser.add_argument("--show", action="store_true", help="tell the slips that nothing noticed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
