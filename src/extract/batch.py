"""Many documents: which files a run takes, and one report for each whatever happens to it."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from extract.errors import ExtractError, InputError, UnreadableError
from extract.model import STDIN, Outcome, Report
from extract.pipeline import Knowledge, failed_report, read_document
from extract.readers import Reader

PageDone = Callable[[str, int, int], None]  # called with the source, the page read and the number of pages


def find_sources(paths: Iterable[str]) -> list[str]:
    """The PDF files meant by files, folders (searched through, names sorted) and `-`, each once, in the order given.

    Raises InputError for a path that does not exist or if there is no PDF at all.
    """
    named = list(paths)
    found: dict[str, None] = {}
    for path in named:
        if path != STDIN and not os.path.exists(path):
            raise InputError("input_missing", path=path)
        found.update(dict.fromkeys(_inside(path) if os.path.isdir(path) else [path]))
    if not found:
        raise InputError("no_inputs", paths=", ".join(named))
    return list(found)


def _inside(folder: str) -> Iterator[str]:
    return (str(path) for path in sorted(Path(folder).rglob("*")) if path.suffix.lower() == ".pdf" and path.is_file())


def read_all(sources: Iterable[str], reader: Reader, knowledge: Knowledge, page_done: PageDone | None = None) -> Iterator[Outcome]:
    """An outcome for every source, in order. A document that breaks the program is one `unreadable` report; the others are read."""
    for source in sources:
        yield _read_one(source, reader, knowledge, page_done)


def _read_one(source: str, reader: Reader, knowledge: Knowledge, page_done: PageDone | None) -> Outcome:
    content = b""
    try:
        content = sys.stdin.buffer.read() if source == STDIN else Path(source).read_bytes()
        done = (lambda page, count: page_done(source, page, count)) if page_done else None
        report = read_document(content, source, reader, knowledge, done)
        return Outcome(report, own_files(report, knowledge))
    except OSError as error:
        return _failed(content, source, reader, UnreadableError("input_unreadable", reason=error.strerror or str(error)))
    except Exception as error:  # whatever a document does to the program, the others of the run go on
        return _failed(content, source, reader, ExtractError("internal", reason=f"{type(error).__name__}: {error}"))


def own_files(report: Report, knowledge: Knowledge) -> dict[str, bytes]:
    """The document's own files, by folder of out/; none of a document that cannot be read."""
    if report.status == "unreadable":
        return {}
    from extract.writers.workbook.document import document_workbook

    return {"xlsx": document_workbook(report, knowledge.schemas)}


def _failed(content: bytes, source: str, reader: Reader, error: ExtractError) -> Outcome:
    return Outcome(failed_report(content, source, reader, error), {})
