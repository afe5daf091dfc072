"""What people decided about a document that is read again: put where it fits, and the checks made with their numbers.

Nothing that was read changes. A decision finds its number by what does not depend on how the document is read: the
page, the box, the printed text.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from extract.amounts import Amount, amount, in_unit
from extract.checks.evidence import Number
from extract.checks.status import WITHHELD, with_checks
from extract.model.decision import CORRECTED, WITHDRAWN, Decided, Decision
from extract.model.page import Box
from extract.model.report import Check, Fact, Report
from extract.schemas.grammar import Schemas
from extract.text import compared

Made = Callable[[Report], Sequence[Check]]  # the checks that depend on nothing but the rows and statements of a report
_Place = tuple[object, ...]


class _Match(NamedTuple):
    """What a decision is about: numbers, or else findings that read none by their places among the checks."""

    references: tuple[str, ...]
    findings: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.references or self.findings)


def with_decisions(report: Report, decisions: Sequence[Decision], schemas: Schemas, made: Made) -> Report:
    """The report with these decisions on its document; the last on a number or a finding stands.

    Those that fit nothing are kept beside it, too. Checks are made again where a number is corrected.
    """
    if not decisions:
        return report
    found = _Finder(report, schemas)
    standing: dict[_Place, tuple[Decision, _Match]] = {}
    for decision in decisions:
        match = found.match(decision)
        about: _Place = tuple(match) if match else (decision.page, decision.box, decision.printed)
        place = (decision.rule, decision.kind == CORRECTED, about)
        if decision.kind == WITHDRAWN:
            for is_correction in (False, True):
                standing.pop((decision.rule, is_correction, about), None)
        else:
            standing[place] = decision, match
    if not standing:
        return report
    decided = tuple(Decided(decision, match.references, bool(match)) for decision, match in standing.values())
    judged = _judged(report, standing.values())
    return _corrected(replace(judged, decisions=decided), schemas, made)


def with_unfitting(report: Report, decisions: Iterable[Decision]) -> Report:
    """The report of a document that could not be read, with what people decided about it."""
    kept = (one for one in decisions if one.kind != WITHDRAWN)
    return replace(report, decisions=tuple(Decided(one, (), False) for one in kept))


# ---- what a decision is about ----------------------------------------------------------------------------------------


class _Finder:
    """Finds the number or the finding that a decision was made on."""

    def __init__(self, report: Report, schemas: Schemas) -> None:
        self._report = report
        self._schemas = schemas
        self._numbers = report.numbers()
        self._on_page: dict[int, list[Number]] = {}
        for number in self._numbers.values():
            self._on_page.setdefault(number.origin.page, []).append(number)

    def match(self, decision: Decision) -> _Match:
        if decision.rule is None:
            numbers = self._at(decision)
            if decision.kind == CORRECTED:
                numbers = [one for one in numbers if isinstance(one, Fact) and _value(one, decision, self._schemas)]
            return _Match(_references(numbers))
        own = [(place, check) for place, check in enumerate(self._report.checks) if check.rule == decision.rule]
        named = {number.reference for number in self._at(decision)}
        read = tuple(check.facts[0] for _, check in own if check.facts and check.facts[0] in named)
        if read:
            return _Match(read)
        told = (
            place
            for place, check in own
            if not check.facts
            and check.page == decision.page
            and compared(check.message.zh) == compared(decision.printed)
        )
        return _Match((), tuple(told))

    def _at(self, decision: Decision) -> list[Number]:
        """The numbers there; none if without a box it cannot be told which of several is meant."""
        there = [
            one for one in self._on_page.get(decision.page or 0, ()) if _same_text(one.origin.printed, decision.printed)
        ]
        if decision.box is not None:
            return [one for one in there if one.origin.box and _same_place(one.origin.box, decision.box)]
        if decision.dataset:
            there = [one for one in there if one.reference.startswith(f"{decision.dataset}:")]
        if decision.column:
            there = [one for one in there if one.reference.endswith(f":{decision.column}")]
        return there if len({one.origin.box or one.reference for one in there}) == 1 else []


def _references(numbers: Iterable[Number]) -> tuple[str, ...]:
    return tuple(number.reference for number in numbers)


def _same_text(one: str, other: str) -> bool:
    """Whether two texts are the same, or the same number: a spreadsheet drops the zeros at the end."""
    read, written = amount(one), amount(other)
    return compared(one) == compared(other) or bool(read and written and read.value == written.value)


def _same_place(one: Box, other: Box) -> bool:
    """Whether the middle of each of two boxes lies in the other: readers draw them a little wider or narrower."""
    return _holds(one, other) and _holds(other, one)


def _holds(box: Box, other: Box) -> bool:
    x, y = (other.x0 + other.x1) / 2, (other.top + other.bottom) / 2
    return box.x0 <= x <= box.x1 and box.top <= y <= box.bottom


def _value(fact: Fact, decision: Decision, schemas: Schemas) -> Amount | None:
    """The corrected number in 万元; None where the unit of the page is not known."""
    worth = schemas.conventions.units.get(fact.printed_unit or "")
    return in_unit(decision.corrected or "", worth) if worth is not None else None


# ---- put where it fits -----------------------------------------------------------------------------------------------


def _judged(report: Report, standing: Iterable[tuple[Decision, _Match]]) -> Report:
    """The report with the decisions on findings at their checks."""
    by_number = {
        (decision.rule, reference): decision
        for decision, match in standing
        for reference in match.references
        if decision.rule is not None
    }
    by_place = {place: decision for decision, match in standing for place in match.findings}
    checks = tuple(
        check._replace(decision=by_place.get(place) or by_number.get((check.rule, (check.facts or ("",))[0])))
        for place, check in enumerate(report.checks)
    )
    return replace(report, checks=checks)


def _corrected(report: Report, schemas: Schemas, made: Made) -> Report:
    """The report with the corrected numbers beside what was read, and with the checks made with them."""
    corrections = {
        reference: one.decision
        for one in report.decisions
        if one.decision.kind == CORRECTED
        for reference in one.references
    }
    if not corrections:
        return report

    def fact_of(fact: Fact) -> Fact:
        decision = corrections.get(fact.reference)
        value = _value(fact, decision, schemas) if decision else None
        return fact._replace(corrected=value.value, half=value.half) if value else fact

    rows = {
        name: tuple(row._replace(facts={column: fact_of(fact) for column, fact in row.facts.items()}) for row in own)
        for name, own in report.rows.items()
    }
    other = replace(report, rows=rows)
    told = [_told(check, corrections) for check in _remade(report.checks, made(report), made(other))]
    return with_checks(other, told, WITHHELD in other.reasons)


def _told(check: Check, corrections: Mapping[str, Decision]) -> Check:
    """A check that was made with a person's number; other readers do not speak for that."""
    read = next((corrections[reference] for reference in check.facts if reference in corrections), None)
    return check._replace(decision=check.decision or read, cause=None) if read else check


def _remade(checks: Iterable[Check], before: Sequence[Check], after: Sequence[Check]) -> Iterator[Check]:
    """The checks of a report with those in the place of theirs that come out otherwise: those of other readers and
    pages stay as they are.
    """
    old, new = _by_place(before), _by_place(after)
    for place, check in _by_place(checks).items():
        if place not in old:
            yield check
        elif place in new:
            yield check if old[place] == new[place] else new[place]._replace(decision=check.decision)
    yield from (check for place, check in new.items() if place not in old)


def _by_place(checks: Iterable[Check]) -> dict[_Place, Check]:
    """The checks by what they are about, those about the same counted."""
    seen: Counter[_Place] = Counter()
    found: dict[_Place, Check] = {}
    for check in checks:
        place = (check.rule, check.dataset, check.row, check.column)
        found[(*place, seen[place])] = check
        seen[place] += 1
    return found
