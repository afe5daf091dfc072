"""The columns of a header together → the dataset that the table fills, and the field that each column fills.

Naming a table and mapping its columns are two verdicts: a table is named by its title and by what its rows are; a
column whose path is not known, or which would fill a field that another column fills, stays without a field.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from extract.model.page import Grid
from extract.schemas.grammar import Dataset
from extract.schemas.vocabulary import Concept, RowsKind, TableKind, Vocabulary
from extract.tables.columns import TOTAL, ColumnReader, Meaning
from extract.tables.headers import Header, headers
from extract.tables.titles import Title
from extract.text import compared

Preset = tuple[tuple[str, str], ...]  # fields that a column gives its rows beside its own, as text
TARGET_SIGN = "target_sign"  # the sign of a target that stands in a column of its own
INDICATOR = frozenset(("level_3", "target", TARGET_SIGN, "target_unit", "weight", "is_core", "remark", "value_text"))
CLASSES = ("exp_func", "dep_bgt_eco", "gov_bgt_eco")
SIDES = {
    "exp_func_name": "expenditure",
    "dep_bgt_eco_name": "expenditure_by_department_economy",
    "gov_bgt_eco_name": "expenditure_by_government_economy",
}
OWN_TEXT = {  # stubs that tell more about a row, not what the row is
    "remark",
    "description",
    "goal",
    "project_type",
    "fund_type",
    "period",
    "quantity",
    "specification",
    "service_content",
    "procurement_time",
    "organization_form",
}


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
    def known(self) -> int:
        return sum(leaf.field is not None for leaf in self.leaves)

    @property
    def unknown(self) -> int:
        return sum(leaf.field is None and bool(leaf.path) for leaf in self.leaves)


class ShapeReader:
    """Understands headers with one vocabulary and the datasets that there are."""

    def __init__(self, vocabulary: Vocabulary, datasets: Mapping[str, Dataset], columns: ColumnReader) -> None:
        self._datasets = datasets
        self._columns = columns
        projects = next(one for one in vocabulary.concept if one.name == "performance_targets")
        self._untitled = Title("", projects, frozenset(projects.words), None, None)
        self._kinds = {(kind.concept, kind.rows, kind.final): kind for kind in vocabulary.table}

    def best(self, grid: Grid, title: Title) -> Shape | None:
        """The header of a grid below a title: of all that may be it, the one of which most is understood and least is
        not.
        """
        found = [shape for header in headers(grid) if (shape := self._shape(header, grid, title))]
        return max(found, key=lambda one: (one.known - 2 * one.unknown, -one.first, -one.end), default=None)

    def of_projects(self, grid: Grid) -> tuple[Title, Shape] | None:
        """A list of projects with their targets that no title names, known by its header alone, of which every column
        must be known.
        """
        shape = self.best(grid, self._untitled)
        if shape is None or shape.first or shape.unknown:
            return None
        return (
            (self._untitled, shape)
            if {leaf.field for leaf in shape.leaves} >= {"project_name", "goal", TOTAL}
            else None
        )

    def _shape(self, header: Header, grid: Grid, title: Title) -> Shape | None:
        concept = title.concept
        meanings = [self._columns.read(column.path, concept) if column.path else None for column in header.columns]
        known = [one for one in meanings if one]
        if not known or len(known) * 2 < sum(bool(column.path) for column in header.columns):
            return None
        if not any(one.measures or one.stub in ("goal", "target", "level_3") for one in known):
            return None
        classed = _with_classes(meanings, _default_class(concept, title), _codes(grid, header))
        classed = _with_periods(_with_previous_year(classed, concept))
        rows = _rows_kind(classed, concept)
        kind = self._kinds.get((concept.name, rows, title.final))
        leaves = tuple(self._leaves(header, classed, kind, rows))
        if kind and kind.indicators and not any(leaf.field == "level_3" for leaf in leaves):
            own = self._datasets[kind.dataset].columns  # without indicators there is no place for what tells of them
            leaves = tuple(
                leaf if not leaf.field or leaf.field in own else leaf._replace(field=None) for leaf in leaves
            )
        if kind and "category" in self._datasets[kind.dataset].columns:
            leaves = _with_category(leaves)
        units = {one.unit for one in known if one.unit}
        return Shape(
            header.first, header.end, header.body, leaves, rows, kind, units.pop() if len(units) == 1 else None
        )

    def _leaves(
        self,
        header: Header,
        meanings: Sequence[Meaning | None],
        kind: TableKind | None,
        rows: RowsKind,
    ) -> Iterator[Leaf]:
        blocks = _blocks(meanings, rows)
        uses = _sides_of_blocks(meanings, blocks) if rows == "sides" else {}
        three = any(one and "three_public" in one.measures for one in meanings)
        taken: set[tuple[int, str, Preset]] = set()
        for column, meaning, block in zip(header.columns, meanings, blocks, strict=True):
            field, preset = None, Preset()
            if meaning and kind:
                field = self._field(meaning, kind, rows, three)
                preset = self._preset(meaning, kind, uses.get(block), rows)
            if field and meaning and (block, field, preset) in taken and not field.endswith("_code"):
                field = None
            if field:
                taken.add((block, field, preset))
            yield Leaf(column.x0, column.x1, block, field, preset, column.path, meaning)

    def _field(self, meaning: Meaning, kind: TableKind, rows: RowsKind, three: bool) -> str | None:
        """The field of the dataset that a column fills."""
        dataset = self._datasets[kind.dataset]
        if meaning.numbering:
            return ""
        if rows == "turned":
            return "item" if meaning.stub else TOTAL
        stubs = (["item"] if rows == "sides" else _stub_fields(meaning.stub)) if meaning.stub else []
        options = [self._renamed(name, kind, three) for name in (*meaning.measures, *stubs)]
        known = {*dataset.columns, *(self._datasets[kind.indicators].columns if kind.indicators else ()), TARGET_SIGN}
        return next((name for name in options if name in known), None)

    def _renamed(self, name: str, kind: TableKind, three: bool) -> str:
        if name in kind.same:
            name = TOTAL
        if three and name in kind.with_three_public:
            return kind.with_three_public[name]
        return kind.columns.get(name, name)

    def _preset(self, meaning: Meaning, kind: TableKind, side: str | None, rows: RowsKind) -> Preset:
        columns = self._datasets[kind.dataset].columns
        given = {"side": side, "fund": meaning.fund}
        if meaning.period and not meaning.stub:
            given |= {"period": meaning.period, "budget_year": str(meaning.year) if meaning.year else None}
        if meaning.stage and kind.final:
            given["measure"] = meaning.stage
        return tuple((name, text) for name, text in given.items() if text and name in columns)


def _with_category(leaves: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
    """Lines with a merged label before them: one heading stands over the label and, as a column without a heading, the
    line.
    """
    for place, (leaf, after) in enumerate(pairwise(leaves)):
        if leaf.field == "item" and not after.path:
            return (
                *leaves[:place],
                leaf._replace(field="category"),
                after._replace(field="item"),
                *leaves[place + 2 :],
            )
    return leaves


def _stub_fields(stub: str) -> list[str]:
    """The fields that a stub may fill, the likeliest first."""
    if stub in ("item", "row_name"):
        return ["project_name", "item", "dep_bgt_eco_name", "level_1_name", "procurement_category"]
    return [stub, "procurement_category_code"] if stub == "project_code" else [stub]


def _default_class(concept: Concept, title: Title) -> str:
    if "economy" in title.words or (concept.rows == "economy" and "function" not in title.words):
        return "dep_bgt_eco"
    return "exp_func"


def _codes(grid: Grid, header: Header) -> dict[int, str]:
    """The first whole code in each column below a header, by the place of the column."""
    found: dict[int, str] = {}
    for cell in grid.cells:
        if cell.row < header.body or not cell.text.isdecimal() or len(cell.text) < 3:
            continue
        middle = (grid.xs[cell.col] + grid.xs[cell.col_end]) / 2
        place = next((i for i, column in enumerate(header.columns) if column.x0 < middle < column.x1), None)
        if place is not None:
            found.setdefault(place, cell.text)
    return found


def _with_classes(meanings: Sequence[Meaning | None], default: str, codes: Mapping[int, str]) -> list[Meaning | None]:
    """Plain codes and names with the class that they are of: as a part above says, else as the next name says, else as
    the codes themselves, else as the title.
    """
    result = list(meanings)
    for place in range(len(result) - 1, -1, -1):
        one = result[place]
        if one is None or one.stub not in ("code", "name"):
            continue
        above = next((name for name in CLASSES if (one.stub_class or "").startswith(name)), None)
        after = result[place + 1] if place + 1 < len(result) else None
        beside = next(
            (name for name in CLASSES if after and one.stub == "code" and (after.stub or "").startswith(name)), None
        )
        by_code = {"2": "exp_func", "1": "exp_func", "3": "dep_bgt_eco", "5": "gov_bgt_eco"}
        code = codes.get(place) or codes.get(place - 1) if one.stub == "name" else codes.get(place)
        of_code = by_code.get(code[0]) if code and len(code) in (3, 5, 7) and default != "gov_bgt_eco" else None
        of_code = "dep_bgt_eco" if of_code == "gov_bgt_eco" else of_code
        result[place] = one._replace(stub=f"{above or beside or of_code or default}_{one.stub}")
    return result


def _with_previous_year(meanings: Sequence[Meaning | None], concept: Concept) -> list[Meaning | None]:
    """Totals of the year before beside this year's are a column of their own; other amounts of that year
    are not known.
    """
    years = {one.year for one in meanings if one and one.year and one.measures}
    if concept.name == "three_public_expenses" or len(years) < 2:
        return list(meanings)
    last = max(years)
    earlier = {TOTAL: ("previous_year",)}
    return [
        one._replace(measures=earlier.get(one.measures[0], ()))
        if one and one.measures and one.year and one.year < last
        else one
        for one in meanings
    ]


def _with_periods(meanings: Sequence[Meaning | None]) -> list[Meaning | None]:
    """A period that all amounts have is none that tells one from another."""
    periods = {one.period and (one.year or one.period) for one in meanings if one and one.measures}
    return list(meanings) if len(periods) > 1 else [one and one._replace(period=None) for one in meanings]


def _rows_kind(meanings: Sequence[Meaning | None], concept: Concept) -> RowsKind:
    """What the rows of a table are, as its stubs say."""
    stubs = {one.stub for one in meanings if one and one.stub} - OWN_TEXT
    function = bool({"exp_func_code", "exp_func_name"} & stubs)
    economy = any(stub.startswith(("dep_bgt_eco", "gov_bgt_eco")) for stub in stubs)
    if own := _own_kind(stubs, concept):
        return own
    if "level_1_name" in stubs:
        return "levels"
    if function and economy and concept.name == "expenditure":
        return "function_and_economy"
    if concept.rows == "project":
        return "economy" if economy else "project"
    if function:
        return "function"
    if economy or ("row_name" in stubs and concept.rows == "economy"):
        return "economy"
    if {"unit_code", "unit_name"} & stubs:
        return "unit"
    return "item" if {"item", "project_name", "row_name"} & stubs else "none"


def _own_kind(stubs: set[str], concept: Concept) -> RowsKind | None:
    """The kind of the rows of tables whose subject tells it, with what little their stubs add."""
    if concept.rows == "sides":
        return "function" if "exp_func_code" in stubs else "sides"
    if concept.name == "three_public_expenses":
        return "turned" if "item" in stubs else "none"
    if concept.name in ("performance_targets", "department_performance"):
        return "project"
    if {"procurement_item", "specification"} & stubs:
        return "procurement_item"
    if concept.name == "government_procurement" and {"procurement_category", "item"} & stubs:
        return "category"
    return "unit" if concept.name == "carried_over_expenditure" else None


def _blocks(meanings: Sequence[Meaning | None], rows: RowsKind) -> list[int]:
    """The block of each column: lists that stand side by side, each with its own stub."""
    block, measured, stubs, blocks = 0, False, set[str](), []
    for one in meanings:
        again = one is not None and one.stub is not None and measured and (rows == "sides" or one.stub in stubs)
        if again:
            block, measured, stubs = block + 1, False, set()
        if one and one.stub:
            stubs.add(one.stub)
        measured = measured or bool(one and one.measures)
        blocks.append(block)
    return blocks


def _sides_of_blocks(meanings: Sequence[Meaning | None], blocks: Sequence[int]) -> dict[int, str]:
    """The side of each block of a two-sided table. 支出用途 is a side of its own only beside another list of
    expenditure.
    """
    sides: dict[int, str] = {}
    for one, block in zip(meanings, blocks, strict=True):
        if one is None:
            continue
        by_stub = SIDES.get(one.stub or "") if one.side != "revenue" else None
        side = by_stub if by_stub and by_stub != "expenditure" else one.side or by_stub
        if side and block not in sides:
            sides[block] = side
    if "expenditure" not in sides.values():
        sides = {block: "expenditure" if side == "expenditure_use" else side for block, side in sides.items()}
    return sides
