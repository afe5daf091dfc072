"""Printed tables while their fragments are gathered."""

from dataclasses import dataclass, field

from extract.model.page import Cell, Line
from extract.model.report import GridPart
from extract.tables.forms import OpenForm
from extract.tables.leaves import Leaf, Shape
from extract.tables.printed_rows import RawRow
from extract.tables.titles import Title


@dataclass(slots=True)
class OpenTable:
    """A list table while its fragments are gathered."""

    title: Title
    shape: Shape
    leaves: tuple[Leaf, ...]
    first_page: int
    last_page: int
    engine: str
    number: str | None = None
    unit: str | None = None
    owner: str | None = None
    department: str | None = None
    captions: tuple[str, ...] = ()  # texts above the header, inside the frame and outside
    rows: list[RawRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)  # indices of the first rows of the fragments after the first
    parts: list[GridPart] = field(default_factory=list)

    @property
    def dataset(self) -> str | None:
        return self.shape.kind.dataset if self.shape.kind else None


@dataclass(slots=True)
class Unknown:
    """A grid, or a caption without a grid (no cells), that the vocabulary does not know.

    `heading` is what stands where a title would.
    """

    page: int
    title: str | None
    engine: str
    cells: tuple[Cell, ...]
    lines: tuple[Line, ...] = ()
    heading: str | None = None
    number: str | None = None
    unit: str | None = None
    notes: tuple[str, ...] = ()
    parts: tuple[GridPart, ...] = ()


Assembled = OpenTable | OpenForm | Unknown
