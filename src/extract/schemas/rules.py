"""The rules of rules.toml: one class for each kind of rule, with its fields. Those between documents stand here, the
others in table_rules.py and prose_rules.py.
"""

from typing import Literal

from extract.schemas.patterns import Pattern
from extract.schemas.prose_rules import (
    CompletionRule,
    CountRule,
    ItemsRule,
    ProseRule,
    RateRule,
    SentenceRule,
    ShareRule,
    StatementRule,
    WeighingRule,
)
from extract.schemas.rule_base import BaseRule, Relation, RowSelector
from extract.schemas.table_rules import (
    ClassLinesRule,
    FormsRule,
    FundLinesRule,
    LevelsRule,
    LineColumnsRule,
    LinesRule,
    ListRule,
    NestingRule,
    PartitionRule,
    TablesRule,
    TreeRule,
    WithinRule,
)


class YearsRule(BaseRule):
    """A report against last year's of the same agency."""

    kind: Literal["years"]
    right: RowSelector
    earlier: RowSelector
    stated: str | None = None
    unless: Pattern | None = None

    def places(self) -> list[RowSelector]:
        return [self.right, self.earlier]

    def statements(self) -> list[str]:
        return [self.stated] if self.stated else []


class StagesRule(BaseRule):
    """A final account's prose against the budget of the same agency and year: each figure `stated`, unless it is zero,
    is the number `right` of the budget.
    """

    kind: Literal["stages"]
    stated: str
    right: RowSelector

    def places(self) -> list[RowSelector]:
        return [self.right]

    def statements(self) -> list[str]:
        return [self.stated]


class UnitsRule(BaseRule):
    """A department's report against those of its units."""

    kind: Literal["units"]
    left: RowSelector
    right: RowSelector
    relation: Relation = "equal"

    def places(self) -> list[RowSelector]:
        return [self.left, self.right]


Rule = (
    PartitionRule
    | WithinRule
    | TreeRule
    | ListRule
    | LevelsRule
    | NestingRule
    | LinesRule
    | TablesRule
    | ClassLinesRule
    | LineColumnsRule
    | FundLinesRule
    | FormsRule
    | StatementRule
    | SentenceRule
    | ProseRule
    | RateRule
    | ShareRule
    | CompletionRule
    | ItemsRule
    | WeighingRule
    | CountRule
    | YearsRule
    | StagesRule
    | UnitsRule
)
