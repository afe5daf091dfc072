"""An output folder that somebody has prepared: whatever its files tell, nothing outside of it is touched, and a person
reads one clear message or finds the run done.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command import extract
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdf_builders import disclosure

from extract.errors import OutputError
from extract.out.datapackage import PACKAGE
from extract.out.packed import PackedDocument
from extract.out.replace import LOCK, MARKER, STAGING
from extract.out.state import STATE
from extract.runs.interrupted import FOLDER as JOURNAL
from extract.runs.interrupted import RUN
from extract.runs.journal import Journal
from extract.stores.known_objects import OBJECTS

NO_FILES = ("--no-review", "--no-workbooks")
NAMES = [
    "../outside/victim",
    "csv/../../outside/victim",
    "/etc/hostname",
    "csv/facts.csv",
    "",
    ".",
    STATE,
    "a\\b",
    "\0",
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(NAMES) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
FEW = settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


class Folder:
    """An output folder with one document, a second document that is to be read into it, and what lies beside it."""

    def __init__(self, place: Path, made: Path) -> None:
        self.out, self.outside = place / "out", place / "outside"
        self.pdf = made / "b.pdf"
        if place.exists():
            shutil.rmtree(place)
        shutil.copytree(made / "out", self.out)
        self.outside.mkdir()
        for name in ("victim", f"{0:032}.piece", "victim.csv"):
            (self.outside / name).write_text("untouched")
        self.before = self.beside()

    def beside(self) -> dict[str, str]:
        return {path.name: path.read_text() for path in self.outside.iterdir()}

    def check(self) -> None:
        """Goes on with the folder in every way that a person would."""
        for arguments in (
            ["status", str(self.out)],
            ["coverage", str(self.out)],
            [str(self.pdf), "-o", str(self.out), *NO_FILES],
            ["status", str(self.out), "--json"],
        ):
            done = extract(*arguments)
            assert done.returncode in (0, 2, 6, 7), (arguments, done)
            assert b"Traceback" not in done.stderr
            assert len(done.stderr.splitlines()) <= 2
            assert self.beside() == self.before


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("made")
    for name, amount in (("a", "10.00"), ("b", "20.00")):
        rows = [["项目", "预算数"], ["合计", amount], ["工资", amount]]
        (place / f"{name}.pdf").write_bytes(disclosure(["烟台市某局2026年部门预算", "收入表"], rows))
    extract(str(place / "a.pdf"), "-o", str(place / "out"), *NO_FILES)
    return place


@pytest.fixture
def prepared(tmp_path: Path, made: Path) -> Callable[[], Folder]:
    return lambda: Folder(tmp_path / "prepared", made)


@FEW
@given(staged=VALUES, coming=VALUES | st.lists(st.sampled_from(NAMES)), going=VALUES | st.lists(st.sampled_from(NAMES)))
def test_a_marker(prepared: Callable[[], Folder], staged: Any, coming: Any, going: Any) -> None:
    folder = prepared()
    (folder.out / STAGING / "csv").mkdir(parents=True)
    (folder.out / STAGING / MARKER).write_text(json.dumps([staged, coming, going]))
    folder.check()


@FEW
@given(data=st.data())
def test_a_state(prepared: Callable[[], Folder], data: st.DataObject) -> None:
    folder = prepared()
    told = json.loads((folder.out / STATE).read_text())
    told[data.draw(st.sampled_from(sorted(told)))] = data.draw(VALUES)
    (folder.out / STATE).write_text(json.dumps(told) + "\n")
    folder.check()


@FEW
@given(told=VALUES | st.fixed_dictionaries({"command": VALUES, "folder": VALUES, "documents": VALUES}))
def test_a_journal(prepared: Callable[[], Folder], told: Any) -> None:
    folder = prepared()
    (folder.out / JOURNAL).mkdir()
    (folder.out / JOURNAL / RUN).write_text(json.dumps(told))
    folder.check()


@FEW
@given(data=st.data())
def test_a_piece(prepared: Callable[[], Folder], made: Path, data: st.DataObject) -> None:
    """The piece is that of the very document that is read next, as a run that was killed would have left it."""
    folder = prepared()
    piece = _piece(folder, made)
    with ZipFile(piece) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    if data.draw(st.booleans()):
        told = json.loads(parts["summary.json"])
        told[data.draw(st.sampled_from(sorted(told)))] = data.draw(VALUES)
        parts["summary.json"] = json.dumps(told).encode()
    else:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, pa.schema([("document_id", pa.int8())])) as writer:
            writer.write_table(pa.table({"document_id": pa.array([1], pa.int8())}))
        parts["tables/documents"] = data.draw(st.sampled_from([b"", b"no stream", sink.getvalue().to_pybytes()]))
    with ZipFile(piece, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    folder.check()


def _piece(folder: Folder, made: Path) -> Path:
    kept: list[Path] = []
    keep = Journal.keep

    def noting(journal: Journal, packed: bytes, *key: str) -> Any:
        kept.append(journal._path(key))
        (made / "piece").write_bytes(packed)
        return keep(journal, packed, *key)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Journal, "keep", noting)
        extract(str(folder.pdf), "-o", str(made / "other"), "--redo", *NO_FILES)
    piece = folder.out / JOURNAL / kept[0].name
    piece.parent.mkdir()
    shutil.copyfile(made / "piece", piece)
    return piece


@FEW
@given(told=VALUES | st.fixed_dictionaries({"name": st.just("budget-disclosures"), "resources": VALUES}))
def test_a_data_package(prepared: Callable[[], Folder], told: Any) -> None:
    folder = prepared()
    (folder.out / PACKAGE).write_text(json.dumps(told))
    folder.check()


@FEW
@given(told=VALUES | st.fixed_dictionaries({"url": VALUES, "version": VALUES, "sha256": VALUES}))
def test_what_is_remembered_of_objects(prepared: Callable[[], Folder], told: Any) -> None:
    folder = prepared()
    (folder.out / OBJECTS).write_text(json.dumps(told))
    folder.check()


@pytest.mark.parametrize("column", ["document_id", "source"])
@pytest.mark.parametrize("value", ["../../x", "/etc/hostname", "..", "", "../outside/victim"])
def test_the_names_of_documents(prepared: Callable[[], Folder], column: str, value: str) -> None:
    folder = prepared()
    path = folder.out / "parquet" / "documents.parquet"
    table = pq.read_table(path)
    place = table.schema.get_field_index(column)
    pq.write_table(table.set_column(place, table.schema.field(column), pa.array([value], pa.string())), path)
    folder.check()


@pytest.mark.parametrize(
    "name", [STAGING, JOURNAL, "parquet", "csv", "xlsx", "review", LOCK, STATE, PACKAGE, f"{JOURNAL}/{RUN}"]
)
@pytest.mark.parametrize("to", ["", "victim", "nowhere"])
def test_links_that_lead_out(prepared: Callable[[], Folder], name: str, to: str) -> None:
    folder = prepared()
    path = folder.out / name
    path.parent.mkdir(exist_ok=True)
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.symlink_to(folder.outside / to)
    folder.check()


@pytest.mark.parametrize("names", [[], ["csv/new.csv"]])
def test_a_replacement_in_a_folder_that_is_a_link(prepared: Callable[[], Folder], names: list[str]) -> None:
    folder = prepared()
    (folder.outside / "csv").mkdir()
    (folder.outside / "csv" / "new.csv").write_text("of others")
    (folder.outside / MARKER).write_text(json.dumps([STAGING, names, []]))
    (folder.out / STAGING).symlink_to(folder.outside)
    extract(str(folder.pdf), "-o", str(folder.out), *NO_FILES)
    assert (folder.outside / "csv" / "new.csv").read_text() == "of others"
    assert (folder.outside / MARKER).exists()


def test_a_piece_with_rows_of_another_document_is_refused(prepared: Callable[[], Folder], made: Path) -> None:
    folder = prepared()
    piece = _piece(folder, made)
    with ZipFile(piece) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    table = pa.ipc.open_stream(parts["tables/documents"]).read_all()
    place = table.schema.get_field_index("document_id")
    other = pa.array(["0" * 16] * len(table), pa.string())
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.set_column(place, table.schema.field(place), other))
    parts["tables/documents"] = sink.getvalue().to_pybytes()
    with ZipFile(piece, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    done = extract(str(folder.pdf), "-o", str(folder.out), *NO_FILES)
    assert done.returncode == OutputError.exit_code
    assert b"rows of another document" in done.stderr


def test_a_piece_that_unpacks_to_a_flood_is_read_again(prepared: Callable[[], Folder], made: Path) -> None:
    folder = prepared()
    piece = _piece(folder, made)
    with ZipFile(piece, "a", ZIP_DEFLATED, compresslevel=1) as archive, archive.open("files/xlsx", "w") as stream:
        for _ in range(65):
            stream.write(bytes(1 << 24))
    assert not PackedDocument(piece).whole()
    assert extract(str(folder.pdf), "-o", str(folder.out), *NO_FILES).returncode == 0


def test_a_piece_of_another_document_is_not_taken_for_this_one(prepared: Callable[[], Folder], made: Path) -> None:
    folder = prepared()
    piece = _piece(folder, made)
    with ZipFile(piece) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    told = json.loads(parts["summary.json"]) | {"document_id": "0" * 16, "title": "of another"}
    parts["summary.json"] = json.dumps(told).encode()
    with ZipFile(piece, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    extract(str(folder.pdf), "-o", str(folder.out), *NO_FILES)
    titles = pq.read_table(folder.out / "parquet" / "documents.parquet")["title"].to_pylist()
    assert "of another" not in titles
