"""Small helpers around what a form sent."""

from enum import StrEnum
from typing import TypeVar

from flask import request
from werkzeug.routing import IntegerConverter, ValidationError

E = TypeVar("E", bound=StrEnum)

LARGEST = 2**63 - 1
"""The largest number a column holds."""


def typed() -> dict[str, str]:
    """The fields of the form, as text; of a field sent twice the first."""
    return {name: request.form[name] for name in request.form}


def chosen(enum: type[E], text: str | None) -> E | None:
    """The entry of a closed list that a form or an address names, ``None`` if none."""
    return enum(text) if text in list(enum) else None


def number(text: str | None) -> int | None:
    """A row id or count out of a form or an address, ``None`` where it is no number."""
    if not (text and text.isascii() and text.isdigit() and len(text) <= 19):
        return None
    return int(text) if int(text) <= LARGEST else None


class RowConverter(IntegerConverter):
    """The row id in an address; one that no table can hold is no address of ours."""

    def to_python(self, value: str) -> int:
        """The number, or no match."""
        found = number(value)
        if found is None:
            raise ValidationError
        return found
