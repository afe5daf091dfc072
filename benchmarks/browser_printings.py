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

A3 = "".join(f"@page {name}{{size:42cm 29.7cm;margin:2cm 3cm}}" for name in ("portrait", "narrow", "landscape"))
THREE_LINES = """td{border:none} thead tr:first-child td{border-top:1.2pt solid #000}
thead tr:last-child td,td.to-last{border-bottom:.6pt solid #000}
tbody tr:last-child td{border-bottom:1.2pt solid #000}"""
FULL = {ord(sign): chr(ord(sign) + 0xFEE0) for sign in "0123456789.,"}


@dataclass(frozen=True)
class Way:
    """A style sheet, what is made of the texts of cells and of captions, and what is printed over every page."""

    css: str = ""
    cell: Callable[[str, int], str] = lambda text, _number: text
    caption: Callable[[str], str] = lambda text: text
    over: str = ""


def signed(sign: str, what: re.Pattern[str]) -> Way:
    """A sign that refers to a note at every fifth amount or name."""
    return Way(cell=lambda text, number: text + sign if number % 5 == 0 and what.search(text) else text)


def over(text: str, size: str, colour: str, angle: float, layer: int = 1) -> Way:
    """A text over, or behind, every page."""
    look = f"position:fixed;left:-10%;right:-10%;top:10%;text-align:center;font-size:{size};color:{colour}"
    return Way(f".fixed{{{look};z-index:{layer};line-height:4;transform:rotate({angle}deg)}}", over=text)


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
    "mark in square brackets": signed("<sup>[1]</sup>", AMOUNT),
    "mark in brackets on the line": signed("[1]", AMOUNT),
    "mark letter": signed("<sup>a</sup>", AMOUNT),
    "mark letter at names": signed("<sup>b</sup>", NAME),
    "mark star": signed("*", AMOUNT),
    "mark star raised": signed("<sup>*</sup>", NAME),
    "mark of a note at names": signed("<sup>注1</sup>", NAME),
    "mark circled at names": signed("②", NAME),
    "mark circled raised": signed("<sup>①</sup>", AMOUNT),
    "mark before": Way(
        cell=lambda text, number: f"<sup>1</sup>{text}" if number % 5 == 0 and NAME.search(text) else text
    ),
    "letters 0.1em": Way("td{letter-spacing:0.1em}"),
    "letters 0.5em": Way("td{letter-spacing:0.5em}"),
    "letters 0.5em of headers": Way("td.h{letter-spacing:0.5em}"),
    "letters 0.2em without rulings": Way("td{letter-spacing:0.2em;border:none}"),
    "letters 0.5em without rulings": Way("td{letter-spacing:0.5em;border:none}"),
    "small without rulings": Way("td{border:none;font-size:6.5pt!important}"),
    "small 7pt without rulings": Way("td{border:none;font-size:7pt!important}"),
    "small body without rulings": Way("td{font-size:7pt!important} td.b{border:none}"),
    "three lines": Way(THREE_LINES),
    "three lines small": Way(THREE_LINES + "td{font-size:6.5pt!important}"),
    "three lines A3": Way(THREE_LINES + A3),
    "A3": Way(A3),
    "A3 without rulings": Way(A3 + "td{border:none}"),
    "middle without rulings": Way("td{border:none} td.b{text-align:center!important}"),
    "left without rulings": Way("td{border:none} td.b{text-align:left!important}"),
    "narrow": Way("table{width:72%!important}"),
    "narrow without rulings": Way("table{width:72%!important} td{border:none}"),
    "narrow with rows": Way("table{width:72%!important} td.b{border-left:none;border-right:none}"),
    "ridges": Way("td{border:3px ridge #888}"),
    "rows apart": Way("table{border-collapse:separate;border-spacing:0 6px}"),
    "dashes of rows": Way("td{border:none;border-bottom:1px dashed #999}"),
    "dots without last line": Way(
        "td{border:1px dotted #666} tbody tr:last-child td{border-bottom:none;border-left:none;border-right:none}"
    ),
    "columns only": Way("td{border-top:none;border-bottom:none}"),
    "pale text": Way("td.b{color:#aaa}"),
    "full-width digits": Way(cell=lambda text, _: text.translate(FULL) if AMOUNT.fullmatch(text) else text),
    "rows too low": Way("td>div{height:1.1em}", cell=lambda text, _: f"<div>{text}</div>"),
    "rows too low, cut": Way("td>div{height:1.2em;overflow:hidden}", cell=lambda text, _: f"<div>{text}</div>"),
    "upright labels": Way("td.b.first{writing-mode:vertical-rl;white-space:nowrap}"),
    "upright headers by letters": Way("td.h{writing-mode:vertical-rl;text-orientation:upright}"),
    "upright headers without rulings": Way("td{border:none} td.h{writing-mode:vertical-rl}"),
    "turned headers": Way("td.h{writing-mode:sideways-lr}"),
    "watermark over": over("内部资料", "90pt", "rgba(0,0,0,.15)", -45),
    "watermark red over": over("公开稿", "120pt", "rgba(255,0,0,.3)", 30),
    "watermark dark behind": over("机密", "150pt", "#bbb", 0, -1),
    "watermark tiled": over("澜州市财政局 " * 150, "14pt", "#ccc", -30, -1),
    "watermark tiled over": over("仅供公开使用 " * 150, "11pt", "rgba(0,0,0,.2)", -20),
    "watermark tiled flat": over("2026年公开 " * 150, "12pt", "#bbb", 0, -1),
    "watermark digits": over("2026 " * 60, "20pt", "#ccc", -45, -1),
    "footer over the table": Way(".fixed{position:fixed;bottom:150px;left:40%;font-size:9pt}", over="澜州市财政局监制"),
    "title with year": Way(caption=lambda text: f"2026年度{text}" if text.endswith("表") else text),
    "title wrapped": Way("p.form-title{width:11em;margin:auto;font-size:20pt}"),
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
            cells = self._cells(row, number, head, len(widths), taken)
            self.body.append(f'<tr style="height:{height}cm">{"".join(cells)}</tr>')
        self.body.append("</tbody></table>")

    def _cells(
        self, row: Sequence[Cell], number: int, head: int, width: int, taken: set[tuple[int, int]]
    ) -> Iterator[str]:
        kind = "h" if number < head else "b"
        waiting = iter(row)
        for place in range(width):
            if (number, place) in taken:
                continue
            cell = next(waiting)
            taken |= {(number + y, place + x) for y in range(cell.rows) for x in range(cell.columns)}
            self.cells += 1
            text = self.way.cell(html.escape(cell.text), self.cells)
            ends = f"{'first' if not place else ''} {'last' if place + cell.columns == width else ''}"
            ends += " to-last" if number + cell.rows == head else ""
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
        over = f'<div class="fixed">{self.way.over}</div>' if self.way.over else ""
        return f"<!doctype html><meta charset=utf-8><style>{style}</style>{over}<section>{''.join(self.body)}</section>"


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
