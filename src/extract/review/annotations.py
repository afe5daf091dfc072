"""What is found wrong, as notes on the pages of the document itself."""

from collections.abc import Iterator

from extract.amounts import written
from extract.checks.suspects import suspects
from extract.document.summary import told
from extract.messages import language, message
from extract.model.report import Check, Report
from extract.reading.annotated import Note

SUSPECT, FAILED, DECIDED = (0.9, 0.5, 0.0), (0.8, 0.0, 0.0), (0.1, 0.5, 0.2)  # colours of frames


def notes(report: Report) -> list[Note]:
    """A note on each number that a failing check reads, in the language of the run; those to blame and those that
    people decided about come last and lie on top. What was read without positions has none.
    """
    return [*_failing(report), *_blamed(report), *_decided(report)]


def _decided(report: Report) -> Iterator[Note]:
    """What people decided about numbers."""
    numbers = report.numbers()
    for decision, references, _ in report.decisions:
        for number in (numbers[reference] for reference in references if reference in numbers):
            if number.origin.box:
                yield Note(number.origin.page, number.origin.box, message("decide"), told(decision), DECIDED)


def _blamed(report: Report) -> Iterator[Note]:
    for one in suspects(report):
        page, box, printed = one.fact.origin
        text = message("suspect", printed=printed, would_be=written(one.would_be), count=len(one.explains))
        yield Note(page, box, message("note_suspect"), text, SUSPECT)


def _failing(report: Report) -> Iterator[Note]:
    """All that is said of one place in one note."""
    numbers = report.numbers()
    said: dict[str, list[Check]] = {}
    for check in report.checks:
        if check.verdict == "fail":
            for reference in check.facts:
                said.setdefault(reference, []).append(check)
    for reference, checks in said.items():
        number = numbers.get(reference)
        box = number.origin.box if number else None
        if number and box:
            text = "\n".join(dict.fromkeys(getattr(check.message, language()) for check in checks))
            yield Note(number.origin.page, box, message("note_failed"), text, FAILED)
