"""Projects and their performance forms: one for each, where a document prints them so."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from extract.checks.completeness import told
from extract.checks.evidence import Evidence, total_rows
from extract.model.report import Check, Row, Statement
from extract.text import compared

RUN = 10  # projects of which one without a form is one that is missing
PROJECTS, FORMS = "project_expenditure", "performance_targets"
COUNTED, FUNDS = "performance_project_count", "performance_funds"


class _Named(NamedTuple):
    """A project or a form by its name, with its amount and its kind."""

    name: str
    amount: Decimal | None
    kind: object


def check_projects(evidence: Evidence) -> Iterator[Check]:
    """Left-overs on either side, where most projects have a form; where fewer have, what is missing in the midst of
    those that have one, and what there is too much of.
    """
    if PROJECTS not in evidence.rows or FORMS not in evidence.rows or evidence.withheld:
        return
    projects, forms = _projects(evidence), _forms(evidence)
    if not projects or not forms:
        return
    names, own = Counter(one.name for one in projects), Counter(one.name for one in forms)
    lacking, foreign = _uncut(names - own, own - names)
    if 2 * lacking.total() <= names.total():
        without, beyond = list(lacking), list(foreign)
    else:
        without = _in_the_midst(projects, forms)
        beyond = [name for name in _of_one_kind(forms) - names if names[name]]
    for name in without:
        yield told(evidence.schemas, "form-missing", None, FORMS, name=name)
    for name in beyond:
        yield told(evidence.schemas, "project-missing", None, PROJECTS, name=name)


def check_counted_forms(evidence: Evidence, statements: Iterable[Statement]) -> Iterator[Check]:
    """Fewer forms than the projects that the text counts, where these are all that the document lists."""
    forms = len(_forms(evidence)) if FORMS in evidence.rows else 0
    if not forms or evidence.withheld:
        return
    listed = len(_projects(evidence)) if PROJECTS in evidence.rows else None
    for one in statements:
        if one.kind == COUNTED and one.quantity and forms < one.quantity and listed in (None, one.quantity):
            yield told(evidence.schemas, "forms-fewer", one.origin.page, FORMS, count=one.quantity, forms=forms)


def check_uncounted_forms(
    evidence: Evidence, statements: Iterable[Statement], numbered: Container[int]
) -> Iterator[Check]:
    """Forms of which nothing tells whether all are there: no list has a project for each, no number of the text and no
    total agrees with them, and their pages are not `numbered`.
    """
    forms = _forms(evidence) if FORMS in evidence.rows else []
    if not forms:
        return
    listed = {one.name for one in _projects(evidence)} if PROJECTS in evidence.rows else set()
    counts = {one.quantity for one in statements if one.kind in (COUNTED, FUNDS)}
    money = sum((one.amount for one in forms if one.amount), Decimal(0))
    pages = [row.page for row in evidence.rows[FORMS]]
    if (
        not (listed and listed <= {one.name for one in forms})
        and not counts & {Decimal(len(forms)), money}
        and money not in evidence.totals(FORMS)
        and not all(page in numbered for page in range(min(pages), max(pages) + 1))
    ):
        yield told(evidence.schemas, "forms-not-counted", min(pages), FORMS, forms=len(forms))


def _projects(evidence: Evidence) -> list[_Named]:
    """The rows that are no sums of others."""
    rows = evidence.rows[PROJECTS]
    dataset, units = evidence.datasets[PROJECTS], evidence.units()
    totals = {id(row) for row in total_rows(rows, dataset, evidence)}
    named = [_named(row) for row in rows if id(row) not in totals]
    return [one for one in named if one.name and one.name not in units]


def _forms(evidence: Evidence) -> list[_Named]:
    return [one for row in evidence.rows[FORMS] if (one := _named(row)).name]


def _named(row: Row) -> _Named:
    fact = row.facts.get("total")
    name = compared(str(row.values.get("project_name") or ""))
    return _Named(name, fact.amount if fact else None, row.values.get("target_type"))


def _uncut(lacking: Counter[str], foreign: Counter[str]) -> tuple[Counter[str], Counter[str]]:
    """Both without names that are the beginning of one of the other side, as where a cell cuts them off."""
    cut = {name for name in lacking for other in foreign if _one_name(name, other)}
    return (
        Counter({name: count for name, count in lacking.items() if name not in cut}),
        Counter({name: count for name, count in foreign.items() if not any(_one_name(name, one) for one in cut)}),
    )


def _one_name(name: str, other: str) -> bool:
    return name.startswith(other) or other.startswith(name)


def _in_the_midst(projects: Sequence[_Named], forms: Sequence[_Named]) -> list[str]:
    """The few projects without a form between the first and the last that have one, as where the forms are those of
    one unit.
    """
    free = list(enumerate(projects))
    placed: set[int] = set()
    for form in forms:
        found = next((place for place, project in free if _is_row(form, project)), None)
        if found is not None:
            placed.add(found)
            free = [one for one in free if one[0] != found]
    run = range(min(placed, default=0), max(placed, default=0) + 1)
    without = [projects[place].name for place in run if place not in placed]
    return without if len(without) * RUN <= len(run) else []


def _is_row(form: _Named, project: _Named) -> bool:
    return form.amount == project.amount and _one_name(form.name, project.name)


def _of_one_kind(forms: Sequence[_Named]) -> Counter[str]:
    """How many forms of one kind there are of a name: a special fund has one as such and one as a project."""
    most: Counter[str] = Counter()
    for (name, _), count in Counter((one.name, one.kind) for one in forms).items():
        most[name] = max(most[name], count)
    return most
