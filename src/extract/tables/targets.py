"""The target of a performance indicator → operator, value and unit."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from extract.amounts import fits
from extract.schemas.grammar import Conventions
from extract.text import half_width


class Target(NamedTuple):
    """What is read out of a target; all None where the text is not exactly one sign, one number and one unit."""

    operator: str | None
    value: Decimal | None
    unit: str | None


_NONE = Target(None, None, None)
_UNSIGNED = re.compile(r"[^\d=<>≤≥≦≧⩽⩾≈~]*")


class TargetParser:
    """Reads targets by the words and signs that the conventions declare."""

    def __init__(self, conventions: Conventions) -> None:
        self._conventions = conventions.targets
        self._operators = {word: operator for operator, words in conventions.operators.items() for word in words}
        words = "|".join(sorted(map(re.escape, self._operators), key=len, reverse=True))
        self._form = re.compile(
            rf"(?P<before>{words})?(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<rest>.*)", re.ASCII
        )
        self._after = re.compile(rf"(?P<unit>.*?)(?P<after>{words})?")
        self.parse = lru_cache(maxsize=65536)(self._parse)

    def is_sign(self, text: str) -> bool:
        """Whether a text is a sign or word that compares, and nothing else."""
        return half_width("".join(text.split())) in self._operators

    def is_number(self, text: str) -> bool:
        """Whether a text is a number and nothing else."""
        found = self._form.fullmatch(half_width("".join(text.split())))
        return bool(found and not found["before"] and not found["rest"])

    def _parse(self, printed: str) -> Target:
        text = half_width("".join(printed.split()))
        found = self._form.fullmatch(text)
        if not found or self._conventions.date.fullmatch(text):
            return _NONE
        before = found["before"]
        tail = self._after.fullmatch(found["rest"])
        unit, after = (tail["unit"], tail["after"]) if tail else (found["rest"], None)
        if (before and after) or not _UNSIGNED.fullmatch(unit) or self._conventions.not_unit.fullmatch(unit):
            return _NONE
        sign = before or after
        value = Decimal(found["number"].replace(",", ""))
        return Target(self._operators[sign] if sign else None, value, unit or None) if fits(value) else _NONE
