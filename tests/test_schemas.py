"""The schema files: the built-in ones are sound, and faulty ones are told all at once."""

import runpy
import shutil
from pathlib import Path

import pytest
from conftest import ROOT

from extract.document.pipeline import Knowledge
from extract.errors import SchemaError
from extract.schemas.grammar import Schemas
from extract.schemas.load import builtin, load
from extract.tables.recognise import KnownTable


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "schemas"
    shutil.copytree(builtin(), folder)
    return folder


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_fault_of_every_file_is_told_with_its_place(copied: Path) -> None:
    edit(copied / "layouts" / "yantai.toml", 'dataset = "revenue"', 'dataset = "revenu"')
    edit(copied / "layouts" / "yantai.toml", "['科目名称', 'exp_func_name']", "['科目名称', 'exp_func_nam']")
    edit(copied / "layouts" / "suzhou.toml", "title = '收入总表'", "title = '(收入总表'")
    edit(copied / "rules.toml", 'kind = "tree"', 'kind = "trees"')
    edit(copied / "datasets.toml", 'label = "item"', 'label = "itme"')
    edit(copied / "measures.toml", 'column = "basic"', 'column = "basics"')
    edit(copied / "measures.toml", 'measures = ["three_public"]', 'measures = ["three_republics"]')
    with pytest.raises(SchemaError) as caught:
        load(copied)
    told = str(caught.value)
    for place in (
        "yantai.toml: table[1]",
        "'revenu'",
        "'exp_func_nam'",
        "suzhou.toml: table[1].title",
        "rules.toml: rule[",
        "dataset.revenue_and_expenditure.label",
        "measures.toml: measure basic: expenditure has no column 'basics'",
        "measures.toml: chart Three public expenses: no measure 'three_republics'",
    ):
        assert place in told
    assert caught.value.exit_code == 8


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "columns = [['收入/项目', 'item'], ['收入/预算数', 'amount']]",
            "columns = [['收入/项目', 'item', 'maybe']]",
            "only 'optional'",
        ),
        ('"funds"]', '"fund"]', "no column group 'fund'"),
        ("note = '（?注:.+'", "note = '（?注:.+'\ncolour = 'red'", "caption.colour"),
        ("(?P<unit>元|千元|万元|亿元)'\nnote", "(元|千元|万元|亿元)'\nnote", "needs the group"),
        ("set = { side", "set = { sight", "has no column 'sight'"),
    ],
)
def test_a_fault_is_told(copied: Path, old: str, new: str, told: str) -> None:
    edit(copied / "layouts" / "yantai.toml", old, new)
    with pytest.raises(SchemaError, match=told.replace("[", r"\[")):
        load(copied)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('stated = "total"', 'stated = "totals"', "has no column 'totals'"),
        (
            'parts = ["personnel", "office"]',
            'parts = ["personnel", "offices"]',
            "none of its datasets has a column 'offices'",
        ),
        ("identity = ", "identify = ", "identity: Field required"),
        ('dataset = "revenue"', 'dataset = "revenu"', "no dataset 'revenu'"),
    ],
)
def test_a_fault_of_a_rule_is_told(copied: Path, old: str, new: str, told: str) -> None:
    edit(copied / "rules.toml", old, new)
    with pytest.raises(SchemaError, match=told):
        load(copied)


def test_a_missing_file_and_broken_toml_are_told(copied: Path) -> None:
    (copied / "rules.toml").unlink()
    (copied / "conventions.toml").write_text("[units", encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        load(copied)
    assert len(caught.value.faults) == 2
    assert "rules.toml" in str(caught.value)
    assert "conventions.toml" in str(caught.value)


def test_the_digest_changes_with_any_file(copied: Path, schemas: Schemas) -> None:
    assert load(copied).digest == schemas.digest
    edit(copied / "layouts" / "suzhou.toml", "# 公开", "# the 公开")
    assert load(copied).digest != schemas.digest


def test_no_two_tables_of_a_layout_share_a_title(schemas: Schemas) -> None:
    for layout in schemas.layouts:
        titles = [table.title.pattern for table in layout.table] + [form.title.pattern for form in layout.form]
        assert len(titles) == len(set(titles))


def test_every_header_path_of_a_table_is_claimed_in_declared_order(schemas: Schemas) -> None:
    """A pattern wide enough to take an earlier column's header would shift amounts into the wrong column."""
    for known in (known for known in Knowledge(schemas).titles.tables if isinstance(known, KnownTable)):
        for block, columns in enumerate(known.blocks):
            for index, column in enumerate(columns):
                plain = column.header.pattern.replace("(资金来源/)?", "")
                if any(sign in plain for sign in "()|?+*[\\"):
                    continue
                assert any((b, i) == (block, index) for b, i, _ in known.claims(plain)), (
                    known.table.title.pattern,
                    plain,
                )


def test_every_table_dataset_is_checked_by_some_rule(schemas: Schemas) -> None:
    checked = {name for rule in schemas.rules for name in rule.about()}
    with_money = {
        name for name, dataset in schemas.datasets.items() if dataset.kind in ("table", "form") and dataset.money()
    } - {"amounts"}  # of columns that no other dataset holds: what they owe each other is not known
    assert with_money <= checked


@pytest.mark.parametrize("name", ["checks", "outputs"])
def test_a_page_made_from_the_schemas_is_up_to_date(name: str, schemas: Schemas) -> None:
    page = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    assert page == runpy.run_path(str(ROOT / "docs" / f"{name}.py"))["text"](schemas), f"run python docs/{name}.py"
