"""Findings about the reading itself: what was not printed, or could not be read, so that nothing can be said of it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from extract.checks.evidence import all_names, row_name
from extract.messages import Sentence, sentence
from extract.model.page import Grid, Line, PageReading
from extract.model.report import Check
from extract.schemas.grammar import Place, Schemas
from extract.tables.document_rows import Normalised
from extract.tables.forms import OpenForm
from extract.tables.open_tables import Assembled, OpenTable, Unknown
from extract.tables.titles import TitleReader
from extract.text import compared

NEAR = 3.0  # points that a text may stand out of its table
ASIDE = 12.0  # points: a number beside a row, no farther from the side of its table, is of a column that nothing closes
LEADER = " \t\u3000\xa0.…·"  # what leads to the page number in a contents page
SURE = 0.9  # of a line that was recognised in a picture, from 0 to 1
SOME = 3  # texts that a finding tells
AMOUNT = re.compile(r"\d\.\d")
SEVERAL = 2  # lines of amounts alone, which no prose has
_DIGITS = re.compile(r"-?\d[-\d,.]*")  # amounts that touch among them, and what the edge of the page cuts off
_STANDING = re.compile(r"(?<!\S)-?\d[\d,]*\.\d+(?!\S)")  # an amount between spaces
SENTENCE = re.compile("[。；，：:、]")
NUMBERING = re.compile(r"^\s*[(（]?[0-9一二三四五六七八九十]{1,3}[)）、.．]")  # before the name of a line


def check_reading(
    schemas: Schemas,
    place: Place | None,
    titles: TitleReader,
    tables: Sequence[Assembled],
    result: Normalised,
    readings: Sequence[PageReading],
) -> Iterator[Check]:
    """One finding for each thing that keeps a document from being verified although no number contradicts another."""
    for page in readings:
        if page.recognitions:
            doubtful = sum(line.confidence < SURE for line in page.recognitions)
            said = sentence("page_from_picture", page=page.number, doubtful=doubtful, lines=len(page.recognitions))
            yield _unread("page-from-picture", None, said, page.number)
        if page.damaged:
            yield _unread("page-damaged", None, sentence("page_not_whole", page=page.number), page.number)
        if page.garbled:
            yield _unread(
                "garbled-text", None, sentence("garbled_text", page=page.number, count=page.garbled), page.number
            )
    known = [table for table in tables if not isinstance(table, Unknown)]
    if not known:
        return
    first, last = min(table.first_page for table in known), max(table.last_page for table in known)
    for page in readings:
        if page.pictured and first < page.number < last:
            yield _unread("page-without-text", None, sentence("page_without_text", page=page.number), page.number)
    yield from _unreadable(readings)
    yield from _beside_tables(readings)
    yield from _without_unit(schemas, result)
    yield from _missing_tables(place, known, schemas)
    yield from _announced(titles, known, readings, place)
    yield from _missing_rows([table for table in known if isinstance(table, OpenTable)], schemas, result)


def _unread(rule: str, dataset: str | None, said: Sentence, page: int | None) -> Check:
    return Check(rule, dataset, None, None, None, None, None, "no_evidence", said, page, ())


def _unreadable(readings: Sequence[PageReading]) -> Iterator[Check]:
    """Cells of which nobody can tell what stands in them."""
    for page in readings:
        for reason, count in Counter(cell.reason for cell in page.unreadable).items():
            said = sentence(f"cell_{reason}", page=page.number, count=count)
            yield _unread(f"cell-{reason}", None, said, page.number)


def _beside_tables(readings: Sequence[PageReading]) -> Iterator[Check]:
    """Amounts that stand within a table's width, in no cell of it and in no sentence, or numbers right beside its rows:
    rows or columns that the rulings do not close. On a page without tables, rows of one that is not known as one.
    """
    for page in readings:
        if alone := [] if page.grids else _rows_of_none(page):
            said = sentence("rows_without_table", page=page.number, texts="; ".join(alone[:SOME]))
            yield _unread("text-beside-table", None, said, page.number)
        if found := [
            line.text.strip() for line in page.lines if _is_in_width(line, page.grids) or _is_aside(line, page.grids)
        ]:
            texts = "; ".join(found[:SOME])
            said = sentence("text_beside_table", page=page.number, texts=texts)
            yield _unread("text-beside-table", None, said, page.number)


def _is_in_width(line: Line, grids: Sequence[Grid]) -> bool:
    box = line.box
    if box is None or not AMOUNT.search(line.text) or SENTENCE.search(NUMBERING.sub("", line.text)):
        return False
    return any(grid.xs[0] - NEAR < box.x0 and box.x1 < grid.xs[-1] + NEAR for grid in grids)


def _is_aside(line: Line, grids: Sequence[Grid]) -> bool:
    box = line.box
    if box is None or not _are_digits(line.text):
        return False
    middle = (box.top + box.bottom) / 2
    return any(
        grid.ys[0] < middle < grid.ys[-1] and -NEAR < max(box.x0 - grid.xs[-1], grid.xs[0] - box.x1) < ASIDE
        for grid in grids
    )


def _are_digits(text: str, each: re.Pattern[str] = _DIGITS) -> bool:
    """Whether a line is nothing but numbers, in `each` of which this is found."""
    numbers = text.split()
    return bool(numbers) and all(_DIGITS.fullmatch(one) and each.search(one) for one in numbers)


def _rows_of_none(page: PageReading) -> list[str]:
    """Lines of a page that stand in no table, and no prose has: of nothing but amounts, or on a page that says nothing
    in sentences.
    """
    alone = [line.text.strip() for line in page.lines if _are_digits(line.text, AMOUNT)]
    if len(alone) >= SEVERAL:
        return alone
    said = any(SENTENCE.search(line.text) for line in page.lines)
    return [] if said else [line.text.strip() for line in page.lines if _STANDING.search(line.text)]


def _without_unit(schemas: Schemas, result: Normalised) -> Iterator[Check]:
    refused = {cell.table for cell in result.unclaimed}
    for index, table in enumerate(result.tables, 1):
        if table.dataset and table.unit is None and index in refused and schemas.datasets[table.dataset].money():
            yield _unread(
                "unit-not-printed", table.dataset, sentence("unit_not_printed", title=table.title), table.first_page
            )


def _missing_tables(place: Place | None, known: Sequence[OpenTable | OpenForm], schemas: Schemas) -> Iterator[Check]:
    """Tables that every disclosure of the place, or of the country, prints, empty ones too."""
    printed = {table.dataset if isinstance(table, OpenTable) else table.form.dataset for table in known}
    lacking = [name for name in place.complete if name not in printed] if place else []
    for disclosure in schemas.disclosures:
        missing = [names for names in disclosure.tables if printed.isdisjoint(names)]
        if 2 * len(missing) <= len(disclosure.tables):
            lacking += [names[0] for names in missing if names[0] not in lacking]
    for name in lacking:
        yield _unread("table-missing", name, sentence("table_not_read", table=schemas.datasets[name].named), None)


def _announced(
    titles: TitleReader, known: Sequence[Assembled], readings: Sequence[PageReading], place: Place | None
) -> Iterator[Check]:
    """Tables whose titles stand in the contents or elsewhere among the lines, and which were not read."""
    printed = {table.title.whose for table in known if isinstance(table, OpenTable)}
    forms = {table.form.concept for table in known if isinstance(table, OpenForm)}
    told: set[tuple[str, bool]] = set()
    for page in readings:
        for line in page.lines:
            title = titles.read(line.text.rstrip().rstrip("0123456789").rstrip(LEADER))
            if title is None or title.whose in printed | told or title.concept.name in forms:
                continue
            told.add(title.whose)
            said = sentence("table_announced", title=title.text)
            yield _unread("table-missing", None, said, page.number)


def _missing_rows(tables: Sequence[OpenTable], schemas: Schemas, result: Normalised) -> Iterator[Check]:
    """Rows without which a table that has rows is not whole: its end may be missing."""
    seen: set[str] = set()
    for table in tables:
        name = table.dataset
        rows = result.rows.get(name or "", [])
        if name is None or name in seen or not rows or table.shape.kind is None:
            continue
        seen.add(name)
        dataset = schemas.datasets[name].as_printed(result.columns.get(name, ()))
        names = {compared(name) for row in rows for name in all_names(row, dataset)}
        if compared(table.owner or "") in names or any(
            row.values.get("unit_name") and not row_name(row, dataset) for row in rows
        ):
            continue  # the row of a whole unit is its total
        for need in table.shape.kind.needs:
            if names.isdisjoint(need):
                said = sentence("row_missing", title=table.title.text, row=need[0])
                yield _unread("row-missing", name, said, table.last_page)
