"""Pale lettering that is a watermark: what other text stands on, or what is covered for the most part."""

from typing import TYPE_CHECKING

import numpy as np

from extract.reading.native.kinds import COVERED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from extract.model.page import Boxes


def is_under(codes: "NDArray[np.uint32]", reasons: "NDArray[np.uint8]") -> bool:
    """Whether most of a lettering with ideographs is covered: the rest is what is seen between the covers."""
    covered = int((reasons == COVERED).sum())
    return 2 * covered >= len(codes) > covered > 0 and bool(((codes >= ord("一")) & (codes <= ord("鿿"))).any())


def is_behind(boxes: "Boxes", rulings: "Boxes", start: int, end: int) -> bool:
    """Whether other characters stand on the lettering from `start` to `end`, or rulings go through the middle of it: it
    is no heading.
    """
    own = boxes[start:end]
    first, last = own[:, :2].min(axis=0), own[:, 2:].max(axis=0)
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    on_it = ((middle > first) & (middle < last)).all(axis=1)
    on_it[start:end] = False
    inside = (last - first) / 4
    near = (rulings[:, :2] < last - inside) & (rulings[:, 2:] > first + inside)
    return bool(on_it.any() or near.all(axis=1).any())
