"""Where the values of a document stand in its workbook."""

from typing import NamedTuple

from extract.workbook.book import Sheet


class Spot(NamedTuple):
    """A cell of a sheet with what was written there."""

    sheet: Sheet
    row: int
    column: int
    value: object
    styles: tuple[str, ...]

    @property
    def address(self) -> str:
        return self.sheet.address(self.row, self.column)


class SpotIndex:
    """Spots of values, rows and tables; a value that has none stands where its row does, a row where its table does."""

    def __init__(self) -> None:
        self._spots: dict[tuple[str | None, int | None, str | None], Spot] = {}

    def put(self, spot: Spot, dataset: str, row: int | None = None, column: str | None = None) -> None:
        """Notes where a value, a row or a table is printed; the first place of several, as of a merged label,
        stands.
        """
        self._spots.setdefault((dataset, row, column), spot)

    def near(self, dataset: str | None, row: int | None, column: str | None) -> Spot | None:
        """The cell, else its row, else its table."""
        keys = ((dataset, row, column), (dataset, row, None), (dataset, None, None))
        return next((spot for key in keys if (spot := self._spots.get(key))), None)
