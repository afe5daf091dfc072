"""Arrow tables → CSV: UTF-8 with a byte order mark, so that Excel opens the Chinese; amounts with two decimals or as
many as they need.

A spreadsheet computes what looks like a formula and reshapes what looks like a number or a date. A text that it would
not show as it is gets an apostrophe in front; so does one that begins with an apostrophe. Taking one leading apostrophe
away gives every text back.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

BOM = b"\xef\xbb\xbf"
_RESHAPED = (
    r"(?s)^("
    r"'"
    r"|[\x00-\x20]"  # skipped before a formula is looked for
    r"|[=+\-@＝＋－＠]."  # formulas, full-width where the keyboard is Chinese; a sign alone is shown as it is
    r"|0\d+$"  # loses its zeros
    r"|\d{16,}$"  # more digits than a spreadsheet's numbers have
    r"|\d+([eE/:-]\d+)+$"  # powers of ten, dates, times
    r")"
)


class CsvFile:
    """One file, written a part at a time. Nulls are empty cells, truth values `true` and `false`. `headings` are those
    of columns that are called otherwise than by their own names.
    """

    def __init__(self, path: Path, schema: pa.Schema, headings: Mapping[str, str] = MappingProxyType({})) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._stream = path.open("wb")
        self._stream.write(BOM)
        self._headings = headings
        texts = pa.schema([(headings.get(name, name), pa.string()) for name in schema.names])
        self._writer = pa_csv.CSVWriter(self._stream, texts, write_options=pa_csv.WriteOptions(quoting_style="needed"))

    def write(self, table: pa.Table) -> None:
        names = self._headings
        self._writer.write_table(
            pa.table({names.get(name, name): _as_text(table[name]) for name in table.column_names})
        )

    def close(self) -> None:
        try:
            self._writer.close()
        finally:
            self._stream.close()


def as_text(value: str) -> str:
    """A text as it stands in a cell."""
    return f"'{value}" if re.match(_RESHAPED, value) else value


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_string(column.type):
        return pc.replace_substring_regex(column, _RESHAPED, r"'\0")
    text = pc.cast(column, pa.string())
    if pa.types.is_decimal(column.type):
        return pc.replace_substring_regex(text, r"(\.\d\d\d*?)0*$", r"\1")
    return text
