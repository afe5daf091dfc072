"""The command `extract`."""

import json
import logging
import os
import shlex
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from extract import log
from extract.cli.help import ARGUMENTS, Command, MainJob, MainJobFirst, Option, pages, title
from extract.cli.printing import FORMATS
from extract.errors import ExtractError, FileMissingError, InputError, InterruptedRunError, NotVerifiedError, reason
from extract.messages import LANGUAGES, choose_language, message
from extract.reading.base import DEFAULT_READER, READERS
from extract.text import visible, visible_name
from extract.version import __version__

if TYPE_CHECKING:
    from extract.document.summary import Summary
    from extract.runs.batch import Progress, Run
    from extract.runs.executors import Maker
    from extract.runs.jobs import Recipe

logger = logging.getLogger(__name__)
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


@cli.command(cls=MainJob, hidden=True)
@click.argument("sources", nargs=-1, required=True, metavar="PDF|FOLDER|PATTERN|URL|- …")
@option("-o", "--output", default="out", show_default=True, metavar="FOLDER|URL")
@option("--redo", is_flag=True)
@option("--jobs", type=click.IntRange(min=1), metavar="N")
@option("--dask", "cluster", metavar="ADDRESS")
@option("--timeout", type=click.FloatRange(min=0, min_open=True, max=1e6), metavar="SECONDS")
@option("--schemas", "folder", type=click.Path(exists=True, file_okay=False))
@option("--reader", "reader_name", type=click.Choice(READERS), default=DEFAULT_READER, show_default=True)
@option("--json", "as_json", is_flag=True)
@option("--review/--no-review", default=True, show_default=True)
@option("--workbooks/--no-workbooks", default=True, show_default=True)
@option("--by-year/--one-file", default=None)
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
    folder: str | None,
    reader_name: str,
    as_json: bool,
    review: bool,
    workbooks: bool,
    by_year: bool | None,
    strict: bool,
) -> None:
    """The main job: reads documents into an output folder."""
    maker = partial(_maker, jobs=jobs, cluster=cluster, timeout=timeout)
    try:
        recipe = _recipe(folder, reader_name, _files(workbooks, review))
        command = shlex.join(["extract", *click.get_current_context().meta[ARGUMENTS]])
        done = _work(sources, output, maker, recipe, command, redo, by_year)
        _tell(done, as_json)
    except KeyboardInterrupt as error:
        raise InterruptedRunError("interrupted", path=output) from error
    _end(done.documents, strict)


def _files(workbooks: bool, review: bool) -> tuple[str, ...]:
    """The folders of out/ that get a file for each document."""
    return (*(("xlsx",) if workbooks else ()), *(("review",) if review else ()))


def _recipe(folder: str | None, reader_name: str, files: tuple[str, ...]) -> "Recipe":
    from extract.document.pipeline import Knowledge
    from extract.reading.base import reader
    from extract.runs.jobs import Recipe
    from extract.schemas.load import load

    return Recipe(reader(reader_name), Knowledge(load(Path(folder) if folder else None)), files)


def _work(
    sources: Sequence[str],
    output: str,
    maker: "Callable[[int], Maker]",
    recipe: "Recipe",
    command: str,
    redo: bool,
    by_year: bool | None,
) -> "Run":
    from extract.out.replace import check_writable
    from extract.runs.batch import Batch, Run
    from extract.runs.sources import find_sources, identified
    from extract.stores.known_objects import digests
    from extract.stores.working_copy import writable

    found = find_sources(sources)
    with writable(output) as (out, publish):
        check_writable(out)
        distinct, duplicates = identified(found, digests(found, out))
        batch = Batch(out, recipe, maker(len(found)), command, redo, by_year, publish)
        with _progress() as progress:
            return Run(output, out, recipe.knowledge.schemas, batch.run(distinct, progress), duplicates)


def _tell(run: "Run", as_json: bool) -> None:
    """The summary as JSON if that is asked for, and for a person on a terminal; nothing in a pipe."""
    if as_json:
        click.echo(json.dumps(run.as_data(), ensure_ascii=False, indent=2))
    if sys.stderr.isatty():
        from extract.cli.terminal import show_summary

        show_summary(run)


