"""What answers are made of, the datasets of out/; and what they are, rows under the names of their columns, also as a
file for a spreadsheet.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from extract.errors import InputError, OutputError
from extract.out.csv import CsvFile
from extract.out.datapackage import PACKAGE, Described, described
from extract.out.layout import files_of
from extract.out.replace import is_half_replaced
from extract.workbook.book import Book
from extract.workbook.flat import write_rows
from extract.workbook.wording import Field

ENDINGS = (".csv", ".xlsx")
_KEPT = (str, bool, int, float, Decimal)  # values that a spreadsheet can hold; others are written as texts


class Answer(NamedTuple):
    """Rows under the names of their columns, no two of which are the same."""

    names: Sequence[str]
    rows: Sequence[Sequence[Any]]


def datasets_of(out: Path) -> list[Described]:
    """The datasets of an output folder. Raises InputError if it was not written by this program, or not to its end."""
    if is_half_replaced(out):
        raise InputError("folder_half_replaced", path=out)
    datasets = [one for one in described(out / PACKAGE) or () if files_of(out, one.name)]
    if not datasets:
        raise InputError("no_datasets", path=out)
    return datasets


def write_answer(path: Path, answer: Answer, headings: Mapping[str, str]) -> None:
    """Writes the file that the ending of its name asks for: CSV as it opens by double click, or a workbook. `headings`
    are those for people, by column.

    Raises OutputError if it cannot be written, or if the name ends in none of `ENDINGS`.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise OutputError("answer_ending", path=path, known=", ".join(ENDINGS))
    columns = {
        headings.get(name, name): [_kept(row[place]) for row in answer.rows] for place, name in enumerate(answer.names)
    }
    try:
        if ending == ".csv":
            _write_csv(path, columns)
        else:
            path.write_bytes(_workbook(columns))
    except OSError as error:
        raise OutputError("file_unwritable", path=path, reason=error.strerror or str(error)) from error


def _kept(value: object) -> object:
    return value if value is None or isinstance(value, _KEPT) else str(value)


def _write_csv(path: Path, columns: Mapping[str, Sequence[Any]]) -> None:
    table = pa.table({heading: pa.array(values, _arrow_type(values)) for heading, values in columns.items()})
    file = CsvFile(path, table.schema)
    file.write(table)
    file.close()


def _arrow_type(values: Sequence[Any]) -> pa.DataType | None:
    """Texts where a column holds nothing; else what its values are."""
    return pa.string() if all(value is None for value in values) else None


def _workbook(columns: Mapping[str, Sequence[Any]]) -> bytes:
    target = BytesIO()
    fields = [Field(heading, heading, _kind(values), {}) for heading, values in columns.items()]
    with Book(target) as book:
        write_rows(book.sheet("extract"), fields, zip(*columns.values(), strict=True), 1)
    return target.getvalue()


def _kind(values: Sequence[Any]) -> str:
    """The type of a field that holds these."""
    found = {type(value) for value in values if value is not None}
    return "money" if found == {Decimal} else "integer" if found == {int} else "text"
