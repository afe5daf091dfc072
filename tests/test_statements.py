"""Figures in prose: sentences over line and page breaks, kinds, directions, units; and their checks."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from extract.evidence import Evidence
from extract.model import Line, Report, Statement
from extract.pipeline import Knowledge
from extract.prose import Prose
from extract.prose_checks import check_statements
from extract.statements import glossary, overview

HEAD = [Line(20, "第三部分"), Line(20, "情况说明")]


def read(knowledge: Knowledge, lines: Sequence[str], page: int = 21) -> list[Statement]:
    prose = Prose([*HEAD, *(Line(page, line) for line in lines)], knowledge.schemas.statements)
    return knowledge.statements.statements(prose)


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
        ("2026年预算未安排购置单位价值100万元以上大型设备。", []),
        ("截至2025年12月31日，共有职工30人。", []),
        ("一般公共预算基本支出预算12万元。", [("other", "12", None)]),
    ],
)
def test_figures_have_their_kind_and_direction(knowledge: Knowledge, sentence: str, expected: list[tuple[str, str | None, str | None]]) -> None:
    assert told(read(knowledge, [sentence])) == expected


def test_no_figure_is_paired_across_sentences(knowledge: Knowledge) -> None:
    assert told(read(knowledge, ["公务接待费2万元。", "比上年增加1万元。"])) == [("three_public_reception", "2", None), ("other", "1", "increase")]


def test_prose_outside_of_the_part_is_not_read(knowledge: Knowledge) -> None:
    lines = [
        Line(1, "第一部分"),
        Line(1, "公务接待费9万元。"),
        *HEAD,
        Line(21, "公务接待费2万元。"),
        Line(30, "第四部分"),
        Line(30, "公务接待费8万元。"),
    ]
    assert told(knowledge.statements.statements(Prose(lines, knowledge.schemas.statements))) == [("three_public_reception", "2", None)]


def test_a_running_header_and_page_numbers_are_no_prose(knowledge: Knowledge) -> None:
    lines = [Line(page, text) for page in (21, 22, 23) for text in ("某局2026年度预算公开", "公务接待", "— 7 —")]
    prose = Prose([*HEAD, *lines, Line(24, "费2万元。")], knowledge.schemas.statements)
    assert [sentence.text for sentence in prose.sentences("figures")] == ["情况说明公务接待公务接待公务接待费2万元。"]


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
    assert overview(prose, declared.functions) == "（一）养护绿道，维护设施。"
    assert overview(prose, declared.organisation) == "1.绿道中心"
    assert glossary(prose, declared) == [("财政拨款收入", "指财政拨给的资金，含各级。"), ("其他收入", "指其余收入。")]


@pytest.mark.parametrize("year", ["2024", "2025", "2026"])
def test_every_figure_of_a_sample_is_of_a_known_kind_and_stands_in_a_box(year: str, sample_reports: dict[str, Report]) -> None:
    statements = sample_reports[year].statements
    assert len(statements) > 50
    assert not [one for one in statements if one.kind == "other"]
    assert all(one.origin.box for one in statements)


def test_prose_that_disagrees_with_a_table_or_with_itself_fails(knowledge: Knowledge, sample_reports: dict[str, Report]) -> None:
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
    evaluation = {"key_evaluation_project_count", "key_evaluation_funds", "key_evaluation_fiscal_appropriation"}  # no table prints them
    assert set(unchecked) == {"budget_total_change", "equipment_over_1m", *evaluation}
