"""out/ in a store: a run works on a copy in the user's cache, and what it changes is then put into the store.

A file is brought down if the store tells another version of it than when both sides were last the same, or if the copy
has been changed since; what a run did not get into the store is made again from its journal, which stays in the copy.
Files go up as they are replaced in a folder on a disk: all are put beside the old ones first, then a marker that names
them, and only then are they copied over the old ones, within the store. A run that dies before the marker leaves the
store as it was; after it, the next run of any machine completes the replacement.

A lock keeps the runs of one machine apart. Those of other machines are noticed only: a claim is created if there is
none, and the marker is put only if the store then still holds the versions of the start of the run; else nothing is
replaced.
"""

import json
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from os import PathLike, fspath
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from extract.errors import InputError, OutputError
from extract.out.datapackage import PACKAGE
from extract.out.decisions import DECISIONS
from extract.out.layout import CSV, FOLDER, MANIFEST, remove_empty_folders
from extract.out.replace import STAGING, locked, writing
from extract.out.replacement import Replacement
from extract.out.state import FOLDERS, STATE, STATES
from extract.out.whole import write_whole
from extract.stores.client import StoredFolder, is_url
from extract.stores.known_objects import OBJECTS

LAST = (OBJECTS, PACKAGE, STATE, MANIFEST)  # what tells about the others
OURS = (FOLDER, CSV, *FOLDERS, DECISIONS, STATES, *LAST)
UPLOAD = ".extract-upload"
CLAIM = f"{UPLOAD}/CLAIM"
MARKER = f"{UPLOAD}/COMPLETE"
_COPY, _SEEN = "out", "seen"  # what runs work on, and what others have looked at


class Place(NamedTuple):
    """The folder that a run writes, and what then brings its files to where the user wants them."""

    out: Path
    publish: Callable[[], None]


class _Known(NamedTuple):
    """A file when both sides were the same: its version in the store, size and time of the copy."""

    version: str
    size: int
    time: int


def journal_folder(place: str) -> Path:
    """The folder where the journal of runs into the place is."""
    return _cache(place) / _COPY if is_url(place) else Path(place)


@contextmanager
def reading(place: "str | PathLike[str]", *names: str) -> Iterator[Path]:
    """The folder itself, or a copy of these files and folders of one in a store, as it is now.

    Raises InputError if a replacement there has not ended, or ends meanwhile.
    """
    url = fspath(place)
    if not is_url(url):
        yield Path(place)
        return
    stored, copy = StoredFolder(url, InputError), _cache(url) / _SEEN
    with writing(copy):
        copy.mkdir(parents=True, exist_ok=True)
    with locked(copy, wait=True):
        there = _bring_down(stored, copy, names)
    if stored.read(MARKER) is not None or stored.listing(names) != there:
        raise InputError("folder_half_replaced", path=url)
    with _named(url, copy):
        yield copy


@contextmanager
def writable(place: str) -> Iterator[Place]:
    """Where a run into the place writes: the folder itself, or a copy of one in a store, which no other run of this
    machine has meanwhile.

    Raises OutputError, before any work is done, if the store cannot be reached or written.
    """
    if not is_url(place):
        yield Place(Path(place), lambda: None)
        return
    stored, cache = StoredFolder(place, OutputError), _cache(place)
    copy = cache / _COPY
    with writing(copy):
        copy.mkdir(parents=True, exist_ok=True)
    with _named(place, cache), locked(cache), _named(place, copy):
        _complete(stored)
        shutil.rmtree(copy / STAGING, ignore_errors=True)  # made of another state of the store, perhaps
        there = _bring_down(stored, copy, OURS)
        own = f"{UPLOAD}/{_token(cache)}"
        _check_writable(stored, own)
        yield Place(copy, partial(_publish, stored, copy, f"{own}/{uuid.uuid4().hex}", there))


def _cache(url: str) -> Path:
    try:
        from platformdirs import user_cache_path
    except ImportError as error:
        raise InputError("storage_unknown", path=url, reason=str(error)) from error
    return user_cache_path("disclosure-extract") / sha256(url.rstrip("/").encode()).hexdigest()[:32]


def _token(cache: Path) -> str:
    """What tells the uploads of this copy from those of other machines."""
    path = cache / "token"
    with writing(cache):
        if not path.exists():
            write_whole(path, uuid.uuid4().hex.encode())
        return path.read_text()


@contextmanager
def _named(url: str, copy: Path) -> Iterator[None]:
    """Errors name the URL, not the copy; unless it is this disk that is full or cannot be written."""
    try:
        yield
    except (InputError, OutputError) as error:
        if error.key in ("disk_full", "output_unwritable"):
            raise
        values = {name: str(value).replace(str(copy), url) for name, value in error.values.items()}
        raise type(error)(error.key, **values) from error


# ---- down ------------------------------------------------------------------------------------------------------------


