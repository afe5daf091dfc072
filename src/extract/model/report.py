"""What a document says: its printed tables, rows, figures and checks, and where each stands. Immutable records."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from extract.amounts import in_unit
from extract.errors import ExtractError
from extract.messages import Sentence
from extract.model.decision import Decided, Decision
from extract.model.page import Box, Grid, Recognition, overlap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


STDIN = "-"  # the source of a document from standard input
AMOUNTS = "amounts"  # the long dataset of amounts that no other holds
MADE = ("exact", "rounding", "fail")  # verdicts of a check that was made
VERDICTS = (*MADE, "not_applicable", "no_evidence")
_DECIMAL = re.compile(r"\d[.,]\d")  # in a column of amounts at least one is printed so; in one of codes or counts none


class Reference(NamedTuple):
    """A number by where it stands: dataset, row and column. Written `dataset:row:column`, as `checks.facts` lists it.

    `document` is the identifier of another document than the one that speaks of it, written
    `document/dataset:row:column`.
    """

    dataset: str
    row: int
    column: str
    document: str | None = None

    @classmethod
    def parse(cls, written: str) -> "Reference":
        """The reference that is written so. Raises ValueError for anything else."""
        document, other, place = written.rpartition("/")
        dataset, row, column = place.split(":")
        return cls(dataset, int(row), column, document if other else None)

    def __str__(self) -> str:
        place = f"{self.dataset}:{self.row}:{self.column}"
        return f"{self.document}/{place}" if self.document else place


class Origin(NamedTuple):
    """Where a value was printed."""

    page: int
    box: Box
    printed: str


class Fact(NamedTuple):
    """A printed amount cell.

    `amount` is in 万元, None where the cell holds a dash or no number; `half` is half a unit of its last digit.
    `corrected` is the number that a person put in its place, None if nobody did: rules read it, datasets keep both.
    """

    dataset: str
    row: int
    column: str
    item: str | None
    code: str | None
    is_total: bool
    level: int | None
    amount: Decimal | None
    half: Decimal
    printed_unit: str
    origin: Origin
    corrected: Decimal | None = None

    @property
    def reference(self) -> str:
        """How `checks.facts` names it."""
        return f"{self.dataset}:{self.row}:{self.column}"

    def of_document(self, document_id: str) -> "Fact":
        """The fact as another document's checks name it."""
        return self._replace(dataset=f"{document_id}/{self.dataset}")

    @property
    def quantity(self) -> Decimal | None:
        """The number that rules read."""
        return self.amount if self.corrected is None else self.corrected


class Statement(NamedTuple):
    """A figure stated in prose: `amount` in 万元 or `value` in `unit`, with half a unit of its last printed
    digit. `item` names the one of many that a kind may speak of (a functional class). The origin's box is
    None where the page was read without positions.
    """

    number: int
    kind: str
    item: str | None
    amount: Decimal | None
    value: Decimal | None
    half: Decimal
    unit: str | None
    direction: str | None
    text: str
    origin: "Spot"

    @property
    def reference(self) -> str:
        return str(Reference("statements", self.number, "value" if self.amount is None else "amount"))

    @property
    def quantity(self) -> Decimal | None:
        return self.value if self.amount is None else self.amount


class GlossaryTerm(NamedTuple):
    """A term that the document explains."""

    term: str
    definition: str


class Spot(NamedTuple):
    """A page and, if it is known, a box on it, with the text printed there."""

    page: int
    box: Box | None
    printed: str


class Row(NamedTuple):
    """A row of a dataset: its number through the document, the page it starts on, its values by field and the facts of
    its amounts by field.

    `indent` is the depth of its name by indentation, 0 for the leftmost, `level` its depth from 1 by its code, else by
    indentation; None if they are not known. `is_total` tells a row named 合计 or the like, or one without a name that
    heads a table.
    """

    number: int
    page: int
    values: "Mapping[str, Any]"
    facts: "Mapping[str, Fact]"
    indent: int | None = None
    is_total: bool = False
    level: int | None = None


class PrintedColumn(NamedTuple):
    """A column as it is printed: the texts of its header from the top down, and the field that its cells fill."""

    path: tuple[str, ...]
    field: str | None


class PrintedCell(NamedTuple):
    """A cell of a printed row: the place of its column, where it stands, what it says, and the value made of it as
    `dataset:row:column`.
    """

    column: int
    page: int
    box: Box
    text: str
    value: str | None


class PrintedTable(NamedTuple):
    """Columns and body rows as they are printed, blank cells left out.

    A merged label stands in each of the rows that it spans.
    """

    dataset: str
    columns: tuple[PrintedColumn, ...]
    rows: tuple[tuple[PrintedCell, ...], ...]


class GridPart(NamedTuple):
    """The grid of a table on one page: its rows before `head` are its header, and what stands above that inside the
    frame.
    """

    grid: Grid
    head: int


