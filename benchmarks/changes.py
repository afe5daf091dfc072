"""How much the checks see: one printed amount at a time is changed in what the reader returned, and the rest of the pipeline says what it finds.

Only documents that are `verified` as they stand are changed, so that every failing check of a changed one is the work of the change.
The others are listed with the rules that fail.
"""

import argparse
import json
import re
import sys
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import NamedTuple

from extract.amounts import amount
from extract.assemble import Assembled, Assembler, OpenTable, Unknown, pieces
from extract.checks import check_tables
from extract.errors import ExtractError
from extract.evidence import Evidence
from extract.forms import OpenForm
from extract.grids import grids
from extract.model import MADE, Box, Cell, Check, Fact, Grid, Line, Page, Report
from extract.normalise import Normalised, Normaliser
from extract.pipeline import Knowledge, read_pdf
from extract.prose_checks import DATASET as PROSE
from extract.prose_checks import check_statements
from extract.raw_rows import RawRow
from extract.readers import DEFAULT_READER, PositionsWanted, pages, reader
from extract.reading_checks import check_reading
from extract.recognise import Piece
from extract.schema_files import load
from extract.schemas import Rule
from extract.status import status_of
from extract.suspects import suspects

ROOT = Path(__file__).resolve().parents[1]
REPORTS = ROOT.parent / "shared" / "reports"
DEFAULTS = (REPORTS / "烟台", REPORTS / "苏州", REPORTS / "无锡", ROOT / "samples")
DIGIT, LEADING, LAST, SWAPPED, POINT = "digit", "leading digit", "last digit", "digits swapped", "point moved"
MOVED, DROPPED, BLANKED = "to next column", "row dropped", "blanked"
KINDS = (DIGIT, LEADING, LAST, SWAPPED, POINT, MOVED, DROPPED, BLANKED)
BY_CHECK, BY_STATUS, ROUNDING, ZERO = "by check", "by status", "within rounding", "zero lost"
UNCOVERED, BOUNDED, COVERED = "no check", "bound only", "covered"
RESULTS = (BY_CHECK, BY_STATUS, ROUNDING, ZERO, UNCOVERED, BOUNDED, COVERED)
MISSED = (COVERED, BOUNDED, UNCOVERED)
RIGHT, WRONG, NO_SUSPECT = "right", "wrong", "none"
CAUSES_SHOWN = 40
_NUMBER = re.compile(r"([-−]?)([\d,]+)\.(\d+)")


class Outcome(NamedTuple):
    """What became of one change. `first` says whether the first failing check reads the changed cell, `suspect` whether the first suspect is
    it; None where the cell holds no number any more, or no check fails.
    """

    document: str
    kind: str
    dataset: str
    row: int
    column: str
    item: str | None
    printed: str
    changed: str
    result: str
    first: bool | None
    suspect: str | None


class Measured(NamedTuple):
    """What one document gave: its rules that fail unchanged, its amount cells by how they are covered, and the outcome of every change."""

    document: str
    status: str
    failing: tuple[str, ...]
    cells: dict[str, int]
    outcomes: tuple[Outcome, ...]


# ---- a document, held ready for changes --------------------------------------------------------------------------------------------


class _Captions(NamedTuple):
    """The lines of a page without grids."""

    lines: tuple[Line, ...]
    engine: str


class Spot(NamedTuple):
    """The cell behind a fact, and which piece it stands in."""

    fact: Fact
    step: int
    cell: Cell


class Change(NamedTuple):
    """A changed piece, the text that the cell has now, and the facts that it takes something from, each with how much."""

    kind: str
    spot: Spot
    piece: Piece
    changed: str
    effects: tuple[tuple[str, Decimal], ...]


class _Held:
    """A reader of pages that have been read before."""

    def __init__(self, name: str, held: Sequence[Page]) -> None:
        self.name = name
        self.page_count = len(held)
        self._pages = held

    @contextmanager
    def open(self, _content: bytes) -> "Iterator[_Held]":
        yield self

    def page(self, number: int, _positions: PositionsWanted) -> Page:
        return self._pages[number - 1]


