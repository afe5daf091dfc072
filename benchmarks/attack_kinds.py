"""What somebody does to a document who wants it to be believed: amounts moved so that every sum still holds, rows taken
out or put in with their sums, a table as of another year, its pages mixed up, a name of one table alone. As the
forgeries of forgery_kinds.py, for forgeries.py.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from itertools import combinations
from operator import add
from random import Random

from forgery_kinds import (
    DELTA,
    Forgery,
    above,
    code_of,
    instead_of,
    renumbered,
    span,
    tables_with_amounts,
    times,
    with_amounts,
    with_tables,
    with_texts,
)
from rewording import reworded
from slip_kinds import Pages

from extract.model.page import Cell, Grid, PageReading
from extract.model.report import Fact, Report, Row

NAMES = ("project_name", "exp_func_name", "dep_bgt_eco_name", "unit_name", "item")
MORE = Decimal("1.1")


def _change(pages: Pages, changes: Sequence[tuple[Fact, Decimal]]) -> Pages:
    """The pages with these facts raised, each by an amount of its own."""
    for by in dict.fromkeys(by for _, by in changes):
        pages = with_amounts(pages, [fact for fact, own in changes if own == by], partial(add, by))
    return pages


def _leaves(rows: Sequence[Row]) -> list[Row]:
    """The rows of a table without others below them."""
    codes = {code_of(row) for row in rows} - {""}
    return [
        row for row in rows if row.facts and not row.is_total and not any(above(code_of(row), code) for code in codes)
    ]


def _sums(rows: Sequence[Row], row: Row) -> list[Row]:
    """The rows that hold a row: those of the classes above it, and the total."""
    return [one for one in rows if one is not row and (one.is_total or above(code_of(one), code_of(row)))]


def _printed(row: Row) -> dict[str, Fact]:
    return {name: fact for name, fact in row.facts.items() if fact.amount and fact.origin.printed.strip("0.,")}


def _tables_of_rows(report: Report, random: Random) -> Iterator[tuple[list[Row], list[Row]]]:
    """The rows of each table with one side, and its leaves, in an order of its own."""
    for name in random.sample(sorted(report.rows), len(report.rows)):
        rows = [row for row in report.rows[name] if row.facts and "side" not in row.values]
        leaves = _leaves(rows)
        if len(leaves) > 1:
            yield rows, random.sample(leaves, len(leaves))


def _moved_between_rows(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Part of an amount, in whatever columns hold it, moved to another row; the classes above both go with them."""
    for _, leaves in _tables_of_rows(report, random):
        for one, other in combinations(leaves, 2):
            shared = [name for name in _printed(one) if name in _printed(other)]
            if not shared or code_of(one)[:-2] != code_of(other)[:-2]:
                continue
            amount = min(abs(one.facts[name].amount or DELTA) for name in shared)
            columns = [name for name in shared if one.facts[name].amount == amount]
            by = (amount / 2).quantize(DELTA)
            if by and columns:
                changes = [(one.facts[name], -by) for name in columns] + [(other.facts[name], by) for name in columns]
                yield list(_change(pages, changes))
                break


