"""Where the datasets of out/ stand. A few documents: each dataset one file. More: a folder with a file for every bucket
of documents, so that a run writes only the buckets that it concerns. If it is asked for: a folder with a Parquet file
for every budget year (Hive's layout).
"""

import hashlib
import os
from collections.abc import Collection, Iterable
from contextlib import suppress
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from extract.text import compared

FOLDER, CSV = "parquet", "csv"
SINGLE = 100  # documents at most that stand together in one file a dataset
BUCKETS = 64  # with some twenty documents each, a thousand documents cost a run what thirty in one file do
MANIFEST = ".extract-manifest.json"
FIRST = "00"  # the bucket that has a file for every dataset, so that each is there with its columns
PART = "part-0.parquet"  # what one year's file is called
YEAR = "fiscal_year"
NO_YEAR = "__HIVE_DEFAULT_PARTITION__"  # what DuckDB, Spark and Arrow read as null


class Layout(StrEnum):
    """How the datasets of an output folder stand."""

    WHOLE = "whole"
    BUCKETS = "buckets"
    YEARS = "years"


def layout_for(documents: int, by_year: bool) -> Layout:
    """How so many documents are kept."""
    if by_year:
        return Layout.YEARS
    return Layout.WHOLE if documents <= SINGLE else Layout.BUCKETS


def layout_of(out: Path) -> Layout | None:
    """How the datasets of out/ stand; None if there are none."""
    if (out / whole_file("documents")).is_file():
        return Layout.WHOLE
    if bucket_files(out, "documents"):
        return Layout.BUCKETS
    return Layout.YEARS if files_of_years(out, "documents") else None


def is_by_year(out: Path) -> bool | None:
    """Whether the datasets of out/ have a file for every year; None if there are no datasets."""
    layout = layout_of(out)
    return None if layout is None else layout is Layout.YEARS


@lru_cache(maxsize=1 << 16)
def bucket_of(agency: str | None, document: str) -> str:
    """The bucket of a document: that of its agency, whose years stand together, or its own if it names none."""
    key = compared(agency) if agency else document
    return f"{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).digest()[0] % BUCKETS:02x}"


@lru_cache(maxsize=1)
def buckets() -> tuple[str, ...]:
    """All buckets that there may be."""
    return tuple(f"{number:02x}" for number in range(BUCKETS))


def whole_file(name: str, folder: str = FOLDER) -> str:
    """Where a dataset stands in out/ if it is one file."""
    return f"{folder}/{name}.{folder}"


def bucket_file(name: str, bucket: str, folder: str = FOLDER) -> str:
    """Where one bucket of a dataset stands in out/."""
    return f"{folder}/{name}/bucket={bucket}.{folder}"


def bucket_files(out: Path, name: str, folder: str = FOLDER) -> dict[str, Path]:
    """The files of a dataset by bucket, in the order of buckets. Nothing else in their folder counts."""
    own = out / folder / name
    there = _listed(own)
    named = {f"bucket={bucket}.{folder}": bucket for bucket in buckets()} if there else {}
    return {bucket: own / file for file, bucket in named.items() if file in there}


def files_of(out: Path, name: str, only: Collection[str] | None = None) -> list[Path]:
    """The files of a dataset: one, one a bucket, one a year, or none if it is not there; with `only` no others of
    several buckets.
    """
    whole = out / whole_file(name)
    if whole.is_file():
        return [whole]
    split = bucket_files(out, name)
    return (
        [file for bucket, file in split.items() if only is None or bucket in only]
        if split
        else (files_of_years(out, name))
    )


def files_of_years(out: Path, name: str) -> list[Path]:
    """The files of a dataset that has one for every year."""
    return sorted((out / FOLDER / name).glob(f"{YEAR}=*/{PART}"))


def all_files(out: Path, names: Iterable[str]) -> set[str]:
    """Every file of these datasets that runs may have written, in whichever form, by its name in out/."""
    found = set()
    for folder in (FOLDER, CSV):
        there = _listed(out / folder)
        for name in names:
            whole = whole_file(name, folder)
            if f"{name}.{folder}" in there and (out / whole).is_file():
                found.add(whole)
            if name in there:
                split = [*bucket_files(out, name, folder).values(), *files_of_years(out, name)]
                found |= {file.relative_to(out).as_posix() for file in split}
    return found


def _listed(folder: Path) -> set[str]:
    try:
        return {*os.listdir(folder)}
    except (FileNotFoundError, NotADirectoryError):
        return set()


def remove_empty_folders(file: Path) -> None:
    """The folders that a file of one bucket or one year has left empty."""
    above = {YEAR: 2, "bucket": 1}
    named = file.parent.name if file.name == PART else file.name
    for folder in list(file.parents)[: above.get(named.partition("=")[0], 0)]:
        with suppress(OSError):  # others stand in it
            folder.rmdir()