class Document:
    """A document read once: its pieces, its tables as assembled, its report and which checks cover which fact."""

    def __init__(self, path: Path, knowledge: Knowledge) -> None:
        self.name = _name(path)
        self.knowledge = knowledge
        content = path.read_bytes()
        held = _pages(content, knowledge)
        self.report = read_pdf(content, path.name, _Held(DEFAULT_READER, held), knowledge)
        self._steps = [step for page in held for step in _steps(page, knowledge)]
        self._tables, self._owner = self._assembled(self._steps)
        self._coverage = _Coverage(self.report, knowledge)
        self.spots = list(self._spots())
        self.by_cell = {(spot.step, spot.cell): spot for spot in self.spots}

    def _assembled(self, steps: Sequence[Piece | _Captions]) -> tuple[list[Assembled], list[int]]:
        """The tables, and for each step the table that it went into."""
        assembler = Assembler(self.knowledge.titles)
        owner = []
        for step in steps:
            if isinstance(step, Piece):
                assembler.add(step)
            else:
                assembler.add_captions(step.lines, step.engine)
            owner.append(len(assembler.tables) - 1)
        return assembler.tables, owner

    def _spots(self) -> Iterator[Spot]:
        """Every amount that is printed, with its cell: the one on its page whose text has its box."""
        at = {
            (step.grid.page, cell.box): (index, cell) for index, step in enumerate(self._steps) if isinstance(step, Piece) for cell in step.grid.cells
        }
        for rows in self.report.rows.values():
            for row in rows:
                for fact in row.facts.values():
                    found = at.get((fact.origin.page, fact.origin.box))
                    if found and fact.amount is not None:
                        yield Spot(fact, *found)

    def piece(self, index: int) -> Piece:
        step = self._steps[index]
        if not isinstance(step, Piece):
            raise TypeError(f"step {index} is no piece")
        return step

    def table(self, index: int) -> Assembled:
        return self._tables[self._owner[index]]

    def cover(self, fact: str) -> str | None:
        return self._coverage.of(fact)

    # ---- the rest of the pipeline, for one piece that is other ----

    def changed(self, index: int, piece: Piece) -> Report:
        """The report with that piece in the place of its own: only what depends on it is made anew."""
        tables, touched = self._with(index, piece)
        result = self._normalised([_copied(table) for table in tables if isinstance(table, Unknown) or touched & _datasets(table)])
        rows = {name: rows for name, rows in self.report.rows.items() if name not in touched}
        rows |= {name: tuple(made) for name, made in result.rows.items()}
        columns = {name: names for name, names in self.report.columns.items() if name not in touched}
        columns |= {name: frozenset(names) for name, names in result.columns.items()}
        evidence = Evidence(self.knowledge.schemas, rows, columns, self.report.fiscal_year, _expected(tables))
        checks = [*self._checks(touched, evidence), *check_reading(self.knowledge.schemas, tables, result, ())]
        status = status_of(any(table.dataset for table in result.tables), not result.unclaimed, checks)
        return replace(self.report, rows=rows, columns=columns, checks=tuple(checks), status=status)

    def _with(self, index: int, piece: Piece) -> tuple[list[Assembled], frozenset[str]]:
        """The tables, and the datasets that may be other: those of the piece's table; all if the change alters how pieces are joined."""
        number = self._owner[index]
        before = self._tables[number]
        assembler = Assembler(self.knowledge.titles)
        assembler.tables = [_emptied(table) for table in self._tables[max(number - 1, 0) : number]]
        known = len(assembler.tables)
        for at, (step, owner) in enumerate(zip(self._steps, self._owner, strict=True)):
            if owner == number and isinstance(step, Piece):
                assembler.add(piece if at == index else step)
        fresh = assembler.tables[known:]
        if len(fresh) == 1 and _shape(fresh[0]) == _shape(before):
            return [*self._tables[:number], *fresh, *self._tables[number + 1 :]], _datasets(before)
        tables, _ = self._assembled([piece if at == index else step for at, step in enumerate(self._steps)])
        return tables, frozenset[str]().union(*map(_datasets, [*self._tables, *tables]))

    def _normalised(self, tables: Sequence[Assembled]) -> Normalised:
        normaliser = Normaliser(self.knowledge.schemas, self.knowledge.targets, self.report.fiscal_year)
        for table in tables:
            normaliser.add(table)
        return normaliser.result

    def _checks(self, touched: frozenset[str], evidence: Evidence) -> list[Check]:
        """The checks that read a touched dataset, made anew, among the others, in the order of the rules."""
        schemas = self.knowledge.schemas
        rules = [narrow for rule in schemas.rules if (narrow := _narrowed(rule, touched))]
        remade = {(rule.code, name) for rule in rules for name in _speaks_of(rule)}
        checks = [check for check in self.report.checks if (check.rule, check.dataset) not in remade]
        checks += check_tables(rules, evidence)
        checks += check_statements(schemas.model_copy(update={"rules": rules}), self.report.statements, evidence)
        order = {
            (rule.code, name): (_of_prose(rule), place, at) for place, rule in enumerate(schemas.rules) for at, name in enumerate(_speaks_of(rule))
        }
        return sorted(checks, key=lambda check: order[check.rule, check.dataset or ""])

    # ---- what became of a change ----

    def outcome(self, change: Change) -> Outcome:
        report = self.changed(change.spot.step, change.piece)
        failing = [check for check in report.checks if check.verdict == "fail"]
        fact = change.spot.fact
        first = suspect = None
        if failing and change.kind in (DIGIT, LEADING, LAST, SWAPPED, POINT):
            named = suspects(report)
            first = fact.reference in failing[0].facts
            suspect = NO_SUSPECT if not named else RIGHT if named[0].fact.reference == fact.reference else WRONG
        result = BY_CHECK if failing else BY_STATUS if report.status != "verified" else self._coverage.why_missed(change.effects)
        return Outcome(
            self.name, change.kind, fact.dataset, fact.row, fact.column, fact.item, fact.origin.printed, change.changed, result, first, suspect
        )


