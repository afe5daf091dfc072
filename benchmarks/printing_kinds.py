"""The ways to print a page otherwise that leave what a reader sees as it is: rulings, order, fonts, place on the sheet,
and what is printed over or behind the table.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random
from typing import Any

import pikepdf
from printed_content import IDENTITY, Drawn, Item, Path, Run, apply, cm, numbers, times, written

from extract.model.page import Grid

_AMOUNT = re.compile(r"-?[\d,]+\.\d+")
_CHINESE = re.compile("[一-鿿]{4,}")
Stroke = tuple[float, float, float, float]


@dataclass
class Sheet:
    """A page to be printed otherwise: what it paints, its rulings and tables in its own coordinates, and its object."""

    page: Any
    pdf: pikepdf.Pdf
    number: int
    items: list[Item]
    rulings: list[Stroke]
    tables: list["Ruled"]
    box: Stroke

    def texts(self) -> list[Run]:
        return [item for item in self.items if isinstance(item, Run)]

    def without(self, drop: Callable[[Path], bool]) -> list[Item]:
        return [item for item in self.items if not (isinstance(item, Path) and drop(item))]

    def lettering(self) -> Run | None:
        """A run of Chinese text that can be printed elsewhere."""
        runs = [run for run in self.texts() if _CHINESE.search(run.text) and run.length < 300]
        return max(runs, key=lambda run: (run.length, run.text), default=None)


@dataclass(frozen=True)
class Ruled:
    """The edges of a table's rows and columns, from the top and from the left, and how many rows are its header."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    head: int


def ruled(grid: Grid, head: int, matrix: Sequence[float]) -> Ruled:
    return Ruled(
        tuple(apply(matrix, x, 0)[0] for x in grid.xs), tuple(apply(matrix, 0, y)[1] for y in grid.ys), max(head, 1)
    )


Kind = Callable[[Sheet], bytes]


# ---- rulings -------------------------------------------------------------------------------------------------------


def _is_line(path: Path) -> bool:
    return path.is_ruling


def _redrawn(sheet: Sheet, strokes: Iterable[Stroke], draw: Callable[[Stroke], bytes]) -> bytes:
    """The page with these strokes in the place of its own."""
    return written(sheet.without(_is_line)) + b"\nq 0 g 0 G " + b"\n".join(map(draw, strokes)) + b" Q"


def _thin(stroke: Stroke) -> bytes:
    return b"%s re f" % numbers(_rectangle(stroke, 0.5))


def _rectangle(stroke: Stroke, thick: float) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = stroke
    if x1 - x0 >= y1 - y0:
        return x0, (y0 + y1 - thick) / 2, x1 - x0, thick
    return (x0 + x1 - thick) / 2, y0, thick, y1 - y0


def _flat(stroke: Stroke) -> bool:
    return stroke[2] - stroke[0] >= stroke[3] - stroke[1]


def no_rulings(sheet: Sheet) -> bytes:
    return written(sheet.without(_is_line))


def flat_only(sheet: Sheet) -> bytes:
    return _redrawn(sheet, filter(_flat, sheet.rulings), _thin)


def header_ruled(sheet: Sheet) -> bytes:
    """Rulings of the headers only."""
    return _redrawn(sheet, (one for one in sheet.rulings if _in_head(sheet, one)), _thin)


def _in_head(sheet: Sheet, stroke: Stroke) -> bool:
    return any(stroke[1] > table.ys[min(table.head, len(table.ys) - 1)] - 2 for table in sheet.tables)


def three_lines(sheet: Sheet) -> bytes:
    """Above and below the header, and below the last row."""
    strokes = [
        (table.xs[0], table.ys[at], table.xs[-1], table.ys[at])
        for table in sheet.tables
        for at in (0, min(table.head, len(table.ys) - 1), -1)
    ]
    return _redrawn(sheet, strokes, _thin)


def stripes(sheet: Sheet) -> bytes:
    """Every second row grey, the header darker, no rule."""
    return _shades(sheet) + b"\n" + written(sheet.without(_is_line))


def _shades(sheet: Sheet) -> bytes:
    found = []
    for table in sheet.tables:
        for row, (top, foot) in enumerate(pairwise(table.ys)):
            grey = b"0.8" if row < table.head else b"0.93" if row % 2 else b""
            if grey:
                box = numbers((table.xs[0], foot, table.xs[-1] - table.xs[0], top - foot))
                found.append(b"q %s g %s re f Q" % (grey, box))
    return b"\n".join(found)


