"""The declared rules, executed on the rows of a document.

Every printed amount stands for an interval of half its last printed digit on either side; a sum fails only if the intervals of both sides
cannot meet (the model is XBRL Calculations 1.1). A blank is never filled with zero: it adds nothing to a sum and is named in the finding.
Where a number is printed and its counterpart is blank although its table was read, the two contradict each other unless the number is zero.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from extract.amounts import same, written
from extract.model import Check, Fact, Row
from extract.schemas import Dataset, Place, Rule, Schemas
from extract.text import compared

_ZERO = Decimal(0)
Rows = Mapping[str, Sequence[Row]]


class _Sum(NamedTuple):
    """A sum of printed amounts with the slack of their digits, the facts in it and the names of contributors that are blank."""

    value: Decimal
    slack: Decimal
    facts: tuple[Fact, ...]
    absent: tuple[str, ...]


def run_checks(schemas: Schemas, rows: Rows, columns: Mapping[str, Container[str]], fiscal_year: int | None) -> list[Check]:
    """Every rule applied to every place that it speaks of. `columns` are those that each dataset's tables print."""
    runner = _Runner(schemas, rows, columns, fiscal_year)
    return [check for rule in schemas.rules for check in runner.apply(rule)]


class _Runner:
    def __init__(self, schemas: Schemas, rows: Rows, columns: Mapping[str, Container[str]], fiscal_year: int | None) -> None:
        self._columns_of = columns
        self._datasets = schemas.datasets
        self._rows = rows
        self._fiscal_year = fiscal_year
        self._is_total = schemas.conventions.text.total.fullmatch

    def apply(self, rule: Rule) -> Iterator[Check]:
        if rule.kind == "tables":
            yield from self._tables(rule)
            return
        for name in rule.datasets:
            if name not in self._rows:
                continue
            if rule.kind == "columns":
                yield from self._columns(rule, name)
            elif rule.kind == "rows":
                yield from self._nested_rows(rule, self._datasets[name])
            else:
                yield from self._items(rule, self._datasets[name])

    # ---- each row: a column is the sum of others ----

    def _columns(self, rule: Rule, name: str) -> Iterator[Check]:
        rows = [row for row in self._rows[name] if _holds(row, rule.where)]
        stated = rule.stated or ""
        printed = set[str]().union(*(row.facts for row in rows))
        if printed.isdisjoint(rule.parts):
            if stated in printed:
                yield _unmade(rule, name, "not_applicable", "本表未列各分项")
            return
        names = [self._datasets[name].columns[part].zh for part in rule.parts]
        for row in rows:
            total = row.facts.get(stated)
            parts = _summed((row.facts.get(part) for part in rule.parts), names)
            if parts.facts or (total and total.amount is not None):
                yield _compared(rule, name, row, stated, total, parts)

    # ---- each column: a row is the sum of the rows below it ----

    def _nested_rows(self, rule: Rule, dataset: Dataset) -> Iterator[Check]:
        rows = self._rows[dataset.name]
        depths = [self._depth(rule, dataset, row) for row in rows]
        printed = set[str]().union(*(row.facts for row in rows))
        columns = [column for column in dataset.money() if column in printed]
        for index, row in enumerate(rows):
            children = list(_children(rows, depths, index, dataset.code))
            if not children:
                continue
            names = [_name(child, dataset) for child in children]
            for column in columns:
                parts = _summed((child.facts.get(column) for child in children), names)
                total = row.facts.get(column)
                if parts.facts or (total and total.amount is not None):
                    yield _compared(rule, dataset.name, row, column, total, parts)

    def _depth(self, rule: Rule, dataset: Dataset, row: Row) -> int | None:
        """How deep a row stands: 0 for 合计, then by the length of its code, or by the first of the rule's patterns that its name matches."""
        label = compared(str(row.values.get(dataset.label or "") or ""))
        if rule.levels:
            return next((depth for depth, level in enumerate(rule.levels) if level.fullmatch(label)), None)
        if dataset.code is None:
            return 0 if self._is_total(label) else 1
        code = row.values.get(dataset.code)
        if code is None:
            return 0 if self._is_total(label) else None
        levels = dataset.columns[dataset.code].levels
        return levels.index(len(code)) + 1 if len(code) in levels else None

    # ---- lists of named lines ----

    def _items(self, rule: Rule, dataset: Dataset) -> Iterator[Check]:
        rows = [row for row in self._rows[dataset.name] if rule.side is None or row.values.get("side") == rule.side]
        names = [compared(_name(row, dataset)) for row in rows]
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
                parted = _summed((rows[other].facts.get(column) for other in chosen), [names[other] for other in chosen])
                if parted.facts or (total and total.amount is not None):
                    yield _compared(rule, dataset.name, rows[index], column, total, parted)

    # ---- between tables ----

    def _tables(self, rule: Rule) -> Iterator[Check]:
        left, right = rule.left, rule.right
        if left is None or right is None or (left.dataset not in self._rows and right.dataset not in self._rows):
            return
        missing = next((place.dataset for place in (left, right) if place.dataset not in self._rows), None)
        if missing:
            yield _unmade(rule, left.dataset, "no_evidence", f"本文档没有{self._datasets[missing].zh}")
            return
        if any(place.column not in self._columns_of[place.dataset] for place in (left, right)):
            yield _unmade(rule, left.dataset, "not_applicable", "所列表没有该栏")
            return
        if not rule.join:
            yield from self._pair(rule, left, self._at(left), self._at(right))
            return
        there = _grouped(self._at(right), rule.join)
        for key, here in _grouped(self._at(left), rule.join).items():
            if key not in there:
                continue
            if rule.pair == "nearest":
                for row in here:
                    yield from self._pair(rule, left, [row], _nearest(row, left, there[key], right))
            else:
                yield from self._pair(rule, left, here, there[key])

    def _at(self, place: Place) -> list[Row]:
        dataset = self._datasets[place.dataset]
        rows = [row for row in self._rows[place.dataset] if _holds(row, place.where) and place.side in (None, row.values.get("side"))]
        if place.rows == "each":
            return rows
        if place.rows == "total":
            return [row for row in rows if self._is_total(compared(_name(row, dataset)))][:1]
        if place.rows == "@fiscal_year":
            return [row for row in rows if row.values.get(dataset.label or "") == self._fiscal_year]
        wanted = place.pattern()
        return [row for row in rows if wanted.fullmatch(compared(_name(row, dataset)))]

    def _pair(self, rule: Rule, left: Place, here: Sequence[Row], there: Sequence[Row]) -> Iterator[Check]:
        right = rule.right
        if right is None:
            return
        stated = _summed((row.facts.get(left.column) for row in here), ())
        counterpart = _summed((row.facts.get(right.column) for row in there), ())
        if not stated.facts and not counterpart.facts:
            return
        row = here[0] if here else None
        if not stated.facts or not counterpart.facts:
            printed = stated if stated.facts else counterpart
            unprinted = (not here and self._rows[left.dataset]) or (not there and self._rows[right.dataset])
            if unprinted or not printed.value or (rule.relation == "at_most" and not stated.facts):
                yield _unmade(rule, left.dataset, "not_applicable", "一方为零或未列该行")
                return
        verdict = same(stated.value, counterpart.value, stated.slack + counterpart.slack)
        if rule.relation == "at_most" and verdict == "fail" and stated.value < counterpart.value:
            verdict = "exact"
        yield _check(rule, left.dataset, row.number if row else None, left.column, stated, counterpart, verdict)


