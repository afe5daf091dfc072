"""Sheets of rows, ready to be filtered and pivoted: one header, then one row a record."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from extract.writers.workbook.book import Sheet, width
from extract.writers.workbook.wording import Field

WIDEST, NARROWEST = 60, 7
MEASURED = 1000  # rows that the widths of columns are taken from
_STYLES = {"money": ("amount",), "rate": ("rate",)}


def write_rows(sheet: Sheet, fields: Sequence[Field], records: Iterable[Sequence[Any]], frozen: int) -> int:
    """Writes the header and the records from the top, keeps so many columns in sight; returns the number of rows."""
    styles = [_STYLES.get(field.type, ()) for field in fields]
    for column, field in enumerate(fields):
        sheet.write(0, column, field.heading, "head")
    records = iter(records)
    first = list(islice(records, MEASURED))
    sheet.columns(_widths(fields, first))
    row = 0
    for part in (first, records):
        for row, record in enumerate(part, row + 1):
            for column, value in enumerate(record):
                if value is not None:
                    sheet.write(row, column, value, *styles[column])
    sheet.head(0, frozen, row, len(fields) - 1)
    sheet.finish(row, len(fields) - 1)
    return row


def _widths(fields: Sequence[Field], records: Sequence[Sequence[Any]]) -> dict[int, float]:
    columns = zip(*records, strict=True) if records else ((),) * len(fields)
    return {
        place: min(max(width(field.heading) + 4, NARROWEST, *(_shown(value) + 2 for value in set(values))), WIDEST)
        for place, (field, values) in enumerate(zip(fields, columns, strict=True))
    }


def _shown(value: object) -> int:
    if isinstance(value, Decimal):
        return len(f"{value:,.2f}")
    return 0 if value is None else width(str(value))
