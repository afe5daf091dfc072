"""Standard input, output and error, which may be closed, full, or of an encoding that lacks signs."""

import sys

import click

from extract.errors import OutputError

QUIET = "extract.quiet"  # whether a context was told `-q`


def on_terminal() -> bool:
    """Whether a person sees, and wants to see, what is told beside the answer."""
    context = click.get_current_context(silent=True)
    if context and context.meta.get(QUIET):
        return False
    return sys.stderr is not None and sys.stderr.isatty()


def is_unicode() -> bool:
    """Whether standard output takes every sign."""
    return sys.stdout is not None and sys.stdout.encoding.lower().replace("-", "").startswith("utf")


def escape_unknown_signs() -> None:
    """A sign that the encoding of standard output lacks is written as `\\U0001f600`, and stops nothing."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="backslashreplace")


def say(text: object) -> None:
    """A part of the answer on standard output.

    Raises OutputError where it cannot be written; a reader of a pipe that has gone is click's to handle.
    """
    if sys.stdout is None:
        raise OutputError("stdout_closed")
    try:
        click.echo(text)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError("stdout_unwritable", reason=error.strerror or str(error)) from error
