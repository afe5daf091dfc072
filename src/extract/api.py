"""The Python interface: read one PDF and take its tables as Arrow tables or data frames."""

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extract.model import Check, Report
from extract.pipeline import Knowledge, read_pdf
from extract.readers import DEFAULT_READER
from extract.readers import reader as reader_named
from extract.schema_files import load
from extract.schemas import Schemas

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


class Disclosure:
    """What one document says. Datasets and their columns are described in datapackage.json; amounts are decimals in 万元."""

    def __init__(self, report: Report, schemas: Schemas) -> None:
        self.report = report
        self._schemas = schemas
        self._tables: dict[str, Any] = {}

    @property
    def status(self) -> str:
        """`verified`, `failed`, `unverified` or `unrecognised`."""
        return self.report.status

    @property
    def failures(self) -> list[Check]:
        """The checks that fail."""
        return [check for check in self.report.checks if check.verdict == "fail"]

    @property
    def datasets(self) -> list[str]:
        """Names of the datasets that hold at least one row, in declared order."""
        return [name for name in self._schemas.datasets if len(self.arrow(name))]

    def arrow(self, dataset: str) -> "pa.Table":
        """A dataset as an Arrow table. Raises KeyError for a name that is not declared."""
        from extract.writers.tables import tables

        if not self._tables:
            self._tables = tables(self._schemas, [self.report])
        return self._tables[dataset]

    def pandas(self, dataset: str) -> "pd.DataFrame":
        """A dataset as a data frame of Arrow-backed columns: decimals stay decimals, nulls stay nulls."""
        import pandas as pd

        frame: pd.DataFrame = self.arrow(dataset).to_pandas(types_mapper=pd.ArrowDtype)
        return frame

    def __repr__(self) -> str:
        return f"<Disclosure {self.report.agency_name} {self.report.fiscal_year}: {self.status}, {len(self.report.tables)} tables>"


def read(path: "str | PathLike[str]", *, reader: str = DEFAULT_READER, schemas: "str | PathLike[str] | None" = None) -> Disclosure:
    """Reads one PDF.

    `reader` is one of `extract.readers.READERS`, `schemas` a folder of schema files to use instead of the built-in ones.
    Raises OSError if the file cannot be opened, ExtractError if it is not a readable PDF, SchemaError if schema files are faulty.
    """
    knowledge = Knowledge(load(Path(schemas) if schemas is not None else None))
    report = read_pdf(Path(path).read_bytes(), str(path), reader_named(reader), knowledge)
    return Disclosure(report, knowledge.schemas)
