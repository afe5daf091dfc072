"""What the native reader owes beyond what every reader does: it sees what the eye sees, and no content ends it."""

import zlib
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pdf_builders as build
import pikepdf
import pytest
from conftest import SAMPLES, SHARED, needs_shared
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.model.page import Page
from extract.reading.base import pages, reader
from extract.reading.grids import grids
from extract.reading.hidden import seen
from extract.reading.limits import Size
from extract.reading.native.cmaps import to_unicode
from extract.reading.native.content import Painter
from extract.reading.native.kinds import COVERED, SEEN
from extract.reading.native.reader import RepairedDocument
from extract.reading.native.watermarks import is_under

WORD = b"BT /F1 10 Tf 50 50 Td (1,234.00) Tj ET\n"
FORMS = 50  # a page may call so many forms without a second thought


def only_page(content: bytes, name: str = "native") -> Page:
    with reader(name).open(content) as document:
        return document.page(1, lambda _text: True)


def hidden(drawing: bytes) -> list[tuple[str, str]]:
    page = only_page(build.page(drawing))
    assert page.engine == "native"
    assert page.glyphs == ""
    return [(one.text, one.reason) for one in page.hidden]


def annotated(**kind: Any) -> Page:
    """A page with a word, and over it an annotation without an appearance."""
    with pikepdf.open(BytesIO(build.page(WORD))) as pdf:
        values = {key: pikepdf.Name(value) if isinstance(value, str) else value for key, value in kind.items()}
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Rect=[40, 40, 130, 80], **values)
        pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(note)])
        return only_page(build.saved(pdf))


class TestTheEye:
    @pytest.mark.parametrize(
        ("before", "after", "reason"),
        [
            (b"1 g ", b"", "colour"),
            (b"0.3 g 40 40 90 40 re f 0.3 g ", b"", "colour"),
            (b"3 Tr ", b"", "invisible"),
            (b"", b"1 g 40 40 90 40 re f ", "covered"),
            (b"", b"1 G 14 w 40 54 m 130 54 l S ", "covered"),
            (b"", b"q 1 G 40 w 40 60 m 130 60 l S Q ", "covered"),
            (b"q 0 0 20 20 re W n ", b" Q\n", "clipped"),
            (b"q 1 0 0 1 400 0 cm ", b" Q\n", "clipped"),
        ],
    )
    def test_what_is_not_seen_is_hidden_and_why(self, before: bytes, after: bytes, reason: str) -> None:
        assert hidden(before + WORD + after) == [("1,234.00", reason)]

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (b"0 g 40 40 90 40 re f 1 g ", b""),  # white on black
            (b"1 g 40 40 90 40 re f 0 g ", b""),
            (b"q 45 45 90 20 re W n ", b" Q\n"),
            (b"", b"1 g 40 80 90 40 re f "),
            (b"2 Tr ", b""),
        ],
    )
    def test_what_is_seen_is_read(self, before: bytes, after: bytes) -> None:
        page = only_page(build.page(before + WORD + after))
        assert (page.glyphs, page.hidden) == ("1,234.00", ())

    @pytest.mark.parametrize("kind", [{"Subtype": "/Square", "IC": [1, 1, 1]}, {"Subtype": "/FreeText"}])
    def test_an_annotation_that_viewers_fill_of_themselves_covers(self, kind: dict[str, Any]) -> None:
        assert [one.reason for one in annotated(**kind).hidden] == ["covered"]

    @pytest.mark.parametrize(
        "kind", [{"Subtype": "/Square"}, {"Subtype": "/Square", "IC": [1, 1, 1], "CA": 0.3}, {"Subtype": "/Link"}]
    )
    def test_an_annotation_that_fills_nothing_covers_nothing(self, kind: dict[str, Any]) -> None:
        assert annotated(**kind).hidden == ()

    def test_white_strokes_rule_nothing(self) -> None:
        assert len(only_page(build.page(b"1 G " + build.lines())).rulings) == 0

    @pytest.mark.parametrize("shift", [0, 0.4, 0.9])
    def test_what_is_painted_twice_is_read_once(self, shift: float) -> None:
        twice = WORD + f"q 1 0 0 1 {shift} {-shift} cm ".encode() + WORD + b"Q"
        assert only_page(build.page(twice)).glyphs == "1,234.00"


