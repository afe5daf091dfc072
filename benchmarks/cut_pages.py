"""Whether documents that are right are blamed, or stay verified without some of their numbers, where the edge of every
page cuts off a strip at one side: as a crop box or a printer does.

    python benchmarks/cut_pages.py [FOLDER-OR-PDF …] [--share 0.12]
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pikepdf

from extract.document.pipeline import Knowledge, read_document
from extract.model.report import Report
from extract.reading.base import DEFAULT_READER, reader
from extract.schemas.load import load

REPORTS = Path(__file__).resolve().parents[2] / "shared" / "reports"
SIDES = {"left": 0, "bottom": 1, "right": 2, "top": 3}  # as the page is seen, and where a box has them
TURNED = {0: (0, 1, 2, 3), 90: (1, 2, 3, 0), 180: (2, 3, 0, 1), 270: (3, 0, 1, 2)}


class Right(NamedTuple):
    """A verified document, and how many numbers were read of it."""

    path: Path
    numbers: int


def cut(path: Path, side: str, share: float) -> bytes:
    """The document with so much of every page cut off at a side."""
    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            box = [float(edge) for edge in page.mediabox]
            edge = TURNED[int(page.obj.get("/Rotate", 0)) % 360][SIDES[side]]
            size = box[2 + edge % 2] - box[edge % 2]
            box[edge] += share * size * (1 if edge < 2 else -1)
            page.MediaBox = pikepdf.Array(box)
            if "/CropBox" in page.obj:
                del page.obj["/CropBox"]
        content = BytesIO()
        pdf.save(content)
    return content.getvalue()


def numbers(report: Report) -> int:
    return sum(1 for _ in report.facts()) + len(report.statements)


def documents(paths: list[str], knowledge: Knowledge) -> Iterator[Right]:
    for path in (Path(one) for one in paths or [str(REPORTS)]):
        for file in sorted(path.rglob("*.pdf")) if path.is_dir() else [path]:
            report = read_document(file.read_bytes(), file.name, reader(DEFAULT_READER), knowledge)
            if report.status == "verified":
                yield Right(file, numbers(report))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*")
    parser.add_argument("--share", type=float, default=0.12)
    options = parser.parse_args()
    knowledge = Knowledge(load())
    right = list(documents(options.paths, knowledge))
    for side in SIDES:
        ended = Counter[str]()
        for one in right:
            content = cut(one.path, side, options.share)
            report = read_document(content, one.path.name, reader(DEFAULT_READER), knowledge)
            blamed = [check for check in report.checks if (check.verdict, check.cause) == ("fail", "document")]
            ended[report.status] += 1
            for check in blamed:
                print(f"{one.path.name} blamed, {side}: {check.message.zh[:80]}")
            if report.status == "verified" and numbers(report) != one.numbers:
                print(f"{one.path.name} verified, {side}: {numbers(report)} of {one.numbers} numbers")
        print(f"{side}: {len(right)} documents, {dict(ended)}")


if __name__ == "__main__":
    main()
