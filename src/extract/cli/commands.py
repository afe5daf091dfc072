"""The command `extract`."""

import json
import os
import shlex
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from extract.errors import ExtractError, InputError, InterruptedRunError, NotVerifiedError
from extract.messages import LANGUAGES, choose_language, message
from extract.reading.base import DEFAULT_READER, READERS
from extract.version import __version__

if TYPE_CHECKING:
    from extract.document.summary import Summary
    from extract.runs.batch import Progress, Run
    from extract.runs.executors import Maker
    from extract.runs.jobs import Recipe

EXIT_CODES = """\b
Exit codes 退出码:
  0  done 完成
  1  unexpected error 意外错误
  2  wrong usage, no such file, store or cluster 用法错误，没有该文件、存储或集群
  3  a document cannot be read 文件无法读取
  4  a document needs a password 文件需要密码
  5  a document has no text layer 文件没有文字层
  6  a document holds no known table 没有已知的表
  7  the output folder cannot be written, or not reached 无法写入或连接输出文件夹
  8  schema files are faulty 版式文件有错误
  9  --strict and a document is not verified 未通过核验
  130  interrupted; the same command goes on 已中断，再次运行即可继续
With several documents, all are worked on and the first one's code is returned."""


class MainJobFirst(click.Group):
    """A group whose main job needs no name: `extract report.pdf` is `extract run report.pdf`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("--help", "--version"):
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def get_help(self, ctx: click.Context) -> str:
        formatter = ctx.make_formatter()
        with click.Context(run, info_name=ctx.info_name) as job:
            run.format_help(job, formatter)
        formatter.write_paragraph()
        self.format_commands(ctx, formatter)
        return formatter.getvalue().rstrip("\n")


@click.group(cls=MainJobFirst, no_args_is_help=True)
@click.version_option(f"{__version__} ({DEFAULT_READER})", prog_name="extract")
def cli() -> None:
    """Turns PDFs of Chinese budget disclosures into datasets."""


@cli.command(hidden=True, epilog=EXIT_CODES)
@click.argument("sources", nargs=-1, required=True, metavar="PDF|FOLDER|PATTERN|URL|- …")
@click.option(
    "-o",
    "--output",
    default="out",
    show_default=True,
    metavar="FOLDER|URL",
    help="Where the datasets go; documents already there stay. 输出文件夹",
)
@click.option("--redo", is_flag=True, help="Read again what has not changed, too. 全部重读")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Documents read at once; one a core if not given. 并行进程数",
)
@click.option("--dask", "cluster", metavar="ADDRESS", help="Read on the workers of this dask scheduler. 使用 dask 集群")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=1e6),
    metavar="SECONDS",
    help="Time for a document among several; 120 if not given. 单个文件时限（秒）",
)
@click.option(
    "--schemas",
    "folder",
    type=click.Path(exists=True, file_okay=False),
    help="Use these schema files instead of the built-in ones. 版式文件夹",
)
@click.option(
    "--reader",
    "reader_name",
    type=click.Choice(READERS),
    default=DEFAULT_READER,
    show_default=True,
    help="How pages are read. 读取引擎",
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON. 以 JSON 输出结果")
@click.option(
    "--review/--no-review",
    default=True,
    show_default=True,
    help="Write pages to look at, with pictures. 是否写出核查页",
)
@click.option(
    "--workbooks/--no-workbooks",
    default=True,
    show_default=True,
    help="Write workbooks, for each document and for all. 是否写出工作簿",
)
@click.option(
    "--by-year/--one-file",
    default=None,
    help="Parquet with a file for every year, or one a dataset; as the folder is if not given. 按年度分区",
)
@click.option("--strict", is_flag=True, help="Fail unless every document is verified. 未全部核验则失败")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of messages; by locale if not given. 提示语言")
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
    lang: str | None,
) -> None:
    """Read budget disclosures and write what they say as Parquet and CSV, every stated total checked.

    把部门预算公开 PDF 变成可核验的数据集。

    \b
    extract report.pdf -o out/         one report 单个文件
    extract reports/ -o out/           a folder of years 整个文件夹
    extract A B 'C/*.pdf' -o out/      several; again: only what is new 多个；再次运行只读新增
    extract s3://b/in -o s3://b/out    from and to a store 对象存储
    curl … | extract - -o out/         from a pipe 标准输入
    extract report.pdf --json          for other programs 供其他程序读取
    extract status out/                what is there, and what failed 查看进度与失败
    """
    choose_language(lang)
    maker = partial(_maker, jobs=jobs, cluster=cluster, timeout=timeout)
    try:
        done = _work(sources, output, maker, _recipe(folder, reader_name, _files(workbooks, review)), redo, by_year)
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
        batch = Batch(out, recipe, maker(len(found)), shlex.join(["extract", *sys.argv[1:]]), redo, by_year, publish)
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
        raise click.UsageError("--jobs, --dask: only one of them 二者只能选一")
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
        click.echo(f"{one['source']}: {error_text(one)}", err=True)
    if failed:
        sys.exit(failed[0]["error"]["exit_code"])
    unverified = [one for one in summaries if one["status"] != "verified"]
    if strict and unverified:
        raise NotVerifiedError("not_verified", count=len(unverified))


@contextmanager
def _progress() -> Iterator["Progress"]:
    """A bar over the documents with rate and time left; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _count, _total: None
        return
    from extract.cli.terminal import progress_bar

    with progress_bar() as progress:
        yield progress


