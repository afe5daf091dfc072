"""The grammar of what is known about disclosures: datasets, layouts, rules, statements and conventions.

docs/layouts.md describes the language; the classes below say what a file may hold, and are the form in which the
program uses it. schema_files reads them.
"""

import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, model_validator

from extract.schemas.strict import Strict
from extract.schemas.vocabulary import Vocabulary
from extract.text import compared, pattern

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


class FieldDefinition(Strict):
    """A column of some dataset. `levels` and `name` belong to codes; `values` closes the list of what a text may be,
    `values_zh` is what readers call them.
    """

    type: FieldType
    zh: str
    en: str
    required: bool = False
    values: list[str] = []
    values_zh: list[str] = []
    levels: list[int] = []
    name: str | None = None

    @model_validator(mode="after")
    def _named(self) -> "FieldDefinition":
        if self.values_zh and len(self.values_zh) != len(self.values):
            raise ValueError("values_zh names not as many as values lists")
        return self


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


class Place(Strict):
    """What is known of one place beside the vocabulary: how its agencies' names begin, and the datasets that every disclosure there fills,
    empty tables included.
    """

    name: str
    zh: str
    en: str
    agencies: list[str]
    complete: list[str]


class RowSelector(Strict):
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
    kind: Literal[
        "columns",
        "rows",
        "items",
        "tables",
        "statement",
        "sentence",
        "prose",
        "rate",
        "share",
        "count",
        "years",
        "units",
        "nesting",
    ]
    zh: str
    en: str
    datasets: list[str] = []
    stated: str | None = None
    parts: list[str] = []
    where: dict[str, str] = {}
    levels: list[Pattern] = []
    side: str | None = None
    following: bool = False
    left: RowSelector | None = None
    right: RowSelector | None = None
    minus: RowSelector | None = None
    earlier: RowSelector | None = None
    unless: Pattern | None = None
    relation: Literal["equal", "at_most", "at_least"] = "equal"
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
        "prose": ("stated", "parts"),
        "rate": (),
        "share": ("parts", "right"),
        "nesting": ("datasets",),
        "count": ("stated", "datasets"),
        "years": ("right", "earlier"),
        "units": ("left", "right"),
    }

    @model_validator(mode="after")
    def _complete(self) -> "Rule":
        missing = [name for name in self._NEEDS[self.kind] if not getattr(self, name)]
        if missing:
            raise ValueError(f"a rule of kind {self.kind} needs {', '.join(missing)}")
        for written in (
            *self.parts,
            self.stated or "",
            *(place.rows for place in (self.left, self.right, self.minus, self.earlier) if place),
        ):
            _compiled(written)
        return self

    def patterns(self) -> tuple[re.Pattern[str], list[re.Pattern[str]]]:
        """`stated` and `parts` of a rule of kind items."""
        return pattern(self.stated or ""), [pattern(part) for part in self.parts]


class RuleFile(Strict):
    rule: list[Rule]


class MeasureSource(Strict):
    """Where a key total may stand: a column of a dataset and `rows`, which is "total" for the 合计 row, "@fiscal_year"
    for the row of the document's year, or a pattern of the line's name.
    """

    dataset: str
    column: str
    rows: str

    @model_validator(mode="after")
    def _is_pattern(self) -> "MeasureSource":
        _compiled(self.rows)
        return self

    def pattern(self) -> re.Pattern[str]:
        return pattern(self.rows)


class Measure(Strict):
    """A key total that is compared over years: the first of its sources that a document prints."""

    code: str
    zh: str
    en: str
    sources: list[MeasureSource]


class Chart(Strict):
    """Measures that are looked at together, by year."""

    zh: str
    en: str
    measures: list[str]


class MeasureFile(Strict):
    measure: list[Measure]
    chart: list[Chart]


class TextConventions(Strict):
    dash: Pattern
    total: Pattern


class TargetConventions(Strict):
    not_unit: Pattern
    date: Pattern


class DocumentConventions(Strict):
    """How documents name themselves and their units: see conventions.toml."""

    titles: list[Capturing]
    not_titles: Pattern
    years: list[Capturing]
    unit_types: dict[str, str]
    unit_line: Annotated[Pattern, _capturing("unit_name")]
    unit_table: str


class Subject(Strict):
    """Something whose figures are stated in prose; `unit` is None for money.

    A label may name the one of many meant: (?P<item>…).
    """

    kind: str
    label: Pattern
    zh: str
    en: str
    within: Pattern | None = None
    unless: Pattern | None = None
    unit: str | None = None


class StatementFile(Strict):
    """How figures are stated in prose: see statements.toml."""

    parts: Pattern
    figures: Pattern
    overview: Pattern
    glossary: Pattern
    functions: Pattern
    organisation: Pattern
    headings: list[Pattern]
    heading_end: Pattern
    figure: Pattern
    term: Annotated[Pattern, _capturing("term", "definition")]
    folio: Pattern
    introduces: Pattern
    delimiters: Pattern
    opening: Pattern
    from_heading: Pattern
    classes: Annotated[Pattern, _capturing("name", "level")]
    class_levels: dict[str, int]
    share: Pattern
    reason: Pattern
    resumes: Pattern
    aside: Pattern
    units: list[str]
    money: list[str]
    decimals: dict[str, int]
    threshold: Pattern
    since: Pattern
    compares: Pattern
    about: Pattern
    directions: dict[Literal["increase", "decrease", "flat"], list[str]]
    subject: list[Subject]

    def kinds(self) -> list[str]:
        """The closed list of what a statement may be."""
        return [*self.aspects(), "explanation", "other"]

    def aspects(self) -> dict[str, str]:
        """Every kind of a subject, and which aspect of the subject it is."""
        return {
            f"{subject.kind}{aspect}": aspect
            for subject in self.subject
            for aspect in ("", "_change", "_change_rate", "_last_year", "_share")
        }

    def level(self, text: str) -> int | None:
        """How deep a line that begins like a heading stands, None for any other line."""
        key = compared(text)
        return next((level for level, heading in enumerate(self.headings) if heading.fullmatch(key)), None)


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
    measures: list[Measure]
    places: list[Place]
    vocabulary: Vocabulary
    rules: list[Rule]
    charts: list[Chart]
    statements: StatementFile
    conventions: Conventions
