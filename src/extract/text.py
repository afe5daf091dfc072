"""Text as it is kept and text as it is compared.

Kept text is what the page says, with stand-ins for ordinary ideographs written as the ordinary ones and nothing else
changed. The compared form also folds widths, drops white space and quotation marks: the vocabulary's words and row
names are matched in it.
"""

import os
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

_UPRIGHT = dict(
    zip(
        "︐︑︒︓︔︕︖︗︘︱︵︶︷︸︹︺︻︼︽︾︿﹀﹁﹂﹃﹄﹇﹈",
        "，、。：；！？〖〗—（）｛｝〔〕【】《》〈〉「」『』［］",
        strict=True,
    )
)
_STAND_IN = re.compile(f"[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f{''.join(_UPRIGHT)}]")
_WHITE = re.compile(r"\s+")
_HALF_WIDTH = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)}
QUOTES = "“”‘’\"'「」"  # marks that are left out where texts are compared
_QUOTES = dict.fromkeys(map(ord, QUOTES))
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
TEN = 10
_OPERATORS = set(r".^$*+?{}[]\|()-")
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Ideographs:
    """Writes Kangxi radicals, compatibility ideographs, radical supplements and signs of upright text as the ordinary
    characters they stand for.

    `radicals` maps the ones that Unicode does not decompose. Every character stays one character, so positions keep.
    """

    def __init__(self, radicals: Mapping[str, str]) -> None:
        self._radicals = radicals

    def ordinary(self, text: str) -> str:
        return _STAND_IN.sub(self._one, text) if _STAND_IN.search(text) else text

    def _one(self, found: re.Match[str]) -> str:
        character = found.group()
        plain = self._radicals.get(character) or _UPRIGHT.get(character)
        return plain or unicodedata.normalize("NFKC", character)


def half_width(text: str) -> str:
    """Full-width letters, digits and signs written half-width; every character stays one character."""
    return text.translate(_HALF_WIDTH)


def printable(path: str) -> str:
    """A path whose name is not valid text, with what is not shown escaped."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def visible(text: str) -> str:
    """A text for a terminal: signs that would steer it (escape codes, the direction of writing) written as `\\x1b`."""
    return _STEERING.sub(lambda found: found.group().encode("unicode_escape").decode("ascii"), text)


def visible_name(path: str) -> str:
    """A path for one line of a terminal: as `visible`, and without line ends."""
    return visible(printable(path)).replace("\n", "\\n").replace("\t", "\\t")


@lru_cache(maxsize=65536)
def compared(text: str) -> str:
    """The form in which names are compared: half-width, without white space and quotation marks."""
    return _WHITE.sub("", unicodedata.normalize("NFKC", text)).translate(_QUOTES)


def pattern(written: str) -> re.Pattern[str]:
    """A pattern of a schema file, to be matched against compared text.

    Full-width signs mean themselves, also those whose ordinary form is an operator: brackets, `？`, `．`, `｜`, `…`.
    Raises re.error.
    """
    literal = _NOT_ASCII.sub(_meaning_itself, written)
    return re.compile(unicodedata.normalize("NFKC", literal).translate(_QUOTES))


def _meaning_itself(found: re.Match[str]) -> str:
    plain = unicodedata.normalize("NFKC", found.group())
    return re.escape(plain) if _OPERATORS.intersection(plain) else found.group()


def ordinal(written: str) -> int:
    """The number that an ordinal says, in Chinese or other figures and with any marks; 0 if it says none."""
    figures = [int(unicodedata.numeric(character)) for character in written if unicodedata.numeric(character, -1) >= 0]
    number = 0
    for place, figure in enumerate(figures):
        if figure == TEN:
            number = TEN * max(number, 1)
        else:
            number = number + figure if TEN in figures[:place] else TEN * number + figure
    return number
