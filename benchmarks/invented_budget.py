"""The money of an invented agency: what it is to spend, down to the yuan, by everything that a table may show it by."""

import random
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import NamedTuple

ADMINISTRATION, INSTITUTION = "行政", "事业"
FUNDS = {  # the sources of money by how a budget's revenue names them
    "general": "一般公共预算",
    "fund": "政府性基金预算",
    "service": "事业收入",
    "other": "其他收入",
    "carried": "上年结转",
}
FUNCTIONS = {  # the functional classification that the agency meets: code and name
    "208": "社会保障和就业支出",
    "20805": "行政事业单位养老支出",
    "2080505": "机关事业单位基本养老保险缴费支出",
    "2080506": "机关事业单位职业年金缴费支出",
    "210": "卫生健康支出",
    "21011": "行政事业单位医疗",
    "2101101": "行政单位医疗",
    "2101103": "公务员医疗补助",
    "212": "城乡社区支出",
    "21208": "国有土地使用权出让收入安排的支出",
    "2120803": "城市建设支出",
    "213": "农林水支出",
    "21302": "林业和草原",
    "2130201": "行政运行",
    "2130205": "森林资源培育",
    "2130207": "森林资源管理",
    "2130234": "林业草原防灾减灾",
    "221": "住房保障支出",
    "22102": "住房改革支出",
    "2210201": "住房公积金",
    "2210203": "购房补贴",
}
ECONOMY = {  # the economic classification of departments
    "301": "工资福利支出",
    "30101": "基本工资",
    "30102": "津贴补贴",
    "30103": "奖金",
    "30108": "机关事业单位基本养老保险缴费",
    "30109": "职业年金缴费",
    "30110": "职工基本医疗保险缴费",
    "30113": "住房公积金",
    "302": "商品和服务支出",
    "30201": "办公费",
    "30207": "邮电费",
    "30211": "差旅费",
    "30213": "维修（护）费",
    "30217": "公务接待费",
    "30228": "工会经费",
    "30231": "公务用车运行维护费",
    "303": "对个人和家庭的补助",
    "30302": "退休费",
    "30305": "生活补助",
    "310": "资本性支出",
    "31002": "办公设备购置",
}
GOVERNMENT = {
    "501": "机关工资福利支出",
    "50101": "工资奖金津补贴",
    "50102": "社会保障缴费",
    "50103": "住房公积金",
    "502": "机关商品和服务支出",
    "50201": "办公经费",
    "50206": "公务接待费",
    "50208": "公务用车运行维护费",
    "50209": "维修（护）费",
    "503": "机关资本性支出（一）",
    "50306": "设备购置",
    "509": "对个人和家庭的补助",
    "50901": "社会福利和救助",
    "50905": "离退休费",
}
_GOVERNMENT_OF = {
    **dict.fromkeys(("30101", "30102", "30103"), "50101"),
    **dict.fromkeys(("30108", "30109", "30110"), "50102"),
    "30113": "50103",
    **dict.fromkeys(("30201", "30207", "30211", "30228"), "50201"),
    "30213": "50209",
    "30217": "50206",
    "30231": "50208",
    "30302": "50905",
    "30305": "50901",
    "31002": "50306",
}
_STAFF = {  # which economic items the staff of a function costs
    "2130201": ("30101", "30102", "30103", "30302", "30305"),
    "2080505": ("30108",),
    "2080506": ("30109",),
    "2101101": ("30110",),
    "2101103": ("30110",),
    "2210201": ("30113",),
    "2210203": ("30102",),
}
_SUPPLIES = ("30201", "30207", "30211", "30213", "30217", "30228", "30231", "31002")
_PROJECTS = ("林区道路养护", "苗木繁育补助", "防火瞭望塔维护", "古树名木保护", "湿地监测", "林业有害生物防治")
_UNITS = ("澜州市林务局本级", "澜州市苗圃管理站", "澜州市森林防火中心")


class Spending(NamedTuple):
    """What one unit is to spend on one thing of one kind (`staff`, `supplies`, `project`), this year and last, in
    yuan.
    """

    unit: str
    function: str
    kind: str
    project: str
    fund: str
    economy: str
    amount: Decimal
    previous: Decimal

    @property
    def government(self) -> str:
        return _GOVERNMENT_OF[self.economy]


Which = Callable[[Spending], bool]


