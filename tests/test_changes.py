"""Do the checks notice? Amounts of a sample changed one at a time, through the benchmark that measures it."""

import importlib
from types import ModuleType
from typing import Any

import pytest
from conftest import ROOT, SAMPLES

from extract.pipeline import Knowledge

EVERY = 80  # of the sample's amount cells: some 60 changes


@pytest.fixture(scope="module")
def changes() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        return importlib.import_module("changes")


@pytest.fixture(scope="module")
def document(changes: ModuleType, knowledge: Knowledge) -> Any:
    return changes.Document(SAMPLES[-1], knowledge)


@pytest.fixture(scope="module")
def measured(changes: ModuleType, knowledge: Knowledge) -> Any:
    return changes.measured(SAMPLES[-1], knowledge, EVERY)


def test_the_unchanged_sample_raises_no_false_alarm(measured: Any) -> None:
    assert (measured.status, measured.failing) == ("verified", ())


def test_every_amount_is_found_again_on_its_page_and_read_by_a_check(changes: ModuleType, measured: Any) -> None:
    count = measured.cells["located"]
    assert measured.cells == {"located": count, changes.COVERED: count}


def test_every_kind_of_change_is_made(changes: ModuleType, measured: Any) -> None:
    assert {outcome.kind for outcome in measured.outcomes} == set(changes.KINDS)
    assert len(measured.outcomes) >= 50


def test_a_changed_amount_beyond_rounding_is_caught(changes: ModuleType, measured: Any) -> None:
    """Rows that are lost whole are told apart: sums above and below may agree without them."""
    kept = [outcome for outcome in measured.outcomes if outcome.kind != changes.DROPPED]
    assert [outcome for outcome in kept if outcome.result not in (changes.BY_CHECK, changes.ROUNDING)] == []
    assert all(outcome.first for outcome in kept if outcome.first is not None)


def test_a_piece_put_back_unchanged_gives_the_same_report(document: Any) -> None:
    for step in sorted({spot.step for spot in document.spots}):
        assert document.changed(step, document.piece(step)) == document.report


def test_what_is_not_made_anew_would_come_out_the_same(changes: ModuleType, document: Any, measured: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "_narrowed", lambda rule, _touched: rule)  # every rule on every dataset
    assert tuple(map(document.outcome, changes.changes(document, EVERY))) == measured.outcomes
