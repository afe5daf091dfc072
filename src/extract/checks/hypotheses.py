"""What one slip would explain several failing checks at once: two rows exchanged, a row one column off, a doubled row,
a digit, a unit. Each is tried on the rows as they were read and told in words; nothing is changed.
"""

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, islice
from typing import NamedTuple

from extract.amounts import written
from extract.checks.evidence import Evidence, row_name
from extract.checks.in_tables import check_tables
from extract.messages import Sentence, sentence
from extract.model.report import MADE, Check, Fact, Reference, Report, Row
from extract.schemas.rules import Rule

LEAST = 2  # failing checks that a slip explains: one could be explained by anything but a row that stands twice
MOST = 60  # slips that are tried in one document
UNITS = {
    "unit_ten_thousand": Decimal(10000),
    "unit_yuan": Decimal("0.0001"),
}  # what numbers grow by
Place = tuple[object, ...]


class Hypothesis(NamedTuple):
    """Rows of a dataset as they would be, how that is told, and how many failing checks it must explain."""

    dataset: str
    rows: tuple[Row, ...]
    said: Sentence
    least: int = LEAST


def with_hypotheses(report: Report, evidence: Evidence) -> Report:
    """The report with what would explain them said of failing checks: each is told of one slip, that which explains
    most and breaks nothing.
    """
    left = {_place(check) for check in report.checks if check.verdict == "fail" and check.row is not None}
    if not left:
        return report
    told: dict[Place, Sentence] = {}
    holding = {_place(check) for check in report.checks if check.verdict in MADE and check.verdict != "fail"}
    tried = [(one, _mended(one, evidence, left, holding)) for one in islice(_slips(report, evidence), MOST)]
    while tried:
        best, explains = max(tried, key=lambda known: (len(known[1] & left) >= known[0].least, len(known[1] & left)))
        mended = explains & left
        if len(mended) < best.least:
            break
        told |= dict.fromkeys(mended, best.said)
        left -= mended
    checks = tuple(
        check._replace(message=sentence("check_explained", check=check.message, why=told[_place(check)]))
        if check.verdict == "fail" and _place(check) in told
        else check
        for check in report.checks
    )
    return replace(report, checks=checks)


def _place(check: Check) -> Place:
    return check.rule, check.dataset, check.row, check.column


def _mended(one: Hypothesis, evidence: Evidence, failing: set[Place], holding: set[Place]) -> set[Place]:
    """The failing checks that hold with it; none if these are too few, or a check that holds would fail."""
    other = copy.copy(evidence)
    other.rows = {**evidence.rows, one.dataset: one.rows}
    rules = [
        rule
        for rule in evidence.schemas.rules
        if one.dataset in rule.about() or any(place.dataset == one.dataset for place in rule.places())
    ]
    failed = {place[0] for place in failing}
    verdicts = _verdicts([rule for rule in rules if rule.code in failed], other)
    mended = {place for place in failing if verdicts.get(place) in MADE and verdicts[place] != "fail"}
    if len(mended) < one.least:  # as of most slips: no other rule need be asked
        return set()
    verdicts |= _verdicts([rule for rule in rules if rule.code not in failed], other)
    return set() if any(verdicts.get(place) == "fail" for place in holding) else mended


def _verdicts(rules: Iterable[Rule], evidence: Evidence) -> dict[Place, str]:
    return {_place(check): check.verdict for check in check_tables(rules, evidence)}


# ---- what may have happened ------------------------------------------------------------------------------------------


def _slips(report: Report, evidence: Evidence) -> Iterator[Hypothesis]:
    """Every slip that the numbers of failing checks hint at."""
    failing = [check for check in report.checks if check.verdict == "fail"]
    concerned: dict[str, set[int]] = {}
    differences = {abs(check.difference) for check in failing if check.difference}
    for check in failing:
        if check.row is not None and check.dataset:
            concerned.setdefault(check.dataset, set()).add(check.row)
        for name in check.facts:
            dataset, row, *_ = Reference.parse(name)
            concerned.setdefault(dataset, set()).add(row)
    for dataset, numbers in concerned.items():
        rows = evidence.rows.get(dataset, ())
        own = [row for row in rows if row.number in numbers and row.facts]
        yield from _units(dataset, rows, evidence)
        yield from _digits(dataset, rows, own, differences, evidence)
        yield from _doubled(dataset, rows, own, evidence)
        yield from _exchanged(dataset, rows, own, differences, evidence)
        yield from _shifted(dataset, rows, own, evidence)


def _exchanged(
    dataset: str, rows: Sequence[Row], own: Sequence[Row], differences: set[Decimal], evidence: Evidence
) -> Iterator[Hypothesis]:
    """Two rows with each other's amounts, where these differ by what a check is out by."""
    for one, other in combinations(own, 2):
        apart = {abs(_amount(one, column) - _amount(other, column)) for column in {*one.facts, *other.facts}} - {
            Decimal(0)
        }
        if apart & differences:
            swapped = {one.number: _with_facts(one, other.facts), other.number: _with_facts(other, one.facts)}
            said = sentence(
                "slip_exchanged", one=_named(one, dataset, evidence), other=_named(other, dataset, evidence)
            )
            yield Hypothesis(dataset, _with(rows, swapped), said)


