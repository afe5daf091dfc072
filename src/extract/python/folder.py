"""The Python interface to out/: open the datasets that runs have written."""

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from extract.errors import InputError
from extract.out.datapackage import PACKAGE, dataset_titles
from extract.out.layout import files_of, whole_file
from extract.out.parquet import opened
from extract.out.replace import is_half_replaced
from extract.python.datasets import Datasets, unknown_dataset
from extract.python.notebook import Heading, folder_html
from extract.schemas.load import load
from extract.stores.working_copy import reading

if TYPE_CHECKING:
    import pandas as pd
    from pyarrow.dataset import Dataset


class Folder(Datasets):
    """The datasets of all documents in a folder; each is read when it is first asked for.

    `name` is how the user names the folder, `path` where its files are: a copy, if it is in a store.
    """

    def __init__(self, name: str, path: Path, contents: list[Heading]) -> None:
        self.name = name
        self.path = path
        self._contents = contents
        self._tables: dict[str, pa.Table] = {}

    @property
    def documents(self) -> "pd.DataFrame":
        """The documents with their status."""
        return self.pandas("documents")

    @property
    def datasets(self) -> list[str]:
        return [heading.dataset for heading in self._contents if heading.rows]

    def arrow(self, dataset: str) -> pa.Table:
        known = [heading.dataset for heading in self._contents]
        if dataset not in known:
            raise unknown_dataset(dataset, known)
        if dataset not in self._tables:
            self._tables[dataset] = _dataset(self.path, dataset).to_table()
        return self._tables[dataset]

    def __repr__(self) -> str:
        return f"<Folder {self.name}: {len(self.arrow('documents'))} documents, {len(self.datasets)} datasets>"

    def _repr_html_(self) -> str:
        failures = _dataset(self.path, "checks").to_table(filter=pc.field("verdict") == "fail")
        filled = [heading for heading in self._contents if heading.rows]
        return folder_html(self.name, self.arrow("documents").to_pylist(), filled, failures.to_pylist(), load().rules)


def open_folder(path: "str | PathLike[str]") -> Folder:
    """Opens a folder that `extract` wrote, here or by its URL in a store; of that, the datasets are copied to this
    machine as they are now.

    Raises InputError if it does not exist, cannot be reached, was not written by `extract`, is damaged, or if the last
    run into it has not ended.
    """
    with reading(path, PACKAGE, "parquet") as folder:
        return _opened(str(path), folder)


def _opened(name: str, folder: Path) -> Folder:
    if not folder.exists():
        raise InputError("input_missing", path=folder)
    if is_half_replaced(folder):
        raise InputError("folder_half_replaced", path=folder)
    titles = dataset_titles(folder / PACKAGE)
    if titles is None:
        raise InputError("folder_foreign", path=folder, reason=PACKAGE)
    return Folder(
        name,
        folder,
        [Heading(dataset, title, _dataset(folder, dataset).count_rows()) for dataset, title in titles.items()],
    )


def _dataset(folder: Path, dataset: str) -> "Dataset":
    files = files_of(folder, dataset)
    if not files:
        raise InputError("folder_foreign", path=folder, reason=whole_file(dataset))
    try:
        return opened(files)
    except (OSError, pa.ArrowException) as error:
        raise InputError("folder_foreign", path=folder, reason=f"{files[0].relative_to(folder)}: {error}") from error
