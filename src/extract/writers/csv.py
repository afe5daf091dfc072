"""Arrow tables → CSV: UTF-8 with a byte order mark, so that Excel opens the Chinese; amounts with two decimals or as many as they need."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

BOM = b"\xef\xbb\xbf"


def write_csv(table: pa.Table, path: Path) -> None:
    """Nulls are empty cells, truth values `true` and `false`."""
    text = pa.table({name: _as_text(table[name]) for name in table.column_names})
    with path.open("wb") as stream:
        stream.write(BOM)
        pa_csv.write_csv(text, stream, pa_csv.WriteOptions(quoting_style="needed"))


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    text = pc.cast(column, pa.string())
    if pa.types.is_decimal(column.type):
        return pc.replace_substring_regex(text, r"(\.\d\d\d*?)0*$", r"\1")
    return text
