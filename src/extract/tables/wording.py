"""A text as known words: which words it is made of, and what of it is not known."""

from collections.abc import Container, Iterator


def made_of(text: str, words: Container[str], longest: int) -> tuple[str, ...] | None:
    """The words that a text is made of, as few as possible; None if it is not made of known words."""
    best: list[tuple[str, ...] | None] = [()] + [None] * len(text)
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - longest), end):
            before = best[start]
            if before is None or (word := text[start:end]) not in words:
                continue
            found = best[end]
            if found is None or len(before) + 1 < len(found):
                best[end] = (*before, word)
    return best[-1]


def unknown_parts(text: str, words: Container[str], longest: int) -> Iterator[tuple[int, int]]:
    """Where a text may be cut so that what stands before and after the piece is made of known words, the shortest
    piece first.
    """
    size = len(text)
    before, after = [True] + [False] * size, [False] * size + [True]
    for end in range(1, size + 1):
        before[end] = any(before[s] and text[s:end] in words for s in range(max(0, end - longest), end))
    for start in range(size - 1, -1, -1):
        ends = range(start + 1, min(size, start + longest) + 1)
        after[start] = any(after[e] and text[start:e] in words for e in ends)
    pieces = [(s, e) for s in range(size) if before[s] for e in range(s + 1, size + 1) if after[e]]
    yield from sorted(pieces, key=lambda piece: piece[1] - piece[0])
