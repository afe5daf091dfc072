"""Units of money inside headings and labels: `预算数（万元）`, `金额，单位：元`."""

import re
from collections.abc import Iterable

from extract.schemas.vocabulary import normal


class UnitReader:
    """Finds the unit that a heading names. `units` are the units of money, `labels` the words before one."""

    def __init__(self, units: Iterable[str], labels: list[str]) -> None:
        unit = "|".join(sorted(map(re.escape, units), key=len, reverse=True))
        label = "|".join(sorted(map(re.escape, normal(labels)), key=len, reverse=True))
        self._unit = re.compile(rf"\((?:(?:{label}):)?(?P<bracketed>{unit})\)|,?(?:{label}):(?P<bare>{unit})")

    def unit(self, heading: str) -> str | None:
        """The unit in a heading in compared form; None if it names none."""
        found = self._unit.search(heading)
        return (found["bracketed"] or found["bare"]) if found else None

    def without(self, heading: str) -> str:
        """The heading without its unit."""
        return self._unit.sub("", heading)
