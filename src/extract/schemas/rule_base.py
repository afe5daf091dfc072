"""What every rule of rules.toml has, and how it names a number of a table."""

import re
from typing import Literal

from pydantic import model_validator

from extract.schemas.patterns import compiled
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
