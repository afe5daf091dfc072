"""The commands beside the main job, and the entry point of the program."""

import json
import logging
import os
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from extract.cli.app import cli, common, option
from extract.cli.completing import SHELLS, print_completion
from extract.cli.documents import PDF, opened, reading_options
from extract.cli.help import Command, pages, title
from extract.cli.memory import check_memory, is_lacking, message_in_advance
from extract.cli.printing import FORMATS
from extract.cli.questions import diff, ledger, sql
from extract.cli.run import missing_files, unfitting_decisions
from extract.cli.streams import escape_unknown_signs, is_unicode, say
from extract.errors import ExtractError, InputError, OutputError, reason
from extract.messages import Sentence, choose_language, language, message, reasons_in_words
from extract.model.decision import KINDS, Decision
from extract.text import visible, visible_name

if TYPE_CHECKING:
    from extract.document.summary import Summary

logger = logging.getLogger(__name__)


@cli.command("status", cls=Command)
@click.argument("output", default="out", metavar="[FOLDER]")
@option("--json", "as_json", is_flag=True)
@common
def show_status(output: str, as_json: bool) -> None:
    """What is there, what failed, how to go on."""
    from extract.document.summary import with_error_text
    from extract.out.state import STATE, STATES, read_state
    from extract.runs.interrupted import interrupted
    from extract.stores.working_copy import journal_folder, reading

    with reading(output, STATE, STATES) as out:
        documents = [with_error_text(one) for one in read_state(out).values()]
    run = interrupted(journal_folder(output))
    if not documents and not run:
        raise InputError("no_datasets", path=output)
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
        say(json.dumps(told, ensure_ascii=not is_unicode(), indent=2))
        return
    say(visible(message("documents_there", path=output, count=len(documents))))
    for status, count in counts.most_common():
        say(f"  {count:6} {message(f'status_{status}')}")
    for one in wrong:
        why = _not_verified(one, output)
        say(visible(f"{visible_name(one['source'])}: {one['error'] or why}"))
    for line in missing_files(documents):
        say(line)
    for line in unfitting_decisions(documents, output):
        say(line)
    if run:
        say(visible(message("run_interrupted", **run._asdict())))


def _not_verified(document: "Summary", output: str) -> str:
    """Why a document is not verified."""
    fails, corrected = document["checks"]["fail"], document["decisions"]["corrected"]
    key, count = ("fails", fails) if fails else ("corrected", corrected) if corrected else ("reasons", 0)
    reasons = getattr(reasons_in_words(document["reasons"]), language())
    status = message(f"status_{document['status']}")
    return message(f"not_verified_{key}", status=status, count=count, reasons=reasons, path=output)


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
        say(
            _share(
                f"{own[0].agency_name} {own[0].fiscal_year}",
                sum(one.covered for one in own),
                sum(one.cells for one in own),
            )
        )
        for one in own:
            say(_share(f"  {one.dataset}", one.covered, one.cells))
            for cell in one.uncovered if uncovered else ():
                place = f"p{cell['page']} {cell['row']} {cell['column']} {cell['item'] or ''}"
                say(visible_name(f"    {place}: {cell['printed']}"))


def _share(name: str, covered: int, cells: int) -> str:
    return f"{covered:>6}/{cells:<6} {100 * covered / cells:6.1f} %  {visible_name(name)}"


@cli.command("explain", cls=Command)
@click.argument("source", type=PDF, metavar="PDF")
@option("--draft", type=click.Path(dir_okay=False), metavar="FILE")
@reading_options
@common
def explain_document(source: str, folder: str | None, password: str | None, draft: str | None) -> None:
    """Why each table is named as it is, or not."""
    from extract.cli.explaining import explain

    explain(opened(source, folder, password), draft)


@cli.command("tables", cls=Command)
@click.argument("source", type=PDF, metavar="PDF")
@option("--format", "form", type=click.Choice(FORMATS), default="csv", show_default=True)
@option("--table", "only", type=click.IntRange(min=1), metavar="N")
@reading_options
@common
def show_tables(source: str, folder: str | None, password: str | None, form: str, only: int | None) -> None:
    """Every printed table, known or not."""
    from extract.cli.printing import print_tables

    print_tables(opened(source, folder, password).report, form, only)


