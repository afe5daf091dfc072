"""Classes that prose names, found among the rows of a table. They are named in words with the level of each
(`审计事务（款）行政运行（项）`), with a code (`行政运行（2010801）`, `2010801-行政运行`), or from the highest down
(`国防支出-国防动员-民兵`). A two-sided table has no codes; its lines are classes of the
highest level. A table that prints names alone has a class where the rows of its name agree.
"""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from extract.checks.between_tables import line_name
from extract.checks.evidence import Evidence, row_name
from extract.model.report import Row
from extract.schemas.grammar import StatementFile
from extract.schemas.rule_base import RowSelector
from extract.text import compared

BELOW = "-"  # between the names of a class and of one below it


class _Class(NamedTuple):
    """What is meant: the names by the length of the codes of their level, or one code with its name."""

    names: Mapping[int, str]
    code: str | None = None


class ClassNames:
    """Finds classes in the tables of one document by their names, which are read as statements.toml declares them."""

    def __init__(self, declared: StatementFile) -> None:
        self._pattern = declared.classes
        self._code = declared.class_code
        self._levels = declared.class_levels
        self._path_end = declared.class_path_end.sub
        self._tables: dict[str, dict[str, tuple[str, Row]]] = {}

    def rows(self, item: str, place: RowSelector, evidence: Evidence) -> list[Row]:
        """The one row of the place's table whose class, and the classes above it, are called so; none if several or no
        rows are.
        """
        wanted = self._wanted(compared(item), evidence)
        if evidence.datasets[place.dataset].code is None:
            return self._lines(wanted, place, evidence)
        classes = self._classes(place.dataset, evidence)
        deepest = max(wanted.names, default=0)
        if not classes:
            return self._by_name(wanted.names.get(deepest), place, evidence)

        def is_meant(code: str) -> bool:
            return all(
                code[:length] in classes and classes[code[:length]][0] == name for length, name in wanted.names.items()
            )

        codes = [code for code in classes if len(code) == deepest and wanted.code in (None, code) and is_meant(code)]
        return [classes[codes[0]][1]] if len(codes) == 1 else []

    def _lines(self, wanted: _Class, place: RowSelector, evidence: Evidence) -> list[Row]:
        """The one line of a two-sided table that is called so."""
        dataset, name = evidence.datasets[place.dataset], wanted.names.get(min(self._levels.values()))
        rows = evidence.at(place.model_copy(update={"rows": "each"}))
        found = [row for row in rows if line_name(row_name(row, dataset), evidence) == name]
        return found if len(found) == 1 and len(wanted.names) == 1 else []

    def _by_name(self, name: str | None, place: RowSelector, evidence: Evidence) -> list[Row]:
        """A row of this name, if all rows of it print the same amounts."""
        dataset = evidence.datasets[place.dataset]
        rows = evidence.at(place.model_copy(update={"rows": "each"}))
        found = [row for row in rows if name and line_name(row_name(row, dataset), evidence) == name]
        return found[:1] if len({_said(row) for row in found}) == 1 else []

    def _wanted(self, item: str, evidence: Evidence) -> _Class:
        plain = evidence.schemas.two_sided.class_suffix.sub
        named = {self._levels[found["level"]]: plain("", found["name"]) for found in self._pattern.finditer(item)}
        coded = self._code.search(item)
        if named:
            return _Class(named)
        if coded:
            return _Class({len(coded["code"]): plain("", item[: coded.start()])}, coded["code"])
        code, dash, name = item.partition(BELOW)
        if dash and code.isdecimal():
            return _Class({len(code): plain("", name)}, code)
        names = self._path_end("", item).split(BELOW)
        return _Class({length: plain("", name) for length, name in zip(self._levels.values(), names, strict=False)})

    def _classes(self, dataset: str, evidence: Evidence) -> dict[str, tuple[str, Row]]:
        """The name and the row of each code of a table that stands there once, or that a row below it repeats."""
        if dataset not in self._tables:
            code = evidence.datasets[dataset].code or ""
            name = evidence.datasets[dataset].columns[code].name if code else None
            rows = [row for row in evidence.rows.get(dataset, ()) if row.values.get(code)]
            plain = evidence.schemas.two_sided.class_suffix.sub
            amounts = Counter(row_code for row_code, _ in {(str(row.values[code]), _said(row)) for row in rows})
            self._tables[dataset] = {
                str(row.values[code]): (plain("", compared(str(row.values.get(name or "") or ""))), row)
                for row in rows
                if amounts[str(row.values[code])] == 1
            }
        return self._tables[dataset]


def _said(row: Row) -> tuple[tuple[str, object], ...]:
    return tuple((name, fact.amount) for name, fact in row.facts.items())
