"""The forgeries of forgeries.py: each takes the pages of a verified document and what was read of it, and gives the pages
back doctored or incomplete in a way that keeps the sums of the table concerned, as often as asked.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from random import Random

from slip_kinds import Pages, numbered, rows_with_amounts

from extract.amounts import amount
from extract.model.page import Grid, Line, PageReading
from extract.model.report import Fact, Report, Row, Table

Forgery = Callable[[Pages, Report, Random], Iterator[list[PageReading]]]
Mixing = Callable[[Pages, Report, Pages, Random], Iterator[list[PageReading]]]  # with the pages of another document
DELTA = Decimal("10.00")
CONTAINING = ("total", "fiscal_appropriation", "general_public", "basic", "vehicles", "current_year")
YEAR = re.compile(r"20\d\d(?=年)")
UNIT = re.compile(r"(?<=单位[：:])\s*(万元|元)")
UNITS = {"万元": "元", "元": "万元"}
NUMBER = re.compile(r"表\s*(\d+)|(\d+)\s*表")
AGENCY = re.compile(r"[一-龥]{2,}(局|委员会|办公室|厅|院|中心)(?=20\d\d|部门|单位|$)")
CHANGES = {"增加": "减少", "减少": "增加", "增长": "下降", "下降": "增长"}


# ---- amounts -------------------------------------------------------------------------------------------------------


def _written(value: Decimal, like: str) -> str:
    """A number with the decimals and the separators of another."""
    places = len(like.partition(".")[2])
    return f"{value:,.{places}f}" if "," in like else f"{value:.{places}f}"


def _amounts(pages: Pages, facts: Iterable[Fact], change: Callable[[Decimal], Decimal]) -> list[PageReading]:
    """The pages with the printed numbers of these facts changed."""
    instead = {}
    for fact in facts:
        read = amount(fact.origin.printed)
        if read is not None and read.value is not None:
            printed = fact.origin.printed
            instead[fact.origin.page, fact.origin.box] = (printed, _written(change(read.value), printed.strip()))
    return _texts(pages, instead)


def _texts(pages: Pages, instead: Mapping[tuple[int, object], tuple[str, str]]) -> list[PageReading]:
    def changed(grid: Grid) -> Grid:
        cells = []
        for cell in grid.cells:
            old, new = instead.get((grid.page, cell.box), ("", ""))
            cells.append(cell._replace(text=cell.text.replace(old, new)) if old else cell)
        return replace(grid, cells=tuple(cells))

    touched = {page for page, _ in instead}
    return [replace(page, grids=tuple(map(changed, page.grids))) if page.number in touched else page for page in pages]


def _tables(report: Report, random: Random, *, whole: bool = True) -> Iterator[tuple[Table, list[Fact]]]:
    """Tables with the amounts that are printed in them, the only ones of their kind, in an order of its own."""
    names = [table.dataset for table in report.tables]
    for table in random.sample(report.tables, len(report.tables)):
        if table.dataset is None or (whole and names.count(table.dataset) > 1):
            continue
        facts = [
            fact
            for row in report.rows.get(table.dataset, ())
            for fact in row.facts.values()
            if fact.amount and table.first_page <= fact.origin.page <= table.last_page
        ]
        if facts:
            yield table, facts


def _times(by: Decimal) -> Forgery:
    """Every amount of a table multiplied: its sums hold, as those of a table of another year."""

    def forgery(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
        for _, facts in _tables(report, random):
            yield _amounts(pages, facts, lambda value: value * by)

    return forgery


def _column_shifted(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """The decimal point of a whole column one place further right."""
    for _, facts in _tables(report, random):
        column = random.choice(sorted({fact.column for fact in facts}))
        yield _amounts(pages, [fact for fact in facts if fact.column == column], lambda value: value * 10)


def _column_blanked(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    for _, facts in _tables(report, random):
        column = random.choice(sorted({fact.column for fact in facts}))
        yield _texts(pages, _gone([fact for fact in facts if fact.column == column]))


def _table_emptied(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    for _, facts in _tables(report, random):
        yield _texts(pages, _gone(facts))


def _gone(facts: Iterable[Fact]) -> dict[tuple[int, object], tuple[str, str]]:
    return {(fact.origin.page, fact.origin.box): (fact.origin.printed, "") for fact in facts}


def _row_and_sums(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """An amount raised in its row, in every class above it and in the total, and in the totals of those rows."""
    for name in random.sample(sorted(report.rows), len(report.rows)):
        rows = [row for row in report.rows[name] if row.facts]
        keys = [_code(row) for row in rows]
        if "side" in (rows[0].values if rows else {}):
            continue
        leaves = [
            row
            for row, key in zip(rows, keys, strict=True)
            if not row.is_total and not any(other != key and other.startswith(key) for other in keys if key)
        ]
        for row in random.sample(leaves, min(1, len(leaves))):
            columns = [column for column, fact in row.facts.items() if fact.amount and column not in CONTAINING]
            columns = columns or [column for column, fact in row.facts.items() if fact.amount]
            if not columns:
                continue
            column = random.choice(columns)
            key = _code(row)
            above = [
                one for one in rows if one is row or one.is_total or (key and _code(one) and key.startswith(_code(one)))
            ]
            facts = [
                one.facts[field]
                for one in above
                for field in {column, *CONTAINING}
                if field in one.facts and one.facts[field].amount and (field == column or _holds(row, field, column))
            ]
            yield _amounts(pages, facts, lambda value: value + DELTA)


def _holds(row: Row, field: str, column: str) -> bool:
    own, whole = row.facts.get(column), row.facts.get(field)
    return bool(own and whole and own.amount and whole.amount and whole.amount >= own.amount)


def _code(row: Row) -> str:
    return next(
        (
            str(value)
            for name, value in row.values.items()
            if name.endswith("_code") and value and name not in ("unit_code", "project_code")
        ),
        "",
    )


# ---- pages ---------------------------------------------------------------------------------------------------------


def _renumbered(pages: Iterable[PageReading]) -> list[PageReading]:
    return [numbered(page, number) for number, page in enumerate(pages, 1)]


def _with_tables(pages: Pages) -> list[int]:
    return [at for at, page in enumerate(pages) if any(map(rows_with_amounts, page.grids))]


def _pages_exchanged(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Two pages with tables in each other's place."""
    places = _with_tables(pages)
    for _ in range(len(places)):
        if len(places) > 1:
            one, other = sorted(random.sample(places, 2))
            yield _renumbered([*pages[:one], pages[other], *pages[one + 1 : other], pages[one], *pages[other + 1 :]])


