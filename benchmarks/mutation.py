"""How many small changes of the code its tests notice: comparisons, arithmetic, conditions, constants and answers of
functions are changed one at a time, and the tests that call the changed function run until one fails.

    python benchmarks/mutation.py [amounts|checks|tables|prose …] [--mutants 300] [--seed 1]

The tests are collected and run once, to learn which of them call what. Every mutant is then a copy of this process, in
which the changed code is put into the functions that are loaded, so that nothing is imported or collected twice. What
stands on the pages of a document is read once for all mutants, which change what is made of it. With `--quick`, tests
that read reports or write whole output folders are left out.
"""

import argparse
import ast
import copy
import gc
import importlib
import os
import pkgutil
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any, NamedTuple, cast

import pytest
from _pytest.runner import runtestprotocol

from extract.document import pipeline
from extract.model.page import PageReading
from extract.reading.base import Reader

PARTS = ("amounts", "checks", "tables", "prose")
QUICK = (  # tests that take little and need no process and no report
    *("amounts", "assemble", "checks", "hypotheses", "kinds", "lost_rows", "one_piece", "samples", "shapes", "slips"),
    *("final_accounts", "invented_places", "repeats", "statements", "suspects", "targets", "templates", "text"),
    *("annotated", "explain", "furniture", "marks", "printed_cells", "printing", "titles", "unknown_words", "unruled"),
    *("captions", "columns_together", "cut_headers", "forms", "hidden_text", "joining", "printed_rows", "vocabulary"),
    *("evidence", "status", "trees", "wording"),
)
WHOLE = ("between", "decisions", "diff", "missing", "reports")
FOLDER = Path(__file__).resolve().parents[1] / "tests"
PATIENCE = 300  # seconds of work: a mutant that takes longer hangs, which is noticed too
EACH = "*"
NOT_MADE = 2  # how the copy ends in which the change could not be made
ENOUGH = 150.0  # seconds of tests, the quickest first, for a function that nearly all of them call
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}


def changed(node: ast.AST) -> ast.AST | None:
    """The node with a small change; None where there is none to make."""
    other: Any = copy.deepcopy(node)
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
        other.ops[0] = COMPARISONS[type(node.ops[0])]()
    elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        other.op = OPERATORS[type(node.op)]()
    elif isinstance(node, ast.BoolOp):
        other.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        other = node.operand
    elif isinstance(node, ast.Constant) and isinstance(node.value, (bool, int)):
        other.value = not node.value if isinstance(node.value, bool) else node.value + 1
    elif isinstance(node, ast.Return) and not (node.value is None or _is_nothing(node.value)):
        other.value = ast.Constant(None)
    else:
        return None
    return cast(ast.AST, other)


def _is_nothing(node: ast.expr) -> bool:
    """Whether an answer is as false as None is: where it only matters if there is one, None is the same."""
    return (isinstance(node, ast.Constant) and not node.value) or (
        isinstance(node, ast.Tuple | ast.List) and not node.elts
    )


class Place(NamedTuple):
    """A change: its module, which of those that can be made there, its line, and the function it is in."""

    module: str
    number: int
    line: int
    function: str


class Change(ast.NodeTransformer):
    """Changes the node of this number, counted among those inside of functions that can be changed, and notes line and
    function of each.
    """

    def __init__(self, number: int = -1) -> None:
        self.number = number
        self.found: list[tuple[int, str]] = []
        self.names: list[str] = []
        self.depth = 0

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, ast.ClassDef):
            self.names.append(node.name)
            self.generic_visit(node)
            self.names.pop()
            return node
        if isinstance(node, ast.FunctionDef):  # its decorators and annotations do nothing
            self.depth += 1
            if self.depth == 1:
                self.names.append(node.name)
            node.body = [self.visit(one) for one in node.body]
            if self.depth == 1:
                self.names.pop()
            self.depth -= 1
            return node
        if isinstance(node, ast.keyword) and node.arg == "maxsize":  # of a cache, which changes no answer
            return node
        if isinstance(node, ast.AnnAssign):  # nothing asks what a variable is declared to be
            node.value = self.visit(node.value) if node.value else None
            return node
        if self.depth and (other := changed(node)) is not None:
            self.found.append((node.lineno, ".".join(self.names)))  # type: ignore[attr-defined]
            if len(self.found) - 1 == self.number:
                return ast.copy_location(other, node)
        return self.generic_visit(node)


