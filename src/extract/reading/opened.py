"""PDFium on a document, which it gets as it is, but for forms that draw themselves."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2


def pdfium_document(content: bytes) -> pypdfium2.PdfDocument:
    """The document as PDFium opens it. Raises PdfiumError."""
    return pypdfium2.PdfDocument(without_own_calls(content))


def without_own_calls(content: bytes) -> bytes:
    """The document without the calls by which a form draws itself, be it through other forms. A viewer paints nothing
    there; PDFium would follow two such calls 2 ** 40 times.
    """
    if b"/Form" not in content:
        return content
    try:
        with pikepdf.open(BytesIO(content), suppress_warnings=True) as pdf:
            done: set[object] = set()
            drawn = (form for page in pdf.pages for form in _forms(page.obj).values())
            if not sum(_mended(form, {}, frozenset(), done) for form in drawn):
                return content
            buffer = BytesIO()
            pdf.save(buffer)
            return buffer.getvalue()
    except Exception:  # of the library, of any kind where a file is damaged or locked: PDFium says what is wrong
        return content


def _forms(holder: Any) -> dict[str, Any]:
    """The forms that a page or form has names for."""
    found = holder.get("/Resources", {}).get("/XObject", {})
    return {name: one for name, one in found.items() if one.get("/Subtype") == "/Form"}


def _mended(form: Any, outer: dict[str, Any], drawing: frozenset[object], done: set[object]) -> int:
    """How many forms had to lose calls: of this one and those that it draws. `drawing` are the forms that draw it,
    `outer` the forms that these have names for.
    """
    if form.objgen in done:
        return 0
    done.add(form.objgen)
    drawing |= {form.objgen}
    names = _forms(form) if "/Resources" in form else outer
    called = {name: names[name] for name in _called(form) if name in names}
    own = {name for name, inner in called.items() if inner.objgen in drawing}
    if own:
        kept = [one for one in pikepdf.parse_content_stream(form) if not _calls(one, own)]
        form.write(pikepdf.unparse_content_stream(kept))
    others = (inner for name, inner in called.items() if name not in own)
    return bool(own) + sum(_mended(inner, names, drawing, done) for inner in others)


def _called(form: Any) -> Iterator[str]:
    return (str(one.operands[0]) for one in pikepdf.parse_content_stream(form, "Do") if len(one.operands))


def _calls(instruction: Any, names: set[str]) -> bool:
    operands = instruction.operands
    return str(instruction.operator) == "Do" and len(operands) > 0 and str(operands[0]) in names
