"""Printed amounts and the intervals they stand for."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.amounts import Amount, amount, fits, in_unit, last_half, same

decimals = st.decimals(min_value=0, max_value=10**9, places=2)


@pytest.mark.parametrize(
    ("printed", "value", "half"),
    [
        ("191,194.79", "191194.79", "0.005"),
        ("2731.79", "2731.79", "0.005"),
        ("０.００", "0.00", "0.005"),
        ("26", "26", "0.5"),
        ("-3.5", "-3.5", "0.05"),
        ("12.345678", "12.345678", "0.0000005"),
        ("(1,234.50)", "-1234.50", "0.005"),
        ("（5.00）", "-5.00", "0.005"),
        ("△5.00", "-5.00", "0.005"),
        ("▲26", "-26", "0.5"),
        ("△ 1.00", "-1.00", "0.005"),
        ("–1.00", "-1.00", "0.005"),
        ("−1.00", "-1.00", "0.005"),
        ("－1.00", "-1.00", "0.005"),
        ("（－5.00）", "-5.00", "0.005"),
    ],
)
def test_an_amount_is_read_with_its_last_digit(printed: str, value: str, half: str) -> None:
    read = amount(printed)
    assert read is not None
    assert (str(read.value), str(read.half.normalize())) == (value, str(Decimal(half).normalize()))


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "-",
        "—",
        "1,23",
        "12.3a",
        "100%",
        "1.2.3",
        "合计",
        "1,2345.00",
        "12,345,67",
        "1 234.50",
        "100 200",
        "5.00①",
        "1,234.50²",
        "٣",
        "12\n34",
        "(1)",
        "(2026)",
        "(5.00",
        "-(5.00)",
        "(△5.00)",
        "1.00-",
        "- 1.00",
        "—1.00",
    ],
)
def test_what_is_no_amount_is_not_read(printed: str) -> None:
    assert amount(printed) is None


@given(decimals)
def test_thousands_separators_do_not_matter(value: Decimal) -> None:
    assert amount(f"{value:,}") == amount(f"{value}")


@given(decimals, decimals)
def test_a_sum_of_rounded_parts_is_never_a_contradiction(one: Decimal, other: Decimal) -> None:
    def rounded(number: Decimal) -> Decimal:
        return number.quantize(Decimal("0.1"))

    slack = Decimal("0.05") * 3
    assert same(rounded(one + other), rounded(one) + rounded(other), slack) in ("exact", "rounding")


@given(decimals, st.decimals(min_value="0.02", max_value=1000, places=2))
def test_what_lies_beyond_the_slack_fails(value: Decimal, off: Decimal) -> None:
    assert same(value, value + off, Decimal("0.01")) == "fail"
    assert same(value, value, Decimal(0)) == "exact"


@pytest.mark.parametrize(
    ("value", "holds"),
    [("12.345678", True), ("12.3456789", False), ("99999999999999", True), ("100000000000000", False), ("0", True)],
)
def test_what_a_column_can_hold(value: str, holds: bool) -> None:
    assert fits(Decimal(value)) == holds


@pytest.mark.parametrize(
    ("printed", "worth", "value", "half"),
    [
        ("1,234.50", "1", "1234.50", "0.005"),
        ("12,345,600", "0.0001", "1234.56", "0.00005"),  # 元
        ("3.5", "10000", "35000", "500"),  # 亿元
    ],
)
def test_an_amount_and_its_rounding_are_of_the_unit(printed: str, worth: str, value: str, half: str) -> None:
    assert in_unit(printed, Decimal(worth)) == Amount(Decimal(value), Decimal(half))


@pytest.mark.parametrize(("printed", "worth"), [("合计", "1"), ("0.001", "0.0001"), ("99999999999", "10000")])
def test_what_a_column_cannot_hold_in_its_unit_is_not_read(printed: str, worth: str) -> None:
    assert in_unit(printed, Decimal(worth)) is None


@pytest.mark.parametrize(
    ("value", "decimals", "half"),
    [("1.5", 0, "0.05"), ("1.5", 2, "0.005"), ("12", 0, "0.5"), ("1E+2", 0, "0.5"), ("1.250", 2, "0.0005")],
)
def test_half_of_the_last_digit(value: str, decimals: int, half: str) -> None:
    assert last_half(Decimal(value), decimals) == Decimal(half)


def test_what_lies_just_within_the_slack_is_rounding() -> None:
    assert same(Decimal("1.00"), Decimal("1.01"), Decimal("0.01")) == "rounding"
    assert same(Decimal("1.01"), Decimal("1.00"), Decimal("0.01")) == "rounding"


def test_a_currency_is_no_part_of_an_amount_and_stands_there_once() -> None:
    assert amount("￥5.00") == amount("5.00")
    assert amount("￥￥5.00") is None
