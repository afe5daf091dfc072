"""Printed rows as a person reads them: how deep a name stands, and which rows are of one project."""

from collections.abc import Mapping, Sequence

from extract.model.page import Box
from extract.tables.leaves import Leaf
from extract.tables.mended_rows import depths
from extract.tables.printed_rows import Printed, RawRow
from extract.tables.projects import project_blocks


def named(begins: Sequence[float], ends: Sequence[float] | None = None, page: int = 1) -> list[RawRow]:
    """Rows whose names begin and end there, in a table that begins at 40 points."""
    right = ends or [x0 + 80.0 for x0 in begins]
    return [
        RawRow(page, {0: Printed("名称", page, Box(x0, 20.0 * row, x1, 20.0 * row + 10))}, 40.0)
        for row, (x0, x1) in enumerate(zip(begins, right, strict=True))
    ]


def test_a_name_is_as_deep_as_it_begins_farther_from_the_left() -> None:
    assert depths(named([50, 60, 70, 60, 50]), 0) == {0: 0, 1: 1, 2: 2, 3: 1, 4: 0}
    assert depths(named([50, 52, 53, 53.1, 60]), 0) == {0: 0, 1: 0, 2: 0, 3: 1, 4: 2}
    assert depths([*named([50, 60]), *(raw for raw in named([51, 61, 50, 60], page=2))], 0) == {
        0: 0,
        1: 1,
        2: 0,
        3: 1,
        4: 0,
        5: 1,
    }


def test_a_table_that_is_moved_aside_on_a_page_has_the_same_depths() -> None:
    moved = [RawRow(2, raw.cells, 20.0) for raw in named([30, 40, 30, 40], page=2)]
    assert [depth for _, depth in sorted(depths([*named([50, 60, 50, 60]), *moved], 0).items())] == [0, 1] * 4


def test_names_in_the_middle_of_their_column_have_no_depth() -> None:
    centred = named([50, 70, 60, 80], [150, 130, 140, 120])
    assert depths(centred, 0) == {}
    assert depths(centred[:3], 0) == {0: 0, 1: 2, 2: 1}  # too few to tell
    assert depths(named([50, 70, 60, 80], [150, 170, 160, 180]), 0) != {}


def test_a_row_without_a_name_has_no_depth() -> None:
    rows = named([50, 60])
    assert depths([*rows, RawRow(1, {1: rows[0].cells[0]}, 40.0)], 0) == {0: 0, 1: 1}


FIELDS = ("project_name", "total", "goal", "level_3")
LEAVES = {place: Leaf(0, 1, 0, field, (), (field,)) for place, field in enumerate(FIELDS)}
HEADS, ITEMS = {place: LEAVES[place] for place in (0, 1, 2)}, {3: LEAVES[3]}


def row(page: int, at: int, cells: Mapping[str, str], merged: int | None = None) -> RawRow:
    """A row of a list of projects; its name and goal may stand in a cell that begins in the row `merged`."""

    def top(field: str) -> float:
        return 20.0 * (merged if merged is not None and field != "level_3" else at)

    printed = {
        FIELDS.index(field): Printed(text, page, Box(0, top(field), 50, top(field) + 10))
        for field, text in cells.items()
    }
    return RawRow(page, printed)


def blocks(*rows: RawRow) -> list[tuple[str, str | None, list[int]]]:
    return [
        (block.head.cells[0].text, goal.text if (goal := block.head.cells.get(2)) else None, list(block.numbers))
        for block in project_blocks(rows, HEADS, ITEMS)
    ]


def test_a_project_begins_where_another_name_is_printed() -> None:
    one, other = {"project_name": "绿道养护", "goal": "平整"}, {"project_name": "古树保护", "goal": "存活"}
    found = blocks(
        row(1, 0, {**one, "level_3": "里程"}),
        row(1, 1, {"level_3": "巡查"}),
        row(1, 2, {**other, "level_3": "株数"}),
    )
    assert found == [("绿道养护", "平整", [0, 1]), ("古树保护", "存活", [2])]


def test_the_same_name_on_a_further_page_goes_on_and_on_the_same_page_is_another_project() -> None:
    one = {"project_name": "绿道养护", "goal": "平整", "level_3": "里程"}
    assert blocks(row(1, 0, one), row(2, 0, one)) == [("绿道养护", "平整", [0, 1])]
    assert blocks(row(1, 0, one), row(1, 1, one)) == [("绿道养护", "平整", [0]), ("绿道养护", "平整", [1])]
    assert blocks(row(1, 0, one, 0), row(1, 1, one, 0)) == [("绿道养护", "平整", [0, 1])]  # one merged cell


def test_a_goal_that_a_page_break_has_cut_is_joined() -> None:
    one = {"project_name": "绿道养护", "level_3": "里程"}
    assert blocks(row(1, 0, {**one, "goal": "平整"}), row(2, 0, {**one, "goal": "清洁"})) == [
        ("绿道养护", "平整清洁", [0, 1])
    ]


def test_rows_at_the_end_of_a_page_below_merged_names_are_of_the_project_on_the_next() -> None:
    one, other = {"project_name": "绿道养护"}, {"project_name": "古树保护"}
    found = blocks(
        row(1, 0, {**one, "level_3": "里程"}, 0),
        row(1, 1, {**one, "level_3": "巡查"}, 0),
        row(1, 2, {"level_3": "株数"}),
        row(2, 0, {**other, "level_3": "存活"}, 0),
    )
    assert found == [("绿道养护", None, [0, 1]), ("古树保护", None, [2, 3])]


def test_a_coded_name_that_a_page_break_cuts_is_one() -> None:
    first = {"project_name": "45010126-绿道", "level_3": "里程"}
    rest = {"project_name": "养护", "total": "12.50", "level_3": "巡查"}
    more = [row(1, at, {"project_name": f"4501012{at}-某项目", "total": "1.00", "level_3": "里程"}) for at in (1, 2)]
    assert blocks(*more, row(1, 3, first), row(2, 0, rest))[-1] == ("45010126-绿道养护", None, [2, 3])
    assert blocks(*more, row(1, 3, first), row(3, 0, rest))[-1] == ("养护", None, [3])
    assert blocks(*more, row(1, 3, {**first, "total": "2.00"}), row(2, 0, rest))[-1] == ("养护", None, [3])
