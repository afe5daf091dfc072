"""A file that holds more than any printed document costs a line of its own: which limit it is beyond and what to do.

Peaks are those of the process that reads it.
"""

import os
import sys
import zlib
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path

import pikepdf
import pyarrow.parquet as pq
import pytest
from command import documents, extract, isolated
from conftest import SAMPLES
from pdf_builders import HEIGHT, WIDTH, bomb, drawn, page, saved, table

from extract.errors import LostError
from extract.reading.base import DEFAULT_READER, reader
from extract.reading.limits import Size
from extract.reading.opened import without_own_calls
from extract.runs.isolation import Children, Limits
from extract.runs.jobs import Job, Recipe, work
from extract.schemas.grammar import Schemas

MOST = 600 << 20  # bytes that reading one of them takes at most, beyond the libraries


def many_pages() -> bytes:
    with pikepdf.new() as pdf:
        for _ in range(5001):
            pdf.add_blank_page(page_size=(WIDTH, HEIGHT))
        return saved(pdf)


def flate_bomb() -> bytes:
    """A gigabyte of white space before the table."""
    with pikepdf.open(os.fspath(SAMPLES[0])) as pdf:
        packer = zlib.compressobj(1)
        packed = b"".join([*(packer.compress(b" " * (1 << 24)) for _ in range(64)), packer.flush()])
        stream = pdf.make_stream(b"")
        stream.write(packed, filter=pikepdf.Name.FlateDecode)
        pdf.pages[0].Contents = stream
        return saved(pdf)


def grid(lines: int) -> bytes:
    """So many lines across and down on one page."""
    steps, side = [12 * number for number in range(lines)], 12 * lines
    drawing = "".join(f"0 {at} m {side} {at} l S {at} 0 m {at} {side} l S\n" for at in steps)
    return drawn(drawing.encode(), side, side)


