"""Texts that a spreadsheet shows as they are.

A spreadsheet computes what looks like a formula and reshapes what looks like a number or a date. A text that it would
not show as it is gets an apostrophe in front; so does one that begins with an apostrophe. Taking one leading apostrophe
away gives every text back.
"""

import re

BOM = b"\xef\xbb\xbf"
RESHAPED = (
    r"(?s)^("
    r"'"
    r"|[\x00-\x20]"  # skipped before a formula is looked for
    r"|[=+\-@＝＋－＠]."  # formulas, full-width where the keyboard is Chinese; a sign alone is shown as it is
    r"|0\d+$"  # loses its zeros
    r"|\d{16,}$"  # more digits than a spreadsheet's numbers have
    r"|\d+([eE/:-]\d+)+$"  # powers of ten, dates, times
    r")"
)


def as_text(value: str) -> str:
    """A text as it stands in a cell."""
    return f"'{value}" if re.match(RESHAPED, value) else value
