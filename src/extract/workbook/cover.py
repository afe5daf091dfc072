"""说明: which document this is, what sheets there are, how to read them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from extract.messages import LANGUAGES, message, reasons_in_words
from extract.model.decision import CORRECTED
from extract.model.report import Report
from extract.out.arrow import records
from extract.schemas.grammar import Schemas
from extract.workbook.book import Sheet, lines_of
from extract.workbook.wording import Wording

READING = ("amounts", "checks", "colours", "pages", "elsewhere", "digits")  # what a reader is told, in this order
READING_FULL = ("amounts", "checks_full", "colours", "pages", "facts", "digits")
HEADINGS = ("sheet", "title", "pages", "rows", "failed", "note")
WIDTHS = (28, 52, 9, 9, 9, 60)


class Line(NamedTuple):
    """A sheet in the list of sheets: what it is called, what leads to it if it is there, and what is told of it by
    heading.
    """

    sheet: str
    address: str | None
    told: Mapping[str, object]


def write_cover(sheet: Sheet, report: Report, schemas: Schemas, lines: Sequence[Line], full: bool) -> None:
    """The document and its status in words, the sheets, how to read them."""
    sheet.write(0, 0, report.title or report.source, "title")
    row = 1
    for row, (name, value) in enumerate(_about(report, schemas), 2):
        sheet.lines(row, lines_of(str(value), WIDTHS[1]))
        sheet.write(row, 0, name, "head")
        sheet.write(row, 1, value, "cell", "wrapped", "left")
    row = write_lines(sheet, row + 2, HEADINGS, WIDTHS, lines)
    row = write_reading(sheet, row + 1, READING_FULL if full else READING)
    sheet.columns(dict(enumerate(WIDTHS)))
    sheet.finish(row, len(HEADINGS) - 1, pages_high=1)


def write_lines(sheet: Sheet, row: int, headings: Sequence[str], widths: Sequence[int], lines: Sequence[Line]) -> int:
    """The list of sheets from a row down; returns the row after it."""
    for column, heading in enumerate(headings):
        sheet.write(row, column, message(f"cover_{heading}", "zh"), "head")
    for line in lines:
        row += 1
        sheet.lines(
            row,
            max(
                lines_of(str(line.told.get(heading) or ""), wide)
                for heading, wide in zip(headings, widths, strict=True)
            ),
        )
        if line.address:
            sheet.link(row, 0, line.address, line.sheet, "cell")
        else:
            sheet.write(row, 0, line.sheet, "cell")
        for column, heading in enumerate(headings[1:], 1):
            value = line.told.get(heading)
            sheet.write(row, column, value, "cell", "wrapped", *(("failed",) if heading == "failed" and value else ()))
    return row + 1


def write_reading(sheet: Sheet, row: int, texts: Sequence[str]) -> int:
    """Sentences for the reader from a row down, Chinese above English; returns the last row."""
    for key in texts:
        for language in LANGUAGES:
            sheet.write(row, 0, message(f"reading_{key}", language), *(() if language == "zh" else ("caption",)))
            row += 1
    return row - 1


def _about(report: Report, schemas: Schemas) -> Iterator[tuple[str, object]]:
    """What the dataset of documents says of this one, and what its status means."""
    dataset, wording = schemas.datasets["documents"], Wording(schemas)
    fields = wording.fields(dataset, [name for name in dataset.columns if name != "document_id"])
    identity = {"fiscal_year": report.fiscal_year, "agency_name": report.agency_name}
    [record] = records(dataset, report)
    [values] = wording.worded(fields, [[(identity | record)[field.name] for field in fields]])
    keys = (report.status, *(reason for reason in report.reasons if reason == CORRECTED))
    explained = "\n".join(message(f"explained_{key}", language) for key in keys for language in LANGUAGES)
    for field, value in zip(fields, values, strict=True):
        if field.name == "status":
            yield field.heading, f"{value}：{explained}"
        elif field.name == "reasons" and report.reasons:
            yield field.heading, "\n".join(reasons_in_words(report.reasons))
        elif value is not None:
            yield field.heading, value
