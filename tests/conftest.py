"""What the tests share: the built-in schemas, the samples, the real reports where they are at hand, and a browser."""

import gc
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import readings
from engine import same_thread
from hypothesis import settings

from extract.__main__ import SELDOM
from extract.document.pipeline import Knowledge, read_document
from extract.document.summary import Summary
from extract.model.report import Report
from extract.out import layout
from extract.reading.base import DEFAULT_READER, Reader, reader
from extract.runs.batch import Batch, Progress
from extract.runs.executors import Maker
from extract.runs.jobs import Recipe, knowledge_of
from extract.runs.sources import find_sources, identified
from extract.schemas.grammar import Schemas
from extract.schemas.load import load

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is started need not compile everything each time
gc.set_threshold(SELDOM, 20, 20)  # as the program does
IN_MEMORY = Path("/dev/shm")  # what tests write there comes and goes in half the time that a disk takes
if IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > 4 << 30:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))
settings.register_profile("no example is too slow", deadline=None)
settings.load_profile("no example is too slow")
ROOT = Path(__file__).parents[1]
SAMPLES = sorted((ROOT / "samples").glob("*.pdf"))
LISTENING = partial(
    signal.signal, signal.SIGINT, signal.SIG_DFL
)  # in a child: what runs in the background of a script ignores Ctrl-C
BOTH = ("xlsx", "review")  # the files that a document gets by default
SHARED = ROOT.parent / "shared"
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--in-process-gpu", "--renderer-process-limit=1", "--no-first-run"] + [
    f"--disable-{what}" for what in ("quic", "background-networking", "component-update", "sync")
]
needs_chromium = pytest.mark.skipif(not os.path.exists(CHROMIUM), reason="Chromium is not installed")
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the real reports are not beside the project")


def pytest_xdist_auto_num_workers() -> int:
    """One more than cores, as a browser, a server or another process is often waited for."""
    return (os.cpu_count() or 1) + 1


def pytest_sessionfinish() -> None:
    """Pytest looks through all readings for garbage five times at the end, which takes seconds and finds none."""
    gc.freeze()


@pytest.fixture(scope="session")
def schemas() -> Schemas:
    return load()


@pytest.fixture(params=[layout.SINGLE, 0], ids=["single files", "buckets"])
def either_layout(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few documents as single files, and kept as many are."""
    monkeypatch.setattr(layout, "SINGLE", request.param)


@pytest.fixture(scope="session", autouse=True)
def knowledge(schemas: Schemas) -> Knowledge:
    """Prepared once for all the runs of a process and for the copies of it that they start."""
    return knowledge_of(schemas)


@pytest.fixture(scope="session", autouse=True)
def _readings_of_all(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Readings are shared by the processes of a run, each of which has a folder beside those of the others."""
    base = tmp_path_factory.getbasetemp()
    readings.keep_in((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "readings")


@pytest.fixture(scope="session", autouse=True)
def _no_power_cut() -> Iterator[None]:
    """Nothing waits for the disk: no test cuts the power."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _descriptor: None)
        yield


ReadFile = Callable[..., Report]


@pytest.fixture(scope="session")
def read_file(knowledge: Knowledge) -> ReadFile:
    """The report of a file by the reader of that name, which is read once in all the run."""

    @cache
    def one(path: Path, name: str = DEFAULT_READER) -> Report:
        content = path.read_bytes()
        return readings.shared(
            (name, path.name), content, lambda: read_document(content, path.name, reader(name), knowledge)
        )

    return one


@pytest.fixture(scope="session")
def sample_reports(read_file: ReadFile) -> dict[str, Report]:
    """The samples' reports by year, as the default reader gives them."""
    return {str(report.fiscal_year): report for report in map(read_file, SAMPLES)}


@pytest.fixture(scope="session")
def slight_reports(sample_reports: dict[str, Report]) -> dict[str, Report]:
    """The samples' reports with rows of two datasets, for tests of how documents are kept, whatever they say."""
    return {
        year: replace(
            report,
            tables=report.tables[:3],
            rows={name: report.rows[name] for name in ("revenue", "expenditure")},
            checks=report.checks[:20],
            statements=report.statements[:3],
        )
        for year, report in sample_reports.items()
    }


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: "Browser") -> "Iterator[Callable[..., Page]]":
    """Opens a file without network; afterwards nothing may have been complained of and nothing asked for but files."""
    complaints: list[str] = []
    requests: list[str] = []
    contexts = []

    def visit(path: Path, width: int = 1280, locale: str = "zh-CN") -> "Page":
        context = browser.new_context(viewport={"width": width, "height": 900}, offline=True, locale=locale)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(path.as_uri())
        return page

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []


class Runner:
    """Runs over paths into a folder: in this thread, by the default reader, without files for people, telling nobody.

    What a test needs otherwise it names.
    """

    def __init__(self, schemas: Schemas) -> None:
        self.schemas = schemas

    def __call__(
        self,
        out: Path,
        *paths: Path,
        read: Reader | None = None,
        maker: Maker = same_thread,
        progress: Progress = lambda _count, _total: None,
        redo: bool = False,
        files: tuple[str, ...] = (),
    ) -> list[Summary]:
        out.mkdir(exist_ok=True)
        sources, _ = identified(find_sources(map(str, paths)).documents, {})
        return Batch(
            out, Recipe(read or reader(DEFAULT_READER), self.schemas, files), maker, "extract in -o out", redo
        ).run(sources, progress)


@pytest.fixture(scope="session")
def run(schemas: Schemas) -> Runner:
    return Runner(schemas)


@pytest.fixture(scope="session")
def reviewed(tmp_path_factory: pytest.TempPathFactory, run: Runner) -> Path:
    """What a run over the samples and a file that is no PDF writes."""
    folder = tmp_path_factory.mktemp("out")
    broken = folder / "broken.pdf"
    broken.write_text("this is no PDF")
    run(folder / "out", *SAMPLES, broken, files=BOTH)
    return folder / "out" / "review"


WHOLE = {
    "test_api",
    "test_batch",
    "test_between",
    "test_buckets",
    "test_cli",
    "test_cookbook",
    "test_csv",
    "test_decisions",
    "test_diff",
    "test_folder",
    "test_isolation",
    "test_limits",
    "test_missing",
    "test_parquet",
    "test_pictures",
    "test_prepared_folder",
    "test_readers",
    "test_reports",
    "test_review",
    "test_review_overview",
    "test_scan",
    "test_storage",
    "test_streams",
    "test_web",
    "test_workbook",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests that do the whole job: they start processes, a server or a browser, read
    whole reports, write whole output folders, or recognise pictures.
    """
    for item in items:
        if item.path.stem in WHOLE:
            item.add_marker(pytest.mark.whole)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write tests/golden/ anew; read the difference before committing it",
    )
