"""The command `extract annotate`."""

from pathlib import Path

import click

from extract.cli.commands import cli, common, option
from extract.cli.help import Command
from extract.cli.streams import say
from extract.errors import OutputError
from extract.messages import message
from extract.reading.base import DEFAULT_READER


@cli.command("annotate", cls=Command)
@click.argument("pdf", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@option("-o", "--output", "annotated_pdf", type=click.Path(dir_okay=False, path_type=Path), metavar="PDF")
@option("--schemas", "folder", type=click.Path(exists=True, file_okay=False))
@common
def annotate(pdf: Path, annotated_pdf: Path | None, folder: str | None) -> None:
    """A copy of the PDF with a note on every number that a failing check reads."""
    from extract.document.pipeline import Knowledge, read_pdf
    from extract.reading.annotated import annotated
    from extract.reading.base import reader
    from extract.review.annotations import notes
    from extract.schemas.load import load

    content = pdf.read_bytes()
    target = annotated_pdf or pdf.with_suffix(".annotated.pdf")
    if target.exists() and target.samefile(pdf):
        raise OutputError("annotated_over_original", path=target)
    found = notes(
        read_pdf(content, str(pdf), reader(DEFAULT_READER), Knowledge(load(Path(folder) if folder else None)))
    )
    try:
        target.write_bytes(annotated(content, found))
    except OSError as error:
        raise OutputError("file_unwritable", path=target, reason=error.strerror or str(error)) from error
    say(message("annotated", path=target, count=len(found)))