def _name(path: Path) -> str:
    """A document as it is listed: agencies of two places may have the same name."""
    return f"{path.parent.name}/{path.name}"


def _pages(content: bytes, knowledge: Knowledge) -> list[Page]:
    with reader(DEFAULT_READER).open(content) as document:
        return list(pages(document, knowledge.statements.states_figures))


def _steps(page: Page, knowledge: Knowledge) -> Iterator[Piece | _Captions]:
    ordinary = knowledge.ideographs.ordinary
    found = grids(replace(page, text=ordinary(page.text), glyphs=ordinary(page.glyphs)))
    if found.grids:
        yield from pieces(found.grids, found.lines, page.engine)
    else:
        yield _Captions(found.lines, page.engine)


def _datasets(table: Assembled) -> frozenset[str]:
    if isinstance(table, OpenTable):
        return frozenset([table.known.table.dataset])
    if isinstance(table, OpenForm):
        return frozenset([table.known.form.dataset, table.known.form.list.dataset])
    return frozenset()


def _expected(tables: Iterable[Assembled]) -> set[str]:
    """The datasets that documents of these tables' layouts print."""
    layouts = {table.known.layout.name: table.known.layout for table in tables if not isinstance(table, Unknown)}
    return {table.dataset for layout in layouts.values() for table in layout.table}


def _emptied(table: Assembled) -> Assembled:
    """A table as far as the assembler looks at the one before, safe to be added to."""
    if isinstance(table, OpenTable):
        return replace(table, rows=[], notes=[], breaks=[])
    return replace(table, rows=[], values={}, unclaimed=[]) if isinstance(table, OpenForm) else table


def _copied(table: Assembled) -> Assembled:
    """A table whose rows may be joined without touching the original."""
    return replace(table, rows=[RawRow(row.page, dict(row.cells)) for row in table.rows]) if isinstance(table, OpenTable) else table


def _shape(table: Assembled) -> tuple[object, ...]:
    """What later pieces and the rest of the document depend on."""
    if isinstance(table, Unknown):
        return (table.page, table.title)
    common = (id(table.known), table.title, table.leaves, table.unit, table.first_page, table.last_page)
    return (*common, table.captured, table.number, table.owner) if isinstance(table, OpenTable) else (*common, table.box)


# ---- which rules read a dataset ----------------------------------------------------------------------------------------------------


def _of_prose(rule: Rule) -> bool:
    return rule.kind in ("statement", "sentence", "rate", "count")


def _speaks_of(rule: Rule) -> list[str]:
    """The datasets that a rule's findings are filed under."""
    if _of_prose(rule):
        return [PROSE]
    return [rule.left.dataset] if rule.left else rule.datasets


