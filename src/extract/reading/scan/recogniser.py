"""Pictures of single lines → their characters, by rapidocr's model of printed Chinese. The model is in its wheel:
nothing is downloaded.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Recognised(NamedTuple):
    """A line: its characters without white space, where the middle of each is as a share of the picture's width, and
    how sure the model is of the line, from 0 to 1.
    """

    characters: str
    middles: tuple[float, ...]
    confidence: float


@lru_cache(maxsize=1)
def _model() -> Any:
    from rapidocr import RapidOCR

    alone = {"Global.use_det": False, "Global.use_cls": False}  # a page that is told to lie upright is not turned
    return RapidOCR(params={"Global.log_level": "error", "Global.return_word_box": True, **alone})


def recognised(lines: "Sequence[NDArray[Any]]") -> list[Recognised]:
    """What stands in each picture of a line."""
    if not lines:
        return []
    found = _model().recognize_txt(list(lines))
    return [_line(words, score) for words, score in zip(found.word_results, found.scores, strict=True)]


def _line(words: Any, score: float) -> Recognised:
    characters = [sign for word in words.words for sign in word]
    columns = [column for group in words.word_cols for column in group]
    steps = words.line_txt_len or 1
    return Recognised("".join(characters), tuple(min(1.0, (column + 0.5) / steps) for column in columns), float(score))
