"""校验: every check, what fails first, with the way to its cell; and the cells that fail, coloured and explained where
they stand.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from extract.amounts import written
from extract.checks.suspects import Suspect
from extract.messages import message
from extract.model.report import Check, Report
from extract.out.arrow import records
from extract.schemas.grammar import Schemas
from extract.workbook.book import Sheet
from extract.workbook.flat import write_rows
from extract.workbook.places import Spot, SpotIndex
from extract.workbook.wording import KEYS, Field, Wording

ORDER = ("fail", "rounding", "no_evidence", "not_applicable", "exact")
LEADING = ("verdict", "message", "page", "dataset", "row", "column", "stated", "computed", "difference")


class _Finding(NamedTuple):
    """A line of the sheet: how it is coloured, where it leads, and its values by field."""

    style: str | None
    spot: Spot | None
    values: Mapping[str, Any]


def write_findings(
    sheet: Sheet,
    report: Report,
    blamed: Iterable[Suspect],
    schemas: Schemas,
    wording: Wording,
    places: SpotIndex,
    review: str | None,
) -> None:
    """Suspected cells, then all checks by verdict; each leads to its cell, and to its page in `review`, the overview of
    the review pages.
    """
    dataset = schemas.datasets["checks"]
    declared = [name for name in dataset.columns if name not in KEYS]
    fields = wording.fields(dataset, [*LEADING, *(name for name in declared if name not in LEADING)])
    link = Field("", message("workbook_cell", "zh"), "text", {})
    findings = [*(_suspected(one, places) for one in blamed), *_checked(report, schemas, places)]
    told = wording.worded(fields, ([finding.values.get(field.name) for field in fields] for finding in findings))
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
            sheet.link_out(row, 1 + LEADING.index("page"), f"{review}#{report.document_id}-page-{page}", page, "centre")


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


def _checked(report: Report, schemas: Schemas, places: SpotIndex) -> Iterator[_Finding]:
    lines = zip(report.checks, records(schemas.datasets["checks"], report), strict=True)
    for check, values in sorted(lines, key=lambda line: ORDER.index(line[0].verdict)):
        spot = places.near(check.dataset, check.row, check.column)
        yield _Finding("failed" if check.verdict == "fail" else None, spot, values)


def _sentence(one: Suspect) -> str:
    return message(
        "suspect", "zh", printed=one.fact.origin.printed, would_be=written(one.would_be), count=len(one.explains)
    )


# ---- the cells themselves --------------------------------------------------------------------------------------------


def mark(report: Report, blamed: Iterable[Suspect], places: SpotIndex) -> None:
    """Colours every cell that a check finds wrong, and says there which rule, what is stated and what is computed."""
    told: dict[Spot, list[str]] = {}
    for one in blamed:
        if spot := places.near(one.fact.dataset, one.fact.row, one.fact.column):
            told[spot] = [_sentence(one)]
    suspected = set(told)
    for check in report.checks:
        if check.verdict == "fail" and (spot := places.near(check.dataset, check.row, check.column)):
            told.setdefault(spot, []).append(_told(check))
    for spot, sentences in told.items():
        spot.sheet.write(spot.row, spot.column, spot.value, *spot.styles, "suspect" if spot in suspected else "failed")
        spot.sheet.comment(spot.row, spot.column, "\n".join(sentences))


def _told(check: Check) -> str:
    return message("workbook_failed", "zh", message=check.message.zh, rule=check.rule, page=check.page)
