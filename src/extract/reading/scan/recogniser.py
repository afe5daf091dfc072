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


# One line at a time, not made wider: blank paper costs as much as text. One thread: more of them wait for each other.
_OPTIONS = {
    "Global.log_level": "error",
    "Global.use_det": False,
    "Global.use_cls": False,  # a page that is told to lie upright is not turned
    "Global.return_word_box": True,
    "Rec.rec_batch_num": 1,
    "Rec.rec_img_shape": [3, 48, 48],
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.enable_cpu_mem_arena": True,
}


@lru_cache(maxsize=1)
def _model() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params=_OPTIONS)


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
