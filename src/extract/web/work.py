"""What the server reads: one run after another over what waits, in processes of their own, as the command does it."""

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from extract.digest import identifier
from extract.errors import ExtractError, OutputError, reason
from extract.runs.batch import Batch
from extract.runs.executors import Maker
from extract.runs.jobs import Recipe
from extract.runs.sources import Source

logger = logging.getLogger(__name__)
GATHERING = 0.4  # seconds in which more documents may come before a run begins
PATIENCE = 3.0  # seconds before another attempt where another run is at work in the folder
SHOWN = 200  # documents whose state is told


@dataclass
class Item:
    """A document that was brought: its state is `waiting`, `reading`, then the document's status, or `error`."""

    name: str
    document_id: str
    state: str = "waiting"
    told: str | None = None


@dataclass
class Work:
    """The queue of one output folder and the thread that works on it."""

    out: Path
    recipe: Recipe
    maker: Maker
    command: str
    items: dict[str, Item] = field(default_factory=dict)
    count: int = 0
    total: int = 0

    def __post_init__(self) -> None:
        self._waiting: dict[str, Source] = {}
        self._changed = threading.Condition()
        self._busy = False
        self._ended = False
        self._thread = threading.Thread(target=self._go, daemon=True)
        self._thread.start()

    def add(self, sources: Iterable[Source]) -> None:
        """Puts documents into the queue; one that waits already is read once."""
        with self._changed:
            for source in sources:
                document = identifier(source.sha256)
                self._waiting[document] = source
                self.items.pop(document, None)
                self.items[document] = Item(source.name, document)
            self._changed.notify_all()

    @property
    def busy(self) -> bool:
        """Whether something waits or is being read."""
        with self._changed:
            return bool(self._waiting) or self._busy

    def told(self) -> dict[str, Any]:
        """How far it is, for the page."""
        with self._changed:
            items = [vars(item) for item in list(self.items.values())[-SHOWN:]]
        return {"busy": self.busy, "count": self.count, "total": self.total, "items": items}

    def end(self) -> None:
        """Takes no more; what is being read is given up by the processes that end with this one."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _go(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._ended)
                if not self._ended:
                    self._changed.wait_for(lambda: self._ended, GATHERING)
                if self._ended:
                    return
                taken, self._waiting = self._waiting, {}
                self._busy = True
            try:
                self._read(taken)
            finally:
                with self._changed:
                    self._busy = False

    def _read(self, taken: dict[str, Source]) -> None:
        self._tell(taken, "reading")
        self.count, self.total = 0, len(taken)
        try:
            batch = Batch(self.out, self.recipe, self.maker, self.command)
            summaries = batch.run(list(taken.values()), self._progress)
        except OutputError as error:
            if error.key != "output_busy":
                return self._tell(taken, "error", str(error))
            self._tell(taken, "waiting", str(error))
            threading.Event().wait(PATIENCE)
            with self._changed:
                self._waiting = taken | self._waiting
        except ExtractError as error:
            self._tell(taken, "error", str(error))
        except Exception as error:  # whatever it is, the next document is read
            logger.warning("a run ended", exc_info=True)
            self._tell(taken, "error", str(ExtractError("internal", reason=reason(error))))
        else:
            from extract.document.summary import error_text

            for one in summaries:
                self._tell([one["document_id"]], one["status"], error_text(one))

    def _progress(self, count: int, total: int) -> None:
        self.count, self.total = count, total

    def _tell(self, documents: Iterable[str], state: str, told: str | None = None) -> None:
        with self._changed:
            for document in documents:
                if document in self.items:
                    self.items[document].state, self.items[document].told = state, told


def local(jobs: int) -> Maker:
    """Processes of this machine, each document in one of its own, within the usual limits."""
    from extract.runs.executors import processes
    from extract.runs.isolation import Limits

    return partial(processes, jobs, Limits())
