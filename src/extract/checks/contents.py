"""What the contents of a document announce and the document does not hold."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from extract.checks.completeness import told
from extract.model.page import Line
from extract.model.report import Check
from extract.schemas.grammar import Schemas
from extract.schemas.rule_file import Contents
from extract.text import compared

PAGES = 6  # the contents stand among the first
SENTENCE = "。"
PART = "第"
LEADER = re.compile(r"[.…·]{3,}")
SHARE = 3  # of so many entries one at least is there again
LONGER = 30  # characters that a heading may have more than the contents say: the name of the agency
FEWEST = 2  # entries that are there again: fewer tell nothing of how headings are written


class _Entry(NamedTuple):
    """What the contents list: the number of a heading, its name as it is compared, and both as printed."""

    number: str
    name: str
    printed: str


def check_contents(schemas: Schemas, lines: Sequence[Line]) -> Iterator[Check]:
    """What the contents list and no heading says again, where most of what they list is there: neither its name nor,
    between the headings before and after it, its number. And contents that nothing stands before.
    """
    declared = schemas.contents
    page = _page(declared, lines)
    if page is None:
        return
    if declared.heading.fullmatch(compared(lines[0].text)):
        yield told(schemas, "cover-missing", page)
    last = _last_page(page, lines)
    entries = _entries(declared, [line for line in lines if page <= line.page <= last])
    body = [compared(line.text) for line in lines if line.page > last]
    places = _places(declared, entries, [declared.varies.sub("", text) for text in body])
    there = [place for place in places if place is not None]
    if len(there) < FEWEST or SHARE * len(there) < len(entries):
        return
    for at, entry in enumerate(entries):
        if places[at] is None and not _has_others_below(entries, at):
            before = max((place for place in places[:at] if place is not None), default=0)
            after = min((place for place in places[at:] if place is not None and place > before), default=len(body))
            if not any(text.startswith(entry.number) for text in body[before:after]):
                yield told(schemas, "part-missing", page, part=entry.printed)


def _has_others_below(entries: Sequence[_Entry], at: int) -> bool:
    """Whether the next entry is of another kind: what stands for a part may be the headings in it."""
    return at + 1 < len(entries) and entries[at].number[0] == PART != entries[at + 1].number[0]


def _page(declared: Contents, lines: Sequence[Line]) -> int | None:
    """The page that is nothing but contents."""
    page = next(
        (one.page for one in lines if one.page <= PAGES and declared.heading.fullmatch(compared(one.text))), None
    )
    return None if any(line.page == page and SENTENCE in line.text for line in lines) else page


def _last_page(page: int, lines: Sequence[Line]) -> int:
    """The page that the contents, which lead to pages by dots, end on."""
    while True:
        following = [line.text for line in lines if line.page == page + 1]
        if sum(LEADER.search(text) is not None for text in following) < FEWEST or SENTENCE in "".join(following):
            return page
        page += 1


def _entries(declared: Contents, lines: Sequence[Line]) -> list[_Entry]:
    """The entries but for tables: titles of those are told apart where they are read."""
    found = []
    for line in lines:
        text = declared.leader.sub("", compared(line.text))
        entry = declared.entry.fullmatch(text)
        name = declared.varies.sub("", entry["name"]) if entry else ""
        if entry and name and not declared.tables.fullmatch(name):
            found.append(_Entry(entry["number"], name, text))
    return found


def _places(declared: Contents, entries: Sequence[_Entry], body: Sequence[str]) -> list[int | None]:
    """Where the name of each entry begins or ends a line, or two, the number left out."""

    def plain(text: str) -> str:
        entry = declared.entry.fullmatch(text)
        return declared.varies.sub("", entry["name"]) if entry else text

    texts = [plain(text) for text in body]
    joined = [(one, one + other) for one, other in pairwise([*texts, ""])]
    return [
        next((at for at, own in enumerate(joined) if any(_says(text, entry.name) for text in own)), None)
        for entry in entries
    ]


def _says(text: str, name: str) -> bool:
    return text.startswith(name) or (text.endswith(name) and len(text) <= len(name) + LONGER)
