"""Every printed table as it is printed, known or not."""

from decimal import Decimal
from pathlib import Path

from conftest import SAMPLES

import extract
from extract.schemas.load import load


def test_each_printed_cell_stands_where_it_is_printed_with_its_amount() -> None:
    cells = extract.read(SAMPLES[0]).arrow("printed_cells").to_pylist()
    first = {(one["row"], one["column"]): one for one in cells if one["table"] == 1}
    assert (first[1, 1]["text"], first[1, 1]["column_end"], first[1, 1]["is_header"]) == ("收入", 2, True)
    assert (first[3, 2]["text"], first[3, 2]["amount"]) == ("2478.91", Decimal("2478.91"))
    assert not first[3, 2]["is_header"]
    assert first[3, 1]["amount"] is None
    assert len(first) == sum(one["table"] == 1 for one in cells)  # the rows run on through the pages


def test_documents_count_the_tables_that_are_known_in_part_or_not() -> None:
    [document] = extract.read(SAMPLES[0]).arrow("documents").to_pylist()
    assert (document["tables_partial"], document["tables_unknown"]) == (0, 0)


def test_an_overlay_adds_a_word_without_repeating_the_list(tmp_path: Path) -> None:
    (tmp_path / "vocabulary.toml").write_text('[header.measures]\nbasic = ["日常支出"]\n', encoding="utf-8")
    words = load(tmp_path).vocabulary.header.measures["basic"]
    assert words == [*load().vocabulary.header.measures["basic"], "日常支出"]
