"""What a font says of its codes: their texts and how far each moves the next one (ISO 32000-1, 9.5 to 9.10). Never
its metrics of height.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from struct import unpack
from typing import Any

import pikepdf

from extract.reading.native.cmaps import predefined, texts_of_collection, to_unicode

_SHOWN_AS = {0xAD: "-", 0x2: "-"}  # a soft hyphen that is printed is seen as a hyphen
_BLANK = re.compile(r"[\s\x00-\x08\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")
_CODECS = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}
_STRETCHED_NUMBERS = re.compile(rb"[-+.\d]+|\[|\]")
_SYMBOLS = ("Symbol", "ZapfDingbats")


class Font:
    """`texts`: a code's printed characters, empty for white space; a code that is not there has no known text. Widths
    in sizes of the font.
    """

    __slots__ = ("advance_down", "codes", "default_width", "single", "texts", "vertical", "widths")

    def __init__(
        self,
        codes: Callable[[bytes], Sequence[int]],
        texts: dict[int, str],
        widths: dict[int, float],
        default_width: float,
        *,
        single: bool,
        vertical: bool = False,
    ) -> None:
        self.codes = codes
        self.texts = texts
        self.widths = widths
        self.default_width = default_width
        self.single = single
        self.vertical = vertical
        self.advance_down = 1.0


def font_of(font: Any) -> Font:
    """The font of a font dictionary. Raises what pikepdf does, and KeyError or ValueError, where it is damaged."""
    subtype = font.get("/Subtype")
    if subtype == "/Type0":
        return _composite(font)
    return _simple(font, subtype)


def printed(texts: Mapping[int, str]) -> dict[int, str]:
    """Texts without white space; what says that it has no meaning is left out."""
    found = {}
    for code, text in texts.items():
        shown = text.translate(_SHOWN_AS)
        if len(shown) != 1 or not shown.isalnum():
            shown = _BLANK.sub("", shown)
        if "\ufffd" not in shown and (shown or text.strip("\0")):
            found[code] = shown
    return found


def _mapped(font: Any) -> dict[int, str]:
    """What ToUnicode says."""
    stream = font.get("/ToUnicode")
    return printed(to_unicode(stream.read_bytes())) if isinstance(stream, pikepdf.Stream) else {}


# ---- composite fonts -----------------------------------------------------------------------------------------------


def _pairs(data: bytes) -> Sequence[int]:
    """Codes of two bytes."""
    count = len(data) // 2
    return unpack(f">{count}H", data[: 2 * count])


class _Learner:
    """Gives the codes of strings, and works out text and width of a code when it is first met: a collection has some
    thirty thousand.
    """

    def __init__(
        self, codes: Callable[[bytes], Sequence[int]], text: Callable[[int], str | None], width: Callable[[int], float]
    ) -> None:
        self.texts: dict[int, str] = {}
        self.widths: dict[int, float] = {}
        self._codes, self._text, self._width = codes, text, width

    def __call__(self, data: bytes) -> Sequence[int]:
        found = self._codes(data)
        for code in found:
            if code not in self.widths:
                self.widths[code] = self._width(code)
                text = self._text(code)
                if text is not None:
                    self.texts[code] = text
        return found


def _composite(font: Any) -> Font:
    descendant = font["/DescendantFonts"][0]
    encoding = font.get("/Encoding")
    by_cid = _cid_widths(descendant.get("/W"))
    default = float(descendant.get("/DW", 1000)) / 1000
    mapped = _mapped(font)
    if encoding in ("/Identity-H", "/Identity-V"):
        vertical = encoding == "/Identity-V"
        collection = None if mapped else _collection(descendant)
        if collection is None:
            return Font(_pairs, mapped, by_cid, default, single=False, vertical=vertical)
        return _learned(_Learner(_pairs, collection, lambda cid: by_cid.get(cid, default)), vertical)
    cmap = predefined(str(encoding)[1:]) if isinstance(encoding, pikepdf.Name) else None
    if cmap is None:
        raise ValueError("an embedded CMap")
    known = cmap

    def text(code: int) -> str | None:
        plain = code & ((1 << (code.bit_length() - 1)) - 1)  # without the 1 before the bytes
        return mapped.get(plain) if mapped else printed({0: known.text(code)}).get(0)

    return _learned(_Learner(cmap.codes, text, lambda code: by_cid.get(known.cid(code), default)), cmap.vertical)


def _learned(learner: _Learner, vertical: bool) -> Font:
    return Font(learner, learner.texts, learner.widths, 1.0, single=False, vertical=vertical)


def _collection(descendant: Any) -> Callable[[int], str | None] | None:
    """The texts of a font that numbers its characters as one of Adobe's collections does; None for any other."""
    info = descendant.get("/CIDSystemInfo", {})
    ordering = str(info.get("/Ordering", ""))
    if str(info.get("/Registry", "")) != "Adobe" or ordering == "Identity":
        return None
    known = texts_of_collection(ordering)
    return None if known is None else lambda cid: printed({0: known(cid)}).get(0)


