"""A document read once and held ready for changes: what depends on a changed fragment or line is made anew."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from outcomes import (
    BOUNDED,
    BY_CHECK,
    BY_STATUS,
    COVERED,
    NO_SUSPECT,
    REWRITTEN,
    RIGHT,
    ROUNDING,
    UNCOVERED,
    WRONG,
    ZERO,
    Outcome,
)

from extract.checks.between import KINDS as BETWEEN
from extract.checks.evidence import Evidence
from extract.checks.in_prose import check_statements
from extract.checks.in_tables import check_tables
from extract.checks.of_reading import check_reading
from extract.checks.stated import DATASET as PROSE
from extract.checks.status import WITHHELD, with_checks
from extract.checks.suspects import suspects
from extract.document.pipeline import Knowledge, read_pdf
from extract.model.page import Box, Cell, Line, Page, PageReading
from extract.model.report import MADE, Check, Fact, Report, Row, Statement
from extract.prose.sentences import Prose
from extract.reading.base import DEFAULT_READER, PositionsWanted, pages, reader
from extract.reading.grids import grids
from extract.schemas.rule_base import InTables
from extract.schemas.rules import Rule
from extract.tables.assemble import Assembler
from extract.tables.document_rows import Normalised
from extract.tables.forms import OpenForm
from extract.tables.fragments import Fragment, fragments
from extract.tables.normalise import Normaliser
from extract.tables.open_tables import Assembled, OpenTable, Unknown
from extract.tables.printed_rows import RawRow

NUMBER = re.compile(r"[\d０-９,，.．]+")
PROSE_RULES = ("statement", "sentence", "prose", "rate", "share", "completion", "weighing", "items", "count")


class _Captions(NamedTuple):
    """The lines of a page without grids."""

    lines: tuple[Line, ...]
    engine: str


class Spot(NamedTuple):
    """The cell behind a fact, and which fragment it stands in."""

    fact: Fact
    step: int
    cell: Cell


class Change(NamedTuple):
    """A changed fragment, the text that the cell has now, and the facts that it takes something from, each with how
    much.
    """

    kind: str
    spot: Spot
    fragment: Fragment
    changed: str
    effects: tuple[tuple[str, Decimal], ...]


class StatedPlace(NamedTuple):
    """A figure of the prose, the line that its number stands on, and where in the line's text."""

    statement: Statement
    line: int
    start: int
    end: int