def _shifted(dataset: str, rows: Sequence[Row], own: Sequence[Row], evidence: Evidence) -> Iterator[Hypothesis]:
    """A row with every amount one column further left or right."""
    columns = [column for column in evidence.datasets[dataset].money() if evidence.prints(dataset, column)]
    for row in own:
        for by in (-1, 1):
            places = {columns.index(column) + by: fact for column, fact in row.facts.items() if column in columns}
            if len(places) > 1 and all(0 <= place < len(columns) for place in places):
                moved = _with_facts(row, {columns[place]: fact for place, fact in places.items()})
                said = sentence("slip_shifted", row=_named(row, dataset, evidence))
                yield Hypothesis(dataset, _with(rows, {row.number: moved}), said)


def _doubled(dataset: str, rows: Sequence[Row], own: Sequence[Row], evidence: Evidence) -> Iterator[Hypothesis]:
    """The rows without one that says the same as an earlier one."""
    concerned = [_said(row) for row in own]
    for place, row in enumerate(rows):
        if (said := _said(row)) in concerned and any(_said(other) == said for other in rows[:place]):
            told = sentence("slip_doubled", row=_named(row, dataset, evidence))
            yield Hypothesis(dataset, (*rows[:place], *rows[place + 1 :]), told, least=1)


def _units(dataset: str, rows: Sequence[Row], evidence: Evidence) -> Iterator[Hypothesis]:
    """The table in another unit than it says."""
    for unit, factor in UNITS.items():
        other = tuple(
            _with_facts(row, {column: _times(fact, factor) for column, fact in row.facts.items()}) for row in rows
        )
        table = Sentence(evidence.datasets[dataset].zh, evidence.datasets[dataset].en)
        yield Hypothesis(dataset, other, sentence("slip_unit", table=table, unit=sentence(unit)))


def _digits(
    dataset: str, rows: Sequence[Row], own: Sequence[Row], differences: set[Decimal], evidence: Evidence
) -> Iterator[Hypothesis]:
    """A number with a digit more or less, or with two digits exchanged."""
    for row in own:
        for column, fact in row.facts.items():
            if not fact.amount:
                continue
            for other in {fact.amount + by for apart in differences for by in (apart, -apart)}:
                slip = digit_slip(fact.amount, other)
                if slip:
                    facts = {**row.facts, column: fact._replace(amount=other)}
                    worth = evidence.schemas.conventions.units.get(fact.printed_unit or "", Decimal(1))
                    named, printed = _named(row, dataset, evidence), fact.origin.printed
                    said = sentence(slip, row=named, printed=printed, would_be=written(other / worth))
                    yield Hypothesis(dataset, _with(rows, {row.number: _with_facts(row, facts)}), said)


def digit_slip(printed: Decimal, meant: Decimal) -> str | None:
    """What happened to the digits of a number, if one slip leads from what was meant to what is printed."""
    here, there = _figures(printed, meant)
    if len(here) + 1 == len(there) and any(there[:n] + there[n + 1 :] == here for n in range(len(there))):
        return "slip_digit_lost"
    if len(here) == len(there) + 1 and any(here[:n] + here[n + 1 :] == there for n in range(len(here))):
        return "slip_digit_added"
    apart = [n for n, (one, other) in enumerate(zip(here, there, strict=False)) if one != other]
    if len(here) == len(there) and len(apart) == 2 and sorted(here) == sorted(there) and apart[1] == apart[0] + 1:
        return "slip_digits_exchanged"
    return None


def _figures(*numbers: Decimal) -> list[str]:
    """The digits of numbers, with as many after the point in each, without zeros that all end with."""
    places = max(-int(number.normalize().as_tuple().exponent) for number in numbers)
    return [f"{abs(number).scaleb(max(places, 0)):.0f}" for number in numbers]


def _times(fact: Fact, factor: Decimal) -> Fact:
    return fact._replace(amount=None if fact.amount is None else fact.amount * factor, half=fact.half * factor)


def _amount(row: Row, column: str) -> Decimal:
    fact = row.facts.get(column)
    return (fact and fact.amount) or Decimal(0)


def _with_facts(row: Row, facts: Mapping[str, Fact]) -> Row:
    return row._replace(facts=dict(facts))


def _with(rows: Iterable[Row], instead: Mapping[int, Row]) -> tuple[Row, ...]:
    return tuple(instead.get(row.number, row) for row in rows)


def _said(row: Row) -> dict[str, object]:
    return {name: value for name, value in row.values.items() if value is not None and name not in ("row", "page")}


def _named(row: Row, dataset: str, evidence: Evidence) -> Sentence:
    return sentence("row_named", name=row_name(row, evidence.datasets[dataset]), number=row.number)
