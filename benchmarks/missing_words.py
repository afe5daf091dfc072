"""What becomes of documents if some of their words are not known: a share of the words that their titles, headers and
labels need is left out at random.

    python benchmarks/missing_words.py REPORTS [--share 0.1] [--seeds 3] [--show]

Counts documents that are then accused (checks fail that hold, or are not made, with all words) and documents that are
called verified with other numbers than with all words.
"""

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from unseen_places import Known, read, without, words_needed

from extract.checks.lost_rows import without_lost_rows
from extract.document.pipeline import Knowledge, read_pages
from extract.model.report import Report
from extract.reading.base import DEFAULT_READER, reader
from extract.schemas.grammar import Schemas
from extract.schemas.load import load


class Change(NamedTuple):
    """What a document that lacks words is called, the checks that then accuse it, and numbers lost or new."""

    was: str
    status: str
    accusing: tuple[str, ...]
    other_numbers: int


def documents(reports: Path, knowledge: Knowledge) -> Iterator[Known]:
    """Every PDF below a folder, read once."""
    engine = reader(DEFAULT_READER)
    for path in sorted(reports.rglob("*.pdf")):
        yield Known(path.parent.name, path.stem, read_pages(path.read_bytes(), engine, knowledge), {})


def judged(document: Known, knowledge: Knowledge) -> Report:
    return without_lost_rows(read(document, knowledge), knowledge.schemas)


def with_fewer_words(schemas: Schemas, needed: set[str], share: float, chance: random.Random) -> Schemas:
    """The schemas without some of the words that a document needs, and without some labels of forms."""
    less = without(schemas, {word for word in sorted(needed) if chance.random() < share})
    forms = [
        form.model_copy(
            update={
                "labels": {
                    name: [word for word in words if chance.random() >= share] or words
                    for name, words in form.labels.items()
                }
            }
        )
        for form in less.vocabulary.form
    ]
    return less.model_copy(update={"vocabulary": less.vocabulary.model_copy(update={"form": forms})})


def changed(before: Report, after: Report) -> Change:
    failing, fails = (
        Counter(
            (check.rule, check.dataset, check.column, check.stated, check.computed)
            for check in report.checks
            if check.verdict == "fail"
        )
        for report in (before, after)
    )
    numbers, others = (
        Counter(
            (name, row.values.get("side"), column, fact.amount)
            for name, rows in report.rows.items()
            for row in rows
            for column, fact in row.facts.items()
        )
        for report in (before, after)
    )
    other = (numbers - others).total() + (others - numbers).total()
    return Change(before.status, after.status, tuple(one[0] for one in fails - failing), other)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reports", type=Path)
    parser.add_argument("--share", type=float, default=0.1)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--show", action="store_true")
    asked = parser.parse_args()
    schemas = load()
    knowledge = Knowledge(schemas)
    changes: list[Change] = []
    for document in documents(asked.reports, knowledge):
        whole, needed = judged(document, knowledge), words_needed(document, schemas)
        for seed in range(asked.seeds):
            less = with_fewer_words(schemas, needed, asked.share, random.Random(f"{seed} {document.name}"))
            one = changed(whole, judged(document, Knowledge(less)))
            changes.append(one)
            if asked.show and (one.accusing or (one.status == "verified" and one.other_numbers)):
                print(document.place, document.name, seed, *one, sep="\t", flush=True)
    accused = [one for one in changes if one.accusing]
    silent = [one for one in changes if one.status == "verified" and one.other_numbers]
    print(f"{len(changes)} readings, {asked.share:.0%} of the words left out")
    for (was, status), count in sorted(Counter((one.was, one.status) for one in changes).items()):
        print(f"  {was} → {status}: {count}")
    print(f"accused {len(accused)}: {Counter(rule for one in accused for rule in one.accusing)}")
    print(f"verified with other numbers {len(silent)}")


if __name__ == "__main__":
    main()
