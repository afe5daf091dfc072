"""What stands in schema files as text and is more: patterns and decimals."""

import re
from decimal import Decimal, InvalidOperation
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from extract.text import pattern


def compiled(written: object) -> object:
    if not isinstance(written, str):
        return written
    try:
        return pattern(written)
    except re.error as error:
        raise ValueError(f"{written!r} is not a regular expression: {error}") from error


def _captures(value: re.Pattern[str]) -> re.Pattern[str]:
    if not value.groupindex:
        raise ValueError("names no field: it needs a group such as (?P<unit>…)")
    return value


Pattern = Annotated[re.Pattern[str], BeforeValidator(compiled)]
Capturing = Annotated[Pattern, AfterValidator(_captures)]


def capturing(*groups: str) -> AfterValidator:
    def check(value: re.Pattern[str]) -> re.Pattern[str]:
        missing = [group for group in groups if group not in value.groupindex]
        if missing:
            raise ValueError(f"needs the group (?P<{missing[0]}>…)")
        return value

    return AfterValidator(check)


def decimal_of(written: object) -> Decimal:
    try:
        return Decimal(str(written))
    except InvalidOperation as error:
        raise ValueError(f"{written!r} is not a number") from error
