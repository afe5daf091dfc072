"""The forgeries of forgeries.py: each takes the pages of a verified document and what was read of it, and gives the
pages back doctored or incomplete in a way that keeps the sums of the table concerned, as often as asked.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from random import Random

from rewording import reworded
from slip_kinds import Pages, numbered, rows_with_amounts

from extract.amounts import amount
from extract.model.page import Box, Grid, Line, PageReading
from extract.model.report import Fact, Report, Row, Table

Forgery = Callable[[Pages, Report, Random], Iterator[list[PageReading]]]
Mixing = Callable[[Pages, Report, Pages, Random], Iterator[list[PageReading]]]  # with the pages of another document
DELTA = Decimal("10.00")
CONTAINING = ("total", "fiscal_appropriation", "general_public", "basic", "vehicles", "current_year")
CLASSES = ("exp_func_code", "dep_bgt_eco_code", "gov_bgt_eco_code")
YEAR = re.compile(r"20\d\d(?=年)")
UNIT = re.compile(r"(?<=单位[：:])\s*(万元|元)")
UNITS = {"万元": "元", "元": "万元"}
FIGURE = re.compile(r"[\d,.]+")
DEEPEST = 7  # digits of the code of a functional class
AGENCY = re.compile(r"[一-龥]{2,}(局|委员会|办公室|厅|院|中心)(?=20\d\d|部门|单位|$)")
CHANGES = {"增加": "减少", "减少": "增加", "增长": "下降", "下降": "增长"}


# ---- amounts -------------------------------------------------------------------------------------------------------


def written(value: Decimal, like: str) -> str:
    """A number with the decimals and the separators of another."""
    places = len(like.partition(".")[2])
    return f"{value:,.{places}f}" if "," in like else f"{value:.{places}f}"


def with_amounts(pages: Pages, facts: Iterable[Fact], change: Callable[[Decimal], Decimal]) -> list[PageReading]:
    """The pages with the printed numbers of these facts changed."""
    instead = {}
    for fact in facts:
        read = amount(fact.origin.printed)
        if read is not None and read.value is not None:
            printed = fact.origin.printed
            instead[fact.origin.page, fact.origin.box] = (printed, written(change(read.value), printed.strip()))
    return with_texts(pages, instead)


def with_texts(pages: Pages, instead: Mapping[tuple[int, Box], tuple[str, str]]) -> list[PageReading]:
    def changed(grid: Grid) -> Grid:
        cells = []
        for cell in grid.cells:
            old, new = instead.get((grid.page, cell.box), ("", ""))
            cells.append(cell._replace(text=cell.text.replace(old, new)) if old else cell)
        return replace(grid, cells=tuple(cells))

    touched = {page for page, _ in instead}
    return [replace(page, grids=tuple(map(changed, page.grids))) if page.number in touched else page for page in pages]


def tables_with_amounts(report: Report, random: Random, *, whole: bool = True) -> Iterator[tuple[Table, list[Fact]]]:
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


def times(by: Decimal) -> Forgery:
    """Every amount of a table multiplied: its sums hold, as those of a table of another year."""

    def forgery(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
        for _, facts in tables_with_amounts(report, random):
            yield with_amounts(pages, facts, lambda value: value * by)

    return forgery


def _column_shifted(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """The decimal point of a whole column one place further right."""
    for _, facts in tables_with_amounts(report, random):
        column = random.choice(sorted({fact.column for fact in facts}))
        yield with_amounts(pages, [fact for fact in facts if fact.column == column], lambda value: value * 10)


def _column_blanked(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    for _, facts in tables_with_amounts(report, random):
        column = random.choice(sorted({fact.column for fact in facts}))
        yield with_texts(pages, gone_texts([fact for fact in facts if fact.column == column]))


def _table_emptied(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    for _, facts in tables_with_amounts(report, random):
        yield with_texts(pages, gone_texts(facts))


def gone_texts(facts: Iterable[Fact]) -> dict[tuple[int, Box], tuple[str, str]]:
    return {(fact.origin.page, fact.origin.box): (fact.origin.printed, "") for fact in facts}


def _row_and_sums(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """An amount raised in its row, in every class above it and in the total, and in the totals of those rows."""
    for name in random.sample(sorted(report.rows), len(report.rows)):
        rows = [row for row in report.rows[name] if row.facts and "side" not in row.values]
        codes = {code_of(row) for row in rows} - {""}
        leaves = [row for row in rows if not row.is_total and not any(above(code_of(row), code) for code in codes)]
        row = random.choice(leaves) if leaves else None
        columns = [column for column, fact in row.facts.items() if fact.amount] if row else []
        if row and columns:
            column = random.choice([one for one in columns if one not in CONTAINING] or columns)
            fields = [field for field in row.facts if field == column or holds(row, field, column)]
            sums = [one for one in rows if one is row or one.is_total or above(code_of(one), code_of(row))]
            facts = [one.facts[field] for one in sums for field in fields if field in one.facts]
            yield with_amounts(pages, facts, lambda value: value + DELTA)


def holds(row: Row, field: str, column: str) -> bool:
    """Whether a column is one that sums up others, as far as its amount may hold that of another."""
    own, whole = row.facts[column].amount, row.facts[field].amount
    return field in CONTAINING and bool(own and whole and whole >= own)


def above(code: str, other: str) -> bool:
    return code != "" and code != other and other.startswith(code)


def code_of(row: Row) -> str:
    """The code of the class that a row is of; empty where it is of none."""
    return next((str(row.values[name]) for name in CLASSES if row.values.get(name)), "")


# ---- pages ---------------------------------------------------------------------------------------------------------


def renumbered(pages: Iterable[PageReading]) -> list[PageReading]:
    return [numbered(page, number) for number, page in enumerate(pages, 1)]


def with_tables(pages: Pages) -> list[int]:
    return [at for at, page in enumerate(pages) if any(map(rows_with_amounts, page.grids))]


def _pages_exchanged(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Two pages with tables in each other's place."""
    places = with_tables(pages)
    for _ in range(len(places)):
        if len(places) > 1:
            one, other = sorted(random.sample(places, 2))
            yield renumbered([*pages[:one], pages[other], *pages[one + 1 : other], pages[one], *pages[other + 1 :]])


