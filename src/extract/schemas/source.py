"""Schema files as they are written: what a folder lays over the built-in ones, and in which line of which file an entry
stands.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

EntryPath = tuple[str | int, ...]  # of an entry in a file: `rule`, 3, `stated`
NAMES = ("code", "name", "title", "kind", "en")  # what an entry of a list is called by, the first that it has
WORDS = "vocabulary.toml"  # the file whose lists of words are joined
_LIST = re.compile(r"\s*\[\[([^\]]+)\]\]")
_TABLE = re.compile(r"\s*\[([^\]]+)\]")
_KEY = re.compile(r"\s*([\w-]+|\"[^\"]*\")\s*=")
_STEP = re.compile(r"([\w-]+)|\[(\d+)\]")


@dataclass(frozen=True)
class SourceFile:
    """A file of a folder with what it holds.

    Raises OSError, UnicodeDecodeError or TOMLDecodeError where that is asked for.
    """

    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def content(self) -> dict[str, Any]:
        return tomllib.loads(self.text)

    @cached_property
    def _lines(self) -> dict[EntryPath, int]:
        return dict(_places(self.text))

    def line(self, path: EntryPath) -> int | None:
        """The line, from 1, where an entry stands, or what it is a part of.

        Parts that are not written are passed over.
        """
        for length in range(len(path), 0, -1):
            wanted = path[:length]
            shorter = (wanted[:left] + wanted[left + 1 :] for left in range(1, length))
            for candidate in (wanted, *shorter):
                if candidate in self._lines:
                    return self._lines[candidate]
        return None


def _places(text: str) -> Iterator[tuple[EntryPath, int]]:
    """Every table, entry of a list and key with its line."""
    counts: dict[EntryPath, int] = {}
    current: EntryPath = ()
    for number, line in enumerate(text.splitlines(), 1):
        if found := _LIST.match(line):
            current = _within(found[1], counts)
            counts[current] = counts.get(current, 0) + 1
            current = (*current, counts[current] - 1)
            yield current, number
        elif found := _TABLE.match(line):
            current = _within(found[1], counts)
            yield current, number
        elif found := _KEY.match(line):
            yield (*current, found[1].strip('"')), number


def _within(header: str, counts: Mapping[EntryPath, int]) -> EntryPath:
    """The path that a header names: of a list that it goes through, the last entry so far."""
    path: EntryPath = ()
    for name in header.split("."):
        path = (*path, counts[path] - 1, name.strip(' "')) if path in counts else (*path, name.strip(' "'))
    return path


@dataclass
class Layers:
    """A file of the built-in folder and what a user's folder lays over it, as one.

    A table of the user's file is laid into the built-in one, key by key. An entry of a list takes the place of the
    entry of the same code or name (`NAMES`), or comes after all others. Words of a list in vocabulary.toml come after
    those that are there. Everything else takes the place of what it stands for.
    """

    files: Sequence[SourceFile]
    origins: dict[EntryPath, tuple[SourceFile, EntryPath]] = field(default_factory=dict)

    @cached_property
    def content(self) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for file in self.files:
            merged = self._laid(merged, file.content, file, ())
        return merged

    def _laid(
        self, below: Mapping[str, Any], above: Mapping[str, Any], file: SourceFile, at: EntryPath
    ) -> dict[str, Any]:
        merged = dict(below)
        for key, value in above.items():
            path = (*at, key)
            if isinstance(value, dict) and isinstance(merged.get(key), dict):
                merged[key] = self._laid(merged[key], value, file, path)
            elif _are_entries(value) and _are_entries(merged.get(key, [{}])):
                merged[key] = self._entries(merged.get(key, []), value, file, path)
            else:
                joined = file.path.name == WORDS and _are_words(value) and _are_words(merged.get(key))
                merged[key] = list(dict.fromkeys([*merged[key], *value])) if joined else value
                self.origins[path] = file, path
        return merged

    def _entries(
        self, below: Sequence[dict[str, Any]], above: Sequence[dict[str, Any]], file: SourceFile, at: EntryPath
    ) -> list[dict[str, Any]]:
        merged = list(below)
        known = {name: place for place, name in enumerate(_numbered(below)) if name}
        for index, (entry, name) in enumerate(zip(above, _numbered(above), strict=True)):
            place = known.get(name, len(merged)) if name else _index(merged, entry)
            merged[place : place + 1] = [entry]
            self.origins[(*at, place)] = file, (*at, index)
        return merged

    def where(self, path: EntryPath) -> tuple[Path, int | None]:
        """The file and the line of an entry."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.origins:
                file, own = self.origins[path[:length]]
                return file.path, file.line((*own, *path[length:]))
        return self.files[-1].path, self.files[-1].line(path)

    def path_of(self, told: str) -> EntryPath:
        """The path that a fault names:

        `table[3].columns`, `dataset.revenue.label`, or `rule CODE` for an entry of a list.
        """
        kind, _, name = told.partition(" ")
        entries: Any = self.content.get(kind)
        if name and _are_entries(entries):
            return next(((kind, place) for place, entry in enumerate(entries) if named(entry) == name), (kind,))
        return tuple(int(index) if index else step for step, index in _STEP.findall(kind))

    def called(self, path: EntryPath) -> str:
        """What to call an entry: `rule CODE, stated`."""
        if len(path) < 2 or not isinstance(path[1], int):
            return ".".join(map(str, path))
        entries = self.content.get(str(path[0]), [])
        name = named(entries[path[1]]) if _are_entries(entries) and path[1] < len(entries) else None
        _, (*_, own) = self.origins.get(path[:2], (None, path[:2]))
        entry = f"{path[0]} {name or int(own) + 1}"
        return ", ".join([entry, *(".".join(map(str, path[2:])) for _ in path[2:3])])


