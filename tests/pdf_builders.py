"""Makes small PDFs, as bytes, with one ruled table of three rows and columns that is displayed the same way whatever
the PDF is like inside.

Lengths are points; y grows upwards, as in PDF. The table stands on a page of WIDTH × HEIGHT.
"""

from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import pairwise

import pikepdf

WIDTH, HEIGHT = 300, 200
XS = (20, 110, 200, 290)
YS = (180, 150, 120, 90)  # from the top row's upper edge to the bottom row's lower edge
TEXTS = (("01", "1,234.50", "0.50"), ("02", "-17.25", "100.00"), ("03", "9.00", "88,000.75"))
HEADING = "Heading"  # above the table
SIZE = 10
Margins = tuple[int, int, int, int]  # left, bottom, right, top
NO_MARGINS: Margins = (0, 0, 0, 0)
_UPRIGHT = {  # what turns the page's own drawing so that it is displayed upright under each /Rotate
    0: (1, 0, 0, 1, 0, 0),
    90: (0, 1, -1, 0, HEIGHT, 0),
    180: (-1, 0, 0, -1, WIDTH, HEIGHT),
    270: (0, -1, 1, 0, 0, WIDTH),
}


# ---- what is drawn ---------------------------------------------------------------------------------------------------


def texts(bold: bool = False) -> bytes:
    """The heading and the text of every cell; `bold` prints each twice, as is done where there is no bold font."""
    cells = [(XS[col] + 5, YS[row] - 20, text) for row, line in enumerate(TEXTS) for col, text in enumerate(line)]
    shifts = (0, 0.3) if bold else (0,)
    return b"".join(
        _text(x + shift, y, text) for x, y, text in [(XS[0], YS[0] + 6, HEADING), *cells] for shift in shifts
    )


def hyphenated() -> bytes:
    """The table with one text, in its first cell, broken after a hyphen."""
    return lines() + _text(XS[0] + 5, YS[0] - 13, "pre-") + _text(XS[0] + 5, YS[0] - 25, "paid")


def _text(x: float, y: float, text: str) -> bytes:
    return f"BT /F1 {SIZE} Tf {x} {y} Td ({text}) Tj ET\n".encode()


def _strokes() -> list[tuple[int, int, int, int]]:
    """Every ruling of the table from its start to its end."""
    return [(XS[0], y, XS[-1], y) for y in YS] + [(x, YS[-1], x, YS[0]) for x in XS]


def lines() -> bytes:
    return _joined("{0} {1} m {2} {3} l S", _strokes())


def one_path_of_lines() -> bytes:
    return _joined("{0} {1} m {2} {3} l", _strokes()) + b"S\n"


def thin_rectangles() -> bytes:
    return _joined("{0} {1} {2} {3} re f", [(x0, y0, x1 - x0 or 0.5, y1 - y0 or 0.5) for x0, y0, x1, y1 in _strokes()])


def one_path_of_thin_rectangles() -> bytes:
    return (
        _joined("{0} {1} {2} {3} re", [(x0, y0, x1 - x0 or 0.5, y1 - y0 or 0.5) for x0, y0, x1, y1 in _strokes()])
        + b"f\n"
    )


def framed_cells() -> bytes:
    """A stroked rectangle around every cell."""
    cells = [(x, y, right - x, top - y) for top, y in pairwise(YS) for x, right in pairwise(XS)]
    return _joined("{0} {1} {2} {3} re S", cells)


def straight_curves() -> bytes:
    """Curves whose control points stand on the straight line between their ends."""
    return _joined("{0} {1} m {0} {1} {2} {3} {2} {3} c S", _strokes())


def filled_slits() -> bytes:
    """Each ruling the area between two lines: a path of six pieces, as some printers write them."""
    slits = [(x0, y0, x1, y1, *((0, 0.6) if y0 == y1 else (0.6, 0))) for x0, y0, x1, y1 in _strokes()]
    path = "{0} {1} m {2} {3} l {2} {3} l {6} {7} l {8} {9} l {8} {9} l h f"
    return _joined(
        path, [(x0, y0, x1, y1, dx, dy, x1 + dx, y1 + dy, x0 + dx, y0 + dy) for x0, y0, x1, y1, dx, dy in slits]
    )


