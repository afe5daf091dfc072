"""A list of projects with their indicators beside them → one block a project: its head and the rows of
its indicators.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from extract.tables.leaves import Leaf
from extract.tables.printed_rows import Printed, RawRow
from extract.text import compared

_CODE = re.compile(r"[0-9A-Z]{4,}[-—－]")
LONG_TEXTS = ("goal", "description", "indicators_text")  # their cells may go on over pages


class ProjectBlock(NamedTuple):
    """A project: what heads it, and the numbers of the rows that hold its indicators."""

    head: RawRow
    numbers: list[int]


def project_blocks(
    rows: Sequence[RawRow], heads: Mapping[int, Leaf], items: Mapping[int, Leaf]
) -> Iterator[ProjectBlock]:
    """The projects of a list in printed order. `heads` are the columns of a project, `items` those of its indicators,
    by place; merged cells of the heads stand in each row that they span.

    A project begins where another name is printed; the same name at the top of a further page goes on. A row without a
    name belongs to the project before it on the top of a page; at the end of one to the next, whose merged cell the
    page break has cut above its text. A long text that a page break has cut is joined. Rows with neither goal nor
    indicator, such as a 合计, are no project.
    """
    long = [place for place, leaf in heads.items() if leaf.field in LONG_TEXTS]
    for block in _whole(_blocks(rows, heads, items), heads):
        cells = {place: joined for place in long if (joined := _joined([rows[one] for one in block.numbers], place))}
        yield block._replace(head=replace(block.head, cells={**block.head.cells, **cells}))


def _whole(blocks: Iterable[ProjectBlock], heads: Mapping[int, Leaf]) -> list[ProjectBlock]:
    """The projects, two halves of one joined: where names begin with a code but that of a project at the top of a page,
    and the one before it has nothing but a name, the page break has cut the name.
    """
    name = next(place for place, leaf in heads.items() if leaf.field == "project_name")
    printed = list(blocks)
    coded = [_is_coded(block.head.cells.get(name)) for block in printed]
    whole: list[ProjectBlock] = []
    for block, is_coded in zip(printed, coded, strict=True):
        if whole and not is_coded and 2 * sum(coded) > len(coded) and _is_first_half(whole[-1], block, name, heads):
            half = whole.pop()
            first, rest = half.head.cells[name], block.head.cells[name]
            cells = {**block.head.cells, name: first._replace(text=first.text + rest.text)}
            block = ProjectBlock(replace(block.head, cells=cells), [*half.numbers, *block.numbers])
        whole.append(block)
    return whole


def _is_coded(printed: Printed | None) -> bool:
    return printed is not None and _CODE.match(compared(printed.text)) is not None


def _is_first_half(block: ProjectBlock, after: ProjectBlock, name: int, heads: Mapping[int, Leaf]) -> bool:
    """Whether a project on the page before has a name and long texts only, and the next has a name and more."""
    told = {place for place, leaf in heads.items() if leaf.field not in LONG_TEXTS}
    own, next_one = told & block.head.cells.keys(), told & after.head.cells.keys()
    return own == {name} and next_one > own and after.head.page == block.head.page + 1


def _joined(rows: Sequence[RawRow], place: int) -> Printed | None:
    """The texts of a column in rows of one project as one; a text that is printed again on a further page counts
    once.
    """
    parts = [raw.cells[place] for raw in rows if place in raw.cells]
    return parts[0]._replace(text="".join(dict.fromkeys(part.text for part in parts))) if parts else None


def _blocks(rows: Sequence[RawRow], heads: Mapping[int, Leaf], items: Mapping[int, Leaf]) -> Iterator[ProjectBlock]:
    name = next(place for place, leaf in heads.items() if leaf.field == "project_name")
    listed = [(number, raw) for number, raw in enumerate(rows) if items.keys() & raw.cells.keys()]
    merged = _are_merged([raw for _, raw in listed], name)
    block: ProjectBlock | None = None
    waiting: list[int] = []
    page_named = -1  # the last page on which a name was printed
    for number, raw in listed:
        printed = raw.cells.get(name)
        if printed is None and merged and raw.page == page_named:
            waiting.append(number)
            continue
        if printed is not None:
            page_named = raw.page
        if block and (printed is None or _is_same(block.head, raw, name)):
            block.numbers.extend([*waiting, number])
        else:
            if block:
                yield block
            block = ProjectBlock(raw, [*waiting, number])
        waiting = []
    if block:
        block.numbers.extend(waiting)
        yield block


def _are_merged(rows: Sequence[RawRow], name: int) -> bool:
    """Whether the names of projects stand in cells merged over their indicators."""
    boxes = [(raw.page, raw.cells[name].box) for raw in rows if name in raw.cells]
    return len(set(boxes)) < len(boxes)


def _is_same(head: RawRow, raw: RawRow, name: int) -> bool:
    """Whether the name printed in a row is that of the open project: the same cell, or the same text on
    another page.
    """
    before, printed = head.cells.get(name), raw.cells[name]
    if before is None:
        return True
    return before.box == printed.box if head.page == raw.page else before.text == printed.text
