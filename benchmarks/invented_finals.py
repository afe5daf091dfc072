"""The final account of an invented agency: the ministry's tables, and what is said of them in one of many ways."""

from collections.abc import Iterator
from decimal import Decimal

from invented_budget import APPROPRIATED, BASIC, ECONOMY, FUNCTIONS, GENERAL, Which, anything, both, of
from invented_prose import Prose
from invented_style import CHINESE
from invented_tables import ZERO, Column, Path, Row, Table, Tables

TITLES = (
    *("收入支出决算总表", "收入决算表", "支出决算表", "财政拨款收入支出决算总表", "一般公共预算财政拨款支出决算表"),
    *("一般公共预算财政拨款基本支出决算表", "财政拨款“三公”经费支出决算表"),
    *("政府性基金预算财政拨款收入支出决算表", "国有资本经营预算财政拨款支出决算表"),
)
REVENUES = ("财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入")
CURRENT = of(fund="general|fund|service|other")


def appropriated(which: Which) -> Which:
    return both(APPROPRIATED, which)


class FinalTables(Tables):
    """The nine tables; money that was carried over is opening balance."""

    def all(self) -> Iterator[Table]:
        made = [
            self.whole(),
            self.revenues(),
            self.spending(),
            self.of_appropriation(),
            self.general(),
            self.basic(),
            self.three(),
            self.fund(),
            self.capital(),
        ]
        number = self.style.draw.choice(("公开{:02}表", "公开{:02}表", "表{}", "附表{}", ""))
        for place, (table, title) in enumerate(zip(made, TITLES, strict=True), 1):
            yield table._replace(number=number.format(place), title=title)

    def numbered(self, heads: list[Path], rows: list[list[str]]) -> Table:
        return Table("", "", heads, rows)

    def whole(self) -> Table:
        total, carried = self.budget.total(), self.budget.total(of(fund="carried"))
        amount = self.style.amount
        names = ("general", "fund", "capital")
        left = [
            (f"{CHINESE[n]}、{self.style_name(one)}", self.budget.total(of(fund=one))) for n, one in enumerate(names)
        ]
        others = ("上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入")
        funds = {"事业收入": "service", "其他收入": "other"}
        left += [
            (f"{CHINESE[n]}、{name}", self.budget.total(of(fund=funds[name])) if name in funds else ZERO)
            for n, name in enumerate(others, 3)
        ]
        tail = [
            ("本年收入合计", total - carried),
            ("使用非财政拨款结余", ZERO),
            ("年初结转和结余", carried),
            ("总计", total),
        ]
        right = [
            (f"{CHINESE[n]}、{FUNCTIONS[code]}", self.budget.total(of(function=code)))
            for n, code in enumerate(code for code in self.budget.functions() if len(code) == 3)
        ]
        end = [("本年支出合计", total), ("结余分配", ZERO), ("年末结转和结余", ZERO), ("总计", total)]
        return self.sides(
            left,
            tail,
            [[text, amount(one)] for text, one in right],
            [[text, amount(one)] for text, one in end],
            [("决算数",)],
        )

    def style_name(self, fund: str) -> str:
        return {
            "general": "一般公共预算财政拨款收入",
            "fund": "政府性基金预算财政拨款收入",
            "capital": "国有资本经营预算财政拨款收入",
        }[fund]

    def sides(
        self,
        left: list[tuple[str, Decimal]],
        tail: list[tuple[str, Decimal]],
        right: list[list[str]],
        end: list[list[str]],
        columns: list[Path],
    ) -> Table:
        lines = self.style.draw.random() < 0.7
        count = max(len(left), len(right))
        first = [[text, self.style.amount(one)] for text, one in left]
        rows = []
        for place in range(count + len(tail)):
            last = place - count
            mine = (
                [tail[last][0], self.style.amount(tail[last][1])]
                if last >= 0
                else (first[place] if place < len(first) else ["", ""])
            )
            other = end[last] if last >= 0 else (right[place] if place < len(right) else [""] * (1 + len(columns)))
            if lines:
                mine, other = [mine[0], str(place + 1), mine[1]], [other[0], str(place + 40), *other[1:]]
            rows.append(mine + other)
        line: list[Path] = [("行次",)] if lines else []
        heads = [("收入", *one) for one in [("项目",), *line, ("金额",)]]
        heads += [("支出", *one) for one in [("项目",), *line, *(columns if len(columns) > 1 else [("金额",)])]]
        return self.numbered(heads, rows)

    def functions(self, which: Which) -> tuple[list[Path], list[Row]]:
        heads: list[Path] = [("项目", "科目代码"), ("项目", "科目名称")]
        rows = [Row(["", "合计"], which)]
        rows += [
            Row([code, FUNCTIONS[code]], both(which, of(function=code)), len(code))
            for code in self.budget.functions(which)
        ]
        return heads, rows

    def revenues(self) -> Table:
        which = of(fund="general|fund|service|other")
        funds = {"财政拨款收入": "general|fund", "事业收入": "service", "其他收入": "other"}
        columns: list[Column] = [(("本年收入合计",), self.sum())]
        columns += [((name,), self.sum(of(fund=funds.get(name, "none")))) for name in REVENUES]
        return self.made("revenue", *self.functions(which)[:1], columns, self.functions(which)[1])

    def spending(self) -> Table:
        columns: list[Column] = [
            (("本年支出合计",), self.sum()),
            (("基本支出",), self.sum(BASIC)),
            (("项目支出",), self.sum(of(kind="project"))),
            *(((name,), lambda row: ZERO) for name in ("上缴上级支出", "经营支出", "对附属单位补助支出")),
        ]
        heads, rows = self.functions(anything)
        return self.made("expenditure", heads, columns, rows)

    def of_appropriation(self) -> Table:
        names = ("general", "fund", "capital")
        budget, amount = self.budget, self.style.amount
        left = [
            (f"{CHINESE[n]}、{self.style_name(one)[:-2]}", budget.total(of(fund=one))) for n, one in enumerate(names)
        ]
        total = budget.total(APPROPRIATED)
        tail = [("本年收入合计", total), ("年初财政拨款结转和结余", ZERO), ("总计", total)]
        ways = [APPROPRIATED, *(of(fund=one) for one in names)]

        def line(text: str, which: Which) -> list[str]:
            return [text, *(amount(budget.total(which, way)) for way in ways)]

        right = [
            line(f"{CHINESE[n]}、{FUNCTIONS[code]}", both(APPROPRIATED, of(function=code)))
            for n, code in enumerate(code for code in budget.functions(APPROPRIATED) if len(code) == 3)
        ]
        end = [
            line("本年支出合计", APPROPRIATED),
            ["年末财政拨款结转和结余", *(amount(ZERO) for _ in ways)],
            line("总计", APPROPRIATED),
        ]
        columns: list[Path] = [
            ("合计",),
            ("一般公共预算财政拨款",),
            ("政府性基金预算财政拨款",),
            ("国有资本经营预算财政拨款",),
        ]
        return self.sides(left, tail, right, end, columns)

    def general(self) -> Table:
        heads, rows = self.functions(GENERAL)
        columns: list[Column] = [
            (("本年支出", "小计"), self.sum()),
            (("本年支出", "基本支出"), self.sum(BASIC)),
            (("本年支出", "项目支出"), self.sum(of(kind="project"))),
        ]
        return self.made("general", heads, columns, rows)

    def basic(self) -> Table:
        """Three lists of classes side by side, the staff's in the first."""
        which = both(GENERAL, BASIC)
        listed = {
            kind: [
                [code, ECONOMY[code], self.style.amount(self.budget.total(GENERAL, of(kind=kind), of(economy=code)))]
                for code in self.budget.economy(GENERAL, of(kind=kind))
            ]
            for kind in ("staff", "supplies")
        }
        blank = ["", "", ""]
        half = (len(listed["supplies"]) + 1) // 2
        lists = [listed["staff"], listed["supplies"][:half], listed["supplies"][half:]]
        rows = [
            [text for one in lists for text in (one[place] if place < len(one) else blank)]
            for place in range(max(map(len, lists)))
        ]
        totals = [self.style.amount(self.budget.total(which, of(kind=kind))) for kind in ("staff", "supplies")]
        rows.append(["人员经费合计", "<", totals[0], "公用经费合计", "<", "<", "<", "<", totals[1]])
        heads: list[Path] = [
            (group, name)
            for group in ("人员经费", "公用经费", "公用经费")
            for name in ("科目代码", "科目名称", "决算数")
        ]
        return self.numbered(heads, rows)

    def three(self) -> Table:
        three = self.budget.three_public
        heads: list[Path] = [
            (side, *path)
            for side in ("预算数", "决算数")
            for path in (
                ("合计",),
                ("因公出国（境）费",),
                ("公务用车购置及运行维护费", "小计"),
                ("公务用车购置及运行维护费", "公务用车购置费"),
                ("公务用车购置及运行维护费", "公务用车运行维护费"),
                ("公务接待费",),
            )
        ]
        row = []
        for back in (1, 0):
            abroad, new, running, guests = (
                three[name][back] for name in ("abroad", "purchase", "running", "reception")
            )
            row += [abroad + new + running + guests, abroad, new + running, new, running, guests]
        return self.numbered(heads, [[self.style.amount(one) for one in row]])

    def fund(self) -> Table:
        which = of(fund="fund")
        if "fund" not in self.has:
            return self._empty("fund", "政府性基金预算财政拨款")
        heads, rows = self.functions(which)
        columns: list[Column] = [
            (("年初结转和结余",), lambda row: ZERO),
            (("本年收入",), self.sum()),
            (("本年支出", "小计"), self.sum()),
            (("本年支出", "基本支出"), self.sum(BASIC)),
            (("本年支出", "项目支出"), self.sum(of(kind="project"))),
            (("年末结转和结余",), lambda row: ZERO),
        ]
        return self.made("fund", heads, columns, rows)


