"""What the program says to people, in Chinese or English: the texts are in messages.toml."""

import locale
import os
import tomllib
from functools import lru_cache
from importlib.resources import files

LANGUAGES = ("zh", "en")
_chosen: list[str] = []


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
    return tomllib.loads((files("extract") / "messages.toml").read_text(encoding="utf-8"))


def message(key: str, in_language: str | None = None, **values: object) -> str:
    """The text called `key` in a language, the chosen one if none is named, filled in.

    Raises KeyError for a text that is not there.
    """
    return _texts()[key][in_language or language()].format(**values)
