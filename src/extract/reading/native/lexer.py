"""Bytes of a content stream → its operands and operators (ISO 32000-1, 7.2 to 7.3 and 7.8.2).

Plain Python that Cython compiles as it is: `lexer.pxd` beside it gives the types. Every index is checked, compiled or
not.
"""

from extract.reading.native.kinds import END, NUMBER, OBJECT, OPERATOR

WHITE, DELIMITER, NUMERIC = 1, 2, 3
LONG = -1  # the code of an operator longer than any that is known
ARRAY_ENDS, DICTIONARY_ENDS, IMAGE_DATA = 0x5D, 0x3E3E, 0x4944  # codes of ], >> and ID
NESTING = 64  # arrays and dictionaries inside of each other; deeper ones are read as if they ended there
_ESCAPES = {110: 10, 114: 13, 116: 9, 98: 8, 102: 12}  # n r t b f
_DIGITS = b"0123456789abcdefABCDEF"


def _kind(code: int) -> int:
    if code in b"\0\t\n\f\r ":
        return WHITE
    if code in b"()<>[]{}/%":
        return DELIMITER
    return NUMERIC if code in b"0123456789+-." else 0


KINDS = bytes(_kind(code) for code in range(256))


class Lexer:
    """Gives one token after the other: what kind it is, and what it says in an attribute.

    `value` is a number. `found` is another operand: a name as str, a string as bytes, an array as list, a dictionary as
    dict. `code` is an operator: its letters as one number, the first the highest; brackets that close are operators,
    too.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.end = len(data)
        self.value = 0.0
        self.found: object = None
        self.code = 0

    def next(self, depth: int = 0) -> int:
        """The kind of the next token, END at the end of the stream."""
        self.skip()
        if self.at >= self.end:
            return END
        code = self.data[self.at]
        kind = KINDS[code]
        if kind == NUMERIC:
            self.value = self.number()
            return NUMBER
        if kind == DELIMITER:
            return self.delimited(code, depth)
        return self.word()

    def skip(self) -> None:
        """To the next token: past white space and comments."""
        at = self.at
        while at < self.end:
            code = self.data[at]
            if code == 37:  # %
                while at < self.end and self.data[at] != 10 and self.data[at] != 13:
                    at += 1
            elif KINDS[code] != WHITE:
                break
            else:
                at += 1
        self.at = at

    def number(self) -> float:
        """A number as lenient readers take it: a sign inside of it and what follows a second point do not count."""
        at = self.at
        negative = self.data[at] == 45
        value = 0.0
        scale = 1.0
        points = 0
        while at < self.end:
            code = self.data[at]
            if 48 <= code <= 57:
                if points == 0:
                    value = value * 10.0 + (code - 48)
                elif points == 1:
                    scale *= 0.1
                    value += (code - 48) * scale
            elif code == 46:
                points += 1
            elif code != 45 and code != 43:
                break
            at += 1
        self.at = at
        return -value if negative else value

    def word(self) -> int:
        """An operator, or one of the words that are operands."""
        start = at = self.at
        code = 0
        while at < self.end:
            letter = self.data[at]
            kind = KINDS[letter]
            if kind in (WHITE, DELIMITER):
                break
            code = (code << 8 | letter) if at < start + 3 else LONG
            at += 1
        self.at = at
        if code == LONG:
            word = self.data[start:at]
            if word in (b"true", b"false", b"null"):
                self.found = word == b"true"
                return OBJECT
        self.code = code
        return OPERATOR

    def delimited(self, code: int, depth: int) -> int:
        self.at += 1
        kind = OBJECT
        if code == 40:  # (
            self.found = self.string()
        elif code == 47:  # /
            self.found = self.name()
        elif code == 91:  # [
            self.found = self.array(depth)
        elif code == 60:  # <
            if self.at < self.end and self.data[self.at] == 60:
                self.at += 1
                self.found = self.dictionary(depth)
            else:
                self.found = self.hexadecimal()
        else:
            kind = OPERATOR
            self.code = code
            if code == 62 and self.at < self.end and self.data[self.at] == 62:
                self.at += 1
                self.code = DICTIONARY_ENDS
        return kind

    def name(self) -> str:
        start = at = self.at
        escaped = False
        while at < self.end:
            code = self.data[at]
            kind = KINDS[code]
            if kind in (WHITE, DELIMITER):
                break
            if code == 35:  # #
                escaped = True
            at += 1
        self.at = at
        name = self.data[start:at].decode("latin-1")
        return unescaped(name) if escaped else name

    def string(self) -> bytes:
        """A literal string; its opening bracket is read already."""
        start = at = self.at
        while at < self.end:
            code = self.data[at]
            if code == 41:  # )
                self.at = at + 1
                return self.data[start:at]
            if code in (92, 40, 13):  # \ ( and a line end
                return self.long_string()
            at += 1
        self.at = at
        return self.data[start:at]

    def long_string(self) -> bytes:
        """A string with escapes, brackets or line ends in it (7.3.4.2)."""
        found = bytearray()
        open_brackets = 0
        while self.at < self.end:
            code = self.data[self.at]
            self.at += 1
            if code == 92:
                self.escape(found)
                continue
            if code == 41:
                if open_brackets == 0:
                    break
                open_brackets -= 1
            elif code == 40:
                open_brackets += 1
            elif code == 13:
                code = 10
                if self.at < self.end and self.data[self.at] == 10:
                    self.at += 1
            found.append(code)
        return bytes(found)

    def escape(self, found: bytearray) -> None:
        """Adds what stands for an escape whose backslash is read already."""
        if self.at >= self.end:
            return
        code = self.data[self.at]
        self.at += 1
        if 48 <= code <= 55:
            value = code - 48
            for _ in range(2):
                if self.at < self.end and 48 <= self.data[self.at] <= 55:
                    value = value * 8 + self.data[self.at] - 48
                    self.at += 1
            found.append(value & 255)
        elif code == 13:
            if self.at < self.end and self.data[self.at] == 10:
                self.at += 1
        elif code != 10:
            found.append(_ESCAPES.get(code, code))

    def hexadecimal(self) -> bytes:
        start = self.at
        stop = self.data.find(b">", start)
        if stop < 0:
            stop = self.end
        self.at = min(stop + 1, self.end)
        digits = self.data[start:stop]
        try:
            return bytes.fromhex(digits.decode("ascii"))
        except ValueError:  # an odd number of digits, or what are no digits
            kept = bytes(filter(_DIGITS.__contains__, digits))
            return bytes.fromhex((kept + b"0" * (len(kept) & 1)).decode("ascii"))

    def operand(self, kind: int) -> object:
        """The operand that a token of this kind is."""
        return self.value if kind == NUMBER else self.found

    def array(self, depth: int) -> list[object]:
        found: list[object] = []
        while True:
            kind = self.next(depth + 1) if depth < NESTING else END
            if kind == END or (kind == OPERATOR and self.code == ARRAY_ENDS):
                return found
            if kind != OPERATOR:
                found.append(self.operand(kind))

    def dictionary(self, depth: int) -> dict[str, object]:
        items: list[object] = []
        while True:
            kind = self.next(depth + 1) if depth < NESTING else END
            if kind == END or (kind == OPERATOR and self.code == DICTIONARY_ENDS):
                return {str(key): value for key, value in zip(items[::2], items[1::2], strict=False)}
            if kind != OPERATOR:
                items.append(self.operand(kind))

    def inline_image(self) -> bool:
        """Goes past an inline image whose BI is read already (8.9.7); whether it is a mask, through which the page
        shows.
        """
        masks = False
        before: object = None
        while True:
            kind = self.next()
            if kind == END or (kind == OPERATOR and self.code == IMAGE_DATA):
                break
            if kind == OPERATOR:
                before = None
                continue
            value = self.operand(kind)
            masks = masks or (before in ("IM", "ImageMask") and value is True)
            before = value
        at = self.at + 1
        while True:
            at = self.data.find(b"EI", at)
            if at < 0:
                self.at = self.end
                return masks
            after = self.data[at + 2] if at + 2 < self.end else 32
            if KINDS[self.data[at - 1]] == WHITE and KINDS[after] == WHITE:
                self.at = at + 2
                return masks
            at += 1


def unescaped(name: str) -> str:
    """A name with #-escapes resolved (7.3.5)."""
    first, *rest = name.split("#")
    found = first
    for part in rest:
        try:
            found += chr(int(part[:2], 16)) + part[2:]
        except ValueError:
            found += "#" + part
    return found


def text_string(text: bytes) -> str:
    """A text string of a PDF (7.9.2.2)."""
    return text[2:].decode("utf-16-be", "replace") if text.startswith(b"\xfe\xff") else text.decode("latin-1")
