"""How an invented document looks: its paper, rulings, captions, and where its pages break."""

import html
import random
from collections.abc import Container, Iterable
from itertools import groupby
from typing import NamedTuple

from invented_budget import Budget
from invented_tables import Area, Table

SHEET = """@page{size:A4 %s;margin:%s} p{margin:0}
body{margin:0;font-family:"%s";font-size:%spt}
tr{break-inside:avoid} table{border-collapse:collapse;width:100%%}
h3{text-align:center;font-size:14pt;margin:4px}
td{padding:1px 2px;height:1.2em;white-space:pre-wrap} td.n{text-align:right} td.h{text-align:center}
.two{display:flex;justify-content:space-between} .new{break-before:page}"""
RULINGS = {
    "all": "td{border:0.5pt solid #000}",
    "across": "td{border-top:0.5pt solid #000;border-bottom:0.5pt solid #000;padding:1px 6px}",
    "three": "table{border-top:1pt solid #000;border-bottom:1pt solid #000} thead{border-bottom:0.5pt solid #000}"
    "td{padding:1px 8px}",
    "pale": "td{border:0.25pt solid #aaa}",
    "dotted": "td{border:0.5pt dotted #000}",
}
OWNERS = ("部门：{}", "单位名称：{}", "部门名称：{}", "填报单位：{}", "部门（单位）：{}", "")
UNITS = ("单位：{}", "金额单位：{}", "单位:{}", "金额单位:{}", "（单位：{}）")


class Look(NamedTuple):
    """How a document is printed."""

    paper: str
    margin: str
    font: str
    size: float
    rulings: str
    repeated: bool  # whether each page of a table begins with its header
    apart: bool  # whether each table begins a page
    owner: str
    unit: str
    number: str  # where a table's number stands: above its title or before it

    @classmethod
    def plain(cls) -> "Look":
        """As most places print."""
        return cls("landscape", "1.5cm", "Noto Serif CJK SC", 9, "all", True, True, OWNERS[0], UNITS[0], "above")

    @classmethod
    def drawn(cls, seed: int) -> "Look":
        draw = random.Random(f"look {seed}")
        return cls(
            draw.choice(("landscape", "landscape", "portrait")),
            draw.choice(("1cm", "1.5cm", "2cm")),
            draw.choice(("Noto Serif CJK SC", "Noto Sans CJK SC")),
            draw.choice((7, 8, 9, 10.5)),
            draw.choice(("all", "all", "all", "pale", "dotted", "across", "three")),
            draw.random() < 0.7,
            draw.random() < 0.8,
            draw.choice(OWNERS),
            draw.choice(UNITS),
            draw.choice(("above", "above", "before")),
        )

    def sheet(self) -> str:
        head = "thead{display:%s}" % ("table-header-group" if self.repeated else "table-row-group")
        return SHEET % (self.paper, self.margin, self.font, self.size) + RULINGS[self.rulings] + head

    def section(self, own: Budget, unit: str, table: Table) -> str:
        head, body = (
            "".join(
                f"<tr>{_row(cells, amounts)}</tr>"
                for _, cells in groupby((one for one in areas if one.head is wanted), lambda cell: cell.row)
            )
            for areas in [list(table.areas())]
            for amounts in [{one.col for one in areas if is_number(one.text)}]
            for wanted in (True, False)
        )
        above = f"<p>{table.number}</p>" if self.number == "above" else ""
        title = table.title if self.number == "above" else f"{table.number} {table.title}".strip()
        owner, said = self.owner.format(own.name), self.unit.format(unit)
        return (
            f"<section{' class=new' if self.apart else ''}>{above}<h3>{html.escape(title)}</h3>"
            f"<p class=two><span>{owner}</span><span>{said}</span></p>"
            f"<table><thead>{head}</thead><tbody>{body}</tbody></table><p>{table.note}</p></section>"
        )


def is_number(text: str) -> bool:
    return text.replace(",", "").replace(".", "").replace("-", "0").isdigit() and not text.isdigit()


def _row(cells: Iterable[Area], amounts: Container[int]) -> str:
    return "".join(_cell(one, amounts) for one in cells)


def _cell(cell: Area, amounts: Container[int]) -> str:
    kind = "h" if cell.head else "n" if cell.col in amounts and not cell.text.strip("0123456789.,-") else "t"
    spans = f"colspan={cell.col_end - cell.col} rowspan={cell.row_end - cell.row}"
    return f"<td class={kind} {spans}>{html.escape(cell.text)}</td>"
