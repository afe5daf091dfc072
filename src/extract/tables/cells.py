"""The cells of a printed row → its values: amounts in 万元, codes completed from the rows above, texts; and the cells
that are none of them.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from extract.amounts import amount, fits, in_unit
from extract.model.report import Origin, Unclaimed
from extract.schemas.grammar import Dataset
from extract.tables.leaves import Leaf
from extract.tables.printed_rows import Printed, RawRow
from extract.text import compared

_ZERO = Decimal(0)
INTEGER_DIGITS = 9  # what a column of whole numbers holds
_FUSED = re.compile(
    r"(?:[\[【(（](?P<inside>[0-9]{2,7})[]】)）]|(?P<before>[0-9A-Z]+)[-—－]|(?P<bare>[0-9]{3,7})\s*(?=[一-鿿]))"
    r"(?P<name>\D.*)"
)
_LAST_PART = 2  # digits of the last part of a code


class Read(NamedTuple):
    """An amount cell as read: value and half a printed unit in 万元."""

    value: Decimal | None
    half: Decimal
    origin: Origin


def read_amount(printed: Printed, unit: Decimal | None, is_dash: Any) -> Read | None:
    """None if the cell is neither an amount nor a dash, or its unit is not printed."""
    origin = Origin(printed.page, printed.box, printed.text)
    read = in_unit(printed.text, unit) if unit is not None else None
    if read is not None:
        return Read(read.value, read.half, origin)
    if is_dash(compared(printed.text)):
        return Read(None, _ZERO, origin)
    return None


def read_rate(printed: Printed) -> Decimal | None:
    """The number of a cell that holds no money: a rate, or what is counted. None if it holds none."""
    read = amount(compared(printed.text).rstrip("%"))
    return read.value if read is not None and fits(read.value) else None


class RowValues(NamedTuple):
    """What a row says: its values by field, and its amounts as read."""

    values: dict[str, Any]
    amounts: dict[str, Read]


class RowReader:
    """Reads the rows of one block one after the other, as sparse codes are completed from the rows above.

    `leaves` are the columns to read, by their place in the raw rows.
    """

    def __init__(
        self, dataset: Dataset, leaves: Mapping[int, Leaf], unit: Decimal | None, is_dash: Any, table: int
    ) -> None:
        self._dataset = dataset
        self._leaves = leaves
        self._unit = unit
        self._is_dash = is_dash
        self._table = table
        fields = [leaf.field for leaf in leaves.values()]
        self._code_places = {
            name: [place for place, leaf in leaves.items() if leaf.field == name]
            for name, definition in dataset.columns.items()
            if definition.type == "code"
        }
        self._code_of = {
            definition.name: name
            for name, definition in dataset.columns.items()
            if definition.name in fields and name not in fields
        }
        self._above: dict[str, list[str]] = {}
        self._number = 0
        self.unclaimed: list[Unclaimed] = []

    def read(self, raw: RawRow) -> RowValues:
        self._number += 1
        values: dict[str, Any] = {}
        amounts: dict[str, Read] = {}
        codes: dict[str, dict[int, Printed]] = {}
        for place, leaf in self._leaves.items():
            printed = raw.cells.get(place)
            if printed is None:
                continue
            for name, text in self._fields(leaf, printed):
                kind = self._dataset.columns[name].type
                if kind == "money":
                    self._amount(name, printed, values, amounts)
                elif kind == "code":
                    codes.setdefault(name, {})[place] = printed._replace(text=text)
                else:
                    self._plain(name, kind, printed._replace(text=text), values)
        for name, parts in codes.items():
            self._code(name, parts, values)
        for name, definition in self._dataset.columns.items():
            if definition.type == "text" and definition.name and not str(values.get(name, "")).isascii():
                values.setdefault(definition.name, values.pop(name))  # a 合计 over both columns
        return RowValues(values, amounts)

    def _plain(self, name: str, kind: str, printed: Printed, values: dict[str, Any]) -> None:
        """What is neither an amount nor a code: a number, or text, of which several cells make one."""
        if kind == "integer":
            self._integer(name, printed, values)
        elif kind == "decimal":
            self._decimal(name, printed, values)
        elif not self._is_dash(compared(printed.text)):
            values[name] = values.get(name, "") + printed.text

    def _fields(self, leaf: Leaf, printed: Printed) -> list[tuple[str, str]]:
        """The field that a cell fills; two where a code is printed before its name, in brackets, with a dash, or with
        nothing between them where it is as long as such a code is.
        """
        if not leaf.field:
            return []
        code = self._code_of.get(leaf.field)
        found = _FUSED.fullmatch(printed.text) if code else None
        if not code or not found or (found["bare"] and len(found["bare"]) not in self._dataset.columns[code].levels):
            return [(leaf.field, printed.text)]
        return [(code, found["inside"] or found["before"] or found["bare"]), (leaf.field, found["name"])]

    def _amount(self, name: str, printed: Printed, values: dict[str, Any], amounts: dict[str, Read]) -> None:
        read = read_amount(printed, self._unit, self._is_dash)
        if read is None:
            self._refuse(printed)
        else:
            values[name] = read.value
            amounts[name] = read

    def _integer(self, name: str, printed: Printed, values: dict[str, Any]) -> None:
        if printed.text.isdecimal() and len(printed.text) <= INTEGER_DIGITS:
            values[name] = int(printed.text)
        else:
            self._refuse(printed)

    def _decimal(self, name: str, printed: Printed, values: dict[str, Any]) -> None:
        read = read_rate(printed)
        if read is not None:
            values[name] = read
        elif not self._is_dash(compared(printed.text)):
            self._refuse(printed)

    def _code(self, name: str, parts: Mapping[int, Printed], values: dict[str, Any]) -> None:
        """Completes a code printed in parts; what is no code is the row's name, as a 合计 over both columns is."""
        definition = self._dataset.columns[name]
        if not all(part.text.isascii() and part.text.isdecimal() for part in parts.values()):
            text = "".join(part.text for part in parts.values())
            if self._is_dash(compared(text)):
                return
            if definition.name and values.get(definition.name) is None:
                values[definition.name] = text
            else:
                self._refuse(*parts.values())
            return
        places = self._code_places[name]
        if len(places) < 2:
            code = "".join(part.text for part in parts.values())
            above = "".join(self._above.get(name, []))
            if len(code) == _LAST_PART and definition.levels and len(above) >= definition.levels[0]:
                code = above[: definition.levels[0]] + code
            self._above[name] = [code]
            values[name] = code
            return
        completed = _completed(
            [parts[place].text if place in parts else "" for place in places],
            definition.levels,
            self._above.get(name, []),
        )
        if completed is None:
            self._refuse(*parts.values())
        else:
            self._above[name] = completed
            values[name] = "".join(completed)

    def _refuse(self, *printed: Printed) -> None:
        self.unclaimed.extend(
            Unclaimed(self._table, self._number, None, one.text, one.page, one.box) for one in printed
        )


def _completed(parts: Sequence[str], levels: Sequence[int], above: Sequence[str]) -> list[str] | None:
    """The whole code from its printed parts, blanks taken from the code above: `"", "", "03"` below 208 05 01 is 208 05
    03.

    A part may also hold the whole code down to its level. None if the parts make no code.

    """
    widths = [end - start for start, end in zip([0, *levels], levels, strict=False)]
    depth = max(index for index, part in enumerate(parts) if part)
    if depth >= len(levels):
        return None
    if depth and len(parts[depth]) == levels[depth]:
        return [parts[depth][end - width : end] for end, width in zip(levels[: depth + 1], widths, strict=False)]
    code = [part or (above[index] if index < len(above) else "") for index, part in enumerate(parts[: depth + 1])]
    whole = [len(part) for part in code] == widths[: depth + 1]
    return code if whole or all(parts[: depth + 1]) else None  # an odd code is kept as it is printed
