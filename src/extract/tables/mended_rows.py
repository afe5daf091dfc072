"""Printed rows as a person reads them: rows that a page break cut are joined, an amount belongs to the label that is
merged over it, a name is as deep as it is indented.
"""

import re
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence

from extract.schemas.grammar import Dataset
from extract.tables.leaves import Leaf
from extract.tables.open_tables import OpenTable
from extract.tables.printed_rows import Printed, RawRow

PADDING = 6.0  # points: the most that a word processor leaves between text and ruling of itself
INDENT = 3.0  # points: names that begin nearer to each other stand at one depth
CENTRED = 4  # times: so much farther apart names begin than their middles are, where they stand in the middle
FEW_NAMES = 3  # of a column: they do not tell how its names are placed
DECIMALS = 2  # of an amount that a page break may have cut
_NUMBERED = re.compile("[一二三四五六七八九十]{1,3}、")


def depths(rows: Sequence[RawRow], place: int) -> dict[int, int]:
    """The depth of each row by how far its name begins from the left of the table, 0 for the nearest; of none where
    names stand in the middle of their column.
    """
    starts = {number: _begin(raw.cells[place]) - raw.left for number, raw in enumerate(rows) if place in raw.cells}
    if _is_centred(rows, place):
        return {}
    edges: list[float] = []
    for x0 in sorted(set(starts.values())):
        if not edges or x0 - edges[-1] > INDENT:
            edges.append(x0)
    return {number: max(depth for depth, edge in enumerate(edges) if edge <= x0) for number, x0 in starts.items()}


def _is_centred(rows: Sequence[RawRow], place: int) -> bool:
    """Whether the names of a column, on each of its pages, begin anywhere and have their middles near each other."""
    pages: dict[float, list[Printed]] = defaultdict(list)
    for raw in rows:
        if place in raw.cells:
            pages[raw.left].append(raw.cells[place])
    if sum(map(len, pages.values())) <= FEW_NAMES:
        return False
    begins = max((_spread([_begin(one) for one in names]) for names in pages.values()), default=0.0)
    middles = max((_spread([(one.box.x0 + one.box.x1) / 2 for one in names]) for names in pages.values()), default=0.0)
    return begins > max(INDENT, CENTRED * middles)


def _spread(places: Sequence[float]) -> float:
    return max(places) - min(places)


def _begin(name: Printed) -> float:
    return name.box.x0 if name.begins is None else name.begins


def join_labels_and_amounts(table: OpenTable) -> None:
    """Where a label stands over several lists side by side and its amount under the last of them, brings both together:
    in the list of the label, if the lists are of different sides; else in that of the amount, as the one list goes on
    in the next.
    """
    names: dict[int, dict[str, int]] = {}
    measures: dict[tuple[int, str], int] = {}
    for place, leaf in enumerate(table.leaves):
        if leaf.field and leaf.meaning and leaf.meaning.stub:
            names.setdefault(leaf.block, {})[leaf.field] = place
        elif leaf.field:
            measures[leaf.block, leaf.field] = place
    for raw in table.rows:
        for (block, field_name), place in measures.items():
            own, cells = names.get(block, {}), raw.cells
            if place not in cells or not own or cells.keys() & own.values():
                continue
            left = max((one for one in names if one < block and cells.keys() & names[one].values()), default=block)
            target = measures.get((left, field_name))
            if target is None or target in cells:
                continue
            if table.shape.rows == "sides":
                cells[target] = cells.pop(place)
            elif names[left].keys() == own.keys():
                _move(cells, names[left], own)


def _move(cells: dict[int, Printed], places: Mapping[str, int], to: Mapping[str, int]) -> None:
    """Moves what stands at places of some fields to other places of the same."""
    for name, place in places.items():
        if place in cells:
            cells[to[name]] = cells.pop(place)


def columns_needed(dataset: Dataset) -> set[str]:
    """The fields of which a row has at least one: its code and its amounts."""
    return {*dataset.money(), *([dataset.code] if dataset.code else [])}


def join_cut_rows(table: OpenTable, needed: Container[str]) -> None:
    """Joins the first row of a page to the last of the page before, where it is only the rest of a row that the page
    break cut.

    A rest has no code, no amount and no number of an item. Where rows may be only a name, the text before the break
    must also have filled its column to the edge.
    """
    required = {place for place, leaf in enumerate(table.leaves) if leaf.field in needed}
    names_alone = table.shape.rows == "sides" or not required
    for start in reversed(table.breaks):
        if not 0 < start < len(table.rows):
            continue
        rest, before = table.rows[start], table.rows[start - 1]
        if rest.page == before.page or not rest.cells:
            continue
        whole = required & rest.cells.keys()
        if whole and not all(_cut(before.cells.get(place), rest.cells[place]) for place in whole):
            continue
        if not rest.cells.keys() <= before.cells.keys() or -1 in rest.cells:
            continue
        if any(_NUMBERED.match(printed.text) for printed in rest.cells.values()):
            continue
        if names_alone and not all(_fills(before.cells[p], table.leaves[p], one) for p, one in rest.cells.items()):
            continue
        for place, printed in rest.cells.items():
            before.cells[place] = before.cells[place]._replace(text=before.cells[place].text + printed.text)
        del table.rows[start]


def _cut(printed: Printed | None, rest: Printed) -> bool:
    """Whether an amount was cut within its decimals: it ends in a point and at most one digit, and the rest is what is
    missing.
    """
    if printed is None:
        return False
    _, point, decimals = printed.text.rpartition(".")
    return bool(point) and len(decimals) + len(rest.text) == DECIMALS and rest.text.isdecimal()


def _fills(printed: Printed, leaf: Leaf, rest: Printed) -> bool:
    """Whether a text leaves no room in its column for the first character of the rest."""
    character = min((rest.box.x1 - rest.box.x0) / len(rest.text), rest.box.bottom - rest.box.top)
    padding = min(max(printed.box.x0 - leaf.x0, 0.0), PADDING)
    return leaf.x1 - printed.box.x1 - padding < character