def named(entry: Mapping[str, Any]) -> str | None:
    """What an entry of a list is called by."""
    return next((str(entry[key]) for key in NAMES if isinstance(entry.get(key), str)), None)


def _index(entries: Sequence[Mapping[str, Any]], entry: Mapping[str, Any]) -> int:
    """Where an entry stands, or behind the last if it does not."""
    return entries.index(entry) if entry in entries else len(entries)


def _numbered(entries: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, int] | None]:
    """What each entry is called by, with a number where several are called the same."""
    counts: Counter[str] = Counter()
    for entry in entries:
        name = named(entry)
        counts[name or ""] += 1
        yield (name, counts[name]) if name else None


def _are_entries(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _are_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def builtin() -> Path:
    """The schemas that come with the program: inside an installed package, or beside src/ in a checkout."""
    inside = Path(__file__).parents[1] / "_schemas"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "schemas"


@dataclass(frozen=True)
class Folder:
    """The built-in folder of schema files, with another one laid over it if there is one."""

    builtin: Path
    over: Path | None = None

    @classmethod
    def of(cls, over: Path | None) -> "Folder":
        """What a user's folder is laid over is what comes with the program."""
        return cls(builtin(), over)

    def digest(self) -> str:
        """The same for the same files; a folder that differs in nothing changes nothing."""
        named = [(name, self.builtin / name) for name in Folder(self.builtin).names()]
        named += [(path.relative_to(self.over or path).as_posix(), path) for path in self.differing()]
        content = b"".join(name.encode() + b"\0" + path.read_bytes() for name, path in named)
        return sha256(content).hexdigest()[:16]

    def layers(self, name: str) -> Layers:
        """A file by its name in the folder; where neither folder has it, reading it fails."""
        paths = [folder / name for folder in (self.builtin, self.over) if folder and (folder / name).is_file()]
        return Layers([SourceFile(path) for path in paths or [self.builtin / name]])

    def names(self, pattern: str = "**/*.toml") -> list[str]:
        """The names of the files of both folders."""
        return sorted(
            {
                path.relative_to(folder).as_posix()
                for folder in (self.builtin, self.over)
                if folder
                for path in folder.glob(pattern)
            }
        )

    def differing(self) -> list[Path]:
        """The files of the user's folder that say something else than the built-in ones."""
        paths = sorted(self.over.rglob("*.toml")) if self.over else []
        return [path for path in paths if not self._is_builtin(path)]

    def _is_builtin(self, path: Path) -> bool:
        own = self.builtin / path.relative_to(self.over or self.builtin)
        return own.is_file() and own.read_bytes() == path.read_bytes()

    def changes(self) -> list[str]:
        """What the user's folder puts in the place of what is built in, and what it adds: `rules.toml: rule CODE`."""
        return [
            f"{path.relative_to(self.over or path).as_posix()}: {what}"
            for path in self.differing()
            for what in _told(SourceFile(path).content)
        ]


def _told(content: Mapping[str, Any]) -> Iterator[str]:
    for key, value in content.items():
        if _are_entries(value):
            yield from (f"{key} {named(entry) or '?'}" for entry in value)
        elif isinstance(value, dict):
            yield from (f"{key}.{name}" for name in value)
        else:
            yield key
