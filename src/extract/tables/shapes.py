"""The columns of a header together → the dataset that the table fills, and the field that each column fills.

Naming a table and mapping its columns are two verdicts: a table is named by its title and by what its rows are; a
column whose path is not known, or which would fill a field that another column fills, stays without a field.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from math import inf

from extract.amounts import amount
from extract.model.page import Grid
from extract.schemas.grammar import Dataset
from extract.schemas.vocabulary import Concept, RowsKind, TableKind, Vocabulary, normal
from extract.tables.columns import TOTAL, ColumnReader, Meaning
from extract.tables.columns_together import (
    FINAL,
    OWN_TEXT,
    beside_wages,
    column_blocks,
    default_class,
    has_wages,
    is_final,
    rows_kind,
    sides_of_blocks,
    with_classes,
    with_periods,
    with_plain_names,
    with_previous_year,
)
from extract.tables.contents import ContentReader
from extract.tables.headers import Header, headers
from extract.tables.leaves import TARGET_SIGN, Leaf, Preset, Shape
from extract.tables.titles import Title
from extract.text import compared

ONLY_STUB = ("project", "economy")  # rows that the only column of texts must name
TOLD = ("goal", "target", "level_3")  # what a table without amounts may be about
OTHER_STUBS = {"project_code": ["procurement_category_code"], "implementing_unit": ["unit_name"]}
BUDGETS = {"initial": ("initial_budget",), "adjusted": ("adjusted_budget",)}  # beside a final account


class ShapeReader:
    """Understands headers with one vocabulary and the datasets that there are."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        datasets: Mapping[str, Dataset],
        columns: ColumnReader,
        contents: ContentReader,
    ) -> None:
        self._datasets = datasets
        self._columns = columns
        self._contents = contents
        self._cautions = normal(vocabulary.cautions)
        self._is_unknown = lru_cache(maxsize=65536)(self._may_be_left_away)
        self._meanings = lru_cache(maxsize=4096)(self._read)  # the same header stands on page after page
        self._untitled = [
            Title("", concept, frozenset(concept.words), None, None)
            for concept in vocabulary.concept
            if concept.untitled
        ]
        self._concepts = {concept.name: concept for concept in vocabulary.concept}
        self._kinds = {(kind.concept, kind.rows, kind.final): kind for kind in vocabulary.table}

    def best(self, grid: Grid, title: Title) -> Shape | None:
        """The header of a grid below a title: of all that may be it, the one of which most is understood and least is
        not.
        """
        best, understood = None, -inf
        for header in headers(grid):
            if len(header.columns) <= understood:
                continue  # nor can it be the better one: no more of its columns than it has can be known
            if any(column.path and self._is_caption(column.path[0], title) for column in header.columns):
                continue
            shape = self._shape(header, grid, title)
            if shape and shape.known - 2 * shape.unknown > understood:
                best, understood = shape, shape.known - 2 * shape.unknown
            if len(grid.xs) - 1 <= understood:
                break
        return best

    def _is_caption(self, text: str, title: Title) -> bool:
        """Whether a text above the columns is the title of the table or its unit, and no heading."""
        return text == title.text or self._columns.is_unit(text)

    def homeless(self, grid: Grid, title: Title) -> Shape | None:
        """The header of a grid below a title that no dataset holds as it is: its amounts are told one by one."""
        shapes = (self._shape(header, grid, title) for header in headers(grid))
        best = max((shape for shape in shapes if shape and shape.is_meaningful), key=_meant, default=None)
        return best and replace(
            best, kind=None, leaves=tuple(leaf._replace(field=None, preset=()) for leaf in best.leaves)
        )

    def told_by_header(self, grid: Grid) -> tuple[Title, Shape] | None:
        """A table that no title names, known by its header alone, of which every column must be known."""
        top = [part for cell in grid.cells if not cell.row for part in self._columns.meanings(compared(cell.text))]
        if not any(part.kind == "stub" for part in top):
            return None
        for title in self._untitled:
            shape = self.best(grid, title)
            if shape is None or shape.first or shape.unknown:
                continue
            if {leaf.field for leaf in shape.leaves} >= set(title.concept.untitled):
                return title, shape
        return None

    def _shape(self, header: Header, grid: Grid, title: Title) -> Shape | None:
        concept = title.concept
        meanings = self._meanings(tuple(column.path for column in header.columns), concept.name)
        known = [one for one in meanings if one]
        if not known or len(known) * 2 < sum(bool(column.path) for column in header.columns):
            return None
        if not any(one.measures or one.stub in (*TOLD, *concept.untitled) for one in known):
            return None
        meanings = self._with_contents(meanings, header, grid, concept)
        if concept.rows != "project":
            meanings = with_plain_names(meanings)
        classed = with_classes(meanings, default_class(concept, title), _codes(grid, header))
        classed = with_periods(with_previous_year(beside_wages(classed), concept))
        rows = rows_kind(classed, concept)
        kind = self._kinds.get((concept.name, rows, title.final or is_final(classed)))
        if rows == "none" and concept.rows != "none" and _has_unknown_texts(classed, header, grid):
            kind = None  # what the rows are is said in a column that nothing names
        if rows == "function" and "economy" in title.words and has_wages(classed):
            kind = None  # the same expenditure again, spread over economic classes
        leaves = tuple(self._leaves(header, classed, kind, rows))
        if kind and kind.indicators and not any(leaf.field == "level_3" for leaf in leaves):
            own = self._datasets[kind.dataset].columns  # without indicators there is no place for what tells of them
            leaves = tuple(
                leaf if not leaf.field or leaf.field in own else leaf._replace(field=None) for leaf in leaves
            )
        if kind and "category" in self._datasets[kind.dataset].columns:
            leaves = _with_category(leaves)
        units = {one.unit for one in known if one.unit and not one.stub}  # 单价(元) tells nothing of the amounts
        return Shape(
            header.first, header.end, header.body, leaves, rows, kind, units.pop() if len(units) == 1 else None
        )

    def _read(self, paths: Sequence[tuple[str, ...]], name: str) -> Sequence[Meaning | None]:
        """What each column means; a heading that is not known and common to all columns that it could tell apart is
        left away.
        """
        concept = self._concepts[name]
        meanings = [self._columns.read(path, concept) if path else None for path in paths]
        if concept.rows == "sides" and any(one and one.stub in ("code", "exp_func_code") for one in meanings):
            concept = concept.model_copy(update={"rows": "function"})  # its columns, not its lists, are of either side
            meanings = [self._columns.read(path, concept) if path else None for path in paths]
        if all(meaning or not path for meaning, path in zip(meanings, paths, strict=True)):
            return meanings
        told = [path for path, one in zip(paths, meanings, strict=True) if path and not (one and is_label(one))]
        for place, (path, meaning) in enumerate(zip(paths, meanings, strict=True)):
            if meaning is not None or len(path) < 2 or not any(map(self._is_unknown, path)):
                continue
            kept = tuple(
                text
                for depth, text in enumerate(path)
                if not (self._is_unknown(text) and _is_common(told, path, depth))
            )
            found = self._columns.read(kept, concept) if 0 < len(kept) < len(path) else None
            if found and not (found.stub or "").endswith("code"):
                meanings[place] = found._replace(sure=False)
        return meanings

    def _may_be_left_away(self, text: str) -> bool:
        """Whether a heading is not known, and nothing in it warns of leaving it away."""
        key = compared(text)
        plain = not any(word in key for word in self._cautions) and not any(one.isdigit() for one in key)
        return plain and not self._columns.is_known(text)

    def _with_contents(
        self, meanings: Sequence[Meaning | None], header: Header, grid: Grid, concept: Concept
    ) -> Sequence[Meaning | None]:
        """Columns whose heading is not known, by what they hold; else, if it is the only one that can, by what the rows
        of such a table are.
        """
        unknown = [place for place, one in enumerate(meanings) if one is None and header.columns[place].path]
        if not unknown:
            return meanings
        texts = _texts(grid, header)
        result = list(meanings)
        for place in unknown:
            stub = self._contents.stub(texts.get(place, []))
            if stub and not any(one and one.stub == stub for one in result):
                result[place] = Meaning(stub=stub, sure=False)
        first = next((place for place, one in enumerate(result) if not (one and one.numbering)), 0)
        stubs = {one.stub for one in result if one and one.stub} - OWN_TEXT
        alone = not stubs and first in unknown and result[first] is None and concept.rows in ONLY_STUB
        if alone and texts.get(first) and not any(amount(text) for text in texts[first]):
            result[first] = Meaning(stub="row_name", sure=False)
        return result

    def _leaves(
        self,
        header: Header,
        meanings: Sequence[Meaning | None],
        kind: TableKind | None,
        rows: RowsKind,
    ) -> Iterator[Leaf]:
        blocks = column_blocks(meanings, rows)
        uses = sides_of_blocks(meanings, blocks) if rows == "sides" else {}
        three = any(one and "three_public" in one.measures for one in meanings)
        told = [
            (self._field(one, kind, rows, three), self._preset(one, kind, uses.get(block), rows))
            if one and kind and (rows != "sides" or block in uses)  # a list of which side nothing tells is not known
            else (None, Preset())
            for one, block in zip(meanings, blocks, strict=True)
        ]
        kept = _claims([(block, *one) for block, one in zip(blocks, told, strict=True)], meanings)
        for place, (column, meaning, block) in enumerate(zip(header.columns, meanings, blocks, strict=True)):
            field, preset = told[place]
            yield Leaf(column.x0, column.x1, block, field if kept[place] else None, preset, column.path, meaning)

    def _field(self, meaning: Meaning, kind: TableKind, rows: RowsKind, three: bool) -> str | None:
        """The field of the dataset that a column fills."""
        dataset = self._datasets[kind.dataset]
        if meaning.numbering:
            return ""
        if rows == "turned":
            return "item" if meaning.stub else TOTAL if TOTAL in meaning.measures else None
        stubs = (["item"] if rows == "sides" else _stub_fields(meaning.stub)) if meaning.stub else []
        measures = _of_budget(meaning) if kind.final and "measure" not in dataset.columns else meaning.measures
        options = [self._renamed(name, kind, three) for name in (*measures, *stubs)]
        known = {*dataset.columns, *(self._datasets[kind.indicators].columns if kind.indicators else ()), TARGET_SIGN}
        return next((name for name in options if name in known), None)

    def _renamed(self, name: str, kind: TableKind, three: bool) -> str:
        if name in kind.same:
            name = TOTAL
        if three and name in kind.with_three_public:
            return kind.with_three_public[name]
        return kind.columns.get(name, name)

    def _preset(self, meaning: Meaning, kind: TableKind, side: str | None, rows: RowsKind) -> Preset:
        columns = self._datasets[kind.dataset].columns
        given = {"side": side, "fund": meaning.fund}
        if meaning.period and not meaning.stub:
            given |= {"period": meaning.period, "budget_year": str(meaning.year) if meaning.year else None}
        if meaning.stage and kind.final:
            given["measure"] = FINAL if meaning.stage == FINAL else "budget"
        return tuple((name, text) for name, text in given.items() if text and name in columns)