@cli.command("annotate", cls=Command)
@click.argument("source", type=PDF, metavar="PDF")
@option("-o", "--output", "annotated_pdf", type=click.Path(dir_okay=False), metavar="PDF", required=True)
@reading_options
@option("--decisions", "decided", type=click.Path(exists=True, file_okay=False), metavar="FOLDER")
@common
def annotate_document(
    source: str, annotated_pdf: str, folder: str | None, password: str | None, decided: str | None
) -> None:
    """A copy of the PDF with a note on every number that a failing check reads or a person decided about."""
    from extract.cli.annotating import annotate, check_target

    check_target(Path(source), Path(annotated_pdf))
    annotate(opened(source, folder, password, Path(decided) if decided else None), Path(annotated_pdf))


@cli.command("decide", cls=Command)
@click.argument("output", type=click.Path(exists=True, file_okay=False), metavar="FOLDER")
@click.argument("document_id", metavar="DOCUMENT")
@click.argument("page", type=click.IntRange(min=1))
@click.argument("printed")
@click.argument("kind", type=click.Choice(KINDS))
@option("--corrected", metavar="NUMBER")
@option("--rule", metavar="CODE")
@option("--number", metavar="DATASET:ROW:COLUMN")
@option("--name", metavar="TEXT", required=True)
@option("--reason", metavar="TEXT", default="")
@common
def decide_about(
    output: str,
    document_id: str,
    page: int,
    printed: str,
    kind: str,
    corrected: str | None,
    rule: str | None,
    number: str | None,
    name: str,
    reason: str,
) -> None:
    """Notes what a person decided about a number or a finding."""
    from extract.cli.deciding import decide

    about = Decision(document_id, rule, None, None, page, None, printed, kind, corrected, name, "", reason)
    decide(Path(output), about, number)


@cli.command("decisions", cls=Command)
@click.argument("output", type=click.Path(exists=True, file_okay=False), default="out", metavar="[FOLDER]")
@option("--apply", "applied", is_flag=True)
@option("--schemas", "folder", type=click.Path(exists=True, file_okay=False))
@common
def show_decisions(output: str, applied: bool, folder: str | None) -> None:
    """What people decided, and which decisions count."""
    from extract.cli.deciding import apply, show

    if applied:
        apply(Path(output), folder)
    show(Path(output))


@cli.command("schemas", cls=Command)
@click.argument("words", nargs=-1, metavar="[FOLDER] | test FOLDER PDF …")
@option("--password", metavar="TEXT")
@common
def list_or_test_schemas(words: Sequence[str], password: str | None) -> None:
    """What is known, or what a folder changes for some documents."""
    if words[:1] == ("test",):
        from extract.cli.explaining import compare_words

        if len(words) < len(("test", "FOLDER", "PDF")):
            raise click.UsageError(message("schemas_test_usage"))
        compare_words(words[1], words[2:], password)
        return
    if len(words) > 1 or (words and not Path(words[0]).is_dir()):
        raise click.UsageError(message("schemas_usage", given=" ".join(words)))
    _list_schemas(words[0] if words else None)


def _list_schemas(folder: str | None) -> None:
    """What is known: vocabulary, datasets, rules."""
    from extract.schemas.prepared import listing
    from extract.schemas.source import Folder, builtin

    declared = listing(Path(folder) if folder else None)
    say(message("schemas_valid", folder=folder or builtin(), digest=declared.digest))
    if folder:
        say(message("schemas_override", folder=folder))
        for change in Folder.of(Path(folder)).changes():
            say(f"  {change}")
    for name, *titles in declared.places:
        say(f"\n{name}  {getattr(Sentence(*titles), language())}")
    say("")
    for name, columns, *titles in declared.datasets:
        say(f"{name:44} {getattr(Sentence(*titles), language())} ({columns})")
    say("\n" + message("rules_declared", count=declared.rules))


@cli.command("review", cls=Command)
@click.argument("output", default="out", metavar="[FOLDER]")
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
        say(index)


for question in (diff, ledger, sql):
    cli.add_command(question)


