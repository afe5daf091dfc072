"""Functional classes that prose names in words, with the level of each (`审计事务（款）行政运行（项）`), found among the rows of a table."""

from extract.evidence import Evidence
from extract.model import Row
from extract.schemas import Place, StatementFile
from extract.text import compared


class ClassNames:
    """Reads class names as statements.toml declares them."""

    def __init__(self, declared: StatementFile) -> None:
        self._pattern = declared.classes
        self._levels = declared.class_levels

    def rows(self, item: str, place: Place, evidence: Evidence) -> list[Row]:
        """The one row of the place's table whose class, and the classes above it, are called so; none if several or no rows are."""
        wanted = {self._levels[found["level"]]: compared(found["name"]) for found in self._pattern.finditer(compared(item))}
        dataset = evidence.datasets[place.dataset]
        code = dataset.code
        name = dataset.columns[code].name if code else None
        if not wanted or not code or not name:
            return []
        coded = {str(row.values[code]): row for row in evidence.rows.get(place.dataset, ()) if row.values.get(code)}
        names = {code: compared(str(row.values.get(name) or "")) for code, row in coded.items()}
        deepest = max(wanted)
        found = [code for code in names if len(code) == deepest and all(names.get(code[:length]) == said for length, said in wanted.items())]
        return [coded[code] for code in found] if len(found) == 1 else []
