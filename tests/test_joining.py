"""Whether grids of two pages, or of one sheet, are parts of one table: by the edges of their columns."""

from collections.abc import Sequence

import pytest

from extract.document.pipeline import Knowledge
from extract.model.page import Box, Grid
from extract.schemas.vocabulary import RowsKind
from extract.tables.joining import as_wide, is_beside, same_columns, same_width
from extract.tables.leaves import Leaf, Shape
from extract.tables.open_tables import OpenTable
from extract.tables.titles import Title

EDGES = (40.0, 140.0, 240.0, 340.0, 440.0)
ROWS: RowsKind = "function"


@pytest.fixture
def title(knowledge: Knowledge) -> Title:
    found = knowledge.readers.captions.titles.read("部门支出总表")
    assert found
    return found


def grid(xs: Sequence[float], top: float = 60.0, bottom: float = 160.0, page: int = 2) -> Grid:
    return Grid(page, (top, bottom), tuple(xs), ())


def table(title: Title, xs: Sequence[float] = EDGES, headed: Sequence[bool] | None = None) -> OpenTable:
    """A table of the page before with these column edges, of which some columns have no heading."""
    named = headed or [True] * (len(xs) - 1)
    leaves = tuple(
        Leaf(left, right, 0, None, (), ("合计",) if has else ())
        for left, right, has in zip(xs, xs[1:], named, strict=False)
    )
    return OpenTable(title, Shape(0, 1, 1, leaves, ROWS, None, None), leaves, 1, 1, "drawn")


def moved(by: Sequence[float], xs: Sequence[float] = EDGES) -> list[float]:
    return [x + one for x, one in zip(xs, by, strict=True)]


def test_columns_are_the_same_where_their_edges_stand_at_the_same_places(title: Title) -> None:
    own = table(title)
    assert same_columns(own, grid(EDGES))
    assert same_columns(own, grid(moved([3, -3, 4, -4, 3])))
    assert same_columns(own, grid(moved([18, 18, 18, 18, 18])))  # printed farther aside
    assert not same_columns(own, grid(moved([25, 25, 25, 25, 25])))
    assert same_columns(own, grid(moved([0, 8, 8, -8, 0])))  # as many, each a little off
    assert not same_columns(own, grid(moved([0, 12, 0, 0, 0])))
    assert not same_columns(own, grid(moved([0, 0, 0, 0, 12])))


def test_a_page_may_lack_edges_but_not_have_others(title: Title) -> None:
    own = table(title)
    assert same_columns(own, grid([40, 140, 340, 440]))
    assert not same_columns(own, grid([40, 140, 190, 240, 340, 440]))
    assert not same_columns(own, grid([40, 140, 240, 340]))
    assert not same_columns(own, grid([140, 240, 340, 440]))


def test_a_frame_may_be_wider_than_its_table_on_some_pages(title: Title) -> None:
    own = table(title, (10.0, *EDGES, 480.0), [False, True, True, True, True, False])
    assert same_columns(own, grid(EDGES))
    assert same_columns(own, grid((10.0, *EDGES, 480.0)))
    assert not same_columns(table(title, (10.0, *EDGES)), grid(EDGES))


def test_edges_that_only_texts_tell_stand_between_those_beside_them(title: Title) -> None:
    own = table(title)
    elsewhere = grid(moved([0, 60, 60, 60, 0]))
    assert same_columns(own, elsewhere, inferred=True)
    assert not same_columns(own, elsewhere)
    assert not same_columns(own, grid(moved([0, 110, 0, 0, 0])), inferred=True)
    assert not same_columns(own, grid(moved([0, 0, 0, -110, 0])), inferred=True)
    assert not same_columns(own, grid(moved([10, 60, 60, 60, 0])), inferred=True)


def test_grids_beside_each_other_on_one_sheet() -> None:
    left = grid((40.0, 240.0))
    assert is_beside(left, grid((240.0, 440.0), 100.0, 200.0))
    assert is_beside(left, grid((260.0, 440.0), 20.0, 61.0))
    assert not is_beside(left, grid((239.0, 440.0)))
    assert not is_beside(left, grid((260.0, 440.0), 160.0, 200.0))  # below it
    assert not is_beside(left, grid((260.0, 440.0), 20.0, 60.0))  # above it
    assert not is_beside(left, grid((260.0, 440.0), page=3))
    assert not is_beside(grid((260.0, 440.0)), left)


def test_widths() -> None:
    one = Box(40.0, 0.0, 440.0, 10.0)
    assert as_wide(one, Box(140.0, 50.0, 544.0, 60.0))
    assert not as_wide(one, Box(140.0, 50.0, 545.0, 60.0))
    assert same_width(one, Box(44.0, 50.0, 436.0, 60.0))
    assert not same_width(one, Box(45.0, 50.0, 440.0, 60.0))
    assert not same_width(one, Box(40.0, 50.0, 445.0, 60.0))
