"""A printed table as a sheet: its header tree merged as on paper, its rows in their order, amounts as numbers, the page
of every row.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from extract.document.printed import as_printed
from extract.messages import message
from extract.model.report import Fact, PrintedCell, PrintedColumn, PrintedTable, Reference, Table
from extract.schemas.grammar import Dataset
from extract.workbook.book import Sheet, lines_of, width
from extract.workbook.places import Spot, SpotIndex

TOP = 3  # rows above the header: title, caption, the way back
WIDEST, NARROWEST = 36, 6
UNIT = "万元"  # of every amount of the workbook


class Area(NamedTuple):
    """A cell of the header: levels and columns that it spans, from and to inclusive, and its text."""

    levels: tuple[int, int]
    columns: tuple[int, int]
    text: str


def write_table(
    sheet: Sheet,
    table: Table,
    listing: PrintedTable,
    dataset: Dataset,
    facts: Mapping[str, Fact],
    places: SpotIndex,
    back: str,
) -> None:
    """Writes the sheet and notes where every value of it stands."""
    depth = max((len(heading.path) for heading in listing.columns), default=1) or 1
    header, pages = TOP + depth - 1, len(listing.columns)
    widths = _widths(listing, pages)
    sheet.columns(widths)
    _write_top(sheet, table, dataset, places, back)
    _write_header(sheet, list(header_areas([heading.path for heading in listing.columns], depth)), depth, widths)
    sheet.merge((TOP, header), (pages, pages), message("workbook_page", "zh"), "head")
    for row, cells in enumerate(listing.rows, header + 1):
        sheet.lines(row, max(lines_of(cell.text, widths[cell.column]) for cell in cells))
        _write_row(sheet, row, cells, listing.columns, dataset, facts, places)
        sheet.write(row, pages, min(cell.page for cell in cells), "cell", "centre")
    end = header + len(listing.rows)
    if table.note:
        sheet.write(end + 1, 0, table.note, "caption")
    sheet.head(header, _labels(listing.columns, dataset), end, pages)
    sheet.finish(end + 1, pages)


def write_unknown(sheet: Sheet, table: Table, title: str, back: str) -> None:
    """Writes the sheet of a table that is not known: its texts as they are printed."""
    printed = as_printed(table)
    last = max(len(printed.paths), 1) - 1
    depth = max((len(path) for path in printed.paths), default=1) or 1
    header = TOP + depth - 1
    widths = {
        place: min(WIDEST, max(NARROWEST, *(width(row[place]) + 3 for row in printed.rows), 0))
        for place in range(len(printed.paths))
    }
    sheet.columns(widths)
    sheet.write(0, 0, title, "title")
    sheet.write(1, 0, message("workbook_unknown", "zh", unit=table.unit or "—", pages=page_range(table)), "caption")
    sheet.link(2, 0, back, message("workbook_back", "zh"))
    _write_header(sheet, list(header_areas(printed.paths, depth)), depth, widths)
    for row, texts in enumerate(printed.rows, header + 1):
        sheet.lines(row, max(lines_of(text, widths[column]) for column, text in enumerate(texts)))
        for column, text in enumerate(texts):
            sheet.write(row, column, text or None, "cell", "wrapped")
    sheet.finish(header + len(printed.rows) + 1, last)


def _write_top(sheet: Sheet, table: Table, dataset: Dataset, places: SpotIndex, back: str) -> None:
    title = " ".join(text for text in (table.number, table.title or dataset.zh) if text)
    sheet.write(0, 0, title, "title")
    printed = f"（{message('workbook_printed_unit', 'zh', unit=table.unit)}）" if table.unit not in (UNIT, None) else ""
    sheet.write(1, 0, message("workbook_caption", "zh", unit=UNIT, printed=printed, pages=page_range(table)), "caption")
    sheet.link(2, 0, back, message("workbook_back", "zh"))
    places.put(Spot(sheet, 0, 0, title, ("title",)), dataset.name)


def page_range(table: Table) -> str:
    """The pages that a table stands on."""
    return f"{table.first_page}–{table.last_page}" if table.last_page > table.first_page else str(table.first_page)


def _write_header(sheet: Sheet, areas: Sequence[Area], depth: int, widths: Mapping[int, float]) -> None:
    """The header's cells, its rows high enough for their texts: a cell of one level needs its row, one that reaches
    down also the last.
    """
    lines = [1] * depth
    for area in sorted(areas, key=lambda area: area.levels[1] - area.levels[0]):
        needed = lines_of(area.text, sum(widths[column] for column in range(area.columns[0], area.columns[1] + 1)))
        lines[area.levels[1]] += max(0, needed - sum(lines[area.levels[0] : area.levels[1] + 1]))
    for level, count in enumerate(lines):
        sheet.lines(TOP + level, count)
    for area in areas:
        sheet.merge((TOP + area.levels[0], TOP + area.levels[1]), area.columns, area.text, "head")


def header_areas(paths: Sequence[tuple[str, ...]], depth: int) -> Iterator[Area]:
    """The cells of a header tree: neighbours that share the path down to a level share its cell, and a short path's
    last cell reaches down.
    """
    for level in range(depth):
        at = 0
        for (path, is_last), group in groupby(
            enumerate(paths), key=lambda numbered: _part(numbered[0], numbered[1], level)
        ):
            columns = (at, at + sum(1 for _ in group) - 1)
            at = columns[1] + 1
            if path is not None:
                yield Area((level, depth - 1 if is_last else level), columns, path[-1] if path else "")


def _part(column: int, path: tuple[str, ...], level: int) -> tuple[tuple[str, ...] | None, int]:
    """What a column shares with its neighbours at a level: a group's path, or nothing where its own cell begins, or no
    cell of its own.
    """
    last = max(len(path) - 1, 0)
    if level > last:
        return None, 0
    return (path, column + 1) if level == last else (path[: level + 1], 0)


def _write_row(
    sheet: Sheet,
    row: int,
    cells: Sequence[PrintedCell],
    columns: Sequence[PrintedColumn],
    dataset: Dataset,
    facts: Mapping[str, Fact],
    places: SpotIndex,
) -> None:
    printed = {cell.column: cell for cell in cells}
    for column, heading in enumerate(columns):
        cell = printed.get(column)
        reference = _blank(cells, columns, column) if cell is None else _reference(cell)
        value, *styles = _shown(cell, heading, dataset, facts)
        sheet.write(row, column, value, *styles)
        if reference:
            spot = Spot(sheet, row, column, value, tuple(styles))
            places.put(spot, reference.dataset, reference.row, reference.column)
            places.put(spot, reference.dataset, reference.row)


def _shown(
    cell: PrintedCell | None, heading: PrintedColumn, dataset: Dataset, facts: Mapping[str, Fact]
) -> tuple[object, *tuple[str, ...]]:
    """What a cell of the sheet holds, and how it looks: an amount, or the text where the cell holds none."""
    if cell is None:
        return None, "cell"
    fact = facts.get(cell.value or "")
    if fact is not None:
        return (cell.text, "cell", "right") if fact.amount is None else (fact.amount, "cell", "amount")
    return (
        (cell.text, "cell", "unread")
        if cell.value is None or _is_amount(heading, dataset)
        else (cell.text, "cell", "wrapped")
    )


def _is_amount(heading: PrintedColumn, dataset: Dataset) -> bool:
    """Whether a column holds amounts. What stands in a table that is printed line by line is no column of its dataset:
    the names of the lines, which tell what each amount is.
    """
    field = dataset.columns.get(heading.field or "")
    return field is not None and field.type == "money"


def _reference(cell: PrintedCell) -> Reference | None:
    """The value that was made of a cell, if one was."""
    return Reference.parse(cell.value) if cell.value else None


def _blank(cells: Sequence[PrintedCell], columns: Sequence[PrintedColumn], column: int) -> Reference | None:
    """What a blank cell would have been: a value of the row of its line, or of its half where a line holds two rows."""
    made = ((_reference(cell), columns[cell.column].path[:1]) for cell in cells)
    owners = {(value.dataset, value.row): head for value, head in made if value}
    own = [row for row, head in owners.items() if len(owners) == 1 or head == columns[column].path[:1]]
    field = columns[column].field
    return Reference(*own[0], field) if own and field else None


def _labels(columns: Sequence[PrintedColumn], dataset: Dataset) -> int:
    """How many columns stand before the amounts."""
    kinds = [_is_amount(heading, dataset) for heading in columns]
    return kinds.index(True) if True in kinds else 0


def _widths(listing: PrintedTable, pages: int) -> dict[int, float]:
    widths = {
        place: max([NARROWEST, *(2 + width(text) / 2 for text in heading.path[-1:])])
        for place, heading in enumerate(listing.columns)
    }
    for cells in listing.rows:
        for cell in cells:
            widths[cell.column] = max(widths[cell.column], width(cell.text) + 3)
    return {place: min(wide, WIDEST) for place, wide in widths.items()} | {pages: NARROWEST}
