"""The content of a page, taken apart so that it can be printed otherwise: runs of text, paths and pictures, each with
all that it is painted with, in the order of painting.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf

from extract.reading.native.reader import inherited, view
from extract.reading.native.resources import Resources, Shared
from extract.reading.native.signs import Font

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
THIN = 3.0  # points: a path not thicker than this is a ruling
_BUILD, _CLIP = {"m", "l", "c", "v", "y", "h", "re"}, {"W", "W*"}
_PAINT = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "n"}
_SET = {"g": "1 fill", "rg": "1 fill", "k": "1 fill", "sc": "1 fill", "scn": "1 fill", "cs": "0 fill"}
_SET |= {name.upper(): place.replace("fill", "stroke") for name, place in _SET.items()} | {"w": "w", "d": "d"}
_SET |= {"SCN": "1 stroke", "gs": "0 gs", "J": "J", "j": "j"}


@dataclass(frozen=True)
class Paint:
    """What is set while something is painted: the matrix, the clips, and every other setting as it is written."""

    matrix: Matrix = IDENTITY
    clips: tuple[bytes, ...] = ()
    settings: dict[str, bytes] = field(default_factory=dict)

    def written(self, body: bytes) -> bytes:
        settings = b" ".join(self.settings[key] for key in sorted(self.settings))
        return b"\n".join([b"q", *self.clips, settings, cm(self.matrix), body, b"Q"])


@dataclass(frozen=True)
class Run:
    """Codes of one string: each with its bytes, its text and where it begins, in text space of the matrix."""

    paint: Paint
    matrix: Matrix
    font: str
    size: float
    stretch: float
    mode: int
    rise: float
    codes: tuple[tuple[bytes, str, float, float], ...]  # bytes, text, start, width
    before: bytes = b""

    @property
    def text(self) -> str:
        return "".join(text for _, text, _, _ in self.codes)

    @property
    def place(self) -> tuple[float, float]:
        """Where it begins on the page, in the page's own coordinates."""
        whole = times((1, 0, 0, 1, self.codes[0][2], self.rise), times(self.matrix, self.paint.matrix))
        return whole[4], whole[5]

    @property
    def length(self) -> float:
        """How far it reaches, in points of the page."""
        whole = times(self.matrix, self.paint.matrix)
        return (self.codes[-1][2] + self.codes[-1][3] - self.codes[0][2]) * math.hypot(whole[0], whole[1])

    @property
    def height(self) -> float:
        whole = times(self.matrix, self.paint.matrix)
        return self.size * math.hypot(whole[2], whole[3])

    def parts(self) -> Iterator["Run"]:
        """Each code as a run of its own."""
        for code in self.codes:
            yield replace(self, codes=(code,))

    def moved(self, x: float, y: float) -> "Run":
        """Moved on the page, in the page's own coordinates."""
        return replace(self, paint=replace(self.paint, matrix=times(self.paint.matrix, (1, 0, 0, 1, x, y))))

    def written(self) -> bytes:
        unit = self.size * self.stretch / 1000
        parts, along = [], self.codes[0][2]
        for raw, _, start, width in self.codes:
            if abs(start - along) > 1e-6:
                parts.append(number((along - start) / unit))
            parts.append(b"<" + raw.hex().encode() + b">")
            along = start + width
        line = times((1, 0, 0, 1, self.codes[0][2], 0), self.matrix)
        body = b"BT /%s %s Tf 0 Tc 0 Tw %s Tz %d Tr %s Ts %s Tm [%s] TJ ET" % (
            self.font.encode(),
            number(self.size),
            number(self.stretch * 100),
            self.mode,
            number(self.rise),
            numbers(line),
            b"".join(parts),
        )
        return self.paint.written(self.before + body)


