"""Jobs done in this thread, without limits, for tests of what a run writes. What a document gives is remembered: most
tests are about the same samples.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar
from unittest.mock import patch

import readings

from extract.digest import digest, identifier
from extract.document import pipeline
from extract.document.pipeline import Knowledge, read_document
from extract.model.decision import Decision
from extract.model.report import Report
from extract.reading.base import READERS, Reader, reader, scans_are_read
from extract.reading.limits import largest
from extract.runs import jobs
from extract.runs.executors import Engine
from extract.runs.jobs import Job, content_of, work

MOST = 64  # things that are remembered
COMMENTS = re.compile(rb"\s*(%[^\n]*\s*)*")
_OURS = {type(reader(name)) for name in READERS}
_known: dict[object, Any] = {}
_Result = TypeVar("_Result")


class _SameThread(Executor):
    """Calls at once."""

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def same_thread() -> Iterator[Engine]:
    """One job after the other."""
    yield Engine(_SameThread(), _call, 1)


def _call(function: Callable[[Any], Any], argument: Any) -> Any:
    ours = function is work and type(argument.recipe.reader) in _OURS
    return _piece(argument) if ours else function(argument)


def _piece(job: Job) -> bytes:
    """What `work` makes of a job: the same of the same document, by the same means."""
    job = replace(job, content=content_of(job))
    means = (
        job.recipe.edition,
        job.recipe.full_pictures,
        job.recipe.password,
        jobs.workbook,
        jobs.review_page,
        scans_are_read(),
        largest(),
    )
    return _once((job.content, job.source, job.address, job.decisions, means), lambda: _worked(job))


def _worked(job: Job) -> bytes:
    with patch.object(pipeline, "read_document", _report):
        return work(job)


def _report(
    content: bytes,
    source: str,
    read: Reader,
    knowledge: Knowledge,
    password: str | None,
    decisions: Sequence[Decision],
) -> Report:
    """That of a document with other comments at its end, which readers do not read, under the name of this one."""
    means = (read.name, knowledge.schemas.digest, password, scans_are_read(), largest())
    text = content[: content.rfind(b"%%EOF")]
    if decisions or not COMMENTS.fullmatch(content, len(text) + len(b"%%EOF")):
        return read_document(content, source, read, knowledge, password, decisions)
    report = _once(
        (text, means),
        lambda: readings.shared(means, text, lambda: read_document(content, source, read, knowledge, password)),
    )
    if report.error:
        return read_document(content, source, read, knowledge, password)
    sha256 = digest(content)
    return replace(report, sha256=sha256, document_id=identifier(sha256), source=source)


def forget() -> None:
    """Reads everything anew from now on."""
    _known.clear()


def _once(key: object, make: Callable[[], _Result]) -> _Result:
    if key not in _known:
        _known[key] = make()
        for old in [*_known][:-MOST]:
            del _known[old]
    found: _Result = _known[key]
    return found
