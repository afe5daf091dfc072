"""The text outside of tables: its parts, its sentences across line and page breaks, and where each character stands."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from extract.model import Box, Line
from extract.schemas import StatementFile
from extract.text import compared

SAME_LINE = 4.0  # points: tops of characters of one line differ less
REPEATED = 3  # a first line that stands on as many pages is a running header
HEADING_LENGTH = 30  # characters: a longer line that begins like a heading is a paragraph
_ENDS = "。！？"
_MARKS = "，。：；,;"


class Spot(NamedTuple):
    """Where a character stands; no box where its page was read without positions."""

    page: int
    box: tuple[float, float, float, float] | None


@dataclass(frozen=True)
class Sentence:
    """A sentence without white space, the heading that it stands under and the place of each character."""

    heading: str
    text: str
    spots: tuple[Spot, ...]

    def box(self, start: int, end: int) -> Box | None:
        """The box around some of its characters: those on the line of the first."""
        page, first = self.spots[start]
        if first is None:
            return None
        boxes = [spot.box for spot in self.spots[start:end] if spot.page == page and spot.box and abs(spot.box[1] - first[1]) < SAME_LINE]
        x0, top, x1, bottom = zip(*boxes, strict=True)
        return Box(*(round(float(side), 2) for side in (min(x0), min(top), max(x1), max(bottom))))


class Prose:
    """The lines of a document outside of tables, without page numbers and running headers."""

    def __init__(self, lines: Sequence[Line], declared: StatementFile) -> None:
        self._declared = declared
        self._lines = list(_content(lines, declared))

    @cached_property
    def _parts(self) -> list[tuple[str, list[Line]]]:
        """Each part's title and lines. The table of contents names the parts too, so of parts with the same number the longest counts."""
        parts: list[tuple[str, list[Line]]] = [("", [])]
        for line in self._lines:
            key = compared(line.text)
            if self._declared.parts.fullmatch(key):
                parts.append((key, []))
            else:
                parts[-1][1].append(line)
        return parts

    def part(self, wanted: str) -> list[Line]:
        """The lines of the part called `wanted` in the declaration: figures, overview or glossary; none if there is no such part."""
        title = getattr(self._declared, wanted)
        found = [lines for key, lines in self._parts if title.fullmatch(key)]
        return max(found, key=len, default=[])

    def sentences(self, wanted: str) -> Iterator[Sentence]:
        """The sentences of a part. A heading ends the sentence before it, and is not one itself."""
        heading, text, spots = "", "", list[Spot]()
        for line in self.part(wanted):
            if self._declared.heading.fullmatch(compared(line.text)):
                if text:
                    yield Sentence(heading, text, tuple(spots))
                text, spots = "", []
                if self._is_heading(line.text):
                    heading = line.text
                    continue
            for character, spot in _characters(line):
                text += character
                spots.append(spot)
                if character in _ENDS and text.count("（") <= text.count("）"):  # not inside an aside
                    yield Sentence(heading, text, tuple(spots))
                    text, spots = "", []
        if text:
            yield Sentence(heading, text, tuple(spots))

    def _is_heading(self, text: str) -> bool:
        return len(text) <= HEADING_LENGTH and not any(mark in text for mark in _MARKS)

    def paragraphs(self, wanted: str) -> list[str]:
        """The text of a part, a new paragraph at each line that begins like a heading."""
        paragraphs: list[str] = []
        for line in self.part(wanted):
            text = "".join(character for character, _ in _characters(line))
            if not paragraphs or self._declared.heading.fullmatch(compared(text)):
                paragraphs.append(text)
            else:
                paragraphs[-1] += text
        return paragraphs


def _content(lines: Sequence[Line], declared: StatementFile) -> Iterator[Line]:
    """Lines that are neither page numbers nor running headers."""
    firsts = {line.page: line.text for line in reversed(lines)}
    running = {text for text, count in Counter(firsts.values()).items() if count >= REPEATED}
    for line in lines:
        header = line.text in running and line.text == firsts[line.page]
        if not header and not declared.folio.fullmatch(compared(line.text)):
            yield line


def _characters(line: Line) -> Iterator[tuple[str, Spot]]:
    for index, character in enumerate(line.text):
        if not character.isspace():
            yield character, Spot(line.page, None if line.boxes is None else tuple(line.boxes[index].tolist()))
