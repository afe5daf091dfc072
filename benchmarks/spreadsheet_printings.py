"""The samples as spreadsheets, printed by LibreOffice: what is read must be what is read of the samples.

    python benchmarks/spreadsheet_printings.py [--only WORD …] [--keep FOLDER]        (needs LibreOffice)

Prints for each way what `printings.py` prints.
"""

import argparse
import logging
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import xlsxwriter
from browser_printings import AMOUNT, SAMPLES, YEARS
from printings import HEADINGS, Score, line, score

from extract.document.pipeline import Knowledge, read_document
from extract.reading.base import DEFAULT_READER, reader
from extract.schemas.load import load

import make  # isort: skip  (a module of samples/, whose folder browser_printings puts on the path)
from sample_maker.budget import load as load_budgets  # isort: skip
from sample_maker.flat_odt import Cell  # isort: skip

Look = dict[str, Any]
PER_CENTIMETRE = 4.6  # widths of a column of a spreadsheet
POINTS = 72 / 2.54  # of a centimetre


@dataclass(frozen=True)
class Way:
    """How cells look, those of headers, whether numbers are numbers, and whether the lines of the grid are printed."""

    cell: Look
    header: Look
    numeric: bool = False
    grid: bool = False


def _ruled(**look: Any) -> Way:
    return Way({"border": 1, **look}, {"border": 1, **look})


WRAP: Look = {"text_wrap": True}
WAYS = {
    "wrapped": _ruled(**WRAP),
    "not wrapped": _ruled(),
    "shrunk": _ruled(shrink=True),
    "hair lines": Way({"border": 7, **WRAP}, {"border": 7, **WRAP}),
    "dotted": Way({"border": 4, **WRAP}, {"border": 4, **WRAP}),
    "double": Way({"border": 6, **WRAP}, {"border": 6, **WRAP}),
    "numbers": Way({"border": 1, **WRAP}, {"border": 1, **WRAP}, numeric=True),
    "small": _ruled(font_size=6, **WRAP),
    "rows": Way({"bottom": 1, **WRAP}, {"border": 1, **WRAP}),
    "no rulings": Way(WRAP, WRAP),
    "no rulings, not wrapped": Way({}, {}),
    "header ruled": Way(WRAP, {"border": 1, **WRAP}),
    "shaded": Way({"bg_color": "#eef3fa", **WRAP}, {"bg_color": "#c5d5ea", **WRAP}),
    "printed grid": Way(WRAP, WRAP, grid=True),
    "accounting": Way({"border": 1, "num_format": "#,##0.00_);(#,##0.00)", **WRAP}, {"border": 1, **WRAP}, True),
}


class Book:
    """What `FlatText` of the samples does, as a workbook: a sheet for each page that begins anew."""

    def __init__(self, path: Path, way: Way) -> None:
        self._book = xlsxwriter.Workbook(path)
        self._way = way
        self._waiting: list[tuple[str, str]] = []
        self._table: tuple[Sequence[float], Sequence[Sequence[Cell]], Sequence[float], float] | None = None

    def paragraph(self, text: str, style: str, page: str | None = None) -> None:
        if page:
            self._close()
        self._waiting.append((text, style))

    def table(
        self, widths: Sequence[float], rows: Sequence[Sequence[Cell]], heights: Sequence[float], points: float
    ) -> None:
        if self._table:
            titles = self._waiting
            self._waiting = []
            self._close()
            self._waiting = titles
        self._table = widths, rows, heights, points

    def xml(self) -> str:
        self._close()
        self._book.close()
        return ""

    def _close(self) -> None:
        """Writes what waits on a sheet of its own."""
        if not self._waiting and not self._table:
            return
        sheet = self._book.add_worksheet()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(0 if self._way.grid else 2)
        widths = self._table[0] if self._table else (18.0,)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width * PER_CENTIMETRE)
        for row, (text, style) in enumerate(self._waiting):
            self._paragraph(sheet, row, len(widths) - 1, text, style)
        if self._table:
            self._cells(sheet, len(self._waiting))
        self._waiting, self._table = [], None

    def _paragraph(self, sheet: Any, row: int, last: int, text: str, style: str) -> None:
        left, _, right = text.partition("\t")
        title = "title" in style or style in ("form-year", "part", "cover")
        look: Look = {"bold": title, "font_size": 15 if title else 10, "text_wrap": not last}
        if right:
            sheet.write_string(row, last, right, self._book.add_format({**look, "align": "right"}))
        if title and last:
            sheet.merge_range(row, 0, row, last, text, self._book.add_format({**look, "align": "center"}))
        elif style.endswith(("right", "unit")) and last:
            sheet.write_string(row, last, text, self._book.add_format({**look, "align": "right"}))
        else:
            sheet.write_string(row, 0, left, self._book.add_format(look))

    def _cells(self, sheet: Any, top: int) -> None:
        if self._table is None:
            return
        widths, rows, heights, points = self._table
        head = next((number for number, height in enumerate(heights) if height != 0.8), len(heights))
        taken: set[tuple[int, int]] = set()
        for number, row in enumerate(rows):
            waiting = iter(row)
            if number < head or any(cell.columns > 1 for cell in row):  # what is merged does not make its row higher
                sheet.set_row(top + number, heights[number] * POINTS)
            for place in range(len(widths)):
                if (number, place) in taken:
                    continue
                cell = next(waiting)
                covered = {(number + y, place + x) for y in range(cell.rows) for x in range(cell.columns)}
                taken |= covered
                look = self._way.header if number < head else self._way.cell
                look = {"font_size": points, "align": cell.align, "valign": "vcenter", "indent": cell.indent, **look}
                form = self._book.add_format({key: value for key, value in look.items() if value})
                amount = self._way.numeric and AMOUNT.fullmatch(cell.text)
                if amount and "num_format" not in look:
                    form.set_num_format("#,##0.00")
                last_row, last = top + number + cell.rows - 1, place + cell.columns - 1
                if len(covered) > 1:
                    sheet.merge_range(top + number, place, last_row, last, "", form)
                if amount:
                    sheet.write_number(top + number, place, float(cell.text.replace(",", "")), form)
                elif cell.text:
                    sheet.write_string(top + number, place, cell.text, form)
                else:
                    sheet.write_blank(top + number, place, None, form)


def printed(year: int, way: Way) -> bytes:
    """A year's sample, printed from a spreadsheet."""
    budget = next(one for one in load_budgets(SAMPLES / "unit.toml") if one.year == year)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "book.xlsx")
        with patch.object(make, "FlatText", lambda _title, _stamp: Book(source, way)):
            make.compose(budget)
        command = ["soffice", f"-env:UserInstallation={Path(folder, 'profile').as_uri()}", "--headless"]
        command += ["--convert-to", "pdf", "--outdir", folder, str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        return Path(folder, "book.pdf").read_bytes()


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
