"""What rules read: the rows that a place means, sums of printed numbers with the slack of their digits, and the finding
made of two sums.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from extract.amounts import fits, same, written
from extract.checks.precision import at_column_precision
from extract.messages import Sentence, listed, sentence
from extract.model.report import MADE, Check, Fact, Row, Statement
from extract.schemas.grammar import Dataset, Schemas
from extract.schemas.rule_base import BaseRule, Relation, RowSelector
from extract.text import compared

ZERO = Decimal(0)
Number = Fact | Statement


class Sum(NamedTuple):
    """A sum of printed numbers, the slack of their digits, the numbers in it and the names of contributors that are
    blank.
    """

    value: Decimal
    slack: Decimal
    numbers: tuple[Number, ...]
    absent: tuple[str | Sentence, ...] = ()

    def plus(self, other: "Sum") -> "Sum":
        return Sum(
            self.value + other.value, self.slack + other.slack, self.numbers + other.numbers, self.absent + other.absent
        )

    def minus(self, other: "Sum") -> "Sum":
        return Sum(
            self.value - other.value, self.slack + other.slack, self.numbers + other.numbers, self.absent + other.absent
        )


def summed(numbers: Iterable[Number | None], names: Sequence[str] | Sequence[Sentence] = ()) -> Sum:
    """The sum of the numbers that are printed; `names` tell which contributors are not."""
    printed: list[Number] = []
    absent: list[str | Sentence] = []
    value = slack = ZERO
    for index, number in enumerate(numbers):
        quantity = None if number is None else number.quantity
        if number is None or quantity is None:
            absent.append(names[index] if index < len(names) else "")
            continue
        value += quantity
        slack += number.half
        printed.append(number)
    return Sum(value, slack, tuple(printed), tuple(absent))


class Evidence:
    """The tables of one document: rows and printed columns by dataset, and the year it is for.

    `expected` are the datasets that documents of its place print; None stands for all. `unresolved` counts the columns
    by dataset that nothing names, `notes` are those printed with the tables: one may say that rows are withheld.
    `agency` is whose document it is.
    """

    def __init__(
        self,
        schemas: Schemas,
        rows: Mapping[str, Sequence[Row]],
        columns: Mapping[str, Container[str]],
        fiscal_year: int | None,
        expected: Container[str] | None = None,
        unresolved: Mapping[str, int] | None = None,
        notes: Iterable[str] = (),
        agency: str | None = None,
    ) -> None:
        self._agency = compared(agency or "")
        self._expected = schemas.datasets if expected is None else expected
        self._unresolved = unresolved or {}
        self.withheld = any(schemas.withheld.search(compared(note)) for note in notes)
        self.schemas = schemas
        self.datasets = schemas.datasets | {
            name: schemas.datasets[name].as_printed(columns.get(name, ())) for name in rows
        }
        self.rows = {name: at_column_precision(as_corrected(own)) for name, own in rows.items()}
        self.columns = columns
        self.is_total = schemas.conventions.text.total.fullmatch
        self._totals: dict[str, frozenset[Decimal]] | None = None
        self._years = {"@fiscal_year": fiscal_year, "@last_year": fiscal_year - 1 if fiscal_year else None}

    def at(self, place: RowSelector) -> list[Row]:
        """The rows that a place means."""
        dataset = self.datasets[place.dataset]
        rows = list(self.rows.get(place.dataset, ()))
        if place.where or place.side:
            rows = [row for row in rows if holds(row, place.where) and place.side in (None, row.values.get("side"))]
        if place.rows == "each":
            return rows
        if place.rows == "total":
            return total_rows(rows, dataset, self)[:1]
        if place.rows in ("@grand", "@current"):
            return self._side_total(rows, dataset, place.rows == "@current")
        if place.rows in self._years:
            return self._of_year(
                [row for row in rows if row.values.get(dataset.label or "") == self._years[place.rows]]
            )
        wanted = place.pattern()
        found = [row for row in rows if wanted.fullmatch(compared(row_name(row, dataset)))]
        if dataset.label == "measure":
            found = [row for row in found if row.values.get("fund") is None] or found
        return found[:1] if place.first else found

    def _of_year(self, rows: list[Row]) -> list[Row]:
        """Of the rows of a year, that of all units and of all funds, where they are printed one by one."""
        if len(rows) > 1:
            rows = [row for row in rows if self.is_total(compared(str(row.values.get("unit_name") or "")))] or rows
            rows = [row for row in rows if row.values.get("fund") is None] or rows
        return rows[:1] if _sums_the_others(rows) else rows

    def _side_total(self, rows: Sequence[Row], dataset: Dataset, current: bool) -> list[Row]:
        """The total of a side of a two-sided table, or that of the year where one is printed."""
        written = self.schemas.two_sided
        named = [(compared(row_name(row, dataset)), row) for row in rows]
        grand = [row for name, row in named if written.grand.fullmatch(name)][:1]
        if not current:
            return grand
        return (
            [row for name, row in named if written.current.fullmatch(name)]
            or [row for name, row in named if written.year_line.fullmatch(name)]
            or grand
        )[:1]

    def sums_others(self, row: Row, dataset: Dataset) -> bool:
        """Whether a row is called 合计 or the like, by its name or by another of its texts where it has none."""
        return row.is_total or bool(self.is_total(compared(row_name(row, dataset))))

    def sum_at(self, place: RowSelector) -> Sum:
        return summed(row.facts.get(place.column) for row in self.at(place))

    def comes_to_nothing(self, places: Iterable[RowSelector]) -> bool:
        """Whether all these places are printed and none has a number but zero: of a table that is not in the document,
        or a total that its rows do not print, nobody knows.
        """
        return all(place.dataset in self.rows and self._is_told(place) for place in places)

    def _is_told(self, place: RowSelector) -> bool:
        """Whether a place comes to nothing, and would be there if it did not."""
        rows = self.at(place)
        told = rows or place.rows != "total" or not self.rows[place.dataset]
        return bool(told) and not summed(row.facts.get(place.column) for row in rows).value

    def speaks_of(self, *places: RowSelector) -> bool:
        """Whether documents of this place print all these tables, so that a rule about them concerns it."""
        return all(place.dataset in self._expected or place.dataset in self.rows for place in places)

    def missing(self, *places: RowSelector) -> tuple[str, Sentence] | None:
        """(verdict, reason) if a table of these places is not in the document or does not print the column."""
        for place in places:
            if place.dataset not in self.rows:
                return "no_evidence", sentence("reason_no_table", table=self.datasets[place.dataset].named)
        if any(place.column not in self.columns[place.dataset] for place in places):
            return "not_applicable", sentence("reason_no_column")
        return None

    def totals(self, other_than: str) -> frozenset[Decimal]:
        """Every amount of a total of the other tables: what prose means that gives one of these is not certain."""
        if self._totals is None:
            self._totals = {
                name: frozenset(fact.amount for fact in self.own_totals(name) if fact.amount) for name in self.rows
            }
        return frozenset[Decimal]().union(*(own for name, own in self._totals.items() if name != other_than))

    def own_totals(self, name: str) -> Iterator[Fact]:
        """The numbers of the totals of a table, but for zeros."""
        dataset, rows = self.datasets[name], self.rows[name]
        totals = list(total_rows(rows, dataset, self))
        if "side" in dataset.columns:
            for side in dict.fromkeys(row.values.get("side") for row in rows):
                own = [row for row in rows if row.values.get("side") == side]
                totals += [*self._side_total(own, dataset, False), *self._side_total(own, dataset, True)]
        yield from (fact for row in totals for fact in row.facts.values() if fact.amount)

    def total_without_lines(self, name: str) -> Row | None:
        """The total of a side of a two-sided table of which no other line of that side prints an amount."""
        dataset, rows = self.datasets[name], self.rows[name]
        sides = dict.fromkeys(row.values.get("side") for row in rows) if "side" in dataset.columns else ()
        written = self.schemas.two_sided
        for side in sides:
            own = [
                row
                for row in rows
                if row.values.get("side") == side and any(fact.amount for fact in row.facts.values())
            ]
            names = [compared(row_name(row, dataset)) for row in own]
            if own and all(written.grand.fullmatch(name) or written.current.fullmatch(name) for name in names):
                return own[0]
        return None

    def units(self) -> frozenset[str]:
        """The names, in compared form, of the units that the document lists by name."""
        listed = (
            row
            for name, dataset in self.datasets.items()
            if dataset.label == "unit_name"
            for row in self.rows.get(name, ())
        )
        names = frozenset(compared(str(row.values.get("unit_name") or "")) for row in listed)
        return frozenset(name for name in names if name and not self.is_total(name))

    def names_a_unit(self, text: str) -> bool:
        """Whether a text names one of the units that the document lists, other than the agency itself."""
        said = compared(text)
        own = self._agency
        return any(unit in said for unit in self.units() if not own or (unit not in own and own not in unit))

    def is_agency(self, name: str) -> bool:
        """Whether a text is the name of the agency itself."""
        return bool(self._agency) and compared(name) == self._agency

    def prints(self, dataset: str, column: str) -> bool:
        return column in self.columns.get(dataset, ())

    def is_resolved(self, dataset: str) -> bool:
        """Whether every printed column of the dataset's tables is named, so that its parts are all known."""
        return not self._unresolved.get(dataset)


