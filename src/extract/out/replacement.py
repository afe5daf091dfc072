"""What a marker says, in a folder on a disk and in a store alike: a replacement that is decided on and not yet ended.

The protocol is the same for both. New files are put beside the old ones; then a marker that names them is written, and
from then on the replacement is decided on: whoever finds the marker completes it.
"""

import json
from typing import NamedTuple

from extract.errors import ExtractError, OutputError
from extract.out.inside import check_inside


class Replacement(NamedTuple):
    """Where the new files are, their names, and the names of the files of earlier runs that are to go."""

    staged: str
    coming: list[str]
    going: list[str]

    def written(self) -> bytes:
        """The content of the marker."""
        return json.dumps(self).encode()

    @classmethod
    def read(cls, told: bytes, path: object, refused: type[ExtractError] = OutputError) -> "Replacement":
        """The replacement that a marker of the folder `path` tells.

        Raises an error of the kind `refused` for what no run has written, and for names that lead out of the folder.
        """
        try:
            staged, coming, going = json.loads(told)
            names = [staged, *coming, *going]
        except (ValueError, TypeError, RecursionError) as error:
            raise refused("output_foreign", path=path, reason=str(error)) from error
        if not all(isinstance(name, str) for name in names):
            raise refused("output_foreign", path=path, reason="its marker lists no names")
        check_inside(names, path, refused)
        return cls(staged, coming, going)
