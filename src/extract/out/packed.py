"""What one document adds to out/, as one zip file: made by a worker, kept on disk while a run goes on, put together
with the others at its end.

It holds the summary as JSON, the rows of every dataset as Arrow streams, and the document's own files: nothing that
runs code when it is read.
"""

import json
import zlib
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

import pyarrow as pa

from extract.document.summary import Summary, summary
from extract.errors import OutputError
from extract.model.report import Outcome
from extract.out.arrow import tables
from extract.out.state import FOLDERS, is_told
from extract.schemas.grammar import Schemas

_SUMMARY = "summary.json"
LARGEST = 1 << 30  # bytes that a kept piece unpacks to at most; one of a run that takes more is read again
FAST = 1  # level of deflate; Arrow's own compression works column by column, which is slow for few rows


class PackedDocument:
    """A packed outcome, in memory or in a file. Its parts are read when they are asked for."""

    def __init__(self, packed: bytes | Path) -> None:
        self._packed = packed

    @property
    def summary(self) -> Summary:
        with self._open() as archive:
            read: Summary = json.loads(archive.read(_SUMMARY))
        return read

    def tables(self, names: Iterable[str]) -> Mapping[str, pa.Table]:
        """The rows of each of these datasets that has any. Raises OutputError if they are none."""
        with self._open() as archive:
            there = set(archive.namelist())
            try:
                return {
                    name: pa.ipc.open_stream(archive.read(f"tables/{name}")).read_all()
                    for name in names
                    if f"tables/{name}" in there
                }
            except pa.ArrowException as error:
                raise OutputError("output_foreign", path=self._packed, reason=str(error)) from error

    @property
    def files(self) -> Mapping[str, bytes]:
        with self._open() as archive:
            there = set(archive.namelist())
            return {folder: archive.read(f"files/{folder}") for folder in FOLDERS if f"files/{folder}" in there}

    def whole(self) -> bool:
        """Whether nothing of it is cut off or changed, and it does not unpack to more than any document needs."""
        try:
            with self._open() as archive:
                if sum(one.file_size for one in archive.infolist()) > LARGEST or archive.testzip() is not None:
                    return False
            return is_told(self.summary)  # cut off, it may look like a workbook that it holds
        except (
            OSError,
            BadZipFile,
            zlib.error,
            ValueError,
            KeyError,
            TypeError,
            EOFError,
            NotImplementedError,
            RuntimeError,
            MemoryError,
        ):
            return False  # each of these comes of some flipped bit

    def _open(self) -> ZipFile:
        return ZipFile(BytesIO(self._packed) if isinstance(self._packed, bytes) else self._packed)


def pack(outcome: Outcome, schemas: Schemas, edition: str | None, decisions: str | None = None) -> bytes:
    """The outcome as the bytes of a piece; `decisions` is the digest of those that it was read with."""
    packed = BytesIO()
    files = {"files": sorted(outcome.files), "files_missing": dict(outcome.missing)}
    told = summary(outcome.report, edition, decisions) | files
    with ZipFile(packed, "w") as archive:
        archive.writestr(_SUMMARY, json.dumps(told, ensure_ascii=False), ZIP_DEFLATED)
        for name, table in tables(schemas, [outcome.report]).items():
            if len(table):
                archive.writestr(f"tables/{name}", _stream(table), ZIP_DEFLATED, FAST)
        for folder, content in outcome.files.items():
            archive.writestr(f"files/{folder}", content, ZIP_STORED)
    return packed.getvalue()


def _stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content