@dataclass(frozen=True)
class Path:
    """A path as it is written, how it is painted, and the box around it in the page's own coordinates."""

    paint: Paint
    body: bytes
    operator: bytes
    box: tuple[float, float, float, float]

    @property
    def is_flat(self) -> bool:
        return self.box[3] - self.box[1] <= THIN

    @property
    def is_upright(self) -> bool:
        return not self.is_flat and self.box[2] - self.box[0] <= THIN

    @property
    def is_ruling(self) -> bool:
        """Thin, or stroked: the frame of a cell is."""
        return self.is_flat or self.is_upright or self.operator in (b"S", b"s")

    def written(self) -> bytes:
        return self.paint.written(self.body + b" " + self.operator)


@dataclass(frozen=True)
class Drawn:
    """Whatever else is painted, as it is written."""

    paint: Paint
    body: bytes

    def written(self) -> bytes:
        return self.paint.written(self.body)


Item = Run | Path | Drawn


def taken_apart(page: Any, shared: Shared) -> list[Item]:
    """What a page paints, in its order."""
    return list(_Walk(Resources(inherited(page, "/Resources"), shared)).items(page))


class _Walk:
    def __init__(self, names: Resources) -> None:
        self._names = names
        self._paint = Paint()
        self._stack: list[tuple[Paint, dict[str, float], tuple[str, float, Font | None]]] = []
        self._text = {"Tc": 0.0, "Tw": 0.0, "Tz": 100.0, "TL": 0.0, "Tr": 0.0, "Ts": 0.0}
        self._font: tuple[str, float, Font | None] = ("", 0.0, None)
        self._matrix = self._line = IDENTITY
        self._path: list[bytes] = []
        self._points: list[tuple[float, float]] = []
        self._clips = False

    def items(self, page: Any) -> Iterator[Item]:
        for operands, operator in pikepdf.parse_content_stream(page):
            name, plain = str(operator), list(operands)
            if name in _BUILD or name in _CLIP:
                self._build(name, plain)
            elif name in _PAINT:
                yield from self._painted(name)
            elif name in ("Tj", "TJ", "'", '"'):
                yield from self._shown(name, plain)
            elif name in ("Do", "sh") or name == "INLINE IMAGE":
                yield Drawn(self._paint, pikepdf.unparse_content_stream([(operands, operator)]))
            else:
                self._set(name, plain, operands, operator)

    def _set(self, name: str, plain: Sequence[Any], operands: Any, operator: Any) -> None:
        if name == "q":
            self._stack.append((self._paint, dict(self._text), self._font))
        elif name == "Q" and self._stack:
            self._paint, self._text, self._font = self._stack.pop()
        elif name == "cm":
            self._paint = replace(self._paint, matrix=times(_matrix(plain), self._paint.matrix))
        elif name == "Tf":
            self._font = str(plain[0])[1:], float(plain[1]), self._names.font(str(plain[0])[1:])
        elif name in self._text:
            self._text[name] = float(plain[0])
        elif name in _SET:
            raw = pikepdf.unparse_content_stream([(operands, operator)])
            self._paint = replace(self._paint, settings={**self._paint.settings, _SET[name]: raw})
        else:
            self._move(name, plain)

    def _move(self, name: str, plain: Sequence[Any]) -> None:
        """Where text goes on."""
        if name == "BT":
            self._matrix = self._line = IDENTITY
        elif name == "Tm":
            self._matrix = self._line = _matrix(plain)
        elif name in ("Td", "TD", "T*"):
            x, y = (0.0, -self._text["TL"]) if name == "T*" else (float(plain[0]), float(plain[1]))
            if name == "TD":
                self._text["TL"] = -y
            self._matrix = self._line = times((1, 0, 0, 1, x, y), self._line)

    def _build(self, name: str, plain: Sequence[Any]) -> None:
        if name in _CLIP:
            self._clips = True
            self._clip = name.encode()
            return
        values = [float(one) for one in plain]
        self._path.append(b" ".join([*map(number, values), name.encode()]))
        if name == "re":
            x, y, width, height = values
            values = [x, y, x + width, y + height, x, y + height, x + width, y]
        for x, y in zip(values[::2], values[1::2], strict=False):
            self._points.append(apply(self._paint.matrix, x, y))

    def _painted(self, name: str) -> Iterator[Item]:
        body = b" ".join(self._path)
        if self._clips:
            back = inverse(self._paint.matrix)
            clip = b"%s %s %s n %s" % (cm(self._paint.matrix), body, self._clip, cm(back))
            self._paint = replace(self._paint, clips=(*self._paint.clips, clip))
        if name != "n" and self._points:
            xs, ys = [x for x, _ in self._points], [y for _, y in self._points]
            yield Path(self._paint, body, name.encode(), (min(xs), min(ys), max(xs), max(ys)))
        self._path, self._points, self._clips = [], [], False

    def _shown(self, name: str, plain: Sequence[Any]) -> Iterator[Run]:
        if name in ("'", '"'):
            if name == '"':
                self._text["Tw"], self._text["Tc"] = float(plain[0]), float(plain[1])
            self._matrix = self._line = times((1, 0, 0, 1, 0, -self._text["TL"]), self._line)
        alias, size, font = self._font
        if font is None:
            raise ValueError("an unknown font")
        stretch = self._text["Tz"] / 100
        codes, along = [], 0.0
        for part in plain[0] if name == "TJ" else [plain[-1]]:
            if isinstance(part, (int, float)) or not isinstance(part, pikepdf.String):
                along -= float(part) * size * stretch / 1000
                continue
            raw = bytes(part)
            for code, written in _codes(font, raw):
                sign = font.sign(code)
                width = sign.width * size * stretch
                codes.append((written, sign.text or "", along, width))
                along += width + self._text["Tc"] * stretch
                if font.single and code == 32:
                    along += self._text["Tw"] * stretch
        if codes:
            mode, rise = int(self._text["Tr"]), self._text["Ts"]
            yield Run(self._paint, self._matrix, alias, size, stretch, mode, rise, tuple(codes))
        self._matrix = times((1, 0, 0, 1, along, 0), self._matrix)


