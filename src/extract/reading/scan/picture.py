"""A picture of a page → its rulings, and the places of its lines of text. All lengths are pixels of the picture."""

from typing import TYPE_CHECKING, Any, NamedTuple

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Image = NDArray[np.uint8]

DPI = 200  # of the picture that is worked on: the least that scanners are set to
STROKE = 60  # a stroke that is longer and meets another is a ruling; no part of a character of a table is
ALONE = 150  # a stroke that is longer is a ruling also where it meets none; no part of a character of a heading is
PIECE = 30  # a broken ruling is made of pieces that are longer
HOLE = 9  # and its pieces are not farther apart
GAP = 31  # characters of one line are not farther apart
FLAT = 0.65  # of the usual height: lower ink is a part of a character, such as a stroke of 二
DOT = 3  # the smallest point between digits is as large
SPECK = 8  # what is smaller both ways is dirt
MANY = 300  # parts that stand apart; of more, most are dirt
TALL = 1.6  # times the usual height: two lines that touch
STEEPEST = 5.0  # degrees that a page may be turned on the glass
LEVEL = 0.05  # degrees that change nothing
STEPS = ((0.25, STEEPEST), (0.05, 0.25), (0.01, 0.05))  # degrees: how finely and how far angles are tried in turn
EDGES = 100_000  # points of ink that tell how a page is turned


class Segment(NamedTuple):
    """A part of a picture."""

    x: int
    y: int
    width: int
    height: int


class Segmented(NamedTuple):
    """A picture turned upright, without its rulings; the rulings, and the lines of text from top to bottom."""

    cleaned: "Image"
    rulings: list[Segment]
    lines: list[Segment]


def segmented(grey: "Image") -> Segmented:
    """What stands where in a grey picture of a page."""
    upright = _upright(grey)
    ink = _ink(upright)
    across, down = _strokes(ink), np.ascontiguousarray(_strokes(np.ascontiguousarray(ink.T)).T)
    across, down = _rulings(across, down), _rulings(down, across)
    ruled = cv2.dilate(across | down, np.ones((3, 3), np.uint8)) > 0
    text = np.where(ruled, 0, ink).astype(np.uint8)
    cleaned = np.where(ruled, 255, upright).astype(np.uint8)
    return Segmented(cleaned, [*_segments(across), *_segments(down)], _lines(text, down))


def _ink(grey: "Image") -> "Image":
    _, ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    return ink.astype(np.uint8)


def _upright(grey: "Image") -> "Image":
    """The picture turned so that its rulings and lines of text are level."""
    angle = _falling(_ink(grey))
    if abs(angle) < LEVEL:
        return grey
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    return cv2.warpAffine(grey, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=255.0).astype(np.uint8)


def _falling(ink: "Image") -> float:
    """By how many degrees what is level in the world falls to the right: seen along that angle, the upper edges of ink
    stand in the fewest rows.
    """
    rows, columns = np.nonzero(ink[1:] > ink[:-1])
    if not len(rows):
        return 0.0
    thin = max(1, len(rows) // EDGES)
    rows, columns = rows[::thin], columns[::thin]

    def crowded(angle: float) -> int:
        seen = np.rint(rows - columns * np.tan(np.radians(angle))).astype(np.intp)
        return int((np.bincount(seen - seen.min()) ** 2).sum())

    best = 0.0
    for step, reach in STEPS:
        tried = best + np.arange(-reach, reach + step / 2, step)
        best = float(max(tried.tolist(), key=crowded))
    return best


def _strokes(ink: "Image") -> "Image":
    """The rulings that run across: pieces that are long enough, joined, then long enough for a ruling."""
    pieces = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, PIECE), np.uint8))
    whole = cv2.morphologyEx(pieces, cv2.MORPH_CLOSE, np.ones((1, HOLE), np.uint8))
    return cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((1, STROKE), np.uint8)).astype(np.uint8)


def _rulings(strokes: "Image", others: "Image") -> "Image":
    """The strokes that are long, or meet one of the other direction."""
    count, labels, found, _ = cv2.connectedComponentsWithStats(strokes)
    meeting = np.bincount(labels[cv2.dilate(others, np.ones((5, 5), np.uint8)) > 0], minlength=count) > 0
    kept = meeting | (found[:, 2:4].max(axis=1) >= ALONE)
    kept[0] = False
    return np.where(kept[labels], 255, 0).astype(np.uint8)


def _segments(mask: "Image") -> list[Segment]:
    _, _, found, _ = cv2.connectedComponentsWithStats(mask)
    return [Segment(*map(int, one[:4])) for one in found[1:]]


