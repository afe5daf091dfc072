"""What is known about disclosures: datasets, layouts, rules and conventions, loaded strictly from the TOML files of a folder.

A faulty folder raises one SchemaError that lists every fault of every file with its place. The files' own language is described in
docs/layouts.md; the classes below are its grammar and the form in which the rest of the program uses it.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from extract.errors import SchemaError
from extract.text import pattern

_File = TypeVar("_File", bound=BaseModel)
FieldType = Literal["text", "code", "money", "integer", "decimal", "float", "boolean"]


def _compiled(written: object) -> object:
    if not isinstance(written, str):
        return written
    try:
        return pattern(written)
    except re.error as error:
        raise ValueError(f"{written!r} is not a regular expression: {error}") from error


def _captures(value: re.Pattern[str]) -> re.Pattern[str]:
    if not value.groupindex:
        raise ValueError("names no field: it needs a group such as (?P<unit>…)")
    return value


Pattern = Annotated[re.Pattern[str], BeforeValidator(_compiled)]
Capturing = Annotated[Pattern, AfterValidator(_captures)]


def _capturing(*groups: str) -> AfterValidator:
    def check(value: re.Pattern[str]) -> re.Pattern[str]:
        missing = [group for group in groups if group not in value.groupindex]
        if missing:
            raise ValueError(f"needs the group (?P<{missing[0]}>…)")
        return value

    return AfterValidator(check)


def _decimal(written: object) -> Decimal:
    try:
        return Decimal(str(written))
    except InvalidOperation as error:
        raise ValueError(f"{written!r} is not a number") from error


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True)


class FieldDefinition(Strict):
    """A column of some dataset. `levels` and `name` belong to codes; `values` closes the list of what a text may be."""

    type: FieldType
    zh: str
    en: str
    required: bool = False
    values: list[str] = []
    levels: list[int] = []
    name: str | None = None


class Dataset(Strict):
    """A dataset: its columns in order. `label` names the row, `code` classifies it."""

    kind: Literal["table", "form", "list", "beside"]
    zh: str
    en: str
    fields: list[str]
    label: str | None = None
    code: str | None = None
    name: str = ""
    columns: dict[str, FieldDefinition] = {}

    def money(self) -> list[str]:
        return [name for name, field in self.columns.items() if field.type == "money"]


class DatasetFile(Strict):
    fields: dict[str, FieldDefinition]
    groups: dict[str, list[str]] = {}
    dataset: dict[str, Dataset]


class Column(Strict):
    """A header path and what its cells are: a field, or a pattern whose named groups are fields. Written as a list of two or three."""

    header: Pattern
    field: str | None = None
    split: Capturing | None = None
    optional: bool = False

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, written: Any) -> Any:
        if not isinstance(written, list):
            return written
        if not 1 <= len(written) <= 3 or not all(isinstance(part, str) for part in written):
            raise ValueError("a column is [header path, field] or [header path, field, 'optional']")
        if len(written) == 3 and written[2] != "optional":
            raise ValueError(f"{written[2]!r}: only 'optional' may follow the field")
        target = written[1] if len(written) > 1 else None
        if target is None or "(?P<" in target:
            return {"header": written[0], "split": target, "optional": len(written) == 3}
        return {"header": written[0], "field": target, "optional": len(written) == 3}

    def fields(self) -> list[str]:
        groups = [*self.header.groupindex, *(self.split.groupindex if self.split else ())]
        return [*groups, *([self.field] if self.field else [])]


class Block(Strict):
    """Columns that together make rows; `set` gives fields a constant, `@fiscal_year` the document's year."""

    columns: list[str | Column]
    set: dict[str, str | int] = {}

    def declared(self) -> list[Column]:
        return [column for column in self.columns if isinstance(column, Column)]


class TableLayout(Strict):
    """A printed table. `fill` names columns whose merged labels are filled down; `index` is what the unnumbered cells of a row of column
    numbers say (`栏次 1 2 3`), which is not a row of the table;
    `needs` the rows without which a printed table is not whole.
    """

    dataset: str
    title: Pattern
    number: Pattern | None = None
    columns: list[str | Column] = []
    block: list[Block] = []
    fill: list[str] = []
    index: Pattern | None = None
    needs: list[Pattern] = []

    def blocks(self) -> list[Block]:
        return self.block or [Block(columns=self.columns)]


class ListLayout(Strict):
    """The rows inside a form, under a header of their own."""

    dataset: str
    columns: list[Column]
    fill: list[str] = []