def shaded_cells(sheet: Sheet) -> bytes:
    """Each cell a shade of its own with white gaps, no rule."""
    found = []
    for table in sheet.tables:
        for row, (top, foot) in enumerate(pairwise(table.ys)):
            for left, right in pairwise(table.xs):
                grey = b"0.8" if row < table.head else b"0.95"
                found.append(
                    b"q %s g %s re f Q" % (grey, numbers((left + 1, foot + 1, right - left - 2, top - foot - 2)))
                )
    return b"\n".join(found) + b"\n" + written(sheet.without(_is_line))


def dotted(sheet: Sheet) -> bytes:
    return _redrawn(sheet, sheet.rulings, lambda one: b"\n".join(map(_thin, _dots(one, 0.6, 2.0))))


def dashed(sheet: Sheet) -> bytes:
    return _redrawn(sheet, sheet.rulings, lambda one: b"\n".join(map(_thin, _dots(one, 3.0, 5.0))))


def _dots(stroke: Stroke, size: float, step: float) -> Iterator[Stroke]:
    x0, y0, x1, y1 = stroke
    length = max(x1 - x0, y1 - y0)
    for place in range(int(length / step)):
        at = place * step
        yield (x0 + at, y0, x0 + at + size, y1) if _flat(stroke) else (x0, y0 + at, x1, y0 + at + size)


def pattern_dashed(sheet: Sheet) -> bytes:
    """Strokes with a dash pattern."""

    def draw(stroke: Stroke) -> bytes:
        x, y, width, height = _rectangle(stroke, 0)
        return b"0.5 w [2 2] 0 d %s m %s l S" % (numbers((x, y)), numbers((x + width, y + height)))

    return _redrawn(sheet, sheet.rulings, draw)


def double(sheet: Sheet) -> bytes:
    def draw(stroke: Stroke) -> bytes:
        x0, y0, x1, y1 = stroke
        across, along = (0, 0.9) if _flat(stroke) else (0.9, 0)
        apart = ((x0 + a * across, y0 + a * along, x1 + a * across, y1 + a * along) for a in (-1, 1))
        return b"\n".join(map(_thin, apart))

    return _redrawn(sheet, sheet.rulings, draw)


def gaps(sheet: Sheet) -> bytes:
    """Every stroke ends a little before it meets another."""

    def draw(stroke: Stroke) -> bytes:
        x0, y0, x1, y1 = stroke
        return _thin((x0 + 1.5, y0, x1 - 1.5, y1) if _flat(stroke) else (x0, y0 + 1.5, x1, y1 - 1.5))

    return _redrawn(sheet, sheet.rulings, draw)


def open_sides(sheet: Sheet) -> bytes:
    def inner(stroke: Stroke) -> bool:
        middle = (stroke[0] + stroke[2]) / 2
        edges = [table.xs[side] for table in sheet.tables for side in (0, -1)]
        return _flat(stroke) or not any(abs(middle - edge) < 2 for edge in edges)

    return _redrawn(sheet, filter(inner, sheet.rulings), _thin)


def no_bottom(sheet: Sheet) -> bytes:
    """The last row has no rule below it and no walls beside it."""
    strokes = []
    for x0, y0, x1, y1 in sheet.rulings:
        foot = next((table.ys[-2] for table in sheet.tables if table.ys[-1] - 2 <= y0 <= table.ys[0] + 2), None)
        if foot is not None and y1 < foot - 2:
            continue
        strokes.append((x0, max(y0, foot) if foot is not None and y1 > foot else y0, x1, y1))
    return _redrawn(sheet, strokes, _thin)


def white_rules(sheet: Sheet) -> bytes:
    """White rules on a shaded table."""
    shade = b"\n".join(
        b"q 0.85 g %s re f Q"
        % numbers((table.xs[0], table.ys[-1], table.xs[-1] - table.xs[0], table.ys[0] - table.ys[-1]))
        for table in sheet.tables
    )
    lines = b"q 1 g " + b"\n".join(map(_thin, sheet.rulings)) + b" Q"
    return b"\n".join([shade, lines, written(sheet.without(_is_line))])


# ---- text ----------------------------------------------------------------------------------------------------------


def _texts(sheet: Sheet, change: Callable[[Run], Iterable[Item]]) -> bytes:
    items: list[Item] = []
    for item in sheet.items:
        items += change(item) if isinstance(item, Run) else [item]
    return written(items)


