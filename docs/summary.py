"""Draws docs/summary.svg: what a person sees after a run over the samples."""

from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from extract import console
from extract.batch import Batch, Run
from extract.executors import same_thread
from extract.jobs import Recipe
from extract.messages import choose_language
from extract.pipeline import Knowledge
from extract.readers import DEFAULT_READER, reader
from extract.schema_files import load
from extract.sources import find_sources, identified

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Writes the picture beside this file."""
    choose_language("en")
    recorder = Console(record=True, width=150, file=Path("/dev/null").open("w"))  # noqa: SIM115
    console.stderr = lambda: recorder
    schemas = load()
    sources, duplicates = identified(find_sources([str(ROOT / "samples")]))
    with TemporaryDirectory() as folder, chdir(folder):
        Path("out").mkdir()
        batch = Batch(Path("out"), Recipe(reader(DEFAULT_READER), Knowledge(schemas), False), same_thread, "")
        documents = batch.run(sources, lambda _count, _total: None)
        console.show_summary(Run("out/", schemas, documents, duplicates))
    recorder.save_svg(str(ROOT / "docs" / "summary.svg"), title="extract samples -o out/")


if __name__ == "__main__":
    main()