def places(module: str) -> list[Place]:
    change = Change()
    change.visit(ast.parse(_source(module)))
    return [Place(module, number, *found) for number, found in enumerate(change.found)]


def _source(module: str) -> str:
    return Path(str(importlib.import_module(module).__file__)).read_text(encoding="utf-8")


def modules_of(part: str) -> list[str]:
    name = f"extract.{part}"
    inside = getattr(importlib.import_module(name), "__path__", ())
    return [one.name for one in pkgutil.iter_modules(inside, f"{name}.")] or [name]


def codes(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    """The codes of the functions of a module by name, methods too."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant.co_qualname, constant
            yield from codes(constant)


def functions(module: ModuleType) -> Iterator[FunctionType]:
    for found in vars(module).values():
        held = vars(found).values() if isinstance(found, type) and found.__module__ == module.__name__ else (found,)
        for one in held:
            plain = getattr(one, "fget", None) or getattr(one, "func", None) or getattr(one, "__func__", None)
            plain = plain or getattr(one, "__wrapped__", one)
            if isinstance(plain, FunctionType) and plain.__module__ == module.__name__:
                yield plain


def put(place: Place) -> None:
    """Puts the changed code into the functions of its module."""
    module = importlib.import_module(place.module)
    tree = Change(place.number).visit(ast.parse(_source(place.module)))
    new = dict(codes(compile(ast.fix_missing_locations(tree), str(module.__file__), "exec")))
    for function in functions(module):
        code = new.get(function.__qualname__)
        if code is not None and code.co_freevars == function.__code__.co_freevars:
            function.__code__ = code
    forget()


def forget() -> None:
    """Empties the caches of functions, and what the tests have kept of documents that were read."""
    import engine
    import readings

    engine.forget()
    readings.forget()
    for name in [name for name in sys.modules if name.startswith("extract.")]:
        for one in vars(sys.modules[name]).values():
            if callable(clear := getattr(one, "cache_clear", None)):
                clear()


class Mutating:
    """Takes the place of pytest's loop over the tests."""

    def __init__(self, parts: Sequence[str], mutants: int, seed: int) -> None:
        found = [place for part in parts for module in modules_of(part) for place in places(module)]
        self.places = random.Random(seed).sample(found, min(mutants, len(found)))
        self.made, self.killed = Counter[str](), Counter[str]()
        self.calls: dict[pytest.Item, set[tuple[str, str]]] = {}
        self.seconds: dict[pytest.Item, float] = {}
        self.prepared: set[tuple[str, str]] = set()
        self.learning = True

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        around = [*session.items[1:], session.items[0]]  # what fixtures of the session made stays for the mutants
        for item, following in zip(session.items, around, strict=True):
            began = time.process_time()
            if not self.passes(item, following):
                pytest.exit(f"{item.nodeid} fails as it is", 1)
            self.seconds[item] = time.process_time() - began
        self.learning = False
        gc.freeze()  # what is kept of the documents is not copied for each mutant
        if not self.survives(None, session.items, session):
            pytest.exit("a copy in which nothing is changed fails", 1)
        print(f"\n{len(session.items)} tests", flush=True)
        for number, place in enumerate(self.places):
            if number % 25 == 0:
                print(f"{self.killed.total()} of {number} killed", flush=True)
            part = place.module.split(".")[1]
            self.made[part] += 1
            tests = self.tests_of(place)
            if self.survives(place, tests, session):
                line = _source(place.module).splitlines()[place.line - 1].strip()
                print(f"{place.module}:{place.line} {place.number} ({len(tests)} tests): {line}", flush=True)
            else:
                self.killed[part] += 1
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        with _followed(self.prepared) if self.learning else nullcontext():
            yield

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        with _followed(self.calls.setdefault(item, set())) if self.learning else nullcontext():
            yield

    def passes(self, item: pytest.Item, following: pytest.Item | None) -> bool:
        return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))

    def tests_of(self, place: Place) -> list[pytest.Item]:
        """The tests that call its function, or that are about a document that is read with it, the quickest first and
        no more than are enough; behind them those of the samples if it is called as they are read.
        """
        key = (place.module, place.function)
        read = {_document(item) for item in self.calls if key in self.calls[item]} - {None}
        chosen, taken = [], 0.0
        for item in sorted(self.calls, key=self.seconds.__getitem__):
            same = bool(read) and _document(item) in {*read, EACH}
            if (key in self.calls[item] or same) and taken < ENOUGH:
                taken += self.seconds[item]
                chosen.append(item)
        samples = [item for item in self.calls if "sample_reports" in cast(pytest.Function, item).fixturenames]
        return [*chosen, *(item for item in samples if key in self.prepared and item not in chosen)]

    def survives(self, place: Place | None, tests: Sequence[pytest.Item], session: pytest.Session) -> bool:
        child = os.fork()
        if not child:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            signal.setitimer(signal.ITIMER_PROF, PATIENCE if place else 0)
            code = NOT_MADE
            try:
                put(place) if place else forget()
                code = 1
                session._setupstate.teardown_exact(None)
                code = 0 if all(map(self.passes, tests, [*tests[1:], None])) else 1
            finally:
                os._exit(code)
        ended = os.waitpid(child, 0)[1]
        if os.WIFEXITED(ended) and os.WEXITSTATUS(ended) == NOT_MADE:
            pytest.exit(f"{place} could not be made", 1)
        return ended == 0


