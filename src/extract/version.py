"""The version of the program, written into what it produces."""

__version__ = "0.2.0"
