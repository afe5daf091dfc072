"""Failing checks for which the file's text layer may be to blame, and not what people see printed."""

from dataclasses import replace

from extract.messages import sentence
from extract.model.report import Check, Report, Table

DOUBTED = ("hidden-text", "garbled-text")  # findings that speak against the text of their page


def with_doubted_text(report: Report) -> Report:
    """The report with the cause `text_layer` where readers agree on numbers of a page whose text is in doubt: they all
    read the same text layer.
    """
    doubted = {check.page for check in report.checks if check.rule in DOUBTED and check.page}
    if not doubted:
        return report
    numbers = report.numbers()

    def judged(check: Check) -> Check:
        pages = {numbers[name].origin.page for name in check.facts if name in numbers}
        if check.stated is None:  # what it misses may be what nobody sees
            pages |= {page for table in report.tables if table.dataset == check.dataset for page in _pages(table)}
        pages &= doubted
        if check.verdict != "fail" or check.cause != "document" or not pages:
            return check
        said = sentence("check_text_layer", check=check.message, page=min(pages))
        return check._replace(cause="text_layer", message=said)

    return replace(report, checks=tuple(map(judged, report.checks)))


def _pages(table: Table) -> range:
    return range(table.first_page, table.last_page + 1)
