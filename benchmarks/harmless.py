"""Whether a right document is accused when it is printed otherwise: documents without a failing check are changed in
ways that keep them right (units, decimals, zeros, rows and columns that say nothing, order, tables left out), each
change alone, and the whole way after the reader is gone again. Every check that then fails is a false alarm.

    python benchmarks/harmless.py [FOLDER-OR-PDF …] [--show] [--only WORDS]
"""

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from extract.amounts import amount
from extract.checks.lost_rows import without_lost_rows
from extract.digest import digest
from extract.document.pipeline import Knowledge, blank_report, read_pages, report_of
from extract.errors import ExtractError
from extract.model.page import Box, Cell, Grid, Line, PageReading
from extract.model.report import Fact, Report
from extract.reading.base import DEFAULT_READER, reader
from extract.schemas.load import load

REPORTS = Path(__file__).resolve().parents[2] / "shared" / "reports"
UNIT = re.compile(r"(单位[：:]\s*(人民币)?)万元")
PROSE = re.compile("[。，；]")
STATED = re.compile(r"(?<![\d.,])\d[\d,]*\.\d+(?![\d.]|\s*[%％])")
CODE = re.compile(r"[123]\d{2}(\d{2}){0,2}")
TOTAL = re.compile(r"合\s*计|总\s*计")
FORMS = ("performance_targets", "department_performance", "department_performance_tasks")
ECONOMIC = 5  # digits of the codes that economic classes have everywhere
CENT = Decimal("0.01")
SEVENTH = Decimal(7)
FEW = 3
Pages = Sequence[PageReading]


class Known(NamedTuple):
    """A document as it was read, and what came of it; the numbers of its tables by their place."""

    pages: Pages
    report: Report
    facts: Mapping[tuple[int, Box], Fact]

    def fact(self, grid: Grid, cell: Cell) -> Fact | None:
        return self.facts.get((grid.page, cell.box))


Change = Callable[[Known], Iterable[Pages]]


# ---- numbers written otherwise ----


def _cells(known: Known, write: Callable[[Fact, str], str | None]) -> list[PageReading]:
    """Every number of a table as `write` has it; a cell of which it is None is left blank."""
    return [
        replace(page, grids=tuple(_with_numbers(known, grid, write) for grid in page.grids)) for page in known.pages
    ]


def _with_numbers(known: Known, grid: Grid, write: Callable[[Fact, str], str | None]) -> Grid:
    cells = []
    for cell in grid.cells:
        fact = known.fact(grid, cell)
        text = cell.text if fact is None or fact.amount is None else write(fact, cell.text)
        if text is not None:
            cells.append(cell._replace(text=text))
    return replace(grid, cells=tuple(cells))


def _of_numbers(write: Callable[[Fact, str], str | None]) -> Change:
    def change(known: Known) -> Iterator[Pages]:
        yield _cells(known, write)

    return change


def _zero(instead: str | None) -> Change:
    return _of_numbers(lambda fact, text: text if fact.amount else instead)


def _decimals(text: str) -> str:
    return text + "00" if "." in text else text + ".0000"


def _grouped(text: str) -> str:
    read = amount(text)
    return f"{read.value:,}" if read else text


def _scaled(known: Known) -> Iterator[Pages]:
    """Every amount a seventh of what it was, with as many decimals: nothing ties but for rounding. The prose is left
    out.
    """

    def write(fact: Fact, text: str) -> str:
        read = amount(text)
        return str((read.value / SEVENTH).quantize((2 * read.half).normalize(), ROUND_HALF_UP)) if read else text

    yield [
        replace(page, lines=tuple(line for line in page.lines if page.grids and not PROSE.search(line.text)))
        for page in _cells(known, write)
    ]


def _in_yuan(known: Known) -> Iterator[Pages]:
    """Tables in 元 instead of 万元, where the unit stands beside them; prose stays as it is."""
    units = {table.unit for table in known.report.tables if table.dataset}
    printed = [line for page in known.pages for line in page.lines if UNIT.search(line.text)]
    if units != {"万元"} or len(printed) < len([table for table in known.report.tables if table.dataset]):
        return

    def write(fact: Fact, text: str) -> str:
        read = None if fact.dataset in FORMS else amount(text)
        return f"{(read.value * 10000).quantize(CENT)}" if read else text

    yield [
        replace(page, lines=tuple(line._replace(text=UNIT.sub(r"\1元", line.text)) for line in page.lines))
        for page in _cells(known, write)
    ]


def _blanks_as_zero(known: Known) -> Iterator[Pages]:
    yield [replace(page, grids=tuple(_filled(known, grid) for grid in page.grids)) for page in known.pages]


