"""Whether a document is whole and of one piece: pages and tables once each, page numbers without a gap, one year, one
owner, rows once.

Nothing of this contradicts a number; each finding is a check without evidence that keeps the document from being
verified.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise, takewhile
from typing import NamedTuple, Protocol

from extract.checks.evidence import Evidence, row_name
from extract.messages import filled
from extract.model.page import PageReading
from extract.model.report import MADE, Check, Row, Table
from extract.schemas.grammar import Schemas
from extract.tables.titles import TABLE
from extract.text import compared, ordinal

TOTAL = "total"
FEW = 3  # rows of a table that may have nothing to sum
MANY = 5  # rows of which one without an amount is one too many
SECOND = "second-table"
SERIES = 3  # numbers of one way of writing that make a series
LONGEST = 4  # digits of a page number: more are a year or an amount
_FIGURES = re.compile(r"\d+", re.ASCII)


class Repeated(Protocol):
    """A page, or a table by its title, that was printed before."""

    @property
    def title(self) -> str | None: ...
    @property
    def page(self) -> int: ...


class Owned(NamedTuple):
    """A table or form, and whose it says it is."""

    owner: str
    first_page: int


def told(schemas: Schemas, rule: str, page: int | None, dataset: str | None = None, /, **said: object) -> Check:
    """A finding in the words of rules.toml."""
    message = filled(schemas.findings[rule].named, page=page, **said)
    return Check(rule, dataset, None, None, None, None, None, "no_evidence", message, page, ())


def check_table_numbers(schemas: Schemas, tables: Iterable[Table], last: int = 0) -> Iterator[Check]:
    """Numbers that are lacking before the last of the tables that are numbered in one way (公开01表, 公开03表), and one
    that two tables of different kinds have. `last` is the number of the last table that disclosures of the place have.

    A number that stands in another way of writing (附表2, 表2-1) is not lacking. Bare figures number headings too, and
    attachments are no tables.
    """
    series: dict[str, set[int]] = {}
    printed: set[int] = set()
    first: dict[tuple[str, int], Table] = {}
    for table in tables:
        key = compared(table.number or "")
        figures = [ordinal(found) for found in schemas.title_figure.findall(key)]
        printed.update(figures)
        if figures and TABLE in key:
            # 预算表12 is one of 预算01表, 预算02表, …; of 表2-1 the first figure tells the series
            frame = "".join(sorted(schemas.title_figure.sub("", key))) + str(figures[:-1])
            series.setdefault(frame, set()).add(figures[-1])
            before = first.setdefault((frame, figures[-1]), table)
            if None not in (before.dataset, table.dataset) and before.dataset != table.dataset:
                yield told(schemas, "table-number-twice", table.first_page, table.dataset, number=table.number)
    for numbers in series.values():
        end = max(last, *numbers)
        lacking = sorted(set(range(1, end + 1)) - printed)
        if len(numbers) >= SERIES and lacking:
            named = ", ".join(map(str, lacking))
            yield told(schemas, "table-number-gap", None, numbers=named, last=end)


def check_second_tables(schemas: Schemas, tables: Iterable[Table]) -> Iterator[Check]:
    """Tables of which the document has one before that is read as the same kind: its own, or one whose title is not
    understood whole.
    """
    first: dict[str, Table] = {}
    for table in tables:
        if table.dataset is None or schemas.datasets[table.dataset].kind != "table":
            continue
        before = first.setdefault(table.dataset, table)
        if before is not table:
            titles = {"title": table.title, "other": before.title}
            yield told(schemas, SECOND, table.first_page, table.dataset, **titles)


def check_pages(schemas: Schemas, readings: Sequence[PageReading], repeats: Iterable[Repeated]) -> Iterator[Check]:
    """Pages and tables printed twice, and printed page numbers that jump from one page to the next."""
    for one in repeats:
        if one.title is None:
            yield told(schemas, "page-repeated", one.page)
        else:
            yield told(schemas, "table-repeated", one.page, title=one.title)
    numbered = [(reading.number, _folios(schemas, reading)) for reading in readings]
    for (page, numbers), (following, others) in pairwise(numbered):
        if numbers and others and following == page + 1 and min(others) > max(numbers) + 1:
            yield told(schemas, "page-number-gap", following, number=max(numbers), next=min(others))
        if numbers and others and 1 < min(others) < max(numbers):  # they may begin anew
            yield told(schemas, "page-number-back", following, number=max(numbers), next=min(others))


def numbered_pages(schemas: Schemas, readings: Iterable[PageReading]) -> frozenset[int]:
    """The pages that print their number: one that is taken out from among them leaves a gap."""
    return frozenset(reading.number for reading in readings if _folios(schemas, reading))


def _folios(schemas: Schemas, reading: PageReading) -> tuple[int, ...]:
    """The printed page numbers: the only lines at the top or at the foot that are nothing but such; two of them where a
    sheet shows two pages.
    """
    lines = [line.text for line in reading.lines]
    ends = [[*takewhile(partial(_is_folio, schemas), side)] for side in (lines, reversed(lines))]
    found = {tuple(sorted(_FIGURES.findall(" ".join(side)))) for side in ends if side}
    digits = found.pop() if len(found) == 1 else ()
    return tuple(map(int, digits)) if all(len(number) < LONGEST for number in digits) else ()


def _is_folio(schemas: Schemas, text: str) -> bool:
    one = f"(?>{schemas.statements.folio.pattern})"  # taken whole, so that no line of digits is parted in many ways
    return re.fullmatch(f"{one}+", compared(text)) is not None


def check_identity(
    schemas: Schemas,
    tables: Sequence[Table],
    owners: Sequence[Owned],
    departments: Sequence[Owned],
    year: int | None,
    agency: str | None,
    entitled: str | None,
) -> Iterator[Check]:
    """Titles of tables that name another year than the document's, tables that are another's, or of projects in the
    charge of another, and a document that is `entitled` with the name of another.
    """
    for table in tables:
        years = {int(found["year"]) for found in schemas.title_year.finditer(compared(table.title or ""))}
        if year and years and year not in years:
            yield told(schemas, "year-differs", table.first_page, table.dataset, title=table.title, year=year)
    if agency:
        foreign = [one for one in owners if schemas.agency.fullmatch(compared(one.owner)) and not _is(agency, one)]
        others = dict.fromkeys([*foreign, *_others(owners, agency), *_others(departments, agency)])
        for one in others:
            yield told(schemas, "owner-differs", one.first_page, owner=one.owner, agency=agency)
        if entitled and not _is(agency, Owned(entitled, 1)) and not _is(entitled, Owned(agency, 1)):
            yield told(schemas, "title-differs", None, title=entitled, agency=agency)


def _is(agency: str, one: Owned) -> bool:
    """Whether a table is the agency's, whose name may be cut short, abbreviated (科技局) or have more beside it."""
    named, owner = compared(agency), compared(one.owner)
    following = iter(named)
    return owner in named or named in owner or all(character in following for character in owner)


