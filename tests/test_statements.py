"""Figures in prose: sentences over line and page breaks, kinds, directions, units; and their checks."""

import re
from collections.abc import Sequence
from decimal import Decimal

import pytest

from extract.checks.evidence import Evidence
from extract.checks.in_prose import check_statements
from extract.document.pipeline import Knowledge
from extract.model.page import Line
from extract.model.report import Report, Statement
from extract.prose.descriptions import glossary, overview
from extract.prose.sentences import Prose

HEAD = [Line(20, "第三部分"), Line(20, "情况说明")]


def read(knowledge: Knowledge, lines: Sequence[str], year: int | None = None) -> list[Statement]:
    prose = Prose([*HEAD, *(Line(21, line) for line in lines)], knowledge.schemas.statements)
    return knowledge.statements.statements(prose, year)


def told(statements: Sequence[Statement]) -> list[tuple[str, str | None, str | None]]:
    return [(one.kind, None if one.quantity is None else f"{one.quantity:f}", one.direction) for one in statements]


def test_a_sentence_over_lines_and_pages_is_one_and_its_figures_have_their_pages(knowledge: Knowledge) -> None:
    lines = [
        Line(21, "（一）收入预算：2026年收入预算98,9"),
        Line(21, "— 20 —"),
        Line(22, "72.44万元，其中一"),
        Line(22, "般公共预算收入98612.44 万元。"),
    ]
    found = knowledge.statements.statements(Prose([*HEAD, *lines], knowledge.schemas.statements))
    assert told(found) == [("revenue_total", "98972.44", None), ("revenue_general_public", "98612.44", None)]
    assert [one.origin.page for one in found] == [21, 22]
    assert found[0].text == "（一）收入预算：2026年收入预算98,972.44万元，其中一般公共预算收入98612.44万元。"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "3.公务接待费11.6万元，比上年减少1万元，下降7.94％，主要原因是压减2万元。",
            [
                ("three_public_reception", "11.6", None),
                ("three_public_reception_change", "1", "decrease"),
                ("three_public_reception_change_rate", "7.94", "decrease"),
                ("explanation", "2", None),
            ],
        ),
        (
            "2026年通过一般公共预算财政拨款安排的“三公”经费预算共４.３０万元，与上年基本持平。",
            [("three_public_total", "4.30", None), ("three_public_total_change", None, "flat")],
        ),
        (
            "2026年本部门委托业务费财政拨款预算为2,042.55万元，比上年预算2,920.59万元，减少878.04万元。",
            [
                ("entrusted_business", "2042.55", None),
                ("entrusted_business_last_year", "2920.59", None),
                ("entrusted_business_change", "878.04", "decrease"),
            ],
        ),
        (
            "2026年政府采购预算1.5亿元，其中：政府采购货物预算3000元。",
            [("procurement_total", "15000.0", None), ("procurement_goods", "0.3000", None)],
        ),
        (
            "本部门共有车辆6辆，其中机要通信用车1辆、应急保障用车辆、特种专业技术用车4辆。",
            [("vehicles_total", "6", None), ("vehicles_secret", "1", None), ("vehicles_special", "4", None)],
        ),
        ("单位价值100万元以上的设备6台（件、套）。", [("equipment_over_1m", "6", None)]),
        ("住房改革支出（款）：2026年预算支出合计50.50万元。", [("other", "50.50", None)]),
        (
            "本部门机关运行经费预算82万元，其中：公务接待费2万元，公务用车运行维护费12万元。公务接待费预算3万元。",
            [
                ("agency_operation", "82", None),
                ("other", "2", None),
                ("other", "12", None),
                ("three_public_reception", "3", None),
            ],
        ),
        ("2026年预算未安排购置单位价值100万元以上大型设备。", []),
        ("截至2025年12月31日，共有职工30人。", []),
        ("一般公共预算基本支出预算12万元。", [("general_public_basic_expenditure", "12", None)]),
        ("下属单位基本支出预算12万元。", [("other", "12", None)]),
    ],
)
def test_figures_have_their_kind_and_direction(
    knowledge: Knowledge, sentence: str, expected: list[tuple[str, str | None, str | None]]
) -> None:
    assert told(read(knowledge, [sentence])) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ["公务接待费2万元。", "比上年增加1万元，增长100%。"],
            ["three_public_reception", "three_public_reception_change", "three_public_reception_change_rate"],
        ),
        (
            ["公务接待费2万元，委托业务费3万元。", "比上年增加1万元。"],
            ["three_public_reception", "entrusted_business", "other"],
        ),
        (
            ["公务接待费2万元，比上年增加1万元。", "比上年增加1万元。"],
            ["three_public_reception", "three_public_reception_change", "other"],
        ),
        (["公务接待费2万元。", "三、其他情况", "比上年增加1万元。"], ["three_public_reception", "other"]),
        (["公务接待费2万元。", "人员较多，增加1万元。"], ["three_public_reception", "other"]),
        (["烤火费2万元。", "比上年增加1万元。"], ["other", "other"]),
    ],
)
def test_a_change_goes_on_from_the_sentence_before_only_if_that_speaks_of_one_thing(
    knowledge: Knowledge, lines: list[str], expected: list[str]
) -> None:
    assert [one.kind for one in read(knowledge, lines)] == expected


