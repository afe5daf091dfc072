"""The base of everything that a schema file may hold: nothing unknown, nothing of another type, nothing
changed later.
"""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True)
