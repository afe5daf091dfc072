"""What people decided, in `decisions.csv` beside the datasets: one line a decision, added at the end, never replaced by
a run. A person may edit it in a spreadsheet.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path

from filelock import FileLock

from extract.amounts import amount
from extract.digest import digest, identifier, is_identifier
from extract.errors import InputError
from extract.messages import message
from extract.model.decision import CORRECTED, KINDS, Decision
from extract.model.page import Box
from extract.out.spreadsheet_text import BOM, as_text
from extract.out.whole import write_whole

DECISIONS, LOCK = "decisions.csv", ".decisions.lock"
COLUMNS = (
    *("document_id", "rule", "dataset", "column", "page"),
    *Box._fields,
    *("printed", "kind", "corrected", "name", "time", "reason"),
)
NUMBERS = ("page", *Box._fields)
_ENCODINGS = ("utf-8-sig", "gb18030")  # as this program writes it; as a spreadsheet on a Chinese system saves it


def read_decisions(out: Path) -> list[Decision]:
    """Every decision in the order of the file; none if there is no such file.

    Raises InputError that names every line which is not a decision.
    """
    path = out / DECISIONS
    if not path.exists():
        return []
    lines = list(_lines(_text(path.read_bytes())))
    faults = [message("decision_fault", line=number, fault=fault) for number, line in lines for fault in _faults(line)]
    if faults:
        raise InputError("decisions_faulty", path=path, faults="\n  ".join(faults))
    return [_decision(line) for _, line in lines]


def by_document(decisions: Iterable[Decision]) -> dict[str, tuple[Decision, ...]]:
    """The decisions of each document, in their order."""
    found: dict[str, list[Decision]] = {}
    for one in decisions:
        found.setdefault(one.document_id, []).append(one)
    return {document: tuple(own) for document, own in found.items()}


def digest_of(decisions: Sequence[Decision]) -> str | None:
    """What tells whether a document was read with the same decisions; None for none."""
    return identifier(digest(repr(decisions).encode())) if decisions else None


def add_decision(out: Path, decision: Decision) -> None:
    """Adds a line at the end of the file, which is made if there is none; whatever else stands in it stays.

    Raises InputError if it is not a decision.
    """
    record = _record(decision)
    if faults := list(_faults(record)):
        raise InputError("decision_refused", faults="; ".join(faults))
    path = out / DECISIONS
    with FileLock(out / LOCK):
        header, *lines = _table(_text(path.read_bytes())) if path.exists() else [list(COLUMNS)]
        header += [name for name in COLUMNS if name not in header]
        cells = {name: text if name in NUMBERS else as_text(text) for name, text in record.items()}
        written = StringIO()
        writer = csv.writer(written, lineterminator="\n")
        writer.writerows([header, *lines, [cells.get(name, "") for name in header]])
        write_whole(path, BOM + written.getvalue().encode(), is_lasting=True)


def _encoding(content: bytes) -> str:
    try:
        content.decode(_ENCODINGS[0])
    except UnicodeDecodeError:
        return _ENCODINGS[1]
    return _ENCODINGS[0]


def _text(content: bytes) -> str:
    return content.decode(_encoding(content), "replace")


def _table(text: str) -> list[list[str]]:
    """The lines of the file as they are; a header of all columns for an empty file."""
    separator = max(",;\t", key=text.partition("\n")[0].count)
    return list(csv.reader(StringIO(text), delimiter=separator)) or [list(COLUMNS)]


def _lines(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The decisions by column, with their places in the file; one apostrophe before a text goes."""
    header, *lines = _table(text)
    for number, line in enumerate(lines, 2):
        given = dict(zip(map(str.strip, header), line, strict=False))
        if any(map(str.strip, line)):
            yield number, {name: given.get(name, "").strip().removeprefix("'") for name in COLUMNS}


def _faults(line: Mapping[str, str]) -> Iterator[str]:
    """What keeps a line from being a decision, in words."""
    if not is_identifier(line["document_id"]):
        yield message("fault_document", given=line["document_id"])
    if line["kind"] not in KINDS:
        yield message("fault_kind", given=line["kind"], known=", ".join(KINDS))
    if line["page"] and not line["page"].isdecimal():
        yield message("fault_number", column="page", given=line["page"])
    sides = [line[side] for side in Box._fields]
    if any(sides) and not all(map(_is_length, sides)):
        yield message("fault_box")
    if line["kind"] == CORRECTED and amount(line["corrected"]) is None:
        yield message("fault_number", column="corrected", given=line["corrected"])
    if not line["name"]:
        yield message("fault_name")
    if line["kind"] == CORRECTED and not line["reason"]:
        yield message("fault_reason")


def _is_length(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()


def _decision(line: Mapping[str, str]) -> Decision:
    sides = [float(line[side]) for side in Box._fields if line[side]]
    corrected = line["kind"] == CORRECTED
    return Decision(
        line["document_id"],
        None if corrected else line["rule"] or None,  # a correction is of the number, whichever rule found it
        line["dataset"] or None,
        line["column"] or None,
        int(line["page"]) if line["page"] else None,
        Box(*sides) if sides else None,
        line["printed"],
        line["kind"],
        line["corrected"] if corrected else None,
        line["name"],
        line["time"],
        line["reason"],
    )


def _record(decision: Decision) -> dict[str, str]:
    sides = {side: f"{value:.2f}" for side, value in decision.box._asdict().items()} if decision.box else {}
    told = {name: "" if value is None else " ".join(str(value).split()) for name, value in decision._asdict().items()}
    return {name: sides.get(name, told.get(name, "")) for name in COLUMNS}
