"""Boxes on pages by short keys, which tie a number in the text to its box on the picture."""

from typing import NamedTuple

from extract.model import Box


class Mark(NamedTuple):
    """A box on a page and its key."""

    key: str
    box: Box


class Places:
    """Every box that a document's page speaks of, each once."""

    def __init__(self) -> None:
        self._marks: dict[int, dict[Box, Mark]] = {}

    def key(self, page: int, box: Box | None) -> str | None:
        """The key of a box; None for what was read without positions."""
        if box is None:
            return None
        marks = self._marks.setdefault(page, {})
        return marks.setdefault(box, Mark(f"{page}-{len(marks) + 1}", box)).key

    def on(self, page: int) -> list[Mark]:
        """The boxes of a page, as they were first spoken of."""
        return list(self._marks.get(page, {}).values())
