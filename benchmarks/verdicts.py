"""How often each rule was made, held, held but for rounding and failed: written from an output folder into
docs/verdicts.csv, which docs/checks.md is made with.

    extract ../shared/reports -o out --no-review --no-workbooks
    python benchmarks/verdicts.py out && python docs/checks.py
"""

import csv
import sys
from collections import Counter
from pathlib import Path

import extract

TARGET = Path(__file__).resolve().parents[1] / "docs" / "verdicts.csv"
VERDICTS = ("exact", "rounding", "fail", "not_applicable", "no_evidence")


def main(folder: str) -> None:
    checks = extract.open_folder(folder).arrow("checks").to_pylist()
    counted = Counter((check["rule"], check["verdict"]) for check in checks)
    documents: dict[str, set[str]] = {}
    for check in checks:
        if check["verdict"] in VERDICTS[:3]:
            documents.setdefault(check["rule"], set()).add(check["document_id"])
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(["rule", "documents", *VERDICTS])
        for rule in sorted({rule for rule, _ in counted}):
            made_in = len(documents.get(rule, ()))
            lines.writerow([rule, made_in, *(counted[rule, verdict] for verdict in VERDICTS)])


if __name__ == "__main__":
    main(sys.argv[1])
