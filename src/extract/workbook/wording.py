"""What readers call datasets, columns and the values of closed lists: as the schemas word them, in Chinese."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from extract.messages import message
from extract.out.headers import chinese
from extract.schemas.grammar import Dataset, FieldDefinition, Schemas

KEYS = ("document_id", "fiscal_year", "agency_name")
_SUFFIXES = ("", "_change", "_change_rate", "_last_year")


class Field(NamedTuple):
    """A column of a sheet of rows: the field's name, what its header says, its type and what its values are called."""

    name: str
    heading: str
    type: str
    values: Mapping[str, str]


class Wording:
    """Words for readers."""

    def __init__(self, schemas: Schemas) -> None:
        self._datasets = schemas.datasets
        self._names = {name: dataset.zh for name, dataset in schemas.datasets.items()}
        self._columns = {
            (name, column): field.zh
            for name, dataset in schemas.datasets.items()
            for column, field in dataset.columns.items()
        }
        subjects = ((subject.kind, subject.zh) for subject in schemas.statements.subject)
        self._kinds = {
            f"{kind}{suffix}": f"{zh}{message(f'kind{suffix}', 'zh')}" for kind, zh in subjects for suffix in _SUFFIXES
        }
        self._kinds |= {kind: message(f"kind_{kind}", "zh") for kind in ("explanation", "other")}
        self._directions: dict[str, str] = {name: words[0] for name, words in schemas.statements.directions.items()}

    def dataset(self, name: str | None) -> str | None:
        return self._names.get(name or "", name)

    def column(self, dataset: str | None, name: str | None) -> str | None:
        return self._columns.get((dataset or "", name or ""), name)

    def fields(self, dataset: Dataset, names: Iterable[str]) -> list[Field]:
        """These columns of a dataset; of those that are called the same each says its name too."""
        return [
            Field(name, heading, dataset.columns[name].type, self._values(name, dataset.columns[name]))
            for name, heading in chinese(dataset, names).items()
        ]

    def _values(self, name: str, field: FieldDefinition) -> Mapping[str, str]:
        lists = {"dataset": self._names, "kind": self._kinds, "direction": self._directions}
        return lists[name] if name in lists else dict(zip(field.values, field.values_zh, strict=False))

    def worded(self, fields: Sequence[Field], records: Iterable[Sequence[Any]]) -> Iterable[list[Any]]:
        """The records with the words for their values; a column is called as in the dataset that the record is
        about.
        """
        told = [(place, field.values) for place, field in enumerate(fields) if field.values]
        places = {field.name: place for place, field in enumerate(fields)}
        about, named = (
            places.get("dataset"),
            next((place for place, field in enumerate(fields) if (field.name, field.type) == ("column", "text")), None),
        )
        for record in records:
            values = list(record)
            if about is not None and named is not None:
                values[named] = self.column(record[about], record[named])
            for place, words in told:
                values[place] = words.get(values[place], values[place])
            yield values
