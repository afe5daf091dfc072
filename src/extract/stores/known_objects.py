"""What the objects of stores hold: the sha256 of each, remembered in out/ together with the version that it was read
of.

An object of a known version costs nothing but its line of the listing; one that is new or has changed is read once to
know it, `storage.AT_ONCE` of them at the same time, and once more by the worker that takes its tables. The file has one
line of JSON, some 200 bytes, an object.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from extract.digest import digest
from extract.errors import ExtractError
from extract.out.replace import writing
from extract.out.whole import write_whole
from extract.stores.client import content, each, is_url

OBJECTS = ".extract-objects.jsonl"
_DIGEST = re.compile("[0-9a-f]{64}")


class _Held(NamedTuple):
    version: str | None
    sha256: str


def digests(found: Mapping[str, str | None], out: Path) -> dict[str, str]:
    """The sha256 of the documents that are in a store, by URL; none of one that cannot be read, which is told when it
    is.

    `found` has the version of each document by name, as `storage.version` tells it. However this ends, what was read is
    remembered.
    """
    known = _remembered(out)
    objects = {url: version for url, version in found.items() if is_url(url)}
    fresh = [
        url for url, version in objects.items() if version is None or url not in known or known[url].version != version
    ]
    read = {}
    try:
        for url, sha256 in zip(fresh, each(_digest, fresh), strict=True):
            if sha256:
                read[url] = _Held(objects[url], sha256)
    finally:
        if read:
            _remember(out, known | read)
    unread = set(fresh) - set(read)
    return {url: held.sha256 for url, held in (known | read).items() if url in objects and url not in unread}


def _digest(url: str) -> str | None:
    try:
        return digest(content(url))
    except ExtractError:
        return None


def _remembered(out: Path) -> dict[str, _Held]:
    """Nothing if there is no such file or it is not whole."""
    try:
        told = [json.loads(line) for line in (out / OBJECTS).read_bytes().splitlines()]
        return {one["url"]: _Held(one["version"], one["sha256"]) for one in told if _DIGEST.fullmatch(one["sha256"])}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}


def _remember(out: Path, known: Mapping[str, _Held]) -> None:
    lines = (json.dumps({"url": url, **held._asdict()}) + "\n" for url, held in sorted(known.items()))
    with writing(out):
        write_whole(out / OBJECTS, "".join(lines).encode("ascii"))
