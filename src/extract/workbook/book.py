"""A workbook whose bytes depend on nothing but what is written, and its sheets.

No text of a document can become a formula or a link.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from itertools import count
from math import ceil
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import quote_sheetname, xl_range, xl_rowcol_to_cell

from extract.messages import message

SHEET_ROWS = 1_048_576  # of one sheet, the header among them
EXACT_DIGITS = 15  # significant digits that a spreadsheet keeps of a number
TEXT_UNITS = 32_767  # UTF-16 units that a cell holds
NAME_UNITS = 31  # and a sheet's name
CUT = message("workbook_cut", "zh")
A4 = 9
LINE_HEIGHT, MOST_LINES = 15, 20  # points of one line of text; lines of a row, whatever it holds

_MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # the same for the same content
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NOT_IN_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
_LINE = {"border": 1, "border_color": "#A6A6A6"}
_STYLES: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "caption": {"font_color": "#595959"},
    "link": {"font_color": "#0563C1", "underline": 1},
    "head": {"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "bg_color": "#DDEBF7", **_LINE},
    "cell": {"valign": "vcenter", **_LINE},
    "wrapped": {"text_wrap": True},
    "left": {"align": "left"},
    "centre": {"align": "center"},
    "right": {"align": "right"},
    "amount": {"num_format": "#,##0.00####", "align": "right"},
    "rate": {"num_format": "0.00%"},
    "failed": {"bg_color": "#F8CBAD"},
    "suspect": {"bg_color": "#FF7C80", "bold": True},
    "corrected": {"bg_color": "#C6E0B4", "bold": True},
    "unread": {"bg_color": "#FFEB9C"},
}


class Book:
    """A workbook in the making.

    Of one that goes to a file only the current row of a sheet is kept: its rows are written from the top down.
    """

    def __init__(self, target: Path | BytesIO) -> None:
        options = (
            {"constant_memory": True, "tmpdir": str(target.parent)} if isinstance(target, Path) else {"in_memory": True}
        )
        self._workbook = xlsxwriter.Workbook(target, options)
        self._workbook.set_properties({"created": _MADE, "author": "extract"})
        self._names: set[str] = {"history"}  # Excel keeps this name for itself
        self._styles: dict[tuple[str, ...], Any] = {(): None}

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, *_: object) -> None:
        self._workbook.close()

    def sheet(self, wanted: str) -> "Sheet":
        """A new sheet called so, or as near to it as the rules for names allow."""
        name = self._name(wanted)
        self._names.add(name.casefold())
        return Sheet(self, self._workbook.add_worksheet(name), name)

    def _name(self, wanted: str) -> str:
        plain = _NOT_IN_NAMES.sub(" ", _valid(wanted)).strip(" '") or "_"
        for number in count(1):
            ending = "" if number == 1 else f" ({number})"
            name = _first_units(plain, NAME_UNITS - len(ending)).rstrip(" '") + ending
            if name.casefold() not in self._names:
                return name
        raise AssertionError

    def style(self, names: tuple[str, ...]) -> Any:
        """The format that has all these styles; None for no style, which is written faster."""
        if names not in self._styles:
            merged = {key: value for name in names for key, value in _STYLES[name].items()}
            self._styles[names] = self._workbook.add_format(merged)
        return self._styles[names]


class Sheet:
    """A sheet of a workbook. Rows and columns count from 0."""

    def __init__(self, book: Book, worksheet: Any, name: str) -> None:
        self._book = book
        self._worksheet = worksheet
        self.name = name

    def write(self, row: int, column: int, value: object, *styles: str) -> None:
        """A value as what it is: a text, a number, a truth value, or a blank with these styles."""
        if isinstance(value, str):
            self._worksheet.write_string(row, column, safe_text(value), self._book.style(styles))
        elif isinstance(value, Decimal) and not is_exact(value):
            self._worksheet.write_string(row, column, str(value), self._book.style((*styles, "right")))
        elif isinstance(value, bool):
            self._worksheet.write_boolean(row, column, value, self._book.style(styles))
        elif value is not None:
            self._worksheet.write_number(
                row, column, value, self._book.style(styles)
            )  # of a decimal its own digits are written
        elif styles:
            self._worksheet.write_blank(row, column, None, self._book.style(styles))

    def merge(self, rows: tuple[int, int], columns: tuple[int, int], text: str, *styles: str) -> None:
        """One cell over several, from and to inclusive."""
        if rows[0] == rows[1] and columns[0] == columns[1]:
            self.write(rows[0], columns[0], text, *styles)
            return
        self._worksheet.merge_range(rows[0], columns[0], rows[1], columns[1], "", self._book.style(styles))
        self.write(rows[0], columns[0], text, *styles)

    def link(self, row: int, column: int, target: str, text: str, *styles: str) -> None:
        """A link to a place in this workbook, as `address` gives it."""
        self._worksheet.write_url(
            row, column, f"internal:{target}", self._book.style((*styles, "link")), safe_text(text)
        )

    def link_out(self, row: int, column: int, target: str, value: object, *styles: str) -> None:
        """A link to a file beside this one, shown as a value."""
        self._worksheet.write_url(row, column, f"external:{target}", self._book.style((*styles, "link")), "-")
        self.write(row, column, value, *styles, "link")

    def address(self, row: int, column: int) -> str:
        """How links name a cell of this sheet."""
        return f"{quote_sheetname(self.name)}!{xl_rowcol_to_cell(row, column)}"

    def comment(self, row: int, column: int, text: str) -> None:
        """A note at a cell, large enough to be read whole."""
        height = 18 * lines_of(text, 46) + 12
        self._worksheet.write_comment(row, column, safe_text(text), {"width": 340, "height": height, "font_size": 9})

    def columns(self, widths: Mapping[int, float]) -> None:
        for column, wide in widths.items():
            self._worksheet.set_column(column, column, wide)

    def lines(self, row: int, count: int) -> None:
        """Makes a row high enough for so many lines of text: not every program does so by itself.

        To be called before the row is written.
        """
        if count > 1:
            self._worksheet.set_row(row, LINE_HEIGHT * min(count, MOST_LINES))

    def head(self, last_row: int, columns_kept: int, body_end: int, last_column: int) -> None:
        """Keeps the rows down to `last_row` in sight and on every printed page, with a filter in the last of them."""
        self._worksheet.freeze_panes(last_row + 1, columns_kept)
        self._worksheet.autofilter(last_row, 0, max(body_end, last_row), last_column)
        self._worksheet.repeat_rows(0, last_row)

    def finish(self, last_row: int, last_column: int, pages_high: int = 0) -> None:
        """Set to print on the width of a page, on as many as it needs or so many; codes are texts of digits, which is
        no mistake.
        """
        self._worksheet.set_landscape()
        self._worksheet.set_paper(A4)
        self._worksheet.fit_to_pages(1, pages_high)
        self._worksheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self._worksheet.print_area(0, 0, last_row, last_column)
        self._worksheet.set_footer("&L&A&R&P / &N")
        self._worksheet.ignore_errors({"number_stored_as_text": xl_range(0, 0, last_row, last_column)})


def is_exact(value: Decimal) -> bool:
    """Whether a spreadsheet keeps every digit of a number; one of more digits is written as a text."""
    return len(value.normalize().as_tuple().digits) <= EXACT_DIGITS


@lru_cache(maxsize=65536)
def safe_text(text: str) -> str:
    """A text as a cell can hold it: no longer than that, and never taken for markup of its own."""
    text = _valid(text)
    if len(text) > TEXT_UNITS // 2 and _units(text) > TEXT_UNITS:
        text = _first_units(text, TEXT_UNITS - len(CUT)) + CUT
    # XlsxWriter writes a text between these as ready-made markup.
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


@lru_cache(maxsize=65536)
def width(text: str) -> int:
    """How many digits wide a text is: ideographs count as two."""
    return len(text) if text.isascii() else sum(2 if character >= "\u2e80" else 1 for character in text)


def lines_of(text: str, wide: float) -> int:
    """How many lines a text takes in a column of this width."""
    return sum(max(1, ceil(width(line) / max(wide - 1, 1))) for line in text.split("\n"))


def _valid(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _first_units(text: str, units: int) -> str:
    return text if _units(text) <= units else text.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore")
