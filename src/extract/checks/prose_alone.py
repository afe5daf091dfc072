"""The rules on figures of prose against each other: parts of a sentence, changes, what was spent of a budget, lists."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from extract.checks.evidence import ZERO, Sum, check_of, judged, summed, unmade
from extract.checks.stated import DATASET, Stated, percentage, signed
from extract.messages import sentence
from extract.model.report import Check, Statement
from extract.schemas.prose_rules import CompletionRule, ItemsRule, ProseRule, RateRule, SentenceRule, WeighingRule
from extract.schemas.rules import Rule

HUNDRED = Decimal(100)
FEWEST_ITEMS = 2  # of a list
_CHANGE, _RATE, _LAST_YEAR = "_change", "_change_rate", "_last_year"
_OF_BUDGET = _COMPLETION, _DEVIATION, _OVER_BUDGET = "_completion", "_deviation", "_over_budget"


def check_prose_alone(rule: Rule, reader: Stated) -> Iterator[Check]:
    """A rule of such a kind applied to every sentence that it speaks of; nothing for the other kinds."""
    if rule.kind == "sentence":
        yield from _inside_sentence(rule, reader)
    elif rule.kind == "prose":
        yield from _across_sentences(rule, reader)
    elif rule.kind == "rate":
        yield from _rates(rule, reader)
    elif rule.kind == "completion":
        yield from _completions(rule, reader)
    elif rule.kind == "weighing":
        yield from _weighed(rule, reader)
    elif rule.kind == "items":
        yield from _items(rule, reader)


def _inside_sentence(rule: SentenceRule, reader: Stated) -> Iterator[Check]:
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


def _across_sentences(rule: ProseRule, reader: Stated) -> Iterator[Check]:
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


def _movements(reader: Stated) -> Iterator[_Movement]:
    """The changes that the text states, each with this year's figure of its sentence, else the one of the text."""
    for subject in reader.subjects:
        for change in reader.of_kind(subject + _CHANGE):
            beside = {one.kind: one for one in reader.beside(change, [subject, subject + _RATE, subject + _LAST_YEAR])}
            now = beside.get(subject) or reader.only(subject, change.item)
            if now and change.direction != "flat" and not reader.repeats(change, [change.kind, *beside]):
                yield _Movement(now, change, beside.get(subject + _RATE), beside.get(subject + _LAST_YEAR))


def _rates(rule: RateRule, reader: Stated) -> Iterator[Check]:
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
        yield percentage(rule, rate, moved, before)


def _completions(rule: CompletionRule, reader: Stated) -> Iterator[Check]:
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
        return percentage(rule, stated, spent, budget)
    over = spent.minus(budget)
    if stated.kind.endswith(_DEVIATION):
        return percentage(rule, stated, over._replace(value=abs(over.value)), budget)
    return check_of(rule, DATASET, stated.number, "amount", signed([stated]), over, judged(signed([stated]), over))


def _weighed(rule: WeighingRule, reader: Stated) -> Iterator[Check]:
    """Words about which is more, against what was spent and the budget, else the share of it that was spent and 100."""
    for subject in reader.subjects:
        for spent in reader.of_kind(subject):
            relation = reader.weighed(spent)
            budgets = reader.beside(spent, [subject + budget for budget in reader.budgets])
            share = reader.beside(spent, [subject + _COMPLETION])
            if relation is None or len(budgets) > 1 or not (budgets or share) or reader.repeats(spent, [subject]):
                continue
            one, other = (summed([spent]), summed(budgets)) if budgets else (summed(share), Sum(HUNDRED, ZERO, ()))
            verdict = judged(one, other, relation)
            yield check_of(rule, DATASET, spent.number, "amount", one, other, verdict)


def _items(rule: ItemsRule, reader: Stated) -> Iterator[Check]:
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


def _lists_all(rule: ItemsRule, reader: Stated) -> bool:
    if not rule.complete:
        return False
    sums = _sums_of_items(reader, rule.complete["stated"], rule.complete["items"], rule.which)
    return sums is not None and judged(*sums) != "fail"


def _sums_of_items(reader: Stated, stated: str, items: str, which: re.Pattern[str]) -> tuple[Sum, Sum] | None:
    """A figure, and the sum of its items; None where one of them is stated with several numbers, or a list is none."""
    wholes = {(one.quantity, one.direction): one for one in reader.of_kind(stated)}
    listed = [one for one in reader.of_kind(items) if one.item and which.fullmatch(one.item)]
    parts = {one.item: one for one in listed}
    if len(wholes) != 1 or len(parts) < FEWEST_ITEMS or any(parts[one.item].quantity != one.quantity for one in listed):
        return None
    return signed([*wholes.values()]), signed([*parts.values()])