def _cut_short(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Nothing after a page with a table."""
    places = _with_tables(pages)
    for at in random.sample(places[len(places) // 2 : -1], len(places[len(places) // 2 : -1])):
        yield list(pages[: at + 1])


def _last_table_gone(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Without the pages of the last table with a title, and all behind it."""
    tables = [table for table in report.tables if table.dataset and table.first_page > 1]
    if tables:
        first = max(table.first_page for table in tables)
        if all(table.last_page < first for table in tables if table.first_page < first):
            yield list(pages[: first - 1])


def _no_forms(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Without any performance form."""
    forms = [table for table in report.tables if table.dataset in ("performance_targets", "department_performance")]
    gone = {page for table in forms for page in range(table.first_page, table.last_page + 1)}
    if gone:
        yield _renumbered(page for page in pages if page.number not in gone)


def _no_prose(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Without the pages that hold no table but sentences with figures."""
    gone = {statement.origin.page for statement in report.statements if not pages[statement.origin.page - 1].grids}
    if gone:
        yield _renumbered(page for page in pages if page.number not in gone)


def _prose_page_gone(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Without one page of sentences with figures."""
    gone = sorted({one.origin.page for one in report.statements if not pages[one.origin.page - 1].grids})
    for number in random.sample(gone, len(gone)):
        yield _renumbered(page for page in pages if page.number != number)


def _one_table_gone(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Without a table, its title and unit, where it has pages of its own."""
    for table in random.sample(report.tables, len(report.tables)):
        own = set(range(table.first_page, table.last_page + 1))
        others = {page for one in report.tables if one is not table for page in (one.first_page, one.last_page)}
        if table.dataset and not own & others and not {one.origin.page for one in report.statements} & own:
            yield _renumbered(page for page in pages if page.number not in own)


# ---- words ---------------------------------------------------------------------------------------------------------


def _reworded(
    pages: Pages, change: Callable[[str], str], wanted: Callable[[PageReading], bool] = lambda page: True
) -> list[PageReading] | None:
    """The pages with the texts of lines and cells of those wanted changed; None where none is other."""
    made = [_page_reworded(page, change) if wanted(page) else page for page in pages]
    return made if any(one is not other for one, other in zip(pages, made, strict=True)) else None


def _page_reworded(page: PageReading, change: Callable[[str], str]) -> PageReading:
    lines = [change(line.text) for line in page.lines]
    cells = [[change(cell.text) for cell in grid.cells] for grid in page.grids]
    same = lines == [line.text for line in page.lines] and cells == [
        [cell.text for cell in grid.cells] for grid in page.grids
    ]
    if same:
        return page
    return replace(
        page,
        lines=tuple(
            line if text == line.text else Line(line.page, text, line.box, None)
            for line, text in zip(page.lines, lines, strict=True)
        ),
        grids=tuple(
            replace(
                grid,
                cells=tuple(cell._replace(text=text) for cell, text in zip(grid.cells, texts, strict=True)),
            )
            for grid, texts in zip(page.grids, cells, strict=True)
        ),
    )


def _every_unit(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Another unit above every table."""
    made = _reworded(pages, lambda text: UNIT.sub(lambda found: UNITS[found[1]], text))
    if made:
        yield made


def _unit_of_table(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Another unit above one table."""
    for table, _ in _tables(report, random):
        made = _reworded(
            pages,
            lambda text: UNIT.sub(lambda found: UNITS[found[1]], text),
            lambda page: table.first_page <= page.number <= table.last_page,
        )
        if made:
            yield made


def _year_of_page(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Another year wherever one stands on a page with a table."""
    for at in random.sample(range(len(pages)), len(pages)):
        if not pages[at].grids:
            continue
        made = _reworded(
            pages, lambda text: YEAR.sub(lambda found: str(int(found[0]) - 1), text), lambda page: page is pages[at]
        )
        if made:
            yield made


def _cover_year(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Another year on the first page that names one."""
    for page in pages[:3]:
        made = _reworded(
            pages, lambda text: YEAR.sub(lambda found: str(int(found[0]) - 1), text), lambda one: one is page
        )
        if made and not page.grids:
            yield made
            return


def _cover_agency(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Another agency on the first page."""
    if not pages[0].grids:
        made = _reworded(
            pages, lambda text: AGENCY.sub(lambda found: "文物保护研究" + found[1], text), lambda one: one is pages[0]
        )
        if made:
            yield made


def _table_number(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Another number of a table: three more."""
    for table in random.sample(report.tables, len(report.tables)):
        if not table.number or not table.dataset:
            continue
        new = re.sub(r"\d+", lambda found: str(int(found[0]) + 3).zfill(len(found[0])), table.number)
        if new != table.number:
            made = _reworded(
                pages, lambda text: text.replace(table.number or "", new), lambda page: page.number == table.first_page
            )
            if made:
                yield made


def _direction(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """More instead of less in a sentence that states by how much."""
    changes = [one for one in report.statements if one.direction and one.kind.endswith("_change") and one.quantity]
    for one in random.sample(changes, len(changes)):
        printed = one.origin.printed
        for word, other in CHANGES.items():
            for page in pages:
                if page.number == one.origin.page:
                    made = _reworded(
                        pages, lambda text: text.replace(word + printed, other + printed, 1), lambda own: own is page
                    )
                    if made:
                        yield made


def _figure_scaled(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Every figure of the prose of one heading's kind: one kind of statement in all places it stands, by ten more."""
    kinds = sorted({one.kind for one in report.statements if one.amount and one.kind != "other"})
    for kind in random.sample(kinds, len(kinds)):
        own = [one for one in report.statements if one.kind == kind and one.amount]
        printed = {re.match(r"[\d,.]+", one.origin.printed) for one in own} - {None}
        texts = {found[0] for found in printed if found and len(found[0]) > 3}
        if not texts:
            continue

        def more(text: str, texts: set[str] = texts) -> str:
            for one in texts:
                text = re.sub(
                    rf"(?<![\d.,]){re.escape(one)}(?=万)", _written(Decimal(one.replace(",", "")) + DELTA, one), text
                )
            return text

        made = _reworded(pages, more, lambda page: not page.grids)
        if made:
            yield made


def _code_and_name(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """A class of one table called by code and name of another one."""
    for table, facts in _tables(report, random):
        rows = [row for row in report.rows[table.dataset or ""] if row.values.get("exp_func_code")]
        deep = [row for row in rows if len(str(row.values["exp_func_code"])) == 7]
        if not deep:
            continue
        row = random.choice(deep)
        code = str(row.values["exp_func_code"])
        name = str(row.values.get("exp_func_name") or row.values.get("exp_func") or "")
        other = code[:-2] + ("99" if not code.endswith("99") else "01")
        if other in {str(one.values["exp_func_code"]) for one in rows}:
            continue

        def change(text: str, code: str = code, other: str = other, name: str = name) -> str:
            return text.replace(code, other).replace(name, "其他" + name) if name else text.replace(code, other)

        made = _reworded(pages, change, lambda page: table.first_page <= page.number <= table.last_page)
        if made:
            yield made


# ---- of two documents ----------------------------------------------------------------------------------------------


def _prose_of_another(pages: Pages, report: Report, other: Pages, random: Random) -> Iterator[list[PageReading]]:
    """The pages without tables before the first table from another document."""
    first = next((at for at, page in enumerate(pages) if page.grids), 0)
    there = next((at for at, page in enumerate(other) if page.grids), 0)
    if first > 1 and there > 1:
        yield _renumbered([*other[:there], *pages[first:]])


def _tables_of_another(pages: Pages, report: Report, other: Pages, random: Random) -> Iterator[list[PageReading]]:
    """The pages from the first table to the last exchanged for those of another document."""
    own, foreign = [_with_tables(one) for one in (pages, other)]
    if own and foreign and (own[0] > 1 or own[-1] < len(pages) - 2):
        yield _renumbered([*pages[: own[0]], *other[foreign[0] : foreign[-1] + 1], *pages[own[-1] + 1 :]])


def _another_behind(pages: Pages, report: Report, other: Pages, random: Random) -> Iterator[list[PageReading]]:
    """All of another document behind this one."""
    yield _renumbered([*pages, *other])


FORGERIES: dict[str, Forgery] = {
    "every amount of a table doubled": _times(Decimal(2)),
    "every amount of a table tenfold": _times(Decimal(10)),
    "a column tenfold": _column_shifted,
    "a column blanked": _column_blanked,
    "a table emptied": _table_emptied,
    "an amount raised with its sums": _row_and_sums,
    "two pages exchanged": _pages_exchanged,
    "cut short after a table": _cut_short,
    "the last table gone": _last_table_gone,
    "a table gone": _one_table_gone,
    "all forms gone": _no_forms,
    "all prose gone": _no_prose,
    "a page of prose gone": _prose_page_gone,
    "another unit everywhere": _every_unit,
    "another unit of a table": _unit_of_table,
    "another year on a page": _year_of_page,
    "another year on the cover": _cover_year,
    "another agency on the cover": _cover_agency,
    "another number of a table": _table_number,
    "more for less in prose": _direction,
    "a figure of prose everywhere": _figure_scaled,
    "another class in one table": _code_and_name,
}
MIXED: dict[str, Mixing] = {
    "prose of another": _prose_of_another,
    "tables of another": _tables_of_another,
    "another document behind": _another_behind,
}
