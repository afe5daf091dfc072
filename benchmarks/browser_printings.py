"""The samples printed by a browser, in ways that style sheets make: what is read must be what is read of the samples.

    python benchmarks/browser_printings.py [--only WORD …] [--keep FOLDER]        (needs Chromium)

Prints for each way what `printings.py` prints.
"""

import argparse
import html
import logging
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from printings import HEADINGS, Score, line, score

from extract.document.pipeline import Knowledge, read_document
from extract.reading.base import DEFAULT_READER, reader
from extract.schemas.load import load

SAMPLES = Path(__file__).parent.parent / "samples"
sys.path.insert(0, str(SAMPLES))
import make  # noqa: E402
from sample_maker.budget import load as load_budgets  # noqa: E402
from sample_maker.flat_odt import PAGES, PARAGRAPHS, Cell  # noqa: E402

AMOUNT = re.compile(r"-?[\d,]+\.\d+")
NAME = re.compile("[一-鿿]{3}")
YEARS = (2024, 2026)  # without a misprint
BASE = """p{margin:0} body{margin:0;font-family:"Noto Serif CJK SC"} section{break-before:page} tr{break-inside:avoid}
p.two{display:flex;justify-content:space-between;font-size:10pt} table{border-collapse:collapse;width:100%}
table{table-layout:fixed} td{border:0.5pt solid #000;padding:1px 2px;line-height:1.25;overflow-wrap:anywhere}"""


@dataclass(frozen=True)
class Way:
    """A style sheet, and what is made of the texts of cells and of captions."""

    css: str = ""
    cell: Callable[[str, int], str] = lambda text, _number: text
    caption: Callable[[str], str] = lambda text: text


def signed(sign: str, what: re.Pattern[str]) -> Way:
    """A sign that refers to a note at every fifth amount or name."""
    return Way(cell=lambda text, number: text + sign if number % 5 == 0 and what.search(text) else text)


def instead(before: str, after: str) -> Way:
    return Way(caption=lambda text: text.replace(before, after))


WAYS = {
    "plain": Way(),
    "mark raised": signed("<sup>1</sup>", AMOUNT),
    "mark raised small": signed('<sup style="font-size:50%">12</sup>', AMOUNT),
    "mark in words": signed('<sup style="font-size:60%">注1</sup>', AMOUNT),
    "mark lowered": signed('<sub style="font-size:60%">1</sub>', AMOUNT),
    "mark circled": signed("①", AMOUNT),
    "mark at names": signed("<sup>(2)</sup>", NAME),
    "mark star at names": signed("*", NAME),
    "no rulings": Way("td{border:none}"),
    "body without rulings": Way("td.b{border:none}"),
    "body with rows": Way("td.b{border-left:none;border-right:none}"),
    "body with columns": Way("td.b{border-top:none;border-bottom:none}"),
    "no last line": Way("tbody tr:last-child td{border-bottom:none;border-left:none;border-right:none}"),
    "no first line": Way("thead tr:first-child td{border-top:none}"),
    "open body": Way("td.b.first{border-left:none} td.b.last{border-right:none}"),
    "open sides": Way("td.first{border-left:none} td.last{border-right:none}"),
    "dots": Way("td{border:2px dotted #666}"),
    "double lines": Way("td{border:5px double #000}"),
    "borders apart": Way("table{border-collapse:separate;border-spacing:6px}"),
    "stripes": Way("td{border:none} tr:nth-child(odd) td{background:#dbe5f1}"),
    "white lines": Way("td{border:1.5pt solid #fff;background:#e8eef7}"),
    "shadows": Way("td{text-shadow:0.7pt 0 0 #000}"),
    "underlined": Way("td{text-decoration:underline}"),
    "letters apart": Way("td{letter-spacing:3pt}"),
    "justified": Way("td.b{text-align:justify!important;text-align-last:justify!important}"),
    "not broken": Way("td{white-space:nowrap}"),
    "not broken, cut": Way("td{white-space:nowrap;overflow:hidden}"),
    "upright headers": Way("td.h{writing-mode:vertical-rl}"),
    "high rows": Way("td{font-size:13pt!important}"),
    "rows cut by pages": Way("tr{break-inside:auto} td{font-size:13pt!important;line-height:1.7}"),
    "narrow titles": Way("p.form-title{width:4.2em;margin:auto}"),
    "title marks": Way(caption=lambda text: f"《{text}》" if text.endswith("表") else text),
    "unit in brackets": instead("单位：万元", "（单位：万元）"),
    "currency": instead("单位：万元", "货币单位：人民币（万元）"),
    "watermark": Way(
        'section{position:relative} section::before{content:"内部资料";position:absolute;left:10%;top:30%;'
        "font-size:90pt;color:#ddd;z-index:-1;transform:rotate(-30deg)}"
    ),
    "sans": Way('td{font-family:"Noto Sans CJK SC"}'),
    "small": Way("td{font-size:6pt!important}"),
}


