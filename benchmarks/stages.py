"""Where the time of the whole job goes: by function with cProfile, by stage with clocks put around the stages' own
functions.

A stage's time is its own: what it spends in another stage, or in a garbage collection, is counted there. The two are
separate passes, as the profiler slows down Python code and leaves native code as it is.
"""

import cProfile
import gc
import io
import pstats
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pkgutil import resolve_name
from time import perf_counter
from typing import Any, Literal, NamedTuple
from unittest.mock import patch

from contenders import Document, Job

TOP = 25
COLLECTION = "garbage collection"
REST = "everything else"
# stage → its functions, as `module:owner` and attribute; replaced where they are looked up
STAGES: Mapping[str, Sequence[tuple[str, str]]] = {
    "PDFium: open and close file": [("pypdfium2:PdfDocument", "__init__"), ("pypdfium2:PdfDocument", "close")],
    "PDFium: page load": [("pypdfium2.raw", "FPDF_LoadPage"), ("pypdfium2.raw", "FPDF_ClosePage")],
    "PDFium: text page load": [("pypdfium2.raw", "FPDFText_LoadPage"), ("pypdfium2.raw", "FPDFText_ClosePage")],
    "reader: text": [("extract.reading.pdfium", "_text")],
    "reader: char boxes": [("extract.reading.pdfium", "_glyphs")],
    "reader: paths": [("extract.reading.pdfium", "_drawn")],
    "reader: the rest": [("extract.reading.pdfium", "_read_page")],
    "grids": [("extract.document.pipeline", "grids")],
    "recognise": [
        ("extract.tables.captions:CaptionReader", "titles_of"),
        ("extract.tables.shapes:ShapeReader", "best"),
        ("extract.document.pipeline", "identify"),
    ],
    "assemble": [
        ("extract.tables.assemble:Assembler", "add"),
        ("extract.tables.assemble:Assembler", "add_captions"),
        ("extract.document.pipeline", "fragments"),
    ],
    "normalise": [("extract.tables.normalise:Normaliser", "add")],
    "prose": [
        ("extract.prose.statements:StatementReader", "states_figures"),
        ("extract.prose.statements:StatementReader", "statements"),
        ("extract.document.pipeline", "Prose"),
        ("extract.document.pipeline", "glossary"),
        ("extract.document.pipeline", "overview"),
    ],
    "checks": [
        ("extract.document.pipeline", "check_tables"),
        ("extract.document.pipeline", "check_statements"),
        ("extract.document.pipeline", "Evidence"),
    ],
    "second readers: pages": [
        ("extract.reading.whole:PagesAgain", "read"),
        ("extract.reading.camelot:CamelotReader", "read"),
    ],
    "second readers: judging": [("extract.document.pipeline", "reread_doubtful_pages")],
    "write: Arrow tables": [("extract.out.packed", "tables")],
    "write: workbooks": [("extract.runs.jobs", "workbook"), ("extract.runs.output", "write_run_workbook")],
    "write: fragments": [("extract.runs.jobs", "pack")],
    "write: CSV": [("extract.out.csv:CsvFile", "write")],
    "write: Parquet": [("extract.out.parquet:DatasetFile", "write"), ("extract.out.parquet:DatasetFile", "close")],
    "write: sync to disk": [("extract.runs.output", "_sync")],
    "write: the rest": [("contenders", "write_packed")],
}


class Profile(NamedTuple):
    """The report of cProfile, seconds by stage in the round least disturbed, and stages of which a function was not
    found.
    """

    functions: str
    seconds: dict[str, float]
    missing: list[str]


def profile(documents: Sequence[Document], rounds: int) -> Profile:
    """The whole job, once to warm up, by stage as often as told, once by function."""
    job = Job()
    job.whole(documents)
    clocks = [Clock() for _ in range(rounds)]
    missing: list[str] = []
    for clock in clocks:
        job.forget()
        gc.collect()
        missing = clock.time(lambda: job.whole(documents))
    job.forget()
    fastest = min(clocks, key=lambda clock: sum(clock.seconds.values()))
    return Profile(_functions(lambda: job.whole(documents)), fastest.seconds, missing)


def table(found: Profile, pages: int) -> list[str]:
    """The stages with their time a page and share."""
    total = sum(found.seconds.values())
    lines = [f"{'stage (own time)':30} {'ms/page':>9} {'share':>7}"]
    lines += [
        f"{stage:30} {1000 * seconds / pages:>9.3f} {seconds / total:>7.1%}" for stage, seconds in found.seconds.items()
    ]
    lines.append(f"{'together':30} {1000 * total / pages:>9.3f}")
    return lines + [f"not found, so counted where they are called: {', '.join(found.missing)}"] * bool(found.missing)


def _functions(run: Callable[[], object]) -> str:
    profiler = cProfile.Profile()
    profiler.runcall(run)
    out = io.StringIO()
    pstats.Stats(profiler, stream=out).strip_dirs().sort_stats("tottime").print_stats(TOP)
    return out.getvalue().strip()


class Clock:
    """Seconds by stage, each without what was spent in a stage inside of it."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys([*STAGES, COLLECTION, REST], 0.0)
        self._inner: list[float] = []  # for each running stage: seconds spent in stages inside of it
        self._collection_start = 0.0

    def time(self, run: Callable[[], object]) -> list[str]:
        """Runs with a clock around every function of STAGES; returns those that are not there."""
        missing = []
        with ExitStack() as stack:
            for stage, functions in STAGES.items():
                for place, name in functions:
                    owner = resolve_name(place)
                    if hasattr(owner, name):
                        stack.enter_context(patch.object(owner, name, self._timed(stage, getattr(owner, name))))
                    else:
                        missing.append(f"{place}.{name}")
            stack.enter_context(self._collections())
            self._timed(REST, run)()
        return missing

    def _timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **options: Any) -> Any:
            self._inner.append(0.0)
            start = perf_counter()
            try:
                result = function(*arguments, **options)
                return (
                    list(result) if isinstance(result, Iterator) else result
                )  # else its work would fall to who goes through it
            finally:
                self._add(stage, perf_counter() - start, self._inner.pop())

        return timed

    def _add(self, stage: str, spent: float, inside: float) -> None:
        self.seconds[stage] += spent - inside
        if self._inner:
            self._inner[-1] += spent

    @contextmanager
    def _collections(self) -> Iterator[None]:
        gc.callbacks.append(self._collected)
        try:
            yield
        finally:
            gc.callbacks.remove(self._collected)

    def _collected(self, phase: Literal["start", "stop"], _: dict[str, int]) -> None:
        if phase == "start":
            self._collection_start = perf_counter()
        else:
            self._add(COLLECTION, perf_counter() - self._collection_start, 0.0)
