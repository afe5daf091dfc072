"""Boxes on pages by short keys, which tie a number in the text to its box on the picture."""

from collections.abc import Iterable

from extract.model.page import Box


class BoxKeys:
    """Every box that a document's page speaks of, each once."""

    def __init__(self) -> None:
        self._keys: dict[int, dict[Box, str]] = {}

    def key(self, page: int, box: Box | None) -> str | None:
        """The key of a box; None for what was read without positions."""
        if box is None:
            return None
        keys = self._keys.setdefault(page, {})
        key = keys.get(box)
        if key is None:
            key = keys[box] = f"{page}-{len(keys) + 1}"
        return key

    def on(self, page: int) -> Iterable[tuple[str, Box]]:
        """The keys and boxes of a page, as they were first spoken of."""
        return ((key, box) for box, key in self._keys.get(page, {}).items())
