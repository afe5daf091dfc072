"""The declared rules on figures stated in prose: against each other inside a sentence, and against the tables."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from extract.checks.class_names import ClassNames
from extract.checks.completeness import told
from extract.checks.evidence import ZERO, Evidence, Sum, check_of, judged, row_name, summed, unmade
from extract.checks.trees import listed_rows
from extract.messages import sentence
from extract.model.report import Check, Row, Statement
from extract.schemas.grammar import Schemas
from extract.schemas.prose_rules import (
    CompletionRule,
    CountRule,
    ItemsRule,
    ProseRule,
    RateRule,
    SentenceRule,
    ShareRule,
    StatementRule,
)
from extract.schemas.rule_base import BaseRule, RowSelector
from extract.text import compared

DATASET = "statements"
TIES = ("exact", "rounding")  # verdicts
FEWEST_ITEMS = 2  # of a list
MOST_DIGITS = 14  # before the point: a percentage of more is told as no evidence
_CHANGE, _RATE, _LAST_YEAR, _SHARE = "_change", "_change_rate", "_last_year", "_share"
_OF_BUDGET = _COMPLETION, _DEVIATION, _OVER_BUDGET = "_completion", "_deviation", "_over_budget"


def check_statements(schemas: Schemas, statements: Sequence[Statement], evidence: Evidence) -> Iterator[Check]:
    """Every rule about prose applied to every sentence that it speaks of."""
    reader = _Statements(schemas, statements)
    for rule in schemas.rules:
        if rule.kind == "statement":
            yield from _against_table(rule, reader, evidence)
        elif rule.kind == "sentence":
            yield from _inside_sentence(rule, reader)
        elif rule.kind == "prose":
            yield from _across_sentences(rule, reader)
        elif rule.kind == "rate":
            yield from _rates(rule, reader)
        elif rule.kind == "share":
            yield from _shares(rule, reader, evidence)
        elif rule.kind == "completion":
            yield from _completions(rule, reader)
        elif rule.kind == "items":
            yield from _items(rule, reader)
        elif rule.kind == "count":
            yield from _counts(rule, reader, evidence)


class _Statements:
    """The statements of a document by kind and by sentence, changes with their sign."""

    def __init__(self, schemas: Schemas, statements: Sequence[Statement]) -> None:
        self._about = schemas.statements.about
        self._classes = ClassNames(schemas.statements)
        self._aspects = schemas.statements.aspects()
        self.subjects = list(dict.fromkeys(subject.kind for subject in schemas.statements.subject))
        self.budgets = list(schemas.statements.budgets)
        self._by_sentence: dict[str, list[Statement]] = {}
        self._by_kind: dict[str, list[Statement]] = {}
        for one in statements:
            self._by_sentence.setdefault(one.text, []).append(one)
            self._by_kind.setdefault(one.kind, []).append(one)

    def _sentence(self, statement: Statement) -> list[Statement]:
        return self._by_sentence[statement.text]

    def of_kind(self, kind: str) -> list[Statement]:
        return self._by_kind.get(kind, [])

    def beside(self, statement: Statement, kinds: Iterable[str]) -> list[Statement]:
        """Statements of these kinds in the same sentence, of the same item, each kind's first."""
        firsts = {one.kind: one for one in reversed(self._sentence(statement)) if one.item == statement.item}
        return [firsts[kind] for kind in kinds if kind in firsts]

    def repeats(self, statement: Statement, kinds: Iterable[str]) -> bool:
        """Whether the sentence states one of these kinds twice with different numbers, so that it cannot be told which
        belong together.
        """
        stated = {
            (one.kind, one.quantity, one.direction) for one in self._sentence(statement) if one.item == statement.item
        }
        return any(len([one for one in stated if one[0] == kind]) > 1 for kind in kinds)

    def names_others(self, statement: Statement, parts: Iterable[str]) -> bool:
        """Whether the sentence states figures of the same unit that are neither of the subject nor of its parts: what
        it lists may overlap or not be all that is known.
        """
        known, aspect = {statement.kind, *parts}, self._aspects[statement.kind]
        beside = [one for one in self._sentence(statement) if one.unit == statement.unit and one.kind not in known]
        return any(one.kind == "other" or self._aspects.get(one.kind) == aspect for one in beside)

    def rows(self, place: RowSelector, statement: Statement, evidence: Evidence) -> list[Row]:
        """The rows that a place means, seen from a statement."""
        if place.rows == "@item":
            return self._classes.rows(statement.item or "", place, evidence)
        if place.rows == "@listed":
            rows = evidence.at(place.model_copy(update={"rows": "each"}))
            return listed_rows(rows, evidence.datasets[place.dataset], evidence)
        return evidence.at(place)

    def only(self, kind: str, item: str | None) -> Statement | None:
        """The statement of this kind and item, if the text gives it with one number only."""
        same = [one for one in self.of_kind(kind) if one.item == item]
        return same[0] if len({one.quantity for one in same}) == 1 else None

    def told_otherwise(self, statement: Statement) -> list[Statement]:
        """The statements of this kind and item with other numbers: they cannot all be what a table prints."""
        own = statement.quantity, statement.direction
        same = [one for one in self.of_kind(statement.kind) if one.item == statement.item]
        return [one for one in same if (one.quantity, one.direction) != own]

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


