"""The server of an output folder: who may ask, what is taken, and what a person does with it, also in a browser."""

import base64
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import httpx2
import pyarrow.parquet as pq
import pytest
import uvicorn
from command import extract
from conftest import BOTH, LISTENING, SAMPLES, needs_chromium
from engine import same_thread
from starlette.testclient import TestClient

from extract.digest import digest
from extract.out.decisions import read_decisions
from extract.reading.base import DEFAULT_READER, reader
from extract.runs.jobs import Recipe
from extract.schemas.grammar import Schemas
from extract.web import uploads
from extract.web.app import Site, application
from extract.web.guard import is_own_name
from extract.web.uploads import unread
from extract.web.work import Work

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TOKEN, ORIGIN = "a-token-of-the-test", "http://127.0.0.1:8000"
MOST = 3 << 20
FAILING, GOOD = SAMPLES[1], SAMPLES[2]
WRONG, RIGHT = "510.10", "501.10"


@pytest.fixture
def site(tmp_path: Path, schemas: Schemas) -> Site:
    recipe = Recipe(reader(DEFAULT_READER), schemas, BOTH)
    return Site(Work(tmp_path, recipe, same_thread, "extract serve out"), MOST)


@pytest.fixture
def stranger(site: Site) -> Iterator[TestClient]:
    """Somebody without the token."""
    with TestClient(application(site, TOKEN), base_url=ORIGIN, follow_redirects=False) as client:
        yield client


@pytest.fixture
def person(stranger: TestClient) -> TestClient:
    """Somebody who has opened the address that the command printed."""
    assert stranger.get("/", params={"token": TOKEN}).status_code == 303
    stranger.headers["origin"] = ORIGIN
    return stranger


def send(client: TestClient, path: Path, name: str | None = None) -> dict[str, str]:
    answer = client.post("/upload", content=path.read_bytes(), headers={"x-name": quote(name or path.name)})
    assert answer.status_code == 202, answer.text
    told: dict[str, str] = answer.json()
    return told


def done(client: TestClient) -> list[dict[str, str]]:
    """What is told of the documents when all is read."""
    for _ in range(600):
        told = client.get("/progress").json()
        if not told["busy"]:
            items: list[dict[str, str]] = told["items"]
            return items
        time.sleep(0.1)
    raise AssertionError(told)


# ---- who may ask -----------------------------------------------------------------------------------------------------


def test_without_the_token_nothing_is_shown(stranger: TestClient) -> None:
    for path in ("/", "/review/index.html", "/progress", "/csv/facts.csv", "/pdf/0123456789abcdef", "/serve.js"):
        assert stranger.get(path).status_code == 403
    assert stranger.get("/", params={"token": "another"}).status_code == 403


def test_the_first_visit_gives_a_cookie_that_no_other_site_sends(stranger: TestClient) -> None:
    answer = stranger.get("/", params={"token": TOKEN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert stranger.get("/review/index.html").status_code == 200


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "http://127.0.0.1:9000", "null", None])
def test_what_another_site_sends_is_refused(person: TestClient, site: Site, origin: str | None) -> None:
    person.headers.pop("origin")
    headers = {"x-name": "a.pdf"} | ({"origin": origin} if origin else {})
    for path in ("/upload", "/decisions"):
        assert person.post(path, content=b"%PDF-1.4", headers=headers).status_code == 403
    assert not list(site.out.iterdir())


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1:8000", True),
        ("localhost:8000", True),
        ("[::1]:8000", True),
        ("192.168.1.7", True),
        ("elsewhere.example", False),
        ("127.0.0.1.elsewhere.example:8000", False),
        ("", False),
    ],
)
def test_the_server_answers_to_numbers_and_to_localhost_only(person: TestClient, host: str, own: bool) -> None:
    assert is_own_name(host) is own
    if not own:
        assert person.get("/review/index.html", headers={"host": host}).status_code == 400


# ---- what is taken ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../../evil.pdf", "/etc/evil.pdf", "..\\evil.pdf", "C:\\evil.pdf", "a\0.pdf", "", "x" * 300 + ".pdf"]
)
def test_a_path_in_the_name_of_a_file_is_refused(person: TestClient, site: Site, name: str) -> None:
    answer = person.post("/upload", content=GOOD.read_bytes(), headers={"x-name": quote(name)})
    assert (answer.status_code, "error" in answer.json()) == (400, True)
    assert not list(site.out.iterdir())


