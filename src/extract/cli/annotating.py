"""What `extract annotate` does."""

from pathlib import Path

from extract.cli.documents import Opened
from extract.cli.streams import say
from extract.errors import OutputError
from extract.messages import message
from extract.reading.annotated import annotated
from extract.review.annotations import notes


def check_target(source: Path, target: Path) -> None:
    """Raises OutputError if the copy would overwrite the document itself."""
    if target.exists() and target.samefile(source):
        raise OutputError("annotated_over_original", path=target)


def annotate(document: Opened, target: Path) -> None:
    """Writes the annotated copy. Raises OutputError if it cannot be written."""
    found = notes(document.report)
    try:
        target.write_bytes(annotated(document.content, found))
    except OSError as error:
        raise OutputError("file_unwritable", path=target, reason=error.strerror or str(error)) from error
    say(message("annotated", path=target, count=len(found)))
