"""Reads schema files strictly: faulty ones raise one SchemaError with every fault of every file and its place."""

import logging
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from extract.errors import SchemaError
from extract.messages import message
from extract.schemas import prepared
from extract.schemas.grammar import (
    CodeFile,
    Conventions,
    Dataset,
    DatasetFile,
    FieldDefinition,
    MeasureFile,
    Place,
    Schemas,
    StatementFile,
)
from extract.schemas.rule_file import RuleFile
from extract.schemas.rules import Rule
from extract.schemas.source import Folder, Layers
from extract.schemas.vocabulary import Vocabulary

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

logger = logging.getLogger(__name__)
NUMBERS = ("integer", "float", "decimal", "money")
_File = TypeVar("_File", bound=BaseModel)


def load(over: Path | None = None) -> Schemas:
    """The built-in schemas, with those of the folder `over` laid over them (see `source.Layers`).

    Raises SchemaError with every fault of every file, each with its file, its line and the entry that it is in.
    """
    folder = Folder.of(over)
    schemas = prepared.kept(folder)
    if schemas is None:
        schemas = _read_all(folder)
        prepared.keep(folder, schemas)
    for change in folder.changes():
        logger.info("%s: %s", over, change)
    return schemas


def _read_all(folder: Folder) -> Schemas:
    faults: list[str] = []
    datasets = _read(folder, "datasets.toml", DatasetFile, faults)
    rules = _read(folder, "rules.toml", RuleFile, faults)
    measures = _read(folder, "measures.toml", MeasureFile, faults)
    conventions = _read(folder, "conventions.toml", Conventions, faults)
    statements = _read(folder, "statements.toml", StatementFile, faults)
    codes = _read(folder, "codes.toml", CodeFile, faults)
    vocabulary = _read(folder, "vocabulary.toml", Vocabulary, faults)
    places = {name: _read(folder, name, Place, faults) for name in folder.names("places/*.toml")}
    resolved: dict[str, Dataset] = {}
    if datasets:
        faults += _told(folder, "datasets.toml", _named_fields(datasets))
        resolved = _collected(folder, "datasets.toml", _datasets(datasets), faults)
        faults += _told(folder, "datasets.toml", _unfilled(folder, resolved))
        faults += _told(folder, "measures.toml", _measure_faults(measures, resolved))
        faults += _told(folder, "vocabulary.toml", _vocabulary_faults(vocabulary, resolved))
        for name, place in places.items():
            faults += _told(folder, name, _place_faults(place, resolved))
        faults += _told(folder, "rules.toml", _rule_faults(rules.rule if rules else [], resolved))
        named = [name for one in (rules.disclosure if rules else ()) for names in one.tables for name in names]
        unknown = [f"disclosure: {message('schema_no_dataset', name=name)}" for name in named if name not in resolved]
        faults += _told(folder, "rules.toml", unknown)
        faults += _told(folder, "conventions.toml", _convention_faults(conventions, resolved))
    names = [place.name for place in places.values() if place]
    for name, place in places.items():
        if place and names.count(place.name) > 1:
            faults += _told(folder, name, [f"name: {message('schema_twice', name=place.name)}"])
    if rules and statements:
        faults += _told(folder, "rules.toml", _kind_faults(rules.rule, set(statements.kinds())))
    if statements and conventions:
        faults += _told(folder, "statements.toml", _unit_faults(statements, conventions))
    if (
        faults
        or codes is None
        or vocabulary is None
        or rules is None
        or measures is None
        or conventions is None
        or statements is None
    ):
        raise SchemaError(faults)
    return Schemas(
        digest=folder.digest(),
        datasets=resolved,
        places=[place for place in places.values() if place],
        vocabulary=vocabulary,
        rules=list(rules.rule),
        two_sided=rules.two_sided,
        withheld=rules.withheld,
        title_year=rules.title_year,
        title_figure=rules.title_figure,
        agency=rules.agency,
        contents=rules.contents,
        budget_size=rules.budget_size,
        disclosures=rules.disclosure,
        findings=rules.finding,
        codes=codes.codes,
        measures=measures.measure,
        charts=measures.chart,
        statements=statements,
        conventions=conventions,
    )


def changes(over: Path) -> list[str]:
    """What a folder puts in the place of what is built in or adds to it, an entry a line: `rules.toml: rule CODE`."""
    return Folder.of(over).changes()


# ---- faults and their places -----------------------------------------------------------------------------------------


def _read(folder: Folder, name: str, kind: type[_File], faults: list[str]) -> _File | None:
    layers = folder.layers(name)
    try:
        return kind.model_validate(layers.content)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.append(f"{_broken(layers)}: {error}")
    except ValidationError as error:
        faults += [_placed(layers, fault["loc"], _sentence(fault)) for fault in error.errors()]
    return None


def _broken(layers: Layers) -> Path:
    """The file that cannot be read: the user's, if there is one."""
    return layers.files[-1].path


def _told(folder: Folder, name: str, faults: Iterable[str]) -> Iterator[str]:
    """Faults that begin with what they are about (see `Layers.path_of`), each with its file and line."""
    layers = folder.layers(name)
    for fault in faults:
        about, _, told = fault.partition(": ")
        yield _placed(layers, layers.path_of(about), told)


def _placed(layers: Layers, path: tuple[str | int, ...], told: str) -> str:
    """`file:line: rule CODE, stated: what is wrong`."""
    file, line = layers.where(path)
    return f"{file}{f':{line}' if line else ''}: {layers.called(path)}: {told}"