def _narrowed(rule: Rule, touched: frozenset[str]) -> Rule | None:
    """The rule as far as it reads a touched dataset."""
    if rule.kind in ("columns", "rows", "items"):
        names = [name for name in rule.datasets if name in touched]
        return rule.model_copy(update={"datasets": names}) if names else None
    places = [place.dataset for place in (rule.left, rule.right, rule.minus) if place]
    return rule if rule.kind != "years" and touched.intersection([*places, *rule.datasets]) else None


class _Tie(NamedTuple):
    """A check that ties the facts it reads: by how much one of them may change unseen."""

    facts: frozenset[str]
    room: Decimal


class _Coverage:
    """Which checks tie each fact to others, and which facts a check only bounds."""

    def __init__(self, report: Report, knowledge: Knowledge) -> None:
        loose = {rule.code for rule in knowledge.schemas.rules if rule.relation == "at_most" or rule.pair == "nearest"}
        halves = {fact.reference: fact.half for rows in report.rows.values() for row in rows for fact in row.facts.values()}
        halves |= {statement.reference: statement.half for statement in report.statements}
        self._bounded: set[str] = set()
        self._ties: dict[str, list[_Tie]] = defaultdict(list)
        for check in report.checks:
            if check.verdict in MADE and check.rule in loose:
                self._bounded.update(check.facts)
            elif check.verdict in MADE:
                tie = _Tie(frozenset(check.facts), sum((halves[name] for name in check.facts), abs(check.difference or Decimal(0))))
                for name in check.facts:
                    self._ties[name].append(tie)

    def of(self, fact: str) -> str | None:
        return COVERED if fact in self._ties else BOUNDED if fact in self._bounded else None

    def why_missed(self, effects: Iterable[tuple[str, Decimal]]) -> str:
        felt = {name: by for name, by in effects if by}
        if not felt:
            return ZERO
        rooms = {name: [tie.room for tie in self._ties.get(name, ()) if len(felt) == 1 or not tie.facts <= felt.keys()] for name in felt}
        tied = {name: min(room) for name, room in rooms.items() if room}  # a check all of whose facts go with the row says nothing
        if tied:
            return ROUNDING if all(felt[name] <= room for name, room in tied.items()) else COVERED
        return BOUNDED if self._bounded & felt.keys() else UNCOVERED


# ---- the changes -------------------------------------------------------------------------------------------------------------------


def changes(document: Document, every: int = 1) -> Iterator[Change]:
    """Every kind of change to every cell, or to each `every`th; a row is dropped once."""
    dropped: set[tuple[int, int]] = set()
    for spot in document.spots[::every]:
        random = Random(f"{document.name} {spot.fact.reference}")
        yield from _rewritten(document, spot, random)
        yield from filter(None, (_moved(document, spot), _blanked(document, spot)))
        if (spot.step, spot.cell.row) not in dropped:
            dropped.add((spot.step, spot.cell.row))
            yield _dropped(document, spot)


def _rewritten(document: Document, spot: Spot, random: Random) -> Iterator[Change]:
    """The number written otherwise in its place."""
    piece, cell = document.piece(spot.step), spot.cell
    printed = spot.fact.origin.printed if spot.fact.origin.printed in cell.text else cell.text
    old = amount(printed)
    for kind, write in _WRITERS.items():
        text = write(printed, random)
        new = amount(text) if text else None
        if text is None or old is None or (new and new.value == old.value):
            continue
        before, _, after = cell.text.rpartition(printed)
        effects = ((spot.fact.reference, _worth(spot, new.value - old.value if new else old.value)),)
        yield Change(kind, spot, _with_cells(piece, {cell: cell._replace(text=before + text + after)}), text, effects)


def _worth(spot: Spot, printed: Decimal) -> Decimal:
    """A printed difference in 万元."""
    old = amount(spot.fact.origin.printed)
    unit = spot.fact.half / old.half if old else Decimal(1)
    return abs(printed) * unit


def _digits(text: str) -> list[int]:
    return [place for place, character in enumerate(text) if character.isdigit()]


def _other(text: str, place: int, random: Random, choices: str) -> str:
    return text[:place] + random.choice([digit for digit in choices if digit != text[place]]) + text[place + 1 :]


def _digit(text: str, random: Random) -> str | None:
    places = _digits(text)
    return _other(text, random.choice(places), random, "0123456789") if places else None


