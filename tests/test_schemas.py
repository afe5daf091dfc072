"""The schema files: the built-in ones are sound, and faulty ones are told all at once."""

import runpy
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

from extract.errors import SchemaError
from extract.messages import choose_language
from extract.schemas.grammar import Schemas
from extract.schemas.load import changes, load
from extract.schemas.source import builtin
from extract.text import compared, pattern


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    choose_language("en")
    yield
    choose_language(None)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "schemas"
    shutil.copytree(builtin(), folder)
    return folder


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def file_and_line(told: str, path: Path, written: str) -> bool:
    """Whether a fault names the file and a line not far from where something is written."""
    place, _, line = told.strip().partition(": ")[0].rpartition(":")
    lines = [number for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if written in text]
    return place == str(path) and any(abs(int(line) - number) <= 3 for number in lines)


def test_every_fault_of_every_file_is_told_with_its_place(copied: Path) -> None:
    edit(copied / "vocabulary.toml", 'dataset = "revenue"', 'dataset = "revenu"')
    edit(copied / "places" / "wuxi.toml", "agencies = [", "agencie = [")
    edit(copied / "rules.toml", 'kind = "tree"', 'kind = "trees"')
    edit(copied / "datasets.toml", 'label = "item"', 'label = "itme"')
    edit(copied / "measures.toml", 'column = "basic"', 'column = "basics"')
    edit(copied / "measures.toml", 'measures = ["three_public"]', 'measures = ["three_republics"]')
    with pytest.raises(SchemaError) as caught:
        load(copied)
    told = str(caught.value)
    for name, written, fault in (
        ("vocabulary.toml", 'dataset = "revenu"', "there is no dataset 'revenu'"),
        ("places/wuxi.toml", "agencie = [", "agencie: there is no such key"),
        ("rules.toml", 'kind = "trees"', ": "),
        ("datasets.toml", 'label = "itme"', "dataset.revenue_and_expenditure.label: 'itme' is not one of its fields"),
        ("measures.toml", 'code = "basic"', "measure basic: expenditure has no column 'basics'"),
        ("measures.toml", 'en = "Three public expenses"', "chart Three public expenses: there is no measure"),
    ):
        assert any(fault in line and file_and_line(line, copied / name, written) for line in told.splitlines()), fault
    assert caught.value.exit_code == 8


def test_broken_toml_is_told(copied: Path) -> None:
    (copied / "rules.toml").write_bytes(b"\xff")
    (copied / "conventions.toml").write_text("[units", encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        load(copied)
    assert len(caught.value.faults) == 2
    assert "rules.toml" in str(caught.value)
    assert "conventions.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("file", "written", "told"),
    [
        (
            "measures.toml",
            "[[measure]]\ncode = 'x'\nzh = 'x'\nen = 'x'\nsources = "
            "[{ dataset = 'revenue', rows = '(', column = 'total' }]",
            "x.toml",
        ),
        ("statements.toml", "money = ['两']", "nobody declares the unit '两'"),
        (
            "datasets.toml",
            "[fields.x]\ntype = 'code'\nzh = 'x'\nen = 'x'\nname = 'nothing'",
            "no field or group 'nothing'",
        ),
        ("datasets.toml", "[dataset.revenue]\nfields = ['nothing']", "no field or group 'nothing'"),
        ("datasets.toml", "[dataset.documents]\nfields = ['source', 'remark']", "nothing fills the column 'remark'"),
        ("measures.toml", "[[measure]]\ncode = 'revenue'\nzh = '收入'", "measure revenue, en: this must be there"),
    ],
)
def test_what_would_fail_later_is_refused_with_its_line(tmp_path: Path, file: str, written: str, told: str) -> None:
    (tmp_path / file).write_text(written, encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        load(tmp_path)
    [fault] = [one for one in caught.value.faults if one.startswith(f"{tmp_path / file}:")][:1]
    assert told.replace("x.toml", "not a regular expression") in fault


def test_faults_are_told_in_the_language_of_the_run(tmp_path: Path) -> None:
    (tmp_path / "statements.toml").write_text("money = ['两']", encoding="utf-8")
    choose_language("zh")
    with pytest.raises(SchemaError, match=r"statements\.toml:1: money: 没有声明单位 两"):
        load(tmp_path)


def test_a_folder_is_laid_over_the_built_in_one(tmp_path: Path, schemas: Schemas) -> None:
    assert load(tmp_path).digest == schemas.digest
    assert changes(tmp_path) == []
    (tmp_path / "measures.toml").write_text(
        "[[measure]]\ncode = 'project'\nzh = '项目'\nen = 'Projects'\n"
        "sources = [{ dataset = 'expenditure', rows = 'total', column = 'project' }]\n"
        "[[measure]]\ncode = 'mine'\nzh = '我的'\nen = 'Mine'\n"
        "sources = [{ dataset = 'revenue', rows = 'total', column = 'total' }]\n",
        encoding="utf-8",
    )
    laid = load(tmp_path)
    assert [one.code for one in laid.measures] == [*(one.code for one in schemas.measures), "mine"]
    assert {one.code: one.en for one in laid.measures}["project"] == "Projects"
    assert (laid.rules, laid.datasets) == (schemas.rules, schemas.datasets)
    assert laid.digest != schemas.digest
    assert changes(tmp_path) == ["measures.toml: measure project", "measures.toml: measure mine"]


@pytest.mark.parametrize("sign", "？．｜…（）［］＋＊＾＄｛｝")
def test_a_full_width_sign_in_a_pattern_means_itself(sign: str) -> None:
    assert pattern(f"甲{sign}乙").fullmatch(compared(f"甲{sign}乙"))
    assert not pattern(f"甲{sign}乙").fullmatch("甲乙")


def test_the_digest_changes_with_any_file(copied: Path, schemas: Schemas) -> None:
    assert load(copied).digest == schemas.digest
    edit(copied / "places" / "wuxi.toml", "# What", "# All that")
    assert load(copied).digest != schemas.digest


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
