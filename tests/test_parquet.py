"""The datasets as files: written a part at a time, one file a dataset or one for every year, whatever came in which
run.
"""

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import cache
from hashlib import sha256
from itertools import product
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import SAMPLES
from engine import same_thread
from hypothesis import given
from hypothesis import strategies as st
from stored import files, write

import extract
from extract.errors import OutputError
from extract.model.report import Report
from extract.out import datasets, layout, parquet
from extract.out.parquet import DatasetFile, Stored
from extract.reading.base import reader
from extract.runs.batch import Batch
from extract.runs.jobs import Recipe
from extract.runs.sources import identified
from extract.schemas.grammar import Schemas

Renamed = Callable[[int], list[Report]]
SHAPES = list(product(("甲单位", "乙单位", None), (2024, 2026, None)))


@pytest.fixture(scope="module")
def renamed(slight_reports: dict[str, Report]) -> Renamed:
    """So many documents of a few agencies and years, some without either."""

    @cache
    def make(count: int) -> list[Report]:
        report = slight_reports["2025"]
        ids = (sha256(str(number).encode()).hexdigest() for number in range(count))
        named = ((one, *SHAPES[number % len(SHAPES)]) for number, one in enumerate(ids))
        return [
            replace(report, document_id=one[:16], sha256=one, source=f"{one}.pdf", agency_name=agency, fiscal_year=year)
            for one, agency, year in named
        ]

    return make


@pytest.mark.parametrize(("by_year", "single"), [(False, layout.SINGLE), (False, 5), (True, 0)])
def test_many_runs_end_as_one_does_however_much_is_written_at_once(
    tmp_path: Path, schemas: Schemas, renamed: Renamed, monkeypatch: pytest.MonkeyPatch, by_year: bool, single: int
) -> None:
    monkeypatch.setattr(layout, "SINGLE", single)
    monkeypatch.setattr(datasets, "TOGETHER", 4)
    monkeypatch.setattr(datasets, "TOGETHER_CHECKED", 4 + 1)
    monkeypatch.setattr(parquet, "ROW_GROUP", 500)
    reports = renamed(20)
    write(tmp_path / "one", schemas, reports, by_year)
    for part in (reports[13:], reports[:3], reports[3:13]):
        write(tmp_path / "many", schemas, part, by_year)
    assert files(tmp_path / "one") == files(tmp_path / "many")
    assert layout.layout_of(tmp_path / "one") is layout.layout_for(20, by_year)
    if not by_year and single >= 20:
        metadata = pq.read_metadata(tmp_path / "one" / "parquet" / "facts.parquet")
        sizes = [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]
        assert len(sizes) > 3
        assert min(sizes[:-1]) >= 500


class TestByYear:
    @pytest.fixture
    def both(self, tmp_path: Path, schemas: Schemas, renamed: Renamed) -> tuple[Path, Path]:
        """The same documents with a file a dataset, and with a file a year."""
        for by_year in (False, True):
            write(tmp_path / str(by_year), schemas, renamed(9), by_year)
        return tmp_path / "False", tmp_path / "True"

    def test_every_year_has_a_file_of_its_own(self, both: tuple[Path, Path]) -> None:
        folder = both[1] / "parquet" / "facts"
        names = [path.name for path in sorted(folder.iterdir())]
        assert names == ["fiscal_year=2024", "fiscal_year=2026", "fiscal_year=__HIVE_DEFAULT_PARTITION__"]
        assert not (both[1] / "parquet" / "facts.parquet").exists()
        assert {name: files(both[1])[name] for name in files(both[1]) if "csv" in name} == {
            name: files(both[0])[name] for name in files(both[0]) if "csv" in name
        }

    def test_others_read_the_same_rows(self, both: tuple[Path, Path], schemas: Schemas) -> None:
        for name, dataset in schemas.datasets.items():
            whole = both[0] / "parquet" / f"{name}.parquet"
            folder = both[1] / "parquet" / name
            split = folder / "*" / "*.parquet" if folder.is_dir() else folder.with_suffix(".parquet")
            columns = ", ".join(f'"{column}"' for column in dataset.columns)
            one, other = (
                duckdb.execute(
                    f"select {columns} from read_parquet('{path}', hive_partitioning=true) order by all"
                ).fetchall()
                for path in (whole, split)
            )
            assert one == other, name

    def test_the_python_interface_opens_it_in_the_same_columns(self, both: tuple[Path, Path]) -> None:
        one, other = map(extract.open_folder, both)
        assert one.datasets == other.datasets
        for name in one.datasets:
            assert one.arrow(name).schema.equals(other.arrow(name).schema), name
            assert len(one.arrow(name)) == len(other.arrow(name))

    def test_back_to_one_file_nothing_is_left_of_the_years(self, both: tuple[Path, Path], schemas: Schemas) -> None:
        write(both[1], schemas, [], by_year=False)
        assert files(both[0]) == files(both[1])
        assert [path.name for path in (both[1] / "parquet").iterdir() if path.is_dir()] == []

    def test_a_year_that_is_gone_leaves_no_folder(self, tmp_path: Path, schemas: Schemas, renamed: Renamed) -> None:
        first, *_ = renamed(9)
        write(tmp_path, schemas, [first], by_year=True)
        moved = replace(first, fiscal_year=2030)
        write(tmp_path, schemas, [moved], by_year=True)
        assert [path.name for path in (tmp_path / "parquet" / "facts").iterdir()] == ["fiscal_year=2030"]

    def test_a_copy_beside_the_file_of_a_year_is_neither_read_nor_removed(
        self, tmp_path: Path, schemas: Schemas, renamed: Renamed
    ) -> None:
        first, second, *_ = renamed(9)
        write(tmp_path, schemas, [first], by_year=True)
        [part] = (tmp_path / "parquet" / "documents").glob("*/*.parquet")
        copied = part.with_name("part-0 (copy).parquet")
        copied.write_bytes(part.read_bytes())
        write(tmp_path, schemas, [second], by_year=True)
        assert len(extract.open_folder(tmp_path).arrow("documents")) == 2
        assert copied.exists()

    def test_a_folder_that_names_no_year_is_told(self, tmp_path: Path, schemas: Schemas, renamed: Renamed) -> None:
        first, second, *_ = renamed(9)
        write(tmp_path, schemas, [first], by_year=True)
        [year] = (tmp_path / "parquet" / "documents").iterdir()
        year.rename(year.with_name("fiscal_year=backup"))
        with pytest.raises(OutputError, match="backup"):
            write(tmp_path, schemas, [second], by_year=True)

    def test_of_both_forms_side_by_side_one_is_left(
        self, both: tuple[Path, Path], tmp_path: Path, schemas: Schemas
    ) -> None:
        shutil.copytree(both[0], tmp_path / "mixed")
        shutil.copytree(both[1] / "parquet", tmp_path / "mixed" / "parquet", dirs_exist_ok=True)
        write(tmp_path / "mixed", schemas, [], by_year=False)
        assert files(tmp_path / "mixed") == files(both[0])

    def test_a_run_keeps_the_form_that_out_has_and_changes_it_if_asked(self, tmp_path: Path, schemas: Schemas) -> None:
        def run(paths: list[Path], by_year: bool | None) -> set[str]:
            batch = Batch(tmp_path, Recipe(reader("pdfium"), schemas, ()), same_thread, "", by_year=by_year)
            batch.run(identified(map(str, paths), {})[0], lambda _count, _total: None)
            return {path.name for path in (tmp_path / "parquet").iterdir() if path.name.startswith("documents")}

        assert run(SAMPLES[:1], True) == {"documents"}
        assert run(SAMPLES[:2], None) == {"documents"}
        assert run(SAMPLES[:2], False) == {"documents.parquet"}
        assert run(SAMPLES, None) == {"documents.parquet"}
        assert run(SAMPLES, True) == {"documents"}


