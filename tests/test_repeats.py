"""Pages that say the same: a repetition gives no second rows, the end of another table does."""

from dataclasses import replace

import pytest
from test_kinds import plain

from extract.document.repeats import distinct_pages
from extract.model.page import Page
from extract.reading.grids import grids

HEAD = ("科目编码", "科目名称", "合计", "基本支出")
ROWS = [HEAD, *((f"2130{number}", "林业和草原", "3.00", "3.00") for number in range(4))]
FIRST, SECOND = plain("部门支出总表", ROWS), plain("一般公共预算支出表", ROWS)
REST = plain(None, ROWS)  # a page that holds nothing but the rest of a table


@pytest.mark.parametrize(
    ("pages", "repeated"),
    [
        ([FIRST, REST, SECOND, REST], []),
        ([FIRST, REST, REST], [3]),
        ([FIRST, REST, FIRST, REST], [3, 4]),
        ([FIRST, SECOND, FIRST], [3]),
    ],
)
def test_a_page_is_a_repetition_where_it_follows_what_the_earlier_one_followed(
    pages: list[Page], repeated: list[int]
) -> None:
    readings = [grids(replace(one, number=number)) for number, one in enumerate(pages, 1)]
    assert [one.page for one in distinct_pages(readings)[1]] == repeated
