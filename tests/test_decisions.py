"""What people decide about numbers and findings: kept beside the datasets, applied whenever the document is read."""

import csv
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path

import pikepdf
import pyarrow.parquet as pq
import pytest
from command import FAILING, GOOD, extract
from conftest import BOTH, Runner
from openpyxl import load_workbook

from extract.checks.decisions import with_decisions
from extract.checks.suspects import suspects
from extract.document.pipeline import Knowledge, read_pdf
from extract.errors import InputError
from extract.messages import sentence
from extract.model.decision import Decision
from extract.model.page import Box
from extract.model.report import Check, Fact, Report
from extract.out.decisions import DECISIONS, add_decision, read_decisions
from extract.reading.base import DEFAULT_READER, reader
from extract.review.document import pictures_every_page

WRONG, RIGHT, WRONG_PAGE = "510.10", "501.10", 14  # of the failing sample
RULE = "expenditure-row-total"


def report_with(knowledge: Knowledge, path: str, *decisions: Decision) -> Report:
    return read_pdf(Path(path).read_bytes(), path, reader(DEFAULT_READER), knowledge, decisions=decisions)


def about(fact: Fact, document: str, kind: str, **other: str | int | Box | None) -> Decision:
    page, box, printed = fact.origin
    made = Decision(document, None, None, None, page, box, printed, kind, None, "甲", "2026-01-02", "见原表")
    return made._replace(**other)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def failing(knowledge: Knowledge) -> Report:
    return report_with(knowledge, FAILING)


@pytest.fixture(scope="module")
def culprit(failing: Report) -> Fact:
    [suspect] = suspects(failing)
    return suspect.fact


# ---- a corrected number ----------------------------------------------------------------------------------------------


def test_checks_are_made_with_a_corrected_number_and_say_so(
    knowledge: Knowledge, failing: Report, culprit: Fact
) -> None:
    report = report_with(knowledge, FAILING, about(culprit, failing.document_id, "corrected", corrected=RIGHT))
    was = [check for check in failing.checks if check.verdict == "fail"]
    now = {(check.rule, check.dataset, check.row, check.column): check for check in report.checks}
    for check in was:
        other = now[check.rule, check.dataset, check.row, check.column]
        assert (other.verdict, other.decision and other.decision.kind) == ("exact", "corrected")
        assert f"{WRONG} corrected to {RIGHT}" in other.message.en
    untouched = [check for check in failing.checks if culprit.reference not in check.facts]
    assert untouched == [check for check in report.checks if culprit.reference not in check.facts]


def test_a_document_that_ties_with_a_persons_number_only_is_corrected_and_not_verified(
    knowledge: Knowledge, failing: Report, culprit: Fact
) -> None:
    report = report_with(knowledge, FAILING, about(culprit, failing.document_id, "corrected", corrected=RIGHT))
    assert (failing.status, report.status, report.reasons) == ("failed", "unverified", ("corrected",))


def test_a_number_that_is_corrected_wrongly_makes_the_checks_fail(knowledge: Knowledge) -> None:
    good = report_with(knowledge, GOOD)
    [total] = [
        fact for fact in good.facts() if (fact.dataset, fact.column, fact.is_total) == ("revenue", "total", True)
    ]
    report = report_with(knowledge, GOOD, about(total, good.document_id, "corrected", corrected="1.00"))
    assert (good.status, report.status, report.reasons) == ("verified", "failed", ("corrected",))
    assert all(check.decision for check in report.checks if check.verdict == "fail")


def test_datasets_hold_what_was_read_and_the_number_of_the_person_beside_it(
    knowledge: Knowledge, failing: Report, culprit: Fact
) -> None:
    report = report_with(knowledge, FAILING, about(culprit, failing.document_id, "corrected", corrected=RIGHT))
    [fact] = [fact for fact in report.facts() if fact.corrected is not None]
    assert (str(fact.amount), str(fact.corrected), fact.origin) == (WRONG, RIGHT, culprit.origin)
    before, after = (
        {name: [(row.values, row.page) for row in rows] for name, rows in one.rows.items()} for one in (failing, report)
    )
    assert before == after


