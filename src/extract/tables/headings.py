"""A heading that is not known as it is printed → what it means by the words that it is made of.

A heading of codes or names is made of a few words in any order; a heading of an amount may have words around its
meaning that add nothing. What is left must be known.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from extract.schemas.vocabulary import HeaderWords, normal
from extract.tables.wording import made_of
from extract.text import compared

LONGEST = 40  # characters of a heading; a longer text is none
_BRACKET = "("


class Part(NamedTuple):
    """One meaning of a part of a path: `kind` is nothing, total, side, period, measure, stub, numbering
    or code_part.
    """

    kind: str
    value: str = ""


class HeadingReader:
    """Reads headings with one vocabulary; `known` gives the meanings of a text as it is printed."""

    def __init__(self, words: HeaderWords, cautions: list[str], known: Callable[[str], tuple[Part, ...]]) -> None:
        self._known = known
        self._cautions = normal(cautions)
        self._after = tuple(sorted(normal(words.after), key=len, reverse=True))
        self._qualifiers = tuple(sorted(normal(words.qualifiers), key=len, reverse=True))
        self._variants = {compared(text): compared(other) for text, other in words.variants.items()}
        self._kinds = {
            word: kind for kind, texts in reversed(words.made_of.model_dump().items()) for word in normal(texts)
        }
        self._longest = max(map(len, self._kinds))
        self.read = lru_cache(maxsize=65536)(self._read)

    def _read(self, text: str) -> tuple[Part, ...]:
        if len(text) > LONGEST:
            return ()
        key = text
        for other, usual in self._variants.items():
            key = key.replace(other, usual)
        if key != text and (found := self._known(key)):
            return found
        if stub := self._stub(key):
            return (Part("stub", stub),)
        if found := self._amount(key):
            return found
        word = next((word for word in self._qualifiers if key.startswith(word) and len(word) < len(key)), None)
        rest = key[len(word) :] if word else ""
        found = (self._known(rest) or self._read(rest)) if rest else ()
        return tuple(part for part in found if part.kind in ("measure", "stub"))

    def _stub(self, text: str) -> str | None:
        """What a heading of codes or names classes, and which of both it heads."""
        words = made_of(text, self._kinds, self._longest)
        kinds = {self._kinds[word] for word in words or ()}
        named = "name" if "name" in kinds else "code" if "code" in kinds else None
        if "economy" in kinds and "function" not in kinds:
            return f"{'gov' if 'government' in kinds else 'dep'}_bgt_eco_{named or 'name'}"
        if "function" in kinds:
            return None if "economy" in kinds else f"exp_func_{named or 'name'}"
        if named and "unit" in kinds:
            return f"unit_{named}" if "subject" not in kinds else None
        return named if "subject" in kinds else None

    def _amount(self, text: str) -> tuple[Part, ...]:
        """The amount that a heading names, without what stands around it: a remark in brackets, the words after it."""
        if text.endswith(")") and (start := text.rfind(_BRACKET)) > 0:
            remark = text[start:]
            if any(word in remark for word in self._cautions):
                return ()
            rest = text[:start]
            return self._measures(rest) or self._amount(rest)
        for word in self._after:
            if text.endswith(word) and len(word) < len(text):
                rest = text[: -len(word)]
                if found := self._measures(rest) or self._amount(rest):
                    return found
        return ()

    def _measures(self, text: str) -> tuple[Part, ...]:
        return tuple(part for part in self._known(text) if part.kind == "measure")
