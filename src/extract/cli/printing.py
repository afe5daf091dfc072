"""`extract tables`: every printed table of a PDF on the standard output."""

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any, NamedTuple

from extract.cli.streams import is_unicode, say
from extract.errors import InputError
from extract.text import visible

if TYPE_CHECKING:
    from extract.document.printed import AsPrinted
    from extract.model.report import Report, Table

FORMATS = ("csv", "markdown", "json")


class _Shown(NamedTuple):
    """A table of the document by its number."""

    number: int
    table: "Table"
    printed: "AsPrinted"


def print_tables(report: "Report", form: str, only: int | None) -> None:
    """Prints the tables of a document, known or not, joined over their pages.

    Raises InputError if there is none of the number asked for.
    """
    if only is not None and only > len(report.tables):
        raise InputError("table_number_unknown", number=only, count=len(report.tables))
    shown = [one for one in _tables(report) if only in (None, one.number) and one.printed.rows]
    if form == "json":
        say(json.dumps([_data(one) for one in shown], ensure_ascii=not is_unicode(), indent=2))
        return
    for place, one in enumerate(shown):
        if only is None:
            say(("\n" if place else "") + visible(_heading(one.number, one.table, form)))
        write = _csv if form == "csv" else _markdown
        for line in write([one.printed.names, *one.printed.rows]):
            say(visible(line) if sys.stdout.isatty() else line)


def _tables(report: "Report") -> Iterator[_Shown]:
    from extract.document.printed import as_printed

    return (_Shown(number, table, as_printed(table)) for number, table in enumerate(report.tables, 1))


def _data(one: _Shown) -> dict[str, Any]:
    number, table, printed = one
    return {
        "number": number,
        "title": table.title or table.heading,
        "dataset": table.dataset,
        "unit": table.unit,
        "first_page": table.first_page,
        "last_page": table.last_page,
        "columns": printed.names,
        "rows": printed.rows,
    }


def _heading(number: int, table: "Table", form: str) -> str:
    told = (str(number), table.title or table.heading, f"p{table.first_page}-{table.last_page}", table.unit)
    return ("## " if form == "markdown" else "# ") + " ".join(one for one in told if one)


def _csv(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in rows:
        stream = StringIO()
        csv.writer(stream, lineterminator="").writerow(row)
        yield stream.getvalue()


def _markdown(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for place, row in enumerate(rows):
        yield "| " + " | ".join(text.replace("|", "\\|") for text in row) + " |"
        if not place:
            yield "|" + "---|" * len(row)
