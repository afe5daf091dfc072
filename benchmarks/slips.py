"""How many slips keep a document from being called `verified`: rows, names and headers exchanged, a line one down, rows
and pages doubled or missing, a year, a unit, a code or an owner changed, digits cut off, pages of two documents mixed.

The slips are made in what the reader returned, each alone; the whole way after it is gone again. Only documents that
are `verified` as they stand are changed, of each place as many as asked for.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from random import Random
from typing import NamedTuple

from slip_kinds import AMOUNT, CODE, FORM, MIXING, NAME, SLIPS, Pages, rows_with_amounts

from extract.digest import digest
from extract.document.pipeline import Knowledge, blank_report, read_pages, report_of
from extract.errors import ExtractError
from extract.model.page import Cell
from extract.model.report import Report
from extract.reading.base import DEFAULT_READER, reader
from extract.schemas.load import load

REPORTS = Path(__file__).resolve().parents[2] / "shared" / "reports"
MISSING = "a row missing"
OF_ROWS = (
    "amounts of two rows exchanged",
    "names of two rows exchanged",
    "a line one down",
    MISSING,
    "a digit changed",
    "digits cut off",
)
YEAR = "the year of a title"
FORM_MISSING = "a form missing"
HARMLESS = (
    "two headers exchanged",
    "the unit of a page",
    "a page of another",
    "a page of another more",
    "a form of another",
)  # where the words mean the same, all amounts are zero or both tables blank


class Read(NamedTuple):
    """A document as it was read, and what came of it."""

    name: str
    sha256: str
    pages: Pages
    report: Report


def main() -> None:
    options = _options()
    knowledge = Knowledge(load())
    kinds = [kind for kind in (*SLIPS, *MIXING) if not options.only or any(word in kind for word in options.only)]
    caught: dict[str, Counter[str]] = {kind: Counter() for kind in kinds}
    documents = 0
    for folder in options.inputs:
        read, verified = read_folder(folder, knowledge, options.documents)
        documents += len(verified)
        for one in verified:
            _measured(
                one, next((other for other in reversed(read) if other is not one), None), knowledge, options, caught
            )
    print(f"{documents} documents")
    for kind, counts in caught.items():
        noticed, told = counts["check"] + counts["finding"], counts.total() - counts["printed once"]
        shares = (100 * noticed / max(number, 1) for number in (counts.total(), told))
        print(
            f"{kind:<32}{counts.total():>6}{counts['check']:>8}{counts['finding']:>8}{counts['printed once']:>8}",
            *(f"{share:>8.1f} %" for share in shares),
        )


def read_folder(folder: Path, knowledge: Knowledge, wanted: int) -> tuple[list[Read], list[Read]]:
    """The documents of a folder that are read, or one document, and those of them that are verified, as many as are
    wanted.
    """
    paths = sorted(folder.rglob("*.pdf")) if folder.is_dir() else [folder]
    read = list(_read_documents(paths, knowledge, wanted))
    return read, [one for one in read if one.report.status == "verified"][:wanted]


def _read_documents(paths: Sequence[Path], knowledge: Knowledge, wanted: int) -> Iterator[Read]:
    """Documents until as many are verified as wanted, and one more that their pages may be mixed with."""
    verified = count = 0
    for path in paths:
        content, own = path.read_bytes(), reader(DEFAULT_READER)
        try:
            pages = read_pages(content, own, knowledge)
        except ExtractError:
            continue
        blank = blank_report(digest(content), path.name, own)
        report = report_of(blank, pages, knowledge)
        yield Read(path.name, blank.sha256, pages, report)
        verified, count = verified + (report.status == "verified"), count + 1
        if verified >= wanted and count > 1:
            return


def _measured(
    one: Read, other: Read | None, knowledge: Knowledge, options: argparse.Namespace, caught: dict[str, Counter[str]]
) -> None:
    """The slips in one verified document; `other` is what its pages are mixed with."""
    blank = blank_report(one.sha256, one.name, reader(DEFAULT_READER))
    for kind in caught:
        random = Random(f"{one.name} {kind}")
        if kind in SLIPS:
            made = SLIPS[kind](one.pages, random)
        else:
            made = MIXING[kind](one.pages, other.pages, random) if other else iter(())
        for changed in islice(made, options.slips):
            report = report_of(blank, changed, knowledge)
            fails = any(check.verdict == "fail" for check in report.checks)
            outcome = "check" if fails else "finding" if report.status != "verified" else "missed"
            if outcome == "missed" and kind in HARMLESS and values(report) == values(one.report):
                continue
            if outcome == "missed" and kind in OF_ROWS and _printed_once(one.pages, changed, kind == MISSING):
                outcome = "printed once"
            if outcome == "missed" and kind == FORM_MISSING and not _named_elsewhere(one.pages, changed):
                outcome = "printed once"
            if outcome == "missed" and kind == YEAR and not _names_its_year(changed, one.report.fiscal_year):
                outcome = "printed once"
            caught[kind][outcome] += 1
            if outcome in options.show:
                said = _difference(one.pages, changed)
                print(f"{outcome}: {kind}: {one.name}: {said}", file=sys.stderr, flush=True)


def _printed_once(pages: Pages, changed: Pages, missing: bool) -> bool:
    """Whether neither of the rows that a slip is in stands anywhere else with its name and one of its amounts, so that
    only a sum can tell.
    """
    page, at = next(
        (page, at)
        for page, (before, after) in enumerate(zip(pages, changed, strict=False))
        for at, (one, other) in enumerate(zip(before.grids, after.grids, strict=False))
        if one is not other
    )
    grid = pages[page].grids[at]
    slipped = {cell.row for cell in set(grid.cells) ^ set(changed[page].grids[at].cells)}
    if missing:  # the rows below it have only moved
        slipped = {min(slipped)}
    rows = [cells for row, cells in rows_with_amounts(grid).items() if row in slipped]
    others = [
        {cell.text for cell in cells}
        for reading in pages
        for other in reading.grids
        if other is not grid
        for cells in rows_with_amounts(other).values()
    ]
    prose = [line.text for reading in pages for line in reading.lines]

    texts = [{cell.text for cell in cells} for cells in rows]
    shared = set.intersection(*texts) if len(texts) > 1 else set()  # these tell nothing of either row

    def elsewhere(cells: Sequence[Cell]) -> bool:
        names = {cell.text for cell in cells if NAME.fullmatch(cell.text) or CODE.fullmatch(cell.text)} - shared
        amounts = {cell.text for cell in cells if AMOUNT.fullmatch(cell.text) and cell.text.strip("0.")}
        return any(names & texts and amounts & texts for texts in others) or any(
            name in line and amount in line for line in prose for name in names for amount in amounts
        )

    return not any(map(elsewhere, rows))


def _named_elsewhere(pages: Pages, changed: Pages) -> bool:
    """Whether what the form that is missing calls its project stands anywhere else in the document."""
    left = Counter(id(grid) for reading in changed for grid in reading.grids)
    gone = next(grid for reading in pages for grid in reading.grids if id(grid) not in left)
    label = next(cell for cell in gone.cells if FORM.search(cell.text))
    beside = [cell.text for cell in gone.cells if cell.row == label.row and cell.col >= label.col_end]
    texts = [line.text for reading in changed for line in reading.lines]
    texts += [cell.text for reading in changed for grid in reading.grids for cell in grid.cells]
    return any(name in text for name in beside[:1] for text in texts)


def _names_its_year(pages: Pages, year: int | None) -> bool:
    return any(f"{year}年" in line.text for page in pages for line in page.lines)


def values(report: Report) -> dict[str, list[Mapping[str, object]]]:
    return {name: [row.values for row in rows] for name, rows in report.rows.items()}


def _difference(pages: Pages, changed: Pages) -> str:
    for before, after in zip(pages, changed, strict=False):
        if before is not after:
            texts = [{cell.text for grid in one.grids for cell in grid.cells} for one in (before, after)]
            lines = [{line.text for line in one.lines} for one in (before, after)]
            cells = [
                (one.row, one.text)
                for here, there in zip(before.grids, after.grids, strict=False)
                for one in set(there.cells) - set(here.cells)
            ]
            return f"page {before.number} {sorted(cells)[:6]} {texts[1] ^ texts[0] or ''} {lines[1] - lines[0] or ''}"
    return "a page more"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    folders = sorted(REPORTS.iterdir()) if REPORTS.is_dir() else []
    parser.add_argument("inputs", nargs="*", type=Path, default=folders, help="default: the places beside the checkout")
    parser.add_argument("--documents", type=int, default=2, help="verified documents of each folder (default 2)")
    parser.add_argument("--slips", type=int, default=3, help="slips of each kind in each document (default 3)")
    parser.add_argument("--only", nargs="+", default=[], metavar="WORD", help="kinds of slips with one of these words")
    outcomes = ("missed", "printed once", "finding", "check")
    parser.add_argument("--show", nargs="*", default=[], choices=outcomes, help="tell the slips of these outcomes")
    return parser.parse_args()


if __name__ == "__main__":
    main()
