"""Where the Parquet files of out/ stand: each dataset one file, or a folder with a file for every budget year (Hive's
layout).
"""

from contextlib import suppress
from pathlib import Path

FOLDER = "parquet"
PART = "part-0.parquet"  # what one year's file is called
YEAR = "fiscal_year"
NO_YEAR = "__HIVE_DEFAULT_PARTITION__"  # what DuckDB, Spark and Arrow read as null


def whole_file(name: str) -> str:
    """Where a dataset stands in out/ if it is one file."""
    return f"{FOLDER}/{name}.parquet"


def files_of(out: Path, name: str) -> list[Path]:
    """The files of a dataset: one, one a year, or none if it is not there."""
    return [file for file in (out / whole_file(name),) if file.is_file()] or files_of_years(out, name)


def files_of_years(out: Path, name: str) -> list[Path]:
    return sorted((out / FOLDER / name).glob(f"{YEAR}=*/{PART}"))


def is_by_year(out: Path) -> bool | None:
    """Whether the datasets of out/ have a file for every year; None if there are no datasets."""
    files = files_of(out, "documents")
    return files != [out / whole_file("documents")] if files else None


def remove_empty_years(file: Path) -> None:
    """The folders that a file of one year has left empty."""
    if file.parent.name.startswith(f"{YEAR}="):
        for folder in (file.parent, file.parent.parent):
            with suppress(OSError):  # others stand in it
                folder.rmdir()
