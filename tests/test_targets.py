"""Targets of indicators → operator, value, unit."""

from decimal import Decimal

import pytest

from extract.schemas.grammar import Schemas
from extract.tables.targets import TargetParser


@pytest.fixture(scope="module")
def parser(schemas: Schemas) -> TargetParser:
    return TargetParser(schemas.conventions)


@pytest.mark.parametrize(
    ("printed", "operator", "value", "unit"),
    [
        ("≤29万元", "<=", "29", "万元"),
        ("＝100％", "=", "100", "%"),
        ("≧95%", ">=", "95", "%"),
        ("＜ 8 人", "<", "8", "人"),
        ("不低于90%", ">=", "90", "%"),
        ("95%以上", ">=", "95", "%"),
        ("2小时以内", "<=", "2", "小时"),
        ("约1,200人次", "~", "1200", "人次"),
        ("7次", None, "7", "次"),
        ("1", None, "1", None),
        ("≥3次/月", ">=", "3", "次/月"),
        ("≤189.36㎡", "<=", "189.36", "㎡"),
    ],
)
def test_one_sign_one_number_one_unit(
    parser: TargetParser, printed: str, operator: str | None, value: str, unit: str | None
) -> None:
    assert parser.parse(printed) == (operator, Decimal(value), unit)


@pytest.mark.parametrize(
    "printed",
    [
        "有效提升",
        "2026年12月底前",
        "12月底前完成",
        "2026年",
        "≥80%且≤90%",
        "10-20人",
        "每月1次",
        "≥10%以上",
        "100%保障",
        "7个工作日内回复",
    ],
)
def test_anything_else_is_left_alone(parser: TargetParser, printed: str) -> None:
    assert parser.parse(printed) == (None, None, None)
