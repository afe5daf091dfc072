"""The rules of rules.toml: one class for each kind of rule, with its fields. What a kind does is in `checks`."""

import re
from typing import Literal

from pydantic import model_validator

from extract.schemas.patterns import Pattern, compiled
from extract.schemas.strict import Named, Strict
from extract.text import pattern


class RowSelector(Strict):
    """A number of a table: see rules.toml. `first` takes the first of the rows that it means."""

    dataset: str
    column: str
    rows: str
    side: str | None = None
    where: dict[str, str] = {}
    first: bool = False

    @model_validator(mode="after")
    def _matches(self) -> "RowSelector":
        compiled(self.rows)
        return self

    def pattern(self) -> re.Pattern[str]:
        return pattern(self.rows)


Relation = Literal["equal", "at_most", "at_least"]
Alternatives = list[str | list[list[str]]]


class BaseRule(Named):
    """What every rule has: a stable code and its sentence in both languages."""

    code: str

    def about(self) -> list[str]:
        """The datasets inside which it holds."""
        return []

    def places(self) -> list[RowSelector]:
        """The numbers of tables that it reads."""
        return []

    def columns(self) -> list[str]:
        """The columns that each of its datasets must have."""
        return []

    def optional(self) -> list[str]:
        """The columns that some of its datasets must have."""
        return []

    def statements(self) -> list[str]:
        """The kinds of statements that it reads."""
        return []


class InTables(BaseRule):
    """A rule inside each of some datasets."""

    datasets: list[str]

    def about(self) -> list[str]:
        return self.datasets


class PartitionRule(InTables):
    """Each row: `stated` is the sum of the printed ones of `parts`; a part may be a list of alternatives, each a list
    of columns, of which the first that is printed counts. `less` are taken off. Made only where all of `printed`, none
    of `unprinted` and at least `least` parts are printed, with `alike` only in rows of which one with the same values
    there prints the whole.
    """

    kind: Literal["partition"]
    stated: str
    parts: Alternatives
    less: list[str] = []
    printed: list[str] = []
    unprinted: list[str] = []
    where: dict[str, str] = {}
    least: int = 1
    alike: list[str] = []

    def alternatives(self) -> list[list[list[str]]]:
        return [[[part]] if isinstance(part, str) else part for part in self.parts]

    def columns(self) -> list[str]:
        return [self.stated, *self.where]

    def optional(self) -> list[str]:
        named = [name for part in self.alternatives() for columns in part for name in columns]
        return [*named, *self.less, *self.printed, *self.unprinted, *self.alike]


class WithinRule(InTables):
    """Each row: none of `parts` (其中) is above `stated`."""

    kind: Literal["within"]
    stated: str
    parts: list[str]

    def columns(self) -> list[str]:
        return [self.stated, *self.parts]


class TreeRule(InTables):
    """Each column: a row is the sum of the rows next below it, by code, else by indentation; 合计 is the sum of the
    rows without one above.
    """

    kind: Literal["tree"]


class ListRule(InTables):
    """Each column: 合计 is the sum of the other rows; codes or indentation that are printed make a tree of them, names
    of units head theirs.

    `label` and `coded_by` name the rows where they are other columns than the dataset's; rows with the same `each` are
    a list of their own.

    """

    kind: Literal["list"]
    label: str | None = None
    coded_by: str | None = None
    each: list[str] = []

    def columns(self) -> list[str]:
        return [name for name in (self.label, self.coded_by, *self.each) if name]


class LevelsRule(InTables):
    """Each column: a row is the sum of the rows of the next level below it, told by the first of `levels` that its name
    matches; below them by the last of `deeper` of whose columns it fills one. With `borne_out` the levels are believed
    only where most sums hold.
    """

    kind: Literal["levels"]
    levels: list[Pattern]
    deeper: list[list[str]]
    borne_out: bool = False

    def columns(self) -> list[str]:
        return [name for columns in self.deeper for name in columns]


