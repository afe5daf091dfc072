"""Units above tables that cannot be meant: everything ten thousand times more or less than it can be. Nothing of this
contradicts a number; each is a finding that does not say which place is wrong.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from extract.checks.completeness import told
from extract.checks.evidence import ZERO, Evidence
from extract.model.report import Check, Fact

TEN_THOUSAND = Decimal(10000)  # 元 in 万元
FIGURES = 3  # digits of a number that is not the same as another by chance
DECIMALS = 2  # of the smallest unit: there is nothing below a cent
MOST = 3  # tables in one unit, that one in another is told from


def check_units(evidence: Evidence) -> Iterator[Check]:
    """Tables and whole documents whose unit is doubtful."""
    facts = {
        name: [fact for row in rows for fact in row.facts.values() if fact.amount]
        for name, rows in evidence.rows.items()
    }
    yield from _beside_another(evidence)
    yield from _whole_budget(evidence)
    units = evidence.schemas.conventions.units
    smallest = min(units, key=lambda unit: units[unit])
    yield from _below_a_cent(evidence, facts, smallest)
    yield from _hardly_anything(evidence, facts, smallest)


def _beside_another(evidence: Evidence) -> Iterator[Check]:
    """A table that has no total in common with another, and one that would be such a total in 元 instead of 万元, or in
    万元 instead of 元.
    """
    for name in evidence.rows:
        own = {fact.amount: fact for fact in evidence.own_totals(name) if fact.amount}
        others = evidence.totals(name)
        if others.isdisjoint(own):
            for amount, fact in own.items():
                figures = len(amount.normalize().as_tuple().digits)
                if figures >= FIGURES and {amount * TEN_THOUSAND, amount / TEN_THOUSAND} & others:
                    table, printed = evidence.datasets[name].named, fact.origin.printed
                    yield told(evidence.schemas, "unit-doubtful", fact.origin.page, name, table=table, printed=printed)
                    break


def _whole_budget(evidence: Evidence) -> Iterator[Check]:
    """A budget that is smaller or larger than that of any agency."""
    size = evidence.schemas.budget_size
    totals = [
        fact
        for name in evidence.rows
        if "side" in evidence.datasets[name].columns
        for fact in evidence.own_totals(name)
    ]
    largest = max(totals, key=lambda fact: abs(fact.amount or ZERO), default=None)
    if largest and not size.smallest <= abs(largest.amount or ZERO) <= size.largest:
        page, printed, unit = largest.origin.page, largest.origin.printed, largest.printed_unit
        yield told(evidence.schemas, "budget-size", page, largest.dataset, printed=printed, unit=unit)


def _below_a_cent(evidence: Evidence, facts: Mapping[str, Sequence[Fact]], smallest: str) -> Iterator[Check]:
    for name, own in facts.items():
        cut = next((fact for fact in own if fact.printed_unit == smallest and _decimals(fact) > DECIMALS), None)
        if cut:
            table, printed = evidence.datasets[name].named, cut.origin.printed
            yield told(evidence.schemas, "below-a-cent", cut.origin.page, name, table=table, printed=printed)


def _decimals(fact: Fact) -> int:
    return len(fact.origin.printed.partition(".")[2].rstrip("0"))


def _hardly_anything(evidence: Evidence, facts: Mapping[str, Sequence[Fact]], smallest: str) -> Iterator[Check]:
    """The only table in 元, of which no amount comes to what any table of money does."""
    tables = {name: own for name, own in facts.items() if own and evidence.datasets[name].kind != "form"}
    in_smallest = [name for name, own in tables.items() if all(fact.printed_unit == smallest for fact in own)]
    if len(in_smallest) == 1 and len(tables) > MOST:
        [name] = in_smallest
        largest = max(tables[name], key=lambda fact: abs(fact.amount or ZERO))
        if abs(largest.amount or ZERO) < evidence.schemas.budget_size.seldom:
            table, printed = evidence.datasets[name].named, largest.origin.printed
            yield told(evidence.schemas, "hardly-anything", largest.origin.page, name, table=table, printed=printed)
