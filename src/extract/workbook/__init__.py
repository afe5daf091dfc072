"""Workbooks for readers: one a document, its tables as they are printed, and one for all documents of out/."""
