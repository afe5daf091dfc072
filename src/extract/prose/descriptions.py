"""What the text says without figures: the terms it explains, and how it describes the unit."""

import re

from extract.model.report import GlossaryTerm
from extract.prose.sentences import Prose
from extract.schemas.grammar import StatementFile
from extract.text import half_width


def glossary(prose: Prose, declared: StatementFile) -> list[GlossaryTerm]:
    """The terms of the part that explains terms."""
    found = ((text, declared.term.fullmatch(half_width(text))) for text in prose.paragraphs("glossary"))
    return [
        GlossaryTerm(text[slice(*one.span("term"))], text[slice(*one.span("definition"))]) for text, one in found if one
    ]


def overview(prose: Prose, heading: re.Pattern[str], declared: StatementFile) -> str | None:
    """The text below a heading of the part that describes the unit, up to the next chapter."""
    kept: list[str] = []
    inside = False
    for paragraph in prose.paragraphs("overview"):
        key = half_width(paragraph)
        if heading.fullmatch(key):
            inside = True
        elif inside and declared.chapter.match(key):
            break
        elif inside:
            kept.append(paragraph)
    return "\n".join(kept) or None
