"""The holes of a phrase: which there may be, and whether what is typed into one fits. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_precision, list_currencies

from casework.errors import Remark
from casework.vocabulary import Hole

_HOLE = re.compile(r"\{([a-z]+)(?:_([2-9]))?\}")
_AMOUNT = re.compile(r"(\d{1,12}(?:\.\d{1,4})?) ?([A-Z]{3})")

NUMBER_AT_MOST = 1_000_000
PLACE_AT_MOST = 80
PHONE_AT_MOST = 32


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency (ISO 4217), with no more decimals than it has."""

    amount: Decimal
    currency: str


Value = date | time | Money | int | str
"""What stands in a hole, before it is written in a language."""

SAY: dict[Hole, Remark] = {
    Hole.DAY: Remark("Choose a day."),
    Hole.TIME: Remark("Write a time of day, for example 18:30."),
    Hole.AMOUNT: Remark("Write an amount and its currency, for example 1250.50 THB."),
    Hole.NUMBER: Remark("Write a whole number."),
    Hole.PLACE: Remark("Write a name, at most 80 characters, on one line."),
    Hole.PHONE: Remark("Write the number as one dials it in that country, at most 32 characters."),
}


def names(words: str) -> tuple[str, ...]:
    """The holes of a text, each once, in their order: ``day``, ``day_2``, ``amount``."""
    return tuple(dict.fromkeys(match[0][1:-1] for match in _HOLE.finditer(words)))


def kind(name: str) -> Hole:
    """What is to be filled into a hole; ``ValueError`` for a name that is none of the list."""
    return Hole(name.partition("_")[0])


def are_good(words: str) -> bool:
    """Whether every brace of a text belongs to a hole of the list."""
    rest = _HOLE.sub("", words)
    known = list(Hole)
    good = all(match[1] in known for match in _HOLE.finditer(words))
    return good and "{" not in rest and "}" not in rest


def read(hole: Hole, typed: str) -> Value | None:
    """What was typed for a hole, as a value; ``None`` where it does not fit (``SAY`` says why)."""
    text = typed.strip()
    try:
        match hole:
            case Hole.DAY:
                return date.fromisoformat(text)
            case Hole.TIME:
                return time.fromisoformat(text) if re.fullmatch(r"\d\d:\d\d", text) else None
            case Hole.AMOUNT:
                return _money(text)
            case Hole.NUMBER:
                return int(text) if text.isascii() and 0 < int(text) <= NUMBER_AT_MOST else None
            case Hole.PLACE:
                return text if _one_line(text, PLACE_AT_MOST) else None
            case Hole.PHONE:
                digits = any(c.isdecimal() for c in text)
                return text if digits and _one_line(text, PHONE_AT_MOST) else None
    except (ValueError, InvalidOperation):
        return None


def fill(words: str, written: Mapping[str, str]) -> str:
    """A text with its holes filled. ``written``: by name, as the text's language writes it."""
    return _HOLE.sub(lambda match: written[match[0][1:-1]], words)


def _money(text: str) -> Money | None:
    found = _AMOUNT.fullmatch(text.replace(",", ""))
    if found is None or found[2] not in list_currencies():
        return None
    amount = Decimal(found[1])
    exponent = amount.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else 0
    fits = amount > 0 and decimals <= get_currency_precision(found[2])
    return Money(amount, found[2]) if fits else None


def _one_line(text: str, longest: int) -> bool:
    return 0 < len(text) <= longest and text.isprintable() and not set("{}") & set(text)