def _sums_the_others(rows: Sequence[Row]) -> bool:
    """Whether the first of several rows, not called a total, has the sums of all others."""
    if len(rows) < 2:
        return False
    first, others = rows[0], rows[1:]
    sums = [(summed([fact]), summed(row.facts.get(column) for row in others)) for column, fact in first.facts.items()]
    return any(one.value for one, _ in sums) and all(judged(one, other) != "fail" for one, other in sums)


def total_rows(rows: Sequence[Row], dataset: Dataset, evidence: Evidence) -> list[Row]:
    """The rows 合计; where none is printed, the one row without a code before all rows with one, the agency's own that
    heads all others, or the only row.
    """
    named = [row for row in rows if evidence.sums_others(row, dataset)]
    if named or not rows:
        return named
    if len(rows) == 1:
        return list(rows)
    code = dataset.code
    coded = code and not rows[0].values.get(code) and all(row.values.get(code) for row in rows[1:])
    return [rows[0]] if coded or _heads_all(rows, dataset, evidence) else []


def _heads_all(rows: Sequence[Row], dataset: Dataset, evidence: Evidence) -> bool:
    """Whether the first row is that of the agency itself, and every other is set in below it."""
    first, *others = rows
    left = first.indent
    set_in = left is not None and all(row.indent is not None and row.indent > left for row in others)
    return set_in and evidence.is_agency(row_name(first, dataset))