def test_what_is_too_large_is_refused_before_it_is_sent(person: TestClient, site: Site) -> None:
    headers = {"x-name": "large.pdf", "content-length": str(500 << 20)}
    assert person.post("/upload", content=b"%PDF-1.4", headers=headers).status_code == 413
    assert not list(site.out.iterdir())


def test_what_grows_too_large_is_given_up_and_not_kept(person: TestClient, site: Site) -> None:
    sent = 0

    def parts() -> Iterator[bytes]:
        nonlocal sent
        yield b"%PDF-1.4"
        for _ in range(500):  # 500 MB, of which no two are there at once
            sent += 1
            yield bytes(1 << 20)

    assert person.post("/upload", content=parts(), headers={"x-name": "large.pdf"}).status_code == 413
    assert not list((site.out / "uploads").iterdir())


def test_what_is_no_pdf_is_refused(person: TestClient, site: Site) -> None:
    assert person.post("/upload", content=b"text", headers={"x-name": "a.pdf"}).status_code == 415
    assert person.post("/upload", content=b"%PDF-1.4", headers={"x-name": "a.exe"}).status_code == 415
    assert not list((site.out / "uploads").iterdir())


def test_a_damaged_document_is_told_and_harms_no_other(person: TestClient) -> None:
    person.post("/upload", content=b"%PDF-1.4 nothing", headers={"x-name": "broken.pdf"})
    send(person, GOOD)
    told = {item["name"]: item["state"] for item in done(person)}
    assert told == {"broken.pdf": "unreadable", GOOD.name: "verified"}


# ---- what a person does ----------------------------------------------------------------------------------------------


def links(page: str) -> list[str]:
    return [unquote(link) for link in re.findall(r'href="([^"]+)"', page)]


def test_an_upload_does_not_fill_the_disk(person: TestClient, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LEFT", 1 << 62)
    answer = person.post("/upload", content=b"%PDF-1.4", headers={"x-name": "a.pdf"})
    assert answer.status_code == 507
    assert "make room first" in answer.text
    assert not list((site.out / "uploads").iterdir())


def test_from_upload_to_download(person: TestClient, site: Site) -> None:
    told = send(person, FAILING, "某局 预算.pdf")
    [item] = done(person)
    assert (item["state"], item["page"]) == ("failed", "某局 预算.html")
    assert {path.name[:16] for path in (site.out / "uploads").iterdir()} == {told["document_id"]}
    home = person.get("/review/index.html").text
    assert "某局 预算.html" in links(home)
    for path in ("xlsx/某局 预算.xlsx", "csv/facts.csv", "parquet/facts.parquet"):
        assert f"../{path}" in links(home)
        answer = person.get(f"/{quote(path)}")
        assert (answer.status_code, answer.content) == (200, (site.out / path).read_bytes())
    assert person.get(f"/pdf/{told['document_id']}").content == FAILING.read_bytes()
    copy = person.get(f"/annotated/{told['document_id']}")
    assert copy.status_code == 200
    assert b"/Square" in copy.content or copy.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    "path",
    [
        "/csv/../decisions.csv",
        "/csv/%2e%2e/decisions.csv",
        "/review/..%2fdecisions.csv",
        "/review/%2e%2e%2f.extract-state.jsonl",
        "/pdf/..%2f..",
        "/xlsx//etc/passwd",
    ],
)
def test_only_files_of_the_folder_are_given_away(person: TestClient, site: Site, path: str) -> None:
    (site.out / "decisions.csv").write_text("x")
    assert person.get(path).status_code == 404


def test_findings_and_numbers_are_found_by_words(person: TestClient) -> None:
    send(person, FAILING)
    done(person)
    found = person.get("/review/index.html", params={"q": f"项目 {WRONG}"}).text.partition('id="search"')[2]
    assert "#check-" in found.partition('id="downloads"')[0]
    numbers = person.get("/review/index.html", params={"q": WRONG}).text.partition('id="search"')[2]
    assert f'<td class="number">{WRONG}</td>' in numbers
    nothing = person.get("/review/index.html", params={"q": "没有这样的词"}).text
    assert "Nothing found" in nothing


