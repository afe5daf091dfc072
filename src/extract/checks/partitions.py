"""Each row: a column is the sum of others, of those that the table prints; or others are parts of it."""

from collections.abc import Iterator, Sequence

from extract.checks.evidence import Evidence, check_of, holds, judged, mostly, parted, summed, unmade
from extract.messages import sentence
from extract.model.report import Check, Row
from extract.schemas.grammar import Dataset
from extract.schemas.table_rules import PartitionRule, WithinRule


def check_partition(rule: PartitionRule, evidence: Evidence, dataset: Dataset) -> Iterator[Check]:
    """One check a row, where every printed column of the table is known and at least one part is printed."""
    name = dataset.name
    parts = printed_parts(rule, evidence, name)
    if not _concerns(rule, evidence, name):
        return
    if len(parts) < rule.least:
        yield unmade(rule, name, "not_applicable", sentence("reason_no_parts"))
        return
    if not evidence.is_resolved(name):
        yield unmade(rule, name, "not_applicable", sentence("reason_unknown_column"))
        return
    checks = list(_of_rows(rule, evidence, dataset, parts))
    if not rule.borne_out or mostly([check.verdict != "fail" for check in checks]):
        yield from checks


def _of_rows(rule: PartitionRule, evidence: Evidence, dataset: Dataset, parts: Sequence[str]) -> Iterator[Check]:
    name = dataset.name
    names = [dataset.columns[part].named for part in parts]
    printing = {_kind(row, rule) for row in evidence.rows[name] if rule.stated in row.facts}
    for row in evidence.rows[name]:
        if not holds(row, rule.where) or (rule.borne_out and rule.stated not in row.facts):
            continue
        total = summed([row.facts.get(part) for part in parts], names)
        if rule.less:
            total = total.minus(summed(row.facts.get(part) for part in rule.less))
        if rule.alike and _kind(row, rule) not in printing:
            continue
        check = parted(rule, name, row, rule.stated, total, "no_evidence")
        if check:
            yield check


def _concerns(rule: PartitionRule, evidence: Evidence, name: str) -> bool:
    """Whether the table prints the columns that the rule is made for, and its stated number in some row: where that is
    blank in every one, nothing is stated.
    """
    printed = all(evidence.prints(name, column) for column in (rule.stated, *rule.printed))
    return (
        printed
        and not any(evidence.prints(name, column) for column in rule.unprinted)
        and any(rule.stated in row.facts for row in evidence.rows[name])
    )


def _kind(row: Row, rule: PartitionRule) -> tuple[object, ...]:
    return tuple(row.values.get(name) for name in rule.alike)


def printed_parts(rule: PartitionRule, evidence: Evidence, dataset: str) -> list[str]:
    """The columns that make up the whole: of each part the first alternative of which something is printed, as far as
    it is.
    """
    parts: list[str] = []
    for alternatives in rule.alternatives():
        printed = ([column for column in columns if evidence.prints(dataset, column)] for columns in alternatives)
        parts += next((columns for columns in printed if columns), [])
    return parts


def check_within(rule: WithinRule, evidence: Evidence, dataset: Dataset) -> Iterator[Check]:
    """One check a row and part that are both printed."""
    for row in evidence.rows[dataset.name]:
        whole = summed([row.facts.get(rule.stated)])
        for part in rule.parts:
            one = summed([row.facts.get(part)])
            if whole.numbers and one.numbers:
                verdict = judged(one, whole, "at_most")
                yield check_of(rule, dataset.name, row.number, part, one, whole, verdict)
