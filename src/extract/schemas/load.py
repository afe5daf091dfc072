"""Reads a folder of schema files, strictly: a faulty folder raises one SchemaError with every fault of every file and its place."""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from extract.errors import SchemaError
from extract.schemas.grammar import (
    Column,
    Conventions,
    Dataset,
    DatasetFile,
    FieldDefinition,
    Layout,
    MeasureFile,
    Rule,
    RuleFile,
    Schemas,
    StatementFile,
    TableLayout,
)

_File = TypeVar("_File", bound=BaseModel)


def builtin() -> Path:
    """The schemas that come with the program: inside an installed package, or beside src/ in a checkout."""
    inside = Path(__file__).parents[1] / "_schemas"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "schemas"


def load(folder: Path | None = None) -> Schemas:
    """The schemas of `folder`, or the built-in ones. Raises SchemaError with every fault."""
    folder = folder or builtin()
    faults: list[str] = []
    datasets = _read(folder / "datasets.toml", DatasetFile, faults)
    rules = _read(folder / "rules.toml", RuleFile, faults)
    measures = _read(folder / "measures.toml", MeasureFile, faults)
    conventions = _read(folder / "conventions.toml", Conventions, faults)
    statements = _read(folder / "statements.toml", StatementFile, faults)
    paths = sorted((folder / "layouts").glob("*.toml"))
    if not paths:
        faults.append(f"{folder / 'layouts'}: no layout files")
    layouts = {path: _read(path, Layout, faults) for path in paths}
    resolved = dict(_datasets(datasets, folder / "datasets.toml", faults)) if datasets else {}
    expanded = {path: _expanded(layout, path, faults) for path, layout in layouts.items() if layout}
    if datasets:
        faults.extend(f"{folder / 'measures.toml'}: {fault}" for fault in _measure_faults(measures, resolved))
        for path, layout in expanded.items():
            faults.extend(f"{path}: {fault}" for fault in _layout_faults(layout, resolved))
        faults.extend(
            f"{folder / 'rules.toml'}: {fault}" for fault in _rule_faults(rules.rule if rules else [], resolved)
        )
        faults.extend(f"{folder / 'conventions.toml'}: {fault}" for fault in _convention_faults(conventions, resolved))
    names = [layout.name for layout in expanded.values()]
    faults.extend(
        f"{path}: name {layout.name!r} is another layout's too"
        for path, layout in expanded.items()
        if names.count(layout.name) > 1
    )
    if rules and statements:
        faults.extend(
            f"{folder / 'rules.toml'}: {fault}" for fault in _kind_faults(rules.rule, set(statements.kinds()))
        )
    if faults or rules is None or measures is None or conventions is None or statements is None:
        raise SchemaError(faults)
    return Schemas(
        digest=_digest(folder),
        datasets=resolved,
        layouts=list(expanded.values()),
        rules=list(rules.rule),
        two_sided=rules.two_sided,
        withheld=rules.withheld,
        measures=measures.measure,
        charts=measures.chart,
        statements=statements,
        conventions=conventions,
    )


def _digest(folder: Path) -> str:
    files = sorted(folder.rglob("*.toml"))
    content = b"".join(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes() for path in files)
    return hashlib.sha256(content).hexdigest()[:16]


def _read(path: Path, kind: type[_File], faults: list[str]) -> _File | None:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return kind.model_validate(content)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.append(f"{path}: {error}")
    except ValidationError as error:
        for fault in error.errors():
            place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in fault["loc"]).lstrip(".")
            faults.append(f"{path}: {place}: {fault['msg']}")
    return None


def _datasets(file: DatasetFile, path: Path, faults: list[str]) -> Iterator[tuple[str, Dataset]]:
    for name, dataset in file.dataset.items():
        columns: dict[str, FieldDefinition] = {}
        keys = ["document_id", "fiscal_year", "agency_name"]
        if dataset.kind != "beside":
            keys += ["row", "page"]
        for entry in [*keys, *dataset.fields]:
            group = file.groups.get(entry.removeprefix("@")) if entry.startswith("@") else [entry]
            for member in group or [entry]:
                column, _, described = member.partition(":")
                field = file.fields.get(described or column)
                if field is None:
                    faults.append(f"{path}: dataset.{name}.fields: no field or group {member!r}")
                else:
                    columns[column] = field
        roles = {"label": dataset.label, "code": dataset.code}
        faults.extend(
            f"{path}: dataset.{name}.{role}: {field!r} is not one of its fields"
            for role, field in roles.items()
            if field not in (None, *columns)
        )
        yield name, dataset.model_copy(update={"name": name, "columns": columns})


