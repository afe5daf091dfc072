"""The commands that answer with rows what a person asks of out/."""

import sys
from pathlib import Path

import click

from extract.cli.app import common, option
from extract.cli.documents import reading_options
from extract.cli.help import Command
from extract.cli.listing import chosen, listed, show
from extract.cli.streams import say
from extract.messages import message


@click.command("sql", cls=Command)
@click.argument("output", metavar="FOLDER")
@click.argument("question", required=False, metavar="[SQL]")
@listed
@common
def sql(output: str, question: str | None, listing_form: str | None, answer_file: str | None) -> None:
    """A question to the datasets in SQL."""
    from extract.answers.sql import answer
    from extract.out.datapackage import PACKAGE
    from extract.stores.working_copy import reading

    with reading(output, PACKAGE, "parquet") as out:
        show(answer(out, question), listing_form, answer_file)


@click.command("diff", cls=Command)
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@listed
@reading_options
@common
def diff(
    before: str,
    after: str,
    listing_form: str | None,
    answer_file: str | None,
    folder: str | None,
    password: str | None,
) -> None:
    """What changed between two output folders or two editions of a document; ends with 1 if anything did."""
    from extract.answers.answer import Answer
    from extract.answers.diff import Change
    from extract.cli.differing import differences, lines

    found = differences(before, after, folder, password)
    if answer_file or chosen(listing_form) != "table":
        show(Answer(Change._fields, found), listing_form, answer_file)
    else:
        for line in lines(found):
            say(line)
    sys.exit(bool(found))


@click.command("ledger", cls=Command)
@click.argument("output", metavar="FOLDER")
@click.argument("agencies", required=False, type=click.Path(exists=True, dir_okay=False), metavar="[AGENCIES.csv]")
@option("--template", is_flag=True)
@listed
@common
def ledger(
    output: str, agencies: str | None, template: bool, listing_form: str | None, answer_file: str | None
) -> None:
    """Which agency has which year and tables, what is missing and since when."""
    from extract.answers import ledger as made
    from extract.out.datapackage import PACKAGE
    from extract.schemas.load import load
    from extract.stores.working_copy import reading

    schemas = load()
    with reading(output, PACKAGE, "parquet") as out:
        if template:
            answer = made.template(out, schemas)
        else:
            answer = made.ledger(out, schemas, made.read_agencies(Path(agencies)) if agencies else None)
    headings = {name: message(f"column_{name}") for name in answer.names}
    statuses = (*schemas.datasets["documents"].columns["status"].values, made.MISSING)
    words = {"status": {status: message(f"status_{status}") for status in statuses}}
    show(answer, listing_form, answer_file, headings, words)
