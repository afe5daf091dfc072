"""What `extract diff` prints for people: the changes of each document, a line each."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from extract.amounts import written
from extract.answers.diff import Change, Side, changes, side, side_of_folder
from extract.cli.documents import opened
from extract.errors import InputError
from extract.messages import message
from extract.out.arrow import tables
from extract.out.datapackage import PACKAGE
from extract.stores.client import is_url
from extract.stores.working_copy import reading
from extract.text import visible_name


def differences(before: str, after: str, folder: str | None, password: str | None) -> list[Change]:
    """What changed between two output folders or two PDFs. Raises InputError for one of each."""
    folders = [is_url(one) or Path(one).is_dir() for one in (before, after)]
    if folders[0] != folders[1]:
        raise InputError("diff_one_of_each", before=before, after=after)
    if folders[0]:
        with reading(before, PACKAGE, "parquet") as left:
            was = side_of_folder(left)
        with reading(after, PACKAGE, "parquet") as right:
            return list(changes(was, side_of_folder(right)))
    return list(changes(*(_read(one, folder, password) for one in (before, after))))


def _read(source: str, folder: str | None, password: str | None) -> Side:
    if not Path(source).is_file():
        raise InputError("input_missing", path=source)
    document = opened(source, folder, password)
    return side(tables(document.knowledge.schemas, [document.report]))


def lines(found: Sequence[Change]) -> Iterator[str]:
    """A line for each change under the name of its document, and how many there are."""
    for document, own in groupby(found, key=lambda change: change.document):
        yield visible_name(document)
        yield from (f"  {visible_name(_line(change))}" for change in own)
    yield message("diff_count" if found else "diff_same", count=len(found))


def _line(change: Change) -> str:
    where = _words([_page(change), change.dataset, change.row])
    place = f"{where} · {change.column}" if change.column and where else where or change.column or ""
    told = _told(change.was, change.now)
    return _words([message(f"diff_{change.kind}"), f"{place}: {told}" if place else told])


def _page(change: Change) -> str | None:
    pages = [str(page) for page in dict.fromkeys((change.page_was, change.page_now)) if page is not None]
    return f"p{'→'.join(pages)}" if pages else None


def _told(was: object, now: object) -> str:
    """`was → now`; of what is on one side only, a sign and what it is."""
    if was is None or now is None:
        return f"{'+' if was is None else '-'} {_value(now if was is None else was)}"
    return f"{_value(was)} → {_value(now)}"


def _value(value: object) -> str:
    return written(value) if isinstance(value, Decimal) else str(value)


def _words(words: Iterable[str | None]) -> str:
    return " ".join(word for word in words if word)