def test_a_figure_of_another_year_is_not_taken_for_this_year(knowledge: Knowledge) -> None:
    lines = [
        "一、收支情况",
        "2025年收入预算9万元，2026年收入预算8万元。",
        "2024年收入预算7万元，增长3%。",
        "收入预算6万元，较2024年增加1万元。",
    ]
    expected = [
        ("revenue_total_last_year", "9", None),
        ("revenue_total", "8", None),
        ("other", "7", None),
        ("other", "3", "increase"),
        ("revenue_total", "6", None),
        ("other", "1", "increase"),
    ]
    assert told(read(knowledge, lines, 2026)) == expected


def test_after_an_unknown_subject_a_change_is_not_given_to_the_one_before(knowledge: Knowledge) -> None:
    found = read(knowledge, ["公务接待费2万元，其中烤火费1万元，比上年增加1万元，增长100%。"])
    assert [one.kind for one in found] == ["three_public_reception", "other", "other", "other"]


def test_a_subject_is_not_found_in_a_unit_that_it_is_not_counted_in(knowledge: Knowledge) -> None:
    assert [one.kind for one in read(knowledge, ["本部门共有车辆30万元，公务接待费3个。"])] == ["other", "other"]


def test_what_is_to_be_bought_is_not_what_there_is(knowledge: Knowledge) -> None:
    lines = ["共有车辆6辆。", "2026年安排购置车辆2辆，其中：机要通信用车1辆。", "单位价值100万元以上设备3台。"]
    assert [one.kind for one in read(knowledge, lines)] == ["vehicles_total", "other", "other", "other"]


def test_a_heading_names_what_the_sentence_does_not(knowledge: Knowledge) -> None:
    lines = ["六、一般公共预算“三公”经费支出情况", "（一）公务接待费", "2026年预算安排8.00万元，与上年持平。"]
    assert told(read(knowledge, lines, 2026)) == [
        ("three_public_reception", "8.00", None),
        ("three_public_reception_change", None, "flat"),
    ]


def test_shares_and_parts_stand_under_their_chapter(knowledge: Knowledge) -> None:
    lines = [
        "三、支出预算情况说明",
        "某市某局2026年支出预算合计10万元，其中：基本支出4万元，占40%。",
        "六、财政拨款基本支出预算情况说明",
        "（一）人员经费3万元。主要包括：基本工资。",
        "八、一般公共预算基本支出预算情况说明",
        "（一）人员经费2万元。主要包括：基本工资。",
    ]
    expected = [
        ("expenditure_total", "10", None),
        ("basic", "4", None),
        ("basic_share", "40", None),
        ("fiscal_appropriation_personnel", "3", None),
        ("general_public_personnel", "2", None),
    ]
    assert told(read(knowledge, lines, 2026)) == expected


