"""Where the jobs of a run are done: in processes of this machine, or on a cluster. The answers are the
same.

Each is a context manager that gives an `Engine` over an executor of concurrent.futures, and leaves nothing running
behind.
"""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any, NamedTuple, TypeVar

from extract.errors import ClusterError
from extract.runs.isolation import Children, Limits, isolated
from extract.version import __version__

ON_A_CLUSTER = 1000  # jobs that wait there at once, however many workers it has
PATIENCE = 10  # seconds in which a cluster must answer, and have a worker
_Argument = TypeVar("_Argument")
_Result = TypeVar("_Result")


class Engine(NamedTuple):
    """An executor, how to call a function of one argument on it, and how many calls it holds at once; `begin` is called
    with the number of calls before the first.
    """

    executor: Executor
    call: Callable[..., Any]
    at_once: int
    begin: Callable[[int], None] = lambda _calls: None

    def submit(self, function: Callable[[_Argument], _Result], argument: _Argument) -> "Future[_Result]":
        return self.executor.submit(self.call, function, argument)


Maker = Callable[[], AbstractContextManager[Engine]]


@contextmanager
def processes(jobs: int, limits: Limits, load: Callable[[], object] | None = None) -> Iterator[Engine]:
    """As many processes as `jobs`, each looked after by a thread. With `load` they are copies of this one where that
    can be done, made after it was called: what it loads is loaded once.
    """
    children = Children()

    def begin(calls: int) -> None:
        if load:
            load()
            children.fork(min(jobs, calls))

    with ThreadPoolExecutor(jobs) as executor:
        try:
            yield Engine(executor, partial(children.run, limits), 2 * jobs, begin)
        finally:
            executor.shutdown(wait=False, cancel_futures=True)
            children.close()


@contextmanager
def dask(address: str, limits: Limits) -> Iterator[Engine]:
    """The workers of a dask.distributed scheduler, each of which isolates its jobs in processes of its own.

    Raises ClusterError if it does not answer, has no worker, or its workers have another version of this program.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError("dask_missing") from error
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # this program tells what there is to tell
    try:
        client: Any = Client(address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise ClusterError("cluster_unreachable", address=address, reason=str(error)) from error
    with client:
        _wait_for_a_worker(client, address)
        _check_version(client)
        executor = client.get_executor(pure=False)
        try:
            yield Engine(executor, partial(isolated, limits), ON_A_CLUSTER)
        finally:
            executor.shutdown(wait=False)


def _wait_for_a_worker(client: Any, address: str) -> None:
    """A run on a cluster without workers would wait and say nothing."""
    try:
        client.wait_for_workers(1, PATIENCE)
    except TimeoutError as error:
        raise ClusterError("cluster_empty", address=address, seconds=PATIENCE) from error


def _check_version(client: Any) -> None:
    try:
        theirs = set(client.run(_version).values())
    except ImportError:
        theirs = {"–"}
    for version in theirs - {__version__}:
        raise ClusterError("version_differs", theirs=version, ours=__version__)


def _version() -> str:
    return __version__
