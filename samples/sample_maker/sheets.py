"""How a table is printed: styles of figures and codes, header trees, pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sample_maker.flat_odt import Cell, FlatText

ORDINALS = "一二三四五六七八九十"


def ordinal(number: int) -> str:
    """一 to 二十九."""
    tens, ones = divmod(number, 10)
    return ("二" if tens == 2 else "") + ("十" if tens else "") + (ORDINALS[ones - 1] if ones else "")


@dataclass(frozen=True, slots=True)
class Style:
    """How a year prints its tables."""

    old: bool

    def amount(self, value: Decimal) -> str:
        """An amount as printed; nothing is left blank."""
        if not value:
            return ""
        return f"{value:.2f}" if self.old else f"{value:,.2f}"

    def codes(self, code: str) -> list[str]:
        """A function code in its three columns; the newer style prints the last part only."""
        parts = [code[:3], code[3:5], code[5:7]]
        if self.old:
            return parts
        level = sum(map(bool, parts)) - 1
        return [part if place == level else "" for place, part in enumerate(parts)]

    def spread(self, text: str) -> str:
        """A label with the layout spaces of the newer style: 合 计."""
        return text if self.old else " ".join(text)


@dataclass(frozen=True, slots=True)
class Head:
    """A header cell over a column, or over the header cells under it."""

    label: str
    width: float = 0
    parts: tuple["Head", ...] = ()

    @property
    def columns(self) -> list["Head"]:
        """The columns under it, itself if it has no parts."""
        return [column for part in self.parts for column in part.columns] or [self]

    @property
    def depth(self) -> int:
        """How many rows it needs."""
        return 1 + max((part.depth for part in self.parts), default=0)


@dataclass(frozen=True, slots=True)
class Form:
    """A table as it will be printed."""

    number: int
    title: str
    heads: tuple[Head, ...]
    rows: list[list[Cell]]
    page: str = "landscape"
    per_page: int = 18
    height: float = 0.72
    points: float = 9
    note: str = ""
    filled: bool = True
    """Whether the newer style fills its last page with blank rows."""


def header_rows(heads: Sequence[Head]) -> list[list[Cell]]:
    """A tree of header cells as rows with spans."""
    depth = max(head.depth for head in heads)
    rows: list[list[Cell]] = []
    level = list(heads)
    for down in range(depth):
        rows.append(
            [Cell(head.label, columns=len(head.columns), rows=1 if head.parts else depth - down) for head in level]
        )
        level = [part for head in level for part in head.parts]
    return rows


def print_form(text: FlatText, form: Form, owner: str, style: Style) -> None:
    """Append a form, page by page; the older style repeats the header only, the newer one all that stands above it."""
    header = header_rows(form.heads)
    widths = [column.width for head in form.heads for column in head.columns]
    starts = range(0, len(form.rows), form.per_page) if form.rows else [0]
    for start in starts:
        rows = form.rows[start : start + form.per_page]
        if form.filled and len(starts) > 1 and not style.old:
            rows = rows + [[Cell()] * len(widths)] * (form.per_page - len(rows))
        print_top(text, form, owner, style, again=start > 0)
        text.table(widths, header + rows, [0.8] * len(header) + [form.height] * len(rows), form.points)
    if form.note:
        text.paragraph(form.note, "note")


def print_top(text: FlatText, form: Form, owner: str, style: Style, again: bool) -> None:
    """What stands above a table on a new page."""
    if style.old and again:
        text.paragraph("", "form-unit", page=form.page)
        return
    text.paragraph(f"公开表{form.number}", "number-left" if style.old else "number-right", page=form.page)
    text.paragraph(form.title, "form-title")
    if style.old:
        text.paragraph("单位：万元", "form-unit")
    else:
        text.paragraph(f"部门（单位）：{owner}\t单位：万元", f"form-owner-{form.page}")