class NestingRule(InTables):
    """Every code stands below its own class, where the table prints classes of that level at all, and has rows below it
    unless it is one of those that stand `alone`.
    """

    kind: Literal["nesting"]
    alone: Pattern


class LinesRule(InTables):
    """A two-sided table: see TwoSided. `identity` tells which of what its lines owe each other."""

    kind: Literal["lines"]
    identity: Literal["current", "sublines", "grand", "sides"]


class TablesRule(BaseRule):
    """A number of one table against a number of another, or each row against the rows with the same values of `join`.

    With `by_name` each row is joined with the only rows of its name, where every table has one. `more` are added to the
    right. With `same_total` the relation is equality where the totals of both sides agree.
    `blank` are places that must be blank or zero for the rule to hold.
    """

    kind: Literal["tables"]
    left: RowSelector
    right: RowSelector
    more: list[RowSelector] = []
    blank: list[RowSelector] = []
    relation: Relation = "equal"
    join: list[str] = []
    by_name: bool = False
    every: bool = False
    same_total: bool = False

    def places(self) -> list[RowSelector]:
        return [self.left, self.right, *self.more, *self.blank]


class ClassLinesRule(BaseRule):
    """Each line of a two-sided table against the rows of the functional class of that name, summed over `right`."""

    kind: Literal["class_lines"]
    left: RowSelector
    right: list[RowSelector]
    relation: Relation = "equal"
    blank: list[RowSelector] = []

    def places(self) -> list[RowSelector]:
        return [self.left, *self.right, *self.blank]


class LineColumnsRule(BaseRule):
    """Each line of a two-sided table, told by its name, against the column of the 合计 row of `right` that `lines` give
    it.
    """

    kind: Literal["line_columns"]
    left: RowSelector
    right: str
    lines: dict[str, Pattern]

    def places(self) -> list[RowSelector]:
        return [self.left, *(RowSelector(dataset=self.right, column=column, rows="total") for column in self.lines)]


class FundLinesRule(BaseRule):
    """Each line of a two-sided table, told by its name, against that line of another; where the left prints no
    `carried` line, the right's lines of that name are all added, those of what is carried over too.
    """

    kind: Literal["fund_lines"]
    left: RowSelector
    right: RowSelector
    lines: dict[str, Pattern]
    carried: Pattern

    def places(self) -> list[RowSelector]:
        return [self.left, self.right]


class FormsRule(BaseRule):
    """A number of a form against that of the row of its name and, if it can be told by it, of its amount. `name` and
    `unit` are the columns of the form's and of the row's name and unit; where both print units, a form for every row is
    owed. `also` are further columns of a form with those of its row, where both tables print them and the form prints
    more than its total.
    """

    kind: Literal["forms"]
    left: RowSelector
    right: RowSelector
    name: list[str]
    unit: list[str]
    also: dict[str, str] = {}
    blank: list[RowSelector] = []

    def places(self) -> list[RowSelector]:
        return [self.left, self.right, *self.blank]


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
    """A stated percentage is the part's figure of the place `right`, or of one of the `alternatives`."""

    kind: Literal["share"]
    parts: list[str]
    right: RowSelector
    alternatives: list[RowSelector] = []

    def places(self) -> list[RowSelector]:
        return [self.right, *self.alternatives]

    def statements(self) -> list[str]:
        return self.parts


class CompletionRule(BaseRule):
    """A stated percentage is the figure `part` of the figure `whole`, all in one sentence."""

    kind: Literal["completion"]
    stated: str
    part: str
    whole: str

    def statements(self) -> list[str]:
        return [self.stated, self.part, self.whole]


class CountRule(InTables):
    """A stated number is the number of rows of a dataset, sums not counted."""

    kind: Literal["count"]
    stated: str
    unless: Pattern | None = None

    def statements(self) -> list[str]:
        return [self.stated]


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
    | CountRule
    | YearsRule
    | StagesRule
    | UnitsRule
)
