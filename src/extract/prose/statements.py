"""Figures stated in prose → statements, by the subjects and words that statements.toml declares."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import chain, groupby
from typing import NamedTuple

from extract.amounts import fits, last_half
from extract.model.report import Spot, Statement
from extract.prose.sentences import Prose, Sentence
from extract.schemas.grammar import StatementFile, Subject
from extract.text import QUOTES, compared, half_width

FEW = 3  # figures of which none has a decimal by chance
LARGE = 3  # digits before the point
LONGEST = 1000  # characters of a sentence that is kept whole with each of its figures
AROUND = 200  # characters kept before and after a figure of a longer one
_WHOLE = re.compile(r"\d+")
_FRACTION = re.compile(r"\.(\d+)")


class _Figure(NamedTuple):
    """A number with its unit, or a word for `no change`, at its place in the folded sentence."""

    start: int
    end: int
    number: str | None
    unit: str | None


class _Label(NamedTuple):
    """What the clause before a figure says: of what (empty where it goes on from the figure before), which aspect of
    it, its direction, and whether it speaks of a year that is neither the document's nor the one before.
    """

    text: str
    aspect: str
    direction: str | None
    foreign: bool = False


class _Named(NamedTuple):
    """A subject, and which one of many it is."""

    subject: Subject
    item: str | None


class _Context(NamedTuple):
    """Where a sentence stands: its headings, and what has been said under them before it."""

    headings: tuple[str, ...]
    above: str


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
        since, compares = declared.since.pattern, f"(?={declared.compares.pattern}){declared.since.pattern}"
        self._figure = re.compile(
            rf"(?<![\d.,]){number}(?P<unit>{units})(?!{declared.threshold.pattern})|{flat_words}", re.ASCII
        )
        self._change = re.compile(rf"({compares})?(?P<subject>.*?){since}?(?P<word>{'|'.join(moves)})(了|额|数)?(为)?")
        self._since = re.compile(rf"({compares})?(?P<subject>.*?){since}(为|数)?")
        self._goes_on = re.compile(compares)
        self._introduces = re.compile(rf"^({declared.introduces.pattern})+")
        self._named = lru_cache(maxsize=4096)(self._all_named)

    def states_figures(self, text: str) -> bool:
        """Whether a page may state figures, so that the places of its characters are wanted."""
        return any(unit in text for unit in self._declared.money)

    def statements(self, prose: Prose, fiscal_year: int | None = None, agency: str | None = None) -> list[Statement]:
        """Every figure of the parts that state figures, in order. A figure of another year is not taken for one of
        `fiscal_year`, nor one of another organisation for one of `agency`.
        """
        said = list(
            self._joined(prose.sentences("figures"), _Own(fiscal_year, compared(agency or ""), self._declared.year))
        )
        rounding = _Rounding.of(one for sentence in said for one in sentence)
        runs = {
            unit: _whole_runs([[one.origin.printed for one in sentence if one.unit == unit] for sentence in said])
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

    def _joined(self, sentences: Iterable[Sentence], own: "_Own") -> Iterator[list[Statement]]:
        """The statements of each sentence. One that begins with a change (`比上年增加…`) goes on from the one before,
        if that speaks of one thing.
        """
        before: Sentence | None = None
        stated: list[Statement] = []
        above = ""  # what has been said under the same headings
        for sentence in sentences:
            same = before is not None and before.headings == sentence.headings
            if before and same and self._goes_on.match(_folded(sentence.text)[0]) and _of_one(stated):
                before = Sentence(before.headings, before.pieces + sentence.pieces)
            else:
                yield stated
                above = above + before.text if before and same else ""
                before = sentence
            stated = list(self._sentence(before, above, own))
        yield stated

    def _sentence(self, sentence: Sentence, above: str, own: "_Own") -> Iterator[Statement]:
        folded, places = _folded(sentence.text)
        context = _Context(sentence.headings, _folded(above)[0])
        era = _Era(own, self._declared.lists, own.is_foreign_chapter(sentence.headings))
        before, resumed, current = 0, 0, None
        for figure in self._figures(folded):
            said = self._declared.aside.sub("", folded[: figure.start])
            clause = self._declared.delimiters.split(said[before:])[-1]
            label = era.dated(self._label(self._introduces.sub("", clause), figure), clause, said[before:])
            if own.is_foreign(self._declared.opening, self._introduces.sub("", clause)):
                label = label._replace(foreign=True)
            named = self._named_by(label, figure, context, said, current)
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

    def _figures(self, folded: str) -> Iterable[_Figure]:
        return (
            _Figure(found.start(), found.end(), found["number"], found["unit"])
            for found in self._figure.finditer(folded)
        )

    def _label(self, clause: str, figure: _Figure) -> _Label:
        since = self._since.fullmatch(clause)
        if figure.number is None:
            return _Label(since["subject"] if since else clause, "_change", "flat")
        if figure.unit == "%" and self._declared.share.fullmatch(clause):
            return _Label("", "_share", None)
        change = self._change.fullmatch(clause)
        if change:
            return _Label(change["subject"], "_change", self._directions[change["word"]])
        return _Label(since["subject"], "_last_year", None) if since else _Label(clause, "", None)

    def _named_by(
        self, label: _Label, figure: _Figure, context: _Context, before: str, current: _Named | None
    ) -> _Named | None:
        """What a label is of, if that has figures in this unit. Without a text it goes on from what was
        named before.
        """
        if label.foreign:
            return None
        named = self._subject(label.text, context, before) if label.text else current if label.aspect else None
        return named if named and self._measures(named.subject, label, figure) else None

    def _subject(self, label: str, context: _Context, before: str) -> _Named | None:
        headings = context.headings
        if self._declared.from_heading.fullmatch(label):
            label = self._headed(label, before) or (
                self._introduces.sub("", compared(headings[-1])) if headings else label
            )
        here = "".join(map(compared, headings)) + before
        paragraph = context.above + before
        found = next((one for one in self._named(label) if _meant(one.subject, here, paragraph)), None)
        if found and found.subject.above:
            return found._replace(item=_last_item(found.subject.above, here.removesuffix(before) + paragraph))
        return found and found._replace(item=found.item and self._item(found.item, headings))

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

    def _measures(self, subject: Subject, label: _Label, figure: _Figure) -> bool:
        """Whether the unit of a figure is one that the subject is counted in."""
        if figure.unit is None:
            return True
        if figure.unit == "%":
            return label.aspect in ("_change", "_share") or (subject.unit == "%" and not label.aspect)
        return figure.unit in self._money if subject.unit is None else figure.unit.startswith(subject.unit)

    def _statement(
        self,
        kind: str,
        item: str | None,
        figure: _Figure,
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


class _Rounding(NamedTuple):
    """To how many decimals the prose rounds money, by unit: what its large figures have at most, where it has several
    of them. It may merely drop zeros of small ones; `all_of` are the units of which no figure has more.
    """

    decimals: Mapping[str, int]
    all_of: Container[str]

    @classmethod
    def of(cls, found: Iterable[Statement]) -> "_Rounding":
        printed: dict[str, list[str]] = {}
        for one in found:
            if one.unit and one.amount is not None:
                printed.setdefault(one.unit, []).append(one.origin.printed)
        large = {unit: [text for text in texts if _is_large(text)] for unit, texts in printed.items()}
        most = {unit: max(map(_decimals, texts)) for unit, texts in large.items() if len(texts) >= FEW}
        return cls(most, {unit for unit, places in most.items() if max(map(_decimals, printed[unit])) <= places})

    def places(self, one: Statement) -> int | None:
        """The decimals that a figure is rounded to; None if it may be exact."""
        counts = one.unit in self.all_of or _is_large(one.origin.printed)
        return self.decimals.get(one.unit or "") if counts else None


def _decimals(printed: str) -> int:
    found = _FRACTION.search(printed)
    return len(found[1]) if found else 0


def _whole_runs(printed: Sequence[Sequence[str]]) -> list[bool]:
    """For the figures of each sentence, whether it is one of several in a row that give large figures, or many with a
    large one, and none with decimals: there the prose rounds, small figures too, whatever it does in other parts.
    """
    found: list[bool] = []
    for exact, run in groupby(printed, lambda texts: any("." in text for text in texts)):
        sentences = list(run)
        numbers = [text for text in chain.from_iterable(sentences) if text.strip("0")]
        large = sum(map(_is_large, numbers))
        found += [not exact and (large >= FEW or (large > 0 and len(numbers) > FEW))] * len(sentences)
    return found


def _is_large(printed: str) -> bool:
    """Whether a printed figure has so many digits before the point that its decimals may be rounded away."""
    found = _WHOLE.match(printed.replace(",", ""))
    return found is not None and len(found.group()) >= LARGE


def _meant(subject: Subject, here: str, paragraph: str) -> bool:
    """Whether a subject's label means it in its sentence and paragraph."""
    if subject.above and not (subject.above.search(here) or subject.above.search(paragraph)):
        return False
    if subject.after and not subject.after.search(paragraph):
        return False
    return (subject.within is None or bool(subject.within.search(here))) and not (
        subject.unless and subject.unless.search(paragraph)
    )


