"""What stands in an output folder, in whichever layout, and how tests write one."""

import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from extract.model.report import Outcome, Report
from extract.out import layout
from extract.out.packed import PackedDocument, pack
from extract.out.parquet import opened
from extract.runs.output import write_packed
from extract.schemas.grammar import Schemas

_packed: dict[tuple[int, ...], tuple[object, PackedDocument]] = {}  # with what the numbers stand for, which so lives on


def write(out: Path, schemas: Schemas, reports: Iterable[Report], by_year: bool | None = None, **own: bytes) -> None:
    """Adds reports whose documents have these files of their own; None leaves the layout as it is."""
    pieces = [_piece(report, own, schemas) for report in reports]
    write_packed(out, schemas, pieces, bool(layout.is_by_year(out)) if by_year is None else by_year)


def _piece(report: Report, own: dict[str, bytes], schemas: Schemas) -> PackedDocument:
    """A report as it is handed over to be written, made once for all tests that write the same one."""
    key = (id(report), id(schemas), hash(tuple(own.items())))
    if key not in _packed:
        _packed[key] = (report, schemas), PackedDocument(pack(Outcome(report, own), schemas, None))
    return _packed[key][1]


def table(out: Path, name: str) -> pa.Table:
    """A dataset, its documents in the order in which one file has them."""
    rows = opened(layout.files_of(out, name)).to_table()
    place = pa.array(range(len(rows)), pa.int64())
    keys = [("agency_name", "ascending"), ("fiscal_year", "ascending"), ("document_id", "ascending")]
    return rows.append_column("place", place).sort_by([*keys, ("place", "ascending")]).drop_columns(["place"])


def csv_files(out: Path, name: str) -> list[Path]:
    """The CSV files of a dataset."""
    whole = out / layout.whole_file(name, layout.CSV)
    return [whole] if whole.exists() else [*layout.bucket_files(out, name, layout.CSV).values()]


def files(out: Path) -> dict[str, str]:
    """Every file below a folder, by what it holds."""
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def command() -> list[str]:
    """The command in a process of its own, which keeps documents in buckets from the same number on as this one."""
    program = f"from extract.out import layout; layout.SINGLE = {layout.SINGLE}; from extract.cli import commands"
    return [sys.executable, "-c", f"{program}; commands.main()"]