def _against_table(rule: StatementRule, reader: _Statements, evidence: Evidence) -> Iterator[Check]:
    """Each statement of the kind. Of several that differ, those that do not tie speak of something else."""
    places = rule.needed()
    if not evidence.speaks_of(*places):
        return
    for statement in reader.of_kind(rule.stated):
        missing = evidence.missing(*places)
        if missing:
            yield unmade(rule, DATASET, *missing)
        elif rule.unless and rule.unless.search(compared(statement.text)):
            yield unmade(rule, DATASET, "not_applicable", sentence("reason_other_scope"))
        elif reader.is_about(statement):
            yield unmade(rule, DATASET, "not_applicable", sentence("reason_about"))
        elif all(rows := [reader.rows(place, statement, evidence) for place in places]):
            sums = [
                summed(row.facts.get(place.column) for row in found) for place, found in zip(places, rows, strict=True)
            ]
            others = [
                summed(
                    row.facts.get(place.column) for place in sum_of for row in reader.rows(place, statement, evidence)
                )
                for sum_of in rule.alternatives
                if not evidence.missing(*sum_of)
            ]
            check = _against_places(rule, statement, sums, others)
            if check.verdict == "fail":
                tie = [one for one in reader.told_otherwise(statement) if _ties(rule, one, sums, others)]
                yield _excused(check, rule, statement, tie, reader, evidence) or check
            else:
                yield check
        elif statement.item and statement.quantity:
            yield unmade(rule, DATASET, "no_evidence", sentence("reason_no_row", name=statement.item))


def _excused(
    check: Check,
    rule: StatementRule,
    statement: Statement,
    tie: Sequence[Statement],
    reader: _Statements,
    evidence: Evidence,
) -> Check | None:
    """What stands instead of a failing check where the sentence may well mean something else than the place of the
    table: money that is carried over, one of several figures, another total of the document, one unit, or some rows.
    That the text has the table's number elsewhere (`tie`) is told.
    """
    if not evidence.comes_to_nothing(rule.blank) and _may_be_part(check, rule, evidence):
        return unmade(rule, DATASET, "not_applicable", sentence("reason_carried_over"))
    if evidence.names_a_unit(statement.text):
        return unmade(rule, DATASET, "no_evidence", sentence("reason_other_scope"))
    if tie:
        return _differing(statement, tie[0], evidence)
    if reader.told_otherwise(statement):
        return unmade(rule, DATASET, "no_evidence", sentence("reason_several_figures"))
    if rule.counted:  # a sentence that counts as many means these rows
        counts = [one.value for one in reader.beside(statement, [rule.counted])]
        if not set(counts) & set(_projects(rule.right.dataset, evidence)):
            return unmade(rule, DATASET, "not_applicable", sentence("reason_other_scope"))
    elif not rule.minus and statement.amount and statement.amount in evidence.totals(rule.right.dataset):
        return unmade(rule, DATASET, "no_evidence", sentence("reason_other_total"))
    return None


