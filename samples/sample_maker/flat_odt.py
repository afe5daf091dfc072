"""A small writer of flat OpenDocument text: paragraphs, ruled tables, two page shapes."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

NAMESPACES = {
    name: f"urn:oasis:names:tc:opendocument:xmlns:{path}:1.0"
    for name, path in {
        "office": "office",
        "style": "style",
        "text": "text",
        "table": "table",
        "fo": "xsl-fo-compatible",
        "svg": "svg-compatible",
        "meta": "meta",
    }.items()
} | {"dc": "http://purl.org/dc/elements/1.1/"}

SERIF, SANS = "Noto Serif CJK SC", "Noto Sans CJK SC"
LINE = "0.5pt solid #000000"

# name: (font, points, bold, alignment, further paragraph properties)
PARAGRAPHS: dict[str, tuple[str, float, bool, str, dict[str, str]]] = {
    "cover": (SANS, 24, True, "center", {"fo:margin-top": "8cm", "fo:line-height": "150%"}),
    "part": (SANS, 22, True, "center", {"fo:margin-top": "6cm", "fo:margin-bottom": "1.5cm"}),
    "part-title": (SANS, 22, True, "center", {}),
    "part-inline": (SANS, 18, True, "center", {"fo:margin-top": "0.4cm", "fo:margin-bottom": "0.4cm"}),
    "contents-title": (SANS, 20, True, "center", {"fo:margin-bottom": "0.8cm"}),
    "contents": (SERIF, 13, False, "left", {"fo:line-height": "160%"}),
    "contents-item": (SERIF, 13, False, "left", {"fo:line-height": "160%", "fo:margin-left": "0.9cm"}),
    "heading": (
        SANS,
        12.5,
        True,
        "left",
        {"fo:keep-with-next": "always", "fo:line-height": "155%", "fo:text-indent": "0.88cm"},
    ),
    "body": (SERIF, 12.5, False, "justify", {"fo:line-height": "148%", "fo:text-indent": "0.88cm"}),
    "number-right": (SERIF, 10, False, "right", {}),
    "number-left": (SERIF, 10, False, "left", {}),
    "form-title": (SANS, 15, True, "center", {"fo:margin-bottom": "0.1cm"}),
    "form-year": (SERIF, 11, False, "center", {"fo:margin-bottom": "0.2cm"}),
    "form-unit": (SERIF, 10, False, "right", {}),
    "form-owner": (SERIF, 10, False, "left", {}),
    "note": (SERIF, 10.5, False, "left", {"fo:margin-top": "0.4cm"}),
    "footer": (SERIF, 9, False, "center", {}),
}

# name: (width, height, side margin, top and bottom margin) in centimetres
PAGES = {
    "cover": (21.0, 29.7, 2.6, 2.2),
    "portrait": (21.0, 29.7, 2.6, 2.2),
    "narrow": (21.0, 29.7, 1.5, 1.6),
    "landscape": (29.7, 21.0, 1.5, 1.3),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; `columns` and `rows` are its spans, `indent` its depth in a list of names."""

    text: str = ""
    align: str = "center"
    columns: int = 1
    rows: int = 1
    indent: int = 0


def element(name: str, attributes: dict[str, str], *children: str) -> str:
    """An XML element as text."""
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{written}>{''.join(children)}</{name}>"


def tabbed(text: str) -> str:
    """Text as XML; a tab character is an element of its own."""
    return escape(text).replace("\t", element("text:tab", {}))


def text_width(page: str) -> float:
    """The room between the side margins of a page shape, in centimetres."""
    width, _, side, _ = PAGES[page]
    return width - 2 * side


def paragraph_style(name: str, look: tuple[str, float, bool, str, dict[str, str]], tab: float = 0) -> str:
    """A paragraph style of the table PARAGRAPHS, or of a cell; `tab` is a stop for text that ends there."""
    font, points, bold, align, further = look
    text = {f"{prefix}font-family{suffix}": font for prefix, suffix in (("fo:", ""), ("style:", "-asian"))}
    text |= {"fo:font-size": f"{points}pt", "style:font-size-asian": f"{points}pt"}
    text |= {"fo:language": "en", "fo:country": "US", "style:language-asian": "zh", "style:country-asian": "CN"}
    if bold:
        text |= {"fo:font-weight": "bold", "style:font-weight-asian": "bold"}
    stop = element("style:tab-stop", {"style:position": f"{tab:.2f}cm", "style:type": "right"})
    return element(
        "style:style",
        {"style:name": name, "style:family": "paragraph"},
        element(
            "style:paragraph-properties",
            {"fo:text-align": align, "style:text-autospace": "none", "fo:widows": "0", "fo:orphans": "0"} | further,
            *([element("style:tab-stops", {}, stop)] if tab else []),
        ),
        element("style:text-properties", text),
    )


def page_layout(name: str) -> str:
    """The size and margins of a page shape."""
    width, height, side, edge = PAGES[name]
    shape = {
        "fo:page-width": f"{width}cm",
        "fo:page-height": f"{height}cm",
        "style:print-orientation": "landscape" if width > height else "portrait",
        "fo:margin-left": f"{side}cm",
        "fo:margin-right": f"{side}cm",
        "fo:margin-top": f"{edge}cm",
        "fo:margin-bottom": f"{edge / 2}cm",
    }
    footer = element(
        "style:footer-style",
        {},
        element("style:header-footer-properties", {"fo:min-height": f"{edge / 2}cm", "fo:margin-top": "0.1cm"}),
    )
    return element("style:page-layout", {"style:name": name}, element("style:page-layout-properties", shape), footer)


