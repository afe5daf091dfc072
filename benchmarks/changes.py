"""How much the checks see: one printed amount, or one figure of the prose, at a time is changed in what the reader
returned, and the rest of the pipeline says what it finds.

Only documents that are `verified` as they stand are changed, so that every failing check of a changed one is the work
of the change. The others are listed with the rules that fail.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from cell_changes import changes
from held_documents import Document, document_name
from outcome_tables import report
from outcomes import UNCOVERED, Measured
from prose_changes import stated_changes

from extract.document.pipeline import Knowledge
from extract.errors import ExtractError
from extract.schemas.load import load

ROOT = Path(__file__).resolve().parents[1]
REPORTS = ROOT.parent / "shared" / "reports"
DEFAULTS = (REPORTS / "烟台", REPORTS / "苏州", REPORTS / "无锡", ROOT / "samples")


def measured(path: Path, knowledge: Knowledge, every: int = 1) -> Measured:
    """The outcome of every change to one document; of none if it is not verified unchanged."""
    try:
        document = Document(path, knowledge)
    except ExtractError as error:
        return Measured(document_name(path), f"unreadable: {error}", (), {}, {}, (), ())
    failing = tuple(check.rule for check in document.report.checks if check.verdict == "fail")
    if document.report.status != "verified":
        return Measured(document.name, document.report.status, failing, {}, {}, (), ())
    facts = [
        fact
        for rows in document.report.rows.values()
        for row in rows
        for fact in row.facts.values()
        if fact.amount is not None
    ]
    cells = Counter(document.cover(fact.reference) or UNCOVERED for fact in facts)
    cells["located"] = len(document.spots)
    figures = Counter(
        document.cover(one.reference) or UNCOVERED for one in document.report.statements if one.quantity is not None
    )
    figures["located"] = len(document.places)
    outcomes, stated = (
        map(document.outcome, changes(document, every)),
        map(document.stated_outcome, stated_changes(document, every)),
    )
    return Measured(
        document.name, document.report.status, failing, dict(cells), dict(figures), tuple(outcomes), tuple(stated)
    )


@cache
def _knowledge() -> Knowledge:
    return Knowledge(load())


def _measured(job: tuple[Path, int]) -> Measured:
    return measured(job[0], _knowledge(), job[1])


def _all(paths: Sequence[Path], every: int, jobs: int) -> Iterator[Measured]:
    work = [(path, every) for path in paths]
    if jobs > 1:
        with ProcessPoolExecutor(jobs) as pool:
            yield from pool.map(_measured, work)
    else:
        yield from map(_measured, work)


def _watched(results: Iterable[Measured], count: int) -> Iterator[Measured]:
    terminal = sys.stderr.isatty()
    for number, one in enumerate(results, 1):
        if terminal:
            end = "\n" if number == count else ""
            print(f"\r{number} of {count}: {one.document:<60.60}", end=end, file=sys.stderr, flush=True)
        yield one


def main() -> None:
    options = _options()
    given = options.inputs or [folder for folder in DEFAULTS if folder.is_dir()]
    paths = [path for one in given for path in (sorted(one.rglob("*.pdf")) if one.is_dir() else [one])]
    if not paths:
        sys.exit("no PDF")
    results = list(_watched(_all(paths, options.every, options.jobs), len(paths)))
    print("\n".join(report(results, options.show)))
    if options.json:
        options.json.write_text(
            json.dumps([_plain(one) for one in results], ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )


def _plain(one: Measured) -> dict[str, object]:
    return {
        **one._asdict(),
        **{name: [outcome._asdict() for outcome in getattr(one, name)] for name in ("outcomes", "stated")},
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "inputs",
        nargs="*",
        type=Path,
        metavar="PDF or folder",
        help="default: the reports of 烟台, 苏州 and 无锡 and the samples",
    )
    parser.add_argument(
        "--every", type=int, default=1, metavar="N", help="change only each Nth amount cell and figure (default 1)"
    )
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes (default 1)")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="list N missed changes")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the outcome of every change there")
    return parser.parse_args()


if __name__ == "__main__":
    main()
