"""The program `extract`, also as `python -m extract`."""

import gc
import logging
import os
import sys
import threading

from extract.cli.commands import main

SELDOM = 50_000  # new objects after which garbage is looked for; what is loaded makes many that live on


def program() -> None:
    """The command. It ends without taking apart what it has loaded, which takes a tenth of the time of a report: the
    system takes everything back at once.
    """
    gc.set_threshold(SELDOM, 20, 20)
    try:
        main()
    except SystemExit as end:
        _end(end.code or 0)
        raise
    _end(0)


def _end(code: str | int) -> None:
    """Ends the process, unless there is something left to do or to tell."""
    if isinstance(code, str) or threading.active_count() > 1:
        return
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except OSError:
        return
    logging.shutdown()
    os._exit(code)


if __name__ == "__main__":
    program()
