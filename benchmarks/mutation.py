"""How many small changes of a module its tests notice: comparisons, arithmetic, conditions and constants in functions
are changed one at a time, and the tests run until one fails.

    python benchmarks/mutation.py extract.amounts tests/test_amounts.py [--sample 60] [--seed 1]

Every mutant is a copy of this process, in which the changed code is put into the functions that are loaded, so that
nothing is imported twice.
"""

import argparse
import ast
import copy
import importlib
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, cast

import pytest

PATIENCE = 120  # seconds of a mutant's tests: what takes longer hangs, which is noticed too
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
    elif isinstance(node, ast.Return) and not (node.value is None or _is_none(node.value)):
        other.value = ast.Constant(None)
    else:
        return None
    return cast(ast.AST, other)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


class Change(ast.NodeTransformer):
    """Changes the node of this number, counted among those inside of functions that can be changed."""

    def __init__(self, number: int) -> None:
        self.number, self.count, self.depth, self.line = number, 0, 0, 0

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, ast.FunctionDef):  # its decorators and annotations do nothing
            self.depth += 1
            node.body = [self.visit(one) for one in node.body]
            self.depth -= 1
            return node
        if self.depth and (other := changed(node)) is not None:
            self.count += 1
            if self.count - 1 == self.number:
                self.line = node.lineno  # type: ignore[attr-defined]
                return ast.copy_location(other, node)
        return self.generic_visit(node)


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
            if hasattr(one, "cache_clear"):
                one.cache_clear()
            plain = getattr(one, "fget", None) or getattr(one, "__func__", None) or getattr(one, "__wrapped__", one)
            if isinstance(plain, FunctionType) and plain.__module__ == module.__name__:
                yield plain


def put(tree: ast.Module, module: ModuleType) -> None:
    """Puts the code of a tree into the module's functions."""
    new = dict(codes(compile(ast.fix_missing_locations(tree), str(module.__file__), "exec")))
    for function in functions(module):
        code = new.get(function.__qualname__)
        if code is not None and code.co_freevars == function.__code__.co_freevars:
            function.__code__ = code


def passes(tests: list[str]) -> bool:
    return pytest.main([*tests, "-x", "-q", "-n", "0", "-p", "no:cacheprovider", "--timeout", "0"]) == 0


def survives(tree: ast.Module, module: ModuleType, tests: list[str]) -> bool:
    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        signal.alarm(PATIENCE)
        put(tree, module)
        os._exit(0 if passes(tests) else 1)
    return os.waitpid(child, 0)[1] == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("module")
    parser.add_argument("tests", nargs="+")
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not passes(options.tests):
        sys.exit("the tests fail as they are")
    module = importlib.import_module(options.module)
    source = Path(str(module.__file__)).read_text(encoding="utf-8")
    counting = Change(-1)
    counting.visit(ast.parse(source))
    numbers = sorted(random.Random(options.seed).sample(range(counting.count), min(options.sample, counting.count)))
    started, survivors = time.monotonic(), []
    for number in numbers:
        change = Change(number)
        tree = change.visit(ast.parse(source))
        if survives(tree, module, options.tests):
            survivors.append(change.line)
            print(f"line {change.line} survives: {source.splitlines()[change.line - 1].strip()}", flush=True)
    killed = len(numbers) - len(survivors)
    print(f"{options.module}: {killed} of {len(numbers)} killed, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