def _maker(documents: int, jobs: int | None, cluster: str | None, timeout: float | None) -> "Maker":
    """Several documents are read in processes of their own; starting one for a single document would only take time."""
    from extract.runs.executors import dask, processes, same_thread
    from extract.runs.isolation import Limits

    limits = Limits(timeout) if timeout else Limits()
    if jobs and cluster:
        raise click.UsageError(message("jobs_or_dask"))
    if cluster:
        return partial(dask, cluster, limits)
    if documents == 1 and not jobs and not timeout:
        return same_thread
    return partial(processes, jobs or min(documents, os.cpu_count() or 1), limits)


def _end(summaries: "Sequence[Summary]", strict: bool) -> None:
    """Tells which documents failed and what to do, and ends with the exit code of the first."""
    from extract.document.summary import error_text

    failed = [one for one in summaries if one["error"]]
    for one in failed:
        click.echo(visible(f"{visible_name(one['source'])}: {error_text(one)}"), err=True)
    incomplete = list(_missing_files(summaries))
    for line in incomplete:
        click.echo(line, err=True)
    if failed:
        sys.exit(failed[0]["error"]["exit_code"])
    if incomplete:
        sys.exit(FileMissingError.exit_code)
    unverified = [one for one in summaries if one["status"] != "verified"]
    if strict and unverified:
        raise NotVerifiedError("not_verified", count=len(unverified))


def _missing_files(summaries: "Sequence[Summary]") -> Iterator[str]:
    """What is said of files that could not be made; a summary of an earlier version does not tell."""
    for one in summaries:
        for folder, why in one.get("files_missing", {}).items():
            yield visible(f"{visible_name(one['source'])}: {message(f'missing_{folder}', reason=why)}")


