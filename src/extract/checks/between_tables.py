"""A number of one table against the same number of another: totals, rows of the same code, lines of the same class
name, forms of projects.

A blank is never filled with zero. Where a number is printed and its counterpart is blank although its table was read,
the two contradict each other unless the number is zero. A table or a column that is not printed makes the check not
applicable.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from extract.checks.evidence import Evidence, Sum, check_of, judged, row_name, summed, total_rows, unmade
from extract.checks.trees import listed_rows
from extract.checks.two_sided import sides
from extract.messages import sentence
from extract.model.report import Check, Row
from extract.schemas.patterns import Pattern
from extract.schemas.rule_base import BaseRule, Relation, RowSelector
from extract.schemas.table_rules import ClassLinesRule, FormsRule, FundLinesRule, LineColumnsRule, TablesRule
from extract.text import compared

CLASS = 3  # digits of a functional 类


def check_between_tables(rule: TablesRule, evidence: Evidence) -> Iterator[Check]:
    """One check, or with `join` one for each key that both sides print."""
    right = [rule.right, *rule.more]
    if not _concerns(rule, evidence, rule.left, right, rule.blank):
        return
    missing = evidence.missing(rule.left, *right)
    if missing:
        yield unmade(rule, rule.left.dataset, *missing)
        return
    here = evidence.at(rule.left)
    found = [(place, evidence.at(place)) for place in right]
    there = [(place, row) for place, rows in found for row in rows]
    if not rule.join and not rule.by_name:
        lacking = [place for place, rows in found if evidence.rows[place.dataset] and not rows]
        if there and lacking:
            name = evidence.datasets[lacking[0].dataset].named
            yield unmade(rule, rule.left.dataset, "no_evidence", sentence("reason_no_total_row", table=name))
            return
        empty = not any(evidence.rows[place.dataset] for place in right)
        yield from _pair(rule, evidence, rule.left, here, there, rule.relation, empty)
        return
    relation: Relation = "equal" if rule.same_total and _totals_agree(rule.left, right, evidence) else rule.relation
    if rule.by_name:
        yield from _by_name(rule, evidence, here, found, relation)
        return
    groups: dict[tuple[object, ...], list[tuple[RowSelector, Row]]] = {}
    for place, row in there:
        groups.setdefault(_key(row, rule.join), []).append((place, row))
    for key, rows in _grouped(here, rule.join).items():
        if key in groups and None not in key:
            yield from _pair(rule, evidence, rule.left, rows, groups[key], relation)
        elif rule.every and None not in key and _depth(key) in set(map(_depth, groups)):
            yield from _alone(rule, rule.left, rows)


def _by_name(
    rule: TablesRule,
    evidence: Evidence,
    here: Sequence[Row],
    right: Sequence[tuple[RowSelector, Sequence[Row]]],
    relation: Relation,
) -> Iterator[Check]:
    """One check for each name that every table prints once, as those of units."""
    own = _only_rows(here, rule.left.dataset, evidence)
    others = [(place, _only_rows(rows, place.dataset, evidence)) for place, rows in right]
    for name, row in own.items():
        if all(name in named for _, named in others):
            counterparts = [(place, named[name]) for place, named in others]
            yield from _pair(rule, evidence, rule.left, [row], counterparts, relation)


def _only_rows(rows: Iterable[Row], name: str, evidence: Evidence) -> dict[str, Row]:
    """The rows by their names, but for names that stand there twice."""
    dataset = evidence.datasets[name]
    named = [(compared(row_name(row, dataset)), row) for row in rows]
    counted = Counter(own for own, _ in named)
    return {own: row for own, row in named if own and counted[own] == 1}


def _concerns(
    rule: BaseRule, evidence: Evidence, left: RowSelector, right: Sequence[RowSelector], blank: Iterable[RowSelector]
) -> bool:
    """Whether the document prints, or ought to print, what the rule speaks of, and what must be blank is."""
    if left.dataset not in evidence.rows and not any(place.dataset in evidence.rows for place in right):
        return False
    if not evidence.speaks_of(left, *right):
        return False
    return evidence.comes_to_nothing(blank)


def _totals_agree(left: RowSelector, right: Sequence[RowSelector], evidence: Evidence) -> bool:
    here = evidence.sum_at(left.model_copy(update={"rows": "total"}))
    there = summed([])
    for place in right:
        there = there.plus(evidence.sum_at(place.model_copy(update={"rows": "total"})))
    return bool(here.numbers and there.numbers) and here.value == there.value


def _pair(
    rule: BaseRule,
    evidence: Evidence,
    left: RowSelector,
    here: Sequence[Row],
    there: Sequence[tuple[RowSelector, Row]],
    relation: Relation,
    empty: bool = False,
) -> Iterator[Check]:
    """`empty`: the right tables are printed without any row, so that they say that there is nothing."""
    stated = summed(row.facts.get(left.column) for row in here)
    counterpart = summed(row.facts.get(place.column) for place, row in there)
    if not stated.numbers and not counterpart.numbers:
        return
    if not stated.numbers or not counterpart.numbers:
        printed = stated if stated.numbers else counterpart
        unprinted = (not here and evidence.rows[left.dataset]) or (not there and not empty)
        if unprinted or not printed.value or (relation == "at_most" and not stated.numbers):
            yield unmade(rule, left.dataset, "not_applicable", sentence("reason_zero_or_no_row"))
            return
    row = here[0].number if here else None
    verdict = judged(stated, counterpart, relation)
    yield check_of(rule, left.dataset, row, left.column, stated, counterpart, verdict)


def _alone(rule: BaseRule, left: RowSelector, rows: Sequence[Row]) -> Iterator[Check]:
    """Rows that the other table ought to have too."""
    stated = summed(row.facts.get(left.column) for row in rows)
    if stated.value:
        yield check_of(rule, left.dataset, rows[0].number, left.column, stated, summed([]), "fail")


def _key(row: Row, join: Sequence[str]) -> tuple[object, ...]:
    return tuple(row.values.get(name) for name in join)


def _depth(key: Sequence[object]) -> tuple[int, ...]:
    """How deep the codes of a key go: a table that prints no class so deep lacks none."""
    return tuple(len(str(part)) for part in key)


def _grouped(rows: Iterable[Row], join: Sequence[str]) -> dict[tuple[object, ...], list[Row]]:
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(_key(row, join), []).append(row)
    return groups


# ---- lines of a two-sided table and classes ----


def check_class_lines(rule: ClassLinesRule, evidence: Evidence) -> Iterator[Check]:
    """One check for each line whose class the other tables print under the same name."""
    tables = [place for place in rule.right if place.dataset in evidence.rows]
    if rule.left.dataset not in evidence.rows or len(tables) < len(rule.right):
        return
    if not evidence.comes_to_nothing(rule.blank):
        return
    missing = evidence.missing(rule.left, *tables)
    if missing:
        yield unmade(rule, rule.left.dataset, *missing)
        return
    coded = any(
        row.values.get(evidence.datasets[place.dataset].code or "") for place in tables for row in evidence.at(place)
    )
    classes, named = _classes(tables, evidence, coded)
    dataset = evidence.datasets[rule.left.dataset]
    found = sides(evidence, dataset).get(rule.left.side or "")
    if not found:
        return
    lines = found.lines() if coded else list(evidence.at(rule.left))
    names = [line_name(row_name(row, dataset), evidence) for row in lines]
    for row, name in zip(lines, names, strict=True):
        stated = summed([row.facts.get(rule.left.column)])
        if name not in classes or names.count(name) > 1 or (not coded and named[name] > 1):
            continue
        if not (stated.value or classes[name].value):
            continue
        verdict = judged(stated, classes[name], rule.relation)
        yield check_of(rule, dataset.name, row.number, rule.left.column, stated, classes[name], verdict)


def _classes(tables: Sequence[RowSelector], evidence: Evidence, coded: bool) -> tuple[dict[str, Sum], Counter[str]]:
    """The sum of each class over these tables by its name, and how many rows have that name. A class that one of them
    does not print is the sum of its rows there.
    """
    classes: dict[str, Sum] = {}
    named: Counter[str] = Counter()
    codes: dict[str, str] = {}
    for place in tables:
        for row in evidence.rows[place.dataset]:
            name = class_name(row, place.dataset, evidence, coded)
            if name:
                named[name] += 1
                classes[name] = classes.get(name, summed([])).plus(summed([row.facts.get(place.column)]))
                codes[name] = str(row.values.get(evidence.datasets[place.dataset].code or "") or "")
    for place in tables if coded else ():
        for name, code in codes.items():
            classes[name] = classes[name].plus(_unprinted_class(place, code, evidence))
    return classes, named


def _unprinted_class(place: RowSelector, code: str, evidence: Evidence) -> Sum:
    """The rows of a class, without those below others of them, where the table does not print the class itself."""
    field = evidence.datasets[place.dataset].code or ""
    rows = {own: row for row in evidence.rows[place.dataset] if (own := str(row.values.get(field) or ""))}
    if code in rows:
        return summed([])
    inside = [own for own in rows if own.startswith(code)]
    tops = [own for own in inside if not any(own != other and own.startswith(other) for other in inside)]
    return summed(
        row.facts.get(place.column) for row in evidence.rows[place.dataset] if str(row.values.get(field) or "") in tops
    )


def class_name(row: Row, name: str, evidence: Evidence, coded: bool) -> str | None:
    """The name of the functional 类 that a row is of, as lines are compared; None for any other row. Without codes,
    that of any row.
    """
    dataset = evidence.datasets[name]
    if coded and len(str(row.values.get(dataset.code or "") or "")) != CLASS:
        return None
    return line_name(str(row.values.get(dataset.label or "") or ""), evidence)


def line_name(name: str, evidence: Evidence) -> str:
    """A line's name without its ordinal and its final 支出."""
    written = evidence.schemas.two_sided
    text = compared(name)
    for ordinal in written.ordinals:
        found = ordinal.match(text)
        if found:
            text = text[found.end() :]
            break
    return written.class_suffix.sub("", text)


