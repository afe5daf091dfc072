"""Templates → pages that hold all they need: style and script inside, nothing loaded, every text escaped."""

import base64
import hashlib
import sys
from functools import lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from jinja2 import BytecodeCache, Environment, PackageLoader
from jinja2.bccache import Bucket
from markupsafe import Markup

from extract import cache
from extract.messages import message
from extract.review.fragments import body_rows, frames, sentence_row
from extract.version import __version__

_HERE = "extract.review"


def page(template: str, **values: Any) -> bytes:
    """The page that a template makes of these values."""
    return environment().get_template(template).render(values).encode("utf-8", "replace")


def both(zh: str, en: str) -> Markup:
    """A text in both languages, of which the page shows one."""
    return Markup('<span class="zh" lang="zh-CN">{}</span><span class="en" lang="en">{}</span>').format(zh, en)


def said(key: str, **values: object) -> Markup:
    """The text called `key` of messages.toml in both languages."""
    return both(message(key, "zh", **values), message(key, "en", **values))


def explained(key: str) -> Markup:
    """The text called `key`, and what it means on demand: to a pointer, to the keyboard, to a finger."""
    return Markup('<span class="tip" tabindex="0">{}<span class="told" role="tooltip">{}</span></span>').format(
        said(key), said(f"{key}_means")
    )


def picture_source(png: bytes) -> Markup:
    """A PNG as the address of an image."""
    return Markup("data:image/png;base64," + base64.b64encode(png).decode("ascii"))


class _Kept(BytecodeCache):
    """What jinja has made of the templates, in the user's cache folder."""

    def load_bytecode(self, bucket: Bucket) -> None:
        if content := cache.kept(_kept_as(bucket)):
            bucket.bytecode_from_string(content)

    def dump_bytecode(self, bucket: Bucket) -> None:
        cache.keep(_kept_as(bucket), bucket.bytecode_to_string())


def _kept_as(bucket: Bucket) -> str:
    return cache.key(sys.version.encode(), bucket.key.encode(), bucket.checksum.encode())


@lru_cache(maxsize=1)
def environment() -> Environment:
    """What the pages are made by: its loader, filters and functions."""
    made = Environment(
        loader=PackageLoader(_HERE, "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_Kept(),
    )
    style, script = ((files(_HERE) / name).read_text(encoding="utf-8") for name in ("review.css", "review.js"))
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    inlined = {"style": Markup(style), "script": Markup(script), "script_digest": digest}
    functions = [said, both, explained, quote, picture_source, body_rows, sentence_row, frames]
    made.globals.update({function.__name__: function for function in functions} | inlined | {"version": __version__})
    return made
