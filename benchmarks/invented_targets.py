"""Performance forms of invented projects, laid out as one of the many places that print such forms might.

A form is rows of cells: a text, how many columns and how many rows it takes.
"""

import html
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from invented_budget import Budget, of
from invented_style import Style

GOALS = (
    "加强林区道路养护，保障防火通道畅通，提升管护能力。",
    "目标1：完成苗木繁育任务；目标2：提高造林成活率；目标3：改善生态环境。",
    "完成年度监测任务，及时掌握资源动态变化情况，为决策提供依据",
)
INDICATORS = (  # first and second level, name, sign, value, unit
    ("产出指标", "数量指标", "养护道路里程", "≥", "120", "公里"),
    ("产出指标", "数量指标", "开展巡查次数", "≥", "24", "次"),
    ("产出指标", "质量指标", "工程验收合格率", "＝", "100", "%"),
    ("产出指标", "时效指标", "完成时间", "", "2026年12月底前", ""),
    ("产出指标", "成本指标", "单位养护成本", "≤", "1.5", "万元/公里"),
    ("效益指标", "社会效益指标", "提升林区通行能力", "", "显著提升", ""),
    ("效益指标", "生态效益指标", "森林火灾受害率", "≤", "0.9", "‰"),
    ("效益指标", "可持续影响指标", "长效管护机制健全性", "", "健全", ""),
    ("满意度指标", "服务对象满意度指标", "林区群众满意度", "≥", "90", "%"),
)


class Target(NamedTuple):
    """What a form says: the project, its unit, its money in yuan by `total`, `fiscal` and `other`, its goal, the
    indicators.
    """

    project: str
    unit: str
    money: dict[str, Decimal]
    goal: str
    indicators: list[tuple[str, str, str, str, str, str]]


Cells = list[tuple[str, int, int]]


def targets(budget: Budget, draw: random.Random) -> Iterator[Target]:
    for unit in budget.units.values():
        for project in budget.projects(of(unit=unit)):
            which = of(unit=unit, project=project)
            total = budget.total(which)
            fiscal = budget.total(which, of(fund="general|fund"))
            own = sorted(draw.sample(range(len(INDICATORS)), draw.randint(4, len(INDICATORS))))
            chosen = [INDICATORS[place] for place in own]
            yield Target(
                project, unit, {"total": total, "fiscal": fiscal, "other": total - fiscal}, draw.choice(GOALS), chosen
            )


def form(target: Target, budget: Budget, style: Style) -> str:
    """The page of a form."""
    way = LAYOUTS[style.words % len(LAYOUTS)]
    title = style.draw_once(
        "form", ("项目支出绩效目标表", "项目绩效目标申报表", "部门预算项目绩效目标表", "预算项目绩效目标公开表")
    )
    year = f"{budget.year}年" if style.indented else ""
    rows = "".join(
        "<tr>"
        + "".join(f"<td colspan={wide} rowspan={high}>{html.escape(text)}</td>" for text, wide, high in row)
        + "</tr>"
        for row in way(target, budget, style)
    )
    above = f"<p class=two><span>（{budget.year}年度）</span><span>单位：万元</span></p>"
    return f"<section class=new><h3>{year}{title}</h3>{above}<table>{rows}</table></section>"


def money(value: Decimal) -> str:
    if not value:
        return ""
    return str((value / 10000).quantize(Decimal("0.000001")).normalize().__format__("f"))


def _indicators(target: Target, texts: "list[str]", widths: list[int]) -> Iterator[Cells]:
    """The rows of indicators: levels merged over their rows; `texts` says what the columns behind them print."""
    listed = target.indicators
    for place, one in enumerate(listed):
        row: Cells = []
        for level in (0, 1):
            if place == 0 or listed[place - 1][: level + 1] != one[: level + 1]:
                high = sum(other[: level + 1] == one[: level + 1] for other in listed)
                row.append((one[level], widths[level], high))
        name, sign, value, unit = one[2:]
        words = {
            "name": name,
            "value": f"{sign}{value}{unit}",
            "sign": sign or "定性",
            "number": value,
            "unit": unit,
            "weight": "10",
        }
        row += [(words[text], wide, 1) for text, wide in zip(texts, widths[2:], strict=True)]
        yield row


