"""What stands in an output folder, in whichever layout."""

import hashlib
import sys
from pathlib import Path

import pyarrow as pa

from extract.out import layout
from extract.out.parquet import opened


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
