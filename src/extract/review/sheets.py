"""Pages of a document beside what was read on them: the part of each table that stands on a page, as rows and
columns.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from extract.model.page import Box
from extract.model.report import PrintedCell, PrintedColumn, PrintedTable, Report, Statement, Table, Unclaimed
from extract.review.places import BoxKeys
from extract.schemas.grammar import Schemas

_NUMERIC = ("money", "decimal", "integer")


class HeaderCell(NamedTuple):
    """A printed header cell over several columns or rows."""

    text: str
    columns: int
    rows: int


class BodyCell(NamedTuple):
    """A printed cell with the key of its box, how many rows it spans, whether it is a number, how it stands in checks
    that fail, and what a person put in its place.
    """

    text: str
    key: str | None
    rows: int = 1
    numeric: bool = False
    mark: str = ""
    corrected: str | None = None


class Block(NamedTuple):
    """Columns and rows of a table on a page; `labelled` if its rows are a label and its value each."""

    header: tuple[tuple[HeaderCell, ...], ...]
    rows: tuple[tuple[BodyCell, ...], ...]
    labelled: bool = False


class Part(NamedTuple):
    """What a table prints on one page.

    `place` counts the tables of the document from 1; `first` on the page where it begins.
    """

    place: int
    table: Table
    first: bool
    blocks: tuple[Block, ...]
    unclaimed: tuple[BodyCell, ...]


class Sheet(NamedTuple):
    """A page: its tables, and the figures of its prose."""

    page: int
    parts: tuple[Part, ...]
    statements: tuple[tuple[Statement, BodyCell], ...]


class Marks(NamedTuple):
    """References of the cells to blame, of those that readers read differently, of those that failing checks read, and
    of those that people corrected, with the numbers.
    """

    suspect: frozenset[str]
    disputed: frozenset[str]
    failing: frozenset[str]
    corrected: Mapping[str, str]

    def of(self, reference: str | None) -> str:
        """How a cell is marked: as the first of these that it is."""
        return next((name for name, references in zip(self._fields, self, strict=True) if reference in references), "")


def table_pages(report: Report) -> set[int]:
    """Pages with a table on them, known or not."""
    pages = {page for table in report.tables for page in range(table.first_page, table.last_page + 1)}
    return pages | {cell.page for cell in report.unclaimed}


def sheets(report: Report, numbers: Sequence[int], schemas: Schemas, places: BoxKeys, marks: Marks) -> list[Sheet]:
    """These pages of a document."""
    return [
        Sheet(
            page,
            tuple(_parts(report, page, schemas, places, marks)),
            tuple(
                (one, BodyCell(one.origin.printed, places.key(page, one.origin.box)))
                for one in report.statements
                if one.origin.page == page
            ),
        )
        for page in numbers
    ]


def _parts(report: Report, page: int, schemas: Schemas, places: BoxKeys, marks: Marks) -> Iterator[Part]:
    loose = [cell for cell in report.unclaimed if cell.page == page]
    for place, table in enumerate(report.tables, 1):
        if table.first_page <= page <= table.last_page:
            blocks = [
                block for listing in table.listings if (block := _block(listing, page, schemas, places, marks)).rows
            ]
            own = [cell for cell in loose if cell.table == place]
            if table.dataset is None:
                blocks += _grid(own, places)
                own = [cell for cell in own if not _in_grid(cell)]
            yield Part(place, table, page == table.first_page, tuple(blocks), tuple(_loose(own, places)))


# ---- what is known ---------------------------------------------------------------------------------------------


def _block(listing: PrintedTable, page: int, schemas: Schemas, places: BoxKeys, marks: Marks) -> Block:
    columns = schemas.datasets[listing.dataset].columns
    numeric = [heading.field in columns and columns[heading.field].type in _NUMERIC for heading in listing.columns]
    rows = [
        {cell.column: cell for cell in row} for row in listing.rows if row and max(cell.page for cell in row) == page
    ]

    def shown(cell: PrintedCell, span: int) -> BodyCell:
        key, corrected = places.key(cell.page, cell.box), marks.corrected.get(cell.value or "")
        return BodyCell(cell.text, key, span, numeric[cell.column], marks.of(cell.value), corrected)

    if schemas.datasets[listing.dataset].kind == "form":
        labels = [BodyCell("/".join(heading.path), None) for heading in listing.columns]
        lines = (
            (labels[column], shown(cell, 1)._replace(numeric=False)) for row in rows for column, cell in row.items()
        )
        return Block((), tuple(lines), labelled=True)
    spanned = _spanned(rows, len(listing.columns))
    body = tuple(tuple(shown(cell, span) if cell else BodyCell("", None) for cell, span in line) for line in spanned)
    return Block(header(listing.columns), body)


def _spanned(rows: Sequence[Mapping[int, PrintedCell]], width: int) -> Iterator[list[tuple[PrintedCell | None, int]]]:
    """The cells of each row with the rows that they span; a merged cell stands in its first row only."""
    places = [[_place(row.get(column)) for column in range(width)] for row in rows]
    for number, row in enumerate(rows):
        line = []
        for column in range(width):
            same = places[number][column]
            if same and number and places[number - 1][column] == same:
                continue
            below = (at[column] for at in places[number:])
            line.append((row.get(column), sum(1 for _ in next(groupby(below))[1]) if same else 1))
        yield line


def _place(cell: PrintedCell | None) -> tuple[int, Box] | None:
    return (cell.page, cell.box) if cell else None


def header(columns: Sequence[PrintedColumn]) -> tuple[tuple[HeaderCell, ...], ...]:
    """The header as printed: equal texts side by side under the same text are one cell, the last of a path goes down to
    the body.
    """
    paths = [heading.path or ("",) for heading in columns]
    depth = max(map(len, paths), default=0)
    return tuple(tuple(_header_line(paths, level, depth)) for level in range(depth))


def _header_line(paths: Sequence[tuple[str, ...]], level: int, depth: int) -> Iterator[HeaderCell]:
    for start, members in groupby(paths, key=lambda path: (path[: level + 1], len(path) == level + 1)):
        if len(start[0]) > level:
            yield HeaderCell(start[0][level], len(list(members)), depth - level if start[1] else 1)


# ---- what no column claims -------------------------------------------------------------------------------------------


def _in_grid(cell: Unclaimed) -> bool:
    return cell.row is not None and cell.column is not None


def _grid(cells: Sequence[Unclaimed], places: BoxKeys) -> list[Block]:
    """The cells of an unrecognised table where they stand in it."""
    at = {(cell.row, cell.column): cell for cell in cells if _in_grid(cell)}
    if not at:
        return []
    columns = sorted({column for _, column in at if column is not None})
    rows = sorted({row for row, _ in at if row is not None})
    return [Block((), tuple(tuple(_shown(at.get((row, column)), places) for column in columns) for row in rows))]


def _loose(cells: Sequence[Unclaimed], places: BoxKeys) -> Iterator[BodyCell]:
    return (_shown(cell, places) for cell in cells)


def _shown(cell: Unclaimed | None, places: BoxKeys) -> BodyCell:
    return BodyCell(cell.text, places.key(cell.page, cell.box)) if cell else BodyCell("", None)
