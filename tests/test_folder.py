"""out/: what a run adds, replaces and leaves, and that it is replaced as a whole."""

import json
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from command import extract
from conftest import SAMPLES
from stored import command, csv_files, files, table, write

from extract.errors import OutputError
from extract.model.report import Report
from extract.out import buckets as folder
from extract.out import replace as replacement
from extract.out.arrow import arrow_schema
from extract.out.layout import files_of
from extract.out.parquet import opened
from extract.out.replace import MARKER, STAGING, check_writable, finish
from extract.out.state import read_state
from extract.runs.interrupted import FOLDER as JOURNAL
from extract.runs.output import current_summaries
from extract.schemas.grammar import Schemas

in_either_layout = pytest.mark.usefixtures("either_layout")


def ids(out: Path) -> list[str]:
    return list(map(str, table(out, "documents")["document_id"].to_pylist()))


def plain(value: object) -> object:
    """A cell of a CSV file without the apostrophe that keeps a spreadsheet from reshaping it."""
    return value.removeprefix("'") if isinstance(value, str) else value


@pytest.fixture
def reports(slight_reports: dict[str, Report]) -> list[Report]:
    return [slight_reports[year] for year in ("2024", "2025", "2026")]


def test_every_declared_dataset_is_written_in_its_columns_and_types(
    tmp_path: Path, schemas: Schemas, reports: list[Report]
) -> None:
    write(tmp_path, schemas, reports)
    for name, dataset in schemas.datasets.items():
        assert all(pq.read_schema(path).equals(arrow_schema(dataset)) for path in files_of(tmp_path, name))
        assert len(files_of(tmp_path, name)) == len(csv_files(tmp_path, name)) > 0
        assert all(path.read_bytes().startswith(b"\xef\xbb\xbf") for path in csv_files(tmp_path, name))


@in_either_layout
def test_csv_holds_what_parquet_holds(tmp_path: Path, schemas: Schemas, sample_reports: dict[str, Report]) -> None:
    write(tmp_path, schemas, [*sample_reports.values()])
    guarded = []
    for name, dataset in schemas.datasets.items():
        options = pa_csv.ConvertOptions(
            column_types=arrow_schema(dataset), strings_can_be_null=True, quoted_strings_can_be_null=False
        )
        parsed = pa_csv.ParseOptions(newlines_in_values=True)
        parts = [
            pa_csv.read_csv(path, convert_options=options, parse_options=parsed) for path in csv_files(tmp_path, name)
        ]
        text = pa.concat_tables(parts)
        rows = [{column: plain(value) for column, value in row.items()} for row in text.to_pylist()]
        assert rows == opened(files_of(tmp_path, name)).to_table().to_pylist(), name
        guarded += [value for row in text.to_pylist() for value in row.values() if value != plain(value)]
    assert "'=100%" in guarded


def test_amounts_in_csv_have_two_decimals_or_as_many_as_they_need(
    tmp_path: Path, schemas: Schemas, reports: list[Report]
) -> None:
    report = reports[0]
    row = report.rows["revenue"][0]
    typed = {"total": Decimal("3.5"), "general_public": Decimal("0.123400"), "other_revenue": Decimal(7)}
    odd = replace(report, rows={"revenue": (row._replace(values={**row.values, **typed}),)})
    write(tmp_path, schemas, [odd])
    lines = csv_files(tmp_path, "revenue")[-1].read_text(encoding="utf-8-sig").splitlines()
    cells = dict(zip(lines[0].replace('"', "").split(","), lines[1].replace('"', "").split(","), strict=True))
    assert (cells["total"], cells["general_public"], cells["other_revenue"], cells["state_capital"]) == (
        "3.50",
        "0.1234",
        "7.00",
        "",
    )


def test_running_again_changes_nothing(tmp_path: Path, schemas: Schemas, reports: list[Report]) -> None:
    write(tmp_path, schemas, reports)
    before = files(tmp_path)
    write(tmp_path, schemas, reports[1:2])
    assert files(tmp_path) == before


@in_either_layout
def test_the_order_of_runs_does_not_matter(tmp_path: Path, schemas: Schemas, reports: list[Report]) -> None:
    write(tmp_path / "one", schemas, reports)
    for report in reversed(reports):
        write(tmp_path / "other", schemas, [report])
    assert files(tmp_path / "one") == files(tmp_path / "other")


