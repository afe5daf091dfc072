"""The lines around a table, and the cells above its header: its title, number, owner, unit and notes."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from extract.schemas.vocabulary import Vocabulary, normal
from extract.tables.titles import Title, TitleReader
from extract.text import compared

_YEAR_ALONE = re.compile(r"\(20\d\d年?度?\)")
TITLE_LINES = 5  # a title may be broken over so many lines
_HEADING = re.compile(r"[^。；;，,]{2,59}表(?:\([^()]*\))*\d?")  # a line that looks like a title


class Caption(NamedTuple):
    """What stands around a table."""

    title: Title | None
    number: str | None
    owner: str | None
    department: str | None
    unit: str | None


class CaptionReader:
    """Reads captions with one vocabulary. `units` are the units of money."""

    def __init__(self, vocabulary: Vocabulary, units: Iterable[str], titles: TitleReader) -> None:
        words = vocabulary.caption
        self.titles = titles
        unit = "|".join(sorted(map(re.escape, units), key=len, reverse=True))
        label = "|".join(sorted(map(re.escape, normal(words.units)), key=len, reverse=True))
        owner = "|".join(sorted(map(re.escape, normal(words.owners)), key=len, reverse=True))
        currency = "|".join(map(re.escape, normal(words.currencies)))
        self._unit = re.compile(rf"(?:{label}):(?:{currency})?\(?(?P<unit>{unit})")
        self._bare_unit = re.compile(rf"\(?(?:(?:{label}):?)?(?:{currency})?\(?(?P<unit>{unit})\)?")
        self._owner = re.compile(
            rf"(?:^|(?<=[)表]))(?:{owner}):(?!(?:{currency})?(?:{unit})(?:\)|$))(?P<owner>.+?)(?=(?:{label}):|\(?(?:{label}):|$)"
        )
        department = "|".join(sorted(map(re.escape, normal(words.departments)), key=len, reverse=True))
        self._department = re.compile(rf"(?:{department}):(?P<name>.+?)(?=(?:{label}):|$)")
        self._label = re.compile(rf"(?:{owner}):")
        self._coded = re.compile(r"\d{3,6}[-_](?P<owner>[^\d].{2,40})")
        note = "|".join(sorted(map(re.escape, normal(words.notes)), key=len, reverse=True))
        self._note = re.compile(rf"\(?(?:{note})\d?:.+")
        self._nothing = set(normal(words.nothing))
        self._continued = normal(words.continued)
        self._cut = re.compile(rf"(?:{owner}|{label}):")
        self.unit_of = lru_cache(maxsize=65536)(self._unit_of)
        self.owner_of = lru_cache(maxsize=65536)(self._owner_of)

    def with_titles(self, titles: TitleReader) -> "CaptionReader":
        """The same with another reader of titles."""
        if titles is self.titles:
            return self
        other = copy(self)
        other.titles = titles
        return other

    def _unit_of(self, text: str) -> str | None:
        """The unit of money that a line or cell tells."""
        key = compared(text)
        found = self._unit.search(key) or self._bare_unit.fullmatch(key)
        return found["unit"] if found else None

    def _owner_of(self, text: str) -> str | None:
        """The unit whose table it is, as a line or cell tells it; a code before the name is left away."""
        key = compared(text)
        found = self._owner.search(key) or self._coded.fullmatch(key)
        if not found:
            return None
        start, end = found.span("owner")
        coded = re.match(r"[\[(]?\d{3,}[\])]?[-_]?", key[start:end])
        start += coded.end() if coded else 0
        printed = "".join(text.split())
        name = printed[start:end] if len(printed) == len(key) else key[start:end]
        return name.strip(":：") or None

    def department_of(self, text: str) -> str | None:
        """The department in charge of the projects of a list, as a line or cell tells it."""
        found = self._department.match(compared(text))
        return found["name"] if found else None

    def is_note(self, text: str) -> bool:
        return self._note.fullmatch(compared(text)) is not None

    def says_nothing(self, text: str) -> bool:
        """Whether the only text of a row says that there is none."""
        return compared(text) in self._nothing

    def is_caption(self, text: str) -> bool:
        """Whether a text is part of a caption and no data."""
        return bool(self.unit_of(text) or self.owner_of(text) or self.titles.number_of(text) or self.title_in(text))

    def title_in(self, text: str) -> Title | None:
        """The title that a text is, or begins with before owner and unit."""
        cut = self._cut.search(compared(text))
        return self.titles.read(compared(text)[: cut.start()] if cut and cut.start() else text)

    def titles_of(self, lines: Sequence[str], cells: Sequence[str]) -> Iterator[Title]:
        """Titles that may name a table, the nearest first: from the cells above its header, then from the lines above
        it, up.
        """
        for text in cells:
            if title := self.title_in(text):
                yield title
        kept = [text for text in lines if not (self._unit.search(compared(text)) and not self.title_in(text))]
        for end in range(len(kept), 0, -1):
            for length in range(min(TITLE_LINES, end), 0, -1):
                title = self.title_in("".join(kept[end - length : end]))
                if title and (length == 1 or self._broken(kept[end - length : end])):
                    yield title
                    break

    def heading(self, lines: Sequence[str], cells: Sequence[str]) -> str | None:
        """What looks like a title although it is not known as one: above the header inside the frame, else the
        nearest line above.
        """
        texts = (text for text in (*cells, *reversed(lines)) if _HEADING.fullmatch(compared(text)))
        return next((text for text in texts if not self.titles.number_of(text)), None)

    def is_continued(self, heading: str) -> bool:
        """Whether a heading says that its table goes on with the one before."""
        return any(word in compared(heading) for word in self._continued)

    def _broken(self, lines: Sequence[str]) -> bool:
        """Whether lines are one title broken over them: only the last of them ends like a title."""
        return not any(self.titles.read(line) or _YEAR_ALONE.fullmatch(compared(line)) for line in lines[:-1])

    def read(self, title: Title | None, lines: Sequence[str], cells: Sequence[str]) -> Caption:
        """The caption of a table with that title. Lines are in printed order, the nearest last; what is nearer goes
        first.
        """
        texts = [*cells, *reversed(lines)]
        number = next(
            (number for text in texts if (number := self.titles.number_of(text))), title.number if title else None
        )
        department = _first(self.department_of, texts)
        owner = _first(self.owner_of, texts) or self._owner_beside(lines)
        return Caption(title, number, owner, department, _first(self.unit_of, texts))

    def _owner_beside(self, lines: Sequence[str]) -> str | None:
        """The owner where its label is a line of its own, and the name the next."""
        labelled = (after for line, after in pairwise(lines) if self._label.fullmatch(compared(line)))
        return next((name for name in labelled if not self.unit_of(name)), None)


def _first(read: Callable[[str], str | None], texts: Iterable[str]) -> str | None:
    return next((found for text in texts if (found := read(text))), None)
