"""Whose mistake is it? Pages that something is wrong with are read again by independent readers.

Where another reading of a page makes every check that reads a changed amount hold, that reading is taken. Where the readers agree on the numbers
of a failing check, the document itself does not tie. Where they differ and neither ties, the amounts are disputed. Nothing is read again in a
document that verifies.
"""

from bisect import bisect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from extract.evidence import Number
from extract.model import Box, Check, Disagreement, Page, PageReading, Report, Statement
from extract.readers import SECOND_READERS, second_reader
from extract.status import READING_RULES
from extract.text import Ideographs, compared

CONTEXT = 8  # characters before a figure of the prose that another reader must see before it too
Build = Callable[[Sequence[PageReading]], Report]


class Second(NamedTuple):
    """Another reader of the same document: gives its own readings of pages, by number."""

    name: str
    read: Callable[[Sequence[PageReading]], dict[int, PageReading]]


def second_readings(content: bytes, first: str, ideographs: Ideographs) -> Iterator[Second]:
    """The readers to ask after the first one, in order; the libraries are loaded when they are asked."""

    def asked(name: str) -> Second:
        def read(pages: Sequence[PageReading]) -> dict[int, PageReading]:
            found = second_reader(name).read(content, pages)
            return {number: _ordinary_reading(reading, ideographs) for number, reading in found.items()}

        return Second(name, read)

    return (asked(name) for name in SECOND_READERS if name != first)


def ordinary(page: Page, ideographs: Ideographs) -> Page:
    """The page with stand-ins for ideographs written as the ordinary ones."""
    text, glyphs = ideographs.ordinary(page.text), ideographs.ordinary(page.glyphs)
    return page if text is page.text and glyphs is page.glyphs else replace(page, text=text, glyphs=glyphs)


def _ordinary_reading(reading: PageReading, ideographs: Ideographs) -> PageReading:
    grids = (replace(grid, cells=tuple(cell._replace(text=ideographs.ordinary(cell.text)) for cell in grid.cells)) for grid in reading.grids)
    lines = (line._replace(text=ideographs.ordinary(line.text)) for line in reading.lines)
    return replace(reading, grids=tuple(grids), lines=tuple(lines))


@dataclass(slots=True)
class _Standing:
    """What is believed so far: the report, the readings that it is made of, and every reading that was asked for, by engine and page."""

    report: Report
    readings: list[PageReading]
    asked: dict[str, dict[int, PageReading]]


def settled(report: Report, readings: Sequence[PageReading], build: Build, seconds: Iterable[Second]) -> Report:
    """The report with other readings where they settle what is wrong, and with the cause of what still fails; `build` makes one of readings."""
    standing = _Standing(report, list(readings), {})
    for second in seconds:
        doubtful = _doubtful_pages(standing.report)
        if not doubtful:
            break
        found = second.read([readings[number - 1] for number in sorted(doubtful)])
        standing.asked[second.name] = _witnesses(standing, found, build)
        _take_what_settles(standing, standing.asked[second.name], build)
    if not standing.asked:
        return report
    return _explained(standing, readings)


# ---- which pages, and which reading ------------------------------------------------------------------------------------------------


def _doubtful_pages(report: Report) -> set[int]:
    """Pages of the numbers of failing checks, of findings about the reading, and of cells of known tables that could not be read."""
    numbers = report.numbers()
    failing = {number.origin.page for check in _failing(report) for number in _read_by(check, numbers)}
    unread = {check.page for check in report.checks if check.rule in READING_RULES and check.page}
    titled = {number for number, table in enumerate(report.tables, 1) if table.title}
    return failing | unread | {cell.page for cell in report.unclaimed if cell.table in titled}


def _failing(report: Report) -> list[Check]:
    return [check for check in report.checks if check.verdict == "fail"]


def _read_by(check: Check, numbers: Mapping[str, Number]) -> list[Number]:
    return [numbers[reference] for reference in check.facts if reference in numbers]


def _witnesses(standing: _Standing, found: Mapping[int, PageReading], build: Build) -> dict[int, PageReading]:
    """The readings that tell something: those of which as much can be recognised as of the standing ones."""
    least = _unread(standing.report)
    return {number: other for number, other in found.items() if _same_texts(standing, other) or _unread(build(_with(standing, [other]))) <= least}


def _take_what_settles(standing: _Standing, found: Mapping[int, PageReading], build: Build) -> None:
    """Puts other readings in the place of the standing ones: each page alone, then all that differ together."""
    differing = [other for _, other in sorted(found.items()) if not _same_texts(standing, other)]
    for others in [*([other] for other in differing), *([differing] if len(differing) > 1 else [])]:
        readings = _with(standing, others)
        report = build(readings)
        if _settles(standing, report, [other.number for other in others]):
            standing.report, standing.readings = report, readings


def _with(standing: _Standing, others: Iterable[PageReading]) -> list[PageReading]:
    """The standing readings with others in their place."""
    instead = {other.number: _completed(other, standing.readings[other.number - 1]) for other in others}
    return [instead.get(reading.number, reading) for reading in standing.readings]


def _completed(other: PageReading, standing: PageReading) -> PageReading:
    """A reading of tables only, with what else stands on the page."""
    if other.lines:
        return other
    kept = (grid for grid in standing.grids if not any(_beside(grid.box, own.box) for own in other.grids))
    return replace(other, grids=tuple(sorted((*other.grids, *kept), key=lambda grid: grid.ys)), lines=standing.lines, garbled=standing.garbled)


def _beside(one: Box, other: Box) -> bool:
    return one.top < other.bottom and other.top < one.bottom


