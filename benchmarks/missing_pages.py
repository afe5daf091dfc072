"""Whether a document of which a page is missing is still called `verified`: each page is deleted in turn from each PDF
given that is `verified` as it stands, and the whole way is gone again. Pages with tables and pages of text are counted
apart.

    python benchmarks/missing_pages.py ../shared/reports/苏州/*.pdf
"""

import io
import sys
from collections import Counter
from pathlib import Path

import pikepdf

from extract.document.pipeline import Knowledge, read_document
from extract.reading.base import DEFAULT_READER, reader
from extract.schemas.load import load


def without(content: bytes, page: int) -> bytes:
    """The PDF without its page of that number, from 1."""
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        del pdf.pages[page - 1]
        pdf.save(stream)
    return stream.getvalue()


def main(paths: list[str]) -> None:
    knowledge, engine = Knowledge(load()), reader(DEFAULT_READER)
    found: dict[str, Counter[str]] = {"a table": Counter(), "text": Counter()}
    for path in paths:
        content = Path(path).read_bytes()
        report = read_document(content, path, engine, knowledge)
        if report.status != "verified":
            continue
        spans = [range(table.first_page, table.last_page + 1) for table in report.tables if table.dataset]
        for page in range(1, report.pages + 1):
            kind = "a table" if any(page in span for span in spans) else "text"
            status = read_document(without(content, page), path, engine, knowledge).status
            found[kind][status] += 1
            if status == "verified":
                print(f"{path}: still verified without page {page}, {kind}", flush=True)
    for kind, counts in found.items():
        said = ", ".join(f"{status} {count}" for status, count in sorted(counts.items())) or "none"
        print(f"without a page of {kind}: {said}")


if __name__ == "__main__":
    main(sys.argv[1:])
