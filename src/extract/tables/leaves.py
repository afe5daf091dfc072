"""What a header is understood as: its columns with the fields that they fill, and what becomes of the table."""

from dataclasses import dataclass
from typing import NamedTuple

from extract.schemas.vocabulary import RowsKind, TableKind
from extract.tables.columns import RATE, Meaning
from extract.text import compared

Preset = tuple[tuple[str, str], ...]  # fields that a column gives its rows beside its own, as text
TARGET_SIGN = "target_sign"  # the sign of a target that stands in a column of its own
INDICATOR = frozenset(
    ("level_3", "target", TARGET_SIGN, "target_unit", "indicator_kind", "weight", "is_core", "remark", "value_text")
)


class Leaf(NamedTuple):
    """A column of a printed table: its edges, its block, the field that it fills with what else it gives its rows, and
    its header.

    `field` is None for a column that nothing names, "" for one that only numbers the rows; `meaning` is what its header
    says, whether the dataset has a field for it or not.
    """

    x0: float
    x1: float
    block: int
    field: str | None
    preset: Preset
    path: tuple[str, ...]
    meaning: Meaning | None = None

    @property
    def is_rate(self) -> bool:
        """Whether the column holds rates of change, which the long dataset holds where no other does."""
        return self.meaning is not None and RATE in self.meaning.measures

    @property
    def identity(self) -> tuple[int, str | None, Preset, tuple[str, ...]]:
        """The same for the same column on every page of a table: a field and what it is for; by its header where that
        may not be enough.
        """
        shared = not self.field or self.field.endswith("_code")
        return self.block, self.field, self.preset, tuple(compared(text) for text in self.path[-1:]) if shared else ()


@dataclass(frozen=True, slots=True)
class Shape:
    """A header as it is understood: its rows in the grid (`body` is the first row below it), its columns, and what
    becomes of it.

    `kind` is None where no dataset holds such a table. `unit` is a unit of money that the header itself tells.

    """

    first: int
    end: int
    body: int
    leaves: tuple[Leaf, ...]
    rows: RowsKind
    kind: TableKind | None
    unit: str | None

    @property
    def filled(self) -> frozenset[str]:
        """The fields whose merged cells stand in each row that they span."""
        if self.kind is None:
            return frozenset()
        of_project = {leaf.field for leaf in self.leaves if leaf.field and leaf.field not in INDICATOR}
        name = ("project_name",) if self.rows == "project" else ()  # of several amounts of one project
        return frozenset([*self.kind.fill, *name, *(of_project if self.kind.indicators else ())])

    @property
    def is_meaningful(self) -> bool:
        """Whether most columns mean something, among them what a row is, though no dataset may hold such a table."""
        meant = [leaf.meaning for leaf in self.leaves if leaf.path and leaf.meaning]
        measured = sum(bool(one.measures) for one in meant)
        return measured > 0 and len(meant) > measured and 2 * len(meant) > sum(bool(leaf.path) for leaf in self.leaves)

    @property
    def known(self) -> int:
        return sum(leaf.field is not None for leaf in self.leaves)

    @property
    def unknown(self) -> int:
        return sum(leaf.field is None and bool(leaf.path) and not leaf.is_rate for leaf in self.leaves)
