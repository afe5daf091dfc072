"""Each column: a row is the sum of the rows below it. What stands below what is told by codes, else by indentation,
else by names.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from extract.amounts import same
from extract.checks.evidence import Evidence, mostly, parted, row_name, summed, total_rows, unmade
from extract.messages import Sentence, sentence
from extract.model.report import Check, Row
from extract.schemas.grammar import Dataset
from extract.schemas.rule_base import BaseRule
from extract.schemas.table_rules import LevelsRule, ListRule, NestingRule, TreeRule
from extract.text import compared

Parents = list[int | None]  # of each row the place of the row above it, None for one without


def check_tree(rule: TreeRule, evidence: Evidence, dataset: Dataset) -> Iterator[Check]:
    """Every row with rows below it; a table that shows neither codes nor indentation tells nothing, unless it is a list
    of all that its 合计 sums up.
    """
    for own, rows in classified(dataset, evidence.rows[dataset.name]):
        parents = by_codes(rows, own, evidence)
        if parents is None and not of_which(rows, own, evidence):
            parents = by_indentation(rows, own, evidence)
        if parents is None:
            listed = flat(rows, own, evidence)
            parents = listed if listed and _bears_out(rows, listed) else None
        if parents is not None:
            yield from _sums(rule, evidence, rows, parents, own)
        elif len(rows) > 1:
            yield unmade(rule, own.name, "not_applicable", sentence("reason_no_codes"))


def classified(dataset: Dataset, rows: Sequence[Row]) -> list[tuple[Dataset, Sequence[Row]]]:
    """The rows of a dataset by the classification that they are of, where lists of the same money by several stand side
    by side: no row has a class of more than one.
    """
    fields = {code: field.name for code, field in dataset.columns.items() if field.levels and field.name}
    used = [[code for code, name in fields.items() if row.values.get(code) or row.values.get(name)] for row in rows]
    lists: dict[str, list[Row]] = {}
    for row, codes in zip(rows, used, strict=True):
        lists.setdefault(codes[0] if codes else next(reversed(lists), ""), []).append(row)
    if len(lists) < 2 or any(len(codes) > 1 for codes in used):
        return [(dataset, rows)]
    return [
        (dataset.model_copy(update={"code": code, "label": fields[code]}) if code else dataset, own)
        for code, own in lists.items()
    ]


def check_list(rule: ListRule, evidence: Evidence, dataset: Dataset) -> Iterator[Check]:
    """As a tree; without codes and indentation the only 合计 is the sum of the heads of units, or of all other rows."""
    named = dataset.model_copy(update={"label": rule.label or dataset.label, "code": rule.coded_by or dataset.code})
    rows = evidence.rows[dataset.name]
    if rule.label and not evidence.prints(dataset.name, rule.label):
        return
    lists: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        lists.setdefault(tuple(row.values.get(name) for name in rule.each), []).append(row)
    for own in lists.values():
        parents = by_codes(own, named, evidence)
        if parents is None and not of_which(own, named, evidence):
            parents = by_indentation(own, named, evidence)
            if parents is None and not _mixes_codes(own, named):
                parents = flat(own, named, evidence)
        if parents:
            yield from _sums(rule, evidence, own, parents, named)


def check_levels(rule: LevelsRule, evidence: Evidence, dataset: Dataset) -> Iterator[Check]:
    """The levels are those of the rule's patterns that the rows' names match, then those of the columns that they
    fill. A row that fills none of them goes on with the item above it.
    """
    rows = evidence.rows[dataset.name]
    levels: list[int | None] = []
    left_out = of_which(rows, dataset, evidence)
    for place, row in enumerate(rows):
        level = None if place in left_out else _level(rule, row, dataset)
        deepest = levels[-1:] == [len(rule.levels) + len(rule.deeper) - 1]
        goes_on = level is None and place not in left_out and row.facts and deepest
        levels.append(levels[-1] if goes_on else level)
    checks = list(_sums(rule, evidence, rows, by_depth(levels), dataset))
    if not rule.borne_out or mostly([check.verdict != "fail" for check in checks]):
        yield from checks


def _level(rule: LevelsRule, row: Row, dataset: Dataset) -> int | None:
    label = compared(str(row.values.get(dataset.label or "") or ""))
    named = next((place for place, level in enumerate(rule.levels) if level.fullmatch(label)), None) if label else None
    if named is not None:
        return named
    filled = [place for place, columns in enumerate(rule.deeper) if any(row.values.get(name) for name in columns)]
    return len(rule.levels) + filled[-1] if filled else None


def by_codes(rows: Sequence[Row], dataset: Dataset, evidence: Evidence) -> Parents | None:
    """A row stands below the nearest row above it, of the same unit, whose code begins its own; a row that says the
    same as the one above stands below it. A row without a code heads the rows of a unit. None if no row has a code, or
    a row in the midst of a class has none.
    """
    code = dataset.code
    if code is None or not any(row.values.get(code) for row in rows):
        return None
    levels = dataset.columns[code].levels
    subtotal = evidence.schemas.two_sided.subtotal.fullmatch
    begins_of_which = of_which(rows, dataset, evidence)
    places = {id(row): place for place, row in enumerate(rows)}
    totals = [places[id(row)] for row in total_rows(rows, dataset, evidence)]
    top = totals[0] if totals else None
    head = top
    above: dict[str, int] = {}
    unit_heads: list[int] = []
    parents: Parents = []
    skipping = False
    for place, row in enumerate(rows):
        own = str(row.values.get(code) or "")
        skipping = not own and (skipping or place in begins_of_which)
        if place in totals:
            parents.append(None)
            above, skipping = {}, False
        elif skipping:
            parents.append(None)
        elif not own and subtotal(compared(row_name(row, dataset))):
            parents.append(None)
            head, above = top, {}
        elif not own or (dataset.columns[code].name != "unit_name" and len(own) == 6 and 6 not in levels):
            following = next((str(one.values[code]) for one in rows[place + 1 :] if one.values.get(code)), "")
            if _goes_on(following, above):
                return None  # the class goes on below: it is no head of a unit, its code was lost
            parents.append(_department(place, rows, unit_heads, top))
            unit_heads.append(place)
            head, above = place, {}
        else:
            begun = [own[:length] for length in range(len(own) - 1, 0, -1)]
            repeats = place > 0 and _says_the_same(row, rows[place - 1]) and bool(own)
            parent = place - 1 if repeats else next((above[short] for short in begun if short in above), head)
            parents.append(parent)
            above[own] = place
    return parents


def _department(place: int, rows: Sequence[Row], heads: Sequence[int], top: int | None) -> int | None:
    """What the row of a unit stands below: the nearest head before it whose unit's code begins its own; where no codes
    tell, the first head if it says the same as 合计 and another head follows it at once; else 合计.
    """
    code = str(rows[place].values.get("unit_code") or "")
    for head in reversed(heads):
        other = str(rows[head].values.get("unit_code") or "")
        if other and other != code and code.startswith(other):
            return head
    first = heads[0] if heads else None
    if first is None or top is None or first + 1 not in (place, *heads):
        return top
    return first if _amounts(rows[first]) == _amounts(rows[top]) else top


def _goes_on(code: str, above: Mapping[str, int]) -> bool:
    """Whether a class of the code stands above it."""
    return any(code[:length] in above for length in range(1, len(code)))


def _says_the_same(row: Row, other: Row) -> bool:
    texts = [
        {name: value for name, value in one.values.items() if name not in one.facts and name not in ("row", "page")}
        for one in (row, other)
    ]
    return _amounts(row) == _amounts(other) and texts[0] == texts[1]


def by_indentation(rows: Sequence[Row], dataset: Dataset, evidence: Evidence) -> Parents | None:
    """A row stands below the nearest row above it that is indented less; those at the left below 合计. None if
    indentation tells nothing, which its sums tell, unless all stand below the total.
    """
    totals = {id(row) for row in total_rows(rows, dataset, evidence)}
    known = {row.indent for row in rows if not evidence.sums_others(row, dataset)}
    if None in known or len(known) < 2:
        return None
    left_out = of_which(rows, dataset, evidence)
    depths = (0 if id(row) in totals else 1 + (row.indent or 0) for row in rows)
    parents = by_depth([None if place in left_out else depth for place, depth in enumerate(depths)])
    alone = all(parent is None or id(rows[parent]) in totals for parent in parents)
    return parents if alone or _bears_out(rows, parents) else None


def _bears_out(rows: Sequence[Row], parents: Parents) -> bool:
    """Whether most sums of the column with the most numbers tie: names may be set in without standing
    below anything.
    """
    counted = Counter(column for row in rows for column, fact in row.facts.items() if fact.amount is not None)
    if not counted:
        return True
    column = counted.most_common(1)[0][0]
    below: dict[int, list[Row]] = {}
    for row, parent in zip(rows, parents, strict=True):
        if parent is not None:
            below.setdefault(parent, []).append(row)
    held = [
        same(stated.value, parts.value, stated.slack + parts.slack) != "fail"
        for place, children in below.items()
        for stated, parts in [
            (summed([rows[place].facts.get(column)]), summed(row.facts.get(column) for row in children))
        ]
    ]
    return not held or mostly(held)


def of_which(rows: Sequence[Row], dataset: Dataset, evidence: Evidence) -> set[int]:
    """The places of the rows 其中. Without codes nothing tells how many of the rows after them are part of the same."""
    begins = evidence.schemas.two_sided.of_which.match
    texts = [name for name, column in dataset.columns.items() if column.type == "text"]
    return {
        place
        for place, row in enumerate(rows)
        if any(begins(compared(str(row.values[name]))) for name in texts if row.values.get(name))
    }


def _mixes_codes(rows: Sequence[Row], dataset: Dataset) -> bool:
    """Whether some rows, but not all below 合计, print a code: they head the others."""
    codes = [name for name, field in dataset.columns.items() if field.type == "code"]
    return any(1 <= sum(bool(row.values.get(name)) for row in rows) < len(rows) - 1 for name in codes)


def flat(rows: Sequence[Row], dataset: Dataset, evidence: Evidence) -> Parents | None:
    """Every row below the only 合计, or below the row of its unit; a first row that says the same as 合计 is the
    department of all others. None where some rows have a code of their own and others do not: what stands below them is
    not told.
    """
    places = [n for n, row in enumerate(rows) if evidence.sums_others(row, dataset)]
    others = [n for n in range(len(rows)) if n not in places]
    coded = [bool(rows[n].values.get("unit_code")) for n in others]
    if len(places) != 1 or not others or (any(coded) and not all(coded)):
        return None
    left_out = of_which(rows, dataset, evidence)
    top = places[0]
    parents: Parents = [top] * len(rows)
    parents[top] = None
    first = others[0]
    if dataset.label == "unit_name":
        if len(others) > 1 and first == top + 1 and _amounts(rows[first]) == _amounts(rows[top]):
            parents = [first] * len(rows)
            parents[top], parents[first] = None, top
        return parents
    units = evidence.units()
    head = top
    for n in others:
        if compared(row_name(rows[n], dataset)) in units:
            head = n
        else:
            parents[n] = None if n in left_out else head
    return parents


def heads(rows: Sequence[Row], dataset: Dataset, evidence: Evidence) -> set[int]:
    """The rows, by `id`, that others stand below, as far as codes, indentation or names tell."""
    parents = (
        by_codes(rows, dataset, evidence) or by_indentation(rows, dataset, evidence) or flat(rows, dataset, evidence)
    )
    return {id(rows[place]) for place in parents or () if place is not None}


def listed_rows(rows: Sequence[Row], dataset: Dataset, evidence: Evidence) -> list[Row]:
    """The rows that are no sums of others."""
    sums = heads(rows, dataset, evidence) | {id(row) for row in total_rows(rows, dataset, evidence)}
    return [row for row in rows if id(row) not in sums]


def _amounts(row: Row) -> dict[str, object]:
    return {name: fact.amount for name, fact in row.facts.items()}


def by_depth(depths: Sequence[int | None]) -> Parents:
    """A row stands below the nearest row above it of less depth; the rows at the top below a total at depth 0, wherever
    it stands.
    """
    total = next((place for place, depth in enumerate(depths) if depth == 0), None)
    parents: Parents = []
    stack: list[tuple[int, int]] = []
    for place, depth in enumerate(depths):
        if depth is None or depth == 0:
            parents.append(None)
            stack = stack if depth is None else []
            continue
        while stack and stack[-1][0] >= depth:
            stack.pop()
        parents.append(stack[-1][1] if stack else total)
        stack.append((depth, place))
    return parents


def _sums(
    rule: BaseRule, evidence: Evidence, rows: Sequence[Row], parents: Parents, dataset: Dataset
) -> Iterator[Check]:
    """Every row against the rows below it. Where a note says that rows are withheld, what is lacking is no
    contradiction.
    """
    printed = set[str]().union(*(row.facts for row in rows))
    below: dict[int, list[Row]] = {}
    for row, parent in zip(rows, parents, strict=True):
        if parent is not None:
            below.setdefault(parent, []).append(row)
    for place in sorted(below):
        names = [row_name(row, dataset) for row in below[place]]
        for column in dataset.money():
            if column in printed:
                parts = summed([row.facts.get(column) for row in below[place]], names)
                check = parted(rule, dataset.name, rows[place], column, parts)
                if check and evidence.withheld and check.verdict == "fail" and (check.difference or 0) > 0:
                    yield unmade(rule, dataset.name, "not_applicable", sentence("reason_withheld"))
                elif check:
                    yield check


def check_nesting(rule: NestingRule, evidence: Evidence, dataset: Dataset) -> Iterator[Check]:
    """A code whose own class is not printed above it, in a table that prints classes of that level; and a class without
    a row below, in a table where most classes have one.
    """
    code = dataset.code or ""
    rows = [row for row in evidence.rows[dataset.name] if row.values.get(code)]
    codes = [str(row.values[code]) for row in rows]
    levels = [length for length in dataset.columns[code].levels if _prints(length, codes)]
    headed = [length for length in levels[:-1] if _heads_rows(length, codes)]
    above: dict[int, str] = {}
    for place, row in enumerate(rows):
        own = str(row.values[code])
        if len(own) not in levels:
            continue
        depth = levels.index(len(own))
        following = str(rows[place + 1].values[code]) if place + 1 < len(rows) else ""
        repeated = (place > 0 and rows[place - 1].values[code] == own) or following == own
        if depth and above.get(depth - 1) != own[: levels[depth - 1]]:
            yield _lost(
                rule, dataset, rows[place : place + 1], sentence("reason_no_class_above", code=own[: levels[depth - 1]])
            )
        elif len(own) in headed and not (repeated or rule.alone.fullmatch(own) or _is_above(own, following)):
            yield _lost(rule, dataset, rows[place : place + 2], sentence("reason_no_row_below", code=own))
        above = {**{higher: code_of for higher, code_of in above.items() if higher < depth}, depth: own}


def _prints(length: int, codes: Sequence[str]) -> bool:
    """Whether a table prints a level of classes: most of those that its codes belong to."""
    belong = {code[:length] for code in codes if len(code) >= length}
    return len(belong) <= 2 * len(belong.intersection(codes)) and any(len(code) == length for code in codes)


def _heads_rows(length: int, codes: Sequence[str]) -> bool:
    """Whether most classes of a level have a row below."""
    pairs = [(own, below) for own, below in zip(codes, [*codes[1:], ""], strict=True) if len(own) == length]
    return len(pairs) <= 2 * sum(_is_above(own, below) for own, below in pairs)


def _is_above(own: str, code: str) -> bool:
    return code != own and code.startswith(own)


def _lost(rule: NestingRule, dataset: Dataset, rows: Sequence[Row], why: Sentence) -> Check:
    """A row next to one that must have been printed, and what stands in its place."""
    row = rows[0]
    facts = tuple(fact.reference for one in rows for fact in one.facts.values())
    said = sentence("check_of_row", rule=rule.named, name=row_name(row, dataset), why=why)
    return Check(rule.code, dataset.name, row.number, None, None, None, None, "fail", said, row.page, facts)
