"""What is kept in the user's cache: believed only where it is whole and nobody else could write it, and never
needed.
"""

import json
import pickle
from pathlib import Path

import pytest

from extract import cache
from extract.review import html
from extract.schemas import prepared
from extract.schemas.load import load
from extract.schemas.source import Folder

BUILTIN = Folder.of(None)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "disclosure-extract" / "prepared"


def test_what_is_kept_is_found_again(folder: Path) -> None:
    assert cache.kept("name") is None
    cache.keep("name", b"one\ntwo")
    assert cache.kept("name") == b"one\ntwo"
    assert [path.name for path in folder.iterdir()] == ["name"]


def test_what_is_cut_off_or_changed_is_not_believed(folder: Path) -> None:
    cache.keep("name", b"content")
    written = (folder / "name").read_bytes()
    for damaged in (b"", written[:-1], written.replace(b"content", b"another")):
        (folder / "name").write_bytes(damaged)
        assert cache.kept("name") is None


@pytest.mark.parametrize("which", ["", "name"])
def test_what_others_can_write_is_not_believed(folder: Path, which: str) -> None:
    cache.keep("name", b"content")
    (folder / which).chmod(0o777)
    assert cache.kept("name") is None


def test_a_folder_that_cannot_be_made_keeps_nothing(folder: Path) -> None:
    folder.parent.write_text("a file")
    cache.keep("name", b"content")
    assert cache.kept("name") is None
    assert load().digest == BUILTIN.digest()


def test_the_oldest_files_go(folder: Path) -> None:
    for number in range(cache.KEPT + 5):
        cache.keep(str(number), b"content")
    assert len(list(folder.iterdir())) == cache.KEPT


def test_schemas_that_are_kept_are_those_that_were_read(folder: Path) -> None:
    first = load()
    assert prepared.kept(BUILTIN) == first == load()
    made, found = (json.dumps(prepared.listing()) for _ in range(2))
    assert made == found
    assert len(list(folder.iterdir())) == len(("schemas", "listing"))


def test_no_program_is_run_by_what_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, ...]:
            return Path.touch, (tmp_path / "touched",)

    monkeypatch.setattr(cache, "kept", lambda _name: pickle.dumps(Evil()))
    assert prepared.kept(BUILTIN) is None
    assert not (tmp_path / "touched").exists()
    assert load().digest == BUILTIN.digest()


def test_a_page_is_the_same_whether_its_template_was_kept_is_broken_or_is_made_again(folder: Path) -> None:
    def made() -> bytes:
        html.environment.cache_clear()
        return html.page("base.html")

    first = made()
    assert made() == first
    for kept in folder.iterdir():
        kept.write_bytes(b"broken")
    assert made() == first
