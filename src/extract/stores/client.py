"""What a URL names: documents and folders in a store such as S3, reached by fsspec with the credentials of the
environment.
"""

import glob
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from extract.errors import ExtractError, InputError, OutputError
from extract.out.inside import check_inside

AT_ONCE = 16  # requests to a store at the same time
_SUBMITTED = 1000  # of them that wait, whatever there is to do
_URL = re.compile("[A-Za-z][A-Za-z0-9+.-]*://")
_TAGS = ("ETag", "etag")
_TIMES = ("LastModified", "last_modified", "updated", "mtime", "modified", "created")
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def is_url(name: str) -> bool:
    return _URL.match(name) is not None


@contextmanager
def reaching(url: str, refused: type[ExtractError]) -> Iterator[tuple[Any, str]]:
    """The file system of a URL, and the path in it.

    Whatever a store does meanwhile is told as one error of the kind `refused`.
    """
    try:
        yield _opened(url)
    except ExtractError:
        raise
    except FileNotFoundError as error:
        raise refused("bucket_missing" if refused is OutputError else "input_missing", path=url) from error
    except PermissionError as error:
        raise refused("storage_denied", path=url, reason=_reason(error)) from error
    except Exception as error:  # each store has errors of its own
        raise refused("storage_failed", path=url, reason=_reason(error)) from error


def _opened(url: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs

        system, path = url_to_fs(url, **({"auto_mkdir": True} if url.startswith("file:") else {}))
    except (ImportError, ValueError) as error:
        raise InputError("storage_unknown", path=url, reason=_reason(error)) from error
    system.invalidate_cache()  # others write there, too
    return system, path


def _reason(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def documents(url: str) -> dict[str, str | None]:
    """The PDFs that are meant by an object, a folder (searched through) or a pattern: by URL, names sorted, each with
    its `version`.

    Takes a request for every thousand objects that are looked through. Raises InputError if there is nothing or the
    store refuses.
    """
    with reaching(url, InputError) as (system, path):
        found = [info for match in _matches(system, path) for info in _files(system, match)]
        return {system.unstrip_protocol(info["name"]): version(info) for info in found}


def _matches(system: Any, path: str) -> Sequence[Mapping[str, Any]]:
    try:
        return [system.info(path)]
    except FileNotFoundError:
        matches = system.glob(path, detail=True) if glob.has_magic(path) else {}
        if not matches:
            raise
        return _sorted(matches.values())


def _files(system: Any, match: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    if match["type"] != "directory":
        return [match]
    inside = system.find(match["name"], detail=True).values()
    return _sorted(info for info in inside if info["type"] == "file" and info["name"].lower().endswith(".pdf"))


def _sorted(infos: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """As the names of a folder on a disk are sorted."""
    return sorted(infos, key=lambda info: info["name"].split("/"))


def version(info: Mapping[str, Any]) -> str | None:
    """What the store says of the version of an object: its tag, or size and time where it has none; None if it says
    neither.

    It is only ever compared with itself: whether it is a hash of the content depends on the store and on how the object
    came there.
    """
    tag = next((str(info[name]) for name in _TAGS if info.get(name)), None)
    time = next((str(info[name]) for name in _TIMES if info.get(name)), None)
    return tag or (time and f"{info.get('size')} {time}")


def content(url: str, refused: type[ExtractError] = InputError) -> bytes:
    """The bytes of an object. Raises an error of the kind `refused` if it cannot be read."""
    with reaching(url, refused) as (system, path):
        read: bytes = system.cat_file(path)
        return read


def each(function: Callable[[_Item], _Result], items: Sequence[_Item]) -> Iterator[_Result]:
    """The results in the order of the items, `AT_ONCE` at work; one that fails ends it."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        try:
            for start in range(0, len(items), _SUBMITTED):
                yield from threads.map(function, items[start : start + _SUBMITTED])
        finally:
            threads.shutdown(wait=False, cancel_futures=True)


@dataclass(frozen=True)
class StoredFolder:
    """A folder in a store; its files are named as seen from it.

    Every method raises an error of the kind `refused` if the store does.
    """

    url: str
    refused: type[ExtractError]

    def listing(self, names: Iterable[str]) -> dict[str, str]:
        """The files with these names and in these folders, each with its version. Takes a request for every thousand of
        them.

        Raises an error of the kind `refused` also for a name that would lead out of a folder on a disk.
        """
        with self._reached() as (system, path):
            found = [pair for name in names for pair in system.find(path(name), detail=True).items()]
            infos = [(name, info or system.info(name)) for name, info in found]
            files = {name[len(path("")) :]: str(version(info)) for name, info in infos if info["type"] == "file"}
            check_inside(files, self.url, self.refused)
            return files

    def fetch(self, names: Sequence[str], folder: Path) -> None:
        with self._reached() as (system, path):
            for target in {(folder / name).parent for name in names}:
                target.mkdir(parents=True, exist_ok=True)
            list(each(lambda name: system.get_file(path(name), str(folder / name)), names))

    def put(self, names: Sequence[str], folder: Path, under: str) -> None:
        with self._reached() as (system, path):
            list(each(lambda name: system.put_file(str(folder / name), path(f"{under}/{name}")), names))

    def copy(self, names: Sequence[str], under: str) -> None:
        """Copies files of the folder `under` to where they belong, within the store."""
        with self._reached() as (system, path):
            system.find(path(under))  # tells the sizes at once that copying would ask for one by one
            list(each(lambda name: system.cp_file(path(f"{under}/{name}"), path(name)), names))

    def remove(self, names: Collection[str]) -> None:
        """Together where the store can, but for names that would be taken for patterns."""
        with self._reached() as (system, path):
            odd = [name for name in names if glob.has_magic(path(name))]
            if plain := [path(name) for name in {*names} - {*odd}]:
                system.rm(plain)
            list(each(lambda name: system.rm_file(path(name)), odd))

    def read(self, name: str) -> bytes | None:
        """None if there is no such file."""
        with self._reached() as (system, path):
            try:
                held: bytes = system.cat_file(path(name))
                return held
            except FileNotFoundError:
                return None

    def create(self, name: str, held: bytes) -> bool:
        """Writes a file unless there is one already:

        False. Stores that can, as S3 does, see to it that of two writers only one does.
        """
        with self._reached() as (system, path):
            try:
                system.pipe_file(path(name), held, mode="create")
                return True
            except FileExistsError:
                return False

    @contextmanager
    def _reached(self) -> Iterator[tuple[Any, Callable[[str], str]]]:
        with reaching(self.url, self.refused) as (system, root):
            yield system, lambda name: f"{root.rstrip('/')}/{name}"
