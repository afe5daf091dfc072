"""What lines around a table, and cells above its header, say of it: unit, owner, number, title, notes."""

import pytest

from extract.document.pipeline import Knowledge
from extract.tables.captions import CaptionReader


@pytest.fixture
def captions(knowledge: Knowledge) -> CaptionReader:
    return knowledge.readers.captions


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("单位：万元", "万元"),
        ("金额单位：元", "元"),
        ("（单位：人民币万元）", "万元"),
        ("单位：（万元）", "万元"),
        ("部门：甲市教育局 单位：千元", "千元"),
        ("万元", "万元"),
        ("（元）", "元"),
        ("单位：甲市教育局", None),
        ("100万元", None),
        ("经费10万元已经下达", None),
    ],
)
def test_the_unit_of_a_table(captions: CaptionReader, text: str, unit: str | None) -> None:
    assert captions.unit_of(text) == unit


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("部门：甲市教育局", "甲市教育局"),
        ("单位名称：甲市教育局 单位：万元", "甲市教育局"),
        ("填报单位：[101]甲市教育局", "甲市教育局"),
        ("编制单位：101001-甲市教育局本级", "甲市教育局本级"),
        ("101001-甲市教育局本级", "甲市教育局本级"),
        ("101001_甲市教育局本级", "甲市教育局本级"),
        ("公开01表 部门：甲市教育局", "甲市教育局"),
        ("单位：万元", None),
        ("甲市教育局", None),
        ("2050101-2", None),
    ],
)
def test_the_owner_of_a_table(captions: CaptionReader, text: str, owner: str | None) -> None:
    assert captions.owner_of(text) == owner


def test_the_owner_beside_its_label(captions: CaptionReader) -> None:
    def owner(*lines: str) -> str | None:
        return captions.read(None, lines, ()).owner

    assert owner("部门：", "甲市教育局") == "甲市教育局"
    assert owner("部门：", "单位：万元", "甲市教育局") is None
    assert owner("甲市教育局", "部门：") is None


def test_what_is_nearer_to_a_table_goes_first(captions: CaptionReader) -> None:
    lines = ("公开01表", "部门：甲局", "单位：元", "公开02表", "部门：乙局", "单位：万元")
    read = captions.read(None, lines, ())
    assert (read.number, read.owner, read.unit) == ("公开02表", "乙局", "万元")
    inside = captions.read(None, lines, ("部门：丙局", "单位：千元"))
    assert (inside.number, inside.owner, inside.unit) == ("公开02表", "丙局", "千元")


@pytest.mark.parametrize("text", ["单位：万元", "部门：甲市教育局", "公开05表", "部门收支总表", "收入总表 部门：甲局"])
def test_each_part_of_a_caption_alone_is_one(captions: CaptionReader, text: str) -> None:
    assert captions.is_caption(text)


@pytest.mark.parametrize("text", ["教育支出", "1,234.50", "合计", "2050201", "单位名称"])
def test_data_is_no_caption(captions: CaptionReader, text: str) -> None:
    assert not captions.is_caption(text)


@pytest.mark.parametrize(
    ("text", "is_note"),
    [
        ("注：本表按支出功能分类填列", True),
        ("备注1：不含结转", True),
        ("说明:甲局没有政府性基金预算", True),
        ("（注：本表为空）", True),
        ("注", False),
        ("注释见后", False),
        ("关于本表的说明：略", False),
    ],
)
def test_notes(captions: CaptionReader, text: str, is_note: bool) -> None:
    assert captions.is_note(text) is is_note


def test_a_title_may_stand_before_owner_and_unit(captions: CaptionReader) -> None:
    for text in ("部门收入总表", "部门收入总表 部门：甲市教育局", "部门收入总表单位：万元"):
        found = captions.title_in(text)
        assert found
        assert found.concept.name == "revenue"
    assert captions.title_in("部门：甲市收入总表") is None


def test_a_title_may_be_broken_over_lines(captions: CaptionReader) -> None:
    def found(*lines: str) -> list[str]:
        return [title.concept.name for title in captions.titles_of(lines, ())]

    assert found("一般公共预算", "财政拨款", "基本支出表", "单位：万元")[0] == "general_public_basic_expenditure"
    assert found("部门收入总表", "单位：万元", "部门支出总表") == ["expenditure", "revenue"]
    assert list(captions.titles_of(("甲市教育局", "单位：万元"), ())) == []


def test_a_line_that_only_looks_like_a_title_is_a_heading(captions: CaptionReader) -> None:
    assert captions.heading(("新增资产配置预算表", "公开12表", "单位：万元"), ()) == "新增资产配置预算表"
    assert captions.heading(("新增资产配置预算表",), ("采购明细表",)) == "采购明细表"
    assert captions.heading(("详见下表。", "教育支出"), ()) is None
    assert captions.is_continued("部门收入总表（续）")
    assert not captions.is_continued("部门收入总表")
