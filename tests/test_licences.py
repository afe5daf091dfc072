"""What an installation brings along may be used and passed on by anybody: no dependency binds the users' own work."""

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution

import pytest
from packaging.requirements import Requirement

DISTRIBUTION = "disclosure-extract"
EXTRAS = ("s3", "scan", "sql", "web")
FREE = {"mit", "bsd", "0bsd", "apache", "mpl", "psf", "python", "isc", "hpnd", "zlib", "unlicense"}  # words of licences
BINDING = {"gpl", "gplv2", "gplv3", "agpl", "affero", "commercial", "proprietary"}


def brought(name: str, extras: tuple[str, ...], seen: set[str]) -> Iterator[str]:
    """The distributions that this one needs, itself included; those that are not installed here are left out."""
    try:
        needs = distribution(name).requires or []
    except PackageNotFoundError:
        return
    if name in seen:
        return
    seen.add(name)
    yield name
    for need in map(Requirement, needs):
        if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield from brought(need.name.lower(), tuple(need.extras), seen)


def licence(name: str) -> str:
    """What a distribution says of its licence, in small letters: an expression, classifiers, or a text's first line."""
    told = distribution(name).metadata.json
    classified = [one for one in told.get("classifier", []) if one.startswith("License")]
    named = [str(told.get(key, "")).strip().partition("\n")[0] for key in ("license_expression", "license")]
    return " ".join([*named, *classified]).lower()


ALL = sorted(brought(DISTRIBUTION, EXTRAS, set()))


def test_the_dependencies_of_dependencies_are_looked_at() -> None:
    assert {"pdfplumber", "pdfminer.six", "pyarrow", "numpy"} <= set(ALL)


@pytest.mark.parametrize("name", ALL)
def test_nothing_that_is_installed_binds_what_people_do_with_it(name: str) -> None:
    words = set(re.findall("[a-z0-9]+", licence(name)))
    assert words & FREE, f"{name}: {licence(name)!r}"
    assert not words & BINDING, f"{name}: {licence(name)!r}"
