"""Looking into the objects of a PDF, which are pikepdf's."""

from typing import Any

Numbers = tuple[float, ...]


def entry(holder: Any, key: str, default: object = None) -> Any:
    """An entry of a dictionary. A missing one costs pikepdf an exception inside, ten times what its keys cost."""
    return holder[key] if key in holder.keys() else default  # noqa: SIM118 (`in` alone costs as much)


def numbers(array: Any, count: int) -> Numbers | None:
    """That many numbers of an array, None if it has not so many."""
    if array is None or len(array) < count:
        return None
    return tuple(float(array[place]) for place in range(count))