def _moved_between_columns(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Part of an amount moved to another column, in the row, in the classes above it and in the total."""
    pairs = (("basic", "project"), ("personnel", "office"), ("general_public", "government_fund"))
    for rows, leaves in _tables_of_rows(report, random):
        for row in leaves:
            pair = next((pair for pair in pairs if all(name in _printed(row) for name in pair)), None)
            sums = [row, *_sums(rows, row)]
            if pair and all(name in one.facts for one in sums for name in pair):
                by = min(DELTA, *((abs(row.facts[name].amount or DELTA) / 2).quantize(DELTA) for name in pair))
                if by:
                    yield list(
                        _change(
                            pages,
                            [(one.facts[pair[0]], -by) for one in sums] + [(one.facts[pair[1]], by) for one in sums],
                        )
                    )
                    break


def _row_out(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """A row taken out, and its amounts out of every sum that holds it."""
    for rows, leaves in _tables_of_rows(report, random):
        row = next((one for one in leaves if _printed(one) and _has_sister(one, leaves)), None)
        if row is None:
            continue
        changes = [
            (one.facts[name], -fact.amount)
            for one in _sums(rows, row)
            for name, fact in _printed(row).items()
            if name in one.facts and fact.amount
        ]
        place = next(iter(row.facts.values())).origin
        yield list(_with_row(_change(pages, changes), place.page, row, lambda grid, own: _without(grid, own)))


def _row_in(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """A row put in below another of its class, and its amounts into every sum that holds it."""
    for rows, leaves in _tables_of_rows(report, random):
        codes = {code_of(one) for one in rows}
        row = next((one for one in leaves if code_of(one) and _printed(one)), None)
        other = code_of(row)[:-2] + "99" if row else ""
        if row is None or other in codes:
            continue
        changes = [
            (one.facts[name], fact.amount)
            for one in _sums(rows, row)
            for name, fact in _printed(row).items()
            if name in one.facts and fact.amount
        ]
        name = str(row.values.get("exp_func_name") or row.values.get("dep_bgt_eco_name") or "")
        words = {code_of(row): other, code_of(row)[-2:]: "99"} | ({name: f"其他{name}"} if name else {})
        place = next(iter(row.facts.values())).origin
        yield list(_with_row(_change(pages, changes), place.page, row, partial(_with_another, words=words)))


def _has_sister(row: Row, leaves: Sequence[Row]) -> bool:
    return any(one is not row and code_of(one)[:-2] == code_of(row)[:-2] for one in leaves)


def _with_row(pages: Pages, number: int, row: Row, change: Callable[[Grid, list[Cell]], Grid]) -> Iterator[PageReading]:
    """The pages with the grid changed that a row stands in."""
    boxes = {fact.origin.box for fact in row.facts.values()}
    for page in pages:
        if page.number != number:
            yield page
            continue
        grids = []
        for grid in page.grids:
            rows = {cell.row for cell in grid.cells if cell.box in boxes}
            own = [cell for cell in grid.cells if cell.row in rows and cell.row_end == cell.row + 1]
            grids.append(change(grid, own) if len(rows) == 1 else grid)
        yield replace(page, grids=tuple(grids))


def _without(grid: Grid, own: Sequence[Cell]) -> Grid:
    return replace(grid, cells=tuple(cell._replace(text="") if cell in own else cell for cell in grid.cells))


def _with_another(grid: Grid, own: Sequence[Cell], words: dict[str, str]) -> Grid:
    row = own[0].row
    cells = [
        cell._replace(row=cell.row + (cell.row > row), row_end=cell.row_end + (cell.row_end > row + 1))
        for cell in grid.cells
    ]
    again = [cell._replace(row=row + 1, row_end=row + 2, text=words.get(cell.text, cell.text)) for cell in own]
    ys = (*grid.ys[: row + 1], (grid.ys[row] + grid.ys[row + 1]) / 2, *grid.ys[row + 1 :])
    return replace(grid, ys=ys, cells=tuple(sorted([*cells, *again], key=lambda cell: (cell.row, cell.col))))


def _sign_lost(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    facts = [fact for rows in report.rows.values() for row in rows for fact in row.facts.values()]
    for fact in random.sample(facts, len(facts)):
        if fact.origin.printed.startswith("-") and fact.amount:
            place = (fact.origin.page, fact.origin.box)
            yield with_texts(pages, {place: (fact.origin.printed, fact.origin.printed[1:])})


def _no_decimals(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Every amount of a table cut off at its point."""
    for _, facts in tables_with_amounts(report, random):
        cut = {
            (fact.origin.page, fact.origin.box): (fact.origin.printed, fact.origin.printed.partition(".")[0])
            for fact in facts
        }
        if any(fact.origin.printed.partition(".")[2].strip("0") for fact in facts):
            yield with_texts(pages, cut)


def _pages_of_a_table(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Two pages of one table in each other's place."""
    for table in random.sample(report.tables, len(report.tables)):
        if table.dataset and table.last_page > table.first_page:
            one, other = table.last_page - 2, table.last_page - 1
            if {one, other} <= set(with_tables(pages)):
                yield renumbered([*pages[:one], pages[other], pages[one], *pages[other + 1 :]])


def _name_of_row(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """A row of one table called otherwise than in the others."""
    for table, _ in tables_with_amounts(report, random):
        names = [
            str(row.values.get(field) or "")
            for row in report.rows[table.dataset or ""]
            for field in NAMES
            if not row.is_total
        ]
        texts = [cell.text for page in pages for grid in page.grids for cell in grid.cells]
        known = [name for name in names if len(name) > len("其他支出") and texts.count(name) > 1]
        if known:
            name = random.choice(known)
            yield from reworded(pages, partial(instead_of, {name: f"{name[:2]}业务{name[4:]}"}), span(table))


ATTACKS: dict[str, Forgery] = {
    "an amount moved to another row": _moved_between_rows,
    "an amount moved to another column": _moved_between_columns,
    "a row out with its sums": _row_out,
    "a row in with its sums": _row_in,
    "a sign lost": _sign_lost,
    "a table without decimals": _no_decimals,
    "every amount a tenth more": times(MORE),
    "two pages of a table exchanged": _pages_of_a_table,
    "a name in one table": _name_of_row,
}
