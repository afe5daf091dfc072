"""The page of one document: findings first, then every table beside a picture of its page."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from markupsafe import Markup

from extract.amounts import written
from extract.checks.suspects import suspects
from extract.model.decision import KINDS, WITHDRAWN, Decided, Decision
from extract.model.report import MADE, VERDICTS, Check, Picture, Report, Table
from extract.review.findings import failing_pages, findings, grouped, place_of
from extract.review.html import both, page, said
from extract.review.places import BoxKeys
from extract.review.sheets import Marks, sheets, table_pages
from extract.schemas.grammar import Schemas
from extract.text import printable


class TableLine(NamedTuple):
    """A table in the list of contents: its place among the tables, how many of its checks fail, its cells that no
    column claims.
    """

    place: int
    table: Table
    failing: int
    unclaimed: int


class RuleLine(NamedTuple):
    """A rule and how often it came to each verdict."""

    title: Markup
    verdicts: Mapping[str, int]
    why: tuple[str, ...]


def shown_pages(report: Report) -> list[int]:
    """The pages that are worth looking at: those with tables, and those that findings point to."""
    return sorted(table_pages(report) | failing_pages(report))


def pictures_every_page(page: str) -> bool:
    """Whether a review page has all pictures that there are to have: else it says how to get them."""
    return "extract pictures" not in page


class DecisionLine(NamedTuple):
    """A decision and what it is about in words; one that fits nothing any more is told."""

    decision: Decision
    place: Markup
    fits: bool


def document_page(
    report: Report,
    pictures: Mapping[int, Picture],
    schemas: Schemas,
    address: str | None = None,
    workbook: bool = False,
) -> bytes:
    """One document as a page of its own; its pages without a picture show what was read only. `address` is where the
    page finds the PDF; it leads to a workbook if there is one.
    """
    places = BoxKeys()
    pages = sheets(report, shown_pages(report), schemas, places, _marks(report))
    found = findings(report, schemas, places)
    checked, cells = report.coverage()
    verdicts = Counter(check.verdict for check in report.checks)
    return page(
        "document.html",
        report=report,
        source=printable(report.source),
        layout=next((both(place.zh, place.en) for place in schemas.places if place.name == report.layout), None),
        error=report.error and both(report.error.text("zh"), report.error.text("en")),
        recognised=sum(table.dataset is not None for table in report.tables),
        checked=checked,
        cells=cells,
        verdicts={verdict: verdicts[verdict] for verdict in VERDICTS},
        findings=grouped(found),
        tables=_table_lines(report),
        datasets=schemas.datasets,
        rules=_rule_lines(report.checks, schemas),
        sheets=pages,
        pictures=pictures,
        places=places,
        decisions=_decision_lines(report, schemas),
        address=address,
        workbook=workbook,
        kinds=[kind for kind in KINDS if kind != WITHDRAWN],
    )


def _decision_lines(report: Report, schemas: Schemas) -> list[DecisionLine]:
    titles = _titles(schemas)
    facts = {fact.reference: fact for fact in report.facts()}

    def place(one: Decided) -> Markup:
        fact = next((facts[name] for name in one.references if name in facts), None)
        dataset = schemas.datasets.get(one.decision.dataset or "")
        where = place_of(dataset, (fact and fact.item) or "", None) if dataset else Markup()
        rule = one.decision.rule and (titles.get(one.decision.rule) or Markup("{}").format(one.decision.rule))
        return Markup(" · ").join(part for part in (rule, where) if part)

    return [DecisionLine(one.decision, place(one), one.fits) for one in report.decisions]


def _marks(report: Report) -> Marks:
    failing = frozenset(name for check in report.checks if check.verdict == "fail" for name in check.facts)
    disputed = frozenset(one.reference for one in report.disagreements if one.outcome == "disputed")
    corrected = {fact.reference: written(fact.corrected) for fact in report.facts() if fact.corrected is not None}
    return Marks(frozenset(one.fact.reference for one in suspects(report)), disputed, failing, corrected)


def _table_lines(report: Report) -> list[TableLine]:
    """Every table with the failing checks that stand on a page of it."""
    failing = [check for check in report.checks if check.verdict == "fail"]
    unclaimed = Counter(cell.table for cell in report.unclaimed)
    return [
        TableLine(place, table, sum(_concerns(check, table) for check in failing), unclaimed[place])
        for place, table in enumerate(report.tables, 1)
    ]


def _concerns(check: Check, table: Table) -> bool:
    return (
        check.dataset == table.dataset and check.page is not None and table.first_page <= check.page <= table.last_page
    )


def _rule_lines(checks: Iterable[Check], schemas: Schemas) -> list[RuleLine]:
    """The rules that were applied, those with something to look at first."""
    by_rule: dict[str, list[Check]] = {}
    for check in checks:
        by_rule.setdefault(check.rule, []).append(check)
    titles = _titles(schemas)
    lines = [_rule_line(titles.get(code) or said(f"rule_{code}"), group) for code, group in by_rule.items()]
    return sorted(lines, key=lambda line: (-line.verdicts.get("fail", 0), -line.verdicts.get("no_evidence", 0)))


def _titles(schemas: Schemas) -> dict[str, Markup]:
    return {rule.code: both(rule.zh, rule.en) for rule in schemas.rules}


def _rule_line(title: Markup, checks: list[Check]) -> RuleLine:
    unmade = dict.fromkeys(both(*check.message) for check in checks if check.verdict not in MADE)
    return RuleLine(title, Counter(check.verdict for check in checks), tuple(unmade))
