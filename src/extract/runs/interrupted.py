"""What the journal of out/ tells of a run that has not ended."""

import json
from pathlib import Path
from typing import NamedTuple

FOLDER = ".extract-journal"
RUN = "run.json"
PIECE = ".piece"


class Interrupted(NamedTuple):
    """A run that has not ended: its command, the folder that it was given in, how many documents it was to read and how
    many it has.
    """

    command: str
    folder: str
    documents: int
    read: int


def interrupted(out: Path) -> Interrupted | None:
    """The run that has not ended, if there is one that tells of itself."""
    folder = out / FOLDER
    try:
        told = json.loads((folder / RUN).read_bytes())
        read = len(list(folder.glob(f"*{PIECE}")))
        return Interrupted(str(told["command"]), str(told["folder"]), int(told["documents"]), read)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