def test_a_functional_class_has_the_classes_above_it_from_the_heading(knowledge: Knowledge) -> None:
    lines = [
        "五、财政拨款支出预算情况说明",
        "本年安排如下，按照功能分类科目逐项说明，其中涉及的各项支出均按项级科目列示。",
        "（一）一般公共服务支出（类）",
        "1.政府办公厅（室）及相关机构事务（款）一般行政管理事务（项）支出",
        "306万元，与上年相比减少366.5万元，减少54.5%。",
    ]
    found = read(knowledge, lines)
    item = "一般公共服务支出(类)政府办公厅(室)及相关机构事务(款)一般行政管理事务(项)"
    assert [(one.kind, one.item) for one in found] == [
        (f"fiscal_appropriation_class{aspect}", item) for aspect in ("", "_change", "_change_rate")
    ]


def test_a_reason_ends_where_another_subject_begins(knowledge: Knowledge) -> None:
    found = read(knowledge, ["公务接待费2万元，主要原因是新增3个团组；公务用车运行维护费4万元，比上年增加1万元。"])
    assert [one.kind for one in found] == [
        "three_public_reception",
        "explanation",
        "three_public_vehicle_operation",
        "three_public_vehicle_operation_change",
    ]


@pytest.mark.parametrize(
    "titles",
    [
        ["第二部分 2026年部门预算表", "第三部分 2026年度部门预算情况说明"],
        ["第一部分 部门预算公开说明"],
        ["2026年单位预算编制说明"],
        ["某市某局2026年部门预算情况说明"],
        ["二、2026年某市某局部门预算安排情况说明"],
    ],
)
def test_the_part_that_states_figures_is_found_under_its_titles(knowledge: Knowledge, titles: list[str]) -> None:
    lines = [
        *(Line(2, title) for title in titles),
        Line(3, "公务接待费2万元。"),
        Line(4, "七、名词解释"),
        Line(4, "公务接待费8万元。"),
    ]
    assert [one.kind for one in knowledge.statements.statements(Prose(lines, knowledge.schemas.statements))] == [
        "three_public_reception"
    ]


def test_prose_outside_of_the_part_is_not_read(knowledge: Knowledge) -> None:
    lines = [
        Line(1, "第一部分"),
        Line(1, "公务接待费9万元。"),
        *HEAD,
        Line(21, "公务接待费2万元。"),
        Line(30, "第四部分"),
        Line(30, "公务接待费8万元。"),
    ]
    assert told(knowledge.statements.statements(Prose(lines, knowledge.schemas.statements))) == [
        ("three_public_reception", "2", None)
    ]


def test_a_running_header_and_page_numbers_are_no_prose(knowledge: Knowledge) -> None:
    lines = [Line(page, text) for page in (21, 22, 23) for text in ("某局2026年度预算公开", "公务接待", "— 7 —")]
    prose = Prose([*HEAD, *lines, Line(24, "费2万元。")], knowledge.schemas.statements)
    assert [sentence.text for sentence in prose.sentences("figures")] == ["公务接待公务接待公务接待费2万元。"]


def test_terms_and_the_units_functions_are_kept(knowledge: Knowledge) -> None:
    declared = knowledge.schemas.statements
    lines = [
        Line(2, "第一部分"),
        Line(2, "一、主要职能"),
        Line(2, "（一）养护绿道，"),
        Line(3, "维护设施。"),
        Line(3, "二、机构设置"),
        Line(3, "1.绿道中心"),
        Line(40, "第四部分"),
        Line(40, "一、财政拨款收入：指财政"),
        Line(40, "拨给的资金，含各级。"),
        Line(40, "二、其他收入：指其余收入。"),
    ]
    prose = Prose(lines, declared)
    assert overview(prose, declared.functions, declared) == "（一）养护绿道，维护设施。"
    assert overview(prose, declared.organisation, declared) == "1.绿道中心"
    assert glossary(prose, declared) == [("财政拨款收入", "指财政拨给的资金，含各级。"), ("其他收入", "指其余收入。")]


@pytest.mark.parametrize("year", ["2024", "2025", "2026"])
def test_every_figure_of_a_sample_is_of_a_known_kind_and_stands_in_a_box(
    year: str, sample_reports: dict[str, Report]
) -> None:
    statements = sample_reports[year].statements
    assert len(statements) > 50
    assert not [one for one in statements if one.kind == "other"]
    assert all(one.origin.box for one in statements)


