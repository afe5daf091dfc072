"""Amounts that no other dataset holds → the long dataset, with what their header says."""

from collections.abc import Sequence

from extract.model.report import AMOUNTS
from extract.tables.cells import read_amount, read_rate
from extract.tables.columns import RATE, Meaning
from extract.tables.columns_together import FINAL
from extract.tables.document_rows import DocumentRows
from extract.tables.open_tables import OpenTable
from extract.tables.printed_rows import RawRow


def add_amounts(rows: DocumentRows, table: OpenTable, raw: RawRow, places: Sequence[int]) -> set[int]:
    """Adds the amounts that stand in these columns of a row to the long dataset; the cells that are told there."""
    dataset = rows.schemas.datasets[AMOUNTS]
    unit = rows.schemas.conventions.units.get(table.unit or "")
    stubs = {
        place: leaf.meaning.stub
        for place, leaf in enumerate(table.leaves)
        if place in raw.cells and leaf.meaning and leaf.meaning.stub
    }
    code = next((raw.cells[place].text for place, stub in stubs.items() if stub.endswith("code")), None)
    name = next((raw.cells[place].text for place, stub in stubs.items() if not stub.endswith("code")), None)
    told: set[int] = set()
    for place in places:
        leaf = table.leaves[place]
        read = read_amount(raw.cells[place], unit, rows.is_dash) if place not in stubs and not leaf.is_rate else None
        rate = read_rate(raw.cells[place]) if leaf.is_rate else None
        if (read is None and rate is None) or not leaf.path:
            continue
        meaning = leaf.meaning
        values = {
            "concept": table.title.concept.name,
            "stub_code": code,
            "stub_name": name,
            "measure": meaning.measures[0] if meaning and meaning.measures else None,
            "fund": meaning.fund if meaning else None,
            "period": meaning.period if meaning else None,
            "side": meaning.side if meaning else None,
            "stage": _stage(table, meaning),
            "header": "/".join(leaf.path),
            "amount": read.value if read else None,
            RATE: rate,
        }
        rows.append(dataset, raw.page, values, {"amount": read} if read else {}, table.unit)
        told.add(place)
    return told | (stubs.keys() if told else set())


def _stage(table: OpenTable, meaning: Meaning | None) -> str:
    """Whether an amount is one of a final account: its column says so, else the title."""
    stage = meaning.stage if meaning else None
    return "final" if stage == FINAL or (stage is None and table.title.final) else "budget"
