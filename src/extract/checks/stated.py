"""The figures that the prose of a document states, by kind and by sentence, as rules read them."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from extract.checks.class_names import ClassNames
from extract.checks.evidence import ZERO, Evidence, Sum, check_of, judged, summed
from extract.checks.trees import listed_rows
from extract.model.report import Check, Row, Statement
from extract.schemas.grammar import Schemas
from extract.schemas.rule_base import BaseRule, Relation, RowSelector
from extract.text import compared

DATASET = "statements"
MORE, LESS, EQUAL = ("大于", "高于", "多于"), ("小于", "低于", "少于"), "等于"
MOST_DIGITS = 14  # before the point: a percentage of more is told as no evidence


class Stated:
    """The statements of a document by kind and by sentence, changes with their sign."""

    def __init__(self, schemas: Schemas, statements: Sequence[Statement]) -> None:
        self._about = schemas.statements.about
        self._classes = ClassNames(schemas.statements)
        self._aspects = schemas.statements.aspects()
        self._weighs = schemas.statements.weighs
        self.subjects = list(dict.fromkeys(subject.kind for subject in schemas.statements.subject))
        self.budgets = list(schemas.statements.budgets)
        self._by_sentence: dict[str, list[Statement]] = {}
        self._by_kind: dict[str, list[Statement]] = {}
        for one in statements:
            self._by_sentence.setdefault(one.text, []).append(one)
            self._by_kind.setdefault(one.kind, []).append(one)

    def _sentence(self, statement: Statement) -> list[Statement]:
        return self._by_sentence[statement.text]

    def of_kind(self, kind: str) -> list[Statement]:
        return self._by_kind.get(kind, [])

    def beside(self, statement: Statement, kinds: Iterable[str]) -> list[Statement]:
        """Statements of these kinds in the same sentence, of the same item, each kind's first."""
        firsts = {one.kind: one for one in reversed(self._sentence(statement)) if one.item == statement.item}
        return [firsts[kind] for kind in kinds if kind in firsts]

    def repeats(self, statement: Statement, kinds: Iterable[str]) -> bool:
        """Whether the sentence states one of these kinds twice with different numbers, so that it cannot be told which
        belong together.
        """
        stated = {
            (one.kind, one.quantity, one.direction) for one in self._sentence(statement) if one.item == statement.item
        }
        return any(len([one for one in stated if one[0] == kind]) > 1 for kind in kinds)

    def names_others(self, statement: Statement, parts: Iterable[str]) -> bool:
        """Whether the sentence states figures of the same unit that are neither of the subject nor of its parts: what
        it lists may overlap or not be all that is known.
        """
        known, aspect = {statement.kind, *parts}, self._aspects[statement.kind]
        beside = [one for one in self._sentence(statement) if one.unit == statement.unit and one.kind not in known]
        return any(one.kind == "other" or self._aspects.get(one.kind) == aspect for one in beside)

    def weighed(self, statement: Statement) -> Relation | None:
        """Whether the sentence says that what was spent is more than its budget (at_least), less, or the same; None if
        it says nothing of it, or speaks of several things.
        """
        said = list(self._weighs.finditer(compared(statement.text)))
        things = {one.kind for one in self._sentence(statement) if one.kind in self.subjects}
        if len(said) != 1 or len(things) != 1:
            return None
        if said[0]["relation"] in MORE:
            return "at_least"
        if said[0]["relation"] in LESS:
            return "at_most"
        return "equal" if said[0]["equal"] or said[0]["relation"] == EQUAL else None

    def rows(self, place: RowSelector, statement: Statement, evidence: Evidence) -> list[Row]:
        """The rows that a place means, seen from a statement."""
        if place.rows == "@item":
            return self._classes.rows(statement.item or "", place, evidence)
        if place.rows == "@listed":
            rows = evidence.at(place.model_copy(update={"rows": "each"}))
            return listed_rows(rows, evidence.datasets[place.dataset], evidence)
        return evidence.at(place)

    def only(self, kind: str, item: str | None) -> Statement | None:
        """The statement of this kind and item, if the text gives it with one number only."""
        same = [one for one in self.of_kind(kind) if one.item == item]
        return same[0] if len({one.quantity for one in same}) == 1 else None

    def told_otherwise(self, statement: Statement) -> list[Statement]:
        """The statements of this kind and item with other numbers: they cannot all be what a table prints."""
        own = statement.quantity, statement.direction
        same = [one for one in self.of_kind(statement.kind) if one.item == statement.item]
        return [one for one in same if (one.quantity, one.direction) != own]

    def is_about(self, statement: Statement) -> bool:
        """Whether a `no change` is not meant exactly."""
        return self._about.match(statement.origin.printed) is not None


def signed(statements: Sequence[Statement]) -> Sum:
    """Their sum, decreases counted down and `no change` as nothing."""
    total = summed([])
    for one in statements:
        if one.direction == "flat":
            total = Sum(total.value, total.slack, (*total.numbers, one))
        elif one.direction == "decrease":
            term = summed([one])
            total = Sum(total.value - term.value, total.slack + term.slack, total.numbers + term.numbers)
        else:
            term = summed([one])
            total = Sum(total.value + term.value, total.slack + term.slack, total.numbers + term.numbers)
    return total


def percentage(rule: BaseRule, percentage: Statement, part: Sum, whole: Sum) -> Check:
    """A stated percentage against the quotient of two sums, with the slack of both; a decrease is below zero."""
    hundred, size = Decimal(100), abs(part.value)
    percent = hundred * size / whole.value
    most = hundred * (size + part.slack) / (whole.value - whole.slack)
    least = hundred * max(size - part.slack, ZERO) / (whole.value + whole.slack)
    numbers = tuple(dict.fromkeys((*part.numbers, *whole.numbers)))
    exact = (percent.quantize(Decimal("0.000001")) if percent.adjusted() < MOST_DIGITS else percent).copy_sign(
        part.value
    )
    stated, computed = signed([percentage]), Sum(exact, max(most - percent, percent - least), numbers)
    stated = stated._replace(slack=2 * stated.slack)  # rounded or cut off: one unit of the last digit
    return check_of(rule, DATASET, percentage.number, "value", stated, computed, judged(stated, computed))
