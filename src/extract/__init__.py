"""Turns PDFs of Chinese budget disclosures into datasets that can be trusted.

    >>> import extract
    >>> report = extract.read("report.pdf")
    >>> report.status
    'verified'
    >>> report.arrow("revenue")     # a pyarrow.Table
    >>> report.pandas("revenue")    # a pandas.DataFrame

Importing the package loads no PDF library, no pandas and no pyarrow; the first call does.
"""

from typing import TYPE_CHECKING, Any

from extract.version import __version__

if TYPE_CHECKING:
    from extract.api import Disclosure, read

__all__ = ["Disclosure", "__version__", "read"]


def __getattr__(name: str) -> Any:
    if name in ("Disclosure", "read"):
        from extract import api

        return getattr(api, name)
    raise AttributeError(f"module 'extract' has no attribute {name!r}")
