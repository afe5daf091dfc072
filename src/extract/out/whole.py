"""A file that appears whole or not at all, and never anywhere but in its folder."""

import os
from pathlib import Path
from tempfile import mkstemp


def write_whole(path: Path, content: bytes, is_lasting: bool = False) -> None:
    """Puts the content in place of what is there; `is_lasting` waits until the disk holds it. Nobody can have laid a
    link at the name of the unfinished file.
    """
    stream, unfinished = mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(stream, "wb") as written:
            written.write(content)
            if is_lasting:
                written.flush()
                os.fsync(written.fileno())
        os.replace(unfinished, path)
    except BaseException:
        os.unlink(unfinished)
        raise