def test_prose_that_disagrees_with_a_table_or_with_itself_fails(
    knowledge: Knowledge, sample_reports: dict[str, Report]
) -> None:
    report = sample_reports["2026"]
    columns = {name: set(dataset.columns) for name, dataset in knowledge.schemas.datasets.items()}
    evidence = Evidence(knowledge.schemas, report.rows, columns, 2026)
    unchecked = []
    for index, one in enumerate(report.statements):
        if one.quantity is None or not one.quantity:
            continue
        more = one.quantity + Decimal(1)
        changed = one._replace(value=more) if one.amount is None else one._replace(amount=more)
        statements = [*report.statements[:index], changed, *report.statements[index + 1 :]]
        if not any(check.verdict == "fail" for check in check_statements(knowledge.schemas, statements, evidence)):
            unchecked.append(one.kind)
    assert set(unchecked) == {
        "equipment_over_1m",
        "key_evaluation_project_count",
        "key_evaluation_funds",
        "performance_project_count",
    }  # no table prints them; the projects counted may be some of the table's


def failing(knowledge: Knowledge, report: Report, lines: Sequence[str]) -> set[str]:
    """The rules that fail for other prose beside a report's tables."""
    evidence = Evidence(knowledge.schemas, report.rows, report.columns, report.fiscal_year)
    checks = check_statements(knowledge.schemas, read(knowledge, lines, report.fiscal_year), evidence)
    return {check.rule for check in checks if check.verdict == "fail"}


def test_figures_of_classes_shares_and_changes_are_held_against_rows_and_sums(
    knowledge: Knowledge, sample_reports: dict[str, Report]
) -> None:
    report = sample_reports["2026"]
    row = next(
        row for row in report.rows["general_public_expenditure"] if len(row.values.get("exp_func_code") or "") == 3
    )
    total = next(row for row in report.rows["expenditure"] if row.facts["total"].is_total)
    basic, whole = total.facts["basic"].amount, total.facts["total"].amount
    assert basic is not None
    assert whole is not None
    share = (100 * basic / whole).quantize(Decimal("0.01"))
    chapter, after = ["二、一般公共预算支出情况"], "三、支出预算情况"
    right = f"{row.values['exp_func_name']}（类）支出{row.facts['total'].amount}万元。"
    wrong = f"{row.values['exp_func_name']}（类）支出{(row.facts['total'].amount or 0) + 1}万元。"
    assert failing(knowledge, report, [*chapter, right, after, f"基本支出{basic}万元，占{share}%。"]) == set()
    assert failing(knowledge, report, [*chapter, wrong]) == {"prose-general-public-class"}
    assert failing(knowledge, report, [after, f"基本支出{basic}万元，占{share + 1}%。"]) == {"prose-expenditure-shares"}
    assert failing(knowledge, report, ["收支预算比上年增加5万元。", "收入预算增加5万元。", "支出预算减少5万元。"]) == {
        "prose-budget-change-expenditure",
        "prose-revenue-and-expenditure-change",
    }


BY_CODE = [
    "（三）一般公共预算拨款支出明细情况",
    "2、支出按功能科目分类的明细情况",
    "（1）{name}（{code}）{amount}万元，较上年增加1万元。",
]
FROM_THE_HIGHEST = [
    "三、预算编制说明",
    "财政拨款支出主要内容如下：",
    "1.“{above}-{below}-{name}”科目{amount}万元，主要用于运行。",
]


