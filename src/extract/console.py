"""What a person sees on a terminal: a table of the documents, and where checks fail."""

from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.table import Table

from extract.amounts import written
from extract.messages import language, message
from extract.model import Check, Report
from extract.schemas import Schemas
from extract.summary import Run
from extract.suspects import suspects

_COLOURS = {"verified": "green", "failed": "red", "unverified": "yellow", "unrecognised": "yellow", "unreadable": "red"}


def stderr() -> Console:
    return Console(stderr=True)


def show_summary(run: Run, shown_failures: int) -> None:
    """One line a document, then its failing checks with their pages."""
    console = stderr()
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("document", "status", "pages", "tables", "rows", "exact", "rounding", "fail", "other"):
        table.add_column(message(f"column_{heading}"), justify="left" if heading in ("document", "status") else "right", overflow="fold")
    for report in run.reports:
        verdicts = [check.verdict for check in report.checks]
        recognised = sum(one.dataset is not None for one in report.tables)
        colour = _COLOURS[report.status]
        table.add_row(
            Path(report.source).name,
            f"[{colour}]{message(f'status_{report.status}')}[/]",
            str(report.pages),
            str(recognised) if recognised == len(report.tables) else f"{recognised}/{len(report.tables)}",
            str(sum(map(len, report.rows.values()))),
            *(str(verdicts.count(verdict)) for verdict in ("exact", "rounding", "fail")),
            str(verdicts.count("not_applicable") + verdicts.count("no_evidence")),
        )
    console.print(table)
    for report in run.reports:
        _show_failures(console, report, run.schemas, shown_failures)
    _show_between(console, run, shown_failures)
    console.print(message("written", path=run.output))


def _show_between(console: Console, run: Run, shown: int) -> None:
    failed = [(report, check) for report, check in run.between_documents() if check.verdict == "fail"]
    for report, checks in groupby(failed[:shown], key=lambda one: one[0]):
        console.print(f"\n[bold]{message('between_documents', name=Path(report.source).name)}[/]")
        for _, check in checks:
            _show_failure(console, check, run.schemas)
    if len(failed) > shown:
        console.print(message("more_failures", count=len(failed) - shown))


def _show_failures(console: Console, report: Report, schemas: Schemas, shown: int) -> None:
    failures = [check for check in report.checks if check.verdict == "fail"]
    if not failures:
        return
    console.print(f"\n[bold]{Path(report.source).name}[/]")
    for one in suspects(report):
        place = f"{one.fact.dataset} {one.fact.row} {one.fact.column}"
        told = message("suspect", printed=one.fact.origin.printed, would_be=written(one.would_be), count=len(one.explains))
        console.print(f"  [yellow]p{one.fact.origin.page}[/] {place}: {told}", highlight=False)
    for check in failures[:shown]:
        _show_failure(console, check, schemas)
    if len(failures) > shown:
        console.print(message("more_failures", count=len(failures) - shown))


def _show_failure(console: Console, check: Check, schemas: Schemas) -> None:
    rule = next(rule for rule in schemas.rules if rule.code == check.rule)
    numbers = {name: "–" if value is None else written(value) for name, value in zip(("stated", "computed", "difference"), check[4:7], strict=True)}
    told = message("failure", rule=rule.zh if language() == "zh" else rule.en, **numbers)
    cause = f" ({message(f'cause_{check.cause}')})" if check.cause else ""
    console.print(f"  [red]p{check.page}[/] {check.dataset} {check.row or ''} {check.column}: {told}{cause}", highlight=False)