def _sentence(fault: "ErrorDetails") -> str:
    """What is wrong, in the language of the run where messages.toml knows the kind of fault."""
    given = fault.get("ctx", {}) | {"input": fault["input"]}
    if fault["type"] == "value_error":
        return str(fault["ctx"]["error"])
    try:
        return message(f"schema_{fault['type']}", **given)
    except KeyError:
        return fault["msg"]


def _collected(
    folder: Folder, name: str, found: "Iterator[tuple[str, Dataset] | str]", faults: list[str]
) -> dict[str, Dataset]:
    """The datasets, while the faults among them go to `faults`."""
    result, wrong = {}, []
    for one in found:
        if isinstance(one, str):
            wrong.append(one)
        else:
            result[one[0]] = one[1]
    faults += _told(folder, name, wrong)
    return result


def _named_fields(file: DatasetFile) -> Iterator[str]:
    """Fields of codes whose name is no field."""
    for name, field in file.fields.items():
        if field.name is not None and field.name not in file.fields:
            yield f"fields.{name}: {message('schema_no_field', name=field.name)}"


def _unit_faults(statements: StatementFile, conventions: Conventions) -> Iterator[str]:
    """Units that nobody declares."""
    for unit in statements.money:
        if unit not in conventions.units or unit not in statements.units:
            yield f"money: {message('schema_no_unit', name=unit)}"
    for subject in statements.subject:
        if subject.unit is not None and subject.unit not in statements.units:
            yield f"subject {subject.kind}: {message('schema_no_unit', name=subject.unit)}"


def _datasets(file: DatasetFile) -> Iterator[tuple[str, Dataset] | str]:
    """The datasets with their columns, and faults."""
    for name, dataset in file.dataset.items():
        columns: dict[str, FieldDefinition] = {}
        keys = ["document_id", "fiscal_year", "agency_name"]
        if dataset.kind != "beside":
            keys += ["row", "page"]
        depth = ["is_total", "level"] if dataset.kind == "table" else []
        for entry in [*keys, *dataset.fields, *depth]:
            group = file.groups.get(entry.removeprefix("@")) if entry.startswith("@") else [entry]
            for member in group or [entry]:
                column, _, described = member.partition(":")
                field = file.fields.get(described or column)
                if field is None:
                    yield f"dataset.{name}.fields: {message('schema_no_field', name=member)}"
                else:
                    columns[column] = field
        roles = {"label": dataset.label, "code": dataset.code}
        for role, named in roles.items():
            if named not in (None, *columns):
                yield f"dataset.{name}.{role}: {message('schema_not_its_field', name=named)}"
        yield name, dataset.model_copy(update={"name": name, "columns": columns})


def _unfilled(folder: Folder, datasets: Mapping[str, Dataset]) -> Iterator[str]:
    """Columns beside the tables that a user's folder adds: the program fills these, and knows its own only."""
    files = folder.layers("datasets.toml").files
    if len(files) == 1:
        return
    own = dict(one for one in _datasets(DatasetFile.model_validate(files[0].content)) if not isinstance(one, str))
    for name, dataset in datasets.items():
        if dataset.kind == "beside":
            filled = own[name].columns if name in own else ()
            for column in dataset.columns:
                if column not in filled:
                    yield f"dataset.{name}.fields: {message('schema_unfilled', dataset=name, name=column)}"


def _place_faults(place: Place | None, datasets: Mapping[str, Dataset]) -> Iterator[str]:
    for name in place.complete if place else ():
        if name not in datasets:
            yield f"complete: {message('schema_no_dataset', name=name)}"


def _vocabulary_faults(vocabulary: Vocabulary | None, datasets: Mapping[str, Dataset]) -> Iterator[str]:
    """What vocabulary.toml names and nobody declares."""
    if vocabulary is None:
        return
    concepts = {concept.name for concept in vocabulary.concept}
    for index, concept in enumerate(vocabulary.concept):
        for kind in (*concept.words, *concept.may):
            if kind not in vocabulary.title.words:
                yield f"concept[{index}]: {message('schema_no_words', name=kind)}"
    for index, table in enumerate(vocabulary.table):
        if table.concept not in concepts:
            yield f"table[{index}]: {message('schema_no_concept', name=table.concept)}"
        renamed = [*table.columns.values(), *table.with_three_public.values(), *table.fill]
        yield from (f"table[{index}]: {fault}" for fault in _unknown(table.dataset, renamed, datasets))
    for index, form in enumerate(vocabulary.form):
        named = [*form.labels, *form.split.values()]
        yield from (f"form[{index}]: {fault}" for fault in _unknown(form.dataset, named, datasets))
        for one in form.list:
            columns = [name for name in one.columns if name != "target_sign"]
            yield from (f"form[{index}]: {fault}" for fault in _unknown(one.dataset, columns, datasets))


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
        yield f"document.unit_table: {message('schema_no_code', name=name)}"


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
        f"chart {chart.en}: {message('schema_no_measure', name=code)}"
        for chart in file.chart
        for code in chart.measures
        if code not in codes
    )


def _unknown(dataset: str, columns: Iterable[str], datasets: Mapping[str, Dataset]) -> Iterator[str]:
    """What of a dataset and its columns is not declared."""
    if dataset not in datasets:
        yield message("schema_no_dataset", name=dataset)
        return
    for column in columns:
        if column not in datasets[dataset].columns:
            yield message("schema_no_column", dataset=dataset, name=column)
