"""The pages of the server: the overview with what only a server can do, review pages that take decisions."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import ChoiceLoader, Environment, PackageLoader

from extract.out.document_files import file_names
from extract.out.layout import Layout, layout_of
from extract.out.parquet import Stored
from extract.review.failures import Failure, failures
from extract.review.html import environment
from extract.review.index import Ways, columns, index_values
from extract.review.search import Found, numbers_like, says
from extract.runs.output import RUN_WORKBOOK
from extract.schemas.grammar import Schemas

HERE = "extract.web"
PLAIN = '<html lang="zh-CN">'  # how a page begins that no server has touched


class Search(NamedTuple):
    """What was looked for, the findings and the numbers that match."""

    wanted: str
    findings: list[Failure]
    numbers: list[Found]


class Download(NamedTuple):
    """A dataset and the forms in which it can be taken away as one file."""

    name: str
    zh: str
    rows: int
    is_csv: bool
    is_parquet: bool


def ways(out: Path, schemas: Schemas) -> Ways:
    """Which files there are, by document."""
    names = file_names(Stored(out, schemas).table("documents", ["document_id", "source"]))

    def there(folder: str, ending: str) -> Mapping[str, str]:
        return {one: f"{name}{ending}" for one, name in names.items() if (out / folder / f"{name}{ending}").is_file()}

    whole = Path(RUN_WORKBOOK).name if (out / RUN_WORKBOOK).is_file() else None
    return Ways(there("review", ".html"), there("xlsx", ".xlsx"), whole, layout_of(out) is not Layout.BUCKETS)


def home(out: Path, schemas: Schemas, wanted: str, most: int) -> bytes:
    """The overview with upload, search and downloads; `most` is how many bytes a document may have."""
    datasets, there = Stored(out, schemas), ways(out, schemas)
    values = index_values(datasets, there, schemas)
    found = _search(datasets, schemas, wanted) if wanted else None
    return _page(
        "home.html",
        **values,
        search=found,
        downloads=_downloads(out, datasets, schemas),
        most=most,
        megabytes=most >> 20,
    )


def working(told: Mapping[str, Any], then: str) -> bytes:
    """A page that waits until everything is read."""
    return _page("working.html", told=told, then=then)


def refused(reason: str, then: str) -> bytes:
    """A page that says why something was not done."""
    return _page("refused.html", reason=reason, then=then)


def review_page(out: Path, name: str) -> bytes:
    """A review page, told that a server takes decisions."""
    text = (out / "review" / name).read_text(encoding="utf-8")
    return text.replace(PLAIN, PLAIN.replace(">", " data-serve>"), 1).encode()


def script() -> bytes:
    return (files(HERE) / "static" / "serve.js").read_bytes()


def _search(datasets: Stored, schemas: Schemas, wanted: str) -> Search:
    documents = datasets.documents(columns(schemas))
    found, _ = failures(documents, datasets, schemas, says(documents, schemas, wanted))
    return Search(wanted, found, numbers_like(documents, datasets, schemas, wanted))


def _downloads(out: Path, datasets: Stored, schemas: Schemas) -> list[Download]:
    """The datasets that hold something."""
    counted = {name: datasets.count(name) for name in schemas.datasets}
    layout = layout_of(out)
    whole = (layout is not Layout.BUCKETS, layout is Layout.WHOLE)
    return [Download(name, one.zh, counted[name], *whole) for name, one in schemas.datasets.items() if counted[name]]


def _page(template: str, **values: Any) -> bytes:
    return _templates().get_template(template).render(values).encode("utf-8", "replace")


@lru_cache(maxsize=1)
def _templates() -> Environment:
    shared = environment()
    loaders = [PackageLoader(HERE, "templates"), shared.loader]
    return shared.overlay(loader=ChoiceLoader([one for one in loaders if one]))
