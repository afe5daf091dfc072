"""校验: the checks that do not hold exactly, what fails first, each with the way to its cell, and how often each rule
held; and the cells that fail, coloured and explained where they stand.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from extract.amounts import written
from extract.checks.suspects import Suspect
from extract.document.summary import told as told_of
from extract.messages import message
from extract.model.decision import CORRECTED
from extract.model.report import Check, Reference, Report
from extract.out.arrow import records
from extract.schemas.grammar import Schemas
from extract.workbook.book import Sheet
from extract.workbook.flat import write_rows
from extract.workbook.places import Spot, SpotIndex
from extract.workbook.wording import KEYS, Field, Wording

ORDER = ("fail", "rounding", "no_evidence", "not_applicable", "exact")
HELD = "exact"
LEADING = ("verdict", "message", "page", "dataset", "row", "column", "stated", "computed", "difference")


class _Finding(NamedTuple):
    """A line of the sheet: how it is coloured, where it leads, and its values by field."""

    style: str | None
    spot: Spot | None
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Findings:
    """What the sheet is made of. `full` lists the checks that hold too, in the place of one line a rule."""

    report: Report
    blamed: Sequence[Suspect]
    schemas: Schemas
    wording: Wording
    places: SpotIndex
    full: bool

    def write(self, sheet: Sheet, review: str | None) -> int:
        """Suspected cells, then checks by verdict; each leads to its cell, and to its page in `review`, the overview of
        the review pages. Returns the number of rows.
        """
        dataset = self.schemas.datasets["checks"]
        declared = [name for name in dataset.columns if name not in KEYS]
        fields = self.wording.fields(dataset, [*LEADING, *(name for name in declared if name not in LEADING)])
        link = Field("", message("workbook_cell", "zh"), "text", {})
        findings = [*(_suspected(one, self.places) for one in self.blamed), *self._checked()]
        if not self.full:
            findings += _held(check for check in self.report.checks if not check.decision)
        told = self.wording.worded(
            fields, ([finding.values.get(field.name) for field in fields] for finding in findings)
        )
        addresses = [finding.spot and finding.spot.address for finding in findings]
        shown = [[first, address, *others] for address, (first, *others) in zip(addresses, told, strict=True)]
        rows = write_rows(sheet, [fields[0], link, *fields[1:]], shown, 2)
        sheet.finish(rows, len(LEADING))  # what follows is for following a check up, not for paper
        for row, (finding, values) in enumerate(zip(findings, shown, strict=True), 1):
            if finding.style:
                sheet.write(row, 0, values[0], finding.style)
            if values[1]:
                sheet.link(row, 1, values[1], values[1])
            page = finding.values.get("page")
            if review and page:
                target = f"{review}#{self.report.document_id}-page-{page}"
                sheet.link_out(row, 1 + LEADING.index("page"), target, page, "centre")
        return rows

    def _checked(self) -> Iterator[_Finding]:
        told = tuple(check for check in self.report.checks if self.full or check.verdict != HELD or check.decision)
        lines = zip(told, records(self.schemas.datasets["checks"], replace(self.report, checks=told)), strict=True)
        for check, values in sorted(lines, key=lambda line: ORDER.index(line[0].verdict)):
            spot = self.places.near(check.dataset, check.row, check.column)
            yield _Finding("failed" if check.verdict == "fail" else None, spot, values)


def _held(checks: Iterable[Check]) -> list[_Finding]:
    """How often each rule held exactly, of the times that it was applied."""
    checks = list(checks)
    made, held = (
        Counter(check.rule for check in checks),
        Counter(check.rule for check in checks if check.verdict == HELD),
    )
    return [
        _Finding(
            None,
            None,
            {"verdict": HELD, "rule": rule, "message": message("workbook_held", "zh", held=count, made=made[rule])},
        )
        for rule, count in held.items()
    ]


def _suspected(one: Suspect, places: SpotIndex) -> _Finding:
    fact = one.fact
    values = {
        "verdict": message("workbook_suspect", "zh"),
        "message": _sentence(one),
        "page": fact.origin.page,
        "dataset": fact.dataset,
        "row": fact.row,
        "column": fact.column,
        "stated": fact.amount,
        "computed": one.would_be,
        "facts": fact.reference,
    }
    return _Finding("suspect", places.near(fact.dataset, fact.row, fact.column), values)


def _sentence(one: Suspect) -> str:
    return message(
        "suspect", "zh", printed=one.fact.origin.printed, would_be=written(one.would_be), count=len(one.explains)
    )


# ---- the cells themselves --------------------------------------------------------------------------------------------


def mark(report: Report, blamed: Iterable[Suspect], places: SpotIndex) -> None:
    """Colours every cell that a check finds wrong or a person corrected, and says there which rule, what is stated and
    what is computed, and what people decided.
    """
    told: dict[Spot, list[str]] = {}
    for one in blamed:
        if spot := places.near(one.fact.dataset, one.fact.row, one.fact.column):
            told[spot] = [_sentence(one)]
    suspected = set(told)
    for check in report.checks:
        if check.verdict == "fail" and (spot := places.near(check.dataset, check.row, check.column)):
            told.setdefault(spot, []).append(_told(check))
    failing = set(told)
    corrected = _add_decisions(report, places, told)
    for spot, sentences in told.items():
        marked = (("corrected", corrected), ("suspect", suspected), ("failed", failing))
        style = [name for name, spots in marked if spot in spots][:1]
        spot.sheet.write(spot.row, spot.column, spot.value, *spot.styles, *style)
        spot.sheet.comment(spot.row, spot.column, "\n".join(sentences))


def _add_decisions(report: Report, places: SpotIndex, told: dict[Spot, list[str]]) -> set[Spot]:
    """Adds what people decided to what is told of cells; returns the corrected ones."""
    corrected = set()
    for decision, references, _ in report.decisions:
        for reference in references:
            dataset, row, column, _ = Reference.parse(reference)
            if spot := places.near(dataset, row, column):
                told.setdefault(spot, []).append(told_of(decision, "zh"))
                corrected |= {spot} if decision.kind == CORRECTED else set()
    return corrected


def _told(check: Check) -> str:
    return message("workbook_failed", "zh", message=check.message.zh, rule=check.rule, page=check.page)
