"""Turns PDFs of Chinese budget disclosures into datasets that can be trusted."""

__version__ = "0.1.0"
