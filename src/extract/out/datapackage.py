"""datapackage.json: what every dataset and field of out/ means (Data Package 2.0)."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from extract.out.headers import OWN, headings
from extract.out.layout import CSV, whole_file
from extract.version import __version__

if TYPE_CHECKING:
    from extract.schemas.grammar import Dataset, FieldDefinition, Schemas

_TYPES = {
    "text": "string",
    "code": "string",
    "money": "number",
    "decimal": "number",
    "integer": "integer",
    "float": "number",
    "boolean": "boolean",
}
PACKAGE = "datapackage.json"
NAME = "budget-disclosures"
_DESCRIPTION = (
    "Tables of budget disclosures as datasets. Amounts are in 万元 (ten thousand yuan); an empty cell was "
    "blank or a dash. "
    "In the CSV files a text that a spreadsheet would compute or reshape (it begins with = + - @ or a blank, "
    "is a number with leading zeros or of "
    "more than 15 digits, or looks like a date or a power of ten), or that begins with an apostrophe, has "
    "one apostrophe in front: take one leading "
    "apostrophe away from texts. The Parquet files hold them as they are."
)
_ROWED = ("table", "form", "list")


def write_datapackage(
    schemas: "Schemas", path: Path, headers: str = OWN, files: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> None:
    """Describes the CSV files beside it; `files` are those of datasets that have several."""
    from pydantic_core import to_json  # who reads the description has no need of it

    path.write_bytes(to_json(descriptor(schemas, headers, files), indent=2) + b"\n")


class Described(NamedTuple):
    """A dataset as a data package describes it: its name, its title and the titles of its columns by name."""

    name: str
    title: str
    columns: dict[str, str]


def _package(path: Path) -> dict[str, Any] | None:
    """A data package that this program wrote; None if it did not."""
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return package if isinstance(package, dict) and package.get("name") == NAME else None


def described(path: Path) -> list[Described] | None:
    """The datasets of a data package that this program wrote, in declared order; None if it did not."""
    package = _package(path)
    if package is None:
        return None
    try:
        return [
            Described(
                one["name"],
                one["title"],
                {field.get("column", field["name"]): field["title"] for field in one["schema"]["fields"]},
            )
            for one in package["resources"]
        ]
    except (KeyError, TypeError, AttributeError):  # written by another hand
        return None


def headers_of(path: Path) -> str:
    """How the columns of its CSV files are called, one of `HEADERS`."""
    return str((_package(path) or {}).get("headers", OWN))


def dataset_titles(path: Path) -> dict[str, str] | None:
    """The titles of its datasets by name."""
    datasets = described(path)
    return None if datasets is None else {one.name: one.title for one in datasets}


def descriptor(
    schemas: "Schemas", headers: str = OWN, files: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> dict[str, Any]:
    """The package as plain data."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": NAME,
        "title": "Budget disclosures 部门预算公开",
        "description": _DESCRIPTION,
        "version": __version__,
        "schemas": schemas.digest,
        **({} if headers == OWN else {"headers": headers}),
        "resources": [_resource(dataset, headers, files.get(dataset.name)) for dataset in schemas.datasets.values()],
    }


def _resource(dataset: "Dataset", headers: str, files: Sequence[str] | None) -> dict[str, Any]:
    named = headings(dataset, headers)
    key = [named[name] for name in primary_key(dataset)]
    return {
        "name": dataset.name,
        "type": "table",
        "path": files or whole_file(dataset.name, CSV),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "title": dataset.zh,
        "description": dataset.en,
        "schema": {
            "fields": [_field(name, named[name], field) for name, field in dataset.columns.items()],
            "missingValues": [""],
            **({"primaryKey": key} if key else {}),
        },
    }


def primary_key(dataset: "Dataset") -> list[str]:
    """The columns that no two rows share; empty for a dataset whose rows have no name of their own."""
    if dataset.kind in _ROWED:
        return ["document_id", "row"]
    return ["document_id"] if dataset.name == "documents" else []


def _field(name: str, heading: str, field: "FieldDefinition") -> dict[str, Any]:
    """`column` is the name that a column has in the Parquet files, where its heading is another."""
    constraints: dict[str, Any] = {}
    if field.required:
        constraints["required"] = True
    if field.values:
        constraints["enum"] = field.values
    return {
        "name": heading,
        **({} if heading == name else {"column": name}),
        "type": _TYPES[field.type],
        "title": field.zh,
        "description": field.en,
        **({"unit": "万元"} if field.type == "money" else {}),
        **({"constraints": constraints} if constraints else {}),
    }
