"""Slips that break no law of sums: two rows that have each other's amounts in another table, lines whose ordinals run
backwards, a unit among projects, a number without the decimals that every other one has.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

from extract.checks.between_tables import line_name
from extract.checks.completeness import told
from extract.checks.evidence import Evidence
from extract.checks.trees import heads
from extract.model.report import Check
from extract.text import compared, ordinal

PROJECT = "project_name"
FEW = 2  # whole numbers that a slip leaves: a row's total and its only part
AMOUNTS = 6  # of a table that are not all whole by chance
TABLES = 2  # with decimals, that one without is told from
SELDOM = 50  # a document that drops zeros prints more than one whole number in so many


def check_slips(evidence: Evidence) -> Iterator[Check]:
    """One finding for each slip; none of them says which of the places is wrong."""
    yield from _exchanged(evidence)
    yield from _out_of_order(evidence)
    yield from _units_among_rows(evidence)
    yield from _cut_off(evidence)
    yield from _without_decimals(evidence)


class _Column(NamedTuple):
    """The amounts of a column by the code or the name of their row, as far as that stands there once."""

    dataset: str
    amounts: Mapping[str, Decimal]


def _exchanged(evidence: Evidence) -> Iterator[Check]:
    """No law says that two tables print the same amount for a name. But where one prints 3 and 5 for two names and
    another 5 and 3, in whatever columns, one of them has mixed them up.
    """
    said: set[tuple[str, str]] = set()
    for columns in _columns(evidence).values():
        for one, other in combinations(columns, 2):
            if one.dataset == other.dataset:
                continue
            apart = {
                (amount, other.amounts[name]): name
                for name, amount in one.amounts.items()
                if other.amounts.get(name, amount) != amount
            }
            for (here, there), name in apart.items():
                crossed = apart.get((there, here))
                if crossed and name < crossed and (name, crossed) not in said:
                    said.add((name, crossed))
                    yield told(evidence.schemas, "rows-exchanged", None, one.dataset, one=name, other=crossed)


def _columns(evidence: Evidence) -> dict[str, list[_Column]]:
    """Every column of amounts, by what its rows are told by: a field of codes, the names of projects, other names."""
    columns: dict[str, list[_Column]] = {}
    for name, rows in evidence.rows.items():
        dataset = evidence.datasets[name]
        label = PROJECT if PROJECT in dataset.columns else dataset.label
        kinds = {field: field for field, column in dataset.columns.items() if column.type == "code"}
        if label:
            kinds[label] = PROJECT if label == PROJECT else ""
        for field, kind in kinds.items():
            keys = [line_name(str(row.values.get(field) or ""), evidence) for row in rows]
            counted = Counter(keys)
            once = [
                (key, row)
                for key, row in zip(keys, rows, strict=True)
                if key and counted[key] == 1 and not row.is_total
            ]
            printed: dict[str, dict[str, Decimal]] = {}
            for key, row in once:
                for column, fact in row.facts.items():
                    if fact.amount is not None:
                        printed.setdefault(column, {})[key] = fact.amount
            columns.setdefault(kind, []).extend(
                _Column(name, printed[column]) for column in dataset.money() if len(printed.get(column, ())) > 1
            )
    return columns


def _out_of_order(evidence: Evidence) -> Iterator[Check]:
    """Lines of a side of a two-sided table: ordinals of one kind run on, or begin again at one; those of the first kind
    begin before any other.
    """
    kinds = evidence.schemas.two_sided.ordinals
    for name, rows in evidence.rows.items():
        dataset = evidence.datasets[name]
        if "side" not in dataset.columns:
            continue
        above: dict[object, dict[int, int]] = {}
        for row in rows:
            line = compared(str(row.values.get(dataset.label or "") or ""))
            before = above.setdefault(row.values.get("side"), {})
            found = next(((kind, one.group()) for kind, own in enumerate(kinds) if (one := own.match(line))), None)
            if found is None or not (number := ordinal(found[1])):
                continue
            kind = found[0]
            backwards = number != 1 and number <= before.get(kind, 0)
            if backwards or (number == 1 and kind == 0 and before and 0 not in before):
                yield told(evidence.schemas, "line-out-of-order", row.page, name, line=line)
            above[row.values.get("side")] = {own: last for own, last in before.items() if own < kind} | {kind: number}


def _units_among_rows(evidence: Evidence) -> Iterator[Check]:
    """A unit, or the agency itself, that stands among the projects of another, where a row with rows below it has the
    name of no unit.
    """
    units = evidence.units()
    for name, rows in evidence.rows.items():
        dataset = evidence.datasets[name]
        if PROJECT not in dataset.columns or dataset.kind == "form" or not units:
            continue
        above = heads(rows, dataset, evidence)
        named = [(row, compared(str(row.values.get(PROJECT) or ""))) for row in rows if not row.is_total]
        headed = [own in units for row, own in named if id(row) in above]
        agency = {own for _, own in named if evidence.is_agency(own)}
        if headed and not all(headed) and (any(headed) or agency):
            for row, own in named:
                if id(row) not in above and own in units | agency:
                    yield told(evidence.schemas, "unit-among-rows", row.page, name, name=own)


def _cut_off(evidence: Evidence) -> Iterator[Check]:
    """Whole numbers of tables where every other one of the document has the same decimals, so that it drops no zeros;
    forms are filled in by hand, each in its own way.
    """
    facts = [
        fact
        for name, rows in evidence.rows.items()
        if evidence.datasets[name].kind != "form"
        for row in rows
        for fact in row.facts.values()
        if fact.amount
    ]
    whole = [fact for fact in facts if "." not in fact.origin.printed]
    decimals = Counter(len(fact.origin.printed.partition(".")[2]) for fact in facts)
    if len(decimals) == 2 and len(whole) <= min(FEW, len(facts) // SELDOM):
        for fact in whole:
            printed = fact.origin.printed
            yield told(evidence.schemas, "decimals-missing", fact.origin.page, fact.dataset, printed=printed)


def _without_decimals(evidence: Evidence) -> Iterator[Check]:
    """The only table of classes or of two sides whose amounts are all whole, where the others in the same unit have
    decimals: what is planned in round numbers (projects, procurement) is no such table, and nothing is below a cent.
    """
    schemas = evidence.schemas
    classes = {name for rule in schemas.rules if rule.kind in ("tree", "lines") for name in rule.about()}
    smallest = min(schemas.conventions.units.values())
    printed: dict[str, list[bool]] = {}
    pages: dict[str, int] = {}
    for name in classes & evidence.rows.keys():
        facts = [fact for row in evidence.rows[name] for fact in row.facts.values() if fact.amount]
        if any(schemas.conventions.units.get(fact.printed_unit or "", smallest) > smallest for fact in facts):
            printed[name] = ["." in fact.origin.printed for fact in facts]
            pages[name] = facts[0].origin.page
    whole = [name for name, own in printed.items() if len(own) >= AMOUNTS and not any(own)]
    others = [own for name, own in printed.items() if name not in whole]
    if len(whole) == 1 and len(others) >= TABLES and all(2 * sum(own) >= len(own) for own in others):
        [name] = whole
        table = evidence.datasets[name].named
        yield told(schemas, "table-without-decimals", pages[name], name, table=table)