def backgrounds() -> bytes:
    """Grey areas behind the whole page and every second row, which rule nothing."""
    return (
        b"0.9 g 0 0 300 200 re f\n"
        + _joined("0.8 g {0} {1} 270 30 re f", [(XS[0], YS[1]), (XS[0] + 7, YS[3])])
        + b"0 g\n"
    )


def circle() -> bytes:
    """A stroked circle below the table, of four curves: nothing of it is straight."""
    return b"60 40 m 60 51 51 60 40 60 c 29 60 20 51 20 40 c 20 29 29 20 40 20 c 51 20 60 29 60 40 c h S\n"


def _joined(command: str, places: Sequence[Sequence[float]]) -> bytes:
    return "".join(command.format(*place) + "\n" for place in places).encode()


RULINGS: dict[str, Callable[[], bytes]] = {
    drawing.__name__: drawing
    for drawing in (
        lines,
        one_path_of_lines,
        thin_rectangles,
        one_path_of_thin_rectangles,
        framed_cells,
        straight_curves,
        filled_slits,
    )
}


def table() -> bytes:
    return lines() + texts()


# ---- how it stands in the PDF ----------------------------------------------------------------------------------------


def page(drawing: bytes, rotate: int = 0, margins: Margins = NO_MARGINS, origin: tuple[int, int] = (0, 0)) -> bytes:
    """One page that displays the drawing upright: turned by /Rotate, and with margins that the crop box cuts off."""
    width, height = (WIDTH, HEIGHT) if rotate % 180 == 0 else (HEIGHT, WIDTH)
    left, bottom = origin[0] + margins[0], origin[1] + margins[1]
    crop = [left, bottom, left + width, bottom + height]
    media = [*origin, crop[2] + margins[2], crop[3] + margins[3]]
    placed = _within((1, 0, 0, 1, left, bottom), _within(_UPRIGHT[rotate], drawing))
    with pikepdf.new() as pdf:
        leaf = _add_page(pdf, placed, media)
        if margins != NO_MARGINS:
            leaf.CropBox = pikepdf.Array(crop)
        if rotate:
            leaf.Rotate = rotate
        return saved(pdf)


def drawn(drawing: bytes, width: float, height: float) -> bytes:
    """One page of that size with nothing but the drawing."""
    with pikepdf.new() as pdf:
        _add_page(pdf, drawing, [0, 0, width, height])
        return saved(pdf)


def form(drawing: bytes, scale: float = 1) -> bytes:
    """A page whose drawing stands in a form XObject, made smaller and moved aside in there; the page and the form's own
    matrix undo it.
    """
    with pikepdf.new() as pdf:
        leaf = _add_page(pdf, _within((scale, 0, 0, scale, 0, 0), b"/X1 Do\n"), [0, 0, WIDTH, HEIGHT])
        inner = pdf.make_stream(_within((1 / scale, 0, 0, 1 / scale, -7, -5), drawing))
        inner.Type, inner.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        inner.BBox = pikepdf.Array([-7, -5, WIDTH / scale, HEIGHT / scale])
        inner.Matrix = pikepdf.Array([1, 0, 0, 1, 7, 5])
        inner.Resources = pikepdf.Dictionary(Font=leaf.Resources.Font)
        leaf.Resources.XObject = pikepdf.Dictionary(X1=inner)
        return saved(pdf)


def bomb(drawing: bytes, levels: int = 10) -> bytes:
    """A page of a few kilobytes that draws 10 ** `levels` times: forms that each stand ten times in the next."""
    with pikepdf.new() as pdf:
        leaf = _add_page(pdf, b"/X Do\n", [0, 0, WIDTH, HEIGHT])
        inner = None
        for _ in range(levels + 1):
            form = pdf.make_stream(b"/X Do\n" * 10 if inner else drawing)
            form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
            form.BBox = pikepdf.Array([0, 0, WIDTH, HEIGHT])
            form.Resources = pikepdf.Dictionary(
                Font=leaf.Resources.Font, **({"XObject": pikepdf.Dictionary(X=inner)} if inner else {})
            )
            inner = form
        leaf.Resources.XObject = pikepdf.Dictionary(X=inner)
        return saved(pdf)


def without_meaning(encoding: str = "Identity-H") -> bytes:
    """A page with the table, the first text of which is in a font that gives its characters no meaning."""
    with pikepdf.new() as pdf:
        leaf = _add_page(pdf, table() + b"BT /F2 10 Tf 60 160 Td <00410042> Tj ET\n", [0, 0, WIDTH, HEIGHT])
        leaf.Resources.Font.F2 = pdf.make_indirect(_meaningless_font(pdf, encoding))
        return saved(pdf)


