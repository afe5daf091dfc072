"""What `extract pictures` and `extract workbook` do: documents of out/ are read again in the very way in which they
were, and get files that the run did not make.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

from extract.cli.streams import say
from extract.document.summary import Summary
from extract.errors import InputError
from extract.messages import message
from extract.out.document_files import file_names
from extract.out.parquet import Stored
from extract.out.state import read_state
from extract.reading.base import READERS, reader
from extract.runs.again import found_again, read_again, with_every_picture
from extract.runs.jobs import Recipe
from extract.schemas.grammar import Schemas
from extract.schemas.load import load
from extract.text import visible, visible_name

FILES = ((), ("review",), ("xlsx",), ("xlsx", "review"))  # that a run may have made for each document
Wanted = Callable[[Summary, Recipe], Recipe | None]  # how a document is read again; None for one that lacks nothing


def add_pictures(out: Path, names: Sequence[str], folder: str | None, password: str | None) -> None:
    """Makes the review pages of these documents, or of all, with all their pictures; tells how many.

    Raises InputError if a name is none of a document, and, when the others are done, if the file of a document cannot
    be found or it was read in another way.
    """
    schemas = load(Path(folder) if folder else None)
    recipes = _recipes(schemas, password, [files for files in FILES if "review" in files])
    _add("pictures", lambda _, recipe: replace(recipe, full_pictures=True), out, names, recipes)


def add_workbooks(out: Path, names: Sequence[str], folder: str | None, password: str | None) -> None:
    """Makes the workbooks of these documents, or of all that have none; a review page keeps its pictures. Tells how
    many, and raises as `add_pictures` does.
    """
    schemas = load(Path(folder) if folder else None)
    names_of = file_names(Stored(out, schemas).table("documents", ["document_id", "source"]))
    pictured = with_every_picture(out, schemas)

    def with_workbook(document: Summary, recipe: Recipe) -> Recipe | None:
        one = document["document_id"]
        if (out / "xlsx" / f"{names_of[one]}.xlsx").is_file():
            return None
        return replace(recipe, files=("xlsx", *recipe.files), full_pictures=one in pictured)

    _add("workbook", with_workbook, out, names, _recipes(schemas, password, FILES))


def _add(command: str, wanted: Wanted, out: Path, names: Sequence[str], recipes: Mapping[str, Recipe]) -> None:
    documents = [one for one in _named(out, names) if not one["error"]]
    otherwise = [one for one in documents if one["edition"] not in recipes]
    count = 0
    missing: list[str] = []
    asked: dict[tuple[str, bool], tuple[Recipe, list[Summary]]] = {}
    for one in documents:
        recipe = wanted(one, recipes[one["edition"]]) if one["edition"] in recipes else None
        if recipe:
            asked.setdefault((recipe.edition, recipe.full_pictures), (recipe, []))[1].append(one)
    for recipe, own in asked.values():
        again = found_again(out, own)
        missing += again.missing
        if again.sources:
            read_again(out, again.sources, recipe, f"extract {command} {out}", redo=True)
            count += len(again.sources)
    say(visible(message(f"{command}_made", path=out, count=count)))
    if missing:
        raise InputError(f"{command}_no_file", names=_listed(missing), path=out)
    if otherwise:
        raise InputError(f"{command}_read_otherwise", names=_listed(one["source"] for one in otherwise), path=out)


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
            raise InputError("no_such_document", name=name, path=out)
        wanted |= found
    return [*wanted.values()]


def _recipes(schemas: Schemas, password: str | None, made: Iterable[tuple[str, ...]]) -> dict[str, Recipe]:
    """All ways in which a run may have read documents and made these files, by edition."""
    recipes = (
        Recipe(reader(name), schemas, files, password, full_workbooks=full)
        for name, files, full in product(READERS, made, (False, True))
        if "xlsx" in files or not full
    )
    return {recipe.edition: recipe for recipe in recipes}


def _listed(sources: Iterable[str]) -> str:
    return ", ".join(map(visible_name, sources))