@pytest.mark.parametrize("other", ["pdfium", "pdfplumber"])
def test_what_is_printed_over_hidden_text_of_the_same_characters_is_seen_by_all(other: str) -> None:
    shown = WORD.replace(b"(1,234.00)", b"(4.00)").replace(b"1,234.00", b"4.00")
    content = build.page(WORD + b"1 g 40 40 90 40 re f 0 g " + shown)
    first = only_page(content)
    assert (first.glyphs, [one.text for one in first.hidden]) == ("4.00", ["1,234.00"])
    assert seen(only_page(content, other), first.hidden).glyphs == "4.00"


def through_window(text: str, left: float, right: float) -> bytes:
    """A page that shows of a line, whose characters begin at 40 and are 9 wide, only what is between these edges."""
    with pikepdf.open(BytesIO(build.disclosure([text], [["", ""]]))) as pdf:
        shown = pdf.pages[0].Contents.read_bytes()
        pdf.pages[0].Contents = pdf.make_stream(b"q %d 0 %d 600 re W n %s Q" % (left, right - left, shown))
        return build.saved(pdf)


class TestWordsThatAnEdgeCutsOff:
    @pytest.mark.parametrize("other", ["native", "pdfium"])
    def test_they_are_whole_and_stay_within_the_edge(self, other: str) -> None:
        content = through_window("一般公共预算收入", 56, 100)
        first = only_page(content)
        page = first if other == "native" else seen(only_page(content, other), first.hidden)
        middles = (page.boxes[:, 0] + page.boxes[:, 2]) / 2
        assert page.glyphs == "一般公共预算收入"
        assert middles.tolist() == sorted(middles.tolist())
        assert 55.5 < middles[0] < middles[-1] < 100.5

    def test_their_digits_stay_hidden(self) -> None:
        page = only_page(through_window("预算1234", 40, 66))
        assert (page.glyphs, [(one.text, one.reason) for one in page.hidden]) == ("预算1", [("234", "clipped")])


class TestLimits:
    def test_a_form_that_calls_itself_ends(self) -> None:
        pdf = pikepdf.open(BytesIO(build.form(build.table())))
        for name, form in pdf.pages[0].Resources.XObject.items():
            form.Resources.XObject = pikepdf.Dictionary({name: form})
            form.write(form.read_bytes() + f"\n{name} Do\n".encode() * FORMS)
        saved = BytesIO()
        pdf.save(saved)
        assert len(grids(only_page(saved.getvalue())).grids) == 1

    @pytest.mark.parametrize("drawing", [b"q " * 2000, b"[" * 5000, b"<<" * 5000, b"(" * 5000, b"1 " * 20000 + b"l"])
    def test_what_is_nested_too_deep_ends(self, drawing: bytes) -> None:
        assert only_page(build.page(drawing + b"\n")).number == 1

    def test_an_operator_of_no_standard_leaves_the_page_to_another_reader(self) -> None:
        page = only_page(build.page(build.table() + b"1 2 fantasy\n"))
        assert page.engine == "pdfium"
        assert len(grids(page).grids) == 1


class _Nothing:
    """Names without anything behind them."""

    def __init__(self) -> None:
        self.fonts: dict[str, Any] = {}
        self.states: dict[str, Any] = {}

    def font(self, name: object) -> None: ...
    def external(self, name: object) -> None: ...
    def parameters(self, name: object) -> dict[str, object]:
        return {}

    def plain(self, name: object) -> bool:
        return True

    def properties(self, name: object) -> tuple[bool, None]:
        return False, None


OPERATORS = (
    b"q Q cm w gs J j M d ri i d0 d1 MP DP g rg k G RG K cs CS sc scn SC SCN m l c v y h re S s f F f* B B* b b* n W "
    b"W* BI sh "
    b"Do BDC BMC EMC BX EX BT ET Tm Td TD T* Tf Tc Tw Tz TL Tr Ts Tj TJ ' \""
).split()
tokens = st.one_of(
    st.sampled_from([*OPERATORS, b"[", b"]", b"<<", b">>", b"(", b")", b"<", b">", b"/N", b"%", b"ID", b"EI"]),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: f"{number:.3f}".encode()),
    st.binary(max_size=6),
)


@settings(max_examples=300)
@given(st.lists(tokens, max_size=60))
def test_no_content_ends_the_interpreter(content: list[bytes]) -> None:
    painter = Painter(Size())
    painter.run(b" ".join(content), _Nothing())
    for marks in (painter.sheet.characters, painter.sheet.strokes):
        assert {len(column) for column in marks.taken()} == {marks.count}


numbers = st.integers(-200, 200)
moves = st.lists(st.tuples(st.sampled_from([0.5, 1.0, 2.0]), numbers, numbers), max_size=4)