def _leading(text: str, random: Random) -> str | None:
    places = _digits(text)
    return _other(text, places[0], random, "123456789") if places else None


def _last(text: str, random: Random) -> str | None:
    places = _digits(text)
    return _other(text, places[-1], random, "0123456789") if places else None


def _swapped(text: str, random: Random) -> str | None:
    places = _digits(text)
    pairs = [(one, other) for one, other in pairwise(places) if text[one] != text[other]]
    if not pairs:
        return None
    one, other = random.choice(pairs)
    return text[:one] + text[other] + text[one + 1 : other] + text[one] + text[other + 1 :]


def _point(text: str, random: Random) -> str | None:
    found = _NUMBER.fullmatch(text)
    if not found:
        return None
    sign, whole, decimals = found[1], found[2].replace(",", ""), found[3]
    if random.random() < 0.5:
        whole, decimals = whole + decimals[0], decimals[1:]
    else:
        whole, decimals = whole[:-1] or "0", whole[-1] + decimals
    grouped = f"{int(whole):,}" if "," in text else str(int(whole))
    return f"{sign}{grouped}.{decimals}" if decimals else sign + grouped


_WRITERS: dict[str, Callable[[str, Random], str | None]] = {DIGIT: _digit, LEADING: _leading, LAST: _last, SWAPPED: _swapped, POINT: _point}


def _moved(document: Document, spot: Spot) -> Change | None:
    """The text in the next amount column of its row, or where that holds another, the two exchanged."""
    there = _neighbour(document, spot)
    if there is None or there == spot.cell or there.text == spot.cell.text:
        return None
    piece, amount_here = document.piece(spot.step), spot.fact.amount or Decimal(0)
    other = document.by_cell.get((spot.step, there))
    by = abs(amount_here - ((other.fact.amount if other else None) or Decimal(0)))
    if other and not by:
        return None
    effects = ((spot.fact.reference, by), *(((other.fact.reference, by),) if other else ()))
    filled = there._replace(text=spot.cell.text)
    if there.text:
        return Change(MOVED, spot, _with_cells(piece, {spot.cell: spot.cell._replace(text=there.text), there: filled}), there.text, effects)
    return Change(MOVED, spot, _with_cells(piece, {spot.cell: None}, filled), "", effects)


def _neighbour(document: Document, spot: Spot) -> Cell | None:
    """The cell of the next amount column, of the last column that before it; one without text where nothing is printed."""
    table, grid, cell = document.table(spot.step), document.piece(spot.step).grid, spot.cell
    if not isinstance(table, OpenTable):
        beside = [other.cell for other in document.spots if other.step == spot.step and other.cell.row == cell.row and other.cell.col > cell.col]
        return min(beside, key=lambda other: other.col, default=None)
    money = set(document.knowledge.schemas.datasets[table.known.table.dataset].money())
    middles = sorted((leaf.x0 + leaf.x1) / 2 for leaf in table.leaves if leaf.column and money.intersection(leaf.column.fields()))
    if len(middles) < 2:
        return None
    here = (grid.xs[cell.col] + grid.xs[cell.col_end]) / 2
    at = min(range(len(middles)), key=lambda place: abs(middles[place] - here))
    middle = middles[at + 1 if at + 1 < len(middles) else at - 1]
    col = min(max(bisect_right(grid.xs, middle) - 1, 0), len(grid.xs) - 2)
    blank = Cell(cell.row, col, cell.row + 1, col + 1, "", Box(grid.xs[col], cell.box.top, grid.xs[col + 1], cell.box.bottom))
    return next((other for other in grid.cells if other.row <= cell.row < other.row_end and other.col <= col < other.col_end), blank)


def _blanked(document: Document, spot: Spot) -> Change:
    piece, cell = document.piece(spot.step), spot.cell
    before, _, after = cell.text.rpartition(spot.fact.origin.printed)
    rest = cell._replace(text=before + after) if before or after else None
    return Change(BLANKED, spot, _with_cells(piece, {cell: rest}), "", _lost([spot]))