def _may_be_part(check: Check, rule: StatementRule, evidence: Evidence) -> bool:
    """Whether the difference is no more than what is carried over, where that is known."""
    carried = evidence.sum_at(rule.blank[0])
    return check.difference is None or not carried.numbers or abs(check.difference) <= carried.value + carried.slack


def _ties(rule: StatementRule, statement: Statement, sums: Sequence[Sum], others: Sequence[Sum]) -> bool:
    return _against_places(rule, statement, sums, others).verdict in TIES


def _differing(statement: Statement, other: Statement, evidence: Evidence) -> Check:
    """That the text gives a figure otherwise than the table and than itself elsewhere."""
    said = {"printed": statement.origin.printed, "other": other.origin.printed, "there": other.origin.page}
    return told(evidence.schemas, "figure-differs", statement.origin.page, DATASET, **said)


def _against_places(rule: StatementRule, statement: Statement, sums: Sequence[Sum], others: Sequence[Sum]) -> Check:
    """A number that a table prints with more digits may be cut off in prose: it has one unit of its last digit."""
    stated = signed([statement])
    computed = sums[0] if len(sums) == 1 else sums[0].minus(sums[1])
    if not computed.numbers and not stated.value:
        return unmade(rule, DATASET, "not_applicable", sentence("reason_zero_and_blank"))
    verdicts = [(judged(_cut(stated, one), one, rule.relation), one) for one in (computed, *others)]
    verdict, computed = next((made for made in verdicts if made[0] != "fail"), verdicts[0])
    return check_of(rule, DATASET, statement.number, "amount", stated, computed, verdict)


def _cut(stated: Sum, computed: Sum) -> Sum:
    finer = bool(computed.numbers) and all(number.half < stated.slack for number in computed.numbers)
    return stated._replace(slack=2 * stated.slack) if finer else stated


def _inside_sentence(rule: SentenceRule, reader: _Statements) -> Iterator[Check]:
    for statement in reader.of_kind(rule.stated):
        parts = reader.beside(statement, rule.parts)
        if parts and (
            reader.names_others(statement, rule.parts) or reader.repeats(statement, [statement.kind, *rule.parts])
        ):
            yield unmade(rule, DATASET, "no_evidence", sentence("reason_other_figures"))
        elif parts:
            stated, computed = signed([statement]), signed(parts)
            verdict = judged(stated, computed)
            if verdict == "fail" and not _is_complete(rule, statement, parts) and stated.value >= computed.value:
                yield unmade(rule, DATASET, "no_evidence", sentence("reason_some_parts"))
            else:
                yield check_of(rule, DATASET, statement.number, "amount", stated, computed, verdict)


def _is_complete(rule: SentenceRule, statement: Statement, parts: Sequence[Statement]) -> bool:
    """Whether a sentence that gives these parts gives all."""
    if statement.kind.endswith(_CHANGE):
        return len(parts) > 1
    kinds = {part.kind for part in parts}
    return kinds.issuperset(rule.complete) if rule.complete else len(parts) > 1


def _across_sentences(rule: ProseRule, reader: _Statements) -> Iterator[Check]:
    """A figure and its parts, each in a sentence of its own: made only where every one is stated, and everywhere with
    the same number.
    """
    said = [reader.of_kind(kind) for kind in (rule.stated, *rule.parts)]
    if not all(said):
        return
    if any(len({(one.quantity, one.direction) for one in ones}) > 1 for ones in said):
        yield unmade(rule, DATASET, "no_evidence", sentence("reason_several_figures"))
    elif any(reader.is_about(one) for ones in said for one in ones):
        yield unmade(rule, DATASET, "not_applicable", sentence("reason_about"))
    else:
        stated, computed = signed(said[0][:1]), signed([ones[0] for ones in said[1:]])
        verdict = judged(stated, computed, rule.relation)
        yield check_of(rule, DATASET, said[0][0].number, "amount", stated, computed, verdict)


class _Movement(NamedTuple):
    """A subject's figures in one sentence."""

    now: Statement
    change: Statement
    rate: Statement | None
    last_year: Statement | None


