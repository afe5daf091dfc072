"""What changed between two outputs: documents, tables, rows, cells and verdicts of checks.

Rows have no name that is the same in both, so they are aligned: first as their texts follow each other, and where that
fails by their names, or by their turn if as many stand on either side and they have something in common.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from extract.answers.answer import datasets_of
from extract.out.layout import files_of
from extract.out.parquet import opened
from extract.text import compared

Record = Mapping[str, Any]  # a row of a dataset
Datasets = Mapping[str, pa.Table]
TOLD = ("status", "title", "document_type", "agency_name", "fiscal_year")  # of a document
CHECKS, DOCUMENTS, STATEMENTS, TABLES = "checks", "documents", "statements", "tables"
# datasets of which some columns are compared, and those that say the same again or where something stands
COMPARED = {STATEMENTS: ("kind", "item", "direction", "amount", "value"), TABLES: ("title", "dataset", "unit")}
LEFT_OUT = (DOCUMENTS, CHECKS, "facts", "readings", "unrecognised", "printed_cells")
_PLACE = ("document_id", "fiscal_year", "agency_name", "row", "page", "is_total", "level")
_NAMED_BY = 2  # texts of a row that it is called by


class Change(NamedTuple):
    """What is not the same: of a document one of `TOLD`, a table, all rows of a dataset (their number), a row, a cell,
    or the verdict of a check. `was` or `now` is None where it is not there.
    """

    document: str
    kind: str
    dataset: str | None
    row: str | None
    column: str | None
    was: Any
    now: Any
    page_was: int | None
    page_now: int | None


class Side(NamedTuple):
    """One of two outputs: its documents, and the rows of each dataset by document."""

    documents: Sequence[Record]
    rows: Mapping[str, Mapping[str, pa.Table]]


def side_of_folder(out: Path) -> Side:
    """The side that an output folder is. Raises InputError if it was not written by this program."""
    names = [one.name for one in datasets_of(out)]
    return side({name: opened(files_of(out, name)).to_table() for name in names if name not in LEFT_OUT[2:]})


def side(datasets: Datasets) -> Side:
    """The side that these datasets are."""
    return Side(datasets[DOCUMENTS].to_pylist(), {name: _by_document(table) for name, table in datasets.items()})


def _by_document(table: pa.Table) -> dict[str, pa.Table]:
    """The rows of each document, which stand together."""
    names = table["document_id"].to_pylist()
    starts = [place for place, name in enumerate(names) if not place or names[place - 1] != name]
    ends = [*starts[1:], len(names)][: len(starts)]
    return {names[start]: table.slice(start, end - start) for start, end in zip(starts, ends, strict=True)}


def changes(before: Side, after: Side) -> Iterator[Change]:
    """What changed, document by document: the same content, else the only one of the same agency, year and kind; and
    if there is one on either side, these two.
    """
    pairs, gone, come = _paired(before.documents, after.documents)
    for was, now in pairs:
        yield from _of_document(before, after, was, now)
    yield from (Change(one["source"], "document", None, None, None, one["status"], None, None, None) for one in gone)
    yield from (Change(one["source"], "document", None, None, None, None, one["status"], None, None) for one in come)


def _paired(
    before: Sequence[Record], after: Sequence[Record]
) -> tuple[list[tuple[Record, Record]], list[Record], list[Record]]:
    if len(before) == len(after) == 1:
        return [(before[0], after[0])], [], []
    pairs = []
    for key in (_content, _identity):
        left, right = _only(before, key), _only(after, key)
        pairs += [(left[one], right[one]) for one in left if one in right]
        paired = {id(one) for pair in pairs for one in pair}
        before = [one for one in before if id(one) not in paired]
        after = [one for one in after if id(one) not in paired]
    return pairs, list(before), list(after)


def _content(document: Record) -> Hashable:
    return str(document["document_id"])


def _identity(document: Record) -> Hashable:
    """Whose it is, for which year, of which kind; None if it does not say whose."""
    name = document["agency_name"]
    return (compared(name), document["fiscal_year"], document["document_type"]) if name else None


def _only(documents: Iterable[Record], key: Any) -> dict[Hashable, Record]:
    """Documents by a key that no other has."""
    found = defaultdict(list)
    for one in documents:
        found[key(one)].append(one)
    return {name: group[0] for name, group in found.items() if name is not None and len(group) == 1}


def _of_document(before: Side, after: Side, was: Record, now: Record) -> Iterator[Change]:
    source = now["source"]
    for name in TOLD:
        if was[name] != now[name]:
            yield Change(source, "document", None, None, name, was[name], now[name], None, None)
    moved: dict[str, dict[int, int]] = {}
    for name in dict.fromkeys([*before.rows, *after.rows]):
        if name in LEFT_OUT:
            continue
        left, right = (_records(side, name, one) for side, one in ((before, was), (after, now)))
        kept = COMPARED.get(name)
        if name != TABLES and bool(left) != bool(right):
            pages = [rows[0].get("page") if rows else None for rows in (left, right)]
            yield Change(source, "rows", name, None, None, len(left) or None, len(right) or None, *pages)
        elif left != right:
            pairs = list(_aligned(left, right, kept))
            moved[name] = {one["row"]: other["row"] for one, other in pairs if one and other and "row" in one}
            for one, other in pairs:
                yield from _of_row(source, name, one, other, kept)
    yield from _verdicts(source, _records(before, CHECKS, was), _records(after, CHECKS, now), moved)


def _records(side: Side, name: str, document: Record) -> list[Record]:
    table = side.rows.get(name, {}).get(document["document_id"])
    return table.to_pylist() if table is not None else []


def _compared_columns(row: Record, kept: Sequence[str] | None) -> list[str]:
    """Columns that say something of the row, not where it stands; boxes are floats and tell nothing else."""
    return [name for name in kept or row if name not in _PLACE and not isinstance(row[name], float)]


def _texts(row: Record, kept: Sequence[str] | None) -> tuple[Any, ...]:
    """What a row is told from others by: everything but its amounts."""
    wanted = ((name, row[name]) for name in _compared_columns(row, kept))
    return tuple(value for name, value in wanted if isinstance(value, str | int))


def _name(row: Record, kept: Sequence[str] | None) -> str:
    return " ".join(str(value) for value in _texts(row, kept)[:_NAMED_BY])


def _aligned(
    before: Sequence[Record], after: Sequence[Record], kept: Sequence[str] | None
) -> Iterator[tuple[Record | None, Record | None]]:
    """Rows that are the same one, and those that are on one side only."""
    left, right = ([_texts(row, kept) for row in rows] for rows in (before, after))
    for same, i0, i1, j0, j1 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if same == "equal":
            yield from zip(before[i0:i1], after[j0:j1], strict=True)
        else:
            yield from _by_name(before[i0:i1], after[j0:j1], kept)


def _by_name(
    before: Sequence[Record], after: Sequence[Record], kept: Sequence[str] | None
) -> Iterator[tuple[Record | None, Record | None]]:
    left = defaultdict(list)
    for row in before:
        left[_name(row, kept)].append(row)
    come = []
    for row in after:
        same = left[_name(row, kept)]
        if same:
            yield same.pop(0), row
        else:
            come.append(row)
    gone = [row for rows in left.values() for row in rows]
    for one, other in zip_longest(gone, come):
        if len(gone) == len(come) and _share_something(one, other, kept):
            yield one, other
        else:
            yield from (pair for pair in ((one, None), (None, other)) if pair != (None, None))


def _share_something(one: Record, other: Record, kept: Sequence[str] | None) -> bool:
    """Whether two rows have a text or an amount in the same column."""
    return any(one[name] is not None and one[name] == other.get(name) for name in _compared_columns(one, kept))


def _of_row(
    source: str, dataset: str, was: Record | None, now: Record | None, kept: Sequence[str] | None
) -> Iterator[Change]:
    row = now or was
    assert row is not None
    kind = "table" if dataset == TABLES else "row"
    about = None if kind == "table" else dataset
    pages = _page(was), _page(now)
    if was is None or now is None:
        names = [_name(one, kept) if one else None for one in (was, now)]
        yield Change(source, kind, about, None, None, names[0], names[1], *pages)
        return
    for column in _compared_columns(row, kept):
        if column in was and was[column] != now[column]:
            cell = "table" if kind == "table" else "cell"
            yield Change(source, cell, about, _name(was, kept), column, was[column], now[column], *pages)


def _page(row: Record | None) -> int | None:
    """Where it stands; a table begins there."""
    return row.get("page", row.get("first_page")) if row else None


def _verdicts(
    source: str, before: Sequence[Record], after: Sequence[Record], moved: Mapping[str, Mapping[int, int]]
) -> Iterator[Change]:
    """Checks with another verdict, and those that fail and are made on one side only."""
    left, right = defaultdict(list), defaultdict(list)
    for check in before:
        rows = moved.get(check["dataset"] or "", {})
        left[_check(check, rows.get(check["row"], check["row"]))].append(check)
    for check in after:
        right[_check(check, check["row"])].append(check)
    for key in dict.fromkeys([*left, *right]):
        was, now = left[key], right[key]
        for one, other in zip_longest(was, now):
            verdicts = one and one["verdict"], other and other["verdict"]
            check = other or one
            if verdicts[0] != verdicts[1] and ((one and other) or "fail" in verdicts):
                place = f"{check['rule']} {check['row'] or ''}".strip()
                yield Change(
                    source, "verdict", check["dataset"], place, check["column"], *verdicts, _page(one), _page(other)
                )


def _check(check: Record, row: int | None) -> Hashable:
    return check["rule"], check["dataset"], row, check["column"], check["scope"]
