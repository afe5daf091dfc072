"""The main job of the command: documents into an output folder."""

import json
import os
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from extract.cli.app import cli, common, limit, option
from extract.cli.help import ARGUMENTS, MainJob
from extract.cli.streams import is_unicode, on_terminal, say
from extract.errors import FileMissingError, InputError, InterruptedRunError, NotVerifiedError
from extract.messages import message
from extract.out.headers import HEADERS
from extract.reading.base import DEFAULT_READER, READERS
from extract.text import visible, visible_name
from extract.version import __version__

if TYPE_CHECKING:
    from extract.document.summary import Summary
    from extract.runs.batch import Progress, Run
    from extract.runs.executors import Maker
    from extract.runs.isolation import Limits
    from extract.runs.jobs import Recipe


@cli.command(cls=MainJob, hidden=True)
@click.argument("sources", nargs=-1, required=True, metavar="PDF|FOLDER|PATTERN|URL|- …")
@option("-o", "--output", default="out", show_default=True, metavar="FOLDER|URL")
@option("--redo", is_flag=True)
@option("--jobs", type=click.IntRange(min=1), metavar="N")
@option("--dask", "cluster", metavar="ADDRESS")
@option("--timeout", type=click.FloatRange(min=0, min_open=True, max=1e6), metavar="SECONDS")
@option("--password", metavar="TEXT")
@option("--memory", type=click.FloatRange(min=0.25, max=1e6), metavar="GIB")
@limit
@option("--schemas", "folder", type=click.Path(exists=True, file_okay=False))
@option("--reader", "reader_name", type=click.Choice(READERS), default=DEFAULT_READER, show_default=True)
@option("--json", "as_json", is_flag=True)
@option("--review/--no-review", default=True, show_default=True)
@option("--workbooks/--no-workbooks", default=True, show_default=True)
@option("--full-workbooks", is_flag=True)
@option("--by-year/--one-file", default=None)
@option("--headers", type=click.Choice(HEADERS))
@option("--strict", is_flag=True)
@common
@click.version_option(__version__, prog_name="extract")
def run(
    sources: Sequence[str],
    output: str,
    redo: bool,
    jobs: int | None,
    cluster: str | None,
    timeout: float | None,
    password: str | None,
    memory: float | None,
    folder: str | None,
    reader_name: str,
    as_json: bool,
    review: bool,
    workbooks: bool,
    full_workbooks: bool,
    by_year: bool | None,
    headers: str | None,
    strict: bool,
) -> None:
    """The main job: reads documents into an output folder."""
    from extract.runs.isolation import SPARING

    os.environ.update(SPARING)  # for libraries that are loaded from now on, here and in what is copied from here
    from extract.out.without_pandas import keep_pandas_out

    keep_pandas_out()
    maker = partial(_maker, jobs=jobs, cluster=cluster, limits=_limits(timeout, memory))
    try:
        recipe = recipe_of(folder, reader_name, _files(workbooks, review), full_workbooks, password)
        typed = click.get_current_context().meta[ARGUMENTS]
        command = shlex.join(["extract", *(one.replace(password, "…") if password else one for one in typed)])
        done = _work(sources, output, maker, recipe, command, redo, by_year, headers)
        _tell(done, as_json)
        for line in unfitting_decisions(done.documents, output):
            click.echo(line, err=True)
        if workbooks and (count := done.in_buckets()):
            click.echo(visible(message("written_in_buckets", path=output, count=count)), err=True)
    except KeyboardInterrupt as error:
        raise InterruptedRunError("interrupted", path=output) from error
    _end(done, strict)


def _files(workbooks: bool, review: bool) -> tuple[str, ...]:
    """The folders of out/ that get a file for each document."""
    return (*(("xlsx",) if workbooks else ()), *(("review",) if review else ()))


def recipe_of(
    folder: str | None, reader_name: str, files: tuple[str, ...], full_workbooks: bool, password: str | None = None
) -> "Recipe":
    """How documents are read, by the options."""
    from extract.reading.base import reader
    from extract.runs.jobs import Recipe
    from extract.schemas.load import load

    schemas = load(Path(folder) if folder else None)
    return Recipe(reader(reader_name), schemas, files, password, full_workbooks=full_workbooks)