class StatedChange(NamedTuple):
    """A changed line, the text that the figure has now, and by how much it is other."""

    kind: str
    place: StatedPlace
    line: Line
    changed: str
    by: Decimal


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
    """A document read once: its fragments, its tables as assembled, its report and which checks cover which fact."""

    def __init__(self, path: Path, knowledge: Knowledge) -> None:
        self.name = document_name(path)
        self.knowledge = knowledge
        content = path.read_bytes()
        held = _pages(content, knowledge)
        self.report = read_pdf(content, path.name, _Held(DEFAULT_READER, held), knowledge)
        found = [grids(_ordinary(page, knowledge)) for page in held]
        self._steps = [step for page, one in zip(held, found, strict=True) for step in _steps(page, one)]
        self._tables, self._owner = self._assembled(self._steps)
        places = {place.name: place for place in knowledge.schemas.places}
        self._place = places.get(self.report.layout or "")
        result = self._normalised([_copied(table) for table in self._tables])
        self._unresolved = _unresolved(result)
        self._coverage = _Coverage(self.report, knowledge)
        self.spots = list(self._spots())
        self.by_cell = {(spot.step, spot.cell): spot for spot in self.spots}
        self.lines = [line for one in found for line in one.lines]
        self.places = list(self._places())

    def _assembled(self, steps: Sequence[Fragment | _Captions]) -> tuple[list[Assembled], list[int]]:
        """The tables, and for each step the table that it went into."""
        assembler = Assembler(self.knowledge.readers)
        owner = []
        for step in steps:
            if isinstance(step, Fragment):
                assembler.add(step)
            else:
                assembler.add_captions(step.lines, step.engine)
            owner.append(len(assembler.tables) - 1)
        return assembler.tables, owner

    def _spots(self) -> Iterator[Spot]:
        """Every amount that is printed, with its cell: the one on its page whose text has its box."""
        at = {
            (step.grid.page, cell.box): (index, cell)
            for index, step in enumerate(self._steps)
            if isinstance(step, Fragment)
            for cell in step.grid.cells
        }
        for rows in self.report.rows.values():
            for row in rows:
                for fact in row.facts.values():
                    found = at.get((fact.origin.page, fact.origin.box))
                    if found and fact.amount is not None:
                        yield Spot(fact, *found)

    def _places(self) -> Iterator[StatedPlace]:
        """Every figure whose number stands whole on one line: the characters in its box."""
        for statement in self.report.statements:
            number = NUMBER.match(statement.origin.printed)
            if statement.quantity is None or statement.origin.box is None or not number:
                continue
            yield from self._found(statement, number.group())

    def _found(self, statement: Statement, number: str) -> Iterator[StatedPlace]:
        page, box, _ = statement.origin
        for index, line in enumerate(self.lines):
            if line.page != page or line.boxes is None or box is None:
                continue
            inside = [
                at
                for at, edges in enumerate(line.boxes.tolist())
                if _within(edges, box) and not line.text[at].isspace()
            ]
            text = "".join(line.text[at] for at in inside)
            if text.startswith(number):
                yield StatedPlace(statement, index, inside[0], inside[len(number) - 1] + 1)
                return

    def fragment(self, index: int) -> Fragment:
        step = self._steps[index]
        if not isinstance(step, Fragment):
            raise TypeError(f"step {index} is no fragment")
        return step

    def table(self, index: int) -> Assembled:
        return self._tables[self._owner[index]]

    def cover(self, fact: str) -> str | None:
        return self._coverage.of(fact)

    # ---- the rest of the pipeline, for one fragment that is other ----

    def changed(self, index: int, fragment: Fragment) -> Report:
        """The report with that fragment in the place of its own: only what depends on it is made anew."""
        tables, touched = self._with(index, fragment)
        result = self._normalised(
            [_copied(table) for table in tables if isinstance(table, Unknown) or touched & _datasets(table)]
        )
        rows = {name: rows for name, rows in self.report.rows.items() if name not in touched}
        rows |= {name: tuple(made) for name, made in result.rows.items()}
        columns = {name: names for name, names in self.report.columns.items() if name not in touched}
        columns |= {name: frozenset(names) for name, names in result.columns.items()}
        unresolved = {name: count for name, count in self._unresolved.items() if name not in touched}
        evidence = self._evidence(rows, columns, unresolved | _unresolved(result))
        checks = [
            *self._checks(touched, evidence),
            *check_reading(
                self.knowledge.schemas, self._place, self.knowledge.readers.captions.titles, tables, result, ()
            ),
        ]
        made = replace(self.report, tables=tuple(result.tables), unclaimed=tuple(result.unclaimed))
        status = with_checks(made, checks, WITHHELD in self.report.reasons).status
        return replace(self.report, rows=rows, columns=columns, checks=tuple(checks), status=status)

    def _evidence(
        self,
        rows: Mapping[str, Sequence[Row]],
        columns: Mapping[str, Collection[str]],
        unresolved: Mapping[str, int],
    ) -> Evidence:
        expected = set(self._place.complete) if self._place else set()
        notes = [note for table in self.report.tables for note in table.notes]
        year, agency = self.report.fiscal_year, self.report.agency_name
        return Evidence(self.knowledge.schemas, rows, columns, year, expected, unresolved, notes, agency)

    def _with(self, index: int, fragment: Fragment) -> tuple[list[Assembled], frozenset[str]]:
        """The tables, and the datasets that may be other: those of the fragment's table; all if the change alters how
        fragments are joined.
        """
        number = self._owner[index]
        before = self._tables[number]
        assembler = Assembler(self.knowledge.readers)
        assembler.tables = [_emptied(table) for table in self._tables[max(number - 1, 0) : number]]
        known = len(assembler.tables)
        for at, (step, owner) in enumerate(zip(self._steps, self._owner, strict=True)):
            if owner == number and isinstance(step, Fragment):
                assembler.add(fragment if at == index else step)
        fresh = assembler.tables[known:]
        if len(fresh) == 1 and _shape(fresh[0]) == _shape(before):
            return [*self._tables[:number], *fresh, *self._tables[number + 1 :]], _datasets(before)
        tables, _ = self._assembled([fragment if at == index else step for at, step in enumerate(self._steps)])
        return tables, frozenset[str]().union(*map(_datasets, [*self._tables, *tables]))

    def _normalised(self, tables: Sequence[Assembled]) -> Normalised:
        normaliser = Normaliser(
            self.knowledge.schemas,
            self.knowledge.targets,
            self.knowledge.columns,
            self.report.fiscal_year,
            self.report.layout,
        )
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
            (rule.code, name): (_of_prose(rule), place, at)
            for place, rule in enumerate(schemas.rules)
            for at, name in enumerate(_speaks_of(rule))
        }
        last = (True, len(schemas.rules), 0)  # findings of no rule
        return sorted(checks, key=lambda check: order.get((check.rule, check.dataset or ""), last))

    def reworded(self, index: int, line: Line) -> Report:
        """The report with that line in the place of its own: only what is read of the prose is made anew."""
        schemas = self.knowledge.schemas
        prose = Prose([*self.lines[:index], line, *self.lines[index + 1 :]], schemas.statements)
        final = self.report.document_type in schemas.conventions.document.budget_types
        statements = self.knowledge.statements.statements(
            prose, self.report.fiscal_year, self.report.agency_name, final=final
        )
        evidence = self._evidence(self.report.rows, self.report.columns, self._unresolved)
        checks = [check for check in self.report.checks if check.dataset != PROSE]
        checks += check_statements(schemas, statements, evidence)
        return with_checks(replace(self.report, statements=tuple(statements)), checks, WITHHELD in self.report.reasons)

    # ---- what became of a change ----

    def outcome(self, change: Change) -> Outcome:
        report = self.changed(change.spot.step, change.fragment)
        failing = [check for check in report.checks if check.verdict == "fail"]
        fact = change.spot.fact
        first = suspect = None
        if failing and change.kind in REWRITTEN:
            named = suspects(report)
            first = fact.reference in failing[0].facts
            suspect = NO_SUSPECT if not named else RIGHT if named[0].fact.reference == fact.reference else WRONG
        result = (
            BY_CHECK
            if failing
            else BY_STATUS
            if report.status != "verified"
            else self._coverage.why_missed(change.effects)
        )
        return Outcome(
            self.name,
            change.kind,
            fact.dataset,
            fact.row,
            fact.column,
            fact.item,
            fact.origin.printed,
            change.changed,
            result,
            first,
            suspect,
        )

    def stated_outcome(self, change: StatedChange) -> Outcome:
        report, statement = self.reworded(change.place.line, change.line), change.place.statement
        failing = [check for check in report.checks if check.verdict == "fail"]
        first = statement.reference in failing[0].facts if failing else None
        why = self._coverage.why_missed([(statement.reference, change.by)])
        result = BY_CHECK if failing else BY_STATUS if report.status != "verified" else why
        printed = statement.origin.printed
        return Outcome(
            self.name,
            change.kind,
            PROSE,
            statement.number,
            statement.kind,
            statement.item,
            printed,
            change.changed,
            result,
            first,
            None,
        )


