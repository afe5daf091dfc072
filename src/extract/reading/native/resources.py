"""PDF objects as the interpreter of page content asks for them: fonts, forms, images, states and layers by name (ISO
32000-1, 7.8.3).
"""

from collections.abc import Iterator
from typing import Any

import pikepdf

from extract.reading.native.fonts import font_of
from extract.reading.native.objects import entry, numbers
from extract.reading.native.signs import Font

IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
PLAIN = ("/DeviceGray", "/DeviceRGB", "/DeviceCMYK", "/CalGray", "/CalRGB", "/ICCBased", "/G", "/RGB", "/CMYK")
FONTS = 4096  # kept of a document
LARGEST_MASK = 4_000_000  # pixels: a larger one is not looked at


class Form:
    """A form XObject (8.10): content with a matrix, a box and names of its own. `key` is the same wherever it is
    named.
    """

    is_image = False
    opaque = False

    def __init__(self, stream: Any, names: "Resources", off: bool) -> None:
        self._stream = stream
        self.key: object = stream.objgen if stream.objgen != (0, 0) else id(stream)
        self.off = off
        own = entry(stream, "/Resources")
        self.resources = names if own is None else Resources(own, names.shared)
        self.matrix = numbers(entry(stream, "/Matrix"), 6) or IDENTITY
        x0, y0, x1, y1 = numbers(entry(stream, "/BBox"), 4) or (0.0, 0.0, 0.0, 0.0)
        self.box = [x0, y0, x1 - x0, y1 - y0]
        self.is_group = "/Group" in stream

    def content(self) -> bytes:
        return bytes(self._stream.read_bytes())


class Picture:
    """An image XObject (8.9). One with a mask of any kind lets the page show through, unless nothing is masked."""

    is_image = True

    def __init__(self, stream: Any, off: bool) -> None:
        self.off = off
        masked = any(key in stream for key in ("/Mask", "/SMaskInData")) or bool(entry(stream, "/ImageMask", False))
        self.opaque = not masked and _lets_nothing_through(entry(stream, "/SMask"))


def _lets_nothing_through(mask: Any) -> bool:
    """Whether a soft mask (11.6.5.3) is full everywhere, as of a screenshot; one that is not read may not be."""
    if mask is None:
        return True
    size = int(entry(mask, "/Width", 0)) * int(entry(mask, "/Height", 0))
    if not 0 < size <= LARGEST_MASK or int(entry(mask, "/BitsPerComponent", 0)) != 8 or "/Decode" in mask:
        return False
    try:
        return bool(mask.read_bytes().strip(b"\xff") == b"")
    except pikepdf.PdfError:  # packed in a way that pikepdf does not unpack
        return False


