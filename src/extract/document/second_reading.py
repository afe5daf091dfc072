"""Whose mistake is it? Pages that something is wrong with are read again by independent readers.

Where another reading makes failing checks hold and breaks none, the numbers that those checks read are taken from it.
Where another reader's pages give a failing check with the same numbers, the document itself does not tie. Where they
give other numbers and neither ties, they are disputed. Nothing is read again in a document that verifies.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from extract.checks.evidence import Number
from extract.checks.status import READING_RULES, REASONS
from extract.document.causes import Build, explained
from extract.document.standing import (
    Standing,
    confirmed_pages,
    covers,
    identity_of,
    numbers_of,
    place_of,
    same_texts,
    sees,
    spot_of,
    with_others,
)
from extract.model.page import Cell, Grid, Page, PageReading
from extract.model.report import Check, Fact, Report, Statement
from extract.reading.base import SECOND_READERS, second_reader
from extract.text import Ideographs, compared

logger = logging.getLogger(__name__)
LESS = 0.9  # of the letters of a page: a reading that has fewer has lost some of it
ALONE = 8  # pages that are tried one by one, each for a report of the whole document; more are only tried together
HOLDING = ("exact", "rounding")
PLACE = 4  # of the parts of a check's identity, those that say which check it is


class Second(NamedTuple):
    """Another reader of the same document: gives its own readings of pages, by number."""

    name: str
    read: Callable[[Sequence[PageReading]], dict[int, PageReading]]


def second_readings(content: bytes, first: str, ideographs: Ideographs) -> Iterator[Second]:
    """The readers to ask after the first one, in order; the libraries are loaded when they are asked."""

    def asked(name: str) -> Second:
        def read(pages: Sequence[PageReading]) -> dict[int, PageReading]:
            others = [page for page in pages if page.engine != name]  # it is no witness of what it read itself
            found = second_reader(name).read(content, others)
            return {number: _ordinary_reading(reading, ideographs) for number, reading in found.items()}

        return Second(name, read)

    return (asked(name) for name in SECOND_READERS if name != first)


def with_ordinary_ideographs(page: Page, ideographs: Ideographs) -> Page:
    """The page with stand-ins for ideographs written as the ordinary ones."""
    text, glyphs = ideographs.ordinary(page.text), ideographs.ordinary(page.glyphs)
    return page if text is page.text and glyphs is page.glyphs else replace(page, text=text, glyphs=glyphs)


def _ordinary_reading(reading: PageReading, ideographs: Ideographs) -> PageReading:
    grids = (
        replace(grid, cells=tuple(cell._replace(text=ideographs.ordinary(cell.text)) for cell in grid.cells))
        for grid in reading.grids
    )
    lines = (line._replace(text=ideographs.ordinary(line.text)) for line in reading.lines)
    return replace(reading, grids=tuple(grids), lines=tuple(lines))


def reread_doubtful_pages(
    report: Report, readings: Sequence[PageReading], build: Build, seconds: Iterable[Second]
) -> Report:
    """The report with other readings where they settle what is wrong, and with the cause of what still fails; `build`
    makes one of readings.
    """
    standing = Standing(report, list(readings), {})
    for second in seconds:
        doubtful = sorted(_doubtful_pages(standing.report, confirmed_pages(standing)))
        if not doubtful:
            break
        try:
            found = second.read([readings[number - 1] for number in doubtful])
        except MemoryError:
            raise
        except Exception:  # of a library on a page that it was not made for: what it cannot read it does not confirm
            logger.debug("%s cannot read pages %s", second.name, doubtful, exc_info=True)
            continue
        logger.debug("%s: pages %s read again", second.name, doubtful)
        if witnesses := _witnesses(standing, found, build):
            standing.asked[second.name] = witnesses
            _take_what_settles(standing, witnesses, build)
    return explained(standing, readings, build) if standing.asked else report


# ---- which pages, and which reading ----------------------------------------------------------------------------------


def _doubtful_pages(report: Report, confirmed: set[int]) -> set[int]:
    """Pages of the numbers of failing checks, but for those that are confirmed; of findings about the reading, and of
    cells of known tables that could not be read.
    """
    numbers = report.numbers()
    failing = {number.origin.page for check in _failing(report) for number in numbers_of(check, numbers)}
    unread = {check.page for check in report.checks if check.rule in READING_RULES and check.page}
    titled = {number for number, table in enumerate(report.tables, 1) if table.title}
    return (failing | unread | {cell.page for cell in report.unclaimed if cell.table in titled}) - confirmed


def _failing(report: Report) -> list[Check]:
    return [check for check in report.checks if check.verdict == "fail"]


def _witnesses(standing: Standing, found: Mapping[int, PageReading], build: Build) -> dict[int, PageReading]:
    """The readings that tell something: those of which as much can be recognised as of the standing ones."""
    differing = [other for other in found.values() if not same_texts(standing, other)]
    least = _unrecognised(standing.report)
    if not differing or _unrecognised(build(with_others(standing, differing))) <= least:
        return dict(found)
    alone = differing if len(differing) <= ALONE else []  # each takes a report of the whole document
    told = [other for other in alone if _unrecognised(build(with_others(standing, [other]))) <= least]
    return {number: other for number, other in found.items() if other not in differing or other in told}


def _take_what_settles(standing: Standing, found: Mapping[int, PageReading], build: Build) -> None:
    """Puts other readings in the place of the standing ones: all that differ together, else each page alone."""
    differing = [
        other
        for _, other in sorted(found.items())
        if not same_texts(standing, other) and not _scrambled(standing, other)
    ]
    alone = [[other] for other in differing] if 1 < len(differing) <= ALONE else []
    for others in [differing, *alone] if differing else []:
        readings = with_others(standing, others)
        whole = build(readings)
        narrow = _narrowed(standing, whole, others)
        patched = any(one is not other for one, other in zip(narrow, standing.readings, strict=True))
        tried = [(narrow, build(narrow))] if patched else []
        settling = (
            (one, report)
            for one, report in (*tried, (readings, whole))
            if _settles(standing.report, report, less=_holds_less(one, standing.readings))
        )
        standing.readings, standing.report = next(settling, (standing.readings, standing.report))


def _narrowed(standing: Standing, whole: Report, others: Sequence[PageReading]) -> list[PageReading]:
    """The standing readings with only those cells as another reads them that the mended checks read: what no check
    speaks for stays.
    """
    mended = {place_of(check) for check in _failing(standing.report)} - {place_of(check) for check in _failing(whole)}
    numbers = whole.numbers()
    read = {
        number.reference: number
        for check in whole.checks
        if place_of(check) in mended
        for number in numbers_of(check, numbers)
    }
    instead = {other.number: other for other in others}
    return [
        _patched(reading, instead[reading.number], read.values()) if reading.number in instead else reading
        for reading in standing.readings
    ]


def _patched(reading: PageReading, other: PageReading, numbers: Iterable[Number]) -> PageReading:
    """A reading with these numbers of its page as the other has them; where it has no cell for one, the reading as it
    is.
    """
    grids = list(reading.grids)
    for number in numbers:
        if isinstance(number, Statement) or number.origin.page != reading.number or sees(reading, number) is not False:
            continue
        for place, grid in enumerate(grids):
            grids[place] = _with_cell(grid, number)
    engine = " ".join(dict.fromkeys([*reading.engine.split(), *other.engine.split()]))
    return replace(reading, grids=tuple(grids), engine=engine)


def _with_cell(grid: Grid, number: Fact) -> Grid:
    """The grid with a number in the cell where it stands."""
    _, box, printed = number.origin
    spot = spot_of(grid, box)
    if spot is None:
        return grid
    there = next((cell for cell in grid.cells if covers(cell, spot)), Cell(*spot, spot[0] + 1, spot[1] + 1, "", box))
    cells = [cell for cell in grid.cells if cell is not there]
    return replace(
        grid, cells=tuple(sorted([*cells, there._replace(text=printed)], key=lambda cell: (cell.row, cell.col)))
    )


def _scrambled(standing: Standing, other: PageReading) -> bool:
    """Whether a reading has the characters of some cell in another order: it does not know in which they are read."""
    ordered = {compared(cell.text) for grid in standing.readings[other.number - 1].grids for cell in grid.cells}
    known = {"".join(sorted(text)) for text in ordered}
    texts = {compared(cell.text) for grid in other.grids for cell in grid.cells} - ordered
    return any("".join(sorted(text)) in known for text in texts if not text.isascii())


def _holds_less(readings: Sequence[PageReading], others: Sequence[PageReading]) -> bool:
    """Whether a page has much less text in the first readings than in the others."""
    return any(_letters(one) < LESS * _letters(other) for one, other in zip(readings, others, strict=True))


def _letters(reading: PageReading) -> int:
    cells = (cell.text for grid in reading.grids for cell in grid.cells)
    return sum(len(compared(text)) for text in (*cells, *(line.text for line in reading.lines)))


def _settles(before: Report, after: Report, *, less: bool) -> bool:
    """Whether failing checks hold in the other report, or more of it is read. No check may fail there that did not fail
    in the same way before, and none that was made may be gone. That less is missing, or less is left over of `less`
    text, tells nothing where no more numbers are read: what a reading does not see it does not miss.
    """
    failed, fails = ({identity_of(check) for check in _failing(report)} for report in (before, after))
    holds = {place_of(check) for check in after.checks if check.verdict in HOLDING}
    held = {place_of(check) for check in before.checks if check.verdict in HOLDING}
    mended = {identity[:PLACE] for identity in failed - fails}
    unread = _unread(after) - _unread(before)
    read = len(after.numbers()) - len(before.numbers())
    if not mended and (read < 0 or (not read and (less or _findings(after) < _findings(before)))):
        return False
    return fails <= failed and held | mended <= holds and unread <= 0 and bool(mended or unread)


def _unread(report: Report) -> int:
    """How much of the document is not read: findings about the reading, cells that no column claims, tables that are
    not known.
    """
    unknown = sum(table.dataset is None for table in report.tables)
    return unknown + len(report.unclaimed) + _findings(report)


def _unrecognised(report: Report) -> int:
    """The same without findings that contradict each other: a name that is read wrongly is no page less."""
    contradicting = sum(REASONS.get(check.rule) == "inconsistent" for check in report.checks)
    return _unread(report) - contradicting


def _findings(report: Report) -> int:
    return sum(check.rule in READING_RULES for check in report.checks)
