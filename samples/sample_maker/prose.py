"""The sentences of a disclosure; every figure in them is taken from the budget."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from sample_maker.budget import APPROPRIATED, Budget, of, plain, plus
from sample_maker.sheets import Style, ordinal

INCOME = {
    "general": "一般公共预算收入",
    "fund": "政府性基金预算收入",
    "state": "国有资本经营预算收入",
    "service": "事业收入",
    "other": "其他收入",
    "carried": "上年结转",
}
TABLES = (
    "收支总体情况表", "收入总体情况表", "支出总体情况表", "财政拨款收支总体情况表", "一般公共预算支出情况表",
    "一般公共预算基本支出情况表", "一般公共预算“三公”经费支出情况表", "政府性基金预算支出情况表",
    "国有资本经营预算支出情况表", "基本支出预算情况表", "项目支出预算情况表", "政府采购预算情况表",
)  # fmt: skip

Line = tuple[str, str]
"""The name of a paragraph style, and a text."""


class Prose:
    """The text parts of one report."""

    def __init__(self, budget: Budget, style: Style) -> None:
        self.budget = budget
        self.style = style
        self.now = budget.summary()
        self.before = budget.before

    def amount(self, value: Decimal) -> str:
        """An amount in a sentence: 26万元, in the older style 26.00万元."""
        return f"{value:,.2f}万元" if self.style.old else f"{plain(value)}万元"

    def change(self, now: Decimal, before: Decimal, rate: bool = True) -> str:
        """增加1万元，增长2.5%; 减少1万元，下降2.5%; 与上年持平."""
        if now == before:
            return "与上年持平"
        verb, word = ("增加", "增长") if now > before else ("减少", "下降")
        said = f"{verb}{self.amount(abs(now - before))}"
        if not rate or not before:
            return said
        percent = (abs(now - before) / before * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return f"{said}，{word}{percent}%"

    def against(self, now: Decimal, before: Decimal, why: str = "") -> str:
        """A change with the year that it is measured from, and its reason."""
        if now == before:
            return "与上年持平" + (f"，{why}" if why else "")
        return f"比上年{self.change(now, before)}" + (f"，主要原因是{why}" if why else "")

    def contents(self) -> list[Line]:
        """目录."""
        year = self.budget.year
        return [
            ("contents", "第一部分 单位概况"),
            ("contents-item", "一、主要职能"),
            ("contents-item", "二、机构设置"),
            ("contents", f"第二部分 {year}年单位预算表"),
            *(("contents-item", f"{ordinal(place)}、{title}") for place, title in enumerate(TABLES, 1)),
            ("contents", f"第三部分 {year}年单位预算情况和重要事项说明"),
            ("contents", "第四部分 名词解释"),
        ]

    def duties(self) -> list[Line]:
        """第一部分."""
        facts = self.budget.facts
        return [
            ("heading", "一、主要职能"),
            ("body", f"{self.budget.name}围绕绿道的规划、建设、养护和服务开展工作，具体承担下列职能："),
            *(("body", f"（{ordinal(place)}）{duty}") for place, duty in enumerate(facts["duties"], 1)),
            ("heading", "二、机构设置"),
            *(("body", line) for line in facts["setup"]),
        ]

    def explanation(self) -> list[Line]:
        """第三部分 up to the performance tables."""
        sections = (
            ("预算收支增减变化情况说明", self.changes()),
            ("“三公”经费支出情况", self.three_public()),
            ("机关运行经费情况", [self.operation()]),
            ("委托业务费情况", [self.entrusted()]),
            ("政府采购情况", [self.procurement()]),
            ("国有资产占有使用情况", self.assets()),
            ("预算绩效管理情况说明", self.performance()),
        )
        lines: list[Line] = []
        for place, (title, sentences) in enumerate(sections, 1):
            lines.append(("heading", f"{ordinal(place)}、{title}"))
            lines += (("body", sentence) for sentence in sentences)
        return lines

    def changes(self) -> Iterable[str]:
        """收支预算 and what changed against the year before."""
        year, now, before = self.budget.year, self.now, self.before
        income = "，".join(f"{name}{self.amount(of(now.money, f))}" for f, name in INCOME.items() if of(now.money, f))
        moved = [f for f in INCOME if of(now.money, f) != of(before.money, f)]
        by_source = "，".join(
            f"{INCOME[f]}{self.change(of(now.money, f), of(before.money, f), rate=False)}" for f in moved
        )
        total = self.change(now.total, before.total, rate=False)
        basic = self.change(now.basic, before.basic, rate=False)
        project = self.change(now.project, before.project, rate=False)
        yield "本单位把全部收入和全部支出编入一本预算，收支相抵，不留缺口。"
        yield f"（一）收入预算：本中心{year}年收入预算{self.amount(now.total)}，其中：{income}。"
        yield (
            f"（二）支出预算：本中心{year}年支出预算{self.amount(now.total)}，"
            f"其中：基本支出{self.amount(now.basic)}，项目支出{self.amount(now.project)}。"
        )
        yield f"（三）增减变化情况：本中心{year}年收支预算{self.amount(now.total)}，比上年{total}，其中："
        yield f"1.收入预算{total}，其中{by_source}。"
        yield f"2.支出预算{total}，其中基本支出{basic}，项目支出{project}。"
        yield f"3.收支预算变化的主要原因：{self.budget.fact('reasons', 'total')}"

    def three_public(self) -> Iterable[str]:
        """“三公”经费 and its parts."""
        now, before = self.now.travel, self.before.travel
        why = self.budget.fact("reasons", "three_public")
        operation = self.budget.fact("reasons", "operation")
        reception = self.budget.fact("reasons", "reception")
        yield (
            f"{self.budget.year}年，一般公共预算财政拨款安排的“三公”经费预算共{self.amount(now.total)}，"
            f"{self.against(now.total, before.total, why)}。分项情况如下："
        )
        yield f"1.因公出国（境）费{self.amount(now.overseas)}，{self.against(now.overseas, before.overseas)}。"
        yield (
            f"2.公务用车购置及运行费{self.amount(now.vehicles)}，{self.against(now.vehicles, before.vehicles)}。"
            f"其中，公务用车购置费{self.amount(now.purchase)}，{self.against(now.purchase, before.purchase)}；"
            f"公务用车运行维护费{self.amount(now.operation)}，"
            f"{self.against(now.operation, before.operation, operation)}。"
        )
        yield (
            f"3.公务接待费{self.amount(now.reception)}，{self.against(now.reception, before.reception, reception)}。"
        )

    def operation(self) -> str:
        """事业运行经费."""
        now, before = self.now.office, self.before.office
        return (
            f"本中心属于财政补助的事业单位，没有机关运行经费。{self.budget.year}年事业运行经费财政拨款预算为"
            f"{self.amount(now)}，较{self.budget.year - 1}年预算{self.change(now, before)}。"
            f"主要原因是：{self.budget.fact('reasons', 'office')}。"
        )

    def entrusted(self) -> str:
        """委托业务费."""
        now, before = self.now.entrusted, self.before.entrusted
        return (
            f"{self.budget.year}年本中心委托业务费财政拨款预算为{self.amount(now)}，"
            f"{self.against(now, before, self.budget.fact('reasons', 'entrusted'))}。"
        )

    def procurement(self) -> str:
        """政府采购."""
        bought = self.budget.purchases
        total = of(plus(purchase.money for purchase in bought))
        kinds = "，".join(
            f"政府采购{kind}预算{self.amount(of(plus(one.money for one in bought if one.kind == kind)))}"
            for kind in ("货物", "工程", "服务")
        )
        return f"本中心{self.budget.year}年政府采购预算{self.amount(total)}，其中：{kinds}。"

    def assets(self) -> Iterable[str]:
        """国有资产."""
        budget = self.budget
        counts = budget.fact("vehicles")
        kinds = "、".join(f"{kind}{count}辆" for kind, count in zip(budget.facts["vehicle_kinds"], counts, strict=True))
        yield (
            f"截至{budget.year - 1}年12月31日，本中心共有车辆{sum(counts)}辆，其中{kinds}；"
            "特种专业技术用车用于绿道巡护和高空修剪作业。"
        )
        equipment = budget.fact("large_equipment")
        yield f"本中心另有单位价值100万元以上的设备{equipment}台（件、套），用于林带修剪和路面养护。"
        yield f"{budget.year}年预算没有安排购置单位价值100万元以上的设备。"

    def performance(self) -> Iterable[str]:
        """预算绩效管理, up to the tables."""
        budget = self.budget
        money = plus(project.money for project in budget.projects)
        picked = next(project for project in budget.projects if project.name == budget.fact("evaluated"))
        yield "（一）总体情况"
        yield (
            f"{budget.year}年，本中心的项目支出全部编报绩效目标，涉及预算项目{len(budget.projects)}个，"
            f"预算资金{self.amount(of(money))}，其中财政拨款{self.amount(of(money, *APPROPRIATED))}。"
            f"计划对{picked.name}1个项目开展绩效评价，涉及预算资金{self.amount(of(picked.money))}，"
            f"其中财政拨款{self.amount(of(picked.money, *APPROPRIATED))}。"
            f"上一年度的评价意见已用于调整{budget.fact('improved')}等项目的预算规模和实施内容。"
        )
        yield "（二）项目绩效目标表（见后附各表）"

    def glossary(self) -> list[Line]:
        """第四部分."""
        terms = self.budget.facts["glossary"].items()
        return [("body", f"{ordinal(place)}、{term}：{meaning}") for place, (term, meaning) in enumerate(terms, 1)]
