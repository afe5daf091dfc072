"""What the tests share: the built-in schemas, the samples, and the real reports where they are at hand."""

from pathlib import Path

import pytest

from extract.batch import Batch, Progress
from extract.executors import Maker, same_thread
from extract.jobs import Recipe
from extract.model import Report
from extract.pipeline import Knowledge, read_document
from extract.readers import DEFAULT_READER, Reader, reader
from extract.schema_files import load
from extract.schemas import Schemas
from extract.sources import find_sources, identified
from extract.summary import Summary

ROOT = Path(__file__).parents[1]
SAMPLES = sorted((ROOT / "samples").glob("*.pdf"))
SHARED = ROOT.parent / "shared"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the real reports are not beside the project")


@pytest.fixture(scope="session")
def schemas() -> Schemas:
    return load()


@pytest.fixture(scope="session")
def knowledge(schemas: Schemas) -> Knowledge:
    return Knowledge(schemas)


@pytest.fixture(scope="session")
def sample_reports(knowledge: Knowledge) -> dict[str, Report]:
    """The samples' reports by year, as the default reader gives them."""
    read = reader(DEFAULT_READER)
    reports = (read_document(path.read_bytes(), path.name, read, knowledge) for path in SAMPLES)
    return {str(report.fiscal_year): report for report in reports}


class Runner:
    """Runs over paths into a folder: in this thread, by the default reader, telling nobody, unless something else is named."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def __call__(
        self,
        out: Path,
        *paths: Path,
        read: Reader | None = None,
        maker: Maker = same_thread,
        progress: Progress = lambda _count, _total: None,
        redo: bool = False,
    ) -> list[Summary]:
        out.mkdir(exist_ok=True)
        sources, _ = identified(find_sources(map(str, paths)))
        return Batch(out, Recipe(read or reader(DEFAULT_READER), self._knowledge), maker, "extract in -o out", redo).run(sources, progress)


@pytest.fixture(scope="session")
def run(knowledge: Knowledge) -> Runner:
    return Runner(knowledge)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write tests/golden/ anew; read the difference before committing it")
