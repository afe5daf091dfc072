"""公开表1 to 12 of a budget, in the two styles of the samples."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from sample_maker.budget import APPROPRIATED, UNIT_FUNDS, ZERO, Budget, Money, of
from sample_maker.flat_odt import Cell, text_width
from sample_maker.sheets import ORDINALS, Form, Head, Style, ordinal

CATEGORIES = {
    "201": "一般公共服务支出",
    "202": "外交支出",
    "204": "公共安全支出",
    "205": "教育支出",
    "206": "科学技术支出",
    "207": "文化旅游体育与传媒支出",
    "208": "社会保障和就业支出",
    "210": "卫生健康支出",
    "211": "节能环保支出",
    "212": "城乡社区支出",
    "213": "农林水支出",
    "214": "交通运输支出",
    "215": "资源勘探工业信息等支出",
    "216": "商业服务业等支出",
    "217": "金融支出",
    "220": "自然资源海洋气象等支出",
    "221": "住房保障支出",
    "222": "粮油物资储备支出",
    "223": "国有资本经营预算支出",
    "224": "灾害防治及应急管理支出",
    "229": "其他支出",
}
FUND_NAMES = {"general": "一般公共预算", "fund": "政府性基金预算", "state": "国有资本经营预算"}
ALL_USES = ("personnel", "office", "project")
BASIC_USES = ("personnel", "office")


def code_heads(*widths: float) -> Head:
    """科目编码 over 类, 款 and 项."""
    return Head("科目编码", parts=tuple(Head(label, width) for label, width in zip("类款项", widths, strict=False)))


def right(texts: Iterable[str]) -> list[Cell]:
    """Amount cells."""
    return [Cell(text, "right") for text in texts]


def tree(leaves: Iterable[tuple[str, Sequence[Decimal]]]) -> Iterator[tuple[str, list[Decimal]]]:
    """Codes with their amounts, the sums of every higher code before them, the whole (code "") first."""
    sums: dict[str, list[Decimal]] = {}
    for code, amounts in leaves:
        for length in (0, 3, 5, 7):
            held = sums.get(code[:length], [ZERO] * len(amounts))
            sums[code[:length]] = [a + b for a, b in zip(held, amounts, strict=True)]
    yield from ((code, amounts) for code, amounts in sorted(sums.items()) if any(amounts))


def function_rows(
    budget: Budget, style: Style, leaves: Iterable[tuple[str, Sequence[Decimal]]]
) -> list[tuple[str, list[Cell]]]:
    """The rows of a table by 功能分类, each with its code."""
    rows = []
    for code, amounts in tree(leaves):
        level = (len(code) - 3) // 2 if code else 0
        name = budget.facts["functions"][code] if code else style.spread("合计")
        cells = [Cell(part) for part in style.codes(code)]
        cells.append(Cell(name, "left" if code else "center", indent=0 if style.old else max(level, 0)))
        rows.append((code, cells + right(map(style.amount, amounts))))
    return rows


def appropriation_heads(width: float, label: str = "财政拨款", ending: str = "预算") -> Head:
    """财政拨款 with its subtotal and three budgets."""
    names = ("小计", *(name.removesuffix("预算") + ending for name in FUND_NAMES.values()))
    return Head(label, parts=tuple(Head(name, width) for name in names))


def source_heads(width: float) -> tuple[Head, ...]:
    """The fund columns of 公开表10, 11 and 12."""
    names = ("财政专户管理资金", "单位资金", "使用非财政拨款结余", "上年结转")
    return (appropriation_heads(width), *(Head(name, width) for name in names))


def sources(amounts: Money) -> list[Decimal]:
    """合计 and the fund columns of 公开表10, 11 and 12."""
    return [
        of(amounts),
        of(amounts, *APPROPRIATED),
        *(of(amounts, fund) for fund in APPROPRIATED),
        ZERO,
        of(amounts, *UNIT_FUNDS),
        ZERO,
        of(amounts, "carried"),
    ]


def by_category(budget: Budget, *funds: str) -> list[Decimal]:
    """Expenditure by 类, in the order of the two-sided tables."""
    spent = budget.spending()
    return [sum((of(s.money, *funds) for s in spent if s.function[:3] == code), ZERO) for code in CATEGORIES]


def category_names() -> list[str]:
    """一、一般公共服务支出 and so on."""
    return [f"{ordinal(place)}、{name}" for place, name in enumerate(CATEGORIES.values(), 1)]


def overview(budget: Budget, style: Style) -> Form:
    """公开表1: both sides of the whole budget."""
    held = budget.summary().money
    total, carried = of(held), of(held, "carried")
    left = [
        ("一、财政拨款收入", of(held, *APPROPRIATED), 0),
        *((f"{FUND_NAMES[fund]}收入", of(held, fund), 0 if style.old else 1) for fund in APPROPRIATED),
        ("二、财政专户管理资金收入", ZERO, 0),
        ("三、事业收入（不含教育收费）", of(held, "service"), 0),
        ("四、事业单位经营收入", ZERO, 0),
        ("五、其他收入", of(held, "other"), 0),
    ]
    income = [[Cell(name, "left", indent=indent), *right([style.amount(value)])] for name, value, indent in left]
    income += [[Cell(), Cell()]] * (len(CATEGORIES) - len(left))
    outgo = [
        [Cell(name, "left"), *right([style.amount(value)])]
        for name, value in zip(category_names(), by_category(budget), strict=True)
    ]
    gap = [] if style.old else [[Cell()] * 4]
    closing = [
        ("上级补助收入", ZERO, ""),
        ("附属单位上缴收入", ZERO, "对附属单位的补助支出"),
        ("使用非财政拨款结余", ZERO, "上缴上级支出"),
        ("上年结转", carried, "结转下年"),
    ]

    def both(income_name: str, income: Decimal, outgo_name: str, outgo: Decimal) -> list[Cell]:
        printed = [style.amount(income), style.amount(outgo)]
        return [
            Cell(style.spread(income_name)), Cell(printed[0], "right"),
            Cell(style.spread(outgo_name)), Cell(printed[1], "right"),
        ]  # fmt: skip

    rows = [
        *(a + b for a, b in zip(income, outgo, strict=True)),
        *gap,
        both("本年收入合计", total - carried, "本年支出合计", total),
        *gap,
        *(
            [Cell(a, "left"), *right([style.amount(value)]), Cell(b, "left"), Cell("", "right")]
            for a, value, b in closing
        ),
        both("收入总计", total, "支出总计", total),
    ]
    page = "landscape" if style.old else "narrow"
    unit = text_width(page) / 18
    return Form(
        1,
        "收支总体情况表",
        (
            Head(style.spread("收入"), parts=(Head("项目", 5.4 * unit), Head("预算数", 3.6 * unit))),
            Head(style.spread("支出"), parts=(Head("项目", 5.4 * unit), Head("预算数", 3.6 * unit))),
        ),
        rows,
        page=page,
        per_page=20 if style.old else len(rows),
        height=0.68 if style.old else 0.74,
        points=10,
    )


def revenue(budget: Budget, style: Style) -> Form:
    """公开表2: revenue by function and source."""

    def columns(amounts: Money) -> list[Decimal]:
        return [
            of(amounts),
            of(amounts, *APPROPRIATED),
            *(of(amounts, fund) for fund in APPROPRIATED),
            ZERO,
            of(amounts, "service"),
            ZERO,
            of(amounts, "other"),
            ZERO,
            ZERO,
            ZERO,
            of(amounts, "carried"),
        ]

    names = (
        "财政专户管理资金收入", "事业收入（不含教育收费）", "事业单位经营收入", "其他收入",
        "上级补助收入", "附属单位上缴收入", "使用非财政拨款结余", "上年结转",
    )  # fmt: skip
    return Form(
        2,
        "收入总体情况表",
        (
            code_heads(0.95, 0.75, 0.75),
            Head("科目名称", 4.45),
            Head("合计", 1.75),
            appropriation_heads(1.65, "财政拨款收入", "预算收入"),
            *(Head(name, 1.43) for name in names),
        ),
        [row for _, row in function_rows(budget, style, ((s.function, columns(s.money)) for s in budget.spending()))],
        points=8,
    )


def expenditure(budget: Budget, style: Style) -> Form:
    """公开表3: expenditure by function and use."""
    empty = ("上缴上级支出", "对附属单位补助支出", "事业单位经营支出", "结转下年") if style.old else ("结转下年",)
    leaves = (
        (
            s.function,
            [
                of(s.money),
                of(s.money) if s.use in BASIC_USES else ZERO,
                of(s.money) if s.use == "project" else ZERO,
                *(ZERO for _ in empty),
            ],
        )
        for s in budget.spending()
    )
    width = (26.7 - 3 - 7.7) / (3 + len(empty))
    names = ("合计", "基本支出", "项目支出", *empty)
    return Form(
        3,
        "支出总体情况表",
        (code_heads(1.1, 0.95, 0.95), Head("科目名称", 7.7), *(Head(name, width) for name in names)),
        [row for _, row in function_rows(budget, style, leaves)],
    )


def appropriations(budget: Budget, style: Style) -> Form:
    """公开表4: both sides of what is appropriated."""
    held = budget.summary().money
    total = [of(held, *APPROPRIATED), *(of(held, fund) for fund in APPROPRIATED)]
    income = [
        [Cell(f"{ORDINALS[place]}、{FUND_NAMES[fund]}收入", "left"), *right([style.amount(of(held, fund))])]
        for place, fund in enumerate(APPROPRIATED)
    ]
    income += [[Cell(), Cell()]] * (len(CATEGORIES) - len(income))
    spent = zip(by_category(budget, *APPROPRIATED), *(by_category(budget, fund) for fund in APPROPRIATED), strict=True)
    outgo = [
        [Cell(name, "left"), *right(map(style.amount, amounts))]
        for name, amounts in zip(category_names(), spent, strict=True)
    ]
    blank = [Cell("", "right")] * 4

    def both(income_name: str, outgo_name: str) -> list[Cell]:
        return [
            Cell(style.spread(income_name)),
            *right([style.amount(total[0])]),
            Cell(style.spread(outgo_name)),
            *right(map(style.amount, total)),
        ]

    rows = [a + b for a, b in zip(income, outgo, strict=True)]
    if style.old:
        parts = [f"{'其中：' if fund == 'general' else ''}{FUND_NAMES[fund]}结转" for fund in APPROPRIATED]
        rows += [
            both("本年收入合计", "本年支出合计"),
            [Cell("上年结转", "left"), Cell(), Cell("结转下年", "left"), *blank],
            *([Cell(part, "left"), Cell(), Cell(), *blank] for part in parts),
            both("收入总计", "支出总计"),
        ]
    else:
        gap = [Cell()] * 7
        carried = [Cell("上年结转", "left"), Cell(), Cell("结转下年", "left"), *blank]
        rows += [gap, both("本年收入合计", "本年支出合计"), gap, carried, gap, both("收入总计", "支出总计")]
    names = ("总计", *FUND_NAMES.values())
    outgo_heads = (Head("项目", 6.2), Head("预算数", parts=tuple(Head(name, 2.9) for name in names)))
    return Form(
        4,
        "财政拨款收支总体情况表",
        (
            Head(style.spread("收入"), parts=(Head("项目", 5.6), Head("预算数", 3.3))),
            Head(style.spread("支出"), parts=outgo_heads),
        ),
        rows,
        per_page=17,
        filled=False,
    )


def by_use(budget: Budget, style: Style, number: int, fund: str) -> Form:
    """公开表5, 8 and 9: expenditure of one budget by function and use."""

    def columns(use: str, amounts: Money) -> list[Decimal]:
        held = {use: of(amounts, fund)}
        return [
            of(amounts, fund),
            sum((held.get(name, ZERO) for name in BASIC_USES), ZERO),
            *(held.get(name, ZERO) for name in ALL_USES),
        ]

    rows = function_rows(budget, style, ((s.function, columns(s.use, s.money)) for s in budget.spending()))
    label = style.spread("小计")
    uses = Head("基本支出", parts=(Head(label, 3.1), Head("人员支出", 3.1), Head("日常公用支出", 3.1)))
    form = Form(
        number,
        f"{FUND_NAMES[fund]}支出情况表",
        (
            code_heads(1.1, 0.95, 0.95),
            Head("科目名称", 7.9),
            Head(style.spread("合计"), 3.3),
            uses,
            Head("项目支出", 3.2),
        ),
        [row for _, row in misprinted(budget, style, number, rows)],
    )
    if form.rows:
        return form
    blank = [] if style.old else [[Cell()] * 9]
    said = f"{budget.year}年本单位未安排{FUND_NAMES[fund]}拨款的支出。"
    return replace(form, rows=blank, note=f"注：{said}" if style.old else f"（注：{said}）")


def misprinted(
    budget: Budget, style: Style, number: int, rows: list[tuple[str, list[Cell]]]
) -> list[tuple[str, list[Cell]]]:
    """The rows, with the year's misprint put in where it belongs."""
    wrong = budget.misprint
    if wrong is None or wrong.table != number:
        return rows
    place = 4 + ("total", "basic", "personnel", "office", "project").index(wrong.column)
    return [
        (code, [*row[:place], Cell(style.amount(wrong.printed), "right"), *row[place + 1 :]])
        if code == wrong.code
        else (code, row)
        for code, row in rows
    ]