def by_glyph(sheet: Sheet) -> bytes:
    """Every character by an operator of its own."""
    return _texts(sheet, lambda run: run.parts())


def shuffled(sheet: Sheet) -> bytes:
    """Every character by an operator of its own, in no order."""
    parts = [part for run in sheet.texts() for part in run.parts()]
    Random(sheet.number).shuffle(parts)
    return written([item for item in sheet.items if not isinstance(item, Run)]) + b"\n" + written(parts)


def backwards(sheet: Sheet) -> bytes:
    """The last run first."""
    rest = written([item for item in sheet.items if not isinstance(item, Run)])
    return rest + b"\n" + written(sheet.texts()[::-1])


def text_first(sheet: Sheet) -> bytes:
    """All text before all rulings."""
    rest = [
        item
        for item in sheet.items
        if not isinstance(item, Run) and not (isinstance(item, Path) and not item.is_ruling)
    ]
    behind = [item for item in sheet.items if isinstance(item, Path) and not item.is_ruling]
    return b"\n".join([written(behind), written(sheet.texts()), written(rest)])


def spaced(by: float) -> Kind:
    """Letters so many sizes of the font apart, around the middle of each run."""

    def change(run: Run) -> Iterable[Item]:
        step = by * run.size
        shift = step * (len(run.codes) - 1) / 2
        return [
            replace(
                run,
                codes=tuple(
                    (raw, text, at + place * step - shift, width)
                    for place, (raw, text, at, width) in enumerate(run.codes)
                ),
            )
        ]

    return lambda sheet: _texts(sheet, change)


def stroked_bold(sheet: Sheet) -> bytes:
    return _texts(sheet, lambda run: [replace(run, mode=2, before=b"0.3 w ") if run.mode == 0 else run])


def twice(by: float) -> Kind:
    """Every run printed again a little beside."""
    return lambda sheet: _texts(sheet, lambda run: [run, run.moved(by, 0)])


def all_twice(sheet: Sheet) -> bytes:
    body = written(sheet.items)
    return body + b"\n" + body


def underlined(sheet: Sheet) -> bytes:
    def change(run: Run) -> Iterable[Item]:
        if not run.text.strip():
            return [run]
        start, (_, _, last, width) = run.codes[0][2], run.codes[-1]
        line = numbers((start, run.rise - 0.15 * run.size, last + width - start, 0.05 * run.size))
        return [run, Drawn(replace(run.paint, matrix=times(run.matrix, run.paint.matrix)), line + b" re f")]

    return _texts(sheet, change)


