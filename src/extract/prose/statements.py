"""Figures stated in prose → statements, by the subjects and words that statements.toml declares."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from extract.amounts import fits, last_half
from extract.model.report import Spot, Statement
from extract.prose.labels import Era, Figure, Label, LabelReader, Own
from extract.prose.rounding import Rounding, whole_runs
from extract.prose.sentences import Prose, Sentence
from extract.schemas.grammar import Stage, StatementFile, Subject
from extract.text import QUOTES, compared, half_width

LONGEST = 1000  # characters of a sentence that is kept whole with each of its figures
AROUND = 200  # characters kept before and after a figure of a longer one


class _Named(NamedTuple):
    """A subject, and which one of many it is."""

    subject: Subject
    item: str | None


class _Context(NamedTuple):
    """Where a sentence stands: its headings, what has been said under them before it, and the stage of its document."""

    headings: tuple[str, ...]
    above: str
    stage: Stage


class StatementReader:
    """Reads statements as declared; `money` gives what one printed unit is worth in 万元."""

    def __init__(self, declared: StatementFile, money: dict[str, Decimal]) -> None:
        self._declared = declared
        self._money = {unit: money[unit] for unit in declared.money}
        flat = "|".join(declared.directions["flat"])
        units = "|".join(half_width(unit).replace("(", r"\(").replace(")", r"\)") for unit in declared.units)
        number = r"(?P<number>\d{1,14}(?:,\d{3})*(?:\.\d{1,6})?)"
        flat_words = f"(?P<flat>({declared.about.pattern})?({flat}))"
        self._figure = re.compile(
            rf"(?<![\d.,]){number}(?P<unit>{units})(?!{declared.threshold.pattern})|{flat_words}", re.ASCII
        )
        self._labels = LabelReader(declared)
        self._introduces = re.compile(rf"^({declared.introduces.pattern})+")
        self._named = lru_cache(maxsize=4096)(self._all_named)

    def states_figures(self, text: str) -> bool:
        """Whether a page may state figures, so that the places of its characters are wanted."""
        return any(unit in text for unit in self._declared.money)

    def statements(
        self, prose: Prose, fiscal_year: int | None = None, agency: str | None = None, *, final: bool = False
    ) -> list[Statement]:
        """Every figure of the parts that state figures, in order. A figure of another year is not taken for one of
        `fiscal_year`, nor one of another organisation for one of `agency`; `final` says that it is a final account.
        """
        own = Own(fiscal_year, compared(agency or ""), self._declared.year, final)
        said = list(self._joined(prose.sentences("figures"), own))
        rounding = Rounding.of(one for sentence in said for one in sentence)
        runs = {
            unit: whole_runs([[one.origin.printed for one in sentence if one.unit == unit] for sentence in said])
            for unit in self._money
        }
        rounded = (
            self._rounded(one, 0 if one.unit in runs and runs[one.unit][place] else rounding.places(one))
            for place, sentence in enumerate(said)
            for one in sentence
        )
        return [one._replace(number=number) for number, one in enumerate(rounded, 1)]

    def _rounded(self, one: Statement, places: int | None) -> Statement:
        """The figure with the interval of so many decimals, if that is wider than its own."""
        if one.unit is None or one.amount is None or places is None:
            return one
        return one._replace(half=max(one.half, self._money[one.unit] * last_half(Decimal(0), places)))

    def _joined(self, sentences: Iterable[Sentence], own: Own) -> Iterator[list[Statement]]:
        """The statements of each sentence. One that begins with a change (`比上年增加…`) goes on from the one before,
        if that speaks of one thing.
        """
        before: Sentence | None = None
        stated: list[Statement] = []
        above = ""  # what has been said under the same headings
        for sentence in sentences:
            same = before is not None and before.headings == sentence.headings
            if before and same and self._goes_on(_folded(sentence.text)[0], stated, own.final):
                before = Sentence(before.headings, before.pieces + sentence.pieces)
            else:
                yield stated
                above = above + before.text if before and same else ""
                before = sentence
            stated = list(self._sentence(before, above, own))
        yield stated

    def _goes_on(self, text: str, stated: Sequence[Statement], final: bool) -> bool:
        """Whether a sentence belongs to the one before it."""
        if final and stated and self._declared.weighs.match(text):
            return True
        return bool(self._labels.goes_on.match(text)) and _of_one(stated)

    def _sentence(self, sentence: Sentence, above: str, own: Own) -> Iterator[Statement]:
        folded, places = _folded(sentence.text)
        context = _Context(sentence.headings, _folded(above)[0], "final" if own.final else "budget")
        era = Era(own, self._declared.lists, own.is_foreign_chapter(sentence.headings))
        before, resumed, current = 0, 0, None
        for figure in self._figures(folded):
            said = self._declared.aside.sub("", folded[: figure.start])
            clause = self._declared.delimiters.split(said[before:])[-1]
            own_clause = self._introduces.sub("", clause)
            label = era.dated(self._labels.read(own_clause, figure, said, own.final), clause, said[before:])
            if own.is_foreign(self._declared.opening, own_clause):
                label = label._replace(foreign=True)
            named = self._named_by(label, figure, context, said, current or self._unsaid(clause, context, said))
            if named and not label.aspect and said.removesuffix(clause).endswith(";"):
                resumed = len(said) - len(clause)  # no reason any more
            if figure.number or named:
                kind, item = ("explanation", None) if self._explains(said[resumed:]) else _kind(named, label, figure)
                yield self._statement(kind, item, figure, label.direction, sentence, places)
            if any(aside.start() < figure.start < aside.end() for aside in self._declared.aside.finditer(folded)):
                continue
            if label.text and figure.number:
                current = named
            before = len(said) + figure.end - figure.start

    def _explains(self, before: str) -> bool:
        """Whether a reason is being given, so that a figure speaks of something that no table prints."""
        begun = before.rpartition("。")[2]
        return _last(self._declared.reason, begun) > _last(self._declared.resumes, begun)

    def _figures(self, folded: str) -> Iterable[Figure]:
        return (
            Figure(found.start(), found.end(), found["number"], found["unit"])
            for found in self._figure.finditer(folded)
        )

    def _named_by(
        self, label: Label, figure: Figure, context: _Context, before: str, current: _Named | None
    ) -> _Named | None:
        """What a label is of, if that has figures in this unit. Without a text it goes on from what was
        named before.
        """
        if label.foreign:
            return None
        goes_on = current if label.aspect or label.goes_on else None
        named = self._subject(label.text, context, before) if label.text else goes_on
        return named if named and self._measures(named.subject, label, figure) else None

    def _subject(self, label: str, context: _Context, before: str) -> _Named | None:
        headings = context.headings
        if self._declared.from_heading.fullmatch(label):
            opened = _last_of(self._declared.opens, context.above + before, "text")
            heading = self._introduces.sub("", compared(headings[-1])) if headings else label
            label = self._headed(label, before) or opened or heading
        here = "".join(map(compared, headings)) + before
        paragraph = context.above + before
        named = (one for one in self._named(label) if one.subject.stage in (None, context.stage))
        found = next((one for one in named if _meant(one.subject, here, paragraph)), None)
        if found and found.subject.above:
            return found._replace(item=_last_of(found.subject.above, here.removesuffix(before) + paragraph, "item"))
        return found and found._replace(item=found.item and self._item(found.item, headings))

    def _unsaid(self, clause: str, context: _Context, before: str) -> _Named | None:
        """What the first figures of a sentence of a final account are of that names nothing: what stands before a `：`,
        what was named last under the same headings, or what the heading names.
        """
        if context.stage != "final":
            return None
        heading = self._introduces.sub("", compared(context.headings[-1])) if context.headings else ""
        heading = self._declared.heading_rest.sub("", heading)
        texts = dict.fromkeys((self._headed(clause, before) or "", "", heading))
        named = (self._subject(text, context, before) for text in texts)
        return next((one for one in named if one), None)

    def _headed(self, label: str, before: str) -> str | None:
        """What stands before a `：` that a label follows at once."""
        clauses = self._declared.delimiters.split(before)
        headed = len(clauses) > 1 and before.endswith(f":{label}")
        return self._introduces.sub("", clauses[-2]) if headed else None

    def _all_named(self, label: str) -> tuple[_Named, ...]:
        """Every subject that a label may mean, with the item that it names."""
        rest = self._declared.opening.sub("", label, count=1)
        found = ((subject, subject.label.fullmatch(rest)) for subject in self._declared.subject)
        return tuple(_Named(subject, one.groupdict().get("item")) for subject, one in found if one)

    def _item(self, label: str, headings: Sequence[str]) -> str:
        """The class that is meant, with the classes above it that a heading names."""
        own = {found["level"] for found in self._declared.classes.finditer(label)}
        above = self._introduces.sub("", compared(headings[-1])) if headings else ""
        levels = {found["level"] for found in self._declared.classes.finditer(above)}
        return above + label if levels and not levels & own else label

    def _measures(self, subject: Subject, label: Label, figure: Figure) -> bool:
        """Whether the unit of a figure is one that the subject is counted in."""
        if figure.unit is None:
            return True
        if figure.unit == "%":
            return label.aspect in ("_change", "_share", "_completion", "_deviation") or (
                subject.unit == "%" and not label.aspect
            )
        return figure.unit in self._money if subject.unit is None else figure.unit.startswith(subject.unit)

    def _statement(
        self,
        kind: str,
        item: str | None,
        figure: Figure,
        direction: str | None,
        sentence: Sentence,
        places: Sequence[int],
    ) -> Statement:
        start, end = places[figure.start], places[figure.end - 1] + 1
        origin = Spot(sentence.page(start), sentence.box(start, end), sentence.text[start:end])
        text = _excerpt(sentence.text, start, end)
        said = Statement(0, kind, item, None, None, Decimal(0), None, direction, text, origin)
        if figure.number is None:
            return said
        unit = sentence.text[start + len(figure.number) : end]
        value = Decimal(figure.number.replace(",", ""))
        worth = self._money.get(unit)
        if worth is None:
            half = last_half(value, 0) if figure.unit == "%" else Decimal(0)  # counts are exact
            return said._replace(value=value, half=half, unit="%" if figure.unit == "%" else unit)
        half = last_half(value, self._declared.decimals.get(unit, 0))
        if not fits(value * worth):
            return said._replace(half=half, unit=unit)
        return said._replace(amount=value * worth, half=half * worth, unit=unit)


def _excerpt(text: str, start: int, end: int) -> str:
    """A sentence as it is kept with a figure of it: of an endless one, as damaged files have them, what stands around
    the figure.
    """
    return text if len(text) <= LONGEST else text[max(start - AROUND, 0) : end + AROUND]


def _meant(subject: Subject, here: str, paragraph: str) -> bool:
    """Whether a subject's label means it in its sentence and paragraph."""
    if subject.above and not (subject.above.search(here) or subject.above.search(paragraph)):
        return False
    if subject.after and not subject.after.search(paragraph):
        return False
    return (subject.within is None or bool(subject.within.search(here))) and not (
        subject.unless and subject.unless.search(paragraph)
    )