def _claims(claims: Sequence[tuple[int, str | None, Preset]], meanings: Sequence[Meaning | None]) -> list[bool]:
    """Which columns get the field that they claim: no two the same one, but for the parts of a code. The first that is
    sure goes before others; of those that are not, none gets what two of them claim.
    """
    sure = [one is not None and one.sure for one in meanings]
    unsure = Counter(claim for claim, is_sure in zip(claims, sure, strict=True) if not is_sure)
    taken: set[tuple[int, str | None, Preset]] = set()
    kept = [False] * len(claims)
    for wanted in (True, False):
        for place, claim in enumerate(claims):
            field = claim[1]
            if sure[place] is not wanted or field is None:
                continue
            alone = claim not in taken and (wanted or unsure[claim] == 1)
            kept[place] = alone or not field or field.endswith("_code")
            if field:
                taken.add(claim)
    return kept


def _of_budget(meaning: Meaning) -> tuple[str, ...]:
    """What a column of a final account is of: the totals of a budget beside it are columns of their own."""
    if meaning.stage in (None, FINAL):
        return meaning.measures
    return BUDGETS.get(meaning.stage or "", ()) if TOTAL in meaning.measures else ()


def _meant(shape: Shape) -> int:
    """How much of a header means something."""
    return sum(1 if leaf.meaning else -2 for leaf in shape.leaves if leaf.path)


