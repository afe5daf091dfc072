"""What is wrong with a document, the likely cause first: findings with the numbers that they are about."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from markupsafe import Markup

from extract.amounts import written
from extract.checks.evidence import row_name
from extract.checks.status import REASONS
from extract.checks.suspects import Suspect, suspects
from extract.model.decision import Decision
from extract.model.report import Check, Fact, Reference, Report, Statement, Unclaimed
from extract.review.html import both, said
from extract.review.places import BoxKeys
from extract.schemas.grammar import Dataset, Schemas
from extract.schemas.rules import Rule

CAUSE, FAIL, UNREAD = "cause", "fail", "unread"


class Number(NamedTuple):
    """A number of a finding: the `role` that it plays there, what it is of, its printed text and a person's in its
    place, and where it stands. `about` is how a decision names it.
    """

    role: str
    label: Markup
    printed: str
    page: int | None
    key: str | None
    corrected: str | None = None
    about: Mapping[str, Any] | None = None


class Finding(NamedTuple):
    """Something to look at. `anchor` names it inside the page, `page` is where it stands, `figures` are named amounts
    as people read them; `cause` is that of the failing check. `rule` and `about` are how a decision names it, None
    where none can be made; `decision` is the one that was.
    """

    anchor: str
    kind: str
    title: Markup
    place: Markup
    detail: Markup | str
    page: int | None
    figures: tuple[tuple[str, str], ...]
    numbers: tuple[Number, ...]
    cause: str | None = None
    rule: str | None = None
    about: Mapping[str, Any] | None = None
    decision: Decision | None = None

    @property
    def pages(self) -> list[int]:
        """The pages to show for it, that of the first number first."""
        named = [number.page for number in self.numbers] or [self.page]
        return [page for page in dict.fromkeys(named) if page is not None]


def anchor_of(place: int) -> str:
    """The name of the finding about the check at a place of the report's checks, counted from 1."""
    return f"check-{place}"


def failing_pages(report: Report) -> set[int]:
    """Pages that findings point to."""
    facts = {reference: one.origin.page for reference, one in report.numbers().items()}
    shown = [check for check in report.checks if _kind(check)]
    named = {check.page for check in shown} | {facts.get(reference) for check in shown for reference in check.facts}
    return {page for page in named if page is not None}


def findings(report: Report, schemas: Schemas, places: BoxKeys) -> list[Finding]:
    """The cells to blame, then the checks that fail, then what could not be read or is not known."""
    return list(_Findings(report, schemas, places).all())


def _kind(check: Check) -> str | None:
    return FAIL if check.verdict == "fail" else UNREAD if check.rule in REASONS else None


