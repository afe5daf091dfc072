"""What runs in a process of `isolation`: takes (limits, function, argument) from standard input, answers (succeeded,
result or error).
"""

import faulthandler
import os
import pickle
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any

from extract import log
from extract.errors import ExtractError, LostError
from extract.out.without_pandas import keep_pandas_out
from extract.reading.limits import choose_largest
from extract.runs.isolation import Death, Limits, memory_held


def main() -> None:
    """On Linux the work is done by a copy of this process, and this one tells how that ended: what a process had of
    memory at most begins with what the program that started it had, but for a copy.
    """
    keep_pandas_out()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    if sys.platform == "linux" and (worker := os.fork()):
        _tell_death(worker, answers)
    else:
        answer(sys.stdin.buffer, answers)


def _tell_death(worker: int, answers: IO[bytes]) -> None:
    """Waits until that process ends, and answers in its place if it was ended by something."""
    _, status, usage = os.wait4(worker, 0)
    if code := os.waitstatus_to_exitcode(status):
        with suppress(OSError):  # nobody waits for it
            pickle.dump((False, Death(code, usage.ru_maxrss << 10)), answers)
            answers.flush()


def answer(questions: IO[bytes], answers: IO[bytes]) -> None:
    """Answers until the questions end, or until it has run out of memory once."""
    log.follow()
    born_with = memory_held("VmData")
    succeeded = True
    while succeeded:
        try:
            limits, function, argument = pickle.load(questions)
        except EOFError:
            return
        succeeded, result = _limited(limits, born_with, function, argument)
        pickle.dump((succeeded, result), answers)
        answers.flush()


def _limited(limits: Limits, born_with: int, function: Callable[[Any], Any], argument: object) -> tuple[bool, object]:
    """The clock is a thread without Python, so that nothing that Python or a library does can stop it."""
    _limit_memory(limits.memory + born_with)
    choose_largest(limits.size)
    faulthandler.dump_traceback_later(limits.seconds, exit=True)
    try:
        return True, function(argument)
    except MemoryError:
        return False, LostError("memory_limit", gigabytes=f"{limits.memory / (1 << 30):g}")
    except ExtractError as error:
        return False, error
    finally:
        faulthandler.cancel_dump_traceback_later()


def _limit_memory(wanted: int) -> None:
    if sys.platform == "linux":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(
            resource.RLIMIT_DATA, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
        )


if __name__ == "__main__":
    main()
