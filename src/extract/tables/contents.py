"""What a column holds → what it is, where its heading does not say it."""

from collections import Counter
from collections.abc import Mapping, Sequence

from extract.schemas.vocabulary import Vocabulary, normal
from extract.text import compared

FEWEST = 3  # cells that tell what a column is
MOST = 0.8  # of them, of one kind
NAMES = 0.6  # of the names of classes: of each year and place only some are listed
_CLASSES = {"2": "exp_func_name", "3": "dep_bgt_eco_name", "5": "gov_bgt_eco_name"}


class ContentReader:
    """Reads columns with the words that fill them, and the names of classes by code."""

    def __init__(self, vocabulary: Vocabulary, codes: Mapping[str, str]) -> None:
        self._codes = codes
        self._words = {name: set(normal(words)) for name, words in vocabulary.header.contents.items()}
        self._names: dict[str, set[str]] = {}
        for code, name in codes.items():
            if stub := _CLASSES.get(code[0]):
                self._names.setdefault(stub, set()).add(compared(name))

    def stub(self, texts: Sequence[str]) -> str | None:
        """What a column is by the texts of its cells, None if they do not tell it."""
        cells = [compared(text) for text in texts if text]
        if len(cells) < FEWEST:
            return None
        if all(cell in self._codes or cell[:3] in self._codes for cell in cells if cell.isdecimal()) and (
            sum(cell.isdecimal() and len(cell) in (3, 5, 7) for cell in cells) >= MOST * len(cells)
        ):
            return "code"
        shares = Counter(
            {name: sum(cell in words for cell in cells) / len(cells) for name, words in self._words.items()}
        )
        name, share = shares.most_common(1)[0]
        if share >= MOST:
            return name
        for stub, names in self._names.items():
            if sum(cell in names for cell in cells) >= NAMES * len(cells):
                return stub
        return None
