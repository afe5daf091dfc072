"""Many documents: what is new is read by an engine and kept in the journal, then written to out/ together.

Whatever a document does, it ends as one piece and the others go on; whenever a run ends, the next one goes on from the
journal.
"""

import logging
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from extract.digest import digest, identifier
from extract.document.summary import Summary, with_error_text
from extract.errors import ClusterError, EncryptedError, ExtractError, FileMissingError, LostError
from extract.model.decision import Decision
from extract.out.datapackage import PACKAGE, headers_of
from extract.out.decisions import by_document, digest_of, read_decisions
from extract.out.layout import FIRST, Layout, is_by_year, layout_of
from extract.out.manifest import read_manifest
from extract.out.packed import PackedDocument
from extract.out.parquet import Stored, check_columns
from extract.out.read_back import checks_between
from extract.out.replace import finish, locked, writing
from extract.runs.executors import Engine, Maker
from extract.runs.jobs import Job, Recipe, lost, work
from extract.runs.journal import Journal
from extract.runs.output import current_summaries, readable, write_packed
from extract.runs.sources import Duplicate, Source
from extract.schemas.grammar import Schemas
from extract.stores.client import is_url
from extract.text import printable

logger = logging.getLogger(__name__)
Decisions = Mapping[str, tuple[Decision, ...]]  # by document
Progress = Callable[[int, int], None]  # called with how many documents are read and how many are to be read


class Run(NamedTuple):
    """A run that is done: where its datasets are as the user named it, the folder they are in, and what is told of
    every source.
    """

    output: str
    out: Path
    schemas: Schemas
    documents: Sequence[Summary]
    duplicates: Sequence[Duplicate]
    unreadable: Mapping[str, str]

    def in_buckets(self) -> int:
        """How many documents out/ holds if their datasets stand in buckets; 0 if they do not."""
        in_buckets = layout_of(self.out) is Layout.BUCKETS
        return Stored(self.out, self.schemas).count("documents") if in_buckets else 0

    def between(self) -> list[Summary]:
        """The checks that hold a document of the run against another of out/, each with its source."""
        sources = {one["document_id"]: one["source"] for one in self.documents}
        agencies = {one["document_id"]: one["agency_name"] for one in self.documents}
        return [
            {"source": sources[row["document_id"]], **row} for row in checks_between(self.out, self.schemas, agencies)
        ]

    def as_data(self) -> Summary:
        """The run for other programs."""
        told = ("source", "verdict", "rule", "dataset", "row", "column", "page", "message", "message_en")
        return {
            "output": self.output,
            "documents": [with_error_text(one) for one in self.documents],
            "duplicates": [one.told() for one in self.duplicates],
            "between_documents": [{name: check[name] for name in told} for check in self.between()],
        }


@dataclass(frozen=True)
class Batch:
    """A run into one folder. `command` tells a person how to go on with it; `redo` reads what is in out/ too.

    `by_year` gives the Parquet files a file for every year, `headers` says how the columns of the CSV files are called;
    None leaves either as it is in out/. `publish` brings out/ to where it is kept, before the journal is dropped.
    Review pages lead to the documents if out/ itself is `here`.
    """

    out: Path
    recipe: Recipe
    maker: Maker
    command: str
    redo: bool = False
    by_year: bool | None = None
    publish: Callable[[], None] = lambda: None
    headers: str | None = None
    here: bool = True

    def run(self, sources: Sequence[Source], progress: Progress) -> list[Summary]:
        """Reads what is new or changed and writes it. Returns the summary of every source.

        Raises OutputError if out/ cannot be written, ClusterError if the cluster goes. However it ends, out/ is whole
        and what was read is kept.
        """
        with locked(self.out):
            return self._run(sources, progress)

    def _run(self, sources: Sequence[Source], progress: Progress) -> list[Summary]:
        with writing(self.out):
            finish(self.out)
        check_columns(self.out, self.recipe.schemas, [FIRST] if read_manifest(self.out, self.recipe.schemas) else None)
        decisions = by_document(read_decisions(self.out))
        wanted = {_identifier(source) for source in sources}
        known = {} if self.redo else current_summaries(self.out, self.recipe.schemas, wanted)
        fresh = [source for source in sources if not _is_current(source, known, self.recipe, decisions)]
        journal = Journal(self.out)
        pieces = self._read(fresh, journal, progress, decisions)
        readable = self._readable()
        written = [piece for piece in pieces.values() if not _is_lost_again(piece.summary, readable)]
        there = is_by_year(self.out)
        by_year = bool(there) if self.by_year is None else self.by_year
        logger.info("%s documents to write, %s unchanged", len(written), len(sources) - len(fresh))
        incomplete = None
        named = headers_of(self.out / PACKAGE)
        if written or there not in (None, by_year) or (there is not None and self.headers not in (None, named)):
            try:
                full = self.recipe.full_workbooks
                write_packed(self.out, self.recipe.schemas, written, by_year, full, self.headers)
            except FileMissingError as error:  # told when everything else is done
                incomplete = error
        self.publish()
        told = {name: piece.summary for name, piece in pieces.items()}
        with writing(self.out):
            journal.end({printable(source.name) for source in sources}, self.recipe.edition)
        if incomplete:
            raise incomplete
        return [told.get(source.name) or known[_identifier(source)] for source in sources]

    def _readable(self) -> "_Readable":
        there = readable(self.out, self.recipe.schemas)
        return _Readable({*there}, {*there.values()})

    def _read(
        self, sources: Sequence[Source], journal: Journal, progress: Progress, decisions: Decisions
    ) -> dict[str, PackedDocument]:
        """The pieces by name, in the order of the sources; those of the journal are not read again."""
        pieces = {} if self.redo else self._kept(sources, journal, decisions)
        left = [source for source in sources if source.name not in pieces]
        if left:
            with writing(self.out):
                journal.begin(self.command, len(sources))
        try:
            with (
                self.maker() as engine,
                closing(read_all(left, self.recipe, engine, decisions, self.out if self.here else None)) as answers,
            ):
                if left:
                    engine.begin(len(left))
                progress(0, len(left))
                for count, (source, packed) in enumerate(answers, 1):
                    with writing(self.out):
                        pieces[source.name] = journal.keep(packed, *self._key(source, decisions))
                    logger.info("%s of %s read: %s", count, len(left), source.name)
                    progress(count, len(left))
        except CancelledError as error:
            raise ClusterError("cluster_lost", done=len(pieces)) from error
        return {source.name: pieces[source.name] for source in sources}

    def _kept(self, sources: Iterable[Source], journal: Journal, decisions: Decisions) -> dict[str, PackedDocument]:
        """Those of the journal that are of the very documents and of this edition."""
        found = ((source, journal.piece(*self._key(source, decisions))) for source in sources)
        return {
            source.name: piece
            for source, piece in found
            if piece
            and (piece.summary["edition"], piece.summary["document_id"]) == (self.recipe.edition, _identifier(source))
        }

    def _key(self, source: Source, decisions: Decisions) -> tuple[str, ...]:
        decided = digest_of(decisions.get(_identifier(source), ()))
        return source.name, source.sha256 or "", self.recipe.edition, *([decided] if decided else [])