def _movements(reader: _Statements) -> Iterator[_Movement]:
    """The changes that the text states, each with this year's figure of its sentence, else the one of the text."""
    for subject in reader.subjects:
        for change in reader.of_kind(subject + _CHANGE):
            beside = {one.kind: one for one in reader.beside(change, [subject, subject + _RATE, subject + _LAST_YEAR])}
            now = beside.get(subject) or reader.only(subject, change.item)
            if now and change.direction != "flat" and not reader.repeats(change, [change.kind, *beside]):
                yield _Movement(now, change, beside.get(subject + _RATE), beside.get(subject + _LAST_YEAR))


def _rates(rule: RateRule, reader: _Statements) -> Iterator[Check]:
    """A stated percentage is the change against last year's number, which is stated too or follows from the change."""
    for now, change, rate, last_year in _movements(reader):
        moved = signed([change])
        before = summed([last_year]) if last_year else summed([now]).minus(moved)
        if last_year:
            difference = summed([now]).minus(before)
            yield check_of(rule, DATASET, change.number, "amount", moved, difference, judged(moved, difference))
        if before.value < -before.slack:  # it grew by more than there is
            yield check_of(rule, DATASET, change.number, "amount", moved, summed([now]), "fail")
            continue
        if rate is None or rate.value is None:
            continue
        if before.value <= before.slack:
            yield unmade(rule, DATASET, "not_applicable", sentence("reason_zero_before"))
            continue
        yield _percentage(rule, rate, moved, before)


def _shares(rule: ShareRule, reader: _Statements, evidence: Evidence) -> Iterator[Check]:
    """A stated share is the part's figure, in the same sentence, of the whole."""
    if not evidence.speaks_of(*rule.places()[:1]):
        return
    missing = evidence.missing(*rule.places()[:1])
    wholes = _wholes(rule, reader, evidence)
    for kind in rule.parts:
        for share in reader.of_kind(kind + _SHARE):
            part = reader.beside(share, [kind])
            if missing:
                yield unmade(rule, DATASET, *missing)
            elif not part or not wholes or reader.repeats(share, [kind, kind + _SHARE]):
                yield unmade(rule, DATASET, "no_evidence", sentence("reason_share_of_what"))
            elif wholes[0].value <= wholes[0].slack:
                yield unmade(rule, DATASET, "not_applicable", sentence("reason_zero_total"))
            else:
                made = [_percentage(rule, share, summed(part), one) for one in wholes if one.value > one.slack]
                yield next((check for check in made if check.verdict != "fail"), made[0])


def _wholes(rule: ShareRule, reader: _Statements, evidence: Evidence) -> list[Sum]:
    """What a share may be of: the place of the rule first, or what the prose states with one number."""
    if rule.whole:
        said = reader.of_kind(rule.whole)
        return [summed(said[:1])] if len({one.quantity for one in said}) == 1 else []
    return [evidence.sum_at(place) for place in rule.places() if not evidence.missing(place)]


def _completions(rule: CompletionRule, reader: _Statements) -> Iterator[Check]:
    """How much of a budget was spent, or how far from it, as the sentence that states both says. Of several budgets one
    must fit.
    """
    for subject in reader.subjects:
        kinds = [subject + budget for budget in reader.budgets]
        for stated in (one for aspect in _OF_BUDGET for one in reader.of_kind(subject + aspect)):
            spent, budgets = reader.beside(stated, [subject]), reader.beside(stated, kinds)
            wholes = [whole for whole in map(summed, ([one] for one in budgets)) if whole.value > whole.slack]
            if not spent or not budgets or reader.repeats(stated, [stated.kind, subject, *kinds]):
                yield unmade(rule, DATASET, "no_evidence", sentence("reason_share_of_what"))
            elif not wholes:
                yield unmade(rule, DATASET, "not_applicable", sentence("reason_zero_total"))
            else:
                made = [_of_budget(rule, stated, summed(spent), whole) for whole in wholes]
                yield next((check for check in made if check.verdict != "fail"), made[0])


def _of_budget(rule: CompletionRule, stated: Statement, spent: Sum, budget: Sum) -> Check:
    if stated.kind.endswith(_COMPLETION):
        return _percentage(rule, stated, spent, budget)
    over = spent.minus(budget)
    if stated.kind.endswith(_DEVIATION):
        return _percentage(rule, stated, over._replace(value=abs(over.value)), budget)
    return check_of(rule, DATASET, stated.number, "amount", signed([stated]), over, judged(signed([stated]), over))


