"""A line of text → the table that it is the title of: what it is about, its number, its year, whose it is.

A title is read word by word with the words of vocabulary.toml, and every word must be known: a sentence, a heading or a
line of a contents page is no title.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from functools import lru_cache
from typing import NamedTuple

from extract.schemas.vocabulary import Concept, Vocabulary, normal
from extract.tables.wording import made_of, unknown_parts
from extract.text import compared

FIGURES = "[0-9]{1,2}?(?=20[0-9]{2}年)|[0-9]{1,2}|[一二三四五六七八九十]{1,3}"
TABLE = "表"  # what a title ends in, and holds nowhere else
LONGEST = 60  # characters of a title; a longer text is none
COMMON = 3  # things that the titles are about in which a word that adds nothing stands
PIECE = 8  # characters of such a word
_YEAR = re.compile(r"(20\d\d)(?:年度|年)?|[一二三四五六七八九〇零]{4}年度?")
_TAIL = re.compile(r"\((?:20\d\d年?度?|单位:.*|续表?\d*)\)$|(?<!\d)\d{1,2}(?:-\d{1,2})?$")
_ENDS = re.compile(r"表(?:-+[^-()]+)?(?:\([^()]*\))*$")  # 基本支出表-人员经费(按经济分类)
_SIGNS = ("(", ")", "[", "]", "《", "》", ":", "-", "—", "·", ".", "―")


class Title(NamedTuple):
    """What a title says. `words` are the kinds of words in it, `number` as printed before it."""

    text: str
    concept: Concept
    words: frozenset[str]
    number: str | None
    fiscal_year: int | None

    @property
    def final(self) -> bool:
        return "final" in self.words

    @property
    def whose(self) -> tuple[str, bool]:
        """The same for the same kind of table."""
        return self.concept.name, self.final


class TitleReader:
    """Reads titles with one vocabulary; remembers the texts it has seen."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._concepts = vocabulary.concept
        self._kinds = _kinds(vocabulary)
        self._longest = max(map(len, self._kinds))
        self._ends = tuple(sorted(normal(vocabulary.caption.agency_ends), key=len, reverse=True))
        self._number, self._number_after = _number_patterns(vocabulary.caption.numbers)
        aside = "|".join(map(re.escape, normal(vocabulary.title.asides)))
        self._aside = re.compile(rf"[-—,、]?(?:{aside})[^()]*(?=\))")
        self._cautions = normal(vocabulary.cautions)
        self._remember()

    def _remember(self) -> None:
        self.read = lru_cache(maxsize=65536)(self._read)
        self.words = lru_cache(maxsize=65536)(self._words)

    def number_of(self, text: str) -> str | None:
        """The number that a line of text is, if it is nothing but one."""
        found = self._number.match(compared(text))
        return text.strip() if found and found.end() == len(compared(text)) else None

    def _read(self, text: str) -> Title | None:
        text = text.strip().removeprefix("《").removesuffix("》")
        key = compared(text)
        if not 2 < len(key) <= LONGEST or TABLE not in key:
            return None
        number, year, rest = self._stripped(key)
        if rest is None:
            return None
        words = self._without_owner(rest)
        concept = self._concept(words) if words is not None else None
        if concept is None or words is None:
            return None
        printed = number["number"].rstrip(":、.") if number else None
        before = number is not None and number.start() == 0
        own = _printed_after(text, key, number.end() if number and before else 0)
        return Title(own, concept, words, printed, int(year[1]) if year and year[1] else None)

    def _stripped(self, key: str) -> tuple[re.Match[str] | None, re.Match[str] | None, str | None]:
        """The number before a title, its year, and its words; no words if it does not end like a title."""
        number = self._number.match(key) or self._number_after.search(key)
        rest = key[: number.start()] or key[number.end() :] if number else key
        year = _YEAR.search(rest)
        rest = _YEAR.sub("", _TAIL.sub("", rest))
        end = _ENDS.search(rest)
        return number, year, rest if end and TABLE not in rest[: end.start()] else None

    def _without_owner(self, text: str) -> frozenset[str] | None:
        """The kinds of words of a title; the name of an agency may stand before them."""
        words = self.words(text)
        if words is not None:
            return words
        if (rest := self._aside.sub("", text)) != text:
            return self._without_owner(rest)
        for end in range(len(text) - 3, 0, -1):
            if text[:end].endswith(self._ends) and (words := self.words(text[end:])) is not None:
                return words
        return None

    def _words(self, text: str) -> frozenset[str] | None:
        """The kinds of the words that a text is made of, None if it is not made of known words."""
        words = self.split(text)
        return None if words is None else frozenset(self._kinds[word] for word in words) - {""}

    def split(self, text: str) -> tuple[str, ...] | None:
        """The known words that a text is made of, as few as possible; None if it is not made of known words."""
        return made_of(text, self._kinds, self._longest)

    def knowing(self, texts: Iterable[str]) -> "TitleReader":
        """A reader that also knows the words of one document that add nothing there: a piece that stands in the titles
        of several of its tables, about different things, tells none from another.
        """
        concepts: dict[str, set[str]] = defaultdict(set)
        for text in set(texts):
            if len(text) <= LONGEST and TABLE in text and self.read(text) is None:
                for piece, concept in self._but_for_a_piece(text):
                    concepts[piece].add(concept)
        common = {piece for piece, named in concepts.items() if len(named) >= COMMON}
        if not common:
            return self
        other = copy(self)
        other._kinds = {**self._kinds, **dict.fromkeys(common, "")}
        other._longest = max(map(len, other._kinds))
        other._remember()
        return other

    def unknown_in(self, text: str) -> str | None:
        """The shortest piece of a text that keeps it from being made of known words."""
        _, _, rest = self._stripped(compared(text))
        pieces = unknown_parts(rest or "", self._kinds, self._longest)
        start, end = next(pieces, (0, 0))
        return rest[start:end] if rest and self.words(rest) is None else None

    def _but_for_a_piece(self, text: str) -> Iterator[tuple[str, str]]:
        """The shortest piece of a text without which it would be a title, and the concept that it would name."""
        _, _, rest = self._stripped(compared(text))
        if rest is None:
            return
        for start, end in unknown_parts(rest, self._kinds, self._longest):
            piece = rest[start:end]
            if len(piece) > PIECE or any(word in piece for word in self._cautions):
                return
            words = self.words(rest[:start]), self.words(rest[end:])
            concept = self._concept((words[0] or frozenset()) | (words[1] or frozenset()))
            if concept:
                yield piece, concept.name
                return

    def _concept(self, words: frozenset[str]) -> Concept | None:
        if "not_a_budget" in words:
            return None
        fitting = (one for one in self._concepts if words.issuperset(one.words) and words <= {*one.words, *one.may})
        return next(fitting, None)