def read_all(
    sources: Iterable[Source], recipe: Recipe, engine: Engine, decisions: Decisions, out: Path | None
) -> Generator[tuple[Source, bytes], None, None]:
    """Each source with its packed piece, in the order in which they are ready. Closing it ends what is being read."""
    waiting: dict[Future[bytes], Source] = {}
    for source in sources:
        path = source.name if is_url(source.name) else os.path.abspath(source.path or source.name)
        own = decisions.get(_identifier(source), ())
        job = Job(source.name, path, source.content, recipe, own, _address(source, path, out))
        waiting[engine.submit(work, job)] = source
        if len(waiting) >= engine.at_once:
            yield from _ready(waiting, recipe)
    while waiting:
        yield from _ready(waiting, recipe)


def _address(source: Source, path: str, out: Path | None) -> str | None:
    """Where a review page in out/ finds the document: by a way that stays good where both are moved together."""
    if is_url(path):
        return path if path.startswith(("https://", "http://")) else None
    if source.content is not None or out is None:
        return None
    return quote(os.fsencode(os.path.relpath(path, out.resolve() / "review")))


def _ready(waiting: dict["Future[bytes]", Source], recipe: Recipe) -> Iterator[tuple[Source, bytes]]:
    for future in wait(waiting, return_when=FIRST_COMPLETED).done:
        source = waiting.pop(future)
        yield source, _answer(future, source, recipe)


def _answer(future: "Future[bytes]", source: Source, recipe: Recipe) -> bytes:
    """The piece, or one that says how the document was lost. Raises what concerns the whole run."""
    try:
        return future.result()
    except LostError as error:
        return lost(source.name, _content_digest(source), recipe, error)
    except (ExtractError, CancelledError):
        raise
    except Exception as error:  # of the executor: it lost its worker more often than it tries again
        return lost(
            source.name, _content_digest(source), recipe, LostError("process_died", reason=type(error).__name__)
        )


def _content_digest(source: Source) -> str:
    """That of its name where the content cannot be read, so that every such document is one of its own."""
    return source.sha256 or digest(os.fsencode(source.name))


class _Readable(NamedTuple):
    """The documents of out/ that could be read, by identifier and by source."""

    documents: set[str]
    sources: set[str]


def _is_lost_again(told: Summary, readable: _Readable) -> bool:
    """Whether the run lost a document that an earlier one has read, or could not even open it: what that made of it
    stays.
    """
    if told["edition"] is not None:
        return False
    if told["error"]["key"] == "input_unreadable":
        return told["source"] in readable.sources
    return told["document_id"] in readable.documents


def _identifier(source: Source) -> str:
    return identifier(source.sha256)


def _is_current(source: Source, known: Mapping[str, Summary], recipe: Recipe, decisions: Decisions) -> bool:
    """Whether it was read in the same way, with the same decisions; what was locked is tried again with every
    password.
    """
    told = known.get(_identifier(source))
    if told is None or (recipe.password and told["error"] and told["error"]["exit_code"] == EncryptedError.exit_code):
        return False
    decided = digest_of(decisions.get(_identifier(source), ()))
    return (told["source"], told["edition"], told["decisions"]["digest"]) == (
        printable(source.name),
        recipe.edition,
        decided,
    )
