"""Everything that can go wrong, each kind with the exit code that the command ends with.

A document's own error is caught by the batch and written to `documents.error`; the others of the run go on.
"""

import os
import traceback
from collections.abc import Sequence


class ExtractError(Exception):
    """An error with one clear message: `key` names it in messages.toml, `values` fill it in."""

    exit_code = 1

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = values

    def text(self, language: str) -> str:
        """The message in one of `messages.LANGUAGES`. A reason of another program stands inside a sentence of ours."""
        from extract.messages import message

        values = {name: _without_stop(value) if name == "reason" else value for name, value in self.values.items()}
        return message(self.key, language, **values)

    def __reduce__(self) -> tuple[object, ...]:
        return _restore, (type(self), self.key, self.values)

    def __str__(self) -> str:
        from extract.messages import language

        return self.text(language())


def _without_stop(text: object) -> str:
    return str(text).rstrip(".。")


def reason(error: BaseException) -> str:
    """An unexpected error in one line: its kind, what it says, and the file and line of this program that it comes
    from.
    """
    here = os.path.dirname(__file__) + os.sep
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(here)]
    place = f", {os.path.basename(own[-1].filename)}:{own[-1].lineno}" if own else ""
    return f"{type(error).__name__}: {error}{place}"


def _restore(kind: type[ExtractError], key: str, values: dict[str, object]) -> ExtractError:
    return kind(key, **values)


class InputError(ExtractError):
    """A path or URL that was given does not exist, cannot be reached, or holds no PDF."""

    exit_code = 2


class UnreadableError(ExtractError):
    """Not a PDF, damaged, or without pages."""

    exit_code = 3


class LostError(UnreadableError):
    """The run lost the document: no time, no memory, or its process died. The next run tries again."""


class EncryptedError(ExtractError):
    """A password is needed."""

    exit_code = 4


class NoTextError(ExtractError):
    """The pages are pictures: there is no text layer to read."""

    exit_code = 5


class UnrecognisedError(ExtractError):
    """Readable, but no table of it is known."""

    exit_code = 6


class OutputError(ExtractError):
    """The output folder cannot be written or reached, holds what is not ours, or is written by another run."""

    exit_code = 7


class SchemaError(ExtractError):
    """Schema files are faulty; every fault of every file is reported at once."""

    exit_code = 8

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("schemas_faulty", count=len(faults), faults="\n  ".join(faults))
        self.faults = tuple(faults)

    def __reduce__(self) -> tuple[object, ...]:
        return SchemaError, (self.faults,)


class ClusterError(ExtractError):
    """The cluster cannot be reached, has gone, or runs another version."""

    exit_code = 2


class InterruptedRunError(ExtractError):
    """Ctrl-C."""

    exit_code = 130


class FileMissingError(ExtractError):
    """A workbook or a review page could not be made; the data of its document is there."""

    exit_code = 1


class NotVerifiedError(ExtractError):
    """`--strict`, and a document is not `verified`."""

    exit_code = 9
