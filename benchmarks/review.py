"""What the review pages cost beside the reading, in one process, the steps taking turns round by round.

See README.md beside this file.
"""

import argparse
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from contenders import Contender, Document, Job
from rounds import Timing, run_rounds
from speed import documents_of

from extract.document.pipeline import Knowledge, read_document
from extract.model.report import Outcome, Picture, Report
from extract.out.packed import PackedDocument, pack
from extract.reading.base import reader
from extract.reading.pictures import pictures
from extract.review.document import document_page, shown_pages
from extract.runs.output import write_packed
from extract.schemas.load import load

READING, DATASETS, TEXT, PICTURES, OVERVIEW = (
    "reading",
    "writing datasets",
    "review pages, text",
    "review pages, pictures",
    "writing with overview",
)


class Read:
    """The documents as read, with their pictures: what the steps after reading begin with."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._schemas = load()
        knowledge = Knowledge(self._schemas)
        self.contents = [path.read_bytes() for path, _ in documents]
        self.reports = [
            read_document(content, str(path), reader("pdfium"), knowledge)
            for content, (path, _) in zip(self.contents, documents, strict=True)
        ]
        self.pictures = self.draw()

    def draw(self, *_: object) -> list[dict[int, Picture]]:
        return [
            pictures(content, shown_pages(report)) for content, report in zip(self.contents, self.reports, strict=True)
        ]

    def pages(self, *_: object) -> list[bytes]:
        return [
            document_page(report, drawn, self._schemas)
            for report, drawn in zip(self.reports, self.pictures, strict=True)
        ]

    def write(self, files: Sequence[dict[str, bytes]], *_: object) -> None:
        with tempfile.TemporaryDirectory() as folder:
            outcomes = map(Outcome, self.reports, files)
            pieces = [PackedDocument(pack(outcome, self._schemas, None)) for outcome in outcomes]
            write_packed(Path(folder), self._schemas, pieces, by_year=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "inputs", nargs="*", type=Path, metavar="PDF or folder", help="default: the reports of 烟台, else the samples"
    )
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    options = parser.parse_args()
    documents = documents_of(options.inputs)
    read = Read(documents)
    pages = read.pages()
    print("\n".join([*_sizes(read, pages), "", *_table(run_rounds(_steps(read, pages), documents, options.rounds))]))


def _steps(read: Read, pages: Sequence[bytes]) -> list[Contender]:
    job = Job()
    return [
        Contender(READING, job.read, prepare=job.forget),
        Contender(DATASETS, partial(read.write, [{} for _ in pages])),
        Contender(TEXT, read.pages),
        Contender(PICTURES, read.draw),
        Contender(OVERVIEW, partial(read.write, [{"review": page} for page in pages])),
    ]


def _sizes(read: Read, pages: Sequence[bytes]) -> list[str]:
    drawn = [picture.png for pictures in read.pictures for picture in pictures.values()]
    return [
        f"{len(read.reports)} file(s), {sum(report.pages for report in read.reports)} pages, {len(drawn)} pictured",
        f"pictures: {_megabytes(drawn):.2f} MB, {100 * _megabytes(drawn) / max(len(drawn), 1):.2f} MB for 100 "
        f"pictured pages",
        f"review pages: {_megabytes(pages):.2f} MB, {100 * _megabytes(pages) / _page_count(read.reports):.2f} "
        f"MB for 100 pages of the reports",
    ]


def _megabytes(files: Sequence[bytes]) -> float:
    return sum(map(len, files)) / 1e6


def _page_count(reports: Sequence[Report]) -> int:
    return max(sum(report.pages for report in reports), 1)


def _table(timings: Sequence[Timing]) -> list[str]:
    reading = timings[0]
    lines = [f"{'':26} {'ms/page':>9} {'spread':>8} {'x reading':>10} {'cpu ms/page':>12} {'x reading':>10}"]
    for one in timings:
        clock = f"{one.ms_a_page:>9.3f} {one.spread:>8.0%} {one.ms_a_page / reading.ms_a_page:>10.2f}"
        lines.append(
            f"{one.name:26} {clock} {one.cpu_ms_a_page:>12.3f} {one.cpu_ms_a_page / reading.cpu_ms_a_page:>10.2f}"
        )
    return lines


if __name__ == "__main__":
    main()
