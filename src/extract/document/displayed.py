"""Boxes of pages that were turned to be read → where they stand on the pages as they are displayed."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from extract.model.page import Box, Turn
from extract.model.report import Report


def displayed(report: Report, turns: Mapping[int, Turn]) -> Report:
    """The report with its boxes on the pages as they are displayed; `turns` are those of the pages turned."""
    moved: Report = _moved(report, turns, None) if turns else report
    return moved


def _moved(value: Any, turns: Mapping[int, Turn], page: int | None) -> Any:
    """A record with all that it holds; a box stands on the page that the nearest record around it names."""
    if isinstance(value, Box):
        turn = turns.get(page) if page else None
        return turn.back(value) if turn else value
    page = getattr(value, "page", page)
    if isinstance(value, tuple):
        moved = (_moved(one, turns, page) for one in value)
        return value._make(moved) if hasattr(value, "_make") else tuple(moved)
    if isinstance(value, dict):
        return {key: _moved(one, turns, page) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _moved(getattr(value, one.name), turns, page) for one in fields(value)})
    return value
