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
    """Spots by `dataset:row:column`; where a cell has none, that of its row, else that of its table."""

    def __init__(self) -> None:
        self._spots: dict[str, Spot] = {}

    def put(self, reference: str, spot: Spot) -> None:
        """Notes where a value is printed; the first place of several, as of a merged label, stands."""
        self._spots.setdefault(reference, spot)

    def near(self, dataset: str | None, row: int | None, column: str | None) -> Spot | None:
        """The cell, else its row, else its table."""
        names = (f"{dataset}:{row}:{column}", f"{dataset}:{row}:", f"{dataset}::")
        return next((spot for name in names if (spot := self._spots.get(name))), None)