@in_either_layout
def test_a_document_whose_content_changed_replaces_its_own_rows_only(
    tmp_path: Path, schemas: Schemas, reports: list[Report]
) -> None:
    write(tmp_path, schemas, reports)
    changed = replace(reports[0], document_id="0" * 16, sha256="0" * 64)
    write(tmp_path, schemas, [changed])
    assert sorted(ids(tmp_path)) == sorted(["0" * 16, reports[1].document_id, reports[2].document_id])
    kept = table(tmp_path, "revenue")["document_id"].to_pylist()
    assert set(kept) == set(ids(tmp_path))


def test_a_document_that_could_not_be_read_gives_way_to_what_is_then_read(
    tmp_path: Path, schemas: Schemas, reports: list[Report]
) -> None:
    lost = replace(
        reports[0], document_id="0" * 16, sha256="0" * 64, agency_name=None, fiscal_year=None, status="unreadable"
    )
    write(tmp_path, schemas, [lost, replace(lost, document_id="1" * 16, source="another.pdf")])
    write(tmp_path, schemas, reports[:1])
    assert sorted(ids(tmp_path)) == sorted(["1" * 16, reports[0].document_id])


def test_two_documents_from_standard_input_are_both_kept(
    tmp_path: Path, schemas: Schemas, reports: list[Report]
) -> None:
    for report in reports[:2]:
        write(tmp_path, schemas, [replace(report, source="-")])
    assert len(ids(tmp_path)) == 2


@in_either_layout
def test_rows_are_ordered_by_document_then_as_printed(tmp_path: Path, schemas: Schemas, reports: list[Report]) -> None:
    write(tmp_path, schemas, reports)
    rows = table(tmp_path, "revenue").to_pylist()
    assert [(row["fiscal_year"], row["row"]) for row in rows] == sorted(
        (row["fiscal_year"], row["row"]) for row in rows
    )


