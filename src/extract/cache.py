"""What was made once and can be made again, kept in the user's cache folder under a name that says what it was made
of.

Only a file that this user alone can write is believed, and only if it is whole. A folder that cannot be used is none:
nothing is kept, and everything works.
"""

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from extract.version import __version__

KEPT = 32  # files, of which those go that were used least lately


def key(*made_of: bytes) -> str:
    """The name of what is made of these by this version."""
    return sha256(b"\0".join([__version__.encode(), *(sha256(one).digest() for one in made_of)])).hexdigest()[:32]


def kept(name: str) -> bytes | None:
    """What is kept under a name."""
    folder = _folder()
    try:
        if folder is None or not _is_private(folder) or not _is_private(folder / name):
            return None
        told, content = (folder / name).read_bytes().split(b"\n", 1)
        os.utime(folder / name)
    except (OSError, ValueError):
        return None
    return content if told == sha256(content).hexdigest().encode() else None


def keep(name: str, content: bytes) -> None:
    """Keeps it if that can be done."""
    folder = _folder()
    if folder is None:
        return
    unfinished = folder / f".{name}.{os.getpid()}"
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_private(folder):
            return
        try:
            with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                stream.write(sha256(content).hexdigest().encode() + b"\n" + content)
            unfinished.replace(folder / name)
        finally:
            unfinished.unlink(missing_ok=True)
        for old in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)[:-KEPT]:
            old.unlink(missing_ok=True)


def _folder() -> Path | None:
    """None where a system has no users with a home, or does not tell whose a file is."""
    if not hasattr(os, "getuid"):
        return None
    with suppress(RuntimeError):
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "disclosure-extract" / "prepared"
    return None


def _is_private(path: Path) -> bool:
    told = path.lstat()
    return told.st_uid == os.getuid() and not told.st_mode & 0o022