def _dropped(document: Document, spot: Spot) -> Change:
    """The grid without the row: what spans it and others spans those."""
    piece, row = document.piece(spot.step), spot.cell.row
    grid = piece.grid
    cells = tuple(
        cell._replace(row=cell.row - (cell.row > row), row_end=cell.row_end - (cell.row_end > row))
        for cell in grid.cells
        if (cell.row, cell.row_end) != (row, row + 1)
    )
    edge = row + 1 if row + 2 < len(grid.ys) else row
    changed = Grid(grid.page, grid.ys[:edge] + grid.ys[edge + 1 :], grid.xs, cells)
    gone = [other for other in document.spots if other.step == spot.step and other.cell.row == row]
    return Change(DROPPED, spot, piece._replace(grid=changed), "", _lost(gone))


def _lost(spots: Iterable[Spot]) -> tuple[tuple[str, Decimal], ...]:
    return tuple((spot.fact.reference, abs(spot.fact.amount or Decimal(0))) for spot in spots)


def _with_cells(piece: Piece, instead: dict[Cell, Cell | None], *added: Cell) -> Piece:
    """The piece with other cells in the place of some, or none, and cells added."""
    cells = [*filter(None, (instead.get(cell, cell) for cell in piece.grid.cells)), *added]
    return piece._replace(grid=replace(piece.grid, cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.col)))))


# ---- measuring ---------------------------------------------------------------------------------------------------------------------


def measured(path: Path, knowledge: Knowledge, every: int = 1) -> Measured:
    """The outcome of every change to one document; of none if it is not verified unchanged."""
    try:
        document = Document(path, knowledge)
    except ExtractError as error:
        return Measured(_name(path), f"unreadable: {error}", (), {}, ())
    failing = tuple(check.rule for check in document.report.checks if check.verdict == "fail")
    if document.report.status != "verified":
        return Measured(document.name, document.report.status, failing, {}, ())
    facts = [fact for rows in document.report.rows.values() for row in rows for fact in row.facts.values() if fact.amount is not None]
    cells = Counter(document.cover(fact.reference) or UNCOVERED for fact in facts)
    cells["located"] = len(document.spots)
    return Measured(document.name, document.report.status, failing, dict(cells), tuple(map(document.outcome, changes(document, every))))


@cache
def _knowledge() -> Knowledge:
    return Knowledge(load())


def _measured(job: tuple[Path, int]) -> Measured:
    return measured(job[0], _knowledge(), job[1])


def _all(paths: Sequence[Path], every: int, jobs: int) -> Iterator[Measured]:
    work = [(path, every) for path in paths]
    if jobs > 1:
        with ProcessPoolExecutor(jobs) as pool:
            yield from pool.map(_measured, work)
    else:
        yield from map(_measured, work)


def _watched(results: Iterable[Measured], count: int) -> Iterator[Measured]:
    terminal = sys.stderr.isatty()
    for number, one in enumerate(results, 1):
        if terminal:
            end = "\n" if number == count else ""
            print(f"\r{number} of {count}: {one.document:<60.60}", end=end, file=sys.stderr, flush=True)
        yield one


# ---- what is said about it ---------------------------------------------------------------------------------------------------------


def _kind_table(title: str, groups: dict[str, list[Outcome]]) -> list[str]:
    width = max((len(name) for name in groups), default=0) + 2
    heads = ("changes", "by check", "%", "by status", "rounding", "zero lost", "no check", "bound only", "covered", "first %", "suspect %", "wrong %")
    lines = [f"{title:<{width}}" + "".join(f"{head:>11}" for head in heads)]
    return lines + [f"{name:<{width}}" + "".join(f"{figure:>11}" for figure in _figures(outcomes)) for name, outcomes in groups.items()]


def _figures(outcomes: Sequence[Outcome]) -> list[str]:
    counts = Counter(outcome.result for outcome in outcomes)
    blamed = [outcome.suspect for outcome in outcomes if outcome.suspect]
    first = [outcome.first for outcome in outcomes if outcome.first is not None]
    seen = [str(counts[result]) for result in RESULTS]
    return [
        str(len(outcomes)),
        seen[0],
        _share(counts[BY_CHECK], len(outcomes)),
        *seen[1:],
        _share(sum(first), len(first)),
        _share(blamed.count(RIGHT), len(blamed)),
        _share(blamed.count(WRONG), len(blamed)),
    ]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "-"


def _grouped(outcomes: Iterable[Outcome], name: Callable[[Outcome], str]) -> dict[str, list[Outcome]]:
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[name(outcome)].append(outcome)
    return dict(groups)


