"""What a font says of its codes: their texts and how far each moves the next one (ISO 32000-1, 9.5 to 9.10). Never
its metrics of height.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

import pikepdf

from extract.reading.native.cmaps import predefined, texts_of_collection, to_unicode
from extract.reading.native.objects import entry
from extract.reading.native.signs import Font, Sign

_SHOWN_AS = {0xAD: "-", 0x2: "-"}  # a soft hyphen that is printed is seen as a hyphen
_BLANK = re.compile(r"[\s\x00-\x08\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")
_CODECS = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}
_STRETCHED_NUMBERS = re.compile(rb"[-+.\d]+|\[|\]")
WIDEST = 50.0  # times the font's size: no character moves the next one so far
_SYMBOLS = ("Symbol", "ZapfDingbats")


def font_of(font: Any) -> Font:
    """The font of a font dictionary. Raises what pikepdf does, and KeyError, TypeError or ValueError, where it is
    damaged. One with a CMap of its own is no known one: its codes have no meaning.
    """
    if not isinstance(font, pikepdf.Dictionary):
        raise TypeError("no font")
    subtype = entry(font, "/Subtype")
    if subtype == "/Type0":
        return _composite(font)
    return _simple(font, subtype)


@lru_cache(maxsize=65_536)
def printed(text: str | None) -> str | None:
    """A text without white space; None for one that says that it has no meaning."""
    if text is None or "\ufffd" in text:
        return None
    shown = text.translate(_SHOWN_AS)
    if len(shown) != 1 or not shown.isalnum():
        shown = _BLANK.sub("", shown)
    return shown if shown or text.strip("\0") else None


def _mapped(font: Any) -> dict[int, str]:
    """What ToUnicode says; nothing where none of it has a meaning."""
    stream = entry(font, "/ToUnicode")
    found = to_unicode(stream.read_bytes()) if isinstance(stream, pikepdf.Stream) else {}
    return found if any(printed(text) is not None for text in found.values()) else {}


# ---- composite fonts -----------------------------------------------------------------------------------------------


def _composite(font: Any) -> Font:
    descendant = font["/DescendantFonts"][0]
    encoding = entry(font, "/Encoding")
    widths = _cid_widths(entry(descendant, "/W"))
    default = float(entry(descendant, "/DW", 1000)) / 1000
    mapped = _mapped(font)
    if encoding in ("/Identity-H", "/Identity-V"):
        text = (None if mapped else _collection(descendant)) or mapped.get
        return Font(
            lambda code: Sign(printed(text(code)), widths.get(code, default)),
            vertical=encoding == "/Identity-V",
            mapped=bool(mapped),
        )
    cmap = predefined(str(encoding)[1:]) if isinstance(encoding, pikepdf.Name) else None
    if cmap is None:
        return Font(lambda _code: Sign(None, default))
    known = cmap

    def learn(code: int) -> Sign:
        plain = code & ((1 << (code.bit_length() - 1)) - 1)  # without the 1 before the bytes
        text = mapped.get(plain) if mapped else known.text(code)
        return Sign(printed(text), widths.get(known.cid(code), default))

    return Font(learn, vertical=cmap.vertical, split=cmap.codes, mapped=bool(mapped))


def _collection(descendant: Any) -> Callable[[int], str | None] | None:
    """The texts of a font that numbers its characters as one of Adobe's collections does; None for any other."""
    info = entry(descendant, "/CIDSystemInfo", {})
    ordering = str(entry(info, "/Ordering", ""))
    if str(entry(info, "/Registry", "")) != "Adobe" or ordering == "Identity":
        return None
    return texts_of_collection(ordering)


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
    if not all(0 <= width <= WIDEST for width in found.values()):
        raise ValueError("widths")
    return found


# ---- simple fonts --------------------------------------------------------------------------------------------------


def _name(font: Any) -> str:
    """Its name, of which nobody knows in which of China's encodings it is written."""
    found = entry(font, "/BaseFont")
    return str(found.unparse(), "latin-1")[1:] if isinstance(found, pikepdf.Name) else ""


def _simple(font: Any, subtype: object) -> Font:
    unit = 1 / 1000
    if subtype == "/Type3":
        unit = abs(float(entry(font, "/FontMatrix", [0.001])[0]))
    encoded, mapped = _encoded(font, subtype), _mapped(font)
    descriptor = entry(font, "/FontDescriptor", {})
    stated = entry(font, "/Widths")
    if stated is None:
        widths, default = _standard_widths(_name(font), encoded), 0.5
    else:
        first, last = int(entry(font, "/FirstChar", 0)), int(entry(font, "/LastChar", 255))
        widths = {first + place: float(width) * unit for place, width in enumerate(stated)}
        if len(stated) != last - first + 1 or not all(0 <= width <= WIDEST for width in widths.values()):
            raise ValueError("widths")
        default = float(entry(descriptor, "/MissingWidth", 0)) * unit

    def learn(code: int) -> Sign:
        text = printed(mapped.get(code))
        return Sign(printed(encoded.get(code)) if text is None else text, widths.get(code, default))

    return Font(learn, single=True, mapped=bool(mapped))


def _encoded(font: Any, subtype: object) -> dict[int, str]:
    """What the encoding says (9.6.6): codes that neither it nor a font without an encoding of its own gives are not
    there.
    """
    encoding = entry(font, "/Encoding")
    base, differences = encoding, None
    if isinstance(encoding, pikepdf.Dictionary):
        base, differences = entry(encoding, "/BaseEncoding"), entry(encoding, "/Differences")
    descriptor = entry(font, "/FontDescriptor")
    name = _name(font)
    own = descriptor is not None and any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    symbolic = descriptor is not None and int(entry(descriptor, "/Flags", 0)) & 4
    found: dict[int, str] = {}
    if base in _CODECS and not (subtype == "/TrueType" and symbolic and own):
        found = dict(_of_codec(_CODECS[str(base)]))
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


@cache
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
    found = {code: widths[shown] / 1000 for code, text in texts.items() if (shown := printed(text) or "") in widths}
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