@pytest.mark.parametrize(
    ("lines", "rule"),
    [(BY_CODE, "prose-general-public-class"), (FROM_THE_HIGHEST, "prose-appropriation-content")],
)
def test_a_class_is_found_by_its_code_and_by_the_names_above_it(
    knowledge: Knowledge, sample_reports: dict[str, Report], lines: Sequence[str], rule: str
) -> None:
    report = sample_reports["2026"]
    rows = {str(row.values.get("exp_func_code")): row for row in report.rows["general_public_expenditure"]}
    code, row = next((code, row) for code, row in rows.items() if len(code) == 7)
    above, below, name = (rows[code[:length]].values["exp_func_name"] for length in (3, 5, 7))
    amount = row.facts["total"].amount or 0

    def fails(amount: Decimal) -> set[str]:
        said = [
            line.format(above=above, below=below, name=name, code=code, amount=amount) if "{" in line else line
            for line in lines
        ]
        return failing(knowledge, report, said)

    assert fails(Decimal(amount)) == set()
    assert fails(Decimal(amount) + 1) == {rule}


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("委托业务费3万元，比上年增加1万元，增长50%。", False),
        ("委托业务费3万元，比上年增加1万元，下降50%。", True),
        ("委托业务费3万元，比上年减少1万元，增长50%。", True),
        ("委托业务费3万元，比上年增加4万元。", True),
        ("委托业务费3万元，比上年减少4万元。", False),
    ],
)
def test_a_change_agrees_with_its_percentage_in_size_and_direction_and_with_what_there_is(
    knowledge: Knowledge, sample_reports: dict[str, Report], sentence: str, wrong: bool
) -> None:
    assert ("prose-change-rate" in failing(knowledge, sample_reports["2026"], [sentence])) == wrong


def verdicts(knowledge: Knowledge, report: Report, line: str, rule: str) -> list[str]:
    evidence = Evidence(knowledge.schemas, report.rows, report.columns, report.fiscal_year)
    checks = check_statements(knowledge.schemas, read(knowledge, [line], report.fiscal_year), evidence)
    return [check.verdict for check in checks if check.rule == rule]


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        ("货物类3.00万元、工程类2.00万元、服务类5.00万元", "exact"),
        ("货物类3.00万元、工程类2.00万元、服务类5.02万元", "rounding"),
        ("货物类3.00万元、工程类2.00万元、服务类5.03万元", "fail"),
        ("货物类3.00万元、工程类2.00万元、服务类4.00万元", "fail"),
        ("货物类10.00万元", "exact"),
        ("货物类8.00万元", "no_evidence"),  # there may be others
        ("货物类11.00万元", "fail"),  # it is more than the whole
    ],
)
def test_some_parts_of_a_sentence_are_at_most_the_whole(
    knowledge: Knowledge, sample_reports: dict[str, Report], parts: str, verdict: str
) -> None:
    line = f"政府采购预算10.00万元，其中：{parts}。"
    assert verdicts(knowledge, sample_reports["2026"], line, "prose-procurement-parts") == [verdict]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("委托业务费3.00万元，比上年增加1.00万元，增长50.00%。", ["exact"]),
        ("委托业务费3.00万元，比上年增加1.00万元，增长51.00%。", ["fail"]),
        ("委托业务费3.00万元，比上年增加3.00万元，增长100%。", ["not_applicable"]),  # of nothing
        ("委托业务费3.00万元，比上年增加3.01万元。", []),
        ("委托业务费3.00万元，比上年增加3.02万元。", ["fail"]),  # there was less than nothing
        ("委托业务费3.00万元（上年2.00万元），增加1.00万元，增长50%。", ["exact", "exact"]),
        ("委托业务费3.00万元（上年2.00万元），增加1.50万元，增长50%。", ["fail", "fail"]),
    ],
)
def test_a_change_is_held_against_what_there_was(
    knowledge: Knowledge, sample_reports: dict[str, Report], sentence: str, found: list[str]
) -> None:
    assert verdicts(knowledge, sample_reports["2026"], sentence, "prose-change-rate") == found


def test_a_sum_is_not_made_of_a_sentence_that_states_a_part_twice(
    knowledge: Knowledge, sample_reports: dict[str, Report]
) -> None:
    once = "共有车辆3辆，其中机要通信用车1辆、其他用车1辆。"
    twice = "共有车辆3辆，其中机要通信用车1辆、其他用车1辆、机要通信用车4辆。"
    assert failing(knowledge, sample_reports["2026"], [once]) == {"prose-vehicles-parts"}
    assert failing(knowledge, sample_reports["2026"], [twice]) == set()


def test_a_part_with_a_title_and_no_line_states_nothing(knowledge: Knowledge) -> None:
    assert knowledge.statements.statements(Prose(HEAD, knowledge.schemas.statements)) == []
    assert (
        knowledge.statements.statements(Prose([*HEAD, Line(20, "第四部分"), *HEAD], knowledge.schemas.statements)) == []
    )


