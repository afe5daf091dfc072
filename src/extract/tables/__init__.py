"""Cells and lines of a document → printed tables with a meaning, and their rows."""