def many_paths() -> bytes:
    places = ((number % 1000, number // 1000) for number in range(1_000_001))
    return drawn("".join(f"{x} {y} 5 0.5 re f\n" for x, y in places).encode(), 1200, 1200)


def many_characters() -> bytes:
    return drawn(b"BT /F1 1 Tf 5 5 Td " + b"(1234567890) Tj " * 40_001 + b"ET", WIDTH, HEIGHT)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "pages": many_pages,
    "content": flate_bomb,
    "characters": many_characters,
    "strokes": many_paths,
    "forms": partial(bomb, b"q Q\n"),
    "cells": partial(grid, 4_000),
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file beyond each limit, called by it."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, made in HOSTILE.items():
        (folder / f"{name}.pdf").write_bytes(made())
    return folder


def test_what_is_beyond_a_limit_is_told_by_its_name_and_harms_no_other(tmp_path: Path, hostile: Path) -> None:
    done = isolated(str(hostile), str(SAMPLES[0]), "-o", str(tmp_path / "out"), "--no-review", "--no-workbooks")
    assert done.returncode == 3
    lines = done.stderr.decode().splitlines()
    assert len(lines) == len(HOSTILE)
    for name in HOSTILE:
        (line,) = (line for line in lines if f"--limit {name}=" in line)
        assert f"{name}.pdf" in line
        assert f"{getattr(Size(), name)}" in line.replace(",", "")
    lost = {f"{name}.pdf": "unreadable" for name in HOSTILE}
    found = {file: status for file, (status, _) in documents(tmp_path / "out").items()}
    assert found == {**lost, SAMPLES[0].name: "verified"}


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_what_is_beyond_a_limit_is_found_out_in_little_memory(hostile: Path, schemas: Schemas) -> None:
    recipe = Recipe(reader(DEFAULT_READER), schemas, ())
    jobs = {name: Job(f"{name}.pdf", os.fspath(hostile / f"{name}.pdf"), None, recipe) for name in HOSTILE}
    children = Children()
    before = children.run(Limits(), _held, jobs["pages"])
    found = {name: children.run(Limits(), _read_and_measured, job) for name, job in jobs.items()}
    children.close()
    assert {name: key for name, (key, _) in found.items()} == {name: f"limit_{name}" for name in HOSTILE}
    assert {name: most - before for name, (_, most) in found.items() if most - before > MOST} == {}


def _read_and_measured(job: Job) -> tuple[str, int]:
    """How a document ends, and the bytes that its process holds at most meanwhile."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the most begins anew
    try:
        work(job)
    except LostError as error:
        return error.key, _bytes("VmHWM")
    return "read", _bytes("VmHWM")


def _held(_job: Job) -> int:
    return _bytes("VmRSS")


def _bytes(kind: str) -> int:
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines())
    return int(status[kind].split()[0]) << 10


def test_a_limit_that_is_raised_lets_the_document_through(tmp_path: Path) -> None:
    path = tmp_path / "table.pdf"
    path.write_bytes(page(table()))
    out = ("-o", str(tmp_path / "out"), "--no-review", "--no-workbooks")
    assert b"--limit characters=" in isolated(str(path), *out, "--limit", "characters=5").stderr
    assert b"--limit" not in isolated(str(path), *out, "--limit", "characters=500").stderr
    assert b"--limit" not in isolated(str(path), *out).stderr


def test_a_limit_of_no_such_name_is_told(tmp_path: Path) -> None:
    for given in ("feet=9", "pages", "pages=many"):
        done = isolated(str(SAMPLES[0]), "-o", str(tmp_path / "out"), "--limit", given)
        assert done.returncode == 2
        assert b"pages, content, characters, strokes, forms, cells" in done.stderr


def draws_itself(before: bytes = b"") -> bytes:
    """A page whose one form draws the table and then, twice, itself."""
    with pikepdf.new() as pdf:
        leaf = pdf.add_blank_page(page_size=(WIDTH, HEIGHT)).obj
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        font.Encoding = pikepdf.Name.WinAnsiEncoding
        own = pdf.make_stream(table() + b"/X Do /X Do\n")
        own.Type, own.Subtype, own.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, WIDTH, HEIGHT]
        own.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=own), Font=pikepdf.Dictionary(F1=font))
        leaf.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=own))
        leaf.Contents = pdf.make_stream(before + b"/X Do\n")
        return saved(pdf)


@pytest.mark.parametrize("options", [(), ("--reader", "pdfium")])
@pytest.mark.parametrize("before", [b"", b"no operator\n"])
def test_a_form_that_draws_itself_is_drawn_once(tmp_path: Path, before: bytes, options: tuple[str, ...]) -> None:
    """By every reader, and in the picture of the page."""
    path = tmp_path / "itself.pdf"
    path.write_bytes(draws_itself(before))
    done = extract(str(path), "-o", str(tmp_path / "out"), "--timeout", "60", *options)
    assert done.returncode == 6  # its one table is not known
    assert (tmp_path / "out" / "review" / "index.html").exists()


def test_forms_that_draw_each_other_lose_only_the_call_back() -> None:
    with pikepdf.open(BytesIO(draws_itself())) as pdf:
        own = pdf.pages[0].Resources.XObject.X
        other = pdf.make_stream(b"/X Do 1 0 0 RG\n")
        other.Type, other.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        other.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=own))
        own.Resources.XObject = pikepdf.Dictionary(Y=other)
        own.write(b"/Y Do 0 0 m 9 9 l S\n")
        content = saved(pdf)
    with pikepdf.open(BytesIO(without_own_calls(content))) as pdf:
        own = pdf.pages[0].Resources.XObject.X
        assert b"/Y Do" in own.read_bytes()
        assert b"Do" not in own.Resources.XObject.Y.read_bytes()
        assert b"RG" in own.Resources.XObject.Y.read_bytes()


@pytest.mark.parametrize("told", [1, 99])
def test_a_count_of_pages_that_lies_costs_verified(tmp_path: Path, told: int) -> None:
    """Written as bytes: libraries mend it as they save."""
    with pikepdf.open(os.fspath(SAMPLES[0])) as pdf:
        count = str(len(pdf.pages))
        buffer = BytesIO()
        pdf.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    content = buffer.getvalue()
    path = tmp_path / "count.pdf"
    path.write_bytes(content.replace(f"/Count {count}".encode(), f"/Count {told:0{len(count)}}".encode()))
    extract(str(path), "-o", str(tmp_path / "out"), "--no-review", "--no-workbooks")
    ((status, _),) = documents(tmp_path / "out").values()
    assert status != "verified"


def test_prose_that_breaks_off_costs_verified(tmp_path: Path) -> None:
    with pikepdf.open(os.fspath(SAMPLES[2])) as pdf:
        contents = {page.index: page.Contents.read_bytes() for page in pdf.pages}
        prose = max((len(data), number) for number, data in contents.items() if b" l " not in data)[1]  # no strokes
        pdf.pages[prose].Contents = pdf.make_stream(contents[prose][: len(contents[prose]) // 2])
        (tmp_path / "broken.pdf").write_bytes(saved(pdf))
    extract(str(tmp_path / "broken.pdf"), "-o", str(tmp_path / "out"), "--no-review", "--no-workbooks")
    ((status, _),) = documents(tmp_path / "out").values()
    assert status == "unverified"
    rules = pq.read_table(tmp_path / "out" / "parquet" / "checks.parquet")["rule"].to_pylist()
    assert "page-damaged" in rules
