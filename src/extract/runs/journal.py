"""The documents that a run has read but not yet put into out/: a folder there with one file for each, so that a run
that is killed loses none.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Container, Sequence
from pathlib import Path

from extract.out.inside import check_really_inside
from extract.out.packed import PackedDocument
from extract.out.whole import write_whole
from extract.runs.interrupted import FOLDER, PIECE, RUN


class Journal:
    """The journal of out/. Files appear in it whole or not at all. Raises OutputError if it is a link out of out/."""

    def __init__(self, out: Path) -> None:
        self.folder = out / FOLDER
        check_really_inside([self.folder / RUN], out)

    def begin(self, command: str, documents: int) -> None:
        """Notes how to go on with the run."""
        self.folder.mkdir(exist_ok=True)
        told = {"command": command, "folder": os.getcwd(), "documents": documents}
        write_whole(self.folder / RUN, json.dumps(told).encode())

    def piece(self, *key: str) -> PackedDocument | None:
        """What an earlier run has read of the document, if all of it is there."""
        piece = PackedDocument(self._path(key))
        return piece if self._path(key).exists() and piece.whole() else None

    def keep(self, packed: bytes, *key: str) -> PackedDocument:
        path = self._path(key)
        write_whole(path, packed)
        return PackedDocument(path)

    def end(self, sources: Container[str], edition: str) -> None:
        """Drops what is now in out/, and what no later run can use.

        What another run has read of other documents stays.
        """
        for path in self.folder.glob(f"*{PIECE}"):
            if not _is_of_use(PackedDocument(path), sources, edition):
                path.unlink()
        if self.folder.exists() and not any(self.folder.glob(f"*{PIECE}")):
            shutil.rmtree(self.folder)

    def _path(self, key: Sequence[str]) -> Path:
        return self.folder / (
            hashlib.sha256("\n".join(key).encode("utf-8", "surrogateescape")).hexdigest()[:32] + PIECE
        )


def _is_of_use(piece: PackedDocument, sources: Container[str], edition: str) -> bool:
    return piece.whole() and piece.summary["edition"] == edition and piece.summary["source"] not in sources