class FormLayout(Strict):
    """A printed form of labelled cells: the value stands right of its label. `start` is a label that begins a new form."""

    dataset: str
    title: Pattern
    start: Pattern
    cells: list[Column]
    unit: Annotated[Pattern, _capturing("unit")] | None = None
    list: ListLayout


class Caption(Strict):
    """Lines around a table."""

    number: Pattern
    unit: Annotated[Pattern, _capturing("unit")]
    owner: Annotated[Pattern, _capturing("agency_name")]
    note: Pattern


class Layout(Strict):
    """A family of printed tables, as one place prints them; `complete` if a disclosure prints every one of its tables, empty ones too."""

    name: str
    zh: str
    en: str
    caption: Caption
    complete: bool = False
    groups: dict[str, list[Column]] = {}
    table: list[TableLayout] = []
    form: list[FormLayout] = []


class Place(Strict):
    """A number of a table: see rules.toml."""

    dataset: str
    column: str
    rows: str
    side: str | None = None
    where: dict[str, str] = {}

    def pattern(self) -> re.Pattern[str]:
        return pattern(self.rows)


class Rule(Strict):
    """Something that numbers owe each other: see rules.toml for the kinds."""

    code: str
    kind: Literal["columns", "rows", "items", "tables", "statement", "sentence", "rate", "count", "years", "nesting"]
    zh: str
    en: str
    datasets: list[str] = []
    stated: str | None = None
    parts: list[str] = []
    where: dict[str, str] = {}
    levels: list[Pattern] = []
    side: str | None = None
    following: bool = False
    left: Place | None = None
    right: Place | None = None
    minus: Place | None = None
    earlier: Place | None = None
    unless: Pattern | None = None
    relation: Literal["equal", "at_most"] = "equal"
    join: list[str] = []
    pair: Literal["sums", "nearest"] = "sums"
    every: bool = False

    _NEEDS = {
        "columns": ("datasets", "stated", "parts"),
        "rows": ("datasets",),
        "items": ("datasets", "stated", "parts"),
        "tables": ("left", "right"),
        "statement": ("stated", "right"),
        "sentence": ("stated", "parts"),
        "rate": (),
        "nesting": ("datasets",),
        "count": ("stated", "datasets"),
        "years": ("right", "earlier"),
    }

    @model_validator(mode="after")
    def _complete(self) -> "Rule":
        missing = [name for name in self._NEEDS[self.kind] if not getattr(self, name)]
        if missing:
            raise ValueError(f"a rule of kind {self.kind} needs {', '.join(missing)}")
        for written in (*self.parts, self.stated or "", *(place.rows for place in (self.left, self.right, self.minus, self.earlier) if place)):
            _compiled(written)
        return self

    def patterns(self) -> tuple[re.Pattern[str], list[re.Pattern[str]]]:
        """`stated` and `parts` of a rule of kind items."""
        return pattern(self.stated or ""), [pattern(part) for part in self.parts]


class RuleFile(Strict):
    rule: list[Rule]


class TextConventions(Strict):
    dash: Pattern
    total: Pattern


class TargetConventions(Strict):
    not_unit: Pattern
    date: Pattern


class DocumentConventions(Strict):
    titles: list[Capturing]
    years: list[Capturing]


class Subject(Strict):
    """Something whose figures are stated in prose; `unit` is None for money."""

    kind: str
    label: Pattern
    zh: str
    en: str
    within: Pattern | None = None
    unit: str | None = None


class StatementFile(Strict):
    """How figures are stated in prose: see statements.toml."""

    parts: Pattern
    figures: Pattern
    overview: Pattern
    glossary: Pattern
    functions: Pattern
    organisation: Pattern
    heading: Pattern
    term: Annotated[Pattern, _capturing("term", "definition")]
    folio: Pattern
    introduces: Pattern
    reason: Pattern
    resumes: Pattern
    aside: Pattern
    units: list[str]
    money: list[str]
    decimals: dict[str, int]
    threshold: Pattern
    since: Pattern
    about: Pattern
    directions: dict[Literal["increase", "decrease", "flat"], list[str]]
    subject: list[Subject]

    def kinds(self) -> list[str]:
        """The closed list of what a statement may be."""
        changes = [f"{subject.kind}{suffix}" for subject in self.subject for suffix in ("", "_change", "_change_rate", "_last_year")]
        return [*changes, "explanation", "other"]


class Conventions(Strict):
    """How disclosures write things, wherever they come from."""

    units: dict[str, Annotated[Decimal, BeforeValidator(_decimal)]]
    text: TextConventions
    operators: dict[Literal["=", ">=", "<=", ">", "<", "~"], list[str]]
    targets: TargetConventions
    ideographs: dict[str, str]
    document: DocumentConventions


