"""What documents were read as, shared by all tests of a run and by the processes that they run in: reading takes most
of their time, and most tests are about the same documents.
"""

import pickle
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from filelock import FileLock

from extract.model.report import Report

_forgetting: list[bool] = []
_folders: list[Path] = []  # where the run keeps them; none before it has begun


def keep_in(folder: Path) -> None:
    """Keeps what is read from now on in this folder."""
    folder.mkdir(exist_ok=True)
    _folders[:] = [folder]


def forget() -> None:
    """Keeps and finds nothing any more: everything is read anew."""
    _forgetting.append(True)


def shared(means: tuple[object, ...], content: bytes, read: Callable[[], Report]) -> Report:
    """The report that `read` makes of this content by these means, which tell apart all that it could depend on."""
    if _forgetting:
        return read()
    kept = _folders[0] / sha256(repr(means).encode() + content).hexdigest()
    with FileLock(f"{kept}.lock"):
        if kept.exists():
            report: Report = pickle.loads(kept.read_bytes())
        else:
            report = read()
            kept.write_bytes(pickle.dumps(report))
    return report
