"""How an invented place calls its tables and prints them, drawn once for a document."""

import random
from decimal import ROUND_HALF_UP, Decimal

WORDS = {  # what places call the same table, in one order
    "revenue_and_expenditure": (
        "部门收支总表",
        "部门收支预算总表",
        "收支总体情况表",
        "部门收支总体情况表",
        "收支预算总表",
    ),
    "revenue": ("部门收入总表", "部门收入预算总表", "收入总体情况表", "部门收入总体情况表", "收入预算总表"),
    "expenditure": ("部门支出总表", "部门支出预算总表", "支出总体情况表", "部门支出总体情况表", "支出预算总表"),
    "appropriation": (
        *("财政拨款收支总表", "财政拨款收支预算总表", "财政拨款收支总体情况表"),
        *("部门财政拨款收支总体情况表", "财政拨款收支预算总体情况表"),
    ),
    "general": (
        *("一般公共预算支出表", "一般公共预算支出预算表", "一般公共预算支出情况表"),
        *("一般公共预算财政拨款支出表", "一般公共预算支出功能分类预算表"),
    ),
    "basic": (
        *("一般公共预算基本支出表", "一般公共预算基本支出预算表", "一般公共预算基本支出情况表"),
        *("一般公共预算财政拨款基本支出表", "一般公共预算基本支出经济分类预算表"),
    ),
    "three": (
        *("一般公共预算“三公”经费支出表", "财政拨款“三公”经费预算表", "“三公”经费支出情况表"),
        *("一般公共预算“三公”经费支出情况表", "部门“三公”经费预算表"),
    ),
    "fund": (
        "政府性基金预算支出表",
        "政府性基金预算支出预算表",
        "政府性基金预算支出情况表",
        "政府性基金预算财政拨款支出表",
        "政府性基金支出预算表",
    ),
    "capital": (
        "国有资本经营预算支出表",
        "国有资本经营预算支出预算表",
        "国有资本经营预算支出情况表",
        "国有资本经营预算财政拨款支出表",
        "国有资本经营支出预算表",
    ),
    "projects": ("项目支出表", "项目支出预算表", "项目支出情况表", "部门预算项目支出表", "项目支出预算明细表"),
}
NUMBERS = ("公开表{}", "附表{}", "表{}", "预算{:02}表", "部门公开表{}", "附件{}", "表{:02}", "预算公开表{}", "")
ITEMS = {  # how the sources of money are called as revenue
    "general": (
        "一般公共预算拨款收入",
        "一般公共预算财政拨款收入",
        "一般公共预算资金",
        "一般公共预算收入",
        "一般公共预算",
    ),
    "fund": (
        "政府性基金预算拨款收入",
        "政府性基金预算财政拨款收入",
        "政府性基金预算资金",
        "政府性基金收入",
        "政府性基金预算",
    ),
    "capital": (
        "国有资本经营预算拨款收入",
        "国有资本经营预算财政拨款收入",
        "国有资本经营预算资金",
        "国有资本经营收入",
        "国有资本经营预算",
    ),
    "special": (
        "财政专户管理资金收入",
        "财政专户管理资金收入",
        "财政专户管理资金",
        "财政专户核拨资金",
        "财政专户管理资金",
    ),
    "service": ("事业收入", "事业收入", "事业收入资金", "事业收入", "事业收入"),
    "other": ("其他收入", "其他收入", "其他收入资金", "其他收入", "其他资金"),
}
CHINESE = "一二三四五六七八九十"


class Style:
    """How a place does things, drawn once for a document."""

    def __init__(self, seed: int) -> None:
        draw = random.Random(seed)
        self.draw = draw
        self.chosen: dict[str, str] = {}
        self.words = draw.randrange(5)
        self.number = draw.choice(NUMBERS)
        self.unit = draw.choice(("万元", "万元", "万元", "元", "元"))
        self.places = 2 if self.unit == "元" else draw.choice((2, 2, 2, 4, 6, 1))
        self.step = Decimal("0.01") if self.unit == "元" else Decimal(10000) / 10**self.places
        self.exact = draw.random() < 0.8
        self.zero = draw.choice(("", "", "0", "0.00", "-"))
        self.thousands = draw.random() < 0.5
        self.codes = draw.choice(("one", "one", "three", "none", "within"))
        self.levels = draw.choice(((3, 5, 7), (3, 5, 7), (7,), (3, 7)))
        self.indented = draw.random() < 0.5
        self.total = draw.choice(("合计", "合计", "总计", "合 计"))
        self.total_last = draw.random() < 0.15
        self.by_unit = draw.random() < 0.4
        self.sides = draw.choice(("function", "function", "kind", "both"))
        self.index_row = draw.random() < 0.25
        self.subtotal = draw.choice(("小计", "小计", "合计"))

    def draw_once(self, name: str, choices: tuple[str, ...]) -> str:
        """The same choice all through a document."""
        return self.chosen.setdefault(name, self.draw.choice(choices))

    def word(self, name: str) -> str:
        return WORDS[name][self.words]

    def item(self, name: str) -> str:
        return ITEMS[name][self.words]

    def amount(self, yuan: Decimal | None) -> str:
        """As printed; None is no cell of the row."""
        if yuan is None:
            return ""
        if not yuan:
            return self.zero
        value = yuan if self.unit == "元" else yuan / 10000
        rounded = value.quantize(Decimal(1).scaleb(-self.places), ROUND_HALF_UP)
        return f"{rounded:,}" if self.thousands else str(rounded)
