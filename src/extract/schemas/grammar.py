"""The grammar of what is known about disclosures: datasets, codes, measures, statements and conventions, and all of it
together. Rules are in `rules`, titles and headers in `vocabulary`.

docs/vocabulary.md describes the language; the classes below say what a file may hold, and are the form in which the
program uses it. `load` reads them.
"""

import re
from collections.abc import Container
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, model_validator

from extract.schemas.patterns import Capturing, Pattern, capturing, compiled, decimal_of
from extract.schemas.rule_file import BudgetSize, Contents, Disclosure, Finding, TwoSided
from extract.schemas.rules import Rule
from extract.schemas.strict import Named, Strict
from extract.schemas.vocabulary import Vocabulary
from extract.text import compared, pattern

FieldType = Literal["text", "code", "money", "integer", "decimal", "float", "boolean"]


class FieldDefinition(Named):
    """A column of some dataset. `levels` and `name` belong to codes; `values` closes the list of what a text may be,
    `values_zh` is what readers call them.
    """

    type: FieldType
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


class Dataset(Named):
    """A dataset: its columns in order. `label` names the row, `code` classifies it."""

    kind: Literal["table", "form", "list", "beside"]
    fields: list[str]
    label: str | None = None
    code: str | None = None
    name: str = ""
    columns: dict[str, FieldDefinition] = {}

    def level(self, code: str | None) -> int | None:
        """The depth of a code of this dataset from 1, by its length; None for none and for one of another length."""
        levels = self.columns[self.code].levels if self.code else []
        return levels.index(len(code)) + 1 if code is not None and len(code) in levels else None

    def as_printed(self, printed: Container[str]) -> "Dataset":
        """The dataset with the classification that a table prints, where it prints another one than the dataset's: the
        government's economic classes in the place of the department's.
        """
        if self.code is None or self.code in printed or (self.label or "") in printed:
            return self
        for code, field in self.columns.items():
            if field.levels and code in printed and field.name in printed:
                return self.model_copy(update={"code": code, "label": field.name})
        return self

    def money(self) -> list[str]:
        return [name for name, field in self.columns.items() if field.type == "money"]


class DatasetFile(Strict):
    fields: dict[str, FieldDefinition]
    groups: dict[str, list[str]] = {}
    dataset: dict[str, Dataset]


class NumberedTables(Strict):
    """The number of the last table of a place's disclosures, since that year."""

    since: int
    last: int


class Place(Named):
    """What is known of one place beside the vocabulary: how its agencies' names begin, the datasets that every
    disclosure there fills, empty tables included, and up to which number its tables are numbered, where they are.
    """

    name: str
    agencies: list[str]
    complete: list[str]
    tables: NumberedTables | None = None

    def last_number(self, year: int | None) -> int:
        """The number that the last table has at least; 0 if nothing is known of that year."""
        return self.tables.last if self.tables and year and year >= self.tables.since else 0


class CodeFile(Strict):
    """Names of classification codes."""

    codes: dict[str, str]


class MeasureSource(Strict):
    """Where a key total may stand: a column of a dataset and `rows`, which is "total" for the 合计 row, "@fiscal_year"
    for the row of the document's year, or a pattern of the line's name.
    """

    dataset: str
    column: str
    rows: str

    @model_validator(mode="after")
    def _is_pattern(self) -> "MeasureSource":
        compiled(self.rows)
        return self

    def pattern(self) -> re.Pattern[str]:
        return pattern(self.rows)


class Measure(Named):
    """A key total that is compared over years: the first of its sources that a document prints."""

    code: str
    sources: list[MeasureSource]


class Chart(Named):
    """Measures that are looked at together, by year."""

    measures: list[str]


class MeasureFile(Strict):
    measure: list[Measure]
    chart: list[Chart]


class TextConventions(Strict):
    dash: Pattern
    total: Pattern
    empty: Pattern
    number: Pattern


class TargetConventions(Strict):
    not_unit: Pattern
    date: Pattern


class DocumentConventions(Strict):
    """How documents name themselves and their units: see conventions.toml."""

    titles: list[Capturing]
    not_titles: Pattern
    years: list[Capturing]
    stages: list[str]
    editions: list[str]
    forms_alone: str
    kind_ignored: list[str]
    unit_types: dict[str, str]
    budget_types: dict[str, str]
    unit_line: Annotated[Pattern, capturing("unit_name")]
    unit_table: str
    name_forms: dict[Pattern, str]


Stage = Literal["budget", "final"]
ASPECTS = ("", "_change", "_change_rate", "_last_year", "_share")  # of every subject
OF_BUDGET = ("_completion", "_deviation", "_over_budget")  # in a final account, beside the budgets


class Subject(Named):
    """Something whose figures are stated in prose; `unit` is None for money. Only documents of its `stage`, if it has
    one, speak of it.

    A label may name the one of many meant: (?P<item>…); else the last that `above` finds under the same headings or in
    them is meant, and there must be one. `after` must have been said before under the same headings.
    """

    kind: str
    label: Pattern
    above: Annotated[Pattern, capturing("item")] | None = None
    within: Pattern | None = None
    after: Pattern | None = None
    unless: Pattern | None = None
    unit: str | None = None
    stage: Stage | None = None


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
    class_rest: Pattern
    figure_rest: Pattern
    chapter: Pattern
    figure: Pattern
    term: Annotated[Pattern, capturing("term", "definition")]
    year: Annotated[Pattern, capturing("year")]
    folio: Pattern
    introduces: Pattern
    delimiters: Pattern
    opening: Annotated[Pattern, capturing("owner", "dated_owner")]
    opens: Annotated[Pattern, capturing("text")]
    from_heading: Pattern
    classes: Annotated[Pattern, capturing("name", "level")]
    class_code: Annotated[Pattern, capturing("code")]
    class_levels: dict[str, int]
    class_path_end: Pattern
    share: Pattern
    outturn: Annotated[Pattern, capturing("subject")]
    budgets: dict[Literal["_budget", "_initial_budget", "_full_year_budget"], Annotated[Pattern, capturing("subject")]]
    completion: Annotated[Pattern, capturing("subject")]
    weighs: Annotated[Pattern, capturing("relation", "equal")]
    deviation: Annotated[Pattern, capturing("subject")]
    against_budget: Pattern
    heading_rest: Pattern
    lists: Pattern
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
        spent = (*self.budgets, *OF_BUDGET)
        return {
            f"{subject.kind}{aspect}": aspect
            for subject in self.subject
            for aspect in (*ASPECTS, *(() if subject.stage == "budget" else spent))
        }

    def level(self, text: str) -> int | None:
        """How deep a line that begins like a heading stands, None for any other line."""
        key = compared(text)
        return next((level for level, heading in enumerate(self.headings) if heading.fullmatch(key)), None)


class Conventions(Strict):
    """How disclosures write things, wherever they come from."""

    units: dict[str, Annotated[Decimal, BeforeValidator(decimal_of)]]
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
    two_sided: TwoSided
    withheld: Pattern
    title_year: Pattern
    title_figure: Pattern
    agency: Pattern
    contents: Contents
    budget_size: BudgetSize
    disclosures: list[Disclosure]
    findings: dict[str, Finding]
    codes: dict[str, str]
    charts: list[Chart]
    statements: StatementFile
    conventions: Conventions