def _work(
    sources: Sequence[str],
    output: str,
    maker: "Callable[[int, Recipe], Maker]",
    recipe: "Recipe",
    command: str,
    redo: bool,
    by_year: bool | None,
    headers: str | None = None,
) -> "Run":
    from extract.out.replace import check_writable
    from extract.runs.batch import Batch, Run
    from extract.runs.sources import find_sources, identified
    from extract.stores.client import is_url
    from extract.stores.known_objects import digests
    from extract.stores.working_copy import writable

    found = find_sources(sources)
    with writable(output) as (out, publish):
        check_writable(out)
        distinct, duplicates = identified(found.documents, digests(found.documents, out))
        here = not is_url(output)
        batch = Batch(out, recipe, maker(len(found.documents), recipe), command, redo, by_year, publish, headers, here)
        with _progress() as progress:
            told = batch.run(distinct, progress)
        return Run(output, out, recipe.schemas, told, duplicates, found.unreadable)


def _tell(run: "Run", as_json: bool) -> None:
    """The summary as JSON if that is asked for, and for a person on a terminal; nothing in a pipe."""
    if as_json:
        say(json.dumps(run.as_data(), ensure_ascii=not is_unicode(), indent=2))
    if on_terminal():
        from extract.cli.terminal import show_summary

        show_summary(run)


def _limits(timeout: float | None, memory: float | None) -> "Limits":
    from extract.reading.limits import largest
    from extract.runs.isolation import Limits

    usual = Limits()
    return Limits(timeout or usual.seconds, int(memory * (1 << 30)) if memory else usual.memory, largest())


def _maker(documents: int, recipe: "Recipe", jobs: int | None, cluster: str | None, limits: "Limits") -> "Maker":
    """Every document is read in a process of its own, a single one too: whatever it holds costs only that process."""
    from extract.runs.executors import dask, processes
    from extract.runs.jobs import load_all

    if jobs and cluster:
        raise click.UsageError(message("jobs_or_dask"))
    if cluster:
        return partial(dask, cluster, limits)
    return partial(processes, jobs or max(1, min(documents, os.cpu_count() or 1)), limits, partial(load_all, recipe))


def _end(run: "Run", strict: bool) -> None:
    """Tells which documents failed and what to do, and ends with the exit code of the first."""
    from extract.document.summary import error_text

    summaries = run.documents
    failed = [one for one in summaries if one["error"]]
    for one in failed:
        click.echo(visible(f"{visible_name(one['source'])}: {error_text(one)}"), err=True)
    incomplete = list(missing_files(summaries))
    for line in incomplete:
        click.echo(line, err=True)
    for folder, why in run.unreadable.items():
        click.echo(visible(f"{visible_name(folder)}: {message('folder_unreadable', reason=why)}"), err=True)
    if failed:
        sys.exit(failed[0]["error"]["exit_code"])
    if run.unreadable:
        sys.exit(InputError.exit_code)
    if incomplete:
        sys.exit(FileMissingError.exit_code)
    unverified = [one for one in summaries if one["status"] != "verified"]
    if strict and unverified:
        raise NotVerifiedError("not_verified", count=len(unverified))


def missing_files(summaries: "Sequence[Summary]") -> Iterator[str]:
    """What is said of files that could not be made; a summary of an earlier version does not tell."""
    for one in summaries:
        for folder, why in one.get("files_missing", {}).items():
            yield visible(f"{visible_name(one['source'])}: {message(f'missing_{folder}', reason=why)}")


def unfitting_decisions(summaries: "Sequence[Summary]", output: str) -> Iterator[str]:
    """What is said of decisions that fit nothing any more; a summary of an earlier version does not tell."""
    for one in summaries:
        if unfitting := one["decisions"]["unfitting"]:
            told = message("decisions_unfitting", count=len(unfitting), path=output)
            yield visible(f"{visible_name(one['source'])}: {told}")


@contextmanager
def _progress() -> Iterator["Progress"]:
    """A bar over the documents with rate and time left; nothing in a pipe."""
    if not on_terminal():
        yield lambda _count, _total: None
        return
    from extract.cli.terminal import progress_bar

    with progress_bar() as progress:
        yield progress