class Shared:
    """What the pages of a document have in common: fonts by object, and the layers that are off."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.fonts: dict[tuple[int, int], Font | None] = {}
        self.layers_off = frozenset(_layers_off(pdf.Root.get("/OCProperties")))

    def font(self, font: Any) -> Font | None:
        key = font.objgen
        if key == (0, 0):
            return _font(font)
        if key not in self.fonts:
            if len(self.fonts) >= FONTS:
                self.fonts.clear()
            self.fonts[key] = _font(font)
        return self.fonts[key]

    def is_off(self, layer: Any) -> bool:
        """Whether content of a layer, or of a group of layers with a policy (8.11.2), is not shown."""
        if layer is None:
            return False
        if entry(layer, "/Type") != "/OCMD":
            return layer.objgen in self.layers_off
        members = entry(layer, "/OCGs")
        if members is None:
            return False
        off = [one.objgen in self.layers_off for one in (members if isinstance(members, pikepdf.Array) else [members])]
        policy = str(entry(layer, "/P", "/AnyOn"))
        return bool(off) and not {"/AllOn": not any(off), "/AnyOff": any(off), "/AllOff": all(off)}.get(
            policy, not all(off)
        )


def _font(font: Any) -> Font | None:
    try:
        return font_of(font)
    except Exception:  # of the library, of any kind: the font is damaged, and another reader reads the page
        return None


def _layers_off(properties: Any) -> Iterator[tuple[int, int]]:
    """Layers that are off as the document opens (8.11.4)."""
    if properties is None:
        return
    default = entry(properties, "/D", {})
    on = {layer.objgen for layer in entry(default, "/ON", [])}
    if entry(default, "/BaseState") == "/OFF":
        yield from (layer.objgen for layer in entry(properties, "/OCGs", []) if layer.objgen not in on)
    yield from (layer.objgen for layer in entry(default, "/OFF", []))


class Resources:
    """The names that one content stream uses."""

    def __init__(self, names: Any, shared: Shared) -> None:
        self._names = names
        self.shared = shared
        self.fonts: dict[str, Font] = {}  # that were asked for, as are these states
        self.states: dict[str, dict[str, Any]] = {}
        self._known: dict[tuple[str, str], Any] = {}
        self._categories: dict[str, Any] = {}

    def _get(self, category: str, name: str) -> Any:
        if category not in self._categories:
            self._categories[category] = None if self._names is None else entry(self._names, category)
        found = self._categories[category]
        return None if found is None else found.get("/" + name)  # names in any encoding

    def font(self, name: str) -> Font | None:
        found = self._get("/Font", name)
        font = None if found is None else self.shared.font(found)
        if font is not None:
            self.fonts[name] = font
        return font

    def external(self, name: str) -> Form | Picture | None:
        key = ("external", name)
        if key not in self._known:
            self._known[key] = self._external(name)
        return self._known[key]  # type: ignore[no-any-return]

    def _external(self, name: str) -> Form | Picture | None:
        found = self._get("/XObject", name)
        if not isinstance(found, pikepdf.Stream):
            return None
        off = self.shared.is_off(entry(found, "/OC"))
        return Form(found, self, off) if entry(found, "/Subtype") == "/Form" else Picture(found, off)

    def parameters(self, name: str) -> dict[str, Any]:
        """Of a graphics state: alphas, pen, font, and whether what it paints lets the page show through."""
        found = self.states[name] = self._parameters(name)
        return found

    def _parameters(self, name: str) -> dict[str, Any]:
        state = self._get("/ExtGState", name)
        if state is None:
            return {}
        found: dict[str, Any] = {key: float(state[f"/{key}"]) for key in ("ca", "CA", "LW") if f"/{key}" in state}
        if "/SMask" in state or "/BM" in state:
            mode = entry(state, "/BM", "/Normal")
            found["masked"] = entry(state, "/SMask", "/None") != "/None" or mode not in ("/Normal", "/Compatible")
        if "/Font" in state:
            font, size = state["/Font"]
            found["font"] = (self.shared.font(font), float(size))
        return found

    def plain(self, name: str) -> bool:
        """Whether the numbers of a colour space are grey, RGB or CMYK; of a pattern or a spot colour they are not."""
        key = ("space", name)
        if key not in self._known:
            self._known[key] = self._plain(name)
        return bool(self._known[key])

    def _plain(self, name: str) -> bool:
        if "/" + name in PLAIN:
            return True
        space = self._get("/ColorSpace", name)
        if isinstance(space, pikepdf.Array) and len(space):
            return space[0] in PLAIN
        return space in PLAIN

    def properties(self, name: str) -> tuple[bool, str | None]:
        """Of marked content: whether its layer is off, and the text that it stands for (14.9.4)."""
        key = ("properties", name)
        if key not in self._known:
            found = self._get("/Properties", name)
            text = entry(found, "/ActualText") if isinstance(found, pikepdf.Dictionary) else None
            self._known[key] = self.shared.is_off(found), None if text is None else str(text)
        return self._known[key]  # type: ignore[no-any-return]
