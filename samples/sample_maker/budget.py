"""The figures of the unit: leaves read from unit.toml, everything above them added up."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

ZERO = Decimal(0)
APPROPRIATED = ("general", "fund", "state")
UNIT_FUNDS = ("service", "other")
FUNDS = (*APPROPRIATED, *UNIT_FUNDS, "carried")

Money = Mapping[str, Decimal]
"""Amounts by fund; a fund that is left out is nothing."""


def money(amount: Any) -> Decimal:
    """An amount of unit.toml, to the hundredth."""
    return Decimal(amount).quantize(Decimal("0.01"))


def plus(parts: Iterable[Money]) -> dict[str, Decimal]:
    """Amounts added up by fund."""
    total: dict[str, Decimal] = {}
    for part in parts:
        for fund, amount in part.items():
            total[fund] = total.get(fund, ZERO) + amount
    return total


def of(amounts: Money, *funds: str) -> Decimal:
    """What the funds named hold together (all of them, if none is named)."""
    return sum((amounts.get(fund, ZERO) for fund in funds or FUNDS), ZERO)


@dataclass(frozen=True, slots=True)
class Basic:
    """A line of the basic expenditure, by its three classifications."""

    economic: str
    government: str
    function: str
    money: Money

    @property
    def use(self) -> str:
        """Whether it is `personnel` or `office` money."""
        return "personnel" if self.economic[:3] in ("301", "303") else "office"


@dataclass(frozen=True, slots=True)
class Indicator:
    """A performance indicator and the target set for the year."""

    level_1: str
    level_2: str
    level_3: str
    target: str


@dataclass(frozen=True, slots=True)
class Project:
    """A project as 公开表11 and its performance table print it."""

    name: str
    kind: str
    function: str
    money: Money
    goal: str
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Purchase:
    """A purchase of 公开表12; `kind` is 货物, 工程 or 服务."""

    function: str
    kind: str
    money: Money


@dataclass(frozen=True, slots=True)
class Spending:
    """A leaf of the expenditure: a function, a use (`personnel`, `office`, `project`), amounts by fund."""

    function: str
    use: str
    money: Money


@dataclass(frozen=True, slots=True)
class Travel:
    """The parts of “三公”."""

    overseas: Decimal
    purchase: Decimal
    operation: Decimal
    reception: Decimal

    @property
    def vehicles(self) -> Decimal:
        """用车小计."""
        return self.purchase + self.operation

    @property
    def total(self) -> Decimal:
        """合计."""
        return self.overseas + self.vehicles + self.reception


@dataclass(frozen=True, slots=True)
class Summary:
    """What next year's report compares itself with."""

    money: Money
    basic: Decimal
    project: Decimal
    office: Decimal
    entrusted: Decimal
    travel: Travel

    @property
    def total(self) -> Decimal:
        """收支总计."""
        return of(self.money)


@dataclass(frozen=True, slots=True)
class Misprint:
    """A cell that is printed wrong on purpose."""

    table: int
    code: str
    column: str
    printed: Decimal


@dataclass(frozen=True, slots=True)
class Budget:
    """One year of the unit."""

    year: int
    position: int
    basics: tuple[Basic, ...]
    projects: tuple[Project, ...]
    purchases: tuple[Purchase, ...]
    travel: Travel
    entrusted: Decimal
    before: Summary
    misprint: Misprint | None
    facts: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The unit."""
        return str(self.facts["name"])

    def fact(self, *keys: str) -> Any:
        """A list of unit.toml at its entry of this year."""
        found: Any = self.facts
        for key in keys:
            found = found[key]
        return found[self.position]

    def basic(self, use: str | None = None) -> dict[str, Decimal]:
        """Basic expenditure by fund, of one use or of both."""
        return plus(line.money for line in self.basics if use in (None, line.use))

    def project(self) -> dict[str, Decimal]:
        """Project expenditure by fund."""
        return plus(project.money for project in self.projects)

    def summary(self) -> Summary:
        """What next year's report needs of the year."""
        return Summary(
            money=plus((self.basic(), self.project())),
            basic=of(self.basic()),
            project=of(self.project()),
            office=of(self.basic("office"), "general"),
            entrusted=self.entrusted,
            travel=self.travel,
        )

    def spending(self) -> list[Spending]:
        """All expenditure, leaf by leaf."""
        return [
            *(Spending(line.function, line.use, line.money) for line in self.basics),
            *(Spending(project.function, "project", project.money) for project in self.projects),
        ]


