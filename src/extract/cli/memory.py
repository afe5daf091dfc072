"""What is said where the program itself gets too little memory: documents have limits of their own."""

import errno
import os
import sys

from extract.errors import ExtractError

SAID = ("can't start new thread", "failed to map segment", "MemoryError")  # by Python, the loader, compiled libraries
NEEDED = 512 << 20  # bytes: what is loaded for any command takes less; with less a library may crash or wait for ever
SPARING = {  # memory set aside in advance, and for each thread, would count as taken
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "OMP_NUM_THREADS": "1",
}


def message_in_advance() -> str | None:
    """What will be said if memory runs out, made while there is some; None where nobody has limited it. Libraries that
    are loaded from now on take as little as they can.
    """
    if sys.platform == "win32":
        return None
    import resource

    limits = [resource.getrlimit(kind)[0] for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA)]
    if all(limit == resource.RLIM_INFINITY for limit in limits):
        return None
    for name, value in SPARING.items():
        os.environ.setdefault(name, value)
    return str(ExtractError("no_memory"))


def check_memory() -> None:
    """Raises OSError where so little is allowed that libraries would end the program without a word."""
    import mmap

    mmap.mmap(-1, NEEDED).close()


def is_lacking(error: BaseException) -> bool:
    """Whether an error says that there was no more memory."""
    no_more = isinstance(error, OSError) and error.errno == errno.ENOMEM
    return no_more or isinstance(error, MemoryError) or any(said in str(error) for said in SAID)