def _document(item: pytest.Item) -> str | None:
    """The name of the report that a test is about, EACH of one that reads many, None of one that reads none."""
    if "read_file" not in cast(pytest.Function, item).fixturenames:
        return None
    called = getattr(item, "callspec", None)
    return called.id if called else EACH


@contextmanager
def _followed(called: set[tuple[str, str]]) -> Iterator[None]:
    """Notes the functions of this program that are called meanwhile, as module and name."""

    def note(frame: FrameType, event: str, _argument: object) -> None:
        module = str(frame.f_globals.get("__name__", ""))
        if event == "call" and module.startswith("extract."):
            called.add((module, frame.f_code.co_qualname.split(".<")[0]))

    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(None)


def remember_pages() -> None:
    """Keeps what stands on the pages of a document for the next who reads it by the same means."""
    read = pipeline.read_pages
    kept: dict[tuple[bytes, str, tuple[int, ...] | None], list[PageReading]] = {}

    def read_pages(
        content: bytes, reader: Reader, knowledge: pipeline.Knowledge, wanted: Collection[int] | None = None
    ) -> list[PageReading]:
        key = (content, f"{type(reader)} {reader.name}", None if wanted is None else tuple(wanted))
        if key not in kept:
            kept[key] = read(content, reader, knowledge, wanted)
        return list(kept[key])

    pipeline.read_pages = read_pages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART")
    parser.add_argument("--mutants", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    mutating = Mutating(options.parts or PARTS, options.mutants, options.seed)
    files = [str(FOLDER / f"test_{name}.py") for name in (QUICK if options.quick else (*QUICK, *WHOLE))]
    quiet = ["-q", "-n", "0", "-p", "no:cacheprovider", "-s", "--timeout", "0"]
    remember_pages()
    started = time.monotonic()
    pytest.main([*files, *quiet], plugins=[mutating])
    for part, made in mutating.made.items():
        print(f"{part}: {mutating.killed[part]} of {made} killed")
    killed, made = mutating.killed.total(), mutating.made.total()
    print(f"{killed} of {made} killed, {100 * killed / max(made, 1):.1f} %, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
