"""`extract explain`, `extract schemas test`: why tables are named as they are, and what a folder of words changes."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from extract.cli.documents import Opened, opened
from extract.cli.streams import is_unicode, say
from extract.messages import message
from extract.model.report import AMOUNTS
from extract.text import visible, visible_name

if TYPE_CHECKING:
    from extract.document.explanation import ColumnWhy, TableWhy
    from extract.model.report import Report, Table
    from extract.schemas.vocabulary import Vocabulary


def explain(document: Opened, draft: str | None) -> None:
    """Prints why each table of a PDF is named as it is, or not; writes what a person completes to `draft`."""
    from extract.document.explanation import explained

    report, knowledge = document.report, document.knowledge
    tables = explained(report, knowledge)
    for table in tables:
        for line in _lines(table):
            say(visible(line))
    open_tables = [table for table in tables if not table.is_settled]
    say(message("explain_summary", count=len(tables), open=len(open_tables)))
    if draft:
        Path(draft).parent.mkdir(parents=True, exist_ok=True)
        words = _draft(visible_name(report.source), open_tables, knowledge.schemas.vocabulary)
        Path(draft).write_text("\n".join(words) + "\n", encoding="utf-8")
        say(message("explain_draft", path=draft, folder=Path(draft).parent))


def _lines(table: "TableWhy") -> Iterator[str]:
    mark = "+" if table.is_settled else "?"
    yield message(
        "explain_table",
        mark=mark,
        number=table.number,
        page=table.page,
        title=table.title or message("explain_no_title"),
        concept=table.concept or "?",
        dataset=table.dataset or "?",
    )
    for column in table.columns:
        if column.words:
            yield f"      {_heading(column)} → {column.field or ('' if column.is_settled else '?')}"
    for need in _needs(table):
        yield f"    ! {need}"


def _heading(column: "ColumnWhy") -> str:
    return " / ".join(f"{word.text} [{word.meaning or '?'}]" for word in column.words)


def _needs(table: "TableWhy") -> Iterator[str]:
    """What would have to be known."""
    if table.is_settled:
        return
    if table.unknown:
        yield message("explain_title_unknown", word=table.unknown)
    elif table.title is None:
        yield message("explain_title_missing")
    for word, amounts in table.unknown_words:
        yield message("explain_amount_unknown" if amounts else "explain_word_unknown", word=word)
    if not table.unknown and table.concept and not table.unknown_words:
        yield message("explain_no_field" if table.dataset else "explain_no_dataset")


def _draft(source: str, tables: "Sequence[TableWhy]", vocabulary: "Vocabulary") -> Iterator[str]:
    """The words that are not known as a vocabulary.toml: each is to be given to a list and its line to be freed. What
    lists there are is told with the first word of each.
    """
    yield f"# {source}"
    yield f"# {message('draft_how')}"
    pieces = list(dict.fromkeys(table.unknown for table in tables if table.unknown))
    words = {word: above for table in tables for word, above in table.unknown_words}
    if pieces:
        yield f"\n[title]\n# {message('draft_nothing')}"
        yield from (f"# nothing = [{_quoted(word)}]" for word in pieces)
    sections = (
        ("title.words", pieces, vocabulary.title.words, "draft_titles"),
        (
            "header.measures",
            [word for word, above in words.items() if above],
            vocabulary.header.measures,
            "draft_amounts",
        ),
        ("header.stubs", [word for word, above in words.items() if not above], vocabulary.header.stubs, "draft_stubs"),
    )
    for section, unknown, lists, how in sections:
        if unknown:
            yield f"\n[{section}]"
            yield f"# {message(how, lists=', '.join(f'{name} {known[0]}' for name, known in lists.items() if known))}"
            yield from (f"# ? = [{_quoted(word)}]" for word in unknown)


def _quoted(word: str) -> str:
    return json.dumps(word, ensure_ascii=not is_unicode())


def compare_words(folder: str, paths: Iterable[str], password: str | None) -> None:
    """Prints for each PDF what the words of a folder gain and lose against the built-in ones."""
    total: Counter[str] = Counter()
    for path in paths:
        before, after = (opened(path, words, password).report for words in (None, folder))
        lines = list(_differences(before, after))
        total.update(mark for mark, _ in lines)
        say(visible_name(path))
        say(f"    {message(f'status_{before.status}')} → {message(f'status_{after.status}')}")
        for mark, line in lines:
            say(visible(f"  {mark} {line}"))
    say(message("words_tested", gains=total["+"], losses=total["-"]))


def _by_place(report: "Report") -> "Iterator[tuple[tuple[int, int], Table]]":
    """The tables of a document by the page where they begin and their turn there."""
    turns: Counter[int] = Counter()
    for table in report.tables:
        turns[table.first_page] += 1
        yield (table.first_page, turns[table.first_page]), table


def _differences(before: "Report", after: "Report") -> Iterator[tuple[str, str]]:
    """What is gained (+) and lost (-): names of tables, columns, rows and checks."""
    known = dict(_by_place(before))
    for place, now in _by_place(after):
        was = known.get(place)
        if was is None or was.dataset == now.dataset:
            continue
        told = message(
            "words_table",
            page=now.first_page,
            title=now.title or now.heading or "",
            was=was.dataset or "?",
            now=now.dataset or "?",
        )
        yield "+" if was.dataset in (None, AMOUNTS) else "-", told
    yield from _cells(before, after)
    was_failing, now_failing = (
        {(one.rule, one.dataset, one.row) for one in report.checks if one.verdict == "fail"}
        for report in (before, after)
    )
    for rule, *_ in sorted(now_failing - was_failing, key=str):
        yield "-", message("words_check", rule=rule)


def _cells(before: "Report", after: "Report") -> Iterator[tuple[str, str]]:
    """Cells that datasets gain and lose. What leaves `AMOUNTS` for a dataset of its own is told as that one's gain."""
    counts = {
        name: tuple(sum(len(row.values) for row in one.rows.get(name, ())) for one in (before, after))
        for name in sorted({*before.rows, *after.rows})
    }
    gained = any(now > was for name, (was, now) in counts.items() if name != AMOUNTS)
    for name, (was, now) in counts.items():
        if was != now and not (name == AMOUNTS and now < was and gained):
            yield "+" if now > was else "-", message("words_cells", dataset=name, was=was, now=now)