def test_documents_of_other_agencies_are_not_read(
    tmp_path: Path, schemas: Schemas, renamed: Renamed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "ROW_GROUP", 500)
    monkeypatch.setattr(datasets, "TOGETHER", 2)
    monkeypatch.setattr(datasets, "TOGETHER_CHECKED", 2 + 1)
    reports = renamed(9)
    write(tmp_path, schemas, reports)
    chosen = [report for report in reports if report.agency_name == "甲单位"][:2]
    found = Stored(tmp_path, schemas).of_documents("facts", [one.document_id for one in chosen], ["甲单位"])
    assert set(found["document_id"].to_pylist()) == {one.document_id for one in chosen}
    assert len(found) == 2 * len(list(reports[0].facts()))


def test_rows_that_somebody_has_put_in_another_order_are_not_lost_but_told(
    tmp_path: Path, schemas: Schemas, renamed: Renamed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datasets, "TOGETHER", 2)
    monkeypatch.setattr(datasets, "TOGETHER_CHECKED", 2 + 1)
    first, *others = renamed(6)
    write(tmp_path, schemas, others)
    path = tmp_path / "parquet" / "facts.parquet"
    table = pq.read_table(path)
    pq.write_table(table.take(pa.array(range(len(table) - 1, -1, -1))), path)
    before = files(tmp_path)
    with pytest.raises(OutputError, match="facts"):
        write(tmp_path, schemas, [first])
    assert files(tmp_path) == before


@given(parts=st.lists(st.integers(0, 40), max_size=12), size=st.integers(1, 60))
def test_parts_of_any_size_are_read_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, parts: list[int], size: int
) -> None:
    path = tmp_path_factory.mktemp("file") / "some.parquet"
    rows = pa.table({"number": pa.array(range(sum(parts)), pa.int64())})
    with pytest.MonkeyPatch.context() as patch, closing(DatasetFile(path, rows.schema)) as file:
        patch.setattr(parquet, "ROW_GROUP", size)
        start = 0
        for count in parts:
            file.write(rows.slice(start, count))
            start += count
    assert pq.read_table(path).equals(rows)


def test_a_folder_with_years_is_added_to(tmp_path: Path, schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    write(tmp_path, schemas, list(sample_reports.values())[:2], by_year=True)
    write(tmp_path, schemas, [sample_reports["2026"]])
    assert [path.name for path in sorted((tmp_path / "parquet" / "documents").iterdir())] == [
        f"fiscal_year={year}" for year in (2024, 2025, 2026)
    ]


def test_what_another_version_wrote_with_other_columns_is_told_for_what_it_is(
    tmp_path: Path, schemas: Schemas, renamed: Renamed
) -> None:
    first, other = renamed(2)
    write(tmp_path, schemas, [first])
    path = tmp_path / "parquet" / "revenue.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["current_year"]), path)
    before = files(tmp_path)
    with pytest.raises(OutputError) as told:
        write(tmp_path, schemas, [other])
    assert told.value.key == "output_other_columns"
    assert files(tmp_path) == before
