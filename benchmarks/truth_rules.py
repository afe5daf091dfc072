"""What the rules about tables say of documents whose rows are known: the truths are put in the place of what the
program would have read.

    truth_rules.py TRUTH.json-or-folder … [--contradictions FILE] [--show N]

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
from typing import Any

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


class Score:
    """What the checks found, counted over the documents."""

    def __init__(self, real: Mapping[str, Mapping[str, set[str]]] | None, show: int) -> None:
        self._real = real
        self._show = show
        self.verdicts: dict[str, Counter[str]] = {}
        self.true = self.false = self.found = self.causes = self.cells = self.checked = 0

    def add(self, name: str, sha256: str, evidence: Evidence, checks: Sequence[Check]) -> None:
        for check in checks:
            self.verdicts.setdefault(check.rule, Counter())[check.verdict] += 1
        seen = {cell for check in checks if check.verdict in MADE for cell in check.facts}
        facts = [fact for rows in evidence.rows.values() for row in rows for fact in row.facts.values()]
        self.cells += len(facts)
        self.checked += sum(fact.reference in seen for fact in facts)
        failing = [check for check in checks if check.verdict == "fail"]
        if self._real is not None and sha256 not in self._real:
            print(f"{name}: not judged, {len(failing)} alarms")
            self._tell(failing, "")
        else:
            self._judge(name, (self._real or {}).get(sha256, {}), failing)

    def _judge(self, name: str, causes: Mapping[str, set[str]], failing: Sequence[Check]) -> None:
        hit: set[str] = set()
        wrong = []
        for check in failing:
            touched = {cause for cause, named in causes.items() if named & cells(check)}
            hit |= touched
            self.true += bool(touched)
            if not touched:
                wrong.append(check)
        self.false += len(wrong)
        self.found += len(hit)
        self.causes += len(causes)
        if wrong or len(hit) < len(causes):
            print(f"{name}: false {len(wrong)}, causes {len(hit)} of {len(causes)}")
            self._tell(wrong, "false: ")
            for cause in sorted(set(causes) - hit):
                print(f"    missed: {cause}")

    def _tell(self, checks: Sequence[Check], what: str) -> None:
        for check in checks[: self._show]:
            print(f"    {what}{check.rule} {check.dataset}:{check.row}:{check.column} {check.message}")


def main() -> None:
    options = _options()
    schemas = load()
    real = None
    if options.contradictions:
        listed = json.loads(options.contradictions.read_text(encoding="utf-8"))
        real = {one["sha256"]: {cause: set(own) for cause, own in one["real"].items()} for one in listed}
    score = Score(real, options.show)
    for path, truth in _truths(options.truths):
        evidence = evidence_of(truth, schemas)
        name = f"{path.parent.name}/{path.stem}"
        score.add(name, truth.get("sha256", ""), evidence, list(check_tables(schemas.rules, evidence)))
    if options.rules:
        for rule in schemas.rules:
            counted = score.verdicts.get(rule.code)
            if counted:
                print(f"{rule.code:44} {' '.join(f'{verdict} {count}' for verdict, count in sorted(counted.items()))}")
    share = score.checked / max(score.cells, 1)
    alarms = f"alarms true {score.true}, false {score.false}"
    print(f"{alarms}; causes found {score.found} of {score.causes}; cells in a check {share:.1%}")
    sys.exit(bool(score.false or score.found < score.causes))


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
