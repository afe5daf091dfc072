"""How a place is read that the vocabulary was not made with: place by place, every word that only its documents need is
left out, and its documents are scored against their truth.

    python benchmarks/unseen_places.py REPORTS GOLD

REPORTS holds a folder of PDFs a place, GOLD the same folders with the truth of some of them as JSON. Prints for each
place how many words were left out, the share of the truth's cells that are right, cells that are extra, and wrong
cells of
documents that are called verified (silent).
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from extract.amounts import amount
from extract.document.pipeline import Knowledge, blank_report, read_pages, report_of
from extract.model.page import PageReading
from extract.model.report import Report
from extract.reading.base import DEFAULT_READER, reader
from extract.schemas.grammar import Schemas
from extract.schemas.load import load
from extract.tables.columns import ColumnReader
from extract.tables.headings import Part
from extract.tables.titles import TitleReader
from extract.text import compared

NOT_CELLS = {"document_id", "fiscal_year", "agency_name", "page", "parse", "row"}
OF_TARGET = {"operator", "value", "target_unit"}


class Known(NamedTuple):
    """A document with its truth, read once."""

    place: str
    name: str
    readings: list[PageReading]
    truth: dict[str, Any]


class Score(NamedTuple):
    """Cells of the truth, those that are right, cells that the truth does not have, wrong ones of a verified
    document.
    """

    cells: int
    right: int
    extra: int
    silent: int


def documents(reports: Path, gold: Path, knowledge: Knowledge) -> Iterator[Known]:
    """Every document of GOLD whose PDF is in REPORTS."""
    engine = reader(DEFAULT_READER)
    for path in sorted(gold.glob("*/*.json")):
        pdf = reports / path.parent.name / f"{path.stem}.pdf"
        if pdf.exists():
            truth = json.loads(path.read_text(encoding="utf-8"))
            yield Known(path.parent.name, path.stem, read_pages(pdf.read_bytes(), engine, knowledge), truth)


def read(known: Known, knowledge: Knowledge) -> Report:
    return report_of(blank_report("0" * 64, known.name, reader(DEFAULT_READER)), known.readings, knowledge)


def words_needed(known: Known, schemas: Schemas) -> set[str]:
    """The words that the titles and headers of a document are made of."""
    needed: set[str] = set()

    class Titles(TitleReader):
        def split(self, text: str) -> tuple[str, ...] | None:
            found = super().split(text)
            needed.update(found or ())
            return found

    class Columns(ColumnReader):
        def meanings(self, text: str) -> tuple[Part, ...]:
            found = super().meanings(text)
            needed.update([text.rstrip(":")] if found else [])
            return found

    read(known, Knowledge(schemas, titles=Titles, columns=Columns))
    return needed


def without(schemas: Schemas, words: Iterable[str]) -> Schemas:
    """The schemas without these words of titles and headers."""
    gone = set(words)

    def kept(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: kept(one) for name, one in value.items()}
        if isinstance(value, list):
            return [one for one in value if not isinstance(one, str) or compared(one).rstrip(":") not in gone]
        return value

    vocabulary = schemas.vocabulary
    title = vocabulary.title.model_validate({name: kept(one) for name, one in vocabulary.title.model_dump().items()})
    header = vocabulary.header.model_dump()
    parts = header.pop("parts")
    kept_header = vocabulary.header.model_validate(
        {**{name: kept(one) for name, one in header.items()}, "parts": parts}
    )
    changed = vocabulary.model_copy(update={"title": title, "header": kept_header})
    return schemas.model_copy(update={"vocabulary": changed})


def scored(report: Report, truth: dict[str, Any]) -> Score:
    """Rows are held against each other by what they say, not by their number."""
    cells = right = extra = 0
    for name, rows in truth["datasets"].items():
        want = Counter(cell for row in rows for cell in _cells(row))
        got = Counter(cell for row in report.rows.get(name, ()) for cell in _cells(dict(row.values), want_of=rows))
        cells += want.total()
        right += (want & got).total()
        extra += max(0, got.total() - want.total())
    wrong = cells - right + extra
    return Score(cells, right, extra, wrong if report.status == "verified" else 0)


def _cells(row: dict[str, Any], want_of: list[dict[str, Any]] | None = None) -> Iterator[tuple[str, str]]:
    named = set().union(*want_of) if want_of else set(row)
    for name in named - NOT_CELLS - OF_TARGET:
        value = row.get(name)
        if value not in (None, "", "*") and not isinstance(value, list):
            yield name, _written(value)


def _written(value: Any) -> str:
    text = compared(str(value))
    read = amount(text)
    return str(read.value.normalize()) if read else text


def main() -> None:
    schemas = load()
    knowledge = Knowledge(schemas)
    known = list(documents(Path(sys.argv[1]), Path(sys.argv[2]), knowledge))
    needed: dict[str, set[str]] = defaultdict(set)
    for one in known:
        needed[one.place] |= words_needed(one, schemas)
    shares = []
    for place in needed:
        own = needed[place] - set().union(*(words for other, words in needed.items() if other != place))
        less = Knowledge(without(schemas, own))
        scores = [scored(read(one, less), one.truth) for one in known if one.place == place]
        total = Score(*map(sum, zip(*scores, strict=True)))
        shares.append(total.right / total.cells)
        print(
            f"{place}\twords left out {len(own)}\tright {100 * shares[-1]:.1f} %"
            f"\textra {total.extra}\tsilent {total.silent}"
        )
    print(f"average {100 * sum(shares) / len(shares):.1f} %")


if __name__ == "__main__":
    main()