@contextmanager
def _progress() -> Iterator["Progress"]:
    """A bar over the documents with rate and time left; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _count, _total: None
        return
    from extract.cli.terminal import progress_bar

    with progress_bar() as progress:
        yield progress


@cli.command("status", cls=Command)
@click.argument("output", default="out", metavar="FOLDER")
@option("--json", "as_json", is_flag=True)
@common
def show_status(output: str, as_json: bool) -> None:
    """What is there, what failed, how to go on."""
    from extract.document.summary import with_error_text
    from extract.out.state import STATE, read_state
    from extract.runs.journal import interrupted
    from extract.stores.working_copy import journal_folder, reading

    with reading(output, STATE) as out:
        documents = [with_error_text(one) for one in read_state(out).values()]
    run = interrupted(journal_folder(output))
    if not documents and not run:
        raise InputError("nothing_there", path=output)
    counts = Counter(one["status"] for one in documents)
    wrong = sorted((one for one in documents if one["status"] != "verified"), key=lambda one: one["source"])
    if as_json:
        named = [
            {key: one[key] for key in ("source", "document_id", "status", "error")} | {"fail": one["checks"]["fail"]}
            for one in wrong
        ]
        told = {
            "output": output,
            "documents": len(documents),
            "statuses": counts,
            "not_verified": named,
            "interrupted": run and run._asdict(),
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    click.echo(visible(message("documents_there", path=output, count=len(documents))))
    for status, count in counts.most_common():
        click.echo(f"  {count:6} {message(f'status_{status}')}")
    for one in wrong:
        fails = one["checks"]["fail"]
        why = message(
            "not_verified_fails" if fails else "not_verified_unread",
            status=message(f"status_{one['status']}"),
            count=fails,
            path=output,
        )
        click.echo(visible(f"{visible_name(one['source'])}: {one['error'] or why}"))
    for line in _missing_files(documents):
        click.echo(line)
    if run:
        click.echo(visible(message("run_interrupted", **run._asdict())))


@cli.command("coverage", cls=Command)
@click.argument("output", metavar="FOLDER")
@option("--uncovered", is_flag=True)
@common
def show_coverage(output: str, uncovered: bool) -> None:
    """How many of the amounts a check reads."""
    from extract.out.coverage import coverage
    from extract.stores.working_copy import reading

    with reading(output, "parquet") as out:
        covered = coverage(out)
    for _, group in groupby(covered, key=lambda one: one.document_id):
        own = list(group)
        click.echo(
            _share(
                f"{own[0].agency_name} {own[0].fiscal_year}",
                sum(one.covered for one in own),
                sum(one.cells for one in own),
            )
        )
        for one in own:
            click.echo(_share(f"  {one.dataset}", one.covered, one.cells))
            for cell in one.uncovered if uncovered else ():
                place = f"p{cell['page']} {cell['row']} {cell['column']} {cell['item'] or ''}"
                click.echo(visible_name(f"    {place}: {cell['printed']}"))


def _share(name: str, covered: int, cells: int) -> str:
    return f"{covered:>6}/{cells:<6} {100 * covered / cells:6.1f} %  {visible_name(name)}"


@cli.command("explain", cls=Command)
@click.argument("source", type=click.Path(exists=True, dir_okay=False), metavar="PDF")
@option("--schemas", "folder", type=click.Path(exists=True, file_okay=False))
@option("--draft", type=click.Path(dir_okay=False), metavar="FILE")
@common
def explain_document(source: str, folder: str | None, draft: str | None) -> None:
    """Why each table is named as it is, or not."""
    from extract.cli.explaining import explain

    explain(source, folder, draft)


@cli.command("tables", cls=Command)
@click.argument("source", type=click.Path(exists=True, dir_okay=False), metavar="PDF")
@option("--format", "form", type=click.Choice(FORMATS), default="csv", show_default=True)
@option("--table", "only", type=click.IntRange(min=1), metavar="N")
@common
def show_tables(source: str, form: str, only: int | None) -> None:
    """Every printed table, known or not."""
    from extract.cli.printing import print_tables

    print_tables(source, form, only)


@cli.command("schemas", cls=Command)
@click.argument("words", nargs=-1, metavar="[FOLDER] | test FOLDER PDF …")
@common
def list_or_test_schemas(words: Sequence[str]) -> None:
    """What is known, or what a folder changes for some documents."""
    if words[:1] == ("test",):
        from extract.cli.explaining import compare_words

        if len(words) < len(("test", "FOLDER", "PDF")):
            raise click.UsageError(message("schemas_test_usage"))
        compare_words(words[1], words[2:])
        return
    if len(words) > 1 or (words and not Path(words[0]).is_dir()):
        raise click.UsageError(message("schemas_usage", given=" ".join(words)))
    _list_schemas(words[0] if words else None)


def _list_schemas(folder: str | None) -> None:
    """What is known: vocabulary, datasets, rules."""
    from extract.schemas.load import builtin, changes, load

    schemas = load(Path(folder) if folder else None)
    click.echo(message("schemas_valid", folder=folder or builtin(), digest=schemas.digest))
    if folder:
        click.echo(message("schemas_override", folder=folder))
        for change in changes(Path(folder)):
            click.echo(f"  {change}")
    for place in schemas.places:
        click.echo(f"\n{place.name}  {place.zh}")
    click.echo("")
    for dataset in schemas.datasets.values():
        click.echo(f"{dataset.name:44} {dataset.zh} ({len(dataset.columns)})")
    click.echo("\n" + message("rules_declared", count=len(schemas.rules)))


@cli.command("review", cls=Command)
@click.argument("output", default="out", metavar="FOLDER")
@common
def open_review(output: str) -> None:
    """The review pages in the browser."""
    import webbrowser

    from extract.stores.working_copy import reading

    with reading(output, "review") as out:
        index = (out / "review" / "index.html").resolve()
    if not index.is_file():
        raise InputError("review_missing", path=output)
    if not (sys.stdout.isatty() and webbrowser.open(index.as_uri())):
        click.echo(index)


@cli.command("help", cls=Command)
@click.argument("topic", required=False)
@common
def show_page(topic: str | None) -> None:
    """A page of the documentation."""
    known = pages()
    if topic is None:
        for name, page in known.items():
            click.echo(f"{name:14} {title(page)}")
    elif topic in known:
        click.echo_via_pager(known[topic].read_text(encoding="utf-8"))
    else:
        raise InputError("topic_unknown", name=topic, known=", ".join(known))


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point: every error of the program ends with its message and exit code.

    Without arguments, takes those of the process.
    """
    choose_language(None)
    try:
        cli(arguments, prog_name="extract")
    except ExtractError as error:
        logger.debug("%s", type(error).__name__, exc_info=True)
        click.echo(visible(str(error)), err=True)
        sys.exit(error.exit_code)
    except Exception as error:
        logger.debug("%s", type(error).__name__, exc_info=True)
        click.echo(visible(str(ExtractError("internal", reason=reason(error)))), err=True)
        sys.exit(ExtractError.exit_code)
