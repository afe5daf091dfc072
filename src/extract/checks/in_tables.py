"""The declared rules on the tables of a document.

Every printed amount stands for an interval of half its last printed digit on either side; a sum fails only if the intervals of both sides
cannot meet (the model is XBRL Calculations 1.1). A blank is never filled with zero: it adds nothing to a sum and is named in the finding.
Where a number is printed and its counterpart is blank although its table was read, the two contradict each other unless the number is zero.
"""

from collections.abc import Iterable, Iterator, Sequence

from extract.checks.evidence import ZERO, Evidence, Sum, check_of, holds, judged, row_name, summed, unmade
from extract.model.report import Check, Fact, Row
from extract.schemas.grammar import Dataset, RowSelector, Rule
from extract.text import compared


def check_tables(rules: Iterable[Rule], evidence: Evidence) -> Iterator[Check]:
    """Every rule about tables applied to every place that it speaks of."""
    for rule in rules:
        if rule.kind == "tables":
            yield from _tables(rule, evidence)
        for name in rule.datasets:
            if name not in evidence.rows:
                continue
            if rule.kind == "columns":
                yield from _columns(rule, evidence, evidence.datasets[name])
            elif rule.kind == "rows":
                yield from _nested_rows(rule, evidence, evidence.datasets[name])
            elif rule.kind == "nesting":
                yield from _nesting(rule, evidence, evidence.datasets[name])
            elif rule.kind == "items":
                yield from _items(rule, evidence, evidence.datasets[name])


# ---- each row: a column is the sum of others ----


def _columns(rule: Rule, evidence: Evidence, dataset: Dataset) -> Iterator[Check]:
    rows = [row for row in evidence.rows[dataset.name] if holds(row, rule.where)]
    stated = rule.stated or ""
    printed = set[str]().union(*(row.facts for row in rows))
    if printed.isdisjoint(rule.parts):
        if stated in printed:
            yield unmade(rule, dataset.name, "not_applicable", "本表未列各分项")
        return
    names = [dataset.columns[part].zh for part in rule.parts]
    for row in rows:
        total = row.facts.get(stated)
        parts = summed([row.facts.get(part) for part in rule.parts], names)
        if parts.numbers or (total and total.amount is not None):
            yield _compared(rule, dataset.name, row, stated, total, parts)


# ---- each column: a row is the sum of the rows below it ----


def _nested_rows(rule: Rule, evidence: Evidence, dataset: Dataset) -> Iterator[Check]:
    rows = evidence.rows[dataset.name]
    depths = [_depth(rule, evidence, dataset, row) for row in rows]
    printed = set[str]().union(*(row.facts for row in rows))
    columns = [column for column in dataset.money() if column in printed]
    for index, row in enumerate(rows):
        children = list(_children(rows, depths, index, dataset.code))
        if not children:
            continue
        names = [row_name(child, dataset) for child in children]
        for column in columns:
            parts = summed([child.facts.get(column) for child in children], names)
            total = row.facts.get(column)
            if parts.numbers or (total and total.amount is not None):
                yield _compared(rule, dataset.name, row, column, total, parts)


def _depth(rule: Rule, evidence: Evidence, dataset: Dataset, row: Row) -> int | None:
    """How deep a row stands: 0 for 合计, then by the length of its code, or by the first of the rule's patterns that its name matches."""
    label = compared(str(row.values.get(dataset.label or "") or ""))
    if rule.levels:
        return next((depth for depth, level in enumerate(rule.levels) if level.fullmatch(label)), None)
    if dataset.code is None:
        return 0 if evidence.is_total(label) else 1
    code = row.values.get(dataset.code)
    if code is None:
        return 0 if evidence.is_total(label) else None
    levels = dataset.columns[dataset.code].levels
    return levels.index(len(code)) + 1 if len(code) in levels else None


def _children(rows: Sequence[Row], depths: Sequence[int | None], index: int, code: str | None) -> Iterator[Row]:
    """The rows next below one, in printed order, until a row as high as it: of each branch only its top."""
    depth = depths[index]
    if depth is None:
        return
    own = rows[index].values.get(code or "") or ""
    branch: int | None = None
    for other in range(index + 1, len(rows)):
        below = depths[other]
        if below is None:
            continue
        if below <= depth:
            return
        if branch is None or below <= branch:
            if not str(rows[other].values.get(code or "") or "").startswith(own):
                return
            branch = below
            yield rows[other]


# ---- rows that must be there ----


def _nesting(rule: Rule, evidence: Evidence, dataset: Dataset) -> Iterator[Check]:
    """Every code stands below its own class, and in a table that goes deeper no class stands without a row below."""
    rows = evidence.rows[dataset.name]
    depths = [_depth(rule, evidence, dataset, row) for row in rows]
    deepest = max((depth for depth in depths if depth), default=0)
    code = dataset.code or ""
    levels = dataset.columns[code].levels if code else []
    above: dict[int, str] = {}  # the code of the last row of each depth that the next row may stand below
    for index, (row, depth) in enumerate(zip(rows, depths, strict=True)):
        below = depths[index + 1] if index + 1 < len(depths) else None
        own = row.values.get(code)
        if depth is None or own is None:
            continue
        if depth > 1 and above.get(depth - 1) != own[: levels[depth - 2]]:
            yield _lost(rule, dataset, row, f"没有上级{own[: levels[depth - 2]]}行")
        elif depth < min(deepest, len(levels)) and (below is None or below <= depth):
            yield _lost(rule, dataset, row, f"{own}以下没有下级行")
        above = {**{higher: own_code for higher, own_code in above.items() if higher < depth}, depth: own}