def about(page: str) -> str:
    """How the page names the number that the first of its findings blames."""
    [first, *_] = re.findall(r"<details class=\"finding cause\"[^>]* data-about='([^']+)'", page)
    told: str = first
    return told


def test_a_correction_counts_and_is_kept_when_the_document_comes_again(person: TestClient, site: Site) -> None:
    document = send(person, FAILING)["document_id"]
    [item] = done(person)
    page = person.get(f"/review/{quote(item['page'])}").text
    assert " data-serve>" in page
    form = {"document_id": document, "rule": "", "about": about(page), "kind": "corrected", "corrected": RIGHT}
    answer = person.post("/decisions", data=form | {"name": "甲", "reason": "见原表"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/working?document={document}")
    assert person.get(answer.headers["location"]).status_code in (200, 303)
    done(person)
    assert unquote(person.get(answer.headers["location"]).headers["location"]).endswith(f"{item['page']}#decisions")
    for _ in range(2):
        page = person.get(f"/review/{quote(item['page'])}").text
        assert f"<s>{WRONG}</s> <ins>{RIGHT}</ins>" in page
        [row] = pq.read_table(site.out / "parquet" / "documents.parquet").to_pylist()
        assert (row["status"], row["reasons"]) == ("unverified", "corrected")
        send(person, FAILING)
        done(person)
    [decision] = read_decisions(site.out)
    assert (decision.printed, decision.corrected, decision.name, decision.reason) == (WRONG, RIGHT, "甲", "见原表")


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"name": ""}, 400),
        ({"kind": "approved"}, 422),
        ({"corrected": "about 5"}, 422),
        ({"about": "{}"}, 400),
        ({"about": "no json"}, 400),
        ({"document_id": "0123456789abcdef"}, 422),
        ({"reason": "x" * 70_000}, 413),
    ],
)
def test_what_is_no_decision_is_refused_and_not_written(
    person: TestClient, site: Site, changed: dict[str, str], status: int
) -> None:
    document = send(person, GOOD)["document_id"]
    done(person)
    place = json.dumps({"page": 1, "box": None, "printed": "1.00", "dataset": None, "column": None})
    form = {"document_id": document, "about": place, "kind": "corrected", "corrected": "2.00"}
    answer = person.post("/decisions", data=form | {"name": "甲", "reason": "r"} | changed)
    assert answer.status_code == status
    assert not (site.out / "decisions.csv").exists()


def test_what_was_not_read_before_the_server_ended_is_read_by_the_next(person: TestClient, site: Site) -> None:
    site.work.end()
    send(person, GOOD)
    assert [(one.name, one.sha256) for one in unread(site.out)] == [(GOOD.name, digest(GOOD.read_bytes()))]
    again = Work(site.out, site.work.recipe, same_thread, "extract serve out")
    again.add(unread(site.out))
    while again.busy:
        time.sleep(0.05)
    assert [item["state"] for item in again.told()["items"]] == ["verified"]
    assert unread(site.out) == []


