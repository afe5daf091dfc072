"""The command `extract`."""

import json
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from extract.errors import ExtractError, InputError, NotVerifiedError
from extract.messages import LANGUAGES, choose_language, message
from extract.readers import DEFAULT_READER, READERS
from extract.text import printable
from extract.version import __version__

if TYPE_CHECKING:
    from extract.summary import Run

SHOWN_FAILURES = 10  # of one document, on a terminal
EXIT_CODES = """\b
Exit codes 退出码:
  0  done 完成
  1  unexpected error 意外错误
  2  wrong usage, or no such file 用法错误或没有该文件
  3  a document cannot be read 文件无法读取
  4  a document needs a password 文件需要密码
  5  a document has no text layer 文件没有文字层
  6  a document holds no known table 没有已知的表
  7  the output folder cannot be written 无法写入输出文件夹
  8  schema files are faulty 版式文件有错误
  9  --strict and a document is not verified 未通过核验
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
@click.version_option(__version__, prog_name="extract")
def cli() -> None:
    """Turns PDFs of Chinese budget disclosures into datasets."""


@cli.command(hidden=True, epilog=EXIT_CODES)
@click.argument("sources", nargs=-1, required=True, metavar="PDF|FOLDER|- …")
@click.option(
    "-o", "--output", default="out", show_default=True, metavar="FOLDER", help="Where the datasets go; documents already there stay. 输出文件夹"
)
@click.option(
    "--schemas", "folder", type=click.Path(exists=True, file_okay=False), help="Use these schema files instead of the built-in ones. 版式文件夹"
)
@click.option("--reader", "reader_name", type=click.Choice(READERS), default=DEFAULT_READER, show_default=True, help="How pages are read. 读取引擎")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON. 以 JSON 输出结果")
@click.option("--review/--no-review", default=True, show_default=True, help="Write pages to look at, with pictures. 是否写出核查页")
@click.option("--strict", is_flag=True, help="Fail unless every document is verified. 未全部核验则失败")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of messages; by locale if not given. 提示语言")
def run(
    sources: Sequence[str], output: str, folder: str | None, reader_name: str, as_json: bool, review: bool, strict: bool, lang: str | None
) -> None:
    """Read budget disclosures and write what they say as Parquet and CSV, every stated total checked.

    把部门预算公开 PDF 变成可核验的数据集。

    \b
    extract report.pdf -o out/         one report 单个文件
    extract reports/ -o out/           a folder of years 整个文件夹
    curl … | extract - -o out/         from a pipe 标准输入
    extract report.pdf --json          for other programs 供其他程序读取
    """
    choose_language(lang)
    done = _work(sources, output, folder, reader_name, review)
    _tell(done, as_json)
    error = next((report.error for report in done.reports if report.error), None)
    if error:
        sys.exit(error.exit_code)
    unverified = [report for report in done.reports if report.status != "verified"]
    if strict and unverified:
        raise NotVerifiedError("not_verified", count=len(unverified))


def _work(sources: Sequence[str], output: str, folder: str | None, reader_name: str, review: bool) -> "Run":
    from extract.batch import find_sources, read_all
    from extract.pipeline import Knowledge
    from extract.readers import reader
    from extract.schema_files import load
    from extract.summary import Run
    from extract.writers.folder import check_writable, write_outcomes

    knowledge = Knowledge(load(Path(folder) if folder else None))
    found = find_sources(sources)
    check_writable(Path(output))
    with ExitStack() as stack:
        page_done = _progress(stack, len(found)) if sys.stderr.isatty() else None
        outcomes = []
        for outcome in read_all(found, reader(reader_name), knowledge, page_done, review=review):
            outcomes.append(outcome)
            if outcome.report.error:
                click.echo(f"{printable(outcome.report.source)}: {outcome.report.error}", err=True)
    between = write_outcomes(Path(output), knowledge.schemas, outcomes)
    return Run(output, knowledge.schemas, [outcome.report for outcome in outcomes], between)


def _progress(stack: ExitStack, count: int) -> Callable[[str, int, int], None]:
    """A bar over documents and one over the pages of the current one."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from extract.console import stderr

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    progress = stack.enter_context(Progress(*columns, console=stderr(), transient=True))
    documents = progress.add_task(message("documents"), total=count)
    pages = progress.add_task("", total=None)

    def page_done(source: str, page: int, total: int) -> None:
        progress.update(pages, description=Path(source).name, completed=page, total=total)
        if page == total:
            progress.advance(documents)

    return page_done


def _tell(run: "Run", as_json: bool) -> None:
    """The summary as JSON if that is asked for, and for a person on a terminal; nothing in a pipe."""
    if as_json:
        from extract.summary import as_data

        click.echo(json.dumps(as_data(run), ensure_ascii=False, indent=2))
    if sys.stderr.isatty():
        from extract.console import show_summary

        show_summary(run, SHOWN_FAILURES)


@cli.command("coverage")
@click.argument("out", type=click.Path(path_type=Path), metavar="FOLDER")
@click.option("--uncovered", is_flag=True, help="List the amounts that no check reads, with their pages. 列出未被校验的金额")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of messages; by locale if not given. 提示语言")
def show_coverage(out: Path, uncovered: bool, lang: str | None) -> None:
    """Tell for each document of an output folder how many of its amounts a check reads 各文档有多少金额受到校验."""
    from extract.writers.coverage import coverage

    choose_language(lang)
    found = coverage(out)
    for document in dict.fromkeys(one.document_id for one in found):
        own = [one for one in found if one.document_id == document]
        click.echo(_share(f"{own[0].agency_name} {own[0].fiscal_year}", sum(one.covered for one in own), sum(one.cells for one in own)))
        for one in own:
            click.echo(_share(f"  {one.dataset}", one.covered, one.cells))
            for cell in one.uncovered if uncovered else ():
                click.echo(f"    p{cell['page']} {cell['row']} {cell['column']} {cell['item'] or ''}: {cell['printed']}")


def _share(name: str, covered: int, cells: int) -> str:
    return f"{covered:>6}/{cells:<6} {100 * covered / cells:6.1f} %  {name}"


@cli.command("schemas")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False))
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of messages; by locale if not given. 提示语言")
def list_schemas(folder: str | None, lang: str | None) -> None:
    """Validate schema files and list their layouts, datasets and rules 检查并列出版式、数据集与规则."""
    from extract.schema_files import builtin, load

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


@cli.command("review")
@click.argument("output", default="out", metavar="FOLDER")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of messages; by locale if not given. 提示语言")
def open_review(output: str, lang: str | None) -> None:
    """Open the review pages of an output folder in the browser 打开核查页."""
    import webbrowser

    choose_language(lang)
    index = Path(output, "review", "index.html").resolve()
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
