"""Draws docs/summary.svg: what a person sees after a run over the samples."""

from pathlib import Path

from rich.console import Console

from extract import console
from extract.batch import find_sources, read_all
from extract.messages import choose_language
from extract.pipeline import Knowledge
from extract.readers import DEFAULT_READER, reader
from extract.schema_files import load
from extract.summary import Run

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Writes the picture beside this file."""
    choose_language("en")
    recorder = Console(record=True, width=150, file=Path("/dev/null").open("w"))  # noqa: SIM115
    console.stderr = lambda: recorder
    knowledge = Knowledge(load())
    reports = [outcome.report for outcome in read_all(find_sources([str(ROOT / "samples")]), reader(DEFAULT_READER), knowledge)]
    console.show_summary(Run("out/", knowledge.schemas, reports, {}), 10)
    recorder.save_svg(str(ROOT / "docs" / "summary.svg"), title="extract samples -o out/")


if __name__ == "__main__":
    main()
