"""Pages whose text does not run from left to right although nothing in the file says that they are turned: printed
sideways, or a little askew. They are read as a person holds them.
"""

from collections.abc import Sequence

import numpy as np

from extract.model.page import Turn
from extract.reading.native.kinds import STRAIGHT

QUARTER = np.pi / 2
LEAN = 0.06  # radians: text that leans more is not what a page is turned by
MOST = 0.6  # of the characters run in the direction that a page is turned by
FEW = 20  # characters that tell nothing of a page


def lean(turned: Sequence[tuple[float, float, int]], characters: int) -> float:
    """The angle, in radians, from left-to-right to the direction in which most of the characters of a page run, y
    downwards; 0 where they run straight. `turned` has direction and number of those that do not.
    """
    if characters < FEW or not turned:
        return 0.0
    straight = (1.0, 0.0, characters - sum(count for _, _, count in turned))
    a, b, weight = np.array([straight, *turned]).T
    angle = np.arctan2(b, a)
    quarter = np.round(angle / QUARTER).astype(np.intp) % 4
    counts = np.bincount(quarter, weight, minlength=4)
    most = int(counts.argmax())
    rest = angle - np.round(angle / QUARTER) * QUARTER
    chosen = (quarter == most) & (np.abs(rest) < LEAN)
    if weight[chosen].sum() < MOST * weight.sum():
        return 0.0
    order = np.argsort(rest[chosen])
    half = np.searchsorted(np.cumsum(weight[chosen][order]), weight[chosen].sum() / 2)
    usual = float(rest[chosen][order][half])
    alike = np.abs(rest - usual) < STRAIGHT * 4
    tilted = abs(usual) > STRAIGHT and weight[chosen & alike].sum() >= MOST * weight.sum()
    return most * QUARTER + (usual if tilted else 0.0)


def turning(angle: float, width: float, height: float) -> tuple[Turn, float, float]:
    """The matrix that turns a page of this size back by that angle around its middle, and the size of what comes of
    it.
    """
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    sideways = abs(sin) > abs(cos)
    turned_width, turned_height = (height, width) if sideways else (width, height)
    e = turned_width / 2 - (cos * width + sin * height) / 2
    f = turned_height / 2 - (cos * height - sin * width) / 2
    return Turn(cos, -sin, sin, cos, e, f), turned_width, turned_height
