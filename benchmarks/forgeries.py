"""How many documents that were doctored, or of which parts are missing, are still called `verified`: whole tables in
another unit or of another year, amounts changed with their sums, pages in another order, prose or tables of another.

Unlike the slips of slips.py these keep the sums of the table that they are in. Each is made in what the reader
returned; the whole way after it is gone again. Only documents that are `verified` as they stand are changed. What
changes nothing that a user is told is not counted.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from random import Random

from attack_kinds import ATTACKS
from forgery_kinds import FORGERIES, MIXED
from slips import REPORTS, Read, read_folder, values

from extract.document.pipeline import Knowledge, blank_report, report_of
from extract.model.page import PageReading
from extract.model.report import Report
from extract.reading.base import DEFAULT_READER, reader
from extract.schemas.load import load

ALONE = FORGERIES | ATTACKS


def main() -> None:
    options = _options()
    knowledge = Knowledge(load())
    kinds = [kind for kind in (*ALONE, *MIXED) if not options.only or any(word in kind for word in options.only)]
    found: dict[str, Counter[str]] = {kind: Counter() for kind in kinds}
    documents = 0
    for folder in options.inputs:
        read, verified = read_folder(folder, knowledge, options.documents)
        documents += len(verified)
        for one in verified:
            other = next((other for other in reversed(read) if other is not one), None)
            for kind, counts in found.items():
                _measure(kind, one, other, knowledge, options, counts)
    print(f"{documents} documents")
    for kind, counts in found.items():
        share = 100 * (counts["check"] + counts["finding"]) / max(counts.total(), 1)
        print(f"{kind:<34}{counts.total():>6}{counts['check']:>8}{counts['finding']:>8}{share:>8.1f} %")


def _measure(
    kind: str, one: Read, other: Read | None, knowledge: Knowledge, options: argparse.Namespace, counts: Counter[str]
) -> None:
    random = Random(f"{one.name} {kind}")
    blank = blank_report(one.sha256, one.name, reader(DEFAULT_READER))
    if kind in ALONE:
        made = ALONE[kind](one.pages, one.report, random)
    else:
        made = MIXED[kind](one.pages, one.report, other.pages, random) if other else iter(())
    for pages in islice(made, options.forgeries):
        report = report_of(blank, pages, knowledge)
        fails = any(check.verdict == "fail" for check in report.checks)
        outcome = "check" if fails else "finding" if report.status != "verified" else "missed"
        if outcome == "missed" and _same(report, one.report):
            outcome = "same"
        if outcome != "same":
            counts[outcome] += 1
        if outcome in options.show:
            print(
                f"{outcome}: {kind}: {one.name[:40]}: {_difference(one.pages, pages, report)}",
                file=sys.stderr,
                flush=True,
            )


def _same(report: Report, other: Report) -> bool:
    """Whether nothing is other that a user is told, but for the pages."""
    return _said(report) == _said(other)


def _said(report: Report) -> tuple[object, ...]:
    rows = {
        name: [{key: value for key, value in row.items() if key != "page"} for row in own]
        for name, own in values(report).items()
    }
    figures = [(one.kind, one.quantity, one.direction) for one in report.statements if one.kind != "other"]
    return rows, figures, report.fiscal_year, report.agency_name


def _difference(pages: Sequence[PageReading], changed: Sequence[PageReading], report: Report) -> str:
    """What tells a forged document from the document, in short."""
    if len(pages) != len(changed):
        left = Counter(map(_texts, changed))
        gone = [page.number for page in pages if not left[_texts(page)]]
        return f"without {gone[0]}-{gone[-1]} of {len(pages)} pages" if gone else f"{len(changed)} pages"
    for before, after in zip(pages, changed, strict=True):
        if before is not after:
            own = set(_texts(before))
            there = [text for text in _texts(after) if text not in own]
            title = next((one.title for one in report.tables if one.first_page <= before.number <= one.last_page), "")
            return f"page {before.number} {title}: {' | '.join(there[:6])}"
    return ""


def _texts(page: PageReading) -> tuple[str, ...]:
    return (*(line.text for line in page.lines), *(cell.text for grid in page.grids for cell in grid.cells))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    folders = sorted(REPORTS.iterdir()) if REPORTS.is_dir() else []
    parser.add_argument("inputs", nargs="*", type=Path, default=folders, help="default: the places beside the checkout")
    parser.add_argument("--documents", type=int, default=2, help="verified documents of each folder (default 2)")
    parser.add_argument("--forgeries", type=int, default=3, help="of each kind in each document (default 3)")
    parser.add_argument("--only", nargs="+", default=[], metavar="WORD", help="kinds with one of these words")
    parser.add_argument("--show", nargs="*", default=[], choices=("missed", "same", "finding", "check"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
