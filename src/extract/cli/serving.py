"""What `extract serve` does."""

import sys
import webbrowser
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from extract.cli.run import recipe_of
from extract.cli.streams import say
from extract.errors import InputError
from extract.messages import message
from extract.reading.base import DEFAULT_READER


def serve_here(out: Path, host: str, port: int, megabytes: int, folder: str | None) -> None:
    """Serves the folder, and opens it in the browser if a person is there.

    Raises InputError if the extra is missing.
    """
    from extract.out.without_pandas import keep_pandas_out

    try:
        from extract.web.serving import serve
    except ImportError as error:
        raise InputError("web_missing") from error
    keep_pandas_out()
    recipe = replace(recipe_of(folder, DEFAULT_READER, ("xlsx", "review"), False), full_pictures=True)

    def ready(address: str) -> None:
        say(message("web_ready", address=address, out=out))
        sys.stdout.flush()
        if sys.stdout.isatty():
            webbrowser.open(address)

    with suppress(KeyboardInterrupt):  # the way to end it
        serve(out, recipe, host, port, megabytes << 20, ready)
