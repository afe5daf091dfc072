"""The words of titles and headers: what is known names its table or column, and what is not known names none."""

from pathlib import Path

import pytest

from extract.document.pipeline import Knowledge
from extract.schemas.grammar import Schemas
from extract.schemas.load import load
from extract.tables.columns import ColumnReader, Meaning
from extract.tables.titles import TitleReader
from extract.tables.units import UnitReader


def meaning(knowledge: Knowledge, *path: str) -> Meaning | None:
    concepts = {concept.name: concept for concept in knowledge.schemas.vocabulary.concept}
    return knowledge.columns.read(path, concepts["expenditure"])


def test_a_title_names_its_subject_after_an_agency_and_a_year(knowledge: Knowledge) -> None:
    read = knowledge.readers.captions.titles.read
    plain, owned = read("一般公共预算支出情况表"), read("烟台市财政局2026年部门收支预算总表")
    assert plain is not None
    assert owned is not None
    assert plain.concept.name == "general_public_expenditure"
    assert (owned.concept.name, owned.fiscal_year, owned.final) == ("revenue_and_expenditure", 2026, False)


@pytest.mark.parametrize(
    "text", ["一般公共预算支出情况表如下，共三张", "一、收支预算总表说明", "部门收支总表……3", "一般公共预算支出"]
)
def test_a_sentence_a_heading_and_a_line_of_the_contents_are_no_titles(knowledge: Knowledge, text: str) -> None:
    assert knowledge.readers.captions.titles.read(text) is None


@pytest.mark.parametrize("lines", [["一般公共预算", "支出情况表"], ["一般公", "共预算", "支出", "情况表"]])
def test_a_title_may_be_broken_over_lines(knowledge: Knowledge, lines: list[str]) -> None:
    found = next(knowledge.readers.captions.titles_of(lines, []))
    assert found.concept.name == "general_public_expenditure"


def test_a_title_may_stand_between_title_marks(knowledge: Knowledge) -> None:
    title = knowledge.readers.captions.titles.read("《一般公共预算支出情况表》")
    assert title is not None
    assert (title.concept.name, title.text) == ("general_public_expenditure", "一般公共预算支出情况表")


@pytest.mark.parametrize("text", ["货币单位：人民币（万元）", "（单位：万元）", "单位：人民币万元"])
def test_the_currency_and_brackets_may_stand_before_a_unit(knowledge: Knowledge, text: str) -> None:
    assert knowledge.readers.captions.unit_of(text) == "万元"


def test_every_part_of_a_header_counts(knowledge: Knowledge) -> None:
    current, carried = meaning(knowledge, "基本支出", "小计"), meaning(knowledge, "上年结转结余", "基本支出")
    assert current is not None
    assert current.measures == ("basic",)
    assert carried is not None
    assert "basic" not in carried.measures
    assert meaning(knowledge, "甲乙丙", "基本支出") is None


@pytest.mark.parametrize(
    ("path", "field"),
    [
        (("本年预算数",), "total"),
        (("上年预算数",), "previous_year"),
        (("上年预算数", "合计"), "previous_year"),
        (("上年执行数",), "previous_year_executed"),
        (("增减额",), "change"),
        (("上年", "执行数"), "previous_year_executed"),
        (("2024年预算数比2023年执行数", "增减额"), "change"),
        (("2024年预算数比2023年执行数", "增减%"), "change_percent"),
        (("本年预算数比上年预算数", "增减率（%）"), "change_percent"),
        (("本年", "基本支出"), "basic"),
    ],
)
def test_an_amount_of_last_year_is_not_one_of_this_year(
    knowledge: Knowledge, path: tuple[str, ...], field: str
) -> None:
    read = meaning(knowledge, *path)
    assert read is not None
    assert read.measures == (field,)


@pytest.mark.parametrize(
    "path",
    [
        ("上年预算数", "基本支出"),
        ("本年预算数比上年执行数", "基本支出"),
        ("2024年预算数比2023年执行数（扣除基本建设支出）", "增减额"),
    ],
)
def test_a_part_of_another_years_amount_is_not_known(knowledge: Knowledge, path: tuple[str, ...]) -> None:
    assert meaning(knowledge, *path) is None


def test_education_fees_within_income_from_public_service_are_not_those_of_special_accounts(
    knowledge: Knowledge,
) -> None:
    within, special = meaning(knowledge, "事业收入", "其中：教育收费"), meaning(knowledge, "财政专户", "教育收费")
    assert within is not None
    assert special is not None
    assert (within.measures, special.measures) == (("public_service_education_fees",), ("education_fees",))


@pytest.mark.parametrize(
    ("below", "field"),
    [
        ("小计", "unit_funds"),
        ("事业支出", "public_service"),
        ("上级补助支出", "superior_subsidy"),
        ("附属单位补助支出", "affiliate_remittance"),
        ("其他支出", "other_expenditure"),
    ],
)
def test_the_units_own_funds_have_parts(knowledge: Knowledge, below: str, field: str) -> None:
    part = meaning(knowledge, "单位资金", below)
    assert part is not None
    assert part.measures == (field,)


def test_what_is_a_part_of_the_units_own_funds_is_elsewhere_a_subsidy_or_a_class(knowledge: Knowledge) -> None:
    subsidy = meaning(knowledge, "附属单位补助支出")
    assert subsidy is not None
    assert subsidy.measures == ("affiliate_subsidy",)
    assert meaning(knowledge, "其他支出") is None


def test_a_new_word_is_one_line_of_data(tmp_path: Path, schemas: Schemas, knowledge: Knowledge) -> None:
    assert meaning(knowledge, "甲乙丙支出") is None
    words = [*schemas.vocabulary.header.measures["basic"], "甲乙丙支出"]
    listed = ", ".join(f'"{word}"' for word in words)
    (tmp_path / "vocabulary.toml").write_text(f"[header.measures]\nbasic = [{listed}]\n", encoding="utf-8")
    vocabulary = load(tmp_path).vocabulary
    columns = ColumnReader(
        vocabulary, TitleReader(vocabulary), UnitReader(schemas.conventions.units, vocabulary.caption.units)
    )
    concept = next(one for one in vocabulary.concept if one.name == "expenditure")
    found = columns.read(("甲乙丙支出",), concept)
    assert found is not None
    assert found.measures == ("basic",)
