"""What a change is called, and what became of it."""

from typing import NamedTuple

DIGIT, LEADING, LAST, SWAPPED, POINT = "digit", "leading digit", "last digit", "digits swapped", "point moved"
MOVED, DROPPED, BLANKED = "to next column", "row dropped", "blanked"
REWRITTEN = (DIGIT, LEADING, LAST, SWAPPED, POINT)
KINDS = (*REWRITTEN, MOVED, DROPPED, BLANKED)
DIRECTION = "direction flipped"
PROSE_KINDS = (*REWRITTEN, DIRECTION)
BY_CHECK, BY_STATUS, ROUNDING, ZERO = "by check", "by status", "within rounding", "zero lost"
UNCOVERED, BOUNDED, COVERED = "no check", "bound only", "covered"
RESULTS = (BY_CHECK, BY_STATUS, ROUNDING, ZERO, UNCOVERED, BOUNDED, COVERED)
MISSED = (COVERED, BOUNDED, UNCOVERED)
RIGHT, WRONG, NO_SUSPECT = "right", "wrong", "none"


class Outcome(NamedTuple):
    """What became of one change. `first` says whether the first failing check reads the changed cell, `suspect` whether
    the first suspect is it; None where the cell holds no number any more, or no check fails.
    """

    document: str
    kind: str
    dataset: str
    row: int
    column: str
    item: str | None
    printed: str
    changed: str
    result: str
    first: bool | None
    suspect: str | None


class Measured(NamedTuple):
    """What one document gave: its rules that fail unchanged, its amount cells and the figures of its prose by how they
    are covered, and the outcome of every change to either.
    """

    document: str
    status: str
    failing: tuple[str, ...]
    cells: dict[str, int]
    figures: dict[str, int]
    outcomes: tuple[Outcome, ...]
    stated: tuple[Outcome, ...]
