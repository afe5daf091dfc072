"""What the rules about tables say of documents whose rows are known: the truths stand in the place of what the program
would have read.

    truth_rules.py TRUTH.json-or-folder … [--contradictions FILE] [--show N] [--rules]

A truth is a JSON object with `sha256`, `fiscal_year` and `datasets`: the rows of each dataset, amounts in 万元 as text.
FILE lists documents by `sha256` with `real`: causes, each a list of cells `dataset:row:column` of which a true alarm
names one. Every other failing check is false.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from extract.amounts import amount
from extract.checks.evidence import Evidence
from extract.checks.in_tables import check_tables
from extract.model.page import Box
from extract.model.report import MADE, Check, Fact, Origin, Row
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


class Judged(NamedTuple):
    """The failing checks of a document that touch a real cause, those that touch none, and the causes
    touched of all.
    """

    true: int
    false: list[Check]
    found: set[str]
    causes: set[str]


def judged(checks: Sequence[Check], real: Mapping[str, set[str]]) -> Judged:
    failing = [check for check in checks if check.verdict == "fail"]
    touched = [{cause for cause, named in real.items() if named & cells(check)} for check in failing]
    wrong = [check for check, causes in zip(failing, touched, strict=True) if not causes]
    return Judged(len(failing) - len(wrong), wrong, set[str]().union(*touched), set(real))


def _shown(name: str, one: Judged, show: int) -> Iterator[str]:
    if one.false or one.found < one.causes:
        yield f"{name}: false {len(one.false)}, causes {len(one.found)} of {len(one.causes)}"
        for check in one.false[:show]:
            yield f"    {check.rule} {check.dataset}:{check.row}:{check.column} {check.message.zh}"
        yield from (f"    missed: {cause}" for cause in sorted(one.causes - one.found))


def main() -> None:
    options = _options()
    schemas = load()
    listed = json.loads(options.contradictions.read_text(encoding="utf-8")) if options.contradictions else []
    real = {one["sha256"]: {cause: set(own) for cause, own in one["real"].items()} for one in listed}
    verdicts: dict[str, Counter[str]] = {}
    results: list[Judged] = []
    total = seen = 0
    for path, truth in _truths(options.truths):
        evidence = evidence_of(truth, schemas)
        checks = list(check_tables(schemas.rules, evidence))
        for check in checks:
            verdicts.setdefault(check.rule, Counter())[check.verdict] += 1
        tied = {name for check in checks if check.verdict in MADE for name in check.facts}
        facts = [fact for rows in evidence.rows.values() for row in rows for fact in row.facts.values()]
        total, seen = total + len(facts), seen + sum(fact.reference in tied for fact in facts)
        one = judged(checks, real.get(truth["sha256"], {}))
        known = not real or truth["sha256"] in real
        results += [one] if known else []
        name = f"{path.parent.name}/{path.stem}" + ("" if known else " (not judged)")
        print("\n".join(_shown(name, one, options.show)), end="\n" if one.false or one.found < one.causes else "")
    if options.rules:
        for rule in schemas.rules:
            counted = sorted(verdicts.get(rule.code, {}).items())
            print(f"{rule.code:44} {' '.join(f'{name} {count}' for name, count in counted) or 'never made'}")
    false, found = sum(len(one.false) for one in results), sum(len(one.found) for one in results)
    causes = sum(len(one.causes) for one in results)
    print(
        f"alarms true {sum(one.true for one in results)}, false {false}; causes found {found} of {causes}; "
        f"cells in a check {seen / max(total, 1):.1%}"
    )
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
