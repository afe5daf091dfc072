"""What the program tells about its own work, for `-v` and `--debug`: loggers named after modules, on standard error.

Processes that a run starts take the level from the environment.
"""

import logging
import os

LEVEL = "EXTRACT_LOG"  # the environment variable that carries the level to other processes
ROOT = logging.getLogger("extract")


def start(level: str | None) -> None:
    """Shows messages of at least a level (`INFO`, `DEBUG`), here and in processes started from now on; None shows
    none.
    """
    if level:
        os.environ[LEVEL] = level
    else:
        os.environ.pop(LEVEL, None)
    follow()


def follow() -> None:
    """Shows messages as the environment says."""
    for handler in ROOT.handlers[:]:
        ROOT.removeHandler(handler)
    ROOT.addHandler(_handler() if is_shown() else logging.NullHandler())
    ROOT.setLevel(os.environ.get(LEVEL, logging.NOTSET))


def is_shown() -> bool:
    """Whether messages are shown at all."""
    return bool(os.environ.get(LEVEL))


def _handler() -> logging.Handler:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s", "%H:%M:%S"))
    return handler
