"""How many plural forms a language has, and which number takes which, by Unicode's CLDR.

Babel's own table for catalogs differs from CLDR (two forms for Indonesian, Malay and Burmese, which
have one; none for Filipino), so headers are made from the CLDR rules it carries elsewhere.
"""

import functools
import re
from collections.abc import Callable
from gettext import c2py

from babel import Locale
from babel.plural import PluralRule, to_gettext

_NUMBERS = range(1000)
"""Rules of CLDR that only speak of fractions or millions (Spanish "de") are no form of ours."""

_FIELD = re.compile(r"^nplurals\s*=\s*(\d+)\s*;\s*plural\s*=\s*(.+?);?$", re.DOTALL)


@functools.cache
def plural_forms(tag: str) -> str:
    """The ``Plural-Forms`` field of a language's catalogs, ``nplurals=1; plural=(0);`` for ``vi``.

    Raises ``babel.UnknownLocaleError`` for a tag that Unicode's data does not know.
    """
    rule = Locale.parse(tag, sep="-").plural_form
    used = {rule(number) for number in _NUMBERS}
    return to_gettext(PluralRule({tag: text for tag, text in rule.rules.items() if tag in used}))


def read_plural_forms(field: str) -> tuple[int, Callable[[int], int]]:
    """How many forms a ``Plural-Forms`` field announces, and the form of a number.

    Raises ``ValueError`` if it is not such a field.
    """
    found = _FIELD.match(field.strip())
    if found is None:
        raise ValueError(f"not a Plural-Forms field: {field!r}")
    return int(found[1]), c2py(found[2])


def numbers_by_form(field: str) -> tuple[frozenset[int], ...]:
    """Which of the numbers 0 to 999 take each form, in the order of the forms."""
    count, form = read_plural_forms(field)
    chosen = [form(number) for number in _NUMBERS]
    if not set(chosen) <= set(range(count)):
        raise ValueError(f"its rule names a form that it does not have: {field!r}")
    return tuple(
        frozenset(number for number in _NUMBERS if chosen[number] == index)
        for index in range(count)
    )


def same_plurals(field: str, tag: str) -> bool:
    """Whether a ``Plural-Forms`` field tells numbers apart just as CLDR does for the language."""
    return numbers_by_form(field) == numbers_by_form(plural_forms(tag))
