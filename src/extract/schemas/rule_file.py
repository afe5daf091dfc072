"""The grammar of rules.toml: its rules, and what else is said there of documents."""

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from extract.schemas.patterns import Pattern, capturing, decimal_of
from extract.schemas.rules import Rule
from extract.schemas.strict import Named, Strict


class TwoSided(Strict):
    """How the lines of two-sided tables are written: totals, parts that are only `of_which`, ordinals that tell a
    level, and the names of lines without an ordinal that stand below the line above them.
    """

    current: Pattern
    subtotal: Pattern
    grand: Pattern
    year_line: Pattern
    of_which: Pattern
    sublines: Pattern
    ordinals: list[Pattern]
    class_suffix: Pattern


class Finding(Named):
    """What is said of a document that is not whole or not of one piece; {page} and other words stand for what was
    found.
    """


class Disclosure(Strict):
    """The tables that every disclosure of a stage of the budget prints, each with those that may stand for it."""

    tables: list[list[str]]


class Contents(Strict):
    """How a page of contents is written: what heads it, an `entry` with its number and name, what leads to its page,
    what a heading may have more or less than its entry, and entries that are tables.
    """

    heading: Pattern
    entry: Annotated[Pattern, capturing("number", "name")]
    leader: Pattern
    varies: Pattern
    tables: Pattern


class BudgetSize(Strict):
    """What the budgets of agencies lie between, in 万元: beyond it another unit is printed than is meant. The largest
    amount of a table in 元 among tables in 万元 is not below `seldom`.
    """

    smallest: Annotated[Decimal, BeforeValidator(decimal_of)]
    largest: Annotated[Decimal, BeforeValidator(decimal_of)]
    seldom: Annotated[Decimal, BeforeValidator(decimal_of)]


class RuleFile(Strict):
    """See rules.toml. `withheld` is what a note says where rows are left out on purpose, `title_year` a year in a
    table's title, `title_figure` an ordinal in a table's number, `agency` what names of agencies look like.
    """

    withheld: Pattern
    title_year: Annotated[Pattern, capturing("year")]
    title_figure: Pattern
    agency: Pattern
    contents: Contents
    budget_size: BudgetSize
    disclosure: list[Disclosure]
    finding: dict[str, Finding]
    two_sided: TwoSided
    rule: list[Annotated[Rule, Field(discriminator="kind")]]
