"""The workbook of all documents of out/: agencies over years, and every dataset a sheet ready for a pivot."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from extract.messages import message
from extract.schemas import Schemas
from extract.writers.workbook.book import SHEET_ROWS, Book
from extract.writers.workbook.cover import Line, write_lines, write_reading
from extract.writers.workbook.flat import write_rows
from extract.writers.workbook.panel import panel_fields, panel_rows
from extract.writers.workbook.wording import KEYS, Wording

HEADINGS = ("sheet", "rows", "note")
WIDTHS = (34, 12, 90)
READING = ("panel", "amounts", "sums", "rows", "digits")
CHUNK = 4096  # rows made into Python values at a time


def write_run_workbook(path: Path, schemas: Schemas, tables: Mapping[str, pa.Table], sheet_rows: int = SHEET_ROWS) -> None:
    """Writes it from the datasets alone. An empty one has no sheet, nor has one of more rows than fit below a header."""
    with Book(path) as book:
        cover = book.sheet(message("sheet_cover", "zh"))
        lines = [_write_panel(book, schemas, tables), *(_write_dataset(book, schemas, name, table, sheet_rows) for name, table in tables.items())]
        cover.columns(dict(enumerate(WIDTHS)))
        cover.write(0, 0, message("sheet_run", "zh"), "title")
        end = write_lines(cover, 2, HEADINGS, WIDTHS, lines)
        cover.finish(write_reading(cover, end + 1, READING), len(HEADINGS) - 1, pages_high=1)


def _write_panel(book: Book, schemas: Schemas, tables: Mapping[str, pa.Table]) -> Line:
    wording = Wording(schemas)
    fields = panel_fields(schemas, wording)
    sheet = book.sheet(message("sheet_panel", "zh"))
    rows = write_rows(sheet, fields, wording.worded(fields, panel_rows(schemas, tables["documents"], tables["facts"])), 2)
    return Line(sheet.name, sheet.address(0, 0), {"rows": rows, "note": message("sheet_panel", "en")})


def _write_dataset(book: Book, schemas: Schemas, name: str, table: pa.Table, sheet_rows: int) -> Line:
    dataset, wording = schemas.datasets[name], Wording(schemas)
    if not len(table):
        return Line(dataset.zh, None, {"rows": 0, "note": dataset.en})
    if len(table) >= sheet_rows:
        return Line(dataset.zh, None, {"rows": len(table), "note": message("workbook_left_out", "zh", name=name)})
    fields = wording.fields(dataset, table.column_names)
    sheet = book.sheet(dataset.zh)
    rows = write_rows(sheet, fields, wording.worded(fields, _records(table)), len(KEYS))
    return Line(sheet.name, sheet.address(0, 0), {"rows": rows, "note": dataset.en})


def _records(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    """The rows of a table, few of them in memory at a time."""
    for batch in table.to_batches(max_chunksize=CHUNK):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
