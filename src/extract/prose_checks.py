"""The declared rules on figures stated in prose: against each other inside a sentence, and against the tables."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from extract.evidence import ZERO, Evidence, Sum, finding, judged, summed, unmade
from extract.model import Check, Statement
from extract.schemas import Rule, Schemas
from extract.text import compared

DATASET = "statements"
_CHANGE, _RATE, _LAST_YEAR = "_change", "_change_rate", "_last_year"


def check_statements(schemas: Schemas, statements: Sequence[Statement], evidence: Evidence) -> Iterator[Check]:
    """Every rule about prose applied to every sentence that it speaks of."""
    reader = _Statements(schemas, statements)
    for rule in schemas.rules:
        if rule.kind == "statement":
            yield from _against_table(rule, reader, evidence)
        elif rule.kind == "sentence":
            yield from _inside_sentence(rule, reader)
        elif rule.kind == "rate":
            yield from _rates(rule, reader)
        elif rule.kind == "count":
            yield from _counts(rule, reader, evidence)


class _Statements:
    """The statements of a document by kind and by sentence, changes with their sign."""

    def __init__(self, schemas: Schemas, statements: Sequence[Statement]) -> None:
        self._about = schemas.statements.about
        self.subjects = [subject.kind for subject in schemas.statements.subject]
        self.all = statements
        self._by_sentence: dict[str, list[Statement]] = {}
        for one in statements:
            self._by_sentence.setdefault(one.text, []).append(one)

    def _sentence(self, statement: Statement) -> list[Statement]:
        return self._by_sentence[statement.text]

    def of_kind(self, kind: str) -> list[Statement]:
        return [one for one in self.all if one.kind == kind]

    def beside(self, statement: Statement, kinds: Iterable[str]) -> list[Statement]:
        """Statements of these kinds in the same sentence, each kind's first."""
        firsts = {one.kind: one for one in reversed(self._sentence(statement))}
        return [firsts[kind] for kind in kinds if kind in firsts]

    def names_others(self, statement: Statement) -> bool:
        """Whether the sentence states figures of the same unit that no subject is known for: what it lists may not be all that is known."""
        return any(one.kind == "other" and one.unit == statement.unit for one in self._sentence(statement))

    def is_about(self, statement: Statement) -> bool:
        """Whether a `no change` is not meant exactly."""
        return self._about.match(statement.origin.printed) is not None


def signed(statements: Sequence[Statement]) -> Sum:
    """Their sum, decreases counted down and `no change` as nothing."""
    total = summed([])
    for one in statements:
        if one.direction == "flat":
            total = Sum(total.value, total.slack, (*total.numbers, one))
        elif one.direction == "decrease":
            term = summed([one])
            total = Sum(total.value - term.value, total.slack + term.slack, total.numbers + term.numbers)
        else:
            term = summed([one])
            total = Sum(total.value + term.value, total.slack + term.slack, total.numbers + term.numbers)
    return total


def _against_table(rule: Rule, reader: _Statements, evidence: Evidence) -> Iterator[Check]:
    places = [place for place in (rule.right, rule.minus) if place]
    if not evidence.speaks_of(*places):
        return
    for statement in reader.of_kind(rule.stated or ""):
        missing = evidence.missing(*places)
        if missing:
            yield unmade(rule, DATASET, *missing)
        elif rule.unless and rule.unless.search(compared(statement.text)):
            yield unmade(rule, DATASET, "not_applicable", "该句另有口径")
        elif reader.is_about(statement):
            yield unmade(rule, DATASET, "not_applicable", "该句所说为约数")
        elif all(evidence.at(place) for place in places):
            yield _against_places(rule, statement, [evidence.sum_at(place) for place in places])


def _against_places(rule: Rule, statement: Statement, sums: Sequence[Sum]) -> Check:
    stated = signed([statement])
    computed = sums[0] if len(sums) == 1 else sums[0].minus(sums[1])
    if not computed.numbers and not stated.value:
        return unmade(rule, DATASET, "not_applicable", "一方为零，一方未列")
    return finding(rule, DATASET, statement.number, "amount", stated, computed, judged(rule, stated, computed))


def _inside_sentence(rule: Rule, reader: _Statements) -> Iterator[Check]:
    for statement in reader.of_kind(rule.stated or ""):
        parts = reader.beside(statement, rule.parts)
        if parts and reader.names_others(statement):
            yield unmade(rule, DATASET, "no_evidence", "该句另有未归类的数")
        elif parts:
            stated, computed = signed([statement]), signed(parts)
            yield finding(rule, DATASET, statement.number, "amount", stated, computed, judged(rule, stated, computed))


class _Movement(NamedTuple):
    """A subject's figures in one sentence."""

    now: Statement
    change: Statement
    rate: Statement | None
    last_year: Statement | None


def _movements(reader: _Statements) -> Iterator[_Movement]:
    for subject in reader.subjects:
        for now in reader.of_kind(subject):
            beside = {one.kind: one for one in reader.beside(now, [subject + _CHANGE, subject + _RATE, subject + _LAST_YEAR])}
            change = beside.get(subject + _CHANGE)
            if change and change.direction != "flat":
                yield _Movement(now, change, beside.get(subject + _RATE), beside.get(subject + _LAST_YEAR))


def _rates(rule: Rule, reader: _Statements) -> Iterator[Check]:
    """A stated percentage is the change against last year's number, which is stated too or follows from the change."""
    for now, change, rate, last_year in _movements(reader):
        moved = signed([change])
        before = summed([last_year]) if last_year else summed([now]).minus(moved)
        if last_year:
            difference = summed([now]).minus(before)
            yield finding(rule, DATASET, change.number, "amount", moved, difference, judged(rule, moved, difference))
        if rate is None or rate.value is None:
            continue
        if before.value <= before.slack:
            yield unmade(rule, DATASET, "not_applicable", "上年为零")
            continue
        yield _rate(rule, rate, summed([change]), before)


def _rate(rule: Rule, rate: Statement, change: Sum, before: Sum) -> Check:
    hundred = Decimal(100)
    percent = hundred * change.value / before.value
    most = hundred * (change.value + change.slack) / (before.value - before.slack)
    least = hundred * max(change.value - change.slack, ZERO) / (before.value + before.slack)
    numbers = tuple(dict.fromkeys((*change.numbers, *before.numbers)))
    computed = Sum(percent.quantize(Decimal("0.000001")), max(most - percent, percent - least), numbers)
    stated = summed([rate])
    return finding(rule, DATASET, rate.number, "value", stated, computed, judged(rule, stated, computed))


def _counts(rule: Rule, reader: _Statements, evidence: Evidence) -> Iterator[Check]:
    """A stated number of projects is the number of rows that are not sums."""
    for statement in reader.of_kind(rule.stated or ""):
        for name in rule.datasets:
            if name not in evidence.rows:
                continue
            if rule.unless and rule.unless.search(compared(statement.text)):
                yield unmade(rule, DATASET, "not_applicable", "该句另有口径")
                continue
            label = evidence.datasets[name].label or ""
            count = sum(not evidence.is_total(compared(str(row.values.get(label) or ""))) for row in evidence.rows[name])
            stated, computed = summed([statement]), Sum(Decimal(count), ZERO, ())
            yield finding(rule, DATASET, statement.number, "value", stated, computed, judged(rule, stated, computed))
