"""Pictures on review pages: where somebody looks at once, and of all pages with tables when that is asked for."""

import re
import shutil
from pathlib import Path

from command import FAILING, GOOD, extract
from conftest import ROOT
from stored import table

from extract.errors import InputError
from extract.model.report import Report
from extract.review.document import shown_pages
from extract.review.findings import failing_pages


def pictured(review: Path) -> list[int]:
    """The pages of which a review page has a picture."""
    return sorted(map(int, re.findall(r'<figure data-page="(\d+)">', review.read_text(encoding="utf-8"))))


def test_pages_that_findings_name_are_pictured_and_the_others_when_asked(
    tmp_path: Path, sample_reports: dict[str, Report]
) -> None:
    out, path = tmp_path / "out", tmp_path / Path(FAILING).name
    shutil.copyfile(FAILING, path)
    extract(str(path), GOOD, "-o", str(out), "--no-workbooks")
    (_, good), (_, failing) = sorted((one.stem == path.stem, one) for one in (out / "review").glob("2*.html"))
    assert pictured(good) == []
    assert pictured(failing) == sorted(failing_pages(sample_reports["2025"]))
    assert "extract pictures" in good.read_text(encoding="utf-8")
    before = table(out, "facts")
    done = extract("pictures", str(out), path.name)
    assert (done.returncode, done.stderr) == (0, b"")
    assert pictured(good) == []
    assert pictured(failing) == shown_pages(sample_reports["2025"])
    assert "extract pictures" not in failing.read_text(encoding="utf-8")
    assert table(out, "facts").equals(before)
    assert extract(str(path), GOOD, "-o", str(out), "--no-workbooks").returncode == 0
    assert pictured(failing) == shown_pages(sample_reports["2025"])  # nothing is read again for its pictures


def test_what_cannot_be_pictured_is_named_and_the_others_are(tmp_path: Path) -> None:
    out, path = tmp_path / "out", tmp_path / "gone.pdf"
    shutil.copyfile(FAILING, path)
    extract(str(path), GOOD, "-o", str(out), "--no-workbooks")
    path.write_bytes(b"something else")
    done = extract("pictures", str(out))
    assert (done.returncode, b"gone.pdf" in done.stderr) == (InputError.exit_code, True)
    assert pictured(next((out / "review").glob(f"{Path(GOOD).stem}*")))
    assert extract("pictures", str(out), "another.pdf").returncode == InputError.exit_code
    extract(GOOD, "-o", str(out), "--no-review", "--no-workbooks", "--redo")
    done = extract("pictures", str(out), GOOD)
    assert (done.returncode, b"--redo" in done.stderr) == (InputError.exit_code, True)


def test_a_workbook_that_a_run_did_not_make_is_made_when_asked_and_is_the_same(tmp_path: Path) -> None:
    out, whole, path = tmp_path / "out", tmp_path / "whole", tmp_path / Path(FAILING).name
    shutil.copyfile(FAILING, path)
    sources = (str(path), GOOD)
    extract(*sources, "-o", str(whole))
    extract("pictures", str(whole), path.name)
    extract(*sources, "-o", str(out), "--no-workbooks")
    extract("pictures", str(out), path.name)
    before = table(out, "facts")
    done = extract("workbook", str(out), path.name)
    assert (done.returncode, done.stdout.partition(b" (")[0], done.stderr) == (0, b"Workbooks made: 1", b"")
    assert [one.stem for one in (out / "xlsx").glob("2*.xlsx")] == [path.stem]
    assert extract("workbook", str(out)).returncode == 0
    for folder in ("xlsx", "review"):
        made = {one.name: one.read_bytes() for one in (out / folder).glob("2*")}
        assert made == {one.name: one.read_bytes() for one in (whole / folder).glob("2*")}
    assert len(made) == 2
    assert table(out, "facts").equals(before)
    assert extract("workbook", str(out)).stdout.startswith(b"Workbooks made: 0 ")  # none lacks one


def test_a_workbook_of_a_document_that_is_gone_or_was_read_otherwise_is_named(tmp_path: Path) -> None:
    out, path = tmp_path / "out", tmp_path / "gone.pdf"
    shutil.copyfile(FAILING, path)
    extract(str(path), GOOD, "-o", str(out), "--no-workbooks", "--no-review")
    path.write_bytes(b"something else")
    done = extract("workbook", str(out))
    assert (done.returncode, b"gone.pdf" in done.stderr) == (InputError.exit_code, True)
    assert [one.stem for one in (out / "xlsx").glob("2*.xlsx")] == [Path(GOOD).stem]
    assert extract("workbook", str(out), "another.pdf").returncode == InputError.exit_code
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "conventions.toml").write_bytes((ROOT / "schemas" / "conventions.toml").read_bytes() + b"\n# other\n")
    extract(GOOD, "-o", str(out), "--no-review", "--no-workbooks", "--redo", "--schemas", str(mine))
    done = extract("workbook", str(out), GOOD)
    assert (done.returncode, b"--redo" in done.stderr) == (InputError.exit_code, True)
