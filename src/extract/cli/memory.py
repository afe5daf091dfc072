"""What is said where the program itself gets too little memory: documents have limits of their own."""

import errno
import sys

from extract.errors import ExtractError

SAID = ("can't start new thread", "failed to map segment", "MemoryError")  # by Python, the loader, compiled libraries


def message_in_advance() -> str | None:
    """What will be said if memory runs out, made while there is some; None where nobody has limited it."""
    if sys.platform == "win32":
        return None
    import resource

    limited = resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY
    return str(ExtractError("no_memory")) if limited else None


def is_lacking(error: BaseException) -> bool:
    """Whether an error says that there was no more memory."""
    no_more = isinstance(error, OSError) and error.errno == errno.ENOMEM
    return no_more or isinstance(error, MemoryError) or any(said in str(error) for said in SAID)