class GridCell(NamedTuple):
    """A cell as it is printed, known or not: its first and last row and column, from 1, the rows counted through the
    joined table.
    """

    row: int
    column: int
    row_end: int
    column_end: int
    is_header: bool
    text: str
    amount: Decimal | None
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Table:
    """A printed table, joined over its pages. `dataset` is None where it is not known; a form counts its indicators
    as `rows`.

    `listings` is what it prints: one for a table; the labelled values, as one row, and the list for a form; none where
    it is not known. `parts` are its grids, page by page; `worth` is how many 万元 one printed unit is, None where
    that is not known or the numbers need not be money. `unresolved` counts its columns that nothing names. `heading`
    is what
    stands where a title would, of a table whose title is not known.
    """

    dataset: str | None
    layout: str | None
    number: str | None
    title: str | None
    unit: str | None
    first_page: int
    last_page: int
    rows: int
    note: str | None
    engine: str
    listings: tuple[PrintedTable, ...] = ()
    notes: tuple[str, ...] = ()
    parts: tuple[GridPart, ...] = field(default=(), compare=False)
    worth: Decimal | None = None
    unresolved: int = 0
    heading: str | None = None

    def cells(self) -> "Iterator[GridCell]":
        """Every printed cell that is not empty, in the order of the page."""
        above = 0
        for grid, head in self.parts:
            decimal = (
                {cell.col for cell in grid.cells if _DECIMAL.search(cell.text)} if self.worth is not None else set()
            )
            for row, col, row_end, col_end, text, box, _ in grid.cells:
                is_header = row < head
                is_money = self.worth is not None and col in decimal and not is_header
                read = in_unit(text, self.worth) if is_money and self.worth is not None else None
                amount = read.value if read else None
                yield GridCell(
                    above + row + 1, col + 1, above + row_end, col_end, is_header, text, amount, grid.page, box
                )
            above += len(grid.ys) - 1


class Unclaimed(NamedTuple):
    """A cell that no column claims:

    `table` counts the tables of the document from 1, None for a caption whose table could not be read.
    """

    table: int | None
    row: int | None
    column: int | None
    text: str
    page: int
    box: Box | None


class Check(NamedTuple):
    """A rule applied once. `facts` name what it read as `dataset:row:column`; `page` is where the stated number stands.

    `cause` of a failing check: `document` where independent readers agree on what is printed, `text_layer` where the
    text that they all read is in doubt, `disputed` where they do not agree, None where no other reader read it. `scope`
    is `between` where other documents are held against this one. `decision` is what a person decided about it: of one
    that was made with a corrected number, the correction.
    """

    rule: str
    dataset: str | None
    row: int | None
    column: str | None
    stated: Decimal | None
    computed: Decimal | None
    difference: Decimal | None
    verdict: str
    message: Sentence
    page: int | None
    facts: tuple[str, ...]
    cause: str | None = None
    scope: str = "document"
    decision: Decision | None = None


class Disagreement(NamedTuple):
    """An amount that two engines read differently: what the engine that was believed read, and what the other did, None
    if nothing.

    `outcome` is `taken` where the checks hold with the believed reading only, `disputed` where they hold with neither.
    """

    dataset: str
    row: int
    column: str
    origin: "Origin | Spot"
    engine: str
    other_printed: str | None
    other_engine: str
    outcome: str

    @property
    def reference(self) -> str:
        """How `checks.facts` names it."""
        return f"{self.dataset}:{self.row}:{self.column}"


@dataclass(frozen=True, slots=True)
class Report:
    """All that was read out of one document. `rows` holds the rows of every dataset of printed tables by name,
    `columns` the columns that those tables print, blank or not. `read_again` names the engines of pages that not only
    the first one read, the first before the other where only some cells are the other's; `disagreements` is what
    engines read differently; `recognitions` are the lines of pages that were read from their pictures, by page;
    `decisions` are what people decided about the document.

    A document that could not be read, or of which no table is known, has an `error`.
    """

    document_id: str
    source: str
    sha256: str
    title: str | None
    document_type: str | None
    fiscal_year: int | None
    agency_name: str | None
    layout: str | None
    pages: int
    status: str
    error: ExtractError | None
    engines: tuple[str, ...]
    tables: tuple[Table, ...]
    rows: "Mapping[str, tuple[Row, ...]]"
    columns: "Mapping[str, frozenset[str]]"
    statements: tuple[Statement, ...]
    glossary: tuple[GlossaryTerm, ...]
    functions: str | None
    organisation: str | None
    checks: tuple[Check, ...]
    unclaimed: tuple[Unclaimed, ...]
    read_again: "Mapping[int, str]"
    disagreements: tuple[Disagreement, ...]
    reasons: tuple[str, ...] = ()
    recognitions: "Mapping[int, tuple[Recognition, ...]]" = field(default_factory=dict)
    decisions: tuple[Decided, ...] = ()

    def confidence(self, origin: Origin) -> float | None:
        """How sure the reader of a picture is of what is printed there, from 0 to 1; None where the text was not
        recognised but is in the document.
        """
        page, box, _ = origin
        within = [line.confidence for line in self.recognitions.get(page, ()) if overlap(line.box, box)]
        return min(within, default=None)

    def facts(self) -> "Iterator[Fact]":
        """Every printed amount cell, dataset by dataset."""
        return (fact for rows in self.rows.values() for row in rows for fact in row.facts.values())

    def numbers(self) -> "dict[str, Fact | Statement]":
        """Everything that a check may read, by its reference."""
        numbers: list[Fact | Statement] = [*self.facts(), *self.statements]
        return {number.reference: number for number in numbers}

    def coverage(self) -> tuple[int, int]:
        """How many amount cells take part in a check that was made, and how many there are."""
        cells = {fact.reference for fact in self.facts()}
        checked = {reference for check in self.checks if check.verdict in MADE for reference in check.facts}
        return len(cells & checked), len(cells)


class Picture(NamedTuple):
    """A page as it looks: its width and height in points, and a PNG of it."""

    width: float
    height: float
    png: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run makes of one input: its report, and the document's own files by the folder of out/ that they go into.

    `missing` tells why a file could not be made, by the same folders.
    """

    report: Report
    files: "Mapping[str, bytes]"
    missing: "Mapping[str, str]" = field(default_factory=dict)