class Budget(NamedTuple):
    """An agency's money, with what it pays for journeys abroad, receptions, and the purchase and running of cars."""

    name: str
    year: int
    units: dict[str, str]
    spending: tuple[Spending, ...]
    three_public: dict[str, tuple[Decimal, Decimal]]

    def total(self, *which: Which, previous: bool = False) -> Decimal:
        """The sum of what all of these choose."""
        return sum(
            (one.previous if previous else one.amount for one in self.spending if all(choose(one) for choose in which)),
            Decimal(0),
        )

    def functions(self, *which: Which) -> list[str]:
        """The codes of the functions that have spending, from class to item, in order."""
        own = {one.function for one in self.spending if all(choose(one) for choose in which)}
        return sorted({code[:size] for code in own for size in (3, 5, 7)})

    def economy(self, *which: Which) -> list[str]:
        """The codes of the economic classes and items that have spending, in order."""
        own = {one.economy for one in self.spending if all(choose(one) for choose in which)}
        return sorted({code[:size] for code in own for size in (3, 5)})

    def projects(self, *which: Which) -> list[str]:
        return sorted({one.project for one in self.spending if one.project and all(choose(one) for choose in which)})


def budget(seed: int, step: Decimal) -> Budget:
    """An agency of some units, all of whose amounts are whole numbers of `step` yuan."""
    draw = random.Random(seed)
    units = {f"{draw.choice(('101', '045', '213'))}{number:03}": name for number, name in enumerate(_units(draw), 1)}
    funds = ["general", *draw.sample(["fund", "service", "other", "carried"], draw.randint(0, 4))]
    spending = [one for unit in units.values() for one in _of_unit(unit, funds, draw, step)]
    abroad, new = (_amount(draw, 20000, 90000, step) for _ in range(2))
    running, guests = (sum(one.amount for one in spending if one.economy == code) for code in ("30231", "30217"))
    three = {"abroad": abroad, "purchase": new * draw.choice((0, 1)), "running": running, "reception": guests}
    return Budget(
        "澜州市林务局",
        draw.choice((2023, 2024, 2025, 2026)),
        units,
        tuple(spending),
        {name: (Decimal(amount), Decimal(draw.choice((amount, amount + step * 37)))) for name, amount in three.items()},
    )


def _units(draw: random.Random) -> Iterable[str]:
    return _UNITS[: draw.choice((1, 1, 2, 3))]


def _of_unit(unit: str, funds: list[str], draw: random.Random, step: Decimal) -> list[Spending]:
    def spent(function: str, kind: str, project: str, fund: str, economy: str, least: int, most: int) -> Spending:
        amount = _amount(draw, least, most, step)
        previous = draw.choice((Decimal(0), amount, amount + step * draw.randint(-50, 900), amount + step * 1200))
        return Spending(unit, function, kind, project, fund, economy, amount, max(previous, Decimal(0)))

    found = [
        spent(function, "staff", "", "general", economy, 30000, 4000000)
        for function, items in _STAFF.items()
        if function == "2130201" or draw.random() < 0.8
        for economy in items
    ]
    found += [spent("2130201", "supplies", "", "general", economy, 3000, 300000) for economy in _SUPPLIES]
    if "service" in funds:
        found.append(spent("2130201", "supplies", "", "service", "30211", 3000, 90000))
    others = [fund for fund in funds if fund not in ("fund",)]
    for project in draw.sample(_PROJECTS, draw.randint(1, 4)):
        function = draw.choice(("2130205", "2130207", "2130234"))
        for fund in draw.sample(others, draw.randint(1, min(2, len(others)))):
            found.append(spent(function, "project", project, fund, draw.choice(("30213", "30211")), 50000, 9000000))
    if "fund" in funds:
        found.append(spent("2120803", "project", "绿道配套设施", "fund", "30213", 500000, 90000000))
    return found


def _amount(draw: random.Random, least: int, most: int, step: Decimal) -> Decimal:
    return Decimal(draw.randint(least, most)) // step * step


def anything(_: Spending) -> bool:
    return True


def of(**wanted: str) -> Which:
    """What has these fields; a code chooses all below it."""
    codes = {"function", "economy", "government"}
    return lambda one: all(
        getattr(one, name).startswith(value) if name in codes else getattr(one, name) in value.split("|")
        for name, value in wanted.items()
    )


def both(one: Which, other: Which) -> Which:
    return lambda spending: one(spending) and other(spending)


APPROPRIATED = of(fund="general|fund")
GENERAL = of(fund="general")
BASIC = of(kind="staff|supplies")
