"""Whether a fragment is a table of its title, and whether it goes on with the table before."""

from collections.abc import Sequence

from extract.model.page import Box, Grid
from extract.tables.fragments import NEAR
from extract.tables.leaves import Leaf, Shape
from extract.tables.open_tables import OpenTable
from extract.tables.titles import Title

ASIDE = 20.0  # points: the tables of a document's pages stand no farther aside of each other


def is_understood(shape: Shape, title: Title) -> bool:
    """Whether a header is one of such a table. A form has labels, too: a list of projects is known by the columns of
    its indicators or of its goals and amounts, or must be known whole.
    """
    if title.concept.rows == "form":
        return False
    if title.concept.name == "performance_targets":
        fields = {leaf.field for leaf in shape.leaves}
        listed = fields >= {"project_name", "level_3", "target"} or fields >= {"project_name", "goal", "total"}
        return "project_name" in fields and len(fields) > 2 and (shape.unknown == 0 or listed)
    return shape.known > shape.unknown and shape.known > 1


def goes_on(table: OpenTable, fresh: OpenTable, grid: Grid) -> bool:
    """Whether a fragment with a caption of its own belongs to the table before: its next page, which may be printed
    beside it on one sheet, of the same owner, number and unit.
    """
    same = fresh.title.whose == table.title.whose and fresh.shape.kind is table.shape.kind
    same = same and (table.unit == fresh.unit or None in (table.unit, fresh.unit))
    near = table.last_page < fresh.first_page <= table.last_page + 1 or is_beside(table.parts[-1].grid, grid)
    captions = ((table.owner, table.number), (None, None), (table.owner, None), (None, table.number))
    return same and near and (fresh.owner, fresh.number) in captions and same_fields(fresh.leaves, table.leaves)


def is_beside(left: Grid, right: Grid) -> bool:
    """Whether one grid stands at the right of the other on one page."""
    (_, top, x1, bottom), box = left.box, right.box
    return left.page == right.page and x1 <= box.x0 and box.top < bottom and top < box.bottom


def same_fields(some: Sequence[Leaf], others: Sequence[Leaf]) -> bool:
    """Whether the columns of one header are among those of another."""
    return {leaf.identity for leaf in some if leaf.path} <= {leaf.identity for leaf in others}


def same_columns(table: OpenTable, grid: Grid, inferred: bool = False) -> bool:
    """Whether a grid without a header has its column edges where the table has; as many edges may each be a little off,
    or all be moved aside alike, or stand between those beside them where their texts alone tell where they are.
    """
    headed = [place for place, leaf in enumerate(table.leaves) if leaf.path]
    inner = table.leaves[headed[0] : headed[-1] + 1]  # a frame may be wider than its table, on some pages only
    return any(_same_edges(columns, grid.xs, inferred) for columns in (table.leaves, inner))


def _same_edges(columns: Sequence[Leaf], xs: Sequence[float], inferred: bool) -> bool:
    edges = sorted({edge for leaf in columns for edge in (leaf.x0, leaf.x1)})
    left, right = xs[0] - edges[0], xs[-1] - edges[-1]
    if len(edges) == len(xs):
        off = [x - edge for x, edge in zip(xs, edges, strict=True)]
        if abs(left) <= ASIDE and max(abs(one - left) for one in off) <= NEAR / 2:
            return True
        if max(abs(left), abs(right)) <= NEAR and max(map(abs, off)) <= 2 * NEAR:
            return True
    if max(abs(left), abs(right)) > NEAR:
        return False
    if inferred and len(edges) == len(xs):
        return all(before < x < after for before, x, after in zip(edges, xs[1:-1], edges[2:], strict=False))
    return all(min(abs(x - edge) for edge in edges) <= NEAR for x in xs)


def as_wide(one: Box, other: Box) -> bool:
    return abs((one.x1 - one.x0) - (other.x1 - other.x0)) <= NEAR


def same_width(one: Box, other: Box) -> bool:
    return abs(one.x0 - other.x0) <= NEAR and abs(one.x1 - other.x1) <= NEAR