class Schemas(Strict):
    """Everything that is declared, and the digest of the files it came from."""

    digest: str
    datasets: dict[str, Dataset]
    layouts: list[Layout]
    rules: list[Rule]
    statements: StatementFile
    conventions: Conventions


def builtin() -> Path:
    """The schemas that come with the program: inside an installed package, or beside src/ in a checkout."""
    inside = Path(__file__).parent / "_schemas"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "schemas"


def load(folder: Path | None = None) -> Schemas:
    """The schemas of `folder`, or the built-in ones. Raises SchemaError with every fault."""
    folder = folder or builtin()
    faults: list[str] = []
    datasets = _read(folder / "datasets.toml", DatasetFile, faults)
    rules = _read(folder / "rules.toml", RuleFile, faults)
    conventions = _read(folder / "conventions.toml", Conventions, faults)
    statements = _read(folder / "statements.toml", StatementFile, faults)
    paths = sorted((folder / "layouts").glob("*.toml"))
    if not paths:
        faults.append(f"{folder / 'layouts'}: no layout files")
    layouts = {path: _read(path, Layout, faults) for path in paths}
    resolved = dict(_datasets(datasets, folder / "datasets.toml", faults)) if datasets else {}
    expanded = {path: _expanded(layout, path, faults) for path, layout in layouts.items() if layout}
    if datasets:
        for path, layout in expanded.items():
            faults.extend(f"{path}: {fault}" for fault in _layout_faults(layout, resolved))
        faults.extend(f"{folder / 'rules.toml'}: {fault}" for fault in _rule_faults(rules.rule if rules else [], resolved))
    names = [layout.name for layout in expanded.values()]
    faults.extend(f"{path}: name {layout.name!r} is another layout's too" for path, layout in expanded.items() if names.count(layout.name) > 1)
    if rules and statements:
        faults.extend(f"{folder / 'rules.toml'}: {fault}" for fault in _kind_faults(rules.rule, set(statements.kinds())))
    if faults or rules is None or conventions is None or statements is None:
        raise SchemaError(faults)
    return Schemas(
        digest=_digest(folder),
        datasets=resolved,
        layouts=list(expanded.values()),
        rules=rules.rule,
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
            f"{path}: dataset.{name}.{role}: {field!r} is not one of its fields" for role, field in roles.items() if field not in (None, *columns)
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
        blocks = [block.model_copy(update={"columns": columns(block.columns, f"{place}.block")}) for block in written.block]
        return written.model_copy(update={"columns": columns(written.columns, f"{place}.columns"), "block": blocks})

    return layout.model_copy(update={"table": [table(index, written) for index, written in enumerate(layout.table)]})


def _layout_faults(layout: Layout, datasets: Mapping[str, Dataset]) -> Iterator[str]:
    for index, table in enumerate(layout.table):
        place = f"table[{index}] ({table.title.pattern})"
        if any(not block.columns for block in table.blocks()):
            yield f"{place}: no columns"
        named = [name for block in table.blocks() for column in block.declared() for name in column.fields()]
        constant = [name for block in table.blocks() for name in block.set]
        yield from (f"{place}: {fault}" for fault in _unknown(table.dataset, [*named, *constant, *table.fill], datasets))
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
        named = [rule.stated or "", *rule.parts, *rule.where] if rule.kind == "columns" else []
        for dataset in rule.datasets:
            yield from (f"rule {rule.code}: {fault}" for fault in _unknown(dataset, named, datasets))
        for place in (rule.left, rule.right, rule.minus, rule.earlier):
            if place:
                yield from (f"rule {rule.code}: {fault}" for fault in _unknown(place.dataset, [place.column, *place.where, *rule.join], datasets))


def _kind_faults(rules: list[Rule], kinds: set[str]) -> Iterator[str]:
    """Rules about statements of a kind that is not declared."""
    for rule in rules:
        named = [rule.stated or "", *rule.parts] if rule.kind == "sentence" else [rule.stated or ""]
        about_prose = rule.kind in ("statement", "sentence", "count", "years")
        yield from (f"rule {rule.code}: no kind of statement {kind!r}" for kind in named if about_prose and kind and kind not in kinds)


def _unknown(dataset: str, columns: Iterable[str], datasets: Mapping[str, Dataset]) -> Iterator[str]:
    """What of a dataset and its columns is not declared."""
    if dataset not in datasets:
        yield f"no dataset {dataset!r}"
        return
    yield from (f"{dataset} has no column {column!r}" for column in columns if column not in datasets[dataset].columns)
