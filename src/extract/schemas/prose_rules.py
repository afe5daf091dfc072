"""The kinds of rules about figures of prose, one class each. What a kind does is in `checks`."""

from typing import Literal

from pydantic import model_validator

from extract.schemas.patterns import Pattern
from extract.schemas.rule_base import BaseRule, InTables, Relation, RowSelector


class StatementRule(BaseRule):
    """A figure of prose against a place of a table, or the difference of two; `alternatives` are sums of places that it
    may be instead, as prose counts some money in or out. Where one of `blank` is printed and not zero it may count part
    of that in. It is of all rows of the table only where the sentence counts as many: `counted` is the kind of that.
    """

    kind: Literal["statement"]
    stated: str
    right: RowSelector
    minus: RowSelector | None = None
    alternatives: list[list[RowSelector]] = []
    blank: list[RowSelector] = []
    unless: Pattern | None = None
    counted: str | None = None
    relation: Relation = "equal"

    def needed(self) -> list[RowSelector]:
        """The places without which it says nothing."""
        return [self.right, *([self.minus] if self.minus else [])]

    def places(self) -> list[RowSelector]:
        return [*self.needed(), *(place for sum_of in self.alternatives for place in sum_of), *self.blank]

    def statements(self) -> list[str]:
        return [self.stated, *([self.counted] if self.counted else [])]


class SentenceRule(BaseRule):
    """A figure of prose is the sum of parts stated in the same sentence, where it states all of `complete`, or without
    that two parts or more. Of fewer it is no less.
    """

    kind: Literal["sentence"]
    stated: str
    parts: list[str]
    complete: list[str] = []

    def statements(self) -> list[str]:
        return [self.stated, *self.parts]


class ProseRule(BaseRule):
    """A figure of prose is the sum of parts, in whatever sentences they are stated."""

    kind: Literal["prose"]
    stated: str
    parts: list[str]
    relation: Relation = "equal"

    def statements(self) -> list[str]:
        return [self.stated, *self.parts]


class RateRule(BaseRule):
    """A stated change and its percentage, in the same sentence."""

    kind: Literal["rate"]


class ShareRule(BaseRule):
    """A stated percentage is the part's figure of the place `right`, or of one of the `alternatives`; with `whole`, of
    the figure of that kind in the prose.
    """

    kind: Literal["share"]
    parts: list[str]
    right: RowSelector | None = None
    alternatives: list[RowSelector] = []
    whole: str | None = None

    @model_validator(mode="after")
    def _has_a_whole(self) -> "ShareRule":
        if (self.right is None) == (self.whole is None):
            raise ValueError("either `right` or `whole`")
        return self

    def places(self) -> list[RowSelector]:
        return [*([self.right] if self.right else []), *self.alternatives]

    def statements(self) -> list[str]:
        return [*self.parts, *([self.whole] if self.whole else [])]


class CompletionRule(BaseRule):
    """How much of a budget was spent, as a percentage, in the sentence that states both."""

    kind: Literal["completion"]


class WeighingRule(BaseRule):
    """What was spent is more or less than its budget, as the text says in words."""

    kind: Literal["weighing"]


class ItemsRule(BaseRule):
    """A figure of prose is the sum of the figures of the `items` that the text lists and whose names match `which`. A
    list may leave some out, unless that of `complete` does not: there `stated` is the sum of its `items`.
    """

    kind: Literal["items"]
    stated: str
    items: str
    which: Pattern
    complete: dict[Literal["stated", "items"], str] = {}

    def statements(self) -> list[str]:
        return [self.stated, self.items, *self.complete.values()]


class CountRule(InTables):
    """A stated number is the number of rows of a dataset, sums not counted."""

    kind: Literal["count"]
    stated: str
    unless: Pattern | None = None

    def statements(self) -> list[str]:
        return [self.stated]
