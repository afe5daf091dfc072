"""One document to be read, as a worker gets it, wherever the worker runs.

The job carries all that is needed, and ends as one packed document.
"""

import logging
import pickle
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from extract.digest import digest
from extract.errors import ClusterError, ExtractError, LostError, reason
from extract.model.decision import Decision
from extract.model.report import Outcome, Report
from extract.out.decisions import digest_of
from extract.out.packed import pack
from extract.reading.base import Reader, load_reader, scans_are_read, without_password
from extract.schemas.grammar import Schemas
from extract.stores.client import content as stored_content
from extract.stores.client import is_url
from extract.version import __version__

if TYPE_CHECKING:
    from extract.document.pipeline import Knowledge

logger = logging.getLogger(__name__)
REVIEW_OVERVIEW = "../review/index.html"  # as seen from a workbook


@dataclass(frozen=True)
class Recipe:
    """How a run reads documents, and which files it makes for each (of `FOLDERS`). Full workbooks list every amount and
    every check; full pictures are those of every page with a table, not only of pages that findings name. The schemas
    travel with it, as another machine has not the user's folder, and are prepared there once.
    """

    reader: Reader
    schemas: Schemas
    files: tuple[str, ...]
    password: str | None = None
    version: str = __version__
    full_workbooks: bool = False
    full_pictures: bool = False

    @property
    def edition(self) -> str:
        """What tells whether a document need be read again: kept with what was made of it."""
        files = " and ".join(self.files) or "no files"
        return (
            f"extract {self.version}, schemas {self.schemas.digest}, reader {self.reader.name}"
            f"{' and scans' if scans_are_read() else ''}, "
            f"{files} of each document{', full workbooks' if self.full_workbooks and 'xlsx' in self.files else ''}"
        )

    def __reduce__(self) -> tuple[object, ...]:
        return _unpacked, (
            self.reader,
            self.schemas.digest,
            _packed(self.schemas),
            self.files,
            self.password,
            self.version,
            self.full_workbooks,
            self.full_pictures,
        )


# what was made of schemas in this process, by their digest
_received: dict[str, Schemas] = {}
_sent: dict[str, bytes] = {}
_prepared: dict[str, "Knowledge"] = {}


def _unpacked(
    reader: Reader,
    digest: str,
    schemas: bytes,
    files: tuple[str, ...],
    password: str | None,
    version: str,
    *full: bool,
) -> Recipe:
    if digest not in _received:
        _received[digest] = pickle.loads(zlib.decompress(schemas))
    return Recipe(reader, _received[digest], files, password, version, *full)


def _packed(schemas: Schemas) -> bytes:
    if schemas.digest not in _sent:
        _sent[schemas.digest] = zlib.compress(pickle.dumps(schemas))
    return _sent[schemas.digest]


def knowledge_of(schemas: Schemas) -> "Knowledge":
    """What is prepared from schemas, once in this process."""
    from extract.document.pipeline import Knowledge

    if schemas.digest not in _prepared:
        _prepared[schemas.digest] = Knowledge(schemas)
    return _prepared[schemas.digest]


def load_all(recipe: Recipe) -> None:
    """Loads what reading a document by the recipe needs."""
    load_reader(recipe.reader.name)
    knowledge_of(recipe.schemas)
    _received[recipe.schemas.digest] = recipe.schemas


@dataclass(frozen=True, slots=True)
class Job:
    """A document: its name as the user gave it, the path (good in any working folder) or URL, its content if it came
    from standard input; what people decided about it, and where its review page finds it.
    """

    source: str
    path: str
    content: bytes | None
    recipe: Recipe
    decisions: tuple[Decision, ...] = ()
    address: str | None = None