def _unresolved(result: Normalised) -> dict[str, int]:
    """How many printed columns of the tables of each dataset nothing names."""
    counts = Counter[str]()
    for table in result.tables:
        if table.dataset:
            counts[table.dataset] += table.unresolved
    return counts


def _within(edges: Sequence[float], box: Box) -> bool:
    x, y = (edges[0] + edges[2]) / 2, (edges[1] + edges[3]) / 2
    return box.x0 < x < box.x1 and box.top < y < box.bottom


def document_name(path: Path) -> str:
    """A document as it is listed: agencies of two places may have the same name."""
    return f"{path.parent.name}/{path.name}"


def _pages(content: bytes, knowledge: Knowledge) -> list[Page]:
    with reader(DEFAULT_READER).open(content) as document:
        return list(pages(document, knowledge.statements.states_figures))


def _ordinary(page: Page, knowledge: Knowledge) -> Page:
    ordinary = knowledge.ideographs.ordinary
    return replace(page, text=ordinary(page.text), glyphs=ordinary(page.glyphs))


def _steps(page: Page, found: PageReading) -> Iterator[Fragment | _Captions]:
    if found.grids:
        yield from fragments(found.grids, found.lines, page.engine)
    else:
        yield _Captions(found.lines, page.engine)


def _datasets(table: Assembled) -> frozenset[str]:
    if isinstance(table, OpenTable):
        return frozenset([table.dataset]) if table.dataset else frozenset()
    if isinstance(table, OpenForm):
        return frozenset([table.form.dataset, *(one.dataset for one in table.form.list)])
    return frozenset()