def _last_of(wanted: re.Pattern[str], text: str, group: str) -> str | None:
    """What was named last."""
    return next((found[group] for found in reversed(list(wanted.finditer(text)))), None)


def _of_one(stated: Sequence[Statement]) -> bool:
    """Whether a sentence speaks of one thing: one figure that is no change, percentage or explanation, and no change
    yet.
    """
    figures = [one for one in stated if one.kind != "explanation" and one.unit != "%"]
    return len(figures) == 1 and figures[0].direction is None and not figures[0].kind.endswith("_last_year")


def _last(wanted: re.Pattern[str], text: str) -> int:
    """Where the last match begins, -1 if there is none."""
    return max((found.start() for found in wanted.finditer(text)), default=-1)


def _kind(named: _Named | None, label: Label, figure: Figure) -> tuple[str, str | None]:
    if named is None:
        return "other", None
    rate = "_rate" if label.aspect == "_change" and figure.unit == "%" else ""
    return f"{named.subject.kind}{label.aspect}{rate}", named.item


def _folded(text: str) -> tuple[str, list[int]]:
    """The sentence as it is matched (half-width, without quotation marks) and the place in it of each character."""
    places = [place for place, character in enumerate(text) if character not in QUOTES]
    folded = half_width(text)
    return "".join([folded[place] for place in places]), places