def _by_fund(position: int, **lists: list[Any]) -> dict[str, Decimal]:
    """The year's amounts of lists of three, by fund; nothings are left out."""
    return {fund: money(amounts[position]) for fund, amounts in lists.items() if amounts[position]}


def _basics(facts: Mapping[str, Any], position: int) -> tuple[Basic, ...]:
    lines = (
        Basic(
            economic, government, function, _by_fund(position, **dict(zip(("general", "service"), lists, strict=False)))
        )
        for economic, government, function, *lists in facts["basic"]
    )
    return tuple(line for line in lines if line.money)


def plain(amount: Decimal) -> str:
    """An amount without trailing zeros: 26, 402.5."""
    text = f"{amount:,.2f}"
    return text.rstrip("0").rstrip(".")


def _project(entry: Mapping[str, Any], position: int) -> Project:
    amounts = _by_fund(position, **{fund: entry[fund] for fund in FUNDS if fund in entry})
    total = plain(of(amounts)).replace(",", "")
    indicators = (
        Indicator(level_1, level_2, level_3, targets[position].format(total=total))
        for level_1, level_2, level_3, *targets in entry["indicators"]
    )
    return Project(
        name=entry["name"],
        kind=entry["kind"],
        function=entry["function"],
        money=amounts,
        goal=entry["goal"],
        indicators=tuple(indicator for indicator in indicators if indicator.target),
    )


def _purchases(facts: Mapping[str, Any], position: int) -> tuple[Purchase, ...]:
    bought = (
        Purchase(code, kind, _by_fund(position, **{fund: amounts})) for code, kind, fund, amounts in facts["purchases"]
    )
    return tuple(purchase for purchase in bought if purchase.money)


def _travel(facts: Mapping[str, Any], position: int, basics: Iterable[Basic]) -> Travel:
    """“三公” out of appropriated money: the basic expenditure's and the projects'."""
    held = {line.economic: of(line.money, "general") for line in basics}
    return Travel(
        overseas=held.get("30212", ZERO),
        purchase=money(facts["purchase_of_vehicles"][position]),
        operation=held.get("30231", ZERO) + money(facts["vehicles_from_projects"][position]),
        reception=held.get("30217", ZERO),
    )


def _before(entry: Mapping[str, Any]) -> Summary:
    return Summary(
        money={fund: money(entry[fund]) for fund in FUNDS if fund in entry},
        basic=money(entry["basic"]),
        project=money(entry["project"]),
        office=money(entry["office"]),
        entrusted=money(entry["entrusted"]),
        travel=Travel(**{part: money(amount) for part, amount in entry["three_public"].items()}),
    )


def _misprint(entry: Mapping[str, Any], year: int) -> Misprint | None:
    if entry["year"] != year:
        return None
    return Misprint(entry["table"], entry["code"], entry["column"], money(entry["printed"]))


def load(path: Path) -> list[Budget]:
    """The budgets of all years of unit.toml, each after the one that it compares itself with."""
    facts = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    budgets: list[Budget] = []
    before = _before(facts["before"])
    for position, year in enumerate(facts["years"]):
        basics = _basics(facts, position)
        projects = (_project(entry, position) for entry in facts["projects"])
        budget = Budget(
            year=year,
            position=position,
            basics=basics,
            projects=tuple(project for project in projects if project.money),
            purchases=_purchases(facts, position),
            travel=_travel(facts, position, basics),
            entrusted=money(facts["entrusted"][position]),
            before=before,
            misprint=_misprint(facts["misprint"], year),
            facts=facts,
        )
        budgets.append(budget)
        before = budget.summary()
    return budgets
