"""Why a table is named as it is, and its columns: the words of its title and of each heading, and what they mean."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from extract.amounts import amount
from extract.document.pipeline import Knowledge
from extract.document.printed import AsPrinted, as_printed
from extract.model.report import Report, Table
from extract.text import compared


class Word(NamedTuple):
    """A part of a heading; `meaning` is the list of vocabulary.toml that has it, None if none does."""

    text: str
    meaning: str | None


class ColumnWhy(NamedTuple):
    """A column: its heading part by part, the field that it fills, None for none, and whether it holds amounts."""

    words: tuple[Word, ...]
    field: str | None
    amounts: bool

    @property
    def is_settled(self) -> bool:
        """Whether it fills a field, only numbers the rows, or has no heading."""
        return self.field is not None or not self.words or any(word.meaning == "numbering" for word in self.words)


class TableWhy(NamedTuple):
    """A printed table: what its title names, the piece of it that is not known, and its columns. `known` tells whether
    a dataset was found.
    """

    number: int
    page: int
    title: str | None
    concept: str | None
    unknown: str | None
    dataset: str | None
    columns: tuple[ColumnWhy, ...]

    @property
    def is_settled(self) -> bool:
        """Whether it is named and all its columns are."""
        return self.dataset is not None and all(one.is_settled for one in self.columns)

    @property
    def unknown_words(self) -> list[tuple[str, bool]]:
        """Parts of headings that no list has, each once, with whether they stand above amounts."""
        found = {
            word.text: column.amounts
            for column in self.columns
            for word in column.words
            if word.meaning is None and not column.is_settled
        }
        return list(found.items())


def explained(report: Report, knowledge: Knowledge) -> list[TableWhy]:
    """Every printed table of a document."""
    return [_table(number, table, knowledge) for number, table in enumerate(report.tables, 1)]


def _table(number: int, table: Table, knowledge: Knowledge) -> TableWhy:
    titles = knowledge.readers.captions.titles
    text = table.title or table.heading
    title = titles.read(text) if text else None
    unknown = titles.unknown_in(text) if text and title is None and table.dataset is None else None
    concept = title.concept.name if title else None
    return TableWhy(number, table.first_page, text, concept, unknown, table.dataset, tuple(_columns(table, knowledge)))


def _columns(table: Table, knowledge: Knowledge) -> Iterator[ColumnWhy]:
    printed = as_printed(table)
    fields = _fields(table, printed)
    is_caption = knowledge.readers.captions.is_caption
    for place, (path, field) in enumerate(zip(printed.paths, fields, strict=True)):
        words = tuple(Word(text, knowledge.columns.entry(text)) for text in path if not is_caption(text))
        yield ColumnWhy(words, field, any(amount(row[place]) for row in printed.rows))


def _fields(table: Table, printed: AsPrinted) -> Sequence[str | None]:
    """The field of each printed column, by its heading and its turn among columns of the same one."""
    if not table.listings:
        return [None] * len(printed.paths)
    left: dict[tuple[str, ...], list[str | None]] = {}
    for column in table.listings[0].columns:
        left.setdefault(_key(column.path), []).append(column.field)
    found = []
    for path in printed.paths:
        same = left.get(_key(path), [None])
        found.append(same.pop(0) if len(same) > 1 else same[0])
    return found


def _key(path: Sequence[str]) -> tuple[str, ...]:
    return tuple(compared(text) for text in path if text)
