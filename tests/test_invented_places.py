"""Budgets and final accounts of places that are invented, drawn without any PDF: their tables are named, nothing that
is right is accused, and a number that is changed is noticed.
"""

from collections.abc import Sequence
from itertools import count

import drawing
import pytest
from invented_budget import Budget, budget
from invented_finals import FinalTables
from invented_further import FurtherTables
from invented_places import changed
from invented_style import Style
from invented_tables import Table, Tables
from national_forms import accusations, forms

from extract.document.pipeline import Knowledge, blank_report, report_of
from extract.model.page import Page
from extract.model.report import Report
from extract.reading.base import DEFAULT_READER, reader
from extract.reading.grids import grids

ROW, TOP, LEFT = 14.0, 100.0, 40.0
KINDS = {"budgets": Tables, "budgets with further tables": FurtherTables, "final accounts": FinalTables}


def page_of(table: Table, own: Budget, unit: str, number: int) -> Page:
    cells = list(table.areas())
    columns = range(len(table.columns))
    widths = [
        max(len(cell.text) for cell in cells if (cell.col, cell.col_end) == (one, one + 1)) + 1 for one in columns
    ]
    for cell in cells:  # a heading fits over its columns
        widths[cell.col_end - 1] += max(len(cell.text) + 1 - sum(widths[cell.col : cell.col_end]), 0)
    xs = [LEFT + drawing.SIZE * sum(widths[:one]) for one in range(len(columns) + 1)]
    ys = [TOP + ROW * one for one in range(max(cell.row_end for cell in cells) + 1)]
    lines = [
        (f"{table.number} {table.title}", 200.0, 40.0),
        (f"部门：{own.name}", 40.0, 70.0),
        (f"单位：{unit}", 700.0, 70.0),
    ]
    if table.note:
        lines.append((table.note, LEFT, ys[-1] + 10))
    return drawing.page([drawing.Area(*cell[:5]) for cell in cells], xs, ys, lines, number)


def report(tables: Sequence[Table], own: Budget, unit: str, what: str, knowledge: Knowledge) -> Report:
    cover = drawing.page([], [0.0], [0.0], [(f"{own.year}年{own.name}部门{what}", 300.0, 300.0)], 1)
    pages = [cover, *(page_of(table, own, unit, number) for number, table in enumerate(tables, 2))]
    return report_of(
        blank_report("0" * 64, "invented.pdf", reader(DEFAULT_READER)), [grids(one) for one in pages], knowledge
    )


def changed_beyond_rounding(tables: Sequence[Table], seed: int) -> tuple[list[Table], str]:
    """The first change of an amount, of those drawn one after the other, that is in another digit than its last."""

    def is_beyond(where: str) -> bool:
        before, after = (text.replace(",", "").strip() for text in where.rpartition(": ")[2].split(" → "))
        return before[:-1] != after[:-1]

    return next(found for found in (changed(tables, draw) for draw in count(seed)) if is_beyond(found[1]))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", KINDS)
def test_a_document_that_is_right_is_not_accused_and_a_change_in_it_is_noticed(
    knowledge: Knowledge, kind: str, seed: int
) -> None:
    style = Style(seed)
    own = budget(seed, style.step)
    tables = list(KINDS[kind](own, style).all())
    what = "决算" if kind == "final accounts" else "预算"
    right = report(tables, own, style.unit, what, knowledge)
    assert [check for check in right.checks if check.verdict == "fail"] == []
    assert [table.title for table in right.tables if table.dataset is None] == []
    assert len(right.tables) == len(tables)
    other, where = changed_beyond_rounding(tables, seed)
    spoiled = report(other, own, style.unit, what, knowledge)
    assert [check for check in spoiled.checks if check.verdict == "fail"] or right.status != "verified", where


def test_forms_of_many_places_with_numbers_that_tie_are_not_accused(knowledge: Knowledge) -> None:
    accused = {form.title: told for form in forms() if form.ties and (told := accusations(form, knowledge))}
    assert accused == {}
