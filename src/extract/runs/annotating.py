"""An annotated copy of a document, made in a process of its own."""

from typing import NamedTuple

from extract.document.pipeline import read_pdf
from extract.messages import choose_language
from extract.reading.annotated import annotated
from extract.review.annotations import notes
from extract.runs.jobs import Job, content_of, knowledge_of


class Asked(NamedTuple):
    """A document as a worker gets it, and the language of the notes."""

    job: Job
    language: str


def annotated_copy(asked: Asked) -> bytes:
    """The document with a note on each number that a failing check reads or somebody decided about.

    Raises ExtractError if it cannot be read.
    """
    choose_language(asked.language)
    job = asked.job
    content, recipe = content_of(job), job.recipe
    knowledge = knowledge_of(recipe.schemas)
    report = read_pdf(content, job.source, recipe.reader, knowledge, recipe.password, job.decisions)
    return annotated(content, notes(report))
