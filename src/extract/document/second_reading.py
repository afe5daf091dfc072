"""Whose mistake is it? Pages that something is wrong with are read again by independent readers.

Where another reading makes failing checks hold and breaks none, the numbers that those checks read are taken from it.
Where another reader's pages give a failing check with the same numbers, the document itself does not tie. Where they
give other numbers and neither ties, they are disputed. Nothing is read again in a document that verifies.
"""

import logging
from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from extract.checks.evidence import Number
from extract.checks.status import READING_RULES
from extract.messages import listed, sentence
from extract.model.page import Box, Cell, Grid, Page, PageReading
from extract.model.report import Check, Disagreement, Fact, Reference, Report, Spot, Statement
from extract.reading.base import SECOND_READERS, second_reader
from extract.text import Ideographs, compared

logger = logging.getLogger(__name__)
WITNESSES = 2  # readers that must confirm a page before no other is asked: one may share a mistake with the first
ALONE = 8  # pages that are tried one by one, each for a report of the whole document; more are only tried together
HOLDING = ("exact", "rounding")
PLACE = 4  # of the parts of a check's identity, those that say which check it is
Build = Callable[[Sequence[PageReading]], Report]


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


@dataclass(slots=True)
class _Standing:
    """What is believed so far: the report, the readings that it is made of, and the readings of others that tell
    something, by engine and page.
    """

    report: Report
    readings: list[PageReading]
    asked: dict[str, dict[int, PageReading]]


def reread_doubtful_pages(
    report: Report, readings: Sequence[PageReading], build: Build, seconds: Iterable[Second]
) -> Report:
    """The report with other readings where they settle what is wrong, and with the cause of what still fails; `build`
    makes one of readings.
    """
    standing = _Standing(report, list(readings), {})
    for second in seconds:
        doubtful = sorted(_doubtful_pages(standing.report, _confirmed(standing)))
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
    return _explained(standing, readings, build) if standing.asked else report


# ---- which pages, and which reading ----------------------------------------------------------------------------------


def _doubtful_pages(report: Report, confirmed: set[int]) -> set[int]:
    """Pages of the numbers of failing checks, but for those that are confirmed; of findings about the
    reading, and of cells of known tables that could not be read.
    """
    numbers = report.numbers()
    read = ({number.origin.page for number in _read_by(check, numbers)} for check in _failing(report))
    failing = {page for pages in read if not pages <= confirmed for page in pages}
    unread = {check.page for check in report.checks if check.rule in READING_RULES and check.page}
    titled = {number for number, table in enumerate(report.tables, 1) if table.title}
    return failing | unread | {cell.page for cell in report.unclaimed if cell.table in titled}


def _confirmed(standing: _Standing) -> set[int]:
    """Pages that so many readers asked before read the same: what fails there is not a mistake of reading."""
    same = Counter(
        number
        for readings in standing.asked.values()
        for number, other in readings.items()
        if _same_cells(standing, other)
    )
    return {number for number, count in same.items() if count >= WITNESSES}


def _failing(report: Report) -> list[Check]:
    return [check for check in report.checks if check.verdict == "fail"]


def _read_by(check: Check, numbers: Mapping[str, Number]) -> list[Number]:
    return [numbers[reference] for reference in check.facts if reference in numbers]


def _witnesses(standing: _Standing, found: Mapping[int, PageReading], build: Build) -> dict[int, PageReading]:
    """The readings that tell something: those of which as much can be recognised as of the standing ones."""
    differing = [other for other in found.values() if not _same_texts(standing, other)]
    least = _unread(standing.report)
    if not differing or _unread(build(_with(standing, differing))) <= least:
        return dict(found)
    alone = differing if len(differing) <= ALONE else []  # each takes a report of the whole document
    told = [other for other in alone if _unread(build(_with(standing, [other]))) <= least]
    return {number: other for number, other in found.items() if other not in differing or other in told}


