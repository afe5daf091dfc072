"""What the contents of a document announce and the document does not hold."""

from collections.abc import Iterator, Sequence

from extract.checks.completeness import told
from extract.model.page import Line
from extract.model.report import Check
from extract.schemas.grammar import Schemas
from extract.text import compared


def check_parts(schemas: Schemas, lines: Sequence[Line]) -> Iterator[Check]:
    """The last part of the contents, if no line begins with it again, as most parts before it do."""
    begun: dict[str, list[int]] = {}
    for line in lines:
        if found := schemas.part.match(compared(line.text)):
            begun.setdefault(found.group(), []).append(line.page)
    pages = sorted({page for own in begun.values() for page in own})
    contents = next((page for page in pages if sum(page in own for own in begun.values()) > 1), None)
    announced = [part for part, own in begun.items() if contents in own]
    if not announced:
        return
    *before, last = announced
    again = sum(_goes_on(begun[part], contents) for part in before)
    if not _goes_on(begun[last], contents) and 2 * again >= len(before):
        yield told(schemas, "part-missing", contents, part=last)


def _goes_on(pages: Sequence[int], contents: int | None) -> bool:
    return any(page != contents for page in pages)
