"""Small helpers around what a form sent."""

from enum import StrEnum
from typing import TypeVar

from flask import request

E = TypeVar("E", bound=StrEnum)


def typed() -> dict[str, str]:
    """The fields of the form, as text; of a field sent twice the first."""
    return {name: request.form[name] for name in request.form}


def chosen(enum: type[E], text: str | None) -> E | None:
    """The entry of a closed list that a form or an address names, ``None`` if none."""
    return enum(text) if text in list(enum) else None


def number(text: str | None) -> int | None:
    """A row id or count out of a form or an address, ``None`` where it is no number."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 19 else None


def safe_next(target: str | None, default: str) -> str:
    """An address to go on to, if it is one of our own pages."""
    if target and target.startswith("/") and not target.startswith(("//", "/\\")):
        return target
    return default
