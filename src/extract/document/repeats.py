"""What a document prints twice: a page or a table that says the same as an earlier one gives no second rows."""

from collections.abc import Sequence
from typing import NamedTuple

from extract.model.page import PageReading
from extract.tables.open_tables import Assembled, OpenTable, Unknown
from extract.tables.printed_rows import RawRow
from extract.text import compared

FEW = 3  # rows or lines that two tables or pages may share by chance


class Repeat(NamedTuple):
    """A page, or a table by its title, that was printed before."""

    title: str | None
    page: int


def distinct_pages(readings: Sequence[PageReading]) -> tuple[list[PageReading], list[Repeat]]:
    """The pages without those that say the same as an earlier one, printed page number included, and those.

    A page that says the same under a page number of its own is printed twice on purpose, or by an official's mistake:
    what it says stays. So does one that holds nothing but the rest of a table and follows another page than the earlier
    one: where all money comes from one source, two tables may end alike.
    """
    kept: list[PageReading] = []
    repeats: list[Repeat] = []
    seen: dict[tuple[object, ...], set[object]] = {}  # the pages so far, each with those that it followed
    before: object = None
    for reading in readings:
        lines = tuple(compared(line.text) for line in reading.lines)
        cells = tuple((grid.box, tuple(cell.text for cell in grid.cells)) for grid in reading.grids)
        said = (lines, cells)
        much = len(lines) > FEW or any(len(texts) > FEW for _, texts in cells)
        if said in seen and much and (lines or before == said or before in seen[said]):
            repeats.append(Repeat(None, reading.number))
        else:
            kept.append(reading)
        seen.setdefault(said, set()).add(before)
        before = said
    return kept, repeats


def distinct_tables(tables: Sequence[Assembled]) -> tuple[list[Assembled], list[Repeat]]:
    """The tables without lists that say the same as an earlier one of their kind; and what is printed twice, forms too.

    A form that says the same as an earlier one stays: projects of one name may have one each.
    """
    kept: list[Assembled] = []
    repeats: list[Repeat] = []
    seen: set[tuple[object, ...]] = set()
    for table in tables:
        if isinstance(table, Unknown):
            kept.append(table)
            continue
        if isinstance(table, OpenTable):
            rows = _texts(table.rows)
            said: tuple[object, ...] = (table.dataset, rows)
            title = table.title.text
        else:
            rows = tuple(row for one in table.lists for row in _texts(one.rows))
            said = (tuple(sorted((name, cell.text) for name, cell in table.values.items())), rows)
            title = table.title or ""
        if said in seen and len(rows) > FEW:
            repeats.append(Repeat(title, table.first_page))
            if isinstance(table, OpenTable):
                continue
        seen.add(said)
        kept.append(table)
    return kept, repeats


def _texts(rows: Sequence[RawRow]) -> tuple[tuple[tuple[int, str], ...], ...]:
    return tuple(tuple(sorted((place, cell.text) for place, cell in row.cells.items())) for row in rows)
