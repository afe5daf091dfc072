"""The base of everything that a schema file may hold: nothing unknown, nothing of another type, nothing
changed later.
"""

from functools import cached_property

from pydantic import BaseModel, ConfigDict

from extract.messages import Sentence


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True, defer_build=True)


class Named(Strict):
    """Something that people read of, in both languages; `named` is its name as a part of a sentence."""

    zh: str
    en: str

    @cached_property
    def named(self) -> Sentence:
        return Sentence(self.zh, self.en.removesuffix("."))