@cli.command("status", short_help="What is there, what failed 查看进度与失败")
@click.argument("output", default="out", metavar="FOLDER")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON. 以 JSON 输出")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of messages; by locale if not given. 提示语言")
def show_status(output: str, as_json: bool, lang: str | None) -> None:
    """Count the documents of an output folder by status, list what failed, tell how to go on 查看输出文件夹的进度与失败."""
    from extract.document.summary import with_error_text
    from extract.out.state import STATE, read_state
    from extract.runs.journal import interrupted
    from extract.stores.working_copy import journal_folder, reading

    choose_language(lang)
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
    click.echo(message("documents_there", path=output, count=len(documents)))
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
        said = one["error"] or why
        click.echo(f"{one['source']}: {said}")
    if run:
        click.echo(message("run_interrupted", **run._asdict()))


@cli.command("coverage", short_help="How many amounts a check reads 金额的校验覆盖")
@click.argument("output", metavar="FOLDER")
@click.option(
    "--uncovered", is_flag=True, help="List the amounts that no check reads, with their pages. 列出未被校验的金额"
)
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of messages; by locale if not given. 提示语言")
def show_coverage(output: str, uncovered: bool, lang: str | None) -> None:
    """Tell for each document of an output folder how many of its amounts a check reads 各文档有多少金额受到校验."""
    from extract.out.coverage import coverage
    from extract.stores.working_copy import reading

    choose_language(lang)
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
                click.echo(
                    f"    p{cell['page']} {cell['row']} {cell['column']} {cell['item'] or ''}: {cell['printed']}"
                )


def _share(name: str, covered: int, cells: int) -> str:
    return f"{covered:>6}/{cells:<6} {100 * covered / cells:6.1f} %  {name}"


@cli.command("schemas", short_help="What is known: layouts, rules 列出版式与规则")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False))
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of messages; by locale if not given. 提示语言")
def list_schemas(folder: str | None, lang: str | None) -> None:
    """Validate schema files and list their layouts, datasets and rules 检查并列出版式、数据集与规则."""
    from extract.schemas.load import builtin, load

    choose_language(lang)
    schemas = load(Path(folder) if folder else None)
    click.echo(message("schemas_valid", folder=folder or builtin(), digest=schemas.digest))
    for layout in schemas.layouts:
        click.echo(f"\n{layout.name}  {layout.zh}")
        for table in layout.table:
            click.echo(f"  {table.dataset:42} {table.title.pattern}")
        for form in layout.form:
            click.echo(f"  {form.dataset:42} {form.title.pattern}")
    click.echo("")
    for dataset in schemas.datasets.values():
        click.echo(f"{dataset.name:44} {dataset.zh} ({len(dataset.columns)})")
    click.echo("\n" + message("rules_declared", count=len(schemas.rules)))


@cli.command("review", short_help="Open the review pages 打开核查页")
@click.argument("output", default="out", metavar="FOLDER")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of messages; by locale if not given. 提示语言")
def open_review(output: str, lang: str | None) -> None:
    """Open the review pages of an output folder in the browser; of one in a store, a copy of them 打开核查页."""
    import webbrowser

    from extract.stores.working_copy import reading

    choose_language(lang)
    with reading(output, "review") as out:
        index = (out / "review" / "index.html").resolve()
    if not index.is_file():
        raise InputError("review_missing", path=output)
    if not (sys.stdout.isatty() and webbrowser.open(index.as_uri())):
        click.echo(index)


def main() -> None:
    """Entry point: every error of the program ends with its message and exit code."""
    try:
        cli()
    except ExtractError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except Exception as error:
        click.echo(str(ExtractError("internal", reason=f"{type(error).__name__}: {error}")), err=True)
        sys.exit(ExtractError.exit_code)