def economic_rows(
    budget: Budget, style: Style, lines: Iterable[tuple[str, str, Sequence[Decimal]]], both_totals: bool
) -> list[list[Cell]]:
    """The rows of a table by both 经济分类: the whole, then every pair of 类 with its 款."""
    groups: dict[tuple[str, str], list[tuple[str, str, Sequence[Decimal]]]] = {}
    for economic, government, amounts in lines:
        if any(amounts):
            groups.setdefault((economic[:3], government[:3]), []).append((economic, government, amounts))

    def row(economic: str, government: str, amounts: Iterable[Decimal]) -> list[Cell]:
        indent = 1 if len(economic) > 3 and not style.old else 0
        return [
            Cell(economic[:3]), Cell(economic[3:]),
            Cell(budget.facts["economic"][economic], "left", indent=indent),
            Cell(government[:3]), Cell(government[3:]),
            Cell(budget.facts["government"][government], "left", indent=indent),
            *right(map(style.amount, amounts)),
        ]  # fmt: skip

    def total(members: Iterable[Sequence[Decimal]]) -> list[Decimal]:
        return [sum(column, ZERO) for column in zip(*members, strict=True)]

    whole = total(amounts for group in groups.values() for *_, amounts in group)
    rows = [
        [
            Cell(), Cell(), Cell("合计"), Cell(), Cell(), Cell("合计" if both_totals else ""),
            *right(map(style.amount, whole)),
        ]
    ]  # fmt: skip
    for (economic, government), group in sorted(groups.items()):
        rows.append(row(economic, government, total(amounts for *_, amounts in group)))
        rows += [row(*member) for member in sorted(group)]
    return rows


