"""Two-sided tables: each side is a list of lines with totals, and lines below lines."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from extract.checks.evidence import Evidence, check_of, judged, mostly, parted, row_name, summed, unmade
from extract.messages import sentence
from extract.model.report import Check, Row
from extract.schemas.grammar import Dataset
from extract.schemas.rule_file import TwoSided
from extract.schemas.table_rules import LinesRule
from extract.text import compared

UNTOLD = "-?"  # the key of a line whose level nothing tells
KNOWN_SUBLINE = "-sub"  # that of a line that is known to stand below another


class Side(NamedTuple):
    """One side: its lines at the top before and after the total of the year, the totals, and the lines below a line by
    its place.

    A line whose place among the others cannot be told makes the list that it may belong to unknown: `doubtful` are the
    lines whose sublines are not known, `whole` whether those at the top are, `indented` those that indentation puts
    where they are.
    """

    top: tuple[Row, ...]
    after: tuple[Row, ...]
    current: Row | None
    grand: Row | None
    below: Mapping[int, tuple[Row, ...]]
    doubtful: frozenset[int]
    whole: bool
    indented: frozenset[int]

    def stand_in(self, row: Row) -> Sequence[Row]:
        """The line itself; of a heading that prints no number, the lines below it, or what stands in for them."""
        return [row] if row.facts else [one for below in self.below.get(row.number, ()) for one in self.stand_in(below)]

    def lines(self) -> list[Row]:
        return [*self.top, *(row for rows in self.below.values() for row in rows)]


def sides(evidence: Evidence, dataset: Dataset) -> dict[str, Side]:
    """The sides of a table by name."""
    written = evidence.schemas.two_sided
    by_side: dict[str, list[Row]] = {}
    for row in evidence.rows[dataset.name]:
        by_side.setdefault(str(row.values.get("side")), []).append(row)
    return {name: _side(rows, written, dataset) for name, rows in by_side.items()}


def _side(rows: Sequence[Row], written: TwoSided, dataset: Dataset) -> Side:
    top: list[Row] = []
    after: list[Row] = []
    below: dict[int, list[Row]] = {}
    doubtful: set[int] = set()
    indented: set[int] = set()
    current: Row | None = None
    grand: Row | None = None
    stack: list[tuple[str, Row]] = []
    skipping = False
    for row in rows:
        name = compared(row_name(row, dataset))
        sums = written.current.fullmatch(name), written.grand.fullmatch(name)
        if any(sums):
            current, grand = (row, grand) if sums[0] else (current, row)
            stack, skipping = [], False
            continue
        key = _key(name, row, written)
        skipping = bool(written.of_which.match(name)) or (skipping and key.startswith("-"))
        if skipping:
            continue
        opened = _opened(stack, key)
        if opened is None:
            doubtful.update(own.number for known, own in stack if known != UNTOLD)
            continue
        stack = opened
        if key.startswith("-0"):
            indented.add(row.number)
        if stack:
            below.setdefault(stack[-1][1].number, []).append(row)
        else:
            (after if current else top).append(row)
        stack.append((key, row))
    bare = [row for row in top if _key(compared(row_name(row, dataset)), row, written) == UNTOLD]
    whole = len(bare) <= 1
    lines = {number: tuple(found) for number, found in below.items()}
    return Side(tuple(top), tuple(after), current, grand, lines, frozenset(doubtful), whole, frozenset(indented))


def _opened(stack: list[tuple[str, Row]], key: str) -> list[tuple[str, Row]] | None:
    """The lines that a line with this key stands below; None if nothing tells its level among lines with ordinals."""
    keys = [known for known, _ in stack]
    if key == UNTOLD:  # no ordinal, no indentation: below a line with an ordinal, or one of the list
        return None if any(known != UNTOLD for known in keys) else []
    if key == KNOWN_SUBLINE:
        if keys[-1:] == [KNOWN_SUBLINE]:
            return stack[:-1]
        return stack[:1] if len(stack) > 1 else stack
    if key in keys:
        return stack[: keys.index(key)]
    end = len(stack)
    while key.startswith("-") and end and keys[end - 1].startswith("-") and keys[end - 1] > key:
        end -= 1
    return stack[:end]


def _key(name: str, row: Row, written: TwoSided) -> str:
    """What tells the level of a line: its kind of ordinal; without one its indentation, or that it is known to stand
    below another.
    """
    for place, ordinal in enumerate(written.ordinals):
        if ordinal.match(name):
            return str(place)
    if written.sublines.fullmatch(name):
        return KNOWN_SUBLINE
    return UNTOLD if row.indent is None else f"-{row.indent:03}"


def check_lines(rule: LinesRule, evidence: Evidence, dataset: Dataset) -> Iterator[Check]:
    """What the lines of a two-sided table owe each other, column by column."""
    rows = evidence.rows[dataset.name]
    printed = [column for column in dataset.money() if any(column in row.facts for row in rows)]
    found = sides(evidence, dataset)
    for column in printed:
        for side in found.values():
            top = [part for row in side.top for part in side.stand_in(row)]
            if rule.identity == "current" and side.current and side.whole and top:
                yield from _sum(rule, dataset, side.current, top, column)
            elif rule.identity == "sublines":
                yield from _sublines(rule, dataset, [row for row in rows if row.facts], side, column)
            elif rule.identity == "grand" and side.grand:
                parts = [side.current, *side.after] if side.current else top
                if (side.current or side.whole) and parts:
                    yield from _sum(rule, dataset, side.grand, parts, column)
        if rule.identity == "sides":
            yield from _balance(rule, dataset, list(found.values()), column)


def _sublines(rule: LinesRule, dataset: Dataset, rows: Sequence[Row], side: Side, column: str) -> Iterator[Check]:
    """Each line against those below it. What indentation alone puts below a line is believed where most sums bear it
    out; where they do not, nobody can say whether it means something else or an amount is wrong.
    """
    certain: list[Check] = []
    indented: list[Check] = []
    for row in rows:
        if row.number not in side.below or row.number in side.doubtful:
            continue
        below = side.below[row.number]
        found = indented if below[0].number in side.indented else certain
        parts = [one for part in below for one in side.stand_in(part)]
        found += _sum(rule, dataset, row, parts or below, column)
    yield from certain
    if mostly([check.verdict != "fail" for check in indented]):
        yield from indented
    elif indented:
        yield unmade(rule, dataset.name, "no_evidence", sentence("reason_indentation_not_borne_out"))


def _sum(rule: LinesRule, dataset: Dataset, row: Row, parts: Sequence[Row], column: str) -> Iterator[Check]:
    names = [row_name(part, dataset) for part in parts]
    total = summed([part.facts.get(column) for part in parts], names)
    stated = row.facts.get(column)
    if total.numbers or (stated and stated.amount):
        check = parted(rule, dataset.name, row, column, total)
        if check:
            yield check


def _balance(rule: LinesRule, dataset: Dataset, found: Sequence[Side], column: str) -> Iterator[Check]:
    """Every side comes to the total of the first; a side that prints none to the sum of its lines."""
    first = next((side.grand for side in found if side.grand), None)
    if first is None:
        return
    stated = summed([first.facts.get(column)])
    for side in found:
        if side.grand is first:
            continue
        rows = [side.grand] if side.grand else list(side.top) if side.whole and not side.current else []
        other = summed(row.facts.get(column) for row in rows)
        if stated.numbers and other.numbers:
            verdict = judged(stated, other)
            yield check_of(rule, dataset.name, first.number, column, stated, other, verdict)
