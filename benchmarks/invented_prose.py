"""What an invented agency says of its budget in words: each matter in one of the ways that places put it."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from invented_budget import APPROPRIATED, BASIC, ECONOMY, FUNCTIONS, GENERAL, Budget, Which, both, of
from invented_style import Style

SOURCES = {
    "general": "一般公共预算拨款收入",
    "fund": "政府性基金预算拨款收入",
    "service": "事业收入",
    "other": "其他收入",
    "carried": "上年结转",
}


class Prose:
    """The explanation of a budget, paragraph by paragraph."""

    def __init__(self, budget: Budget, style: Style) -> None:
        self.budget, self.style, self.draw = budget, style, style.draw
        self.year, self.name = budget.year, budget.name
        self.whole = style.draw.random() < 0.2  # amounts in words without needless zeros

    def paragraphs(self) -> Iterator[str]:
        yield from (self.overall(), self.revenue(), self.expenditure(), self.appropriation(), *self.general())
        yield from (*self.basic(), self.three(), self.others())

    def amount(self, yuan: Decimal) -> str:
        style = self.style
        places = 2 if style.unit == "元" else style.places
        value = (yuan / 10000).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        text = f"{value:,}" if style.thousands and places == 2 and style.words == 3 else str(value)
        if self.whole and "." in text:
            text = text.rstrip("0").rstrip(".")
        return f"{text}万元"

    def share(self, part: Decimal, whole: Decimal) -> str:
        return f"{(part / whole * 100).quantize(Decimal('0.01'), ROUND_HALF_UP)}%" if whole else "0%"

    def change(self, now: Decimal, before: Decimal) -> str:
        """How much more or less than the year before."""
        against = self.draw.choice(
            (f"比{self.year - 1}年", "比上年", "与上年相比", f"较{self.year - 1}年预算数", "比上年预算数")
        )
        more = now - before
        if not more:
            return f"{against}{self.draw.choice(('持平', '无变化', '增加0万元'))}"
        verb = "增加" if more > 0 else "减少"
        rate = (
            f"，{self.draw.choice(('增长', '上升') if more > 0 else ('下降', '降低'))}{self.share(abs(more), before)}"
            if before
            else ""
        )
        return f"{against}{verb}{self.amount(abs(more))}{rate}"

    def why(self) -> str:
        return self.draw.choice(
            (
                "主要原因是人员工资正常调整",
                f"主要原因是按照过紧日子要求压减一般性支出{self.amount(Decimal(125000))}",
                f"主要是新增林区道路养护项目{self.amount(Decimal(350000))}，其中管护经费{self.amount(Decimal(50000))}",
                "主要原因：一是人员增加3人；二是项目减少2个",
                "主要用于保障机关正常运转的各项支出",
            )
        )

    def parts(self, parts: list[tuple[str, Decimal]], whole: Decimal, share: bool = True) -> str:
        sign = self.draw.choice(("；", "；", "，", "、"))
        told = []
        for name, part in parts:
            words = f"{name}{self.amount(part)}"
            told.append(f"{words}，占{self.share(part, whole)}" if share and sign != "、" else words)
        return sign.join(told)

    def overall(self) -> str:
        total, before = self.budget.total(), self.budget.total(previous=True)
        return self.draw.choice(
            (
                f"{self.year}年收支总预算{self.amount(total)}，{self.change(total, before)}，{self.why()}。",
                f"按照综合预算的原则，{self.name}所有收入和支出均纳入部门预算管理。"
                f"收入总计{self.amount(total)}，支出总计{self.amount(total)}"
                "。",
                f"{self.name}{self.year}年部门收入总预算{self.amount(total)}，支出总预算{self.amount(total)}"
                f"，{self.change(total, before)}。",
            )
        )

    def revenue(self) -> str:
        total = self.budget.total()
        parts = [(name, self.budget.total(of(fund=fund))) for fund, name in SOURCES.items()]
        own = [(name, part) for name, part in parts if part]
        began = self.draw.choice(
            (
                f"{self.year}年收入预算{self.amount(total)}，",
                f"本年收入预算合计{self.amount(total)}，",
                f"{self.name}{self.year}年收入预算{self.amount(total)}，",
            )
        )
        return f"{began}其中：{self.parts(own, total)}。"

    def expenditure(self) -> str:
        total = self.budget.total()
        basic, project = self.budget.total(BASIC), self.budget.total(of(kind="project"))
        own = [("基本支出", basic), ("项目支出", project)]
        return self.draw.choice(
            (
                f"{self.year}年支出预算{self.amount(total)}，其中：{self.parts(own, total)}。",
                f"{self.name}{self.year}年支出预算{self.amount(total)}，按支出类别分：{self.parts(own, total)}。",
                f"{self.year}年本年支出合计{self.amount(total)}"
                f"，其中基本支出{self.amount(basic)}，占{self.share(basic, total)}"
                f"，主要用于人员和公用支出；项目支出{self.amount(project)}，占{self.share(project, total)}"
                "，主要用于林业发展。",
            )
        )

    def classes(self, which: Which) -> list[tuple[str, Decimal]]:
        return [
            (f"{FUNCTIONS[code]}{self.style.draw.choice(('', '（类）'))}", self.budget.total(which, of(function=code)))
            for code in self.budget.functions(which)
            if len(code) == 3
        ]

    def appropriation(self) -> str:
        total = self.budget.total(APPROPRIATED)
        general, fund = self.budget.total(GENERAL), self.budget.total(of(fund="fund"))
        return self.draw.choice(
            (
                f"{self.year}年财政拨款收支总预算{self.amount(total)}。收入包括：一般公共预算拨款{self.amount(general)}"
                f"、政府性基金预算拨款{self.amount(fund)}"
                f"。支出包括：{self.parts(self.classes(APPROPRIATED), total, share=False)}"
                "。",
                f"{self.year}年财政拨款收入总预算{self.amount(total)}，其中一般公共预算{self.amount(general)}"
                f"；政府性基金预算{self.amount(fund)}。支出按功能分类：{self.parts(self.classes(APPROPRIATED), total)}"
                "。",
            )
        )

    def general(self) -> Iterator[str]:
        total, before = self.budget.total(GENERAL), self.budget.total(GENERAL, previous=True)
        yield self.draw.choice(
            (
                f"{self.year}年一般公共预算支出{self.amount(total)}，{self.change(total, before)}，{self.why()}。",
                f"{self.name}{self.year}年一般公共预算当年拨款{self.amount(total)}"
                f"，{self.change(total, before)}。{self.why()}"
                "。",
                f"{self.year}年一般公共预算财政拨款支出预算{self.amount(total)}，{self.change(total, before)}。",
            )
        )
        yield f"一般公共预算当年拨款结构情况：{self.parts(self.classes(GENERAL), total)}。"
        items = [code for code in self.budget.functions(GENERAL) if len(code) == 7]
        way = self.draw.randrange(3)
        for number, code in enumerate(items, 1):
            now = self.budget.total(GENERAL, of(function=code))
            change = self.change(now, self.budget.total(GENERAL, of(function=code), previous=True))
            first, second, third = (FUNCTIONS[code[:size]] for size in (3, 5, 7))
            named = f"{first}（类）{second}（款）{third}（项）"
            yield (
                f"{number}.{named}{self.year}年预算数为{self.amount(now)}，{change}，{self.why()}。",
                f"{number}、{named}：{self.year}年预算{self.amount(now)}，{self.why()}。",
                f"（{number}）{named}安排支出{self.amount(now)}，{change}。{self.why()}。",
            )[way]

    def basic(self) -> Iterator[str]:
        which = both(GENERAL, BASIC)
        staff, supplies = self.budget.total(GENERAL, of(kind="staff")), self.budget.total(GENERAL, of(kind="supplies"))
        names = {
            kind: "、".join(ECONOMY[code] for code in self.budget.economy(GENERAL, of(kind=kind)) if len(code) == 5)
            for kind in ("staff", "supplies")
        }
        yield f"{self.year}年一般公共预算基本支出{self.amount(self.budget.total(which))}，其中："
        yield f"人员经费{self.amount(staff)}，主要包括：{names['staff']}。"
        yield f"公用经费{self.amount(supplies)}，主要包括：{names['supplies']}。"

    def three(self) -> str:
        three = self.budget.three_public
        total, before = (sum((one[back] for one in three.values()), Decimal(0)) for back in (0, 1))
        cars = three["purchase"][0] + three["running"][0]
        money = {name: self.amount(one[0]) for name, one in three.items()}
        return self.draw.choice(
            (
                f"{self.year}年“三公”经费预算{self.amount(total)}，{self.change(total, before)}"
                f"。其中：因公出国（境）费{money['abroad']}"
                f"，公务用车购置及运行费{self.amount(cars)}"
                f"（其中：公务用车购置费{money['purchase']}"
                f"，公务用车运行费{money['running']}），公务接待费{money['reception']}。",
                f"{self.year}年“三公”经费预算数为{self.amount(total)}，其中：因公出国（境）费{money['abroad']}"
                f"、公务接待费{money['reception']}、公务用车购置及运行费{self.amount(cars)}"
                f"。{self.year}年“三公”经费预算{self.change(total, before)}"
                f"，{self.why()}。",
                f"1.因公出国（境）费{money['abroad']}，{self.change(*three['abroad'])}"
                f"。2.公务接待费{money['reception']}"
                f"，{self.change(*three['reception'])}，{self.why()}。3.公务用车购置费{money['purchase']}"
                f"，公务用车运行费{money['running']}。",
            )
        )

    def others(self) -> str:
        supplies = self.budget.total(GENERAL, of(kind="supplies"))
        projects = self.budget.total(of(kind="project"))
        count = len(self.budget.projects())
        return self.draw.choice(
            (
                f"{self.year}年机关运行经费预算{self.amount(supplies)}"
                f"。截至{self.year - 1}年12月31日，共有车辆3辆，"
                "单价50万元以上通用设备0台（套）。",
                f"{self.year}年实行绩效目标管理的项目{count}个，涉及预算资金{self.amount(projects)}。",
                f"{self.year}年本部门项目支出{self.amount(projects)}"
                "全部纳入绩效管理。国有资产占有使用情况："
                "办公用房面积1,200.50平方米，"
                f"价值{self.amount(Decimal(3500000))}。",
            )
        )