# ---- small parts ----------------------------------------------------------------------------------------------------------------------


def _holds(row: Row, where: Mapping[str, str]) -> bool:
    return all(row.values.get(name) == value for name, value in where.items())


def _name(row: Row, dataset: Dataset) -> str:
    return str(row.values.get(dataset.label or "") or row.values.get(dataset.code or "") or "")


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


def _run_after(index: int, chosen: Sequence[int]) -> Iterator[int]:
    """Those of `chosen` that follow `index` without a gap."""
    for place in chosen:
        if place == index + 1:
            index = place
            yield place


def _grouped(rows: Iterable[Row], join: Sequence[str]) -> dict[tuple[object, ...], list[Row]]:
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        key = tuple(row.values.get(name) for name in join)
        if None not in key:
            groups.setdefault(key, []).append(row)
    return groups


def _nearest(row: Row, left: Place, there: Sequence[Row], right: Place) -> list[Row]:
    """The one row of `there` whose number is nearest to that of `row`: names repeat, and each may be meant."""
    fact = row.facts.get(left.column)
    stated = fact.amount if fact and fact.amount is not None else _ZERO
    printed = [
        (abs(fact.amount - stated), index) for index, other in enumerate(there) if (fact := other.facts.get(right.column)) and fact.amount is not None
    ]
    return [there[min(printed)[1]]] if printed else []


def _summed(facts: Iterable[Fact | None], names: Sequence[str]) -> _Sum:
    printed: list[Fact] = []
    absent: list[str] = []
    value = slack = _ZERO
    for index, fact in enumerate(facts):
        if fact is None or fact.amount is None:
            absent.append(names[index] if index < len(names) else "")
            continue
        value += fact.amount
        slack += fact.half
        printed.append(fact)
    return _Sum(value, slack, tuple(printed), tuple(absent))


def _compared(rule: Rule, dataset: str, row: Row, column: str, total: Fact | None, parts: _Sum) -> Check:
    """A stated number against a sum of which at least one of the two is printed."""
    stated = _summed([total], ())
    if (stated.facts and not parts.facts and rule.kind == "columns") or (not stated.facts and not parts.value):
        verdict = "no_evidence"
    else:
        verdict = same(stated.value, parts.value, stated.slack + parts.slack)
    return _check(rule, dataset, row.number, column, stated, parts, verdict)


def _check(rule: Rule, dataset: str, row: int | None, column: str, stated: _Sum, computed: _Sum, verdict: str) -> Check:
    facts = (*stated.facts, *computed.facts)
    made = verdict in ("exact", "rounding", "fail")
    return Check(
        rule.code,
        dataset,
        row,
        column,
        stated.value if stated.facts else None,
        computed.value if computed.facts or made else None,
        stated.value - computed.value if made else None,
        verdict,
        _sentence(rule, stated, computed, verdict),
        facts[0].origin.page if facts else None,
        tuple(f"{fact.dataset}:{fact.row}:{fact.column}" for fact in facts),
    )


def _sentence(rule: Rule, stated: _Sum, computed: _Sum, verdict: str) -> str:
    if verdict not in ("fail", "rounding"):
        return rule.zh
    left = written(stated.value) if stated.facts else "空白"
    right = written(computed.value) if computed.facts else "空白"
    absent = [name for name in computed.absent if name]
    missing = f"；未列数：{'、'.join(absent)}" if verdict == "fail" and absent else ""
    return f"{rule.zh}：所列{left}，计算{right}，相差{written(stated.value - computed.value)}{missing}"


def _unmade(rule: Rule, dataset: str, verdict: str, why: str) -> Check:
    return Check(rule.code, dataset, None, None, None, None, None, verdict, f"{rule.zh}：{why}", None, ())
