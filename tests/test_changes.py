"""Do the checks notice? Amounts of a sample changed one at a time, through the benchmark that measures it."""

import importlib
from types import ModuleType
from typing import Any

import pytest
from conftest import ROOT, SAMPLES

from extract.document.pipeline import Knowledge

EVERY = 80  # of the sample's amount cells: some 60 changes


@pytest.fixture(scope="module")
def changes() -> ModuleType:
    return benchmark("changes")


@pytest.fixture(scope="module")
def outcomes() -> ModuleType:
    return benchmark("outcomes")


def benchmark(name: str) -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        return importlib.import_module(name)


@pytest.fixture(scope="module")
def document(changes: ModuleType, knowledge: Knowledge) -> Any:
    return changes.Document(SAMPLES[-1], knowledge)


@pytest.fixture(scope="module")
def measured(changes: ModuleType, knowledge: Knowledge) -> Any:
    return changes.measured(SAMPLES[-1], knowledge, EVERY)


def test_the_unchanged_sample_raises_no_false_alarm(measured: Any) -> None:
    assert (measured.status, measured.failing) == ("verified", ())


def test_every_amount_is_found_again_on_its_page_and_read_by_a_check(outcomes: ModuleType, measured: Any) -> None:
    count = measured.cells["located"]
    assert measured.cells == {"located": count, outcomes.COVERED: count}


def test_every_kind_of_change_is_made(outcomes: ModuleType, measured: Any) -> None:
    assert {outcome.kind for outcome in measured.outcomes} == set(outcomes.KINDS)
    assert len(measured.outcomes) >= 50


def test_a_changed_amount_beyond_rounding_is_caught(outcomes: ModuleType, measured: Any) -> None:
    """Rows that are lost whole are told apart: sums above and below may agree without them."""
    kept = [outcome for outcome in measured.outcomes if outcome.kind != outcomes.DROPPED]
    assert [outcome for outcome in kept if outcome.result not in (outcomes.BY_CHECK, outcomes.ROUNDING)] == []
    assert all(outcome.first for outcome in kept if outcome.first is not None)


def test_a_fragment_put_back_unchanged_gives_the_same_report(document: Any) -> None:
    for step in sorted({spot.step for spot in document.spots}):
        assert document.changed(step, document.fragment(step)) == document.report


def test_what_is_not_made_anew_would_come_out_the_same(
    changes: ModuleType, document: Any, measured: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        benchmark("held_documents"), "_narrowed", lambda rule, _touched: rule
    )  # every rule on every dataset
    assert tuple(map(document.outcome, changes.changes(document, EVERY))) == measured.outcomes


def test_every_figure_of_the_prose_is_found_again_and_a_line_put_back_gives_the_same_report(document: Any) -> None:
    assert len(document.places) == sum(one.quantity is not None for one in document.report.statements)
    for place in document.places:
        again = document.reworded(place.line, document.lines[place.line])
        assert again.statements == document.report.statements
        assert set(again.checks) == set(document.report.checks)


def test_a_changed_figure_that_a_check_covers_is_caught(
    changes: ModuleType, outcomes: ModuleType, document: Any
) -> None:
    """But for last digits, which percentages leave room for."""
    made = [document.stated_outcome(change) for change in changes.stated_changes(document, 3)]
    assert {outcome.kind for outcome in made} == set(outcomes.PROSE_KINDS)
    large = [outcome for outcome in made if outcome.kind in (outcomes.LEADING, outcomes.DIRECTION)]
    unseen = {outcome.column for outcome in large if outcome.result not in (outcomes.BY_CHECK, outcomes.BOUNDED)}
    assert unseen <= {
        "equipment_over_1m",
        "key_evaluation_project_count",
        "key_evaluation_funds",
        "key_evaluation_fiscal_appropriation",
    }
