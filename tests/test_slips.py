"""Slips that break no sum: told without saying which place is wrong, and never of a document that is right."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from test_checks import rows_of

from extract.checks.evidence import Evidence
from extract.checks.misnamed import check_misnamed
from extract.checks.slips import check_slips
from extract.schemas.grammar import Schemas
from extract.text import ordinal

Written = Mapping[str, Sequence[Mapping[str, Any]]]


def told(schemas: Schemas, tables: Written) -> list[str]:
    rows = {name: rows_of(schemas, name, written) for name, written in tables.items()}
    printed = {name: {column for row in written for column in row} for name, written in tables.items()}
    return [check.rule for check in check_slips(Evidence(schemas, rows, printed, 2026))]


def named(**amounts: str) -> list[dict[str, str]]:
    return [{"exp_func_name": name, "total": amount} for name, amount in amounts.items()]


def test_two_rows_with_each_others_amounts_in_another_table_are_told(schemas: Schemas) -> None:
    right, exchanged = named(培训支出="3.00", 行政运行="5.00"), named(培训支出="5.00", 行政运行="3.00")
    assert told(schemas, {"expenditure": right, "general_public_expenditure": exchanged}) == ["rows-exchanged"]
    assert told(schemas, {"expenditure": right, "general_public_expenditure": right}) == []
    less = named(培训支出="3.00", 行政运行="4.00")  # paid from other money too
    assert told(schemas, {"expenditure": right, "general_public_expenditure": less}) == []
    twice = [*exchanged, *exchanged]  # of two units: a name does not tell which row is meant
    assert told(schemas, {"expenditure": right, "general_public_expenditure": twice}) == []


def test_lines_whose_ordinals_run_backwards_are_told(schemas: Schemas) -> None:
    def ordered(*lines: str) -> list[str]:
        written = [{"side": "revenue", "item": line, "amount": "1.00"} for line in lines]
        return told(schemas, {"revenue_and_expenditure": written})

    assert ordered("一、财政拨款", "（一）一般公共预算", "（二）政府性基金", "二、事业收入", "四、其他收入") == []
    assert ordered("一、本年收入", "（一）甲", "二、上年结转", "（一）甲") == []
    assert ordered("一、财政拨款", "三、其他收入", "二、事业收入") == ["line-out-of-order"]
    assert ordered("（一）一般公共预算", "一、本年收入", "（二）政府性基金") == ["line-out-of-order"]


def test_a_unit_among_projects_is_told_where_a_project_stands_in_a_units_place(schemas: Schemas) -> None:
    units = [{"unit_name": "甲局", "total": "5.00"}, {"unit_name": "乙中心", "total": "3.00"}]

    def listed(*names: str) -> list[str]:
        written = [{"project_name": name, "total": "1.00"} for name in names]
        rows = rows_of(schemas, "project_expenditure", written)
        indented = [row._replace(indent=place % 2) for place, row in enumerate(rows)]
        tables = {"project_expenditure": indented, "revenue_by_unit": rows_of(schemas, "revenue_by_unit", units)}
        printed = {"project_expenditure": {"project_name", "total"}, "revenue_by_unit": {"unit_name", "total"}}
        return [check.rule for check in check_slips(Evidence(schemas, tables, printed, 2026))]

    assert listed("甲局", "养护", "乙中心", "修缮") == []
    assert listed("甲局", "养护", "修缮", "乙中心") == ["unit-among-rows"]


def test_the_only_whole_number_of_a_document_has_lost_its_decimals(schemas: Schemas) -> None:
    def printed(*amounts: str) -> list[str]:
        return told(
            schemas, {"expenditure": [{"exp_func_name": f"项目{amount}", "total": amount} for amount in amounts]}
        )

    many = [f"{number}.25" for number in range(1, 100)]
    assert printed(*many, "1136") == ["decimals-missing"]
    assert printed(*many, "0") == []
    assert printed(*many, "1136", "1137", "1138") == []  # it drops zeros
    assert printed(*many, "1136", "7.5") == []
    assert printed("1.25", "3") == []


def test_the_only_table_of_classes_without_decimals_has_lost_them(schemas: Schemas) -> None:
    classes = [{"exp_func_name": f"科目{number}", "total": f"{number}.25"} for number in range(1, 8)]
    cut = [{"exp_func_name": f"科目{number}", "total": f"{number}"} for number in range(1, 8)]
    tables = {"expenditure": classes, "revenue": classes, "general_public_expenditure": classes}
    assert told(schemas, tables) == []
    assert told(schemas, tables | {"revenue": cut}) == ["table-without-decimals"]
    assert told(schemas, tables | {"revenue": cut, "expenditure": cut}) == []  # it does not print them everywhere
    planned = [{"project_name": f"项目{number}", "total": f"{number}"} for number in range(1, 8)]
    assert told(schemas, tables | {"project_expenditure": planned}) == []


def misnamed(schemas: Schemas, tables: Written) -> list[str]:
    rows = {name: rows_of(schemas, name, written) for name, written in tables.items()}
    printed = {name: {column for row in written for column in row} for name, written in tables.items()}
    return [check.rule for check in check_misnamed(Evidence(schemas, rows, printed, 2026))]


def test_a_unit_with_nearly_the_same_name_and_the_same_amount_elsewhere_is_told(schemas: Schemas) -> None:
    def units(name: str, other: str, amount: str = "12.34") -> list[str]:
        revenue = [{"unit_name": name, "total": "12.34"}, {"unit_name": "乙市档案馆", "total": "5.67"}]
        spent = [{"unit_name": other, "total": amount}, {"unit_name": "乙市档案馆", "total": "5.67"}]
        return misnamed(schemas, {"revenue_by_unit": revenue, "expenditure_by_unit": spent})

    assert units("甲市环境监测站", "甲市环境监测站") == []
    assert units("甲市环境监测站", "甲市业务监测站") == ["name-differs"]
    assert units("甲市环境监测站", "甲市业务监测站", "12.35") == []  # another unit
    assert units("甲市环境监测站", "甲市环境监测中心站") == []  # nothing is misprinted there


def test_a_class_without_a_line_is_told_where_most_classes_have_one(schemas: Schemas) -> None:
    def overview(*lines: str) -> list[str]:
        written = [{"side": "expenditure", "item": line, "amount": "1.00"} for line in lines]
        classes = [("201", "一般公共服务支出"), ("205", "教育支出"), ("221", "住房保障支出")]
        spent = [{"exp_func_code": code, "exp_func_name": name, "total": "1.00"} for code, name in classes]
        return misnamed(schemas, {"revenue_and_expenditure": written, "expenditure": spent})

    assert overview("一、一般公共服务支出", "二、教育支出", "三、住房保障支出") == []
    assert overview("一、一般公共服务支出", "二、业务支出", "三、住房保障支出") == ["class-without-line"]
    assert overview("一、基本支出", "二、项目支出") == []  # its lines are no classes


@pytest.mark.parametrize(
    ("written", "number"), [("一、", 1), ("（十）", 10), ("十二、", 12), ("二十三、", 23), ("12.", 12), ("其中", 0)]
)
def test_ordinals_in_any_figures(written: str, number: int) -> None:
    assert ordinal(written) == number


def test_the_agency_among_its_projects_is_told(schemas: Schemas) -> None:
    def listed(*names: str) -> list[str]:
        written = [{"project_name": name, "total": amount} for name, amount in zip(names, ("2", "1", "1"), strict=True)]
        rows = rows_of(schemas, "project_expenditure", written)
        tables = {
            "project_expenditure": [row._replace(indent=min(place, 1)) for place, row in enumerate(rows)],
            "revenue_by_unit": rows_of(schemas, "revenue_by_unit", [{"unit_name": "甲局", "total": "2"}]),
        }
        printed = {"project_expenditure": {"project_name", "total"}, "revenue_by_unit": {"unit_name", "total"}}
        return [check.rule for check in check_slips(Evidence(schemas, tables, printed, 2026, agency="甲局"))]

    assert listed("甲局", "养护", "修缮") == []
    assert listed("养护", "甲局", "修缮") == ["unit-among-rows"]