def test_prose_that_gives_no_large_figure_decimals_rounds(knowledge: Knowledge) -> None:
    whole = read(
        knowledge, ["收入预算28,828万元。", "支出预算28,828万元。", "政府采购预算512万元。", "公务接待费0.5万元。"]
    )
    assert [str(one.half) for one in whole] == ["0.5", "0.5", "0.5", "0.005"]
    exact = read(knowledge, ["收入预算28,828万元。", "支出预算28,828.07万元。", "政府采购预算512万元。"])
    assert {str(one.half) for one in exact} == {"0.005"}
    part = ["收入预算3,942万元，其中：财政拨款收入3,855万元；其他收入87万元。", "支出预算3,942万元。"]
    mixed = read(knowledge, [*part, "政府采购预算812.35万元。", "公务接待费26万元。"])
    assert [str(one.half) for one in mixed] == ["0.5", "0.5", "0.5", "0.5", "0.005", "0.005"]
    short = [
        "收入预算28,828.1万元。",
        "支出预算28,828.1万元。",
        "政府采购预算512.4万元。",
        "公务接待费26万元。",
    ]
    assert {str(one.half) for one in read(knowledge, short)} == {"0.05"}


def test_of_figures_that_differ_those_that_do_not_tie_speak_of_something_else(
    knowledge: Knowledge, sample_reports: dict[str, Report]
) -> None:
    report = sample_reports["2026"]
    [total] = {one.amount for one in report.statements if one.kind == "expenditure_total"}
    right, wrong = f"支出预算总计{total}万元。", "支出预算总计1.25万元。"
    assert failing(knowledge, report, [wrong]) == {"prose-expenditure-total"}
    assert failing(knowledge, report, [right, wrong]) == set()
    assert failing(knowledge, report, ["养护项目10.00万元，上年结转2.00万元。"]) == set()


def test_of_an_endless_sentence_each_figure_keeps_what_stands_around_it(knowledge: Knowledge) -> None:
    found = read(knowledge, ["收入预算12.34万元，" * 500])
    assert len(found) == 500
    assert {one.amount for one in found} == {Decimal("12.34")}
    assert max(len(one.text) for one in found) < 500
    assert all("12.34" in one.text for one in found)


@pytest.mark.parametrize(
    "lines",
    [
        ["2024年支出决算777.77万元，其中：基本支出555.55万元，项目支出222.22万元。"],
        ["2025年支出预算777.77万元，其中：基本支出555.55万元，占71.43%。"],
        ["一、2025年部门决算情况", "基本支出777.77万元。"],
        ["某某服务中心2026年基本支出777.77万元。"],
        ["局本级基本支出777.77万元。"],
        ["本年支出合计的说明：其中，信息化建设项目支出777.77万元。"],
        ["绩效目标管理的项目共3个，涉及预算资金777.77万元。"],
        ["共有车辆12辆，其中：执法执勤用车3辆。"],
        ["拟采购货物11万元，委托业务费占政府采购支出总额的43.75%。"],
        ["委托业务费77.77万元，占财政拨款支出的99%。"],
        ["基本支出占一般公共预算支出的99%。"],
    ],
)
def test_a_figure_of_another_scope_accuses_nobody(
    knowledge: Knowledge, sample_reports: dict[str, Report], lines: list[str]
) -> None:
    report = sample_reports["2026"]
    prose = Prose([*HEAD, *(Line(21, line) for line in lines)], knowledge.schemas.statements)
    statements = knowledge.statements.statements(prose, report.fiscal_year, report.agency_name)
    evidence = Evidence(knowledge.schemas, report.rows, report.columns, report.fiscal_year, agency=report.agency_name)
    checks = check_statements(knowledge.schemas, statements, evidence)
    assert not [check for check in checks if check.verdict == "fail"]


def test_the_year_of_a_whole_is_that_of_its_parts_until_another_is_named(knowledge: Knowledge) -> None:
    sentence = "2025年支出预算9万元，其中：基本支出5万元；2026年支出预算8万元，其中：基本支出6万元。"
    assert [kind for kind, _, _ in told(read(knowledge, [sentence], 2026))] == [
        "expenditure_total_last_year",
        "basic_last_year",
        "expenditure_total",
        "basic",
    ]


