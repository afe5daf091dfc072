"""Sheets of rows, ready to be filtered and pivoted: one header, then one row a record.

Prose that is too long for a column is wrapped.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import Any

from extract.workbook.book import Sheet, lines_of, width
from extract.workbook.wording import Field

WIDEST, NARROWEST = 64, 7
MEASURED = 1000  # rows that the widths of columns are taken from
_STYLES = {"money": ("amount",), "rate": ("rate",), "integer": ("centre",)}


def write_rows(sheet: Sheet, fields: Sequence[Field], records: Iterable[Sequence[Any]], frozen: int) -> int:
    """Writes the header and the records from the top, keeps so many columns in sight; returns the number of rows."""
    for column, field in enumerate(fields):
        sheet.write(0, column, field.heading, "head")
    records = iter(records)
    first = list(islice(records, MEASURED))
    widths = [_width(field, values) for field, values in zip(fields, _columns(fields, first), strict=True)]
    sheet.columns({column: min(wide, WIDEST) for column, wide in enumerate(widths)})
    prose = [
        column
        for column, wide in enumerate(widths)
        if wide > WIDEST and any(_is_prose(record[column]) for record in first)
    ]
    styles = [_STYLES.get(field.type, ("wrapped",) if column in prose else ()) for column, field in enumerate(fields)]
    row = 0
    for row, record in enumerate(chain(first, records), 1):
        if prose:
            sheet.lines(row, max(lines_of(str(record[column] or ""), WIDEST) for column in prose))
        for column, value in enumerate(record):
            if value is not None:
                sheet.write(row, column, value, *styles[column])
    sheet.head(0, frozen, row, len(fields) - 1)
    sheet.finish(row, len(fields) - 1)
    return row


def _columns(fields: Sequence[Field], records: Sequence[Sequence[Any]]) -> Iterable[Sequence[Any]]:
    return zip(*records, strict=True) if records else [()] * len(fields)


def _width(field: Field, values: Iterable[Any]) -> int:
    return max(width(field.heading) + 4, NARROWEST, *(_shown(value) + 2 for value in set(values)))


def _is_prose(value: object) -> bool:
    return isinstance(value, str) and not value.isascii()


def _shown(value: object) -> int:
    if isinstance(value, Decimal):
        return len(f"{value:,.2f}")
    return 0 if value is None else width(str(value))