def work(job: Job) -> bytes:
    """The packed piece of a document; `unreadable` if it cannot be read or breaks the program.

    Raises LostError if there was no reading it.
    """
    if job.recipe.version != __version__:
        raise ClusterError("version_differs", theirs=__version__, ours=job.recipe.version)
    from extract.document.pipeline import failed_report, read_document, without_gc

    content, recipe = content_of(job), job.recipe
    try:
        with without_gc():
            report = read_document(
                content, job.source, recipe.reader, knowledge_of(recipe.schemas), recipe.password, job.decisions
            )
            if isinstance(report.error, LostError):
                raise report.error
            return _packed_piece(content, report, job)
    except (MemoryError, LostError):  # says nothing about the document where memory or its size is limited
        raise
    except Exception as error:  # whatever a document does to the program, the others of the run go on
        logger.warning("%s", job.source, exc_info=True)
        told = ExtractError("internal", reason=reason(error))
        report = failed_report(digest(content), job.source, recipe.reader, told, job.decisions)
        return _packed_piece(content, report, job)


def lost(source: str, sha256: str, recipe: Recipe, error: LostError) -> bytes:
    """The packed piece of a document that the run lost, which belongs to no edition."""
    from extract.document.pipeline import failed_report

    report = failed_report(sha256, source, recipe.reader, error)
    return pack(Outcome(report, {}), recipe.schemas, None)


def content_of(job: Job) -> bytes:
    """The document of a job. Raises LostError if there is no reading it."""
    if job.content is not None:
        return job.content
    if is_url(job.path):
        return stored_content(job.path, LostError)
    try:
        return Path(job.path).read_bytes()
    except OSError as error:
        raise LostError("input_unreadable", reason=error.strerror or str(error)) from error


def _packed_piece(content: bytes, report: Report, job: Job) -> bytes:
    recipe = job.recipe
    return pack(outcome(content, report, recipe, job.address), recipe.schemas, recipe.edition, digest_of(job.decisions))


def outcome(content: bytes, report: Report, recipe: Recipe, address: str | None = None) -> Outcome:
    """The report with the document's own files. A file that cannot be made is missing, and the reason is kept.

    Raises MemoryError, which says nothing about the document where memory is limited.
    """
    files, missing = {}, {}
    for folder, make in _makers(content, report, recipe, address).items():
        try:
            files[folder] = make()
        except MemoryError:
            raise
        except Exception as error:
            logger.warning("%s: no file in %s", report.source, folder, exc_info=True)
            missing[folder] = reason(error)
    return Outcome(report, files, missing)


def _makers(content: bytes, report: Report, recipe: Recipe, address: str | None) -> dict[str, Callable[[], bytes]]:
    """What makes each of the document's own files, by folder of out/: no workbook of a document that cannot be read."""
    schemas, wanted = recipe.schemas, set(recipe.files)
    if report.status == "unreadable":
        wanted -= {"xlsx"}
    every: dict[str, Callable[[], bytes]] = {
        "xlsx": lambda: workbook(report, schemas, "review" in wanted, recipe.full_workbooks),
        "review": lambda: review_page(
            _readable(content, recipe), report, schemas, recipe.full_pictures, address, "xlsx" in wanted
        ),
    }
    return {folder: make for folder, make in every.items() if folder in wanted}


def _readable(content: bytes, recipe: Recipe) -> bytes:
    return without_password(content, recipe.password) if recipe.password else content


def workbook(report: Report, schemas: Schemas, review: bool, full: bool) -> bytes:
    """A document's workbook, which leads to its review page if there is one."""
    from extract.workbook.document import document_workbook

    return document_workbook(report, schemas, REVIEW_OVERVIEW if review else None, full)


def review_page(
    content: bytes,
    report: Report,
    schemas: Schemas,
    full_pictures: bool,
    address: str | None = None,
    workbook: bool = False,
) -> bytes:
    """A document's review page, with pictures of the pages that findings name or of all that it shows; it leads to the
    PDF at `address` and to the workbook.
    """
    from extract.reading.pictures import pictures
    from extract.review.document import document_page, shown_pages
    from extract.review.findings import failing_pages

    pictured = shown_pages(report) if full_pictures else sorted(failing_pages(report))
    return document_page(report, pictures(content, pictured), schemas, address, workbook)