def test_a_total_of_another_table_and_a_change_against_accounts_accuse_nobody(
    knowledge: Knowledge, sample_reports: dict[str, Report]
) -> None:
    report = sample_reports["2026"]
    table = report.rows["general_public_basic_expenditure"]
    other = next(row.facts["total"].amount for row in table if row.facts["total"].is_total)
    assert failing(knowledge, report, [f"2026年支出预算{other}万元。"]) == set()
    assert failing(knowledge, report, ["2026年支出预算77,777.77万元。"]) == {"prose-expenditure-total"}
    said = "公务接待费{}万元，比{}增加7.77万元。"
    now = next(
        row.facts["reception"].amount
        for row in report.rows["three_public_expenses"]
        if row.values["budget_year"] == 2026
    )
    rule = "prose-three-public-reception-change"
    assert rule in failing(knowledge, report, [said.format(now, "2025年预算")])
    assert rule not in failing(knowledge, report, [said.format(now, "2025年决算数")])


def test_a_list_of_some_parts_is_no_sum(knowledge: Knowledge, sample_reports: dict[str, Report]) -> None:
    report = sample_reports["2026"]
    rule = "prose-procurement-parts"
    some = "政府采购预算100万元，其中：政府采购货物预算{}万元。"
    whole = "政府采购预算100万元，其中：政府采购货物预算60万元，政府采购工程预算0万元，政府采购服务预算{}万元。"
    assert rule not in failing(knowledge, report, [some.format(60)])
    assert rule in failing(knowledge, report, [some.format(160)])
    assert rule not in failing(knowledge, report, [whole.format(40)])
    assert rule in failing(knowledge, report, [whole.format(30)])


@pytest.mark.parametrize(
    ("lines", "kinds"),
    [
        (
            ["2026年收入预算9万元，比上年执行数增加1万元，增长12.5%。"],
            ["revenue_total", "revenue_total_change", "revenue_total_change_rate"],
        ),
        (
            ["2.按支出用途分类，包括人员支出6万元，占60%；日常公用支出1万元；项目支出3万元。"],
            ["expenditure_personnel", "expenditure_personnel_share", "expenditure_office", "project"],
        ),
        (["（五）一般公共预算当年拨款情况说明", "教育（类）支出3万元。"], ["general_public_class"]),
        (["（二）支出预算：2026年年初预算数8万元。"], ["expenditure_total"]),
    ],
)
def test_figures_by_use_by_class_and_against_what_was_spent_have_kinds(
    knowledge: Knowledge, lines: list[str], kinds: list[str]
) -> None:
    assert [one.kind for one in read(knowledge, lines, 2026)] == kinds


def test_a_class_is_found_with_and_without_the_word_expenditure(
    knowledge: Knowledge, sample_reports: dict[str, Report]
) -> None:
    report = sample_reports["2026"]
    rows = report.rows["general_public_expenditure"]
    row = next(row for row in rows if len(row.values.get("exp_func_code") or "") == 3)
    name = str(row.values["exp_func_name"]).removesuffix("支出")
    wrong = (row.facts["total"].amount or Decimal(0)) + 1
    chapter = "二、一般公共预算支出情况"
    assert failing(knowledge, report, [chapter, f"{name}（类）支出{wrong}万元。"]) == {"prose-general-public-class"}


