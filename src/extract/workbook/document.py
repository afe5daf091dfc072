"""The workbook of one document: 说明, 校验, its tables as printed, its performance targets, figures of its prose, what
was not recognised; a full one also has all its amounts.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any, NamedTuple

from extract.checks.suspects import suspects
from extract.document.printed import as_printed
from extract.messages import message
from extract.model.report import PrintedTable, Report, Table
from extract.out.arrow import records
from extract.schemas.grammar import Schemas
from extract.workbook.book import Book, Sheet
from extract.workbook.cover import Line, write_cover
from extract.workbook.findings import Findings, mark
from extract.workbook.flat import write_rows
from extract.workbook.places import Spot, SpotIndex
from extract.workbook.printed import page_range, write_table, write_unknown
from extract.workbook.wording import KEYS, Wording

BESIDE = ("statements", "unrecognised")  # datasets that are a sheet after the tables, where they hold anything
FULL = (*BESIDE, "facts")


class _Printed(NamedTuple):
    """A printed table and its sheet."""

    table: Table
    listing: PrintedTable
    sheet: Sheet


def document_workbook(report: Report, schemas: Schemas, review: str | None = None, full: bool = False) -> bytes:
    """The workbook as bytes; the same for the same report.

    `review` is where the overview of the review pages stands, if there is one. A full one lists every amount, and every
    check whether or not it holds.
    """
    stream = BytesIO()
    with Book(stream) as book:
        _Writer(book, report, schemas, review, full).write()
    return stream.getvalue()


class _Writer:
    """Fills the sheets of a document. The first two lead to cells of the others and are filled last."""

    def __init__(self, book: Book, report: Report, schemas: Schemas, review: str | None, full: bool) -> None:
        self._review = review
        self._full = full
        self._book = book
        self._report = report
        self._schemas = schemas
        self._wording = Wording(schemas)
        self._places = SpotIndex()

    def write(self) -> None:
        cover, checks = (self._book.sheet(message(f"sheet_{name}", "zh")) for name in ("cover", "checks"))
        printed = [
            _Printed(table, listing, self._book.sheet(_sheet_name(table, self._schemas.datasets[listing.dataset].zh)))
            for table in self._report.tables
            for listing in table.listings
            if self._schemas.datasets[listing.dataset].kind == "table"
        ]
        facts = {fact.reference: fact for fact in self._report.facts()}
        for table, listing, sheet in printed:
            write_table(
                sheet,
                table,
                listing,
                self._schemas.datasets[listing.dataset],
                facts,
                self._places,
                checks.address(0, 0),
            )
        unknown = [self._unknown(table, checks.address(0, 0)) for table in self._report.tables if _is_unknown(table)]
        forms = [name for name in self._report.rows if self._schemas.datasets[name].kind in ("form", "list")]
        rest = [line for name in (*forms, *(FULL if self._full else BESIDE)) if (line := self._rows(name))]
        blamed = suspects(self._report)
        findings = Findings(self._report, blamed, self._schemas, self._wording, self._places, self._full)
        rows = findings.write(checks, self._review)
        mark(self._report, blamed, self._places)
        found = Line(checks.name, checks.address(0, 0), {"rows": rows, "failed": self._failed(None)})
        lines = [found, *map(self._line, printed), *unknown, *rest]
        write_cover(cover, self._report, self._schemas, lines, self._full)

    def _unknown(self, table: Table, back: str) -> Line:
        """The sheet of a table that is not known."""
        title = table.title or table.heading or message("workbook_untitled", "zh", page=table.first_page)
        sheet = self._book.sheet(title)
        write_unknown(sheet, table, title, back)
        return Line(sheet.name, sheet.address(0, 0), {"title": title, "pages": page_range(table)})

    def _rows(self, name: str) -> Line | None:
        """A dataset as a sheet of rows, the columns that its tables print or that hold something; None if it holds no
        row.
        """
        dataset = self._schemas.datasets[name]
        lines = list(records(dataset, self._report))
        if not lines:
            return None
        printed = self._report.columns.get(name, dataset.columns)
        filled = {column for line in lines for column, value in line.items() if value is not None}
        kept = [one for one in dataset.columns if one not in KEYS and (one in printed or one in filled)]
        fields = self._wording.fields(dataset, kept)
        sheet = self._book.sheet(dataset.zh)
        shown = list(self._wording.worded(fields, ([line[column] for column in kept] for line in lines)))
        write_rows(sheet, fields, shown, 1)
        if name != "facts":
            self._note(name, sheet, [field.name for field in fields], shown)
        return Line(sheet.name, sheet.address(0, 0), {"rows": len(lines), "failed": self._failed(name)})

    def _note(self, name: str, sheet: Sheet, columns: Sequence[str], shown: Sequence[Sequence[Any]]) -> None:
        """Where the values of a sheet of rows stand."""
        number = columns.index("row")
        self._places.put(Spot(sheet, 0, number, None, ("head",)), name)
        for row, values in enumerate(shown, 1):
            for column, value in enumerate(values):
                styles = ("amount",) if self._schemas.datasets[name].columns[columns[column]].type == "money" else ()
                self._places.put(Spot(sheet, row, column, value, styles), name, values[number], columns[column])

    def _line(self, printed: _Printed) -> Line:
        table, listing, sheet = printed
        told = {
            "title": table.title,
            "pages": page_range(table),
            "rows": len(listing.rows),
            "failed": self._failed(listing.dataset),
            "note": table.note,
        }
        return Line(sheet.name, sheet.address(0, 0), told)

    def _failed(self, dataset: str | None) -> int | None:
        """How many checks fail, of a dataset or of all; None for none."""
        return (
            sum(check.verdict == "fail" and dataset in (None, check.dataset) for check in self._report.checks) or None
        )


def _is_unknown(table: Table) -> bool:
    """Whether a table is printed with rulings, and no sheet of a dataset shows it."""
    return not table.listings and bool(table.parts) and bool(as_printed(table).rows)


def _sheet_name(table: Table, dataset: str) -> str:
    """The number of a table and its title, without the words that most titles end with."""
    number = table.number or ""
    digits = "".join(character for character in number if character.isdecimal())
    title = (table.title or dataset).removesuffix("情况表")
    return f"{digits or number} {title}".strip()
