"""Many documents: what is new is read by an engine and kept in the journal, then written to out/ together.

Whatever a document does, it ends as one piece and the others go on; whenever a run ends, the next one goes on from the journal.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from extract.errors import ClusterError, ExtractError, InterruptedRunError, LostError
from extract.executors import Maker
from extract.jobs import Job, Recipe, lost, work
from extract.journal import Journal
from extract.pipeline import digest
from extract.schemas import Schemas
from extract.sources import Source
from extract.summary import Summary, finding, printable
from extract.writers.folder import finish, write_pieces, writing
from extract.writers.pieces import Piece
from extract.writers.state import is_whole, read_state
from extract.years import check_years

Progress = Callable[[int, int], None]  # called with how many documents are read and how many are to be read


class Done(NamedTuple):
    """What a run ends with: the summary of every source, and the pieces of those that it has read."""

    summaries: list[Summary]
    pieces: list[Piece]


@dataclass(frozen=True)
class Batch:
    """A run into one folder. `command` tells a person how to go on with it; `redo` reads what is in out/ too."""

    out: Path
    recipe: Recipe
    maker: Maker
    command: str
    redo: bool = False

    @contextmanager
    def run(self, sources: Sequence[Source], progress: Progress) -> Iterator[Done]:
        """Reads what is new or changed and writes it. The pieces can be read until the context ends.

        Raises InterruptedRunError for Ctrl-C, OutputError if out/ cannot be written, ClusterError if the cluster goes. What was read is kept.
        """
        with writing(self.out):
            finish(self.out)
        known = self._known()
        fresh = [source for source in sources if not _is_current(source, known, self.recipe.edition)]
        journal = Journal(self.out)
        pieces = self._read(fresh, journal, progress)
        if pieces:
            write_pieces(self.out, self.recipe.knowledge.schemas, list(pieces.values()))
        told = {name: piece.summary for name, piece in pieces.items()}
        try:
            yield Done([told.get(source.name) or known[_identifier(source)] for source in sources], list(pieces.values()))
        finally:
            with writing(self.out):
                journal.end({printable(source.name) for source in sources}, self.recipe.edition)

    def _known(self) -> Mapping[str, Summary]:
        return read_state(self.out) if not self.redo and is_whole(self.out, self.recipe.knowledge.schemas) else {}

    def _read(self, sources: Sequence[Source], journal: Journal, progress: Progress) -> dict[str, Piece]:
        """The pieces by name, in the order of the sources; those of the journal are not read again."""
        pieces = {} if self.redo else self._kept(sources, journal)
        left = [source for source in sources if source.name not in pieces]
        try:
            with writing(self.out):
                if left:
                    journal.begin(self.command, len(sources))
                progress(0, len(left))
                for count, (source, packed) in enumerate(read_all(left, self.recipe, self.maker), 1):
                    pieces[source.name] = journal.keep(packed, *self._key(source))
                    progress(count, len(left))
        except KeyboardInterrupt as error:
            raise InterruptedRunError("interrupted", done=len(pieces), count=len(sources), path=self.out) from error
        except CancelledError as error:
            raise ClusterError("cluster_lost", done=len(pieces)) from error
        return {source.name: pieces[source.name] for source in sources}

    def _kept(self, sources: Iterable[Source], journal: Journal) -> dict[str, Piece]:
        found = ((source.name, journal.piece(*self._key(source))) for source in sources)
        return {name: piece for name, piece in found if piece and piece.summary["edition"] == self.recipe.edition}

    def _key(self, source: Source) -> tuple[str, ...]:
        return source.name, source.sha256 or "", self.recipe.edition


def between_years(schemas: Schemas, pieces: Iterable[Piece]) -> list[Summary]:
    """What holds or fails between a report and last year's, of those that were read."""
    groups: dict[tuple[str, str | None, int], list[Piece]] = {}
    for piece in pieces:
        told = piece.summary
        if told["rows"] and told["agency_name"] and told["fiscal_year"]:
            groups.setdefault((told["agency_name"], told["document_type"], told["fiscal_year"]), []).append(piece)
    compared: dict[Piece, None] = {}  # only their reports are loaded
    for (agency, kind, year), group in groups.items():
        earlier = groups.get((agency, kind, year - 1), [])
        compared |= dict.fromkeys([*group, *earlier] if len(earlier) == 1 else [])
    found = check_years(schemas, [piece.report for piece in compared])
    return [{"source": printable(report.source), "verdict": check.verdict, **finding(check)} for report, checks in found for check in checks]


def read_all(sources: Iterable[Source], recipe: Recipe, maker: Maker) -> Iterator[tuple[Source, bytes]]:
    """Each source with its packed piece, in the order in which they are ready."""
    with maker() as engine:
        waiting: dict[Future[bytes], Source] = {}
        for source in sources:
            job = Job(source.name, os.path.abspath(source.name), source.content, recipe)
            waiting[engine.submit(work, job)] = source
            if len(waiting) >= engine.at_once:
                yield from _ready(waiting, recipe)
        while waiting:
            yield from _ready(waiting, recipe)


def _ready(waiting: dict["Future[bytes]", Source], recipe: Recipe) -> Iterator[tuple[Source, bytes]]:
    for future in wait(waiting, return_when=FIRST_COMPLETED).done:
        source = waiting.pop(future)
        yield source, _answer(future, source, recipe)


def _answer(future: "Future[bytes]", source: Source, recipe: Recipe) -> bytes:
    """The piece, or one that says how the document was lost. Raises what concerns the whole run."""
    try:
        return future.result()
    except LostError as error:
        return lost(source.name, source.sha256 or digest(b""), recipe, error)
    except (ExtractError, CancelledError):
        raise
    except Exception as error:  # of the executor: it lost its worker more often than it tries again
        return lost(source.name, source.sha256 or digest(b""), recipe, LostError("process_died", reason=type(error).__name__))


def _identifier(source: Source) -> str:
    return (source.sha256 or "")[:16]


def _is_current(source: Source, known: Mapping[str, Summary], edition: str) -> bool:
    told = known.get(_identifier(source))
    return told is not None and (told["source"], told["edition"]) == (printable(source.name), edition)
