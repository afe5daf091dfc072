"""Agencies over years: the key totals of every document, each with its change against the year before."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from extract.messages import message
from extract.out.measures import measure_totals
from extract.out.parquet import Stored
from extract.schemas.grammar import Schemas
from extract.workbook.wording import Field, Wording

IDENTITY = ("agency_name", "fiscal_year", "document_type", "status")
RATE_DIGITS = Decimal("0.000001")


def panel_fields(schemas: Schemas, wording: Wording) -> list[Field]:
    """The columns of the panel: who and when, then every measure with its change and its rate of change."""
    named = (
        (
            measure.zh,
            message("workbook_change", "zh", measure=measure.zh),
            message("workbook_rate", "zh", measure=measure.zh),
        )
        for measure in schemas.measures
    )
    numbers = [
        Field("", heading, kind, {})
        for headings in named
        for heading, kind in zip(headings, ("money", "money", "rate"), strict=True)
    ]
    return [*wording.fields(schemas.datasets["documents"], IDENTITY), *numbers]


def panel_rows(schemas: Schemas, datasets: Stored) -> Iterator[list[Any]]:
    """One row a document that prints a table, by agency.

    What is compared is the only document of the same agency and type of the year before.
    """
    rows = datasets.documents(["document_id", *IDENTITY]).to_pylist()
    measured = measure_totals(schemas.measures, rows, datasets)
    totals = {
        row["document_id"]: [measured[measure.code].get(row["document_id"]) for measure in schemas.measures]
        for row in rows
    }
    by_year: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for row in rows:
        by_year[row["agency_name"], row["document_type"], row["fiscal_year"]].append(row["document_id"])
    for row in rows:
        now = totals[row["document_id"]]
        if all(total is None for total in now):
            continue
        earlier = (
            by_year.get((row["agency_name"], row["document_type"], (row["fiscal_year"] or 0) - 1), [])
            if row["agency_name"]
            else []
        )
        before = totals[earlier[0]] if len(earlier) == 1 else [None] * len(now)
        yield [
            *(row[name] for name in IDENTITY),
            *(value for pair in zip(now, before, strict=True) for value in _compared(*pair)),
        ]


def _compared(now: Decimal | None, before: Decimal | None) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """A total, its change and its rate of change."""
    if now is None or before is None:
        return now, None, None
    return now, now - before, ((now - before) / before).quantize(RATE_DIGITS) if before else None
