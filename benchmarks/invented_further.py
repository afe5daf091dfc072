"""Tables of an invented budget that only some places publish: lists of projects with their classes, purchases, classes
as columns, money by source and kind at once.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

from invented_budget import (
    APPROPRIATED,
    BASIC,
    ECONOMY,
    FUNCTIONS,
    GENERAL,
    GOVERNMENT,
    Spending,
    Which,
    anything,
    both,
    of,
)
from invented_tables import ZERO, Column, Path, Row, Table, Tables

PROJECT = of(kind="project")


def nothing(_: Row) -> Decimal:
    return ZERO


class FurtherTables(Tables):
    """What a place may publish beyond the usual tables, some of it drawn for a document."""

    def all(self) -> Iterator[Table]:
        others: dict[int, Callable[[], Table]] = {
            1: self.revenue_by_place,
            2: self.expenditure_by_source,
            4: self.general_and_last_year,
            5: self.basic_twofold,
            6: self.three_and_change,
        }
        beside = [self.appropriation_expenditure, self.classes_as_columns, self.government_by_source]
        beside += [self.project_list, self.purchases, self.operation]
        usual = [
            others[place]() if place in others and self.style.draw.random() < 0.5 else table
            for place, table in enumerate(super().all())
        ]
        more = [maker() for maker in self.style.draw.sample(beside, 3)]
        for number, table in enumerate([*usual, *more], 1):
            yield table._replace(number=self.style.number.format(number))

    def titled(self, name: str, table: Table) -> Table:
        return table._replace(title=f"{self.budget.year}年{name}")

    def of_source(self, *names: str) -> Which:
        return of(fund="|".join(names))

    def expenditure_by_source(self) -> Table:
        heads, rows = self.function_rows(anything)
        own = "财政专户管理资金的支出"
        general, fund = GENERAL, of(fund="fund")
        columns: list[Column] = [
            (("合计",), self.sum()),
            (("一般公共预算", "小计"), self.sum(general)),
            (("一般公共预算", "基本支出"), self.sum(both(general, BASIC))),
            (("一般公共预算", "项目支出"), self.sum(both(general, PROJECT))),
            (("政府性基金预算",), self.sum(fund)),
            (("国有资本经营预算",), nothing),
            ((own,), nothing),
            (("单位资金", "小计"), self.sum(of(fund="service|other"))),
            (("单位资金", "事业支出"), self.sum(of(fund="service"))),
            (("单位资金", "事业单位经营支出"), nothing),
            (("单位资金", "上级补助支出"), nothing),
            (("单位资金", "附属单位补助支出"), nothing),
            (("单位资金", "其他支出"), self.sum(of(fund="other"))),
            (("上年结转",), self.sum(of(fund="carried"))),
        ]
        return self.made("expenditure", heads, columns, rows)

    def revenue_by_place(self) -> Table:
        heads: list[Path] = [("项目", "科目编码", "类"), ("项目", "科目编码", "款"), ("项目", "科目编码", "项")]
        heads += [("项目", "单位代码"), ("项目", "单位名称（科目）")]
        rows = [Row(["", "", "", "", "合计"], anything)]
        for code, unit in self.budget.units.items():
            own = of(unit=unit)
            rows.append(Row(["", "", "", code, unit], own, 0))
            rows += [
                Row([one[:3], one[3:5], one[5:], code, "　" + FUNCTIONS[one]], both(own, of(function=one)), 7)
                for one in self.budget.functions(own)
                if len(one) == 7
            ]
        columns: list[Column] = [
            (("合计",), self.sum()),
            (("上年结转",), self.sum(of(fund="carried"))),
            (("一般公共预算拨款收入",), self.sum(GENERAL)),
            (("政府性基金预算拨款收入",), self.sum(of(fund="fund"))),
            (("国有资本经营预算拨款收入",), nothing),
            (("事业收入", "金额"), self.sum(of(fund="service"))),
            (("事业收入", "其中：教育收费"), nothing),
            (("事业单位经营收入",), nothing),
            (("其他收入",), self.sum(of(fund="other"))),
            (("上级补助收入",), nothing),
            (("附属单位上缴收入",), nothing),
            (("用事业基金弥补收支差额",), nothing),
        ]
        return self.made("revenue", heads, columns, rows)

    def appropriation_expenditure(self) -> Table:
        heads, rows = self.function_rows(APPROPRIATED)
        columns: list[Column] = [(("合计",), self.sum())]
        for name, which in (("一般公共预算拨款", GENERAL), ("政府性基金预算拨款", of(fund="fund"))):
            columns += [
                ((name, "小计"), self.sum(which)),
                ((name, "基本支出"), self.sum(both(which, BASIC))),
                ((name, "项目支出"), self.sum(both(which, PROJECT))),
            ]
        name = self.style.draw.choice(("财政拨款支出预算表", "财政拨款支出表", "财政拨款支出预算总表"))
        return self.titled(name, self.made("general", heads, columns, rows))

    def general_and_last_year(self) -> Table:
        style, budget = self.style, self.budget
        heads, rows = self.function_rows(GENERAL)
        last, year = f"{budget.year - 1}年执行数", f"{budget.year}年预算数"
        change = f"{budget.year}年预算数比{budget.year - 1}年执行数"

        def rate(row: Row) -> Decimal | None:
            before = budget.total(row.which, previous=True)
            return (budget.total(row.which) - before) / before * 100 if before else None

        columns: list[Column] = [
            ((last,), self.sum(previous=True)),
            ((year, "小计"), self.sum()),
            ((year, "基本支出"), self.sum(BASIC)),
            ((year, "项目支出"), self.sum(PROJECT)),
            ((change, "增减额"), lambda row: budget.total(row.which) - budget.total(row.which, previous=True)),
        ]
        table = self.made("general", heads, columns, rows)
        shown = [
            row if row[0] == "**" else [*row, self.rate(rate(rows[number - style.index_row]))]
            for number, row in enumerate(table.rows)
        ]
        if style.index_row:
            shown[0] = [*table.rows[0], str(len(columns) + 1)]
        return table._replace(columns=[*table.columns, (change, "增减%")], rows=shown)

    def rate(self, value: Decimal | None) -> str:
        return "" if value is None else f"{value:.2f}"

    def three_and_change(self) -> Table:
        style, three, year = self.style, self.budget.three_public, self.budget.year
        lines = [
            ("合计", tuple(three)),
            ("1.因公出国（境）费", ("abroad",)),
            ("2.公务接待费", ("reception",)),
            ("3.公务用车购置及运行费", ("purchase", "running")),
            ("（1）公务用车购置费", ("purchase",)),
            ("（2）公务用车运行费", ("running",)),
        ]
        rows = []
        for text, names in lines:
            now, before = (sum((three[name][back] for name in names), ZERO) for back in (0, 1))
            change = (now - before) / before * 100 if before else None
            rows.append(
                [text, *map(style.amount, (before, now, now - before)), f"{change:.2f}%" if change else ""],
            )
        paths: list[Path] = [
            ("项目",),
            (f"{year - 1}年年初预算数",),
            (f"{year}年年初预算数",),
            (f"{year}年比{year - 1}年增减情况", "增减额"),
            (f"{year}年比{year - 1}年增减情况", "增减幅度"),
        ]
        return Table("", f"{year}年{style.word('three')}", paths, rows)

    def basic_twofold(self) -> Table:
        budget = self.budget
        which = both(GENERAL, BASIC)
        heads: list[Path] = [("部门预算经济分类", "科目编码"), ("部门预算经济分类", "科目名称")]
        rows = [Row(["", "合计"], which)]
        rows += [Row([code, ECONOMY[code]], both(which, of(economy=code)), len(code)) for code in budget.economy(which)]
        codes = sorted({one.government[:size] for one in budget.spending if which(one) for size in (3, 5)})
        other = [Row(["", "合计"], which)]
        other += [Row([code, GOVERNMENT[code]], both(which, of(government=code)), len(code)) for code in codes]
        columns: list[Column] = [(("部门预算经济分类", "预算数"), self.sum())]
        left = self.made("basic", heads, columns, rows)
        heads = [("政府预算经济分类", "科目编码"), ("政府预算经济分类", "科目名称")]
        right = self.made("basic", heads, [(("政府预算经济分类", "预算数"), self.sum())], other)
        count = max(len(left.rows), len(right.rows))
        texts = [
            (left.rows[place] if place < len(left.rows) else [""] * 3)
            + (right.rows[place] if place < len(right.rows) else [""] * 3)
            for place in range(count)
        ]
        return Table("", left.title, [*left.columns, *right.columns], texts)

    def classes_as_columns(self) -> Table:
        which = self.style.draw.choice((anything, GENERAL, both(GENERAL, BASIC)))
        heads, rows = self.function_rows(which)
        codes = [code for code in self.budget.economy(which) if len(code) == 3]
        columns: list[Column] = [(("合计",), self.sum())]
        columns += [((ECONOMY[code],), self.sum(of(economy=code))) for code in codes]
        name = {
            anything: "部门支出经济分类汇总表",
            GENERAL: "一般公共预算支出经济分类汇总表",
        }.get(which, "一般公共预算基本支出经济分类汇总表")
        return self.titled(name, self.made("expenditure", heads, columns, rows))

    def government_by_source(self) -> Table:
        codes = sorted({one.government[:size] for one in self.budget.spending for size in (3, 5)})
        rows = [Row(["", "合计"], anything)]
        rows += [Row([code, GOVERNMENT[code]], of(government=code), len(code)) for code in codes]
        columns: list[Column] = [
            (("总计",), self.sum()),
            (("财政拨款", "小计"), self.sum(APPROPRIATED)),
            (("财政拨款", "一般公共预算"), self.sum(GENERAL)),
            (("财政拨款", "政府性基金预算"), self.sum(of(fund="fund"))),
            (("其他资金",), self.sum(of(fund="service|other"))),
            (("上年结转",), self.sum(of(fund="carried"))),
        ]
        heads: list[Path] = [("科目编码",), ("科目名称（政府预算支出经济分类）",)]
        name = "支出预算表（政府预算支出经济分类）"
        return self.titled(name, self.made("expenditure", heads, columns, rows))

    def project_list(self) -> Table:
        keys: dict[tuple[str, str, str, str], list[Spending]] = {}
        for one in self.budget.spending:
            if one.kind == "project":
                keys.setdefault((one.unit, one.project, one.function, one.economy), []).append(one)
        rows = [Row([""] * 5 + ["合计"], PROJECT)]
        for unit, project, function, economy in sorted(keys):
            which = of(unit=unit, project=project, function=function, economy=economy)
            rows.append(
                Row([unit, project, function, FUNCTIONS[function], economy, ECONOMY[economy]], both(PROJECT, which), 0)
            )
        heads: list[Path] = [("单位名称",), ("项目名称",), ("功能科目编码",), ("功能科目名称",)]
        heads += [("经济科目编码",), ("经济科目名称",)]
        columns: list[Column] = [
            (("合计",), self.sum()),
            (("本年拨款", "财政拨款小计"), self.sum(APPROPRIATED)),
            (("本年拨款", "一般公共预算"), self.sum(GENERAL)),
            (("本年拨款", "政府性基金预算"), self.sum(of(fund="fund"))),
            (("单位资金",), self.sum(of(fund="service|other"))),
            (("上年结转",), self.sum(of(fund="carried"))),
        ]
        name = "项目支出预算表（其他运转类、特定目标类项目）"
        return self.titled(name, self.made("projects", heads, columns, rows))

    def purchases(self) -> Table:
        style, draw = self.style, self.style.draw
        bought = [(name, draw.randint(1, 40), self.price(draw.randint(2, 90))) for name in ("台式计算机", "复印纸")]
        bought.append(("物业管理服务", 1, self.price(draw.randint(100, 900))))
        total = sum((amount for *_, amount in bought), ZERO)
        paths: list[Path] = [("采购项目名称",), ("采购品目",), ("计量单位",), ("数量",), ("合计",)]
        paths += [("一般公共预算",), ("政府性基金",), ("单位资金",)]
        rows = [["合计", "", "", "", *map(style.amount, (total, total, ZERO, ZERO))]]
        rows += [
            ["办公设备更新", name, "批", str(count), *map(style.amount, (amount, amount, ZERO, ZERO))]
            for name, count, amount in bought
        ]
        return Table("", f"{self.budget.year}年部门政府采购预算表", paths, rows)

    def price(self, thousands: int) -> Decimal:
        return Decimal(thousands * 1000) // self.style.step * self.style.step

    def operation(self) -> Table:
        which = both(GENERAL, of(kind="supplies"))
        rows = [Row(["", "合计"], which)]
        rows += [
            Row([code, ECONOMY[code]], both(which, of(economy=code)), 1)
            for code in self.budget.economy(which)
            if len(code) == 5
        ]
        columns: list[Column] = [(("预算数",), self.sum())]
        heads: list[Path] = [("科目编码",), ("科目名称",)]
        return self.titled("机关运行经费预算表", self.made("basic", heads, columns, rows))