class _Findings:
    def __init__(self, report: Report, schemas: Schemas, places: BoxKeys) -> None:
        self._report = report
        self._schemas = schemas
        self._places = places
        self._rules: Mapping[str, Rule] = {rule.code: rule for rule in schemas.rules}
        self._numbers = report.numbers()
        self._decided = {
            reference: one.decision
            for one in report.decisions
            if one.decision.rule is None
            for reference in one.references
        }

    def all(self) -> Iterator[Finding]:
        for place, suspect in enumerate(suspects(self._report), 1):
            yield self._cause(f"cause-{place}", suspect)
        for kind in (FAIL, UNREAD):
            for place, check in enumerate(self._report.checks, 1):
                if _kind(check) == kind:
                    yield self._of_check(anchor_of(place), kind, check)
        if self._report.rows:
            yield from self._unclaimed()

    def _cause(self, anchor: str, suspect: Suspect) -> Finding:
        fact = suspect.fact
        others = [reference for check in suspect.explains for reference in check.facts if reference != fact.reference]
        title = said(
            "suspect", printed=fact.origin.printed, would_be=written(suspect.would_be), count=len(suspect.explains)
        )
        figures = (("printed", fact.origin.printed), ("would_be", written(suspect.would_be)))
        numbers = (
            self._number("suspect", fact.reference),
            *(self._number("part", other) for other in dict.fromkeys(others)),
        )
        return Finding(
            anchor,
            CAUSE,
            title,
            self._label(fact),
            "",
            fact.origin.page,
            figures,
            numbers,
            about=numbers[0].about,
            decision=self._decided.get(fact.reference),
        )

    def _of_check(self, anchor: str, kind: str, check: Check) -> Finding:
        amounts = zip(("stated", "computed", "difference"), check[4:7], strict=True)
        figures = tuple((name, _amount(value)) for name, value in amounts) if kind == FAIL else ()
        roles = ["part" if place or check.stated is None else "stated" for place in range(len(check.facts))]
        numbers = tuple(map(self._number, roles, check.facts))
        rule = self._rules.get(check.rule)
        title = both(rule.zh, rule.en) if rule else said(f"rule_{check.rule}")
        words = {"page": check.page, "box": None, "printed": check.message.zh, "dataset": check.dataset, "column": None}
        return Finding(
            anchor,
            kind,
            title,
            self._place(check),
            both(*check.message),
            check.page,
            figures,
            numbers,
            check.cause,
            check.rule,
            numbers[0].about if numbers else words,
            check.decision,
        )

    def _unclaimed(self) -> Iterator[Finding]:
        """One for each table with cells that no column claims, where others are known."""
        by_table: dict[int | None, list[Unclaimed]] = {}
        for cell in self._report.unclaimed:
            by_table.setdefault(cell.table, []).append(cell)
        for place, cells in by_table.items():
            table = self._report.tables[place - 1] if place else None
            known = table is not None and table.dataset is not None
            title = said("review_cells_unclaimed", count=len(cells)) if known else said("review_table_unrecognised")
            name = (table.title or table.heading) if table else cells[0].text
            numbers = (
                tuple(
                    Number("part", Markup(), cell.text, cell.page, self._places.key(cell.page, cell.box))
                    for cell in cells
                )
                if known
                else ()
            )
            label = Markup("{}").format(name) if name else said("review_untitled")
            yield Finding(f"unclaimed-{place or 0}", UNREAD, title, label, "", cells[0].page, (), numbers)

    def _place(self, check: Check) -> Markup:
        """Which number a check is about: that of its first fact if it is stated, else the row it names."""
        if check.stated is not None and check.facts:
            return self._number("stated", check.facts[0]).label
        dataset = self._schemas.datasets.get(check.dataset or "")
        if dataset is None:
            return Markup()
        row = next((row for row in self._report.rows.get(dataset.name, ()) if row.number == check.row), None)
        name = row_name(row, dataset) if row else ""
        column = dataset.columns.get(check.column or "")
        return place_of(dataset, name, both(column.zh, check.column or "") if column else None)

    def _number(self, role: str, reference: str) -> Number:
        one = self._numbers.get(reference)
        if one is None:
            return Number(role, both(reference, reference), "", None, None)
        key = self._places.key(one.origin.page, one.origin.box)
        page, box, printed = one.origin
        dataset, _, column, _ = Reference.parse(reference)
        about = {"page": page, "box": box, "printed": printed, "dataset": dataset, "column": column}
        corrected = written(one.corrected) if isinstance(one, Fact) and one.corrected is not None else None
        return Number(role, self._label(one), printed, page, key, corrected, about)

    def _label(self, one: Fact | Statement) -> Markup:
        if isinstance(one, Statement):
            return said("review_sentence") + Markup(" · {}").format(one.text)
        dataset = self._schemas.datasets[one.dataset]
        column = dataset.columns[one.column]
        return place_of(dataset, one.item or one.code or "", both(column.zh, one.column))


def place_of(dataset: Dataset, row: str, column: Markup | None) -> Markup:
    """A place in a dataset in words: the table, the name of the row and the column, where there are such."""
    parts = (both(dataset.zh, dataset.name.replace("_", " ")), row, column)
    return Markup(" · ").join(part for part in parts if part)


def _amount(value: Decimal | None) -> str:
    return "–" if value is None else written(value)


def grouped(found: Sequence[Finding]) -> dict[str, list[Finding]]:
    """Findings by kind, in the order in which they are shown."""
    return {kind: [one for one in found if one.kind == kind] for kind in (CAUSE, FAIL, UNREAD)}
