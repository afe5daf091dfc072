"""The overview of the review pages in a browser, and which pages a run writes."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote

import pytest
from command import extract
from conftest import BOTH, SAMPLES, Runner, needs_chromium
from openpyxl import load_workbook
from playwright.sync_api import Page
from stored import files, write

from extract.model.report import Report
from extract.review import index as overview
from extract.schemas.grammar import Schemas

FAILING = SAMPLES[1]  # 2025, with a planted contradiction
STATED = "510.10"  # stated by the last of its failing checks


@needs_chromium
def test_the_overview_leads_to_every_document_and_finding(reviewed: Path, visit: Callable[..., Page]) -> None:
    page = visit(reviewed / "index.html", locale="en-US")
    assert [chip.inner_text().split() for chip in page.locator(".chip").all()] == [
        ["verified", "2"],
        ["failed", "1"],
        ["unreadable", "1"],
    ]
    assert page.locator("#documents tbody tr").count() == 4
    page.locator("#findings a").last.click()
    assert page.locator("details.finding[open] .figure.stated").inner_text().endswith(STATED)
    page.go_back()
    page.locator("#documents a", has_text="broken.pdf").click()
    assert "Not a readable PDF" in page.locator(".error").inner_text()


@needs_chromium
def test_documents_are_filtered_and_sorted(reviewed: Path, visit: Callable[..., Page]) -> None:
    page = visit(reviewed / "index.html", locale="en-US")
    shown = page.locator("#documents tbody tr:visible")
    page.locator(".chip.failed").click()
    assert [row.inner_text().split()[0] for row in shown.all()] == [FAILING.stem]
    page.locator(".chip.failed").click()
    page.locator("#filter").fill("2026")
    assert [row.inner_text().split()[0] for row in shown.all()] == [SAMPLES[2].stem]
    page.locator("#filter").fill("")
    for _ in "up", "down":
        page.locator(".sort", has_text="pages").click()
    pages = [int(row.locator("td").nth(4).inner_text()) for row in shown.all()]
    assert pages == sorted(pages, reverse=True)


@needs_chromium
def test_the_overview_draws_the_years_of_an_agency(reviewed: Path, visit: Callable[..., Page]) -> None:
    page = visit(reviewed / "index.html", locale="en-US")
    money, three_public = page.locator(".chart").all()
    assert [row.inner_text().split() for row in money.locator("tr").all()] == [
        ["2024", "2025", "2026"],
        ["Revenue", "2,574.61", "3,519.26", "4,036.25"],
        ["Expenditure", "2,574.61", "3,519.26", "4,036.25"],
    ]
    assert "2025: “三公”经费 27.95" in (three_public.locator("desc").text_content() or "")
    heights = [float(bar.get_attribute("height") or 0) for bar in three_public.locator("rect").all()]
    assert heights[0] / heights[1] == pytest.approx(9.70 / 27.95, abs=0.01)


# ---- files of out/ ---------------------------------------------------------------------------------------------------


def test_the_same_documents_give_the_same_pages_in_any_order_of_runs(tmp_path: Path, run: Runner) -> None:
    for folder, runs in (("one", [SAMPLES]), ("other", [[path] for path in reversed(SAMPLES)])):
        for paths in runs:
            run(tmp_path / folder, *paths, files=BOTH)
    assert files(tmp_path / "one") == files(tmp_path / "other")


def test_the_overview_links_only_pages_that_are_there(
    tmp_path: Path, schemas: Schemas, sample_reports: dict[str, Report]
) -> None:
    with_page, without = sample_reports["2025"], sample_reports["2026"]
    write(tmp_path, schemas, [with_page], review=b"a page")
    write(tmp_path, schemas, [without])
    index = (tmp_path / "review" / "index.html").read_text(encoding="utf-8")
    assert {path.name for path in (tmp_path / "review").iterdir()} == {"index.html", f"{FAILING.stem}.html"}
    linked = [name for name in re.findall(r'href="([^"#]+)', index) if not name.startswith("../csv/")]
    assert {unquote(name) for name in linked} == {f"{FAILING.stem}.html"}


def test_a_finding_leads_to_its_place_on_the_page_whatever_is_checked_between_documents(
    tmp_path: Path, schemas: Schemas, sample_reports: dict[str, Report]
) -> None:
    """The checks of 2025 against 2024 stand between those of 2025 and of 2026; they have no place on a page of one
    document.
    """
    row = sample_reports["2026"].rows["three_public_expenses"][0]
    wrong = row._replace(facts={**row.facts, "reception": row.facts["reception"]._replace(amount=Decimal(1))})
    restated = replace(sample_reports["2026"], rows={**sample_reports["2026"].rows, "three_public_expenses": (wrong,)})
    failing = replace(restated, checks=sample_reports["2025"].checks)
    write(tmp_path, schemas, [sample_reports["2024"], sample_reports["2025"], failing], review=b"")
    text = (tmp_path / "review" / "index.html").read_text(encoding="utf-8")
    places = [place for place, check in enumerate(failing.checks, 1) if check.verdict == "fail"]
    linked: dict[str, list[int | None]] = {"2025": [], "2026": []}
    for year, anchor in re.findall(
        r'<td><a lang="zh-CN" href="(\d{4})[^"#]*(?:#check-(\d+))?"', text.split('id="findings"')[1]
    ):
        linked[year].append(int(anchor) if anchor else None)
    assert linked["2025"] == places
    assert linked["2026"] == [*places, None]


def test_of_very_many_documents_those_that_are_not_verified_are_listed_first(
    tmp_path: Path, schemas: Schemas, sample_reports: dict[str, Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "LISTED_DOCUMENTS", 1)
    write(tmp_path, schemas, sample_reports.values(), review=b"")
    index = (tmp_path / "review" / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'<tr data-status="(\w+)"', index) == ["failed"]
    assert "另有 2 份文件" in index


def test_the_command_opens_the_overview_in_the_browser(tmp_path: Path, reviewed: Path) -> None:
    browser, told = tmp_path / "browser", tmp_path / "told"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > "{told}"\n')
    browser.chmod(0o755)
    terminal, inside = os.openpty()
    environment = {**os.environ, "BROWSER": f"{browser} %s"}
    subprocess.run(
        [sys.executable, "-m", "extract", "review", str(reviewed.parent)], stdout=inside, env=environment, check=True
    )
    os.close(inside)
    os.close(terminal)
    assert told.read_text() == (reviewed / "index.html").as_uri()


def test_without_review_nothing_is_written_and_a_command_says_what_to_do(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert extract(str(FAILING), "-o", str(out), "--no-review").returncode == 0
    assert not (out / "review").exists()
    missing = extract("review", str(out))
    assert missing.returncode == 2
    assert "--no-review" in missing.stderr.decode()
    assert extract(str(FAILING), "-o", str(out)).returncode == 0
    told = extract("review", str(out))
    assert (told.returncode, told.stdout.decode().strip()) == (0, str(out / "review" / "index.html"))


@needs_chromium
def test_the_links_of_a_workbook_lead_to_the_page_of_a_finding(reviewed: Path, visit: Callable[..., Page]) -> None:
    [path] = (path for path in (reviewed.parent / "xlsx").iterdir() if "2025" in path.name)
    [link, *_] = [cell for cell in load_workbook(path)["校验"]["D"] if cell.hyperlink]
    assert link.value == 14
    overview = (path.parent / link.hyperlink.target.replace("\\", "/")).resolve()  # as Excel writes paths
    assert overview == (reviewed / "index.html").resolve()
    page = visit(overview)
    page.goto(f"{overview.as_uri()}#{link.hyperlink.location}")
    page.wait_for_url(lambda url: url.endswith("#page-14"))
    assert page.locator("#page-14").bounding_box()
