"""What the clause before a figure says of it: of what it is, which aspect of that, and of which year and whom."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from extract.schemas.grammar import StatementFile
from extract.text import compared


class Figure(NamedTuple):
    """A number with its unit, or a word for `no change`, at its place in the folded sentence."""

    start: int
    end: int
    number: str | None
    unit: str | None


class Label(NamedTuple):
    """What the clause before a figure says: of what (empty where it goes on from the figure before), which aspect of
    it, its direction, whether it speaks of a year that is neither the document's nor the one before, and whether it
    may go on from the figure before.
    """

    text: str
    aspect: str
    direction: str | None
    foreign: bool = False
    goes_on: bool = False


class Own(NamedTuple):
    """The year and the agency, in compared form, that a document is of, how a text names years, and whether it is a
    final account.
    """

    year: int | None
    agency: str
    named_year: re.Pattern[str]
    final: bool

    def years(self, text: str) -> set[int]:
        """The years that a text names."""
        return {int(found["year"]) for found in self.named_year.finditer(text)}

    def is_foreign_chapter(self, headings: Sequence[str]) -> bool:
        """Whether the innermost heading that names a year names others only."""
        named = (self.years(compared(heading)) for heading in reversed(headings))
        years = next((found for found in named if found), set[int]())
        return self.year is not None and bool(years) and self.year not in years

    def is_foreign(self, opening: re.Pattern[str], clause: str) -> bool:
        """Whether a clause begins with the name of an organisation that is neither the agency's nor short for it."""
        found = opening.match(clause)
        named = found and next((name for name in (found["owner"], found["dated_owner"]) if name), None)
        if not named or not self.agency:
            return False
        one, other = set(named), set(self.agency)
        return not (one <= other or other <= one)


class LabelReader:
    """Reads labels by the words that statements.toml declares."""

    def __init__(self, declared: StatementFile) -> None:
        self._share = declared.share
        self._outturn = declared.outturn
        self._budgets = declared.budgets
        self._of_budget = {"_completion": declared.completion, "_deviation": declared.deviation}
        self._against_budget = declared.against_budget
        self._directions = {word: direction for direction, words in declared.directions.items() for word in words}
        moves = [word for word, direction in self._directions.items() if direction != "flat"]
        since, compares = declared.since.pattern, f"(?={declared.compares.pattern}){declared.since.pattern}"
        self._change = re.compile(rf"({compares})?(?P<subject>.*?){since}?(?P<word>{'|'.join(moves)})(了|额|数)?(为)?")
        self._since = re.compile(rf"({compares})?(?P<subject>.*?){since}(为|数)?")
        self.goes_on = re.compile(compares)

    def read(self, clause: str, figure: Figure, before: str, final: bool) -> Label:
        """The label of a figure: `clause` stands before it, at the end of all that the sentence says `before` it. Only
        a final account has figures of budgets beside those that were spent.
        """
        label = self._label(clause, figure)
        if not final:
            return label
        if figure.unit == "%" and not label.aspect:
            for aspect, words in self._of_budget.items():
                if found := words.search(before):
                    return Label(found["subject"], aspect, None)
        if label.aspect == "_change" and self._against_budget.fullmatch(label.text):
            return label._replace(text="", aspect="_over_budget")
        if label.aspect:
            return label._replace(text=self._spent(label.text))
        for aspect, words in self._budgets.items():
            if found := words.fullmatch(clause):
                return Label(found["subject"], aspect, None)
        spent = self._spent(label.text)
        return label._replace(text=spent, goes_on=spent != label.text)

    def _spent(self, text: str) -> str:
        """A subject without the words that say that it was spent."""
        found = self._outturn.fullmatch(text)
        return found["subject"] if found else text

    def _label(self, clause: str, figure: Figure) -> Label:
        since = self._since.fullmatch(clause)
        if figure.number is None:
            return Label(since["subject"] if since else clause, "_change", "flat")
        if figure.unit == "%" and self._share.fullmatch(clause):
            return Label("", "_share", None)
        change = self._change.fullmatch(clause)
        if change:
            return Label(change["subject"], "_change", self._directions[change["word"]])
        return Label(since["subject"], "_last_year", None) if since else Label(clause, "", None)


class Era:
    """Which year a sentence speaks of, from clause to clause: what 其中 lists is of the year of its whole."""

    def __init__(self, own: Own, lists: re.Pattern[str], foreign: bool) -> None:
        self._own = own
        self._lists = lists
        self._foreign = foreign
        self._whole: Label | None = None
        self._listing = False

    def dated(self, label: Label, clause: str, since: str) -> Label:
        """The label of the next clause with regard to the years that it names or goes on with; `since` is all that
        stands after the figure before.
        """
        if self._foreign:
            return label._replace(foreign=True)
        dated = _of_year(label, clause, self._own)
        if self._own.years(clause):
            self._whole, self._listing = (None if label.aspect else dated), False
        elif self._whole and not label.aspect and label.text:
            self._listing = self._listing or self._lists.search(since) is not None
            if self._listing:
                return label._replace(aspect=self._whole.aspect, foreign=self._whole.foreign)
        return dated


def _of_year(label: Label, clause: str, own: Own) -> Label:
    """The label with regard to the years that its clause names: a figure named with the year before is last year's."""
    named, year = own.years(clause), own.year
    if year is None or named <= {year}:
        return label
    if not named <= {year, year - 1}:
        return label._replace(foreign=True)
    return (
        label._replace(aspect=label.aspect or "_last_year")
        if year not in named
        else label._replace(foreign=not label.aspect)
    )
