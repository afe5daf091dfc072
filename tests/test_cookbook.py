"""docs/cookbook.md: its examples run and print what it says, and its steps name columns and sheets that there are."""

import re
import runpy

import pandas as pd
from conftest import ROOT

from extract.schemas.grammar import Schemas

PAGE = (ROOT / "docs" / "cookbook.md").read_text(encoding="utf-8")


def test_the_examples_print_what_the_page_says() -> None:
    with pd.option_context("display.unicode.east_asian_width", False, "display.width", 80, "display.max_columns", 0):
        assert runpy.run_path(str(ROOT / "docs" / "cookbook.py"))["text"](PAGE) == PAGE, "run python docs/cookbook.py"


def test_there_are_examples_with_outputs_in_every_language() -> None:
    examples = re.findall(r"^```(sh|python|sql)$", PAGE, re.MULTILINE)
    assert {"sh", "python", "sql"} == set(examples)
    assert PAGE.count("```text") >= len(examples) - 1


def test_steps_name_columns_and_sheets_that_there_are(schemas: Schemas) -> None:
    steps = PAGE[PAGE.index("## Excel and WPS") :]
    named = set(re.findall("「(.+?)」", steps)) - {"类"}
    known = {dataset.zh for dataset in schemas.datasets.values()} | {
        field.zh for one in schemas.datasets.values() for field in one.columns.values()
    }
    assert named <= known
