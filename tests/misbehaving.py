"""A stand-in for a reader: does to its process what the end of a file says, and reads every other file as it is."""

import os
import re
import signal
import time
from contextlib import AbstractContextManager

from extract.reading.base import Document
from extract.reading.pdfium import PdfiumReader

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
