"""What the columns of the CSV files are called: by their own names, or in Chinese for people."""

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from extract.messages import LANGUAGES

if TYPE_CHECKING:
    from extract.schemas.grammar import Dataset

HEADERS = tuple(reversed(LANGUAGES))  # the first is what is written unless the other is asked for
OWN = HEADERS[0]


def chinese(dataset: "Dataset", names: Iterable[str]) -> dict[str, str]:
    """The Chinese headings of columns by name; of those that are called the same each says its name too."""
    chosen = {name: dataset.columns[name].zh for name in names}
    same = Counter(chosen.values())
    return {name: zh if same[zh] == 1 else f"{zh} {name}" for name, zh in chosen.items()}


def headings(dataset: "Dataset", headers: str) -> dict[str, str]:
    """The headings of a dataset's CSV file by column, in one of `HEADERS`."""
    return {name: name for name in dataset.columns} if headers == OWN else chinese(dataset, dataset.columns)
