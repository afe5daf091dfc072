"""Turns PDFs of Chinese budget disclosures into datasets that can be trusted.

    >>> import extract
    >>> report = extract.read("report.pdf")
    >>> report.status
    'verified'
    >>> report["revenue"]           # a pandas.DataFrame, as report.pandas("revenue") is
    >>> report.arrow("revenue")     # a pyarrow.Table
    >>> report.page(7).to_image()   # a picture with the cells and what does not tie drawn on
    >>> [one.status for one in extract.read_folder("reports/")]
    >>> out = extract.open_folder("out/")
    >>> out.pandas("revenue")       # the same of every document that runs have written there

Importing the package loads no PDF library, no pandas and no pyarrow; the first call does.
"""

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any

from extract.version import __version__

if TYPE_CHECKING:
    from extract.errors import ExtractError
    from extract.python.document import Disclosure, read, read_folder
    from extract.python.folder import Folder, open_folder

logging.getLogger(__name__).addHandler(logging.NullHandler())  # a library says nothing unless it is asked
__all__ = ["Disclosure", "ExtractError", "Folder", "__version__", "open_folder", "read", "read_folder"]
_LOADED_ON_USE = {
    "Disclosure": "extract.python.document",
    "ExtractError": "extract.errors",
    "read": "extract.python.document",
    "read_folder": "extract.python.document",
    "Folder": "extract.python.folder",
    "open_folder": "extract.python.folder",
}


def __getattr__(name: str) -> Any:
    if name in _LOADED_ON_USE:
        return getattr(import_module(_LOADED_ON_USE[name]), name)
    raise AttributeError(f"module 'extract' has no attribute {name!r}")
