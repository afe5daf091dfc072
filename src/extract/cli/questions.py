"""The commands that answer with rows what a person asks of out/."""

import click

from extract.cli.app import common
from extract.cli.help import Command
from extract.cli.listing import listed, show


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
