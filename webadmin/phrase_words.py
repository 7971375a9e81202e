"""Phrases with their holes filled, as each language writes days, hours and money."""

from collections.abc import Mapping
from datetime import date, time

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal

from casework.messaging import holes
from casework.messaging.holes import Money, Value
from casework.vocabulary import Hole
from translations import babel_locale, is_rtl

_AS_TYPED = frozenset({Hole.PLACE, Hole.PHONE})
_FIRST_STRONG, _LEFT_TO_RIGHT, _END = "\u2068", "\u2066", "\u2069"


def filled(words: str, values: Mapping[str, Value], language: str) -> str:
    """A phrase as it is sent, in its language."""
    return holes.fill(words, {name: _written(name, v, language) for name, v in values.items()})


def _written(name: str, value: Value, language: str) -> str:
    locale = babel_locale(language)
    text = _plain(value, locale)
    if is_rtl(language) and holes.kind(name) in _AS_TYPED:
        # A number to dial, or a Latin name, would otherwise fall apart among Arabic letters.
        begin = _LEFT_TO_RIGHT if holes.kind(name) is Hole.PHONE else _FIRST_STRONG
        return f"{begin}{text}{_END}"
    return text


def _plain(value: Value, locale: Locale) -> str:
    match value:
        case date():
            return format_date(value, "long", locale=locale)
        case time():
            return format_time(value, "HH:mm", locale=locale)
        case Money():
            # With the code: "$" and "Rs" are the money of many countries.
            return format_currency(
                value.amount, value.currency, format="#,##0.00 ¤¤", locale=locale
            )
        case int():
            return str(format_decimal(value, locale=locale))
        case _:
            return value
