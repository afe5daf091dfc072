"""A copy of this process, with two pipes to it, for what `subprocess.Popen` does with a program."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import IO

from extract import log

PAUSE = 0.01  # seconds between two looks whether it has ended


class Fork:
    """A process that calls `work` with what it is sent and where its answers go, and ends when that returns. It is
    asked about as `subprocess.Popen` is.
    """

    def __init__(self, work: Callable[[IO[bytes], IO[bytes]], None]) -> None:
        questions, sent = os.pipe()
        received, answers = os.pipe()
        self.returncode: int | None = None
        self.pid = os.fork()
        if not self.pid:
            _work(work, questions, answers)
        os.close(questions)
        os.close(answers)
        self.sent, self.received = os.fdopen(sent, "wb"), os.fdopen(received, "rb")

    def poll(self) -> int | None:
        if self.returncode is None:
            with suppress(ChildProcessError):  # another thread was faster
                ended, status = os.waitpid(self.pid, os.WNOHANG)
                if ended:
                    self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        end = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if end is not None and time.monotonic() > end:
                raise subprocess.TimeoutExpired("fork", timeout or 0)
            time.sleep(PAUSE)
        return code

    def kill(self) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)


def _work(work: Callable[[IO[bytes], IO[bytes]], None], questions: int, answers: int) -> None:
    """The life of the copy: it is never more than this, whatever its memory says of the process that it was."""
    code = 1
    try:
        os.setsid()
        _let_go({questions, answers})
        sys.stdout = sys.stderr = os.fdopen(2, "w", closefd=False)
        work(os.fdopen(questions, "rb"), os.fdopen(answers, "wb"))
        code = 0
    finally:
        os._exit(code)


def _let_go(kept: set[int]) -> None:
    """Puts nothing in the place of every open file of the other process, whose locks would else be held here; standard
    error stays where messages are shown. What is printed is no answer.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    shown = {2} if log.is_shown() else set()
    for file in map(int, os.listdir("/proc/self/fd")):
        if file not in kept | shown | {nothing}:
            with suppress(OSError):  # the listing itself is closed by now
                os.dup2(nothing, file)
    os.dup2(2, 1)