def _printed_after(text: str, key: str, start: int) -> str:
    """What is printed after so many characters of the compared form, without white space."""
    printed = "".join(text.split())
    passed = place = 0
    while passed < start and place < len(printed):
        passed += len(compared(printed[place]))
        place += 1
    return printed[place:] if compared(printed[place:]) == key[start:] else key[start:]


def _kinds(vocabulary: Vocabulary) -> Mapping[str, str]:
    """Each known word and its kind, "" for words that add nothing."""
    kinds = dict.fromkeys([*normal(vocabulary.title.nothing), *_SIGNS], "")
    for kind, words in vocabulary.title.words.items():
        kinds |= dict.fromkeys(normal(words), kind)
    return kinds


def _number_patterns(written: Iterable[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Numbers of tables at the beginning of a text, and in brackets at its end. A bare figure needs a sign after it."""
    forms = [re.escape(compared(one)).replace(r"\#", f"(?:{FIGURES})") for one in written if one != "#"]
    longest_first = sorted(forms, key=len, reverse=True)
    form = "|".join(longest_first)
    before = rf"(?P<number>(?:{form})[:、.]?|(?:{FIGURES})[:、.]|\((?:{FIGURES})\))"
    return re.compile(before), re.compile(rf"\((?P<number>{form})\)$")
