"""Datasets by name, whether a document or a folder holds them."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def unknown_dataset(name: str, known: Iterable[str]) -> KeyError:
    """What is raised for a name that is not declared: it lists those that are, and those that are written alike."""
    known = list(known)
    near = get_close_matches(name, known)
    meant = f"; did you mean {', '.join(near)}?" if near else ""
    return KeyError(f"{name!r} is no dataset; there are {', '.join(known)}{meant}")


class Datasets(ABC):
    """Datasets by name; docs/outputs.md describes them and their columns. Amounts are decimals in 万元."""

    @property
    @abstractmethod
    def datasets(self) -> list[str]:
        """Names of the datasets that hold at least one row, in declared order."""

    @abstractmethod
    def arrow(self, dataset: str) -> "pa.Table":
        """A dataset as an Arrow table. Raises KeyError for a name that is not declared."""

    def pandas(self, dataset: str) -> "pd.DataFrame":
        """A dataset as a data frame of Arrow-backed columns: decimals stay decimals, nulls stay nulls."""
        import pandas as pd

        frame: pd.DataFrame = self.arrow(dataset).to_pandas(types_mapper=pd.ArrowDtype)
        return frame

    def __getitem__(self, dataset: str) -> "pd.DataFrame":
        """The same as `pandas`."""
        return self.pandas(dataset)

    def __iter__(self) -> Iterator[str]:
        """The names of `datasets`."""
        return iter(self.datasets)
