"""Rows as the answer of a command: a table for people, CSV or JSON for programs, a file for a spreadsheet."""

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from extract.amounts import written
from extract.cli.app import option
from extract.cli.streams import is_unicode, say
from extract.messages import message
from extract.text import visible

if TYPE_CHECKING:
    from extract.answers.answer import Answer

FORMATS = ("table", "csv", "json")
WIDEST = 10_000  # columns of a table where no terminal limits it


def listed(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that answers with rows."""
    for add in (
        option("-o", "--output", "answer_file", type=click.Path(dir_okay=False), metavar="FILE"),
        option("--format", "listing_form", type=click.Choice(FORMATS)),
    ):
        command = add(command)
    return command


def chosen(form: str | None) -> str:
    """The form that is asked for, else a table on a terminal and CSV in a pipe."""
    return form or ("table" if sys.stdout is not None and sys.stdout.isatty() else "csv")


def show(
    answer: "Answer",
    form: str | None,
    target: str | None,
    headings: Mapping[str, str] = {},
    words: Mapping[str, Mapping[str, str]] = {},
) -> None:
    """Prints an answer, as a table on a terminal and as CSV in a pipe if no form is asked for; or writes it to a file.

    People, to whom tables and files go, read `headings` by column, and `words` for the values of a column; programs
    read names and values as they are.
    """
    names, rows = answer
    if target or chosen(form) == "table":
        told = [words.get(name, {}) for name in names]
        rows = [_worded(told, row) for row in rows]
    if target:
        from extract.answers.answer import write_answer

        write_answer(Path(target), answer._replace(rows=rows), headings)
        say(message("answer_written", path=target, count=len(rows)))
        return
    form = chosen(form)
    if form == "table":
        _show_table([headings.get(name, name) for name in names], rows)
        return
    lines = _json(names, rows) if form == "json" else _csv(names, rows)
    for line in lines:
        say(line)


def _worded(words: Sequence[Mapping[str, str]], row: Sequence[Any]) -> Sequence[Any]:
    return [said.get(value, value) if said else value for said, value in zip(words, row, strict=True)]


def _show_table(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False)
    for place, heading in enumerate(headings):
        is_number = any(isinstance(row[place], int | float | Decimal) for row in rows)
        table.add_column(Text(heading), justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(visible(_told(value))) for value in row))
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDEST)
        console = Console(width=console.measure(table).maximum)
    console.print(table)


def _told(value: object) -> str:
    """A value for people."""
    return written(value) if isinstance(value, Decimal) else _plain(value)


def _plain(value: object) -> str:
    """A value as the CSV files of out/ have it, without the apostrophe that is for spreadsheets."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return written(value).replace(",", "") if isinstance(value, Decimal) else str(value)


def _csv(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    for row in (names, *rows):
        stream = StringIO()
        csv.writer(stream, lineterminator="").writerow(map(_plain, row))
        yield stream.getvalue()


def _json(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    """Decimals are texts, so that no digit of them is lost."""
    records = [dict(zip(names, row, strict=True)) for row in rows]
    yield json.dumps(records, ensure_ascii=not is_unicode(), indent=2, default=str)
