"""Documents of out/ that are read again, because somebody decided something about them or wants more of their files:
where their PDFs are, and the run.
"""

import os
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from extract.document.summary import Summary
from extract.out.decisions import by_document, digest_of, read_decisions
from extract.out.document_files import file_names
from extract.out.parquet import Stored
from extract.out.state import read_state
from extract.review.document import pictures_every_page
from extract.runs import executors
from extract.runs.batch import Batch
from extract.runs.isolation import Limits
from extract.runs.jobs import Recipe
from extract.runs.sources import Source, identified
from extract.schemas.grammar import Schemas

UPLOADS = "uploads"  # a folder of out/: documents that came through a browser, each called by its sha256


class Again(NamedTuple):
    """Documents to be read again, and those whose file cannot be found, as they are called."""

    sources: Sequence[Source]
    missing: Sequence[str]


def waiting(out: Path) -> list[Summary]:
    """The documents of out/ that were read with other decisions than those there are now."""
    decisions = by_document(read_decisions(out))
    return [
        one
        for document, one in read_state(out).items()
        if one["decisions"]["digest"] != digest_of(decisions.get(document, ()))
    ]


def found_again(out: Path, documents: Iterable[Summary]) -> Again:
    """The files of these documents: where a run has found them, else among the uploads."""
    sources, missing = [], []
    for one in documents:
        source = file_of(out, one)
        if source is None:
            missing.append(one["source"])
        else:
            sources.append(source)
    return Again(sources, missing)


def file_of(out: Path, document: Summary) -> Source | None:
    """The document's file, by its content, under the name that it has in out/."""
    uploads = sorted((out / UPLOADS).glob(f"{document['document_id']}*.pdf"))
    for path in (Path(document["source"]), *uploads):
        if path.is_file():
            [source], _ = identified([str(path)], {})
            if (source.sha256 or "").startswith(document["document_id"]):
                return source._replace(name=document["source"], path=str(path))
    return None


def with_every_picture(out: Path, schemas: Schemas) -> set[str]:
    """The documents of out/ whose review pages have all their pictures, and keep them when they are made again."""
    names = file_names(Stored(out, schemas).table("documents", ["document_id", "source"]))
    pages = {document: out / "review" / f"{name}.html" for document, name in names.items()}
    return {
        document
        for document, page in pages.items()
        if page.is_file() and pictures_every_page(page.read_text(encoding="utf-8"))
    }


def read_again(out: Path, sources: Sequence[Source], recipe: Recipe, command: str, redo: bool) -> None:
    """Reads documents of out/ again, each in a process of its own, and writes what comes of it; `redo` reads those that
    are there as the recipe would have them, too.
    """
    maker = partial(executors.processes, max(1, min(len(sources), os.cpu_count() or 1)), Limits())
    Batch(out, recipe, maker, command, redo).run(sources, lambda _count, _total: None)
