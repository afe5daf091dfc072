"""Keeps pandas out of the processes of the command: importing it takes a quarter of a second."""

import sys
from importlib.abc import MetaPathFinder

import pyarrow as pa


class _NoPandas(MetaPathFinder):
    """Finds no pandas."""

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        if name == "pandas":
            raise ImportError(name)


def keep_pandas_out() -> None:
    """The first array that Arrow makes of Python values looks whether pandas is there, and imports it if so. Told that
    it is not, Arrow takes none of its values any more, so this is for processes that give it none; others may still
    import pandas.
    """
    if "pandas" in sys.modules:
        return
    finder = _NoPandas()
    sys.meta_path.insert(0, finder)
    try:
        pa.array([0])
    finally:
        sys.meta_path.remove(finder)
