"""The declared rules on figures of prose against the tables, and the way to those on prose alone."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from extract.checks.completeness import told
from extract.checks.evidence import ZERO, Evidence, Sum, check_of, judged, row_name, summed, unmade
from extract.checks.prose_alone import check_prose_alone
from extract.checks.stated import DATASET, Stated, percentage, signed
from extract.checks.trees import listed_rows
from extract.messages import sentence
from extract.model.report import Check, Statement
from extract.schemas.grammar import Schemas
from extract.schemas.prose_rules import CountRule, ShareRule, StatementRule
from extract.text import compared

TIES = ("exact", "rounding")  # verdicts
PERCENT = "%"
_RATE, _SHARE = "_rate", "_share"  # after the kind of a change, of a figure


def check_statements(schemas: Schemas, statements: Sequence[Statement], evidence: Evidence) -> Iterator[Check]:
    """Every rule about prose applied to every sentence that it speaks of."""
    reader = Stated(schemas, statements)
    for rule in schemas.rules:
        if rule.kind == "statement":
            yield from _against_table(rule, reader, evidence)
        elif rule.kind == "share":
            yield from _shares(rule, reader, evidence)
        elif rule.kind == "count":
            yield from _counts(rule, reader, evidence)
        else:
            yield from check_prose_alone(rule, reader)


def _against_table(rule: StatementRule, reader: Stated, evidence: Evidence) -> Iterator[Check]:
    """Each statement of the kind. Of several that differ, those that do not tie speak of something else."""
    places = rule.needed()
    if not evidence.speaks_of(*places):
        return
    for statement in (*reader.of_kind(rule.stated), *reader.of_kind(rule.stated + _RATE)):
        missing = evidence.missing(*places)
        if missing:
            yield unmade(rule, DATASET, *missing)
        elif rule.unless and rule.unless.search(compared(statement.text)):
            yield unmade(rule, DATASET, "not_applicable", sentence("reason_other_scope"))
        elif reader.is_about(statement):
            yield unmade(rule, DATASET, "not_applicable", sentence("reason_about"))
        elif all(rows := [reader.rows(place, statement, evidence) for place in places]):
            sums = [
                summed(row.facts.get(place.column) for row in found) for place, found in zip(places, rows, strict=True)
            ]
            others = [
                summed(
                    row.facts.get(place.column) for place in sum_of for row in reader.rows(place, statement, evidence)
                )
                for sum_of in rule.alternatives
                if not evidence.missing(*sum_of)
            ]
            check = _against_places(rule, statement, sums, others)
            if check.verdict == "fail":
                tie = [one for one in reader.told_otherwise(statement) if _ties(rule, one, sums, others)]
                yield _excused(check, rule, statement, tie, reader, evidence) or check
            else:
                yield check
        elif statement.item and statement.quantity:
            yield unmade(rule, DATASET, "no_evidence", sentence("reason_no_row", name=statement.item))


def _excused(
    check: Check,
    rule: StatementRule,
    statement: Statement,
    tie: Sequence[Statement],
    reader: Stated,
    evidence: Evidence,
) -> Check | None:
    """What stands instead of a failing check where the sentence may well mean something else than the place of the
    table: money that is carried over, one of several figures, another total of the document, one unit, or some rows.
    That the text has the table's number elsewhere (`tie`) is told.
    """
    if not evidence.comes_to_nothing(rule.blank) and _may_be_part(check, rule, evidence):
        return unmade(rule, DATASET, "not_applicable", sentence("reason_carried_over"))
    if evidence.names_a_unit(statement.text):
        return unmade(rule, DATASET, "no_evidence", sentence("reason_other_scope"))
    if tie:
        return _differing(statement, tie[0], evidence)
    if reader.told_otherwise(statement):
        return unmade(rule, DATASET, "no_evidence", sentence("reason_several_figures"))
    if rule.counted:  # a sentence that counts as many means these rows
        counts = [one.value for one in reader.beside(statement, [rule.counted])]
        if not set(counts) & set(_projects(rule.right.dataset, evidence)):
            return unmade(rule, DATASET, "not_applicable", sentence("reason_other_scope"))
    elif not rule.minus and statement.amount and statement.amount in evidence.totals(rule.right.dataset):
        return unmade(rule, DATASET, "no_evidence", sentence("reason_other_total"))
    return None


def _may_be_part(check: Check, rule: StatementRule, evidence: Evidence) -> bool:
    """Whether the difference is no more than what is carried over, where that is known."""
    carried = evidence.sum_at(rule.blank[0])
    return check.difference is None or not carried.numbers or abs(check.difference) <= carried.value + carried.slack


def _ties(rule: StatementRule, statement: Statement, sums: Sequence[Sum], others: Sequence[Sum]) -> bool:
    return _against_places(rule, statement, sums, others).verdict in TIES


def _differing(statement: Statement, other: Statement, evidence: Evidence) -> Check:
    """That the text gives a figure otherwise than the table and than itself elsewhere."""
    said = {"printed": statement.origin.printed, "other": other.origin.printed, "there": other.origin.page}
    return told(evidence.schemas, "figure-differs", statement.origin.page, DATASET, **said)


def _against_places(rule: StatementRule, statement: Statement, sums: Sequence[Sum], others: Sequence[Sum]) -> Check:
    """A number that a table prints with more digits may be cut off in prose: it has one unit of its last digit. The
    percentage of a change is that of the difference of two places.
    """
    stated = signed([statement])
    computed = sums[0] if len(sums) == 1 else sums[0].minus(sums[1])
    if statement.unit == PERCENT:
        if sums[-1].value <= sums[-1].slack:
            return unmade(rule, DATASET, "not_applicable", sentence("reason_zero_before"))
        return percentage(rule, statement, computed, sums[-1])
    if not computed.numbers and not stated.value:
        return unmade(rule, DATASET, "not_applicable", sentence("reason_zero_and_blank"))
    verdicts = [(judged(_cut(stated, one), one, rule.relation), one) for one in (computed, *others)]
    verdict, computed = next((made for made in verdicts if made[0] != "fail"), verdicts[0])
    return check_of(rule, DATASET, statement.number, "amount", stated, computed, verdict)


def _cut(stated: Sum, computed: Sum) -> Sum:
    finer = bool(computed.numbers) and all(number.half < stated.slack for number in computed.numbers)
    return stated._replace(slack=2 * stated.slack) if finer else stated


def _shares(rule: ShareRule, reader: Stated, evidence: Evidence) -> Iterator[Check]:
    """A stated share is the part's figure, in the same sentence, of the whole."""
    if not evidence.speaks_of(*rule.places()[:1]):
        return
    missing = evidence.missing(*rule.places()[:1])
    wholes = _wholes(rule, reader, evidence)
    for kind in rule.parts:
        for share in reader.of_kind(kind + _SHARE):
            part = reader.beside(share, [kind])
            if missing:
                yield unmade(rule, DATASET, *missing)
            elif not part or not wholes or reader.repeats(share, [kind, kind + _SHARE]):
                yield unmade(rule, DATASET, "no_evidence", sentence("reason_share_of_what"))
            elif wholes[0].value <= wholes[0].slack:
                yield unmade(rule, DATASET, "not_applicable", sentence("reason_zero_total"))
            else:
                made = [percentage(rule, share, summed(part), one) for one in wholes if one.value > one.slack]
                yield next((check for check in made if check.verdict != "fail"), made[0])


