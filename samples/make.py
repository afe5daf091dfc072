"""Make the sample disclosures beside this file: `python samples/make.py` (needs LibreOffice and the Noto CJK fonts)."""

import hashlib
import re
import subprocess
import tempfile
from pathlib import Path

from sample_maker.budget import Budget, load
from sample_maker.flat_odt import FlatText
from sample_maker.forms import forms
from sample_maker.prose import Line, Prose
from sample_maker.sheets import Style, print_form
from sample_maker.targets import print_targets

HERE = Path(__file__).parent
OLD_STYLE_UNTIL = 2024


def compose(budget: Budget) -> str:
    """A year's disclosure as flat OpenDocument text."""
    style = Style(old=budget.year <= OLD_STYLE_UNTIL)
    prose = Prose(budget, style)
    title = f"{budget.year}年{budget.name}单位预算"
    text = FlatText(title, f"{budget.year}-02-20T09:00:00")
    text.paragraph(title, "cover", page="cover")
    text.paragraph("目 录", "contents-title", page="portrait")
    add(text, prose.contents())
    add_part(text, "第一部分", "单位概况", style, prose.duties())
    add_part(text, "第二部分", f"{budget.year}年单位预算表", style)
    for form in forms(budget, style):
        print_form(text, form, budget.name, style)
    add_part(text, "第三部分", f"{budget.year}年单位预算情况和重要事项说明", style, prose.explanation())
    for project in budget.projects:
        print_targets(text, budget, project, style)
    add_part(text, "第四部分", "名词解释", style, prose.glossary())
    return text.xml()


def add(text: FlatText, lines: list[Line]) -> None:
    """Append paragraphs."""
    for style, line in lines:
        text.paragraph(line, style)


def add_part(text: FlatText, number: str, title: str, style: Style, lines: list[Line] | None = None) -> None:
    """Append a part under its title, which has a page to itself in the newer style and before tables."""
    inline = style.old and lines is not None
    text.paragraph(number, "part-inline" if inline else "part", page="portrait")
    text.paragraph(title, "part-inline" if inline else "part-title")
    if not inline and lines:
        text.paragraph(lines[0][1], lines[0][0], page="portrait")
        lines = lines[1:]
    add(text, lines or [])


def convert(source: Path, folder: Path) -> Path:
    """Have LibreOffice turn a file into a PDF, with a profile of its own so that no other instance is in the way."""
    options = '{"ExportBookmarks":{"type":"boolean","value":"false"},"UseTaggedPDF":{"type":"boolean","value":"false"}}'
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            f"pdf:writer_pdf_Export:{options}",
            "--outdir",
            str(folder),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return folder / f"{source.stem}.pdf"


def steady(pdf: bytes, year: int) -> bytes:
    """The file without what differs from one run to the next: the date of making and the identifier."""
    pdf = re.sub(rb"/CreationDate\(D:\d{14}", b"/CreationDate(D:%d0220090000" % year, pdf)
    pdf = re.sub(rb"/DocChecksum /[0-9A-F]{32}", b"/DocChecksum /" + b"0" * 32, pdf)
    name = hashlib.md5(b"%d" % year, usedforsecurity=False).hexdigest().upper().encode()
    return re.sub(rb"(/ID \[ <)[0-9A-F]{32}(>\s+<)[0-9A-F]{32}>", rb"\g<1>" + name + rb"\g<2>" + name + b">", pdf)


def main() -> None:
    """Write one PDF a year."""
    for budget in load(HERE / "unit.toml"):
        stem = f"{budget.year}年{budget.name}单位预算"
        with tempfile.TemporaryDirectory() as name:
            source = Path(name) / f"{stem}.fodt"
            source.write_text(compose(budget), encoding="utf-8")
            made = convert(source, Path(name)).read_bytes()
        target = HERE / f"{stem}.pdf"
        target.write_bytes(steady(made, budget.year))
        print(f"{target.name}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
