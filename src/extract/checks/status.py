"""What a document may be called, from its checks and from what could not be read."""

from collections.abc import Sequence

from extract.model.report import MADE, Check

READING_RULES = (
    "garbled-text",
    "unit-not-printed",
    "page-without-text",
    "table-missing",
    "row-missing",
)  # findings about the reading itself, which another reader may settle
UNVERIFYING_RULES = (*READING_RULES, "hidden-text")  # findings that cost a document its `verified`


def status_of(recognised: bool, whole: bool, checks: Sequence[Check]) -> str:
    """`recognised`: some table is known; `whole`: every table is, and every cell of them was read."""
    if not recognised:
        return "unrecognised"
    verdicts = {check.verdict for check in checks}
    if "fail" in verdicts:
        return "failed"
    doubtful = not whole or any(check.rule in UNVERIFYING_RULES for check in checks)
    return "unverified" if doubtful or not verdicts.intersection(MADE) else "verified"
