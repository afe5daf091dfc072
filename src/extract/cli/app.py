"""The command `extract` as a whole: the group of its commands and the options that all of them have."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import click

from extract import log
from extract.cli.help import MainJobFirst, Option
from extract.cli.streams import QUIET
from extract.messages import LANGUAGES, choose_language, message
from extract.reading.base import DEFAULT_READER
from extract.reading.limits import Size, choose_largest
from extract.version import __version__

option = partial(click.option, cls=Option)
LOG = "extract.log"  # what a context knows of messages
LEVELS = {"verbose": "INFO", "debug": "DEBUG"}


def _choose_language(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    choose_language(value)


def _tell_messages(ctx: click.Context, parameter: click.Parameter, value: bool | str | None) -> None:
    """What `-v`, `--debug` and `--log-file` say together, as far as they have been read."""
    told = ctx.meta.setdefault(LOG, {})
    if value:
        told.update({"file": value} if parameter.name == "log_file" else {"level": LEVELS[parameter.name or ""]})
    log.start(**({"level": None} | told))


def _be_quiet(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    ctx.meta[QUIET] = value


def _choose_limits(ctx: click.Context, _parameter: click.Parameter, values: Sequence[str]) -> None:
    told = dict(value.split("=", 1) for value in values if "=" in value)
    known = {name: int(number) for name, number in told.items() if name in Size._fields and number.isdecimal()}
    if len(known) < len(values):
        raise click.BadParameter(message("limit_unknown", known=", ".join(Size._fields)), ctx)
    choose_largest(Size()._replace(**known))


limit = option("--limit", multiple=True, metavar="NAME=NUMBER", expose_value=False, callback=_choose_limits)


def common(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that every command has."""
    for add in (
        option("--log-file", type=click.Path(dir_okay=False), expose_value=False, callback=_tell_messages),
        option("--debug", is_flag=True, expose_value=False, callback=_tell_messages),
        option("-v", "--verbose", is_flag=True, expose_value=False, is_eager=True, callback=_tell_messages),
        option("-q", "--quiet", is_flag=True, expose_value=False, callback=_be_quiet),
        option("--lang", type=click.Choice(LANGUAGES), expose_value=False, is_eager=True, callback=_choose_language),
    ):
        command = add(command)
    return command


@click.group(cls=MainJobFirst, no_args_is_help=True)
@click.version_option(f"{__version__} ({DEFAULT_READER})", prog_name="extract")
def cli() -> None:
    """Turns PDFs of Chinese budget disclosures into datasets."""