# ---- in a browser ----------------------------------------------------------------------------------------------------


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    """Where the site is served as the command serves it."""
    server = uvicorn.Server(uvicorn.Config(application(site, TOKEN), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    [listening] = server.servers[0].sockets
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/?token={TOKEN}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def open_page(browser: "Browser", address: str) -> "Iterator[Callable[[int], Page]]":
    contexts = []
    complaints: list[str] = []

    def open_page(width: int) -> "Page":
        context = browser.new_context(viewport={"width": width, "height": 850}, locale="zh-CN")
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def fits(page: "Page") -> bool:
    """Whether nothing has to be moved sideways, on a wide screen and on a telephone's, which is what remains."""
    too_wide = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        too_wide.append(page.evaluate("document.documentElement.scrollWidth") > width)
    return not any(too_wide)


@needs_chromium
def test_a_person_uploads_looks_corrects_and_downloads_by_telephone(
    open_page: "Callable[[int], Page]", site: Site
) -> None:
    page = open_page(390)
    page.set_input_files("#files", [str(FAILING), str(GOOD)])
    page.wait_for_selector("#items .failed", timeout=60_000)
    page.wait_for_selector("#items .verified", timeout=60_000)
    page.click("#fresh a")
    assert page.locator("#documents tbody tr").first.get_attribute("data-status") == "failed"
    assert fits(page)
    page.fill("#q", WRONG)
    page.press("#q", "Enter")
    page.locator("#search .found a").first.click()
    page.wait_for_selector("#findings")
    assert fits(page)
    page.locator("details.finding.cause summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("c")
    page.check('#decision [value="corrected"]')
    page.fill('#decision [name="corrected"]', RIGHT)
    page.fill('#decision [name="name"]', "甲")
    page.fill('#decision [name="reason"]', "见原表")
    page.locator("#decision form button").first.click()
    page.wait_for_selector("#decisions ins, #decisions .number", timeout=60_000)
    assert RIGHT in page.locator("#decisions").inner_text()
    assert "含人工更正" in page.locator(".summary").inner_text()
    with page.expect_download() as download:
        page.locator(".ways a").first.click()
    assert Path(download.value.path()).read_bytes() == (site.out / "xlsx" / f"{FAILING.stem}.xlsx").read_bytes()
    page.locator("#decisions .withdraw").click()
    page.wait_for_selector(".summary .status.failed", timeout=60_000)
    assert [one.kind for one in read_decisions(site.out)] == ["corrected", "withdrawn"]


DROPPED = """([name, encoded]) => {
    const bytes = Uint8Array.from(atob(encoded), one => one.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], name, { type: "application/pdf" }));
    return data;
}"""


@needs_chromium
def test_a_folder_is_chosen_and_a_file_dropped_in_english(
    open_page: "Callable[[int], Page]", tmp_path_factory: pytest.TempPathFactory
) -> None:
    page = open_page(1280)
    page.click("#language")
    assert "Drop PDFs" in page.locator("#drop").inner_text()
    folder = tmp_path_factory.mktemp("folder")
    (folder / "inside").mkdir()
    shutil.copy(GOOD, folder / "inside" / "chosen.pdf")
    (folder / "notes.txt").write_text("no document")
    page.set_input_files("#folder", folder)
    page.wait_for_selector("#items li:has-text('chosen.pdf') .verified", timeout=60_000)
    encoded = base64.b64encode(FAILING.read_bytes()).decode()
    dropped = page.evaluate_handle(DROPPED, ["dropped.pdf", encoded])
    page.dispatch_event("#drop", "drop", {"dataTransfer": dropped})
    page.wait_for_selector("#items li:has-text('dropped.pdf') .failed", timeout=60_000)
    assert page.locator("#items li").count() == 2


@needs_chromium
def test_a_page_of_another_site_can_do_nothing(browser: "Browser", address: str, site: Site, tmp_path: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    target = address.partition("/?")[0]
    other = tmp_path / "evil.html"
    other.write_text(
        f'<form method="post" action="{target}/decisions"><input name="kind" value="seen"><button>x</button>'
    )
    page.goto(other.as_uri())
    page.click("button")
    page.wait_for_load_state()
    assert "Refused" in page.inner_text("body")
    assert not (site.out / "decisions.csv").exists()
    context.close()


# ---- the command -----------------------------------------------------------------------------------------------------


def test_the_command_prints_an_address_that_opens_the_folder_and_ends_by_ctrl_c(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "extract", "serve", str(tmp_path), "--lang", "en"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=LISTENING) as running:
        assert running.stdout
        told, address = running.stdout.readline().decode(), running.stdout.readline().decode().strip()
        assert str(tmp_path) in told
        assert address.startswith("http://127.0.0.1:")
        with httpx2.Client(follow_redirects=True) as client:
            assert client.get(address.partition("?")[0]).status_code == 403
            assert 'id="upload"' in client.get(address).text
        running.send_signal(signal.SIGINT)
        assert running.wait(20) == 0


def test_an_address_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = extract("serve", str(tmp_path), "--port", str(taken.getsockname()[1]))
    assert (done.returncode, b"cannot be had" in done.stderr) == (2, True)
