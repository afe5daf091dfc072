"""What `extract annotate` does."""

from pathlib import Path

from extract.cli.streams import say
from extract.digest import digest
from extract.document.pipeline import Knowledge, read_pdf
from extract.errors import OutputError
from extract.messages import message
from extract.out.decisions import IDENTIFIER, by_document, read_decisions
from extract.reading.annotated import annotated
from extract.reading.base import DEFAULT_READER, reader
from extract.review.annotations import notes
from extract.schemas.load import load


def annotate(pdf: Path, target: Path, folder: str | None, out: Path | None) -> None:
    """Writes the annotated copy, with what people decided in an output folder.

    Raises OutputError if it cannot be written or would overwrite the document itself.
    """
    content = pdf.read_bytes()
    if target.exists() and target.samefile(pdf):
        raise OutputError("annotated_over_original", path=target)
    knowledge = Knowledge(load(Path(folder) if folder else None))
    decisions = by_document(read_decisions(out)).get(digest(content)[:IDENTIFIER], ()) if out else ()
    found = notes(read_pdf(content, str(pdf), reader(DEFAULT_READER), knowledge, decisions=decisions))
    try:
        target.write_bytes(annotated(content, found))
    except OSError as error:
        raise OutputError("file_unwritable", path=target, reason=error.strerror or str(error)) from error
    say(message("annotated", path=target, count=len(found)))
