"""How exact the numbers of a column are: what their printed digits alone do not tell."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from extract.model.report import Fact, Row

ZERO = Decimal(0)
MANY = 8  # numbers that do not all end in zeros by chance
UNITS = tuple(Decimal(1).scaleb(-places) for places in range(2, 6))  # of 万元: what amounts are rounded to
SHORTENED = 3  # numbers with fewer digits than is usual: their column drops zeros


def at_column_precision(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows with every number at the precision that its column usually has: one with fewer digits has lost none of
    it. Only in a column that drops zeros anyhow may a number be cut off by the width of the cells. Where all numbers of
    the rows end in zeros, what they were rounded to before counts: 元 made of hundredths of 万元 tie only so far.
    """
    facts: dict[str, list[Fact]] = {}
    for row in rows:
        for column, fact in row.facts.items():
            if fact.amount:
                facts.setdefault(column, []).append(fact)
    rounded = _rounded_before([fact for own in facts.values() for fact in own])
    precisions = {column: _Precision.of(own, rounded) for column, own in facts.items()}

    def exact(row: Row) -> Row:
        halves = {
            column: precisions[column].half_of(fact) for column, fact in row.facts.items() if column in precisions
        }
        if all(row.facts[column].half == half for column, half in halves.items()):
            return row
        return row._replace(
            facts={column: fact._replace(half=halves.get(column, fact.half)) for column, fact in row.facts.items()}
        )

    return [exact(row) for row in rows]


def _rounded_before(facts: Sequence[Fact]) -> Decimal:
    """Half of the largest unit, a cent of 万元 or less, of which all of many numbers are whole; zero for a few."""
    if len(facts) < MANY:
        return ZERO
    whole = (unit for unit in UNITS if not any((fact.amount or ZERO) % unit for fact in facts))
    return next(whole, ZERO) / 2


class _Precision(NamedTuple):
    """What half a unit of a column's usual last digit is; how many characters its longest number has, if it drops
    zeros; half of what all numbers of the table were rounded to.
    """

    usual: Decimal
    longest: int | None
    rounded: Decimal

    @classmethod
    def of(cls, facts: Sequence[Fact], rounded: Decimal) -> "_Precision":
        counted = Counter(fact.half for fact in facts)
        usual = min(counted, key=lambda half: (-counted[half], half))
        drops = len([fact for fact in facts if fact.half > usual]) >= SHORTENED
        return cls(usual, max(len(fact.origin.printed) for fact in facts) if drops else None, rounded)

    def half_of(self, fact: Fact) -> Decimal:
        """Half a unit of the last digit that counts."""
        return max(self._printed_half(fact), self.rounded) if fact.amount else self._printed_half(fact)

    def _printed_half(self, fact: Fact) -> Decimal:
        """Of a number that would be longer than any of its column if it had the usual digits, its own."""
        if fact.half <= self.usual or not fact.amount:
            return min(fact.half, self.usual)
        lost = int((fact.half / self.usual).log10().to_integral_value())
        whole = "." not in fact.origin.printed
        cut = self.longest is not None and len(fact.origin.printed) + lost + whole > self.longest
        return fact.half if cut else self.usual