def _expanded(layout: Layout, path: Path, faults: list[str]) -> Layout:
    """The layout with the names of column groups replaced by their columns."""

    def columns(items: list[str | Column], place: str) -> list[str | Column]:
        result: list[str | Column] = []
        for item in items:
            if isinstance(item, Column):
                result.append(item)
            elif item in layout.groups:
                result.extend(layout.groups[item])
            else:
                faults.append(f"{path}: {place}: no column group {item!r}")
        return result

    def table(index: int, written: TableLayout) -> TableLayout:
        place = f"table[{index}]"
        blocks = [
            block.model_copy(update={"columns": columns(block.columns, f"{place}.block")}) for block in written.block
        ]
        return written.model_copy(update={"columns": columns(written.columns, f"{place}.columns"), "block": blocks})

    return layout.model_copy(update={"table": [table(index, written) for index, written in enumerate(layout.table)]})


def _layout_faults(layout: Layout, datasets: Mapping[str, Dataset]) -> Iterator[str]:
    for index, table in enumerate(layout.table):
        place = f"table[{index}] ({table.title.pattern})"
        if any(not block.columns for block in table.blocks()):
            yield f"{place}: no columns"
        named = [name for block in table.blocks() for column in block.declared() for name in column.fields()]
        constant = [name for block in table.blocks() for name in block.set]
        yield from (
            f"{place}: {fault}" for fault in _unknown(table.dataset, [*named, *constant, *table.fill], datasets)
        )
        if table.dataset in datasets and datasets[table.dataset].kind != "table":
            yield f"{place}: dataset {table.dataset!r} is not of kind table"
    for index, form in enumerate(layout.form):
        place = f"form[{index}] ({form.title.pattern})"
        for dataset, cells in ((form.dataset, form.cells), (form.list.dataset, form.list.columns)):
            named = [name for column in cells for name in column.fields()]
            yield from (f"{place}: {fault}" for fault in _unknown(dataset, named, datasets))


def _rule_faults(rules: list[Rule], datasets: Mapping[str, Dataset]) -> Iterator[str]:
    codes = [rule.code for rule in rules]
    for rule in rules:
        if codes.count(rule.code) > 1:
            yield f"rule {rule.code}: declared more than once"
        join = getattr(rule, "join", [])
        named = [(dataset, rule.columns()) for dataset in rule.about()]
        named += [(place.dataset, [place.column, *place.where, *join]) for place in rule.places()]
        for dataset, columns in named:
            yield from (f"rule {rule.code}: {fault}" for fault in _unknown(dataset, columns, datasets))
        known = [datasets[dataset].columns for dataset in rule.about() if dataset in datasets]
        yield from (
            f"rule {rule.code}: none of its datasets has a column {column!r}"
            for column in rule.optional()
            if not any(column in columns for columns in known)
        )


def _convention_faults(conventions: Conventions | None, datasets: Mapping[str, Dataset]) -> Iterator[str]:
    if conventions is None:
        return
    name = conventions.document.unit_table
    if name not in datasets or datasets[name].code is None:
        yield f"document.unit_table: {name!r} is no dataset with a code"


def _kind_faults(rules: list[Rule], kinds: set[str]) -> Iterator[str]:
    """Rules about statements of a kind that is not declared."""
    for rule in rules:
        yield from (
            f"rule {rule.code}: no kind of statement {kind!r}" for kind in rule.statements() if kind not in kinds
        )


def _measure_faults(file: MeasureFile | None, datasets: Mapping[str, Dataset]) -> Iterator[str]:
    if file is None:
        return
    for measure in file.measure:
        for source in measure.sources:
            yield from (
                f"measure {measure.code}: {fault}" for fault in _unknown(source.dataset, [source.column], datasets)
            )
    codes = [measure.code for measure in file.measure]
    yield from (
        f"chart {chart.en}: no measure {code!r}" for chart in file.chart for code in chart.measures if code not in codes
    )


def _unknown(dataset: str, columns: Iterable[str], datasets: Mapping[str, Dataset]) -> Iterator[str]:
    """What of a dataset and its columns is not declared."""
    if dataset not in datasets:
        yield f"no dataset {dataset!r}"
        return
    yield from (f"{dataset} has no column {column!r}" for column in columns if column not in datasets[dataset].columns)
