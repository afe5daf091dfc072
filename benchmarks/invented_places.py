"""Budgets of invented agencies, laid out as any place might, with numbers that tie: what is accused, not recognised or
read otherwise than printed?

    python benchmarks/invented_places.py [--seeds 60] [--first 0] [--keep FOLDER]        (needs Chromium)

Every document is right, so that every failing check accuses wrongly. Then one amount of each is changed, which must not
be verified.
"""

import argparse
import html
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from invented_budget import Budget, budget
from invented_finals import FinalProse, FinalTables
from invented_further import FurtherTables
from invented_look import Look, is_number
from invented_prose import Prose
from invented_style import Style
from invented_tables import Table, Tables
from invented_targets import form, targets

from extract import Disclosure, read

CHROMIUM = "/usr/bin/chromium"


def page_of(own: Budget, style: Style, look: Look, tables: Sequence[Table], prose: Prose, what: str) -> str:
    """The document as a browser prints it."""
    cover = f"<h3 style='margin-top:200px'>{own.year}年{own.name}部门{what}</h3>"
    contents = "".join(f"<p>{one.number} {html.escape(one.title)}</p>" for one in tables)
    parts = [cover, f"<section class=new><h3>目录</h3>{contents}</section>", "<div class=new></div>"]
    parts += [look.section(own, style.unit, one) for one in tables]
    said = "".join(f"<p>　　{one}</p>" for one in prose.paragraphs())
    forms = list(targets(own, style.draw)) if what == "预算" else []
    parts += [form(one, own, style) for one in forms]
    parts.append(f"<section class=new><h3>{own.year}年部门{what}情况说明</h3>{said}</section>")
    return f"<html><head><meta charset=utf-8><style>{look.sheet()}</style></head><body>{''.join(parts)}</body></html>"


class Document(NamedTuple):
    """An invented disclosure: as it is right, and with one amount of a table changed."""

    seed: int
    right: bytes
    changed: bytes
    what: str
    tables: list[Table]


def changed(tables: Sequence[Table], seed: int) -> tuple[list[Table], str]:
    """The tables with another digit in one of their amounts, and which."""
    draw = random.Random(seed)
    places = [
        (number, row, column)
        for number, table in enumerate(tables)
        for row, texts in enumerate(table.rows)
        for column, text in enumerate(texts)
        if is_number(text) and any(sign in "123456789" for sign in text)
    ]
    number, row, column = draw.choice(places)
    text = tables[number].rows[row][column]
    digit = draw.choice([place for place, sign in enumerate(text) if sign.isdigit()])
    other = text[:digit] + str((int(text[digit]) + draw.randint(1, 9)) % 10) + text[digit + 1 :]
    rows = [list(texts) for texts in tables[number].rows]
    rows[row][column] = other
    spoiled = [*tables]
    spoiled[number] = tables[number]._replace(rows=rows)
    header = "/".join(tables[number].columns[column])
    return spoiled, f"{tables[number].title}, {rows[row][:4]}, {header}: {text} → {other}"


def printed(seeds: range, final: bool, further: bool, looks: bool) -> Iterator[Document]:
    """Every document as Chromium prints it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        for seed in seeds:
            right, spoiled, what = b"", b"", ""
            for again in (False, True):
                style, look = Style(seed), Look.drawn(seed) if looks else Look.plain()
                own = budget(seed, style.step if style.exact else style.step / 100)
                prose = FinalProse(own, style) if final else Prose(own, style)
                kind = FinalTables if final else FurtherTables if further else Tables
                tables = list(kind(own, style).all())
                shown, what = changed(tables, seed) if again else (tables, "")
                page.set_content(page_of(own, style, look, shown, prose, "决算" if final else "预算"))
                spoiled = page.pdf(prefer_css_page_size=True)
                right = right or spoiled
            yield Document(seed, right, spoiled, what, tables)
        browser.close()


def squashed(texts: Iterable[str]) -> tuple[str, ...]:
    """The cells of a row that hold something, without white space."""
    return tuple(text for text in ("".join(one.split()) for one in texts) if text not in ("", "<"))


def misread(found: Disclosure, tables: Sequence[Table]) -> Iterator[str]:
    """Rows of tables of a known kind that no table of that title has; merged labels stand before the cells of a row."""
    rows: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
    for table in tables:
        rows["".join(table.title.split())] |= {squashed(texts) for texts in table.rows}
    for read_table in found.report.tables:
        truth = rows.get(max((title for title in rows if title in (read_table.title or "")), key=len, default=""))
        for listing in read_table.listings if truth and read_table.dataset else ():
            for row in listing.rows:
                texts = squashed(cell.text for cell in row)
                if not any(own and texts[-len(own) :] == own for own in truth or ()):
                    yield f"misread: {read_table.title}, page {row[0].page}: {' '.join(texts)[:120]}"


def faults(found: Disclosure) -> Iterator[str]:
    """What is told of a document that is right."""
    for check in found.report.checks:
        if check.verdict == "fail":
            yield f"accused: {check.dataset}, page {check.page}, {check.rule}: {check.message.zh}"
    for table in found.report.tables:
        if not table.dataset:
            yield f"not named: {table.title}"
    columns = {(one.table, one.column): one for one in found.report.unclaimed}
    for one in columns.values():
        title = found.report.tables[one.table - 1].title if one.table else None
        yield f"not understood: {title}, column {one.column}: {one.text}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seeds", type=int, default=60)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--final", action="store_true", help="final accounts instead of budgets")
    parser.add_argument("--further", action="store_true", help="budgets with tables that only some places publish")
    parser.add_argument("--looks", action="store_true", help="paper, rulings, captions and page breaks of many kinds")
    parser.add_argument("--keep", type=Path)
    chosen = parser.parse_args()
    statuses: Counter[str] = Counter()
    told: Counter[str] = Counter()
    for document in printed(
        range(chosen.first, chosen.first + chosen.seeds), chosen.final, chosen.further, chosen.looks
    ):
        if chosen.keep:
            chosen.keep.mkdir(exist_ok=True)
            (chosen.keep / f"{document.seed}.pdf").write_bytes(document.right)
        found = read(document.right)
        statuses[found.status] += 1
        for fault in (*faults(found), *misread(found, document.tables)):
            told[fault.partition(":")[0].partition(",")[0]] += 1
            print(document.seed, fault)
        if found.status == "verified" and read(document.changed).status == "verified":
            told["stays verified though changed"] += 1
            print(document.seed, "stays verified though changed:", document.what)
    print(dict(statuses), dict(told))


if __name__ == "__main__":
    main()
