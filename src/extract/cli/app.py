"""The command `extract` as a whole: the group of its commands and the options that all of them have."""

from collections.abc import Callable
from functools import partial
from typing import Any

import click

from extract import log
from extract.cli.help import MainJobFirst, Option
from extract.messages import LANGUAGES, choose_language
from extract.reading.base import DEFAULT_READER
from extract.version import __version__

option = partial(click.option, cls=Option)


def _choose_language(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    choose_language(value)


def _show_messages(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    level = "DEBUG" if parameter.name == "debug" else "INFO"
    if value:
        ctx.meta["level"] = level
    log.start(ctx.meta.get("level"))


def common(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that every command has."""
    for add in (
        option("--debug", is_flag=True, expose_value=False, callback=_show_messages),
        option("-v", "--verbose", is_flag=True, expose_value=False, is_eager=True, callback=_show_messages),
        option("--lang", type=click.Choice(LANGUAGES), expose_value=False, is_eager=True, callback=_choose_language),
    ):
        command = add(command)
    return command


@click.group(cls=MainJobFirst, no_args_is_help=True)
@click.version_option(f"{__version__} ({DEFAULT_READER})", prog_name="extract")
def cli() -> None:
    """Turns PDFs of Chinese budget disclosures into datasets."""