def check_line_columns(rule: LineColumnsRule, evidence: Evidence) -> Iterator[Check]:
    """One check for each line whose column the other table prints."""
    if rule.left.dataset not in evidence.rows or rule.right not in evidence.rows:
        return
    for column, name in rule.lines.items():
        place = RowSelector(dataset=rule.right, column=column, rows="total")
        lines = _named(evidence.at(rule.left), name, rule.left, evidence)[:1]
        if lines and evidence.prints(rule.right, column):
            there = [(place, row) for row in evidence.at(place)]
            yield from _pair(rule, evidence, rule.left, lines, there, "equal", not evidence.rows[rule.right])


def check_fund_lines(rule: FundLinesRule, evidence: Evidence) -> Iterator[Check]:
    """One check for each fund that both tables have a line of."""
    if rule.left.dataset not in evidence.rows or rule.right.dataset not in evidence.rows:
        return
    here, there = evidence.at(rule.left), evidence.at(rule.right)
    split = bool(_named(here, rule.carried, rule.left, evidence))
    for name in rule.lines.values():
        lines, others = _named(here, name, rule.left, evidence)[:1], _named(there, name, rule.right, evidence)
        if lines and others:
            counted = others[:1] if split else others
            yield from _pair(rule, evidence, rule.left, lines, [(rule.right, row) for row in counted], "equal")


