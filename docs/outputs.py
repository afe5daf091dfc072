"""Writes the lower part of docs/outputs.md from schemas/datasets.toml and schemas/places/: every dataset and column of
out/.
"""

from collections.abc import Iterator
from pathlib import Path

from extract.out.arrow import arrow_type
from extract.out.datapackage import primary_key
from extract.schemas.grammar import Dataset, FieldDefinition, Schemas
from extract.schemas.load import load

TARGET = Path(__file__).parent / "outputs.md"
_KINDS = {
    "table": "Printed tables 公开表",
    "form": "Performance forms 绩效目标表",
    "list": "Lists inside the forms 绩效指标",
    "beside": "Beside the tables 表外",
}
MADE_BELOW = "<!-- made from schemas/ by python docs/outputs.py -->"


def text(schemas: Schemas) -> str:
    """The page: its upper part as it is, then a list of the datasets and the columns of each."""
    written, _, _ = TARGET.read_text(encoding="utf-8").partition(MADE_BELOW)
    kinds = [part for kind, title in _KINDS.items() for part in _kind(schemas, kind, title)]
    return written + "\n".join([MADE_BELOW, "", *_contents(schemas), "", *kinds])


def _contents(schemas: Schemas) -> list[str]:
    rows = [f"| [`{one.name}`](#{one.name}) | {one.zh} | {one.en} |" for one in schemas.datasets.values()]
    return ["| dataset | 数据集 | |", "|---|---|---|", *rows]


def _kind(schemas: Schemas, kind: str, title: str) -> Iterator[str]:
    yield f"## {title}\n"
    for dataset in schemas.datasets.values():
        if dataset.kind == kind:
            yield from _dataset(schemas, dataset)


def _dataset(schemas: Schemas, dataset: Dataset) -> Iterator[str]:
    yield f"### {dataset.name}\n\n{dataset.zh}。{dataset.en}\n"
    places = [place.zh for place in schemas.places if dataset.name in place.complete]
    if places:
        yield f"Printed by every disclosure of 必印此表: {'; '.join(places)}.\n"
    key = primary_key(dataset)
    if key:
        yield f"Key: {', '.join(f'`{name}`' for name in key)}.\n"
    yield "| column | type | 列 | meaning |\n|---|---|---|---|"
    yield from (_column(name, field) for name, field in dataset.columns.items())
    yield ""


def _column(name: str, field: FieldDefinition) -> str:
    unit = " 万元" if field.type == "money" else ""
    never_null = ", never null" if field.required else ""
    allowed = f" One of {', '.join(f'`{value}`' for value in field.values)}." if field.values else ""
    named = f" Named by `{field.name}`." if field.name else ""
    return f"| `{name}` | {arrow_type(name, field)}{unit}{never_null} | {field.zh} | {field.en}{allowed}{named} |"


if __name__ == "__main__":
    TARGET.write_text(text(load()), encoding="utf-8")
