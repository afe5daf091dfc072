"""Arrow tables → CSV: UTF-8 with a byte order mark, so that Excel opens the Chinese; amounts with two decimals or as
many as they need.
"""

from collections import defaultdict
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from extract.out.spreadsheet_text import BOM, RESHAPED


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
        if not len(table):
            return
        texts = _as_texts(table)
        self._writer.write_table(pa.table({self._headings.get(name, name): texts[name] for name in table.column_names}))

    def close(self) -> None:
        try:
            self._writer.close()
        finally:
            self._stream.close()


def _as_texts(table: pa.Table) -> dict[str, pa.ChunkedArray]:
    """The columns as texts; those of one type at once, as a call takes as long as some hundred texts."""
    alike: defaultdict[pa.DataType, list[str]] = defaultdict(list)
    for field in table.schema:
        alike[field.type].append(field.name)
    texts = {}
    for kind, names in alike.items():
        chunks = iter(
            _as_text(pa.chunked_array([chunk for name in names for chunk in table[name].chunks], kind)).chunks
        )
        for name in names:
            texts[name] = pa.chunked_array(islice(chunks, table[name].num_chunks), pa.string())
    return texts


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_string(column.type):
        return pc.replace_substring_regex(column, RESHAPED, r"'\0")
    text = pc.cast(column, pa.string())
    if pa.types.is_decimal(column.type):
        return pc.replace_substring_regex(text, r"(\.\d\d\d*?)0*$", r"\1")
    return text
