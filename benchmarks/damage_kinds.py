"""Documents spoiled by chance: bytes, objects and content streams of a PDF changed in one place or a few."""

import io
import random
from collections.abc import Callable, Mapping, Sequence

import pikepdf

LONGEST = 40  # bytes of a run that is cut out, doubled or swapped
TOKENS: Sequence[bytes] = (b"[", b"]", b"<<", b">>", b"(", b")", b"<", b">", b"\\", b"%", b"q ", b"Q ", b"BT ", b"ET ")
TOKENS = (*TOKENS, b"BI ", b" ID ", b" EI ", b"1e99 ", b"-", b"0 0 0 0 0 0 cm ", b"0 Tr ", b"3 Tr ", b"endstream ")


def spoiled_bytes(content: bytes, chance: random.Random) -> bytes:
    """The file with bytes changed, cut out, doubled or swapped, or its end cut off."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 2, 5, 20))):
        _change(changed, chance)
    if not chance.randrange(12):
        del changed[chance.randrange(len(changed)) :]
    return bytes(changed)


def _change(data: bytearray, chance: random.Random) -> None:
    at, size = chance.randrange(len(data) + 1), chance.randrange(1, LONGEST)
    kind = chance.randrange(6)
    if kind < 2:
        data[at : at + 1] = bytes((chance.randrange(256),))
    elif kind == 2:
        del data[at : at + size]
    elif kind == 3:
        data[at:at] = data[at : at + size]
    elif kind == 4:
        data[at:at] = chance.choice(TOKENS)
    else:
        data[at : at + 2 * size] = data[at + size : at + 2 * size] + data[at : at + size]


def spoiled_content(content: bytes, chance: random.Random) -> bytes:
    """The file with the content stream of one page changed."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        page = chance.choice(list(pdf.pages))
        page.contents_coalesce()
        data = bytearray(page.Contents.read_bytes())
        for _ in range(chance.choice((1, 1, 1, 2, 5))):
            _change(data, chance)
        page.Contents = pdf.make_stream(bytes(data))
        return _saved(pdf)


def spoiled_objects(content: bytes, chance: random.Random) -> bytes:
    """The file with some entries of its dictionaries and arrays gone or of another value, or another stream changed."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        held = [one for one in pdf.objects if isinstance(one, (pikepdf.Dictionary, pikepdf.Array, pikepdf.Stream))]
        for _ in range(chance.choice((1, 1, 2, 4))):
            _spoil(pdf, chance.choice(held), chance)
        return _saved(pdf)


def _spoil(pdf: pikepdf.Pdf, one: pikepdf.Object, chance: random.Random) -> None:
    if isinstance(one, pikepdf.Stream) and chance.randrange(2):
        data = bytearray(one.read_raw_bytes() if "/Length1" in one else _unpacked(one))
        _change(data, chance)
        one.write(bytes(data))
        return
    values = [_value(pdf, chance) for _ in range(2)]
    if isinstance(one, pikepdf.Array):
        if len(one):
            one[chance.randrange(len(one))] = values[0]
        return
    keys = [key for key in one.keys() if key != "/Length"]  # noqa: SIM118 (a pikepdf dictionary iterates over objects)
    if keys and chance.randrange(3):
        one[chance.choice(keys)] = values[0]
    elif keys:
        del one[chance.choice(keys)]


def _unpacked(stream: pikepdf.Object) -> bytes:
    try:
        return bytes(stream.read_bytes())
    except pikepdf.PdfError:
        return bytes(stream.read_raw_bytes())


def _value(pdf: pikepdf.Pdf, chance: random.Random) -> object:
    """A number, a name, a text, a list, or any other object of the file, so that things point where they should not."""
    kind = chance.randrange(7)
    if kind == 0:
        return chance.choice((0, 1, -1, 2**31, 90, 10**9))
    if kind == 1:
        return chance.choice((pikepdf.Name.Page, pikepdf.Name.Font, pikepdf.Name.Form, pikepdf.Name.FlateDecode))
    if kind == 2:
        return pikepdf.String(chance.choice(("", "x", "\0" * 9, "../../x")))
    if kind == 3:
        return pikepdf.Array([chance.randrange(-9, 999) for _ in range(chance.randrange(8))])
    return chance.choice(list(pdf.objects))


def _saved(pdf: pikepdf.Pdf) -> bytes:
    stream = io.BytesIO()
    pdf.save(stream, fix_metadata_version=False)  # what it says of itself may be spoiled
    return stream.getvalue()


def unpacked(content: bytes) -> bytes:
    """The file with its streams as they are read, so that a changed byte is a changed word and not a broken stream."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        stream = io.BytesIO()
        pdf.save(
            stream,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
        return stream.getvalue()


def pages_of(content: bytes, start: int, count: int) -> bytes:
    """So many pages of the file, from the one at `start`."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        del pdf.pages[start + count :]
        del pdf.pages[:start]
        pdf.remove_unreferenced_resources()
        return _saved(pdf)


KINDS: Mapping[str, Callable[[bytes, random.Random], bytes]] = {
    "bytes": spoiled_bytes,
    "bytes of streams": lambda content, chance: spoiled_bytes(unpacked(content), chance),
    "content streams": spoiled_content,
    "objects": spoiled_objects,
}
