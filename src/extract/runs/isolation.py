"""Work done in a process of its own, with a time limit and a memory limit: what a document does to that process costs
only the document.

The processes are kept for the next piece of work, in whatever process asks for one, so that a thread of this program
and a worker of a cluster isolate alike. Each has its own pipes: no lock and no queue is shared that a killed one could
leave broken.
"""

import atexit
import gc
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import IO, NamedTuple, TypeVar, cast

from extract import log
from extract.errors import LostError
from extract.reading.limits import Size
from extract.runs.fork import Fork

USES = 200  # pieces of work after which a process is replaced, so that what libraries never give back does not add up
SPARING = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "OPENBLAS_NUM_THREADS": "1",
}  # memory set aside in advance would count as taken
NEARLY = 0.7  # of the memory that it may take: a process that had so much and was ended by a signal wanted more
GRACE = 5  # seconds that a process may take to end once it has stopped answering
_Argument = TypeVar("_Argument")
_Result = TypeVar("_Result")


class Limits(NamedTuple):
    """What a piece of work may take: seconds by the clock, and bytes of memory of its own (held on Linux only); and how
    much a document of it may hold.
    """

    seconds: float = 600
    memory: int = 2 << 30
    size: Size = Size()


class Death(NamedTuple):
    """How a process ended: its exit code (of a signal: less than 0), and bytes of memory that it had at most, 0 where
    that is not known.
    """

    code: int | None
    memory: int


class _Child:
    """A process that runs what it is sent (see `child`). It ends by itself when this one is gone."""

    def __init__(self, process: "subprocess.Popen[bytes] | Fork", sent: IO[bytes], received: IO[bytes]) -> None:
        self.process, self.sent, self.received = process, sent, received
        self.memory_of_parent = memory_held("VmRSS")
        self.uses = 0

    @classmethod
    def started(cls) -> "_Child":
        """One that begins from nothing."""
        environment = {**os.environ, **SPARING, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-P", "-m", "extract.runs.child"]
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if log.is_shown() else subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        return cls(process, cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout))

    @classmethod
    def forked(cls) -> "_Child":
        """One that has what this process has loaded."""
        from extract.runs.child import answer

        fork = Fork(answer)
        return cls(fork, fork.sent, fork.received)

    def ask(self, limits: Limits, function: Callable[[_Argument], _Result], argument: _Argument) -> _Result:
        """Raises LostError if the process does not live to answer, and the ExtractError that the function raised."""
        self.uses += 1
        started = time.monotonic()
        try:
            pickle.dump((limits, function, argument), self.sent)
            self.sent.flush()
            succeeded, answer = pickle.load(self.received)
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            raise _lost(self._death(), limits, time.monotonic() - started) from error
        if isinstance(answer, Death):
            raise _lost(answer, limits, time.monotonic() - started)
        if not succeeded:
            raise answer
        return cast(_Result, answer)

    def _death(self) -> Death:
        """Of a copy of this process, which shares what this one had. Of a program only the code: what it had at most is
        counted from what this process had (see `child.main` for how it is known).
        """
        if sys.platform != "linux" or not isinstance(self.process, Fork):
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(GRACE)
            return Death(self.process.returncode, 0)
        until = time.monotonic() + GRACE
        with suppress(ChildProcessError):  # another thread that ends it was faster
            while time.monotonic() < until:
                ended, status, usage = os.wait4(self.process.pid, os.WNOHANG)
                if ended:
                    self.process.returncode = os.waitstatus_to_exitcode(status)
                    return Death(self.process.returncode, (usage.ru_maxrss << 10) - self.memory_of_parent)
                time.sleep(0.01)
        return Death(self.process.returncode, 0)

    def worn(self) -> bool:
        return self.uses >= USES or self.process.poll() is not None

    def kill(self) -> None:
        """Ends it and what it has begun."""
        if sys.platform == "linux" and self.process.poll() is None:
            with suppress(OSError):  # it has no group of its own yet
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()

    def end(self) -> None:
        self.kill()
        self.process.wait()
        for pipe in (self.sent, self.received):
            with suppress(OSError):  # what was not yet sent goes nowhere
                pipe.close()


def _lost(death: Death, limits: Limits, seconds: float) -> LostError:
    """What is told of a process that ended so after so many seconds of work."""
    code = death.code
    if seconds >= limits.seconds:  # whatever it died of while it was being ended
        return LostError("time_limit", seconds=f"{limits.seconds:g}")
    if code and code < 0 and death.memory > NEARLY * limits.memory:  # a library that gets no more ends the process
        return LostError("memory_limit", gigabytes=f"{limits.memory / (1 << 30):g}")
    return LostError("process_died", reason=signal.Signals(-code).name if code and code < 0 else f"exit {code}")


class Children:
    """The processes at hand: those that wait for work and those that work."""

    def __init__(self) -> None:
        self._idle: list[_Child] = []
        self._working: set[_Child] = set()
        self._closed = False

    def fork(self, count: int) -> None:
        """Makes so many that need not load what this process has loaded, which takes as long as reading a document.

        A copy of a process with other threads could wait for ever for what one of them holds: then, and where systems
        do not copy processes well, those that are asked for begin from nothing.
        """
        if sys.platform == "linux" and threading.active_count() == 1:
            gc.freeze()  # looking for garbage would copy what both share
            self._idle += [_Child.forked() for _ in range(count)]

    def run(self, limits: Limits, function: Callable[[_Argument], _Result], argument: _Argument) -> _Result:
        """What the function makes of the argument.

        Raises LostError if it takes more than the limits, or its process dies.
        """
        child = self._waiting() or _Child.started()
        self._working.add(child)
        if self._closed:
            child.kill()
        try:
            result = child.ask(limits, function, argument)
        except BaseException:  # what it did to the process nobody knows
            child.end()
            raise
        finally:
            self._working.discard(child)
        if self._closed or child.worn():
            child.end()
        else:
            self._idle.append(child)
        return result

    def _waiting(self) -> _Child | None:
        with suppress(IndexError):  # another thread was faster
            return self._idle.pop()
        return None

    def close(self) -> None:
        """Kills them all; what was asked of those that work is lost."""
        self._closed = True
        for working in list(self._working):
            working.kill()
        while child := self._waiting():
            child.end()


def memory_held(kind: str) -> int:
    """Bytes of memory that this process has: `VmRSS` of the machine, `VmData` of its own to write to. 0 where the
    system does not say.
    """
    with suppress(OSError), open("/proc/self/status", encoding="ascii", errors="replace") as told:
        return next((int(line.split()[1]) << 10 for line in told if line.startswith(f"{kind}:")), 0)
    return 0


_here = Children()
atexit.register(_here.close)


def isolated(limits: Limits, function: Callable[[_Argument], _Result], argument: _Argument) -> _Result:
    """The same among the processes of whatever process this is called in, such as a worker of a cluster."""
    return _here.run(limits, function, argument)
