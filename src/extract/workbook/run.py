"""The workbook of all documents of out/: agencies over years, and datasets, each a sheet ready for a pivot."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from extract.messages import message
from extract.out.parquet import Stored
from extract.schemas.grammar import Schemas
from extract.workbook.book import SHEET_ROWS, Book
from extract.workbook.cover import Line, write_lines, write_reading
from extract.workbook.flat import write_rows
from extract.workbook.panel import panel_fields, panel_rows
from extract.workbook.wording import KEYS, Wording

HEADINGS = ("sheet", "rows", "note")
WIDTHS = (34, 12, 90)
READING = ("panel", "amounts", "rows", "elsewhere", "digits")
READING_FULL = ("panel", "amounts", "facts", "rows", "digits")
FULL = ("facts", "checks", "printed_cells")  # datasets that only a full workbook holds: most of all cells
CELLS = 1_000_000  # of one workbook: more take long to write and to open
CHUNK = 4096  # rows made into Python values at a time


def write_run_workbook(path: Path, schemas: Schemas, datasets: Stored, full: bool = False, cells: int = CELLS) -> None:
    """Writes it from the datasets alone; a full one has every dataset.

    An empty one has no sheet, nor has one that no room is left for: sheets are written in declared order.
    """
    with Book(path) as book:
        cover = book.sheet(message("sheet_cover", "zh"))
        room = _Room(cells)
        lines = [
            _write_panel(book, schemas, datasets, room),
            *(_write_dataset(book, schemas, name, datasets, room, full) for name in schemas.datasets),
        ]
        cover.columns(dict(enumerate(WIDTHS)))
        cover.write(0, 0, message("sheet_run", "zh"), "title")
        end = write_lines(cover, 2, HEADINGS, WIDTHS, lines)
        cover.finish(write_reading(cover, end + 1, READING_FULL if full else READING), len(HEADINGS) - 1, pages_high=1)


class _Room:
    """What is left of the cells that a workbook may hold."""

    def __init__(self, cells: int) -> None:
        self._left = cells

    def takes(self, rows: int, columns: int) -> bool:
        """Whether a sheet of so many rows fits, which is then taken for written."""
        fits = rows < SHEET_ROWS and rows * columns <= self._left
        self._left -= rows * columns if fits else 0
        return fits


def _write_panel(book: Book, schemas: Schemas, datasets: Stored, room: _Room) -> Line:
    wording = Wording(schemas)
    fields = panel_fields(schemas, wording)
    documents = datasets.count("documents")
    if not room.takes(documents, len(fields)):
        return Line(
            message("sheet_panel", "zh"),
            None,
            {"rows": documents, "note": message("workbook_left_out", "zh", name="documents")},
        )
    sheet = book.sheet(message("sheet_panel", "zh"))
    rows = write_rows(sheet, fields, wording.worded(fields, panel_rows(schemas, datasets)), 2)
    return Line(sheet.name, sheet.address(0, 0), {"rows": rows, "note": message("sheet_panel", "en")})


def _write_dataset(book: Book, schemas: Schemas, name: str, datasets: Stored, room: _Room, full: bool) -> Line:
    dataset, wording = schemas.datasets[name], Wording(schemas)
    rows = datasets.count(name)
    if not rows:
        return Line(dataset.zh, None, {"rows": 0, "note": dataset.en})
    if name in FULL and not full:
        return Line(dataset.zh, None, {"rows": rows, "note": message("workbook_not_full", "zh", name=name)})
    if not room.takes(rows, len(dataset.columns)):
        return Line(dataset.zh, None, {"rows": rows, "note": message("workbook_left_out", "zh", name=name)})
    fields = wording.fields(dataset, list(dataset.columns))
    sheet = book.sheet(dataset.zh)
    write_rows(sheet, fields, wording.worded(fields, _records(datasets.parts(name))), len(KEYS))
    return Line(sheet.name, sheet.address(0, 0), {"rows": rows, "note": dataset.en})


def _records(parts: Iterable[pa.Table]) -> Iterator[tuple[Any, ...]]:
    """The rows of a dataset, few of them in memory at a time."""
    for part in parts:
        for batch in part.to_batches(max_chunksize=CHUNK):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
