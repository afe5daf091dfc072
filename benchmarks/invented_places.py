"""Budgets of invented agencies, laid out as any place might, with numbers that tie: what is accused, not recognised or
read otherwise than printed?

    python benchmarks/invented_places.py [--seeds 60] [--first 0] [--keep FOLDER]        (needs Chromium)

Every document is right, so that every failing check accuses wrongly. Then one amount of each is changed, which must not
be verified.
"""

import argparse
import html
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from invented_budget import Budget, budget
from invented_finals import FinalProse, FinalTables
from invented_prose import Prose
from invented_tables import Path as Heading
from invented_tables import Style, Table, Tables
from invented_targets import form, targets

from extract import read

SHEET = """@page{size:A4 landscape;margin:1.5cm} p{margin:0} body{margin:0;font-family:"Noto Serif CJK SC";font-size:9pt}
section{break-before:page} tr{break-inside:avoid} table{border-collapse:collapse;width:100%} h3{text-align:center;font-size:14pt;margin:4px}
td{border:0.5pt solid #000;padding:1px 2px;white-space:pre-wrap} td.n{text-align:right} td.h{text-align:center}
.two{display:flex;justify-content:space-between} thead{display:table-header-group}"""


def page_of(own: Budget, style: Style, tables: Sequence[Table], prose: Prose, what: str) -> str:
    """The document as a browser prints it."""
    cover = f"<h3 style='margin-top:200px'>{own.year}年{own.name}部门{what}</h3>"
    contents = "".join(f"<p>{one.number} {html.escape(one.title)}</p>" for one in tables)
    parts = [cover, f"<section><h3>目录</h3>{contents}</section>"]
    parts += [_section(own, style, one) for one in tables]
    said = "".join(f"<p>　　{one}</p>" for one in prose.paragraphs())
    forms = list(targets(own, style.draw)) if what == "预算" else []
    parts += [form(one, own, style) for one in forms]
    parts.append(f"<section><h3>{own.year}年部门{what}情况说明</h3>{said}</section>")
    return f"<html><head><meta charset=utf-8><style>{SHEET}</style></head><body>{''.join(parts)}</body></html>"


def _section(own: Budget, style: Style, table: Table) -> str:
    rows = "".join(f"<tr>{''.join(_cells(row))}</tr>" for row in table.rows)
    return (
        f"<section><p>{table.number}</p><h3>{html.escape(table.title)}</h3>"
        f"<p class=two><span>部门：{own.name}</span><span>单位：{style.unit}</span></p>"
        f"<table><thead>{_head(table.columns)}</thead><tbody>{rows}</tbody></table><p>{table.note}</p></section>"
    )


def _cells(row: Sequence[str]) -> Iterator[str]:
    """The cells of a row; `<` goes on with the cell on its left."""
    place = 0
    while place < len(row):
        end = place + 1
        while end < len(row) and row[end] == "<":
            end += 1
        kind = "n" if _is_number(row[place]) else "t"
        yield f"<td class={kind} colspan={end - place}>{html.escape(row[place])}</td>"
        place = end


def _is_number(text: str) -> bool:
    return text.replace(",", "").replace(".", "").replace("-", "0").isdigit() and not text.isdigit()


def _head(columns: Sequence[Heading]) -> str:
    depth = max(map(len, columns))
    lines = []
    for level in range(depth):
        line, place = "", 0
        while place < len(columns):
            path = columns[place]
            end = place + 1
            if len(path) > level + 1:
                while end < len(columns) and columns[end][: level + 1] == path[: level + 1]:
                    end += 1
            if len(path) > level:
                down = depth - level if len(path) == level + 1 else 1
                line += f"<td class=h colspan={end - place} rowspan={down}>{html.escape(path[level])}</td>"
            place = end
        lines.append(f"<tr>{line}</tr>")
    return "".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seeds", type=int, default=60)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--final", action="store_true", help="final accounts instead of budgets")
    parser.add_argument("--keep", type=Path)
    chosen = parser.parse_args()
    statuses: Counter[str] = Counter()
    for seed, pdf, tables in printed(range(chosen.first, chosen.first + chosen.seeds), chosen.final):
        if chosen.keep:
            chosen.keep.mkdir(exist_ok=True)
            (chosen.keep / f"{seed}.pdf").write_bytes(pdf)
        found = read(pdf)
        statuses[found.status] += 1
        print(seed, found.status, found.report.reasons if hasattr(found.report, "reasons") else "")
        for check in found.report.checks:
            if check.verdict == "fail":
                print("   accused:", check.dataset, check.page, check.rule, check.message.zh)
        for table in found.report.tables:
            if not table.dataset:
                print("   not named:", table.title)
        seen = set()
        for one in found.report.unclaimed:
            if (one.table, one.column) not in seen:
                seen.add((one.table, one.column))
                table = found.report.tables[one.table - 1]
                print(
                    "   unclaimed:",
                    table.title,
                    table.dataset,
                    one.column,
                    "row",
                    one.row,
                    one.text,
                    [t.columns[(one.column or 1) - 1] for t in tables if t.title == table.title],
                )
    print(dict(statuses))


def printed(seeds: range, final: bool) -> Iterator[tuple[int, bytes, list[Table]]]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        for seed in seeds:
            style = Style(seed)
            own = budget(seed, style.step if style.exact else style.step / 100)
            kinds = (FinalTables, FinalProse, "决算") if final else (Tables, Prose, "预算")
            tables = list(kinds[0](own, style).all())
            page.set_content(page_of(own, style, tables, kinds[1](own, style), kinds[2]))
            yield seed, page.pdf(prefer_css_page_size=True), tables
        browser.close()


if __name__ == "__main__":
    main()
