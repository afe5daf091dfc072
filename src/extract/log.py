"""What the program tells about its own work, for `-v`, `--debug` and `--log-file`: loggers named after modules, on
standard error or in a file.

Processes that a run starts take level and file from the environment.
"""

import logging
import os

LEVEL = "EXTRACT_LOG"  # the environment variable that carries the level to other processes
FILE = "EXTRACT_LOG_FILE"  # and the one that carries the file
ROOT = logging.getLogger("extract")


def start(level: str | None, file: str | None = None) -> None:
    """Shows messages of at least a level (`INFO`, `DEBUG`), here and in processes started from now on; None shows
    none. A file gets them too, at least those of `INFO`, after what is in it.
    """
    for name, value in ((LEVEL, level), (FILE, file and os.path.abspath(file))):
        if value:
            os.environ[name] = value
        else:
            os.environ.pop(name, None)
    follow()


def follow() -> None:
    """Tells messages where and as the environment says. Raises OSError if the file cannot be written."""
    for handler in ROOT.handlers[:]:
        ROOT.removeHandler(handler)
        handler.close()
    file = os.environ.get(FILE)
    handlers: list[logging.Handler] = [_formatted(logging.StreamHandler(), "%H:%M:%S")] if is_shown() else []
    if file:
        handlers.append(_formatted(logging.FileHandler(file, encoding="utf-8"), "%Y-%m-%d %H:%M:%S"))
    for handler in handlers or [logging.NullHandler()]:
        ROOT.addHandler(handler)
    ROOT.setLevel(os.environ.get(LEVEL, "INFO" if file else logging.NOTSET))


def is_shown() -> bool:
    """Whether messages are shown at all."""
    return bool(os.environ.get(LEVEL))


def _formatted(handler: logging.Handler, time: str) -> logging.Handler:
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s", time))
    return handler
