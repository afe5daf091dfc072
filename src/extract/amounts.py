"""A printed amount → a decimal in 万元 with the interval it stands for."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from extract.text import half_width

_DIGIT = "[0-9０-９]"
TRIANGLES = "△▲"  # the minus of accountants
_DASHES = "-－﹣‐‑–−"  # hyphens, the en dash and the minus sign
_MINUS = rf"(?:[{_DASHES}]|[{TRIANGLES}]\s?)"
_GROUPED = rf"{_DIGIT}{{1,3}}(?:[,，]{_DIGIT}{{3}})+"
_WHOLE = rf"(?:{_GROUPED}|{_DIGIT}+)"
_PLACES = rf"[.．]{_DIGIT}+"
AMOUNT = re.compile(rf"[(（]?(?:{_MINUS})?(?:{_GROUPED}(?:{_PLACES})?|{_DIGIT}+{_PLACES})[)）]?")
"""What an amount looks like where nothing else tells that a text is one, as printed: it has decimals, or its thousands
are parted.
"""
_AMOUNT = re.compile(rf"(?P<minus>{_MINUS})?(?P<number>{_WHOLE}(?:{_PLACES})?)")
# a whole number in brackets is the mark of a note
_IN_BRACKETS = re.compile(rf"\([{_DASHES}]?(?=[0-9,]*[,.])(?P<number>{_WHOLE}(?:{_PLACES})?)\)")
_CURRENCY = re.compile(rf"([{_DASHES}{TRIANGLES}(]?)[¥￥]\s?(?=[{_DASHES}{TRIANGLES}\d])")
_DIGITS = 14  # what a column of amounts holds before the point
_LAST = Decimal("0.000001")  # and its last place after the point


class Amount(NamedTuple):
    """A value and half a unit of its last printed digit: the printed text stands for value ± half.

    Both in the printed unit.
    """

    value: Decimal
    half: Decimal


@lru_cache(maxsize=65536)
def amount(printed: str) -> Amount | None:
    """What a printed amount says; None if the text is not exactly one amount.

    A negative one has a minus or a triangle before it, as accountants write it, or is put into brackets, or both. A
    sign of the currency before it says nothing. What has a minus behind it is none: that may be the dash of the next
    column.
    """
    text = _CURRENCY.sub(r"\1", half_width(printed), count=1)
    bracketed = _IN_BRACKETS.fullmatch(text)
    found = bracketed or _AMOUNT.fullmatch(text)
    if not found:
        return None
    value = Decimal(found["number"].replace(",", ""))
    _, _, decimals = found["number"].partition(".")
    negative = bracketed or found["minus"]
    return Amount(-value if negative else value, Decimal(5).scaleb(-1 - len(decimals)))


@lru_cache(maxsize=65536)
def in_unit(printed: str, worth: Decimal) -> Amount | None:
    """What a printed amount says when one printed unit is worth so many 万元; None also if no column of amounts
    can hold it.
    """
    read = amount(printed)
    if read is None or not fits(read.value * worth):
        return None
    return Amount(read.value * worth, read.half * worth)


def fits(value: Decimal) -> bool:
    """Whether a column of amounts can hold a number exactly."""
    return value.adjusted() < _DIGITS and not value % _LAST


def last_half(value: Decimal, decimals: int) -> Decimal:
    """Half a unit of the last digit of a number, of which at least so many stand after the point."""
    return Decimal(5).scaleb(min(int(value.as_tuple().exponent), -decimals) - 1)


def same(stated: Decimal, computed: Decimal, slack: Decimal) -> str:
    """Whether two numbers agree: `exact`, `rounding` if intervals of together `slack` around them meet, else `fail`."""
    difference = abs(stated - computed)
    if not difference:
        return "exact"
    return "rounding" if difference <= slack else "fail"


def written(value: Decimal) -> str:
    """An amount for people: thousands separated, two decimals or as many as it needs."""
    plain = value.normalize()
    places = max(2, -int(plain.as_tuple().exponent))
    return f"{plain:,.{places}f}"