def _others(named: Sequence[Owned], agency: str) -> list[Owned]:
    """Those that name another where most name the agency: whatever stands in that place is a name."""
    others = [one for one in named if not _is(agency, one)]
    return others if 2 * len(others) < len(named) else []


def check_rows(evidence: Evidence) -> Iterator[Check]:
    """Rows of the deepest class, and forms, that say the same as the one before; the only row of a list without an
    amount.
    """
    schemas = evidence.schemas
    for name, rows in evidence.rows.items():
        dataset = evidence.datasets[name]
        code = dataset.code
        codes = [str(row.values.get(code or "") or "") for row in rows]
        levels = dataset.columns[code].levels if code else [0]
        # of a table of economic classes alone; a functional class without rows below may stand once more as its own
        only = len(levels) == 2 and max(map(len, codes), default=0) == levels[0]
        for place, (row, following) in enumerate(pairwise(rows)):
            own = codes[place]
            deepest = code is not None and (len(own) == levels[-1] or (only and own != ""))
            after = codes[place + 2] if place + 2 < len(rows) else ""
            heads = own != "" and after.startswith(own) and after != own  # what repeats it is no class of its own below
            if (deepest or heads or dataset.kind == "form") and row.facts and _said(row) == _said(following):
                yield told(schemas, "row-repeated", following.page, name, name=row_name(row, dataset))
        yield from _without_amount(evidence, name, rows)


def _without_amount(evidence: Evidence, name: str, rows: Sequence[Row]) -> Iterator[Check]:
    """The only row of a list of a kind that prints no total: amounts that stand a line further up or down leave one."""
    dataset = evidence.datasets[name]
    if TOTAL not in dataset.columns or "side" in dataset.columns:
        return
    kinds: dict[object, list[Row]] = {}
    for row in rows:
        kinds.setdefault(row.values.get("target_type"), []).append(row)
    for own in kinds.values():
        blank = [row for row in own if TOTAL not in row.facts]
        if len(blank) == 1 and len(own) > MANY:
            row = blank[0]
            yield told(evidence.schemas, "amount-missing", row.page, name, name=row_name(row, dataset))


def check_sums(evidence: Evidence, checks: Iterable[Check]) -> Iterator[Check]:
    """Tables of classes and lists of which no sum over rows was made, and sides of tables that have a total and no line
    of it: nothing would tell if some of their rows were lost. Where a note says that rows are withheld some are.
    """
    schemas = evidence.schemas
    if evidence.withheld:
        return
    over_rows = {rule.code for rule in schemas.rules if rule.kind in ("tree", "list", "levels")}
    summed = {check.dataset for check in checks if check.verdict in MADE and check.rule in over_rows}
    whole = [rule for rule in schemas.rules if rule.kind == "tree" or (rule.kind == "list" and rule.label is None)]
    for name in dict.fromkeys(name for rule in whole for name in rule.about()):
        rows = [row for row in evidence.rows.get(name, ()) if row.facts]
        if name not in summed and len(rows) > FEW:
            yield told(schemas, "rows-not-summed", rows[0].page, name, table=evidence.datasets[name].named)
    for name in evidence.rows:
        if row := evidence.total_without_lines(name):
            yield told(schemas, "rows-not-summed", row.page, name, table=evidence.datasets[name].named)


def _said(row: Row) -> dict[str, object]:
    return {name: value for name, value in row.values.items() if value is not None and name not in ("row", "page")}
