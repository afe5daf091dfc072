"""Documents printed otherwise: what is read must stay what is read of the file as it is.

    python benchmarks/printings.py FILE.pdf… [--only WORD …] [--keep FOLDER]

For each kind (see printing_kinds.py): cells that are right, missing and wrong, wrong or missing ones of a document that
is called verified (silent), and failing checks that are blamed on the document although the file as it is has none
such (accused).
"""

import argparse
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pikepdf
from printed_content import apply, taken_apart, to_page
from printing_kinds import KINDS, Kind, Sheet, moved_by, ruled

from extract.document.pipeline import Knowledge, read_document
from extract.model.report import Report
from extract.reading.base import DEFAULT_READER, reader
from extract.reading.native.reader import view
from extract.reading.native.resources import Shared
from extract.schemas.load import load

Cells = Counter[tuple[str, ...]]
Whole = Callable[[bytes], bytes]


class Score(NamedTuple):
    """Cells that are right, missing and wrong; those of a verified document; false accusations."""

    right: int = 0
    missing: int = 0
    wrong: int = 0
    silent: int = 0
    accused: int = 0

    def plus(self, other: "Score") -> "Score":
        return Score(*(one + more for one, more in zip(self, other, strict=True)))


def cells(report: Report) -> Cells:
    """Every value of every row, beside what tells its row from others."""
    found: Cells = Counter()
    for dataset, rows in report.rows.items():
        for row in rows:
            key = "/".join(
                str(value) for name, value in row.values.items() if name not in row.facts and value is not None
            )
            found.update((dataset, name, key, str(fact.amount)) for name, fact in row.facts.items())
            found.update(
                (dataset, name, "", str(value))
                for name, value in row.values.items()
                if name not in row.facts and value is not None
            )
    return found


def score(before: Report, after: Report) -> Score:
    truth, found = cells(before), cells(after)
    right = (truth & found).total()
    missing, wrong = truth.total() - right, found.total() - right
    silent = missing + wrong if after.status == "verified" else 0
    blamed = [
        sum(check.verdict == "fail" and check.cause == "document" for check in one.checks) for one in (before, after)
    ]
    return Score(right, missing, wrong, silent, max(blamed[1] - blamed[0], 0))


def printed(content: bytes, kind: Kind, report: Report) -> bytes:
    """The document with every page printed so."""
    pdf = pikepdf.open(BytesIO(content))
    shared, out = Shared(pdf), BytesIO()
    with reader("native").open(content) as document:
        pages = [document.page(number, lambda _: True) for number in range(1, len(pdf.pages) + 1)]
    for number, (page, seen) in enumerate(zip(pdf.pages, pages, strict=True), 1):
        back = to_page(page.obj)
        strokes = []
        for x0, top, x1, bottom in seen.rulings.tolist():
            (ax, ay), (bx, by) = apply(back, x0, top), apply(back, x1, bottom)
            strokes.append((min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)))
        parts = [part for table in report.tables for part in table.parts if part.grid.page == number]
        tables = [ruled(part.grid, part.head, back) for part in parts]
        x0, y0, x1, y1 = (float(side) for side in page.cropbox)
        sheet = Sheet(page.obj, pdf, number, taken_apart(page.obj, shared), strokes, tables, (x0, y0, x1, y1))
        page.obj.Contents = pdf.make_stream(kind(sheet))
    pdf.save(out)
    return out.getvalue()


def two_on_a_sheet(content: bytes) -> bytes:
    """Two pages beside each other on a page."""
    pdf, out = pikepdf.open(BytesIO(content)), BytesIO()
    sheets = pikepdf.new()
    for place in range(0, len(pdf.pages), 2):
        left = 0.0
        high, forms, body = 0.0, pikepdf.Dictionary(), []
        for side, page in enumerate(pdf.pages[place : place + 2]):
            _, width, height = view(page.obj)
            form = sheets.copy_foreign(page.as_form_xobject())
            forms[f"/Page{side}"] = form
            x, y = left - float(page.cropbox[0]), -float(page.cropbox[1])
            body.append(moved_by((1, 0, 0, 1, x, y), b"/Page%d Do" % side))
            left, high = left + width, max(high, height)
        sheets.add_blank_page(page_size=(left, high))
        sheet = sheets.pages[-1].obj
        sheet.Resources = pikepdf.Dictionary(XObject=forms)
        sheet.Contents = sheets.make_stream(b"\n".join(body))
    sheets.save(out)
    return out.getvalue()


def cut_in_two(content: bytes) -> bytes:
    """Every page on two, the second from the middle on."""
    pdf, out = pikepdf.open(BytesIO(content)), BytesIO()
    halves = pikepdf.new()
    for page in pdf.pages:
        x0, y0, x1, y1 = (float(side) for side in page.cropbox)
        for top, foot in ((y1, (y0 + y1) / 2), ((y0 + y1) / 2, y0)):
            halves.pages.append(page)
            half = halves.pages[-1].obj
            half.MediaBox = half.CropBox = pikepdf.Array([x0, foot, x1, top])
    halves.save(out)
    return out.getvalue()


WHOLE: dict[str, Whole] = {"two on a sheet": two_on_a_sheet, "cut in two": cut_in_two}


HEADINGS = f"{'kind':24} {'right':>8} {'missing':>8} {'wrong':>6} {'silent':>6} {'accused':>7}  status"


def line(name: str, one: Score, statuses: Sequence[str]) -> str:
    """A score under the headings, with how many documents are called what."""
    share = one.right / max(one.right + one.missing, 1)
    counts = ", ".join(f"{count} {status}" for status, count in Counter(statuses).items())
    return f"{name:24} {share:8.2%} {one.missing:8} {one.wrong:6} {one.silent:6} {one.accused:7}  {counts}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--only", nargs="+", default=[""], help="kinds whose name has one of these words")
    parser.add_argument("--keep", type=Path, help="where to put the PDFs")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    schemas = load()
    knowledge, engine = Knowledge(schemas), reader(DEFAULT_READER)
    totals: dict[str, Score] = defaultdict(Score)
    statuses: dict[str, list[str]] = defaultdict(list)
    for path in arguments.files:
        content = path.read_bytes()
        before = read_document(content, path.name, engine, knowledge)
        for name in [*KINDS, *WHOLE]:
            if not any(word in name for word in arguments.only):
                continue
            changed = printed(content, KINDS[name], before) if name in KINDS else WHOLE[name](content)
            if arguments.keep:
                (arguments.keep / f"{path.stem}-{name.replace(' ', '-')}.pdf").write_bytes(changed)
            after = read_document(changed, path.name, engine, knowledge)
            one = score(before, after)
            totals[name] = totals[name].plus(one)
            statuses[name].append(after.status)
    print(HEADINGS)
    for name, one in totals.items():
        print(line(name, one, statuses[name]))


if __name__ == "__main__":
    main()
