"""How the content of a document is known."""

import hashlib
import re

_IDENTIFIER = re.compile("[0-9a-f]{16}")


def digest(content: bytes) -> str:
    """The sha256 that a document is known by."""
    return hashlib.sha256(content).hexdigest()


def identifier(sha256: str | None) -> str:
    """The beginning of the sha256, by which datasets and addresses call a document; empty if it is not known."""
    return (sha256 or "")[:16]


def is_identifier(text: str) -> bool:
    return _IDENTIFIER.fullmatch(text) is not None
