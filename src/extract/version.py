"""The version of the program, written into what it produces."""

__version__ = "0.1.0"