def _wholes(rule: ShareRule, reader: Stated, evidence: Evidence) -> list[Sum]:
    """What a share may be of: the place of the rule first, or what the prose states with one number."""
    if rule.whole:
        said = reader.of_kind(rule.whole)
        return [summed(said[:1])] if len({one.quantity for one in said}) == 1 else []
    return [evidence.sum_at(place) for place in rule.places() if not evidence.missing(place)]


def _counts(rule: CountRule, reader: Stated, evidence: Evidence) -> Iterator[Check]:
    """A stated number of projects is the number of rows that are not sums. Another number may count only some of them,
    which is told and accuses nobody.
    """
    for statement in reader.of_kind(rule.stated):
        for name in rule.datasets:
            if name not in evidence.rows:
                continue
            if rule.unless and rule.unless.search(compared(statement.text)):
                yield unmade(rule, DATASET, "not_applicable", sentence("reason_other_scope"))
                continue
            rows, projects = (Sum(Decimal(count), ZERO, ()) for count in _projects(name, evidence))
            stated = summed([statement])
            computed = projects if stated.value == projects.value else rows
            check = check_of(rule, DATASET, statement.number, "value", stated, computed, judged(stated, computed))
            if check.verdict == "fail":
                why = "reason_withheld" if evidence.withheld else "reason_other_count"
                verdict = "not_applicable" if evidence.withheld else "no_evidence"
                check = unmade(rule, DATASET, verdict, sentence(why))
            yield check


def _projects(name: str, evidence: Evidence) -> tuple[int, int]:
    """How many projects a table lists, and how many names they have: one that several units have may be one or
    several.
    """
    dataset = evidence.datasets[name]
    units = evidence.units()
    listed = [compared(row_name(row, dataset)) for row in listed_rows(evidence.rows[name], dataset, evidence)]
    names = [own for own in listed if own not in units]
    return len(names), len(set(names))
