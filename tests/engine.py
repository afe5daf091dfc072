"""Jobs done in this thread, without limits, for tests of what a run writes."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any

from extract.runs.executors import Engine


class _SameThread(Executor):
    """Calls at once."""

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def same_thread() -> Iterator[Engine]:
    """One job after the other."""
    yield Engine(_SameThread(), lambda function, argument: function(argument), 1)
