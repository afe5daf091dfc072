"""How the content of a document is known."""

import hashlib


def digest(content: bytes) -> str:
    """The sha256 that a document is known by."""
    return hashlib.sha256(content).hexdigest()