def _cid_widths(array: Any) -> dict[int, float]:
    """W (9.7.4.3): `first [width …]` or `first last width`."""
    if array is None:
        return {}
    raw = array.unparse(resolved=True)
    if b"R" in raw:  # arrays that are objects of their own
        raw = b" ".join(
            item.unparse(resolved=True) if isinstance(item, pikepdf.Array) else str(item).encode() for item in array
        )
    found: dict[int, float] = {}
    plain: list[float] = []
    first: int | None = None
    for token in _STRETCHED_NUMBERS.findall(
        raw[1:-1] if raw.startswith(b"[") and raw.endswith(b"]") and b"R" not in raw else raw
    ):
        if token == b"[":
            first = int(plain.pop()) if plain else 0
        elif token == b"]":
            first = None
        elif first is not None:
            found[first] = float(token) / 1000
            first += 1
        else:
            plain.append(float(token))
            if len(plain) == 3:
                start, end, width = plain
                found.update(dict.fromkeys(range(int(start), min(int(end), 0xFFFF) + 1), width / 1000))
                plain.clear()
    return found


# ---- simple fonts --------------------------------------------------------------------------------------------------


def _name(font: Any) -> str:
    """Its name, of which nobody knows in which of China's encodings it is written."""
    found = font.get("/BaseFont")
    return str(found.unparse(), "latin-1")[1:] if isinstance(found, pikepdf.Name) else ""


def _bytes(data: bytes) -> bytes:
    """Codes of one byte: the string itself."""
    return data


def _simple(font: Any, subtype: object) -> Font:
    unit = 1 / 1000
    if subtype == "/Type3":
        unit = abs(float(font.get("/FontMatrix", [0.001])[0]))
    encoded = printed(_encoded(font, subtype))
    texts = {**encoded, **_mapped(font)}
    descriptor = font.get("/FontDescriptor", {})
    widths = font.get("/Widths")
    name = _name(font)
    if widths is None:
        return Font(_bytes, texts, _standard_widths(name, encoded), 0.5, single=True)
    first = int(font.get("/FirstChar", 0))
    known = {first + place: float(width) * unit for place, width in enumerate(widths)}
    return Font(_bytes, texts, known, float(descriptor.get("/MissingWidth", 0)) * unit, single=True)


def _encoded(font: Any, subtype: object) -> dict[int, str]:
    """What the encoding says (9.6.6): codes that neither it nor a font without an encoding of its own gives are not
    there.
    """
    encoding = font.get("/Encoding")
    base, differences = encoding, None
    if isinstance(encoding, pikepdf.Dictionary):
        base, differences = encoding.get("/BaseEncoding"), encoding.get("/Differences")
    descriptor = font.get("/FontDescriptor")
    name = _name(font)
    own = descriptor is not None and any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    symbolic = descriptor is not None and int(descriptor.get("/Flags", 0)) & 4
    found: dict[int, str] = {}
    if base in _CODECS and not (subtype == "/TrueType" and symbolic and own):
        found = _of_codec(_CODECS[str(base)])
    elif (subtype != "/Type3" and not own and not symbolic and not name.endswith(_SYMBOLS)) or (
        subtype == "/TrueType" and own and differences is not None
    ):
        found = _standard()
    for code, glyph in _differences(differences):
        text = _of_glyph(glyph)
        if text is None:
            found.pop(code, None)
        else:
            found[code] = text
    return found


def _of_codec(codec: str) -> dict[int, str]:
    found = {code: bytes((code,)).decode(codec, "replace") for code in range(32, 256)}
    if codec == "cp1252":
        found |= dict.fromkeys((127, 129, 141, 143, 144, 157), "•") | {
            0xA0: " ",
            0xAD: "-",
        }  # annex D.2, notes
    return found


def _standard() -> dict[int, str]:
    from pdfminer.encodingdb import EncodingDB

    return dict(EncodingDB.std2unicode)


def _differences(array: Any) -> Iterable[tuple[int, str]]:
    code = 0
    for item in array if array is not None else ():
        if isinstance(item, pikepdf.Name):
            yield code, str(item)[1:]
            code += 1
        else:
            code = int(item)


def _of_glyph(name: str) -> str | None:
    """The text of a glyph by its name; None where the name says nothing (g12, a7)."""
    from pdfminer.encodingdb import name2unicode

    try:
        return str(name2unicode(name))
    except (KeyError, ValueError):
        return None


def _standard_widths(name: str, texts: Mapping[int, str]) -> dict[int, float]:
    """Of one of the fourteen fonts that every viewer has."""
    from pdfminer.fontmetrics import FONT_METRICS

    known = FONT_METRICS.get(name) or FONT_METRICS.get(_alike(name))
    widths: Mapping[str, float] = known[1] if known else {}
    found = {code: widths[text] / 1000 for code, text in texts.items() if text in widths}
    return found | ({32: widths[" "] / 1000} if " " in widths else {})


def _alike(name: str) -> str:
    """The standard font that stands in for one of another name."""
    plain = name.split("+")[-1].replace(",", "-").lower()
    bold, italic = "bold" in plain, "italic" in plain or "oblique" in plain
    if "courier" in plain:
        return "Courier" + {(0, 0): "", (1, 0): "-Bold", (0, 1): "-Oblique", (1, 1): "-BoldOblique"}[bold, italic]
    if "times" in plain:
        return "Times-" + {(0, 0): "Roman", (1, 0): "Bold", (0, 1): "Italic", (1, 1): "BoldItalic"}[bold, italic]
    return "Helvetica" + {(0, 0): "", (1, 0): "-Bold", (0, 1): "-Oblique", (1, 1): "-BoldOblique"}[bold, italic]