def is_label(meaning: Meaning) -> bool:
    """Whether a column says what a row is, or only numbers it."""
    return meaning.stub is not None or meaning.numbering


def _is_common(paths: Sequence[tuple[str, ...]], path: tuple[str, ...], depth: int) -> bool:
    """Whether a part of a path stands above all columns of what is above it, several of them, so that it tells none
    from another.
    """
    beside = [other for other in paths if other[:depth] == path[:depth]]
    return len(beside) > 1 and all(len(other) > depth + 1 and other[depth] == path[depth] for other in beside)


def _has_unknown_texts(meanings: Sequence[Meaning | None], header: Header, grid: Grid) -> bool:
    """Whether a column that nothing names holds texts."""
    unknown = [place for place, one in enumerate(meanings) if one is None and header.columns[place].path]
    texts = _texts(grid, header) if unknown else {}
    return any(amount(text) is None for place in unknown for text in texts.get(place, ()))


def _texts(grid: Grid, header: Header) -> dict[int, list[str]]:
    """The texts below each column of a header, by its place."""
    found: dict[int, list[str]] = {}
    for cell in grid.cells:
        if cell.row < header.body:
            continue
        middle = (grid.xs[cell.col] + grid.xs[cell.col_end]) / 2
        place = next((i for i, column in enumerate(header.columns) if column.x0 < middle < column.x1), None)
        if place is not None:
            found.setdefault(place, []).append(cell.text)
    return found


def _with_category(leaves: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
    """Lines with a merged label before them: one heading stands over the label and, as a column without a heading, the
    line.
    """
    for place, (leaf, after) in enumerate(pairwise(leaves)):
        if leaf.field == "item" and not after.path:
            return (
                *leaves[:place],
                leaf._replace(field="category"),
                after._replace(field="item"),
                *leaves[place + 2 :],
            )
    return leaves


def _stub_fields(stub: str) -> list[str]:
    """The fields that a stub may fill, the likeliest first."""
    if stub in ("item", "row_name"):
        return ["project_name", "item", "dep_bgt_eco_name", "level_1_name", "procurement_category"]
    return [stub, *OTHER_STUBS[stub]] if stub in OTHER_STUBS else [stub]


def _codes(grid: Grid, header: Header) -> dict[int, str]:
    """The first whole code in each column below a header, by the place of the column."""
    found: dict[int, str] = {}
    for cell in grid.cells:
        if cell.row < header.body or not cell.text.isdecimal() or len(cell.text) < 3:
            continue
        middle = (grid.xs[cell.col] + grid.xs[cell.col_end]) / 2
        place = next((i for i, column in enumerate(header.columns) if column.x0 < middle < column.x1), None)
        if place is not None:
            found.setdefault(place, cell.text)
    return found
