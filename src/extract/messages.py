"""What the program says to people, in Chinese or English: the texts are in messages.toml."""

import json
import locale
import os
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from extract import cache

LANGUAGES = ("zh", "en")
_chosen: list[str] = []


class Sentence(NamedTuple):
    """What the program says, in each of its languages."""

    zh: str
    en: str


def choose_language(language: str | None) -> None:
    """Fixes the language of messages; None takes the locale's."""
    _chosen[:] = [language] if language else []


def language() -> str:
    """The language chosen, else `zh` in a Chinese locale and `en` elsewhere."""
    if _chosen:
        return _chosen[0]
    named = (
        os.environ.get("LC_ALL")
        or os.environ.get("LC_MESSAGES")
        or os.environ.get("LANG")
        or locale.getlocale()[0]
        or ""
    )
    return "zh" if named.lower().startswith(("zh", "chinese")) else "en"


@lru_cache(maxsize=1)
def _texts() -> dict[str, dict[str, str]]:
    written = (files("extract") / "messages.toml").read_bytes()
    name = cache.key(written)
    if known := cache.kept(name):
        return json.loads(known)  # type: ignore[no-any-return]
    texts = tomllib.loads(written.decode())
    cache.keep(name, json.dumps(texts).encode())
    return texts


def message(key: str, in_language: str | None = None, /, **values: object) -> str:
    """The text called `key` in a language, the chosen one if none is named, filled in.

    Raises KeyError for a text that is not there.
    """
    return _texts()[key][in_language or language()].format(**values)


def sentence(key: str, /, **values: object) -> Sentence:
    """The text called `key` in each language, filled in; a value that is a Sentence is filled in in the same language.

    Raises KeyError for a text that is not there.
    """
    return filled(Sentence(**_texts()[key]), **values)


def filled(text: Sentence, /, **values: object) -> Sentence:
    """A text with `{names}` in each language, filled in as `sentence` does."""

    def in_language(template: str, language: str) -> str:
        return template.format(
            **{
                name: getattr(value, language) if isinstance(value, Sentence) else value
                for name, value in values.items()
            }
        )

    return Sentence(in_language(text.zh, "zh"), in_language(text.en, "en"))


def listed(items: Iterable[str | Sentence]) -> Sentence:
    """Things one after the other, with the comma of each language."""
    each = [item if isinstance(item, Sentence) else Sentence(item, item) for item in items]
    return Sentence("、".join(item.zh for item in each), ", ".join(item.en for item in each))


def reasons_in_words(names: Iterable[str]) -> Sentence:
    """Why a document is not verified, from the names in `documents.reasons`."""
    return listed(sentence(f"unverified_{name}") for name in names or ("none",))
