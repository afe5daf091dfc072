"""The lowest versions that pyproject.toml allows, as constraints for pip: `python .ci/lowest.py > lowest.txt`."""

import re
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"
BOUND = re.compile(r"^([\w.-]+)(?:\[[^]]*\])?\s*>=\s*([\w.]+)")
EXTRAS = ("s3", "scan", "sql", "web", "dask")  # what tests need besides is as new as it comes


def main() -> None:
    told = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    needs = [*told["dependencies"], *(need for name in EXTRAS for need in told["optional-dependencies"][name])]
    bounds = dict(match.groups() for need in needs if (match := BOUND.match(need)))
    sys.stdout.writelines(f"{name}=={version}\n" for name, version in sorted(bounds.items()))


if __name__ == "__main__":
    main()
