"""How much of out/ the checks cover: amount cells that at least one check that was made reads, by document and
dataset.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from extract.errors import InputError
from extract.model.report import MADE, Reference
from extract.out.layout import files_of
from extract.out.parquet import opened

COLUMNS = ["document_id", "agency_name", "fiscal_year", "dataset", "row", "column", "item", "amount", "printed", "page"]


class Coverage(NamedTuple):
    """Amount cells of one dataset of one document: how many there are, and those that no check reads, as rows of
    `facts`.
    """

    document_id: str
    agency_name: str | None
    fiscal_year: int | None
    dataset: str
    cells: int
    uncovered: tuple[dict[str, Any], ...]

    @property
    def covered(self) -> int:
        return self.cells - len(self.uncovered)


def coverage(out: Path) -> list[Coverage]:
    """Every dataset of every document that holds an amount, in the order of `facts`.

    Raises InputError if out/ holds no datasets of ours.
    """
    facts, checks = _read(out, "facts").select(COLUMNS), _read(out, "checks")
    checked = set(_checked(checks))
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for fact in facts.filter(pc.is_valid(facts["amount"])).to_pylist():
        groups[fact["document_id"], fact["dataset"]].append(fact)
    return [
        Coverage(
            document,
            cells[0]["agency_name"],
            cells[0]["fiscal_year"],
            dataset,
            len(cells),
            tuple(cell for cell in cells if Reference(dataset, cell["row"], cell["column"], document) not in checked),
        )
        for (document, dataset), cells in groups.items()
    ]


def _read(out: Path, name: str) -> pa.Table:
    files = files_of(out, name)
    if not files:
        raise InputError("no_datasets", path=out)
    return opened(files).to_table()


def _checked(checks: pa.Table) -> Iterator[Reference]:
    """The numbers that checks read, each with the document that it stands in."""
    made = checks.filter(pc.is_in(checks["verdict"], pa.array(MADE)))
    for document, facts in zip(made["document_id"].to_pylist(), made["facts"].to_pylist(), strict=True):
        for reference in map(Reference.parse, (facts or "").split()):
            yield reference._replace(document=reference.document or document)
