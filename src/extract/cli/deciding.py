"""What `extract decide` and `extract decisions` do."""

from datetime import datetime
from pathlib import Path

from extract.cli.streams import say
from extract.document.summary import Summary, decided, told
from extract.errors import InputError
from extract.messages import message
from extract.model.decision import Decision
from extract.model.report import Reference
from extract.out.decisions import DECISIONS, add_decision, by_document, digest_of, read_decisions
from extract.out.state import read_state
from extract.text import visible, visible_name


def decide(out: Path, decision: Decision, number: str | None) -> None:
    """Adds the decision to the file, with the time. Raises InputError if it is none, or the document is not there."""
    if decision.document_id not in read_state(out):
        raise InputError("decision_no_document", document=decision.document_id, path=out)
    try:
        about = Reference.parse(number) if number else None
    except ValueError as error:
        raise InputError("decision_no_number", given=number) from error
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    add_decision(out, decision._replace(time=now, dataset=about and about.dataset, column=about and about.column))
    say(message("decision_noted", path=out / DECISIONS, out=out))


def show(out: Path) -> None:
    """Lists the decisions, and what became of each when its document was last read."""
    state = read_state(out)
    for document, own in by_document(read_decisions(out)).items():
        known = state.get(document)
        say(visible_name(known["source"]) if known else message("decisions_no_document", document=document))
        is_waiting = known is not None and known["decisions"]["digest"] != digest_of(own)
        for one in own:
            what = f"p{one.page or '–'} {one.rule or ''} {one.printed}"
            say(visible(f"  {what}: {told(one)}{_standing(one, known, is_waiting)}"))


def _standing(decision: Decision, known: Summary | None, is_waiting: bool) -> str:
    if known is None:
        return ""
    if is_waiting:
        return f" – {message('decision_waiting')}"
    return f" – {message('decision_unfitting')}" if decided(decision) in known["decisions"]["unfitting"] else ""


def apply(out: Path, folder: str | None) -> None:
    """Reads the documents again about which something was decided since, each in a process of its own.

    Raises InputError if the file of one cannot be found; the others are then read.
    """
    from extract.reading.base import DEFAULT_READER, reader
    from extract.runs.again import found_again, read_again, waiting, with_every_picture
    from extract.runs.jobs import Recipe
    from extract.schemas.load import load

    asked = waiting(out)
    schemas = load(Path(folder) if folder else None)
    state = read_state(out)
    files = tuple(sorted({name for one in state.values() for name in one["files"]}, reverse=True))
    pictured = with_every_picture(out, schemas)
    missing: list[str] = []
    for full in (False, True):
        again = found_again(out, [one for one in asked if (one["document_id"] in pictured) is full])
        recipe = Recipe(reader(DEFAULT_READER), schemas, files, full_pictures=full)
        if again.sources:
            read_again(out, again.sources, recipe, f"extract decisions {out} --apply", redo=False)
        missing += again.missing
    if missing:
        raise InputError("decisions_no_file", names=", ".join(missing))
