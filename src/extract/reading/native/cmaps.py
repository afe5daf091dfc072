"""Which codes stand in a string and which text they stand for: ToUnicode maps and predefined CMaps (ISO 32000-1,
9.7.5, 9.10).
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

_SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)endbf(?:char|range)", re.DOTALL)
_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")
_CHARACTERS = re.compile(rb"<([0-9A-Fa-f]{2,4})>\s*<([0-9A-CE-Fa-ce-f][0-9A-Fa-f]{3})>")  # no half of a pair
_SINGLES = re.compile(rb"<([0-9A-Fa-f]{2,4})>\s*<\1>\s*<([0-9A-CE-Fa-ce-f][0-9A-Fa-f]{3})>")  # a range of one
LARGEST_RANGE = 0x10000  # codes
_CODECS = (("UCS2", "utf-16-be"), ("UTF16", "utf-16-be"), ("GBK2K", "gb18030"), ("GBK", "gbk"), ("GB-", "gb2312"))


def to_unicode(data: bytes) -> dict[int, str]:
    """The texts of a ToUnicode map by code; a target may be of several characters, or none."""
    found: dict[int, str] = {}
    for kind, body in _SECTION.findall(data):
        plain = _CHARACTERS.findall(body) if kind == b"bfchar" else _SINGLES.findall(body)
        if body.count(b"<") == len(plain) * (2 if kind == b"bfchar" else 3):  # as nearly all write it
            found.update((int(code, 16), chr(int(text, 16))) for code, text in plain)
            continue
        tokens = iter(_TOKEN.findall(body))
        if kind == b"bfchar":
            for (code, _, _), (target, _, _) in zip(tokens, tokens, strict=False):
                found[_code(code)] = _text(target)
        else:
            for first, last, targets in _ranges(tokens):
                _add_range(found, first, min(last, first + LARGEST_RANGE), targets)
    return found


_Token = tuple[bytes, bytes, bytes]


def _ranges(tokens: Iterator[_Token]) -> Iterator[tuple[int, int, bytes | list[bytes]]]:
    for (first, _, _), (last, _, _) in zip(tokens, tokens, strict=False):
        target, opens, _ = next(tokens, (b"", b"", b""))
        if opens:
            targets = []
            for digits, _, closes in tokens:
                if closes:
                    break
                targets.append(digits)
            yield _code(first), _code(last), targets
        else:
            yield _code(first), _code(last), target


def _add_range(found: dict[int, str], first: int, last: int, targets: bytes | list[bytes]) -> None:
    if isinstance(targets, list):
        found.update((first + place, _text(target)) for place, target in enumerate(targets) if first + place <= last)
        return
    start = _text(targets)
    if not start:
        return
    head, tail = start[:-1], ord(start[-1])
    for code in range(first, last + 1):
        found[code] = head + chr(min(tail + code - first, 0x10FFFF))


def _code(digits: bytes) -> int:
    plain = b"".join(digits.split())
    return int(plain, 16) if plain else 0


def _text(digits: bytes) -> str:
    kept = b"".join(digits.split()).decode("ascii")
    if len(kept) <= 2:
        return chr(int(kept, 16)) if kept else ""
    return bytes.fromhex(kept + "0" * (len(kept) % 2)).decode("utf-16-be", "replace")


class PredefinedCMap:
    """A CMap by name: the codes of a string, each code's text and its CID."""

    def __init__(self, name: str) -> None:
        from pdfminer.cmapdb import CMapDB

        self._cmap = CMapDB.get_cmap(name)  # raises where it is unknown
        self.vertical = name.endswith("V")
        self._codec = next((codec for part, codec in _CODECS if part in name), None)
        if self._codec is None:
            raise KeyError(name)

    def codes(self, data: bytes) -> list[int]:
        """The codes of a string by the lengths that the CMap gives them; a code's number has its bytes behind a 1, so
        that 0x41 is not 0x0041.
        """
        found, at = [], 0
        while at < len(data):
            node, end = self._cmap.code2cid, at
            while end < len(data) and isinstance(node, dict) and data[end] in node:
                node, end = node[data[end]], end + 1
            if isinstance(node, dict):  # no such code: as long as the CMap's shortest, or what is left
                end = min(at + 2, len(data))
            found.append(int.from_bytes(b"\1" + data[at:end], "big"))
            at = end
        return found

    def text(self, code: int) -> str:
        raw = code.to_bytes((code.bit_length() + 7) // 8, "big")[1:]
        return raw.decode(self._codec or "ascii", "replace")

    def cid(self, code: int) -> int:
        node = self._cmap.code2cid
        for byte in code.to_bytes((code.bit_length() + 7) // 8, "big")[1:]:
            node = node.get(byte, 0) if isinstance(node, dict) else 0
        return node if isinstance(node, int) else 0


@lru_cache(maxsize=32)
def predefined(name: str) -> PredefinedCMap | None:
    """The CMap of that name, None if the library has none such."""
    try:
        return PredefinedCMap(name)
    except Exception:  # of the library, for a name that it does not know
        return None


@lru_cache(maxsize=8)
def texts_of_collection(ordering: str) -> Callable[[int], str] | None:
    """The text of each CID of a character collection of Adobe's (GB1, Japan1 …)."""
    from pdfminer.cmapdb import CMapDB

    try:
        table = CMapDB.get_unicode_map(f"Adobe-{ordering}")
    except Exception:
        return None

    def text(cid: int) -> str:
        try:
            return str(table.get_unichr(cid))
        except KeyError:
            return "\ufffd"

    return text
