"""The tables of an invented budget, laid out and worded as one of the many places that publish such tables might."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from invented_budget import (
    APPROPRIATED,
    BASIC,
    ECONOMY,
    FUNCTIONS,
    GENERAL,
    GOVERNMENT,
    Budget,
    Which,
    anything,
    both,
    of,
)
from invented_style import CHINESE, Style

Path = tuple[str, ...]  # the texts of a column's header from above to below
ZERO = Decimal(0)


class Area(NamedTuple):
    """A cell of a table: the rows and columns that it takes (end exclusive), its text, whether the header has it."""

    row: int
    col: int
    row_end: int
    col_end: int
    text: str
    head: bool


class Table(NamedTuple):
    """A table to print: its number as printed and its title, columns by header, rows of texts; `<` in the place of a
    text goes on with the cell on its left.
    """

    number: str
    title: str
    columns: list[Path]
    rows: list[list[str]]
    note: str = ""

    def areas(self) -> Iterator[Area]:
        """Its cells, row by row."""
        depth = max(map(len, self.columns))
        for level in range(depth):
            place = 0
            while place < len(self.columns):
                path, end = self.columns[place], place + 1
                while (
                    len(path) > level + 1
                    and end < len(self.columns)
                    and self.columns[end][: level + 1] == path[: level + 1]
                ):
                    end += 1
                if len(path) > level:
                    yield Area(level, place, depth if len(path) == level + 1 else level + 1, end, path[level], True)
                place = end
        for number, row in enumerate(self.rows, depth):
            place = 0
            while place < len(row):
                end = place + 1
                while end < len(row) and row[end] == "<":
                    end += 1
                yield Area(number, place, number + 1, end, row[place], False)
                place = end


class Row(NamedTuple):
    """A line of a table: the texts that name it and what is chosen for it; `level` from 0, None of a total."""

    texts: list[str]
    which: Which
    level: int | None = None


Column = tuple[Path, Callable[[Row], Decimal | None]]


class Tables:
    """All tables of a budget in a style."""

    def __init__(self, budget: Budget, style: Style) -> None:
        self.budget, self.style = budget, style
        self.has = {one.fund for one in budget.spending}

    def all(self) -> Iterator[Table]:
        made = [
            self.revenue_and_expenditure(),
            self.revenue(),
            self.expenditure(),
            self.appropriation(),
            self.general(),
            self.basic(),
            self.three(),
            self.fund(),
            self.capital(),
            self.projects(),
        ]
        for number, table in enumerate(made, 1):
            yield table._replace(number=self.style.number.format(number))

    # ---- rows --------------------------------------------------------------------------------------------------------

    def function_rows(self, which: Which) -> tuple[list[Path], list[Row]]:
        """The tree of functions, by units where the place does so."""
        style, budget = self.style, self.budget
        heads: dict[str, list[Path]] = {
            "one": [("科目编码",), ("科目名称",)],
            "three": [("科目编码", "类"), ("科目编码", "款"), ("科目编码", "项"), ("科目名称",)],
            "none": [("功能分类科目名称",)],
            "within": [("功能分类科目",)],
        }
        columns = [("单位编码",), ("单位名称",)] if style.by_unit and len(budget.units) > 1 else []
        rows = []
        groups = [(code, name) for code, name in budget.units.items()] if columns else [("", "")]
        for unit, name in groups:
            chosen = both(which, of(unit=name)) if name else which
            if name and any(chosen(one) for one in budget.spending):
                rows.append(Row([unit, name, *[""] * len(heads[style.codes])], chosen, 0))
            for code in budget.functions(chosen):
                if len(code) in style.levels:
                    texts = [unit, name] if name else []
                    rows.append(Row([*texts, *self._function(code)], both(chosen, of(function=code)), len(code)))
        total = Row(self._total(len(columns) + len(heads[style.codes])), which)
        return columns + heads[style.codes], [*rows, total] if style.total_last else [total, *rows]

    def _function(self, code: str) -> list[str]:
        name, style = FUNCTIONS[code], self.style
        indent = "　" * (len(code) // 2 - 1) if style.indented else ""
        if style.codes == "three":
            return [code[:3], code[3:5], code[5:], indent + name]
        if style.codes == "one":
            return [code, indent + name]
        return [indent + (name if style.codes == "none" else f"{code} {name}")]

    def _total(self, width: int) -> list[str]:
        return [*[""] * (width - 1), self.style.total] if width > 1 else [self.style.total]

    def made(self, name: str, heads: list[Path], columns: Sequence[Column], rows: list[Row]) -> Table:
        texts = [[*row.texts, *(self.style.amount(value(row)) for _, value in columns)] for row in rows]
        paths = heads + [path for path, _ in columns]
        if self.style.index_row:
            count = len(heads)
            texts.insert(0, [*["**"] * count, *(str(number) for number in range(1, len(columns) + 1))])
        return Table("", f"{self.budget.year}年{self.style.word(name)}", paths, texts)

    def sum(self, which: Which = anything, previous: bool = False) -> Callable[[Row], Decimal | None]:
        return lambda row: self.budget.total(row.which, which, previous=previous)

    # ---- tables ------------------------------------------------------------------------------------------------------

    def two_sides(
        self, name: str, left: list[tuple[str, Decimal]], right: list[list[str]], heads: list[Path], side: str
    ) -> Table:
        count = max(len(left), len(right))
        first = [[text, self.style.amount(value)] for text, value in left]
        rows = [
            (first[number] if number < len(first) - 1 else ["", ""])
            + (right[number] if number < len(right) - 1 else [""] * len(heads))
            for number in range(count - 1)
        ]
        rows.append(first[-1] + right[-1])
        group = self.style.draw.choice((True, False))
        above: tuple[Path, Path] = (("收入",), ("支出",)) if group else ((), ())
        own: list[Path] = [(*above[0], "项目"), (*above[0], side)]
        return Table(
            "", f"{self.budget.year}年{self.style.word(name)}", own + [(*above[1], *one) for one in heads], rows
        )

    def sources(self, names: Sequence[str]) -> list[tuple[str, Decimal]]:
        return [
            (f"{CHINESE[place]}、{self.style.item(name)}", self.budget.total(of(fund=name)))
            for place, name in enumerate(names)
        ]

    def revenue_and_expenditure(self) -> Table:
        total, style = self.budget.total(), self.style
        carried = self.budget.total(of(fund="carried"))
        left = [
            *self.sources(("general", "fund", "capital", "special", "service", "other")),
            ("本年收入合计", total - carried),
            ("上年结转结余" if style.words % 2 else "上年结转", carried),
            ("收入总计", total),
        ]
        right = []
        if style.sides in ("kind", "both"):
            right += [
                ("一、基本支出", self.budget.total(BASIC)),
                ("　　人员经费", self.budget.total(of(kind="staff"))),
                ("　　公用经费", self.budget.total(of(kind="supplies"))),
                ("二、项目支出", self.budget.total(of(kind="project"))),
            ]
        if style.sides != "kind":
            place = 0
            for code in self.budget.functions():
                if len(code) == 3:
                    number = CHINESE[place] if style.sides == "function" else ""
                    right.append(
                        (
                            f"{number}、{FUNCTIONS[code]}" if number else FUNCTIONS[code],
                            self.budget.total(of(function=code)),
                        )
                    )
                    place += 1
            if style.sides == "both":
                right = right[:4]
        right += [("本年支出合计", total), ("结转下年", ZERO), ("支出总计", total)]
        texts = [[text, style.amount(value)] for text, value in right]
        amount = style.draw.choice(("预算数", "金额", f"{self.budget.year}年预算数", "预算金额"))
        return self.two_sides("revenue_and_expenditure", left, texts, [("项目",), (amount,)], amount)

    def revenue(self) -> Table:
        style, budget = self.style, self.budget
        if style.draw.random() < 0.5:
            heads, rows = self.function_rows(anything)
        else:
            heads = [("部门（单位）代码",), ("部门（单位）名称",)]
            rows = [Row(["", style.total], anything)]
            rows += [Row([code, name], of(unit=name), 0) for code, name in budget.units.items()]
        carried = of(fund="carried")
        current: list[Column] = [
            ((style.item(name),), self.sum(of(fund=name)))
            for name in ("general", "fund", "capital", "special", "service", "other")
        ]
        if style.draw.random() < 0.5:
            inner = [((*("本年收入",), *path), value) for path, value in current]
            current = [(("本年收入", style.subtotal), self.sum(lambda one: not carried(one))), *inner]
        last: list[Column] = [(("上年结转结余" if style.words % 2 else "上年结转",), self.sum(carried))]
        whole: list[Column] = [((style.total,), self.sum())]
        columns = whole + (last + current if style.draw.random() < 0.4 else current + last)
        return self.made("revenue", heads, columns, rows)

    def expenditure(self) -> Table:
        style = self.style
        heads, rows = self.function_rows(anything)
        kinds: list[list[Column]] = [
            [(("基本支出",), self.sum(BASIC)), (("项目支出",), self.sum(of(kind="project")))],
            [
                (("基本支出", style.subtotal), self.sum(BASIC)),
                (("基本支出", "人员经费"), self.sum(of(kind="staff"))),
                (("基本支出", "公用经费"), self.sum(of(kind="supplies"))),
                (("项目支出",), self.sum(of(kind="project"))),
            ],
            [
                (("人员类项目",), self.sum(of(kind="staff"))),
                (("运转类项目",), self.sum(of(kind="supplies"))),
                (("特定目标类项目",), self.sum(of(kind="project"))),
            ],
            [
                (("基本支出", style.subtotal), self.sum(BASIC)),
                (("基本支出", "工资福利支出"), self.sum(both(BASIC, of(economy="301")))),
                (("基本支出", "商品和服务支出"), self.sum(both(BASIC, of(economy="302")))),
                (("基本支出", "对个人和家庭的补助"), self.sum(both(BASIC, of(economy="303")))),
                (("基本支出", "资本性支出"), self.sum(both(BASIC, of(economy="310")))),
                (("项目支出",), self.sum(of(kind="project"))),
            ],
            [
                (("基本支出",), self.sum(BASIC)),
                (("项目支出", "小计"), self.sum(of(kind="project"))),
                (("项目支出", "其中：本年安排"), self.sum(both(of(kind="project"), lambda one: one.fund != "carried"))),
                (("项目支出", "上年结转"), self.sum(both(of(kind="project"), of(fund="carried")))),
            ],
        ]
        further = style.draw.choice((("上缴上级支出", "事业单位经营支出", "对附属单位补助支出"), ()))
        columns: list[Column] = [((style.total,), self.sum()), *style.draw.choice(kinds)]
        columns += [((name,), lambda row: ZERO) for name in further]
        return self.made("expenditure", heads, columns, rows)

    def appropriation(self) -> Table:
        style, budget = self.style, self.budget
        total = budget.total(APPROPRIATED)
        names = ("general", "fund", "capital")
        if style.draw.random() < 0.5:
            left = [
                ("一、本年收入", total),
                *(
                    (f"（{CHINESE[place]}）{style.item(name)}", budget.total(of(fund=name)))
                    for place, name in enumerate(names)
                ),
                ("二、上年结转", ZERO),
                *((f"（{CHINESE[place]}）{style.item(name)}", ZERO) for place, name in enumerate(names)),
                ("收入总计", total),
            ]
            first, last = "一、本年支出", "二、结转下年"
        else:
            left = [
                *(
                    (f"{CHINESE[place]}、{style.item(name)}", budget.total(of(fund=name)))
                    for place, name in enumerate(names)
                ),
                ("本年收入合计", total),
                ("上年结转", ZERO),
                ("收入总计", total),
            ]
            first, last = "", "年末结转结余"
        columns: list[tuple[Path, Which]] = [
            (("合计",), APPROPRIATED),
            (("一般公共预算",), GENERAL),
            (("政府性基金预算",), of(fund="fund")),
            (("国有资本经营预算",), of(fund="capital")),
        ]
        alone = style.draw.random() < 0.2
        columns = columns[:1] if alone else columns
        heads: list[Path] = [("项目",), *(path for path, _ in columns)] if not alone else [("项目",), ("预算数",)]

        def line(text: str, which: Which) -> list[str]:
            return [text, *(style.amount(budget.total(which, own)) for _, own in columns)]

        right = [line(first, APPROPRIATED)] if first else []
        place = 0
        for code in budget.functions(APPROPRIATED):
            if len(code) == 3:
                number = f"（{CHINESE[place]}）" if first else f"{CHINESE[place]}、"
                right.append(line(number + FUNCTIONS[code], both(APPROPRIATED, of(function=code))))
                place += 1
        right += [] if first else [line("本年支出合计", APPROPRIATED)]
        right += [[last, *(style.amount(ZERO) for _ in columns)], line("支出总计", APPROPRIATED)]
        return self.two_sides("appropriation", left, right, heads, "预算数")

    def general(self) -> Table:
        style, budget = self.style, self.budget
        heads, rows = self.function_rows(GENERAL)
        year = budget.year
        plain: list[Column] = [
            ((style.total,), self.sum()),
            (("基本支出",), self.sum(BASIC)),
            (("项目支出",), self.sum(of(kind="project"))),
        ]
        deep: list[Column] = [
            ((style.total,), self.sum()),
            (("基本支出", style.subtotal), self.sum(BASIC)),
            (("基本支出", "人员经费"), self.sum(of(kind="staff"))),
            (("基本支出", "公用经费"), self.sum(of(kind="supplies"))),
            (("项目支出",), self.sum(of(kind="project"))),
        ]

        def change(row: Row) -> Decimal:
            return budget.total(row.which) - budget.total(row.which, previous=True)

        years: list[Column] = [
            ((f"{year - 1}年预算数",), self.sum(previous=True)),
            ((f"{year}年预算数", style.subtotal), self.sum()),
            ((f"{year}年预算数", "基本支出"), self.sum(BASIC)),
            ((f"{year}年预算数", "项目支出"), self.sum(of(kind="project"))),
            ((f"{year}年预算数比{year - 1}年预算数", "增减额"), change),
        ]
        return self.made("general", heads, style.draw.choice((plain, deep, years)), rows)

    def basic(self) -> Table:
        style, budget = self.style, self.budget
        which = both(GENERAL, BASIC)
        names: list[list[Path]] = [
            [("科目编码",), ("科目名称",)],
            [("部门预算支出经济分类科目", "科目编码"), ("部门预算支出经济分类科目", "科目名称")],
            [("经济分类科目编码",), ("经济分类科目名称",)],
        ]
        heads = style.draw.choice(names)
        rows = [Row(["", style.total], which)]
        rows += [Row([code, ECONOMY[code]], both(which, of(economy=code)), len(code)) for code in budget.economy(which)]
        group = style.draw.choice(((), (f"{budget.year}年基本支出",), ("一般公共预算基本支出",)))
        columns: list[Column] = [
            ((*group, style.total), self.sum()),
            ((*group, "人员经费"), self.sum(of(kind="staff"))),
            ((*group, "公用经费"), self.sum(of(kind="supplies"))),
        ]
        if style.draw.random() < 0.3:
            heads = [("政府预算支出经济分类科目编码",), ("政府预算支出经济分类科目名称",)]
            codes = sorted({one.government[:size] for one in budget.spending if which(one) for size in (3, 5)})
            rows = [
                rows[0],
                *(Row([code, GOVERNMENT[code]], both(which, of(government=code)), len(code)) for code in codes),
            ]
        return self.made("basic", heads, columns, rows)

    def three(self) -> Table:
        style, three = self.style, self.budget.three_public
        names = (
            ("因公出国（境）费", "abroad"),
            ("公务用车购置及运行费", ""),
            ("公务用车购置费", "purchase"),
            ("公务用车运行费", "running"),
            ("公务接待费", "reception"),
        )

        def value(name: str, year: int) -> Decimal:
            own = {"": ("purchase", "running"), "all": tuple(three)}.get(name, (name,))
            return sum((three[one][year] for one in own), ZERO)

        year = self.budget.year
        kind = style.draw.choice(("columns", "columns of years", "rows"))
        title = f"{year}年{style.word('three')}"
        leaves: list[Path] = [
            ("“三公”经费合计",),
            ("因公出国（境）费",),
            ("公务用车购置及运行费", "小计"),
            ("公务用车购置及运行费", "公务用车购置费"),
            ("公务用车购置及运行费", "公务用车运行费"),
            ("公务接待费",),
        ]
        order = ("all", *(name for _, name in names))
        if kind == "columns":
            return Table("", title, leaves, [[style.amount(value(name, 0)) for name in order]])
        if kind == "columns of years":
            paths = [(f"{one}年预算数", *path) for one in (year - 1, year) for path in leaves]
            return Table("", title, paths, [[style.amount(value(name, back)) for back in (1, 0) for name in order]])
        numbered = [
            "合计",
            "1、因公出国（境）费",
            "2、公务用车购置及运行费",
            "其中：公务用车购置费",
            "公务用车运行费",
            "3、公务接待费",
        ]
        rows = [
            [text, style.amount(value(name, 1)), style.amount(value(name, 0))]
            for text, name in zip(numbered, order, strict=True)
        ]
        return Table("", title, [("项目",), (f"{year - 1}年预算数",), (f"{year}年预算数",)], rows)

    def fund(self) -> Table:
        which = of(fund="fund")
        if "fund" not in self.has:
            return self._empty("fund", "政府性基金预算")
        heads, rows = self.function_rows(which)
        columns: list[Column] = [
            ((self.style.total,), self.sum()),
            (("基本支出",), self.sum(BASIC)),
            (("项目支出",), self.sum(of(kind="project"))),
        ]
        return self.made("fund", heads, columns, rows)

    def capital(self) -> Table:
        return self._empty("capital", "国有资本经营预算")

    def _empty(self, name: str, money: str) -> Table:
        paths: list[Path] = [("科目编码",), ("科目名称",), ("合计",), ("基本支出",), ("项目支出",)]
        rows = [[""] * len(paths) for _ in range(self.style.draw.choice((1, 3)))]
        note = f"注：{self.budget.name}{self.budget.year}年没有{money}安排的支出，故本表无数据。"
        return Table("", f"{self.budget.year}年{self.style.word(name)}", paths, rows, note)

    def projects(self) -> Table:
        style, budget = self.style, self.budget
        which = of(kind="project")
        rows = [Row([style.total, ""], which)]
        for unit in budget.units.values():
            own = both(which, of(unit=unit))
            rows += [Row([unit, name], both(own, of(project=name)), 0) for name in budget.projects(own)]
        columns: list[Column] = [
            ((style.total,), self.sum()),
            (("财政拨款", style.subtotal), self.sum(APPROPRIATED)),
            (("财政拨款", "一般公共预算"), self.sum(GENERAL)),
            (("财政拨款", "政府性基金预算"), self.sum(of(fund="fund"))),
            (("财政拨款", "国有资本经营预算"), self.sum(of(fund="capital"))),
            (("财政专户管理资金",), lambda row: ZERO),
            (("单位资金",), self.sum(of(fund="service|other"))),
            (("上年结转",), self.sum(of(fund="carried"))),
        ]
        return self.made("projects", [("单位名称",), ("项目名称",)], columns, rows)
