"""How the command explains itself: help texts from messages.toml in the language of the run, and the pages of docs/.

A command called `x` is described by the texts `command_x` and `short_x`, an option called `y` by `option_y`.
"""

import difflib
import os
from collections.abc import Sequence
from itertools import pairwise, takewhile
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from extract.messages import LANGUAGES, choose_language, message

ARGUMENTS = "extract.arguments"  # what the user typed, among what a context knows
FLAGS = ("-v", "--verbose", "--debug", "-q", "--quiet")  # of every command
WITH_VALUE = ("--lang", "--log-file")  # of every command, too


class Option(click.Option):
    """An option whose description is a text of messages.toml."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        self.help = message(f"option_{self.name}")
        return super().get_help_record(ctx)


class Command(click.Command):
    """A command whose description is a text of messages.toml."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Raises UsageError, which tells how to name a file or folder that is called like the command."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            if not self.name or not os.path.exists(self.name):
                raise
            told = f"{error.format_message()} {message('called_like_command', name=self.name)}"
            raise click.UsageError(told, ctx) from error

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.help = message(f"command_{self.name}")
        super().format_help_text(ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        return message(f"short_{self.name}")


class MainJobContext(click.Context):
    """In usage and errors the main job is called as the program is."""

    @property
    def command_path(self) -> str:
        return self.parent.command_path if self.parent else super().command_path


class MainJob(Command):
    """The command without a name."""

    context_class = MainJobContext

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.epilog = message("exit_codes")
        super().format_epilog(ctx, formatter)


class MainJobFirst(click.Group):
    """A group whose main job needs no name: `extract report.pdf` is `extract run report.pdf`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[ARGUMENTS] = tuple(args)
        _choose_language(args)
        before = _common_options(args)
        first = next(iter(args[len(before) :]), "")
        if first in ("--help", "--version"):
            args = [first]
        elif first in self.commands:
            args = [first, *before, *args[len(before) + 1 :]]
        elif len(before) == len(args):
            args = []
        else:
            self._suggest(ctx, first)
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands, and what the main job takes: its options, or files."""
        found = [one for one in super().shell_complete(ctx, incomplete) if not incomplete.startswith("-")]
        job = self.commands["run"]
        if incomplete.startswith("-"):
            return job.shell_complete(click.Context(job, ctx), incomplete)
        return [*found, CompletionItem(incomplete, type="file")]

    def _suggest(self, ctx: click.Context, name: str) -> None:
        """Raises UsageError for what is no file and no option and looks like a command."""
        commands = [known for known, command in self.commands.items() if not command.hidden]
        near = difflib.get_close_matches(name, commands, 1)
        if near and not name.startswith("-") and not os.path.exists(name):
            raise click.UsageError(message("command_unknown", name=name, near=near[0]), ctx)

    def get_help(self, ctx: click.Context) -> str:
        formatter = ctx.make_formatter()
        job = self.commands["run"]
        with click.Context(job, info_name=ctx.info_name) as of_job:
            job.format_help(of_job, formatter)
        formatter.write_paragraph()
        self.format_commands(ctx, formatter)
        return formatter.getvalue().rstrip("\n")


def _choose_language(args: Sequence[str]) -> None:
    """Chooses the language that `--lang` names, wherever it stands: help and errors of usage end the run before the
    option has its turn. What is no language is left for the option to refuse.
    """
    options = list(takewhile(lambda one: one != "--", args))
    named = [value for option, value in pairwise([*options, ""]) if option == "--lang"]
    named += [option.removeprefix("--lang=") for option in options if option.startswith("--lang=")]
    for value in named:
        if value in LANGUAGES:
            choose_language(value)


def _common_options(args: Sequence[str]) -> list[str]:
    """The options of every command that stand before the first other word."""
    place = 0
    while place < len(args):
        if args[place] in WITH_VALUE:
            place += 2
        elif args[place] in FLAGS or args[place].startswith(tuple(f"{name}=" for name in WITH_VALUE)):
            place += 1
        else:
            break
    return list(args[:place])


def pages() -> dict[str, Path]:
    """The pages of docs/ by name: inside an installed package, or beside src/ in a checkout."""
    inside = Path(__file__).parents[1] / "_docs"
    folder = inside if inside.is_dir() else Path(__file__).parents[3] / "docs"
    return {path.stem: path for path in sorted(folder.glob("*.md"))}


def title(page: Path) -> str:
    """The first heading of a page."""
    return page.read_text(encoding="utf-8").split("\n", 1)[0].lstrip("# ")
