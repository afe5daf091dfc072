"""The prose of final accounts, in the ways of several provinces: what was spent, the budgets beside it, and how much of
them that is; each held against the tables of final accounts.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

import pytest
from test_checks import rows_of

from extract.checks.evidence import Evidence
from extract.checks.in_prose import check_statements
from extract.document.pipeline import Knowledge
from extract.model.page import Line
from extract.model.report import Check, Statement
from extract.prose.sentences import Prose

TITLE = [Line(20, "第三部分"), Line(20, "部门决算情况说明")]
TABLES = {
    "final_revenue_and_expenditure": [
        {"side": "revenue", "item": "一、一般公共预算财政拨款收入", "amount": "1100.00"},
        {"side": "revenue", "item": "本年收入合计", "amount": "1200.00"},
        {"side": "revenue", "item": "年初结转和结余", "amount": "50.00"},
        {"side": "revenue", "item": "总计", "amount": "1250.00"},
        {"side": "expenditure", "item": "本年支出合计", "amount": "1210.00"},
        {"side": "expenditure", "item": "年末结转和结余", "amount": "40.00"},
        {"side": "expenditure", "item": "总计", "amount": "1250.00"},
    ],
    "final_revenue": [
        {"exp_func_name": "合计", "total": "1200.00", "fiscal_appropriation": "1150.00", "other_revenue": "50.00"}
    ],
    "final_expenditure": [{"exp_func_name": "合计", "total": "1210.00", "basic": "800.00", "project": "410.00"}],
    "final_fiscal_appropriation": [
        {"side": "revenue", "item": "本年收入合计", "total": "1150.00"},
        {"side": "revenue", "item": "总计", "total": "1160.00"},
    ],
    "final_general_public_expenditure": [
        {"exp_func_code": "", "exp_func_name": "合计", "total": "1100.00", "basic": "760.00", "project": "340.00"},
        {"exp_func_code": "205", "exp_func_name": "教育支出", "total": "100.00", "basic": "60.00"},
        {"exp_func_code": "20508", "exp_func_name": "进修及培训", "total": "100.00", "basic": "60.00"},
        {"exp_func_code": "2050803", "exp_func_name": "培训支出", "total": "100.00", "basic": "60.00"},
        {"exp_func_code": "213", "exp_func_name": "农林水支出", "total": "1000.00", "basic": "700.00"},
        {"exp_func_code": "21302", "exp_func_name": "林业和草原", "total": "1000.00", "basic": "700.00"},
        {"exp_func_code": "2130204", "exp_func_name": "事业机构", "total": "1000.00", "basic": "700.00"},
    ],
    "final_general_public_basic_expenditure": [
        {"dep_bgt_eco_name": "人员经费合计", "amount": "700.00"},
        {"dep_bgt_eco_name": "公用经费合计", "amount": "60.00"},
    ],
    "final_three_public_expenses": [
        {"measure": "budget", "total": "5.00", "vehicles": "3.00", "reception": "2.00"},
        {"measure": "final", "total": "3.60", "vehicles": "3.00", "reception": "0.60"},
    ],
}
EAST = """一、收入支出决算总体情况说明
澜州市苗圃管理站2024年度收入支出总计1250.00万元。与2023年度相比，收入支出总计增加50.00万元，增长4.17%。
二、收入决算情况说明
本年收入合计1200.00万元，其中：财政拨款收入1150.00万元，占95.83%；其他收入50.00万元，占4.17%。
三、支出决算情况说明
本年支出合计1210.00万元，其中：基本支出800.00万元，占66.12%；项目支出410.00万元，占33.88%。
五、一般公共预算财政拨款支出决算情况说明
（一）一般公共预算财政拨款支出决算总体情况
一般公共预算财政拨款支出1100.00万元，占本年支出合计的90.91%。
（三）一般公共预算财政拨款支出决算具体情况
一般公共预算财政拨款支出年初预算为1040.00万元，支出决算为1100.00万元，完成年初预算的105.77%。其中：
1、教育支出（类）进修及培训（款）培训支
出（项）。主要用于：培训。年初预算为90.00万元，支出决算为100.00万元，完成年初预算的111.11%。
2、农林水支出（类）林业和草原（款）事业机构（项）。年初预算为950.00万元，支出决算为1000.00万元，完成年初预算的105.26%。
六、一般公共预算财政拨款基本支出决算情况说明
一般公共预算财政拨款基本支出760.00万元，其中：人员经费700.00万元，公用经费60.00万元。"""
WEST = """一、收入支出决算总体情况说明
2024年度收入总计1250.00万元，其中：本年收入合计1200.00万元，年初结转和结余50.00万元。
2024年度支出总计1250.00万元，其中：本年支出合计1210.00万元，年末结转和结余40.00万元。
五、一般公共预算财政拨款支出决算情况说明
（一）一般公共预算财政拨款支出决算总体情况
2024年度一般公共预算财政拨款支出1100.00万元。与年初预算相比，年初预算数1000.00万元，决算数1100.00万元，预决算差异率10.00%。
（二）一般公共预算财政拨款支出决算结构情况
主要用于以下方面：教育支出100.00万元，占9.09%；农林水支出1000.00万元，占90.91%。
（三）一般公共预算财政拨款支出决算具体情况
1.教育支出（类）进修及培训（款）培训支出（项）：支出决算为100.00万元，完成预算100%。"""
SOUTH = """一、“三公”经费财政拨款支出决算总体情况说明。
2024年度“三公”经费财政拨款支出决算为3.60万元，完成预算5.00万元的72.0%。其中：公务用车购置及运行费支出决算为3.00万元，完成预算3.00万元的100.0%；公务接待费支出决算为0.60万元，完成预算2.00万元的30.0%。
2024年度“三公”经费财政拨款支出决算数比2023年度减少0.40万元，下降10.00%。
二、“三公”经费财政拨款支出决算具体情况说明。
公务用车购置及运行费支出3.00万元，占83.3%；公务接待费支出0.60万元，占16.7%。
三、政府采购支出情况说明
2024年度政府采购支出总额100.00万元，其中：政府采购货物支出40.00万元、政府采购工程支出0万元、政府采购服务支出60.00万元。授予中小企业合同金额80.00万元，占政府采购支出总额的80.0%，其中：授予小微企业合同金额30.00万元，占政府采购支出总额的30.0%。"""
STYLES = [EAST, WEST, SOUTH]
FIGURE = re.compile(r"\d+(?:\.\d+)?(?=万元|%)")


def read(knowledge: Knowledge, lines: Sequence[str], *, final: bool = True) -> list[Statement]:
    prose = Prose([*TITLE, *(Line(21, line) for line in lines)], knowledge.schemas.statements)
    return knowledge.statements.statements(prose, 2024, "澜州市苗圃管理站", final=final)


def checks_of(knowledge: Knowledge, text: str) -> list[Check]:
    schemas = knowledge.schemas
    rows = {name: rows_of(schemas, name, written) for name, written in TABLES.items()}
    printed = {name: frozenset({column for row in written for column in row}) for name, written in TABLES.items()}
    evidence = Evidence(schemas, rows, printed, 2024, expected=(), agency="澜州市苗圃管理站")
    return list(check_statements(schemas, read(knowledge, text.splitlines()), evidence))


def noticed(checks: Sequence[Check]) -> list[str]:
    return [check.rule for check in checks if check.verdict == "fail" or check.rule == "figure-differs"]


@pytest.mark.parametrize("text", STYLES)
def test_every_figure_of_a_final_account_is_known_and_what_ties_accuses_nobody(knowledge: Knowledge, text: str) -> None:
    assert "other" not in {one.kind for one in read(knowledge, text.splitlines())}
    assert noticed(checks_of(knowledge, text)) == []


@pytest.mark.parametrize("text", STYLES)
def test_a_changed_figure_of_a_final_account_is_noticed(knowledge: Knowledge, text: str) -> None:
    unnoticed = []
    for found in FIGURE.finditer(text):
        first = int(found[0][0])
        if not first:
            continue
        other = text[: found.start()] + str((first + 3) % 9 + 1) + text[found.start() + 1 :]
        if not noticed(checks_of(knowledge, other)):
            unnoticed.append(text[found.start() - 6 : found.end()])
    assert unnoticed in ([], ["元，完成预算100"])  # that of a budget which the text does not give


def test_a_figure_is_of_the_class_named_before_it(knowledge: Knowledge) -> None:
    found = [one for one in read(knowledge, EAST.splitlines()) if one.kind.startswith("general_public_class")]
    training = "教育支出(类)进修及培训(款)培训支出(项)"
    assert [(one.kind, one.item) for one in found[:3]] == [
        ("general_public_class_initial_budget", training),
        ("general_public_class", training),
        ("general_public_class_completion", training),
    ]


def test_what_was_spent_is_no_figure_of_a_budget(knowledge: Knowledge) -> None:
    lines = ["2023年三公经费支出决算3.60万元，完成预算5.00万元的72.0%。"]
    assert {one.kind for one in read(knowledge, lines, final=False)} == {"other"}


def test_a_list_of_classes_may_leave_some_out_but_not_their_budgets(knowledge: Knowledge) -> None:
    cut = EAST.replace("2、农林水", "2、农林水支出（类）林业和草原（款）行政运行（项）。其他事项。\n").splitlines()
    shorter = "\n".join(line for line in cut if "950.00" not in line)
    assert "final-prose-class-list" not in noticed(checks_of(knowledge, shorter))
    assert noticed(checks_of(knowledge, EAST.replace("年初预算为1040.00万元", "年初预算为1041.00万元"))) == [
        "prose-completion",
        "final-prose-class-list-initial-budget",
    ]


def test_a_figure_that_the_text_gives_otherwise_elsewhere_is_told(knowledge: Knowledge) -> None:
    checks = checks_of(knowledge, SOUTH.replace("公务接待费支出0.60万元，占16.7%", "公务接待费支出0.70万元，占19.4%"))
    told = next(check for check in checks if check.rule == "figure-differs")
    assert "0.70万元" in told.message.zh
    assert "0.60万元" in told.message.zh
    assert told.verdict == "no_evidence"
    assert told.stated is None


def test_the_amounts_are_decimals(knowledge: Knowledge) -> None:
    assert {type(one.amount) for one in read(knowledge, EAST.splitlines()) if one.unit == "万元"} == {Decimal}


@pytest.mark.parametrize(
    ("words", "fails"),
    [
        ("决算数大于预算数的主要原因：学员增加。", False),
        ("决算数小于预算数的主要原因：学员减少。", True),
        ("决算数与预算数持平。", True),
    ],
)
def test_words_about_what_is_more_agree_with_the_figures(knowledge: Knowledge, words: str, *, fails: bool) -> None:
    text = EAST.replace("完成年初预算的111.11%。", f"完成年初预算的111.11%。{words}")
    assert noticed(checks_of(knowledge, text)) == (["prose-weighing"] if fails else [])