def _hidden(sheet: Sheet, paint: bytes, mode: int) -> bytes:
    """An amount printed again over its neighbour's cell, so that nobody sees it."""
    amounts = [run for run in sheet.texts() if _AMOUNT.fullmatch(run.text)]
    more = [
        replace(run.moved(0, -run.height * 0.6), mode=mode, before=paint).written()
        for run in amounts[:: max(len(amounts) // 4, 1)]
    ]
    return b"\n".join([written(sheet.items), *more])


def white_text(sheet: Sheet) -> bytes:
    return _hidden(sheet, b"1 g ", 0)


def invisible_text(sheet: Sheet) -> bytes:
    return _hidden(sheet, b"", 3)


def no_unicode(sheet: Sheet) -> bytes:
    """Fonts without a map to texts."""
    for one in sheet.pdf.objects:
        if isinstance(one, pikepdf.Dictionary) and "/ToUnicode" in one:
            del one["/ToUnicode"]
    return written(sheet.items)


# ---- over and behind the table -------------------------------------------------------------------------------------


def _lettered(sheet: Sheet, size: float, angle: float, x: float, y: float, paint: bytes) -> bytes:
    """The page's longest text again: its size in points, turned, from a point on."""
    run = sheet.lettering()
    if run is None:
        return b""
    cos, sin = size / run.size * math.cos(angle), size / run.size * math.sin(angle)
    codes = tuple((raw, text, at - run.codes[0][2], width) for raw, text, at, width in run.codes)
    plain = replace(run.paint, matrix=IDENTITY, clips=(), settings={})
    return replace(
        run, paint=plain, matrix=(cos, sin, -sin, cos, x, y), codes=codes, before=paint, rise=0, mode=0
    ).written()


def watermark(size: float, angle: float, grey: str, first: bool) -> Kind:
    """One text over the page, before or after all else."""

    def kind(sheet: Sheet) -> bytes:
        x0, y0, x1, y1 = sheet.box
        length = size * 8
        x, y = (x0 + x1 - length * math.cos(angle)) / 2, (y0 + y1 - length * math.sin(angle)) / 2
        mark = _lettered(sheet, size, angle, x, y, f"{grey} g ".encode())
        return b"\n".join([mark, written(sheet.items)] if first else [written(sheet.items), mark])

    return kind


def tiled(angle: float, size: float, grey: str) -> Kind:
    """A small text again and again all over the page, behind everything."""

    def kind(sheet: Sheet) -> bytes:
        x0, y0, x1, y1 = sheet.box
        marks = [
            _lettered(sheet, size, angle, x, y, f"{grey} g ".encode())
            for x in range(int(x0) + 20, int(x1), 190)
            for y in range(int(y0) + 17, int(y1), 67)
        ]
        return b"\n".join([*marks, written(sheet.items)])

    return kind


def stamped(sheet: Sheet) -> bytes:
    """A red seal over the table: a circle with letters around."""
    run = sheet.lettering()
    table = sheet.tables[0] if sheet.tables else None
    if run is None or table is None:
        return written(sheet.items)
    x, y, far = (table.xs[0] + 2 * table.xs[-1]) / 3, (table.ys[0] + table.ys[-1]) / 2, 50
    letters = []
    for place, (raw, text, _, width) in enumerate(run.codes[:12]):
        angle = math.pi * (1 - place / 11)
        cos, sin = math.cos(angle - math.pi / 2) * 12 / run.size, math.sin(angle - math.pi / 2) * 12 / run.size
        at = (cos, sin, -sin, cos, x + far * math.cos(angle), y + far * math.sin(angle))
        plain = replace(run.paint, matrix=IDENTITY, clips=(), settings={})
        one = replace(run, paint=plain, matrix=at, codes=((raw, text, 0.0, width),), before=b"0.9 0.1 0.1 rg ", rise=0)
        letters.append(one.written())
    k = 0.5523 * 66
    circle = b"q 0.9 0.1 0.1 RG 3 w %s m %s c %s c %s c %s c S Q" % (
        numbers((x + 66, y)),
        numbers((x + 66, y + k, x + k, y + 66, x, y + 66)),
        numbers((x - k, y + 66, x - 66, y + k, x - 66, y)),
        numbers((x - 66, y - k, x - k, y - 66, x, y - 66)),
        numbers((x + k, y - 66, x + 66, y - k, x + 66, y)),
    )
    return b"\n".join([written(sheet.items), circle, *letters])


def _latin(sheet: Sheet, text: str, x: float, y: float) -> bytes:
    """Small black letters from a point on."""
    fonts = sheet.page.Resources.get("/Font") or pikepdf.Dictionary()
    fonts["/Latin"] = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    sheet.page.Resources["/Font"] = fonts
    return b"q 0 g BT /Latin 9 Tf %s Td (%s) Tj ET Q" % (numbers((x, y)), text.encode())


def running_head(first: bool) -> Kind:
    """A line of small text at the same place of every page, that lies in the header of most tables."""

    def kind(sheet: Sheet) -> bytes:
        mark = _latin(sheet, "Departmental budget, disclosed to the public", sheet.box[0] + 80, sheet.box[3] - 105)
        return b"\n".join([mark, written(sheet.items)] if first else [written(sheet.items), mark])

    return kind


def folio(written_as: str) -> Kind:
    """The number of the page at the same place of every page, that lies in the last rows of long tables."""

    def kind(sheet: Sheet) -> bytes:
        x0, y0, x1, _ = sheet.box
        mark = _latin(sheet, written_as % sheet.number, (x0 + x1) / 2 + 1, y0 + 130)
        return b"\n".join([written(sheet.items), mark])

    return kind


# ---- the sheet -----------------------------------------------------------------------------------------------------


def moved_by(matrix: Sequence[float], body: bytes) -> bytes:
    return b"\n".join([b"q", cm(matrix), body, b"Q"])


def _sized(sheet: Sheet, x0: float, y0: float, x1: float, y1: float) -> None:
    sheet.page.MediaBox = pikepdf.Array([x0, y0, x1, y1])
    if "/CropBox" in sheet.page:
        del sheet.page["/CropBox"]


def scaled(by: float) -> Kind:
    def kind(sheet: Sheet) -> bytes:
        _sized(sheet, *(by * side for side in sheet.box))
        return moved_by((by, 0, 0, by, 0, 0), written(sheet.items))

    return kind


def sideways(quarters: int, declared: bool) -> Kind:
    """Turned by quarters; `declared`: /Rotate turns it back."""

    def kind(sheet: Sheet) -> bytes:
        x0, y0, x1, y1 = sheet.box
        turn = {1: (0, 1, -1, 0, y1, -x0), 2: (-1, 0, 0, -1, x1, y1), 3: (0, -1, 1, 0, -y0, x1)}[quarters]
        wide, high = (y1 - y0, x1 - x0) if quarters % 2 else (x1 - x0, y1 - y0)
        _sized(sheet, 0, 0, wide, high)
        if declared:
            sheet.page.Rotate = (int(sheet.page.get("/Rotate", 0)) + 90 * quarters) % 360
        return moved_by(turn, written(sheet.items))

    return kind


def skewed(degrees: float) -> Kind:
    def kind(sheet: Sheet) -> bytes:
        x0, y0, x1, y1 = sheet.box
        angle = math.radians(degrees)
        cos, sin, x, y = math.cos(angle), math.sin(angle), (x0 + x1) / 2, (y0 + y1) / 2
        return moved_by((cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y), written(sheet.items))

    return kind


def cropped(sheet: Sheet) -> bytes:
    x0, y0, x1, y1 = sheet.box
    _sized(sheet, x0 - 100, y0 - 50, x1 + 37, y1 + 200)
    sheet.page.CropBox = pikepdf.Array([x0, y0, x1, y1])
    return written(sheet.items)


def nested(sheet: Sheet) -> bytes:
    """In a form in a form, with matrices."""
    x0, y0, x1, y1 = sheet.box
    inner = sheet.pdf.make_stream(written(sheet.items))
    inner.Type, inner.Subtype, inner.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, pikepdf.Array([x0, y0, x1, y1])
    inner.Resources = sheet.page.Resources
    inner.Matrix = pikepdf.Array([0.5, 0, 0, 0.5, 10, 20])
    outer = sheet.pdf.make_stream(b"q 2 0 0 2 -20 -40 cm /Inner Do Q")
    outer.Type, outer.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    outer.BBox = pikepdf.Array([x0, y0, x1, y1])
    outer.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Inner=inner))
    sheet.page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Outer=outer))
    return b"/Outer Do"