@settings(max_examples=60)
@given(moves)
def test_a_stroke_stands_where_its_matrices_put_it(matrices: list[tuple[float, int, int]]) -> None:
    painter = Painter(Size())
    content = " ".join(f"q {scale} 0 0 {scale} {x} {y} cm" for scale, x, y in matrices)
    painter.run(f"{content} 0 w 0 0 m 100 0 l S {'Q ' * len(matrices)}".encode(), _Nothing())
    left, bottom, right = 0.0, 0.0, 100.0
    for scale, x, y in reversed(matrices):
        left, bottom, right = left * scale + x, bottom * scale + y, right * scale + x
    _, boxes, _ = painter.sheet.strokes.taken()
    assert boxes.ravel().tolist() == pytest.approx([left, bottom, right, bottom])


def test_images_and_outlined_characters_are_pictures_and_boxes_are_none() -> None:
    image = b"q 30 0 0 10 210 125 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x80 EI Q\n"
    outline = b"120 100 m 126 100 m 126 104 124 108 123 108 c 121 108 120 104 120 100 c h f\n"
    page = only_page(build.page(build.table() + image + outline + b"0.9 g 20 20 100 40 re f\n"))
    assert page.engine == "native"
    assert [tuple(round(side) for side in box) for box in page.pictures] == [(210, 65, 240, 75), (120, 92, 126, 100)]
    for name in ("pdfium", "pdfplumber"):
        assert [tuple(round(side) for side in box) for box in only_page(build.page(image), name).pictures] == [
            (210, 65, 240, 75)
        ]


def test_a_tounicode_map_gives_texts_of_several_characters() -> None:
    data = (
        b"1 beginbfchar <0001> <00660069> endbfchar "
        b"2 beginbfrange <0003> <0005> <4E00> <0007> <0008> [<0041> <0042>] endbfrange"
    )
    assert to_unicode(data) == {1: "fi", 3: "一", 4: "丁", 5: "丂", 7: "A", 8: "B"}


@pytest.mark.parametrize(
    "damage",
    [
        lambda font: font.__setitem__("/Widths", [600] * 9),  # of 224 codes
        lambda font: font.__setitem__("/Widths", [-600] * 224),
        lambda font: font.__setitem__("/Widths", [10**9] * 224),
        lambda font: font.__setitem__("/Subtype", pikepdf.Name.Type0),
    ],
)
def test_a_page_is_damaged_where_its_font_is(damage: Callable[[pikepdf.Dictionary], None]) -> None:
    with pikepdf.open(BytesIO(build.page(WORD))) as pdf:
        font = pdf.pages[0].Resources.Font.F1
        font.FirstChar, font.LastChar, font.Widths = 32, 255, [600] * 224
        assert not only_page(build.saved(pdf)).damaged
        damage(font)
        assert only_page(build.saved(pdf)).damaged
        pdf.pages[0].Resources.Font.F1 = pikepdf.String("no font")
        assert only_page(build.saved(pdf)).damaged


def test_a_font_with_a_map_of_its_own_is_another_readers_and_not_damaged() -> None:
    with pikepdf.open(BytesIO(build.without_meaning())) as pdf:
        pdf.pages[0].Resources.Font.F2.Encoding = pdf.make_stream(b"")
        page = only_page(build.saved(pdf))
    assert (page.engine, page.damaged) == ("pdfium", False)


@pytest.mark.parametrize("lost", [b"1 0 0 1 50 50 Td", b"1 0 0 1 44. 1 0 0 1 50 50 Tm", b"1 0 0 1 50 50"])
def test_a_page_is_damaged_where_an_operator_before_the_operands_of_another_is_lost(lost: bytes) -> None:
    assert only_page(build.page(WORD.replace(b"50 50 Td", lost))).damaged


def test_a_repaired_page_that_another_repair_has_only_in_part_is_damaged() -> None:
    whole = replace(only_page(build.page(WORD)), engine="pdfium")
    part = replace(whole, engine="native", glyphs=whole.glyphs[:-2], boxes=whole.boxes[:-2])
    for other, damaged in ((replace(whole, engine="native"), False), (part, True)):
        first, second = (SimpleNamespace(page_count=1, page=lambda *_, page=page: page) for page in (whole, other))
        assert RepairedDocument(first, cast(Any, second), 1).page(1, lambda _text: True).damaged is damaged


FILES = [*SAMPLES[:1], *(SHARED / "corpus" / f"invented-0{number}.pdf" for number in range(3))]