def as_corrected(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows with the numbers that people put in the place of what was read."""

    def corrected(row: Row) -> Row:
        if all(fact.corrected is None for fact in row.facts.values()):
            return row
        return row._replace(facts={column: fact._replace(amount=fact.quantity) for column, fact in row.facts.items()})

    return [corrected(row) for row in rows]


def mostly(ties: Sequence[bool]) -> bool:
    """Whether sums bear out what indentation alone says of levels: one may be wrong, and of many a quarter."""
    failing = ties.count(False)
    return failing < len(ties) and failing <= max(1, len(ties) // 4)


def holds(row: Row, where: Mapping[str, str]) -> bool:
    return not where or all(row.values.get(name) == value for name, value in where.items())


def row_name(row: Row, dataset: Dataset) -> str:
    return str(row.values.get(dataset.label or "") or row.values.get(dataset.code or "") or "")


def all_names(row: Row, dataset: Dataset) -> list[str]:
    """What a row is called; of a total without a name every text that it has, as 合计 stands under another column."""
    name = row_name(row, dataset)
    if name or not row.is_total:
        return [name]
    return [value for value in row.values.values() if isinstance(value, str)]


def judged(stated: Sum, computed: Sum, relation: Relation = "equal") -> str:
    """The verdict on two sums, of which one may be allowed to be below the other."""
    verdict = same(stated.value, computed.value, stated.slack + computed.slack)
    allowed = {"equal": False, "at_most": stated.value < computed.value, "at_least": stated.value > computed.value}
    return "exact" if verdict == "fail" and allowed[relation] else verdict


def parted(rule: BaseRule, dataset: str, row: Row, column: str, parts: Sum, without: str | None = None) -> Check | None:
    """A row's number against the sum of its parts inside one table, which has no slack where it is one number and
    perhaps zeros that nothing was rounded to; None if neither is printed.

    `without` is the verdict where the number is printed and no part of it is.

    """
    stated = summed([row.facts.get(column)])
    if not stated.numbers and not parts.numbers:
        return None
    if stated.numbers and not parts.numbers and without:
        verdict = without
    elif not stated.numbers and not parts.value:
        verdict = "no_evidence"
    else:
        decimals = any(map(_has_decimals, stated.numbers))
        alone = len([one for one in parts.numbers if one.quantity or _has_decimals(one) or not decimals]) == 1
        verdict = same(stated.value, parts.value, ZERO if alone else stated.slack + parts.slack)
    return check_of(rule, dataset, row.number, column, stated, parts, verdict)


def _has_decimals(number: Number) -> bool:
    return "." in number.origin.printed


def check_of(
    rule: BaseRule, dataset: str, row: int | None, column: str, stated: Sum, computed: Sum, verdict: str
) -> Check:
    """A check that compared two sums."""
    numbers = (*stated.numbers, *computed.numbers)
    made = verdict in MADE
    if not all(map(fits, (stated.value, computed.value, stated.value - computed.value))):
        return unmade(rule, dataset, "no_evidence", sentence("reason_too_large"))
    return Check(
        rule.code,
        dataset,
        row,
        column,
        stated.value if stated.numbers else None,
        computed.value if computed.numbers or made else None,
        stated.value - computed.value if made else None,
        verdict,
        _with_corrections(_sentence(rule, stated, computed, verdict), numbers),
        numbers[0].origin.page if numbers else None,
        tuple(number.reference for number in numbers),
    )


def _with_corrections(said: Sentence, numbers: Iterable[Number]) -> Sentence:
    """What is said of a check, with the numbers of people that it read."""
    corrected = [one for one in numbers if isinstance(one, Fact) and one.corrected is not None]
    if not corrected:
        return said
    told = (
        sentence("corrected_from", printed=one.origin.printed, corrected=written(one.corrected or ZERO))
        for one in corrected
    )
    return sentence("check_corrected", check=said, numbers=listed(told))


def unmade(rule: BaseRule, dataset: str, verdict: str, why: Sentence) -> Check:
    """A check that was not made, and why."""
    return Check(
        rule.code,
        dataset,
        None,
        None,
        None,
        None,
        None,
        verdict,
        sentence("check_unmade", rule=rule.named, why=why),
        None,
        (),
    )


def _sentence(rule: BaseRule, stated: Sum, computed: Sum, verdict: str) -> Sentence:
    if verdict not in ("fail", "rounding"):
        return rule.named
    left, right = (written(one.value) if one.numbers else sentence("blank") for one in (stated, computed))
    difference = written(stated.value - computed.value)
    said = sentence("check_differs", rule=rule.named, stated=left, computed=right, difference=difference)
    absent = [name for name in computed.absent if name]
    if verdict == "fail" and absent:
        return sentence("check_absent", check=said, absent=listed(absent))
    return said