def flattened(sheet: Sheet) -> bytes:
    return written(sheet.items)


KINDS: dict[str, Kind] = {
    "as it is": flattened,
    "no rulings": no_rulings,
    "flat rulings": flat_only,
    "header ruled": header_ruled,
    "three lines": three_lines,
    "stripes": stripes,
    "shaded cells": shaded_cells,
    "white rules": white_rules,
    "dotted": dotted,
    "dashed": dashed,
    "dash pattern": pattern_dashed,
    "double": double,
    "gaps": gaps,
    "open sides": open_sides,
    "no bottom": no_bottom,
    "by glyph": by_glyph,
    "shuffled": shuffled,
    "backwards": backwards,
    "text first": text_first,
    "spaced 0.1": spaced(0.1),
    "spaced 0.25": spaced(0.25),
    "stroked bold": stroked_bold,
    "twice 0.3": twice(0.3),
    "twice 0.8": twice(0.8),
    "all twice": all_twice,
    "underlined": underlined,
    "white text": white_text,
    "invisible text": invisible_text,
    "no unicode": no_unicode,
    "watermark turned": watermark(60, math.pi / 4, "0.85", True),
    "watermark turned over": watermark(60, math.pi / 6, "0.85", False),
    "watermark flat": watermark(60, 0, "0.85", True),
    "watermark tiled turned": tiled(math.pi / 6, 12, "0.85"),
    "watermark tiled flat": tiled(0, 12, "0.85"),
    "watermark tiled grey": tiled(0, 9, "0.7"),
    "stamped": stamped,
    "running head first": running_head(True),
    "running head last": running_head(False),
    "folio": folio("%d"),
    "folio dashed": folio("- %d -"),
    "scaled A3": scaled(1.414),
    "scaled A5": scaled(0.707),
    "scaled tiny": scaled(0.25),
    "turned 90": sideways(1, declared=False),
    "turned 270": sideways(3, declared=False),
    "turned 180": sideways(2, declared=False),
    "rotate 90": sideways(1, declared=True),
    "rotate 180": sideways(2, declared=True),
    "skew 0.3": skewed(0.3),
    "skew 1": skewed(1.0),
    "skew -2": skewed(-2.0),
    "crop box": cropped,
    "nested forms": nested,
}