@in_either_layout
def test_a_run_that_fails_while_writing_leaves_what_was_there(
    tmp_path: Path, schemas: Schemas, reports: list[Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, schemas, reports[:1])
    before = files(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder, "write_datapackage", full)
    with pytest.raises(OutputError, match="No space left"):
        write(tmp_path, schemas, reports)
    assert files(tmp_path) == before


@in_either_layout
def test_a_replacement_that_was_decided_on_is_completed_and_one_that_was_not_is_dropped(
    tmp_path: Path, schemas: Schemas, reports: list[Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "whole", schemas, reports)
    write(tmp_path / "out", schemas, reports[:1])
    old = files(tmp_path / "out")
    (tmp_path / "out" / STAGING / "csv").mkdir(parents=True)
    (tmp_path / "out" / STAGING / "csv" / "revenue.csv").write_text("half a fi")
    finish(tmp_path / "out")
    assert files(tmp_path / "out") == old

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(replacement, "_move", killed)
        with pytest.raises(KeyboardInterrupt):
            write(tmp_path / "out", schemas, reports)
    assert (tmp_path / "out" / STAGING / MARKER).exists()
    finish(tmp_path / "out")
    assert files(tmp_path / "out") == files(tmp_path / "whole")


def stands(out: Path, pattern: str) -> bool:
    """Whether there is such a file; folders may go while they are searched."""
    with suppress(FileNotFoundError):
        return any(out.glob(pattern))
    return False


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@in_either_layout
def test_a_killed_run_leaves_an_out_that_the_next_run_makes_whole(
    tmp_path: Path, schemas: Schemas, reports: list[Report]
) -> None:
    whole_run = (str(SAMPLES[0]), str(SAMPLES[2]), "--no-review", "--no-workbooks", "-o")
    extract(*whole_run, str(tmp_path / "whole"))
    out = tmp_path / "out"
    for sign in (f"{JOURNAL}/*.piece", f"{STAGING}/parquet/facts*", f"{STAGING}/csv/checks*"):
        process = subprocess.Popen(
            [*command(), *whole_run, str(out)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while process.poll() is None and not stands(out, sign):
            time.sleep(0.002)
        process.kill()
        assert process.wait() == -signal.SIGKILL
    assert extract(*whole_run, str(out)).returncode == 0
    assert files(out) == files(tmp_path / "whole")


@pytest.mark.parametrize("name", ["../victim.txt", "/{victim}", "csv/../../victim.txt", "link/victim.txt"])
def test_a_prepared_marker_deletes_nothing_outside_of_out(tmp_path: Path, name: str) -> None:
    victim, out = tmp_path / "victim.txt", tmp_path / "out"
    victim.write_text("mine")
    (out / STAGING / "csv").mkdir(parents=True)
    (out / STAGING / "csv" / "new.csv").write_text("new")
    (out / "link").symlink_to(tmp_path)
    told = [STAGING, ["csv/new.csv"], [name.format(victim=victim)]]
    (out / STAGING / MARKER).write_text(json.dumps(told))
    if name.startswith("link"):  # what a link in out/ leads to is not ours
        finish(out)
    else:
        with pytest.raises(OutputError, match="victim"):
            finish(out)
        assert not (out / "csv").exists()
    assert victim.read_text() == "mine"


@pytest.mark.parametrize("told", ["{}", "no JSON", "[1]", "[1, [], []]", '["a", ["b"], 3]'])
def test_a_marker_that_no_run_has_written_is_told(tmp_path: Path, told: str) -> None:
    (tmp_path / STAGING).mkdir()
    (tmp_path / STAGING / MARKER).write_text(told)
    with pytest.raises(OutputError):
        finish(tmp_path)


def test_a_folder_of_somebody_else_is_not_touched(tmp_path: Path, schemas: Schemas, reports: list[Report]) -> None:
    (tmp_path / "parquet").mkdir()
    (tmp_path / "parquet" / "documents.parquet").write_text("not Parquet")
    before = files(tmp_path)
    with pytest.raises(OutputError):
        write(tmp_path, schemas, reports)
    assert files(tmp_path) == before


@in_either_layout
def test_the_data_package_is_valid_and_its_files_are_as_it_says(
    tmp_path: Path, schemas: Schemas, reports: list[Report]
) -> None:
    frictionless = pytest.importorskip("frictionless")
    write(tmp_path, schemas, reports)
    result = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert result.valid, result.flatten(["name", "type", "message"])
    described = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert {resource["name"] for resource in described["resources"]} == set(schemas.datasets)
    assert all(field["description"] for resource in described["resources"] for field in resource["schema"]["fields"])


def test_the_same_path_for_another_year_is_another_document(
    tmp_path: Path, schemas: Schemas, reports: list[Report]
) -> None:
    for report in reports:
        write(tmp_path, schemas, [replace(report, source="report.pdf")])
    assert len(ids(tmp_path)) == 3


def test_a_document_that_can_no_longer_be_read_does_not_drop_what_was_read_before(
    tmp_path: Path, schemas: Schemas, reports: list[Report]
) -> None:
    write(tmp_path, schemas, reports[:1])
    broken = replace(
        reports[0],
        document_id="f" * 16,
        agency_name=None,
        fiscal_year=None,
        status="unreadable",
        rows={},
        tables=(),
        checks=(),
    )
    write(tmp_path, schemas, [broken])
    assert sorted(ids(tmp_path)) == sorted([reports[0].document_id, "f" * 16])


@pytest.mark.parametrize("name", ["parquet", "csv"])
def test_a_file_where_a_folder_of_ours_goes_is_told_and_nothing_is_changed(
    tmp_path: Path, schemas: Schemas, reports: list[Report], name: str
) -> None:
    (tmp_path / name).write_text("mine")
    before = files(tmp_path)
    with pytest.raises(OutputError):
        write(tmp_path, schemas, reports)
    assert files(tmp_path) == before


def test_data_of_somebody_else_are_told_before_any_work(
    tmp_path: Path, schemas: Schemas, reports: list[Report]
) -> None:
    (tmp_path / "datapackage.json").write_text('{"name": "mine"}')
    with pytest.raises(OutputError, match="datapackage"):
        check_writable(tmp_path)
    (tmp_path / "datapackage.json").unlink()
    (tmp_path / "notes.txt").write_text("mine")
    check_writable(tmp_path)
    write(tmp_path, schemas, reports[:1])
    check_writable(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_files_of_a_document_follow_it(tmp_path: Path, schemas: Schemas, reports: list[Report]) -> None:
    """Two documents of one file name keep apart, whatever the order of runs, and what a document no longer has goes."""
    one, other = replace(reports[0], source="a/report.pdf"), replace(reports[1], source="b/Report.pdf")
    write(tmp_path, schemas, [one], xlsx=b"one", review=b"one")
    assert {name for name in files(tmp_path) if "report" in name} == {"xlsx/report.xlsx", "review/report.html"}
    write(tmp_path, schemas, [other], xlsx=b"other")
    apart = {f"xlsx/report-{one.document_id[:8]}.xlsx": b"one", f"xlsx/Report-{other.document_id[:8]}.xlsx": b"other"}
    apart |= {f"review/report-{one.document_id[:8]}.html": b"one"}
    assert {f"{path.parent.name}/{path.name}": path.read_bytes() for path in tmp_path.glob("*/[rR]eport*")} == apart
    write(tmp_path, schemas, [one])
    assert sorted(path.name for path in tmp_path.glob("*/[rR]eport*")) == [f"Report-{other.document_id[:8]}.xlsx"]


def test_a_document_is_held_as_long_as_all_its_files_are_there(
    tmp_path: Path, schemas: Schemas, reports: list[Report]
) -> None:
    one, other = reports[:2]
    write(tmp_path, schemas, [one], xlsx=b"one", review=b"one")
    write(tmp_path, schemas, [other])
    assert set(current_summaries(tmp_path, schemas)) == {one.document_id, other.document_id}
    sorted((tmp_path / "xlsx").iterdir())[0].unlink()
    assert set(current_summaries(tmp_path, schemas)) == {other.document_id}
    files_of(tmp_path, "facts")[-1].unlink()
    assert not current_summaries(tmp_path, schemas)


def test_names_of_files_for_all_documents_are_not_given_to_one(
    tmp_path: Path, schemas: Schemas, reports: list[Report]
) -> None:
    write(
        tmp_path,
        schemas,
        [replace(reports[0], source="index.pdf"), replace(reports[1], source="全部.pdf")],
        xlsx=b"",
        review=b"",
    )
    own = {path.name for folder in ("xlsx", "review") for path in (tmp_path / folder).iterdir()}
    stems = [f"index-{reports[0].document_id[:8]}", f"全部-{reports[1].document_id[:8]}"]
    assert own >= {f"{stem}{ending}" for stem in stems for ending in (".xlsx", ".html")}


@pytest.mark.parametrize("name", ["xlsx/{stem}.xlsx", "review/{stem}.html", "review/index.html"])
def test_a_file_of_somebody_else_in_our_folders_is_neither_replaced_nor_deleted(
    tmp_path: Path, schemas: Schemas, reports: list[Report], name: str
) -> None:
    mine = tmp_path / name.format(stem=Path(reports[0].source).stem)
    mine.parent.mkdir()
    mine.write_text("mine")
    with pytest.raises(OutputError, match=mine.name):
        write(tmp_path, schemas, reports[:1], xlsx=b"", review=b"")
    assert mine.read_text() == "mine"


def test_a_workbook_of_somebody_else_called_as_that_of_all_documents_stays(
    tmp_path: Path, schemas: Schemas, reports: list[Report]
) -> None:
    (tmp_path / "xlsx").mkdir()
    (tmp_path / "xlsx" / "全部.xlsx").write_text("mine")
    write(tmp_path, schemas, reports[:1])
    assert (tmp_path / "xlsx" / "全部.xlsx").read_text() == "mine"


@pytest.mark.parametrize("stem", ["长" * 82, "a" * 251, "a\u2028b", "a\nmine"])
def test_documents_with_long_and_odd_names(tmp_path: Path, schemas: Schemas, reports: list[Report], stem: str) -> None:
    (tmp_path / "mine.xlsx").write_text("mine")
    one, other = (replace(report, source=f"{folder}/{stem}.pdf") for folder, report in zip("ab", reports, strict=False))
    write(tmp_path, schemas, [one, other], xlsx=b"x")
    assert len([path for path in (tmp_path / "xlsx").iterdir() if path.read_bytes() == b"x"]) == 2
    assert len(read_state(tmp_path)) == 2
    write(tmp_path, schemas, [replace(one, source="a/other.pdf")], xlsx=b"x")
    assert (tmp_path / "mine.xlsx").read_text() == "mine"


def test_numbers_too_large_for_a_column_break_no_run(
    tmp_path: Path, schemas: Schemas, sample_reports: dict[str, Report]
) -> None:
    """Each fits, their difference to last year's does not."""
    huge = Decimal("99999999999999")

    def enlarged(report: Report, sign: int) -> Report:
        rows = tuple(
            row._replace(facts={name: fact._replace(amount=sign * huge) for name, fact in row.facts.items()})
            for row in report.rows["expenditure"]
        )
        return replace(report, rows={**report.rows, "expenditure": rows})

    write(tmp_path, schemas, [enlarged(sample_reports["2025"], -1), enlarged(sample_reports["2026"], 1)])
    checks = table(tmp_path, "checks").to_pylist()
    assert {
        check["verdict"] for check in checks if check["rule"] in ("years-basic-change", "years-project-change")
    } == {"no_evidence"}


def test_the_overview_goes_with_the_last_page(tmp_path: Path, schemas: Schemas, reports: list[Report]) -> None:
    write(tmp_path, schemas, reports[:1], review=b"page")
    assert {name for name in files(tmp_path) if name.startswith("review")} == {
        "review/index.html",
        f"review/{Path(reports[0].source).stem}.html",
    }
    write(tmp_path, schemas, reports[:1])
    assert not [name for name in files(tmp_path) if name.startswith("review")]