NATIONAL = [  # as most provinces print it, with what the samples print
    "二、关于2026年收入总表的说明",
    "2026年收入预算4036.25万元，其中：上年结转18.60万元，占0.46%；一般公共预算拨款收入2654.85万元，占65.78%；"
    "政府性基金预算拨款收入1240.00万元，占30.72%；事业收入116.30万元，占2.88%；其他收入6.50万元，占0.16%。",
    "四、关于2026年财政拨款收支总表的说明",
    "2026年财政拨款收支总预算3894.85万元。支出包括：社会保障和就业支出261.59万元、卫生健康支出127.91万元。",
    "五、关于2026年一般公共预算支出表的说明",
    "（一）一般公共预算当年拨款规模变化情况",
    "2026年一般公共预算当年拨款2654.85万元，比2025年预算数增加102.69万元，增长4.02%。",
    "（二）一般公共预算当年拨款结构情况",
    "社会保障和就业支出261.59万元，占9.85%；住房保障（类）支出141.25万元，占5.32%。",
    "（三）一般公共预算当年拨款具体使用情况",
    "1.教育支出（类）进修及培训（款）培训支出（项）2026年预算数为2.70万元，比2025年执行数增加0.10万元，增长3.85%。",
    "六、关于2026年一般公共预算基本支出表的说明",
    "2026年一般公共预算基本支出1790.05万元，其中：人员经费1664.87万元，主要包括：基本工资；公用经费125.18万元。",
    "七、关于2026年“三公”经费支出表的说明",
    "公务接待费0.90万元，较2025年预算下降14.29%。",
]


def test_the_national_template_is_held_against_the_tables_figure_by_figure(
    knowledge: Knowledge, sample_reports: dict[str, Report]
) -> None:
    report = sample_reports["2026"]
    assert failing(knowledge, report, NATIONAL) == set()
    unnoticed = [
        f"{line[found.start() - 8 : found.end()]}"
        for place, line in enumerate(NATIONAL)
        for found in re.finditer(r"\d+\.\d+(?=万元|%)", line)
        if not failing(knowledge, report, [*NATIONAL[:place], _changed(line, found), *NATIONAL[place + 1 :]])
    ]
    assert unnoticed == []


def _changed(line: str, figure: re.Match[str]) -> str:
    digit = next(at for at in range(figure.start(), figure.end()) if line[at] in "123456789")
    return f"{line[:digit]}{(int(line[digit]) + 3) % 9 + 1}{line[digit + 1 :]}"


PROVINCIAL = [
    "第三部分 2026年部门预算情况说明",
    "一、部门预算收支总体情况",
    "（一）收入预算情况：2026年部门预算总收入4036.25万元，比上年增加516.99万元，增长14.69%。",
    "（二）支出预算情况：2026年部门财务总支出4036.25万元，与上年对比增加516.99万元，增长14.69%。",
    "二、一般公共预算支出情况",
    "当年一般公共预算财政拨款支出2654.85万元，按功能分类科目划分：社会保障和就业支出261.59万元、卫生健康支出127.91万元。",
    "三、一般公共预算基本支出预算情况说明",
    "2026年一般公共预算基本支出1790.05万元，其中：人员经费支出1664.87万元；公用经费支出125.18万元。",
    "四、“三公”经费预算情况",
    "公务接待费预算数0.90万元，较上年预算数1.05万元减少0.15万元。公务接待费与2025年预算相比下降14.29%。",
    "五、政府采购情况",
    "2026年政府采购预算1606.80万元，其中：货物类26.30万元、工程类1260.00万元、服务类320.50万元。",
]


def test_the_words_of_other_provinces_are_held_against_the_tables(
    knowledge: Knowledge, sample_reports: dict[str, Report]
) -> None:
    report = sample_reports["2026"]
    assert failing(knowledge, report, PROVINCIAL) == set()
    unnoticed = [
        line[found.start() - 8 : found.end()]
        for place, line in enumerate(PROVINCIAL)
        for found in re.finditer(r"\d+\.\d+(?=万元|%)", line)
        if not failing(knowledge, report, [*PROVINCIAL[:place], _changed(line, found), *PROVINCIAL[place + 1 :]])
    ]
    assert unnoticed == []


def test_classes_are_of_what_the_sentence_before_speaks_of(knowledge: Knowledge) -> None:
    classes = "支出按功能分类：卫生健康支出3.00万元，占50%；住房保障支出3.00万元，占50%。"
    for before, kind in (
        ("2026年收支总预算6.00万元。", "expenditure_class"),
        ("2026年财政拨款收入总预算6.00万元，其中一般公共预算6.00万元。", "other"),
    ):
        said = read(knowledge, [before + classes], 2026)
        assert {one.kind for one in said if one.text == classes and one.amount is not None} == {kind}
