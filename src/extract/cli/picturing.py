"""What `extract pictures` does."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from pathlib import Path

from extract.cli.streams import say
from extract.document.summary import Summary
from extract.errors import InputError
from extract.messages import message
from extract.out.state import read_state
from extract.reading.base import READERS, reader
from extract.runs.again import found_again, read_again
from extract.runs.jobs import Recipe
from extract.schemas.load import load
from extract.text import visible, visible_name

FILES = (("xlsx", "review"), ("review",))  # of a document that has a review page


def add_pictures(out: Path, names: Sequence[str], folder: str | None, password: str | None) -> None:
    """Makes the review pages of these documents, or of all, with all their pictures; tells how many.

    Raises InputError if a name is none of a document, and, when the others are done, if the file of a document cannot
    be found or it was read in another way.
    """
    documents = [one for one in _named(out, names) if not one["error"]]
    recipes = {recipe.edition: recipe for recipe in _recipes(folder, password)}
    otherwise = [one for one in documents if one["edition"] not in recipes]
    count = 0
    missing: list[str] = []
    for edition, recipe in recipes.items():
        again = found_again(out, [one for one in documents if one["edition"] == edition])
        missing += again.missing
        if again.sources:
            read_again(out, again.sources, recipe, f"extract pictures {out}", redo=True)
            count += len(again.sources)
    say(visible(message("pictures_made", path=out, count=count)))
    if missing:
        raise InputError("pictures_no_file", names=_listed(missing), path=out)
    if otherwise:
        raise InputError("pictures_read_otherwise", names=_listed(one["source"] for one in otherwise), path=out)


def _named(out: Path, names: Sequence[str]) -> list[Summary]:
    """The documents of out/ that are called so: by their identifier, or as their file is."""
    there = read_state(out)
    if not there:
        raise InputError("no_datasets", path=out)
    wanted: dict[str, Summary] = {}
    for name in names or there:
        found = {
            document: one
            for document, one in there.items()
            if name in (document, one["source"], Path(one["source"]).name)
        }
        if not found:
            raise InputError("pictures_no_document", name=name, path=out)
        wanted |= found
    return [*wanted.values()]


def _recipes(folder: str | None, password: str | None) -> Iterator[Recipe]:
    """All ways in which a run may have read documents and made their review pages."""
    schemas = load(Path(folder) if folder else None)
    for name, files, full in product(READERS, FILES, (False, True)):
        yield Recipe(reader(name), schemas, files, password, full_workbooks=full, full_pictures=True)


def _listed(sources: Iterable[str]) -> str:
    return ", ".join(map(visible_name, sources))
