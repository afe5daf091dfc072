"""out/ replaced as a whole, or not at all.

New files are written into a staging folder inside out/. When all are there, a marker is put beside them, and only then
are they moved over the old ones. A run that dies before the marker leaves out/ as it was; one that dies after it is
finished by the next run. The marker names the files of earlier runs that are to go.
"""

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from extract.errors import OutputError
from extract.out.datapackage import PACKAGE, dataset_titles
from extract.out.inside import check_really_inside, really_inside
from extract.out.layout import MANIFEST, remove_empty_folders
from extract.out.replacement import Replacement

STAGING = ".extract-staging"
LOCK = ".extract-lock"  # stays: who deleted it could let two in
MARKER = "COMPLETE"
GOING = "GOING"  # the marker before all is there: the files of earlier runs that are to go, as JSON
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FILES = (errno.EMFILE, errno.ENFILE)  # too many are open


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """Raises OutputError for what the file system refuses."""
    try:
        yield
    except OSError as error:
        known = {**dict.fromkeys(FULL, "disk_full"), **dict.fromkeys(FILES, "files_open")}
        key = known.get(error.errno or 0, "output_unwritable")
        raise OutputError(key, path=out, reason=error.strerror or str(error)) from error


def check_writable(out: Path) -> None:
    """Raises OutputError, before any work is done, if out/ cannot be made or written."""
    taken = any((out / name).exists() for name in ("parquet", "csv", PACKAGE))
    if taken and dataset_titles(out / PACKAGE) is None and not (out / STAGING).exists():
        raise OutputError("output_foreign", path=out, reason=PACKAGE)
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass


@contextmanager
def locked(out: Path, wait: bool = False) -> Iterator[None]:
    """Keeps others out of out/ meanwhile.

    Raises OutputError if one is at work there, unless it is to wait, and where the file system has no locks.
    """
    lock = FileLock(out / LOCK)
    with writing(out):
        try:
            lock.acquire(timeout=-1 if wait else 0)
        except Timeout as error:
            raise OutputError("output_busy", path=out) from error
        except NotImplementedError as error:  # a file system without locks
            raise OutputError("output_unwritable", path=out, reason=str(error)) from error
    try:
        yield
    finally:
        lock.release()


def finish(out: Path) -> None:
    """Completes a replacement that an earlier run had decided on but not ended; drops one that it had not decided
    on.
    """
    staging = out / STAGING
    check_really_inside([staging / MARKER], out)
    if is_half_replaced(out):
        _move(staging, out)
    elif staging.exists():
        shutil.rmtree(staging)


def is_half_replaced(out: Path) -> bool:
    """Whether a replacement is decided on but not ended, so that old and new files may stand side by side."""
    return (out / STAGING / MARKER).exists()


@contextmanager
def staged(out: Path) -> Iterator[Path]:
    staging = out / STAGING
    staging.mkdir(parents=True)
    try:
        yield staging
        coming = _check_targets(staging, out)
        for name in coming:
            _sync(staging / name)
        _decide(staging, coming)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    try:
        _move(staging, out)
    except KeyboardInterrupt:  # what was decided on is done
        _move(staging, out)
        raise


def _decide(staging: Path, names: Iterable[str]) -> None:
    """Puts the marker, which tells of the files of these names."""
    going = json.loads((staging / GOING).read_bytes())
    coming = sorted(({*names} - {GOING}), key=lambda name: (name == MANIFEST, name))
    (staging / GOING).write_bytes(Replacement(STAGING, coming, going).written())
    _sync(staging / GOING)
    (staging / GOING).rename(staging / MARKER)


def _check_targets(staging: Path, out: Path) -> list[str]:
    """The names of all files that are to be moved. Raises OutputError if a file stands where a folder of ours goes, or
    the other way round, or a link that leads out of out/: before anything is moved.
    """
    folders, files = _below(staging)
    check_really_inside((out / name for name in (*folders, *files)), out)
    for name in files:
        if (out / name).is_dir():
            raise OutputError("output_foreign", path=out / name, reason="is a folder")
    for name in folders:
        if (out / name).exists() and not (out / name).is_dir():
            raise OutputError("output_foreign", path=out / name, reason="is a file")
    return files


def _below(folder: Path) -> tuple[list[str], list[str]]:
    """The names of all folders and of all files below a folder."""
    folders: list[str] = []
    files: list[str] = []
    for above, inner, held in os.walk(folder):
        at = Path(above).relative_to(folder).as_posix()
        within = "" if at == "." else f"{at}/"
        folders += (f"{within}{name}" for name in inner)
        files += (f"{within}{name}" for name in held)
    return folders, files


def _sync(path: Path) -> None:
    with path.open("r+b") as stream:
        os.fsync(stream.fileno())


def _move(staging: Path, out: Path) -> None:
    """Does what was decided on.

    Raises OutputError, and moves nothing, if the marker is not one that a run has written.
    """
    replacement = Replacement.read((staging / MARKER).read_bytes(), out)
    check_really_inside((staging / name for name in replacement.coming), staging)
    check_really_inside((out / name for name in replacement.coming), out)
    coming = {name: out / name for name in replacement.coming if (staging / name).is_file()}  # others were moved before
    for folder in {target.parent for target in coming.values()}:
        folder.mkdir(parents=True, exist_ok=True)
    for name, target in coming.items():
        (staging / name).replace(target)
    for name in replacement.going:
        if really_inside(out / name, out):
            (out / name).unlink(missing_ok=True)
            remove_empty_folders(out / name)
    shutil.rmtree(staging)
