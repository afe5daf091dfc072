"""What a document says it is: its title, its kind, its year, and whose it is; each by evidence, or not at all."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from extract.model.page import Line
from extract.schemas.grammar import DocumentConventions, Schemas
from extract.schemas.patterns import Pattern
from extract.schemas.vocabulary import normal
from extract.tables.forms import OpenForm
from extract.tables.open_tables import Assembled, OpenTable
from extract.text import compared

TITLE_LINES = 80  # the title stands among the first lines of a document
TITLE_SPAN = 4  # lines that a title may be broken over
LONGEST_NAME = 40  # characters of the name of an agency
_LEADER = re.compile(r"[.…·]{3,}|[.…]+\d+$")  # the dots of a contents page
_BRACKETS = re.compile(r"\([^()]*\)$")
_SENTENCE = re.compile(r"[。;；,，、!？?]")


class Identity(NamedTuple):
    """What a document says it is, and whose its title says it is; None where nothing says it."""

    title: str | None
    document_type: str | None
    fiscal_year: int | None
    agency_name: str | None
    entitled: str | None


def identify(lines: Sequence[Line], tables: Sequence[Assembled], schemas: Schemas) -> Identity:
    """Title, kind, year and agency. The owner of the tables goes before the name in the title, a contents page counts
    for nothing.
    """
    ends = tuple(normal(schemas.vocabulary.caption.agency_ends))
    title, named = _title(lines, schemas, ends)
    agency = _owner(tables, ends) or named.get("agency_name")
    years = Counter(
        table.title.fiscal_year for table in tables if isinstance(table, OpenTable) and table.title.fiscal_year
    )
    year = int(named["fiscal_year"]) if named.get("fiscal_year") else None
    if year is None:
        year = years.most_common(1)[0][0] if years else _year(lines, tables, schemas)
    kind = _kind(named.get("document_type"), tables, schemas.conventions.document)
    return Identity(title, kind, year, agency, named.get("agency_name"))


def _kind(titled: str | None, tables: Sequence[Assembled], words: DocumentConventions) -> str | None:
    """The kind of disclosure: as the title says, else as the titles of the tables do."""
    if titled:
        for ignored in words.kind_ignored:
            titled = titled.replace(ignored, "")
        return titled
    forms = [table for table in tables if isinstance(table, OpenForm)]
    titles = [table.title.text for table in tables if isinstance(table, OpenTable) and table.dataset]
    if not titles:
        return words.forms_alone if forms else None
    counts = Counter(word for text in titles for word in (*words.stages, *words.editions) if word in text)
    stage, edition = (max(named, key=lambda word: counts[word]) for named in (words.stages, words.editions))
    return (edition if counts[edition] else "") + stage if counts[stage] else None


def _title(lines: Sequence[Line], schemas: Schemas, ends: tuple[str, ...]) -> tuple[str | None, dict[str, str]]:
    """The document's title among its first lines, and what it names; it may be broken over lines."""
    texts = [
        text
        for line in lines[:TITLE_LINES]
        if not schemas.statements.folio.fullmatch(text := compared(line.text)) and not _LEADER.search(text)
    ]
    texts = [text for text in texts if not schemas.conventions.document.not_titles.fullmatch(text)]
    for start in range(len(texts)):
        for length in range(1, min(TITLE_SPAN, len(texts) - start) + 1):
            text = "".join(texts[start : start + length])
            named = _named(schemas.conventions.document.titles, text)
            if named is not None and ("agency_name" not in named or is_agency(named["agency_name"], ends)):
                return text, named
    return None, {}


def _named(patterns: Iterable[Pattern], text: str) -> dict[str, str] | None:
    found = next((found for wanted in patterns if (found := wanted.fullmatch(text))), None)
    return {name: value for name, value in found.groupdict().items() if value} if found else None


def _owner(tables: Sequence[Assembled], ends: tuple[str, ...]) -> str | None:
    """The owner that most tables name, else the department of a form of a whole department."""
    owners = Counter(owner for owner in _owners(tables) if is_agency(owner, ends))
    if owners:
        return owners.most_common(1)[0][0]
    forms = (
        table.values.get("department_name") for table in tables if isinstance(table, OpenForm) and table.form.owner
    )
    return next((value.text for value in forms if value and is_agency(value.text, ends)), None)


def _owners(tables: Sequence[Assembled]) -> Iterator[str]:
    return (table.owner for table in tables if isinstance(table, OpenTable) and table.owner)


def is_agency(name: str, ends: tuple[str, ...]) -> bool:
    """Whether a text may be the name of an agency: short, no sentence, without a figure, and it ends like one."""
    key = compared(name)
    plain = 2 < len(key) <= LONGEST_NAME and not _SENTENCE.search(key) and not any(c.isdigit() for c in key)
    return plain and _BRACKETS.sub("", key).endswith(ends)


def _year(lines: Sequence[Line], tables: Sequence[Assembled], schemas: Schemas) -> int | None:
    """The year that a heading or sentence names, where no title does; else the one that a form states."""
    patterns = schemas.conventions.document.years
    texts = [compared(line.text) for line in lines]
    texts += [compared(cell) for table in tables if isinstance(table, OpenForm | OpenTable) for cell in table.captions]
    found = (match for text in texts for wanted in patterns if (match := wanted.fullmatch(text)))
    match = next(found, None)
    return int(match["fiscal_year"]) if match else None