def _last_item(wanted: re.Pattern[str], text: str) -> str | None:
    """What was named last."""
    return next((found["item"] for found in reversed(list(wanted.finditer(text)))), None)


def _of_one(stated: Sequence[Statement]) -> bool:
    """Whether a sentence speaks of one thing: one figure that is no change, percentage or explanation, and no change
    yet.
    """
    figures = [one for one in stated if one.kind != "explanation" and one.unit != "%"]
    return len(figures) == 1 and figures[0].direction is None and not figures[0].kind.endswith("_last_year")


class _Own(NamedTuple):
    """The year and the agency, in compared form, that a document is of, and how a text names years."""

    year: int | None
    agency: str
    named_year: re.Pattern[str]

    def years(self, text: str) -> set[int]:
        """The years that a text names."""
        return {int(found["year"]) for found in self.named_year.finditer(text)}

    def is_foreign_chapter(self, headings: Sequence[str]) -> bool:
        """Whether the innermost heading that names a year names others only."""
        named = (self.years(compared(heading)) for heading in reversed(headings))
        years = next((found for found in named if found), set[int]())
        return self.year is not None and bool(years) and self.year not in years

    def is_foreign(self, opening: re.Pattern[str], clause: str) -> bool:
        """Whether a clause begins with the name of an organisation that is neither the agency's nor short for it."""
        found = opening.match(clause)
        named = found and next((name for name in (found["owner"], found["dated_owner"]) if name), None)
        if not named or not self.agency:
            return False
        one, other = set(named), set(self.agency)
        return not (one <= other or other <= one)


