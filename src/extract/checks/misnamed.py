"""Names that two tables ought to have in common: rows with the same amount and nearly the same name, which neither
prints as the other does; and classes that have no line where most have one.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

from extract.checks.between_tables import class_name, line_name
from extract.checks.completeness import told
from extract.checks.evidence import Evidence, row_name
from extract.model.report import Check, Row
from extract.schemas.table_rules import ClassLinesRule

FIGURES = 3  # digits of an amount that is not the same as another by chance
PART = 3  # of a name may be other signs: one of so many
MOST = 2  # signs
CLASS = "exp_func_name"  # what the lines of two-sided tables are called too

Named = dict[str, list[Row]]


def check_misnamed(evidence: Evidence) -> Iterator[Check]:
    """One finding for each such name."""
    yield from _nearly_the_same(evidence)
    said: set[tuple[str, str]] = set()
    for rule in evidence.schemas.rules:
        if rule.kind == "class_lines":
            for name, row, table in _without_line(rule, evidence):
                if (name, rule.left.dataset) not in said:
                    said.add((name, rule.left.dataset))
                    lines = evidence.datasets[rule.left.dataset].named
                    yield told(evidence.schemas, "class-without-line", row.page, table, name=name, table=lines)


def _without_line(rule: ClassLinesRule, evidence: Evidence) -> Iterator[tuple[str, Row, str]]:
    """The classes with money that no line is called by, as most are; each with its row and the table that it is in."""
    dataset = evidence.datasets[rule.left.dataset]
    rows = evidence.at(rule.left) if dataset.name in evidence.rows else ()
    lines = {line_name(row_name(row, dataset), evidence) for row in rows}
    classes: dict[str, tuple[str, Row, str]] = {}
    for place in rule.right:
        for row in evidence.rows.get(place.dataset, ()):
            name, fact = class_name(row, place.dataset, evidence, coded=True), row.facts.get(place.column)
            if name and fact and fact.amount:
                classes[name] = (name, row, place.dataset)
    lacking = [name for name in classes if name not in lines]
    if lines and 2 * len(lacking) < len(classes):
        yield from (classes[name] for name in lacking)


def _nearly_the_same(evidence: Evidence) -> Iterator[Check]:
    kinds: dict[str, dict[str, Named]] = {}
    for name in evidence.rows:
        for kind, named in _names(name, evidence):
            kinds.setdefault(kind, {}).setdefault(name, {}).update(named)
    said: set[str] = set()
    for tables in kinds.values():
        for (_, one), (other, there) in combinations(tables.items(), 2):
            apart = [name for name in there if name not in one]
            for name in [name for name in one if name not in there] if apart else ():
                like = (own for own in apart if _nearly(name, own))
                found = next((own for own in like if _share_an_amount(one[name], there[own])), None)
                if found and not {name, found} <= said:
                    said |= {name, found}
                    page = there[found][0].page
                    yield told(evidence.schemas, "name-differs", page, other, name=found, other=name)


def _names(dataset: str, evidence: Evidence) -> Iterator[tuple[str, Named]]:
    """The rows of a table by their names, and what these are names of."""
    declared = evidence.datasets[dataset]
    fields = {column.name: column.name for column in declared.columns.values() if column.name in declared.columns}
    if declared.label:
        fields[declared.label] = CLASS if "side" in declared.columns else declared.label
    for field, kind in fields.items():
        named: Named = {}
        for row in evidence.rows[dataset]:
            printed = row.values.get(field or "")
            if printed and not row.is_total:
                named.setdefault(line_name(str(printed), evidence), []).append(row)
        yield kind or "", named


def _share_an_amount(rows: Sequence[Row], others: Sequence[Row]) -> bool:
    one, other = ({fact.amount for row in own for fact in row.facts.values()} for own in (rows, others))
    return any(amount and len(amount.normalize().as_tuple().digits) >= FIGURES for amount in one & other)


def _nearly(name: str, other: str) -> bool:
    """Whether two names are as long and differ in few signs, so that one is the other misprinted."""
    if len(name) != len(other):
        return False
    differing = sum(one != two for one, two in zip(name, other, strict=True))
    return 0 < differing <= min(MOST, len(name) // PART)