def _emptied(table: Assembled) -> Assembled:
    """A table as far as the assembler looks at the one before, safe to be added to."""
    if isinstance(table, OpenTable):
        return replace(table, rows=[], notes=[], breaks=[])
    return replace(table, lists=[], values={}, unclaimed=[]) if isinstance(table, OpenForm) else table


def _copied(table: Assembled) -> Assembled:
    """A table whose rows may be joined without touching the original."""
    return (
        replace(table, rows=[RawRow(row.page, dict(row.cells)) for row in table.rows])
        if isinstance(table, OpenTable)
        else table
    )


def _shape(table: Assembled) -> tuple[object, ...]:
    """What later fragments and the rest of the document depend on."""
    if isinstance(table, Unknown):
        return (table.page, table.title)
    common = (table.title, table.unit, table.number, table.first_page, table.last_page)
    if isinstance(table, OpenTable):
        return (*common, table.dataset, table.leaves, table.owner)
    return (*common, table.form.dataset, table.box)


# ---- which rules read a dataset --------------------------------------------------------------------------------------


def _of_prose(rule: Rule) -> bool:
    return rule.kind in PROSE_RULES


def _speaks_of(rule: Rule) -> list[str]:
    """The datasets that a rule's findings are filed under."""
    if _of_prose(rule):
        return [PROSE]
    return rule.about() or [rule.places()[0].dataset]


def _narrowed(rule: Rule, touched: frozenset[str]) -> Rule | None:
    """The rule as far as it reads a touched dataset."""
    if isinstance(rule, InTables) and not _of_prose(rule):
        names = [name for name in rule.datasets if name in touched]
        return rule.model_copy(update={"datasets": names}) if names else None
    read = [*rule.about(), *(place.dataset for place in rule.places())]
    return rule if rule.kind not in BETWEEN and touched.intersection(read) else None


class _Tie(NamedTuple):
    """A check that ties the facts it reads: by how much one of them may change unseen."""

    facts: frozenset[str]
    room: Decimal


class _Coverage:
    """Which checks tie each fact to others, and which facts a check only bounds."""

    def __init__(self, report: Report, knowledge: Knowledge) -> None:
        loose = {
            rule.code
            for rule in knowledge.schemas.rules
            if rule.kind == "within" or getattr(rule, "relation", "equal") != "equal"
        }
        halves = {
            fact.reference: fact.half for rows in report.rows.values() for row in rows for fact in row.facts.values()
        }
        halves |= {statement.reference: statement.half for statement in report.statements}
        self._bounded: set[str] = set()
        self._ties: dict[str, list[_Tie]] = defaultdict(list)
        for check in report.checks:
            if check.verdict in MADE and check.rule in loose:
                self._bounded.update(check.facts)
            elif check.verdict in MADE:
                tie = _Tie(
                    frozenset(check.facts),
                    sum((halves[name] for name in check.facts), abs(check.difference or Decimal(0))),
                )
                for name in check.facts:
                    self._ties[name].append(tie)

    def of(self, fact: str) -> str | None:
        return COVERED if fact in self._ties else BOUNDED if fact in self._bounded else None

    def why_missed(self, effects: Iterable[tuple[str, Decimal]]) -> str:
        felt = {name: by for name, by in effects if by}
        if not felt:
            return ZERO
        rooms = {
            name: [tie.room for tie in self._ties.get(name, ()) if len(felt) == 1 or not tie.facts <= felt.keys()]
            for name in felt
        }
        tied = {
            name: min(room) for name, room in rooms.items() if room
        }  # a check all of whose facts go with the row says nothing
        if tied:
            return ROUNDING if all(felt[name] <= room for name, room in tied.items()) else COVERED
        return BOUNDED if self._bounded & felt.keys() else UNCOVERED
