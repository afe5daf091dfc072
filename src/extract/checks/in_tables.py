"""The declared rules on the tables of a document, each by the function for its kind.

Every printed amount stands for an interval of half the last digit that its column usually prints; a sum fails only if
the intervals of both sides cannot meet (the model is XBRL Calculations 1.1).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from extract.checks.between_tables import (
    check_between_tables,
    check_class_lines,
    check_forms,
    check_fund_lines,
    check_line_columns,
)
from extract.checks.evidence import Evidence
from extract.checks.partitions import check_partition, check_within
from extract.checks.trees import check_levels, check_list, check_nesting, check_tree
from extract.checks.two_sided import check_lines
from extract.model.report import Check
from extract.schemas.rules import Rule

INSIDE: Mapping[str, Callable[..., Iterator[Check]]] = {
    "partition": check_partition,
    "within": check_within,
    "tree": check_tree,
    "list": check_list,
    "levels": check_levels,
    "nesting": check_nesting,
    "lines": check_lines,
}
BETWEEN: Mapping[str, Callable[[Any, Evidence], Iterator[Check]]] = {
    "tables": check_between_tables,
    "class_lines": check_class_lines,
    "line_columns": check_line_columns,
    "fund_lines": check_fund_lines,
    "forms": check_forms,
}


def check_tables(rules: Iterable[Rule], evidence: Evidence) -> Iterator[Check]:
    """Every rule about tables applied to every place that it speaks of."""
    for rule in rules:
        if rule.kind in BETWEEN:
            yield from BETWEEN[rule.kind](rule, evidence)
        elif rule.kind in INSIDE:
            for name in rule.about():
                if name in evidence.rows:
                    yield from INSIDE[rule.kind](rule, evidence, evidence.datasets[name])
