"""Functional classes that prose names in words, with the level of each (`审计事务（款）行政运行（项）`), found among
the rows of a table.
"""

from extract.checks.evidence import Evidence
from extract.model.report import Row
from extract.schemas.grammar import StatementFile
from extract.schemas.rules import RowSelector
from extract.text import compared


class ClassNames:
    """Finds classes in the tables of one document by their names, which are read as statements.toml declares them."""

    def __init__(self, declared: StatementFile) -> None:
        self._pattern = declared.classes
        self._levels = declared.class_levels
        self._tables: dict[str, dict[str, tuple[str, Row]]] = {}

    def rows(self, item: str, place: RowSelector, evidence: Evidence) -> list[Row]:
        """The one row of the place's table whose class, and the classes above it, are called so; none if several or no
        rows are.
        """
        plain = evidence.schemas.two_sided.class_suffix.sub
        wanted = {
            self._levels[found["level"]]: plain("", compared(found["name"]))
            for found in self._pattern.finditer(compared(item))
        }
        deepest = max(wanted, default=0)
        classes = self._classes(place.dataset, evidence)

        def is_meant(code: str) -> bool:
            return all(
                code[:length] in classes and classes[code[:length]][0] == name for length, name in wanted.items()
            )

        found = [row for code, (_, row) in classes.items() if len(code) == deepest and is_meant(code)]
        return found if len(found) == 1 else []

    def _classes(self, dataset: str, evidence: Evidence) -> dict[str, tuple[str, Row]]:
        """The name and the row of each code of a table."""
        if dataset not in self._tables:
            code = evidence.datasets[dataset].code
            name = evidence.datasets[dataset].columns[code].name if code else None
            rows = [row for row in evidence.rows.get(dataset, ()) if code and row.values.get(code)]
            plain = evidence.schemas.two_sided.class_suffix.sub
            self._tables[dataset] = {
                row.values[code or ""]: (plain("", compared(str(row.values.get(name or "") or ""))), row)
                for row in rows
            }
        return self._tables[dataset]
