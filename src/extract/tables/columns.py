"""A header path → what its column means: word by word, every part accounted for, or it stays unknown.

A part of a path is a stub (what a row is), a measure (what an amount is of), a side, a period, the total of what stands
above, or nothing. A part may have several meanings; what stands above and below it decides.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from extract.schemas.vocabulary import Concept, RowsKind, Vocabulary, normal
from extract.tables.headings import LONGEST, HeadingReader, Part
from extract.tables.titles import TitleReader
from extract.tables.units import UnitReader
from extract.text import compared

MAIN_FUND = "general_public"  # what is not said to be of another fund is of this one, or of all
FUNDS = ("general_public", "government_fund", "state_capital", "special_account")
KINDS = ("basic", "project", "personnel", "office")  # of expenditure
CLASS = ("code", "name")  # stubs whose class something else tells
TOTAL, CARRIED_OVER, EXECUTED = "total", "carried_over", "executed"
QUALIFYING = (  # what stands below is a part of it, with a name of its own
    CARRIED_OVER,
    "public_service",
    "revenue",
    "opening_balance",
    "closing_balance",
    "opening_balance_project",
    "closing_balance_project",
)
OF_BALANCE = "balance_"  # before the parts of a balance
PREVIOUS_YEAR = {TOTAL: "previous_year", EXECUTED: "previous_year_executed"}
CHANGE, RATE = "change", "change_percent"
CHANGES = (CHANGE, RATE)
OF_OTHER_PERIODS = {  # what is known of amounts of such a period
    "previous": PREVIOUS_YEAR,
    CHANGE: {TOTAL: CHANGE, RATE: RATE},
}
THREE_PUBLIC = "three_public_expenses"  # its rows tell their period
_YEAR = re.compile(r"(20\d\d)(?:年度|年)?")


class Meaning(NamedTuple):
    """What a column means. Exactly one of `stub`, `measures` and `numbering` is given; `measures` are alternatives, the
    likeliest first.

    `stub_class` is the stub that stands above a plain code or name, `year` and `period` tell the period of an amount,
    `unit` its unit. A meaning is not `sure` where a part of the heading is not known as it is printed, but made of
    known words, or common to all columns.
    """

    stub: str | None = None
    stub_class: str | None = None
    measures: tuple[str, ...] = ()
    numbering: bool = False
    side: str | None = None
    year: int | None = None
    period: str | None = None
    fund: str | None = None
    stage: str | None = None
    unit: str | None = None
    sure: bool = True


class ColumnReader:
    """Reads header paths with one vocabulary; remembers the paths it has seen."""

    def __init__(self, vocabulary: Vocabulary, titles: TitleReader, units: UnitReader) -> None:
        self._units = units
        self._meanings = _meanings(vocabulary)
        self._parts = vocabulary.header.parts
        self._below = {
            above: {word: Part("measure", name) for name, words in names.items() for word in normal(words)}
            for above, names in vocabulary.header.below.items()
        }
        self._worn = HeadingReader(vocabulary.header, vocabulary.cautions, self.meanings)
        before = sorted(map(re.escape, normal(vocabulary.header.before)), key=len, reverse=True)
        self._before = re.compile(f"(?:{'|'.join(before)})(?=.)")
        self._stages = {word: stage for stage, words in vocabulary.header.stages.items() for word in normal(words)}
        self._labels = frozenset(normal(vocabulary.header.labels))
        self._partial = frozenset(normal(vocabulary.header.partial))
        self._numbering = frozenset(normal(vocabulary.header.numbering))
        self._titles = titles
        self._concepts = {(concept.name, concept.rows): concept for concept in vocabulary.concept}
        self._known = lru_cache(maxsize=65536)(self._read)
        self._looked_up = lru_cache(maxsize=65536)(self._look_up)

    def read(self, path: tuple[str, ...], concept: Concept) -> Meaning | None:
        """The meaning of a header path in a table about `concept`, None if a part of it is not known."""
        self._concepts.setdefault((concept.name, concept.rows), concept)
        return self._known(path, concept.name, concept.rows)

    def _read(self, path: tuple[str, ...], name: str, rows: RowsKind) -> Meaning | None:
        concept = self._concepts[name, rows]
        year, unit, texts = None, None, []
        for text in path:
            key = compared(text)
            found = _YEAR.search(key)
            year = int(found[1]) if found else year
            unit = self._units.unit(key) or unit
            texts.append(self._units.without(_YEAR.sub("", key)))
        if len(texts) > 1 and self._is_label(texts[-1], texts[-2]):
            texts, path = texts[:-1], path[:-1]
        meaning = self._composed(texts, path, concept, year)
        return meaning._replace(unit=unit) if meaning else None

    def _is_label(self, text: str, above: str) -> bool:
        """Whether a text below the heading of codes or names labels a row that shares the header's last ruled row."""
        stubs = [part.value for part in self.meanings(above) if part.kind == "stub"]
        return text in self._labels and any(one in CLASS or one.endswith(("_code", "_name")) for one in stubs)

    def _composed(self, texts: list[str], path: tuple[str, ...], concept: Concept, year: int | None) -> Meaning | None:
        side = period = stage = stub_class = None
        measures: list[str] = []
        for index, text in enumerate(texts[:-1]):
            part = self._group(text, concept, texts[index + 1 :])
            if part is None:
                return None
            if part.kind == "side":
                side = part.value
            elif part.kind == "period":
                period = part.value
            elif part.kind == "measure":
                measures.append(part.value)
            elif part.kind == "stub":
                stub_class = part.value
            stage = self._stages.get(text, stage)
        if concept.name == THREE_PUBLIC:
            own = (part.value for part in self.meanings(texts[-1]) if part.kind == "period")
            period = period or next(own, None) or ("year" if year else None)
            year = None if period == CHANGE else year  # a change from one year to another is of neither
        printed_period = next(
            (text for text in path if period and _is_period(text, self.meanings(compared(text)))), None
        )
        base = Meaning(
            side=side, year=year, period=printed_period, stage=self._stages.get(texts[-1], stage), stub_class=stub_class
        )
        return self._leaf(texts[-1], measures, base, concept, period)

    def _leaf(self, text: str, above: list[str], base: Meaning, concept: Concept, period: str | None) -> Meaning | None:
        below = (self._below[one][text] for one in above if text in self._below.get(one, ()))
        found = (*self.meanings(text), *below)
        if not found and text and (found := self._made_of(text, concept)):
            base = base._replace(sure=False)
        kinds = {part.kind: part for part in reversed(found)}
        if not text or "period" in kinds:
            kinds.setdefault("total", Part("total"))
        stub = kinds.get("stub")
        if "code_part" in kinds and not above:
            return base._replace(stub=(base.stub_class or "code").replace("_name", "_code"))
        if "numbering" in kinds:
            return base._replace(numbering=True)
        if stub and not above and (not kinds.get("measure") or concept.rows in ("sides", "form")):
            return base._replace(stub=stub.value)
        measured = [part.value for part in found if part.kind == "measure"]
        if "total" in kinds:
            measured.append(TOTAL)
        measured.sort(key=lambda name: name in above)  # what stands below is rather a part than the same again
        options = [one for name in measured if (one := self._combined([*above, name], concept))]
        period = kinds["period"].value if "period" in kinds else period
        if concept.name != THREE_PUBLIC and period in OF_OTHER_PERIODS:
            options = _of_other_period(options, OF_OTHER_PERIODS[period])
        if not options:
            return base._replace(stub=stub.value) if stub and not above else None
        return base._replace(measures=tuple(name for name, _ in options), fund=options[0][1])

    def _combined(self, names: list[str], concept: Concept) -> tuple[str, str | None] | None:
        """What measures that stand one above the other mean together, and the fund that an item of the three public
        expenses comes from.
        """
        result, fund = names[0], None
        for below in names[1:]:
            if below in (TOTAL, result):
                continue
            if result in KINDS and below == CARRIED_OVER:
                result = f"{below}_{result}"
            elif result in QUALIFYING or (result in FUNDS and below in KINDS and result not in concept.words):
                result = f"{result}_{below.removeprefix(OF_BALANCE)}"
            elif result == TOTAL or below in self._parts.get(result, ()):
                result = below
            elif concept.name == THREE_PUBLIC and below in FUNDS:
                fund = below
            else:
                return None
        if concept.name == THREE_PUBLIC and result in FUNDS:
            return TOTAL, result
        return result, fund

    def _group(self, text: str, concept: Concept, below: list[str]) -> Part | None:
        """The meaning of a part that has others below it."""
        leads_to_stub = any(part.kind in ("stub", "code_part") for part in self.meanings(below[-1]))
        found = self.meanings(text)
        if not found and leads_to_stub:
            found = tuple(part for part in self._worn.read(text) if part.kind == "stub")
        kinds = {part.kind: part for part in reversed(found)}
        if "side" in kinds and concept.rows == "sides":
            return kinds["side"]
        if "stub" in kinds and (leads_to_stub or below[-1] in self._numbering or "measure" not in kinds):
            return kinds["stub"] if kinds["stub"].value not in ("item", "project_name") else Part("nothing")
        for kind in ("period", "nothing", "measure"):
            if kind in kinds:
                return self._parent(found, below[0]) if kind == "measure" else kinds[kind]
        if "total" in kinds or "side" in kinds or not text:
            return Part("nothing")
        words = self._titles.words(text)
        if words is not None and words <= {*concept.words, *concept.may, "expenditure"}:
            return Part("nothing")
        made = [part for part in self._worn.read(text) if part.kind == "measure"]
        return self._parent(made, below[0]) if made else None

    def _made_of(self, text: str, concept: Concept) -> tuple[Part, ...]:
        """The meanings of a text that is not known as printed: by the words that it is made of, else the total of what
        the table is about where it names that and nothing else, no part of it.
        """
        if found := self._worn.read(text):
            return found
        split = self._titles.split(text) if len(text) <= LONGEST else None
        if split is None or not self._partial.isdisjoint(split):
            return ()
        words = self._titles.words(text)
        about = words is not None and words.issuperset(concept.words) and words <= {*concept.words, *concept.may}
        return (Part("total"),) if about else ()

    def _parent(self, found: Iterable[Part], below: str) -> Part:
        """Of the amounts that a heading may mean, the one that what stands below it is a part of."""
        measures = [part for part in found if part.kind == "measure"]
        parts = {part.value for part in self.meanings(below)}
        fitting = (part for part in measures if not parts.isdisjoint(self._parts.get(part.value, ())))
        return next(fitting, None) or next((part for part in measures if part.value in self._parts), measures[0])

    def is_unit(self, text: str) -> bool:
        """Whether a text tells a unit of money and nothing else."""
        key = compared(text)
        return self._units.unit(key) is not None and not self._units.without(key)

    def is_known(self, text: str) -> bool:
        """Whether a part of a header means something, in whatever table."""
        key = self._units.without(_YEAR.sub("", compared(text)))
        if not key or len(key) > LONGEST:
            return not key
        return bool(self.meanings(key) or self._worn.read(key) or self._titles.words(key) is not None)

    def entry(self, text: str) -> str | None:
        """Where the vocabulary has a part of a header: `measures.basic`; None if nowhere. A year and a unit are known
        without it.
        """
        key = self._units.without(_YEAR.sub("", compared(text)))
        parts = self.meanings(key) or self._worn.read(key)
        if parts:
            kind, value = parts[0]
            return f"{kind}s.{value}" if value else kind
        return "nothing" if not key else "title" if self._titles.words(key) is not None else None

    def meanings(self, text: str) -> tuple[Part, ...]:
        """All meanings of a text; words that may stand before one are left away."""
        return self._looked_up(text)

    def _look_up(self, text: str) -> tuple[Part, ...]:
        key = text.rstrip(":")
        while True:
            if key in self._meanings:
                return self._meanings[key]
            before = self._before.match(key)
            if before is None:
                return ()
            key = key[before.end() :]


