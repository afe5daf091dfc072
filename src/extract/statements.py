"""Figures stated in prose → statements, by the subjects and words that statements.toml declares."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from extract.amounts import fits, last_half
from extract.model import GlossaryTerm, Place, Statement
from extract.prose import Prose, Sentence
from extract.schemas import StatementFile, Subject
from extract.text import half_width, pattern

_DELIMITERS = re.compile("[，,；;。：:、]")
_QUOTES = "“”‘’\"'"
CHAPTER = pattern("[一二三四五六七八九十]+、")


class _Figure(NamedTuple):
    """A number with its unit, or a word for `no change`, at its place in the folded sentence."""

    start: int
    end: int
    number: str | None
    unit: str | None


class _Label(NamedTuple):
    """What the clause before a figure says: a subject, a direction of change, or last year's number."""

    text: str
    direction: str | None
    last_year: bool


class StatementReader:
    """Reads statements as declared; `money` gives what one printed unit is worth in 万元."""

    def __init__(self, declared: StatementFile, money: dict[str, Decimal]) -> None:
        self._declared = declared
        self._money = {unit: money[unit] for unit in declared.money}
        self._directions = {word: direction for direction, words in declared.directions.items() for word in words}
        moves = [word for word, direction in self._directions.items() if direction != "flat"]
        flat = "|".join(declared.directions["flat"])
        units = "|".join(half_width(unit).replace("(", r"\(").replace(")", r"\)") for unit in declared.units)
        number = r"(?P<number>\d{1,14}(?:,\d{3})*(?:\.\d{1,6})?)"
        flat_words = f"(?P<flat>({declared.about.pattern})?({flat}))"
        self._figure = re.compile(rf"(?<![\d.,]){number}(?P<unit>{units})(?!{declared.threshold.pattern})|{flat_words}", re.ASCII)
        self._change = re.compile(rf"(?P<subject>.*?){declared.since.pattern}?(?P<word>{'|'.join(moves)})(了|额|数)?(为)?")
        self._since = re.compile(rf"(?P<subject>.*?){declared.since.pattern}(为|数)?")
        self._introduces = re.compile(rf"({declared.introduces.pattern})")

    def states_figures(self, text: str) -> bool:
        """Whether a page may state figures, so that the places of its characters are wanted."""
        return any(unit in text for unit in self._declared.money)

    def statements(self, prose: Prose) -> list[Statement]:
        """Every figure of the part that states figures, in order."""
        found = (one for sentence in prose.sentences("figures") for one in self._sentence(sentence))
        return [one._replace(number=number) for number, one in enumerate(found, 1)]

    def _sentence(self, sentence: Sentence) -> Iterator[Statement]:
        folded, places = _folded(sentence.text)
        before, current = 0, None
        for figure in self._figures(folded):
            label = self._label(self._declared.aside.sub("", folded[before : figure.start]), figure)
            subject = self._subject(label.text, sentence.heading + self._declared.aside.sub("", folded[: figure.start]))
            if subject is None and (label.direction or label.last_year) and not label.text:
                subject = current
            if not (figure.number is None and subject is None):
                kind = "explanation" if self._explains(folded[: figure.start]) else _kind(subject, label, figure)
                yield self._statement(kind, figure, label.direction, sentence, places)
            current, before = subject or current, figure.end

    def _explains(self, before: str) -> bool:
        """Whether a reason is being given, so that a figure speaks of something that no table prints."""
        return _last(self._declared.reason, before) > _last(self._declared.resumes, before)

    def _figures(self, folded: str) -> Iterable[_Figure]:
        return (_Figure(found.start(), found.end(), found["number"], found["unit"]) for found in self._figure.finditer(folded))

    def _label(self, text: str, figure: _Figure) -> _Label:
        clause = self._introduces.sub("", _DELIMITERS.split(text)[-1])
        if figure.number is None:
            since = self._since.fullmatch(clause)
            return _Label(since["subject"] if since else clause, "flat", False)
        change = self._change.fullmatch(clause)
        if change:
            return _Label(change["subject"], self._directions[change["word"]], False)
        since = self._since.fullmatch(clause)
        return _Label(since["subject"], None, True) if since and since.group(2) else _Label(clause, None, False)

    def _subject(self, label: str, context: str) -> Subject | None:
        if not label:
            return None
        return next(
            (s for s in self._declared.subject if s.label.fullmatch(label) and (s.within is None or s.within.search(context))),
            None,
        )

    def _statement(self, kind: str, figure: _Figure, direction: str | None, sentence: Sentence, places: Sequence[int]) -> Statement:
        start, end = places[figure.start], places[figure.end - 1] + 1
        origin = Place(sentence.page(start), sentence.box(start, end), sentence.text[start:end])
        if figure.number is None:
            return Statement(0, kind, None, None, Decimal(0), None, direction, sentence.text, origin)
        unit = sentence.text[start + len(figure.number) : end]
        value = Decimal(figure.number.replace(",", ""))
        worth = self._money.get(unit)
        if worth is None:
            half = last_half(value, 0) if figure.unit == "%" else Decimal(0)  # counts are exact
            return Statement(0, kind, None, value, half, "%" if figure.unit == "%" else unit, direction, sentence.text, origin)
        half = last_half(value, self._declared.decimals.get(unit, 0))
        if not fits(value * worth):
            return Statement(0, kind, None, None, half, unit, direction, sentence.text, origin)
        return Statement(0, kind, value * worth, None, half * worth, unit, direction, sentence.text, origin)


def _last(wanted: re.Pattern[str], text: str) -> int:
    """Where the last match begins, -1 if there is none."""
    return max((found.start() for found in wanted.finditer(text)), default=-1)


def _kind(subject: Subject | None, label: _Label, figure: _Figure) -> str:
    if subject is None:
        return "other"
    if label.last_year:
        return f"{subject.kind}_last_year"
    if label.direction is None:
        return subject.kind
    return f"{subject.kind}_change_rate" if figure.unit == "%" else f"{subject.kind}_change"


def _folded(text: str) -> tuple[str, list[int]]:
    """The sentence as it is matched (half-width, without quotation marks) and the place in it of each character."""
    kept = [(half_width(character), place) for place, character in enumerate(text) if character not in _QUOTES]
    return "".join(character for character, _ in kept), [place for _, place in kept]


def glossary(prose: Prose, declared: StatementFile) -> list[GlossaryTerm]:
    """The terms of the part that explains terms."""
    found = ((text, declared.term.fullmatch(half_width(text))) for text in prose.paragraphs("glossary"))
    return [GlossaryTerm(text[slice(*one.span("term"))], text[slice(*one.span("definition"))]) for text, one in found if one]


def overview(prose: Prose, heading: re.Pattern[str]) -> str | None:
    """The text below a heading of the part that describes the unit, up to the next chapter."""
    kept: list[str] = []
    inside = False
    for paragraph in prose.paragraphs("overview"):
        key = half_width(paragraph)
        if heading.fullmatch(key):
            inside = True
        elif inside and CHAPTER.match(key):
            break
        elif inside:
            kept.append(paragraph)
    return "\n".join(kept) or None
