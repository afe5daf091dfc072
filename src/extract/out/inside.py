"""Names of files that something in out/ tells (a marker, a listing, a state): only those that lie inside are used."""

import os
from collections.abc import Iterable
from pathlib import Path, PureWindowsPath

from extract.errors import ExtractError, OutputError


def is_inside(name: str) -> bool:
    """Whether a name, relative to a folder and with `/` between its parts, stays in the folder."""
    parts = name.split("/")
    if os.name == "nt" and ("\\" in name or PureWindowsPath(name).anchor):
        return False
    return all(part not in ("", ".", "..") for part in parts)


def check_inside(names: Iterable[str], path: object, refused: type[ExtractError] = OutputError) -> None:
    """Raises an error of the kind `refused` about `path` if one of the names leads out of the folder."""
    for name in names:
        if not is_inside(name):
            raise refused("output_outside", path=path, name=name)


def really_inside(file: Path, folder: Path) -> bool:
    """Whether a file lies in a folder also where folders on the way are links."""
    return file.parent.resolve().is_relative_to(folder.resolve())


def check_really_inside(files: Iterable[Path], folder: Path) -> None:
    """Raises OutputError for a file that lies elsewhere, as a folder on the way is a link."""
    one_of_each = {file.parent: file for file in files}  # resolving a folder asks for every part of its path
    within = folder.resolve()
    for parent, file in one_of_each.items():
        if not parent.resolve().is_relative_to(within):
            raise OutputError("output_outside", path=folder, name=file.relative_to(folder).as_posix())