def _same_texts(standing: _Standing, other: PageReading) -> bool:
    reading = standing.readings[other.number - 1]
    return _texts(_completed(other, reading)) == _texts(reading)


def _texts(reading: PageReading) -> tuple[list[str], list[str]]:
    cells = [compared(cell.text) for grid in reading.grids for cell in grid.cells]
    return cells, sorted(compared(line.text) for line in reading.lines)


def _settles(standing: _Standing, after: Report, pages: Collection[int]) -> bool:
    """Whether failing checks hold in the other report, or more of it is read; no check may fail there that did not before, none that reads a
    number that is other, and no check may only be gone.
    """
    before = standing.report
    failed, fails = {_identity(check): check for check in _failing(before)}, {_identity(check): check for check in _failing(after)}
    holds = {_place(check) for check in after.checks if check.verdict in ("exact", "rounding")}
    mended = [check for identity, check in failed.items() if identity not in fails]
    if not fails.keys() <= failed.keys() or any(_place(check) not in holds for check in mended):
        return False
    if _unread(after) > _unread(before) or not (mended or _unread(after) < _unread(before)):
        return False
    numbers = after.numbers()
    touched = (number for check in fails.values() for number in _read_by(check, numbers) if number.origin.page in pages)
    return all(_sees(standing.readings[number.origin.page - 1], number) for number in touched)


def _identity(check: Check) -> tuple[object, ...]:
    return (*_place(check), check.stated, check.computed)


def _place(check: Check) -> tuple[object, ...]:
    return check.rule, check.dataset, check.row, check.column


def _unread(report: Report) -> int:
    """How much of the document is not read: findings about the reading, cells that no column claims, tables that no layout knows."""
    unknown = sum(table.dataset is None for table in report.tables)
    return unknown + len(report.unclaimed) + sum(check.rule in READING_RULES for check in report.checks)


# ---- what another reader sees in the place of a number -------------------------------------------------------------------------------


def _sees(reading: PageReading, number: Number) -> bool | None:
    """Whether a reading has the same text in the place of a number; None if it holds nothing that could tell."""
    if isinstance(number, Statement):
        return _states(reading, number) if reading.lines else None
    text = _text_at(reading, number.origin.box)
    return None if text is None else compared(text) == compared(number.origin.printed)


def _text_at(reading: PageReading, box: Box) -> str | None:
    """The text of the cell in the middle of a box, empty for a blank one; None where the reading has no table."""
    x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
    for grid in reading.grids:
        if grid.xs[0] <= x <= grid.xs[-1] and grid.ys[0] <= y <= grid.ys[-1]:
            row, col = bisect(grid.ys, y) - 1, bisect(grid.xs, x) - 1
            return next((cell.text for cell in grid.cells if cell.row <= row < cell.row_end and cell.col <= col < cell.col_end), "")
    return None


def _states(reading: PageReading, statement: Statement) -> bool:
    """Whether the figure stands on the page, after the same words."""
    page = compared("".join(line.text for line in reading.lines))
    sentence, figure = compared(statement.text), compared(statement.origin.printed)
    places = [place for place in range(len(sentence)) if sentence.startswith(figure, place)]
    return any(sentence[max(place - CONTEXT, 0) : place] + figure in page for place in places)


# ---- what is told --------------------------------------------------------------------------------------------------------------------


def _explained(standing: _Standing, first: Sequence[PageReading]) -> Report:
    """The report with the cause of each failing check and with every number that was read in two ways."""
    report = standing.report
    numbers = report.numbers()
    read_again = {reading.number: reading.engine for reading, before in zip(standing.readings, first, strict=True) if reading is not before}
    engine = {reading.number: reading.engine for reading in standing.readings}
    before = {number: first[number - 1] for number in read_again}
    taken = [*_differences(numbers.values(), before, engine, "taken")]
    disputed: dict[Disagreement, None] = {}
    checks = []
    for check in report.checks:
        if check.verdict == "fail":
            own = _read_by(check, numbers)
            found = [difference for readings in standing.asked.values() for difference in _differences(own, readings, engine, "disputed")]
            agreeing = [name for name, readings in standing.asked.items() if any(_seen(readings, number) for number in own)]
            check = _with_cause(check, found, agreeing)
            disputed.update(dict.fromkeys(found))
        checks.append(check)
    engines = (*report.engines, *dict.fromkeys(name for name in standing.asked if name not in report.engines))
    return replace(report, checks=tuple(checks), engines=engines, read_again=read_again, disagreements=(*taken, *disputed))


def _seen(readings: Mapping[int, PageReading], number: Number) -> bool | None:
    reading = readings.get(number.origin.page)
    return None if reading is None else _sees(reading, number)


def _differences(numbers: Iterable[Number], readings: Mapping[int, PageReading], engine: Mapping[int, str], outcome: str) -> Iterator[Disagreement]:
    for number in numbers:
        if _seen(readings, number) is False:
            other = readings[number.origin.page]
            text = None if isinstance(number, Statement) else _text_at(other, number.origin.box)
            dataset, row, column = number.reference.split(":")
            yield Disagreement(dataset, int(row), column, number.origin, engine[number.origin.page], text or None, other.engine, outcome)


def _with_cause(check: Check, differences: Sequence[Disagreement], agreeing: Sequence[str]) -> Check:
    if differences:
        told = "、".join(f"{one.other_engine}将第{one.origin.page}页“{one.origin.printed}”读作“{one.other_printed or ''}”" for one in differences)
        return check._replace(cause="disputed", message=f"{check.message}；读数有争议：{told}")
    if agreeing:
        return check._replace(cause="document", message=f"{check.message}；经{'、'.join(agreeing)}复读一致，为文档自身不符")
    return check