class FinalProse(Prose):
    """What is said of a final account."""

    def paragraphs(self) -> Iterator[str]:
        year, last = f"{self.year}年度", self.draw.choice((f"{self.year - 1}年度", f"{self.year - 1}年", "上年"))
        total, before = self.budget.total(), self.budget.total(previous=True)
        carried = self.budget.total(of(fund="carried"))
        yield "一、收入支出决算总体情况说明"
        yield self.draw.choice(
            (
                f"{year}收、支总计{self.amount(total)}。与{last}"
                f"相比，收、支总计各{self.more(total, before)}"
                f"，{self.why()}。",
                f"{year}收入总计{self.amount(total)}，支出总计{self.amount(total)}"
                f"。与{last}相比，收入支出各{self.more(total, before)}"
                f"。{self.why()}。",
                f"{year}收入、支出总计{self.amount(total)}，与{last}相比，收、支总计{self.more(total, before)}。",
            )
        )
        yield "二、收入决算情况说明"
        own = [
            (name, self.budget.total(of(fund=fund)))
            for name, fund in (("财政拨款收入", "general|fund"), ("事业收入", "service"), ("其他收入", "other"))
        ]
        yield (
            f"{year}收入合计{self.amount(total - carried)}"
            f"，其中：{self.parts([one for one in own if one[1]], total - carried)}"
            "。"
        )
        yield "三、支出决算情况说明"
        basic, project = self.budget.total(BASIC), self.budget.total(of(kind="project"))
        yield (
            f"{year}支出合计{self.amount(total)}，其中：基本支出{self.amount(basic)}，占{self.share(basic, total)}"
            f"；项目支出{self.amount(project)}，占{self.share(project, total)}。"
        )
        yield "四、财政拨款收入支出决算总体情况说明"
        money, then = self.budget.total(APPROPRIATED), self.budget.total(APPROPRIATED, previous=True)
        yield (
            f"{year}财政拨款收、支总计{self.amount(money)}。与{last}"
            f"相比，财政拨款收、支总计各{self.more(money, then)}"
            f"，{self.why()}。"
        )
        yield "五、一般公共预算财政拨款支出决算情况说明"
        yield from self.of_general(year, last, total)
        yield "六、一般公共预算财政拨款基本支出决算情况说明"
        yield from self.basic()
        yield "七、财政拨款“三公”经费支出决算情况说明"
        yield from self.three_final(year)
        supplies = self.budget.total(GENERAL, of(kind="supplies"))
        yield "八、机关运行经费支出说明"
        yield (
            f"{year}机关运行经费支出{self.amount(supplies)}"
            f"，{self.change(supplies, self.budget.total(GENERAL, of(kind='supplies'), previous=True))}"
            "。"
        )

    def more(self, now: Decimal, before: Decimal) -> str:
        words = self.change(now, before)
        at = max(words.find(verb) for verb in ("增加", "减少", "持平", "无变化"))
        return words[at:]

    def planned(self, code: str) -> Decimal:
        """The budget that stood at the year's beginning: that of the year before."""
        return self.budget.total(GENERAL, of(function=code), previous=True)

    def of_general(self, year: str, last: str, all_spent: Decimal) -> Iterator[str]:
        total, before = self.budget.total(GENERAL), self.budget.total(GENERAL, previous=True)
        yield "（一）总体情况"
        yield (
            f"{year}一般公共预算财政拨款支出{self.amount(total)}，占本年支出合计的{self.share(total, all_spent)}"
            f"。与{last}相比，一般公共预算财政拨款支出{self.more(total, before)}，{self.why()}。"
        )
        yield "（二）结构情况"
        yield (
            f"{year}一般公共预算财政拨款支出{self.amount(total)}"
            f"，主要用于以下方面：{self.parts(self.classes(GENERAL), total)}"
            "。"
        )
        yield "（三）具体情况"
        yield (
            f"{year}一般公共预算财政拨款支出年初预算为{self.amount(before)}"
            f"，支出决算为{self.amount(total)}，完成年初预算的{self.share(total, before)}"
            "。其中："
        )
        way = self.draw.randrange(3)
        for number, code in enumerate((code for code in self.budget.functions(GENERAL) if len(code) == 7), 1):
            now, plan = self.budget.total(GENERAL, of(function=code)), self.planned(code)
            first, second, third = (FUNCTIONS[code[:size]] for size in (3, 5, 7))
            named = f"{first}（类）{second}（款）{third}（项）"
            done = f"完成年初预算的{self.share(now, plan)}" if plan else "年初未安排预算"
            against = "大于" if now > plan else "小于" if now < plan else "等于"
            yield (
                f"{number}.{named}。年初预算为{self.amount(plan)}，支出决算为{self.amount(now)}，{done}"
                f"。决算数{against}年初预算数的主要原因：人员变动。",
                f"{number}、{named}：年初预算{self.amount(plan)}"
                f"，支出决算{self.amount(now)}，{done}，决算数{against}"
                f"预算数，{self.why()}。",
                f"{named}支出决算{self.amount(now)}，年初预算{self.amount(plan)}，{done}。",
            )[way]

    def three_final(self, year: str) -> Iterator[str]:
        three = self.budget.three_public
        spent, planned = (sum((one[back] for one in three.values()), Decimal(0)) for back in (0, 1))
        yield (
            f"{year}“三公”经费财政拨款支出预算为{self.amount(planned)}"
            f"，支出决算为{self.amount(spent)}，完成预算的{self.share(spent, planned)}"
            "。"
        )
        cars = three["purchase"][0] + three["running"][0]
        yield (
            f"其中：因公出国（境）费支出决算{self.amount(three['abroad'][0])}"
            f"，占{self.share(three['abroad'][0], spent)}"
            f"；公务用车购置及运行维护费支出决算{self.amount(cars)}"
            f"，占{self.share(cars, spent)}；公务接待费支出决算{self.amount(three['reception'][0])}"
            f"，占{self.share(three['reception'][0], spent)}"
            "。"
        )
