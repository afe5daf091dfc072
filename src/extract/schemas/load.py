"""Reads a folder of schema files, strictly: a faulty folder raises one SchemaError with every fault of every file and its place."""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from extract.errors import SchemaError
from extract.schemas.grammar import (
    Conventions,
    Dataset,
    DatasetFile,
    FieldDefinition,
    MeasureFile,
    Place,
    Rule,
    RuleFile,
    Schemas,
    StatementFile,
)

from extract.schemas.vocabulary import Vocabulary

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
    vocabulary = _read(folder / "vocabulary.toml", Vocabulary, faults)
    places = {path: _read(path, Place, faults) for path in sorted((folder / "places").glob("*.toml"))}
    resolved = dict(_datasets(datasets, folder / "datasets.toml", faults)) if datasets else {}
    if datasets:
        faults.extend(f"{folder / 'measures.toml'}: {fault}" for fault in _measure_faults(measures, resolved))
        faults.extend(f"{folder / 'vocabulary.toml'}: {fault}" for fault in _vocabulary_faults(vocabulary, resolved))
        for path, place in places.items():
            faults.extend(f"{path}: {fault}" for fault in (_place_faults(place, resolved) if place else ()))
        faults.extend(
            f"{folder / 'rules.toml'}: {fault}" for fault in _rule_faults(rules.rule if rules else [], resolved)
        )
        faults.extend(f"{folder / 'conventions.toml'}: {fault}" for fault in _convention_faults(conventions, resolved))
    if rules and statements:
        faults.extend(
            f"{folder / 'rules.toml'}: {fault}" for fault in _kind_faults(rules.rule, set(statements.kinds()))
        )
    if faults or vocabulary is None or rules is None or measures is None or conventions is None or statements is None:
        raise SchemaError(faults)
    return Schemas(
        digest=_digest(folder),
        datasets=resolved,
        places=[place for place in places.values() if place],
        vocabulary=vocabulary,
        rules=list(rules.rule),
        two_sided=rules.two_sided,
        withheld=rules.withheld,
        title_year=rules.title_year,
        findings=rules.finding,
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


def _place_faults(place: Place, datasets: Mapping[str, Dataset]) -> Iterator[str]:
    yield from (f"complete: no dataset {name!r}" for name in place.complete if name not in datasets)


def _vocabulary_faults(vocabulary: Vocabulary | None, datasets: Mapping[str, Dataset]) -> Iterator[str]:
    """What vocabulary.toml names and nobody declares."""
    if vocabulary is None:
        return
    words, concepts = vocabulary.title.words, {concept.name for concept in vocabulary.concept}
    for concept in vocabulary.concept:
        yield from (
            f"concept {concept.name}: no words {kind!r}" for kind in (*concept.words, *concept.may) if kind not in words
        )
    for kind in vocabulary.table:
        place = f"table {kind.concept}, {kind.rows}"
        if kind.concept not in concepts:
            yield f"{place}: no concept {kind.concept!r}"
        renamed = [*kind.columns.values(), *kind.with_three_public.values()]
        yield from (f"{place}: {fault}" for fault in _unknown(kind.dataset, [*renamed, *kind.fill], datasets))
    for form in vocabulary.form:
        named = [*form.labels, *form.split.values()]
        yield from (f"form {form.concept}: {fault}" for fault in _unknown(form.dataset, named, datasets))
        columns = [name for name in form.list.columns if name != "target_sign"]
        yield from (f"form {form.concept}: {fault}" for fault in _unknown(form.list.dataset, columns, datasets))


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