# ---- where a decision fits -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("other", [Box(-2, -2, 2, 2), Box(1, 1, -1, -1), Box(0, 0, 0, 0)])
def test_a_decision_finds_its_number_however_wide_its_box_is_drawn(
    knowledge: Knowledge, failing: Report, culprit: Fact, other: Box
) -> None:
    box = Box(*(side + by for side, by in zip(culprit.origin.box, other, strict=True)))
    report = report_with(knowledge, FAILING, about(culprit, failing.document_id, "corrected", corrected=RIGHT, box=box))
    assert [one.references for one in report.decisions] == [(culprit.reference,)]


@pytest.mark.parametrize(
    "other", [{"page": 13}, {"printed": "510.11"}, {"box": Box(0, 0, 10, 10)}, {"rule": "no-such-rule", "kind": "seen"}]
)
def test_a_decision_that_fits_nothing_is_kept_and_changes_nothing(
    knowledge: Knowledge, failing: Report, culprit: Fact, other: dict[str, str | int | Box]
) -> None:
    decision = about(culprit, failing.document_id, "corrected", corrected=RIGHT)._replace(**other)  # type: ignore[arg-type]
    report = report_with(knowledge, FAILING, decision)
    assert [(one.decision, one.fits) for one in report.decisions] == [(decision, False)]
    assert (report.checks, report.status, report.reasons) == (failing.checks, "failed", ())


def test_without_a_box_the_number_must_be_the_only_one_like_it_on_its_page(
    knowledge: Knowledge, failing: Report
) -> None:
    on_page = [fact for fact in failing.facts() if fact.origin.page == WRONG_PAGE]
    printed = [fact.origin.printed for fact in on_page]
    alone, double = (
        next(fact for fact in on_page if (printed.count(fact.origin.printed) > 1) is many) for many in (False, True)
    )
    decisions = [about(fact, failing.document_id, "seen", box=None) for fact in (alone, double)]
    report = report_with(knowledge, FAILING, *decisions)
    assert [one.fits for one in report.decisions] == [True, False]
    named = decisions[1]._replace(dataset=double.dataset, column=double.column)
    same = [
        one
        for one in on_page
        if (one.dataset, one.column, one.origin.printed) == (double.dataset, double.column, double.origin.printed)
    ]
    assert report_with(knowledge, FAILING, named).decisions[0].fits is (len(same) == 1)


def test_the_last_decision_stands_and_one_can_be_withdrawn(
    knowledge: Knowledge, failing: Report, culprit: Fact
) -> None:
    first = about(culprit, failing.document_id, "corrected", corrected="500.00")
    last, remark = first._replace(corrected=RIGHT), about(culprit, failing.document_id, "document_wrong", rule=RULE)
    report = report_with(knowledge, FAILING, first, last, remark)
    assert [one.decision for one in report.decisions] == [last, remark]
    gone = report_with(knowledge, FAILING, last, remark, last._replace(kind="withdrawn", corrected=None))
    assert [one.decision for one in gone.decisions] == [remark]
    assert gone.status == "failed"


def test_a_decision_about_a_finding_changes_no_verdict(knowledge: Knowledge, failing: Report, culprit: Fact) -> None:
    [found] = [check for check in failing.checks if check.rule == RULE and check.verdict == "fail"]
    stated = failing.numbers()[found.facts[0]]
    assert isinstance(stated, Fact)
    report = report_with(knowledge, FAILING, about(stated, failing.document_id, "document_wrong", rule=RULE))
    [decided] = [check for check in report.checks if check.decision]
    assert (decided.rule, decided.verdict, report.status) == (RULE, "fail", "failed")
    assert decided._replace(decision=None) == found


# ---- the file --------------------------------------------------------------------------------------------------------