def _cut_short(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Nothing after a page with a table."""
    places = with_tables(pages)
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
        yield renumbered(page for page in pages if page.number not in gone)


def _no_prose(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Without the pages that hold no table but sentences with figures."""
    gone = {statement.origin.page for statement in report.statements if not pages[statement.origin.page - 1].grids}
    if gone:
        yield renumbered(page for page in pages if page.number not in gone)


def _prose_page_gone(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Without one page of sentences with figures."""
    gone = sorted({one.origin.page for one in report.statements if not pages[one.origin.page - 1].grids})
    for number in random.sample(gone, len(gone)):
        yield renumbered(page for page in pages if page.number != number)


def _one_table_gone(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Without a table, its title and unit, where it has pages of its own."""
    for table in random.sample(report.tables, len(report.tables)):
        own = set(range(table.first_page, table.last_page + 1))
        others = {page for one in report.tables if one is not table for page in (one.first_page, one.last_page)}
        if table.dataset and not own & others and not {one.origin.page for one in report.statements} & own:
            yield renumbered(page for page in pages if page.number not in own)


# ---- words ---------------------------------------------------------------------------------------------------------


def span(table: Table) -> range:
    return range(table.first_page, table.last_page + 1)


def _other_unit(text: str) -> str:
    return UNIT.sub(lambda found: UNITS[found[1]], text)


def _last_year(text: str) -> str:
    return YEAR.sub(lambda found: str(int(found[0]) - 1), text)


def _other_agency(text: str) -> str:
    return AGENCY.sub(lambda found: f"文物保护研究{found[1]}", text)


def _every_unit(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Another unit above every table."""
    yield from reworded(pages, _other_unit)


def _unit_of_table(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Another unit above one table."""
    for table, _ in tables_with_amounts(report, random):
        yield from reworded(pages, _other_unit, span(table))


def _year_of_page(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Another year wherever one stands on a page with a table."""
    for page in random.sample(pages, len(pages)):
        if page.grids:
            yield from reworded(pages, _last_year, [page.number])


def _cover_year(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Another year on the first page that names one."""
    first = next((page for page in pages[:3] if any(YEAR.search(line.text) for line in page.lines)), None)
    if first and not first.grids:
        yield from reworded(pages, _last_year, [first.number])


def _cover_agency(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Another agency on the first page."""
    if not pages[0].grids:
        yield from reworded(pages, _other_agency, [1])


def _table_number(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """Another number of a table: three more."""
    for table in random.sample(report.tables, len(report.tables)):
        number = table.number or ""
        new = re.sub(r"\d+", lambda found: str(int(found[0]) + 3).zfill(len(found[0])), number)
        if table.dataset and new != number:
            yield from reworded(pages, partial(instead_of, {number: new}), span(table))


def instead_of(words: Mapping[str, str], text: str) -> str:
    for word, other in words.items():
        text = text.replace(word, other)
    return text


def _direction(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """More instead of less on one line that states by how much."""
    changes = [one for one in report.statements if one.direction and one.kind.endswith("_change") and one.quantity]
    for one in random.sample(changes, len(changes)):
        at, printed = one.origin.page - 1, one.origin.printed
        for place, line in enumerate(pages[at].lines):
            word = next((word for word in CHANGES if word + printed in line.text), None)
            if word:
                other = line.text.replace(word + printed, CHANGES[word] + printed, 1)
                lines = list(pages[at].lines)
                lines[place] = Line(line.page, other, line.box, None)
                yield [*pages[:at], replace(pages[at], lines=tuple(lines)), *pages[at + 1 :]]
                break


def _figure_raised(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """The figures of one kind of statement raised wherever the prose prints them."""
    kinds = sorted({one.kind for one in report.statements if one.amount and one.kind != "other"})
    prose = [page.number for page in pages if not page.grids]
    for kind in random.sample(kinds, len(kinds)):
        printed = [FIGURE.match(one.origin.printed) for one in report.statements if one.kind == kind and one.amount]
        figures = {found[0] for found in printed if found and len(found[0]) > 3}
        if figures:
            yield from reworded(pages, partial(_raised, figures), prose)


def _raised(figures: Collection[str], text: str) -> str:
    def raised(found: re.Match[str]) -> str:
        figure = found[0]
        return written(Decimal(figure.replace(",", "")) + DELTA, figure) if figure in figures else figure

    return re.sub(rf"(?<![\d.,]){FIGURE.pattern}(?=万)", raised, text)


def _code_and_name(pages: Pages, report: Report, random: Random) -> Iterator[list[PageReading]]:
    """A class of one table called by the code and the name of what is left of the class above it."""
    for table, _ in tables_with_amounts(report, random):
        rows = report.rows[table.dataset or ""]
        codes = {str(row.values.get("exp_func_code") or "") for row in rows}
        deepest = [row for row in rows if len(str(row.values.get("exp_func_code") or "")) == DEEPEST]
        for row in random.sample(deepest, min(len(deepest), 1)):
            code, name = str(row.values["exp_func_code"]), str(row.values.get("exp_func_name") or "")
            other = code[:-2] + ("01" if code.endswith("99") else "99")
            if name and other not in codes:
                yield from reworded(pages, partial(instead_of, {code: other, name: f"其他{name}"}), span(table))


# ---- of two documents ----------------------------------------------------------------------------------------------


def _prose_of_another(pages: Pages, report: Report, other: Pages, random: Random) -> Iterator[list[PageReading]]:
    """The pages without tables before the first table from another document."""
    first = next((at for at, page in enumerate(pages) if page.grids), 0)
    there = next((at for at, page in enumerate(other) if page.grids), 0)
    if first > 1 and there > 1:
        yield renumbered([*other[:there], *pages[first:]])


def _tables_of_another(pages: Pages, report: Report, other: Pages, random: Random) -> Iterator[list[PageReading]]:
    """The pages from the first table to the last exchanged for those of another document."""
    own, foreign = [with_tables(one) for one in (pages, other)]
    if own and foreign and (own[0] > 1 or own[-1] < len(pages) - 2):
        yield renumbered([*pages[: own[0]], *other[foreign[0] : foreign[-1] + 1], *pages[own[-1] + 1 :]])


def _another_behind(pages: Pages, report: Report, other: Pages, random: Random) -> Iterator[list[PageReading]]:
    """All of another document behind this one."""
    yield renumbered([*pages, *other])


FORGERIES: dict[str, Forgery] = {
    "every amount of a table doubled": times(Decimal(2)),
    "every amount of a table tenfold": times(Decimal(10)),
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
    "a figure of prose everywhere": _figure_raised,
    "another class in one table": _code_and_name,
}
MIXED: dict[str, Mixing] = {
    "prose of another": _prose_of_another,
    "tables of another": _tables_of_another,
    "another document behind": _another_behind,
}
