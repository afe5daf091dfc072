"""A list of projects with their indicators beside them → one block a project: its head and the rows of its indicators."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from extract.tables.printed_rows import RawRow
from extract.tables.shapes import Leaf


class ProjectBlock(NamedTuple):
    """A project: the row that heads it, and the numbers of the rows that hold its indicators."""

    head: RawRow
    numbers: list[int]


def project_blocks(rows: Sequence[RawRow], heads: Mapping[int, Leaf], items: Mapping[int, Leaf]) -> Iterator[ProjectBlock]:
    """The projects of a list in printed order. `heads` are the columns of a project, `items` those of its indicators, by place.

    A project begins where its name is printed; printed again at the top of a page it goes on. Rows with neither goal nor indicator, such as
    a 合计, are no project.
    """
    name = next(place for place, leaf in heads.items() if leaf.field == "project_name")
    open_block: ProjectBlock | None = None
    for number, raw in enumerate(rows):
        if not items.keys() & raw.cells.keys():
            continue
        printed = raw.cells.get(name)
        begins = printed is not None and not _goes_on(open_block, raw, name)
        if begins or open_block is None:
            if open_block:
                yield open_block
            open_block = ProjectBlock(raw, [number])
        else:
            open_block.numbers.append(number)
    if open_block:
        yield open_block


def _goes_on(block: ProjectBlock | None, raw: RawRow, name: int) -> bool:
    """Whether the name printed in a row is that of the open project, printed again on another page."""
    if block is None or name not in block.head.cells:
        return False
    return block.head.page != raw.page and block.head.cells[name].text == raw.cells[name].text
