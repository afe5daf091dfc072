"""What a person decided about something that was read: a line of the file of decisions."""

from typing import NamedTuple

from extract.model.page import Box

CORRECTED, WITHDRAWN = "corrected", "withdrawn"
KINDS = ("seen", "document_wrong", "reading_wrong", CORRECTED, WITHDRAWN)


class Decision(NamedTuple):
    """A decision about the number that is printed in a box of a page, or about the finding of a rule whose first number
    it is.

    `rule` is None for a decision about the number itself. `box` is None where the page was read without positions, and
    where a person wrote the decision by hand; `printed` then tells the number from the others of its page. `printed` of
    a finding that reads no number is the finding in words. `corrected` is the number as the page should print it, in
    the page's own unit. `time` is as it was written.
    """

    document_id: str
    rule: str | None
    dataset: str | None
    column: str | None
    page: int | None
    box: Box | None
    printed: str
    kind: str
    corrected: str | None
    name: str
    time: str
    reason: str


class Decided(NamedTuple):
    """A decision that stands, and the numbers that it is about, as `dataset:row:column`.

    One that `fits` nothing any more is kept and told.
    """

    decision: Decision
    references: tuple[str, ...]
    fits: bool
