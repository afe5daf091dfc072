"""What the rules about tables say of documents whose rows are known: the truths are put in the place of what the program would have read.

    truth_rules.py TRUTH.json-or-folder … [--contradictions FILE] [--show N]

A truth is a JSON object with `sha256`, `fiscal_year` and `datasets`: the rows of each dataset, amounts in 万元 as text. FILE lists documents by
`sha256` with `real`: causes, each a list of cells `dataset:row:column` of which a true alarm names one. Every other failing check is false.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from extract.amounts import amount
from extract.checks.evidence import Evidence
from extract.checks.in_tables import check_tables
from extract.model.page import Box
from extract.model.report import Check, Fact, Origin, Row
from extract.schemas.grammar import Dataset, Schemas
from extract.schemas.load import load

BOX = Box(0, 0, 1, 1)
UNKNOWN = "*"


def rows_of(dataset: Dataset, written: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The rows of a truth; of several right values the first, and none where it is not known."""
    money = set(dataset.money())
    rows = []
    for number, values in enumerate(written, 1):
        plain = {name: value[0] if isinstance(value, list) else value for name, value in values.items()}
        plain = {name: None if value == UNKNOWN else value for name, value in plain.items()}
        facts = {
            name: _fact(dataset.name, number, name, str(value))
            for name, value in plain.items()
            if name in money and value is not None and amount(str(value))
        }
        typed = {name: facts[name].amount if name in facts else value for name, value in plain.items()}
        rows.append(Row(number, int(plain.get("page") or 1), typed, facts))
    return rows


def _fact(dataset: str, row: int, column: str, printed: str) -> Fact:
    read = amount(printed)
    assert read is not None
    return Fact(dataset, row, column, None, None, False, None, read.value, read.half, "万元", Origin(1, BOX, printed))


def evidence_of(truth: Mapping[str, Any], schemas: Schemas) -> Evidence:
    """The tables of a truth. A column counts as printed if any of its cells has a value."""
    rows = {
        name: rows_of(schemas.datasets[name], written)
        for name, written in truth["datasets"].items()
        if name in schemas.datasets
    }
    columns = {
        name: {field for row in own for field, value in row.values.items() if value is not None}
        for name, own in rows.items()
    }
    notes = [table["note"] for table in truth.get("tables", ()) if table.get("note")]
    return Evidence(schemas, rows, columns, truth.get("fiscal_year"), rows, notes=notes)


def cells(check: Check) -> set[str]:
    return {f"{check.dataset}:{check.row}:{check.column}", *check.facts}


def main() -> None:
    options = _options()
    schemas = load()
    real = {}
    if options.contradictions:
        listed = json.loads(options.contradictions.read_text(encoding="utf-8"))
        real = {one["sha256"]: {cause: set(own) for cause, own in one["real"].items()} for one in listed}
    verdicts: dict[str, Counter[str]] = {}
    false = true = found = causes = 0
    covered = Counter[str]()
    for path, truth in _truths(options.truths):
        evidence = evidence_of(truth, schemas)
        checks = list(check_tables(schemas.rules, evidence))
        for check in checks:
            verdicts.setdefault(check.rule, Counter())[check.verdict] += 1
        seen = {name for check in checks if check.verdict in ("exact", "rounding", "fail") for name in check.facts}
        facts = [fact for rows in evidence.rows.values() for row in rows for fact in row.facts.values()]
        covered["cells"] += len(facts)
        covered["checked"] += sum(fact.reference in seen for fact in facts)
        if options.contradictions and truth["sha256"] not in real:
            print(f"{path.parent.name}/{path.stem}: not judged, {sum(c.verdict == 'fail' for c in checks)} alarms")
            for check in [c for c in checks if c.verdict == "fail"][: options.show]:
                print(f"    {check.rule} {check.dataset}:{check.row}:{check.column} {check.message}")
            continue
        own = real.get(truth["sha256"], {})
        wrong = []
        hit: set[str] = set()
        for check in (one for one in checks if one.verdict == "fail"):
            touched = {cause for cause, named in own.items() if named & cells(check)}
            hit |= touched
            true += bool(touched)
            if not touched:
                wrong.append(check)
        false, found, causes = false + len(wrong), found + len(hit), causes + len(own)
        if wrong or len(hit) < len(own):
            print(f"{path.parent.name}/{path.stem}: false {len(wrong)}, causes {len(hit)} of {len(own)}")
            for check in wrong[: options.show]:
                print(f"    false: {check.rule} {check.dataset}:{check.row}:{check.column} {check.message}")
            for cause in sorted(set(own) - hit):
                print(f"    missed: {cause}")
    if options.rules:
        for rule in schemas.rules:
            counted = verdicts.get(rule.code)
            if counted:
                print(f"{rule.code:44} {' '.join(f'{name} {count}' for name, count in sorted(counted.items()))}")
    share = covered["checked"] / max(covered["cells"], 1)
    print(f"alarms true {true}, false {false}; causes found {found} of {causes}; cells in a check {share:.1%}")
    sys.exit(bool(false or found < causes))


def _truths(given: Sequence[Path]) -> Iterator[tuple[Path, Any]]:
    for one in given:
        for path in sorted(one.rglob("*.json")) if one.is_dir() else [one]:
            truth = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(truth, dict) and "datasets" in truth:
                yield path, truth


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("truths", nargs="+", type=Path)
    parser.add_argument("--contradictions", type=Path)
    parser.add_argument("--show", type=int, default=5)
    parser.add_argument("--rules", action="store_true", help="how often each rule was made, and what it found")
    return parser.parse_args()


if __name__ == "__main__":
    main()
