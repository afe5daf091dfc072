"""The command that writes an output folder as single files."""

from pathlib import Path

from extract.cli.streams import say
from extract.messages import message
from extract.out.datapackage import PACKAGE
from extract.out.layout import FOLDER
from extract.runs.exporting import export
from extract.schemas.load import load
from extract.stores.working_copy import reading
from extract.text import visible


def export_folder(output: str, target: Path, folder: str | None) -> None:
    """Writes the files and tells where."""
    with reading(output, PACKAGE, FOLDER) as out:
        count = export(out, target, load(Path(folder) if folder else None))
    say(visible(message("exported", path=target, count=count)))
