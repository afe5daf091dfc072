"""The text outside of tables: its parts, its sentences across line and page breaks, and where each character stands."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from typing import NamedTuple

from extract.model.page import Box, Line
from extract.schemas.grammar import StatementFile
from extract.text import compared

REPEATED = 3  # a first line that stands on as many pages is a running header
SHORT = 24  # characters: text is never set narrower
RAGGED = 4  # characters that a full line may lack, as no mark begins a line
HEADING_LENGTH = 30  # characters: a longer line that begins like a heading is a paragraph
REST_LENGTH = 12  # characters that may be left of a heading for the next line
_ENDS = "。！？"
_SENTENCE = re.compile(f"[^{_ENDS}]*[{_ENDS}]|[^{_ENDS}]+")
_MARKS = "，。：；,;"


class LinePart(NamedTuple):
    """Part of a line in a sentence: its characters without white space, from place `first` of the line's own."""

    line: Line
    first: int
    text: str


@dataclass(frozen=True)
class Sentence:
    """A sentence without white space, the headings that it stands under, outermost first, and the pieces of lines that
    it is made of.
    """

    headings: tuple[str, ...]
    pieces: tuple[LinePart, ...]

    @cached_property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    def page(self, start: int) -> int:
        """The page of its character at `start`."""
        return next(piece.line.page for piece, _, end in self._spans() if start < end)

    def box(self, start: int, end: int) -> Box | None:
        """The box around some of its characters: those on the line of the first. None if the page was read without
        positions.
        """
        piece, begins, ends = next(span for span in self._spans() if start < span[2])
        if piece.line.boxes is None:
            return None
        printed = [place for place, character in enumerate(piece.line.text) if not character.isspace()]
        own = printed[piece.first + start - begins : piece.first + min(end, ends) - begins]
        x0, top, x1, bottom = zip(*piece.line.boxes[own].tolist(), strict=True)
        return Box(*(round(side, 2) for side in (min(x0), min(top), max(x1), max(bottom))))

    def _spans(self) -> Iterator[tuple[LinePart, int, int]]:
        """Each piece with where it begins and ends in the sentence."""
        end = 0
        for piece in self.pieces:
            yield piece, end, end + len(piece.text)
            end += len(piece.text)


class Prose:
    """The lines of a document outside of tables, without page numbers and running headers."""

    def __init__(self, lines: Sequence[Line], declared: StatementFile) -> None:
        self._declared = declared
        self._lines = list(running_text(lines, declared))

    @cached_property
    def _parts(self) -> list[tuple[str, list[Line]]]:
        """Each part's title and lines."""
        parts: list[tuple[str, list[Line]]] = [("", [])]
        for line in self._lines:
            key = compared(line.text)
            if self._declared.parts.fullmatch(key):
                parts.append((key, []))
            else:
                parts[-1][1].append(line)
        return parts

    def part(self, wanted: str) -> list[list[Line]]:
        """The lines of each part that the declaration calls `wanted`: figures, overview or glossary.

        The table of contents names the parts too, so of parts with the same number or name the longest counts.
        """
        title = getattr(self._declared, wanted)
        found: dict[str, list[Line]] = {}
        for key, lines in self._parts:
            if title.fullmatch(key):
                name = self._name(key)
                found[name] = max(found.get(name, []), lines, key=len)
        return list(found.values())

    def _name(self, key: str) -> str:
        """What a part's title has in common in the table of contents and above the part."""
        title = self._declared.parts.fullmatch(key)
        return next((name for name in title.groups() if name), key) if title else key

    def sentences(self, wanted: str) -> Iterator[Sentence]:
        """The sentences of a part. A heading ends the sentence before it, and is not one itself."""
        for lines in self.part(wanted):
            yield from _sentences(lines, _Headings(self._declared))

    def paragraphs(self, wanted: str) -> list[str]:
        """The text of a part, a new paragraph at each line that begins like a heading."""
        paragraphs: list[str] = []
        for line in (line for lines in self.part(wanted) for line in lines):
            text = "".join(line.text.split())
            if not paragraphs or self._declared.level(text) is not None:
                paragraphs.append(text)
            else:
                paragraphs[-1] += text
        return paragraphs