def test_a_spreadsheet_may_save_the_file(tmp_path: Path, failing: Report, culprit: Fact, knowledge: Knowledge) -> None:
    add_decision(tmp_path, about(culprit, failing.document_id, "corrected", corrected=RIGHT))
    with (tmp_path / DECISIONS).open(encoding="utf-8-sig", newline="") as stream:
        [line] = csv.DictReader(stream)
    line |= {"printed": "510.1"}  # as a spreadsheet shows it
    text = ";".join(line) + "\r\n" + ";".join(line.values()) + "\r\n" + ";" * (len(line) - 1) + "\r\n"
    (tmp_path / DECISIONS).write_bytes(text.encode("gb18030"))
    report = report_with(knowledge, FAILING, *read_decisions(tmp_path))
    assert [(one.references, one.decision.name) for one in report.decisions] == [((culprit.reference,), "甲")]


def test_texts_that_a_spreadsheet_would_change_come_back_as_they_were(tmp_path: Path) -> None:
    decision = Decision("1234567890123456", None, None, None, 3, None, "-1,5.0", "seen", None, "=A1", "", "'x\n，y")
    add_decision(tmp_path, decision)
    add_decision(tmp_path, decision._replace(document_id="12e4567890123456"))
    assert (tmp_path / DECISIONS).read_text("utf-8-sig").count("'1234567890123456") == 1
    assert read_decisions(tmp_path) == [
        decision._replace(reason="'x ，y"),
        decision._replace(reason="'x ，y", document_id="12e4567890123456"),
    ]


def test_a_line_is_added_to_what_a_person_wrote_in_columns_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / DECISIONS
    path.write_bytes(
        "printed;mine;kind;document_id;page;name\r\n1.00;note;seen;0123456789abcdef;2;乙\r\n".encode("gb18030")
    )
    decision = Decision(
        "0123456789abcdef", None, "revenue", "total", 3, Box(1, 2, 3, 4), "2.00", "seen", None, "甲", "", ""
    )
    add_decision(tmp_path, decision)
    first, second = read_decisions(tmp_path)
    assert (first.name, first.page, second) == ("乙", 2, decision)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        assert [line["mine"] for line in csv.DictReader(stream)] == ["note", ""]


def test_decisions_made_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    decisions = [
        Decision("0123456789abcdef", None, None, None, page, None, "1.00", "seen", None, "甲", "", "")
        for page in range(1, 41)
    ]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(partial(add_decision, tmp_path), decisions))
    assert sorted(one.page or 0 for one in read_decisions(tmp_path)) == list(range(1, 41))


def test_every_faulty_line_is_named_and_nothing_is_done(tmp_path: Path) -> None:
    (tmp_path / DECISIONS).write_text(
        "document_id,page,printed,kind,corrected,name,reason\nabc,x,1.0,seen,,甲,\n0123456789abcdef,1,1.0,corrected,z,,\n"
    )
    with pytest.raises(InputError) as told:
        read_decisions(tmp_path)
    for fault in ("line 2: document_id", "line 2: page", "line 3: corrected", "line 3: name", "line 3: reason"):
        assert fault in told.value.text("en") or fault.split(":")[1] in told.value.text("zh")
    ended = extract(GOOD, "-o", str(tmp_path))
    assert (ended.returncode, (tmp_path / "parquet").exists()) == (2, False)


# ---- runs ------------------------------------------------------------------------------------------------------------


def test_a_run_reads_again_what_was_decided_about_and_nothing_else(
    tmp_path: Path, run: Runner, failing: Report, culprit: Fact
) -> None:
    asked: list[int] = []
    run(tmp_path, Path(FAILING), Path(GOOD), files=BOTH)
    add_decision(tmp_path, about(culprit, failing.document_id, "corrected", corrected=RIGHT))
    for _ in range(2):
        run(tmp_path, Path(FAILING), Path(GOOD), files=BOTH, progress=lambda _count, total: asked.append(total))
    assert asked == [1, 1, 0]
    documents = {row["document_id"]: row for row in pq.read_table(tmp_path / "parquet/documents.parquet").to_pylist()}
    assert documents[failing.document_id]["reasons"] == "corrected"
    [fact] = [row for row in pq.read_table(tmp_path / "parquet/facts.parquet").to_pylist() if row["corrected"]]
    assert (str(fact["amount"]), str(fact["corrected"])) == ("510.100000", "501.100000")
    page = (tmp_path / "review" / f"{Path(FAILING).stem}.html").read_text("utf-8")
    assert f"<s>{WRONG}</s> <ins>{RIGHT}</ins>" in page
    assert "见原表" in page
    book = load_workbook(tmp_path / "xlsx" / f"{Path(FAILING).stem}.xlsx")
    comments = [cell.comment.text for sheet in book for row in sheet.iter_rows() for cell in row if cell.comment]
    assert any(RIGHT in text and "见原表" in text for text in comments)


