"""Writes docs/checks.md from schemas/rules.toml and schemas/statements.toml, with the verdicts that
benchmarks/verdicts.py counted in docs/verdicts.csv.
"""

import csv
from pathlib import Path

from extract.checks.status import REASONS
from extract.messages import sentence
from extract.schemas.grammar import Schemas
from extract.schemas.load import load

TARGET = Path(__file__).parent / "checks.md"
VERDICTS = Path(__file__).parent / "verdicts.csv"
HEAD = "| code | 规则 | rule | datasets | made in | held | rounded | failed |"
_KINDS = {
    "partition": "each row: a column = the sum of the others that are printed",
    "within": "each row: parts that are only of which (其中) are within the whole",
    "tree": "each column: a row = the sum of the rows next below it, by code, else by indentation",
    "list": "each column: 合计 = the sum of the rows",
    "levels": "each column: a row = the sum of the rows of the next level",
    "nesting": "every code below its class, no class without rows below",
    "lines": "two-sided tables: totals, lines and the lines below them",
    "line_columns": "a line of a two-sided table = the column of that name",
    "fund_lines": "a fund's line in one two-sided table = that in another",
    "class_lines": "a line of a two-sided table = the functional class of the same name",
    "tables": "a number of one table against that of another",
    "forms": "a form = the row of its name",
    "statement": "a figure of the prose against a table",
    "sentence": "a figure of the prose = the sum of others in its sentence",
    "prose": "a figure of the prose = the sum of others, each in a sentence of its own",
    "rate": "change and percentage against this and last year's figure, in one sentence",
    "share": "a stated percentage = a figure of the prose, of the whole in a table",
    "completion": "a stated percentage = a final account, of a budget, all in one sentence",
    "count": "a number stated in prose = the number of rows",
    "years": "a report against last year's of the same agency, where out/ holds both",
    "stages": "a final account against the budget of the same agency and year, where out/ holds both",
    "units": "a department's report against those of its units, where out/ holds them",
}


def _words(code: str) -> str:
    return " | ".join(sentence(f"rule_{code}"))


def _counted() -> dict[str, dict[str, str]]:
    """The lines of verdicts.csv by rule."""
    with VERDICTS.open(encoding="utf-8", newline="") as file:
        return {line["rule"]: line for line in csv.DictReader(file)}


def _verdicts(line: dict[str, str] | None) -> str:
    """Documents in which a rule was made, and how often it held, held but for rounding and failed."""
    if line is None or line["documents"] == "0":
        return "0 | | | "
    return " | ".join(line[name] if line[name] != "0" else "" for name in ("documents", "exact", "rounding", "fail"))


def text(schemas: Schemas) -> str:
    """The page: every rule by kind, and the kinds of statements."""
    counted = _counted()
    parts = [
        "# Every check",
        "",
        "Made from `schemas/` by `python docs/checks.py`. The numbers are of 85 real reports of 17 places: in how many",
        "documents a rule was made, and how often it held, held but for rounding, and failed. If it failed rightly is",
        "told in [reliability](reliability.md). `python benchmarks/verdicts.py out` counts them anew from a run.",
        "",
    ]
    for kind, title in _KINDS.items():
        parts += [f"## {title[0].upper()}{title[1:]}", "", HEAD, "|---|---|---|---|--:|--:|--:|--:|"]
        for rule in schemas.rules:
            if rule.kind == kind:
                places = [place.dataset for place in rule.places()]
                named = ", ".join(f"`{name}`" for name in dict.fromkeys([*rule.about(), *places]))
                said = f"| `{rule.code}` | {rule.zh} | {rule.en} | {named or '`statements`'} "
                parts.append(f"{said}| {_verdicts(counted.get(rule.code))} |")
        parts.append("")
    parts += [
        "Some findings are about the reading itself or the document as a whole; each costs a document its `verified`,",
        "with a reason in `documents.reasons`:",
        "",
        "| code | reason | 说明 | finding | times told |",
        "|---|---|---|---|--:|",
        *(
            f"| `{code}` | {reason} | {_words(code)} | {counted[code]['no_evidence'] if code in counted else 0} |"
            for code, reason in REASONS.items()
        ),
        "",
        "## Kinds of statements",
        "",
        "With `_change`, `_change_rate`, `_last_year` and `_share` where the prose says so; `explanation` "
        "after a reason, `other` where no",
        "subject below is named.",
        "",
        "| kind | 数据 | figure |",
        "|---|---|---|",
        *(f"| `{subject.kind}` | {subject.zh} | {subject.en} |" for subject in schemas.statements.subject),
    ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(load()), encoding="utf-8")