class _Headings:
    """The headings that a line stands under. One may go on over the next line, as may the part's title."""

    def __init__(self, declared: StatementFile) -> None:
        self._declared = declared
        self._above: list[tuple[int, str]] = []
        self._open = True

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(text for _, text in self._above)

    def begins(self, text: str) -> bool:
        """Whether a line begins like a heading, so that what stands before it is at its end."""
        return self._declared.level(text) is not None

    def took(self, text: str, wraps: bool = False) -> bool:
        """Whether a line is a heading, or the rest of one: then all that follows stands under it. A numbered paragraph,
        such as one that `wraps` at the end of its line, ends the headings below.
        """
        level = self._declared.level(text)
        if level is None:
            return self._went_on(text)
        self._above = [above for above in self._above if above[0] < level]
        self._open = not wraps and self._is_heading(text)
        if self._open:
            self._above.append((level, text))
        return self._open

    def wraps(self, text: str, full: bool, following: str) -> bool:
        """Whether a line goes on below and is no heading for that: a full one, unless it or the next ends a heading, or
        one whose figure, or the rest of a class's name, comes next.
        """
        after = compared(following)
        goes_on = self._declared.figure_rest.match(after) or self._declared.class_rest.match(after)
        return goes_on is not None or (full and not self._ends(text) and not self._is_rest(following))

    def _ends(self, text: str) -> bool:
        return self._declared.heading_end.search(compared(text)) is not None

    def _is_rest(self, text: str) -> bool:
        return len(text) <= REST_LENGTH and self._ends(text)

    def _went_on(self, text: str) -> bool:
        goes_on = self._open and self._is_rest(text)
        if goes_on and self._above:
            level, begun = self._above.pop()
            self._above.append((level, begun + text))
        self._open = False
        return goes_on

    def _is_heading(self, text: str) -> bool:
        return (
            len(text) <= HEADING_LENGTH
            and not any(mark in text for mark in _MARKS)
            and not self._declared.figure.search(compared(text))
        )


def _sentences(lines: Sequence[Line], headings: _Headings) -> Iterator[Sentence]:
    pieces: list[LinePart] = []
    edges = _edges(lines)
    for line, following in zip_longest(lines, lines[1:]):
        if pieces and headings.begins(line.text):
            yield Sentence(headings.path, tuple(pieces))
            pieces = []
        full = _width(line.text) > edges[line.page] - RAGGED
        if not pieces and headings.took(
            line.text, headings.wraps(line.text, full, following.text if following else "")
        ):
            continue
        for piece in _parted(line):
            pieces.append(piece)
            if piece.text[-1] in _ENDS and not _inside_aside(pieces):
                if not _titles(pieces, headings):
                    yield Sentence(headings.path, tuple(pieces))
                pieces = []
    if pieces:
        yield Sentence(headings.path, tuple(pieces))


def _edges(lines: Sequence[Line]) -> dict[int, float]:
    """How wide text is on each page: a line that reaches that far goes on below. Pages of nothing but titles have no
    edge to speak of.
    """
    edges: dict[int, float] = {}
    for line in lines:
        edges[line.page] = max(edges.get(line.page, SHORT), _width(line.text))
    return edges


def _width(text: str) -> float:
    """In characters, of which a digit is half one."""
    return sum(0.5 if character < "\u2000" else 1 for character in text)


def _titles(pieces: Sequence[LinePart], headings: _Headings) -> bool:
    """Whether a whole sentence is a heading: numbered, short, and more follows on its line."""
    text = "".join(piece.text for piece in pieces)
    return headings.begins(text) and headings.took(text.rstrip(_ENDS))


def running_text(lines: Sequence[Line], declared: StatementFile) -> Iterator[Line]:
    """Lines that are neither page numbers nor running headers."""
    firsts = {line.page: line.text for line in reversed(lines)}
    running = {text for text, count in Counter(firsts.values()).items() if count >= REPEATED}
    for line in lines:
        header = line.text in running and line.text == firsts[line.page]
        if not header and not declared.folio.fullmatch(compared(line.text)):
            yield line


def _parted(line: Line) -> Iterator[LinePart]:
    """The pieces of a line, parted after each end of a sentence."""
    text = "".join(line.text.split())
    for found in _SENTENCE.finditer(text):
        yield LinePart(line, found.start(), found.group())


def _inside_aside(pieces: Sequence[LinePart]) -> bool:
    """Whether a bracket is still open: what ends there is no sentence."""
    return sum(piece.text.count("（") - piece.text.count("）") for piece in pieces) > 0