def _report(results: Sequence[Measured], show: int) -> list[str]:
    outcomes = [outcome for one in results for outcome in one.outcomes]
    by_kind = _grouped(outcomes, lambda outcome: outcome.kind)
    kinds = {kind: by_kind[kind] for kind in KINDS if kind in by_kind}
    by_dataset = dict(sorted(_grouped(outcomes, lambda outcome: outcome.dataset).items()))
    return [
        *_coverage_lines(results),
        "",
        *_kind_table("kind of change", {**kinds, "all": outcomes}),
        "",
        *_kind_table("dataset", by_dataset),
        "",
        "rounding, zero lost, no check, bound only, covered: not noticed. rounding: the narrowest check leaves that room; zero lost: nothing but",
        "zeros went; no check reads the cell; bound only: it may only not be above another, or is held against the nearest; covered: a check",
        "ties the cell and did not fail. first, suspect, wrong: of the rewritten numbers that a check caught, in how many the first failing check",
        "reads the changed cell, the first suspect is that cell, and another cell is suspected first.",
        "",
        *_missed_lines(outcomes, show),
    ]


def _coverage_lines(results: Sequence[Measured]) -> list[str]:
    cells = Counter[str]()
    for one in results:
        cells.update(one.cells)
    count = cells[COVERED] + cells[BOUNDED] + cells[UNCOVERED]
    verified = [one for one in results if one.status == "verified"]
    lines = [
        f"{len(results)} document(s), {len(verified)} verified and changed; {count} amount cells in them, {cells['located']} found again on the page",
        f"covered by a check: {_share(cells[COVERED], count)} %; by a bound only: {_share(cells[BOUNDED], count)} %; "
        f"by none: {_share(cells[UNCOVERED], count)} %",
        f"documents with a failing check as they stand: {sum(bool(one.failing) for one in results)}",
    ]
    for one in results:
        if one.status != "verified":
            rules = ", ".join(f"{rule} ×{times}" for rule, times in Counter(one.failing).items())
            lines.append(f"  {one.document}: {one.status}{': ' + rules if rules else ''}")
    return lines


def _missed_lines(outcomes: Sequence[Outcome], show: int) -> list[str]:
    missed = sorted((outcome for outcome in outcomes if outcome.result in MISSED), key=lambda outcome: MISSED.index(outcome.result))
    if not missed:
        return ["no change was missed"]
    causes = Counter((outcome.result, outcome.dataset, outcome.column, outcome.kind) for outcome in missed)
    lines = [f"missed: {len(missed)}, most frequent first", f"{'':<11} {'changes':>7}  column and kind"]
    lines += [f"{cause:<11} {times:>7}  {dataset}.{column}: {kind}" for (cause, dataset, column, kind), times in causes.most_common(CAUSES_SHOWN)]
    if show:
        lines += ["", *(_one_line(outcome) for outcome in missed[:show])]
    return lines


def _one_line(one: Outcome) -> str:
    place = f"{one.dataset}:{one.row}:{one.column} {one.item or ''}"
    return f"{one.result}: {one.document}: {place}: {one.kind}: {one.printed} -> {one.changed or 'nothing'}"


# ---- the command -------------------------------------------------------------------------------------------------------------------


def main() -> None:
    options = _options()
    given = options.inputs or [folder for folder in DEFAULTS if folder.is_dir()]
    paths = [path for one in given for path in (sorted(one.rglob("*.pdf")) if one.is_dir() else [one])]
    if not paths:
        sys.exit("no PDF")
    results = list(_watched(_all(paths, options.every, options.jobs), len(paths)))
    print("\n".join(_report(results, options.show)))
    if options.json:
        options.json.write_text(json.dumps([_plain(one) for one in results], ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _plain(one: Measured) -> dict[str, object]:
    return {**one._asdict(), "outcomes": [outcome._asdict() for outcome in one.outcomes]}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inputs", nargs="*", type=Path, metavar="PDF or folder", help="default: the reports of 烟台, 苏州 and 无锡 and the samples")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="change only each Nth amount cell (default 1)")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes (default 1)")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="list N missed changes")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the outcome of every change there")
    return parser.parse_args()


if __name__ == "__main__":
    main()
