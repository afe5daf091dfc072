"""Whether a document is of one year: what its headings name, and the rows that stand for a year."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from extract.checks.completeness import told
from extract.model.page import Line
from extract.model.report import Check, Row, Table
from extract.schemas.grammar import Schemas
from extract.tables.titles import TABLE
from extract.text import compared

YEAR = "budget_year"
_SENTENCE = re.compile("[。，,；;：:]")


def check_years(
    schemas: Schemas,
    lines: Sequence[Line],
    rows: Mapping[str, Sequence[Row]],
    year: int | None,
    tables: Sequence[Table],
) -> Iterator[Check]:
    """Headings of which more name another year than name the document's; a title of another year over a page that a
    table goes on; tables with rows for years that are neither this one nor the last, or none for this one. What the
    titles of `tables` say is told already.
    """
    if year is None:
        return
    titled = {(table.first_page, table.title) for table in tables}
    named = [(line, own) for line in lines for own in _years(schemas, line)]
    counted = Counter(own for _, own in named)
    most = max(counted, key=lambda own: counted[own], default=year)
    if counted[most] > counted[year]:
        line = next(line for line, own in named if own == most)
        yield told(schemas, "year-differs", line.page, title=line.text.strip(), year=year)
    for line in lines:
        years = set(_years(schemas, line))
        if years and year not in years and compared(line.text).endswith(TABLE) and (line.page, line.text) not in titled:
            yield told(schemas, "year-differs", line.page, title=line.text.strip(), year=year)
    for name, own_rows in rows.items():
        dated = [row for row in own_rows if isinstance(row.values.get(YEAR), int)]
        years = {row.values[YEAR] for row in dated}
        if years and (year not in years or not years <= {year, year - 1}):
            row = next((row for row in dated if row.values[YEAR] not in (year, year - 1)), dated[0])
            title = schemas.datasets[name].named
            yield told(schemas, "year-differs", row.page, name, title=title, year=year)


def _years(schemas: Schemas, line: Line) -> Iterator[int]:
    """The years that a line names which is no sentence."""
    text = compared(line.text)
    if not _SENTENCE.search(text):
        yield from (int(found["year"]) for found in schemas.title_year.finditer(text))
