"""The performance tables: 项目支出绩效目标表 of the older style, 政策和项目预算绩效目标表 of the newer."""

from collections.abc import Sequence

from sample_maker.budget import APPROPRIATED, Budget, Project, of
from sample_maker.flat_odt import Cell, FlatText
from sample_maker.sheets import Style

WIDTHS = (2.0, 2.5, 3.4, 3.0, 2.5, 4.6)
INDICATORS_A_PAGE = 15


def runs(labels: Sequence[tuple[str, ...]]) -> list[int]:
    """For each label how long the run of equal labels is that it begins; 0 inside a run."""
    lengths = [0] * len(labels)
    begin = 0
    for place, label in enumerate(labels):
        begin = begin if label == labels[begin] else place
        lengths[begin] += 1
    return lengths


def target_head(budget: Budget, project: Project, style: Style) -> list[list[Cell]]:
    """The upper part of a performance table."""
    department = budget.facts["department"]
    code = budget.facts["department_code"]
    appropriated = of(project.money, *APPROPRIATED)
    amounts = (
        ("年度预算资金总额：", "left", of(project.money)),
        ("其中：财政拨款", "left", appropriated),
        ("其他资金", "center", of(project.money) - appropriated),
    )
    printed = [[Cell(label, align, columns=2), Cell(f"{value:.2f}", columns=2)] for label, align, value in amounts]
    goal = (
        [Cell("年度总体绩效目标", columns=2), Cell(project.goal, "left", columns=4)]
        if style.old
        else [Cell("总体目标"), Cell(project.goal, "left", columns=5)]
    )
    return [
        [Cell("项目名称", columns=2), Cell(project.name, columns=4)],
        [
            Cell("主管部门及代码", columns=2),
            Cell(f"[{code}]{department}" if style.old else f"{code}_{department}", columns=2),
            Cell("实施单位"),
            Cell(budget.name),
        ],
        [Cell("项目资金(万元)" if style.old else "项目资金（万元）", columns=2, rows=3), *printed[0]],
        *printed[1:],
        goal,
    ]


def indicator_rows(project: Project, start: int, end: int, style: Style) -> list[list[Cell]]:
    """The lower part of a performance table; labels are merged, in the newer style within each 二级指标 only."""
    part = project.indicators[start:end]
    second = runs([(one.level_1, one.level_2) for one in part])
    first = runs([(one.level_1,) for one in part]) if style.old else second
    rows = []
    for one, outer, inner in zip(part, first, second, strict=True):
        row = [] if style.old or not inner else [Cell("绩效指标", rows=inner)]
        row += [Cell(one.level_1, rows=outer)] if outer else []
        level_2 = one.level_2 if style.old else one.level_2.replace("成本指标", "成本")
        row += [Cell(level_2, rows=inner)] if inner else []
        rows.append([*row, Cell(one.level_3, columns=2), Cell(one.target)])
    labels = [Cell("一级指标"), Cell("二级指标"), Cell("三级指标", columns=2), Cell("指标值")]
    if style.old:
        return [[Cell("绩效指标", rows=len(part) + 1), *labels], *rows]
    return [[Cell(), *labels], *rows] if start == 0 else rows


def print_targets(text: FlatText, budget: Budget, project: Project, style: Style) -> None:
    """Append the performance table of a project; the newer style breaks a long one, with the title but no header."""
    count = len(project.indicators)
    first_page = count if style.old else INDICATORS_A_PAGE
    for start in range(0, count, first_page):
        above = target_head(budget, project, style) if start == 0 else []
        below = indicator_rows(project, start, min(start + first_page, count), style)
        text.paragraph("项目支出绩效目标表" if style.old else "政策和项目预算绩效目标表", "form-title", page="narrow")
        if not style.old:
            text.paragraph(f"({budget.year}年度)", "form-year")
        low, goal = (0.75, 1.6) if style.old else (0.98, 2.6)
        heights = [low] * (len(above) - 1) + [goal] * bool(above) + [low] * len(below)
        text.table(WIDTHS, above + below, heights, 10)
