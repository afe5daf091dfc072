"""The kinds of rules inside tables and between the tables of a document, one class each. What a kind does is in
`checks`.
"""

from typing import Literal

from extract.schemas.patterns import Pattern
from extract.schemas.rule_base import Alternatives, BaseRule, InTables, Relation, RowSelector


class PartitionRule(InTables):
    """Each row: `stated` is the sum of the printed ones of `parts`; a part may be a list of alternatives, each a list
    of columns, of which the first that is printed counts. `less` are taken off. Made only where all of `printed`, none
    of `unprinted` and at least `least` parts are printed, with `alike` only in rows of which one with the same values
    there prints the whole. With `borne_out` only rows that print `stated` are held to it, and only where most hold.
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
    borne_out: bool = False

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
