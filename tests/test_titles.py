"""Titles as ministries and provinces print them name their tables; what is no table of a budget is never named."""

import pytest

from extract.document.pipeline import Knowledge

# title → what it is about; a final account ends in `!`
NAMED = {
    "收支总表": "revenue_and_expenditure",
    "预算01-1表 财务收支预算总表": "revenue_and_expenditure",
    "财务收支预算总表01-1": "revenue_and_expenditure",
    "2016年收支预算总表(功能分类科目)": "revenue_and_expenditure",
    "高等学校收支决算总表": "revenue_and_expenditure!",
    "收入决算总表": "revenue!",
    "支出预算分类汇总表(按政府预算经济分类)": "expenditure",
    "财政拨款支出决算明细表": "fiscal_appropriation_expenditure!",
    "一般公共预算财政拨款项目支出决算表": "general_public_project_expenditure!",
    "政府性基金预算财政拨款“三公”经费支出决算表": "three_public_expenses!",
    "一般公共预算财政拨款“三公”经费及会议费、培训费支出决算表": "three_public_expenses!",
    "一般公共预算收支总表": "general_public_revenue_and_expenditure",
    "一般公共预算基本支出表-人员经费(工资福利支出)(按政府预算经济分类)": "part_of_basic_expenditure",
    "部门基本支出预算表(人员类、运转类公用经费项目)": "basic_expenditure",
    "部门项目支出预算表(其他运转类、特定目标类项目)": "project_expenditure",
    "特定目标类项目支出预算表": "projects_of_a_kind",
    "部门项目支出绩效目标表(本级下达)": "performance_targets",
    "重点项目预算绩效目标表": "performance_targets",
    "部门项目支出绩效自评表": "performance_evaluation",
    "财政专户管理资金收支预算表": "special_account_revenue_and_expenditure",
    "专项资金预算汇总表": "special_funds",
    "政府性基金预算收入表": "government_fund_revenue",
}
NO_BUDGET = [
    "新增资产配置预算表",
    "省对下转移支付预算表",
    "市对下转移支付绩效目标表",
    "上级转移支付补助项目支出预算表",
    "部门项目中期规划预算表",
    "非税征收计划表",
    "资产负债情况表",
    "国有资产使用情况表",
    "债务还本付息支出表",
    "机构运行信息表",
    "国库集中支付预算表",
]


@pytest.mark.parametrize(("text", "concept"), NAMED.items())
def test_titles_of_national_and_provincial_templates_are_named(knowledge: Knowledge, text: str, concept: str) -> None:
    title = knowledge.readers.captions.titles.read(text)
    assert title is not None
    assert title.concept.name + "!" * title.final == concept


@pytest.mark.parametrize("text", NO_BUDGET)
def test_what_is_no_table_of_a_budget_is_not_named(knowledge: Knowledge, text: str) -> None:
    assert knowledge.readers.captions.titles.read(text) is None
