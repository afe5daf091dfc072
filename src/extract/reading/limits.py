"""How much one document may hold: far more than any printed one does. What holds more is not read, so that no file
takes the machine; each limit can be set (`--limit`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from extract.errors import LostError


class Size(NamedTuple):
    """Pages of a document; of one page: bytes of its content, characters, strokes, forms that it draws, and boxes
    between the walls of its tables.
    """

    pages: int = 5_000
    content: int = 1 << 28
    characters: int = 400_000
    strokes: int = 1_000_000
    forms: int = 20_000
    cells: int = 4_000_000


class BeyondLimitError(Exception):
    """A page holds more than the limit of this name."""


USUAL = Size()
_largest: ContextVar[Size] = ContextVar("largest", default=USUAL)


def largest() -> Size:
    """The limits that hold here."""
    return _largest.get()


def choose_largest(size: Size) -> None:
    """Sets the limits for what is read from now on."""
    _largest.set(size)


def check(name: str, count: int) -> None:
    """Raises BeyondLimitError if a page has more than that."""
    if count > getattr(largest(), name):
        raise BeyondLimitError(name)


def check_pages(count: int) -> None:
    """Raises LostError for a document of too many pages."""
    if count > largest().pages:
        raise LostError("limit_pages", count=count, limit=largest().pages)


@contextmanager
def of_page(number: int) -> Iterator[None]:
    """Raises LostError, which names the page, for what goes beyond a limit."""
    try:
        yield
    except BeyondLimitError as error:
        name = str(error)
        raise LostError(f"limit_{name}", page=number, limit=getattr(largest(), name)) from error
