"""Thousands of spoiled documents through the whole job: none may crash it, hang it, write outside out/, or be called
`verified` with other amounts than the document that it was made of.

    python benchmarks/damage.py [--mutants 20000] [--seed 1] [--jobs 2] [--keep FOLDER] [PDF …]

The documents are those runs of one and three pages of the files given (the samples by default) that are verified as
they stand. The command reads the mutants in lots, every fifth one with its review pages.
"""

import argparse
import io
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf
from damage_kinds import KINDS, pages_of

from extract.errors import ExtractError
from extract.out.layout import files_of
from extract.out.parquet import opened
from extract.out.state import read_state

SAMPLES = sorted((Path(__file__).resolve().parents[1] / "samples").glob("*.pdf"))
LOT = 200
SIZES = (1, 3)  # pages of a document
TIMEOUT = 60  # seconds that a document may take: those that are whole take a tenth of one
ROUNDING = Decimal("0.01")
DEATHS = {"process_died": "crash", "time_limit": "hang", "memory_limit": "out of memory", "internal": "crash"}
Numbers = Counter[tuple[str, str, Decimal | None]]


class Read(NamedTuple):
    """What was read of a document: what it is called, how it died, the amounts of its tables and of its prose."""

    status: str
    death: str | None
    amounts: Numbers
    figures: Numbers


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        documents = _verified(options.files or SAMPLES, folder, options.jobs)
        if not documents:
            sys.exit("no run of pages is verified")
        print(f"{len(documents)} documents", flush=True)
        found: Counter[tuple[str, str]] = Counter()
        started = time.monotonic()
        for number, start in enumerate(range(0, options.mutants, LOT)):
            chance = random.Random(f"{options.seed} {number}")
            lot = [(chance.choice(list(KINDS)), chance.choice(list(documents))) for _ in range(LOT)]
            made = {f"{place:05}.pdf": one for place, one in enumerate(lot, start)}
            contents = {name: KINDS[kind](document, chance) for name, (kind, document) in made.items()}
            for name, read in _read(contents, folder, options.jobs, number % 5 == 0):
                kind, document = made[name]
                outcome = judged(documents[document], read)
                found[kind, outcome] += 1
                if options.keep and outcome not in HARMLESS:
                    _keep(options.keep / outcome, name, contents[name], document)
            told = Counter(outcome for _, outcome in found.elements())
            print(f"{start + LOT}: {time.monotonic() - started:.0f} s, {dict(told)}", flush=True)
    _show(found)
    sys.exit(any(outcome in DEATHS.values() for _, outcome in found))


HARMLESS = ("not verified", "verified, the same")


def judged(before: Read, after: Read) -> str:
    """What became of a spoiled document."""
    if after.death:
        return after.death
    if after.status != "verified":
        return "not verified"
    if other := after.amounts - before.amounts:
        gone = before.amounts - after.amounts
        return "verified, within rounding" if all(_is_near(one, gone) for one in other) else "verified, other amounts"
    if before.amounts - after.amounts:
        return "verified, amounts lost"
    if after.figures - before.figures:
        return "verified, other figures"
    return "verified, figures lost" if before.figures - after.figures else "verified, the same"


def _is_near(one: tuple[str, str, Decimal | None], gone: Numbers) -> bool:
    dataset, column, amount = one
    near = (other for name, place, other in gone if (name, place) == (dataset, column))
    return any(other is not None and amount is not None and abs(other - amount) <= ROUNDING for other in near)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="PDF")
    parser.add_argument("--mutants", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="a folder for those that are not harmless, beside what they were")
    return parser.parse_args()


def _verified(files: Sequence[Path], folder: Path, jobs: int) -> dict[bytes, Read]:
    """The runs of pages that are verified as they stand, and what is read of them."""
    runs: dict[str, bytes] = {}
    for path in files:
        content = path.read_bytes()
        with pikepdf.open(io.BytesIO(content)) as pdf:
            count = len(pdf.pages)
        for size in SIZES:
            for start in range(0, max(count - size, 0) + 1, size):
                runs[f"{len(runs):05}.pdf"] = pages_of(content, start, size)
    read = dict(_read(runs, folder, jobs, False))
    return {runs[name]: one for name, one in read.items() if one.status == "verified"}


def _read(contents: dict[str, bytes], folder: Path, jobs: int, review: bool) -> Iterator[tuple[str, Read]]:
    """What the command reads of the documents. Exits if it ends as it should not, or writes anywhere but into out/."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        place = Path(name)
        (place / "in").mkdir()
        for file, content in contents.items():
            (place / "in" / file).write_bytes(content)
        files = () if review else ("--no-review",)
        limits = ("--jobs", str(jobs), "--timeout", str(TIMEOUT), "--no-workbooks")
        command = [sys.executable, "-m", "extract", "in", "-o", "out", *limits, *files]
        done = subprocess.run(command, cwd=place, capture_output=True, check=False)
        if b"Traceback" in done.stderr or done.returncode not in _exit_codes():
            sys.exit(f"exit code {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}")
        there = {path.name for path in (*place.iterdir(), *(place / "in").iterdir())}
        if there - contents.keys() - {"in", "out"}:
            sys.exit(f"outside out/: {sorted(there - contents.keys())}")
        yield from _told(place / "out")


def _exit_codes() -> set[int]:
    kinds = [ExtractError]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    return {0, *(kind.exit_code for kind in kinds)}


def _told(out: Path) -> Iterator[tuple[str, Read]]:
    numbers: dict[str, dict[str, Numbers]] = {"facts": {}, "statements": {}}
    for dataset, columns in (("facts", ("dataset", "column", "amount")), ("statements", ("kind", "unit", "amount"))):
        for row in opened(files_of(out, dataset)).to_table().to_pylist():
            number = tuple(row[name] for name in columns)
            numbers[dataset].setdefault(row["document_id"], Counter())[number] += 1
    for document, one in read_state(out).items():
        death = DEATHS.get((one["error"] or {}).get("key", ""))
        of_tables, of_prose = (numbers[name].get(document, Counter()) for name in ("facts", "statements"))
        yield Path(one["source"]).name, Read(one["status"], death, of_tables, of_prose)


def _keep(folder: Path, name: str, content: bytes, document: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    (folder / f"{Path(name).stem}.before.pdf").write_bytes(document)


def _show(found: Counter[tuple[str, str]]) -> None:
    outcomes = sorted({outcome for _, outcome in found})
    rows: dict[str, Any] = {kind: {outcome: found[kind, outcome] for outcome in outcomes} for kind in KINDS}
    print(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