def _lines(text: "Image", walls: "Image") -> list[Segment]:
    """Ink that stands side by side and is parted by no upright ruling."""
    joined = cv2.morphologyEx(text, cv2.MORPH_CLOSE, np.ones((3, GAP), np.uint8)).astype(np.uint8)
    barred = cv2.dilate(walls, np.ones((1, 3), np.uint8)) > 0
    joined[barred] = 0
    found = [one for one in _segments(joined) if max(one.width, one.height) >= SPECK and one.width > 1]
    usual = float(np.median([one.height for one in found])) if found else 0.0
    whole = _with_parts(found, FLAT * usual, barred)
    lines = (_trimmed(text, line) for one in whole for line in _parted(text, one, usual))
    return sorted(lines, key=lambda one: (one.y, one.x))


def _trimmed(text: "Image", one: Segment) -> Segment:
    """A line without the dirt at its ends: no text begins or ends with a dot that is as small as the smallest points
    between digits.
    """
    ink = text[one.y : one.y + one.height, one.x : one.x + one.width] > 0
    edges = np.flatnonzero(np.diff(np.concatenate(([False], ink.any(axis=0), [False])).astype(np.int8))).reshape(-1, 2)
    whole = [place for place, (left, right) in enumerate(edges) if right - left > DOT or _high(ink[:, left:right])]
    if not whole:
        return one
    left, right = int(edges[whole[0], 0]), int(edges[whole[-1], 1])
    return Segment(one.x + left, one.y, right - left, one.height)


def _high(ink: "NDArray[np.bool_]") -> bool:
    rows = np.flatnonzero(ink.any(axis=1))
    return bool(rows[-1] - rows[0] >= DOT)


def _with_parts(found: list[Segment], low: float, barred: "NDArray[np.bool_]") -> list[Segment]:
    """Segments with the parts of characters that stand apart from them: at the height of a line and near it, or above
    another part.
    """
    whole = sorted(found, key=lambda one: one.height)
    if sum(one.height < low for one in whole) > MANY:
        return found
    place = 0
    while place < len(whole) and whole[place].height < low:
        part, others = whole[place], whole[place + 1 :]
        near = [other for other in others if _belongs(part, other, low) and not _wall(part, other, barred)]
        if near:
            whole = [one for one in whole if one is not part and one is not near[-1]]
            whole = sorted([*whole, _around(part, near[-1])], key=lambda one: one.height)
            place = 0
        else:
            place += 1
    return whole


def _belongs(part: Segment, other: Segment, low: float) -> bool:
    beside = max(part.x - other.x - other.width, other.x - part.x - part.width)
    above = max(part.y - other.y - other.height, other.y - part.y - part.height)
    if other.height < low:
        return beside < -min(part.width, other.width) / 2 and above < 2 * low
    return above <= low / 4 and beside <= max(GAP, other.height)


def _wall(one: Segment, other: Segment, barred: "NDArray[np.bool_]") -> bool:
    left, right = sorted((one.x + one.width // 2, other.x + other.width // 2))
    return bool(barred[one.y + one.height // 2, left:right].any())


def _around(one: Segment, other: Segment) -> Segment:
    x, y = min(one.x, other.x), min(one.y, other.y)
    right, bottom = max(one.x + one.width, other.x + other.width), max(one.y + one.height, other.y + other.height)
    return Segment(x, y, right - x, bottom - y)


def _parted(text: "Image", one: Segment, usual: float) -> list[Segment]:
    """A segment that is too tall for one line, parted where rows of it hold no ink."""
    if one.height < TALL * usual:
        return [one]
    rows = text[one.y : one.y + one.height, one.x : one.x + one.width].any(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], rows, [False])).astype(np.int8)))
    runs = [(int(start), int(end)) for start, end in edges.reshape(-1, 2) if end - start >= SPECK // 2]
    return [Segment(one.x, one.y + start, one.width, end - start) for start, end in runs]


def crop(cleaned: "Image", one: Segment, least: int) -> "NDArray[Any]":
    """A line cut out, with some paper around it and at least `least` high, in three channels."""
    more = max(4, (least - one.height) // 2)
    top, left = max(0, one.y - more), max(0, one.x - 4)
    part = cleaned[top : one.y + one.height + more, left : one.x + one.width + 4]
    return cv2.cvtColor(part, cv2.COLOR_GRAY2BGR)


def shaped(picture: "NDArray[Any]", share: float) -> "NDArray[Any]":
    """A picture made so much wider or narrower."""
    return cv2.resize(picture, None, fx=share, fy=1, interpolation=cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC)
