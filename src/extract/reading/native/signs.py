"""What the codes of a font stand for, learned as they are met: a font of a whole collection has some thirty thousand.

Plain Python that Cython compiles as it is, with the types of `signs.pxd`.
"""

from collections.abc import Callable, Sequence

from extract.reading.native.kinds import NO_TEXT


class Sign:
    """A code's printed text, empty for white space and None where it is not known, and how far it moves the next one,
    in sizes of the font. `point` is the code point of a text of one character, else 0.
    """

    def __init__(self, text: str | None, width: float) -> None:
        self.text = text
        self.width = width
        self.point = NO_TEXT if text is None else ord(text) if len(text) == 1 else 0


class Font:
    """Codes of one byte where it is `single`; else of two, or as `split` takes them out of a string. `learn` gives the
    sign of a code. A font that is `mapped` says itself what its codes mean: one without a meaning has lost it.
    """

    def __init__(
        self,
        learn: Callable[[int], Sign],
        *,
        single: bool = False,
        vertical: bool = False,
        split: Callable[[bytes], Sequence[int]] | None = None,
        mapped: bool = False,
    ) -> None:
        self.signs: dict[int, Sign] = {}
        self.single = single
        self.vertical = vertical
        self.split = split
        self.mapped = mapped
        self._learn = learn

    def sign(self, code: int) -> Sign:
        known = self.signs.get(code)
        if known is None:
            known = self.signs[code] = self._learn(code)
        return known