class _Era:
    """Which year a sentence speaks of, from clause to clause: what 其中 lists is of the year of its whole."""

    def __init__(self, own: _Own, lists: re.Pattern[str], foreign: bool) -> None:
        self._own = own
        self._lists = lists
        self._foreign = foreign
        self._whole: _Label | None = None
        self._listing = False

    def dated(self, label: _Label, clause: str, since: str) -> _Label:
        """The label of the next clause with regard to the years that it names or goes on with; `since` is all that
        stands after the figure before.
        """
        if self._foreign:
            return label._replace(foreign=True)
        dated = _of_year(label, clause, self._own)
        if self._own.years(clause):
            self._whole, self._listing = (None if label.aspect else dated), False
        elif self._whole and not label.aspect and label.text:
            self._listing = self._listing or self._lists.search(since) is not None
            if self._listing:
                return label._replace(aspect=self._whole.aspect, foreign=self._whole.foreign)
        return dated


def _of_year(label: _Label, clause: str, own: _Own) -> _Label:
    """The label with regard to the years that its clause names: a figure named with the year before is last year's."""
    named, year = own.years(clause), own.year
    if year is None or named <= {year}:
        return label
    if not named <= {year, year - 1}:
        return label._replace(foreign=True)
    return (
        label._replace(aspect=label.aspect or "_last_year")
        if year not in named
        else label._replace(foreign=not label.aspect)
    )


def _last(wanted: re.Pattern[str], text: str) -> int:
    """Where the last match begins, -1 if there is none."""
    return max((found.start() for found in wanted.finditer(text)), default=-1)


def _kind(named: _Named | None, label: _Label, figure: _Figure) -> tuple[str, str | None]:
    if named is None:
        return "other", None
    rate = "_rate" if label.aspect == "_change" and figure.unit == "%" else ""
    return f"{named.subject.kind}{label.aspect}{rate}", named.item


def _folded(text: str) -> tuple[str, list[int]]:
    """The sentence as it is matched (half-width, without quotation marks) and the place in it of each character."""
    places = [place for place, character in enumerate(text) if character not in QUOTES]
    folded = half_width(text)
    return "".join([folded[place] for place in places]), places
