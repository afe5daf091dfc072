"""A number written otherwise, as readers and typists get it wrong."""

import re
from collections.abc import Callable
from itertools import pairwise
from random import Random

from outcomes import DIGIT, LAST, LEADING, POINT, SWAPPED

_NUMBER = re.compile(r"([-−]?)([\d,]+)\.(\d+)")


def _digits(text: str) -> list[int]:
    return [place for place, character in enumerate(text) if character.isdigit()]


def _other(text: str, place: int, random: Random, choices: str) -> str:
    return text[:place] + random.choice([digit for digit in choices if digit != text[place]]) + text[place + 1 :]


def _digit(text: str, random: Random) -> str | None:
    places = _digits(text)
    return _other(text, random.choice(places), random, "0123456789") if places else None


def _leading(text: str, random: Random) -> str | None:
    places = _digits(text)
    return _other(text, places[0], random, "123456789") if places else None


def _last(text: str, random: Random) -> str | None:
    places = _digits(text)
    return _other(text, places[-1], random, "0123456789") if places else None


def _swapped(text: str, random: Random) -> str | None:
    places = _digits(text)
    pairs = [(one, other) for one, other in pairwise(places) if text[one] != text[other]]
    if not pairs:
        return None
    one, other = random.choice(pairs)
    return text[:one] + text[other] + text[one + 1 : other] + text[one] + text[other + 1 :]


def _point(text: str, random: Random) -> str | None:
    found = _NUMBER.fullmatch(text)
    if not found:
        return None
    sign, whole, decimals = found[1], found[2].replace(",", ""), found[3]
    if random.random() < 0.5:
        whole, decimals = whole + decimals[0], decimals[1:]
    else:
        whole, decimals = whole[:-1] or "0", whole[-1] + decimals
    grouped = f"{int(whole):,}" if "," in text else str(int(whole))
    return f"{sign}{grouped}.{decimals}" if decimals else sign + grouped


WRITERS: dict[str, Callable[[str, Random], str | None]] = {
    DIGIT: _digit,
    LEADING: _leading,
    LAST: _last,
    SWAPPED: _swapped,
    POINT: _point,
}
