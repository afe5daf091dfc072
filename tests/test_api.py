"""The Python interface, and what importing it costs."""

import subprocess
import sys
from decimal import Decimal

import pyarrow as pa
import pytest
from conftest import SAMPLES

import extract
from extract.errors import UnreadableError


def test_a_report_gives_arrow_and_pandas() -> None:
    report = extract.read(SAMPLES[1])
    assert (report.status, len(report.failures)) == ("failed", 3)
    table = report.arrow("revenue")
    assert table.schema.field("total").type == pa.decimal128(20, 6)
    frame = report.pandas("revenue")
    assert frame["total"].iloc[0] == Decimal("3519.26")
    assert frame["exp_func_code"].isna().sum() == 1
    assert "government_procurement_items" not in report.datasets
    assert {"revenue", "facts", "checks", "documents"} <= set(report.datasets)


def test_what_cannot_be_read_is_an_exception(tmp_path: "pytest.TempPathFactory") -> None:
    path = f"{tmp_path}/no.pdf"
    with open(path, "w", encoding="utf-8") as stream:
        stream.write("no PDF")
    with pytest.raises(UnreadableError):
        extract.read(path)
    with pytest.raises(FileNotFoundError):
        extract.read(f"{tmp_path}/nothing.pdf")


@pytest.mark.parametrize("code", ["import extract", "from extract.cli import cli; cli(['--help'], standalone_mode=False)"])
def test_importing_and_help_load_no_heavy_library(code: str) -> None:
    heavy = ["pypdfium2", "pdfplumber", "pandas", "pyarrow", "numpy", "pydantic", "rich", "jinja2", "PIL"]
    script = f"{code}\nimport sys\nloaded = [name for name in {heavy!r} if name in sys.modules]\nassert not loaded, loaded"
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