def _of_other_period(
    options: Iterable[tuple[str, str | None]], names: Mapping[str, str]
) -> list[tuple[str, str | None]]:
    """What is known of amounts that are not this year's: their total, its like, and what was carried over."""
    known = (one for one in options if one[0] in {*names, *names.values()} or one[0].startswith(CARRIED_OVER))
    return [(names.get(name, name), fund) for name, fund in known]


def _is_period(text: str, parts: Iterable[Part]) -> bool:
    return any(part.kind == "period" for part in parts) or bool(_YEAR.search(compared(text)))


def _meanings(vocabulary: Vocabulary) -> Mapping[str, tuple[Part, ...]]:
    """Every known word and what it may mean."""
    words = vocabulary.header
    found: dict[str, list[Part]] = {}
    kinds: list[tuple[str, Mapping[str, list[str]]]] = [
        ("nothing", {"": words.nothing}),
        ("total", {"": words.total}),
        ("numbering", {"": words.numbering}),
        ("code_part", {"": words.code_parts}),
        ("side", words.sides),
        ("period", words.periods),
        ("measure", words.measures),
        ("stub", words.stubs),
    ]
    for kind, values in kinds:
        for value, texts in values.items():
            for text in normal(texts):
                found.setdefault(text.rstrip(":"), []).append(Part(kind, value))
    return {text: tuple(parts) for text, parts in found.items()}
