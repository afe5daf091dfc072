"""A reader of whole documents as a second reader: the pages that are asked for, read by it from the beginning."""

from collections.abc import Sequence

from extract.errors import ExtractError
from extract.model.page import PageReading
from extract.reading.base import Reader
from extract.reading.grids import grids
from extract.reading.hidden import seen


class PagesAgain:
    """See `readers.SecondReader`."""

    def __init__(self, reader: Reader) -> None:
        self.name = reader.name
        self._reader = reader

    def read(self, content: bytes, first: Sequence[PageReading]) -> dict[int, PageReading]:
        found = {}
        try:
            with self._reader.open(content) as document:
                for page in first:
                    if page.number <= document.page_count:
                        found[page.number] = grids(seen(document.page(page.number, lambda _text: True), page.hidden))
        except ExtractError:  # what this reader cannot read it does not confirm; the pages before count
            return found
        return found