def _named(rows: Iterable[Row], name: Pattern, place: RowSelector, evidence: Evidence) -> list[Row]:
    dataset = evidence.datasets[place.dataset]
    return [row for row in rows if name.fullmatch(compared(row_name(row, dataset)))]


# ---- forms ----


def check_forms(rule: FormsRule, evidence: Evidence) -> Iterator[Check]:
    """Each form against a row of its name: first those of the same amount, then one to one what is left; never against
    a row twice.

    A row with rows below it, such as that of a unit, is no project.

    Where both tables print units, every form has its row and most rows have a form, the forms together come to the
    total of the rows. A disclosure that prints the forms of a few projects only owes no such sum.
    """
    left, right = rule.left, rule.right
    if left.dataset not in evidence.rows or right.dataset not in evidence.rows:
        return
    missing = evidence.missing(left, right)
    if missing:
        yield unmade(rule, left.dataset, *missing)
        return
    by_unit = evidence.prints(left.dataset, rule.unit[0]) and evidence.prints(right.dataset, rule.unit[1])
    width = slice(0, 2 if by_unit else 1)
    dataset = evidence.datasets[right.dataset]
    totals = total_rows(evidence.rows[right.dataset], dataset, evidence)
    projects = {id(row) for row in listed_rows(evidence.rows[right.dataset], dataset, evidence)}
    listed = [row for row in evidence.at(right) if id(row) in projects]
    rows = _grouped(listed, (rule.name[1], rule.unit[1])[width])
    forms = _grouped(evidence.at(left), (rule.name[0], rule.unit[0])[width])
    matched: list[tuple[Row, Row]] = []
    for key, own in forms.items():
        if None not in key and key in rows:
            matched += _one_to_one(own, rows[key], rule)
    carried = not evidence.comes_to_nothing(rule.blank)
    for form, row in matched:
        if carried and not _agree(form, row, rule):
            yield unmade(rule, left.dataset, "not_applicable", sentence("reason_carried_over"))
            continue
        yield from _form_and_row(rule, form, row, evidence)
    complete = len(matched) == sum(map(len, forms.values())) and all(_agree(form, row, rule) for form, row in matched)
    if by_unit and matched and totals and complete:
        whole = summed([totals[0].facts.get(right.column)])
        all_forms = summed(form.facts.get(left.column) for form, _ in matched)
        if len(listed) / 2 < len(matched) < len(listed):
            yield check_of(
                rule, right.dataset, totals[0].number, right.column, whole, all_forms, judged(whole, all_forms)
            )


