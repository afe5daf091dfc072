"""Boxes on pages by short keys, which tie a number in the text to its box on the picture."""

from typing import NamedTuple

from extract.model import Box

PADDING = 1.0  # points between a text and the frame around it


class Mark(NamedTuple):
    """A box on a page with its key, and the frame that is drawn around it."""

    key: str
    left: float
    top: float
    width: float
    height: float


def _mark(key: str, box: Box) -> Mark:
    width, height = box.x1 - box.x0, box.bottom - box.top
    return Mark(key, *(round(side, 2) for side in (box.x0 - PADDING, box.top - PADDING, width + 2 * PADDING, height + 2 * PADDING)))


class Places:
    """Every box that a document's page speaks of, each once."""

    def __init__(self) -> None:
        self._marks: dict[int, dict[Box, Mark]] = {}

    def key(self, page: int, box: Box | None) -> str | None:
        """The key of a box; None for what was read without positions."""
        if box is None:
            return None
        marks = self._marks.setdefault(page, {})
        return marks.setdefault(box, _mark(f"{page}-{len(marks) + 1}", box)).key

    def on(self, page: int) -> list[Mark]:
        """The boxes of a page, as they were first spoken of."""
        return list(self._marks.get(page, {}).values())