def _codes(font: Font, raw: bytes) -> Iterator[tuple[int, bytes]]:
    """The codes of a string, each with its bytes."""
    if font.split is not None:
        for code in font.split(raw):
            yield code, code.to_bytes((code.bit_length() + 7) // 8, "big")[1:]  # its bytes stand behind a 1
        return
    step = 1 if font.single else 2
    for place in range(0, len(raw) - step + 1, step):
        yield int.from_bytes(raw[place : place + step], "big"), raw[place : place + step]


def written(items: Iterable[Item]) -> bytes:
    return b"\n".join(item.written() for item in items)


# ---- matrices and numbers --------------------------------------------------------------------------------------------


def times(one: Sequence[float], other: Sequence[float]) -> Matrix:
    """The matrix that does the one first and then the other."""
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def apply(matrix: Sequence[float], x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def inverse(matrix: Sequence[float]) -> Matrix:
    a, b, c, d, e, f = matrix
    size = a * d - b * c
    return (d / size, -b / size, -c / size, a / size, (c * f - d * e) / size, (b * e - a * f) / size)


def number(value: float) -> bytes:
    return (f"{value:.5f}".rstrip("0").rstrip(".") or "0").encode()


def numbers(values: Iterable[float]) -> bytes:
    return b" ".join(map(number, values))


def cm(matrix: Iterable[float]) -> bytes:
    return numbers(matrix) + b" cm"


def to_page(page: Any) -> Matrix:
    """The matrix from the page as displayed to the page's own coordinates."""
    return inverse(view(page)[0])


def _matrix(plain: Sequence[Any]) -> Matrix:
    a, b, c, d, e, f = (float(one) for one in plain)
    return a, b, c, d, e, f
