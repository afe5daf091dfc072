"""What a notebook shows: a document with its tables, a folder with its documents and datasets, and in both the checks
that fail.

Colours are the notebook's own, light or dark, but for a status, which brings its background along.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from extract.amounts import written
from extract.checks.suspects import Suspect
from extract.messages import language, message
from extract.schemas.rules import Rule

SHOWN_FAILURES = 10
SHOWN_DOCUMENTS = 20
FOLDED = 30  # rows of a list from which on only its length is shown, until it is asked for
Record = Mapping[str, Any]  # a row of a dataset
_LEFT = 'style="text-align:left"'  # notebooks move the texts of cells to the right
_COLOURS = {
    "verified": "#1a7f37",
    "failed": "#cf222e",
    "unverified": "#9a6700",
    "unrecognised": "#9a6700",
    "unreadable": "#cf222e",
}


class Heading(NamedTuple):
    """A dataset of a folder: its name, its title and how many rows it holds."""

    dataset: str
    title: str
    rows: int


class _Markup(str):
    """A text that is HTML already."""


def document_html(
    document: Record,
    tables: Sequence[Record],
    failures: Sequence[Record],
    blamed: Sequence[Suspect],
    rules: Iterable[Rule],
) -> str:
    """A document: what it is and its status, its failing checks with the cells to blame first, its tables as
    printed.
    """
    named = " · ".join(str(document[name]) for name in ("agency_name", "fiscal_year") if document[name])
    found = [
        *map(_blame, blamed),
        *((one["page"], _place(one), finding) for one, finding in _findings(failures, rules)),
    ]
    rows = [(one["number"], one["title"], _pages(one), one["rows"], one["dataset"]) for one in tables]
    return _block(
        f"<strong>{escape(named or _file(document))}</strong> {_status(document['status'])}",
        _table(("page", "place", "finding"), found),
        _more("more_failures", len(failures) - SHOWN_FAILURES),
        _folded("tables", _table(("number", "title", "pages", "rows", "dataset"), rows), len(rows)),
    )


def folder_html(
    name: str,
    documents: Sequence[Record],
    datasets: Sequence[Heading],
    failures: Sequence[Record],
    rules: Iterable[Rule],
) -> str:
    """A folder: its documents with their status, its failing checks, its datasets."""
    files = {one["document_id"]: _file(one) for one in documents}
    rows = [
        (_file(one), one["agency_name"], one["fiscal_year"], _status(one["status"]), one["tables"], one["checks_fail"])
        for one in documents
    ]
    found = [
        (files[one["document_id"]], one["page"], _place(one), finding) for one, finding in _findings(failures, rules)
    ]
    return _block(
        f"<strong>{escape(name)}</strong>",
        _table(("document", "agency", "year", "status", "tables", "fail"), rows[:SHOWN_DOCUMENTS]),
        _more("more_documents", len(rows) - SHOWN_DOCUMENTS),
        _table(("document", "page", "place", "finding"), found),
        _more("more_failures", len(failures) - SHOWN_FAILURES),
        _folded("dataset", _table(Heading._fields, datasets), len(datasets)),
    )


def _findings(failures: Sequence[Record], rules: Iterable[Rule]) -> Iterator[tuple[Record, str]]:
    titles = {rule.code: rule.zh if language() == "zh" else rule.en for rule in rules}
    return ((check, _finding(check, titles)) for check in failures[:SHOWN_FAILURES])


def _blame(suspect: Suspect) -> tuple[int, str, str]:
    fact = suspect.fact
    told = message(
        "suspect", printed=fact.origin.printed, would_be=written(suspect.would_be), count=len(suspect.explains)
    )
    return fact.origin.page, f"{fact.dataset} {fact.row} {fact.column}", told


def _finding(check: Record, titles: Mapping[str, str]) -> str:
    numbers = {
        name: "–" if check[name] is None else written(check[name]) for name in ("stated", "computed", "difference")
    }
    return message("failure", rule=titles.get(check["rule"], check["rule"]), **numbers)


def _place(check: Record) -> str:
    return " ".join(str(check[name]) for name in ("dataset", "row", "column") if check[name] is not None)


def _pages(table: Record) -> str:
    first, last = table["first_page"], table["last_page"]
    return str(first) if first == last else f"{first}–{last}"


def _file(document: Record) -> str:
    return Path(document["source"]).name


def _status(status: str) -> _Markup:
    style = f"background:{_COLOURS[status]};color:#fff;padding:0 .5em;border-radius:.7em"
    return _Markup(f'<span style="{style}">{escape(message(f"status_{status}"))}</span>')


def _table(headings: Iterable[str], rows: Sequence[Sequence[object]]) -> str:
    if not rows:
        return ""
    head = "".join(f"<th {_LEFT}>{escape(message(f'column_{heading}'))}</th>" for heading in headings)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _folded(heading: str, table: str, count: int) -> str:
    summary = f"<summary>{escape(message(f'column_{heading}'))}: {count}</summary>"
    return f"<details{'' if count > FOLDED else ' open'}>{summary}{table}</details>"


def _cell(value: object) -> str:
    text = value if isinstance(value, _Markup) else escape("" if value is None else str(value))
    return f"<td {_LEFT}>{text}</td>"


def _more(key: str, count: int) -> str:
    return f"<div>{escape(message(key, count=count))}</div>" if count > 0 else ""


def _block(*parts: str) -> str:
    return f"<div>{''.join(parts)}</div>"
