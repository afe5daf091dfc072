"""The Python interface: a document, a folder of results."""
