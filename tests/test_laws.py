"""What changes nothing of what a document says changes nothing of what is read: the order of its drawing, how its texts
are cut into pieces, where and how large it stands on the page, and what else is printed elsewhere.
"""

from collections.abc import Sequence

import pdf_builders as build
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_assemble import read
from test_kinds import plain

from extract.document.pipeline import Knowledge
from extract.reading.base import reader
from extract.reading.grids import grids

CELLS = [
    (build.XS[col] + 5, build.YS[row] - 20, text)
    for row, line in enumerate(build.TEXTS)
    for col, text in enumerate(line)
]
EXPECTED = [text for line in build.TEXTS for text in line]
FEW = settings(max_examples=25)
ENGINES = ["native", "pdfium"]


@st.composite
def shows(draw: st.DrawFn, text: str) -> str:
    """What shows a text: at once, in pieces one after the other, or in one array with nothing between them."""
    cuts = sorted(draw(st.sets(st.integers(1, max(len(text) - 1, 1)), max_size=3)))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    if draw(st.booleans()):
        return f"[{' 0 '.join(f'({piece})' for piece in pieces)}] TJ"
    return " ".join(f"({piece}) Tj" for piece in pieces)


@st.composite
def drawings(draw: st.DrawFn) -> bytes:
    """The table, its texts cut and everything drawn in any order."""
    cells = [f"BT /F1 {build.SIZE} Tf {x} {y} Td {draw(shows(text))} ET" for x, y, text in CELLS]
    strokes = build.lines().decode().splitlines()
    return "\n".join(draw(st.permutations([*cells, *strokes]))).encode() + b"\n"


def cells(content: bytes, engine: str) -> list[str]:
    with reader(engine).open(content) as document:
        (grid,) = grids(document.page(1, lambda _text: True)).grids
    return [cell.text for cell in grid.cells]


@FEW
@given(drawing=drawings(), engine=st.sampled_from(ENGINES))
def test_order_and_pieces(drawing: bytes, engine: str) -> None:
    assert cells(build.page(drawing), engine) == EXPECTED


@FEW
@given(
    drawing=drawings(),
    engine=st.sampled_from(ENGINES),
    rotate=st.sampled_from([0, 90, 180, 270]),
    origin=st.tuples(st.integers(-500, 500), st.integers(-500, 500)),
)
def test_offset_and_rotation_with_matching_content(
    drawing: bytes, engine: str, rotate: int, origin: tuple[int, int]
) -> None:
    assert cells(build.page(drawing, rotate, origin=origin), engine) == EXPECTED


@FEW
@given(drawing=drawings(), engine=st.sampled_from(ENGINES), scale=st.floats(0.5, 4))
def test_scale(drawing: bytes, engine: str, scale: float) -> None:
    placed = b"q %.4f 0 0 %.4f 0 0 cm\n%bQ\n" % (scale, scale, drawing)
    assert cells(build.drawn(placed, build.WIDTH * scale, build.HEIGHT * scale), engine) == EXPECTED


EXPENDITURE = [
    ("科目编码", "科目名称", "合计", "基本支出"),
    ("208", "社会保障", "12.00", "7.00"),
    ("", "合计", "12.00", "7.00"),
]
OTHERS: list[tuple[str | None, Sequence[Sequence[str]]]] = [
    ("编制说明表", [("序号", "说明"), ("1", "甲")]),
    ("政府采购预算表", [("采购项目", "数量", "金额"), ("桌椅", "3", "1.00")]),
    (None, [("甲", "乙"), ("丙", "丁")]),
]


@pytest.mark.parametrize("before", [0, 1, 2, 3])
def test_tables_elsewhere(knowledge: Knowledge, before: int) -> None:
    """Rows of one table are the same whatever tables stand on other pages, before it and after it."""
    pages = [(title, rows) for title, rows in OTHERS]
    pages.insert(before, ("部门支出总表", EXPENDITURE))
    alone = read(knowledge, [plain("部门支出总表", EXPENDITURE)]).rows["expenditure"]
    among = read(knowledge, [plain(*one, number) for number, one in enumerate(pages, 1)]).rows["expenditure"]
    assert [row.values for row in among] == [row.values for row in alone]
    assert len(alone) == 2