@needs_shared
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_same_characters_rulings_and_cells_as_of_pdfium(path: Path) -> None:
    content = path.read_bytes()
    with reader("native").open(content) as own, reader("pdfium").open(content) as other:
        everything = zip(pages(own, lambda _text: True), pages(other, lambda _text: True), strict=True)
        for one, two in everything:
            assert one.engine == "native"
            assert sorted(one.glyphs) == sorted(two.glyphs)
            assert len(one.rulings) == len(two.rulings)
            assert one.rulings == pytest.approx(two.rulings, abs=1)
            mine, theirs = ([(cell[:5]) for grid in grids(page).grids for cell in grid.cells] for page in (one, two))
            assert mine == theirs


def test_the_letters_and_the_number_of_a_seal_are_in_no_cell() -> None:
    around = b"1 0 0 rg BT /F1 9 Tf 0.7 0.7 -0.7 0.7 130 130 Tm (SEAL) Tj ET\n"
    number = b"BT /F1 9 Tf 120 100 Td (370600001) Tj ET 0 g\n"
    page = only_page(build.page(build.table() + around + number))
    assert page.glyphs == only_page(build.page(build.table())).glyphs
    assert {one.reason for one in page.hidden} == {"watermark"}
    red = only_page(build.page(build.table() + b"1 0 0 rg " + number))
    assert "370600001" in red.glyphs


def test_a_larger_letter_where_the_same_one_stands_is_no_second_print() -> None:
    larger = b"BT /F1 14 Tf 49.5 49.5 Td (1) Tj ET\n"
    assert sorted(only_page(build.page(larger + WORD)).glyphs) == sorted("11,234.00")


def test_large_pale_lettering_that_rulings_go_through_is_a_watermark() -> None:
    pale = b"0.7 g BT /F1 150 Tf 60 40 Td (8) Tj ET 0 g\n"
    plain = only_page(build.page(build.table()))
    page = only_page(build.page(pale + build.table()))
    assert page.glyphs == plain.glyphs
    assert ("8", "watermark") in {(one.text, one.reason) for one in page.hidden}


@pytest.mark.parametrize(
    ("text", "covered", "is_one"), [("部门：某局", 4, True), ("部门：某局", 1, False), ("3,894", 4, False)]
)
def test_pale_lettering_of_which_most_is_covered_is_a_watermark_but_no_amount(
    text: str, covered: int, is_one: bool
) -> None:
    codes = np.array(list(map(ord, text)), np.uint32)
    reasons = np.array([COVERED] * covered + [SEEN] * (len(text) - covered), np.uint8)
    assert is_under(codes, reasons) is is_one


class TestDamage:
    """A page of which something is lost is told as damaged, and what is left of it is read all the same."""

    @pytest.mark.parametrize(
        "content",
        [
            WORD + b"BT /F1 10 Tf 50 90 Td (2,34",
            WORD + b"BT /F1 10 Tf 50 90 Td (2,345.00) Tj",
            b"q 1 0 0 1 0 0 cm\n" + WORD,
            WORD + b"Q\n",
            WORD + b"50 90\n",
            WORD + b"/P <</MCID 0>> BDC\n",
            WORD + b"/Lost Do\n",
            WORD + b"nothing\n",
            WORD + b"90 m\n",
            b"/F1 10 Tf 50 90 Td (2,345.00) Tj\n" + WORD,
        ],
    )
    def test_a_content_stream_that_is_not_whole(self, content: bytes) -> None:
        page = only_page(build.drawn(content, build.WIDTH, build.HEIGHT))
        assert page.damaged
        assert "1,234.00" in page.text.splitlines()

    @pytest.mark.parametrize("content", [b"", WORD, b"BT\n" + WORD + b"ET\n", b"q\n" + WORD + b"Q\n", b"BX\nodd\nEX\n"])
    def test_one_that_is_whole(self, content: bytes) -> None:
        assert not only_page(build.drawn(content, build.WIDTH, build.HEIGHT)).damaged

    def test_a_packed_stream_that_breaks_off(self) -> None:
        with pikepdf.open(BytesIO(build.drawn(WORD * 50, build.WIDTH, build.HEIGHT))) as pdf:
            packed = zlib.compress(WORD * 50)
            pdf.pages[0].Contents.write(packed[: len(packed) // 2], filter=pikepdf.Name.FlateDecode)
            content = build.saved(pdf)
        assert only_page(content).damaged

    def test_a_character_that_a_font_with_a_map_does_not_map(self) -> None:
        with pikepdf.open(BytesIO(build.without_meaning())) as pdf:
            font = pdf.pages[0].Resources.Font.F2
            font.ToUnicode = pdf.make_stream(b"1 beginbfchar <0041> <0031> endbfchar")
            content = build.saved(pdf)
        assert only_page(content).damaged
        assert not only_page(build.without_meaning()).damaged  # told as garbled
