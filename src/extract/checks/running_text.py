"""Whether the text of a document goes on from page to page.

What is looked at is where pages meet, as a page that was lost leaves its traces there: a sentence that breaks off
before a heading, a heading whose number does not follow. Elsewhere an official has left out a number, and no page is
lost.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from extract.checks.completeness import told
from extract.model.page import Line, PageReading
from extract.model.report import Check
from extract.prose.sentences import running_text
from extract.schemas.grammar import Schemas, StatementFile
from extract.tables.titles import TABLE
from extract.text import compared, ordinal

FULL = 0.85  # of the longest line of a page: a line so long goes on in the next
SHORTEST = 15  # characters of a line of prose that is full
LINES = 6  # of a page of prose: fewer are a title
FIRST = 2  # number of a heading that the first of its kind may have: that before it may have none
LARGEST = 99  # number of a heading
SENTENCE = "。"
OPEN = "、，,（("
_CLOSED = re.compile(r"[。；：:;！!？?.）)》…]$")
_WRITTEN = re.compile(
    r"(?P<before>第?\(?)(?P<figures>[0-9]+|[一二三四五六七八九十]+)(?P<after>[^0-9一二三四五六七八九十])"
)


class _Page(NamedTuple):
    """The lines of a page outside of its tables in compared form, and whether it has tables."""

    number: int
    lines: tuple[str, ...]
    tables: bool

    @property
    def text(self) -> str:
        return "".join(self.lines)

    def is_prose(self) -> bool:
        """Whether it holds sentences, as contents and titles do not."""
        return not self.tables and len(self.lines) >= LINES and SENTENCE in self.text


class _Numbers:
    """The number of the last heading of each level, as far as it is known: tables have headings of their own."""

    def __init__(self, levels: int) -> None:
        self._levels = levels
        self._last = dict.fromkeys(range(levels), 0)

    def lose(self) -> None:
        self._last = {}

    def follows(self, level: int, number: int, first: int) -> bool:
        """Whether a heading goes on from those before it, or begins anew with a number up to `first`, so far as they
        are known.
        """
        before = self._last.get(level)
        return before is None or number <= max(before + 1, first)

    def took(self, level: int, number: int) -> None:
        above = {own: last for own, last in self._last.items() if own < level}
        self._last = above | {level: number} | dict.fromkeys(range(level + 1, self._levels), 0)


def check_running_text(schemas: Schemas, readings: Sequence[PageReading]) -> Iterator[Check]:
    """Sentences that break off at the end of a page, and headings whose number does not follow from the page before."""
    declared = schemas.statements
    pages = list(_pages(declared, readings))
    for page, following in pairwise(pages):
        if page.is_prose() and _is_open(page, declared) and _begins(following, declared):
            yield told(schemas, "text-breaks-off", page.number, text=page.lines[-1][-SHORTEST:])
    if pages and pages[-1].is_prose() and _is_open(pages[-1], declared):
        yield told(schemas, "text-breaks-off", pages[-1].number, text=pages[-1].lines[-1][-SHORTEST:])
    yield from _jumps(schemas, pages)


def _pages(declared: StatementFile, readings: Sequence[PageReading]) -> Iterator[_Page]:
    lines: dict[int, list[Line]] = {}
    for line in running_text([line for reading in readings for line in reading.lines], declared):
        if compared(line.text):
            lines.setdefault(line.page, []).append(line)
    for reading in readings:
        own = lines.get(reading.number, [])
        yield _Page(reading.number, tuple(compared(line.text) for line in own), bool(reading.grids))


def _is_open(page: _Page, declared: StatementFile) -> bool:
    """Whether a sentence goes on after the last line of a page: it is full, is no heading, and nothing ends there."""
    last = page.lines[-1]
    if declared.level(last) is not None or declared.heading_end.search(last) or _CLOSED.search(last):
        return False
    full = FULL * max(map(len, page.lines))
    return last[-1] in OPEN or (len(last) >= max(SHORTEST, full) and len(page.lines[-2]) >= full)


def _begins(page: _Page, declared: StatementFile) -> bool:
    """Whether a page begins with a heading or a table."""
    if not page.lines:
        return page.tables
    first = page.lines[0]
    return declared.level(first) is not None or (page.tables and first.endswith(TABLE))


def _jumps(schemas: Schemas, pages: Sequence[_Page]) -> Iterator[Check]:
    """The first numbered heading of a page of prose, if its number does not follow and that before it stands nowhere
    on this page or the last.
    """
    declared, numbers = schemas.statements, _Numbers(len(schemas.statements.headings))
    before = ""
    for page in pages:
        if page.tables:
            numbers.lose()
        first = page.is_prose()
        lenient = FIRST if before else 1
        for line in page.lines if first else ():
            level, number = declared.level(line), _number(line)
            if level is None or not 0 < number <= LARGEST:
                continue
            if (
                first
                and not numbers.follows(level, number, lenient)
                and not _stands(line, number - 1, before + page.text)
            ):
                yield told(schemas, "heading-gap", page.number, heading=line[:SHORTEST])
            first = False
            numbers.took(level, number)
        before = page.text


def _number(line: str) -> int:
    found = _WRITTEN.match(line)
    return ordinal(found["figures"]) if found else 0


def _stands(line: str, number: int, text: str) -> bool:
    """Whether a number is written somewhere, if only inside of a line, as the heading writes its own."""
    heading = _WRITTEN.match(line)
    return heading is not None and any(
        found["after"] == heading["after"]
        and found["before"] == heading["before"]
        and ordinal(found["figures"]) == number
        for found in _WRITTEN.finditer(text)
    )
