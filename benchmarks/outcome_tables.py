"""What is said about the outcomes of all changes."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from outcomes import (
    BOUNDED,
    BY_CHECK,
    COVERED,
    KINDS,
    MISSED,
    PROSE_KINDS,
    RESULTS,
    RIGHT,
    UNCOVERED,
    WRONG,
    Measured,
    Outcome,
)

CAUSES_SHOWN = 40


def _kind_table(title: str, groups: dict[str, list[Outcome]]) -> list[str]:
    width = max((len(name) for name in groups), default=0) + 2
    heads = (
        "changes",
        "by check",
        "%",
        "by status",
        "rounding",
        "zero lost",
        "no check",
        "bound only",
        "covered",
        "first %",
        "suspect %",
        "wrong %",
    )
    lines = [f"{title:<{width}}" + "".join(f"{head:>11}" for head in heads)]
    return lines + [
        f"{name:<{width}}" + "".join(f"{figure:>11}" for figure in _figures(outcomes))
        for name, outcomes in groups.items()
    ]


def _figures(outcomes: Sequence[Outcome]) -> list[str]:
    counts = Counter(outcome.result for outcome in outcomes)
    blamed = [outcome.suspect for outcome in outcomes if outcome.suspect]
    first = [outcome.first for outcome in outcomes if outcome.first is not None]
    seen = [str(counts[result]) for result in RESULTS]
    return [
        str(len(outcomes)),
        seen[0],
        _share(counts[BY_CHECK], len(outcomes)),
        *seen[1:],
        _share(sum(first), len(first)),
        _share(blamed.count(RIGHT), len(blamed)),
        _share(blamed.count(WRONG), len(blamed)),
    ]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "-"


def _grouped(outcomes: Iterable[Outcome], name: Callable[[Outcome], str]) -> dict[str, list[Outcome]]:
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[name(outcome)].append(outcome)
    return dict(groups)


def report(results: Sequence[Measured], show: int) -> list[str]:
    outcomes = [outcome for one in results for outcome in one.outcomes]
    stated = [outcome for one in results for outcome in one.stated]
    by_dataset = dict(sorted(_grouped(outcomes, lambda outcome: outcome.dataset).items()))
    return [
        *_coverage_lines(results),
        "",
        *_kind_table("kind of change", _by_kind(outcomes, KINDS)),
        "",
        *_kind_table("dataset", by_dataset),
        "",
        "rounding, zero lost, no check, bound only, covered: not noticed. rounding: the narrowest check "
        "leaves that room; zero lost: nothing but",
        "zeros went; no check reads the cell; bound only: it may only not be above another, or is held "
        "against the nearest; covered: a check",
        "ties the cell and did not fail. first, suspect, wrong: of the rewritten numbers that a check "
        "caught, in how many the first failing check",
        "reads the changed cell, the first suspect is that cell, and another cell is suspected first.",
        "",
        *_missed_lines(outcomes, show),
        "",
        *_stated_lines(results),
        "",
        *_kind_table("change of prose", _by_kind(stated, PROSE_KINDS)),
        "",
        *_missed_lines(stated, show),
    ]


def _by_kind(outcomes: Sequence[Outcome], kinds: Sequence[str]) -> dict[str, list[Outcome]]:
    """The outcomes of each kind of change, and all of them."""
    found = _grouped(outcomes, lambda outcome: outcome.kind)
    return {**{kind: found[kind] for kind in kinds if kind in found}, "all": list(outcomes)}


def _stated_lines(results: Sequence[Measured]) -> list[str]:
    figures = Counter[str]()
    for one in results:
        figures.update(one.figures)
    count = figures[COVERED] + figures[BOUNDED] + figures[UNCOVERED]
    return [
        f"{count} figures of the prose in them, {figures['located']} found again on the page; "
        f"{_covered(figures, count)}"
    ]


def _covered(counts: Counter[str], whole: int) -> str:
    bounded, none = _share(counts[BOUNDED], whole), _share(counts[UNCOVERED], whole)
    return f"covered by a check: {_share(counts[COVERED], whole)} %; by a bound only: {bounded} %; by none: {none} %"


def _coverage_lines(results: Sequence[Measured]) -> list[str]:
    cells = Counter[str]()
    for one in results:
        cells.update(one.cells)
    count = cells[COVERED] + cells[BOUNDED] + cells[UNCOVERED]
    verified = [one for one in results if one.status == "verified"]
    lines = [
        f"{len(results)} document(s), {len(verified)} verified and changed; {count} amount cells in them, "
        f"{cells['located']} found again on the page",
        _covered(cells, count),
        f"documents with a failing check as they stand: {sum(bool(one.failing) for one in results)}",
    ]
    for one in results:
        if one.status != "verified":
            rules = ", ".join(f"{rule} ×{times}" for rule, times in Counter(one.failing).items())
            lines.append(f"  {one.document}: {one.status}{': ' + rules if rules else ''}")
    return lines


def _missed_lines(outcomes: Sequence[Outcome], show: int) -> list[str]:
    missed = sorted(
        (outcome for outcome in outcomes if outcome.result in MISSED), key=lambda outcome: MISSED.index(outcome.result)
    )
    if not missed:
        return ["no change was missed"]
    causes = Counter((outcome.result, outcome.dataset, outcome.column, outcome.kind) for outcome in missed)
    lines = [f"missed: {len(missed)}, most frequent first", f"{'':<11} {'changes':>7}  column and kind"]
    lines += [
        f"{cause:<11} {times:>7}  {dataset}.{column}: {kind}"
        for (cause, dataset, column, kind), times in causes.most_common(CAUSES_SHOWN)
    ]
    if show:
        lines += ["", *(_one_line(outcome) for outcome in missed[:show])]
    return lines


def _one_line(one: Outcome) -> str:
    place = f"{one.dataset}:{one.row}:{one.column} {one.item or ''}"
    return f"{one.result}: {one.document}: {place}: {one.kind}: {one.printed} -> {one.changed or 'nothing'}"
