"""Sums over tables of which some rows were not read, or that hold the rows of two tables: that they do not tie says
nothing about the document.
"""

from collections.abc import Container, Mapping
from typing import NamedTuple

from extract.amounts import AMOUNT
from extract.checks.completeness import SECOND
from extract.checks.evidence import unmade
from extract.checks.status import WITHHELD, with_checks
from extract.messages import Sentence, sentence
from extract.model.report import Check, Report, Table
from extract.schemas.grammar import Schemas
from extract.schemas.rules import Rule
from extract.text import compared

OVER_ROWS = ("tree", "list", "levels", "nesting", "lines", "class_lines", "forms", "count")  # they need every row
OF_SEVERAL = ("each", "@item")  # rows of one class, of which there may be more
BESIDE = "text-beside-table"
UNREADABLE = ("cell-picture", "cell-overprinted", "cell-covered", BESIDE)  # what stands beside may be of a column


class _Lost(NamedTuple):
    """The page, by dataset, of cells and of rows that were not read, and of a second table; the datasets whose columns
    a table may print as lines, and those without a row that is called their total: what heads the rows may be it.
    """

    cells: Mapping[str, int]
    rows: Mapping[str, int]
    second: Mapping[str, int]
    turned: Container[str]
    without_total: Container[str]

    def why(self, check: Check, rule: Rule) -> Sentence | None:
        """Why a check tells nothing. A lost row matters to a rule over all rows, and where the table gave no number."""
        gave = {reference.partition(":")[0] for reference in check.facts}
        counted = rule.about() if rule.kind == "count" else ()
        over = rule.kind in OVER_ROWS or any(place.rows in OF_SEVERAL for place in rule.places())
        for name in dict.fromkeys([check.dataset or "", *counted, *(one.dataset for one in rule.places()), *gave]):
            if name in self.second:
                return sentence("reason_second_table", page=self.second[name])
            page = self.cells.get(name)
            needed = over or name not in gave or name in self.turned
            if needed or (name in self.without_total and any(place.rows == "total" for place in rule.places())):
                page = page or self.rows.get(name)
            if page:
                return sentence("reason_lost_rows", page=page)
        return None


def without_lost_rows(report: Report, schemas: Schemas) -> Report:
    """The report with `no_evidence` instead of `fail` where a rule needs what stands on the page unread, or is about
    two tables in one.
    """
    turned = [name for name, one in schemas.datasets.items() if one.label and one.columns[one.label].type == "integer"]
    total = schemas.conventions.text.total.fullmatch
    without_total = [
        name
        for name, rows in report.rows.items()
        if not any(isinstance(text, str) and total(compared(text)) for row in rows for text in row.values.values())
    ]
    lost = _Lost(unread_cells(report, schemas), lost_rows(report), second_tables(report), turned, without_total)
    if not any((lost.cells, lost.rows, lost.second)):
        return report
    rules = {rule.code: rule for rule in schemas.rules}

    def excused(check: Check) -> Check:
        rule = rules.get(check.rule)
        why = lost.why(check, rule) if rule and check.verdict == "fail" else None
        return check if rule is None or why is None else unmade(rule, check.dataset or "", "no_evidence", why)

    checks = tuple(map(excused, report.checks))
    return report if checks == report.checks else with_checks(report, checks, WITHHELD in report.reasons)


def unread_cells(report: Report, schemas: Schemas) -> dict[str, int]:
    """The page, by dataset, of a cell of its tables that no column claims, or of cells that cannot be read. A text may
    tell which rows of a table belong together; beside a form it tells nothing of its numbers.
    """
    found: dict[str, int] = {}
    unreadable = {check.page for check in report.checks if check.rule in UNREADABLE}
    for table in report.tables:
        pages = [page for page in range(table.first_page, table.last_page + 1) if page in unreadable]
        if table.dataset and pages:
            found.setdefault(table.dataset, pages[0])
    for cell in report.unclaimed:
        dataset = report.tables[cell.table - 1].dataset if cell.table else None
        number = schemas.conventions.text.number.fullmatch(cell.text) or AMOUNT.search(cell.text)
        if dataset and (number or schemas.datasets[dataset].kind == "table"):
            found.setdefault(dataset, cell.page)
    return found


def second_tables(report: Report) -> dict[str, int]:
    """The page, by dataset, of a table of a kind of which the document has another."""
    return {
        check.dataset: check.page for check in report.checks if check.rule == SECOND and check.dataset and check.page
    }


def lost_rows(report: Report) -> dict[str, int]:
    """The page, by dataset, where rows of its tables stand that were not read: amounts beside the table or in no table
    of the page after it, or a table right before or after it that is not known and goes on with it.
    """
    beside = {check.page for check in report.checks if check.rule == BESIDE and check.page}
    lost: dict[str, int] = {}
    for before, table, after in zip((None, *report.tables), report.tables, (*report.tables[1:], None), strict=False):
        if table.dataset is None:
            continue
        pages = [page for page in range(table.first_page, table.last_page + 2) if page in beside]
        if before and _goes_on(before, table):
            pages.append(before.last_page)
        if after and _goes_on(table, after):
            pages.append(after.first_page)
        if pages:
            lost[table.dataset] = pages[0]
    return lost


def _goes_on(table: Table, following: Table) -> bool:
    """Whether one of two tables, of which one is not known, may go on with the other: on the same page or the next,
    under the same title or number, or the second without either.
    """
    one, other = (compared(each.title or "") for each in (table, following))
    same = (one and one == other) or (table.number and table.number == following.number)
    nameless = following.title is None and following.number is None
    unknown = table.dataset is None or following.dataset is None
    return unknown and following.first_page in (table.last_page, table.last_page + 1) and bool(same or nameless)
