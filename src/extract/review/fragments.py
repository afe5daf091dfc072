"""The parts of a page that are there by the thousand, written without a template: cells of tables, and frames on
pictures.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from extract.model.page import Box

if TYPE_CHECKING:
    from extract.review.sheets import BodyCell

PADDING = 1.0  # points between a text and the frame around it


def body_rows(lines: "Iterable[Iterable[BodyCell]]") -> Markup:
    """Rows of a table."""
    return Markup("\n".join(f"<tr>{''.join(map(_cell, line))}</tr>" for line in lines))


def sentence_row(cell: "BodyCell", sentence: str) -> Markup:
    """A row of one cell and the sentence that it stands in."""
    return Markup(f'<tr>{_cell(cell)}<td class="sentence">{escape(sentence)}</td></tr>')


def frames(boxes: Iterable[tuple[str, Box]]) -> Markup:
    """A frame around each box, by its key."""
    return Markup("\n".join(_frame(key, box) for key, box in boxes))


def _cell(cell: "BodyCell") -> str:
    kind = f"{'number ' if cell.numeric else ''}{cell.mark}".rstrip()
    return (
        f"<td{f' rowspan={cell.rows}' if cell.rows > 1 else ''}{f' data-mark={cell.key}' if cell.key else ''}"
        f"""{f' class="{kind}"' if kind else ""}>{_text(cell)}</td>"""
    )


def _text(cell: "BodyCell") -> str:
    """What is printed; a person's number beside it, never instead."""
    text = escape(cell.text) if cell.text else ""
    return f"<s>{text}</s> <ins>{escape(cell.corrected)}</ins>" if cell.corrected else text


def _frame(key: str, box: Box) -> str:
    x, y, width, height = (
        box.x0 - PADDING,
        box.top - PADDING,
        box.x1 - box.x0 + 2 * PADDING,
        box.bottom - box.top + 2 * PADDING,
    )
    return f'<rect data-mark={key} x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}"/>'
