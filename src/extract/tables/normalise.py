"""Printed tables → typed rows with the facts behind their amounts, and the cells that no column claims."""

from extract.model.report import Table, Unclaimed
from extract.schemas.grammar import Schemas
from extract.tables.columns import ColumnReader
from extract.tables.document_rows import DocumentRows, Normalised
from extract.tables.forms import OpenForm
from extract.tables.normalise_forms import FormNormaliser
from extract.tables.normalise_tables import TableNormaliser
from extract.tables.open_tables import Assembled, OpenTable, Unknown
from extract.tables.targets import TargetParser


class Normaliser:
    """Turns the tables of one document into rows, numbered through the document for each dataset."""

    def __init__(
        self,
        schemas: Schemas,
        targets: TargetParser,
        columns: ColumnReader,
        fiscal_year: int | None,
        place: str | None,
    ) -> None:
        self._rows = DocumentRows(schemas, targets)
        self._tables = TableNormaliser(self._rows, columns, fiscal_year, place)
        self._forms = FormNormaliser(self._rows, place)

    @property
    def result(self) -> Normalised:
        return self._rows.result

    def add(self, table: Assembled) -> None:
        index = len(self.result.tables) + 1
        if isinstance(table, OpenTable) and table.shape.kind:
            self._tables.add(table, index)
        elif isinstance(table, OpenForm):
            self._forms.add(table, index)
        elif isinstance(table, Unknown):
            self._add_unknown(table, index)
        else:
            self._tables.add_homeless(table, index)

    def _add_unknown(self, table: Unknown, index: int) -> None:
        self._rows.result.tables.append(
            Table(
                None,
                None,
                table.number,
                table.title,
                table.unit,
                table.page,
                table.page,
                0,
                "".join(table.notes) or None,
                table.engine,
                notes=table.notes,
                parts=table.parts,
                worth=self._rows.worth(table.unit),
                heading=table.heading,
            )
        )
        for cell in table.cells:
            self.result.unclaimed.append(Unclaimed(index, cell.row + 1, cell.col + 1, cell.text, table.page, cell.box))
        for line in table.lines:
            self.result.unclaimed.append(Unclaimed(index, None, None, line.text, line.page, line.box))
