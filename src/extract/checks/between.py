"""A document against others of the same out/: against last year's of its agency, a final account against the budget of
its year, a department's against those of its units.

Which of two documents is wrong nobody can tell, so these checks leave the status of both as it is.

"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from extract.checks.class_names import ClassNames
from extract.checks.evidence import Evidence, Sum, check_of, judged, row_name, summed, unmade
from extract.checks.stated import DATASET, signed
from extract.messages import listed, sentence
from extract.model.report import Check, Fact, Row, Statement
from extract.schemas.grammar import Schemas
from extract.schemas.rule_base import RowSelector
from extract.schemas.rules import StagesRule, UnitsRule, YearsRule
from extract.text import compared

KINDS = ("years", "stages", "units")  # of rules
SCOPE = "between"
ROUNDED = 3  # figures that are rounded where a change of one to the other is stated


def codes_between(schemas: Schemas) -> list[str]:
    """The rules that hold a document against others."""
    return [rule.code for rule in schemas.rules if rule.kind in KINDS]


class Identified(Protocol):
    """What tells which documents belong together; `units` are the names that a department says it consists of."""

    @property
    def document_id(self) -> str: ...
    @property
    def agency_name(self) -> str | None: ...
    @property
    def document_type(self) -> str | None: ...
    @property
    def fiscal_year(self) -> int | None: ...
    @property
    def units(self) -> Sequence[str]: ...


class Compared(Identified, Protocol):
    """A document as far as other documents are held against it."""

    @property
    def rows(self) -> Mapping[str, Sequence[Row]]: ...
    @property
    def columns(self) -> Mapping[str, frozenset[str]]: ...
    @property
    def statements(self) -> Sequence[Statement]: ...


class Relation(NamedTuple):
    """A document and those it is held against: the one of the year before, the budget of its year, and its units by
    name, as far as they are there.
    """

    document: str
    earlier: str | None
    budget: str | None
    units: Mapping[str, str]


def units_of(schemas: Schemas, organisation: str | None, named: Iterable[tuple[str | None, str]]) -> list[str]:
    """The units that a department names, in compared form: each on a line of its description, or in rows of the table
    of units (code and name).
    """
    declared = schemas.conventions.document
    lines = (declared.unit_line.fullmatch(line) for line in map(compared, (organisation or "").split("\n")))
    listed = [found["unit_name"] for found in lines if found]
    table = schemas.datasets[declared.unit_table]
    deepest = table.columns[table.code or ""].levels[-1]
    return list(dict.fromkeys([*listed, *(compared(name) for code, name in named if code and len(code) == deepest)]))


def relations(schemas: Schemas, documents: Sequence[Identified]) -> list[Relation]:
    """Every document that others belong to. A budget is held against a budget only; of several that may be meant none
    is taken. A report that does not say whether it is of a department or of a unit may follow one that does.
    """
    by_name: dict[tuple[str, str | None, int], list[Identified]] = defaultdict(list)
    for document in documents:
        if document.agency_name and document.fiscal_year:
            name = _one_form(schemas, document.agency_name)
            by_name[name, document.document_type, document.fiscal_year].append(document)
    only = {key: group[0].document_id for key, group in by_name.items() if len(group) == 1}
    found = []
    for (name, kind, year), group in by_name.items():
        before = [other for own, other, then in by_name if (own, then) == (name, year - 1) and _may_follow(kind, other)]
        meant = [kind] if kind in before else before
        earlier = only.get((name, meant[0], year - 1)) if len(meant) == 1 else None
        budget = only.get((name, schemas.conventions.document.budget_types.get(kind or "", ""), year))
        unit_kind = schemas.conventions.document.unit_types.get(kind or "")
        for document in group:
            units = {
                unit: only[key]
                for unit in document.units
                if unit_kind and (key := (_one_form(schemas, unit), unit_kind, year)) in only
            }
            if earlier or budget or units:
                found.append(Relation(document.document_id, earlier, budget, units))
    return found


def _one_form(schemas: Schemas, agency: str) -> str:
    """The name of an agency in compared form, with every part of it in the short form."""
    name = compared(agency)
    for pattern, short in schemas.conventions.document.name_forms.items():
        name = pattern.sub(short, name)
    return name


def _may_follow(kind: str | None, other: str | None) -> bool:
    """Whether a report of one kind follows one of the other: 预算 may be what 部门预算 was before."""
    return kind == other or (kind is not None and other is not None and (kind.endswith(other) or other.endswith(kind)))


def check_between(
    schemas: Schemas, related: Iterable[Relation], documents: Mapping[str, Compared]
) -> dict[str, list[Check]]:
    """For each document that others belong to, what holds or fails between them.

    What a check read of another document is named `document_id/dataset:row:column`.
    """
    found: dict[str, list[Check]] = {}
    for one in related:
        document = documents[one.document]
        units = {name: documents[unit] for name, unit in one.units.items()}
        checks: list[Check] = []
        for rule in schemas.rules:
            if rule.kind == "years" and one.earlier:
                checks += _years(rule, schemas, document, documents[one.earlier])
            elif rule.kind == "stages" and one.budget:
                checks += _stages(rule, schemas, document, documents[one.budget])
            elif rule.kind == "units" and units:
                checks += _units(rule, schemas, document, units)
        found[one.document] = [check._replace(scope=SCOPE) for check in checks]
    return found


def _evidence(schemas: Schemas, document: Compared) -> Evidence:
    return Evidence(schemas, document.rows, document.columns, document.fiscal_year)


def _foreign(total: Sum, document: Compared) -> Sum:
    """The same sum, its numbers named with the document that they stand in."""
    return total._replace(
        numbers=tuple(number.of_document(document.document_id) for number in total.numbers if isinstance(number, Fact))
    )


# ---- two years -------------------------------------------------------------------------------------------------------


def _years(rule: YearsRule, schemas: Schemas, document: Compared, earlier: Compared) -> Iterator[Check]:
    now, before = _evidence(schemas, document), _evidence(schemas, earlier)
    dataset = DATASET if rule.stated else rule.right.dataset
    missing = now.missing(rule.right) or before.missing(rule.earlier)
    if missing:
        yield unmade(rule, dataset, *missing)
        return
    if not now.at(rule.right) or not before.at(rule.earlier):
        yield unmade(rule, dataset, "not_applicable", sentence("reason_zero_or_no_row"))
        return
    here, there = now.sum_at(rule.right), _foreign(before.sum_at(rule.earlier), earlier)
    if rule.stated:
        for statement in document.statements:
            other = rule.unless and rule.unless.search(compared(statement.text))
            if statement.kind == rule.stated and statement.quantity is not None and not other:
                yield _change(rule, statement, here, there)
    elif here.numbers or there.numbers:
        yield check_of(rule, dataset, _first_row(now, rule.right), rule.right.column, here, there, judged(here, there))


def _change(rule: YearsRule, statement: Statement, here: Sum, there: Sum) -> Check:
    """A stated change may be the difference of two figures that were rounded as it is."""
    stated, difference = signed([statement]), here.minus(there)
    stated = stated._replace(slack=ROUNDED * stated.slack)
    return check_of(rule, DATASET, statement.number, "amount", stated, difference, judged(stated, difference))


def _first_row(evidence: Evidence, place: RowSelector) -> int | None:
    return next((row.number for row in evidence.at(place)), None)


# ---- a final account and the budget of its year ----------------------------------------------------------------------


def _stages(rule: StagesRule, schemas: Schemas, final: Compared, budget: Compared) -> Iterator[Check]:
    evidence, classes = _evidence(schemas, budget), ClassNames(schemas.statements)
    if missing := evidence.missing(rule.right):
        yield unmade(rule, DATASET, *missing)
        return
    for statement in final.statements:
        if statement.kind != rule.stated or not statement.quantity:
            continue  # what was budgeted under another class is stated as zero
        if rows := classes.rows(statement.item or "", rule.right, evidence):
            stated = signed([statement])
            there = _foreign(summed(row.facts.get(rule.right.column) for row in rows), budget)
            if there.numbers:
                yield check_of(rule, DATASET, statement.number, "amount", stated, there, judged(stated, there))


# ---- a department and its units --------------------------------------------------------------------------------------


def _units(rule: UnitsRule, schemas: Schemas, department: Compared, units: Mapping[str, Compared]) -> Iterator[Check]:
    place, part = rule.left, rule.right
    evidence = _evidence(schemas, department)
    if place.dataset not in evidence.rows:
        return
    sums = {
        name: _foreign(_evidence(schemas, unit).sum_at(part), unit)
        for name, unit in units.items()
        if part.dataset in unit.rows
    }
    if place.rows == "@unit":
        yield from _unit_by_unit(rule, evidence, place, sums)
        return
    absent = [name for name in department.units if name not in sums]
    if absent:
        yield unmade(rule, place.dataset, "no_evidence", sentence("reason_units_absent", units=listed(absent)))
        return
    stated = evidence.sum_at(place)
    total = summed([])
    for one in sums.values():
        total = total.plus(one)
    if stated.numbers or total.numbers:
        verdict = judged(stated, total, rule.relation)
        yield check_of(rule, place.dataset, _first_row(evidence, place), place.column, stated, total, verdict)


def _unit_by_unit(rule: UnitsRule, evidence: Evidence, place: RowSelector, sums: Mapping[str, Sum]) -> Iterator[Check]:
    """A row that names a unit against the unit's own report; a name that stands twice is the department's and the
    unit's: the last is the unit's.
    """
    dataset = evidence.datasets[place.dataset]
    for name, total in sums.items():
        row = next(
            (row for row in reversed(evidence.rows[place.dataset]) if compared(row_name(row, dataset)) == name), None
        )
        if row is not None and total.numbers:
            stated = summed([row.facts.get(place.column)])
            verdict = judged(stated, total, rule.relation)
            yield check_of(rule, place.dataset, row.number, place.column, stated, total, verdict)
