"""Codes and names: one code has one name in a document, and none that belongs to a neighbouring code."""

from collections.abc import Iterator, Mapping

from extract.checks.completeness import told
from extract.checks.evidence import Evidence
from extract.model.report import Check
from extract.text import compared

REST = "99"  # how the code of what is left of a class ends
FUNCTIONAL = 3  # levels of the codes of functional classes; economic classes have two
SHORT = 4  # characters: a shorter name begins too many others


def check_names(evidence: Evidence) -> Iterator[Check]:
    """A code with two names, each once; a name with two codes of one class; and a name that the list of codes gives to
    another code of the same class.
    """
    schemas = evidence.schemas
    seen: dict[tuple[str, str], str] = {}
    coded: dict[tuple[str, str, str], str] = {}
    listed = {code: _plain(name, evidence) for code, name in schemas.codes.items()}
    full = frozenset(listed.values())
    said: set[tuple[str, str]] = set()
    for dataset in evidence.rows:
        columns = evidence.datasets[dataset].columns
        for field, column in columns.items():
            if column.type != "code" or column.name not in columns or field == "unit_code":
                continue
            for row in evidence.rows[dataset]:
                code, printed = str(row.values.get(field) or ""), str(row.values.get(column.name or "") or "")
                name = _plain(printed, evidence)
                if not code or not name or (code, name) in said:
                    continue
                said.add((code, name))
                before = seen.setdefault((field, code), name)
                first = coded.setdefault((field, code[:-2], name), code)
                if not _alike(before, name) or (before != name and {before, name} <= full):
                    yield told(schemas, "code-with-two-names", row.page, dataset, code=code, name=printed, other=before)
                elif len(first) == len(code) and first != code:
                    yield told(schemas, "name-with-two-codes", row.page, dataset, name=printed, code=code, other=first)
                elif other := _neighbour(code, name, listed, whole_list=len(column.levels) < FUNCTIONAL):
                    yield told(schemas, "name-of-another-code", row.page, dataset, code=code, name=printed, other=other)


def _plain(name: str, evidence: Evidence) -> str:
    return evidence.schemas.two_sided.class_suffix.sub("", compared(name))


def _alike(name: str, other: str) -> bool:
    """Whether two names are one: the same, or one the beginning of the other, as where it is cut off."""
    return name == other or (min(len(name), len(other)) >= SHORT and (name.startswith(other) or other.startswith(name)))


def _neighbour(code: str, name: str, listed: Mapping[str, str], whole_list: bool) -> str | None:
    """Another code of the same class whose name it is. Unless the list is whole, what is left of a class had other
    codes in other years: its name tells nothing of a code that is not in the list.
    """
    own, above = listed.get(code), code[:-2]
    sure = own is not None or whole_list
    if own is not None and _alike(own, name):
        return None
    return next(
        (
            other
            for other, listed_name in listed.items()
            if listed_name == name and other[:-2] == above and other != code and (sure or not other.endswith(REST))
        ),
        None,
    )