class HtmlText:
    """What `FlatText` of the samples does, as a page of HTML."""

    def __init__(self, title: str, way: Way) -> None:
        self.way = way
        self.body = [f"<title>{title}</title>"]
        self.cells = 0

    def paragraph(self, text: str, style: str, page: str | None = None) -> None:
        if page:
            self.body.append(f'</section><section style="page:{page}">')
        parts = [f"<span>{html.escape(self.way.caption(part))}</span>" for part in text.split("\t")]
        self.body.append(f'<p class="{style} {"two" if len(parts) > 1 else ""}">{"".join(parts)}</p>')

    def table(
        self, widths: Sequence[float], rows: Sequence[Sequence[Cell]], heights: Sequence[float], points: float
    ) -> None:
        head = next((number for number, height in enumerate(heights) if height != 0.8), len(heights))
        columns = "".join(f'<col style="width:{100 * width / sum(widths):.2f}%">' for width in widths)
        self.body.append(f'<table style="font-size:{points}pt"><colgroup>{columns}</colgroup><thead>')
        taken: set[tuple[int, int]] = set()
        for number, (row, height) in enumerate(zip(rows, heights, strict=True)):
            if number == head:
                self.body.append("</thead><tbody>")
            cells = self._cells(row, number, "h" if number < head else "b", len(widths), taken)
            self.body.append(f'<tr style="height:{height}cm">{"".join(cells)}</tr>')
        self.body.append("</tbody></table>")

    def _cells(
        self, row: Sequence[Cell], number: int, kind: str, width: int, taken: set[tuple[int, int]]
    ) -> Iterator[str]:
        waiting = iter(row)
        for place in range(width):
            if (number, place) in taken:
                continue
            cell = next(waiting)
            taken |= {(number + y, place + x) for y in range(cell.rows) for x in range(cell.columns)}
            self.cells += 1
            text = self.way.cell(html.escape(cell.text), self.cells)
            ends = f"{'first' if not place else ''} {'last' if place + cell.columns == width else ''}"
            yield (
                f'<td class="{kind} {ends}" colspan={cell.columns} rowspan={cell.rows} '
                f'style="text-align:{cell.align};padding-left:{0.05 + 0.3 * cell.indent:.2f}cm">{text}</td>'
            )

    def xml(self) -> str:
        """The whole file."""
        looks = [
            f"@page {name}{{size:{width}cm {height}cm;margin:{edge}cm {side}cm}}"
            for name, (width, height, side, edge) in PAGES.items()
        ]
        looks += [
            f'.{name}{{font-family:"{font}";font-size:{points}pt;font-weight:{700 if bold else 400};text-align:{align};'
            + ";".join(f"{key[3:]}:{value}" for key, value in more.items() if key != "fo:keep-with-next")
            + "}"
            for name, (font, points, bold, align, more) in PARAGRAPHS.items()
        ]
        style = "\n".join([*looks, BASE, self.way.css])
        return f"<!doctype html><meta charset=utf-8><style>{style}</style><section>{''.join(self.body)}</section>"


def printed(year: int, way: Way) -> bytes:
    """A year's sample, printed by the browser."""
    budget = next(one for one in load_budgets(SAMPLES / "unit.toml") if one.year == year)
    with patch.object(make, "FlatText", lambda title, _stamp: HtmlText(title, way)):
        written = make.compose(budget)
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder, "page.html"), Path(folder, "page.pdf")
        source.write_text(written, encoding="utf-8")
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        command += [f"--user-data-dir={folder}/profile", f"--print-to-pdf={made}", source.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        return made.read_bytes()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", default=[""], help="ways whose name has one of these words")
    parser.add_argument("--keep", type=Path, help="where to put the PDFs")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    knowledge, engine = Knowledge(load()), reader(DEFAULT_READER)
    files = {year: next(SAMPLES.glob(f"{year}*.pdf")) for year in YEARS}
    truths = {year: read_document(file.read_bytes(), file.name, engine, knowledge) for year, file in files.items()}
    print(HEADINGS)
    for name, way in WAYS.items():
        if not any(word in name for word in arguments.only):
            continue
        total, statuses = Score(), []
        for year in YEARS:
            content = printed(year, way)
            if arguments.keep:
                (arguments.keep / f"{year}-{name.replace(' ', '-')}.pdf").write_bytes(content)
            report = read_document(content, files[year].name, engine, knowledge)
            total = total.plus(score(truths[year], report))
            statuses.append(report.status)
        print(line(name, total, statuses), flush=True)


if __name__ == "__main__":
    main()