def _form_and_row(rule: FormsRule, form: Row, row: Row, evidence: Evidence) -> Iterator[Check]:
    left, right = rule.left, rule.right
    stated, other = summed([form.facts.get(left.column)]), summed([row.facts.get(right.column)])
    yield check_of(rule, left.dataset, form.number, left.column, stated, other, judged(stated, other))
    for column, counterpart in rule.also.items():
        stated, other = summed([form.facts.get(column)]), summed([row.facts.get(counterpart)])
        printed = evidence.prints(left.dataset, column) and evidence.prints(right.dataset, counterpart)
        if printed and len(form.facts) > 1 and (stated.value or other.value):
            yield check_of(rule, left.dataset, form.number, column, stated, other, judged(stated, other))


def _one_to_one(forms: Sequence[Row], rows: Sequence[Row], rule: FormsRule) -> Iterator[tuple[Row, Row]]:
    left = [form for form in forms if form.facts.get(rule.left.column)]
    free = [row for row in rows if row.facts.get(rule.right.column)]
    for form in list(left):
        same = next((row for row in free if _agree(form, row, rule)), None)
        if same:
            yield form, same
            left.remove(form)
            free.remove(same)
    if len(left) == len(free) == 1 or len(forms) == len(rows) == 1:
        yield from zip(left, free, strict=False)


def _agree(form: Row, row: Row, rule: FormsRule) -> bool:
    stated, other = summed([form.facts.get(rule.left.column)]), summed([row.facts.get(rule.right.column)])
    return judged(stated, other) != "fail"