@cli.command("pictures", cls=Command)
@click.argument("output", type=click.Path(exists=True, file_okay=False), default="out", metavar="[FOLDER]")
@click.argument("documents", nargs=-1, metavar="[DOCUMENT] …")
@reading_options
@common
def picture_documents(output: str, documents: Sequence[str], folder: str | None, password: str | None) -> None:
    """Pictures of all pages with tables, added to review pages."""
    from extract.cli.adding import add_pictures

    add_pictures(Path(output), documents, folder, password)


@cli.command("workbook", cls=Command)
@click.argument("output", type=click.Path(exists=True, file_okay=False), default="out", metavar="[FOLDER]")
@click.argument("documents", nargs=-1, metavar="[DOCUMENT] …")
@reading_options
@common
def make_workbooks(output: str, documents: Sequence[str], folder: str | None, password: str | None) -> None:
    """Workbooks of documents that have none."""
    from extract.cli.adding import add_workbooks

    add_workbooks(Path(output), documents, folder, password)


@cli.command("export", cls=Command)
@click.argument("output", default="out", metavar="[FOLDER|URL]")
@option("-o", "--output", "target", type=click.Path(file_okay=False), default="export", show_default=True)
@option("--schemas", "folder", type=click.Path(exists=True, file_okay=False))
@common
def export_datasets(output: str, target: str, folder: str | None) -> None:
    """Single files and 全部.xlsx of an output folder."""
    from extract.cli.exporting import export_folder

    export_folder(output, Path(target), folder)


@cli.command("serve", cls=Command)
@click.argument("output", default="out", metavar="[FOLDER]")
@option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS")
@option("--port", type=click.IntRange(0, 65535), default=0, metavar="N")
@option("--max-upload", "megabytes", type=click.IntRange(min=1), default=100, show_default=True, metavar="MB")
@option("--schemas", "folder", type=click.Path(exists=True, file_okay=False))
@common
def serve_folder(output: str, host: str, port: int, megabytes: int, folder: str | None) -> None:
    """An output folder in the browser."""
    from extract.cli.serving import serve_here

    serve_here(Path(output), host, port, megabytes, folder)


@cli.command("help", cls=Command)
@click.argument("topic", required=False)
@common
def show_page(topic: str | None) -> None:
    """A page of the documentation."""
    known = pages()
    if topic is None:
        for name, page in known.items():
            say(f"{name:14} {title(page)}")
    elif topic in known:
        click.echo_via_pager(known[topic].read_text(encoding="utf-8"))
    else:
        raise InputError("topic_unknown", name=topic, known=", ".join(known))


@cli.command("completion", cls=Command)
@click.argument("shell", type=click.Choice(SHELLS))
@common
def show_completion(shell: str) -> None:
    """What makes a shell complete the command."""
    print_completion(shell)


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point: every error of the program ends with its message, after the document that it is noted to be about,
    and its exit code.

    Without arguments, takes those of the process.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy is not asked to calculate, and each thread takes memory
    choose_language(None)
    escape_unknown_signs()
    no_memory = message_in_advance()
    try:
        if no_memory:
            check_memory()
        cli(arguments, prog_name="extract")
    except ExtractError as error:
        logger.debug("%s", type(error).__name__, exc_info=True)
        click.echo(visible(": ".join([*getattr(error, "__notes__", ()), str(error)])), err=True)
        sys.exit(error.exit_code)
    except BaseException as error:  # a compiled library without memory panics, which is no Exception
        if is_lacking(error):
            click.echo(no_memory or str(ExtractError("no_memory")), err=True)
            sys.exit(ExtractError.exit_code)
        if not isinstance(error, Exception):
            raise
        _end(error)


def _end(error: Exception) -> None:
    """Ends with what is said of an error that is none of the program's own."""
    if isinstance(error, OSError):
        logger.debug("%s", type(error).__name__, exc_info=True)
        click.echo(visible(str(OutputError("system_refused", reason=reason(error)))), err=True)
        sys.exit(OutputError.exit_code)
    logger.debug("%s", type(error).__name__, exc_info=True)
    click.echo(visible(str(ExtractError("internal", reason=reason(error)))), err=True)
    sys.exit(ExtractError.exit_code)
