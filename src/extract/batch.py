"""Many documents: which files a run takes, and one report for each whatever happens to it."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from extract.errors import ExtractError, InputError, UnreadableError
from extract.model import STDIN, Outcome, Report
from extract.pipeline import Knowledge, failed_report, read_document
from extract.readers import Reader
from extract.schemas import Schemas

REVIEW_OVERVIEW = "../review/index.html"  # as seen from a workbook
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


def read_all(
    sources: Iterable[str], reader: Reader, knowledge: Knowledge, page_done: PageDone | None = None, *, review: bool = True
) -> Iterator[Outcome]:
    """An outcome for every source, in order. A document that breaks the program is one `unreadable` report; the others are read.

    With `review` each has its review page among its files.
    """
    for source in sources:
        yield _read_one(source, reader, knowledge, page_done, review)


def _read_one(source: str, reader: Reader, knowledge: Knowledge, page_done: PageDone | None, review: bool) -> Outcome:
    content = b""
    try:
        content = sys.stdin.buffer.read() if source == STDIN else Path(source).read_bytes()
        done = (lambda page, count: page_done(source, page, count)) if page_done else None
        report = read_document(content, source, reader, knowledge, done)
        return Outcome(report, own_files(content, report, knowledge.schemas, review))
    except OSError as error:
        failure: ExtractError = UnreadableError("input_unreadable", reason=error.strerror or str(error))
    except Exception as error:  # whatever a document does to the program, the others of the run go on
        failure = ExtractError("internal", reason=f"{type(error).__name__}: {error}")
    report = failed_report(content, source, reader, failure)
    return Outcome(report, own_files(content, report, knowledge.schemas, review))


def own_files(content: bytes, report: Report, schemas: Schemas, review: bool) -> dict[str, bytes]:
    """The document's own files, by folder of out/: no workbook of one that cannot be read."""
    files: dict[str, bytes] = {}
    if report.status != "unreadable":
        files["xlsx"] = workbook(report, schemas, review)
    if review:
        files["review"] = review_page(content, report, schemas)
    return files


def workbook(report: Report, schemas: Schemas, review: bool) -> bytes:
    """A document's workbook, which leads to its review page if there is one."""
    from extract.writers.workbook.document import document_workbook

    return document_workbook(report, schemas, REVIEW_OVERVIEW if review else None)


def review_page(content: bytes, report: Report, schemas: Schemas) -> bytes:
    """A document's review page, with pictures of its pages."""
    from extract.readers.pictures import pictures
    from extract.writers.review.document import document_page, pictured_pages

    return document_page(report, pictures(content, pictured_pages(report)), schemas)
