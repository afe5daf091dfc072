"""Findings and numbers of out/ by words: of the document, the rule, the message, the row, the printed text."""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from markupsafe import Markup

from extract.out.parquet import Condition, Stored
from extract.review.findings import place_of
from extract.review.html import both
from extract.schemas.grammar import Schemas

SHOWN_NUMBERS = 100
OF_DOCUMENT = ("document_id", "title", "agency_name", "source")
OF_CHECK = ("message", "message_en", "rule")
OF_FACT = ("item", "code", "printed")


class Found(NamedTuple):
    """A number that was looked for, and where it stands."""

    document: Mapping[str, Any]
    place: Markup
    printed: str
    page: int


def says(documents: pa.Table, schemas: Schemas, wanted: str) -> Condition:
    """Whether a check says each of these words: in its own text, the title of its rule, or of its document."""
    titles = {rule.code: f"{rule.zh} {rule.en}".casefold() for rule in schemas.rules}

    def condition(checks: pa.Table) -> Any:
        def word(one: str) -> Any:
            rules = [code for code, title in titles.items() if one.casefold() in title]
            return pc.or_(
                _has(checks, OF_CHECK, one, documents), pc.is_in(checks["rule"], pa.array(rules, pa.string()))
            )

        return reduce(pc.and_, map(word, wanted.split()))

    return condition


def numbers_like(documents: pa.Table, datasets: Stored, schemas: Schemas, wanted: str) -> list[Found]:
    """The first numbers of which the printed text, the row or the document says each of these words; the row or the
    text at least one.
    """

    def condition(facts: pa.Table) -> Any:
        own = reduce(pc.or_, (_has(facts, OF_FACT, one) for one in wanted.split()))
        return reduce(pc.and_, (_has(facts, OF_FACT, one, documents) for one in wanted.split()), own)

    shown: list[Mapping[str, Any]] = []
    for part in datasets.parts("facts", where=condition):
        shown += part.slice(0, SHOWN_NUMBERS - len(shown)).to_pylist()
        if len(shown) == SHOWN_NUMBERS:
            break
    ids = pa.array({fact["document_id"] for fact in shown}, pa.string())
    by_id = {row["document_id"]: row for row in documents.filter(pc.is_in(documents["document_id"], ids)).to_pylist()}
    return [_found(fact, by_id[fact["document_id"]], schemas) for fact in shown]


def _found(fact: Mapping[str, Any], document: Mapping[str, Any], schemas: Schemas) -> Found:
    dataset = schemas.datasets[fact["dataset"]]
    heading = both(dataset.columns[fact["column"]].zh, fact["column"])
    return Found(
        document, place_of(dataset, fact["item"] or fact["code"] or "", heading), fact["printed"], fact["page"]
    )


def _has(table: pa.Table, names: Sequence[str], word: str, documents: pa.Table | None = None) -> Any:
    """For each row, whether one of these columns has the word in it, or one of its document's."""
    found: Iterable[Any] = (pc.match_substring(table[name], word, ignore_case=True) for name in names)
    whole = reduce(pc.or_, (pc.fill_null(one, False) for one in found))
    if documents is None:
        return whole
    own = documents.filter(_has(documents, OF_DOCUMENT, word))["document_id"]
    return pc.or_(whole, pc.is_in(table["document_id"], own.combine_chunks()))
