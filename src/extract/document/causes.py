"""Why a check fails: the document itself where another reader has the same numbers, else what readers read apart."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from extract.checks.evidence import Number
from extract.document.standing import (
    Standing,
    confirmed_pages,
    identity_of,
    numbers_of,
    place_of,
    same_cells,
    sees,
    text_at,
    with_others,
)
from extract.messages import listed, sentence
from extract.model.page import Doubt, PageReading
from extract.model.report import Check, Disagreement, Reference, Report, Spot, Statement

Build = Callable[[Sequence[PageReading]], Report]


def explained(standing: Standing, first: Sequence[PageReading], build: Build) -> Report:
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
    confirmed = confirmed_pages(standing)
    witnesses = [_Witness(standing, name, readings, confirmed, build) for name, readings in standing.asked.items()]
    believed = {reading.number: reading.engine.split()[0] for reading in standing.readings}
    doubts = {reading.number: reading.doubt for reading in standing.readings if reading.doubt}
    judged = [
        _judged(check, report, believed, doubts, witnesses) if check.verdict == "fail" else (check, [])
        for check in report.checks
    ]
    disputed = dict.fromkeys(one for _, found in judged for one in found)
    names = (*report.engines, *(name for name in standing.asked if name not in report.engines))
    checks = tuple(check for check, _ in judged)
    read_by = {**report.read_again, **engines}
    return replace(report, checks=checks, engines=names, read_again=read_by, disagreements=(*taken, *disputed))


class _Witness:
    """Another engine's readings, and the reports that come of them."""

    def __init__(
        self,
        standing: Standing,
        name: str,
        readings: Mapping[int, PageReading],
        confirmed: Collection[int],
        build: Build,
    ) -> None:
        self.name = name
        self.readings = readings
        self._standing = standing
        self._build = build
        self._confirmed = confirmed
        self._reports: dict[frozenset[int], Report] = {}

    def same_check(self, check: Check, numbers: Sequence[Number]) -> Check | None:
        """The check as it comes out of the engine's readings of these numbers' pages; None if it did not read all of
        them, but for those that enough others confirm.
        """
        asked = [number for number in numbers if number.origin.page in self.readings]
        pages = frozenset(number.origin.page for number in asked)
        others = {number.origin.page for number in numbers} - pages
        if not asked or not others.issubset(self._confirmed):
            return None
        if any(
            sees(self.readings[number.origin.page], number) is None and not self._reads_prose(number)
            for number in asked
        ):
            return None
        if all(same_cells(self._standing, self.readings[page]) for page in pages):
            return check
        if pages not in self._reports:
            self._reports[pages] = self._build(with_others(self._standing, (self.readings[page] for page in pages)))
        return next((other for other in self._reports[pages].checks if place_of(other) == place_of(check)), None)

    def _reads_prose(self, number: Number) -> bool:
        return isinstance(number, Statement) and bool(self.readings[number.origin.page].lines)

    def numbers(self, check: Check, pages: Iterable[int]) -> list[Number]:
        return numbers_of(check, self._reports[frozenset(self.readings.keys() & pages)].numbers())


def _judged(
    check: Check,
    report: Report,
    believed: Mapping[int, str],
    doubts: Mapping[int, Doubt],
    witnesses: Iterable[_Witness],
) -> tuple[Check, list[Disagreement]]:
    """A failing check with its cause, and the numbers of it that another engine reads differently.

    Numbers that another engine reads where this one reads a blank are among them. `believed` names the engine of each
    page; on pages in `doubts` all engines may be wrong alike, so that they agree proves nothing: where columns may be
    cut off, of the sum of a row.
    """
    numbers = numbers_of(check, report.numbers())
    pages = {number.origin.page for number in numbers}
    agreeing, disputing, found = [], [], list[Disagreement]()
    for witness in witnesses:
        same = witness.same_check(check, numbers)
        if same is None:
            continue
        if identity_of(same) == identity_of(check) and same.verdict == "fail":
            if pages <= witness.readings.keys():
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
    of_a_row = len({number.reference.rpartition(":")[0] for number in numbers}) == 1
    doubtful = [page for page in sorted(pages) if page in doubts and (of_a_row or doubts[page] != "cut")]
    if agreeing and not disputing and doubtful:
        said = sentence(f"check_{doubts[doubtful[0]]}", check=check.message, page=doubtful[0])
        return check._replace(message=said), found
    return _with_cause(check, found, agreeing, disputing), found


def _differs(readings: Mapping[int, PageReading], number: Number) -> bool:
    return number.origin.page in readings and sees(readings[number.origin.page], number) is False


def _difference(
    number: Number, readings: Mapping[int, PageReading], engines: Mapping[int, str], outcome: str
) -> Disagreement:
    dataset, row, column, _ = Reference.parse(number.reference)
    other = readings[number.origin.page]
    text = number.origin.box and text_at(other, number.origin.box)
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