def _take_what_settles(standing: _Standing, found: Mapping[int, PageReading], build: Build) -> None:
    """Puts other readings in the place of the standing ones: all that differ together, else each page alone."""
    differing = [
        other
        for _, other in sorted(found.items())
        if not _same_texts(standing, other) and not _scrambled(standing, other)
    ]
    alone = [[other] for other in differing] if 1 < len(differing) <= ALONE else []
    for others in [differing, *alone] if differing else []:
        whole = build(_with(standing, others))
        if _settles(standing.report, whole):
            narrow = _narrowed(standing, whole, others)
            report = build(narrow)
            standing.report, standing.readings = (
                (report, narrow) if _settles(standing.report, report) else (whole, _with(standing, others))
            )


def _narrowed(standing: _Standing, whole: Report, others: Sequence[PageReading]) -> list[PageReading]:
    """The standing readings with only those cells as another reads them that the mended checks read: what no check
    speaks for stays.
    """
    mended = {_place(check) for check in _failing(standing.report)} - {_place(check) for check in _failing(whole)}
    numbers = whole.numbers()
    read = {
        number.reference: number
        for check in whole.checks
        if _place(check) in mended
        for number in _read_by(check, numbers)
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
        if isinstance(number, Statement) or number.origin.page != reading.number or _sees(reading, number) is not False:
            continue
        for place, grid in enumerate(grids):
            grids[place] = _with_cell(grid, number)
    engine = " ".join(dict.fromkeys([*reading.engine.split(), *other.engine.split()]))
    return replace(reading, grids=tuple(grids), engine=engine)


def _with_cell(grid: Grid, number: Fact) -> Grid:
    """The grid with a number in the cell where it stands."""
    _, box, printed = number.origin
    spot = _spot(grid, box)
    if spot is None:
        return grid
    there = next((cell for cell in grid.cells if _covers(cell, spot)), Cell(*spot, spot[0] + 1, spot[1] + 1, "", box))
    cells = [cell for cell in grid.cells if cell is not there]
    return replace(
        grid, cells=tuple(sorted([*cells, there._replace(text=printed)], key=lambda cell: (cell.row, cell.col)))
    )


def _with(standing: _Standing, others: Iterable[PageReading]) -> list[PageReading]:
    """The standing readings with others in their place."""
    instead = {other.number: _completed(other, standing.readings[other.number - 1]) for other in others}
    return [instead.get(reading.number, reading) for reading in standing.readings]


def _completed(other: PageReading, standing: PageReading) -> PageReading:
    """A reading of tables only, with what else stands on the page."""
    if other.lines:
        return other
    kept = (grid for grid in standing.grids if not any(_beside(grid.box, own.box) for own in other.grids))
    return replace(
        other,
        grids=tuple(sorted((*other.grids, *kept), key=lambda grid: grid.ys)),
        lines=standing.lines,
        garbled=standing.garbled,
        hidden=standing.hidden,
    )


def _beside(one: Box, other: Box) -> bool:
    return one.top < other.bottom and other.top < one.bottom


def _same_texts(standing: _Standing, other: PageReading) -> bool:
    reading = standing.readings[other.number - 1]
    return _texts(_completed(other, reading)) == _texts(reading)


def _scrambled(standing: _Standing, other: PageReading) -> bool:
    """Whether a reading has the characters of some cell in another order: it does not know in which they are read."""
    ordered = {compared(cell.text) for grid in standing.readings[other.number - 1].grids for cell in grid.cells}
    known = {"".join(sorted(text)) for text in ordered}
    texts = {compared(cell.text) for grid in other.grids for cell in grid.cells} - ordered
    return any("".join(sorted(text)) in known for text in texts if not text.isascii())


def _same_cells(standing: _Standing, other: PageReading) -> bool:
    """Whether a reading has the same texts in the same cells, so that nothing else can come of it."""
    reading = standing.readings[other.number - 1]
    return _same_texts(standing, other) and _spans(_completed(other, reading)) == _spans(reading)


def _spans(reading: PageReading) -> list[tuple[int, int, list[tuple[int, int, int, int]]]]:
    """How many rows and columns each table has, and which of them its cells span."""
    return [
        (len(grid.ys), len(grid.xs), [(cell.row, cell.col, cell.row_end, cell.col_end) for cell in grid.cells])
        for grid in reading.grids
    ]


def _texts(reading: PageReading) -> tuple[list[str], list[str]]:
    cells = [compared(cell.text) for grid in reading.grids for cell in grid.cells]
    return cells, sorted(compared(line.text) for line in reading.lines)


def _settles(before: Report, after: Report) -> bool:
    """Whether failing checks hold in the other report, or more of it is read. No check may fail there that did not fail
    in the same way before, and none that was made may be gone. That less is missing tells nothing where no more numbers
    are read: what a reading does not see it does not miss.
    """
    failed, fails = ({_identity(check) for check in _failing(report)} for report in (before, after))
    holds = {_place(check) for check in after.checks if check.verdict in HOLDING}
    held = {_place(check) for check in before.checks if check.verdict in HOLDING}
    mended = {identity[:PLACE] for identity in failed - fails}
    unread = _unread(after) - _unread(before)
    read = len(after.numbers()) - len(before.numbers())
    if not mended and (read < 0 or (not read and _findings(after) < _findings(before))):
        return False
    return fails <= failed and held | mended <= holds and unread <= 0 and bool(mended or unread)


def _identity(check: Check) -> tuple[object, ...]:
    """A check with its numbers: two readings that give it read the same."""
    return (*_place(check), check.stated, check.computed)


def _place(check: Check) -> tuple[object, ...]:
    return check.rule, check.dataset, check.row, check.column


def _unread(report: Report) -> int:
    """How much of the document is not read: findings about the reading, cells that no column claims, tables that are
    not known.
    """
    unknown = sum(table.dataset is None for table in report.tables)
    return unknown + len(report.unclaimed) + _findings(report)


def _findings(report: Report) -> int:
    return sum(check.rule in READING_RULES for check in report.checks)


# ---- what another reader sees in the place of a number ---------------------------------------------------------------


def _sees(reading: PageReading, number: Number) -> bool | None:
    """Whether a reading has the same text in the place of a number of a table; None if it has no table there."""
    if isinstance(number, Statement):
        return None
    text = _text_at(reading, number.origin.box)
    return None if text is None else compared(text) == compared(number.origin.printed)


def _text_at(reading: PageReading, box: Box) -> str | None:
    """The text of the cell in the middle of a box, empty for a blank one; None where the reading has no table."""
    for grid in reading.grids:
        spot = _spot(grid, box)
        if spot is not None:
            return next((cell.text for cell in grid.cells if _covers(cell, spot)), "")
    return None


def _spot(grid: Grid, box: Box) -> tuple[int, int] | None:
    """The row and column of the middle of a box, None if that is outside of the grid."""
    x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
    row, col = bisect(grid.ys, y) - 1, bisect(grid.xs, x) - 1
    return (row, col) if 0 <= row < len(grid.ys) - 1 and 0 <= col < len(grid.xs) - 1 else None


def _covers(cell: Cell, spot: tuple[int, int]) -> bool:
    return cell.row <= spot[0] < cell.row_end and cell.col <= spot[1] < cell.col_end


# ---- what is told ----------------------------------------------------------------------------------------------------


def _explained(standing: _Standing, first: Sequence[PageReading], build: Build) -> Report:
    """The report with the cause of each failing check and with every number that was read in two ways."""
    report = standing.report
    changed = {
        reading.number: before
        for reading, before in zip(standing.readings, first, strict=True)
        if reading is not before
    }
    engines = {reading.number: reading.engine for reading in standing.readings if reading.number in changed}
    others = {page: engine.removeprefix(f"{changed[page].engine} ") for page, engine in engines.items()}
    taken = [
        _difference(number, changed, others, "taken")
        for number in report.numbers().values()
        if _differs(changed, number)
    ]
    witnesses = [_Witness(standing, name, readings, build) for name, readings in standing.asked.items()]
    believed = {reading.number: reading.engine.split()[0] for reading in standing.readings}
    judged = [
        _judged(check, report, believed, witnesses) if check.verdict == "fail" else (check, [])
        for check in report.checks
    ]
    disputed = dict.fromkeys(one for _, found in judged for one in found)
    names = (*report.engines, *(name for name in standing.asked if name not in report.engines))
    checks = tuple(check for check, _ in judged)
    read_by = {**report.read_again, **engines}
    return replace(report, checks=checks, engines=names, read_again=read_by, disagreements=(*taken, *disputed))


class _Witness:
    """Another engine's readings, and the reports that come of them."""

    def __init__(self, standing: _Standing, name: str, readings: Mapping[int, PageReading], build: Build) -> None:
        self.name = name
        self.readings = readings
        self._standing = standing
        self._build = build
        self._reports: dict[frozenset[int], Report] = {}

    def same_check(self, check: Check, numbers: Sequence[Number]) -> Check | None:
        """The check as it comes out of the engine's readings of these numbers' pages; None if it did not read all of
        them.
        """
        pages = frozenset(number.origin.page for number in numbers)
        if not numbers or not pages <= self.readings.keys():
            return None
        if any(
            _sees(self.readings[number.origin.page], number) is None and not self._reads_prose(number)
            for number in numbers
        ):
            return None
        if all(_same_cells(self._standing, self.readings[page]) for page in pages):
            return check
        if pages not in self._reports:
            self._reports[pages] = self._build(_with(self._standing, (self.readings[page] for page in pages)))
        return next((other for other in self._reports[pages].checks if _place(other) == _place(check)), None)

    def _reads_prose(self, number: Number) -> bool:
        return isinstance(number, Statement) and bool(self.readings[number.origin.page].lines)

    def numbers(self, check: Check, pages: Iterable[int]) -> list[Number]:
        return _read_by(check, self._reports[frozenset(pages)].numbers())


def _judged(
    check: Check, report: Report, believed: Mapping[int, str], witnesses: Iterable[_Witness]
) -> tuple[Check, list[Disagreement]]:
    """A failing check with its cause, and the numbers of it that another engine reads differently.

    Numbers that another engine reads where this one reads a blank are among them. `believed` names the engine of each
    page.
    """
    numbers = _read_by(check, report.numbers())
    pages = {number.origin.page for number in numbers}
    agreeing, disputing, found = [], [], list[Disagreement]()
    for witness in witnesses:
        same = witness.same_check(check, numbers)
        if same is None:
            continue
        if _identity(same) == _identity(check) and same.verdict == "fail":
            agreeing.append(witness.name)
            continue
        disputing.append(witness.name)
        found += [
            _difference(number, witness.readings, believed, "disputed")
            for number in numbers
            if _differs(witness.readings, number)
        ]
        known = {number.reference for number in numbers}
        blank = (other for other in witness.numbers(same, pages) if other.reference not in known)
        found += [_blank(other, witness.name, believed) for other in blank]
    return _with_cause(check, found, agreeing, disputing), found


def _differs(readings: Mapping[int, PageReading], number: Number) -> bool:
    return number.origin.page in readings and _sees(readings[number.origin.page], number) is False


def _difference(
    number: Number, readings: Mapping[int, PageReading], engines: Mapping[int, str], outcome: str
) -> Disagreement:
    dataset, row, column, _ = Reference.parse(number.reference)
    other = readings[number.origin.page]
    text = number.origin.box and _text_at(other, number.origin.box)
    return Disagreement(
        dataset, row, column, number.origin, engines[number.origin.page], text or None, other.engine, outcome
    )


def _blank(number: Number, other_engine: str, engines: Mapping[int, str]) -> Disagreement:
    """A number that another engine reads where nothing is read."""
    dataset, row, column, _ = Reference.parse(number.reference)
    page, box, printed = number.origin
    return Disagreement(dataset, row, column, Spot(page, box, ""), engines[page], printed, other_engine, "disputed")


def _with_cause(
    check: Check, differences: Sequence[Disagreement], agreeing: Sequence[str], disputing: Sequence[str]
) -> Check:
    if disputing:
        told = [
            sentence(
                "read_otherwise",
                reader=one.other_engine,
                page=one.origin.page,
                printed=one.origin.printed,
                other=one.other_printed or sentence("blank"),
            )
            for one in differences
        ]
        said = sentence("check_disputed", check=check.message, readings=listed(told or disputing))
        return check._replace(cause="disputed", message=said)
    if agreeing:
        said = sentence("check_confirmed", check=check.message, readers=listed(agreeing))
        return check._replace(cause="document", message=said)
    return check
