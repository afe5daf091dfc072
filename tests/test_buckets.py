"""Many documents stand in buckets: a run writes those that it concerns, and whoever reads finds the same."""

import json
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import duckdb
import pytest
import stored
from command import FAILING, GOOD, extract
from conftest import SAMPLES, Runner
from stored import files, table

import extract as python
from extract.errors import OutputError
from extract.model.report import Report
from extract.out import layout
from extract.out.layout import BUCKETS, CSV, FIRST, FOLDER, MANIFEST, Layout, bucket_files, bucket_of, layout_of
from extract.out.state import STATE, STATES
from extract.runs import output
from extract.runs.output import RUN_WORKBOOK
from extract.schemas.grammar import Schemas

Write = Callable[..., None]
AGENCIES = ("甲单位", "乙单位", "丙单位", "丁单位", None)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets how many documents stand in single files."""
    return lambda count: monkeypatch.setattr(layout, "SINGLE", count)


@pytest.fixture(scope="module")
def reports(slight_reports: dict[str, Report]) -> list[Report]:
    """Eight documents of some agencies, two years each."""
    ids = [sha256(str(number).encode()).hexdigest() for number in range(8)]
    return [
        replace(
            slight_reports["2025"],
            document_id=one[:16],
            sha256=one,
            source=f"{number}.pdf",
            agency_name=AGENCIES[number // 2],
            fiscal_year=2024 + number % 2,
        )
        for number, one in enumerate(ids)
    ]


@pytest.fixture
def write(schemas: Schemas) -> Write:
    """Writes reports whose documents have these files of their own."""
    return lambda out, reports, **own: stored.write(out, schemas, reports, **own)


def written(out: Path) -> dict[str, int]:
    """Every file below a folder, with what is another number once it has been replaced."""
    return {str(path.relative_to(out)): path.stat().st_ino for path in out.rglob("*") if path.is_file()}


def test_a_run_writes_the_buckets_of_its_documents_and_no_others(
    tmp_path: Path, few: Callable[[int], None], reports: list[Report], write: Write
) -> None:
    few(0)
    write(tmp_path, reports[:7])
    before = written(tmp_path)
    write(tmp_path, reports[7:])
    now = written(tmp_path)
    changed = {name for name in now if now[name] != before.get(name)}
    touched = bucket_of(reports[7].agency_name, reports[7].document_id)
    datasets = {name for name in changed if name.startswith((FOLDER, CSV))}
    assert f"parquet/facts/bucket={touched}.parquet" in datasets
    assert all(f"bucket={touched}." in name for name in datasets)
    assert before.keys() <= now.keys()


@pytest.mark.parametrize(("first", "then"), [(8, 3), (3, 8)])
def test_where_the_number_of_documents_crosses_the_bound_one_run_changes_the_form(
    tmp_path: Path, few: Callable[[int], None], reports: list[Report], write: Write, first: int, then: int
) -> None:
    few(first)
    write(tmp_path / "out", reports[:5], review=b'<a href="../csv/facts.csv">')
    few(then)
    write(tmp_path / "out", reports[5:], review=b'<a href="../csv/facts.csv">')
    write(tmp_path / "at once", reports, review=b'<a href="../csv/facts.csv">')
    assert files(tmp_path / "out") == files(tmp_path / "at once")
    assert layout_of(tmp_path / "out") is (Layout.WHOLE if then == 8 else Layout.BUCKETS)
    assert (tmp_path / "out" / STATES).exists() is (then < 8)
    assert (tmp_path / "out" / STATE).exists() is (then == 8)
    empty = [path for path in (tmp_path / "out").rglob("*") if path.is_dir() and not any(path.iterdir())]
    assert {path.name for path in empty} <= {"xlsx"}


def test_of_many_documents_no_workbook_of_all_is_left_and_the_run_says_how_to_get_it(
    tmp_path: Path, few: Callable[[int], None]
) -> None:
    few(2)
    out = tmp_path / "out"
    assert b"extract export" not in extract(*map(str, SAMPLES[:2]), "-o", str(out), "--no-review").stderr
    assert (out / RUN_WORKBOOK).exists()
    told = extract(*map(str, SAMPLES), "-o", str(out), "--no-review").stderr
    assert len(told.splitlines()) == 1
    assert f"extract export {out}".encode() in told
    assert sorted(path.name for path in (out / "xlsx").iterdir()) == sorted(f"{path.stem}.xlsx" for path in SAMPLES)


def test_an_export_is_what_a_run_would_have_written_as_single_files(
    tmp_path: Path, few: Callable[[int], None], run: Runner
) -> None:
    run(tmp_path / "few", *SAMPLES, files=("xlsx",))
    few(0)
    run(tmp_path / "many", *SAMPLES, files=("xlsx",))
    for _ in range(2):
        done = extract("export", str(tmp_path / "many"), "-o", str(tmp_path / "export"))
        assert (done.returncode, done.stderr) == (0, b"")
    exported, whole = files(tmp_path / "export"), files(tmp_path / "few")
    own = {STATE, *(f"xlsx/{path.stem}.xlsx" for path in SAMPLES)}
    assert {name: held for name, held in whole.items() if name not in own} == exported
    assert extract("sql", str(tmp_path / "export"), "select count(*) from documents").returncode == 0


def test_an_export_goes_into_no_output_folder(tmp_path: Path, few: Callable[[int], None], run: Runner) -> None:
    few(0)
    run(tmp_path / "out", SAMPLES[0])
    before = files(tmp_path / "out")
    assert extract("export", str(tmp_path / "out"), "-o", str(tmp_path / "out")).returncode == OutputError.exit_code
    assert extract("export", str(tmp_path / "none"), "-o", str(tmp_path / "new")).returncode != 0
    assert files(tmp_path / "out") == before
    assert not (tmp_path / "new").exists()


def test_questions_have_the_same_answers(tmp_path: Path, few: Callable[[int], None], run: Runner) -> None:
    places = [tmp_path / "few", tmp_path / "many"]
    for place, count in zip(places, (layout.SINGLE, 0), strict=True):
        few(count)
        run(place, *SAMPLES)
    total = "select document_id, sum(amount) s, count(*) n from numbers group by all order by all"
    for question in (("sql", total), ("coverage",), ("ledger",), ("status", "--json")):
        told = []
        for place in places:
            said = extract(question[0], str(place), *question[1:]).stdout
            told.append(sorted(said.replace(str(place).encode(), b"").splitlines()))
        assert told[0] == told[1] != [], question
    assert extract("diff", *map(str, places)).stdout == extract("diff", str(places[0]), str(places[0])).stdout
    assert len(python.open_folder(places[1]).documents) == len(SAMPLES)


def test_others_read_a_dataset_as_a_folder_of_files(
    tmp_path: Path, few: Callable[[int], None], schemas: Schemas, reports: list[Report], write: Write
) -> None:
    write(tmp_path / "few", reports)
    few(0)
    write(tmp_path / "many", reports)
    for name in schemas.datasets:
        one, many = (
            duckdb.execute(f"select * from read_parquet('{path}') order by all").fetchall()
            for path in (tmp_path / "few/parquet" / f"{name}.parquet", tmp_path / "many/parquet" / name / "*.parquet")
        )
        assert one == many, name


def test_the_links_of_review_pages_lead_to_files_that_are_there(
    tmp_path: Path, few: Callable[[int], None], run: Runner
) -> None:
    few(2)
    run(tmp_path, *SAMPLES[:2], files=("review",))
    run(tmp_path, SAMPLES[2], files=("review",))
    for page in (tmp_path / "review").iterdir():
        to_files = re.findall(r'href="(\.\./[^"#]+|[^"#:]+\.html)', page.read_text(encoding="utf-8"))
        missing = [name for name in to_files if not (page.parent / unquote(name)).exists()]
        assert [name for name in missing if not name.startswith("../annotated/")] == [], page.name
    assert "bucket=" in (tmp_path / "review" / f"{SAMPLES[0].stem}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("gone", ["csv/facts", STATES, MANIFEST])
def test_what_somebody_deleted_is_made_again(
    tmp_path: Path, few: Callable[[int], None], run: Runner, gone: str
) -> None:
    few(0)
    run(tmp_path, *SAMPLES)
    before = files(tmp_path)
    path = tmp_path / gone
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    run(tmp_path, *SAMPLES)
    assert files(tmp_path) == before


@pytest.mark.parametrize("change", ["of another time", "of other columns", "cut off", "untrue"])
def test_a_manifest_that_does_not_fit_is_not_believed(
    tmp_path: Path, few: Callable[[int], None], reports: list[Report], write: Write, change: str
) -> None:
    few(0)
    write(tmp_path / "whole", reports[:5])
    out = tmp_path / "out"
    write(out, reports[:2])
    old = (out / MANIFEST).read_text()
    write(out, reports[2:4])
    head, *lines = (out / MANIFEST).read_text().splitlines()
    (out / MANIFEST).write_text(
        {
            "of another time": old,
            "of other columns": "\n".join([json.dumps(json.loads(head) | {"columns": "0"}), *lines]),
            "cut off": "\n".join([head, *lines])[:-20],
            "untrue": "\n".join([head, *lines[1:]]),
        }[change]
    )
    write(out, reports[4:5])
    assert files(out) == files(tmp_path / "whole")


def swapped(out: Path, names: Iterable[str]) -> None:
    """Exchanges two buckets of these datasets, so that rows stand where they do not belong."""
    for name, folder in product(names, (FOLDER, CSV)):
        one, other = [path for bucket, path in bucket_files(out, name, folder).items() if bucket != FIRST][:2]
        content = one.read_bytes()
        one.write_bytes(other.read_bytes())
        other.write_bytes(content)


def test_rows_that_stand_in_another_bucket_are_not_lost(
    tmp_path: Path, few: Callable[[int], None], reports: list[Report], write: Write
) -> None:
    few(0)
    write(tmp_path / "whole", reports)
    write(tmp_path / "out", reports[:7])
    filled = ("documents", "facts", "checks", "revenue", "tables", "statements")
    swapped(tmp_path / "out", filled)
    write(tmp_path / "out", reports[7:])
    assert table(tmp_path / "out", "facts").equals(table(tmp_path / "whole", "facts"))
    swapped(tmp_path / "out", ["facts"])
    before = files(tmp_path / "out")
    with pytest.raises(OutputError, match="other documents"):
        write(tmp_path / "out", reports)
    assert files(tmp_path / "out") == before


@pytest.mark.parametrize(
    ("changed", "value"),
    [
        ("columns", None),
        ("schemas", ["../../x"]),
        ("digests", {"../../beside/mine": "0"}),
        ("datasets", {"../../beside/mine": ["facts"]}),
        ("datasets", {"00": ["../../beside/mine"]}),
        ("datasets", []),
        (0, "../../beside/mine"),
        (1, 3),
        (4, "../../beside/mine"),
        (5, "../../beside/mine"),
        (7, ["../../beside"]),
    ],
)
def test_whatever_stands_in_a_manifest_nothing_beside_out_is_touched(
    tmp_path: Path, few: Callable[[int], None], reports: list[Report], write: Write, changed: str | int, value: Any
) -> None:
    few(0)
    out, beside = tmp_path / "out", tmp_path / "beside"
    beside.mkdir()
    (beside / "mine").write_text("mine")
    write(out, reports[:1])
    head, line = (out / MANIFEST).read_text().splitlines()
    told, document = json.loads(head), json.loads(line)
    if isinstance(changed, str):
        told[changed] = value
    else:
        document[changed] = value
    (out / MANIFEST).write_text(f"{json.dumps(told)}\n{json.dumps(document)}\n")
    write(out, reports[1:2])
    assert files(beside) == {"mine": sha256(b"mine").hexdigest()}
    assert {path.name for path in tmp_path.iterdir()} == {"out", "beside"}
    assert len(table(out, "documents")) == 2


def test_a_run_that_fails_while_writing_leaves_all_buckets_as_they_were(
    tmp_path: Path, few: Callable[[int], None], reports: list[Report], write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    few(0)
    write(tmp_path, reports[:6])
    before = written(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(output, "write_manifest", full)
    with pytest.raises(OutputError, match="space"):
        write(tmp_path, reports[6:])
    assert written(tmp_path) == before


def test_a_bucket_that_loses_its_last_document_leaves_no_file(
    tmp_path: Path, few: Callable[[int], None], reports: list[Report], write: Write
) -> None:
    few(0)
    write(tmp_path / "out", reports)
    renamed = [replace(report, agency_name="戊单位") for report in reports]
    write(tmp_path / "out", renamed)
    write(tmp_path / "whole", renamed)
    assert files(tmp_path / "out") == files(tmp_path / "whole")
    assert len(bucket_files(tmp_path / "out", "documents")) == 2  # the first one is always there


def test_documents_of_earlier_versions_in_single_files_are_taken_over(
    tmp_path: Path, few: Callable[[int], None], reports: list[Report], write: Write
) -> None:
    few(BUCKETS)
    write(tmp_path, reports)
    few(3)
    write(tmp_path, reports[:1])
    assert layout_of(tmp_path) is Layout.BUCKETS
    assert set(table(tmp_path, "documents")["document_id"].to_pylist()) == {one.document_id for one in reports}
    assert not list((tmp_path / FOLDER).glob("*.parquet"))
    assert not list((tmp_path / CSV).glob("*.csv"))


def test_only_new_documents_are_read(tmp_path: Path, few: Callable[[int], None], run: Runner) -> None:
    few(0)
    counted: list[int] = []
    run(tmp_path, Path(GOOD), Path(FAILING), progress=lambda count, _total: counted.append(count))
    assert max(counted) == 2
    counted.clear()
    summaries = run(tmp_path, *SAMPLES, progress=lambda count, _total: counted.append(count))
    assert max(counted) == len(SAMPLES) - 2
    assert {one["status"] for one in summaries} == {"verified", "failed"}
