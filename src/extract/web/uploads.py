"""Documents that come through the browser: written to the output folder as they arrive, each called by its content.

What the sender calls a document is shown to people and is never a path.
"""

import hashlib
import secrets
import shutil
from collections.abc import AsyncIterable
from pathlib import Path
from urllib.parse import unquote

from extract.digest import identifier
from extract.errors import InputError
from extract.out.state import read_state
from extract.runs.again import UPLOADS
from extract.runs.sources import Source
from extract.text import visible

HEAD = 1024  # bytes among which a PDF says what it is
NAME = ".txt"  # beside a document: what its sender called it
LONGEST = 200  # characters of a name
LEFT = 1 << 30  # bytes that uploads leave free on the disk, for what is made of them


class UploadError(InputError):
    """A document that is not taken, with the status of HTTP that says why."""

    def __init__(self, status: int, key: str, **values: object) -> None:
        super().__init__(key, **values)
        self.status = status


def name_of(given: str) -> str:
    """The name of a document as it was sent, percent-encoded. Raises UploadError for a path and for what is no PDF."""
    name = unquote(given)
    if not name or "/" in name or "\\" in name or name != visible(name):
        raise UploadError(400, "upload_path", name=visible(name))
    if len(name) > LONGEST:
        raise UploadError(400, "upload_path", name=visible(name[:LONGEST]))
    if not name.lower().endswith(".pdf"):
        raise UploadError(415, "upload_no_pdf", name=name)
    return name


def check_length(declared: str | None, name: str, most: int) -> None:
    """Raises UploadError, before anything is read, if more is announced than is taken."""
    if declared and declared.isdecimal() and int(declared) > most:
        raise UploadError(413, "upload_large", name=name, megabytes=most >> 20)


async def keep(content: AsyncIterable[bytes], name: str, out: Path, most: int) -> Source:
    """Writes a document as it comes; raises UploadError, and keeps nothing, if it is larger than `most` bytes, no PDF,
    or would fill the disk.
    """
    folder = out / UPLOADS
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{secrets.token_hex(8)}.unfinished"
    hashed, size, head = hashlib.sha256(), 0, b""
    try:
        with unfinished.open("xb") as stream:
            async for part in content:
                size += len(part)
                if size > most:
                    raise UploadError(413, "upload_large", name=name, megabytes=most >> 20)
                head += part[: HEAD - len(head)]
                hashed.update(part)
                stream.write(part)
                if shutil.disk_usage(folder).free < LEFT:
                    raise UploadError(507, "upload_no_room", name=name, megabytes=LEFT >> 20)
        if b"%PDF-" not in head:
            raise UploadError(415, "upload_no_pdf", name=name)
        path = folder / f"{hashed.hexdigest()}.pdf"
        path.with_suffix(NAME).write_text(name, encoding="utf-8")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return Source(name, hashed.hexdigest(), path=str(path))


def unread(out: Path) -> list[Source]:
    """The uploads that out/ does not hold, as the server ended before they were read."""
    known, found = read_state(out), []
    for path in sorted((out / UPLOADS).glob("*.pdf")):
        name = path.with_suffix(NAME)
        if identifier(path.stem) not in known and name.is_file():
            found.append(Source(name.read_text(encoding="utf-8"), path.stem, path=str(path)))
    return found
