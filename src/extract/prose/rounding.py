"""To how many decimals prose rounds money: a figure of it may lie anywhere in the interval of these."""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import chain, groupby
from typing import NamedTuple

from extract.model.report import Statement

FEW = 3  # figures of which none has a decimal by chance
LARGE = 3  # digits before the point
_WHOLE = re.compile(r"\d+")
_FRACTION = re.compile(r"\.(\d+)")


class Rounding(NamedTuple):
    """To how many decimals the prose rounds money, by unit: what its large figures have at most, where it has several
    of them. It may merely drop zeros of small ones; `all_of` are the units of which no figure has more.
    """

    decimals: Mapping[str, int]
    all_of: Container[str]

    @classmethod
    def of(cls, found: Iterable[Statement]) -> "Rounding":
        printed: dict[str, list[str]] = {}
        for one in found:
            if one.unit and one.amount is not None:
                printed.setdefault(one.unit, []).append(one.origin.printed)
        large = {unit: [text for text in texts if _is_large(text)] for unit, texts in printed.items()}
        most = {unit: max(map(_decimals, texts)) for unit, texts in large.items() if len(texts) >= FEW}
        return cls(most, {unit for unit, places in most.items() if max(map(_decimals, printed[unit])) <= places})

    def places(self, one: Statement) -> int | None:
        """The decimals that a figure is rounded to; None if it may be exact."""
        counts = one.unit in self.all_of or _is_large(one.origin.printed)
        return self.decimals.get(one.unit or "") if counts else None


def whole_runs(printed: Sequence[Sequence[str]]) -> list[bool]:
    """For the figures of each sentence, whether it is one of several in a row that give large figures, or many with a
    large one, and none with decimals: there the prose rounds, small figures too, whatever it does in other parts.
    """
    found: list[bool] = []
    for exact, run in groupby(printed, lambda texts: any("." in text for text in texts)):
        sentences = list(run)
        numbers = [text for text in chain.from_iterable(sentences) if text.strip("0")]
        large = sum(map(_is_large, numbers))
        found += [not exact and (large >= FEW or (large > 0 and len(numbers) > FEW))] * len(sentences)
    return found


def _decimals(printed: str) -> int:
    found = _FRACTION.search(printed)
    return len(found[1]) if found else 0


def _is_large(printed: str) -> bool:
    """Whether a printed figure has so many digits before the point that its decimals may be rounded away."""
    found = _WHOLE.match(printed.replace(",", ""))
    return found is not None and len(found.group()) >= LARGE
