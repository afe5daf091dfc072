"""One document, as every command beside the main job reads it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from extract.cli.app import limit, option
from extract.errors import ExtractError
from extract.text import visible_name

if TYPE_CHECKING:
    from extract.document.pipeline import Knowledge
    from extract.model.report import Report

PDF = click.Path(exists=True, dir_okay=False)


class Opened(NamedTuple):
    """A document that was read: its bytes as they need no password, its report and what it was read with."""

    content: bytes
    report: "Report"
    knowledge: "Knowledge"


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that reads documents."""
    for add in (
        limit,
        option("--password", metavar="TEXT"),
        option("--schemas", "folder", type=click.Path(exists=True, file_okay=False)),
    ):
        command = add(command)
    return command


def opened(source: str, folder: str | None, password: str | None, decided: Path | None = None) -> Opened:
    """Reads a document with the schema files of a folder laid over the built-in ones, and with what people decided
    about it in an output folder.

    Raises ExtractError, which names the document, if it cannot be read, SchemaError if schema files are faulty.
    """
    from extract.digest import digest, identifier
    from extract.document.pipeline import Knowledge, read_pdf
    from extract.out.decisions import by_document, read_decisions
    from extract.reading.base import DEFAULT_READER, reader, without_password
    from extract.schemas.load import load

    knowledge = Knowledge(load(Path(folder) if folder else None))
    content = Path(source).read_bytes()
    try:
        decisions = by_document(read_decisions(decided)).get(identifier(digest(content)), ()) if decided else ()
        report = read_pdf(content, source, reader(DEFAULT_READER), knowledge, password, decisions)
        return Opened(without_password(content, password) if password else content, report, knowledge)
    except ExtractError as error:
        error.add_note(visible_name(source))
        raise
