"""Changes to the figures stated in the prose of a document, one at a time, in the lines that were read."""

from collections.abc import Iterator
from decimal import Decimal
from random import Random

from held_documents import Document, StatedChange, StatedPlace
from outcomes import DIRECTION
from rewriting import WRITERS

from extract.amounts import amount
from extract.model.page import Line

OPPOSITE = {"increase": "decrease", "decrease": "increase"}


def stated_changes(document: Document, every: int = 1) -> Iterator[StatedChange]:
    """Every kind of change to every figure that was found again, or to each `every`th."""
    for place in document.places[::every]:
        yield from _rewritten(document, place)
        yield from _turned(document, place)


def _rewritten(document: Document, place: StatedPlace) -> Iterator[StatedChange]:
    line = document.lines[place.line]
    printed = line.text[place.start : place.end]
    random = Random(f"{document.name} {place.statement.reference}")
    old = amount(printed)
    for kind, write in WRITERS.items():
        text = write(printed, random)
        new = amount(text) if text else None
        if text and old and new and new.value != old.value:
            unit = place.statement.quantity / old.value if place.statement.quantity and old.value else Decimal(1)
            yield StatedChange(
                kind, place, _with(line, place.start, place.end, text), text, abs(new.value - old.value) * unit
            )


def _turned(document: Document, place: StatedPlace) -> Iterator[StatedChange]:
    """The word of direction before the figure turned into its opposite, where it stands on the same line."""
    words = {str(name): said for name, said in document.knowledge.schemas.statements.directions.items()}
    direction = place.statement.direction or ""
    if direction not in OPPOSITE or not place.statement.quantity:
        return
    line = document.lines[place.line]
    for word in words[direction]:
        if line.text[: place.start].rstrip().endswith(word):
            start = line.text.rindex(word, 0, place.start)
            other = words[OPPOSITE[direction]][0]
            yield StatedChange(
                DIRECTION, place, _with(line, start, start + len(word), other), other, 2 * place.statement.quantity
            )


def _with(line: Line, start: int, end: int, text: str) -> Line:
    """The line with other characters; without their boxes, as there may be more or fewer."""
    return line._replace(text=line.text[:start] + text + line.text[end:], boxes=None)
