"""Questions to out/ in SQL: every dataset is a view of its Parquet files, with what is known of its document.

DuckDB reads what Arrow hands it and may touch no file itself, so no question changes anything.
"""

from collections.abc import Iterable
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from extract.answers.answer import Answer, datasets_of
from extract.errors import InputError
from extract.out.datapackage import Described
from extract.out.layout import files_of
from extract.out.parquet import opened

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DOCUMENTS, FACTS = "documents", "facts"
OF_DOCUMENT = "document_id, document_type, status, source"  # of `documents`, in every other view
NUMBERS = "numbers"  # the view of every printed amount, with the words for its dataset and column
READ_ONLY = ("SET enable_external_access = false", "SET lock_configuration = true")


def answer(out: Path, question: str | None) -> Answer:
    """The rows that a question asks for; without a question the views that there are, with their columns.

    Raises InputError if DuckDB is not installed, out/ was not written by this program to its end, or the question is
    wrong.
    """
    if not find_spec("duckdb"):
        raise InputError("sql_missing")
    import duckdb

    datasets = datasets_of(out)
    with duckdb.connect() as database:
        read = _make_views(database, out, datasets)  # lives as long as the views do
        if question is None:
            return _views(database, datasets, list(read))
        try:
            found = database.sql(question)
            if found is None:
                raise InputError("sql_no_rows")
            return Answer(_distinct(found.columns), found.fetchall())
        except duckdb.Error as error:
            raise InputError("sql_failed", reason=str(error)) from error


def _make_views(database: "DuckDBPyConnection", out: Path, datasets: list[Described]) -> dict[str, Any]:
    """Makes the views and takes files away from all that comes later; returns what the views read, by their names."""
    read: dict[str, Any] = {one.name: opened(files_of(out, one.name)) for one in datasets}
    documents = database.from_arrow(read[DOCUMENTS])
    documents.create_view(DOCUMENTS)
    for name, rows in read.items():
        if name != DOCUMENTS:
            database.from_arrow(rows).join(documents.project(OF_DOCUMENT), "document_id", "left").create_view(name)
    read[NUMBERS] = _words(datasets)
    same = 'numbers.dataset = words.dataset AND numbers."column" = words."column"'
    words = database.from_arrow(read[NUMBERS]).set_alias("words")
    numbers = database.view(FACTS).set_alias("numbers").join(words, same, "left")
    numbers.project("numbers.*, words.dataset_title, words.column_title").create_view(NUMBERS)
    for setting in READ_ONLY:
        database.execute(setting)
    return read


def _words(datasets: list[Described]) -> pa.Table:
    """What each column of each dataset is called."""
    rows = [(one.name, name, one.title, title) for one in datasets for name, title in one.columns.items()]
    names = ("dataset", "column", "dataset_title", "column_title")
    return pa.table([pa.array(values, pa.string()) for values in zip(*rows, strict=True)], names)


def _distinct(names: Iterable[str]) -> list[str]:
    """The names of columns, a number after those that are there already."""
    found: list[str] = []
    for name in names:
        numbered = (f"{name}_{number}" for number in count(1))
        found.append(name if name not in found else next(one for one in numbered if one not in found))
    return found


def _views(database: "DuckDBPyConnection", datasets: list[Described], names: list[str]) -> Answer:
    titles = {one.name: one.title for one in datasets}
    views = {name: database.view(name) for name in names}
    rows = [
        (name, titles.get(name), view.count("*").fetchall()[0][0], " ".join(view.columns))
        for name, view in views.items()
    ]
    return Answer(("name", "title", "rows", "columns"), rows)