def economic_heads(codes: float, name: float, suffix: str) -> tuple[Head, ...]:
    """The name and code columns of 公开表6 and 10."""
    return (
        code_heads(codes, codes),
        Head(f"部门预算支出经济分类科目{suffix}", name),
        code_heads(codes, codes),
        Head(f"政府预算支出经济分类科目{suffix}", name),
    )


def general_basic(budget: Budget, style: Style) -> Form:
    """公开表6: basic expenditure of the general budget by 经济分类."""

    def columns(use: str, amount: Decimal) -> list[Decimal]:
        return [amount, *(amount if use == name else ZERO for name in BASIC_USES)]

    lines = ((line.economic, line.government, columns(line.use, of(line.money, "general"))) for line in budget.basics)
    parts = (Head("小计", 3.4), Head("人员支出", 3.4), Head("日常公用支出", 3.4))
    return Form(
        6,
        "一般公共预算基本支出情况表",
        (*economic_heads(1.15, 5.95, "名称"), Head("基本支出预算", parts=parts)),
        economic_rows(budget, style, lines, both_totals=False),
        per_page=21,
        height=0.63,
    )


def three_public(budget: Budget, style: Style) -> Form:
    """公开表7: “三公” of last year and of this one."""
    vehicles = Head(
        "公务用车购置及运行维护费",
        parts=(Head("小计", 2.15), Head("公务用车购置经费", 2.3), Head("公务用车运行维护费", 2.3)),
    )
    heads = tuple(
        Head(
            f"{year}年预算数",
            parts=(Head("合计", 2.2), Head("因公出国（境）经费", 2.2), vehicles, Head("公务接待费", 2.2)),
        )
        for year in (budget.year - 1, budget.year)
    )
    row = [
        amount
        for travel in (budget.before.travel, budget.travel)
        for amount in (
            travel.total, travel.overseas, travel.vehicles, travel.purchase, travel.operation, travel.reception,
        )
    ]  # fmt: skip
    return Form(7, "一般公共预算“三公”经费支出情况表", heads, [right(map(style.amount, row))], height=1.0)