def _items(rule: ItemsRule, reader: _Statements) -> Iterator[Check]:
    """A figure stated with one number only, against the items that a list states with one number each."""
    sums = _sums_of_items(reader, rule.stated, rule.items, rule.which)
    if sums is None:
        return
    verdict = judged(*sums)
    stated, computed = sums
    if verdict == "fail" and stated.value > computed.value and not _lists_all(rule, reader):
        yield unmade(rule, DATASET, "no_evidence", sentence("reason_some_parts"))
    else:
        number = next(one.number for one in stated.numbers if isinstance(one, Statement))
        yield check_of(rule, DATASET, number, "amount", stated, computed, verdict)


def _lists_all(rule: ItemsRule, reader: _Statements) -> bool:
    if not rule.complete:
        return False
    sums = _sums_of_items(reader, rule.complete["stated"], rule.complete["items"], rule.which)
    return sums is not None and judged(*sums) != "fail"


def _sums_of_items(reader: _Statements, stated: str, items: str, which: re.Pattern[str]) -> tuple[Sum, Sum] | None:
    """A figure, and the sum of its items; None where one of them is stated with several numbers, or a list is none."""
    wholes = {(one.quantity, one.direction): one for one in reader.of_kind(stated)}
    listed = [one for one in reader.of_kind(items) if one.item and which.fullmatch(one.item)]
    parts = {one.item: one for one in listed}
    if len(wholes) != 1 or len(parts) < FEWEST_ITEMS or any(parts[one.item].quantity != one.quantity for one in listed):
        return None
    return signed([*wholes.values()]), signed([*parts.values()])


def _percentage(rule: BaseRule, percentage: Statement, part: Sum, whole: Sum) -> Check:
    """A stated percentage against the quotient of two sums, with the slack of both; a decrease is below zero."""
    hundred, size = Decimal(100), abs(part.value)
    percent = hundred * size / whole.value
    most = hundred * (size + part.slack) / (whole.value - whole.slack)
    least = hundred * max(size - part.slack, ZERO) / (whole.value + whole.slack)
    numbers = tuple(dict.fromkeys((*part.numbers, *whole.numbers)))
    exact = (percent.quantize(Decimal("0.000001")) if percent.adjusted() < MOST_DIGITS else percent).copy_sign(
        part.value
    )
    stated, computed = signed([percentage]), Sum(exact, max(most - percent, percent - least), numbers)
    stated = stated._replace(slack=2 * stated.slack)  # rounded or cut off: one unit of the last digit
    return check_of(rule, DATASET, percentage.number, "value", stated, computed, judged(stated, computed))


def _counts(rule: CountRule, reader: _Statements, evidence: Evidence) -> Iterator[Check]:
    """A stated number of projects is the number of rows that are not sums. Another number may count only some of them,
    which is told and accuses nobody.
    """
    for statement in reader.of_kind(rule.stated):
        for name in rule.datasets:
            if name not in evidence.rows:
                continue
            if rule.unless and rule.unless.search(compared(statement.text)):
                yield unmade(rule, DATASET, "not_applicable", sentence("reason_other_scope"))
                continue
            rows, projects = (Sum(Decimal(count), ZERO, ()) for count in _projects(name, evidence))
            stated = summed([statement])
            computed = projects if stated.value == projects.value else rows
            check = check_of(rule, DATASET, statement.number, "value", stated, computed, judged(stated, computed))
            if check.verdict == "fail":
                why = "reason_withheld" if evidence.withheld else "reason_other_count"
                verdict = "not_applicable" if evidence.withheld else "no_evidence"
                check = unmade(rule, DATASET, verdict, sentence(why))
            yield check


def _projects(name: str, evidence: Evidence) -> tuple[int, int]:
    """How many projects a table lists, and how many names they have: one that several units have may be one or
    several.
    """
    dataset = evidence.datasets[name]
    units = evidence.units()
    listed = [compared(row_name(row, dataset)) for row in listed_rows(evidence.rows[name], dataset, evidence)]
    names = [own for own in listed if own not in units]
    return len(names), len(set(names))