def _meaningless_font(pdf: pikepdf.Pdf, encoding: str) -> pikepdf.Dictionary:
    name = pikepdf.Name
    descriptor = pikepdf.Dictionary(
        Type=name.FontDescriptor,
        FontName=name.Nameless,
        Flags=4,
        FontBBox=[0, -200, 1000, 800],
        Ascent=800,
        Descent=-200,
        CapHeight=700,
        StemV=80,
    )
    descendant = pikepdf.Dictionary(
        Type=name.Font,
        Subtype=name.CIDFontType0,
        BaseFont=name.Nameless,
        CIDSystemInfo=pikepdf.Dictionary(
            Registry=pikepdf.String("Nobody"), Ordering=pikepdf.String("Nothing"), Supplement=0
        ),
        FontDescriptor=pdf.make_indirect(descriptor),
    )
    fonts = pikepdf.Array([pdf.make_indirect(descendant)])
    return pikepdf.Dictionary(
        Type=name.Font, Subtype=name.Type0, BaseFont=name.Nameless, Encoding=name(f"/{encoding}"), DescendantFonts=fonts
    )


def no_pages() -> bytes:
    with pikepdf.new() as pdf:
        return saved(pdf)


def encrypted(content: bytes, user: str, owner: str) -> bytes:
    """The same PDF protected: without a `user` password everyone may read it, and only changing it takes one."""
    with pikepdf.open(BytesIO(content)) as pdf:
        return saved(pdf, pikepdf.Encryption(user=user, owner=owner))


def saved(pdf: pikepdf.Pdf, encryption: pikepdf.Encryption | bool = False) -> bytes:
    buffer = BytesIO()
    pdf.save(buffer, encryption=encryption)
    return buffer.getvalue()


def _add_page(pdf: pikepdf.Pdf, drawing: bytes, media: Sequence[float]) -> pikepdf.Object:
    name = pikepdf.Name
    font = pikepdf.Dictionary(
        Type=name.Font, Subtype=name.Type1, BaseFont=name.Helvetica, Encoding=name.WinAnsiEncoding
    )
    leaf = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=name.Page,
            MediaBox=list(media),
            Resources=pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdf.make_indirect(font))),
            Contents=pdf.make_stream(drawing),
        )
    )
    pdf.pages.append(pikepdf.Page(leaf))
    return pdf.pages[-1].obj


def _within(matrix: Sequence[float], drawing: bytes) -> bytes:
    return b"q %s cm\n%sQ\n" % (" ".join(f"{number:g}" for number in matrix).encode(), drawing)


def disclosure(captions: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A page with lines of Chinese text and below them a ruled table, all columns of one width."""
    pdf = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type0,
        BaseFont=pikepdf.Name("/STSong-Light"),
        Encoding=pikepdf.Name("/UniGB-UTF16-H"),
        DescendantFonts=[
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.CIDFontType0,
                BaseFont=pikepdf.Name("/STSong-Light"),
                CIDSystemInfo=pikepdf.Dictionary(Registry=b"Adobe", Ordering=b"GB1", Supplement=4),
                FontDescriptor=pikepdf.Dictionary(
                    Type=pikepdf.Name.FontDescriptor,
                    FontName=pikepdf.Name("/STSong-Light"),
                    Flags=6,
                    FontBBox=[-25, -254, 1000, 880],
                    ItalicAngle=0,
                    Ascent=880,
                    Descent=-120,
                    CapHeight=880,
                    StemV=93,
                ),
            )
        ],
    )
    wide, high, left, top = 110, 20, 40, 500
    drawn = [f"BT /F1 9 Tf {left} {560 - 18 * n} Td <{_utf16(text)}> Tj ET" for n, text in enumerate(captions)]
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            x, y = left + wide * column, top - high * (number + 1)
            drawn.append(f"{x} {y} {wide} {high} re S BT /F1 9 Tf {x + 4} {y + 6} Td <{_utf16(text)}> Tj ET")
    page = pdf.add_blank_page(page_size=(wide * len(rows[0]) + 2 * left, 600))
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdf.make_indirect(font)))
    page.Contents = pdf.make_stream("\n".join(drawn).encode())
    return saved(pdf)


def _utf16(text: str) -> str:
    return text.encode("utf-16-be").hex()