def plain(target: Target, budget: Budget, style: Style) -> Iterator[Cells]:
    yield [("项目名称", 1, 1), (target.project, 3, 1)]
    yield [("主管部门", 1, 1), (budget.name, 1, 1), ("实施单位", 1, 1), (target.unit, 1, 1)]
    yield [("项目资金（万元）", 1, 3), ("年度资金总额", 1, 1), (money(target.money["total"]), 2, 1)]
    yield [("其中：财政拨款", 1, 1), (money(target.money["fiscal"]), 2, 1)]
    yield [("其他资金", 1, 1), (money(target.money["other"]), 2, 1)]
    yield [("年度总体目标", 1, 1), (target.goal, 3, 1)]
    yield [("一级指标", 1, 1), ("二级指标", 1, 1), ("三级指标", 1, 1), ("指标值", 1, 1)]
    yield from _indicators(target, ["name", "value"], [1, 1, 1, 1])


def upright(target: Target, budget: Budget, style: Style) -> Iterator[Cells]:
    """Labels of parts stand at the side."""
    count = len(target.indicators)
    yield [("项目名称", 2, 1), (target.project, 4, 1)]
    yield [("主管部门及代码", 2, 1), (f"[101]{budget.name}", 2, 1), ("实施单位", 1, 1), (target.unit, 1, 1)]
    yield [("项目资金（万元）", 2, 3), ("年度资金总额：", 2, 1), (money(target.money["total"]), 2, 1)]
    yield [("其中：财政拨款", 2, 1), (money(target.money["fiscal"]), 2, 1)]
    yield [("其他资金", 2, 1), (money(target.money["other"]), 2, 1)]
    yield [("总体目标", 1, 2), ("年度目标", 5, 1)]
    yield [(target.goal, 5, 1)]
    yield [("绩效指标", 1, count + 1), ("一级指标", 1, 1), ("二级指标", 1, 1), ("三级指标", 2, 1), ("指标值", 1, 1)]
    yield from _indicators(target, ["name", "value"], [1, 1, 2, 1])


def parted(target: Target, budget: Budget, style: Style) -> Iterator[Cells]:
    """Sign, value, unit and weight of an indicator in columns of their own."""
    yield [("项目名称", 1, 1), (target.project, 3, 1), ("项目单位", 1, 1), (target.unit, 2, 1)]
    amounts = (("预算金额（万元）", "total", 1), ("财政拨款", "fiscal", 1), ("其他资金", "other", 2))
    yield [cell for text, name, wide in amounts for cell in ((text, 1, 1), (money(target.money[name]), wide, 1))]
    yield [("年度绩效目标", 1, 1), (target.goal, 6, 1)]
    yield [(text, 1, 1) for text in ("一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "权重")]
    yield from _indicators(target, ["name", "sign", "number", "unit", "weight"], [1] * 7)


def long(target: Target, budget: Budget, style: Style) -> Iterator[Cells]:
    """The goals of several years and of this year side by side."""
    yield [("项目名称", 1, 1), (target.project, 2, 1), ("项目类型", 1, 1), ("特定目标类", 1, 1)]
    yield [("主管部门", 1, 1), (budget.name, 2, 1), ("项目实施单位", 1, 1), (target.unit, 1, 1)]
    yield [("资金情况（万元）", 1, 2), ("年度资金总额", 1, 1), ("财政拨款", 1, 1), ("其他资金", 2, 1)]
    yield [(money(target.money[name]), wide, 1) for name, wide in (("total", 1), ("fiscal", 1), ("other", 2))]
    yield [("绩效目标", 1, 1), (target.goal, 4, 1)]
    yield [("指标类别", 1, 1), ("二级指标", 1, 1), ("指标名称", 2, 1), ("目标值", 1, 1)]
    yield from _indicators(target, ["name", "value"], [1, 1, 2, 1])


LAYOUTS = (plain, upright, parted, long)