def _bring_down(stored: StoredFolder, copy: Path, names: Iterable[str]) -> dict[str, str]:
    """Makes the copy as the store is, and tells the version of each file there."""
    names = list(names)
    there = stored.listing(names)
    known = _known(copy)
    wanted = [name for name, version in there.items() if not _is_same(copy, name, version, known.get(name))]
    with writing(copy), TemporaryDirectory(dir=copy.parent) as fresh:
        stored.fetch(wanted, Path(fresh))
        for name in _files(copy, names) - {*there, OBJECTS}:
            (copy / name).unlink()
            remove_empty_folders(copy / name)
        for name in wanted:
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (Path(fresh) / name).replace(copy / name)
    _remember(copy, known, {name: there[name] for name in wanted})
    return there


def _is_same(copy: Path, name: str, version: str, known: _Known | None) -> bool:
    """What is remembered of objects holds for any state of the store, so more of it than there is not taken away."""
    path = copy / name
    return (
        known is not None
        and known.version == version
        and path.exists()
        and (name == OBJECTS or known == _as_known(path, version))
    )


def _files(copy: Path, names: Iterable[str]) -> set[str]:
    paths = (path for name in names for path in (copy / name, *(copy / name).rglob("*")))
    return {path.relative_to(copy).as_posix() for path in paths if path.is_file()}


def _known(copy: Path) -> dict[str, _Known]:
    """Nothing if there is no such file or it is not whole: all is then brought down again."""
    try:
        return {name: _Known(*one) for name, one in json.loads(_record(copy).read_bytes()).items()}
    except (OSError, ValueError, TypeError):
        return {}


def _remember(copy: Path, known: Mapping[str, _Known], same: Mapping[str, str]) -> None:
    told = {**known, **{name: _as_known(copy / name, version) for name, version in same.items()}}
    with writing(copy):
        write_whole(_record(copy), json.dumps(told).encode())


def _as_known(path: Path, version: str) -> _Known:
    told = path.stat()
    return _Known(version, told.st_size, told.st_mtime_ns)


def _record(copy: Path) -> Path:
    return copy.parent / f"{copy.name}.json"


# ---- up --------------------------------------------------------------------------------------------------------------


def _check_writable(stored: StoredFolder, own: str) -> None:
    """Also takes away what an upload of this machine that ended too early has left, its claim included."""
    stored.create(f"{own}/WRITABLE", b"")
    claim = stored.read(CLAIM)
    if claim is not None and claim.decode().startswith(f"{own}/"):
        stored.remove([CLAIM])
    stored.remove(stored.listing([own]))


def _publish(stored: StoredFolder, copy: Path, staged: str, before: Mapping[str, str]) -> None:
    """Puts what a run has changed into the store, all or nothing.

    Raises OutputError if another machine has written there meanwhile.
    """
    known, here = _known(copy), _files(copy, OURS)
    coming = sorted(
        name for name in here if name not in before or known.get(name) != _as_known(copy / name, before[name])
    )
    going = sorted(set(before) - here)
    if not coming and not going:
        return
    stored.put(coming, copy, staged)
    _decide(stored, Replacement(staged, coming, going), before)
    remember = partial(_remember_all, stored, copy)
    try:
        _complete(stored, remember)
    except KeyboardInterrupt:  # what was decided on is done
        _complete(stored, remember)
        raise


def _remember_all(stored: StoredFolder, copy: Path) -> None:
    _remember(copy, {}, {name: version for name, version in stored.listing(OURS).items() if (copy / name).exists()})


def _decide(stored: StoredFolder, replacement: Replacement, before: Mapping[str, str]) -> None:
    """Puts the marker, while a claim keeps other machines from putting theirs.

    Raises OutputError, and leaves nothing behind, if another machine has a claim or has replaced something meanwhile.
    """
    staged = replacement.staged
    if not _claim(stored, staged):
        stored.remove(stored.listing([staged]))
        raise OutputError("output_claimed", path=stored.url, name=CLAIM)
    decided = False
    try:
        if stored.read(MARKER) is None and stored.listing(OURS) == before:
            stored.create(MARKER, replacement.written())
            decided = True
    finally:
        if not decided:
            _give_up_claim(stored, staged)
    if not decided:
        stored.remove(stored.listing([staged]))
        raise OutputError("output_changed", path=stored.url)


def _claim(stored: StoredFolder, owner: str) -> bool:
    """A request that is tried again may find the claim that its first try has put there."""
    return stored.create(CLAIM, owner.encode()) or stored.read(CLAIM) == owner.encode()


def _give_up_claim(stored: StoredFolder, owner: str) -> None:
    if stored.read(CLAIM) == owner.encode():
        stored.remove([CLAIM])


def _complete(stored: StoredFolder, then: Callable[[], None] = lambda: None) -> None:
    """Completes the replacement that is decided on, if there is one.

    `then` is called while the marker still keeps others from writing.
    """
    told = stored.read(MARKER)
    if told is None:
        return
    replacement = Replacement.read(told, stored.url)
    try:
        stored.copy([name for name in replacement.coming if name not in LAST], replacement.staged)
        stored.remove({*replacement.going}.intersection(stored.listing(OURS)) if replacement.going else ())
        for name in LAST:
            if name in replacement.coming:
                stored.copy([name], replacement.staged)
    except OutputError:
        if stored.read(MARKER) == told:
            raise
        return  # another machine has completed it and taken away what was staged
    then()
    stored.remove([MARKER])
    _give_up_claim(stored, replacement.staged)
    stored.remove(stored.listing([replacement.staged]))
