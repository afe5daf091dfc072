"""The grammar of vocabulary.toml: the words of titles and headers, what they mean, and what becomes of it.

Words are plain texts in their compared form (see `extract.text.compared`); nothing here is a pattern.
"""

from typing import Literal

from extract.schemas.strict import Strict
from extract.text import compared

RowsKind = Literal[
    "sides",
    "function",
    "economy",
    "function_and_economy",
    "unit",
    "project",
    "item",
    "category",
    "procurement_item",
    "levels",
    "lines",
    "listed",
    "turned",
    "none",
    "form",
]


class CaptionWords(Strict):
    """The lines around a table. `#` in a number stands for digits or Chinese figures."""

    numbers: list[str]
    owners: list[str]
    departments: list[str]
    units: list[str]
    currencies: list[str]
    notes: list[str]
    nothing: list[str]
    continued: list[str]
    agency_ends: list[str]


class TitleWords(Strict):
    """Words of titles by what they name; `nothing` are words that add nothing, `asides` begin a remark in brackets
    that adds nothing.
    """

    nothing: list[str]
    asides: list[str]
    words: dict[str, list[str]]


class Concept(Strict):
    """What a table is about: the words that its title needs, and those that it may have besides. `untitled` are fields
    whose columns tell such a table that no title names, if every column of it is known.
    """

    name: str
    words: list[str]
    may: list[str] = []
    rows: RowsKind
    untitled: list[str] = []


class StubWords(Strict):
    """Words that headings of codes and names are made of."""

    function: list[str]
    economy: list[str]
    government: list[str]
    unit: list[str]
    subject: list[str]
    code: list[str]
    name: list[str]
    nothing: list[str]


class HeaderWords(Strict):
    """Words of headers by what they mean: see the comments of vocabulary.toml."""

    nothing: list[str]
    before: list[str]
    partial: list[str]
    qualifiers: list[str]
    after: list[str]
    variants: dict[str, str]
    contents: dict[str, list[str]]
    made_of: StubWords
    total: list[str]
    labels: list[str]
    numbering: list[str]
    code_parts: list[str]
    sides: dict[str, list[str]]
    periods: dict[str, list[str]]
    stages: dict[str, list[str]]
    measures: dict[str, list[str]]
    parts: dict[str, list[str]]
    below: dict[str, dict[str, list[str]]]
    stubs: dict[str, list[str]]


class TableKind(Strict):
    """Concept, kind of rows and stage → dataset. `columns` renames meanings to fields of the dataset; `same` are
    measures that are here the total; `with_three_public` renames where the table also prints the total of the three
    public expenses; `needs` are the totals without which a table that has rows is not whole, each with the names that
    it may have; `indicators` is the dataset of the indicators of a list of projects; `fill` are fields whose blank
    cells repeat the one above.
    """

    concept: str
    rows: RowsKind
    dataset: str
    indicators: str | None = None
    final: bool = False
    columns: dict[str, str] = {}
    with_three_public: dict[str, str] = {}
    same: list[str] = []
    fill: list[str] = []
    needs: list[list[str]] = []


class FormList(Strict):
    """The rows inside a form: their dataset, the words of its header by field besides those that header.stubs has for
    it, the fields that a header must have (`needs`), and those whose merged labels are filled down. `target_sign` and
    `target_unit` stand before and after the target. A row named one of `totals` is none of the list: what it says under
    a column goes to the field of the form that `sums` names.
    """

    dataset: str
    columns: dict[str, list[str]]
    needs: list[str]
    fill: list[str] = []
    totals: list[str] = []
    sums: dict[str, str] = {}


class Form(Strict):
    """A printed form of labelled cells: the value stands right of its label, of the labels `below` under it where
    nothing or another label stands right of it, of those `inside` in the label's own cell. `heading/label` is a label
    that stands under a heading. `start` are labels that begin a new form, and a label of `never` makes it another;
    `split` sends a code before a value to another field; values right of the `ignored` labels are left out. Where no
    label tells them, the field `titled` is what the title names before one of `title_ends`, and `owner` whose table it
    is.
    """

    concept: str
    dataset: str
    start: list[str]
    never: list[str] = []
    labels: dict[str, list[str]]
    below: dict[str, list[str]] = {}
    inside: dict[str, list[str]] = {}
    split: dict[str, str] = {}
    ignored: list[str] = []
    titled: str | None = None
    title_ends: list[str] = []
    owner: str | None = None
    list: list[FormList]


class Vocabulary(Strict):
    """All words."""

    cautions: list[str]
    caption: CaptionWords
    title: TitleWords
    concept: list[Concept]
    header: HeaderWords
    table: list[TableKind]
    form: list[Form] = []


def normal(words: list[str]) -> list[str]:
    """Words as they are compared."""
    return [compared(word) for word in words]
