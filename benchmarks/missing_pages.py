"""Whether a document of which a page is missing is still called `verified`: each page with a table is deleted in turn
from each PDF given that is `verified` as it stands, and the whole way is gone again.

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
    found: Counter[str] = Counter()
    for path in paths:
        content = Path(path).read_bytes()
        report = read_document(content, path, engine, knowledge)
        if report.status != "verified":
            continue
        tables = [table for table in report.tables if table.dataset]
        for page in sorted({page for table in tables for page in range(table.first_page, table.last_page + 1)}):
            status = read_document(without(content, page), path, engine, knowledge).status
            found[status] += 1
            if status == "verified":
                print(f"{path}: still verified without page {page}", flush=True)
    print(", ".join(f"{status} {count}" for status, count in sorted(found.items())) or "no verified PDF")


if __name__ == "__main__":
    main(sys.argv[1:])
