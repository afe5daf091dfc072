"""Grids of a document → printed tables, joined over their pages.

A fragment begins a table, goes on with the one before, or is not known. What joins two fragments is the same title, the
same header or, where a page goes on without either, the same columns at the same places; never the number of columns
alone.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from extract.model.page import Line
from extract.model.report import GridPart
from extract.schemas.vocabulary import Form
from extract.tables.body import LINE_GAP, extend, notes_below, take_rows, with_engine
from extract.tables.captions import Caption, CaptionReader
from extract.tables.cut_headers import below_its_header, is_part_of_header
from extract.tables.forms import FormReader, OpenForm
from extract.tables.fragments import Fragment
from extract.tables.headers import HEAD_ROWS, likely_body
from extract.tables.joining import as_wide, goes_on, is_beside, is_understood, same_columns, same_fields, same_width
from extract.tables.leaves import Shape
from extract.tables.open_tables import Assembled, OpenTable, Unknown
from extract.tables.printed_rows import Printed
from extract.tables.shapes import ShapeReader
from extract.tables.titles import Title
from extract.text import compared

SENTENCE = "。"
CAPTIONS = 5  # lines that stand over a table, at most
CONTENTS = 4  # a grid that prints so many titles of tables is a contents page


class Readers(NamedTuple):
    """What reads captions, headers and forms with one vocabulary."""

    captions: CaptionReader
    shapes: ShapeReader
    forms: FormReader


class Assembler:
    """Gathers the fragments of a document, given in order, into `tables`."""

    def __init__(self, readers: Readers) -> None:
        self._captions, self._shapes, self._forms = readers
        self.tables: list[Assembled] = []
        self._cut: Fragment | None = None  # the last one added, if it is no more than the first rows of a header
        self._waiting: tuple[Line, ...] = ()  # captions at the end of a page without grids, whose table is not there
        self._below: tuple[Line, ...] = ()  # the same below the last grid of a page

    def add(self, fragment: Fragment) -> None:
        below, self._below = self._below, self._captions_below(fragment)
        if below and below[0].page == fragment.grid.page - 1 and not self._is_captioned(fragment, below):
            fragment = fragment._replace(above=(*below, *fragment.above))
        lines = _texts(fragment)
        cells = [cell.text for cell in fragment.grid.cells if cell.row < HEAD_ROWS]
        titles = list(self._captions.titles_of(lines, cells))
        contents = sum(self._captions.titles.read(cell.text) is not None for cell in fragment.grid.cells)
        cut, self._cut = self._cut, None
        waiting, self._waiting = self._waiting, ()
        if waiting and not titles and self._add_below_captions(waiting, fragment):
            return
        if cut and not titles and self._add_below_cut_header(cut, fragment):
            return
        if contents < CONTENTS and (self._add_titled(fragment, titles, lines) or self._add_untitled(fragment)):
            return
        if contents >= CONTENTS and self._add_told_by_header(fragment):
            return
        if contents < CONTENTS and self._add_homeless(fragment, titles, lines):
            return
        self._cut = fragment if titles and is_part_of_header(fragment.grid) else None
        self.tables.append(self._unknown(fragment, titles[0].text if titles and contents < CONTENTS else None))

    def pass_over(self, page: int) -> None:
        """A page that says nothing new stands between: what goes on after it goes on from the page before."""
        last = self.tables[-1] if self.tables else None
        if isinstance(last, OpenTable | OpenForm) and last.last_page == page - 1:
            last.last_page = page

    def _add_below_cut_header(self, cut: Fragment, fragment: Fragment) -> bool:
        """Whether the fragment is the table whose title and first rows stand at the end of the page before."""
        grid = below_its_header(cut.grid, fragment.grid)
        lines = [line.text for line in cut.above]
        titles = self._captions.titles_of(lines, [cell.text for cell in cut.grid.cells])
        if grid is None or not self._add_titled(fragment._replace(grid=grid), list(titles), lines):
            return False
        table = self.tables.pop()
        self.tables[-1] = table  # in the place of the rows that were not known
        if isinstance(table, OpenTable):
            table.first_page = cut.grid.page
        return True

    def _add_below_captions(self, waiting: tuple[Line, ...], fragment: Fragment) -> bool:
        """Whether the fragment is the table whose title stands alone at the end of the page before."""
        if waiting[0].page != fragment.grid.page - 1:
            return False
        told = self.tables.pop()  # as one that cannot be read
        above = (*waiting, *fragment.above)
        lines = [line.text for line in above]
        if self._add_titled(fragment._replace(above=above), list(self._captions.titles_of(lines, [])), lines):
            return True
        self.tables.append(told)
        return False

    def _captions_below(self, fragment: Fragment) -> tuple[Line, ...]:
        """A title below a grid with what stands around it, to the end of the page: that of the table on the next. A
        number alone may be, too.
        """
        lines = fragment.below
        titled = [place for place, line in enumerate(lines) if self._captions.titles.read(line.text)]
        numbered = [place for place, line in enumerate(lines) if self._captions.titles.number_of(line.text)]
        if not titled and not numbered:
            return ()
        start = (titled or numbered)[-1]
        if start and self._captions.titles.number_of(lines[start - 1].text):
            start -= 1
        own = lines[start:]
        return own if len(own) <= CAPTIONS and not any(SENTENCE in line.text for line in own) else ()

    def _is_captioned(self, fragment: Fragment, below: Sequence[Line]) -> bool:
        """Whether a fragment has a caption of its own beside the lines at the end of the page before: a number, if they
        are no more than that, else a title.
        """
        lines = _texts(fragment)
        if any(self._captions.titles.read(line.text) for line in below):
            return self._captions.heading(lines, []) is not None
        return any(map(self._captions.titles.number_of, lines))

    def _unknown(self, fragment: Fragment, title: str | None) -> Unknown:
        """A grid as it is printed, with what can be told of it all the same."""
        grid = fragment.grid
        head = likely_body(grid)
        cells = [cell.text for cell in grid.cells if cell.row < head]
        lines = [line.text for line in fragment.above]
        caption = self._captions.read(None, lines, cells)
        return Unknown(
            grid.page,
            title,
            fragment.engine,
            grid.cells,
            heading=title or self._captions.heading(lines, cells),
            number=caption.number,
            unit=caption.unit,
            notes=tuple(notes_below(fragment.below, self._captions)),
            parts=(GridPart(grid, head),),
        )

    def add_captions(self, lines: Sequence[Line], engine: str) -> None:
        """A number line with a title beside it on a page without grids, or the title of one that goes on over
        lines that are no sentences: a table that is printed but cannot be read.
        """
        for place, line in enumerate(lines[:-1]):
            below = (one.text for one in lines[place + 1 :])
            if self._goes_on_below(line) and not any(SENTENCE in text for text in below):
                self.tables.append(Unknown(line.page, line.text, engine, (), (line,)))
                return
        for place, (line, following) in enumerate(pairwise(lines)):
            title = self._captions.titles.read(following.text)
            if title and self._captions.titles.number_of(line.text) and not title.number:
                self.tables.append(Unknown(line.page, title.text, engine, (), (line,)))
                self._waiting = tuple(lines[place:]) if len(lines) - place <= CAPTIONS else ()

    def _goes_on_below(self, line: Line) -> bool:
        """Whether a line is the title of the table on the page before."""
        last = self.tables[-1] if self.tables else None
        if not isinstance(last, OpenTable | OpenForm) or last.last_page != line.page - 1:
            return False
        title = self._captions.titles.read(line.text)
        return title is not None and title.text == (last.title.text if isinstance(last, OpenTable) else last.title)

    def _add_titled(self, fragment: Fragment, titles: Sequence[Title], lines: Sequence[str]) -> bool:
        """Whether one of the titles is that of the fragment: a table with that header, or a form."""
        for title in titles:
            shape = self._shapes.best(fragment.grid, title)
            if shape and is_understood(shape, title):
                texts = [cell.text for cell in fragment.grid.cells if cell.row < shape.first]
                self._add_with_header(fragment, self._captions.read(title, lines, texts), shape, (*lines, *texts))
                return True
            form = next((form for form in self._forms.forms if form.concept == title.concept.name), None)
            if form and self._add_to_form(fragment, form, title):
                return True
        return False

    def _add_homeless(self, fragment: Fragment, titles: Sequence[Title], lines: Sequence[str]) -> bool:
        """Whether the fragment is a table whose title and columns are known, but that no dataset holds."""
        for title in titles:
            shape = self._shapes.homeless(fragment.grid, title) if title.concept.rows != "form" else None
            if shape:
                texts = [cell.text for cell in fragment.grid.cells if cell.row < shape.first]
                self._add_with_header(fragment, self._captions.read(title, lines, texts), shape, (*lines, *texts))
                return True
        return False

    def _add_untitled(self, fragment: Fragment) -> bool:
        """Whether the fragment goes on with the table or form before, or is a form that its labels tell."""
        last = self.tables[-1] if self.tables else None
        if isinstance(last, OpenTable) and fragment.grid.page <= last.last_page + 1:
            entitled = self._is_entitled(fragment, last)
            shape = None if entitled else self._shapes.best(fragment.grid, last.title)
            if shape and shape.kind is last.shape.kind and same_fields(shape.leaves, last.leaves):
                extend(last, fragment, shape, self._captions)
                return True
            if self._add_told_by_header(fragment):
                return True
            if not entitled and same_columns(last, fragment.grid, fragment.inferred):
                extend(last, fragment, None, self._captions)
                return True
        near = last is not None and not isinstance(last, Unknown) and fragment.grid.page <= last.last_page + 1
        if near and isinstance(last, OpenForm) and self._add_to_form(fragment, last.form, None):
            return True
        if self._add_told_by_header(fragment):
            return True
        form = self._forms.told_by_labels(fragment.grid)
        return form is not None and self._add_to_form(fragment, form, None)

    def _is_entitled(self, fragment: Fragment, last: OpenTable) -> bool:
        """Whether a fragment stands under a title of its own, known or not: one that says that the table goes on is
        none, nor is a line that stands over the table before, too, as a running head does.
        """
        heading = self._captions.heading([line.text for line in fragment.above], [])
        if heading is None or self._captions.is_continued(heading):
            return False
        return compared(heading) not in map(compared, last.captions)

    def _add_told_by_header(self, fragment: Fragment) -> bool:
        found = self._shapes.told_by_header(fragment.grid)
        if found is None:
            return False
        title, shape = found
        texts = [line.text for line in fragment.above]
        if title.concept.rows != "listed" and self._captions.heading(texts, []):
            return False  # it has a title, and that says something else or nothing that is known
        self._add_with_header(fragment, self._captions.read(title, texts, []), shape, tuple(texts))
        return True

    def _add_with_header(self, fragment: Fragment, caption: Caption, shape: Shape, texts: tuple[str, ...]) -> None:
        last = self.tables[-1] if self.tables else None
        page = fragment.grid.page
        assert caption.title
        fresh = OpenTable(
            caption.title,
            shape,
            shape.leaves,
            page,
            page,
            fragment.engine,
            caption.number,
            caption.unit or shape.unit,
            caption.owner,
            caption.department,
            texts,
        )
        if isinstance(last, OpenTable) and goes_on(last, fresh, fragment.grid):
            extend(last, fragment, shape, self._captions)
        else:
            take_rows(fresh, fragment, shape, self._captions)
            self.tables.append(fresh)

    def _add_to_form(self, fragment: Fragment, form: Form, title: Title | None) -> bool:
        """Whether the fragment is one of this form: it begins one, or goes on with the one before."""
        last = self.tables[-1] if self.tables else None
        grid = fragment.grid
        if self._forms.begins(form, grid):
            heading = fragment.above[-1] if fragment.above else None
            text = title.text if title else heading.text if heading else None
            opened = OpenForm(form, text, grid.page, grid.page, fragment.engine, grid.box)
            opened.captions = tuple(cell.text for cell in grid.cells if cell.row < HEAD_ROWS)
            opened.parts.append(GridPart(grid, 0))
            opened.special_fund = title is not None and "special_fund" in title.words
            self._forms.read(opened, grid)
            self._complete_form(opened, fragment)
            if isinstance(last, OpenForm) and self._forms.goes_on(last, opened):
                self._add_page_of_form(last, fragment)
            else:
                self.tables.append(opened)
            return True
        if not isinstance(last, OpenForm) or last.form is not form:
            return False
        beside = is_beside(last.parts[-1].grid, grid) and as_wide(last.box, grid.box)
        if not beside and not same_width(last.box, grid.box):
            return False
        if grid.page > last.last_page + 1:
            return False
        self._add_page_of_form(last, fragment)
        return True

    def _add_page_of_form(self, form: OpenForm, fragment: Fragment) -> None:
        form.last_page = fragment.grid.page
        form.parts.append(GridPart(fragment.grid, 0))
        form.engine = with_engine(form.engine, fragment.engine)
        self._forms.read(form, fragment.grid)

    def _complete_form(self, opened: OpenForm, fragment: Fragment) -> None:
        """What no label tells: the unit and the owner of the lines above, the project that the title alone names."""
        texts = [line.text for line in fragment.above]
        caption = self._captions.read(None, texts, [])
        opened.unit = opened.unit or caption.unit
        opened.number = caption.number
        line = fragment.above[-1] if fragment.above else None
        if opened.form.owner and caption.owner and opened.form.owner not in opened.values and line and line.box:
            opened.values[opened.form.owner] = Printed(caption.owner, fragment.grid.page, line.box)
        if not opened.form.titled or opened.form.titled in opened.values or not line or not line.box:
            return
        if name := self._forms.titled(opened.form, _last_paragraph(fragment.above)):
            opened.values[opened.form.titled] = Printed(name, fragment.grid.page, line.box)


def _texts(fragment: Fragment) -> list[str]:
    """The lines above a grid."""
    return [line.text for line in fragment.above]


def _last_paragraph(lines: Sequence[Line]) -> str:
    """The last lines above a grid that follow each other closely, as one text."""
    text, below = "", None
    for line in reversed(lines):
        if line.box is None or (below and below.top - line.box.bottom > LINE_GAP * (below.bottom - below.top)):
            break
        text, below = line.text + text, line.box
    return text