def _filled(known: Known, grid: Grid) -> Grid:
    numbers = [cell for cell in grid.cells if known.fact(grid, cell)]
    columns = {col for col, count in Counter(cell.col for cell in numbers).items() if count >= FEW}
    rows = {cell.row for cell in numbers}
    taken = {
        (row, col)
        for cell in grid.cells
        for row in range(cell.row, cell.row_end)
        for col in range(cell.col, cell.col_end)
    }
    blank = [
        Cell(row, col, row + 1, col + 1, "0.00", _box(grid, row, col))
        for row in rows
        for col in columns
        if (row, col) not in taken
    ]
    return replace(grid, cells=_in_order([*grid.cells, *blank]))


def _box(grid: Grid, row: int, col: int) -> Box:
    middle = (grid.ys[row] + grid.ys[row + 1]) / 2
    return Box(grid.xs[col] + 0.5, middle - 0.5, grid.xs[col + 1] - 0.5, middle + 0.5)


def _in_order(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    return tuple(sorted(cells, key=lambda cell: (cell.row, cell.col)))


def _prose(places: int) -> Change:
    """The prose's amounts with fewer decimals."""

    def shorter(found: re.Match[str]) -> str:
        value = Decimal(found.group().replace(",", "")).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        return f"{value:,}" if "," in found.group() else str(value)

    def change(known: Known) -> Iterator[Pages]:
        yield [
            replace(page, lines=tuple(Line(line.page, STATED.sub(shorter, line.text), line.box) for line in page.lines))
            for page in known.pages
        ]

    return change


# ---- rows ----


def _rows(known: Known, grid: Grid) -> dict[int, list[Cell]]:
    """The rows of a grid with numbers of a table, each with the cells that stand in it alone."""
    rows: dict[int, list[Cell]] = defaultdict(list)
    for cell in grid.cells:
        if cell.row_end == cell.row + 1:
            rows[cell.row].append(cell)
    return {row: cells for row, cells in sorted(rows.items()) if any(known.fact(grid, cell) for cell in cells)}


def _code(cells: Sequence[Cell]) -> str:
    return next((text for cell in cells if CODE.fullmatch(text := re.sub(r"\s", "", cell.text))), "")


def _is_total(cells: Sequence[Cell]) -> bool:
    return any(TOTAL.fullmatch(cell.text.strip()) for cell in cells)


def _without(grid: Grid, rows: Iterable[int]) -> Grid:
    """The grid with these rows gone."""
    gone = sorted(set(rows))
    kept = [cell for cell in grid.cells if cell.row not in gone or cell.row_end > cell.row + 1]

    def moved(row: int) -> int:
        return row - sum(one < row for one in gone)

    cells = (cell._replace(row=moved(cell.row), row_end=max(moved(cell.row_end), moved(cell.row) + 1)) for cell in kept)
    ys = tuple(y for row, y in enumerate(grid.ys) if row not in gone or row == len(grid.ys) - 1)
    return replace(grid, ys=ys, cells=_in_order(cells))


def _with_row(grid: Grid, after: int, cells: Sequence[Cell]) -> Grid:
    """The grid with one row more."""
    pushed = (
        cell._replace(row=cell.row + (cell.row > after), row_end=cell.row_end + (cell.row_end > after + 1))
        for cell in grid.cells
    )
    new = (cell._replace(row=after + 1, row_end=after + 2) for cell in cells)
    ys = (*grid.ys[: after + 1], (grid.ys[after] + grid.ys[after + 1]) / 2, *grid.ys[after + 1 :])
    return replace(grid, ys=ys, cells=_in_order([*pushed, *new]))


def _left_out(wanted: Callable[[Known, Grid, list[Cell]], bool]) -> Change:
    def change(known: Known) -> Iterator[Pages]:
        yield [
            replace(
                page,
                grids=tuple(
                    _without(grid, [row for row, cells in _rows(known, grid).items() if wanted(known, grid, cells)])
                    for grid in page.grids
                ),
            )
            for page in known.pages
        ]

    return change


def _level_left_out(length: int) -> Change:
    """A level of classes left out in every list of classes that prints others too."""

    def change(known: Known) -> Iterator[Pages]:
        yield [
            replace(page, grids=tuple(_without(grid, _of_level(known, grid, length)) for grid in page.grids))
            for page in known.pages
        ]

    return change


def _of_level(known: Known, grid: Grid, length: int) -> list[int]:
    """The rows of a level of the table that a grid is part of; none where it is no list of classes, or of economic
    ones that go deeper in places.
    """
    grids = _table_of(known, grid.page)
    codes = [code for one in grids for code in _codes(one).values()]
    plain = all(_plain(rows) for one in grids if (rows := _rows(known, one)))
    deeper = any(code.startswith("3") and len(code) > ECONOMIC for code in codes)
    if not plain or deeper or {len(code) for code in codes} <= {length}:
        return []
    return [row for row, code in _codes(grid).items() if len(code) == length]


def _codes(grid: Grid) -> dict[int, str]:
    rows: dict[int, list[Cell]] = defaultdict(list)
    for cell in grid.cells:
        rows[cell.row].append(cell)
    return {row: code for row, cells in rows.items() if (code := _code(cells))}


def _table_of(known: Known, page: int) -> list[Grid]:
    """The grids of the table on a page; none if several tables stand on its pages."""
    spans = [span for span in _pages_of(known) if page in span]
    return [grid for span in spans for number in span for grid in known.pages[number - 1].grids]


def _is_zero(known: Known, grid: Grid, cells: list[Cell]) -> bool:
    return not _is_total(cells) and not any(fact.amount for cell in cells if (fact := known.fact(grid, cell)))


def _total_last(known: Known) -> Iterator[Pages]:
    """合计 at the end of tables that stand on one page, not at the top."""
    yield [replace(page, grids=tuple(_turned(known, grid) for grid in page.grids)) for page in known.pages]


def _turned(known: Known, grid: Grid) -> Grid:
    rows = _rows(known, grid)
    totals = [row for row, cells in rows.items() if _is_total(cells)]
    table = next((one for one in known.report.tables if one.first_page == one.last_page == grid.page), None)
    if len(totals) != 1 or totals[0] != min(rows) or len(rows) < FEW or table is None or not _plain(rows):
        return grid
    return _without(_with_row(grid, max(rows), rows[totals[0]]), totals)


def _plain(rows: Mapping[int, list[Cell]]) -> bool:
    """Whether most rows begin with a code, so that it is a list of classes."""
    return sum(bool(_code(cells)) for cells in rows.values()) >= max(len(rows) - 1, 1)


def _inserted(make: Callable[[Known, Grid, dict[int, list[Cell]]], tuple[int, list[Cell]] | None]) -> Change:
    """One row more in each grid that `make` has one for."""

    def change(known: Known) -> Iterator[Pages]:
        pages = []
        for page in known.pages:
            made = [(grid, make(known, grid, _rows(known, grid))) for grid in page.grids]
            grids = (_with_row(grid, *new) if new else grid for grid, new in made)
            pages.append(replace(page, grids=tuple(grids)))
        yield pages

    return change


def _of_which(known: Known, grid: Grid, rows: dict[int, list[Cell]]) -> tuple[int, list[Cell]] | None:
    """其中 below the last row, with the same amounts."""
    if not rows or not _plain(rows):
        return None
    last = max(rows)
    name = next((cell for cell in rows[last] if re.search("[一-龥]", cell.text)), None)
    if name is None:
        return None
    return last, [name._replace(text="其中：专项经费"), *(cell for cell in rows[last] if known.fact(grid, cell))]


def _unit_row(known: Known, grid: Grid, rows: dict[int, list[Cell]]) -> tuple[int, list[Cell]] | None:
    """The unit below 合计, with the same amounts."""
    totals = [row for row, cells in rows.items() if _is_total(cells)]
    if len(totals) != 1 or not _plain(rows) or totals[0] != min(rows) or len(rows) < FEW:
        return None
    cells = rows[totals[0]]
    unit = known.report.agency_name or "某局"
    return totals[0], [cell if known.fact(grid, cell) else cell._replace(text=unit) for cell in cells]


# ---- columns ----


def _empty_columns_gone(known: Known) -> Iterator[Pages]:
    yield [replace(page, grids=tuple(_narrowed(known, grid) for grid in page.grids)) for page in known.pages]


def _narrowed(known: Known, grid: Grid) -> Grid:
    if not any(table.first_page == table.last_page == grid.page for table in known.report.tables):
        return grid
    facts = [(cell, fact) for cell in grid.cells if (fact := known.fact(grid, cell))]
    used = {cell.col for cell, fact in facts if fact.amount}
    whole = {cell.col for cell, fact in facts}
    wide = {col for cell in grid.cells if cell.col_end > cell.col + 1 for col in range(cell.col, cell.col_end)}
    gone = whole - used - wide
    cells = [cell for cell in grid.cells if not set(range(cell.col, cell.col_end)) <= gone]
    return replace(grid, cells=tuple(cells)) if used else grid


# ---- pages and tables ----


def _pages_of(known: Known) -> list[range]:
    """The pages of each table that shares none of them."""
    spans = [range(table.first_page, table.last_page + 1) for table in known.report.tables]
    shared = {page for page, count in Counter(page for span in spans for page in span).items() if count > 1}
    return [span for span in spans if not shared & set(span)]


def _numbered(pages: Iterable[PageReading]) -> list[PageReading]:
    return [
        replace(
            page,
            number=number,
            grids=tuple(replace(grid, page=number) for grid in page.grids),
            lines=tuple(line._replace(page=number) for line in page.lines),
        )
        for number, page in enumerate(pages, 1)
    ]


def _table_left_out(known: Known) -> Iterator[Pages]:
    for span in _pages_of(known):
        yield _numbered(page for page in known.pages if page.number not in span)


def _other_order(known: Known) -> Iterator[Pages]:
    spans = _pages_of(known)
    for one, other in pairwise(spans):
        if other.start == one.stop:
            order = [*range(1, one.start), *other, *one, *range(other.stop, len(known.pages) + 1)]
            yield _numbered(known.pages[number - 1] for number in order)


CHANGES: dict[str, Change] = {
    "more decimals": _of_numbers(lambda _, text: _decimals(text)),
    "thousands separated": _of_numbers(lambda _, text: _grouped(text)),
    "zero as --": _zero("--"),
    "zero as —": _zero("—"),
    "zero as -": _zero("-"),
    "zero left blank": _zero(None),
    "blanks as 0.00": _blanks_as_zero,
    "all a seventh, rounded": _scaled,
    "tables in 元": _in_yuan,
    "prose with one decimal": _prose(1),
    "prose without decimals": _prose(0),
    "rows of zeros left out": _left_out(_is_zero),
    "no 项": _level_left_out(7),
    "no 类": _level_left_out(3),
    "no 款": _level_left_out(5),
    "no 合计": _left_out(lambda _known, _grid, cells: _is_total(cells)),
    "合计 at the end": _total_last,
    "a row 其中 more": _inserted(_of_which),
    "a row of the unit more": _inserted(_unit_row),
    "columns of zeros left out": _empty_columns_gone,
    "a table left out": _table_left_out,
    "two tables in another order": _other_order,
}


def main() -> None:
    options = _options()
    knowledge = Knowledge(load())
    made: Counter[str] = Counter()
    alarms: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    unread: Counter[str] = Counter()
    documents = 0
    for path in _paths(options.inputs):
        known = _known(path, knowledge)
        if known is None:
            continue
        documents += 1
        for kind, change in CHANGES.items():
            if options.only and options.only not in kind:
                continue
            for pages in change(known):
                report = _report(pages, known.report, knowledge)
                failing = [check for check in report.checks if check.verdict == "fail"]
                made[kind] += 1
                alarms[kind] += bool(failing)
                unread[kind] += bool(len(report.numbers()) < 0.5 * len(known.report.numbers()))
                rules.update(check.rule for check in failing)
                for check in failing[: options.show]:
                    place = f"{kind}: {path.parent.name}/{path.name[:20]} p{check.page} {check.dataset}"
                    print(f"{place}: {check.rule}: {check.message.zh}")
    print(f"{documents} documents without a failing check")
    for kind, count in made.items():
        print(f"{kind}\t{count}\taccused {alarms[kind]}\thalf unread {unread[kind]}")
    print("\n".join(f"{count:>5} {rule}" for rule, count in rules.most_common()))


def _paths(given: Sequence[Path]) -> Iterator[Path]:
    for one in given:
        yield from sorted(one.rglob("*.pdf")) if one.is_dir() else [one]


def _report(pages: Pages, like: Report, knowledge: Knowledge) -> Report:
    blank = blank_report(like.sha256, like.source, reader(DEFAULT_READER))
    return without_lost_rows(report_of(blank, pages, knowledge), knowledge.schemas)


def _known(path: Path, knowledge: Knowledge) -> Known | None:
    content, own = path.read_bytes(), reader(DEFAULT_READER)
    try:
        pages = read_pages(content, own, knowledge)
        blank = blank_report(digest(content), path.name, own)
        report = without_lost_rows(report_of(blank, pages, knowledge), knowledge.schemas)
    except ExtractError:
        return None
    if any(check.verdict == "fail" for check in report.checks):
        return None
    facts = {
        (fact.origin.page, fact.origin.box): fact
        for rows in report.rows.values()
        for row in rows
        for fact in row.facts.values()
    }
    return Known(pages, report, facts)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="*", type=Path, default=[REPORTS])
    parser.add_argument("--show", type=int, default=0, help="tell so many alarms of each changed document")
    parser.add_argument("--only", help="only changes whose names hold these words")
    return parser.parse_args()


if __name__ == "__main__":
    main()
