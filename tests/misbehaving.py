"""A stand-in for a reader: does to its process what the end of a file says, and reads every other file as it is."""

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from extract.reading.base import Document
from extract.reading.pdfium import PdfiumReader
from extract.runs.executors import Engine, Maker
from extract.runs.isolation import Limits
from extract.runs.jobs import Job

HANGS, HANGS_HOLDING_THE_LOCK, EATS, DIES = b"%hangs", b"%hangs in C", b"%eats memory", b"%dies"


class MisbehavingReader:
    name = "misbehaving"

    def open(self, content: bytes) -> AbstractContextManager[Document]:
        if content.endswith(HANGS):
            time.sleep(3600)
        if content.endswith(HANGS_HOLDING_THE_LOCK):
            re.match(r"(a+)+$", "a" * 60 + "b")  # holds the interpreter lock
        if content.endswith(EATS):
            eaten = [bytearray(1 << 24)]
            while True:
                eaten.append(bytearray(eaten[0]))
        if content.endswith(DIES):
            os.kill(os.getpid(), signal.SIGKILL)
        return PdfiumReader().open(content)


NEVER_ENDS = b"%never ends"
ENDLESS = (HANGS, HANGS_HOLDING_THE_LOCK, NEVER_ENDS)


def impatient(maker: Maker) -> Maker:
    """The same engine, but a document that never ends has a second and every other one as long as it takes.

    So neither a slow machine nor a fast one changes what comes out.
    """

    @contextmanager
    def made() -> Iterator[Engine]:
        with maker() as engine:
            assert isinstance(engine.call, partial)
            yield engine._replace(call=partial(_call, engine.call.func, *engine.call.args))

    return made


def _call(run: Callable[..., Any], limits: Limits, function: Callable[[Job], Any], job: Job) -> Any:
    endless = Path(job.path).read_bytes().endswith(ENDLESS)
    return run(limits._replace(seconds=1 if endless else 600), function, job)