def basic_expenditure(budget: Budget, style: Style) -> Form:
    """公开表10: basic expenditure by 经济分类 and source."""
    lines = ((line.economic, line.government, sources(line.money)) for line in budget.basics)
    return Form(
        10,
        "基本支出预算情况表",
        (*economic_heads(0.9, 4.35, ""), Head("合计", 1.68), *source_heads(1.5275)),
        economic_rows(budget, style, lines, both_totals=style.old),
        per_page=21,
        height=0.63,
        points=7.5,
    )


def project_expenditure(budget: Budget, style: Style) -> Form:
    """公开表11: the projects and their sources."""

    def row(name: Cell, kind: str, amounts: Money) -> list[Cell]:
        return [name, Cell(kind), *right(map(style.amount, sources(amounts)))]

    return Form(
        11,
        "项目支出预算情况表",
        (
            Head("项目名称", 7.0),
            Head("项目类型" if style.old else "项目类别", 2.3),
            Head("合计", 2.04),
            *source_heads(1.92),
        ),
        [
            row(Cell(style.spread("合计")), "", budget.project()),
            *(row(Cell(project.name, "left"), project.kind, project.money) for project in budget.projects),
        ],
    )


def procurement(budget: Budget, style: Style) -> Form:
    """公开表12: what is bought, by function and source."""
    leaves = ((purchase.function, sources(purchase.money)) for purchase in budget.purchases)
    columns = (Head("合计", 2.1), *source_heads(1.92))
    return Form(
        12,
        "政府采购预算情况表" if style.old else "政府采购预算表",
        (
            code_heads(1.0, 0.9, 0.9),
            Head("科目名称", 6.44),
            *((Head("资金来源", parts=columns),) if style.old else columns),
        ),
        [row for _, row in function_rows(budget, style, leaves)],
    )


def forms(budget: Budget, style: Style) -> list[Form]:
    """公开表1 to 12."""
    return [
        overview(budget, style),
        revenue(budget, style),
        expenditure(budget, style),
        appropriations(budget, style),
        by_use(budget, style, 5, "general"),
        general_basic(budget, style),
        three_public(budget, style),
        by_use(budget, style, 8, "fund"),
        by_use(budget, style, 9, "state"),
        basic_expenditure(budget, style),
        project_expenditure(budget, style),
        procurement(budget, style),
    ]