def _lost(rule: Rule, dataset: Dataset, row: Row, why: str) -> Check:
    """A row next to one that must have been printed."""
    facts = tuple(fact.reference for fact in row.facts.values())
    return Check(
        rule.code,
        dataset.name,
        row.number,
        None,
        None,
        None,
        None,
        "fail",
        f"{rule.zh}：{row_name(row, dataset)}，{why}",
        row.page,
        facts,
    )


# ---- lists of named lines ----


def _items(rule: Rule, evidence: Evidence, dataset: Dataset) -> Iterator[Check]:
    rows = [row for row in evidence.rows[dataset.name] if rule.side is None or row.values.get("side") == rule.side]
    names = [compared(row_name(row, dataset)) for row in rows]
    stated, parts = rule.patterns()
    for index, name in enumerate(names):
        if not stated.fullmatch(name):
            continue
        chosen = [other for other in range(len(rows)) if any(part.fullmatch(names[other]) for part in parts)]
        if rule.following:
            chosen = list(_run_after(index, chosen))
        if not chosen:
            continue
        for column in dataset.money():
            total = rows[index].facts.get(column)
            parted = summed([rows[other].facts.get(column) for other in chosen], [names[other] for other in chosen])
            if parted.numbers or (total and total.amount is not None):
                yield _compared(rule, dataset.name, rows[index], column, total, parted)


def _run_after(index: int, chosen: Sequence[int]) -> Iterator[int]:
    """Those of `chosen` that follow `index` without a gap."""
    for place in chosen:
        if place == index + 1:
            index = place
            yield place


# ---- between tables ----


def _tables(rule: Rule, evidence: Evidence) -> Iterator[Check]:
    left, right = rule.left, rule.right
    if left is None or right is None or (left.dataset not in evidence.rows and right.dataset not in evidence.rows):
        return
    if not evidence.speaks_of(left, right):
        return
    missing = evidence.missing(left, right)
    if missing:
        yield unmade(rule, left.dataset, *missing)
        return
    here, there = evidence.at(left), evidence.at(right)
    if not rule.join:
        yield from _pair(rule, evidence, left, right, here, there)
        return
    groups = _grouped(there, rule.join)
    for key, rows in _grouped(here, rule.join).items():
        if key not in groups:
            if rule.every:
                yield from _alone(rule, left, rows)
            continue
        if rule.pair == "nearest":
            for row in rows:
                yield from _pair(rule, evidence, left, right, [row], _nearest(row, left, groups[key], right))
        else:
            yield from _pair(rule, evidence, left, right, rows, groups[key])


def _pair(
    rule: Rule, evidence: Evidence, left: RowSelector, right: RowSelector, here: Sequence[Row], there: Sequence[Row]
) -> Iterator[Check]:
    stated = summed(row.facts.get(left.column) for row in here)
    counterpart = summed(row.facts.get(right.column) for row in there)
    if not stated.numbers and not counterpart.numbers:
        return
    row = here[0].number if here else None
    if not stated.numbers or not counterpart.numbers:
        printed = stated if stated.numbers else counterpart
        unprinted = (not here and evidence.rows[left.dataset]) or (not there and evidence.rows[right.dataset])
        if unprinted or not printed.value or (rule.relation == "at_most" and not stated.numbers):
            yield unmade(rule, left.dataset, "not_applicable", "一方为零或未列该行")
            return
    yield check_of(rule, left.dataset, row, left.column, stated, counterpart, judged(rule, stated, counterpart))


def _alone(rule: Rule, left: RowSelector, rows: Sequence[Row]) -> Iterator[Check]:
    """Rows that the other table ought to have too."""
    stated = summed(row.facts.get(left.column) for row in rows)
    if stated.value:
        yield check_of(rule, left.dataset, rows[0].number, left.column, stated, summed([]), "fail")


def _grouped(rows: Iterable[Row], join: Sequence[str]) -> dict[tuple[object, ...], list[Row]]:
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        key = tuple(row.values.get(name) for name in join)
        if None not in key:
            groups.setdefault(key, []).append(row)
    return groups


def _nearest(row: Row, left: RowSelector, there: Sequence[Row], right: RowSelector) -> list[Row]:
    """The one row of `there` whose number is nearest to that of `row`: names repeat, and each may be meant."""
    fact = row.facts.get(left.column)
    stated = fact.amount if fact and fact.amount is not None else ZERO
    printed = [
        (abs(fact.amount - stated), index)
        for index, other in enumerate(there)
        if (fact := other.facts.get(right.column)) and fact.amount is not None
    ]
    return [there[min(printed)[1]]] if printed else []


def _compared(rule: Rule, dataset: str, row: Row, column: str, total: Fact | None, parts: Sum) -> Check:
    """A stated number against a sum of which at least one of the two is printed."""
    stated = summed([total])
    if (stated.numbers and not parts.numbers and rule.kind == "columns") or (not stated.numbers and not parts.value):
        verdict = "no_evidence"
    else:
        verdict = judged(rule, stated, parts)
    return check_of(rule, dataset, row.number, column, stated, parts, verdict)