def master_page(name: str) -> str:
    """A page shape with its footer; the cover has none, and pages are counted from the one behind it."""
    number = element("text:page-number", {"text:select-page": "current", "text:page-adjust": "-1"}, "1")
    line = element("text:p", {"text:style-name": "footer"}, "— ", number, " —")
    footer = "" if name == "cover" else element("style:footer", {}, line)
    return element("style:master-page", {"style:name": name, "style:page-layout-name": name}, footer)


class FlatText:
    """A document under construction; `paragraph` and `table` append, `xml` gives the whole file."""

    def __init__(self, title: str, stamp: str) -> None:
        self.title = title
        self.stamp = stamp
        self.body: list[str] = []
        self.styles: dict[str, str] = {}
        self.tables = 0

    def paragraph(self, text: str, style: str, page: str | None = None) -> None:
        """Append a paragraph; with `page`, on a new page of that shape."""
        name = style
        if page:
            name = f"{style}-on-{page}"
            self.styles[name] = element(
                "style:style",
                {
                    "style:name": name,
                    "style:family": "paragraph",
                    "style:parent-style-name": style,
                    "style:master-page-name": page,
                },
            )
        self.body.append(element("text:p", {"text:style-name": name}, tabbed(text)))

    def table(
        self, widths: Sequence[float], rows: Sequence[Sequence[Cell]], heights: Sequence[float], points: float
    ) -> None:
        """Append a ruled table; cells stand in reading order, what a span covers is left out (as in HTML)."""
        self.tables += 1
        name = f"table{self.tables}"
        self.styles[name] = element(
            "style:style",
            {"style:name": name, "style:family": "table"},
            element(
                "style:table-properties",
                {
                    "style:width": f"{sum(widths):.2f}cm",
                    "table:align": "center",
                    "table:border-model": "collapsing",
                },
            ),
        )
        columns = [
            element("table:table-column", {"table:style-name": self._sized("column", "column-width", width)})
            for width in widths
        ]
        lines = [
            element("table:table-row", {"table:style-name": self._sized("row", "min-row-height", height)}, *cells)
            for height, cells in zip(heights, self._placed(rows, len(widths), points), strict=True)
        ]
        self.body.append(element("table:table", {"table:name": name, "table:style-name": name}, *columns, *lines))

    def _sized(self, kind: str, attribute: str, centimetres: float) -> str:
        name = f"{kind}-{centimetres:.2f}"
        self.styles[name] = element(
            "style:style",
            {"style:name": name, "style:family": f"table-{kind}"},
            element(f"style:table-{kind}-properties", {f"style:{attribute}": f"{centimetres:.2f}cm"}),
        )
        return name

    def _placed(self, rows: Sequence[Sequence[Cell]], width: int, points: float) -> list[list[str]]:
        """The rows as XML, with the cells that spans cover."""
        taken: set[tuple[int, int]] = set()
        placed: list[list[str]] = []
        for down, row in enumerate(rows):
            waiting = list(row)
            line: list[str] = []
            for across in range(width):
                if (down, across) in taken:
                    line.append(element("table:covered-table-cell", {}))
                    continue
                cell = waiting.pop(0)
                taken |= {(down + y, across + x) for y in range(cell.rows) for x in range(cell.columns)}
                line.append(self._cell(cell, points))
            if waiting:
                raise ValueError(f"row {down}: {len(waiting)} cells too many, from {waiting[0].text!r} on")
            placed.append(line)
        return placed

    def _cell(self, cell: Cell, points: float) -> str:
        style = f"cell-{cell.align}-{points}-{cell.indent}"
        indent = {"fo:margin-left": f"{cell.indent * 0.3:.1f}cm"}
        self.styles[style] = paragraph_style(style, (SERIF, points, False, cell.align, indent))
        spans = {"table:number-columns-spanned": cell.columns, "table:number-rows-spanned": cell.rows}
        return element(
            "table:table-cell",
            {"table:style-name": "ruled", "office:value-type": "string"}
            | {key: str(value) for key, value in spans.items() if value > 1},
            element("text:p", {"text:style-name": style}, escape(cell.text)),
        )

    def xml(self) -> str:
        """The whole file."""
        ruled = element(
            "style:style",
            {"style:name": "ruled", "style:family": "table-cell"},
            element(
                "style:table-cell-properties",
                {"fo:border": LINE, "fo:padding": "0.06cm", "style:vertical-align": "middle"},
            ),
        )
        owners = [
            paragraph_style(f"form-owner-{page}", PARAGRAPHS["form-owner"], tab=text_width(page)) for page in PAGES
        ]
        stamps = (element(name, {}, self.stamp) for name in ("meta:creation-date", "dc:date"))
        return '<?xml version="1.0" encoding="UTF-8"?>' + element(
            "office:document",
            {f"xmlns:{name}": address for name, address in NAMESPACES.items()}
            | {"office:version": "1.3", "office:mimetype": "application/vnd.oasis.opendocument.text"},
            element("office:meta", {}, element("dc:title", {}, escape(self.title)), *stamps),
            element("office:styles", {}, *(paragraph_style(name, look) for name, look in PARAGRAPHS.items()), *owners),
            element(
                "office:automatic-styles", {}, ruled, *self.styles.values(), *(page_layout(name) for name in PAGES)
            ),
            element("office:master-styles", {}, *(master_page(name) for name in PAGES)),
            element("office:body", {}, element("office:text", {}, *self.body)),
        )
