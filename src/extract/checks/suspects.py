"""Blame the smallest set: which printed cells, if they were other, would make all failing checks hold. Shown, never
applied.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from extract.model.report import MADE, Check, Fact, Report


class Suspect(NamedTuple):
    """A printed cell whose change from `printed` to `would_be` makes the checks in `explains` hold."""

    fact: Fact
    would_be: Decimal
    explains: tuple[Check, ...]


class _Change(NamedTuple):
    """A cell by reference and what would have to be added to it."""

    reference: str
    by: Decimal


def suspects(report: Report) -> list[Suspect]:
    """The fewest cells that explain the failing checks, those that explain most first.

    A cell is suspected only if one change of it mends at least two failing checks; of cells that mend the same, the one
    that the fewest checks that hold depend on.
    """
    facts = {fact.reference: fact for fact in report.facts()}
    holding: dict[str, int] = defaultdict(int)
    for check in report.checks:
        if check.verdict in MADE and check.verdict != "fail":
            for reference in check.facts:
                holding[reference] += 1
    failing = [check for check in report.checks if check.verdict == "fail"]
    found = []
    while failing:
        change, mended = _best(failing, facts, holding)
        if len(mended) < 2:
            break
        fact = facts[change.reference]
        found.append(Suspect(fact, (fact.quantity or Decimal(0)) + change.by, tuple(mended)))
        failing = [check for check in failing if check not in mended]
    return found


def _best(failing: Sequence[Check], facts: dict[str, Fact], holding: dict[str, int]) -> tuple[_Change, list[Check]]:
    mends: dict[_Change, list[Check]] = defaultdict(list)
    for check in failing:
        for change in _changes(check, facts):
            if change.reference in facts:
                mends[change].append(check)
    if not mends:
        return _Change("", Decimal(0)), []
    best = max(mends, key=lambda change: (len(mends[change]) - holding[change.reference], len(mends[change])))
    return best, mends[best]


def _changes(check: Check, facts: dict[str, Fact]) -> Iterator[_Change]:
    """Each cell of a failing check with the change that would mend it: the first is what is stated, the others are
    added up. None of a check of another form, such as one on percentages or differences.
    """
    if check.difference is None or not _is_plain_sum(check, facts):
        return
    parts = check.facts
    if check.stated is not None:
        yield _Change(check.facts[0], -check.difference)
        parts = check.facts[1:]
    for reference in parts:
        yield _Change(reference, check.difference)


def _is_plain_sum(check: Check, facts: dict[str, Fact]) -> bool:
    """Whether what is stated is the first number and what is computed the sum of the others."""
    amounts = [facts[name].quantity or Decimal(0) for name in check.facts if name in facts]
    if len(amounts) != len(check.facts):
        return False
    stated, parts = (amounts[0], amounts[1:]) if check.stated is not None else (None, amounts)
    return stated == check.stated and sum(parts, Decimal(0)) == check.computed