def test_a_decision_by_the_command_counts_when_it_is_applied(tmp_path: Path, failing: Report) -> None:
    out = str(tmp_path)
    extract(FAILING, "-o", out, "--no-workbooks")
    given = (out, failing.document_id, str(WRONG_PAGE), WRONG, "corrected", "--corrected", RIGHT, "--name", "甲")
    assert extract("decide", *given).returncode == 2  # without a reason
    assert extract("decide", *given, "--reason", "y").returncode == 0
    assert b"counts when the document is read again" in extract("decisions", out).stdout
    extract("pictures", out)
    applied = extract("decisions", out, "--apply")
    assert applied.returncode == 0, applied.stderr
    assert b"counts when" not in applied.stdout
    [document] = pq.read_table(tmp_path / "parquet/documents.parquet").to_pylist()
    assert document["reasons"] == "corrected"
    (page,) = (tmp_path / "review").glob("2*.html")
    assert pictures_every_page(page.read_text(encoding="utf-8"))  # those that were added stay
    assert b"with 1 numbers that a person corrected" in extract("status", out).stdout
    marked = tmp_path / "marked.pdf"
    extract("annotate", FAILING, "-o", str(marked), "--decisions", out)
    with pikepdf.open(BytesIO(marked.read_bytes())) as pdf:
        notes = [str(note.Contents) for page in pdf.pages for note in page.obj.get("/Annots", ())]
    assert any(RIGHT in note for note in notes)


def test_a_decision_that_fits_nothing_is_told_by_run_and_status(tmp_path: Path, failing: Report) -> None:
    extract(FAILING, "-o", str(tmp_path))
    add_decision(tmp_path, Decision(failing.document_id, None, None, None, 1, None, "7.77", "seen", None, "甲", "", ""))
    assert b"1 decisions fit nothing" in extract(FAILING, "-o", str(tmp_path)).stderr
    assert b"1 decisions fit nothing" in extract("status", str(tmp_path)).stdout
    assert b"fits nothing any more" in extract("decisions", str(tmp_path)).stdout


def test_a_document_that_cannot_be_read_any_more_keeps_its_decisions_and_tells(tmp_path: Path, run: Runner) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4 nothing")
    [told] = run(tmp_path / "out", broken)
    add_decision(
        tmp_path / "out", Decision(told["document_id"], None, None, None, 1, None, "1.00", "seen", None, "甲", "", "")
    )
    [again] = run(tmp_path / "out", broken)
    assert [one["printed"] for one in again["decisions"]["unfitting"]] == ["1.00"]


def test_a_decision_about_a_finding_without_numbers_finds_it_by_its_words(knowledge: Knowledge) -> None:
    """A finding of the reading names a page and speaks in words."""
    good = report_with(knowledge, GOOD)
    said = sentence("page_without_text", page=2)
    finding = Check("page-without-text", None, None, None, None, None, None, "no_evidence", said, 2, ())
    report = replace(good, checks=(*good.checks, finding))
    decision = Decision(
        good.document_id, finding.rule, None, None, 2, None, said.zh, "document_wrong", None, "甲", "", ""
    )
    decided = with_decisions(report, [decision, decision._replace(page=3)], knowledge.schemas, lambda _report: ())
    assert [one.fits for one in decided.decisions] == [True, False]
    assert decided.checks == (*good.checks, finding._replace(decision=decision))
