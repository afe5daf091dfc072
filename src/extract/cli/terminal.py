"""What a person sees on a terminal: how far a run is, a table of the documents, and where checks fail."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from extract.amounts import written
from extract.document.summary import Summary
from extract.messages import language, message
from extract.model.report import MADE
from extract.runs.batch import Run
from extract.schemas.grammar import Schemas
from extract.text import visible, visible_name

SHOWN_FAILURES = 10  # of one document
SHOWN_DOCUMENTS = 40  # of a run; of more, only those that are not verified
_COLOURS = {"verified": "green", "failed": "red", "unverified": "yellow", "unrecognised": "yellow", "unreadable": "red"}


def stderr() -> Console:
    return Console(stderr=True)


class _Rate(ProgressColumn):
    """Documents a second."""

    def render(self, task: Task) -> Text:
        return Text("" if task.speed is None else f"{task.speed:.1f}/s")


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int], None]]:
    """A bar that is gone afterwards, moved by how many are read of how many. It begins when it is first moved: its
    thread would stand in the way of processes that are copies of this one.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    progress = Progress(*columns, console=stderr(), transient=True)
    documents = progress.add_task(message("documents"), total=None)

    def show(count: int, total: int) -> None:
        progress.start()
        told = message("documents" if count < total else "writing")
        progress.update(documents, description=told, completed=count, total=total)

    try:
        yield show
    finally:
        progress.stop()


def show_summary(run: Run) -> None:
    """One line a document, then its failing checks with their pages."""
    console = stderr()
    documents = run.documents
    if len(documents) > SHOWN_DOCUMENTS:
        console.print(_counts(documents))
        documents = [one for one in documents if one["status"] != "verified"]
    shown = documents[:SHOWN_DOCUMENTS]
    if shown:
        console.print(_table(shown))
    if len(documents) > len(shown):
        console.print(message("more_documents", count=len(documents) - len(shown)))
    for one in shown:
        _show_failures(console, one, run.schemas)
    _show_between(console, run)
    for duplicate in run.duplicates:
        console.print(_plain(message("same_content", **duplicate.told())), highlight=False)
    console.print(_plain(message("written", path=run.output)))


def _counts(documents: Sequence[Summary]) -> str:
    counts = Counter(one["status"] for one in documents)
    return ", ".join(f"{message(f'status_{status}')} {count}" for status, count in counts.most_common())


def _table(documents: Sequence[Summary]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("document", "status", "pages", "tables", "rows", "exact", "rounding", "fail", "other"):
        table.add_column(
            message(f"column_{heading}"),
            justify="left" if heading in ("document", "status") else "right",
            overflow="fold",
        )
    for one in documents:
        recognised, tables, verdicts = one["tables_recognised"], one["tables"], one["checks"]
        table.add_row(
            _name(one),
            f"[{_COLOURS[one['status']]}]{message('status_' + one['status'])}[/]",
            str(one["pages"]),
            str(tables) if recognised == tables else f"{recognised}/{tables}",
            str(one["rows"]),
            *(str(verdicts[verdict]) for verdict in MADE),
            str(sum(verdicts.values()) - sum(verdicts[verdict] for verdict in MADE)),
        )
    return table


def _show_between(console: Console, run: Run) -> None:
    failed = [check for check in run.between() if check["verdict"] == "fail"]
    for source, checks in groupby(failed[:SHOWN_FAILURES], lambda check: check["source"]):
        console.print(f"\n[bold]{message('between_documents', name=_name({'source': source}))}[/]")
        for check in checks:
            _show_failure(console, check, run.schemas)
    if len(failed) > SHOWN_FAILURES:
        console.print(message("more_failures", count=len(failed) - SHOWN_FAILURES))


def _show_failures(console: Console, told: Summary, schemas: Schemas) -> None:
    failures = told["failures"]
    if not failures:
        return
    console.print(f"\n[bold]{_name(told)}[/]")
    for one in told["suspects"]:
        place = f"{one['dataset']} {one['row']} {one['column']}"
        text = message(
            "suspect", printed=one["printed"], would_be=written(Decimal(one["would_be"])), count=one["explains"]
        )
        console.print(f"  [yellow]p{one['page']}[/] {_plain(f'{place}: {text}')}", highlight=False)
    for check in failures[:SHOWN_FAILURES]:
        _show_failure(console, check, schemas)
    if len(failures) > SHOWN_FAILURES:
        console.print(message("more_failures", count=len(failures) - SHOWN_FAILURES))


def _show_failure(console: Console, check: Summary, schemas: Schemas) -> None:
    rule = next(rule for rule in schemas.rules if rule.code == check["rule"])
    numbers = {
        name: "–" if check[name] is None else written(Decimal(check[name]))
        for name in ("stated", "computed", "difference")
    }
    text = message("failure", rule=rule.zh if language() == "zh" else rule.en, **numbers)
    cause = f" ({message('cause_' + check['cause'])})" if check["cause"] else ""
    told = f"{check['dataset']} {check['row'] or ''} {check['column']}: {text}{cause}"
    console.print(f"  [red]p{check['page']}[/] {_plain(told)}", highlight=False)


def _name(document: Summary) -> str:
    """The name of a document's file, as text that is neither markup nor steers the terminal."""
    return escape(visible_name(Path(document["source"]).name))


def _plain(text: str) -> str:
    return escape(visible(text))
